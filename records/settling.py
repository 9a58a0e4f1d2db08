"""What a night asks for to settle its new articles alone: what is new, what it touches, and the analyst's rulings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Table, insert, or_, select

from qingbao.model import BadNews, Company, CompanyText, Investment, Story
from records.articles import load_readings
from records.codec import from_json, to_json
from records.database import Database, chunks, pairs, upsert
from records.tables import (
    adverse,
    articles,
    companies,
    company_texts,
    mentions,
    rulings,
    settle_keys,
    settle_stamp,
    settled,
    settled_articles,
    signals,
    verdicts,
)
from records.values import Reading, Ruling, SettledRelation

# Articles that share a piece of text up to which they are looked at as copies.
BOILERPLATE = 50

T = TypeVar("T")


class SettlingRecords(Database):
    """Asking by keys and ids; every answer costs what it holds, not what is known."""

    def settle_stamp(self) -> str | None:
        """Under which rules and lists everything was settled last; None: never."""
        with self._reading() as connection:
            return connection.execute(select(settle_stamp.c.stamp)).scalar_one_or_none()

    def set_settle_stamp(self, stamp: str) -> None:
        """Note that everything was settled under ``stamp``."""
        with self._writing() as connection:
            upsert(connection, settle_stamp, [{"one": 1, "stamp": stamp}], keys=["one"])

    def unsettled_urls(self, since: datetime) -> tuple[list[str], bool]:
        """Articles since a moment that are new or read otherwise than when they were settled; and whether a settled one was reread or is gone."""
        a, s = articles, settled_articles
        wanted = select(a.c.url, s.c.url).outerjoin(s, s.c.url == a.c.url).where(a.c.day_at >= since, or_(s.c.digest.is_(None), s.c.digest != a.c.digest))
        gone = select(s.c.url).where(s.c.url.not_in(select(a.c.url))).limit(1)
        with self._reading() as connection:
            rows = connection.execute(wanted.order_by(a.c.url)).all()
            lost = connection.execute(gone).first() is not None
        return [row[0] for row in rows], lost or any(row[1] is not None for row in rows)

    def companies_without_their_signals(self) -> set[str]:
        """Companies with a mention whose signal is gone: after a reread they are settled anew."""
        lost = select(mentions.c.company_id).where(mentions.c.signal_key.not_in(select(signals.c.key)), mentions.c.signal_key.not_in(select(adverse.c.key)))
        with self._reading() as connection:
            return set(connection.execute(lost).scalars())

    def ids_with_keys(self, kind: str, keys: Iterable[str]) -> set[str]:
        """Companies, articles or stories (``kind``) that have one of these keys."""
        found: set[str] = set()
        with self._reading() as connection:
            for some in chunks(sorted(keys)):
                found.update(connection.execute(select(settle_keys.c.id).where(settle_keys.c.kind == kind, settle_keys.c.key.in_(some))).scalars())
        return found

    def copies_of(self, keys: Iterable[str]) -> set[str]:
        """Articles that share one of these keys; a key of more than ``BOILERPLATE`` articles tells nothing."""
        found: set[str] = set()
        with self._reading() as connection:
            for key in sorted(keys):
                wanted = select(settle_keys.c.id).where(settle_keys.c.kind == "article", settle_keys.c.key == key).limit(BOILERPLATE + 1)
                urls = list(connection.execute(wanted).scalars())
                if len(urls) <= BOILERPLATE:
                    found.update(urls)
        return found

    def companies_by_id(self, ids: Iterable[str]) -> list[Company]:
        """Companies by their ids."""
        return self._by_id(companies, companies.c.id, Company, ids)

    def company_texts_by_id(self, ids: Iterable[str]) -> list[CompanyText]:
        """Texts of companies."""
        return self._by_id(company_texts, company_texts.c.company_id, CompanyText, ids)

    def stories_by_id(self, ids: Iterable[str]) -> list[Story]:
        """Stories by their ids."""
        found = []
        with self._reading() as connection:
            for some in chunks(sorted(ids)):
                values = connection.execute(select(settled.c.value).where(settled.c.kind == "story", settled.c.id.in_(some)))
                found += [from_json(Story, value) for value in values.scalars()]
        return found

    def investments_of(self, ids: Iterable[str]) -> list[Investment]:
        """Investments of companies."""
        return self._of_companies("investment", Investment, ids)

    def bad_news_of(self, ids: Iterable[str]) -> list[BadNews]:
        """Bad news of companies."""
        return self._of_companies("bad_news", BadNews, ids)

    def relations_of(self, ids: Iterable[str]) -> list[SettledRelation]:
        """Relations whose subject is one of these companies."""
        return self._of_companies("relation", SettledRelation, ids)

    def articles_naming(self, company_ids: Iterable[str], since: datetime | None) -> set[str]:
        """Articles since a moment (None: all) with a mention of one of these companies."""
        urls: set[str] = set()
        with self._reading() as connection:
            for some in chunks(sorted(company_ids)):
                for table in (signals, adverse):
                    wanted = select(table.c.article_url).join(mentions, mentions.c.signal_key == table.c.key).where(mentions.c.company_id.in_(some))
                    if since is not None:
                        wanted = wanted.join(articles, articles.c.url == table.c.article_url).where(articles.c.day_at >= since)
                    urls.update(connection.execute(wanted).scalars())
        return urls

    def readings_of(self, urls: Iterable[str], since: datetime | None = None) -> list[Reading]:
        """Readings by their canonical URLs, those before a moment left out."""
        found: list[Reading] = []
        with self._reading() as connection:
            for some in chunks(sorted(urls)):
                if since is not None:
                    some = list(connection.execute(select(articles.c.url).where(articles.c.url.in_(some), articles.c.day_at >= since)).scalars())
                found += load_readings(connection, some)
        return found

    def mentions_of(self, keys: Iterable[str]) -> dict[str, str]:
        """Key of a signal or adverse report → company id, of those that are settled."""
        found: dict[str, str] = {}
        with self._reading() as connection:
            for some in chunks(sorted(keys)):
                found |= pairs(connection, select(mentions.c.signal_key, mentions.c.company_id).where(mentions.c.signal_key.in_(some)))
        return found

    def judged_companies(self) -> set[str]:
        """Companies of which staff said something."""
        with self._reading() as connection:
            return set(connection.execute(select(verdicts.c.company_id).distinct()).scalars())

    def add_ruling(self, ruling: Ruling) -> None:
        """Keep the analyst's word."""
        with self._writing() as connection:
            connection.execute(insert(rulings), [{"id": ruling.id, "value": to_json(ruling)}])

    def rulings(self) -> list[Ruling]:
        """All rulings, oldest first."""
        with self._reading() as connection:
            return [from_json(Ruling, value) for value in connection.execute(select(rulings.c.value).order_by(rulings.c.seq)).scalars()]

    def _by_id(self, table: Table, key: Any, cls: type[T], ids: Iterable[str]) -> list[T]:
        found: list[T] = []
        with self._reading() as connection:
            for some in chunks(sorted(ids)):
                found += [from_json(cls, value) for value in connection.execute(select(table.c.value).where(key.in_(some)).order_by(key)).scalars()]
        return found

    def _of_companies(self, kind: str, cls: type[T], ids: Iterable[str]) -> list[T]:
        found: list[T] = []
        with self._reading() as connection:
            for some in chunks(sorted(ids)):
                wanted = select(settled.c.value).where(settled.c.kind == kind, settled.c.company_id.in_(some)).order_by(settled.c.id)
                found += [from_json(cls, value) for value in connection.execute(wanted).scalars()]
        return found
