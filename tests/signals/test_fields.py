"""Fields of a signal in invented sentences: the project's place, its product, further projects, what is called off or denied, stated customers."""

from __future__ import annotations

import unicodedata

import pytest

from pipelines.read.signals.product import products_of
from qingbao.model import AdverseType, EventType, RelationType, Site
from tests.signals.conftest import Read


@pytest.mark.parametrize(
    ("text", "city"),
    [
        # where a firm comes from, where it met, what it gives up, where its shares trade: none of them is the project's
        ("来自江苏的岚禾纺织股份有限公司在新疆阿克苏市投资6亿元建设紧密纺项目。", "阿克苏地区"),
        ("在合肥举行的储能产业大会上，岚禾新能源股份有限公司宣布在湖北省荆门市投资8亿元建设电芯工厂。", "荆门市"),
        ("岚禾轮胎股份有限公司拟在宁夏石嘴山市扩建全钢胎产线，投资9亿元，同步关停山东广饶老线。", "石嘴山市"),
        ("岚禾新材料股份有限公司公告，将募投项目“年产6000吨中间体项目”实施地点由常州变更至绵阳高新区，项目总投资3亿元。", "绵阳市"),
        ("岚禾生物科技股份有限公司在香港联交所主板上市，募资6亿港元。", None),
        # a list under one place belongs to it, another firm's place does not
        ("位于广东佛山的岚禾电器股份有限公司工厂和位于江苏仪征的霁川汽车股份有限公司工厂同日开工，总投资分别为3亿元和5亿元。", "佛山市"),
        ("德国岚禾阀门有限公司与四川省泸州市江阳区签订投资协议，投资1亿元建设调节阀项目。", "泸州市"),
    ],
)
def test_the_place_of_the_project(read: Read, text: str, city: str | None) -> None:
    signal = next(s for s in read(text).signals if "岚禾" in s.mention)
    assert (signal.place.city if signal.place else None) == city


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("公司主要生产高阶HDI板、封装基板等产品。", "高阶HDI板、封装基板"),
        ("项目年产10万吨磷酸铁锂，总投资35亿元。", "磷酸铁锂"),
        ("拟投资3亿元建设两座钠离子电池工厂。", "钠离子电池"),
        ("公司计划新建一座控制器工厂，地点尚无定论。", "控制器"),
        # stumps that say nothing to staff
        ("公司拟投资8亿元建设西南基地。", None),
        ("公司拟投资3.6亿元建设第二生产基地。", None),
        ("终止事项不会对公司生产经营产生重大影响。", None),
        ("生产基地在安徽省滁州市开工。", None),
        ("三大制造基地将于年内建成。", None),
        ("", None),
    ],
)
def test_what_is_made(text: str, product: str | None) -> None:
    assert next(iter(products_of(unicodedata.normalize("NFKC", text))), None) == product


def test_what_stands_behind_the_name_is_the_product_too() -> None:
    assert products_of("", "阀门项目投资2.1亿元") == ["阀门"]
    assert products_of("建设名匠岩板生产线", names=("名匠",)) == ["岩板"]


def test_a_next_project_that_is_open_beside_one_that_is_done(read: Read) -> None:
    text = (
        "岚禾隔膜科技有限公司荆门工厂二期11月19日投产，二期投资8.5亿元。\n"
        "投产当天，岚禾隔膜总经理表示，公司还将建设三期，不会再放在荆门，目前正与四川、云南多地洽谈，三期拟投资11亿元，地点未定。"
    )
    got = {(s.site, s.amount.value_wan if s.amount else None, s.place.city if s.place else None) for s in read(text, "岚禾隔膜荆门二期投产").signals}
    assert got == {(Site.FIXED, 85000, "荆门市"), (Site.OPEN, 110000, None)}


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        (
            "岚禾重工终止12亿元产业园项目",
            "岚禾重工股份有限公司11月20日公告称，公司与济宁市签订的产业园项目投资协议已于近日解除，双方互不承担违约责任。\n该项目原计划总投资12亿元，公司决定终止该项目投资。",
            AdverseType.TERMINATION,
        ),
        (
            "岚禾半导体否认赴西部建厂传闻",
            "针对近日有自媒体称“岚禾半导体将斥资50亿元在西部建设晶圆厂”，岚禾半导体有限公司11月22日发布声明，称上述消息不属实，公司没有在西部建设晶圆厂的计划。",
            AdverseType.DENIAL,
        ),
    ],
)
def test_what_is_called_off_or_denied_is_no_signal(read: Read, title: str, text: str, kind: AdverseType) -> None:
    reading = read(text, title)
    assert reading.signals == ()
    assert kind in {a.kind for a in reading.adverse}


def test_a_new_plan_told_beside_a_called_off_one_stays(read: Read) -> None:
    text = "岚禾钛业股份有限公司公告，拟投资6亿元在四川省攀枝花市新建海绵钛生产线，同时终止收购霁川矿业股权。"
    (signal,) = read(text).signals
    assert signal.event_type is EventType.NEW_BUILD
    assert signal.amount is not None
    assert signal.amount.value_wan == 60000


def test_a_plan_of_years_is_the_firms_own_sum(read: Read) -> None:
    (signal,) = read("岚禾电池股份有限公司发布产能规划：未来两年计划总投资约30亿元，在成渝地区建设两座钠离子电池工厂，具体选址待定。", "岚禾电池计划建两座工厂").signals
    assert signal.amount is not None
    assert (signal.amount.value_wan, signal.site) == (300000, Site.OPEN)


def test_a_customer_stated_behind_the_name(read: Read) -> None:
    relations = read("霁川精密传动有限公司是岚禾齿轮股份有限公司最大的客户。").relations
    assert [(r.kind, r.subject, r.object) for r in relations] == [(RelationType.CUSTOMER, "霁川精密传动有限公司", "岚禾齿轮股份有限公司")]


@pytest.mark.parametrize(
    "words",
    [
        "厂址尚未选定", "地点尚无定论", "目前还没有与任何园区签约", "正在看的地方有四个", "公司没有透露基地的地点", "选址意向在西南地区，目前还在与几个地方洽谈",
        "具体放在哪个省还没想好", "公司表示要找一个能长期待下去的地方", "将从四川、湖南、江西三省中选一处", "选址结果预计12月公布", "公司计划年内确定落址", "重庆、成都周边都会考虑",
    ],
)
def test_ways_to_say_that_the_place_is_open(read: Read, words: str) -> None:
    signals = read(f"岚禾精密股份有限公司拟投资4亿元新建一座控制器工厂。{words}。", "岚禾精密拟投资4亿元新建控制器工厂").signals
    assert [s.site for s in signals] == [Site.OPEN]


@pytest.mark.parametrize(
    "text",
    [
        "霁川涂料股份有限公司已与江苏省泰兴市签约，投资3亿元建设涂料项目，岚禾涂料股份有限公司仍在观望。",
        "经过多轮考察比选，霁川涂料股份有限公司最终选定江苏省泰兴市，投资3亿元建设涂料项目。",
        "霁川涂料股份有限公司11月4日宣布，华东基地落户江苏省泰兴市，投资3亿元。",
    ],
)
def test_another_firms_search_or_a_search_that_is_over_leaves_it_fixed(read: Read, text: str) -> None:
    signal = next(s for s in read(text).signals if "霁川" in s.mention)
    assert (signal.site, signal.place.city if signal.place else None) == (Site.FIXED, "泰州市")
