"""The outbox: what changed and was not taken by the search side yet, written in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from records.database import Database, chunks, upsert
from records.tables import dead_letters, outbox
from records.values import DeadLetter, OutboxRow


def note_changes(connection: Connection, kind: str, keys: Iterable[str], action: str, at: datetime) -> None:
    """Note in the running transaction that the documents ``keys`` of ``kind`` are to be put or deleted.

    A document waits once, with its newest number: a search side that is away for a week costs a row per document, not per change.
    """
    for some in chunks(dict.fromkeys(keys)):
        connection.execute(delete(outbox).where(outbox.c.kind == kind, outbox.c.key.in_(some)))
        connection.execute(insert(outbox), [{"kind": kind, "key": key, "action": action, "at": at} for key in some])


class OutboxRecords(Database):
    """What the search side asks for and acknowledges."""

    def outbox(self, limit: int = 1000, *, after: int = 0) -> list[OutboxRow]:
        """The oldest changes that wait, at most ``limit``; those with numbers larger than ``after``."""
        with self._reading() as connection:
            rows = connection.execute(select(outbox).where(outbox.c.seq > after).order_by(outbox.c.seq).limit(limit)).all()
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

    def ack_outbox(self, seqs: Sequence[int], refused: Sequence[DeadLetter] = ()) -> None:
        """The search side has taken these, but for the ``refused``, which are kept with their reasons.

        What changed since then waits under a newer number and stays.
        """
        at = self._clock()
        with self._writing() as connection:
            for some in chunks(seqs):
                taken = connection.execute(select(outbox.c.kind, outbox.c.key).where(outbox.c.seq.in_(some))).all()
                for kind in {row.kind for row in taken}:
                    _forget_letters(connection, kind, [row.key for row in taken if row.kind == kind])
                connection.execute(delete(outbox).where(outbox.c.seq.in_(some)))
            rows = [{"kind": r.kind, "key": r.key, "version": r.version, "reason": r.reason, "at": r.at or at} for r in refused]
            upsert(connection, dead_letters, rows, keys=["kind", "key"])

    def dead_letters(self, limit: int = 1000) -> list[DeadLetter]:
        """Documents that the search side refused, newest first."""
        wanted = select(dead_letters).order_by(dead_letters.c.at.desc(), dead_letters.c.kind, dead_letters.c.key).limit(limit)
        with self._reading() as connection:
            return [DeadLetter(**row._mapping) for row in connection.execute(wanted)]

    def retry_dead_letters(self) -> int:
        """Let all refused documents wait for the search side again; how many."""
        with self._writing() as connection:
            rows = connection.execute(select(dead_letters.c.kind, dead_letters.c.key)).all()
            for kind in sorted({row.kind for row in rows}):
                note_changes(connection, kind, [row.key for row in rows if row.kind == kind], "put", self._clock())
            connection.execute(delete(dead_letters))
        return len(rows)


def _forget_letters(connection: Connection, kind: str, keys: list[str]) -> None:
    connection.execute(delete(dead_letters).where(dead_letters.c.kind == kind, dead_letters.c.key.in_(keys)))
