"""Feeding the search side from the outbox. Search is derived: its trouble delays it and stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qingbao.errors import QingbaoError
from schedules.instance import Instance

if TYPE_CHECKING:
    from index.feed import Fed
    from index.search import Found, Query, Rebuilt, Search
    from qingbao.config import Config


@contextmanager
def search_engine(instance: Instance) -> Iterator[Search]:
    """The search engine that the configuration names."""
    engine = _elastic(instance.config) if instance.config.search.engine == "elasticsearch" else _embedded(instance.config)
    try:
        yield engine
    finally:
        engine.close()


def _embedded(config: Config) -> Search:
    from index.embedded import EmbeddedSearch

    return EmbeddedSearch(config.data_dir / "search.db")


def _elastic(config: Config) -> Search:
    from index.elastic import ElasticSearch, Settings

    search = config.search
    return ElasticSearch(Settings(
        url=search.url or "", prefix=search.prefix, user=search.user, password=search.password, api_key=search.api_key,
        ca_file=config.folder / search.ca_file if search.ca_file else None, fingerprint=search.fingerprint,
    ))


def feed(instance: Instance) -> Fed:
    """Bring all waiting changes to the search side; with Elasticsearch also the rows that Kibana shows."""
    from index.feed import feed as feed_engine

    with search_engine(instance) as engine:
        done = feed_engine(instance.records, engine)
        if instance.config.search.engine == "elasticsearch":
            from schedules.jobs.kibana import elastic_only, feed_ledger

            feed_ledger(instance, elastic_only(engine))
    return done


def feed_or_say(instance: Instance) -> tuple[int, str | None]:
    """How many documents search took, and in words what it did not take, and why: the outbox keeps them, and the next run brings them."""
    try:
        fed = feed(instance)
    except QingbaoError as error:
        return 0, f"检索暂不可用，{instance.records.outbox_size()} 项变化留在待送队列，下次运行会补上：{error}"
    return fed.put, f"检索服务拒绝了 {len(fed.refused)} 个文档；原因见 qingbao index refused。" if fed.refused else None


def find(instance: Instance, query: Query) -> Found:
    """Search; an engine that has lost its data is filled from the records first."""
    from index.feed import find as find_in

    with search_engine(instance) as engine:
        return find_in(instance.records, engine, query)


def rebuild(instance: Instance) -> Rebuilt:
    """Fill the search side anew from the records; searches see the old state until the new one is whole."""
    from index.feed import rebuild as rebuild_engine

    with search_engine(instance) as engine:
        made = rebuild_engine(instance.records, engine)
        if instance.config.search.engine == "elasticsearch":
            from schedules.jobs.kibana import elastic_only, feed_ledger

            feed_ledger(instance, elastic_only(engine))
    return made
