"""One invented text per kind of trouble, read to the end."""

from pathlib import Path

import pytest

from pipelines.read.signals import NameLists, read_signals
from pipelines.read.signals_files import signals_line
from qingbao.errors import UsageError
from qingbao.model import AdverseType, EventType, RelationType, Site, Stage
from tests.signals.conftest import Read


def test_a_signing_with_all_its_fields(read: Read) -> None:
    text = "6月3日，青禾光学股份有限公司（下称“青禾光学”）与安徽省滁州市全椒县人民政府签订投资协议，拟投资12亿元在全椒经济开发区建设车载镜头生产基地，占地约200亩，新增就业300人。"
    (signal,) = read(text).signals
    assert signal.mention == "青禾光学股份有限公司"
    assert "青禾光学" in signal.names
    assert (signal.event_type, signal.stage) == (EventType.SIGNING, Stage.SIGNED)
    assert signal.amount is not None
    assert signal.amount.value_wan == 120000
    assert signal.place is not None
    assert (signal.place.province, signal.place.city, signal.place.district) == ("安徽省", "滁州市", "全椒县")
    assert signal.site is Site.FIXED
    assert (signal.land_mu, signal.jobs) == (200, 300)
    for quote in (signal.quote, signal.amount_quote, signal.place_quote, signal.site_quote):
        assert quote is not None
        assert quote.text == text[quote.start : quote.end]
    assert "企业全称" in signal.found_by


def test_share_prices_inside_a_name_are_taken_out(read: Read) -> None:
    reading = read("青禾光学(76.950,0.81,1.06%)股份有限公司(688001)拟在四川省眉山市投资3亿元建设镜片项目。")
    assert [s.mention for s in reading.signals] == ["青禾光学股份有限公司"]


def test_brackets_inside_a_name(read: Read) -> None:
    found = {s.mention for s in read("6月4日，岚砺（中国）装备技术有限公司、岭东佑禾药业（集团）有限责任公司分别与四川省泸州市江阳区、纳溪区签订投资协议，将建设特种车辆和中药饮片项目。").signals}
    assert found == {"岚砺（中国）装备技术有限公司", "岭东佑禾药业（集团）有限责任公司"}


def test_traditional_characters_and_radicals(read: Read) -> None:
    (signal,) = read("宸禾電子股份有限公司董事會6月8日通過議案，將投資人民幣6.5億元，擴充江蘇省常熟市工廠的車用印刷電路板產能。").signals
    assert signal.mention == "宸禾電子股份有限公司"  # as written
    assert signal.place is not None
    assert signal.place.city == "苏州市"
    (signal,) = read("6⽉12⽇，岚川光电在陕⻄省⻄安市⻓安区的新⼚开⼯建设，项⽬总投资5.5亿元。", "岚川光电⻓安新厂开⼯").signals
    assert signal.place is not None
    assert (signal.place.city, signal.place.district) == ("西安市", "长安区")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("眉山集中签约32个项目", "5月9日，眉山市举行集中签约仪式，现场签约项目32个，总投资286亿元。"),  # totals are nobody's
        ("", "今年以来，全市新签约亿元以上项目136个，完成固定资产投资980亿元，同比增长9%。"),
        ("消息称青砾动力考虑在贵阳建厂", "有市场消息称，青砾动力有意在贵阳建设储能电池工厂，投资或达50亿元。公司证券部表示，对市场传闻不予置评。"),
        ("", "会议强调，要进一步优化营商环境，推动产业高质量发展，抓好招商引资工作。"),
        ("", ""),
    ],
)
def test_nothing_to_report(read: Read, title: str, text: str) -> None:
    assert read(text, title).signals == ()


def test_one_firms_sum_among_totals(read: Read) -> None:
    text = "5月9日，四川省眉山市举行招商引资项目集中签约仪式，现场签约项目32个，总投资286亿元。其中，砺禾精密制造有限公司投资8亿元，在眉山高新区建设压铸件生产基地。今年以来，全市新签约项目投资额累计突破700亿元。"
    amounts = [s.amount.value_wan for s in read(text, "眉山二季度集中签约32个项目").signals if s.amount]
    assert amounts == [80000]


