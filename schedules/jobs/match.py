"""Matching: companies and their texts against every park, with the frozen model, into the records."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qingbao.clock import shanghai_day
from qingbao.model import Company, Park, Prospect, Sheet
from schedules.instance import Instance
from schedules.jobs.verdicts import apply, standing

if TYPE_CHECKING:
    from matcher.store import Matched as Fits

TOP = 20


@dataclass(frozen=True, slots=True)
class Matched:
    """A park's list, and what the report says of the model."""

    prospects: dict[str, list[Prospect]]
    messages: tuple[str, ...] = ()


def model_folder(instance: Instance) -> Path:
    """Where the frozen model, the term vectors and the scores of the last night lie."""
    return instance.config.data_dir / "models"


def _said(matched: Fits, companies: int) -> str | None:
    """What the report says of the model: nothing where it stayed as it was."""
    if matched.rebuilt:
        return f"匹配模型已重建（{companies} 家企业，版本 {matched.version}）"
    if matched.parts_changed:
        return "园区档案有变，已更新匹配模型：" + "、".join(dict.fromkeys(industry for _, industry in matched.parts_changed))
    return None


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


def match(instance: Instance, run_id: str, *, refit: bool = False) -> Matched:
    """Rank every park's companies and store the lists."""
    from matcher.rank import Field, rank
    from matcher.store import match_stored
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
    messages: list[str] = []
    lists: dict[str, list[Prospect]] = {}
    fits = match_stored(model_folder(instance), texts, instance.parks, refit=refit, processes=min(2, os.cpu_count() or 1)) if texts else None
    said = _said(fits, len(texts)) if fits else None
    messages += [said] if said else []
    for park in instance.parks:
        stand = standing(records.verdicts(park.slug), investments)
        before = _previous(instance, park)
        field = Field(
            companies=[apply(company, stand) for company in companies], investments=investments, bad_news=bad_news, texts=texts,
            as_of=instance.today, watched=watch_ids, contacted=stand.contacted, sources=sources,
            previous={p.company_id: p for p in before}, model_version=fits.version if fits else "", run_id=run_id,
        )
        ranked = rank(park, field, fits.tables[park.slug] if fits else {}, lambda p: route(p, instance.config.units))
        records.store_prospects(park.slug, run_id, instance.today, ranked)
        lists[park.slug] = ranked
        if said and before:
            messages.append(f"{park.name}：前 {TOP} 名与上次重合 {_jaccard(before, ranked):.0%}")
    return Matched(lists, tuple(messages))


def standing_list(prospects: Sequence[Prospect]) -> list[Prospect]:
    """The rows of the standing list, best first."""
    return sorted((p for p in prospects if p.sheet is Sheet.PROSPECTS), key=lambda p: p.rank)
