"""Matching: companies and their texts against every park, with the frozen model, into the records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qingbao.clock import shanghai_day
from qingbao.errors import CannotWork
from qingbao.model import Company, Park, Prospect, Sheet
from schedules.instance import Instance
from schedules.jobs.verdicts import apply, standing

if TYPE_CHECKING:
    from matcher.fit import FitModel

# A model is made anew when more than this share of the companies' texts is new or changed since it was made (issue 8).
REFIT_SHARE = 0.05
TOP = 20


@dataclass(frozen=True, slots=True)
class Matched:
    """A park's list, and what the report says of the model."""

    prospects: dict[str, list[Prospect]]
    messages: tuple[str, ...] = ()


def model_path(instance: Instance) -> Path:
    """Where the frozen model lies."""
    return instance.config.data_dir / "models" / "fit.npz"


def _text_keys(texts: Mapping[str, str]) -> dict[str, int]:
    from matcher.vectors import text_key

    return {company: text_key(text) for company, text in texts.items()}


def _changed_share(made_of: Path, keys: Mapping[str, int]) -> float:
    """Share of companies whose text is new, changed or gone since the model was made (1: not known)."""
    try:
        old = json.loads(made_of.read_text("utf-8"))
    except (OSError, ValueError):
        return 1.0
    changed = sum(old.get(company) != key for company, key in keys.items()) + len(set(old) - set(keys))
    return float(changed / max(1, len(keys)))


def _model(instance: Instance, texts: dict[str, str], refit: bool) -> tuple[FitModel, str | None]:
    from matcher.fit import FitModel

    path = model_path(instance)
    made_of = path.with_suffix(".texts.json")
    keys = _text_keys(texts)
    old: FitModel | None = None
    if path.is_file() and not refit:
        try:
            old = FitModel.load(path)
        except CannotWork:
            old = None  # of another format: made anew below, and said so
    if old is not None and _changed_share(made_of, keys) <= REFIT_SHARE:
        model = old.with_parks(instance.parks, texts)
        if model.version == old.version:
            return old, None
        said = "园区档案有变，匹配模型的相应部分已更新"
    else:
        model = FitModel.build(texts, instance.parks)
        made_of.write_text(json.dumps(keys), "utf-8")
        said = f"匹配模型已重建（{len(texts)} 家企业，版本 {model.version}）"
    model.save(path)
    return model, said


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
    if texts:
        model, said = _model(instance, texts, refit)
        messages += [said] if said else []
    for park in instance.parks:
        stand = standing(records.verdicts(park.slug), investments)
        before = _previous(instance, park)
        field = Field(
            companies=[apply(company, stand) for company in companies], investments=investments, bad_news=bad_news, texts=texts,
            as_of=instance.today, watched=watch_ids, contacted=stand.contacted, sources=sources,
            previous={p.company_id: p for p in before}, model_version=model.version if texts else "", run_id=run_id,
        )
        fits = model.table(park, texts) if texts else {}
        ranked = rank(park, field, fits, lambda p: route(p, instance.config.units))
        records.store_prospects(park.slug, run_id, instance.today, ranked)
        lists[park.slug] = ranked
        if texts and said and before:
            messages.append(f"{park.name}：前 {TOP} 名与上次重合 {_jaccard(before, ranked):.0%}")
    return Matched(lists, tuple(messages))


def standing_list(prospects: Sequence[Prospect]) -> list[Prospect]:
    """The rows of the standing list, best first."""
    return sorted((p for p in prospects if p.sheet is Sheet.PROSPECTS), key=lambda p: p.rank)
