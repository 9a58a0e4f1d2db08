"""Articles with what was read in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from qingbao.keys import canonical_url
from qingbao.model import Adverse, Article, Relation, Signal
from records.codec import clean, from_json
from records.database import Database
from records.tables import adverse, articles, relations, signals
from records.values import Reading

_READ_AT_ONCE = 200

T = TypeVar("T")


class ArticleRecords(Database):
    """Asking for what was read."""

    def article(self, url: str) -> Article | None:
        """The article of ``url`` (as linked or canonical)."""
        with self._reading() as connection:
            value = connection.execute(select(articles.c.value).where(articles.c.url == clean(canonical_url(url)))).scalar_one_or_none()
        return None if value is None else from_json(Article, value)

    def reading(self, url: str) -> Reading | None:
        """The article of ``url`` with its signals, adverse news and relations."""
        with self._reading() as connection:
            return next(iter(load_readings(connection, [clean(canonical_url(url))])), None)

    def articles(self, since: datetime | None = None) -> Iterator[Article]:
        """Articles published (where that is unknown: fetched) at ``since`` or later, or all; by URL."""
        for reading in self._pieces(since, with_signals=False):
            yield reading.article

    def readings(self, since: datetime | None = None) -> Iterator[Reading]:
        """Like ``articles``, each with all that was read in it."""
        return self._pieces(since, with_signals=True)

    def _pieces(self, since: datetime | None, *, with_signals: bool) -> Iterator[Reading]:
        # By and by, each piece in a transaction of its own: a caller may write in between, and memory does not grow with the articles.
        last = ""
        wanted = select(articles.c.url).order_by(articles.c.url).limit(_READ_AT_ONCE)
        if since is not None:
            wanted = wanted.where(articles.c.day_at >= since)
        while True:
            with self._reading() as connection:
                urls = list(connection.execute(wanted.where(articles.c.url > last)).scalars())
                piece = load_readings(connection, urls, with_signals=with_signals)
            if not urls:
                return
            yield from piece
            last = urls[-1]


def load_readings(connection: Connection, urls: list[str], *, with_signals: bool = True) -> list[Reading]:
    """The readings of canonical ``urls`` (few hundred at most) that are there, by URL."""
    rows = connection.execute(select(articles.c.url, articles.c.value).where(articles.c.url.in_(urls)).order_by(articles.c.url)).all()
    if not with_signals:
        return [Reading(article=from_json(Article, row.value)) for row in rows]
    found = (_by_article(connection, signals, Signal, urls), _by_article(connection, adverse, Adverse, urls))
    related = _by_article(connection, relations, Relation, urls)
    return [
        Reading(
            article=from_json(Article, row.value), signals=found[0].get(row.url, ()), adverse=found[1].get(row.url, ()),
            relations=related.get(row.url, ()),
        )
        for row in rows
    ]


def _by_article(connection: Connection, table: Table, cls: type[T], urls: list[str]) -> dict[str, tuple[T, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for row in connection.execute(select(table).where(table.c.article_url.in_(urls)).order_by(table.c.article_url, table.c.place)):
        found[row.article_url] = (*found.get(row.article_url, ()), from_json(cls, row.value))
    return found
