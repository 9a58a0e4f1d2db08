"""Prospects: the standing list of each park, its diary (rows with valid-from and valid-to) and the narrow table of ranks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, insert, or_, select, update

from qingbao.keys import content_hash
from qingbao.model import Prospect, Reason, Tier
from records.codec import from_json, to_json
from records.database import Database, chunks, upsert
from records.outbox import note_changes
from records.settled import final_ids
from records.tables import park_states, prospect_rows, prospects_now, rank_rows, runs
from records.values import RANKS_KEPT, ProspectRow, RankRow

# A row of the diary is due at that many points of difference to the stored one, whatever the reasons (DESIGN.md 5).
POINTS_WORTH_A_ROW = 5.0

_AGE = re.compile(r"\d\s*天")


_ROWS_AT_ONCE = 500


def worth_a_row(before: Prospect, now: Prospect) -> bool:
    """Whether a prospect changed so much that the diary keeps it: tier, sheet, site, industry, ≥ 5 points, or any reason but age.

    A reason that counts days (…天前) is one of age: it changes every night by itself.
    """
    if (before.tier, before.sheet, before.site, before.industry) != (now.tier, now.sheet, now.site, now.industry):
        return True
    return abs(now.priority - before.priority) >= POINTS_WORTH_A_ROW or _lasting(before.reasons) != _lasting(now.reasons)


def _lasting(reasons: Sequence[Reason]) -> set[tuple[str, str, str | None]]:
    # Without the points: those of priority and fit move a little when age does, and what they mean beyond that the 5 points say.
    return {(reason.number, re.sub(r"[\d.]+", "", reason.text), reason.url) for reason in reasons if not _AGE.search(reason.text)}


class ProspectRecords(Database):
    """The list now, and how it came to be."""

    def store_prospects(
        self,
        park: str,
        run_id: str,
        day: date,
        prospects: Sequence[Prospect],
        *,
        worth_a_row: Callable[[Prospect, Prospect], bool] = worth_a_row,
    ) -> int:
        """Let ``prospects`` (in their order) be the park's list from this run on; how many rows the diary got.

        A second call for the same run replaces the first. Only what differs from the list before is written, so a hundred thousand
        companies do not multiply by nights.
        """
        new = {prospect.company_id: replace(prospect, run_id=run_id) for prospect in prospects}
        at = self._clock()
        with self._writing() as connection:
            changed, gone = _store_now(connection, park, new)
            rows = _store_diary(connection, park, run_id, day, new, worth_a_row)
            connection.execute(delete(rank_rows).where(rank_rows.c.park == park, rank_rows.c.run_id == run_id))
            ranks = [
                {"park": park, "run_id": run_id, "company_id": p.company_id, "day": day, "rank": p.rank, "priority": p.priority, "tier": p.tier.value}
                for p in sorted(new.values(), key=lambda p: p.rank)
                if p.rank > 0
            ]
            if ranks:
                connection.execute(insert(rank_rows), ranks[:RANKS_KEPT])
            upsert(connection, park_states, [{"park": park, "run_id": run_id, "day": day}], keys=["park"])
            note_changes(connection, "prospect", [f"{park}/{company_id}" for company_id in changed], "put", at)
            note_changes(connection, "prospect", [f"{park}/{company_id}" for company_id in gone], "delete", at)
        return rows

    def prospects(self, park: str, *, at_run: str | None = None) -> list[Prospect]:
        """The park's list as it stands now, or as it stood after a run, best first.

        Of a run in the past numbers and reasons are those of the diary's row, rank and priority of the first 300 exactly those of the run.
        Raises KeyError for a run that is not in the ledger.
        """
        with self._reading() as connection:
            if at_run is not None:
                return _at_run(connection, park, at_run)
            run_id = connection.execute(select(park_states.c.run_id).where(park_states.c.park == park)).scalar_one_or_none()
            wanted = select(prospects_now).where(prospects_now.c.park == park).order_by(prospects_now.c.rank, prospects_now.c.company_id)
            now = [replace(from_json(Prospect, row.value), rank=row.rank, run_id=run_id) for row in connection.execute(wanted)]
        return sorted(now, key=lambda p: (p.rank == 0, p.rank))

    def prospect_history(self, park: str, company_id: str, since: date | None = None) -> list[ProspectRow]:
        """The diary of a company in a park, oldest first, its merged ids' rows included; ``since``: rows that held on that day or later."""
        t = prospect_rows
        with self._reading() as connection:
            final = final_ids(connection)
            own = final.get(company_id, company_id)
            ids = [own, *(old for old, new in final.items() if new == own)]
            wanted = select(t).where(t.c.park == park, t.c.company_id.in_(ids)).order_by(t.c.seq)
            if since is not None:
                wanted = wanted.where(or_(t.c.valid_to.is_(None), t.c.valid_to >= since))
            return [_diary_row(row) for row in connection.execute(wanted)]

    def diary(self, park: str) -> Iterator[ProspectRow]:
        """All rows of a park's diary, oldest first; loaded by and by."""
        t, last = prospect_rows, 0
        while True:
            with self._reading() as connection:
                rows = connection.execute(select(t).where(t.c.park == park, t.c.seq > last).order_by(t.c.seq).limit(_ROWS_AT_ONCE)).all()
            if not rows:
                return
            yield from map(_diary_row, rows)
            last = rows[-1].seq

    def rank_history(self, park: str, run_id: str | None = None, *, company_id: str | None = None) -> list[RankRow]:
        """The narrow table: the first 300 of a run, or the places of a company over all runs; by day and rank."""
        t = rank_rows
        wanted = select(t).outerjoin(runs, runs.c.id == t.c.run_id).where(t.c.park == park).order_by(t.c.day, runs.c.seq, t.c.rank)
        if run_id is not None:
            wanted = wanted.where(t.c.run_id == run_id)
        if company_id is not None:
            wanted = wanted.where(t.c.company_id == company_id)
        with self._reading() as connection:
            return [RankRow(**row._mapping) for row in connection.execute(wanted)]


