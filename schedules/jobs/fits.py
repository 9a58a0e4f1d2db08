"""Fits of the companies to every park: made here, or scored inside Elasticsearch with the same frozen model."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qingbao.errors import CannotWork, UsageError
from schedules.instance import Instance
from schedules.jobs.examples import kept_examples

if TYPE_CHECKING:
    from index.elastic_ranking import Brought
    from matcher.fit import Fit

Engine = Literal["local", "elastic"]


@dataclass(frozen=True, slots=True)
class Fits:
    """Fits by park and company, of the model version, and what the report says of it. ``learned``: something of the model is new."""

    version: str = ""
    tables: Mapping[str, Mapping[str, Fit]] = field(default_factory=dict)
    messages: tuple[str, ...] = ()
    learned: bool = False


def model_folder(instance: Instance) -> Path:
    """Where the frozen model, the term vectors and the scores of the last night lie."""
    return instance.config.data_dir / "models"


def check_engine(instance: Instance, engine: Engine) -> None:
    """Raise UsageError where the instance has no Elasticsearch to rank in."""
    if engine == "elastic" and instance.config.search.engine != "elasticsearch":
        raise UsageError(
            "--engine elastic 要在 Elasticsearch 中匹配，而本实例的 search.engine 是 embedded。"
            "请在 qingbao.yaml 中设为 elasticsearch 并写上 url，或去掉 --engine elastic。"
        )


def fits(instance: Instance, texts: Mapping[str, str], asked: Collection[str], *, engine: Engine = "local", refit: bool = False) -> Fits:
    """Fits of the companies ``asked`` at least. ``texts``: what the matcher may read of every company, by id.

    Raises CannotWork with a Chinese sentence where Elasticsearch was asked for and cannot work; nothing falls back in silence.
    """
    if not texts:
        return Fits()
    return _here(instance, texts, asked, refit) if engine == "local" else _inside(instance, texts, asked, refit)


def _processes() -> int:
    return min(2, os.cpu_count() or 1)


def _here(instance: Instance, texts: Mapping[str, str], asked: Collection[str], refit: bool) -> Fits:
    from matcher.store import match_stored

    made = match_stored(model_folder(instance), texts, instance.parks, refit=refit, examples=kept_examples(instance), processes=_processes())
    said = _said(made.rebuilt, made.parts_changed, made.version, len(texts))
    return Fits(made.version, {slug: table.some(asked) for slug, table in made.tables.items()}, said, bool(said))


def _inside(instance: Instance, texts: Mapping[str, str], asked: Collection[str], refit: bool) -> Fits:
    from index.elastic_ranking import ElasticRanking
    from matcher import elsewhere
    from schedules.jobs.index import search_engine
    from schedules.jobs.kibana import elastic_only

    kept = elsewhere.kept_model(
        model_folder(instance), texts, instance.parks, refit=refit, examples=kept_examples(instance), processes=_processes(),
    )
    space = kept.model.space
    few = {one: texts[one] for one in sorted(asked) if one in texts}
    try:
        with search_engine(instance) as engine:
            ranking = ElasticRanking(elastic_only(engine), elsewhere.space_version(space), elsewhere.dimensions(space))
            brought = ranking.bring(
                elsewhere.text_keys(texts), lambda ids: elsewhere.company_vectors(space, {one: texts[one] for one in ids}, _processes()),
                moment=int(instance.clock().timestamp() * 1000),
            )
            raw = ranking.scores([elsewhere.question(space, part) for part in kept.model.parts], list(few))
    except CannotWork as error:
        raise CannotWork(f"无法在 Elasticsearch 中匹配，名单没有改动：{error}去掉 --engine elastic 可在本机匹配。") from error
    tables = elsewhere.tables(model_folder(instance), kept.model, few, raw, _processes())
    said = _said(kept.rebuilt, kept.parts_changed, kept.version, len(texts))
    return Fits(kept.version, tables, (*said, _brought(brought, len(texts))), bool(said))


def _said(rebuilt: bool, parts_changed: Sequence[tuple[str, str]], version: str, companies: int) -> tuple[str, ...]:
    """What the report says of the model: nothing where it stayed as it was."""
    if rebuilt:
        return (f"匹配模型已重建（{companies} 家企业，版本 {version}）",)
    if parts_changed:
        return ("园区档案或示范企业有变，已更新匹配模型：" + "、".join(dict.fromkeys(industry for _, industry in parts_changed)),)
    return ()


def _brought(brought: Brought, companies: int) -> str:
    new = "新建向量索引，" if brought.made else ""
    return f"在 Elasticsearch 中匹配：{companies} 家企业，{new}写入 {brought.put} 家，删除 {brought.removed} 家"
