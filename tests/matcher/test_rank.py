"""Intent, evidence, priority and order: tables of cases and the properties that staff rely on."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import weights as w
from matcher.diary import explain, moved
from matcher.evidence import evidence
from matcher.intent import intent, site_for
from matcher.rank import Field, priority, rank, tier
from matcher.sentences import plan_sentence
from qingbao.model import (
    AdverseType,
    Amount,
    BadNews,
    Company,
    CompanyName,
    CompanyStatus,
    EventType,
    Exclusions,
    Industry,
    Investment,
    NameKind,
    Park,
    Place,
    Prospect,
    Quote,
    Reason,
    Sheet,
    Site,
    Stage,
    Stated,
    Tag,
    Tier,
    Trust,
)

TODAY = date(2026, 9, 15)
PARK = Park(slug="p", name="云岭经济技术开发区", province="四川省", city="成都市", own_places=("成都市",), neighbours=("德阳市",), focus_cities=("深圳市",),
            industries=(Industry(name="电机", text="电机与减速器"),), exclusions=Exclusions(words=("造纸",)))


class FitStub:
    """A fit without a model."""

    def __init__(self, fit: float | None) -> None:
        self.fit, self.industry, self.link = fit, "电机", None
        self.reasons = (Reason(number="fit", points=fit, text="电机", code="fit.term"),) if fit else ()


def investment(company: str = "c1", *, kind: EventType = EventType.NEW_BUILD, site: Site = Site.OPEN, wan: float | None = 120_000, day: date | None = TODAY,
               place: Place | None = None, stage: Stage | None = None, trust: Trust = Trust.MEDIA, sources: int = 1, ident: str = "i1",
               quote: str = "公司拟新建电机基地，选址待定。") -> Investment:
    amount = Amount(text="12亿元", value_wan=wan) if wan else None
    stated = tuple(
        Stated(article_url=f"http://x/{ident}/{n}", day=day, signal_key=f"{ident}{n}", amount=amount, place=place, site=site, event_type=kind,
               quote=Quote(text=quote), origin=f"源{n}", trust=trust) for n in range(sources)
    )
    return Investment(id=ident, company_id=company, event_type=kind, stated=stated, stage=stage, site=site, site_quote=Quote(text=quote), site_url=stated[0].article_url,
                      amount=amount, place=place, first_day=day, last_day=day, independent_sources=sources)


def company(ident: str = "c1", **more: object) -> Company:
    name = f"企业{ident}"
    return Company(id=ident, name=name, names=(CompanyName(text=name, kind=NameKind.FULL, source="x"),), **more)  # type: ignore[arg-type]


def bad(kind: AdverseType = AdverseType.DENIAL, ident: str = "c1") -> BadNews:
    return BadNews(company_id=ident, kind=kind, day=TODAY, quote=Quote(text="公司否认"), url="http://x/bad")


def field(companies: list[Company], investments: list[Investment], bad_news: list[BadNews] | None = None, **more: object) -> Field:
    return Field(companies=companies, investments=investments, bad_news=bad_news or [], texts={}, as_of=TODAY, **more)  # type: ignore[arg-type]


def one(investments: list[Investment], fit: float | None = 60.0, bad_news: list[BadNews] | None = None, **more: object) -> Prospect:
    rows = rank(PARK, field([company(**more)], investments, bad_news), {"c1": FitStub(fit)})
    assert len(rows) == 1
    return rows[0]


HERE = Place(province="四川省", city="成都市")
THERE = Place(province="湖北省", city="武汉市")


@pytest.mark.parametrize(
    ("site", "place", "seen"),
    [
        (Site.OPEN, None, Site.OPEN), (Site.OPEN, HERE, Site.OPEN), (Site.LEAVING, None, Site.LEAVING), (Site.FIXED, HERE, Site.LOCAL),
        (Site.FIXED, THERE, Site.ELSEWHERE), (Site.FIXED, None, Site.ELSEWHERE), (Site.NONE, None, Site.NONE),
    ],
)
def test_fixed_is_local_or_elsewhere_against_a_park(site: Site, place: Place | None, seen: Site) -> None:
    assert site_for(investment(site=site, place=place), PARK) is seen


def test_an_open_plan_stands_above_yesterdays_ten_billion_elsewhere() -> None:
    plan = investment("c1", site=Site.OPEN, wan=8_000, day=date(2026, 8, 20), stage=Stage.PLANNED)
    ribbon = investment("c2", kind=EventType.GROUND_BREAKING, site=Site.FIXED, place=THERE, wan=1_000_000, ident="i2")
    rows = rank(PARK, field([company("c1"), company("c2")], [plan, ribbon]), {"c1": FitStub(60), "c2": FitStub(80)})
    assert [row.company_id for row in rows] == ["c1", "c2"]
    assert rows[0].tier is Tier.A
    assert rows[1].tier is not Tier.A


@pytest.mark.parametrize("fit", [30.0, 60.0, 100.0])
def test_elsewhere_alone_is_never_tier_a(fit: float) -> None:
    assert one([investment(site=Site.FIXED, place=THERE, sources=3, trust=Trust.OFFICIAL_NOTICE)], fit).tier is not Tier.A


def test_unknown_fit_counts_as_twenty_and_is_at_most_tier_b() -> None:
    row = one([investment(sources=3)], None)
    assert row.fit is None
    assert row.tier is not Tier.A
    assert row.priority <= w.UNKNOWN_FIT + w.BALANCE


@pytest.mark.parametrize(
    ("made", "sheet"),
    [
        ({}, Sheet.PROSPECTS), ({"status": CompanyStatus.RESIDENT}, Sheet.RESIDENT), ({"status": CompanyStatus.IN_TALKS}, Sheet.IN_TALKS),
        ({"status": CompanyStatus.HIDDEN}, Sheet.HIDDEN),
    ],
)
def test_each_status_has_its_sheet(made: dict[str, object], sheet: Sheet) -> None:
    assert one([investment()], **made).sheet is sheet


def test_a_resident_with_an_open_plan_is_marked() -> None:
    assert "有新动向" in one([investment()], status=CompanyStatus.RESIDENT).marks


def test_a_local_project_is_no_prospect() -> None:
    assert one([investment(site=Site.FIXED, place=HERE)]).sheet is Sheet.RESIDENT


def test_target_firms_without_news_stand_apart_and_others_nowhere() -> None:
    assert one([], tags=(Tag(list="500强"),)).sheet is Sheet.TARGETS
    assert rank(PARK, field([company()], []), {}) == []


def test_only_bad_news_makes_no_prospect() -> None:
    assert rank(PARK, field([company()], [], [bad()]), {"c1": FitStub(90)}) == []


def test_an_excluded_firm_names_its_rule() -> None:
    rows = rank(PARK, replace(field([company()], [investment()]), texts={"c1": "主营造纸和纸浆"}), {"c1": FitStub(80)})
    assert (rows[0].sheet, rows[0].note) == (Sheet.EXCLUDED, "排除词：造纸")


def test_contacted_firms_move_to_followed() -> None:
    rows = rank(PARK, field([company()], [investment()], contacted={"c1": "已联系（装备组）"}), {"c1": FitStub(80)})
    assert (rows[0].sheet, rows[0].rank) == (Sheet.FOLLOWED, 0)


def test_old_news_leaves_the_list() -> None:
    assert rank(PARK, field([company()], [investment(day=date(2026, 1, 1))]), {"c1": FitStub(80)}) == []


def test_news_of_a_later_day_is_not_known_yet() -> None:
    assert rank(PARK, field([company()], [investment(day=date(2026, 9, 16))]), {"c1": FitStub(80)}) == []


def test_a_move_from_next_door_is_marked() -> None:
    moving = replace(investment(kind=EventType.RELOCATION, site=Site.LEAVING), place_from=Place(province="四川省", city="德阳市"))
    assert "平移" in one([moving]).marks


def test_one_anonymous_repost_is_at_most_c() -> None:
    _, grade, reasons = evidence(investment(trust=Trust.REPOST))
    assert grade in {"C", "D"}
    assert evidence(investment(trust=Trust.OFFICIAL_NOTICE, sources=3))[1] == "A"
    assert sum(r.points for r in reasons) == pytest.approx(evidence(investment(trust=Trust.REPOST))[0])


def test_the_headline_says_plan_site_and_link() -> None:
    row = one([replace(investment(stage=Stage.PLANNED), plan_words="电机")])
    assert row.headline == "拟投资12亿元建设电机，选址未定；与本园电机产业匹配"


kinds = st.sampled_from(list(EventType))
sites = st.sampled_from([Site.OPEN, Site.LEAVING, Site.FIXED, Site.NONE])
investments_ = st.builds(
    investment, kind=kinds, site=sites, wan=st.one_of(st.none(), st.floats(1, 1e8)), place=st.sampled_from([None, HERE, THERE]),
    stage=st.one_of(st.none(), st.sampled_from(list(Stage))), trust=st.sampled_from(list(Trust)), sources=st.integers(1, 5),
    day=st.dates(date(2026, 4, 1), TODAY), ident=st.sampled_from(["i1", "i2", "i3"]),
)
fits = st.one_of(st.none(), st.floats(0, 100))
news = st.lists(st.builds(bad, st.sampled_from(list(AdverseType))), max_size=3)


@given(st.lists(investments_, min_size=1, max_size=3), fits, news)
def test_reasons_sum_to_each_number(investments: list[Investment], fit: float | None, bad_news: list[BadNews]) -> None:
    row = one(investments, fit, bad_news)
    sums = {name: sum(r.points for r in row.reasons if r.number == name) for name in ("intent", "evidence", "priority")}
    assert sums["intent"] == pytest.approx(row.intent, abs=1e-6)
    assert sums["evidence"] == pytest.approx(row.evidence, abs=1e-6)
    assert sums["priority"] == pytest.approx(row.priority, abs=1e-6)


@given(fits, st.floats(0, 100), st.sampled_from("ABCD"))
def test_neither_number_buys_the_other(fit: float | None, wants: float, grade: str) -> None:
    counted = w.UNKNOWN_FIT if fit is None else fit
    assert priority(fit, wants, grade)[0] <= min(counted, wants) + w.BALANCE + 1e-9


@given(st.lists(investments_, min_size=1, max_size=3), st.floats(0, 100), st.sampled_from([AdverseType.DENIAL, AdverseType.TERMINATION]))
def test_a_later_denial_never_raises_priority(investments: list[Investment], fit: float, kind: AdverseType) -> None:
    assert one(investments, fit, [bad(kind)]).priority <= one(investments, fit).priority + 1e-9


@given(investments_, st.floats(0, 100))
def test_a_site_that_becomes_fixed_elsewhere_never_raises_priority(plan: Investment, fit: float) -> None:
    before = replace(plan, site=Site.OPEN)
    after = replace(plan, site=Site.FIXED, place=THERE)
    assert one([after], fit).priority <= one([before], fit).priority + 1e-9


@given(investments_)
def test_an_independent_agreeing_source_never_lowers_evidence(plan: Investment) -> None:
    more = replace(plan, independent_sources=plan.independent_sources + 1, stated=(*plan.stated, replace(plan.stated[0], origin="又一家")))
    assert evidence(more)[0] >= evidence(plan)[0] - 1e-9


@given(st.lists(st.tuples(investments_, fits), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_shuffled_input_gives_the_same_order(rows: list[tuple[Investment, float | None]], chance: random.Random) -> None:
    companies = [company(f"c{n}") for n in range(len(rows))]
    investments = [replace(inv, company_id=f"c{n}", id=f"i{n}") for n, (inv, _) in enumerate(rows)]
    fitted = {f"c{n}": FitStub(fit) for n, (_, fit) in enumerate(rows)}
    first = rank(PARK, field(companies, investments), fitted)
    chance.shuffle(companies)
    chance.shuffle(investments)
    assert rank(PARK, field(companies, investments), fitted) == first


def test_no_field_is_filled_from_the_park() -> None:
    row = one([investment(place=None)])
    assert row.destination is None
    assert row.seat is None
    assert "成都" not in repr(replace(row, park=""))


def test_swapping_the_park_changes_the_site() -> None:
    other = replace(PARK, slug="q", own_places=("武汉市",))
    plan = investment(site=Site.FIXED, place=THERE)
    assert rank(PARK, field([company()], [plan]), {"c1": FitStub(60)})[0].site is Site.ELSEWHERE
    assert rank(other, field([company()], [plan]), {"c1": FitStub(60)})[0].site is Site.LOCAL


def test_the_diary_says_which_reason_moved_the_row() -> None:
    before = one([investment(site=Site.FIXED, place=THERE)])
    now = replace(one([investment(site=Site.OPEN)]), priority_before=before.priority, tier_before=before.tier)
    assert "选址未定" in explain(before, now)
    assert moved(now) == "升"


def test_tiers_follow_the_printed_cuts() -> None:
    assert tier(w.TIER_A, w.TIER_A_FIT, Site.OPEN) is Tier.A
    assert tier(w.TIER_A, w.TIER_A_FIT - 1, Site.OPEN) is Tier.B
    assert tier(w.TIER_B - 1, 90, Site.OPEN) is Tier.C


def test_serial_expansion_counts_places_and_bad_news_counts_once_a_kind() -> None:
    two = [investment(ident="i1", place=HERE, site=Site.OPEN), investment(ident="i2", place=THERE, site=Site.FIXED)]
    assert any(r.code == "intent.serial" for r in intent(two, [], PARK, TODAY).reasons)
    many = [replace(bad(), url=f"http://x/{n}") for n in range(5)]
    assert sum(r.code.startswith("intent.bad") for r in intent(two, many, PARK, TODAY).reasons) == 1


@pytest.mark.parametrize(
    ("product", "plan", "said"),
    [
        ("精密减速器", None, "投资12亿元建设精密减速器"), ("西南", "年产30万台减速器", "投资12亿元建设年产30万台减速器"), ("第二", None, "投资12亿元建设新项目"),
        ("三大", "的智能", "投资12亿元建设新项目"), ("伺服系统量产", None, "投资12亿元建设新项目"), (None, None, "投资12亿元建设新项目"),
    ],
)
def test_a_stump_of_a_sentence_is_no_plan(product: str | None, plan: str | None, said: str) -> None:
    assert plan_sentence(replace(investment(), product=product, plan_words=plan)) == said