def test_lists_in_the_same_order_are_paired(read: Read) -> None:
    text = "岚禾光电、砺舟机床、霁川药业三家企业分别与玉林市、钦州市、百色市签约，计划投资5亿元、3.2亿元和1.8亿元。"
    got = {s.mention: (s.amount.value_wan if s.amount else None, s.place.city if s.place else None) for s in read(text).signals}
    wanted = {"岚禾光电": (50000, "玉林市"), "砺舟机床": (32000, "钦州市"), "霁川药业": (18000, "百色市")}
    assert got
    assert all(wanted[name] == fields for name, fields in got.items())


def test_a_firm_without_a_sum_does_not_take_its_neighbours(read: Read) -> None:
    text = "6月3日，霁禾光学股份有限公司与安徽省滁州市全椒县签订投资协议，建设车载镜头项目，投资额未予披露。同日，总投资15亿元的岳禾重工智能装备产业园在全椒经济开发区开工。"
    got = {s.mention: s.amount.value_wan if s.amount else None for s in read(text, "全椒县两个项目同日推进").signals}
    assert got == {"霁禾光学股份有限公司": None, "岳禾重工": 150000}


def test_money_raised_for_capacity_without_a_place_is_open(read: Read) -> None:
    text = "先进封装企业霁芯半导体日前宣布完成2亿元B轮融资。本轮融资由启禾创投领投，沱川产业基金跟投。公司表示，资金将用于新建晶圆级封装产线，产线选址将于年内确定。"
    (signal,) = read(text, "霁芯半导体完成B轮融资").signals
    assert signal.mention == "霁芯半导体"  # and not the funds
    assert (signal.event_type, signal.site) == (EventType.FINANCING, Site.OPEN)
    assert signal.site_quote is not None


def test_a_forced_move_without_a_destination_is_leaving(read: Read) -> None:
    text = "按照江苏省镇江市沿江化工企业关改搬转方案，位于京口区的澄禾精细化工有限公司须在2027年底前完成搬迁。公司负责人表示，准备异地重建年产3万吨医药中间体装置，新厂址尚未确定。"
    (signal,) = read(text, "沿江化工企业搬迁进入倒计时").signals
    assert (signal.event_type, signal.site) == (EventType.RELOCATION, Site.LEAVING)
    assert signal.place is None  # where it is now is no destination


def test_abroad_has_no_chinese_city(read: Read) -> None:
    (signal,) = read("岚禾电子科技股份有限公司公告，拟在泰国巴真府投资15亿元新建印制电路板工厂。").signals
    assert signal.place is not None
    assert (signal.place.country, signal.place.city, signal.site) == ("泰国", None, Site.FIXED)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("岳禾重工公告，终止在德阳市投资建设阀门产业园的计划。", "岳禾重工", AdverseType.TERMINATION),
        ("砺川新材料有限公司因资不抵债，已向法院申请破产清算。", "砺川新材料有限公司", AdverseType.INSOLVENCY),
        ("霁禾光学股份有限公司因信息披露违规被证监局处以罚款300万元。", "霁禾光学股份有限公司", AdverseType.FINE),
        ("青禾电子宣布裁员500人。", "青禾电子", AdverseType.LAYOFF),
    ],
)
def test_bad_news_is_no_signal(read: Read, text: str, name: str, kind: AdverseType) -> None:
    reading = read(text)
    assert reading.signals == ()
    assert [(a.mention, a.kind) for a in reading.adverse] == [(name, kind)]
    assert reading.adverse[0].quote.text in text


def test_relations_where_a_sentence_states_them(read: Read) -> None:
    text = "砺舟精密制造有限公司是岳禾重工股份有限公司的全资子公司。霁禾光学股份有限公司为青川汽车集团供货车载镜头。"
    got = {(r.kind, r.subject, r.object) for r in read(text).relations}
    assert got == {
        (RelationType.PARENT, "岳禾重工股份有限公司", "砺舟精密制造有限公司"),
        (RelationType.SUPPLIER, "霁禾光学股份有限公司", "青川汽车集团"),
    }


