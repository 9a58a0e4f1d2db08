"""Dates and times as Chinese pages write them, to aware moments; Shanghai where no zone is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from qingbao.clock import SHANGHAI

# News on the web: nothing before is a publication date, and plans beyond the coming decades are typing errors.
FIRST_YEAR, LAST_YEAR = 1994, 2049

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "O": 0, "两": 2}
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name: number for number, full in enumerate(_MONTH_NAMES.split(), 1) for name in (full, full[:3])} | {"sept": 9}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"

_TIME = (
    r"(?P<ap>上午|下午|凌晨|早上|中午|晚上|傍晚|AM|PM)?\s{0,3}(?P<h>\d{1,2})\s?(?:[:：]|时|点)\s?(?P<mi>\d{1,2})(?:\s?(?:[:：]|分)\s?(?P<s>\d{1,2})(?:[.,]\d{1,9})?秒?|分)?"
    r"(?:\s?(?P<pm>[AaPp]\.?[Mm]\b))?(?:\s{0,2}(?P<z>Z\b|UTC|GMT|[+-]\d{2}:?\d{2}(?!\d)))?"
)
_GAP = r"(?:[\s　,，T|]{0,6}|\s{0,3}[(（]?\s?(?:星期|周)[一二三四五六日天]\s?[)）]?\s{0,4}|-(?=\d{1,2}:)|\s{0,3}at\s|\s{0,3}[·•]\s{0,3})"
_DAY = r"(?<![\d.])(?P<y>(?:19|20)\d{2})\s{0,2}(?P<sep>[-/.\u2013\u2014－]|年)\s{0,2}(?P<m>\d{1,2})\s{0,2}(?:[-/.\u2013\u2014－]|月)\s{0,2}(?P<d>\d{1,2})(?!\d)\s?[日号]?"
_NUMERIC = re.compile(f"{_DAY}(?:{_GAP}{_TIME})?")
_COMPACT = re.compile(r"(?<![\d-])(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?:(?P<h>[01]\d|2[0-3])(?P<mi>[0-5]\d)(?P<s>[0-5]\d))?(?!\d)")
# A dateline in boxes of its own, year over month/day: 2024 05/20 16:25:01.
_BOXED = re.compile(r"(?<![\d/.-])(?P<y>20\d{2})\s{0,3}(?P<m>0[1-9]|1[0-2])\s?/\s?(?P<d>[0-3]\d)\s{0,3}(?P<h>[01]\d|2[0-3])[:：](?P<mi>[0-5]\d)(?:[:：](?P<s>[0-5]\d))?(?!\d)")
_WORDS = re.compile(r"(?P<y>[零〇○ＯO一二三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日")
_ENGLISH = re.compile(
    rf"(?<![A-Za-z])(?:{_MONTH}\.?\s{{1,3}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}((?:19|20)\d{{2}})|(\d{{1,2}})(?:st|nd|rd|th)?\s{{1,3}}(?:of\s)?{_MONTH}\.?,?\s{{1,3}}((?:19|20)\d{{2}}))(?!\d)", re.I
)
_ENGLISH_TIME = re.compile(f"{_GAP}{_TIME}", re.I)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date in a text: ``start``/``end`` its offsets; ``at`` aware UTC, midnight in Shanghai if only the day is known."""

    start: int
    end: int
    at: datetime
    minute_known: bool

    @property
    def day(self) -> date:
        """The day in Shanghai."""
        return self.at.astimezone(SHANGHAI).date()


