"""The overview's numbers counted again in plain Python, and its page as a browser reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from prospect_samples import CHANGZHOU, CHONGQING, DAY, PARK, many, prospect, standing, verdict

from qingbao.model import EventType, Place, Prospect, Sheet, Site, Tier
from reports.charts import Flow, Piece, bars, columns, flows, stacked
from reports.figures import by_industry, by_site, by_stage, by_tier, chain, focus, moves, trend
from reports.figures import standing as open_prospects
from reports.overview import Collected, SourceLine, overview_page


@dataclass(frozen=True)
class Rank:
    run_id: str
    day: date
    tier: str


def _tree(prospects: list[Prospect], **more: object) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(overview_page(prospects, park=PARK, day=DAY, **more))  # type: ignore[arg-type]


def _titles(tree: lxml_html.HtmlElement) -> set[str]:
    return {title.text for title in tree.cssselect("svg title")}


def test_counts() -> None:
    listed = open_prospects(standing())
    assert by_tier(listed) == {"甲": 2, "乙": 2, "丙": 0}
    assert by_site(listed) == {Site.OPEN: 2, Site.LEAVING: 1, Site.ELSEWHERE: 1}
    assert by_stage(listed) == {"拟建": 1, "已签约": 1, "未披露": 2}
    assert by_industry(listed) == {"装备制造": {"甲": 2, "乙": 0, "丙": 0}, "新能源电池": {"甲": 0, "乙": 1, "丙": 0}, "未披露": {"甲": 0, "乙": 1, "丙": 0}}


def test_trend_takes_the_last_run_of_a_day() -> None:
    first, second = DAY - timedelta(days=1), DAY
    rows = [Rank("r1", first, "甲"), Rank("r2", second, "甲"), Rank("r2", second, "乙"), Rank("r3", second, "丙")]
    assert [(t.day, t.tiers) for t in trend(rows)] == [(first, {"甲": 1, "乙": 0, "丙": 0}), (second, {"甲": 0, "乙": 0, "丙": 1})]
    assert [t.day for t in trend(rows, days=1)] == [second]


def test_chain_names_every_link_and_its_best() -> None:
    lines = {(line.industry, line.link): line for line in chain(PARK, open_prospects(standing()))}
    assert set(lines) == {("装备制造", "电机"), ("装备制造", "减速器"), ("新能源电池", "隔膜")}
    motors = lines["装备制造", "电机"]
    assert (motors.total, motors.best, motors.key, motors.state) == (1, "苏州天衡电机股份有限公司", True, "缺")
    assert lines["新能源电池", "隔膜"].tiers == {"甲": 0, "乙": 1, "丙": 0}


def test_moves() -> None:
    base = standing()[1]
    told = moves([
        *standing(), replace(base, company="乙厂", company_id="x"),
        replace(base, company="丙厂", company_id="y", destination=CHONGQING),
        # a relocation with a place is a move, an expansion at home is none
        replace(base, company="丁厂", company_id="z", site=Site.ELSEWHERE, destination=CHONGQING,
                investments=(replace(base.investments[0], event_type=EventType.RELOCATION, place_from=None),), origin=CHANGZHOU),
    ])
    assert [(m.origin, m.destination, m.industry, m.companies) for m in told] == [
        ("常州市", "未定", "装备制造", ("常州澜宇精密传动有限公司", "乙厂")), ("常州市", "重庆市", "装备制造", ("丙厂", "丁厂")),
    ]
    nowhere = replace(base, origin=None, investments=(replace(base.investments[0], place_from=None),))
    assert [(m.origin, m.companies) for m in moves([nowhere])] == [("未披露", (base.company,))]
    assert moves([standing()[0]]) == []


def test_focus_counts_matching_and_contacted() -> None:
    cities = focus(PARK, standing(), ["c0001"])
    # seated in 苏州市 with an industry: c0001, c0005 (followed), c0007, c0009; the resident and the excluded one do not count
    assert [(c.city, c.matching, c.contacted) for c in cities] == [("苏州市", 4, 2)]
    assert focus(PARK, [prospect(1, seat=Place(province="江苏省"))])[0].matching == 0
    assert focus(PARK, [prospect(1, fit=29.9), prospect(2, fit=None)])[0].matching == 0
    assert focus(replace(PARK, focus_cities=("苏州",)), standing())[0].matching == 4


def test_page_shows_the_numbers() -> None:
    ranks = [Rank("r1", DAY - timedelta(days=1), "甲"), Rank("r2", DAY, "乙"), Rank("r2", DAY, "乙")]
    collected = Collected(doors={"已读": 7, "过短": 2}, sources=[
        SourceLine(name="某市政府", state="正常", good=True, last_success=DAY, new_links=3), SourceLine(name="某网", state="拒绝访问", good=False)])
    tree = _tree(standing(), ranks=ranks, collected=collected, verdicts=[verdict("c0001", "在谈")])
    assert [(li.cssselect("b")[0].text, li.cssselect("span")[0].text) for li in tree.cssselect(".tile")] == [
        ("4", "潜在投资者"), ("2", "甲级"), ("3", "选址可争取"), ("1", "外迁企业")]
    titles = _titles(tree)
    assert {"甲：2", "乙：2", "未定：2", "迁出：1", "外地已定：1", "拟建：1", "装备制造 甲：2", "新能源电池 乙：1", "11月25日 乙：2", "11月24日 甲：1",
            "常州市 → 未定（装备制造）：1", "已读：7"} <= titles
    assert "丙：0" not in titles
    assert [cell.text for cell in tree.cssselect("#focus td")] == ["苏州市", "4", "2"]
    assert "拒绝访问" in tree.get_element_by_id("sources").text_content()
    assert next(e.text_content() for e in tree.cssselect("#top .name")) == "苏州天衡电机股份有限公司"


def test_empty_list() -> None:
    text = _tree([]).text_content()
    assert "名单中现在没有潜在投资者" in text
    assert "没有外迁企业" in text


def test_many_origins_become_others_and_nothing_is_lost() -> None:
    base = standing()[1]
    rows = [replace(base, company_id=f"m{n}", origin=None,
                    investments=(replace(base.investments[0], place_from=Place(province="江苏省", city=f"第{n}市")),)) for n in range(20)]
    tree = _tree(rows)
    ribbons = [t for t in _titles(tree) if "→" in t]
    assert sum(int(t.rpartition("：")[2]) for t in ribbons) == 20
    assert "其他 → 未定（装备制造）：12" in ribbons


def test_nothing_is_loaded_no_script() -> None:
    text = overview_page(standing(), park=PARK, day=DAY)
    tree = lxml_html.document_fromstring(text)
    assert not tree.cssselect("script, link, img, iframe, form, base")
    assert "url(" not in text
    assert "default-src 'none'" in text


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.sampled_from(["<script>x</script>", "\"/><g onload=x>", "]]></svg>", "{{1}}", "\ud800", "&"]), st.text(st.characters(), max_size=40)))
def test_hostile_names_are_only_text(words: str) -> None:
    base = standing()[1]
    place = Place(province=words, city=words)
    hostile = replace(base, company=words, headline=words, industry=words, destination=place, quote_url=words,
                      investments=(replace(base.investments[0], place_from=place),))
    tree = _tree([hostile], collected=Collected(doors={words: 3}, sources=[SourceLine(name=words, state=words, good=False, message=words)]))
    assert not tree.cssselect("script")
    assert not [name for e in tree.iter() if isinstance(e.tag, str) for name in e.attrib if name.startswith("on")]
    assert all(a.get("href").startswith(("http://", "https://")) for a in tree.cssselect("a"))
    assert len(tree.cssselect("svg")) >= 5


NAMES = st.sampled_from(["甲市", "乙市", "丙市", "丁市"])


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 30)), min_size=1, max_size=12, unique_by=lambda m: m[:2]))
def test_flow_stays_in_its_picture(triples: list[tuple[str, str, int]]) -> None:
    picture = str(flows([Flow(a, b, n, "产业") for a, b, n in triples], {"产业": "#000"}, "x"))
    height = float(re.findall(r'viewBox="0 0 \d+ (\d+)"', picture)[0])
    corners = [float(y) for path in re.findall(r'd="([^"]+)"', picture) for y in re.findall(r",(-?[\d.]+)", path)]
    assert max(corners) <= height
    assert min(corners) >= 0
    assert len(re.findall("<path", picture)) == len(triples)


@pytest.mark.parametrize("largest", [0, 1, 4, 5, 99, 101, 12345])
def test_columns_end_below_the_top(largest: int) -> None:
    picture = str(columns([("11月25日", [Piece("甲", largest, "#000")])], "x"))
    heights = [float(h) for h in re.findall(r'<rect[^>]* height="([\d.]+)"', picture)]
    assert all(h <= 190.1 for h in heights)
    assert 2 <= picture.count("<line") <= 6


def test_bars_are_in_proportion() -> None:
    picture = str(bars([Piece("甲", 10, "#aaa"), Piece("乙", 5, "#bbb")], "x"))
    widths = {c: float(w) for w, c in re.findall(r'width="([\d.]+)"[^>]*fill="(#aaa|#bbb)"', picture)}
    assert widths["#aaa"] == pytest.approx(2 * widths["#bbb"], rel=0.01)
    assert "<rect" in str(bars([], "leer") + bars([Piece("甲", 0, "#aaa")], "x"))
    assert "装备" in str(stacked([("装备", [Piece("甲", 1, "#aaa")])], "x"))


def test_only_open_prospects_are_counted() -> None:
    assert len(open_prospects(standing())) == sum(p.sheet is Sheet.PROSPECTS for p in standing()) == 4
    assert sum(by_tier(many(60)).values()) == 60
    assert Tier.A in by_tier([])
