"""What Kibana shows besides the documents of searching: signals, bad news, ranks run by run, changes, runs, sources. Pure; one flat row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from qingbao.clock import shanghai_day
from qingbao.model import SITE_WORDS, STAGE_WORDS, Place, Prospect, Run, Site
from records.values import ProspectRow, RankRow, Reading, SourceHealth, SourceResult, SourceState

KEYWORD = {"type": "keyword", "ignore_above": 1000}
SHOWN = {"type": "keyword", "index": False, "doc_values": False}  # only to look at
_DATE = {"type": "date"}
_WHOLE = {"type": "long"}
_REAL = {"type": "double"}

STATE_WORDS = {
    SourceState.OK: "正常", SourceState.FEW_LINKS: "链接过少", SourceState.BLOCKED: "被拒绝", SourceState.CLOSED: "robots 禁止",
    SourceState.DOWN: "连不上", SourceState.DISABLED: "未启用", SourceState.INTERRUPTED: "被中断",
}
RUN_WORDS = {"running": "进行中", "done": "完成", "partial": "部分来源失败", "failed": "失败", "interrupted": "中断"}


class Ledger(StrEnum):
    """The kinds of rows, each in an index of its own."""

    SIGNALS = "signals"
    ADVERSE = "adverse"
    RANKS = "ranks"
    HISTORY = "history"
    RUNS = "runs"
    SOURCES = "sources"


_ARTICLE: dict[str, dict[str, Any]] = {"day": _DATE, "company_name": KEYWORD, "company": KEYWORD, "place": KEYWORD, "source": KEYWORD, "article": KEYWORD, "quote": SHOWN, "url": SHOWN,
            "amount_wan": _REAL, "park": KEYWORD, "industry": KEYWORD, "unit": KEYWORD}
FIELDS: dict[Ledger, dict[str, dict[str, Any]]] = {
    Ledger.SIGNALS: _ARTICLE | {"event": KEYWORD, "stage": KEYWORD, "site": KEYWORD, "origin": KEYWORD, "product": KEYWORD},
    Ledger.ADVERSE: _ARTICLE | {"adverse": KEYWORD},
    Ledger.RANKS: {"day": _DATE, "park": KEYWORD, "industry": KEYWORD, "unit": KEYWORD, "site": KEYWORD, "company": KEYWORD, "company_name": KEYWORD, "tier": KEYWORD, "rank": _WHOLE, "rise": _WHOLE, "priority": _REAL,
                   "run": KEYWORD},
    Ledger.HISTORY: {"day": _DATE, "valid_to": _DATE, "run_day": KEYWORD, "run": KEYWORD, "park": KEYWORD, "industry": KEYWORD, "unit": KEYWORD, "site": KEYWORD, "sheet": KEYWORD, "company": KEYWORD,
                     "company_name": KEYWORD, "tier": KEYWORD, "tier_before": KEYWORD, "rank": _WHOLE, "rank_before": _WHOLE, "priority": _REAL, "priority_before": _REAL, "fit": _REAL, "intent": _REAL,
                     "evidence": _REAL, "headline": SHOWN},
    Ledger.RUNS: {"day": _DATE, "started": _DATE, "finished": _DATE, "job": KEYWORD, "status": KEYWORD, "run": KEYWORD, "message": SHOWN, "fetched": _WHOLE,
                  "new_links": _WHOLE, "read": _WHOLE, "off_topic": _WHOLE, "other_doors": _WHOLE, "listed_prospects": _WHOLE},
    Ledger.SOURCES: {"source": KEYWORD, "state": KEYWORD, "last_asked": _DATE, "last_ok": _DATE, "failures": _WHOLE, "fetched_7_days": _WHOLE, "waiting": _WHOLE,
                     "first_page_links": _WHOLE, "message": SHOWN},
}

Row = tuple[str, dict[str, Any]]  # identity, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Companies by what they are known under: signal key → company id, company id → name; and where they stand on the lists of the day."""

    mentions: Mapping[str, str]
    companies: Mapping[str, str]
    standing: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)  # company id → park, industry, unit, for the controls on top

    def of(self, key: str, mention: str) -> dict[str, Any]:
        """The company of a signal, or the name as it is written where none was settled."""
        company = self.mentions.get(key)
        return {**self.standing.get(company or "", {}), "company": company, "company_name": self.companies.get(company or "", mention)}


