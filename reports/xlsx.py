"""The table as a workbook: one sheet for each kind of prospect, bad news, reasons, the formula, instructions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from qingbao.model import Formula, Park, Sheet
from reports.cells import plain
from reports.columns import JUDGEMENTS, SHEETS, Column, Value
from reports.csv_file import ID_HEADER
from reports.figures import CONTACTED, focus, moves
from reports.manual import MANUAL
from reports.rows import NUMBER_WORDS, UNKNOWN, BadNewsRow, Row
from reports.styles import MARK_COLOURS, SITE_COLOURS, STYLES, TAB_COLOURS, TIER_COLOURS

if TYPE_CHECKING:
    import xlsxwriter

MAX_CELL = 32_000  # Excel refuses a cell of more than 32,767
MAX_DETAILS = 20_000  # rows of reasons; more make the workbook slow to open
MAX_LINES = 9
LINE_HEIGHT = 16.0
FREE_ROWS = 200  # rows below the data that keep the drop-down, for rows that staff add


class _Book:
    """The workbook being written and its formats."""

    def __init__(self, target: BytesIO, day: date, title: str) -> None:
        import xlsxwriter

        # Strings are never read as formulas, numbers or links: what comes from the web stays text.
        self.book: xlsxwriter.Workbook = xlsxwriter.Workbook(
            target, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
        )
        # A fixed moment: the same rows give the same bytes, so a copy can be compared.
        self.book.set_properties({"title": title, "created": datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)})
        self.formats = {name: self.book.add_format(style) for name, style in STYLES.items()}
        self.links = 0

    def sheet(self, name: str) -> Any:
        """A new sheet; tab colour by its name."""
        sheet = self.book.add_worksheet(name)
        sheet.set_tab_color(TAB_COLOURS.get(name, "#94A3B8"))
        sheet.hide_gridlines(2)
        return sheet

    def write(self, sheet: Any, row: int, column: int, value: Value, style: str) -> None:
        """One cell: text is written as text, whatever it begins with."""
        form = self.formats[style]
        if value is None or value == "":
            sheet.write_blank(row, column, None, form)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), form)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, form)
        elif style == "link" and value.startswith(("http://", "https://")) and self.links < 60_000:  # Excel takes 65,530 a sheet
            self.links += 1
            if sheet.write_url(row, column, value, form, plain(value, 250)) != 0:
                sheet.write_string(row, column, plain(value, MAX_CELL), self.formats["text"])
        else:
            sheet.write_string(row, column, _bounded(value), self.formats["text" if style in {"link", "day"} else style])


def _bounded(text: str) -> str:
    """At most ``MAX_CELL`` UTF-16 units: Excel counts those, and a rare character is two."""
    cleaned = plain(text, MAX_CELL)
    while len(cleaned.encode("utf-16-le")) > 2 * MAX_CELL:
        cleaned = cleaned[: len(cleaned) * 9 // 10]
    return cleaned


def text_lines(text: str, width: float) -> int:
    """How many lines a wrapped cell takes: a Chinese character is two wide."""
    lines = 0
    for line in text.split("\n"):
        wide = sum(2 if ord(c) > 0x2E7F else 1 for c in line)
        lines += max(1, math.ceil(wide / max(width - 2.5, 1)))  # borders and the indent take their part
    return lines


def _page(sheet: Any, park: Park, day: date, name: str) -> None:
    """A4 landscape, fitted to one page's width, header row on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.3, right=0.3, top=0.65, bottom=0.55)
    title = plain(f"{park.name} · {name}", 100).replace("&", "&&")
    sheet.set_header(f"&L&\"微软雅黑,Bold\"&12 {title}&R&9 {day.isoformat()}")
    sheet.set_footer("&L&8 内部资料 请勿外传&R&8 第 &P 页 共 &N 页")


