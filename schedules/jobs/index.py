"""Feeding the search side from the outbox. Search is derived: its trouble delays it and stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qingbao.errors import UsageError
from schedules.instance import Instance

if TYPE_CHECKING:
    from index.feed import Fed
    from index.search import Found, Query, Search


@contextmanager
def search_engine(instance: Instance) -> Iterator[Search]:
    """The search engine that the configuration names."""
    if instance.config.search.engine != "embedded":
        raise UsageError("search: elasticsearch 尚未提供，请改为 engine: embedded。")
    from index.embedded import EmbeddedSearch

    engine = EmbeddedSearch(instance.config.data_dir / "search.db")
    try:
        yield engine
    finally:
        engine.close()


def feed(instance: Instance) -> Fed:
    """Bring all waiting changes to the search side."""
    from index.feed import feed as feed_engine

    with search_engine(instance) as engine:
        return feed_engine(instance.records, engine)


def find(instance: Instance, query: Query) -> Found:
    """Search; an engine that has lost its data is filled from the records first."""
    from index.feed import find as find_in

    with search_engine(instance) as engine:
        return find_in(instance.records, engine, query)