def test_an_eia_notice(read: Read) -> None:
    text = "项目名称：年产5万吨锂盐项目\n建设单位：岚禾锂业科技有限公司\n建设地点：四川省广安市前锋区\n环境影响评价机构：川禾环境技术咨询有限公司\n总投资：3580.6万元"
    (signal,) = read(text, "岚禾锂业环境影响报告书征求意见稿公示").signals
    assert signal.mention == "岚禾锂业科技有限公司"
    assert (signal.event_type, signal.site) == (EventType.EIA, Site.FIXED)
    assert signal.amount is not None
    assert signal.amount.value_wan == 3580.6


def test_a_roundup_is_read_item_by_item(read: Read) -> None:
    text = (
        "沪深两市多家公司晚间发布公告。\n岚禾光电：拟在眉山投资5亿元建设镜片项目\n岚禾光电公告，公司拟在四川省眉山市投资5亿元建设镜片项目。\n"
        "砺舟机床：中标1.2亿元设备采购项目\n砺舟机床公告，公司中标某集团机床设备采购项目，中标金额1.2亿元。"
    )
    got = {s.mention: (s.event_type, s.amount.value_wan if s.amount else None) for s in read(text, "晚间公告汇总").signals}
    assert got == {"岚禾光电": (EventType.NEW_BUILD, 50000), "砺舟机床": (EventType.TENDER_WON, 12000)}


def test_the_dial_reports_fewer(lists: NameLists) -> None:
    text = "岚禾光电、砺舟机床等企业的项目昨日集中开工。霁川药业股份有限公司拟投资3亿元在眉山建厂。"
    counts = [len(read_signals(url="u", title="", text=text, published_at=None, lists=lists, cut_off=c).signals) for c in (0.0, 0.5, 1.01)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] == 0


def test_reading_twice_gives_the_same_keys(read: Read) -> None:
    text = "岚禾光电股份有限公司拟在四川省眉山市投资5亿元建设镜片项目。"
    assert read(text).signals == read(text).signals


def test_lists_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("企业名称,简称\n云岭白鹭山货有限公司,白鹭山货\n", encoding="gb18030")
    lists = NameLists.load([path])
    assert "白鹭山货" in lists
    assert lists.full_of["白鹭山货"] == "云岭白鹭山货有限公司"
    assert "白鹭山货" in [n for _, _, n in lists.find("昨日，白鹭山货签约")]


def test_a_list_without_names_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("年份,行业\n2026,电子\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"bad\.csv"):
        NameLists.load([path])
    with pytest.raises(UsageError, match="absent"):
        NameLists.load([tmp_path / "absent.csv"])


def test_the_line_that_the_command_prints(lists: NameLists) -> None:
    line = signals_line({"id": 7, "title": None, "text": "岚禾光电股份有限公司拟在四川省眉山市投资5亿元建设镜片项目。", "published_at": "2026-06-10"}, lists)
    assert line["id"] == 7
    (signal,) = line["signals"]
    assert (signal["company"], signal["event_type"], signal["site"], signal["amount_cny_wan"]) == ("岚禾光电股份有限公司", "新建", "fixed", 50000)
    assert signal["place"]["city"] == "眉山市"
    assert signals_line({}, lists)["signals"] == []
    assert signals_line({"id": "x", "text": 5, "published_at": "gestern"}, lists)["id"] == "x"


def test_the_raised_sum_counts(read: Read) -> None:
    text = "浙江岚垣储能科技有限公司与遂宁市有关方面签订补充协议，将双方此前约定的储能电池生产基地项目总投资由20亿元增加至26亿元，建设地点不变。"
    (signal,) = read(text, "岚垣储能遂宁项目签订补充协议 投资额增至26亿元").signals
    assert signal.amount is not None
    assert signal.amount.value_wan == 260000


def test_the_word_for_the_firm_stands_for_it(read: Read) -> None:
    text = "湖南沣禾循环科技有限公司去年处理了2.2万吨退役电池。\n公司准备在川渝再建一座年处理5万吨的动力电池回收工厂，投资约4亿元，“哪个园区能拿出指标，我们就去哪个园区”。"
    (signal,) = read(text, "沣禾循环：电池回收的生意为什么要靠近电池厂").signals
    assert signal.mention == "湖南沣禾循环科技有限公司"
    assert signal.site is Site.OPEN
    assert "公司" not in signal.names
