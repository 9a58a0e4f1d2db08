"""What settling found: companies with their merges, texts, stories, investments, bad news; only what differs is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, delete, insert, select

from qingbao.keys import content_hash
from qingbao.model import BadNews, Company, CompanyText, Investment, Story
from qingbao.text import fold
from records.codec import from_json, to_json
from records.database import Database, chunks, pairs, upsert
from records.outbox import note_changes
from records.tables import adverse, companies, company_names, company_texts, mentions, redirects, settled, signals
from records.values import Redirect, SettledRelation, Settlement

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
        at = self._clock()
        with self._writing() as connection:
            gone = [r.old_id for r in settlement.redirects] + list(settlement.companies_gone)
            touched = _store_companies(connection, settlement.companies, at)
            renamed = set(touched)
            _merge(connection, settlement.redirects, at)
            _remove_companies(connection, gone)
            touched |= _store_texts(connection, settlement.texts, at)
            touched |= _store_settled(connection, settlement, at)
            articles = _store_mentions(connection, settlement.mentions) | _articles_of(connection, renamed)
            note_changes(connection, "company", gone, "delete", at)
            note_changes(connection, "company", sorted(touched - set(gone)), "put", at)
            note_changes(connection, "article", sorted(articles), "put", at)

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


def fold_name(name: str) -> str:
    """A name as it is looked up: folded, without white space."""
    return "".join(fold(name).split())


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


def _digest(value: str) -> str:
    return content_hash(value.encode())


def _store_companies(connection: Connection, values: Sequence[Company], at: datetime) -> set[str]:
    kept = pairs(connection, select(companies.c.id, companies.c.digest))
    rows: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for company in values:
        value = to_json(company)
        digest = _digest(value)
        if kept.get(company.id) != digest:
            rows.append({"id": company.id, "name": company.name, "status": company.status.value, "digest": digest, "changed_at": at, "value": value})
            folded = {fold_name(text) for text in (company.name, *(name.text for name in company.names))} - {""}
            names += [{"company_id": company.id, "folded": text} for text in sorted(folded)]
    upsert(connection, companies, rows, keys=["id"])
    changed = {row["id"] for row in rows}
    for some in chunks(sorted(changed)):
        connection.execute(delete(company_names).where(company_names.c.company_id.in_(some)))
    if names:
        connection.execute(insert(company_names), names)
    return changed


def _merge(connection: Connection, merged: Sequence[Redirect], at: datetime) -> None:
    rows = [{"old_id": r.old_id, "new_id": r.new_id, "why": r.why, "at": at} for r in merged]
    upsert(connection, redirects, rows, keys=["old_id"])


def _remove_companies(connection: Connection, ids: Sequence[str]) -> None:
    for some in chunks(ids):
        connection.execute(delete(companies).where(companies.c.id.in_(some)))
        connection.execute(delete(company_names).where(company_names.c.company_id.in_(some)))
        connection.execute(delete(company_texts).where(company_texts.c.company_id.in_(some)))


def _store_texts(connection: Connection, texts: Sequence[CompanyText], at: datetime) -> set[str]:
    t = company_texts
    kept = pairs(connection, select(t.c.company_id, t.c.digest))
    rows: list[dict[str, Any]] = []
    for text in texts:
        value = to_json(text)
        digest = _digest(value)
        if kept.get(text.company_id) != digest:
            rows.append({"company_id": text.company_id, "digest": digest, "changed_at": at, "value": value})
    upsert(connection, t, rows, keys=["company_id"])
    return {row["company_id"] for row in rows}


def _rows_of(settlement: Settlement) -> Iterator[tuple[str, str, str | None, Any]]:
    """(kind, id, company, value) of all that lies in the table ``settled``."""
    for story in settlement.stories:
        yield "story", story.id, None, story
    for investment in settlement.investments:
        yield "investment", investment.id, investment.company_id, investment
    for news in settlement.bad_news:
        yield "bad_news", _digest(f"{news.company_id}\n{news.url}\n{news.kind.value}\n{news.quote.text}"), news.company_id, news
    for related in settlement.relations:
        yield "relation", related.relation.key, related.subject_id, related


def _store_settled(connection: Connection, settlement: Settlement, at: datetime) -> set[str]:
    t = settled
    kept = {(row.kind, row.id): row for row in connection.execute(select(t.c.kind, t.c.id, t.c.company_id, t.c.digest))}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    found: set[tuple[str, str]] = set()
    for kind, key, company_id, value in _rows_of(settlement):
        text = to_json(value)
        digest = _digest(text)
        found.add((kind, key))
        if (kind, key) not in kept or kept[kind, key].digest != digest:
            rows[kind, key] = {"kind": kind, "id": key, "company_id": company_id, "digest": digest, "changed_at": at, "value": text}
    upsert(connection, t, list(rows.values()), keys=["kind", "id"])
    touched = {row["company_id"] for row in rows.values()} | {kept[key].company_id for key in rows if key in kept}
    if settlement.article_urls is not None:
        touched |= _remove_unsupported(connection, kept, found, set(settlement.article_urls))
    return touched - {None}


def _remove_unsupported(
    connection: Connection, kept: Mapping[tuple[str, str], Any], found: set[tuple[str, str]], settled_urls: set[str]
) -> set[str | None]:
    """Remove what rests on the settled articles alone and was not found again; the companies concerned."""
    classes: dict[str, type[Any]] = {"story": Story, "investment": Investment, "bad_news": BadNews, "relation": SettledRelation}
    touched = set()
    for kind, key in sorted(kept.keys() - found):
        this = (settled.c.kind == kind, settled.c.id == key)
        value = from_json(classes[kind], connection.execute(select(settled.c.value).where(*this)).scalar_one())
        if set(_urls(value)) <= settled_urls:
            connection.execute(delete(settled).where(*this))
            touched.add(kept[kind, key].company_id)
    return touched


def _urls(value: Any) -> Iterable[str]:
    """The articles on which a settled value rests."""
    if isinstance(value, Story):
        return value.article_urls
    if isinstance(value, Investment):
        return [stated.article_url for stated in value.stated]
    if isinstance(value, BadNews):
        return [value.url]
    assert isinstance(value, SettledRelation)
    return [value.relation.article_url]


def _store_mentions(connection: Connection, found: Mapping[str, str]) -> set[str]:
    """Write the mentions that changed, remove those whose signal is gone; the articles concerned."""
    kept = pairs(connection, select(mentions.c.signal_key, mentions.c.company_id))
    changed = [key for key, company_id in found.items() if kept.get(key) != company_id]
    upsert(connection, mentions, [{"signal_key": key, "company_id": found[key]} for key in changed], keys=["signal_key"])
    connection.execute(
        delete(mentions).where(mentions.c.signal_key.not_in(select(signals.c.key)), mentions.c.signal_key.not_in(select(adverse.c.key)))
    )
    urls: set[str] = set()
    for some in chunks(changed):
        for table in (signals, adverse):
            urls.update(connection.execute(select(table.c.article_url).where(table.c.key.in_(some))).scalars())
    return urls


def _articles_of(connection: Connection, company_ids: set[str]) -> set[str]:
    """The articles that mention one of these companies."""
    urls: set[str] = set()
    for some in chunks(sorted(company_ids)):
        for table in (signals, adverse):
            wanted = select(table.c.article_url).join(mentions, mentions.c.signal_key == table.c.key).where(mentions.c.company_id.in_(some))
            urls.update(connection.execute(wanted).scalars())
    return urls

