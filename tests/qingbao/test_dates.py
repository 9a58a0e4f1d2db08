"""Chinese dates and times to moments."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingbao.clock import SHANGHAI
from qingbao.dates import chinese_number, day_in_url, find_moments, from_epoch, month_in_url, parse_moment

WRITTEN = [
    ("2026-03-11", "2026-03-11", None), ("发布时间：2026/3/11 10:05", "2026-03-11", "10:05"), ("2026.03.11", "2026-03-11", None), ("2026年3月11日", "2026-03-11", None),
    ("2026年3月11日10时05分", "2026-03-11", "10:05"), ("2026年3月11日 下午3:05", "2026-03-11", "15:05"), ("2026-3-11 09:05:59.123", "2026-03-11", "09:05"), ("2026年3月11日（星期三）08:30", "2026-03-11", "08:30"),
    ("二〇二六年三月十一日", "2026-03-11", None), ("二○二六年十二月三十一日", "2026-12-31", None), ("2026-03-10T23:30:00Z", "2026-03-11", "07:30"), ("2026-03-11T08:00:00+08:00", "2026-03-11", "08:00"),
    ("2026-03-11T08:00:00+0000", "2026-03-11", "16:00"), ("2026-09-28-21:50:00", "2026-09-28", "21:50"), ("Mar 11, 2026", "2026-03-11", None), ("11 March 2026", "2026-03-11", None),
    ("May 20, 2024 at 3:05 PM", "2024-05-20", "15:05"), ("Sat, 14 Sep 2024 10:00:00 GMT", "2024-09-14", "18:00"), ("20260311", "2026-03-11", None), ("20260311100500", "2026-03-11", "10:05"), ("2026－03－11", "2026-03-11", None),
    ("2026 03/11 10:05:01", "2026-03-11", "10:05"), ("202603/1110:05:01", "2026-03-11", "10:05"), ("2026-03-11 25:61", "2026-03-11", None), ("2026-03-11　　10:05", "2026-03-11", "10:05"),
]


@pytest.mark.parametrize(("text", "day", "clock"), WRITTEN)
def test_written(text: str, day: str, clock: str | None) -> None:
    got = parse_moment(text)
    assert got is not None
    local = got.at.astimezone(SHANGHAI)
    assert local.date().isoformat() == day
    assert got.minute_known is (clock is not None)
    assert local.strftime("%H:%M") == (clock or "00:00")
    assert got.at.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "3月11日", "2026-02-30", "2026-13-01", "0830-20210118", "蜀ICP备2021004321号", "1899-01-01", "2011-2026", "电话12026-03-115", "192.168.1.20", "2026年"])
def test_no_date(text: str) -> None:
    assert parse_moment(text) is None


def test_all_of_them_in_order() -> None:
    assert [m.day.isoformat() for m in find_moments("2026-03-11至2026年4月1日，May 2, 2026")] == ["2026-03-11", "2026-04-01", "2026-05-02"]


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://x.example/zw/202603/t20260311_88.html", date(2026, 3, 11)), ("/art/2026/3/1/art_12_99.html", date(2026, 3, 1)), ("/2026-03/11/content_9.htm", date(2026, 3, 11)), ("/202603/11/content_9.html", date(2026, 3, 11)),
        ("/n/2026/0311/c1-9.html", date(2026, 3, 11)), ("/a/20260311/77.shtml", date(2026, 3, 11)), ("/gongkai/show/20260311101500123.html", date(2026, 3, 11)), ("/info/1206/238137.htm", None), ("/202603/abcdef.shtml", None), ("/2026/13/45/x.html", None),
    ],
)
def test_day_in_url(url: str, day: date | None) -> None:
    assert day_in_url(url) == day


def test_month_in_url() -> None:
    assert month_in_url("/c/202603/0a1b.shtml") == (2026, 3)
    assert month_in_url("/info/1/2.htm") is None


def test_epochs_in_seconds_and_milliseconds() -> None:
    assert from_epoch(1773194700) == from_epoch(1773194700000) == datetime(2026, 3, 11, 2, 5, tzinfo=UTC)
    assert from_epoch(12) is None
    assert from_epoch(1e30) is None


@pytest.mark.parametrize(("text", "number"), [("十", 10), ("十一", 11), ("二十", 20), ("三十一", 31), ("二〇二六", 2026), ("7", 7), ("", None), ("甲", None)])
def test_chinese_number(text: str, number: int | None) -> None:
    assert chinese_number(text) == number


@given(st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2049, 1, 1)), st.sampled_from(["%Y-%m-%d %H:%M", "%Y年%m月%d日 %H:%M", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M"]))
def test_any_moment_comes_back(moment: datetime, pattern: str) -> None:
    got = parse_moment("发布时间：" + moment.strftime(pattern))
    assert got is not None
    assert got.minute_known
    assert got.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") == moment.strftime("%Y-%m-%d %H:%M")


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    for moment in find_moments(text):
        assert 0 <= moment.start < moment.end <= len(text)
        assert moment.at.tzinfo is not None
    parse_moment(text)
    day_in_url(text)
