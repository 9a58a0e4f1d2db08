"""The workbook as a person finds it in Excel: opened again with openpyxl."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from prospect_samples import DAY, FORMULA, PARK, prospect, standing, verdict

from qingbao.model import Prospect, Reason, Sheet
from reports.columns import FULL, JUDGEMENTS, WITH_REMARK, WITHOUT_NEWS, Column
from reports.styles import STYLES
from reports.table import bad_news_rows, sheet_rows
from reports.xlsx import text_lines, workbook_bytes


def _bytes(prospects: list[Prospect], **more: object) -> bytes:
    rows = sheet_rows(prospects, unit_names={"machines": "装备制造组"}, verdicts=[verdict("c0005", "已联系", "0012")])
    return workbook_bytes(rows, park=PARK, formula=FORMULA, day=DAY, bad_news=bad_news_rows(prospects), **more)  # type: ignore[arg-type]


def _book(prospects: list[Prospect], **more: object) -> Workbook:
    return load_workbook(BytesIO(_bytes(prospects, **more)))


# openpyxl does not know the data bars of Excel 2010; it reads the sheet without them.
pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")


@pytest.fixture(scope="module")
def book() -> Workbook:
    return _book(standing())


def _row(book: Workbook, sheet: str, number: int) -> dict[str, object]:
    cells = list(book[sheet].iter_rows(values_only=True))
    return dict(zip([str(c) for c in cells[0]], cells[number]))


def test_sheets_in_order(book: Workbook) -> None:
    assert book.sheetnames == [
        "潜在投资者", "跟进中", "在谈企业", "已入园企业", "目标企业库", "暂不合适", "已排除", "坏消息", "外迁动向", "重点城市", "评分明细", "评分公式", "说明",
    ]


def test_row(book: Workbook) -> None:
    row = _row(book, "潜在投资者", 2)
    assert row["企业名称"] == "常州澜宇精密传动有限公司"
    assert (row["级别"], row["优先级"], row["匹配度"], row["意向"], row["可信度"]) == ("甲", 76, 78, 77, "B")
    assert (row["选址状态"], row["金额"], row["地点（拟/已）"]) == ("迁出", "未披露", "迁出：江苏省常州市；去向未定")
    assert row["标记"] == "升\n平移\n重点城市"
    assert row["产业/环节"] == "装备制造 · 减速器（强链）"
    assert (row["官网"], row["公开总机"], row["分派单位"]) == ("https://lanyu.example/", "0519-00000000", "装备制造组")
    assert row["原文链接"] == "https://changzhou.example/zwgk/2.html"
    assert str(row["理由"]).split("；")[0] == "匹配度 +78 主营业务：精密减速器、齿轮箱，与“减速器”环节相近"
    assert row["日期"].date().isoformat() == "2026-11-23"  # type: ignore[attr-defined]
    assert (row["判断"], row["备注"]) == (None, None)


def test_unknown_fit_and_verdict_text(book: Workbook) -> None:
    assert _row(book, "潜在投资者", 4)["匹配度"] == "未知"
    followed = _row(book, "跟进中", 1)
    assert (followed["判断"], followed["备注"]) == ("已联系", "0012")


def test_excluded_names_its_rule(book: Workbook) -> None:
    assert _row(book, "已排除", 1)["说明"] == "排除产业：化工"


def test_bad_news_details_formula_manual(book: Workbook) -> None:
    assert _row(book, "坏消息", 1)["类别"] == "处罚"
    details = list(book["评分明细"].iter_rows(min_row=2, values_only=True))
    intent = sum(float(d[2]) for d in details if d[0] == "苏州天衡电机股份有限公司" and d[1] == "意向")  # type: ignore[arg-type]
    assert intent == pytest.approx(79)
    assert FORMULA.priority in [row[1] for row in book["评分公式"].iter_rows(values_only=True)]
    assert "verdicts import" in str([row[1] for row in book["说明"].iter_rows(values_only=True)])


def test_paper(book: Workbook) -> None:
    sheet = book["潜在投资者"]
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    printed = [c.header for c in FULL if c.printed]
    assert printed == [c.header for c in FULL][: len(printed)]
    assert f"${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[len(printed) - 1]}$" in str(sheet.print_area)
    # a figure straight after the font size would be read as part of it: &92026
    assert "2026-11-25" in str(sheet.oddHeader.right.text)


A4_PIXELS = (297 - 2 * 0.3 * 25.4) / 25.4 * 96  # landscape, between margins of 0.3 inch


@pytest.mark.parametrize("columns", [FULL, WITH_REMARK, WITHOUT_NEWS])
def test_print_can_be_read(columns: tuple[Column, ...]) -> None:
    wide = sum(7 * column.width + 5 for column in columns if column.printed)
    assert STYLES["text"]["font_size"] * min(1.0, A4_PIXELS / wide) >= 7.9  # points; newspapers print 8
    headers = [column.header for column in columns]
    assert headers.index("备注") == sum(column.printed for column in columns) - 1


def test_screen(book: Workbook) -> None:
    sheet = book["潜在投资者"]
    assert sheet.freeze_panes == "E2"
    assert sheet.auto_filter.ref.startswith("A1:")
    validation = sheet.data_validations.dataValidation[0]
    assert validation.formula1 == '"' + ",".join(JUDGEMENTS) + '"'
    headers = [c.value for c in sheet[1]]
    assert next(iter(validation.sqref.ranges)).min_col == headers.index("判断") + 1
    hidden = [key for key, dimension in sheet.column_dimensions.items() if dimension.hidden]
    assert [sheet[f"{key}1"].value for key in hidden] == ["系统编号"]
    assert sheet.cell(2, headers.index("拟投项目/计划") + 1).alignment.wrap_text
    assert any(rule.type == "dataBar" for rules in sheet.conditional_formatting for rule in rules.rules)
    assert sheet.cell(2, headers.index("原文摘录") + 1).hyperlink is None
    links = {c.value: c.hyperlink.target for c in sheet[2] if c.hyperlink}
    assert links == {"https://news.example/a/1.html": "https://news.example/a/1.html"}


def test_moves_and_focus_cities_have_sheets(book: Workbook) -> None:
    moved = list(book["外迁动向"].iter_rows(min_row=2, values_only=True))
    assert moved == [("常州市", "未定", "装备制造", 1, "常州澜宇精密传动有限公司")]
    cities = list(book["重点城市"].iter_rows(min_row=2, values_only=True))
    assert cities == [("苏州市", 4, 1)]  # one of them is followed
    assert "外迁动向" not in _book(standing(), only=(Sheet.PROSPECTS,)).sheetnames
    assert _book([])["外迁动向"]["A2"].value == "本期没有外迁企业。"


def test_empty_list_says_so() -> None:
    book = _book([])
    assert str(book["潜在投资者"]["A2"].value).startswith("本期没有")


def test_same_rows_same_bytes() -> None:
    with ZipFile(BytesIO(_bytes(standing()))) as one, ZipFile(BytesIO(_bytes(standing()))) as two:
        assert {n: one.read(n) for n in one.namelist()} == {n: two.read(n) for n in two.namelist()}


def test_only_some_sheets() -> None:
    assert _book(standing(), only=(Sheet.PROSPECTS,)).sheetnames[:2] == ["潜在投资者", "坏消息"]


HOSTILE = st.one_of(
    st.sampled_from(["=1+1", "+86 10", "-2+3", "@SUM(A1)", "{=1}", "=HYPERLINK(\"http://x\")", "http://a.example/x", "mailto:a@b", "internal:A1", "_x0041_", "00123",
                     "1e5", "TRUE", "\x01\x0b\x1f", "\ud800", "\uffff", "\u202eabc", "<a>&\"'", "a\tb\nc\rd", "x" * 40_000, "䶮" * 33_000, "😀" * 20_000, " "]),
    st.text(st.characters(), max_size=60),
)


@settings(max_examples=40, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_text_stays_text(name: str, words: str, url: str) -> None:
    hostile = prospect(
        company=name, headline=words, best_quote=words, source_name=name, quote_url=url, website=url, note=words, marks=(name,), industry=words, phone=name,
        reasons=(Reason(number="fit", points=84, text=words, quote=words, url=url),), units=(name,),
    )
    book = _book([hostile, replace(hostile, sheet=Sheet.EXCLUDED)])
    for sheet in book.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                assert cell.data_type != "f"
                assert cell.data_type != "e"
                if isinstance(cell.value, str):
                    assert len(cell.value.encode("utf-16-le")) <= 2 * 32_767
                if cell.hyperlink:
                    assert cell.hyperlink.target.startswith(("http://", "https://"))
    first = book["潜在投资者"]
    assert isinstance(first["D2"].value, str | None)


def test_lines_of_a_cell() -> None:
    assert text_lines("", 10) == 1
    assert text_lines("一二三四五六七八九十", 12.5) == 2
    assert text_lines("a\nb", 10) == 2
