"""The ledger's rows on the server: an index each, brought up to date by identity; what is no more is taken out after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from index.elastic import REQUEST_DOCUMENTS, ElasticSearch
from index.elastic_mapping import state_index
from index.ledger import FIELDS, Ledger, Row
from index.search import SearchLost
from qingbao.errors import CannotWork

# Bumped when a field changes: the index is then made anew, which needs the role qingbao_setup; nothing is lost, every feed writes all rows.
LEDGER_VERSION = 1

_MADE_BY = f"ledger-{LEDGER_VERSION}"


def ledger_index(prefix: str, ledger: Ledger) -> str:
    """The name under which rows are read and written."""
    return f"{prefix}-{ledger.value}"


def ledger_mapping(ledger: Ledger) -> dict[str, Any]:
    """The mapping of an index; ``written`` is the feed that wrote a row last."""
    return {"dynamic": "strict", "properties": FIELDS[ledger] | {"written": {"type": "keyword"}}}


def write_rows(engine: ElasticSearch, prefix: str, ledger: Ledger, rows: Iterable[Row], *, feed: str) -> int:
    """Let ``rows`` be all that the index holds; how many. ``feed`` names this writing and differs from that of the one before.

    A reader sees old and new rows side by side for a moment, never a row twice and never an empty index. Raises CannotWork where the
    server is away or refuses a row; the next feed writes all again.
    """
    index = ledger_index(prefix, ledger)
    _prepare(engine, prefix, ledger)
    count = 0
    for batch in _batches(rows):
        lines: list[dict[str, Any]] = []
        for key, fields in batch:
            lines += [{"index": {"_index": index, "_id": key}}, fields | {"written": feed}]
        answer = engine.call(engine.client.bulk, operations=lines)
        if answer["errors"]:
            error = next(item["index"]["error"] for item in answer["items"] if "error" in item["index"])
            raise CannotWork(f"搜索服务不接受 {index} 中的一行：{error['type']}。下次运行会再写。")
        count += len(batch)
    engine.call(engine.client.indices.refresh, index=index)
    _take_out(engine, index, feed)
    return count


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


def _take_out(engine: ElasticSearch, index: str, feed: str) -> None:
    """Delete the rows that this feed has not written."""
    while True:
        query = {"bool": {"must_not": {"term": {"written": feed}}}}
        answer = engine.call(engine.client.search, index=index, query=query, size=REQUEST_DOCUMENTS, source=False)
        if not (hits := answer["hits"]["hits"]):
            return
        engine.call(engine.client.bulk, operations=[{"delete": {"_index": index, "_id": hit["_id"]}} for hit in hits], refresh=True)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == REQUEST_DOCUMENTS:
            yield batch
            batch = []
    if batch:
        yield batch