def midnight(day: date) -> datetime:
    """The moment (UTC) at which a day begins in Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def chinese_number(text: str) -> int | None:
    """一 … 三十一, 廿三 and digits to a number; ``None`` if it is none."""
    if text.isdecimal():
        return int(text)
    if not text:
        return None
    head, ten, tail = text.partition("十")
    if ten:
        tens = _DIGITS.get(head, 1 if not head else -1)
        units = _DIGITS.get(tail, 0 if not tail else -1)
        return tens * 10 + units if tens > 0 and units >= 0 else None
    digits = [_DIGITS.get(c, -1) for c in text]
    return int("".join(map(str, digits))) if min(digits) >= 0 else None


def _zone(text: str | None) -> tzinfo:
    if not text:
        return SHANGHAI
    if text[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if offset > timedelta(hours=14):
        return SHANGHAI
    return timezone(offset if text[0] == "+" else -offset)


def _moment(start: int, end: int, y: int, m: int, d: int, clock: re.Match[str] | None) -> Moment | None:
    if not FIRST_YEAR <= y <= LAST_YEAR:
        return None
    try:
        day = datetime(y, m, d, tzinfo=SHANGHAI)
    except ValueError:
        return None
    if clock is None or clock["h"] is None:
        return Moment(start, end, day.astimezone(UTC), False)
    groups = clock.groupdict()
    hour, minute, second = int(clock["h"]), int(clock["mi"] or 0), int(clock["s"] or 0)
    half = (groups.get("pm") or groups.get("ap") or "").lower().replace(".", "")
    if half in {"pm", "下午", "晚上", "傍晚"} and hour < 12:
        hour += 12
    elif half in {"am", "凌晨", "上午"} and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return Moment(start, end, day.astimezone(UTC), False)
    try:
        at = datetime(y, m, d, hour, minute, second, tzinfo=_zone(groups.get("z"))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(start, end, at, True)


def find_moments(text: str) -> Iterator[Moment]:
    """All full dates (with year) in a text, in order, each with its time of day if one follows.

    2026-03-11 · 2026/3/11 10:05 · 2026年3月11日 下午3:05 · 二〇二六年三月十一日 · May 20, 2024 · ISO with zone. Years outside
    ``FIRST_YEAR`` … ``LAST_YEAR`` and days that do not exist are passed over.
    """
    found = [_moment(m.start(), m.end(), int(m["y"]), int(m["m"]), int(m["d"]), m) for m in _NUMERIC.finditer(text)]
    if "/" in text:
        found += [_moment(m.start(), m.end(), int(m["y"]), int(m["m"]), int(m["d"]), m) for m in _BOXED.finditer(text)]
    if "年" in text:
        for m in _WORDS.finditer(text):
            y, mo, d = (chinese_number(m[k]) for k in "ymd")
            if y and mo and d:
                found.append(_moment(m.start(), m.end(), y, mo, d, None))
    if any("a" <= c <= "z" for c in text[:4000].lower()):
        for m in _ENGLISH.finditer(text):
            name, d_text, y_text = (m[1], m[2], m[3]) if m[1] else (m[5], m[4], m[6])
            clock = _ENGLISH_TIME.match(text, m.end())
            found.append(_moment(m.start(), clock.end() if clock else m.end(), int(y_text), _MONTHS[name.lower()], int(d_text), clock))
    yield from sorted((m for m in found if m), key=lambda m: m.start)


def parse_moment(text: str) -> Moment | None:
    """The first date in a text, compact forms (20260311, 20260311100500) included."""
    for moment in find_moments(text):
        return moment
    for m in _COMPACT.finditer(text):
        moment_or_none = _moment(m.start(), m.end(), int(m["y"]), int(m["m"]), int(m["d"]), m)
        if moment_or_none:
            return moment_or_none
    return None


def from_epoch(value: float) -> datetime | None:
    """Seconds or milliseconds since 1970 to an aware moment (UTC); ``None`` outside the years of the web."""
    seconds = value / 1000 if value > 1e11 else value
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if FIRST_YEAR <= at.year <= LAST_YEAR else None


_URL_DAYS = (
    re.compile(r"/t(20\d{2})(\d{2})(\d{2})_\d"),
    re.compile(r"/(20\d{2})/(\d{2})(\d{2})(?=/)"),
    re.compile(r"/(20\d{2})[-/]?(\d{1,2})[-/](\d{1,2})(?=/|_|-|\.|$)"),
    re.compile(r"/(20\d{2})(\d{2})(\d{2})(?=/|_|-|\.|[A-Za-z]|\d{6}(?!\d)|\d{9}\b|$)"),
    re.compile(r"[/_-](20\d{2})-(\d{1,2})-(\d{1,2})(?=/|_|-|\.|$)"),
    re.compile(r"[/_](20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.A-Za-z]|\d{3,10}\b)"),
)
_URL_MONTHS = (re.compile(r"/(20\d{2})[-/]?(0[1-9]|1[0-2])(?=/)"), re.compile(r"/(20\d{2})/(\d{1,2})(?=/)"))


def day_in_url(url: str) -> date | None:
    """The day that an article's address states: /202609/t20260915_1.html, /art/2026/9/5/…, /2026-09/15/…"""
    for pattern in _URL_DAYS:
        for m in pattern.finditer(url):
            try:
                day = date(int(m[1]), int(m[2]), int(m[3]))
            except ValueError:
                continue
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
    return None


def month_in_url(url: str) -> tuple[int, int] | None:
    """Year and month that an article's address states: /202609/<hex>.shtml."""
    day = day_in_url(url)
    if day:
        return day.year, day.month
    for pattern in _URL_MONTHS:
        m = pattern.search(url)
        if m and 1 <= int(m[2]) <= 12 and FIRST_YEAR <= int(m[1]) <= LAST_YEAR:
            return int(m[1]), int(m[2])
    return None
