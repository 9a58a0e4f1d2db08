"""The demo's articles as data: loading them and putting days into their text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

import yaml

FOLDER = Path(__file__).parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
PAGE_BREAK = "===="  # a line of its own in an article's text: the next page of the same article begins
_DAY = re.compile(r"\{(day|date|month|year):(-?\d{1,4})\}")
_KEYS = {
    "id", "title", "days_ago", "time", "origin", "column", "text", "attachment", "pinned", "behaviour", "edited", "added", "labels",
    "body_is_list", "list_title",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArticle:
    """One page of a demo site as written in ``articles/SITE.yaml`` with its days filled in."""

    id: str  # unique over all sites
    site: str
    title: str
    published: datetime  # aware, Shanghai
    minute_known: bool
    origin: str | None  # 来源 as the page states it
    column: str  # the list in which it stands
    pages: tuple[tuple[str, ...], ...]  # paragraphs of each page; most articles have one page
    attachment: str | None = None  # file in attachments/
    pinned: bool = False  # stands first in its list although it is old
    behaviour: str | None = None  # slow, once_503, forbidden, missing
    added: bool = False  # appears with the second run only
    list_title: str | None = None  # what the list shows, where that is shorter than the title
    body_is_list: bool = False  # a column page behind a link that looks like an article

    @property
    def number(self) -> int:
        """A stable seven-digit number for the article's address."""
        return 1_000_000 + crc32(self.id.encode()) % 8_999_999

    @property
    def text(self) -> str:
        """All paragraphs of all pages, one a line."""
        return "\n".join(paragraph for page in self.pages for paragraph in page)


def fill_days(text: str, published: date) -> str:
    """Replace ``{day:-1}`` (11月24日), ``{date:0}`` (2026年11月25日), ``{month:1}`` (12月) and ``{year:1}`` (2027年), counted from the page's day."""

    def word(match: re.Match[str]) -> str:
        kind, offset = match[1], int(match[2])
        if kind == "year":
            return f"{published.year + offset}年"
        if kind == "month":
            return f"{(published.month - 1 + offset) % 12 + 1}月"
        day = published + timedelta(days=offset)
        return f"{day.month}月{day.day}日" if kind == "day" else f"{day.year}年{day.month}月{day.day}日"

    return _DAY.sub(word, text)


def _pages(text: str, published: date) -> tuple[tuple[str, ...], ...]:
    pages: list[tuple[str, ...]] = []
    for block in fill_days(text, published).split(f"\n{PAGE_BREAK}\n"):
        pages.append(tuple(line.strip() for line in block.splitlines() if line.strip()))
    return tuple(pages)


def _article(site: str, row: Mapping[str, Any], today: date) -> tuple[DemoArticle, DemoArticle | None]:
    unknown = set(row) - _KEYS
    if unknown:
        raise ValueError(f"articles/{site}.yaml, {row.get('id')}: unknown keys {sorted(unknown)}")
    day = today - timedelta(days=int(row["days_ago"]))
    clock_time = row.get("time")
    moment = time.fromisoformat(clock_time) if clock_time else time(0, 0)
    article = DemoArticle(
        id=row["id"], site=site, title=fill_days(row["title"], day), published=datetime.combine(day, moment, SHANGHAI),
        minute_known=clock_time is not None, origin=row.get("origin"), column=row.get("column", "main"), pages=_pages(row["text"], day),
        attachment=row.get("attachment"), pinned=bool(row.get("pinned")), behaviour=row.get("behaviour"), added=bool(row.get("added")),
        list_title=row.get("list_title"), body_is_list=bool(row.get("body_is_list")),
    )
    edited = row.get("edited")
    return article, replace(article, pages=_pages(edited, day)) if edited else None


def load_articles(site: str, today: date, *, second_run: bool = False) -> tuple[DemoArticle, ...]:
    """The articles of a site, newest first, pinned ones before them; ``second_run`` puts edited texts and later articles in."""
    rows = yaml.safe_load((FOLDER / "articles" / f"{site}.yaml").read_text("utf-8"))
    articles = []
    for row in rows:
        article, edited = _article(site, row, today)
        if article.added and not second_run:
            continue
        articles.append(edited if edited and second_run else article)
    return tuple(sorted(articles, key=lambda one: (not one.pinned, -one.published.timestamp(), one.id)))
