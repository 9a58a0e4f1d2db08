"""Settling a window of articles: once per run, deterministic."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from qingbao.clock import SHANGHAI
from schedules.instance import Instance
from schedules.jobs.lists import all_rows

# Articles are settled together for this long (issue 7); prospects need news of the last 180 days, which investments keep.
WINDOW_DAYS = 90


def settle_window(instance: Instance) -> dict[str, int]:
    """Settle the window into the records; how many companies, stories and investments stand in it."""
    from pipelines.settle.settle import Known, settle

    records = instance.records
    since = datetime.combine(instance.today - timedelta(days=WINDOW_DAYS), time(), SHANGHAI).astimezone(UTC)
    known = Known(companies=list(records.companies()), stories=list(records.stories()), investments=list(records.investments()))
    settlement = settle(list(records.readings(since)), known, all_rows(instance), instance.source_names())
    records.store_settlement(settlement)
    return {"companies": len(settlement.companies), "stories": len(settlement.stories), "investments": len(settlement.investments),
            "bad_news": len(settlement.bad_news)}
