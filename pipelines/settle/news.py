"""Bad news and relations, settled to the companies that they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipelines.settle.forms import full_form, is_full, short_key
from pipelines.settle.investments import Group
from pipelines.settle.origin import day_of
from pipelines.settle.reports import things_of
from pipelines.settle.same import same_amount, same_place
from qingbao.model import Adverse, AdverseType, BadNews, Company
from records.values import Reading, SettledRelation

# Bad news that ends or denies an investment, not only shadows its company.
ENDING = frozenset({AdverseType.TERMINATION, AdverseType.DENIAL})


def bad_news_of(readings: Sequence[Reading], mentions: Mapping[str, str], known: Sequence[BadNews], merged: Mapping[str, str]) -> tuple[tuple[BadNews, Adverse | None], ...]:
    """The bad news of the settled companies in a stable order, each with its report; known ones whose article is not settled now stay (None)."""
    news: list[tuple[BadNews, Adverse | None]] = []
    urls = {reading.article.url for reading in readings}
    for reading in readings:
        for one in reading.adverse:
            if one.key in mentions:
                news.append((BadNews(company_id=mentions[one.key], kind=one.kind, day=day_of(reading.article), quote=one.quote, url=reading.article.url), one))
    news += [(replace(one, company_id=merged.get(one.company_id, one.company_id)), None) for one in known if one.url not in urls]
    return tuple(sorted(news, key=lambda n: (n[0].company_id, n[0].day or date.min, n[0].url, n[0].kind.value, n[0].quote.text)))


def with_investments(news: Iterable[tuple[BadNews, Adverse | None]], groups: Sequence[Group]) -> tuple[BadNews, ...]:
    """Bad news with the investment that it ends or denies, where its facts name one."""
    by_company: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_company[group.company_id].append(group)
    return tuple(replace(one, investment_id=_meant(report, by_company[one.company_id])) if report and one.kind in ENDING else one for one, report in news)


def _meant(report: Adverse, own: Sequence[Group]) -> str | None:
    """An end is of the investment with its facts; without any, of the only one there is. A denial without facts denies none."""
    words = things_of(report.quote.text, report.project)
    total = report.amount.value_wan if report.amount and not report.amount.part else None
    points: dict[str, int] = {}
    for group in own:
        facts = [len(r.things & words) >= 2 or bool(same_amount(r.total, total)) or bool(same_place(r.place, report.place)) for r in group.reports]
        points[group.investment_id] = int(any(facts))
    named = [investment for investment, found in points.items() if found]
    if len(named) == 1:
        return named[0]
    return own[0].investment_id if len(own) == 1 and report.kind is AdverseType.TERMINATION else None


def relations_of(readings: Sequence[Reading], companies: Sequence[Company], known: Sequence[SettledRelation], merged: Mapping[str, str]) -> tuple[SettledRelation, ...]:
    """Relations between companies that are settled now; known ones whose article is not settled now stay."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for company in companies:
        for name in company.names:
            by_name[_key(name.text)].add(company.id)

    def who(name: str) -> str | None:
        found = by_name.get(_key(name), set())
        return next(iter(found)) if len(found) == 1 else None

    urls = {reading.article.url for reading in readings}
    settled = [replace(one, subject_id=merged.get(one.subject_id, one.subject_id), object_id=merged.get(one.object_id, one.object_id))
               for one in known if one.relation.article_url not in urls]
    for reading in readings:
        for relation in reading.relations:
            subject, other = who(relation.subject), who(relation.object)
            if subject and other and subject != other:
                settled.append(SettledRelation(subject_id=subject, object_id=other, relation=relation))
    return tuple(sorted(settled, key=lambda r: (r.subject_id, r.object_id, r.relation.key)))


def _key(name: str) -> str:
    return full_form(name).key if is_full(name) else short_key(name)
