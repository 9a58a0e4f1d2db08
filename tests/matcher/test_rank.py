"""Intent, evidence, priority and order: tables of cases and the properties that staff rely on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from plans import HERE, PARK, THERE, TODAY, FitStub, bad, company, field, investment, one

from matcher import weights as w
from matcher.diary import explain
from matcher.evidence import evidence
from matcher.intent import intent, site_for
from matcher.rank import rank, tier
from qingbao.model import (
    AdverseType,
    CompanyName,
    CompanyStatus,
    EventType,
    Exclusions,
    NameKind,
    Place,
    Sheet,
    Site,
    Stage,
    Tag,
    Tier,
    Trust,
)


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
    assert row.headline == "拟投资12亿元建设电机项目，选址未定；与本园电机产业匹配"


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


def test_tiers_follow_the_printed_cuts() -> None:
    assert tier(w.TIER_A, w.TIER_A_FIT, Site.OPEN) is Tier.A
    assert tier(w.TIER_A, w.TIER_A_FIT - 1, Site.OPEN) is Tier.B
    assert tier(w.TIER_B - 1, 90, Site.OPEN) is Tier.C


def test_serial_expansion_counts_places_and_bad_news_counts_once_a_kind() -> None:
    two = [investment(ident="i1", place=HERE, site=Site.OPEN), investment(ident="i2", place=THERE, site=Site.FIXED)]
    assert any(r.code == "intent.serial" for r in intent(two, [], PARK, TODAY).reasons)
    raised = [investment(ident="i1", site=Site.OPEN), investment(ident="i2", kind=EventType.FINANCING, site=Site.OPEN)]
    assert not any(r.code == "intent.serial" for r in intent(raised, [], PARK, TODAY).reasons)
    many = [replace(bad(), url=f"http://x/{n}") for n in range(5)]
    assert sum(r.code.startswith("intent.bad") for r in intent(two, many, PARK, TODAY).reasons) == 1


def test_a_plan_taken_back_says_so_and_is_never_tier_a() -> None:
    plan = investment(kind=EventType.RELOCATION, site=Site.LEAVING, wan=500_000, stage=Stage.PLANNED)
    ended = replace(bad(AdverseType.TERMINATION), investment_id="i1")
    row = one([plan], 100.0, [ended])
    assert row.tier is not Tier.A
    assert "该项目已终止" in row.headline
    assert "有坏消息" in row.marks


def test_the_end_of_one_project_leaves_the_open_one_alone() -> None:
    plans = [investment(ident="i1", site=Site.OPEN), investment(ident="i2", site=Site.FIXED, place=THERE)]
    ended = replace(bad(AdverseType.TERMINATION), investment_id="i2")
    assert one(plans, 60.0, [ended]).intent == one(plans, 60.0).intent
    assert "终止" not in one(plans, 60.0, [ended]).headline
    assert one(plans, 60.0, [replace(ended, investment_id=None)]).intent < one(plans, 60.0).intent


def test_a_report_after_the_end_takes_the_plan_up_again() -> None:
    ended = replace(bad(AdverseType.TERMINATION), investment_id="i1", day=date(2026, 9, 1))
    assert "终止" not in one([investment(day=date(2026, 9, 10))], 60.0, [ended]).headline
    assert "终止" in one([investment(day=date(2026, 8, 20))], 60.0, [ended]).headline


@pytest.mark.parametrize(
    ("rules", "rule"),
    [
        (Exclusions(words=("造纸",)), "排除词：造纸"), (Exclusions(industries=("电机",)), "排除产业：电机"), (Exclusions(places=("武汉市",)), "排除地区：武汉市"),
        (Exclusions(industries=("纸浆",)), "排除产业：纸浆"), (Exclusions(industries=("房地产开发",)), None),
        (Exclusions(companies=("企业c1",)), "排除企业：企业c1"), (Exclusions(words=("印染",), places=("成都市",)), None),
    ],
)
def test_exclusions_name_their_rule(rules: Exclusions, rule: str | None) -> None:
    park = replace(PARK, exclusions=rules)
    known = replace(field([company(seat=THERE)], [investment()]), texts={"c1": "主营造纸和纸浆"})
    row = rank(park, known, {"c1": FitStub(80)})[0]
    assert (row.sheet, row.note) == ((Sheet.EXCLUDED, rule) if rule else (Sheet.PROSPECTS, None))


def test_an_excluded_status_names_the_list() -> None:
    row = one([investment()], status=CompanyStatus.EXCLUDED, status_note="名单：高耗能企业")
    assert (row.sheet, row.note) == (Sheet.EXCLUDED, "名单：高耗能企业")


def test_target_firms_stand_by_fit_and_unknown_ones_as_with_twenty() -> None:
    listed = [company(f"c{n}", tags=(Tag(list="500强"),)) for n in range(4)]
    rows = rank(PARK, field(listed, []), {f"c{n}": FitStub(fit) for n, fit in enumerate([5.0, 90.0, 40.0, None])})
    assert [row.sheet for row in rows] == [Sheet.TARGETS] * 4
    assert [row.fit for row in rows] == [90.0, 40.0, 5.0, None]


def test_a_further_place_of_the_firm_is_no_destination() -> None:
    open_ = investment(site=Site.OPEN)
    seat = replace(open_.stated[0], article_url="http://x/older", site=Site.FIXED, place=THERE)
    row = one([replace(open_, stated=(*open_.stated, seat), place=THERE)])
    assert row.destination is None
    assert "武汉" not in row.headline


def test_weak_evidence_of_the_loudest_investment_lets_the_next_lead() -> None:
    loud = replace(investment(ident="i1", site=Site.OPEN, wan=None, trust=Trust.REPOST), site_quote=None)
    loud = replace(loud, stated=(replace(loud.stated[0], sure=0.4),))
    sure = investment(ident="i2", kind=EventType.COOPERATION, site=Site.OPEN, sources=3, trust=Trust.GOVERNMENT)
    assert evidence(loud)[1] == "D"
    row = one([loud, sure], 60.0)
    assert row.investments[0].id == "i2"
    assert row.priority > one([loud], 60.0).priority


def test_watched_firms_are_marked_whatever_their_fit() -> None:
    row = rank(PARK, field([company()], [investment()], watched=frozenset({"c1"})), {"c1": FitStub(1.0)})[0]
    assert (row.sheet, "关注名单" in row.marks) == (Sheet.PROSPECTS, True)


def test_all_names_of_a_firm_stand_in_its_row() -> None:
    names = (CompanyName(text="岚砥电机有限公司", kind=NameKind.FULL, source="x"), CompanyName(text="岚砥电机", kind=NameKind.SHORT, source="x"))
    assert one([investment()], names=names).names == ("岚砥电机有限公司", "岚砥电机")
