"""The page: one file, nothing from outside, nothing that a company's name could smuggle in."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from prospect_samples import DAY, FORMULA, PARK, many, prospect, standing

from qingbao.errors import CannotWork
from qingbao.model import Prospect, Reason, Sheet
from reports.html import page
from reports.table import bad_news_rows, sheet_rows, write_tables


def _page(prospects: list[Prospect]) -> str:
    return page(sheet_rows(prospects, unit_names={"machines": "装备制造组"}), park=PARK, formula=FORMULA, day=DAY, bad_news=bad_news_rows(prospects))


@pytest.fixture(scope="module")
def tree() -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(_page(standing()))


def _cards(tree: lxml_html.HtmlElement, section: str = "prospects") -> list[lxml_html.HtmlElement]:
    return list(tree.get_element_by_id(section).cssselect("article"))


def test_a_card_tells_everything(tree: lxml_html.HtmlElement) -> None:
    text = " ".join(_cards(tree)[1].text_content().split())
    for words in ("甲", "76", "常州澜宇精密传动有限公司", "升", "平移", "迁出", "未披露", "装备制造 · 减速器（强链）", "江苏省常州市", "0519-00000000",
                  "装备制造组", "完成腾退", "2026-11-23", "常州市某区人民政府", "+32 要搬离现址", "匹配度 78"):
        assert words in text
    assert [a.get("href") for a in _cards(tree)[1].cssselect("a")] == ["https://lanyu.example/", "https://changzhou.example/zwgk/2.html"]


def test_every_list_and_its_tab(tree: lxml_html.HtmlElement) -> None:
    tabs = {b.get("data-sheet") for b in tree.cssselect(".tabs button")}
    assert tabs == {s.get("id") for s in tree.cssselect("section.group")}
    assert sum(len(_cards(tree, str(tab))) for tab in tabs) == len(standing()) + 1  # and one piece of bad news


def test_filters_offer_what_the_cards_carry(tree: lxml_html.HtmlElement) -> None:
    options = {s.get("data-filter"): [o.text for o in s.cssselect("option")][1:] for s in tree.cssselect("select")}
    assert options["tier"] == ["甲", "乙", "丙"]
    assert options["industry"] == ["新能源电池", "装备制造"]
    assert options["site"] == ["未定", "迁出", "外地已定"]
    assert {"江苏省", "苏州市", "重庆市"} <= set(options["place"])
    for key, values in options.items():
        carried = {word for card in tree.cssselect("article.card") for word in (card.get(f"data-{key}") or "").split("|")}
        assert set(values) - {"丙"} <= carried


def test_nothing_is_loaded_and_the_script_is_the_one_allowed() -> None:
    text = _page(standing())
    tree = lxml_html.document_fromstring(text)
    assert not tree.cssselect("link, img, iframe, object, embed, form, base, script[src]")
    assert not re.search(r"@import|url\(", text)
    policy = tree.cssselect("meta[http-equiv=Content-Security-Policy]")[0].get("content")
    script = re.search(r"<script>(.*?)</script>", text, re.S)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_readable_without_script_and_on_paper() -> None:
    text = _page(standing())
    assert not lxml_html.document_fromstring(text).cssselect("section[hidden], article[hidden]")
    assert "@media print" in text
    assert "@page{size:A4" in text
    assert "width=device-width" in text


@settings(max_examples=60, deadline=None)
@given(st.one_of(
    st.sampled_from([
        "<script>alert(1)</script>", "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "{{ 7*7 }}", "{% raw %}",
        "javascript:alert(1)", "</style>", "<!--", "]]>", "a|b", "\ud800", "&lt;b&gt;", "https://a.example/?x=\"onclick=alert(1)",
    ]),
    st.text(st.characters(), max_size=60),
))
def test_hostile_text_is_only_text(words: str) -> None:
    hostile = prospect(
        company=words, headline=words, best_quote=words, quote_url=words, website=words, phone=words, source_name=words, industry=words, link=words, note=words,
        marks=(words,), names=(words,), units=(words,), reasons=(Reason(number="intent", points=79, text=words, url=words),),
    )
    text = _page([hostile])
    tree = lxml_html.document_fromstring(text)
    assert len(tree.cssselect("script")) == 1
    assert len(tree.cssselect("style")) == 1
    assert not tree.cssselect("img, iframe")
    assert not [name for element in tree.iter() if isinstance(element.tag, str) for name in element.attrib if name.startswith("on")]
    assert all(a.get("href").startswith(("http://", "https://")) for a in tree.cssselect("a"))
    assert len(_cards(tree)) == 1


def test_braces_in_text_are_no_template() -> None:
    assert "49" not in lxml_html.document_fromstring(_page([prospect(company="{{ 7*7 }}公司")])).cssselect("h3")[0].text_content()


def test_points_add_up_although_only_some_are_listed() -> None:
    reasons = tuple(Reason(number="intent", points=float(n), text=f"理由{n}") for n in range(1, 13))
    tree = lxml_html.document_fromstring(_page([prospect(intent=78.0, reasons=reasons)]))
    listed = [int(b.text.replace("−", "-")) for b in tree.cssselect("details li b")]
    assert len(listed) == 9
    assert sum(listed) == 78


def test_write_tables(tmp_path: Path) -> None:
    paths = write_tables(tmp_path / "out" / "2026-11-25", standing(), park=PARK, formula=FORMULA, day=DAY)
    assert [p.name for p in paths.all()] == ["prospects.xlsx", "prospects.csv", "prospects.html"]
    assert sorted(p.name for p in paths.xlsx.parent.iterdir()) == ["prospects.csv", "prospects.html", "prospects.xlsx"]
    before = paths.html.read_bytes()
    write_tables(paths.html.parent, standing(), park=PARK, formula=FORMULA, day=DAY)
    assert paths.html.read_bytes() == before


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CannotWork, match="无法写入"):
        write_tables(tmp_path / "out" / "day", [], park=PARK, formula=FORMULA, day=DAY)


def test_long_list_is_cut_and_says_so() -> None:
    tree = lxml_html.document_fromstring(_page(many(503)))
    assert len(_cards(tree)) == 500
    assert "其余 3 家见 Excel 表" in tree.get_element_by_id("prospects").text_content()
    assert "503" in tree.cssselect(".tabs button")[0].text_content()
    assert "其余" not in lxml_html.document_fromstring(_page(many(500))).get_element_by_id("prospects").text_content()
    assert Sheet.PROSPECTS in tree.cssselect(".tabs button")[0].text_content()
