"""The one sentence of a row: tables of plans and what staff read of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import HERE, PARK, THERE, investment, one

from matcher.intent import intent
from matcher.sentences import headline, plan_sentence, site_sentence
from qingbao.model import Amount, Bound, EventType, Investment, Place, Quote, Site, Stage, Stated
from qingbao.wording import amount_words, place_words, plan_stage, wanted_place

ABOUT_12 = Amount(text="约12亿元", value_wan=120_000, bound=Bound.ABOUT)


@pytest.mark.parametrize(
    ("kind", "stage", "product", "said"),
    [
        (EventType.EXPANSION, Stage.PLANNED, "电机", "拟投资约12亿元扩建电机产能"),
        (EventType.EXPANSION, Stage.BUILDING, "年新增产能12万台", "投资约12亿元扩产（年新增产能12万台）"),
        (EventType.EXPANSION, Stage.BUILDING, "内燃机扩产改造", "投资约12亿元实施内燃机扩产改造项目"),
        (EventType.EXPANSION, Stage.BUILDING, None, "投资约12亿元扩产"),
        (EventType.NEW_BUILD, Stage.PLANNED, "封测", "拟投资约12亿元建设封测项目"),
        (EventType.NEW_BUILD, None, "精密减速器生产线", "投资约12亿元建设精密减速器生产线"),
        (EventType.NEW_BUILD, None, "年产能60万千升", "投资约12亿元建设新项目（年产能60万千升）"),
        (EventType.SIGNING, Stage.SIGNED, "锂盐", "签约投资约12亿元建设锂盐项目"),
        (EventType.GROUND_BREAKING, Stage.STARTED, "锂电铜箔", "锂电铜箔项目开工（约12亿元）"),
        (EventType.PRODUCTION, Stage.PRODUCING, None, "项目投产（约12亿元）"),
        (EventType.EIA, Stage.APPROVED, "航空结构件", "航空结构件项目环评公示（约12亿元）"),
        (EventType.LAND, Stage.LAND, "中药饮片", "竞得土地（约12亿元），建设中药饮片项目"),
        (EventType.LAND, Stage.LAND, None, "竞得土地（约12亿元）"),
        (EventType.FINANCING, Stage.PLANNED, "人造石墨负极材料", "拟融资约12亿元（人造石墨负极材料）"),
        (EventType.RELOCATION, Stage.PLANNED, "伺服电机和控制器", "拟搬迁伺服电机和控制器产能（约12亿元）"),
        (EventType.TENDER_WON, Stage.SIGNED, "域控制器", "中标约12亿元订单（域控制器）"),
        (EventType.SUBSIDIARY, Stage.PLANNED, "电解铜箔", "拟设立子公司（电解铜箔，约12亿元）"),
        (EventType.HEADQUARTERS, Stage.LANDED, None, "布局总部或区域总部（约12亿元）"),
        (EventType.LISTING, Stage.COMPLETED, None, "上市（募资约12亿元）"),
        (EventType.COOPERATION, Stage.SIGNED, "智能手机", "开展战略合作（智能手机，约12亿元）"),
        (EventType.ACQUISITION, Stage.COMPLETED, None, "增资并购（约12亿元）"),
        (EventType.RECRUITING, Stage.RECRUITING, None, "大规模招聘"),
    ],
)
def test_what_it_plans(kind: EventType, stage: Stage | None, product: str | None, said: str) -> None:
    plan = replace(investment(kind=kind, stage=stage, site=Site.FIXED, place=THERE), product=product, amount=ABOUT_12)
    assert plan_sentence(plan) == said


def test_every_event_has_words_with_and_without_sum_and_product() -> None:
    for kind in EventType:
        for amount in (None, ABOUT_12):
            for product in (None, "电机"):
                said = plan_sentence(replace(investment(kind=kind, site=Site.FIXED), product=product, amount=amount))
                assert said
                assert "（）" not in said
                assert "None" not in said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Amount(text="1.5亿美元", value_wan=105_000, original_wan=15_000, currency="USD"), "投资1.5亿美元（约合10.5亿元）建设电机项目"),
        (Amount(text="二期3亿元", value_wan=30_000, part=True), "投资3亿元（项目一部分）建设电机项目"),
        (Amount(text="数千万元", value_wan=None), "投资数千万元建设电机项目"), (Amount(text="未说明的一笔资金", value_wan=None), "投资建设电机项目"),
        (Amount(text="不超过5亿元", value_wan=50_000, bound=Bound.AT_MOST), "投资不超过5亿元建设电机项目"), (None, "投资建设电机项目"),
    ],
)
def test_sums_are_told_as_the_text_tells_them(amount: Amount | None, said: str) -> None:
    assert plan_sentence(replace(investment(site=Site.FIXED), product="电机", amount=amount)) == said


def test_brackets_never_stand_in_brackets() -> None:
    part = Amount(text="1亿美元", value_wan=70_000, original_wan=10_000, currency="USD", part=True)
    assert plan_sentence(replace(investment(kind=EventType.PRODUCTION, site=Site.FIXED), amount=part)) == "项目投产（1亿美元，约合7亿元，项目一部分）"


@pytest.mark.parametrize(
    ("product", "plan", "quote", "said"),
    [
        ("精密减速器", None, "拟建精密减速器厂", "精密减速器项目"), ("西南", "年产30万台减速器", "", "年产30万台减速器项目"), ("第二", None, "", "新项目"),
        ("三大", "的智能", "", "新项目"), ("伺服系统量产", None, "", "新项目"), (None, None, "", "新项目"), ("生产高压连接器", None, "", "高压连接器项目"),
        # a piece of a word: 产能|规划, 福建省
        ("能规划", None, "公司的产能规划已经公布。", "新项目"), ("省福州市建材", None, "拟在福建省福州市建材城投资。", "新项目"), ("采用先进技术", None, "", "新项目"),
        ("张高等级覆铜板", None, "年产1500万张高等级覆铜板项目", "高等级覆铜板项目"), ("台灯", None, "", "台灯项目"), ("片剂和胶囊", None, "", "片剂和胶囊项目"),
        # the title has other words than the quote: nothing speaks against it
        ("锂盐", None, "双方签署协议。", "锂盐项目"),
    ],
)
def test_a_stump_of_a_sentence_is_no_plan(product: str | None, plan: str | None, quote: str, said: str) -> None:
    one_ = replace(investment(site=Site.FIXED, quote=quote), product=product, plan_words=plan)
    assert plan_sentence(one_) == f"投资12亿元建设{said}"


@pytest.mark.parametrize(
    ("site", "place", "origin", "said"),
    [
        (Site.OPEN, None, None, "选址未定"), (Site.OPEN, HERE, None, "选址未定（意向四川省成都市）"), (Site.LEAVING, None, THERE, "将迁出湖北省武汉市，去处未定"),
        (Site.LEAVING, None, None, "将迁出现址，去处未定"), (Site.ELSEWHERE, THERE, None, "已定在湖北省武汉市"), (Site.ELSEWHERE, None, None, "地点已定但未披露"),
        (Site.LOCAL, HERE, None, "在本地（四川省成都市）"), (Site.LOCAL, None, None, "在本地"), (Site.NONE, None, None, "未涉及用地"),
    ],
)
def test_whether_the_site_can_be_won(site: Site, place: Place | None, origin: Place | None, said: str) -> None:
    own = Site.FIXED if site in {Site.ELSEWHERE, Site.LOCAL} else site
    assert site_sentence(site, replace(investment(site=own, place=place), place_from=origin)) == said


@pytest.mark.parametrize(
    ("fit", "link", "said"),
    [
        (62.0, "电机", "与本园“电机”环节匹配"), (30.0, None, "与本园电机产业匹配"), (29.9, "电机", "与本园“电机”环节相关"), (9.9, "电机", "与本园产业关联弱"),
        (None, None, "企业资料不足，匹配度未知"),
    ],
)
def test_which_link_it_meets(fit: float | None, link: str | None, said: str) -> None:
    assert headline(intent([investment()], [], PARK, investment().last_day), PARK, "电机", link, fit).endswith(f"；{said}")  # type: ignore[arg-type]


def test_an_open_project_beside_the_leading_one_is_told() -> None:
    weak = replace(investment(ident="i1", site=Site.OPEN, wan=None, kind=EventType.COOPERATION), site_quote=None)
    weak = replace(weak, stated=(replace(weak.stated[0], sure=0.4, quote=None, day=None),), last_day=None)
    fixed = investment(ident="i2", site=Site.FIXED, place=THERE, sources=3)
    row = one([weak, fixed], 22.0)
    assert row.site is Site.OPEN
    assert ("另有项目选址未定" in row.headline) == (row.investments[0].id == "i2")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(province="四川省", city="乐山市", zone="四川省乐山市高新区"), "四川省乐山市高新区"), (Place(province="四川省", city="绵阳市", zone="绵阳市经开区"), "四川省绵阳市经开区"),
        (Place(province="重庆市", city="重庆市", district="永川区"), "重庆市永川区"), (Place(country="越南", city="北宁"), "越南北宁"), (Place(text="西南地区"), "西南地区"),
        (None, None), (Place(), None),
    ],
)
def test_no_level_of_a_place_is_told_twice(place: Place | None, words: str | None) -> None:
    assert place_words(place) == words


def test_a_plan_without_a_place_has_not_begun() -> None:
    assert plan_stage(investment(site=Site.OPEN, stage=Stage.PRODUCING)) is Stage.PLANNED
    assert plan_stage(investment(site=Site.OPEN, stage=Stage.SIGNED)) is Stage.SIGNED
    assert plan_stage(investment(site=Site.FIXED, stage=Stage.PRODUCING)) is Stage.PRODUCING
    assert plan_stage(investment(site=Site.OPEN)) is None


def test_a_wanted_place_is_told_with_the_open_site() -> None:
    def told(site: Site, place: Place | None) -> Stated:
        return Stated(article_url="http://x/1", day=None, signal_key="s", site=site, place=place, quote=Quote(text="…"))

    def plan(*stated: Stated) -> Investment:
        return replace(investment(place=THERE), stated=stated)

    assert wanted_place(plan(told(Site.OPEN, None), told(Site.FIXED, THERE))) is None
    assert wanted_place(plan(told(Site.FIXED, THERE), told(Site.OPEN, HERE))) == HERE
    assert wanted_place(replace(plan(told(Site.FIXED, THERE)), site=Site.FIXED)) == THERE


def test_unknown_sums_have_no_words() -> None:
    assert amount_words(None) is None
    assert amount_words(Amount(text="", value_wan=None)) is None


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=60), st.sampled_from(list(EventType)), st.sampled_from(list(Site)))
def test_whatever_was_read_makes_a_sentence(product: str, plan: str, quote: str, kind: EventType, site: Site) -> None:
    made = replace(investment(kind=kind, site=site, quote=quote), product=product, plan_words=plan, amount=Amount(text=quote, value_wan=None))
    said = plan_sentence(made)
    assert said
    assert len(said) < 100
