"""Kibana beside the search server: its rows after a night, its bundle written, sent and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from qingbao.config import Config, KibanaConfig
from qingbao.errors import UsageError
from schedules.instance import MANUAL_SLUG, Instance

if TYPE_CHECKING:
    from index.elastic import ElasticSearch
    from index.kibana.client import Imported, Settings
    from index.kibana.fields import Field
    from index.kibana.saved import SavedObject
    from index.ledger import Row
    from index.search import Search

# Articles of so many days are told signal by signal; ranks and runs as far back as the records go.
SIGNAL_DAYS = 400
RUNS = 400

SPACE_NAME = "招商情报"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An import: what was written, the version (None: not told), whether the space was made now."""

    imported: Imported
    version: str | None
    new_space: bool


def index_prefix(config: Config) -> str:
    """What the names of the indices begin with."""
    return config.search.prefix


def elastic_only(engine: Search) -> ElasticSearch:
    """The engine, if it is Elasticsearch. Raises UsageError otherwise: Kibana shows nothing else."""
    from index.elastic import ElasticSearch

    if not isinstance(engine, ElasticSearch):
        raise UsageError("Kibana 只能显示 Elasticsearch 中的内容；请先在 qingbao.yaml 中写 search: engine: elasticsearch。")
    return engine


def objects_of(config: Config, *, prefix: str) -> list[SavedObject]:
    """The bundle with the instance's own names of parks, units and sources; ``prefix``: what the indices' names begin with."""
    from index.kibana.bundle import Names, bundle

    names = Names(
        parks={park.slug: park.name for park in config.parks}, units={unit.slug: unit.name for unit in config.units},
        sources={source.slug: source.name for source in config.sources} | {MANUAL_SLUG: "人工录入"},
    )
    return bundle(names, prefix=prefix)


def export(config: Config, *, prefix: str) -> bytes:
    """The bundle as NDJSON; the same bytes for the same instance."""
    from index.kibana.bundle import ndjson

    return ndjson(objects_of(config, prefix=prefix))


def send(config: Config, *, prefix: str, create_space: bool = False, overwrite: bool = True, space: str | None = None) -> Sent:
    """Write the bundle into Kibana, ``space`` instead of the configured one. Raises UsageError without a ``kibana`` section, CannotWork where Kibana refuses the whole."""
    from index.kibana.client import Kibana

    client = Kibana(settings_of(config, space))
    version = client.ready()
    made = client.prepare_space(SPACE_NAME, create=create_space)
    return Sent(imported=client.send(export(config, prefix=prefix), overwrite=overwrite), version=version, new_space=made)


def settings_of(config: Config, space: str | None = None) -> Settings:
    """How to reach Kibana. Raises UsageError where the instance says nothing of it."""
    from index.kibana.client import Settings

    kibana: KibanaConfig | None = config.kibana
    if kibana is None:
        raise UsageError(f"{config.folder / 'qingbao.yaml'} 中没有 kibana 一节：请写 kibana: 和 url（说明见 docs/kibana.md）。")
    return Settings(
        url=kibana.url, space=space or kibana.space, user=kibana.user, password=kibana.password, api_key=kibana.api_key,
        ca_file=config.folder / kibana.ca_file if kibana.ca_file else None,
    )


def compare(engine: ElasticSearch, config: Config) -> list[str]:
    """Chinese sentences about fields that the bundle uses and the server's indices do not have, or have otherwise. Raises CannotWork."""
    from index.kibana.check import missing

    objects = objects_of(config, prefix=engine.prefix)
    return missing(objects, fields_on_server(engine, objects))


def fields_on_server(engine: ElasticSearch, objects: list[SavedObject]) -> Mapping[str, Mapping[str, Field]]:
    """The fields behind each data view, as the server tells them."""
    from index.kibana.fields import told_by_server

    known = {}
    for one in objects:
        if one.type == "index-pattern":
            answer = engine.call(engine.client.field_caps, index=one.attributes["title"], fields="*", ignore_unavailable=True, allow_no_indices=True)
            known[one.id] = told_by_server(answer.body)
    return known


def feed_ledger(instance: Instance, engine: ElasticSearch) -> dict[str, int]:
    """Bring signals, bad news, ranks, changes, runs and sources to the server; rows by kind. Call after ``feed``. Raises CannotWork."""
    from index.elastic_ledger import write_rows
    from index.ledger import Ledger, Names, adverse_rows, history_rows, rank_rows, run_rows, signal_rows, source_rows, standing

    records, now = instance.records, instance.clock()
    prospects = [prospect for park in instance.parks for prospect in records.prospects(park.slug)]
    names = Names(mentions=records.mentions(), companies={company.id: company.name for company in records.companies()}, standing=standing(prospects))
    sites = {(prospect.park, prospect.company_id): prospect.site for prospect in prospects}
    bad_news: list[Row] = []

    def signals() -> Iterator[Row]:
        """Rows of signals; on the way those of bad news, which are few, so that the articles are read once."""
        for reading in records.readings(now - timedelta(days=SIGNAL_DAYS)):
            bad_news.extend(adverse_rows([reading], names))
            yield from signal_rows([reading], names)

    rows: dict[Ledger, Iterable[Row]] = {
        Ledger.SIGNALS: signals(),
        Ledger.ADVERSE: bad_news,
        Ledger.RANKS: rank_rows((row for park in instance.parks for row in records.rank_history(park.slug)), names, sites),
        Ledger.RUNS: run_rows(records.runs("run", RUNS)),
        Ledger.SOURCES: source_rows(records.source_health()),
        Ledger.HISTORY: history_rows(page for park in instance.parks for page in records.diary(park.slug)),
    }
    return {kind.value: write_rows(engine, engine.prefix, kind, found) for kind, found in rows.items()}
