"""Matching: companies and their texts against every park, with the frozen model, into the records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qingbao.clock import shanghai_day
from qingbao.model import Company, Investment, Park, Prospect, Sheet
from schedules.instance import Instance
from schedules.jobs.fits import Engine, fits
from schedules.jobs.verdicts import Standing, apply, standing

TOP = 20


@dataclass(frozen=True, slots=True)
class Matched:
    """A park's list, and what the report says of the model."""

    prospects: dict[str, list[Prospect]]
    messages: tuple[str, ...] = ()


def _jaccard(before: Sequence[Prospect], now: Sequence[Prospect]) -> float:
    a = {p.company_id for p in before if 0 < p.rank <= TOP}
    b = {p.company_id for p in now if 0 < p.rank <= TOP}
    return len(a & b) / len(a | b) if a | b else 1.0


def _previous(instance: Instance, park: Park) -> list[Prospect]:
    """The list of the last run of an earlier day, or of the last run: 新增, 升 and 降 are against it."""
    records = instance.records
    done = [run for run in records.runs("run", limit=30) if run.status in {"done", "partial"} and shanghai_day(run.started_at) < instance.today]
    for run in done:
        rows = records.prospects(park.slug, at_run=run.id)
        if rows:
            return rows
    return []


def match(instance: Instance, run_id: str, *, refit: bool = False, engine: Engine = "local") -> Matched:
    """Rank every park's companies and store the lists. ``engine``: where the companies are scored.

    Raises CannotWork, without having stored a list, where Elasticsearch was asked for and cannot work.
    """
    from matcher.rank import Field, rank
    from qingbao.routing import route

    records = instance.records
    texts = {text.company_id: text.text for text in records.company_texts()}
    investments = records.investments()
    bad_news = records.bad_news()
    names = instance.source_names()
    sources = {article.url: names.get(article.slug or "", article.slug or "") for article in records.articles(None)}
    companies: list[Company] = list(records.companies())
    watched = {row.name for row in records.list_rows("watch")}
    watch_ids = frozenset(c.id for c in companies if c.name in watched or any(n.text in watched for n in c.names))
    stands = {park.slug: standing(records.verdicts(park.slug), investments) for park in instance.parks}
    scored = fits(instance, texts, _asked(companies, investments, stands.values()), engine=engine, refit=refit)
    messages = list(scored.messages)
    lists: dict[str, list[Prospect]] = {}
    for park in instance.parks:
        stand = stands[park.slug]
        before, last = _previous(instance, park), records.prospects(park.slug)
        field = Field(
            companies=[apply(company, stand) for company in companies], investments=investments, bad_news=bad_news, texts=texts,
            as_of=instance.today, watched=watch_ids, contacted=stand.contacted, sources=sources,
            previous={p.company_id: p for p in before}, model_version=scored.version, run_id=run_id,
        )
        ranked = rank(park, field, scored.tables.get(park.slug, {}), lambda p: route(p, instance.config.units))
        records.store_prospects(park.slug, run_id, instance.today, ranked)
        lists[park.slug] = ranked
        if scored.learned and last:
            messages.append(f"{park.name}：前 {TOP} 名与上次重合 {_jaccard(last, ranked):.0%}")
    return Matched(lists, tuple(messages))


def _asked(companies: Sequence[Company], investments: Sequence[Investment], stands: Iterable[Standing]) -> set[str]:
    """Companies that may get a row in some park: those with news, and those that stand on a list or that staff spoke of."""
    from matcher.rank import is_listed

    spoken_of = {one for stand in stands for one in (*stand.contacted, *stand.hidden)}
    return {investment.company_id for investment in investments} | {company.id for company in companies if is_listed(company, spoken_of)}


def standing_list(prospects: Sequence[Prospect]) -> list[Prospect]:
    """The rows of the standing list, best first."""
    return sorted((p for p in prospects if p.sheet is Sheet.PROSPECTS), key=lambda p: p.rank)
