"""Ranking on the server: an index of company vectors for each state of the frozen model, asked with a park's statement as vectors.

No scripts: the score is a sum of a ``sparse_vector`` query and an exact search in a ``flat`` ``dense_vector``, both of which every server has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import orjson
from numpy.typing import NDArray

from index.elastic import REQUEST_BYTES, REQUEST_DOCUMENTS, ElasticSearch
from index.elastic_errors import PASSING, Passing, block_sentence
from qingbao.errors import CannotWork

# Bumped when a field changes: the index is then made anew beside the old one.
VECTORS_VERSION = 1

# The most that a search may return and that a search by vectors may look at (limits of the server).
MOST = 10_000


class Words(Protocol):
    """The exact words of a text with their weights, and its dense vector."""

    @property
    def terms(self) -> NDArray[np.int32]: ...
    @property
    def weights(self) -> NDArray[np.float32]: ...
    @property
    def dense(self) -> NDArray[np.float32]: ...


class Vector(Words, Protocol):
    """What is kept of a company (``matcher.elsewhere.CompanyVector``)."""

    @property
    def id(self) -> str: ...
    @property
    def key(self) -> int: ...
    @property
    def known(self) -> bool: ...


class Question(Words, Protocol):
    """What is asked for an industry (``matcher.elsewhere.Question``): raw = words · words + scale × (dense · dense)."""

    @property
    def scale(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing the vectors up to date took."""

    put: int
    removed: int
    made: bool  # a new index


class ElasticRanking:
    """The vectors of one state of the model (``version``), of ``dimensions`` dense dimensions."""

    def __init__(self, engine: ElasticSearch, version: str, dimensions: int) -> None:
        self._engine, self._dimensions = engine, dimensions
        self.alias = f"{engine.prefix}-vectors"
        self.index = f"{self.alias}-v{VECTORS_VERSION}-{version}"

    def bring(self, keys: Mapping[str, int], vectors: Callable[[Sequence[str]], Iterable[Vector]], *, moment: int) -> Brought:
        """Let the index hold exactly the companies of ``keys`` (id → key of its text). ``vectors`` is asked for new and changed ones alone.

        ``moment`` grows from run to run: an older run never overwrites a newer state, it is told of it. A new index gets the alias only when it
        is whole; killed at any moment, the next run goes on. Raises CannotWork with a Chinese sentence.
        """
        engine, client = self._engine, self._engine.client
        there = engine.call(client.indices.get_alias, index=f"{self.alias}-v*", allow_no_indices=True).body
        if made := self.index not in there:
            engine.call(client.indices.create, index=self.index, mappings=mapping(self._dimensions), settings=_SETTINGS)
        held = dict(self._held()) if not made else {}
        changed = [one for one, key in keys.items() if held.get(one) != key]
        gone = [one for one in held if one not in keys]
        version = {"version": moment, "version_type": "external_gte"}
        self._write([orjson.dumps({"index": {"_id": v.id, **version}}), _document(v)] for v in vectors(changed))
        self._write([orjson.dumps({"delete": {"_id": one, **version}})] for one in gone)
        engine.call(client.indices.refresh, index=self.index)
        if (count := engine.call(client.count, index=self.index)["count"]) != len(keys):
            raise CannotWork(f"索引 {self.index} 应有 {len(keys)} 家企业，实有 {count} 家，没有排序。请再运行一次。")
        self._switch(there)
        return Brought(len(changed), len(gone), made)

    def _switch(self, there: Mapping[str, Any]) -> None:
        """Let the alias stand on this index alone; older ones go."""
        client, old = self._engine.client, sorted(there.keys() - {self.index})
        aliased = [name for name, facts in there.items() if self.alias in facts["aliases"]]
        if aliased != [self.index]:
            removals = [{"remove": {"index": name, "alias": self.alias, "must_exist": True}} for name in aliased if name != self.index]
            self._engine.call(client.indices.update_aliases, actions=[*removals, {"add": {"index": self.index, "alias": self.alias}}])
        if old:
            self._engine.call(client.indices.delete, index=old)

    def _held(self) -> Iterator[tuple[str, int]]:
        """Company id → key of its text, of all that the index holds."""
        engine, client = self._engine, self._engine.client
        engine.call(client.indices.refresh, index=self.index)
        pit = engine.call(client.open_point_in_time, index=self.index, keep_alive="2m")["id"]
        after = None
        try:
            while True:
                answer = engine.call(
                    client.search, pit={"id": pit, "keep_alive": "2m"}, size=MOST, sort=[{"_shard_doc": "asc"}], search_after=after, source=False,
                    docvalue_fields=["id", "key"], track_total_hits=False,
                )
                hits = answer["hits"]["hits"]
                yield from ((hit["fields"]["id"][0], hit["fields"]["key"][0]) for hit in hits)
                if len(hits) < MOST:
                    return
                after = hits[-1]["sort"]
        finally:
            engine.call(client.close_point_in_time, id=pit)

    def best(self, asked: Question, top: int) -> list[tuple[str, float]]:
        """The companies with the greatest raw scores of all that have text enough for a number, best first, equal ones by id.

        Exact as long as they are among the ``MOST`` nearest by dense vector. ``top`` ≤ ``MOST``.
        """
        return self._ask(asked, {"term": {"known": True}}, top)

    def scores(self, questions: Sequence[Question], ids: Sequence[str]) -> NDArray[np.float32]:
        """Raw scores, companies (``ids``) × questions. Raises CannotWork where the index misses one of them."""
        out = np.full((len(ids), len(questions)), np.nan, dtype=np.float32)
        place = {one: row for row, one in enumerate(ids)}
        for start in range(0, len(ids), MOST):
            some = {"ids": {"values": list(ids[start : start + MOST])}}
            for column, asked in enumerate(questions):
                for one, score in self._ask(asked, some, MOST):
                    out[place[one], column] = score
        if missing := int(np.isnan(out).any(axis=1).sum()):
            raise CannotWork(f"索引 {self.index} 中缺少 {missing} 家企业，没有排序。请再运行一次。")
        return out

    def _ask(self, asked: Question, among: Mapping[str, Any], top: int) -> list[tuple[str, float]]:
        """Id and raw score of the best among some."""
        clauses, constant = _clauses(asked, among)
        answer = self._engine.call(
            self._engine.client.search, index=self.alias, query={"bool": {"should": clauses, "filter": [among]}}, size=top,
            sort=[{"_score": "desc"}, {"id": "asc"}], stored_fields="_none_", track_total_hits=False,
        )
        return [(one, score - constant) for score, one in (hit["sort"] for hit in answer["hits"]["hits"])]

    def _write(self, operations: Iterable[list[bytes]]) -> None:
        request: list[bytes] = []
        for lines in operations:
            request += lines
            if len(request) >= 2 * REQUEST_DOCUMENTS or sum(map(len, request)) > REQUEST_BYTES:
                self._engine.call(self._bulk, operations=request)
                request = []
        if request:
            self._engine.call(self._bulk, operations=request)

    def _bulk(self, operations: list[Any]) -> None:
        """Write one request; Passing where the server was too busy for a part of it: sent again as a whole, each item has its version."""
        answer = self._engine.client.bulk(index=self.index, operations=operations)
        for item in answer["items"] if answer["errors"] else ():
            (outcome,) = item.values()
            if (error := outcome.get("error")) is None:
                continue
            if error["type"] == "version_conflict_engine_exception":
                raise CannotWork(f"索引 {self.index} 中的内容比本次运行更新（另有一次运行，或本机时钟被调慢），没有排序。请核对时钟后再运行一次。")
            if error["type"] in PASSING:
                raise Passing(f"搜索服务太忙（{error['type']}）。")
            raise CannotWork(block_sentence(error["type"], error.get("reason", "")) or f"搜索服务不接受 {self.index} 中的一家企业：{error['type']}。")


