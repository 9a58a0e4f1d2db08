"""Engines on the tests' server."""

from index.elastic import ElasticSearch, Settings
from index.elastic_mapping import alias
from index.search import Kind


def settings(url, prefix="qingbao", **more):
    return Settings(url=url, prefix=prefix, **more)


def indices(engine):
    """The names of all indices under the engine's prefix."""
    return sorted(engine.client.indices.get(index=f"{engine._settings.prefix}-*"))


def remove(engine):
    """All that an engine left on the server."""
    if found := indices(engine):
        engine.client.indices.delete(index=found)
    for kind in Kind:
        engine.client.options(ignore_status=404).indices.delete_index_template(name=alias(engine._settings.prefix, kind))


class Shown(ElasticSearch):
    """Shows at once what was written, so that the contract's tests may look."""

    def put(self, documents):
        refused = super().put(documents)
        self.refresh()
        return refused

    def delete(self, removals):
        super().delete(removals)
        self.refresh()


