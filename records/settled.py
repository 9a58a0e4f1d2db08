"""What settling found: companies with their merges, texts, stories, investments, bad news; only what differs is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from qingbao.model import BadNews, Company, CompanyText, Investment, Story
from records.codec import from_json
from records.database import Database, pairs
from records.settle_store import fold_name, store
from records.tables import companies, company_names, company_texts, mentions, redirects, settled
from records.values import SettledRelation, Settlement

_READ_AT_ONCE = 500

# Companies that a search by a piece of a name gives at most.
FOUND_AT_MOST = 50

T = TypeVar("T")


class SettledRecords(Database):
    """Companies and what is known of them over all articles."""

    def companies(self) -> Iterator[Company]:
        """All companies that were not merged into others, by id; loaded by and by."""
        return self._all(companies, companies.c.id, Company)

    def company_texts(self) -> Iterator[CompanyText]:
        """What the matcher may read of every company, by company id; loaded by and by."""
        return self._all(company_texts, company_texts.c.company_id, CompanyText)

    def company(self, company_id: str) -> Company | None:
        """A company by its id or by one that was merged into it."""
        with self._reading() as connection:
            final = final_ids(connection).get(company_id, company_id)
            value = connection.execute(select(companies.c.value).where(companies.c.id == final)).scalar_one_or_none()
        return None if value is None else from_json(Company, value)

    def company_text(self, company_id: str) -> CompanyText | None:
        """What the matcher may read of one company."""
        with self._reading() as connection:
            value = connection.execute(select(company_texts.c.value).where(company_texts.c.company_id == company_id)).scalar_one_or_none()
        return None if value is None else from_json(CompanyText, value)

    def find_companies(self, name: str) -> list[Company]:
        """Companies that have this name; where none has, those whose names hold it, shortest name first, at most 50."""
        folded = fold_name(name)
        if not folded:
            return []
        t = company_names
        with self._reading() as connection:
            ids = list(connection.execute(select(t.c.company_id).where(t.c.folded == folded)).scalars())
            if not ids:
                found = connection.execute(select(t.c.company_id, t.c.folded).where(t.c.folded.contains(folded, autoescape=True))).all()
                found = sorted(found, key=lambda row: (len(row.folded), row.folded, row.company_id))
                ids = list(dict.fromkeys(row.company_id for row in found))[:FOUND_AT_MOST]
            values = connection.execute(select(companies.c.id, companies.c.value).where(companies.c.id.in_(ids))).all()
        by_id = {row.id: from_json(Company, row.value) for row in values}
        return [by_id[company_id] for company_id in dict.fromkeys(ids) if company_id in by_id]

    def redirects(self) -> dict[str, str]:
        """Every id that was merged → the id that stands for it now."""
        with self._reading() as connection:
            return final_ids(connection)

    def stories(self) -> list[Story]:
        """All stories, by id."""
        return self._settled("story", Story)

    def investments(self, company_id: str | None = None) -> list[Investment]:
        """All investments, or those of one company, by id."""
        return self._settled("investment", Investment, company_id)

    def bad_news(self, company_id: str | None = None) -> list[BadNews]:
        """All bad news, or that of one company, newest first."""
        news = self._settled("bad_news", BadNews, company_id)
        return sorted(news, key=lambda n: (n.day is not None, n.day), reverse=True)

    def settled_relations(self) -> list[SettledRelation]:
        """Relations between companies of the records."""
        return self._settled("relation", SettledRelation)

    def mentions(self) -> dict[str, str]:
        """Key of a signal or adverse report → company id."""
        with self._reading() as connection:
            return pairs(connection, select(mentions.c.signal_key, mentions.c.company_id))

    def store_settlement(self, settlement: Settlement) -> None:
        """Write what differs from what is kept, and note the documents that change; one transaction.

        The founding of a company, a merge, a changed name also change the documents of the articles that mention it.
        """
        with self._writing() as connection:
            store(connection, settlement, self._clock())

    def _settled(self, kind: str, cls: type[T], company_id: str | None = None) -> list[T]:
        wanted = select(settled.c.value).where(settled.c.kind == kind).order_by(settled.c.id)
        if company_id is not None:
            wanted = wanted.where(settled.c.company_id == company_id)
        with self._reading() as connection:
            return [from_json(cls, value) for value in connection.execute(wanted).scalars()]

    def _all(self, table: Table, key: Any, cls: type[T]) -> Iterator[T]:
        last = ""
        while True:
            with self._reading() as connection:
                rows = connection.execute(select(key, table.c.value).where(key > last).order_by(key).limit(_READ_AT_ONCE)).all()
            if not rows:
                return
            yield from (from_json(cls, row[1]) for row in rows)
            last = rows[-1][0]


def final_ids(connection: Connection) -> dict[str, str]:
    """Every merged id → the id at the end of its redirects."""
    step: dict[str, str] = pairs(connection, select(redirects.c.old_id, redirects.c.new_id))
    final = {}
    for old in step:
        end, seen = step[old], {old}
        while end in step and end not in seen:  # `seen`: a ring would be a mistake of settling, but must not hang the night
            seen.add(end)
            end = step[end]
        final[old] = end
    return final
