"""The ledger: runs, deliveries, what units were told, verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Row, insert, select, update

from qingbao.keys import random_id
from qingbao.model import Delivery, Run, Verdict
from records.codec import from_json, to_json
from records.database import Database, insert_new, upsert
from records.settled import final_ids
from records.tables import deliveries, runs, unit_cursors, verdicts
from records.values import UnitCursor


class LedgerRecords(Database):
    """What jobs did, what was sent, what people said."""

    def start_run(self, job: str) -> Run:
        """Open a run of ``job``; it is "running" until ``finish_run``."""
        run = Run(id=random_id("r"), job=job, started_at=self._clock())
        with self._writing() as connection:
            row = {"id": run.id, "job": job, "started_at": run.started_at, "status": run.status, "counts": "{}", "messages": "[]"}
            connection.execute(insert(runs), [row])
        return run

    def finish_run(self, run_id: str, status: str, counts: Mapping[str, int] | None = None, messages: Sequence[str] = ()) -> Run:
        """Close a run as done, partial, failed or interrupted. Raises KeyError for a run that is not there."""
        values = {
            "status": status, "finished_at": self._clock(), "counts": to_json(dict(counts or {})), "messages": to_json(list(messages)),
        }
        with self._writing() as connection:
            if connection.execute(update(runs).where(runs.c.id == run_id).values(values)).rowcount == 0:
                raise KeyError(run_id)
            return _run(connection.execute(select(runs).where(runs.c.id == run_id)).one())

    def run(self, run_id: str) -> Run | None:
        """One run."""
        with self._reading() as connection:
            row = connection.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
        return None if row is None else _run(row)

    def runs(self, job: str | None = None, limit: int = 50) -> list[Run]:
        """Runs (of one job, or all), newest first."""
        wanted = select(runs).order_by(runs.c.seq.desc()).limit(limit)
        if job is not None:
            wanted = wanted.where(runs.c.job == job)
        with self._reading() as connection:
            return [_run(row) for row in connection.execute(wanted)]

    def last_run(self, job: str, status: str | Sequence[str] | None = None) -> Run | None:
        """The newest run of ``job``, where given with this status or one of these."""
        wanted = select(runs).where(runs.c.job == job).order_by(runs.c.seq.desc()).limit(1)
        if status is not None:
            wanted = wanted.where(runs.c.status.in_([status] if isinstance(status, str) else list(status)))
        with self._reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else _run(row)

    def close_interrupted(self) -> list[Run]:
        """Mark every run that is still "running" as interrupted. Only the holder of the lock, before its own run, may call it."""
        with self._writing() as connection:
            left = connection.execute(select(runs.c.id).where(runs.c.status == "running").order_by(runs.c.seq)).scalars().all()
            if not left:
                return []
            connection.execute(update(runs).where(runs.c.id.in_(left)).values(status="interrupted", finished_at=self._clock()))
            return [_run(row) for row in connection.execute(select(runs).where(runs.c.id.in_(left)).order_by(runs.c.seq))]

    def begin_delivery(self, delivery: Delivery) -> bool:
        """Write a delivery before it is sent. False: this day, unit, recipient and channel have one already, nothing is changed."""
        row = {name: getattr(delivery, name) for name in ("id", "day", "unit", "recipient", "channel", "state", "content_hash", "message")}
        row["changed_at"] = delivery.changed_at or self._clock()
        with self._writing() as connection:
            return insert_new(connection, deliveries, [row], keys=["day", "unit", "recipient", "channel"]) == 1

    def set_delivery(self, delivery_id: str, state: str, message: str | None = None) -> None:
        """A delivery's new state. Raises KeyError for one that is not there."""
        values = {"state": state, "message": message, "changed_at": self._clock()}
        with self._writing() as connection:
            if connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(values)).rowcount == 0:
                raise KeyError(delivery_id)

    def deliveries(self, *, day: date | None = None, unit: str | None = None) -> list[Delivery]:
        """Deliveries, where given of one day or unit, oldest first."""
        wanted = select(deliveries).order_by(deliveries.c.day, deliveries.c.unit, deliveries.c.recipient, deliveries.c.channel)
        if day is not None:
            wanted = wanted.where(deliveries.c.day == day)
        if unit is not None:
            wanted = wanted.where(deliveries.c.unit == unit)
        with self._reading() as connection:
            return [Delivery(**row._mapping) for row in connection.execute(wanted)]

    def unit_cursor(self, unit: str) -> UnitCursor | None:
        """Up to where a unit was told; None: never."""
        with self._reading() as connection:
            row = connection.execute(select(unit_cursors).where(unit_cursors.c.unit == unit)).one_or_none()
        return None if row is None else UnitCursor(unit=row.unit, at=row.at, run_id=row.run_id, snapshot=orjson.loads(row.snapshot))

    def set_unit_cursor(
        self, unit: str, *, run_id: str | None = None, at: datetime | None = None, snapshot: Mapping[str, Any] | None = None
    ) -> None:
        """Move a unit's cursor: what the digest reported (plain JSON) counts as told from now on."""
        row = {"unit": unit, "at": at or self._clock(), "run_id": run_id, "snapshot": to_json(dict(snapshot or {}))}
        with self._writing() as connection:
            upsert(connection, unit_cursors, [row], keys=["unit"])

    def add_verdicts(self, new: Sequence[Verdict]) -> int:
        """Keep what people said; how many were new.

        A verdict that says the same as the latest one of its park, company and unit is none: the same table may be read back twice.
        """
        added = 0
        with self._writing() as connection:
            for verdict in sorted(new, key=lambda v: v.at):
                one_unit = verdicts.c.unit.is_(None) if verdict.unit is None else verdicts.c.unit == verdict.unit
                of_it = (verdicts.c.park == verdict.park, verdicts.c.company_id == verdict.company_id, one_unit)
                latest = select(verdicts.c.value).where(*of_it).order_by(verdicts.c.at.desc(), verdicts.c.seq.desc()).limit(1)
                value = connection.execute(latest).scalar_one_or_none()
                before = None if value is None else from_json(Verdict, value)
                if before and (before.judgement, before.note) == (verdict.judgement, verdict.note):
                    continue
                row = {
                    "id": verdict.id, "park": verdict.park, "company_id": verdict.company_id, "unit": verdict.unit, "at": verdict.at,
                    "value": to_json(verdict),
                }
                added += insert_new(connection, verdicts, [row], keys=["id"])
        return added

    def verdicts(self, park: str | None = None) -> list[Verdict]:
        """All verdicts (of one park, or all), oldest first, each with the id that its company has now."""
        wanted = select(verdicts.c.value).order_by(verdicts.c.at, verdicts.c.seq)
        if park is not None:
            wanted = wanted.where(verdicts.c.park == park)
        with self._reading() as connection:
            said = [from_json(Verdict, value) for value in connection.execute(wanted).scalars()]
            final = final_ids(connection)
        return [replace(verdict, company_id=final.get(verdict.company_id, verdict.company_id)) for verdict in said]


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id, job=row.job, started_at=row.started_at, finished_at=row.finished_at, status=row.status, counts=orjson.loads(row.counts),
        messages=tuple(orjson.loads(row.messages)),
    )
