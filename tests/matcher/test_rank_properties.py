"""Properties of priority that staff rely on, whatever the news."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import HERE, PARK, THERE, FitStub, bad, company, field, fits, investment, news, one, plans, several

from matcher import weights as w
from matcher.evidence import evidence
from matcher.rank import priority, rank
from qingbao.model import AdverseType, Investment, Park, Prospect, Quote, Sheet, Site, Stated, Tag, Tier, Trust

NUMBERS = ("fit", "intent", "evidence", "priority")

denials = st.builds(lambda kind, meant: replace(bad(kind), investment_id=meant),
                    st.sampled_from([AdverseType.DENIAL, AdverseType.TERMINATION]), st.sampled_from([None, "i0", "i1", "i2"]))
NO_HIGHER = 1e-9


@given(several, fits, news)
def test_reasons_sum_to_each_number(investments: list[Investment], fit: float | None, bad_news: list) -> None:  # type: ignore[type-arg]
    row = one(investments, fit, bad_news)
    for number in NUMBERS:
        value = getattr(row, number)
        assert sum(r.points for r in row.reasons if r.number == number) == pytest.approx(value or 0.0, abs=1e-6)
        assert value is None or 0 <= value <= 100


@given(fits, st.floats(0, 100), st.sampled_from("ABCD"))
def test_neither_number_buys_the_other(fit: float | None, wants: float, grade: str) -> None:
    counted = w.UNKNOWN_FIT if fit is None else fit
    assert priority(fit, wants, grade)[0] <= min(counted, wants) + w.BALANCE + NO_HIGHER


@given(several, fits, news)
def test_no_row_stands_above_its_weaker_number_by_more_than_twenty(investments: list[Investment], fit: float | None, bad_news: list) -> None:  # type: ignore[type-arg]
    row = one(investments, fit, bad_news)
    assert row.priority <= min(w.UNKNOWN_FIT if fit is None else fit, row.intent) + w.BALANCE + NO_HIGHER


@given(fits, st.floats(0, 99), st.floats(0, 1), st.sampled_from("ABCD"))
def test_more_intent_or_fit_never_lowers_the_priority(fit: float | None, wants: float, more: float, grade: str) -> None:
    assert priority(fit, wants + more, grade)[0] >= priority(fit, wants, grade)[0] - NO_HIGHER
    if fit is not None and fit <= 99:
        assert priority(fit + more, wants, grade)[0] >= priority(fit, wants, grade)[0] - NO_HIGHER


@given(several, st.floats(0, 100), news, denials)
def test_a_later_denial_never_raises_priority(investments: list[Investment], fit: float, bad_news: list, denial: object) -> None:  # type: ignore[type-arg]
    before = one(investments, fit, bad_news)
    after = one(investments, fit, [*bad_news, replace(denial, url="http://x/later")])  # type: ignore[type-var]
    assert after.priority <= before.priority + NO_HIGHER
    assert list(Tier).index(after.tier) >= list(Tier).index(before.tier)


@given(several, st.floats(0, 100), st.integers(0, 2), news)
def test_a_site_that_becomes_fixed_elsewhere_never_raises_priority(investments: list[Investment], fit: float, which: int, bad_news: list) -> None:  # type: ignore[type-arg]
    chosen = which % len(investments)
    open_ = [replace(plan, site=Site.OPEN, place=None) if n == chosen else plan for n, plan in enumerate(investments)]
    fixed = [replace(plan, site=Site.FIXED, place=THERE) if n == chosen else plan for n, plan in enumerate(investments)]
    before, after = one(open_, fit, bad_news), one(fixed, fit, bad_news)
    assert after.priority <= before.priority + NO_HIGHER
    assert list(Tier).index(after.tier) >= list(Tier).index(before.tier)


@given(plans, st.floats(0, 100))
def test_elsewhere_alone_is_never_tier_a(plan: Investment, fit: float) -> None:
    assert one([replace(plan, site=Site.FIXED, place=THERE)], fit).tier is not Tier.A


@given(plans, st.sampled_from(list(Trust)), st.floats(0, 1), st.booleans())
def test_an_independent_agreeing_source_never_lowers_evidence(plan: Investment, trust: Trust, sure: float, with_fields: bool) -> None:
    first = plan.stated[0]
    agreeing = Stated(
        article_url="http://y/1", day=first.day, signal_key="y", amount=first.amount if with_fields else None, place=first.place if with_fields else None,
        site=first.site, event_type=first.event_type, quote=Quote(text="又一家报道。") if with_fields else None, origin="又一家", trust=trust, sure=sure,
    )
    before = evidence(plan)
    after = evidence(replace(plan, independent_sources=plan.independent_sources + 1, stated=(agreeing, *plan.stated)))
    assert after[0] >= before[0] - NO_HIGHER
    assert after[1] <= before[1]


@given(plans)
def test_one_anonymous_repost_never_gives_more_than_c(plan: Investment) -> None:
    lone = replace(plan, independent_sources=1, stated=(replace(plan.stated[0], trust=Trust.REPOST),))
    assert evidence(lone)[1] in {"C", "D"}


rows_ = st.lists(st.tuples(plans, fits, st.sampled_from(["", "500强"])), min_size=2, max_size=6)


def _ranked(rows: list[tuple[Investment, float | None, str]], park: Park = PARK, chance: random.Random | None = None) -> list[Prospect]:
    companies = [company(f"c{n}", tags=(Tag(list=tag),) if tag else ()) for n, (_, _, tag) in enumerate(rows)]
    investments = [replace(plan, company_id=f"c{n}", id=f"i{n}") for n, (plan, _, _) in enumerate(rows)]
    if chance:
        chance.shuffle(companies)
        chance.shuffle(investments)
    return rank(park, field(companies, investments), {f"c{n}": FitStub(fit) for n, (_, fit, _) in enumerate(rows)})


@given(rows_, st.randoms(use_true_random=False))
def test_shuffled_input_gives_the_same_order(rows: list[tuple[Investment, float | None, str]], chance: random.Random) -> None:
    assert _ranked(rows, chance=chance) == _ranked(rows)


@given(rows_)
def test_nothing_is_cut_and_ranks_count_the_standing_list(rows: list[tuple[Investment, float | None, str]]) -> None:
    ranked = _ranked(rows)
    assert len(ranked) == len(rows)
    standing = [row for row in ranked if row.sheet is Sheet.PROSPECTS]
    assert [row.rank for row in standing] == list(range(1, len(standing) + 1))
    assert [row.priority for row in standing] == sorted((row.priority for row in standing), reverse=True)


def test_swapping_the_park_changes_the_order() -> None:
    rows: list[tuple[Investment, float | None, str]] = [
        (investment(site=Site.FIXED, place=THERE), 80.0, ""), (investment(site=Site.FIXED, place=HERE), 80.0, ""), (investment(site=Site.OPEN), 50.0, ""),
    ]
    here = _ranked(rows)
    there = _ranked(rows, replace(PARK, slug="q", city="武汉市", province="湖北省", own_places=("武汉市",)))
    assert [row.company_id for row in here] == ["c2", "c1", "c0"]
    assert [row.company_id for row in there] == ["c2", "c0", "c1"]
    assert {row.company_id: row.sheet for row in here} == {"c0": Sheet.PROSPECTS, "c1": Sheet.RESIDENT, "c2": Sheet.PROSPECTS}
    assert {row.company_id: row.sheet for row in there} == {"c0": Sheet.RESIDENT, "c1": Sheet.PROSPECTS, "c2": Sheet.PROSPECTS}


STRANGE = Park(
    slug="p", name="缥缈经济开发区", province="缥缈省", city="缥缈市", own_places=("缥缈市",), neighbours=("缥缈邻市",), focus_cities=("缥缈重点市",),
    industries=PARK.industries,
)


@given(several, fits, news)
def test_no_field_is_filled_from_the_park_or_the_source(investments: list[Investment], fit: float | None, bad_news: list) -> None:  # type: ignore[type-arg]
    known = field([company()], investments, bad_news, sources={plan.stated[0].article_url: "缥缈日报" for plan in investments})
    row = rank(STRANGE, known, {"c1": FitStub(fit)})[0]
    assert "缥缈" not in repr(replace(row, park="", source_name=None))
    assert row.seat is None
    stated = {plan.place for plan in investments} | {plan.place_from for plan in investments} | {None}
    assert row.destination in stated
    assert row.origin in stated
