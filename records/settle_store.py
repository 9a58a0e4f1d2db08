"""Writing a settlement: what differs from what is kept, by keys and never by a walk over all that is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from qingbao.keys import content_hash
from qingbao.model import Company, CompanyText
from qingbao.text import fold
from records.codec import to_json
from records.database import chunks, pairs, upsert
from records.outbox import note_changes
from records.tables import (
    adverse,
    articles,
    companies,
    company_names,
    company_texts,
    mentions,
    redirects,
    settle_keys,
    settled,
    settled_articles,
    signals,
)
from records.values import Redirect, Settlement


def fold_name(name: str) -> str:
    """A name as it is looked up: folded, without white space."""
    return "".join(fold(name).split())


def store(connection: Connection, settlement: Settlement, at: datetime) -> None:
    """Write a settlement in the running transaction, and note the documents that change."""
    gone = [r.old_id for r in settlement.redirects] + list(settlement.companies_gone)
    touched = _store_companies(connection, settlement.companies, at)
    renamed = set(touched)
    _merge(connection, settlement.redirects, at)
    _remove_companies(connection, gone)
    touched |= _store_texts(connection, settlement.texts, at)
    touched |= _store_settled(connection, settlement, at)
    changed = _store_mentions(connection, settlement.mentions, settlement.complete_for) | _articles_of(connection, renamed)
    _note_settled(connection, settlement)
    note_changes(connection, "company", gone, "delete", at)
    note_changes(connection, "company", sorted(touched - set(gone)), "put", at)
    note_changes(connection, "article", sorted(changed), "put", at)


def _digest(value: str) -> str:
    return content_hash(value.encode())


def _kept(connection: Connection, table: Table, ids: Iterable[str]) -> dict[str, str]:
    """id → digest, of those of ``ids`` that are kept: a night looks at what it touches only."""
    key = table.primary_key.columns[0]
    kept: dict[str, str] = {}
    for some in chunks(ids):
        kept |= pairs(connection, select(key, table.c.digest).where(key.in_(some)))
    return kept


def _store_companies(connection: Connection, values: Sequence[Company], at: datetime) -> set[str]:
    kept = _kept(connection, companies, (company.id for company in values))
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
        # A company that was merged and is split off again is itself once more.
        connection.execute(delete(redirects).where(redirects.c.old_id.in_(some)))
    if names:
        connection.execute(insert(company_names), names)
    return changed


def _merge(connection: Connection, merged: Sequence[Redirect], at: datetime) -> None:
    rows = [{"old_id": r.old_id, "new_id": r.new_id, "why": r.why, "at": at} for r in merged]
    upsert(connection, redirects, rows, keys=["old_id"])
    for row in merged:
        connection.execute(update(mentions).where(mentions.c.company_id == row.old_id).values(company_id=row.new_id))


def _remove_companies(connection: Connection, ids: Sequence[str]) -> None:
    for some in chunks(ids):
        connection.execute(delete(companies).where(companies.c.id.in_(some)))
        connection.execute(delete(company_names).where(company_names.c.company_id.in_(some)))
        connection.execute(delete(company_texts).where(company_texts.c.company_id.in_(some)))
        connection.execute(delete(settle_keys).where(settle_keys.c.kind == "company", settle_keys.c.id.in_(some)))


def _store_texts(connection: Connection, texts: Sequence[CompanyText], at: datetime) -> set[str]:
    kept = _kept(connection, company_texts, (text.company_id for text in texts))
    rows: list[dict[str, Any]] = []
    for text in texts:
        value = to_json(text)
        digest = _digest(value)
        if kept.get(text.company_id) != digest:
            rows.append({"company_id": text.company_id, "digest": digest, "changed_at": at, "value": value})
    upsert(connection, company_texts, rows, keys=["company_id"])
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


def _kept_settled(connection: Connection, settlement: Settlement, found: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    t = settled
    wanted = select(t.c.kind, t.c.id, t.c.company_id, t.c.digest)
    kept: dict[tuple[str, str], Any] = {}
    for ids in chunks(settlement.complete_for):
        kept |= {(row.kind, row.id): row for row in connection.execute(wanted.where(t.c.company_id.in_(ids)))}
    by_kind: dict[str, list[str]] = {"story": list(settlement.stories_gone)}
    for kind, key in found:
        by_kind.setdefault(kind, []).append(key)
    for kind, keys in by_kind.items():
        for some in chunks(keys):
            kept |= {(row.kind, row.id): row for row in connection.execute(wanted.where(t.c.kind == kind, t.c.id.in_(some)))}
    return kept


def _store_settled(connection: Connection, settlement: Settlement, at: datetime) -> set[str]:
    found = {(kind, key): (company_id, value) for kind, key, company_id, value in _rows_of(settlement)}
    kept = _kept_settled(connection, settlement, found)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for (kind, key), (company_id, value) in found.items():
        text = to_json(value)
        digest = _digest(text)
        if (kind, key) not in kept or kept[kind, key].digest != digest:
            rows[kind, key] = {"kind": kind, "id": key, "company_id": company_id, "digest": digest, "changed_at": at, "value": text}
    upsert(connection, settled, list(rows.values()), keys=["kind", "id"])
    touched = {row["company_id"] for row in rows.values()} | {kept[key].company_id for key in rows if key in kept}
    complete, stories_gone = set(settlement.complete_for), set(settlement.stories_gone)
    for kind, key in sorted(kept.keys() - found.keys()):
        if (kind == "story" and key in stories_gone) or (kind != "story" and kept[kind, key].company_id in complete):
            connection.execute(delete(settled).where(settled.c.kind == kind, settled.c.id == key))
            touched.add(kept[kind, key].company_id)
    return touched - {None}


def _store_keys(connection: Connection, kind: str, wanted: Mapping[str, Sequence[str]]) -> None:
    """Let each id of ``wanted`` have these keys and no others."""
    t = settle_keys
    for ids in chunks(sorted(wanted)):
        kept = {(row.key, row.id) for row in connection.execute(select(t.c.key, t.c.id).where(t.c.kind == kind, t.c.id.in_(ids)))}
        right = {(key, one) for one in ids for key in wanted[one]}
        for key, one in sorted(kept - right):
            connection.execute(delete(t).where(t.c.kind == kind, t.c.key == key, t.c.id == one))
        upsert_rows = [{"kind": kind, "key": key, "id": one} for key, one in sorted(right - kept)]
        if upsert_rows:
            connection.execute(insert(t), upsert_rows)


def _note_settled(connection: Connection, settlement: Settlement) -> None:
    """Note which articles were settled as they are, and the keys by which companies, articles and stories are found."""
    _store_keys(connection, "company", settlement.company_keys)
    _store_keys(connection, "article", settlement.article_keys)
    _store_keys(connection, "story", {story.id: story.article_urls for story in settlement.stories} | dict.fromkeys(settlement.stories_gone, ()))
    for urls in chunks(sorted(settlement.article_keys)):
        now = [{"url": url, "digest": digest} for url, digest in pairs(connection, select(articles.c.url, articles.c.digest).where(articles.c.url.in_(urls))).items()]
        upsert(connection, settled_articles, now, keys=["url"])
    lost = settled_articles.c.url.not_in(select(articles.c.url))
    connection.execute(delete(settle_keys).where(settle_keys.c.kind == "article", settle_keys.c.id.in_(select(settled_articles.c.url).where(lost))))
    connection.execute(delete(settled_articles).where(lost))


def _store_mentions(connection: Connection, found: Mapping[str, str], complete_for: Sequence[str]) -> set[str]:
    """Write the mentions that changed, remove those whose signal is gone; the articles concerned."""
    kept: dict[str, str] = {}
    for some in chunks(found):
        kept |= pairs(connection, select(mentions.c.signal_key, mentions.c.company_id).where(mentions.c.signal_key.in_(some)))
    changed = [key for key, company_id in found.items() if kept.get(key) != company_id]
    upsert(connection, mentions, [{"signal_key": key, "company_id": found[key]} for key in changed], keys=["signal_key"])
    for ids in chunks(complete_for):
        lost = (mentions.c.signal_key.not_in(select(signals.c.key)), mentions.c.signal_key.not_in(select(adverse.c.key)))
        connection.execute(delete(mentions).where(mentions.c.company_id.in_(ids), *lost))
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

