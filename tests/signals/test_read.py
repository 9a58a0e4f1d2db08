"""One invented text per kind of trouble, read to the end."""

import pytest

from pipelines.read.signals import NameLists, SignalReading, read_signals
from qingbao.model import EventType, Site


@pytest.fixture(scope="session")
def lists() -> NameLists:
    return NameLists.load([])


def read(lists: NameLists, text: str, title: str = "") -> SignalReading:
    return read_signals(url="http://x.example/1", title=title, text=text, published_at=None, lists=lists)


def test_a_signing_with_all_its_fields(lists: NameLists) -> None:
    text = "6月3日，青禾光学股份有限公司（下称“青禾光学”）与安徽省滁州市全椒县人民政府签订投资协议，拟投资12亿元在全椒经济开发区建设车载镜头生产基地，占地约200亩。"
    (signal,) = read(lists, text).signals
    assert signal.mention == "青禾光学股份有限公司"
    assert "青禾光学" in signal.names
    assert signal.event_type is EventType.SIGNING
    assert signal.amount is not None
    assert signal.amount.value_wan == 120000
    assert signal.place is not None
    assert (signal.place.province, signal.place.city, signal.place.district) == ("安徽省", "滁州市", "全椒县")
    assert signal.site is Site.FIXED
    assert signal.land_mu == 200
    for quote in (signal.quote, signal.amount_quote, signal.place_quote, signal.site_quote):
        assert quote is not None
        assert quote.text == text[quote.start : quote.end]


def test_share_prices_inside_a_name_are_taken_out(lists: NameLists) -> None:
    reading = read(lists, "青禾光学(76.950,0.81,1.06%)股份有限公司(688001)拟在四川省眉山市投资3亿元建设镜片项目。")
    assert [s.mention for s in reading.signals] == ["青禾光学股份有限公司"]


def test_totals_are_nobodys(lists: NameLists) -> None:
    assert read(lists, "5月9日，眉山市举行集中签约仪式，现场签约项目32个，总投资286亿元。", "眉山集中签约32个项目").signals == ()
