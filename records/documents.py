"""What the search side needs of the records: a document by kind and key, and all keys of a kind for a rebuild."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from qingbao.model import Company, CompanyText, Investment, Prospect
from records.articles import load_readings
from records.codec import from_json
from records.database import Database
from records.tables import articles, companies, company_texts, mentions, park_states, prospects_now, settled
from records.values import ArticleDocument, CompanyDocument, Reading

_READ_AT_ONCE = 500

Document = ArticleDocument | CompanyDocument | Prospect


class DocumentRecords(Database):
    """Documents for the search side."""

    def document(self, kind: str, key: str) -> Document | None:
        """The document ``key`` of ``kind`` (article: URL, company: id, prospect: park/company id) as it is now; None: it is gone."""
        return self.documents(kind, [key]).get(key)

    def documents(self, kind: str, keys: list[str]) -> dict[str, Document]:
        """Those of the documents that are there, by key; at most a few hundred at a time. Raises KeyError for an unknown kind."""
        load = {"article": _articles, "company": _companies, "prospect": _prospects}[kind]
        with self._reading() as connection:
            return load(connection, keys)

    def document_keys(self, kind: str) -> Iterator[str]:
        """The keys of all documents of a kind, in order; loaded by and by."""
        if kind == "prospect":
            with self._reading() as connection:
                rows = connection.execute(select(prospects_now.c.park, prospects_now.c.company_id).order_by(*prospects_now.primary_key.columns)).all()
            yield from (f"{row.park}/{row.company_id}" for row in rows)
            return
        column = {"article": articles.c.url, "company": companies.c.id}[kind]
        last = ""
        while True:
            with self._reading() as connection:
                keys = list(connection.execute(select(column).where(column > last).order_by(column).limit(_READ_AT_ONCE)).scalars())
            if not keys:
                return
            yield from keys
            last = keys[-1]


def _articles(connection: Connection, keys: list[str]) -> dict[str, Document]:
    readings = load_readings(connection, keys)
    signal_keys = [key for reading in readings for key in _keys(reading)]
    named = (
        select(mentions.c.signal_key, companies.c.id, companies.c.name)
        .join(companies, companies.c.id == mentions.c.company_id)
        .where(mentions.c.signal_key.in_(signal_keys))
    )
    company_of = {row.signal_key: (row.id, row.name) for row in connection.execute(named)}
    return {reading.article.url: ArticleDocument(reading=reading, companies=_named(reading, company_of)) for reading in readings}


def _named(reading: Reading, company_of: dict[str, tuple[str, str]]) -> dict[str, str]:
    return dict(company_of[key] for key in _keys(reading) if key in company_of)


def _keys(reading: Reading) -> list[str]:
    return [*(signal.key for signal in reading.signals), *(news.key for news in reading.adverse)]


def _companies(connection: Connection, keys: list[str]) -> dict[str, Document]:
    texts = {
        row.company_id: from_json(CompanyText, row.value)
        for row in connection.execute(select(company_texts).where(company_texts.c.company_id.in_(keys)))
    }
    invested: dict[str, list[Investment]] = {}
    wanted = select(settled).where(settled.c.kind == "investment", settled.c.company_id.in_(keys)).order_by(settled.c.id)
    for row in connection.execute(wanted):
        invested.setdefault(row.company_id, []).append(from_json(Investment, row.value))
    rows = connection.execute(select(companies.c.id, companies.c.value).where(companies.c.id.in_(keys)))
    return {
        row.id: CompanyDocument(
            company=from_json(Company, row.value), text=texts.get(row.id), investments=tuple(invested.get(row.id, ())),
        )
        for row in rows
    }


def _prospects(connection: Connection, keys: list[str]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    by_park: dict[str, list[str]] = {}
    for key in keys:
        park, _, company_id = key.partition("/")
        by_park.setdefault(park, []).append(company_id)
    for park, ids in by_park.items():
        run_id = connection.execute(select(park_states.c.run_id).where(park_states.c.park == park)).scalar_one_or_none()
        wanted: Any = select(prospects_now).where(prospects_now.c.park == park, prospects_now.c.company_id.in_(ids))
        for row in connection.execute(wanted):
            found[f"{park}/{row.company_id}"] = replace(from_json(Prospect, row.value), rank=row.rank, run_id=run_id)
    return found
