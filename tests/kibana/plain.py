"""What the objects must show, counted in plain Python over the records' values: no query, no document of the index is asked."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from qingbao.clock import shanghai_day
from qingbao.model import SITE_WORDS, STAGE_WORDS, EventType, Sheet, Site, Tier
from qingbao.wording import plan_stage


@dataclass
class Told:
    """All values of a night."""

    prospects: list
    readings: list
    companies: list
    ranks: list  # (day, company id, company, tier, rank, rise, priority)
    runs: list
    sources: list  # (slug, state word, failures)
    units: list
    today: object


def is_open(p):
    return p.sheet is Sheet.PROSPECTS


def leaves(p):
    return p.site is Site.LEAVING or any(i.event_type is EventType.RELOCATION for i in p.investments)


def winnable(p):
    return p.site in (Site.OPEN, Site.LEAVING)


def best_amount(p):
    known = [i.amount.value_wan for i in p.investments if i.amount and i.amount.value_wan is not None]
    return max(known) if known else None


def city(place):
    if place is None:
        return None
    return place.city or place.province or (None if place.country == "中国" else place.country)


def some(value):
    return [] if value is None else [value]


PROSPECT = {
    "tier": lambda p: [p.tier.value],
    "title": lambda p: [p.company],
    "industry": lambda p: some(p.industry),
    "site": lambda p: [SITE_WORDS[p.site]],
    "stage": lambda p: sorted({STAGE_WORDS[stage] for i in p.investments if (stage := plan_stage(i))}),
    "unit": lambda p: sorted(set(p.units)),
    "link": lambda p: some(p.link),
    "action": lambda p: some(p.chain_action and p.chain_action.value),
    "origin": lambda p: some(city(p.origin)),
    "destination": lambda p: some(city(p.destination) or ("未定" if winnable(p) else None)),
    "park": lambda p: [p.park],
    "priority": lambda p: p.priority, "fit": lambda p: p.fit, "intent": lambda p: p.intent, "evidence": lambda p: p.evidence, "amount_wan": best_amount,
}


def day_of(reading):
    when = reading.article.published_at or reading.article.fetched_at
    return shanghai_day(when)


def signals(told):
    return [(r, s) for r in told.readings for s in r.signals]


def adverse(told):
    return [(r, a) for r in told.readings for a in r.adverse]


def expected_searches(told):
    """Search id → identities that it must find."""
    year, quarter, week = (told.today - timedelta(days=n) for n in (366, 91, 8))
    shown = [p for p in told.prospects if p.last_day and p.last_day > year]

    def those(rule):
        return {f"{p.park}/{p.company_id}" for p in shown if rule(p)}

    found = {
        "today": those(lambda p: is_open(p) and p.first_listed == told.today),
        "tier-a": those(lambda p: is_open(p) and p.tier is Tier.A),
        "open-site": those(lambda p: is_open(p) and winnable(p)),
        "moves": those(leaves),
        "list": those(is_open),
        "changes": {f"yunling/{day}/{key}" for day, key, _, _, _, rise, _ in told.ranks if rise and day > week},
        "bad-news": {a.key for r, a in adverse(told) if day_of(r) > year},
        "signals": {s.key for r, s in signals(told) if day_of(r) > quarter},
        "crawl-trouble": {slug for slug, state, _ in told.sources if state not in ("正常", "未启用")},
        "sources": {slug for slug, _, _ in told.sources},
        "runs": {run.id for run in told.runs},
        "everything": {r.article.url for r in told.readings} | {c.id for c in told.companies} | {f"{p.park}/{p.company_id}" for p in told.prospects},
    }
    for unit in told.units:
        found[f"mine-{unit}"] = those(lambda p, unit=unit: is_open(p) and unit in p.units)
    return found


def grouped(items, by, values):
    """Group items by lists of keys; each value is a function of a group."""
    groups = defaultdict(list)
    for item in items:
        paths = [()]
        for keys in by:
            paths = [(*path, key) for path in paths for key in keys(item)]
        for path in paths:
            groups[path].append(item)
    if not by:
        groups[()] = list(items)
    return {path: tuple(value(group) for value in values) for path, group in groups.items()}


def largest(get):
    return lambda group: max((v for v in map(get, group) if v is not None), default=None)


def mean(get):
    def value(group):
        known = [v for v in map(get, group) if v is not None]
        return sum(known) / len(known)
    return value


def monday(day):
    return day - timedelta(days=day.weekday())


def expected_charts(told):
    """Chart name → bucket path → values, before any cut to the largest ones."""
    year, quarter = told.today - timedelta(days=366), told.today - timedelta(days=91)
    shown = [p for p in told.prospects if p.last_day and p.last_day > year]
    opened, leaving, g = [p for p in shown if is_open(p)], [p for p in shown if leaves(p)], PROSPECT
    best = [largest(g[name]) for name in ("priority", "fit", "intent", "evidence", "amount_wan")]
    early = [(r, s) for r, s in signals(told) if day_of(r) > quarter]
    return {
        "metric-a": grouped([p for p in opened if p.tier is Tier.A], [], [len]),
        "metric-open": grouped([p for p in opened if winnable(p)], [], [len]),
        "metric-new": grouped([p for p in opened if p.first_listed == told.today], [], [len]),
        "metric-amount": grouped([p for p in opened if best_amount(p)], [], [mean(best_amount)]),
        "tiers": grouped(opened, [g["tier"]], [len]),
        "industries": grouped(opened, [g["industry"], g["tier"]], [len]),
        "sites": grouped(opened, [g["site"], g["tier"]], [len]),
        "stages": grouped(opened, [g["stage"]], [len]),
        "units": grouped(opened, [g["unit"], g["tier"]], [len]),
        "trend": grouped(told.ranks, [lambda row: [str(row[0])], lambda row: [row[3]]], [len]),
        "top": grouped(opened, [g["title"], g["tier"], g["site"], g["industry"]], best),
        "links": grouped(opened, [g["industry"], g["link"]], [
            len, lambda group: sum(p.tier is Tier.A for p in group), lambda group: sum(map(winnable, group)), largest(g["priority"])]),
        "link-tiers": grouped(opened, [g["tier"], g["link"]], [len]),
        "actions": grouped(opened, [g["action"]], [len]),
        "candidates": grouped(opened, [g["link"], g["title"]], best[:2]),
        "routes": grouped(leaving, [g["origin"], g["destination"], g["industry"]], [len]),
        "origins": grouped(leaving, [g["origin"], g["industry"]], [len]),
        "destinations": grouped(leaving, [g["destination"]], [len]),
        "move-signals": grouped([(r, s) for r, s in signals(told) if s.event_type is EventType.RELOCATION and day_of(r) > year],
                                [lambda pair: [str(monday(day_of(pair[0])))]], [len]),
        "events": grouped(early, [lambda pair: [pair[1].event_type.value]], [len]),
        "bad-kinds": grouped([(r, a) for r, a in adverse(told) if day_of(r) > quarter], [lambda pair: [pair[1].kind.value]], [len]),
        "article-days": grouped([r for r in told.readings if day_of(r) > quarter], [lambda r: [str(day_of(r))], lambda r: [r.article.slug]], [len]),
        "doors": grouped(told.runs, [lambda run: [str(shanghai_day(run.started_at))]], [
            lambda group: max(run.counts["door.read"] for run in group), lambda group: max(run.counts["door.off_topic"] for run in group),
            lambda group: max(sum(n for name, n in run.counts.items() if name.startswith("door.")) - run.counts["door.read"] - run.counts["door.off_topic"]
                              for run in group)]),
        "source-states": grouped(told.sources, [lambda row: [row[1]]], [len]),
    }
