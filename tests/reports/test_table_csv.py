"""The csv file: Chinese in Excel, formulas never."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prospect_samples import prospect, standing, verdict

from reports.csv_file import HEADER, csv_bytes, safe_cell
from reports.table import sheet_rows


def _read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_all_sheets_with_names_and_byte_order_mark() -> None:
    rows = [row for listed in sheet_rows(standing(), verdicts=[verdict("c0005", "在谈", "明天来")]).values() for row in listed]
    data = csv_bytes(rows)
    assert data.startswith(b"\xef\xbb\xbf")
    read = _read(data)
    assert tuple(read[0]) == HEADER
    assert len(read) == len(standing())
    assert (read[0]["企业名称"], read[0]["金额"], read[0]["金额（万元）"], read[0]["匹配度"]) == ("苏州天衡电机股份有限公司", "约12亿元", "120000", "84")
    followed = next(r for r in read if r["表"] == "跟进中")
    assert (followed["判断"], followed["备注"]) == ("在谈", "明天来")
    assert next(r for r in read if r["企业名称"] == "青麦食品")["匹配度"] == "未知"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "＝1+1", "  =1", "\t=1", "\x00=1", "\ufeff=1", "\u202e=1"])
def test_formula_signs_are_defused(text: str) -> None:
    assert safe_cell(text).startswith("'")


@given(st.text(st.characters(), max_size=80))
def test_any_text_is_one_cell_and_no_formula(text: str) -> None:
    rows = sheet_rows([prospect(company=text, headline=text, quote_url=text)])
    data = csv_bytes([row for listed in rows.values() for row in listed])
    read = _read(data)
    assert len(read) == 1
    assert data.count(b"\r\n") == 2
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in read[0].values())