def _prospect_sheet(book: _Book, name: str, columns: Sequence[Column], rows: Sequence[Row], park: Park, day: date, about: str) -> None:
    sheet = book.sheet(name)
    last = max(len(rows), 1)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width, None, {"hidden": True} if column.header == ID_HEADER else {})
        sheet.write_string(0, position, column.header, book.formats["header_input" if column.style == "input" else "header"])
    sheet.set_row(0, 30)
    for line, row in enumerate(rows, 1):
        values = [column.value(row) for column in columns]
        lines = max((text_lines(v, c.width) for v, c in zip(values, columns) if isinstance(v, str) and c.style not in {"link", "id"}), default=1)
        sheet.set_row(line, LINE_HEIGHT * min(max(lines, 2), MAX_LINES) + 6)
        for position, (value, column) in enumerate(zip(values, columns)):
            book.write(sheet, line, position, value, column.style)
    if not rows:
        sheet.write_string(1, 0, f"本期没有。（{about}）", book.formats["empty"])
    headers = [column.header for column in columns]
    sheet.freeze_panes(1, headers.index("企业名称") + 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    judged = headers.index("判断")
    sheet.data_validation(1, judged, last + FREE_ROWS, judged, {
        "validate": "list", "source": list(JUDGEMENTS), "ignore_blank": True, "error_title": "判断",
        "error_message": f"请从下拉列表选择：{'、'.join(JUDGEMENTS)}", "input_title": "判断", "input_message": "从下拉列表选择；备注写在右边一列",
    })
    _colours(book, sheet, headers, last)
    printed = max(position for position, column in enumerate(columns) if column.printed)
    sheet.print_area(0, 0, last, printed)
    _page(sheet, park, day, name)


def _colours(book: _Book, sheet: Any, headers: Sequence[str], last: int) -> None:
    """Conditional formats, so that colours follow a row that is sorted or filtered."""
    for header, colours, criteria in (("级别", TIER_COLOURS, "begins with"), ("选址状态", SITE_COLOURS, "begins with"), ("标记", MARK_COLOURS, "containing")):
        if header in headers:
            at = headers.index(header)
            for word, style in colours.items():
                sheet.conditional_format(1, at, last, at, {"type": "text", "criteria": criteria, "value": word, "format": book.book.add_format(style)})
    if "优先级" in headers:
        at = headers.index("优先级")
        sheet.conditional_format(1, at, last, at, {
            "type": "data_bar", "bar_color": "#BBD3EA", "bar_solid": True, "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 100,
        })


def _plain_sheet(
    book: _Book, name: str, headers: Sequence[tuple[str, float, str]], rows: Sequence[Sequence[Value]], park: Park, day: date, *, empty: str = "",
) -> None:
    """A sheet of simple columns (header, width, style)."""
    sheet = book.sheet(name)
    for position, (header, width, _) in enumerate(headers):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, header, book.formats["header"])
    sheet.set_row(0, 26)
    for line, values in enumerate(rows, 1):
        lines = max((text_lines(v, width) for v, (_, width, style) in zip(values, headers) if isinstance(v, str) and style != "link"), default=1)
        sheet.set_row(line, LINE_HEIGHT * min(lines, 25) + 5)
        for position, value in enumerate(values):
            book.write(sheet, line, position, value, headers[position][2])
    if rows:
        sheet.autofilter(0, 0, len(rows), len(headers) - 1)
    elif empty:
        sheet.write_string(1, 0, empty, book.formats["empty"])
    sheet.freeze_panes(1, 0)
    _page(sheet, park, day, name)


def _bad_news(book: _Book, rows: Sequence[BadNewsRow], park: Park, day: date) -> None:
    headers = (("日期", 12.0, "day"), ("企业名称", 28.0, "company"), ("类别", 10.0, "bad"), ("原文摘录", 70.0, "quote"), ("原文链接", 40.0, "link"))
    values = [(row.day or UNKNOWN, row.company, row.kind, row.quote, row.url or UNKNOWN) for row in rows]
    _plain_sheet(book, "坏消息", headers, values, park, day, empty="本期没有。")


