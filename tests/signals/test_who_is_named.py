"""Who is named: firms by stock code, announcement, neighbours in a list, by a word that stands for them; and who is no firm."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.read.signals import NameLists
from pipelines.read.signals.candidates import find_candidates
from pipelines.read.signals.entities import build, resolve
from pipelines.read.signals.parts import cut_document
from pipelines.read.signals.repeats import Repeats
from pipelines.read.signals_files import signals_line
from tests.signals.conftest import Read


def named(text: str) -> set[str]:
    """The names that the patterns find in a text, without any tagger or list of one's own."""
    document = cut_document("", text)
    return {c.text for c in resolve(document, find_candidates(document, NameLists.load([]), None))}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2023年2月8日,金禄声学(301999.SZ)公告,公司拟投资建厂。", "金禄声学"),
        ("超声材料(000999)10月9日晚间公告,公司拟投资2亿元。", "超声材料"),
        ("据悉,华兴机电公告,公司拟投资2亿元。", "华兴机电"),
        ("公司参股公司中电科技安岭电子有限公司拟扩产。", "中电科技安岭电子有限公司"),
        ("收到《关于核准中国岭华(集团)科技股份有限公司非公开发行股票的批复》。", "中国岭华(集团)科技股份有限公司"),
    ],
)
def test_listed_firms_of_everyday_words_are_names(text: str, name: str) -> None:
    assert name in named(text)


def test_bare_words_between_names_of_a_list_are_names() -> None:
    document = cut_document("", "竣工的有：永昶项目、南方建材项目、智能装备项目和砺舟机床项目。")
    siblings = [c.text for c in find_candidates(document, NameLists.load([]), None) if c.pattern == "sibling"]
    assert siblings == ["南方建材"]


@pytest.mark.parametrize(
    "text",
    [
        "公司与皖岭江北新兴产业集中区管委会签署《项目投资合同》。", "公司拟投资建设印制电路板（简称“PCB”）扩建项目。", "按照“一企一策”要求推进搬迁。",
        "统筹碳达峰碳中和目标，推动转移。",
    ],
)
def test_no_firms(text: str) -> None:
    assert named(text) <= {"PCB"}


@pytest.mark.parametrize(("span", "name"), [("由华沐能源", "华沐能源"), ("系岑安电力", "岑安电力"), ("像飞鹿鞋机", "飞鹿鞋机"), ("向日葵光能", "向日葵光能")])
def test_words_glued_before_a_name(span: str, name: str) -> None:
    from pipelines.read.signals.stops import trim

    left, right = trim(span)
    assert span[left:right] == name


def test_the_word_for_a_firm_stands_for_the_one_named_before() -> None:
    text = "在益岭阳光电子科技有限公司，待发货品堆满大厅。目前，公司正在扩建二期厂房。同日，安兴机械有限公司和岭东铸造有限公司也已复工。公司将新建厂房。"
    document = cut_document("", text)
    entities = build(document, resolve(document, find_candidates(document, NameLists.load([]), None)))
    standing = {entity.best_name: [m.sentence for m in entity.mentions if m.stands_for] for entity in entities}
    assert standing["益岭阳光电子科技有限公司"] == [1]
    assert not standing["安兴机械有限公司"]
    assert not standing["岭东铸造有限公司"]


def test_repeated_runs_are_marked_where_they_stand() -> None:
    first, second = "砺舟机床落户高新区", "砺舟机床计划扩产"
    marks = Repeats([first, second]).marks(first)
    assert any(mark.startswith("rs") for mark in marks[0])
    assert any(mark.startswith("re") for mark in marks[3])
    assert not marks[5]
    assert not any(Repeats([first]).marks(first))


def test_what_had_been_agreed_before_the_end_is_no_signal(read: Read) -> None:
    text = (
        "砺舟股份公告，公司与云岭市经开区管委会签订了项目终止协议书。公告显示，2020年3月25日，砺舟股份与云岭市经开区管委会签订《项目投资协议》，"
        "计划投资6亿元建设生产基地。"
    )
    assert not read(text).signals


@pytest.mark.parametrize(
    ("text", "wan"),
    [
        ("岳衡重工股份有限公司拟在云岭市建设生产基地，投资总额预计不超过人民币15 亿元。", 150_000.0),
        ("岳衡重工股份有限公司与云岭市政府签约，建设生产基地，总投资3000 万元。", 3_000.0),
    ],
)
def test_sums_with_a_blank_before_the_unit(read: Read, text: str, wan: float) -> None:
    assert [s.amount.value_wan for s in read(text).signals if s.amount] == [wan]


def test_an_item_of_a_round_up_takes_no_act_from_its_neighbour(read: Read) -> None:
    text = (
        "岳衡重工：拟3亿元收购砺舟机床60%股权\n岳衡重工10月8日公告，拟以3亿元收购砺舟机床60%股权，构成重大资产重组。\n"
        "青禾光电：拟3亿元设立基金主要投资于新兴行业\n青禾光电10月8日公告，岭华创业投资合伙企业认缴出资总额为3亿元，公司作为有限合伙人以自有资金认缴出资2.9亿元。"
    )
    assert not any("青禾" in s.mention for s in read(text, "10月8日晚间公告一览").signals)


def test_the_dial_turned_up_reports_only_what_is_surer(lists: NameLists) -> None:
    document = {"id": 1, "text": "2024年5月6日，岳衡重工股份有限公司与眉山市彭山区政府签约，拟投资3亿元建设生产基地。会后，砺舟机床也介绍了情况。"}
    found = [{s["company"] for s in signals_line(document, lists, cut_off)["signals"]} for cut_off in (0.0, 0.55, 1.0)]
    assert found[2] == set()
    assert found[1] == {"岳衡重工股份有限公司"}
    assert found[0] >= found[1]


def test_a_long_notice_is_looked_at_around_its_proof_only(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work for one firm does not grow with the length of the notice: 2,000 further lines are not asked for places."""
    from pipelines.read.signals import where

    asked: list[int] = []
    real = where._window

    def window(*given: Any) -> list[tuple[int, float]]:
        found = real(*given)
        asked.append(len(found))
        return found

    monkeypatch.setattr(where, "_window", window)
    notice = "建设单位：岳衡材料有限公司\n岳衡材料有限公司年产1万吨树脂项目环境影响报告书征求意见稿公示\n建设单位地址：临沂市沂水县化工园区\n"
    (signal,) = read(notice + "公众可以提出意见。\n" * 2000).signals
    assert signal.place is not None
    assert signal.place.district == "沂水县"
    assert max(asked) < 100
