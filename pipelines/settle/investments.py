"""Which signals are one investment: over reprints, phases, re-signings and the steps from signing to production."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pipelines.settle.reports import STAGE_ORDER, Report, older_reports, report_of, site_quote
from pipelines.settle.same import SEARCHING, agreement, contradicts, same_amount, same_place, same_things
from qingbao import keys
from qingbao.model import AdverseType, BadNews, Investment, Signal, Site
from records.values import Reading


@dataclass(frozen=True, slots=True)
class Group:
    """The reports of one investment."""

    company_id: str
    investment_id: str
    reports: tuple[Report, ...]  # oldest first


def clusters(reports: Iterable[Report], ended: Sequence[date] = ()) -> list[list[Report]]:
    """Join each report, oldest first, to the investment with which it agrees best and which it does not contradict.

    ``ended``: the days on which the company called a plan off.
    """
    found: list[list[Report]] = []
    for report in sorted(reports, key=lambda r: (r.day or date.min, r.stated.article_url, r.key)):
        best, home = 0, None
        for cluster in found:
            if any(contradicts(report, other, ended) for other in cluster):
                continue
            agrees = max(agreement(other, report, ended) for other in cluster)
            if agrees > best or (agrees == best and agrees):
                best, home = agrees, cluster
        if home is None:
            found.append([report])
        else:
            home.append(report)
    return found


def _endings(bad_news: Sequence[BadNews]) -> dict[str, set[date]]:
    ended: dict[str, set[date]] = defaultdict(set)
    for news in bad_news:
        if news.kind is AdverseType.TERMINATION and news.day:
            ended[news.company_id].add(news.day)
    return ended


def group_signals(readings: Sequence[Reading], mentions: Mapping[str, str], known: Sequence[Investment], bad_news: Sequence[BadNews],
                  redirects: Mapping[str, str], sources: Mapping[str, str]) -> list[Group]:
    """The reports of all investments, in a stable order. Known investments keep their ids, and what they remember of older articles.

    ``mentions``: signal key → company id; ``bad_news``: for the days on which plans ended; ``redirects``: company ids merged just now.
    """
    by_company: dict[str, list[Report]] = defaultdict(list)
    window = {reading.article.url for reading in readings}
    for reading in readings:
        for signal in reading.signals:
            if signal.key in mentions:
                by_company[mentions[signal.key]].append(report_of(signal, reading.article, sources))
    for investment in known:
        older = older_reports(investment, window)
        if older:
            by_company[redirects.get(investment.company_id, investment.company_id)] += older
    ended = _endings(bad_news)
    found = [(company_id, cluster) for company_id in sorted(by_company) for cluster in clusters(by_company[company_id], sorted(ended[company_id]))]
    ids = _ids(found, known, redirects)
    return [Group(company_id, investment_id, tuple(sorted(cluster, key=lambda r: r.order))) for (company_id, cluster), investment_id in zip(found, ids)]


def _ids(found: Sequence[tuple[str, list[Report]]], known: Sequence[Investment], redirects: Mapping[str, str]) -> list[str]:
    """The id of each cluster: the known one of a report of it, within the company first; no id stands for two."""
    owner = {one.id: redirects.get(one.company_id, one.company_id) for one in known}
    earlier = {stated.signal_key: one.id for one in sorted(known, key=lambda i: i.id) for stated in one.stated}
    ids: list[str | None] = [None] * len(found)
    taken: set[str] = set()
    for own in (True, False):
        for place, (company_id, cluster) in enumerate(found):
            claims = sorted({earlier[report.key] for report in cluster if report.key in earlier})
            free = [i for i in claims if i not in taken and (owner[i] == company_id) is own]
            if ids[place] is None and free:
                ids[place] = free[0]
                taken.add(free[0])
    for place, (company_id, cluster) in enumerate(found):
        if ids[place] is None:
            ids[place] = keys.founded_free("i", taken | set(owner), company_id, min(report.key for report in cluster))
            taken.add(ids[place] or "")
    return [one or "" for one in ids]


def _site(reports: Sequence[Report]) -> Report | None:
    """The report that decides the site: of the latest day that says anything; on one day a named place beats an open search."""
    speaking = [one for one in reports if one.site is not Site.NONE]
    if not speaking:
        return None
    last = max(speaking, key=lambda r: (r.day or date.min, r.site is Site.FIXED and r.place is not None, r.site is Site.LEAVING, r.site is Site.OPEN, r.key))
    if last.site is Site.OPEN:
        # Who must leave and is told to look for a place is still leaving.
        return max((one for one in speaking if one.site is Site.LEAVING), key=lambda r: (r.day or date.min, r.key), default=last)
    return last


def plan_words(signal: Signal) -> str | None:
    """What is planned in a few words: project, product or capacity, as written."""
    for words in (signal.product, signal.project, signal.capacity):
        if words and len(words) <= 30:
            return words
    return None


def _latest(reports: Sequence[Report], name: str) -> Any:
    """The latest value of a field that is not compared; of older nights, what their investment remembers."""
    for one in reversed(reports):
        value = getattr(one.signal or one.older, name)
        if value:
            return value
    return None


def _make(group: Group, stories: Mapping[str, str]) -> Investment:
    reports = group.reports
    site = _site(reports)
    days = [one.day for one in reports if one.day]
    amounts = [one.stated.amount for one in reports if one.stated.amount]
    totals = [amount for amount in amounts if not amount.part and amount.value_wan]
    whole = [one.stated.amount for one in reports if one.total and one.stated.amount]
    places = [one.place for one in reports if one.place]
    stages = [one.stated.stage for one in reports if one.stated.stage]
    words: list[str] = []
    for one in reversed(reports):
        words += [word for word in (one.signal or one.older).industry_words if word not in words]  # type: ignore[union-attr]
    plans = [plan_words(one.signal) if one.signal else one.older and one.older.plan_words for one in reversed(reports)]
    return Investment(
        id=group.investment_id, company_id=group.company_id, event_type=reports[-1].event, stated=tuple(one.stated for one in reversed(reports)),
        stage=max(stages, key=STAGE_ORDER.index) if stages else None, site=site.site if site else Site.NONE,
        site_quote=site_quote(site) if site else None, site_url=site.stated.article_url if site else None,
        amount=next(reversed(whole or totals or amounts), None),
        # The place told in most detail; of equal ones the latest, for a plan may have moved.
        place=max(reversed(places), key=lambda p: sum(1 for level in (p.province, p.city, p.district, p.zone) if level)) if places else None,
        place_from=_latest(reports, "place_from"), product=_latest(reports, "product"), industry_words=tuple(words[:20]),
        land_mu=_latest(reports, "land_mu"), capacity=_latest(reports, "capacity"), jobs=_latest(reports, "jobs"),
        first_day=min(days, default=None), last_day=max(days, default=None),
        story_ids=tuple(sorted({stories[one.stated.article_url] for one in reports if one.stated.article_url in stories}
                               | {story for one in reports if one.older for story in one.older.story_ids if one.signal is None})),
        independent_sources=len({one.stated.origin or one.stated.article_url for one in reports}),
        plan_words=next((plan for plan in plans if plan), None),
    )


def _settled_elsewhere(one: Investment, of_company: Sequence[tuple[Group, Investment]]) -> tuple[Report, Investment] | None:
    """The first report of another investment of the company that settles the place of this search: not earlier, and of the same product, place or amount."""
    own = next(group for group, investment in of_company if investment.id == one.id)
    searched = max((report.day for report in own.reports if report.site in SEARCHING and report.day), default=None)
    if searched is None:
        return None
    told = {report.stated.article_url for report in own.reports}
    for group, other in of_company:
        # An article that tells both (二期已投产，三期正在选址) settles nothing of the search.
        fixed = [report for report in group.reports if report.site is Site.FIXED and report.day and report.stated.article_url not in told]
        if other.id == one.id or not fixed or any(report.day < searched for report in fixed if report.day):
            continue
        for mine in own.reports:
            product = same_things(mine.things, fixed[0].things)
            same = product or same_amount(mine.total, fixed[0].total) or (product is None and same_place(mine.place, fixed[0].place))
            if same:
                return fixed[0], other
    return None


def settle_investments(groups: Sequence[Group], stories: Mapping[str, str]) -> tuple[Investment, ...]:
    """The investments of ``group_signals``; ``stories``: article URL → story id.

    A later fixed place beats an earlier open search of the same company for the same product, place or amount, never for the company as a whole.
    """
    made = [(group, _make(group, stories)) for group in groups]
    by_company: dict[str, list[tuple[Group, Investment]]] = defaultdict(list)
    for group, investment in made:
        by_company[group.company_id].append((group, investment))
    done = []
    for _, one in made:
        found = _settled_elsewhere(one, by_company[one.company_id]) if one.site in SEARCHING else None
        if found:
            one = replace(one, site=Site.FIXED, site_quote=site_quote(found[0]), site_url=found[0].stated.article_url)
        done.append(one)
    return tuple(done)
