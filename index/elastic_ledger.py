"""The ledger's rows on the server: an index each; what changed is written, and after it what is no more taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from index.elastic import REQUEST_DOCUMENTS, ElasticSearch
from index.elastic_mapping import state_index
from index.ledger import FIELDS, Ledger, Row
from index.search import SearchLost
from qingbao.errors import CannotWork
from qingbao.keys import content_hash

# Bumped when a field changes: the index is then made anew, which needs the role qingbao_setup; nothing is lost, every feed writes all rows.
LEDGER_VERSION = 1

_MADE_BY = f"ledger-{LEDGER_VERSION}"


def ledger_index(prefix: str, ledger: Ledger) -> str:
    """The name under which rows are read and written."""
    return f"{prefix}-{ledger.value}"


def ledger_mapping(ledger: Ledger) -> dict[str, Any]:
    """The mapping of an index; ``written`` marks a row's content as it was written last."""
    return {"dynamic": "strict", "properties": FIELDS[ledger] | {"written": {"type": "keyword"}}}


def write_rows(engine: ElasticSearch, prefix: str, ledger: Ledger, rows: Iterable[Row]) -> int:
    """Let ``rows`` be all that the index holds; how many. Only what changed is written: most rows are those of the night before.

    A reader sees old and new rows side by side for a moment, never a row twice and never an empty index. Raises CannotWork where the
    server is away or refuses a row; the next feed writes what is missing.
    """
    index = ledger_index(prefix, ledger)
    _prepare(engine, prefix, ledger)
    seen: set[int] = set()  # hashes, since the ranks of some years are many
    for batch in _batches(rows):
        _write_changed(engine, index, batch)
        seen.update(hash(key) for key, _ in batch)
    engine.call(engine.client.indices.refresh, index=index)
    if engine.call(engine.client.count, index=index)["count"] != len(seen):
        _take_out(engine, index, seen)
    return len(seen)


def _write_changed(engine: ElasticSearch, index: str, batch: list[Row]) -> None:
    answer = engine.call(engine.client.mget, index=index, ids=[key for key, _ in batch], source=["written"])
    there = {row["_id"]: row["_source"].get("written") for row in answer["docs"] if row.get("found")}
    lines: list[dict[str, Any]] = []
    for key, fields in batch:
        mark = content_hash(orjson.dumps(fields))
        if there.get(key) != mark:
            lines += [{"index": {"_index": index, "_id": key}}, fields | {"written": mark}]
    if not lines:
        return
    written = engine.call(engine.client.bulk, operations=lines)
    if written["errors"]:
        error = next(item["index"]["error"] for item in written["items"] if "error" in item["index"])
        raise CannotWork(f"搜索服务不接受 {index} 中的一行：{error['type']}。下次运行会再写。")


def _prepare(engine: ElasticSearch, prefix: str, ledger: Ledger) -> None:
    """Make the index where it is missing or of another version. The state index says which it is: the role qingbao_run may read no mappings."""
    client, state, index = engine.client, state_index(prefix), ledger_index(prefix, ledger)
    try:
        if engine.call(client.get, index=state, id=index)["_source"]["made_by"] == _MADE_BY and engine.call(client.count, index=index):
            return
    except SearchLost:
        pass
    if engine.call(client.indices.exists, index=index):
        engine.call(client.indices.delete, index=index)
    settings = {"number_of_shards": 1, "number_of_replicas": 0, "auto_expand_replicas": "0-1"}
    engine.call(client.indices.create, index=index, settings=settings, mappings=ledger_mapping(ledger))
    engine.call(client.index, index=state, id=index, document={"made_by": _MADE_BY}, refresh=True)


def _take_out(engine: ElasticSearch, index: str, seen: set[int]) -> None:
    """Delete all rows but those ``seen``."""
    pit = engine.call(engine.client.open_point_in_time, index=index, keep_alive="5m")["id"]
    after: list[Any] | None = None
    while True:
        answer = engine.call(
            engine.client.search, pit={"id": pit, "keep_alive": "5m"}, sort=[{"_shard_doc": "asc"}], search_after=after,
            size=10 * REQUEST_DOCUMENTS, source=False, track_total_hits=False,
        )
        if not (hits := answer["hits"]["hits"]):
            break
        after = hits[-1]["sort"]
        if gone := [{"delete": {"_index": index, "_id": hit["_id"]}} for hit in hits if hash(hit["_id"]) not in seen]:
            engine.call(engine.client.bulk, operations=gone)
    engine.call(engine.client.close_point_in_time, id=pit)
    engine.call(engine.client.indices.refresh, index=index)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == REQUEST_DOCUMENTS:
            yield batch
            batch = []
    if batch:
        yield batch