def _moves(book: _Book, told: Sequence[Row], park: Park, day: date) -> None:
    """Who leaves which city for where, by industry."""
    headers = (("迁出地", 16.0, "text"), ("去向", 16.0, "text"), ("产业", 22.0, "text"), ("家数", 7.0, "center"), ("企业", 90.0, "text"))
    values = [(one.origin, one.destination, one.industry, len(one.companies), "、".join(one.companies)) for one in moves(row.prospect for row in told)]
    _plain_sheet(book, "外迁动向", headers, values, park, day, empty="本期没有外迁企业。")


def _focus(book: _Book, told: Sequence[Row], park: Park, day: date) -> None:
    """For each focus city of the park: matching companies, and those that staff contacted."""
    headers = (("城市", 20.0, "company"), ("匹配企业", 12.0, "center"), ("已联系", 12.0, "center"))
    contacted = [row.prospect.company_id for row in told if row.judgement in CONTACTED]
    values = [(one.city, one.matching, one.contacted) for one in focus(park, (row.prospect for row in told), contacted)]
    _plain_sheet(book, "重点城市", headers, values, park, day, empty="园区档案中没有写重点城市。")


def _details(book: _Book, rows: Sequence[Row], park: Park, day: date) -> None:
    """Every reason with its points: those of one number sum to it."""
    headers = (("企业名称", 28.0, "company"), ("分数", 10.0, "center"), ("得分", 8.0, "points"), ("理由", 52.0, "text"), ("日期", 12.0, "day"),
               ("依据（原文）", 60.0, "quote"), ("链接", 36.0, "link"))
    values: list[Sequence[Value]] = []
    for row in rows:
        for reason in row.prospect.reasons:
            if len(values) < MAX_DETAILS:
                values.append((
                    row.company, NUMBER_WORDS.get(reason.number, reason.number), round(reason.points, 2), plain(reason.text, 400), reason.day,
                    plain(reason.quote, 200), reason.url,
                ))
    _plain_sheet(book, "评分明细", headers, values, park, day, empty="本期没有。")


def _formula(book: _Book, formula: Formula, park: Park, day: date) -> None:
    headers = (("名称", 34.0, "company"), ("取值", 30.0, "text"), ("为什么", 84.0, "text"))
    values: list[Sequence[Value]] = [("优先级", plain(formula.priority), "三个分数分开给出，再按此式得出次序"), ("版本", plain(formula.version), "")]
    values += [tuple(plain(cell) for cell in row) for row in formula.rows]
    _plain_sheet(book, "评分公式", headers, values, park, day)


def workbook_bytes(
    rows: Mapping[Sheet, Sequence[Row]], *, park: Park, formula: Formula, day: date, bad_news: Sequence[BadNewsRow] = (),
    only: Sequence[Sheet] | None = None,
) -> bytes:
    """The workbook; ``only`` names the prospect sheets wanted (a unit's copy has fewer)."""
    target = BytesIO()
    book = _Book(target, day, plain(f"{park.name} 潜在投资者 {day.isoformat()}", 200))
    for sheet, columns, about in SHEETS:
        if only is None or sheet in only:
            _prospect_sheet(book, str(sheet), columns, rows.get(sheet, ()), park, day, about)
    _bad_news(book, bad_news, park, day)
    if only is None:
        told = [row for sheet, _, _ in SHEETS for row in rows.get(sheet, ())]
        _moves(book, told, park, day)
        _focus(book, told, park, day)
    _details(book, rows.get(Sheet.PROSPECTS, ()), park, day)
    _formula(book, formula, park, day)
    _plain_sheet(book, "说明", (("项目", 20.0, "company"), ("说明", 120.0, "text")), MANUAL, park, day)
    book.book.close()
    return target.getvalue()
