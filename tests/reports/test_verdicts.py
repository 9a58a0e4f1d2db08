"""判断 and 备注 come back from the table whatever staff did to it."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from prospect_samples import DAY, FORMULA, PARK, standing, verdict

from qingbao.errors import CannotWork, ConfigError
from reports.table import TablePaths, write_tables
from reports.verdicts import VerdictFile, read_verdicts

AT = datetime(2026, 11, 25, 3, tzinfo=UTC)
pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")


@pytest.fixture
def tables(tmp_path: Path) -> TablePaths:
    return write_tables(tmp_path, standing(), park=PARK, formula=FORMULA, day=DAY, verdicts=[verdict("c0005", "已联系", "=下周 再约")])


def _said(read: VerdictFile) -> dict[str, tuple[str | None, str | None]]:
    return {v.company_id: (v.judgement, v.note) for v in read.verdicts}


def _edit(path: Path, change: Callable[[Any, dict[str, int]], None], sheet: str = "潜在投资者") -> Path:
    """Do in openpyxl what a person does in Excel, and save."""
    book = load_workbook(path)
    at = {str(c.value): c.column for c in book[sheet][1]}
    change(book[sheet], at)
    book.save(path)
    return path


@pytest.mark.filterwarnings("error")
def test_untouched_table_says_nothing(tables: TablePaths) -> None:
    assert read_verdicts(tables.xlsx, at=AT).verdicts == ()
    assert read_verdicts(tables.csv, at=AT).verdicts == ()


def test_filled_cells(tables: TablePaths) -> None:
    def fill(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(2, at["判断"]).value = "在谈"
        sheet.cell(3, at["备注"]).value = "  电话 0010\n无人接 "
        sheet.cell(4, at["判断"]).value = " 不合适 "

    read = read_verdicts(_edit(tables.xlsx, fill), at=AT, actor="王", unit="machines")
    assert _said(read) == {"c0001": ("在谈", None), "c0002": (None, "电话 0010\n无人接"), "c0003": ("不合适", None)}
    first = read.verdicts[0]
    assert (first.park, first.run_id, first.actor, first.unit, first.at, first.source_file) == ("yunling", "r0001", "王", "machines", AT, "prospects.xlsx")
    assert len({v.id for v in read.verdicts}) == 3


def test_clearing_a_verdict_is_a_statement(tables: TablePaths) -> None:
    def clear(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(2, at["判断"]).value = None

    assert _said(read_verdicts(_edit(tables.xlsx, clear, "跟进中"), at=AT)) == {"c0005": (None, "=下周 再约")}


def test_sorted_filtered_and_extended_copy(tables: TablePaths) -> None:
    def rework(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(2, at["判断"]).value = "有效"
        sheet.cell(5, at["判断"]).value = "已联系"
        rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=2, max_row=5)]
        rows.reverse()
        sheet.delete_rows(2, 4)
        for row in [*rows[:3], ["自己加的企业"] * 3, *rows[3:]]:
            sheet.append(row)
        sheet.row_dimensions[2].hidden = True
        sheet.insert_cols(1)
        sheet.insert_rows(1, 2)
        sheet.cell(1, 1).value = "11月招商调度会"

    assert _said(read_verdicts(_edit(tables.xlsx, rework), at=AT)) == {"c0001": ("有效", None), "c0004": ("已联系", None)}


@pytest.mark.parametrize("seed", range(5))
def test_columns_in_any_order(tables: TablePaths, tmp_path: Path, seed: int) -> None:
    rows = list(csv.DictReader(io.StringIO(tables.csv.read_text("utf-8-sig"), newline="")))
    rows[1]["判断"], rows[1]["备注"] = "在谈", "a,b;\"c\""
    names = list(rows[0])
    random.Random(seed).shuffle(names)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "改.csv"
    path.write_text(text.getvalue(), "utf-8")
    assert _said(read_verdicts(path, at=AT)) == {"c0002": ("在谈", "a,b;\"c\"")}


@pytest.mark.parametrize(("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ","), ("gbk", ","), ("gb18030", ";"), ("utf-8", ";"), ("utf-16", "\t")])
def test_csv_as_excel_saves_it(tables: TablePaths, tmp_path: Path, encoding: str, separator: str) -> None:
    rows = list(csv.DictReader(io.StringIO(tables.csv.read_text("utf-8-sig"), newline="")))
    rows[0]["判断"] = "已联系"
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "excel.csv"
    path.write_bytes(text.getvalue().encode(encoding, "replace"))
    assert _said(read_verdicts(path, at=AT)) == {"c0001": ("已联系", None)}


def test_a_word_not_in_the_list(tables: TablePaths) -> None:
    def fill(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(2, at["判断"]).value = "联系过了"
        sheet.cell(3, at["判断"]).value = "在谈"
        sheet.cell(4, at["判断"]).value = "?"

    with pytest.raises(ConfigError) as caught:
        read_verdicts(_edit(tables.xlsx, fill), at=AT)
    assert len(caught.value.problems) == 2
    for words in ("prospects.xlsx", "潜在投资者", "第 2 行", "“判断”列", "联系过了", "已联系、在谈、有效、不合适"):
        assert words in caught.value.problems[0]
    assert "第 4 行" in caught.value.problems[1]


def test_usual_other_words_are_understood(tables: TablePaths) -> None:
    def fill(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(2, at["判断"]).value = "洽谈中"

    assert _said(read_verdicts(_edit(tables.xlsx, fill), at=AT)) == {"c0001": ("在谈", None)}


def test_own_row_with_words_is_not_lost_silently(tables: TablePaths) -> None:
    def add(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(9, at["企业名称"]).value = "自己加的企业"
        sheet.cell(9, at["判断"]).value = "在谈"

    with pytest.raises(ConfigError, match=r"第 9 行.*自己加的企业.*系统编号"):
        read_verdicts(_edit(tables.xlsx, add), at=AT)


def test_damaged_id(tables: TablePaths) -> None:
    def damage(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(2, at["系统编号"]).value = "c0001"

    with pytest.raises(ConfigError, match=r"第 2 行.*系统编号.*已被改动"):
        read_verdicts(_edit(tables.xlsx, damage), at=AT)


def test_hidden_column_deleted(tables: TablePaths) -> None:
    def delete(sheet: Any, at: dict[str, int]) -> None:
        sheet.delete_cols(at["系统编号"])

    with pytest.raises(ConfigError, match=r"第 1 行.*缺少“系统编号”列"):
        read_verdicts(_edit(tables.xlsx, delete), at=AT)


def test_copied_row(tables: TablePaths) -> None:
    def copy(sheet: Any, at: dict[str, int], word: str) -> None:
        sheet.cell(2, at["判断"]).value = "在谈"
        sheet.append([c.value for c in sheet[2]])
        sheet.cell(sheet.max_row, at["判断"]).value = word

    same = _edit(tables.xlsx, lambda sheet, at: copy(sheet, at, "在谈"))
    assert _said(read_verdicts(same, at=AT)) == {"c0001": ("在谈", None)}
    other = _edit(tables.xlsx, lambda sheet, at: copy(sheet, at, "不合适"))
    with pytest.raises(ConfigError, match="同一家企业"):
        read_verdicts(other, at=AT)


@pytest.mark.parametrize(("name", "data", "words"), [
    ("a.xlsx", b"PK\x03\x04broken", "打不开"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为"),
    ("a.csv", "企业名称,金额\n甲,1\n".encode(), "系统编号"),
    ("a.csv", "企业名称,判断\n甲,在谈\n".encode(), "缺少“系统编号”列"),
    ("a.csv", b"", "没有找到"),
    ("a.csv", b"\x00\x01\x02\xff", "a.csv"),
])
def test_other_files(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ConfigError, match=words):
        read_verdicts(tmp_path / name, at=AT)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CannotWork, match="读不了"):
        read_verdicts(tmp_path / "no.xlsx", at=AT)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("v") / "x.csv"
    path.write_bytes(data)
    with pytest.raises(ConfigError):
        read_verdicts(path, at=AT)
