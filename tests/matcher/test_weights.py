"""The case behind each weight: who must stand before whom, all else equal. Without the weight, or with its sign turned, a case fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from plans import HERE, PARK, THERE, TODAY, FitStub, bad, company, field, investment, one

from matcher import weights as w
from matcher.evidence import evidence
from matcher.intent import intent
from matcher.rank import rank
from qingbao.model import AdverseType, BadNews, EventType, Investment, Prospect, Quote, Site, Stage, Stated, Tier, Trust


def wants(*plans: Investment, news: tuple[AdverseType, ...] = (), as_of: date = TODAY) -> float:
    return intent(list(plans), [bad(kind) for kind in news], PARK, as_of).value


def plan(kind: EventType = EventType.NEW_BUILD, **more: object) -> Investment:
    return investment(kind=kind, **{"site": Site.NONE, "wan": None, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (EventType.RELOCATION, EventType.EXPANSION), (EventType.EXPANSION, EventType.HEADQUARTERS), (EventType.NEW_BUILD, EventType.HEADQUARTERS),
        (EventType.HEADQUARTERS, EventType.SUBSIDIARY), (EventType.SIGNING, EventType.FINANCING), (EventType.SUBSIDIARY, EventType.LAND),
        (EventType.FINANCING, EventType.EIA), (EventType.LAND, EventType.GROUND_BREAKING), (EventType.EIA, EventType.GROUND_BREAKING),
        (EventType.GROUND_BREAKING, EventType.COOPERATION), (EventType.COOPERATION, EventType.RECRUITING), (EventType.RECRUITING, EventType.PRODUCTION),
        (EventType.ACQUISITION, EventType.PRODUCTION), (EventType.LISTING, EventType.TENDER_WON),
    ],
)
def test_the_earlier_and_firmer_wish_for_a_plant_stands_first(more: EventType, less: EventType) -> None:
    assert wants(plan(more, site=Site.OPEN, quote="公司公告。")) > wants(plan(less, site=Site.OPEN, quote="公司公告。")) > 0


def test_every_event_has_points_a_half_life_and_a_reason() -> None:
    assert set(w.EVENT_POINTS) == set(w.HALF_LIFE) == set(EventType)
    assert all(points > 0 and why for points, why in w.EVENT_POINTS.values())
    assert set(w.BAD_NEWS_POINTS) == set(AdverseType)
    assert all(points < 0 and why for points, why in w.BAD_NEWS_POINTS.values())
    assert set(w.TRUST_POINTS) == set(Trust)
    assert set(w.SITE_POINTS) == set(Site) - {Site.FIXED}


def test_who_must_leave_stands_before_who_may_stay() -> None:
    assert wants(plan(site=Site.LEAVING)) > wants(plan(site=Site.OPEN))


def test_an_open_site_stands_before_any_sum_elsewhere() -> None:
    assert wants(plan(EventType.TENDER_WON, site=Site.OPEN)) > wants(plan(EventType.RELOCATION, site=Site.FIXED, place=THERE, wan=1e8))


def test_money_raised_stands_between_an_open_plan_and_a_settled_one() -> None:
    raised = wants(plan(EventType.FINANCING, site=Site.NONE))
    assert wants(plan(EventType.FINANCING, site=Site.OPEN)) > raised > wants(plan(EventType.NEW_BUILD, site=Site.FIXED, place=THERE))


def test_a_project_at_home_stands_behind_an_open_one() -> None:
    assert wants(plan(site=Site.FIXED, place=HERE)) < wants(plan(site=Site.OPEN))


def test_a_larger_sum_counts_more_and_ever_less_so() -> None:
    none, small, large, huge = (wants(plan(site=Site.OPEN, wan=wan)) for wan in (None, 10_000, 200_000, 10_000_000))
    assert none < small < large < huge
    assert huge - large < large - small
    assert small - none == pytest.approx(w.SIZE_POINTS / 2)


@pytest.mark.parametrize("kind", list(EventType))
def test_half_of_the_age_is_lost_after_the_half_life(kind: EventType) -> None:
    old = investment(kind=kind, site=Site.OPEN, day=TODAY - timedelta(days=int(w.HALF_LIFE[kind])))
    assert wants(investment(kind=kind, site=Site.OPEN)) - wants(old) == pytest.approx(w.AGE_POINTS / 2)


def test_an_old_open_plan_stands_between_todays_open_one_and_todays_settled_one() -> None:
    old = wants(plan(site=Site.OPEN, day=TODAY - timedelta(days=170)))
    assert wants(plan(site=Site.OPEN)) > old > wants(plan(site=Site.FIXED, place=THERE, wan=1e6))


def test_a_plan_before_one_that_is_signed_a_serial_builder_before_a_single_one() -> None:
    assert wants(plan(site=Site.OPEN, stage=Stage.PLANNED)) > wants(plan(site=Site.OPEN, stage=Stage.SIGNED))
    further = plan(site=Site.FIXED, place=THERE, ident="i2")
    assert wants(plan(site=Site.OPEN), further) > wants(plan(site=Site.OPEN))


def test_money_for_capacity_before_money_for_anything() -> None:
    assert wants(plan(EventType.FINANCING, quote="本轮资金用于扩建产线。")) > wants(plan(EventType.FINANCING, quote="本轮资金用于市场推广。"))


def test_a_forced_move_before_a_free_one() -> None:
    assert wants(plan(EventType.RELOCATION, site=Site.LEAVING, quote="按退城入园要求搬迁。")) > wants(plan(EventType.RELOCATION, site=Site.LEAVING, quote="公司将搬迁。"))


@pytest.mark.parametrize(
    ("graver", "lighter"),
    [
        (AdverseType.INSOLVENCY, AdverseType.TERMINATION), (AdverseType.DENIAL, AdverseType.DELISTING), (AdverseType.DELISTING, AdverseType.CLOSING),
        (AdverseType.CLOSING, AdverseType.LAYOFF), (AdverseType.LAYOFF, AdverseType.DISPUTE), (AdverseType.DISPUTE, AdverseType.FINE),
    ],
)
def test_graver_news_costs_more(graver: AdverseType, lighter: AdverseType) -> None:
    assert wants(plan(site=Site.OPEN), news=(graver,)) < wants(plan(site=Site.OPEN), news=(lighter,)) < wants(plan(site=Site.OPEN))


def test_a_fine_leaves_an_open_plan_before_a_round_of_money_and_an_end_takes_it_back() -> None:
    assert wants(plan(site=Site.OPEN), news=(AdverseType.FINE,)) > wants(plan(EventType.FINANCING))
    assert wants(plan(site=Site.OPEN), news=(AdverseType.TERMINATION,)) <= wants(plan(site=Site.OPEN)) - w.SITE_POINTS[Site.OPEN][0] + 1e-9


def told(trust: Trust, *, bare: bool = False, sources: int = 1) -> Investment:
    made = investment(trust=trust, sources=sources, place=HERE)
    if not bare:
        return made
    stated = Stated(article_url="http://x/1", day=None, signal_key="s", trust=trust, quote=Quote(text="…"))
    return replace(made, stated=(stated,), site_quote=None)


@pytest.mark.parametrize(
    ("plan_", "grade"),
    [
        (told(Trust.OFFICIAL_NOTICE), "A"), (told(Trust.FILING), "A"), (told(Trust.GOVERNMENT), "B"), (told(Trust.GOVERNMENT, sources=2), "A"),
        (told(Trust.MEDIA), "B"), (told(Trust.MEDIA, sources=2), "A"), (told(Trust.COMPANY), "B"), (told(Trust.MEDIA, bare=True), "C"),
        (told(Trust.REPOST), "C"), (told(Trust.REPOST, bare=True), "D"),
    ],
)
def test_grades(plan_: Investment, grade: str) -> None:
    assert evidence(plan_)[1] == grade


def test_each_proof_counts() -> None:
    points = [evidence(told(trust))[0] for trust in (Trust.FILING, Trust.GOVERNMENT, Trust.MEDIA, Trust.COMPANY, Trust.REPOST)]
    assert points == sorted(points, reverse=True)
    one_, two, three = (evidence(told(Trust.MEDIA, sources=n))[0] for n in (1, 2, 3))
    assert one_ < two < three
    assert two - one_ > three - two
    full = told(Trust.MEDIA)
    for poorer in (
        replace(full, stated=(replace(full.stated[0], amount=None),)), replace(full, stated=(replace(full.stated[0], place=None),)), replace(full, site_quote=None),
        replace(full, stated=(replace(full.stated[0], quote=None),)), replace(full, stated=(replace(full.stated[0], day=None),)),
        replace(full, stated=(replace(full.stated[0], sure=0.4),)),
    ):
        assert evidence(poorer)[0] < evidence(full)[0]


def test_sources_that_contradict_each_other_count_less_than_ones_that_agree() -> None:
    agree = told(Trust.MEDIA, sources=2)
    other = replace(agree.stated[1], place=THERE)
    assert evidence(replace(agree, stated=(agree.stated[0], other)))[0] < evidence(agree)[0]


def row(fit: float | None, plan_: Investment) -> Prospect:
    return one([plan_], fit)


def test_weak_evidence_costs_places() -> None:
    grades = [row(60.0, told(trust, bare=bare)).priority for trust, bare in ((Trust.FILING, False), (Trust.REPOST, False), (Trust.REPOST, True))]
    assert grades == sorted(set(grades), reverse=True)


def test_a_gym_chain_that_looks_for_sites_stands_behind_a_firm_that_fits_and_built_elsewhere() -> None:
    gym, optics = investment("c1", site=Site.OPEN, ident="i1"), investment("c2", site=Site.FIXED, place=THERE, ident="i2")
    rows = rank(PARK, field([company("c1"), company("c2")], [gym, optics]), {"c1": FitStub(4), "c2": FitStub(51)})
    assert [r.company_id for r in rows] == ["c2", "c1"]


def test_an_unknown_fit_stands_between_a_weak_and_a_good_one() -> None:
    assert row(60.0, investment()).priority > row(None, investment()).priority > row(3.0, investment()).priority
    assert row(None, investment(sources=3)).tier is not Tier.A


def test_tier_a_wants_priority_fit_and_a_site_that_can_be_won() -> None:
    assert row(60.0, investment(sources=2)).tier is Tier.A
    assert row(w.TIER_A_FIT - 1, investment(sources=2)).tier is not Tier.A
    assert row(90.0, investment(sources=3, site=Site.FIXED, place=THERE)).tier is Tier.B
    assert row(5.0, investment(site=Site.FIXED, place=THERE)).tier is Tier.C


def test_the_formula_prints_every_weight() -> None:
    printed = {name: value for name, value, _ in w.formula().rows}
    for kind, (points, _) in w.EVENT_POINTS.items():
        assert printed[f"意向·{kind.value}"] == f"{points:+g}"
        assert printed[f"意向·{kind.value} 的半衰期"] == f"{w.HALF_LIFE[kind]:g} 天"
    for adverse, (points, _) in w.BAD_NEWS_POINTS.items():
        assert printed[f"意向·坏消息·{adverse.value}"] == f"{points:+g}"
    for grade, cut in w.GRADES:
        assert printed[f"可信度 {grade}"] == f"≥ {cut:g}"
    for share in (w.FIT_SHARE, w.BALANCE, w.WEAK_FIT, w.WEAK_FIT_COST):
        assert f"{share:g}" in w.formula().priority


def test_one_report_of_a_kind_counts_once() -> None:
    many: list[BadNews] = [replace(bad(AdverseType.FINE), url=f"http://x/{n}") for n in range(5)]
    assert intent([plan(site=Site.OPEN)], many, PARK, TODAY).value == wants(plan(site=Site.OPEN), news=(AdverseType.FINE,))
