"""The outbox: what changed and was not taken by the search side yet, written in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from records.database import Database, chunks
from records.tables import outbox
from records.values import OutboxRow


def note_changes(connection: Connection, kind: str, keys: Iterable[str], action: str, at: datetime) -> None:
    """Note in the running transaction that the documents ``keys`` of ``kind`` are to be put or deleted.

    A document waits once, with its newest number: a search side that is away for a week costs a row per document, not per change.
    """
    for some in chunks(dict.fromkeys(keys)):
        connection.execute(delete(outbox).where(outbox.c.kind == kind, outbox.c.key.in_(some)))
        connection.execute(insert(outbox), [{"kind": kind, "key": key, "action": action, "at": at} for key in some])


class OutboxRecords(Database):
    """What the search side asks for and acknowledges."""

    def outbox(self, limit: int = 1000) -> list[OutboxRow]:
        """The oldest changes that wait, at most ``limit``."""
        with self._reading() as connection:
            rows = connection.execute(select(outbox).order_by(outbox.c.seq).limit(limit)).all()
        return [OutboxRow(seq=row.seq, kind=row.kind, key=row.key, action=row.action, version=row.seq) for row in rows]

    def outbox_mark(self) -> int:
        """A number larger than those of all changes so far, smaller than those of all to come: the version of a rebuild's documents."""
        with self._writing() as connection:
            note_changes(connection, "mark", ["mark"], "put", self._clock())
            mark: int = connection.execute(select(outbox.c.seq).where(outbox.c.kind == "mark")).scalar_one()
            connection.execute(delete(outbox).where(outbox.c.kind == "mark"))
        return mark

    def outbox_size(self) -> int:
        """How many documents the search side is behind."""
        with self._reading() as connection:
            return connection.execute(select(func.count()).select_from(outbox)).scalar_one()

    def ack_outbox(self, seqs: Sequence[int]) -> None:
        """The search side has taken these. What changed since then waits under a newer number and stays."""
        with self._writing() as connection:
            for some in chunks(seqs):
                connection.execute(delete(outbox).where(outbox.c.seq.in_(some)))
