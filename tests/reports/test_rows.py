"""A prospect in Chinese words: what is unknown says 未披露, nothing is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prospect_samples import CHANGZHOU, CHONGQING, SUZHOU, many, prospect, standing, verdict

from qingbao.model import Amount, Bound, Place, Reason, Sheet, Site, Stated, Tier
from reports.cells import one_line, plain, web_url
from reports.rows import (
    amount_words,
    best_reasons,
    destination_words,
    filled_mark,
    latest_verdicts,
    make_row,
    make_rows,
    movement,
    parse_row_id,
    place_words,
    points,
    signed,
)


@pytest.mark.parametrize(("amount", "words"), [
    (None, "未披露"),
    (Amount(text="12亿元", value_wan=120_000), "12亿元"),
    (Amount(text="约1.25亿元", value_wan=12_500, bound=Bound.ABOUT), "约1.25亿元"),
    (Amount(text="不超过8500万元", value_wan=8_500, bound=Bound.AT_MOST), "不超过8500万元"),
    (Amount(text="超3000万元", value_wan=3_000, bound=Bound.MORE_THAN), "超3000万元"),
    (Amount(text="数亿元", value_wan=None), "数亿元"),
    (Amount(text="1亿美元", value_wan=70_000, currency="USD", original_wan=10_000), "1亿美元（约合7亿元）"),
    (Amount(text="500万马克", value_wan=None, currency="DEM", original_wan=500), "500万DEM"),
    (Amount(text="一期3亿元", value_wan=30_000, part=True), "3亿元（项目一部分）"),
])
def test_amount(amount: Amount | None, words: str) -> None:
    assert amount_words(amount) == words


@pytest.mark.parametrize(("place", "words"), [
    (None, None),
    (Place(), None),
    (SUZHOU, "江苏省苏州市吴江区"),
    (CHONGQING, "重庆市永川区"),
    (Place(province="上海市", city="上海市"), "上海市"),
    (Place(country="越南", text="越南北宁省"), "越南"),
    (Place(country="越南", city="北宁"), "越南北宁"),
    (Place(text="西南地区"), "西南地区"),
    (Place(province="四川省", city="云岭市", zone="云岭经济技术开发区"), "四川省云岭市云岭经济技术开发区"),
])
def test_place(place: Place | None, words: str | None) -> None:
    assert place_words(place) == words


@pytest.mark.parametrize(("site", "place", "words"), [
    (Site.OPEN, None, "未定"),
    (Site.OPEN, CHONGQING, "拟：重庆市永川区"),
    (Site.LEAVING, None, "迁出：江苏省常州市；去向未定"),
    (Site.LEAVING, CHONGQING, "迁出：江苏省常州市；去向拟：重庆市永川区"),
    (Site.LEAVING, CHANGZHOU, "迁出：江苏省常州市；去向未定"),
    (Site.ELSEWHERE, CHONGQING, "已定：重庆市永川区"),
    (Site.ELSEWHERE, None, "未披露"),
    (Site.LOCAL, None, "本地"),
    (Site.NONE, None, "未披露"),
    (Site.NONE, CHONGQING, "重庆市永川区"),
])
def test_destination(site: Site, place: Place | None, words: str) -> None:
    assert destination_words(prospect(site=site, destination=place, origin=CHANGZHOU)) == words


@pytest.mark.parametrize(("before", "tier_before", "now", "tier", "moved"), [
    (None, None, 50.0, Tier.B, "新增"),
    (50.0, Tier.B, 54.9, Tier.B, None),
    (50.0, Tier.B, 55.0, Tier.B, "升"),
    (50.0, Tier.B, 45.0, Tier.B, "降"),
    (64.0, Tier.B, 66.0, Tier.A, "升"),
    (66.0, Tier.A, 65.9, Tier.B, "降"),
    # the tier speaks louder than the points: less priority, but the site opened
    (66.0, Tier.B, 64.0, Tier.A, "升"),
])
def test_movement(before: float | None, tier_before: Tier | None, now: float, tier: Tier, moved: str | None) -> None:
    assert movement(prospect(priority=now, tier=tier, priority_before=before, tier_before=tier_before)) == moved


def test_numbers_round_half_up_and_minus_is_a_minus() -> None:
    assert [points(v) for v in (0.0, 64.49, 64.5, 65.5, 100.0)] == [0, 64, 65, 66, 100]
    assert [signed(v) for v in (12.4, -2.5, 0.2, -0.2)] == ["+12", "−3", "0", "0"]


def test_best_reasons_are_the_weightiest_and_never_the_formula() -> None:
    told = best_reasons(prospect().reasons)
    assert [r.points for r in told] == [52.0, 32.0, 30.0, 28.0]
    minus = Reason(number="intent", points=-60.0, text="已签约落户外地")
    assert best_reasons((*prospect().reasons, minus))[0] == minus
    clip = Reason(number="intent", points=40.0, text="下限 0 分", code="intent.clip")
    assert clip not in best_reasons((*prospect().reasons, clip), 99)
    assert all(r.number != "priority" for r in best_reasons(prospect().reasons, 99))


def test_unknown_says_so() -> None:
    row = make_row(standing()[3], 1)
    assert (row.amount, row.seat, row.industry, row.fit, row.stage, row.url) == ("未披露", "未披露", "未披露", None, "未披露", None)


def test_second_investment_is_told() -> None:
    assert make_row(standing()[2], 1).amount == "50亿元，另有1项"


def test_rows_are_numbered_by_sheet() -> None:
    rows = make_rows(standing(), Sheet.PROSPECTS)
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [row.company for row in make_rows(standing(), Sheet.EXCLUDED)] == ["某某化工集团有限公司"]


def test_row_id_comes_back() -> None:
    row = make_row(prospect(7), 1, verdict=verdict("c0007", "在谈", "下周来访"))
    assert parse_row_id(row.row_id) == ("yunling", "c0007", "r0001", filled_mark("在谈", "下周来访"))
    assert parse_row_id("'" + row.row_id) is not None
    assert filled_mark("在谈", "下周来访") != filled_mark("在谈", "")
    for broken in ("", "qb1/yunling//r/x", "qb1/a/b/c", "第一行", row.row_id[1:]):
        assert parse_row_id(broken) is None


def test_latest_verdict_by_unit() -> None:
    given_ones = [verdict("c1", "在谈", hour=5), verdict("c1", "已联系", hour=1), verdict("c1", "不合适", unit="office", hour=7)]
    assert latest_verdicts(given_ones)["yunling", "c1"].judgement == "不合适"
    assert latest_verdicts(given_ones, "machines")["yunling", "c1"].judgement == "在谈"
    later = replace(given_ones[0], at=datetime(2026, 11, 26, tzinfo=UTC), judgement=None)
    assert latest_verdicts([*given_ones, later], "machines")["yunling", "c1"].judgement is None


@pytest.mark.parametrize(("url", "kept"), [
    ("https://a.example/x?y=1&z=2", True),
    ("HTTP://a.example/", True),
    (" http://a.example/ ", True),
    ("javascript:alert(1)", False),
    ("data:text/html,x", False),
    ("file:///etc/passwd", False),
    ("//a.example/x", False),
    ("http://", False),
    ("https://a.example/\"onclick=x", False),
    ("https://a.example/a b", False),
    ("https://user@a.example/", False),
    ("https://[::1", False),
    ("https://a.example/" + "x" * 3000, False),
    ("java\u0000script:alert(1)", False),
    (None, False),
])
def test_only_web_links(url: str | None, kept: bool) -> None:
    assert (web_url(url) is not None) is kept


@given(st.text(st.characters(), max_size=200))
def test_plain_text_fits_every_format(text: str) -> None:
    cleaned = plain(text)
    cleaned.encode("utf-8")
    assert not any(c in cleaned for c in "\r\x00\x0b\u202e\ufeff")
    assert "\n" not in one_line(text)
    assert plain(cleaned) == cleaned


def test_bounds() -> None:
    assert plain("字" * 50, 10) == "字" * 9 + "…"
    assert len(one_line("字 " * 5000, 300)) == 300
    assert len({p.company_id for p in many(60)}) == 60


def test_the_day_beside_the_link_is_that_of_the_article() -> None:
    told = prospect()
    older = Stated(article_url="https://news.example/a/1.html", day=date(2026, 11, 20), signal_key="s")
    newer = Stated(article_url="https://news.example/a/2.html", day=date(2026, 11, 23), signal_key="t")
    row = make_row(replace(told, investments=(replace(told.investments[0], stated=(newer, older)),)), 1)
    assert (row.day, row.quote_day) == (date(2026, 11, 23), date(2026, 11, 20))
    assert make_row(told, 1).quote_day == told.last_day
