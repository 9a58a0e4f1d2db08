"""Settle readings: companies, then investments, stories, bad news, relations and company texts.

Pure and deterministic: the same readings in any order give the same result. The readings are all of a window, or those that a
night's new articles touch (``neighbourhood.py``): then ``Known`` holds what was settled of the same companies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines.settle.book import entities
from pipelines.settle.companies import Directory, settle_companies
from pipelines.settle.company_text import assemble
from pipelines.settle.investments import Group, group_signals, settle_investments
from pipelines.settle.listed import with_rows
from pipelines.settle.neighbourhood import company_keys
from pipelines.settle.news import bad_news_of, relations_of, with_investments
from pipelines.settle.reports import Report, report_of
from pipelines.settle.stories import article_keys, facts_of, settle_stories
from qingbao.model import BadNews, Company, CompanyText, Investment, Story
from records.values import ListRow, Reading, Ruling, SettledRelation, Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What earlier nights have settled, and what the analyst said."""

    companies: Sequence[Company] = ()
    context: Sequence[Company] = ()  # firms of the same brands: their names count, they themselves are not settled
    stories: Sequence[Story] = ()
    investments: Sequence[Investment] = ()
    bad_news: Sequence[BadNews] = ()
    relations: Sequence[SettledRelation] = ()
    texts: Sequence[CompanyText] = ()
    rulings: Sequence[Ruling] = ()
    # Key of a signal or adverse report → company id, for those of the readings that belong to companies not settled now: facts of stories only.
    others: Mapping[str, str] = field(default_factory=dict)
    other_investments: Mapping[str, str] = field(default_factory=dict)  # the same signals → investment id
    pinned: frozenset[str] = frozenset()  # companies that staff judged: they stay, whatever becomes of their articles


def _family(companies: Sequence[Company]) -> dict[str, str]:
    """Company → the topmost one above it."""
    above = {company.id: company.parent_id for company in companies if company.parent_id}
    top = {}
    for company in companies:
        node, seen = company.id, {company.id}
        while (parent := above.get(node)) and parent not in seen:
            node = parent
            seen.add(node)
        top[company.id] = node
    return top


def _facts(readings: Sequence[Reading], groups: Sequence[Group], known: Known, sources: Mapping[str, str]) -> dict[str, tuple[str, Report]]:
    """Signal key → (investment id, report), those of companies that are not settled now included."""
    found = {report.key: (group.investment_id, report) for group in groups for report in group.reports}
    for reading in readings:
        for signal in reading.signals:
            if signal.key in known.other_investments:
                found[signal.key] = known.other_investments[signal.key], report_of(signal, reading.article, sources)
    return found


def _texts(directory: Directory, companies: Sequence[Company], investments: Sequence[Investment], readings: Sequence[Reading], known: Known) -> tuple[CompanyText, ...]:
    by_company: dict[str, list[Investment]] = defaultdict(list)
    for one in investments:
        by_company[one.company_id].append(one)
    merged = {redirect.old_id: redirect.new_id for redirect in directory.redirects}
    older: dict[str, list[CompanyText]] = defaultdict(list)
    for text in known.texts:
        older[merged.get(text.company_id, text.company_id)].append(text)
    by_url = {reading.article.url: reading for reading in readings}
    words = {s.key: [w for w in (s.product, s.project, s.capacity, *s.industry_words) if w] for r in readings for s in r.signals}
    return tuple(assemble(company, by_company[company.id], directory.rows.get(company.id, ()), by_url, words, older[company.id]) for company in companies)


def _unsupported(companies: Sequence[Company], settled: Settlement, directory: Directory, known: Known) -> tuple[str, ...]:
    """Provisional companies of earlier nights that nothing supports any more: the reader has learned that the name is none."""
    held = set(directory.mentions.values()) | set(directory.rows) | known.pinned | {one.company_id for one in settled.investments}
    held |= {news.company_id for news in settled.bad_news} | {i for r in settled.relations for i in (r.subject_id, r.object_id)}
    held |= {company.parent_id for company in companies if company.parent_id} | {i for ruling in known.rulings for i in (ruling.keep_id, ruling.other_id) if i}
    return tuple(company.id for company in companies if company.provisional and company.id not in held)


def settle(readings: Sequence[Reading], known: Known, lists: Sequence[tuple[str, ListRow]], sources: Mapping[str, str] | None = None) -> Settlement:
    """Settle readings against what is known and the office's lists.

    ``lists``: (kind, row) of all lists that hold today; kind ``names`` only joins names. ``sources``: slug → name of the source.
    """
    named = sources or {}
    ordered = sorted(readings, key=lambda r: r.article.url)
    found = [one for one in entities((s for r in ordered for s in r.signals), (a for r in ordered for a in r.adverse)) if one.key not in known.others]
    told = [relation for reading in ordered for relation in reading.relations]
    directory = settle_companies(found, [*known.companies, *known.context], lists, {r.article.url: r.article.text for r in ordered}, known.rulings, told)
    merged = {redirect.old_id: redirect.new_id for redirect in directory.redirects}
    news = bad_news_of(ordered, directory.mentions, known.bad_news, merged)
    groups = group_signals(ordered, directory.mentions, known.investments, [one for one, _ in news], merged, named)
    facts = facts_of(ordered, _facts(ordered, groups, known, named), _family(directory.companies), {**known.others, **directory.mentions})
    stories = settle_stories(ordered, facts, known.stories, named)
    investments = settle_investments(groups, {url: story.id for story in stories for url in story.article_urls})
    beside = {company.id for company in known.context}
    reached = (set(directory.mentions.values()) | {i for r in directory.redirects for i in (r.old_id, r.new_id)}) & beside
    companies = tuple(with_rows(company, directory.rows.get(company.id, ())) for company in directory.companies if company.id not in beside)
    texts = _texts(directory, companies, investments, ordered, known)
    done = Settlement(
        companies=companies, redirects=directory.redirects, mentions=directory.mentions, stories=stories, investments=investments,
        bad_news=with_investments(news, groups), texts=tuple(text for text in texts if text.parts),
        relations=relations_of(ordered, companies, known.relations, merged),
        complete_for=tuple(sorted({company.id for company in (*known.companies, *companies)})),
        stories_gone=tuple(sorted({story.id for story in known.stories} - {story.id for story in stories})),
        company_keys={company.id: company_keys(company) for company in companies},
        reached=tuple(sorted(reached)),
        article_keys={reading.article.url: article_keys(reading.article) for reading in ordered},
    )
    gone = _unsupported(companies, done, directory, known)
    left = tuple(company for company in companies if company.id not in gone)
    return replace(done, companies=left, companies_gone=gone, texts=tuple(text for text in done.texts if text.company_id not in gone))