def _store_now(connection: Connection, park: str, new: dict[str, Prospect]) -> tuple[list[str], list[str]]:
    """Write the standing list; the companies whose rows changed, and those that are gone."""
    t = prospects_now
    kept: dict[str, tuple[str, int]] = {
        row.company_id: (row.digest, row.rank)
        for row in connection.execute(select(t.c.company_id, t.c.digest, t.c.rank).where(t.c.park == park))
    }
    rows: list[dict[str, Any]] = []
    for company_id, prospect in new.items():
        value = to_json(replace(prospect, run_id=None, rank=0))
        digest = content_hash(value.encode())
        if kept.get(company_id) != (digest, prospect.rank):
            rows.append({"park": park, "company_id": company_id, "rank": prospect.rank, "digest": digest, "value": value})
    upsert(connection, t, rows, keys=["park", "company_id"])
    gone = sorted(kept.keys() - new.keys())
    for some in chunks(gone):
        connection.execute(delete(t).where(t.c.park == park, t.c.company_id.in_(some)))
    return [row["company_id"] for row in rows], gone


def _store_diary(
    connection: Connection, park: str, run_id: str, day: date, new: dict[str, Prospect], due: Callable[[Prospect, Prospect], bool]
) -> int:
    t = prospect_rows
    open_rows = connection.execute(select(t).where(t.c.park == park, t.c.valid_to.is_(None))).all()
    standing: dict[str, Any] = {row.company_id: row for row in open_rows}
    closed: list[int] = []
    added: list[dict[str, Any]] = []
    for company_id, row in standing.items():
        if company_id not in new:
            closed.append(row.seq)
    for company_id, prospect in new.items():
        row = standing.get(company_id)
        if row is not None and row.from_run == run_id:
            connection.execute(update(t).where(t.c.seq == row.seq).values(value=to_json(prospect)))
            continue
        if row is not None and not due(from_json(Prospect, row.value), prospect):
            continue
        if row is not None:
            closed.append(row.seq)
        added.append({"park": park, "company_id": company_id, "from_run": run_id, "valid_from": day, "value": to_json(prospect)})
    for some in chunks(closed):
        connection.execute(update(t).where(t.c.seq.in_(some)).values(valid_to=day, to_run=run_id))
    if added:
        connection.execute(insert(t), added)
    return len(added)


def _at_run(connection: Connection, park: str, run_id: str) -> list[Prospect]:
    place = connection.execute(select(runs.c.seq).where(runs.c.id == run_id)).scalar_one_or_none()
    if place is None:
        raise KeyError(run_id)
    t, began, ended = prospect_rows, runs.alias("began"), runs.alias("ended")
    wanted: Select[Any] = (
        select(t.c.value)
        .join(began, began.c.id == t.c.from_run)
        .outerjoin(ended, ended.c.id == t.c.to_run)
        .where(t.c.park == park, began.c.seq <= place, or_(t.c.to_run.is_(None), and_(ended.c.seq > place)))
    )
    held = [from_json(Prospect, value) for value in connection.execute(wanted).scalars()]
    ranked = connection.execute(select(rank_rows).where(rank_rows.c.park == park, rank_rows.c.run_id == run_id))
    ranks = {row.company_id: row for row in ranked}
    then = [_as_ranked(prospect, ranks.get(prospect.company_id), run_id) for prospect in held]
    return sorted(then, key=lambda p: (p.rank == 0, p.rank, -p.priority, p.company_id))


def _as_ranked(prospect: Prospect, row: Row[Any] | None, run_id: str) -> Prospect:
    if row is None:
        return replace(prospect, rank=0, run_id=run_id)
    return replace(prospect, rank=row.rank, priority=row.priority, tier=Tier(row.tier), run_id=run_id)


def _diary_row(row: Row[Any]) -> ProspectRow:
    return ProspectRow(prospect=from_json(Prospect, row.value), valid_from=row.valid_from, valid_to=row.valid_to, from_run=row.from_run)
