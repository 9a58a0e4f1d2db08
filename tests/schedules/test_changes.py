"""What is new for a unit since its last digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qingbao.model import AdverseType, BadNews, EventType, Investment, Prospect, Quote, Reason, Sheet, Site, Tier
from schedules.jobs.changes import changes

FINE = BadNews(company_id="c1", kind=AdverseType.FINE, day=date(2026, 6, 1), quote=Quote(text="被处以罚款"), url="http://x/fine")


def row(**more: object) -> Prospect:
    values = {
        "park": "p", "company_id": "c1", "company": "岚砥电机有限公司", "names": (), "sheet": Sheet.PROSPECTS, "tier": Tier.B, "priority": 40.0, "fit": 50.0, "intent": 40.0,
        "evidence": 50.0, "evidence_grade": "C", "site": Site.OPEN, "units": ("u",), "model_version": "m/1",
        "reasons": (Reason(number="intent", points=40.0, text="选址未定", code="intent.site"),), **more,
    }
    return Prospect(**values)  # type: ignore[arg-type]


def told(before: Prospect | None, now: Prospect) -> list[tuple[str, str]]:
    known = {("p", "c1"): before} if before else {}
    return [(change.kind, change.sentence) for change in changes(known, [now], "u")]


PLAN = Investment(id="i1", company_id="c1", event_type=EventType.NEW_BUILD, stated=())


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (None, row(), "新增"), (row(), row(), None), (row(), row(priority=45.0), "升"), (row(), row(priority=44.9), None), (row(), row(priority=35.0), "降"),
        (row(tier=Tier.C), row(), "升"), (row(), row(investments=(PLAN,)), "新动向"), (row(), row(bad_news=(FINE,)), "坏消息"),
        (row(bad_news=(FINE,)), row(bad_news=(FINE,)), None), (row(sheet=Sheet.TARGETS), row(), "新增"),
        (None, row(sheet=Sheet.FOLLOWED), None), (None, row(sheet=Sheet.RESIDENT), None), (None, row(sheet=Sheet.EXCLUDED), None), (None, row(units=("other",)), None),
        (row(units=("other",)), row(), "新增"),
    ],
)
def test_what_counts_as_new(before: Prospect | None, now: Prospect, kind: str | None) -> None:
    assert [k for k, _ in told(before, now)] == ([kind] if kind else [])


def test_a_watched_firm_at_low_fit_is_new_and_its_bad_news_is_told_without_any_plan() -> None:
    watched = row(tier=Tier.C, priority=3.0, fit=1.0, marks=("关注名单",))
    assert [k for k, _ in told(None, watched)] == ["新增"]
    alone = replace(watched, sheet=Sheet.TARGETS)
    assert told(None, alone) == []
    assert told(None, replace(alone, bad_news=(FINE,))) == [("坏消息", "")]
    assert told(replace(alone, bad_news=(FINE,)), replace(alone, bad_news=(FINE,))) == []
    assert told(None, replace(alone, marks=(), bad_news=(FINE,))) == []


def test_a_rise_names_the_reason_and_its_points() -> None:
    before = row(priority=20.0, reasons=(Reason(number="intent", points=-48.0, text="已定在外地", code="intent.site"),))
    assert told(before, row()) == [("升", "优先级 20 → 40：意向 +88（已定在外地 → 选址未定）。")]


def test_bad_news_says_what_it_cost() -> None:
    fined = row(priority=37.0, bad_news=(FINE,), reasons=(*row().reasons, Reason(number="intent", points=-8.0, text="坏消息：行政处罚", code="intent.bad.处罚")))
    assert told(row(), fined) == [("坏消息", "优先级 40 → 37：意向 −8（坏消息：行政处罚）。")]
