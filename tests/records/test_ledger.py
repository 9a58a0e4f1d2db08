"""Runs, deliveries, cursors, verdicts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qingbao.model import Delivery, Verdict
from records.values import Redirect, Settlement, UnitCursor

DAY = date(2026, 5, 6)
DELIVERY = Delivery(id="d1", day=DAY, unit="zb", recipient="a@example.cn", channel="smtp", state="writing", content_hash="h")
VERDICT = Verdict(
    id="v1", park="yl", company_id="c1", judgement="已联系", note=None, actor="小李", unit="zb", at=datetime(2026, 5, 6, tzinfo=UTC), source_file="a.xlsx"
)


def test_a_run_is_opened_and_closed(records, clock):
    run = records.start_run("crawl")
    assert records.last_run("crawl") == records.run(run.id) == run
    assert run.status == "running"
    clock.forward(minutes=5)
    done = records.finish_run(run.id, "partial", {"fetched": 3}, ["一个来源失败"])
    assert done == records.run(run.id)
    assert (done.status, done.counts, done.messages, done.finished_at) == ("partial", {"fetched": 3}, ("一个来源失败",), clock())


def test_a_run_that_is_not_there(records):
    assert records.run("r0") is None
    with pytest.raises(KeyError):
        records.finish_run("r0", "done")


def test_runs_newest_first(records):
    ids = [records.start_run(job).id for job in ("run", "crawl", "run")]
    records.finish_run(ids[0], "done")
    assert [run.id for run in records.runs()] == ids[::-1]
    assert [run.id for run in records.runs("run", limit=1)] == [ids[2]]
    assert records.last_run("run").id == ids[2]
    assert records.last_run("run", "done").id == ids[0]
    assert records.last_run("run", ["done", "partial"]).id == ids[0]
    assert records.last_run("run", "failed") is None


def test_what_a_crash_left_running_is_closed(records):
    left, done = records.start_run("run"), records.start_run("crawl")
    records.finish_run(done.id, "done")
    assert [(run.id, run.status) for run in records.close_interrupted()] == [(left.id, "interrupted")]
    assert records.run(done.id).status == "done"
    assert records.close_interrupted() == []


def test_a_delivery_is_begun_once(records, clock):
    assert records.begin_delivery(DELIVERY)
    assert not records.begin_delivery(replace(DELIVERY, id="d2", state="sending"))
    assert records.deliveries() == [replace(DELIVERY, changed_at=clock())]
    for other in ({"day": date(2026, 5, 7)}, {"unit": "qh"}, {"recipient": "b@example.cn"}, {"channel": "file"}):
        assert records.begin_delivery(replace(DELIVERY, id=str(other), **other))
    assert len(records.deliveries(day=DAY)) == 4
    assert len(records.deliveries(unit="qh")) == 1


def test_a_delivery_changes_its_state(records, clock):
    records.begin_delivery(DELIVERY)
    clock.forward(minutes=1)
    records.set_delivery("d1", "refused", "收件人不存在")
    assert records.deliveries() == [replace(DELIVERY, state="refused", message="收件人不存在", changed_at=clock())]
    with pytest.raises(KeyError):
        records.set_delivery("d9", "delivered")


def test_a_cursor_remembers_what_was_told(records, clock):
    assert records.unit_cursor("zb") is None
    records.set_unit_cursor("zb", run_id="r1", snapshot={"c1": {"priority": 60.5, "tier": "甲"}})
    assert records.unit_cursor("zb") == UnitCursor(unit="zb", at=clock(), run_id="r1", snapshot={"c1": {"priority": 60.5, "tier": "甲"}})
    records.set_unit_cursor("zb", run_id="r2")
    assert records.unit_cursor("zb").snapshot == {}


def later(day, **more):
    return replace(VERDICT, **{"id": f"v{day}", "at": datetime(2026, 5, day, tzinfo=UTC)} | more)


def test_the_same_table_read_twice_says_nothing_new(records):
    assert records.add_verdicts([VERDICT]) == 1
    assert records.add_verdicts([VERDICT, later(7)]) == 0
    assert records.add_verdicts([later(8, judgement="在谈"), later(9, judgement="在谈", note="下周来访")]) == 2
    assert records.add_verdicts([later(10, unit="qh"), later(10, id="w", unit=None)]) == 2
    assert [v.id for v in records.verdicts("yl")] == ["v1", "v8", "v9", "v10", "w"]
    assert records.verdicts("qh") == []


def test_a_verdict_taken_back_is_new(records):
    assert records.add_verdicts([VERDICT, later(7, judgement="不合适"), later(8)]) == 3


def test_verdicts_follow_a_merge(records):
    records.add_verdicts([VERDICT])
    records.store_settlement(Settlement(redirects=(Redirect(old_id="c1", new_id="c2"),)))
    assert [v.company_id for v in records.verdicts()] == ["c2"]