_SETTINGS = {"number_of_shards": 1, "number_of_replicas": 0, "auto_expand_replicas": "0-1", "gc_deletes": "7d"}


def mapping(dimensions: int) -> dict[str, Any]:
    """The mapping of an index of vectors. The vectors are searched and never shown: they are left out of the stored document."""
    return {
        "dynamic": "strict", "_source": {"excludes": ["words", "dense"]},
        "properties": {
            "id": {"type": "keyword"},
            "key": {"type": "long", "index": False},
            "known": {"type": "boolean"},
            # Pruning is on by default and moves scores by up to 12 %.
            "words": {"type": "sparse_vector", "index_options": {"prune": False}},
            "dense": {"type": "dense_vector", "dims": dimensions, "similarity": "dot_product", "index_options": {"type": "flat"}},
        },
    }


def halves(weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Positive weights as sums of two numbers that the server can keep.

    It cuts off all but 8 bits behind the leading one (up to 0.4 % of a weight): the second number is what the first one lost.
    """
    bits = np.ascontiguousarray(weights, dtype=np.float32).view(np.uint32)
    first = (bits & np.uint32(0xFFFF8000)).view(np.float32)
    lost = np.asarray(weights - first, dtype=np.float32)
    rounded = ((lost.view(np.uint32) + np.uint32(1 << 14)) & np.uint32(0xFFFF8000)).view(np.float32)
    return first, np.where(lost > 0, rounded, np.float32(0.0)).astype(np.float32)


def _features(terms: NDArray[np.int32], first: NDArray[np.float32], second: NDArray[np.float32]) -> dict[str, float]:
    """Words by their numbers, each as ``12`` and, where its second number is not zero, ``12+``."""
    names = terms.tolist()
    rest = {f"{term}+": value for term, value in zip(names, second.tolist()) if value}
    return dict(zip(map(str, names), first.tolist())) | rest


def _document(vector: Vector) -> bytes:
    words = _features(vector.terms, *halves(vector.weights))
    return orjson.dumps(
        {"id": vector.id, "key": vector.key, "known": vector.known, "words": words, "dense": vector.dense}, option=orjson.OPT_SERIALIZE_NUMPY,
    )


def _clauses(asked: Question, among: Mapping[str, Any]) -> tuple[list[dict[str, Any]], float]:
    """The clauses whose scores add up to the raw score and a constant."""
    clauses: list[dict[str, Any]] = []
    constant = 0.0
    if len(asked.terms):
        words = _features(asked.terms, asked.weights, asked.weights)
        clauses.append({"sparse_vector": {"field": "words", "query_vector": words, "prune": False}})
    if asked.scale:
        # Such a clause scores (1 + product) / 2.
        knn = {"field": "dense", "query_vector": asked.dense.tolist(), "k": MOST, "num_candidates": MOST, "filter": among, "boost": 2 * asked.scale}
        clauses.append({"knn": knn})
        constant = asked.scale
    return clauses, constant
