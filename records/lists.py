"""Lists of the office with their history: the files are the truth, the records remember from when to when a row held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import insert, or_, select, update

from qingbao.keys import content_hash
from records.codec import from_json, to_json
from records.database import Database, chunks, pairs
from records.tables import list_rows
from records.values import ListRow


class ListRecords(Database):
    """Target lists, residents, firms in talks, watch lists, profiles."""

    def replace_list(self, kind: str, name: str, rows: Sequence[ListRow], valid_from: date) -> int:
        """Let ``rows`` be what the file ``lists/KIND/NAME.csv`` holds from ``valid_from`` on; how many rows came or went.

        Rows that stay as they are keep the day from which they hold. No rows: the file is gone.
        """
        new: dict[str, tuple[int, str]] = {}
        for place, row in enumerate(rows):
            value = to_json(replace(row, list_name=name, line=0))
            new.setdefault(content_hash(value.encode()), (place, value))
        t = list_rows
        with self._writing() as connection:
            holding = select(t.c.digest, t.c.seq).where(t.c.kind == kind, t.c.name == name, t.c.valid_to.is_(None))
            old = pairs(connection, holding)
            gone = [seq for digest, seq in old.items() if digest not in new]
            for some in chunks(gone):
                connection.execute(update(t).where(t.c.seq.in_(some)).values(valid_to=valid_from))
            came = [
                {"kind": kind, "name": name, "place": place, "digest": digest, "valid_from": valid_from, "value": value}
                for digest, (place, value) in new.items()
                if digest not in old
            ]
            if came:
                connection.execute(insert(t), came)
        return len(gone) + len(came)

    def list_names(self, kind: str) -> list[str]:
        """The names of the lists of a kind that hold now."""
        t = list_rows
        with self._reading() as connection:
            wanted = select(t.c.name).where(t.c.kind == kind, t.c.valid_to.is_(None)).distinct().order_by(t.c.name)
            return list(connection.execute(wanted).scalars())

    def list_rows(self, kind: str, on: date | None = None) -> list[ListRow]:
        """The rows of all lists of a kind that hold now, or held on a day; by list, in the file's order."""
        t = list_rows
        wanted = select(t.c.value).where(t.c.kind == kind).order_by(t.c.name, t.c.place, t.c.seq)
        if on is None:
            wanted = wanted.where(t.c.valid_to.is_(None))
        else:
            wanted = wanted.where(t.c.valid_from <= on, or_(t.c.valid_to.is_(None), t.c.valid_to > on))
        with self._reading() as connection:
            return [from_json(ListRow, value) for value in connection.execute(wanted).scalars()]
