"""Lists as people and Chinese Excel save them: every encoding gives the same rows, every refusal says where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingbao.errors import ConfigError
from qingbao.list_files import ListRow, parse_list, read_list

PATH = Path("lists/targets/榜单.csv")
TEXT = "企业名称,证券代码,年份\n云岭堃电股份有限公司,000123,2025\n青禾机电有限公司,600001,2024\n"
RARE = TEXT.replace("堃电", "堃䶮")  # 䶮 is in GB 18030 only
ROWS = (
    ListRow(name="云岭堃电股份有限公司", stock_code="000123", year=2025),
    ListRow(name="青禾机电有限公司", stock_code="600001", year=2024),
)


@pytest.mark.parametrize("data", [
    TEXT.encode(),
    TEXT.encode("utf-8-sig"),
    TEXT.encode("gbk"),
    TEXT.encode("gb18030"),
    TEXT.encode("utf-16"),
    TEXT.replace(",", ";").encode(),
    TEXT.replace(",", "\t").encode("utf-16"),
    TEXT.replace("\n", "\r\n").encode("gbk"),
    TEXT.replace("\n", "\r").encode(),
    ("\n\n" + TEXT.replace("\n", "\n,,\n\n")).encode(),
    TEXT.replace("企业名称,证券代码,年份", "name,stock_code,year").encode(),
    TEXT.replace("企业名称,证券代码,年份", " 企业名称（全称） ,股票代码, 年份 ").encode(),
    TEXT.replace("000123", '"=""000123"""').encode(),
    TEXT.replace("2025", "2025年").encode(),
])
def test_same_rows_from_every_form(data: bytes) -> None:
    assert parse_list(data, PATH).rows == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rare_characters(encoding: str) -> None:
    assert parse_list(RARE.encode(encoding), PATH).rows[0].name == "云岭堃䶮股份有限公司"


def test_repeated_row_is_taken_once_and_said() -> None:
    read = parse_list((TEXT + "青禾机电有限公司,600001,2024\n").encode(), PATH)
    assert read.rows == ROWS
    assert len(read.notices) == 1
    assert "第 4 行" in read.notices[0]


def test_all_columns() -> None:
    text = (
        "企业名称,简称,证券代码,年份,发布单位,所在地,官网,公开总机,经营范围,主营业务,简介,单位,起始,颜色\n"
        '天衡电机有限公司,天衡,000001,2025,某协会,四川省云岭市,https://tianheng.example/,028-1234,"电机,减速器",电机,"第一行\n第二行",一组,2026年5月1日,红\n'
    )
    read = parse_list(text.encode("gbk"), PATH)
    assert read.rows == (ListRow(
        name="天衡电机有限公司", short_name="天衡", stock_code="000001", year=2025, issuer="某协会", seat="四川省云岭市",
        website="https://tianheng.example/", phone="028-1234", scope="电机,减速器", business="电机", intro="第一行\n第二行", unit="一组",
        since=date(2026, 5, 1),
    ),)
    assert any("颜色" in notice for notice in read.notices)


@pytest.mark.parametrize(("text", "said"), [
    ("", ["空的"]),
    ("\n \n,,\n", ["空的"]),
    ("编号,年份\n1,2025\n", ["第 1 行", "企业名称"]),
    ("\n编号,年份\n1,2025\n", ["第 2 行", "企业名称"]),
    ("企业名称,公司名称\n甲厂,乙厂\n", ["第 2 列", "重复"]),
    ("企业名称,年份\n甲厂,25年\n", ["第 2 行", "第 2 列", "年份", "四位"]),
    ("企业名称,起始\n甲厂,2026-13-01\n", ["第 2 行", "起始", "日期"]),
    ("企业名称,证券代码\n甲厂,1.23E+05\n", ["第 2 行", "证券代码", "科学计数"]),
    ("企业名称,年份\n,2025\n", ["第 2 行", "缺少企业名称"]),
    ("企业名称\n???\n", ["第 2 行", "企业名称"]),
])
def test_refusals_name_the_place(text: str, said: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_list(text.encode(), PATH)
    for word in [str(PATH), *said]:
        assert word in str(caught.value)


def test_all_mistakes_at_once_and_nothing_read() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_list("企业名称,年份\n甲厂,x\n乙厂,2025\n丙厂,y\n".encode(), PATH)
    assert len(caught.value.problems) == 2
    assert "第 2 行" in caught.value.problems[0]
    assert "第 4 行" in caught.value.problems[1]


def test_line_numbers_survive_cells_with_line_breaks() -> None:
    with pytest.raises(ConfigError, match="第 4 行"):
        parse_list('企业名称,简介,年份\n甲厂,"一\n二",2025\n乙厂,三,x\n'.encode(), PATH)


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"\xff\xff\xff", b"name\n\x00\x00\n"])
def test_not_a_csv(data: bytes) -> None:
    with pytest.raises(ConfigError, match="榜单"):
        parse_list(data, PATH)


def test_read_list_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode("gbk"))
    assert read_list(path).rows == ROWS


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_refusal(data: bytes) -> None:
    try:
        rows = parse_list(data, PATH).rows
    except ConfigError:
        return
    assert all(row.name for row in rows)
