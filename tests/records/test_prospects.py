"""The standing list, the score diary, the narrow table of ranks."""

from datetime import date

import pytest
from sqlalchemy import func, select

from qingbao.model import Reason, Site, Tier
from records.tables import prospect_rows, prospects_now, rank_rows
from records.values import Redirect, Settlement
from tests.records.samples import prospect

DAY = date(2026, 5, 6)


def nightly(records, *prospects, day=DAY, park="yl"):
    """One run that stores a list; its id."""
    run = records.start_run("run")
    records.store_prospects(park, run.id, day, prospects)
    return run.id


def reason(text, points=1.0, number="intent"):
    return Reason(number=number, points=points, text=text)


def diary(records, number=1):
    return records.prospect_history("yl", f"c{number}")


def test_the_list_stands_best_first_with_the_run(records):
    run = nightly(records, prospect(2, rank=2), prospect(1), prospect(3, rank=0))
    assert [(p.company_id, p.rank, p.run_id) for p in records.prospects("yl")] == [("c1", 1, run), ("c2", 2, run), ("c3", 0, run)]
    assert records.prospects("other") == []
    later = nightly(records, prospect(1))
    assert [(p.company_id, p.run_id) for p in records.prospects("yl")] == [("c1", later)]


def test_parks_do_not_touch_each_other(records):
    nightly(records, prospect(1))
    nightly(records, prospect(1, park="qh"), park="qh")
    nightly(records, park="yl")
    assert records.prospects("yl") == []
    assert len(records.prospects("qh")) == 1


def test_the_diary_of_a_park_comes_whole_and_in_order(records, monkeypatch):
    monkeypatch.setattr("records.prospects._ROWS_AT_ONCE", 2)
    nightly(records, *(prospect(n, rank=n) for n in range(1, 6)))
    nightly(records, prospect(1, park="qh"), park="qh")
    run = nightly(records, prospect(1, rank=1), prospect(2, 90.0, rank=2), day=date(2026, 5, 7))
    kept = list(records.diary("yl"))
    assert [(row.prospect.company_id, row.valid_to is None, row.from_run == run) for row in kept] == [
        ("c1", True, False), ("c2", False, False), ("c3", False, False), ("c4", False, False), ("c5", False, False), ("c2", True, True),
    ]


BEFORE = prospect(1, reasons=(reason("扩产"), reason("消息距今12天", -2.0)))


@pytest.mark.parametrize(
    ("now", "rows"),
    [
        (BEFORE, 1),
        (prospect(1, 64.9, reasons=BEFORE.reasons), 1),
        (prospect(1, 65.0, reasons=BEFORE.reasons), 2),
        (prospect(1, 55.0, reasons=BEFORE.reasons), 2),
        (prospect(1, rank=7, reasons=BEFORE.reasons), 1),
        (prospect(1, reasons=(reason("扩产"), reason("消息距今13天", -2.1))), 1),
        (prospect(1, reasons=(reason("扩产"), reason("迁出"), reason("消息距今12天", -2.0))), 2),
        (prospect(1, reasons=(reason("开工"), reason("消息距今12天", -2.0))), 2),
        (prospect(1, tier=Tier.A, reasons=BEFORE.reasons), 2),
        (prospect(1, site=Site.LEAVING, reasons=BEFORE.reasons), 2),
        (prospect(1, industry="新材料", reasons=BEFORE.reasons), 2),
    ],
    ids=["same", "+4.9", "+5", "-5", "rank", "age", "new reason", "other reason", "tier", "site", "industry"],
)
def test_the_diary_gets_a_row_when_more_than_age_changed(records, now, rows):
    nightly(records, BEFORE)
    nightly(records, now, day=date(2026, 5, 7))
    kept = diary(records)
    assert len(kept) == rows
    assert kept[-1].valid_to is None
    if rows == 2:
        assert (kept[0].valid_to, kept[1].valid_from) == (date(2026, 5, 7), date(2026, 5, 7))


def test_points_are_counted_from_the_stored_row_not_from_yesterday(records):
    for priority in (60.0, 63.0, 66.0):
        nightly(records, prospect(1, priority))
    assert [row.prospect.priority for row in diary(records)] == [60.0, 66.0]


def test_a_thousand_companies_do_not_multiply_by_nights(records):
    night = [prospect(n, rank=n) for n in range(1, 1001)]
    for _ in range(4):
        nightly(records, *night)
    with records._reading() as connection:
        counts = [connection.execute(select(func.count()).select_from(t)).scalar_one() for t in (prospects_now, prospect_rows, rank_rows)]
    assert counts == [1000, 1000, 4 * 300]


def test_the_same_run_may_be_stored_twice(records):
    run = records.start_run("run")
    for priority in (60.0, 80.0):
        records.store_prospects("yl", run.id, DAY, [prospect(1, priority)])
    (row,) = diary(records)
    assert (row.prospect.priority, row.valid_to) == (80.0, None)
    assert [r.priority for r in records.rank_history("yl", run.id)] == [80.0]


def test_the_search_side_hears_of_changes_alone(records):
    nightly(records, prospect(1), prospect(2, rank=2))
    records.ack_outbox([row.seq for row in records.outbox()])
    nightly(records, prospect(1))
    assert [(row.kind, row.key, row.action) for row in records.outbox()] == [("prospect", "yl/c2", "delete")]
    assert records.document("prospect", "yl/c2") is None
    assert records.document("prospect", "yl/c1") == records.prospects("yl")[0]


def test_the_list_of_a_past_run(records):
    first = nightly(records, prospect(1, 60.0), prospect(2, 50.0, rank=2))
    second = nightly(records, prospect(2, 80.0), prospect(1, 61.0, rank=2))
    third = nightly(records, prospect(2, 20.0))
    assert [(p.company_id, p.rank, p.priority) for p in records.prospects("yl", at_run=first)] == [("c1", 1, 60.0), ("c2", 2, 50.0)]
    assert [(p.company_id, p.rank, p.priority) for p in records.prospects("yl", at_run=second)] == [("c2", 1, 80.0), ("c1", 2, 61.0)]
    assert [(p.company_id, p.priority) for p in records.prospects("yl", at_run=third)] == [("c2", 20.0)]
    with pytest.raises(KeyError):
        records.prospects("yl", at_run="r-none")


def test_ranks_over_the_runs(records):
    runs = [nightly(records, prospect(1, rank=rank)) for rank in (3, 1)]
    assert [(row.run_id, row.rank) for row in records.rank_history("yl", company_id="c1")] == [(runs[0], 3), (runs[1], 1)]


def test_the_diary_follows_a_merge(records):
    nightly(records, prospect(1))
    records.store_settlement(Settlement(redirects=(Redirect(old_id="c1", new_id="c2"),)))
    nightly(records, prospect(2), day=date(2026, 5, 7))
    assert [row.prospect.company_id for row in diary(records, 2)] == ["c1", "c2"]
    assert diary(records, 1) == diary(records, 2)
    assert [row.prospect.company_id for row in records.prospect_history("yl", "c2", since=date(2026, 5, 8))] == ["c2"]