def standing(prospects: Iterable[Prospect]) -> dict[str, dict[str, list[str]]]:
    """Parks, industries and units of each company over all lists."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for one in prospects:
        kept = found.setdefault(one.company_id, {"park": {}, "industry": {}, "unit": {}})
        kept["park"][one.park] = None
        kept["unit"].update(dict.fromkeys(one.units))
        if one.industry:
            kept["industry"][one.industry] = None
    return {company: {name: list(values) for name, values in kept.items()} for company, kept in found.items()}


def signal_rows(readings: Iterable[Reading], names: Names) -> Iterator[Row]:
    """A row for each signal."""
    for reading in readings:
        for one in reading.signals:
            yield one.key, _kept(_article(reading, one.quote.text) | names.of(one.key, one.mention) | {
                "event": one.event_type.value, "stage": STAGE_WORDS[one.stage] if one.stage else None,
                "site": SITE_WORDS[one.site] if one.site is not Site.NONE else None, "amount_wan": one.amount.value_wan if one.amount else None,
                "place": _levels(one.place), "origin": _levels(one.place_from), "product": one.product,
            })


def adverse_rows(readings: Iterable[Reading], names: Names) -> Iterator[Row]:
    """A row for each piece of bad news."""
    for reading in readings:
        for one in reading.adverse:
            yield one.key, _kept(_article(reading, one.quote.text) | names.of(one.key, one.mention) | {
                "adverse": one.kind.value, "place": _levels(one.place), "amount_wan": one.amount.value_wan if one.amount else None,
            })


def rank_rows(rows: Iterable[RankRow], names: Names, sites: Mapping[tuple[str, str], Site]) -> Iterator[Row]:
    """A row for each company and day of a park's list, in the order of the days; of a day's runs the last one counts.

    ``rise``: places won since the day before. Industry, units and site (``sites``: park and company id → site) are those of today.
    """
    by_day: dict[tuple[str, date], list[RankRow]] = {}
    for row in rows:
        kept = by_day.setdefault((row.park, row.day), [])
        if kept and kept[0].run_id != row.run_id:
            kept.clear()
        kept.append(row)
    before: dict[str, dict[str, int]] = {}
    for (park, day), kept in sorted(by_day.items(), key=lambda item: item[0]):
        earlier = before.get(park, {})
        for row in kept:
            rise = earlier[row.company_id] - row.rank if row.company_id in earlier else None
            stands, site = names.standing.get(row.company_id, {}), sites.get((park, row.company_id))
            yield f"{park}/{day}/{row.company_id}", _kept({
                "industry": stands.get("industry"), "unit": stands.get("unit"), "site": SITE_WORDS[site] if site else None, "day": moment(day), "park": park, "company": row.company_id, "company_name": names.companies.get(row.company_id), "tier": row.tier, "rank": row.rank,
                "rise": rise, "priority": row.priority, "run": row.run_id,
            })
        before[park] = {row.company_id: row.rank for row in kept}


def history_rows(diary: Iterable[ProspectRow]) -> Iterator[Row]:
    """A row for each page of the score diary: how a prospect stood from a day on, and in the run before; ``valid_to`` is missing while it holds.

    Industry, units and site are those of that day.
    """
    for page in diary:
        one = page.prospect
        yield f"{one.park}/{one.company_id}/{page.from_run}", _kept({
            "day": moment(page.valid_from), "valid_to": moment(page.valid_to) if page.valid_to else None, "run_day": page.valid_from.isoformat(),
            "run": page.from_run, "park": one.park, "industry": one.industry, "unit": list(one.units), "site": SITE_WORDS[one.site], "sheet": one.sheet.value,
            "company": one.company_id, "company_name": one.company, "tier": one.tier.value, "tier_before": one.tier_before.value if one.tier_before else None,
            "rank": one.rank or None, "rank_before": one.rank_before, "priority": one.priority, "priority_before": one.priority_before, "fit": one.fit,
            "intent": one.intent, "evidence": one.evidence, "headline": one.headline or None,
        })


def run_rows(runs: Iterable[Run]) -> Iterator[Row]:
    """A row for each finished run that read pages."""
    for run in runs:
        if run.finished_at is None or run.job != "run":
            continue
        doors = {name.removeprefix("door."): count for name, count in run.counts.items() if name.startswith("door.")}
        yield run.id, _kept({
            "day": moment(shanghai_day(run.started_at)), "started": _iso(run.started_at), "finished": _iso(run.finished_at), "job": run.job, "run": run.id,
            "status": RUN_WORDS.get(run.status, run.status), "message": "\n".join(run.messages)[:2000] or None, "fetched": run.counts.get("fetched", 0),
            "new_links": run.counts.get("new_links", 0), "read": doors.get("read", 0), "off_topic": doors.get("off_topic", 0),
            "other_doors": sum(doors.values()) - doors.get("read", 0) - doors.get("off_topic", 0), "listed_prospects": run.counts.get("prospects"),
        })


def source_rows(sources: Iterable[SourceHealth]) -> Iterator[Row]:
    """A row for each source as it is now."""
    for one in sources:
        last: SourceResult = one.last
        yield one.slug, _kept({
            "source": one.slug, "state": STATE_WORDS[last.state], "last_asked": _iso(last.finished_at or last.started_at), "last_ok": _iso(one.last_ok_at),
            "failures": one.failures_in_a_row, "fetched_7_days": one.fetched_7_days, "waiting": one.waiting, "first_page_links": last.first_page_links,
            "message": last.message,
        })


def moment(day: date) -> str:
    """A day's beginning in Shanghai."""
    return f"{day.isoformat()}T00:00:00+08:00"


def _article(reading: Reading, quote: str) -> dict[str, Any]:
    article = reading.article
    when = article.published_at or article.fetched_at
    return {"day": moment(shanghai_day(when)) if when else None, "source": article.slug, "article": article.title, "quote": quote, "url": article.url}


def _levels(place: Place | None) -> list[str]:
    return [level for level in (place.province, place.city, place.district, place.zone) if level] if place else []


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _kept(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != []}
