"""Settle a window of readings: companies, then investments, stories, bad news, relations and company texts.

Pure and deterministic: the same readings in any order give the same result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipelines.settle.companies import Directory, entities, settle_companies
from pipelines.settle.company_text import assemble
from pipelines.settle.forms import full_form, is_full, short_key
from pipelines.settle.investments import Told, group_signals, settle_investments
from pipelines.settle.stories import day_of, settle_stories
from qingbao.model import AdverseType, BadNews, Company, CompanyStatus, Investment, Place, Story, Tag
from qingbao.places import find_place
from records.values import ListRow, Reading, SettledRelation, Settlement

# Bad news that ends or denies an investment, not only shadows its company.
ENDING = frozenset({AdverseType.TERMINATION, AdverseType.DENIAL})
TAGGED = ("targets", "watch", "residents", "talks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What earlier nights have settled."""

    companies: Sequence[Company] = ()
    stories: Sequence[Story] = ()
    investments: Sequence[Investment] = ()


def _seat(rows: Sequence[tuple[str, ListRow]]) -> tuple[Place, str] | None:
    for kind, row in rows:
        place = find_place(row.seat) if row.seat else None
        if place:
            return place, f"list:{kind}/{row.list_name}"
    return None


def with_rows(company: Company, rows: Sequence[tuple[str, ListRow]]) -> Company:
    """A company with what the lists say of it: tags, status, seat, website, switchboard. The lists are the truth, so what no list says any more is gone."""
    kinds = {kind for kind, _ in rows}
    tags = tuple(dict.fromkeys(Tag(list=row.list_name, year=row.year, issuer=row.issuer) for kind, row in rows if kind in TAGGED))
    status, note, since = CompanyStatus.OPEN, None, None
    if "residents" in kinds:
        row = next(row for kind, row in rows if kind == "residents")
        status, note, since = CompanyStatus.RESIDENT, "已入园", row.since
    elif "talks" in kinds:
        row = next(row for kind, row in rows if kind == "talks")
        status, note, since = CompanyStatus.IN_TALKS, f"在谈：{row.unit or '未注明单位'}", row.since
    seat = _seat(rows)
    website = next((row.website for _, row in rows if row.website), None)
    phone = next((row.phone for _, row in rows if row.phone), None)
    return replace(company, tags=tags, status=status, status_note=note, status_since=since, seat=seat[0] if seat else None,
                   seat_source=seat[1] if seat else None, website=website, phone=phone)


def _bad_news(readings: Sequence[Reading], mentions: dict[str, str], groups: Sequence[tuple[str, str, list[Told]]]) -> tuple[BadNews, ...]:
    by_company: dict[str, list[tuple[str, list[Told]]]] = defaultdict(list)
    for company_id, investment_id, told in groups:
        by_company[company_id].append((investment_id, told))
    news = []
    for reading in readings:
        for one in reading.adverse:
            if one.key not in mentions:
                continue
            company_id = mentions[one.key]
            own = by_company[company_id]
            # An end or a denial without further facts is of the only investment there is; of several it names none.
            meant = own[0][0] if one.kind in ENDING and len(own) == 1 else None
            news.append(BadNews(company_id=company_id, kind=one.kind, day=day_of(reading.article), quote=one.quote, url=reading.article.url,
                                investment_id=meant))
    return tuple(sorted(news, key=lambda n: (n.company_id, n.day or date.min, n.url, n.kind.value, n.quote.text)))


def _relations(readings: Sequence[Reading], directory: Directory) -> tuple[SettledRelation, ...]:
    by_name: dict[str, set[str]] = defaultdict(set)
    for company in directory.companies:
        for name in company.names:
            by_name[full_form(name.text).key if is_full(name.text) else short_key(name.text)].add(company.id)

    def who(name: str) -> str | None:
        found = by_name.get(full_form(name).key if is_full(name) else short_key(name), set())
        return next(iter(found)) if len(found) == 1 else None

    settled = []
    for reading in readings:
        for relation in reading.relations:
            subject, other = who(relation.subject), who(relation.object)
            if subject and other and subject != other:
                settled.append(SettledRelation(subject_id=subject, object_id=other, relation=relation))
    return tuple(sorted(settled, key=lambda r: (r.subject_id, r.object_id, r.relation.key)))


def settle(readings: Sequence[Reading], known: Known, lists: Sequence[tuple[str, ListRow]], sources: Mapping[str, str] | None = None) -> Settlement:
    """Settle a window of readings against what is known and the office's lists.

    ``lists``: (kind, row) of all lists that hold today; kind ``names`` only joins names. ``sources``: slug → name of the source.
    """
    named = sources or {}
    ordered = sorted(readings, key=lambda r: r.article.url)
    found = entities((s for r in ordered for s in r.signals), (a for r in ordered for a in r.adverse))
    directory = settle_companies(found, known.companies, lists, {r.article.url: r.article.text for r in ordered})
    groups = group_signals(ordered, directory.mentions, known.investments)
    investment_of = {told.signal.key: investment_id for _, investment_id, cluster in groups for told in cluster}
    stories = settle_stories(ordered, investment_of, known.stories, named)
    story_of = {url: story.id for story in stories for url in story.article_urls}
    investments = settle_investments(groups, story_of, named)
    companies = tuple(with_rows(company, directory.rows.get(company.id, ())) for company in directory.companies)
    by_company: dict[str, list[Investment]] = defaultdict(list)
    for one in investments:
        by_company[one.company_id].append(one)
    words = {s.key: [w for w in (s.product, s.project, s.capacity, *s.industry_words) if w] for r in ordered for s in r.signals}
    by_url = {reading.article.url: reading for reading in ordered}
    texts = tuple(assemble(company, by_company[company.id], directory.rows.get(company.id, ()), by_url, words) for company in companies)
    return Settlement(
        companies=companies, redirects=directory.redirects, mentions=directory.mentions, stories=stories, investments=investments,
        bad_news=_bad_news(ordered, directory.mentions, groups), texts=tuple(text for text in texts if text.parts),
        relations=_relations(ordered, directory), article_urls=tuple(reading.article.url for reading in ordered),
    )
