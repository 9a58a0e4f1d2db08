"""New indices beside the old ones: fill, compare, switch all aliases in one call, delete the old ones after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from index.elastic_mapping import alias, document_id, index_name, is_ours, made_by, state_index, template
from index.search import Document, Kind, Rebuilt, Refused
from qingbao.errors import CannotWork

if TYPE_CHECKING:
    from index.elastic import ElasticSearch, Item

# Documents of each kind that are compared besides the counts.
SAMPLE = 50


def rebuild(engine: ElasticSearch, prefix: str, documents: Iterable[Document], moment: datetime) -> Rebuilt:
    """Make the indices anew from ``documents``. Needs the role qingbao_setup.

    Killed at any moment, the old indices answer as before; what was left half-made is removed by the next rebuild. Raises CannotWork
    without switching where the new indices do not hold what was put.
    """
    client = engine.client
    old = {kind: _indices(engine, prefix, kind) for kind in Kind}
    names = {kind: index_name(prefix, kind, moment) for kind in Kind}
    if left := [name for kind in Kind for name, aliased in old[kind].items() if not aliased]:
        engine.call(client.indices.delete, index=left)
    for kind in Kind:
        engine.call(client.indices.put_index_template, name=alias(prefix, kind), **template(prefix, kind))
        engine.call(client.indices.create, index=names[kind])
    _make_state_index(engine, prefix)
    counted = _Counted(Random(0))
    refused = engine.send(counted.items(documents, names), require_alias=False)
    engine.call(client.indices.refresh, index=list(names.values()))
    _compare(engine, names, counted, refused)
    _switch(engine, prefix, names, old)
    if replaced := [name for kind in Kind for name, aliased in old[kind].items() if aliased]:
        engine.call(client.indices.delete, index=replaced)
    return Rebuilt(count=sum(counted.counts.values()) - len(refused), refused=tuple(refused))


class _Counted:
    """Counts documents on their way and keeps a random sample of each kind."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.counts = dict.fromkeys(Kind, 0)
        self.samples: dict[Kind, list[tuple[str, int]]] = {kind: [] for kind in Kind}

    def items(self, documents: Iterable[Document], names: dict[Kind, str]) -> Iterator[Item]:
        """The items to send; every document comes once."""
        from index.elastic import lines

        for document in documents:
            kind = document.kind
            self.counts[kind] += 1
            sample = self.samples[kind]
            if len(sample) < SAMPLE:
                sample.append((document.key, document.version))
            elif (place := self._random.randrange(self.counts[kind])) < SAMPLE:
                sample[place] = (document.key, document.version)
            yield document, lines(document, names[kind])


def _compare(engine: ElasticSearch, names: dict[Kind, str], counted: _Counted, refused: list[Refused]) -> None:
    for kind, name in names.items():
        expected = counted.counts[kind] - sum(r.kind is kind for r in refused)
        there = engine.call(engine.client.count, index=name)["count"]
        out = {r.key for r in refused if r.kind is kind}
        sample = {document_id(key): version for key, version in counted.samples[kind] if key not in out}
        found = {}
        if sample:
            answer = engine.call(engine.client.mget, index=name, ids=list(sample), source=["version"])
            found = {doc["_id"]: doc["_source"]["version"] for doc in answer["docs"] if doc.get("found")}
        if there != expected or found != sample:
            raise CannotWork(f"新索引 {name} 与数据库不符（应有 {expected} 条，实有 {there} 条），没有切换，旧索引照常使用。请再运行 qingbao index rebuild。")


def _switch(engine: ElasticSearch, prefix: str, names: dict[Kind, str], old: dict[Kind, dict[str, bool]]) -> None:
    actions = []
    for kind, name in names.items():
        actions += [
            {"remove": {"index": before, "alias": alias(prefix, kind), "must_exist": True}} for before, aliased in old[kind].items() if aliased
        ]
        actions.append({"add": {"index": name, "alias": alias(prefix, kind)}})
    # One call: between a remove and an add of their own, every third search would fail.
    engine.call(engine.client.indices.update_aliases, actions=actions)
    state = {"made_by": made_by()}
    engine.call(engine.client.index, index=state_index(prefix), id="state", document=state, refresh=True)


def _make_state_index(engine: ElasticSearch, prefix: str) -> None:
    # With its one field: a field made by writing would need a right that the roles do not give.
    mappings = {"dynamic": "strict", "properties": {"made_by": {"type": "keyword"}}}
    name, settings = state_index(prefix), {"number_of_replicas": 0, "auto_expand_replicas": "0-1"}
    if not engine.call(engine.client.indices.exists, index=name):
        engine.call(engine.client.indices.create, index=name, mappings=mappings, settings=settings)


def _indices(engine: ElasticSearch, prefix: str, kind: Kind) -> dict[str, bool]:
    """Our indices of a kind, whether the alias is on each."""
    there = engine.call(engine.client.indices.get_alias, index=f"{alias(prefix, kind)}-v*", allow_no_indices=True)
    return {name: alias(prefix, kind) in facts["aliases"] for name, facts in there.items() if is_ours(prefix, kind, name)}
