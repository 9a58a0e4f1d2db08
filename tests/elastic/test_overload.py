"""A server that really is overloaded, and one whose disk really is too full by its own measure: what it says is its own, not a stub's."""

import os
import threading

import orjson
import pytest

from index.elastic import PAUSES
from index.elastic_mapping import alias
from index.feed import feed
from index.search import Kind
from qingbao.errors import CannotWork
from records import open_records
from tests.elastic.engines import Shown, settings
from tests.elastic.server import running
from tests.elastic.test_faults import companies, settle
from tests.waiting import wait_for

LIMIT = 300_000  # bytes of writing that the small server works on at once


@pytest.fixture
def records(tmp_path):
    with open_records(tmp_path / "records.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def small_server():
    """A server that takes one write at a time, lets one wait, and looks at its disk."""
    narrow = {
        "thread_pool.write.size": 1, "thread_pool.write.queue_size": 1, "indexing_pressure.memory.limit": f"{LIMIT}b",
        "cluster.routing.allocation.disk.threshold_enabled": "true", "cluster.info.update.interval": "10s",
        **{f"cluster.routing.allocation.disk.watermark.{mark}": "1b" for mark in ("low", "high", "flood_stage")},
    }
    with running(os.environ["QINGBAO_TEST_ELASTIC_VERSION"], os.environ["QINGBAO_TEST_ELASTIC_JAVA"], settings=narrow) as server:
        yield server


@pytest.fixture
def small(small_server):
    """An engine with empty indices on the small server; it counts its pauses and does not wait."""
    pauses = []
    opened = Shown(settings(small_server.url), sleep=pauses.append)
    opened.pauses = pauses
    opened.rebuild([])
    yield opened
    opened.close()


def rejected(engine):
    """How often the server has turned a write away, by its own count."""
    (node,) = engine.client.nodes.stats(metric=["thread_pool", "indexing_pressure"])["nodes"].values()
    total = node["indexing_pressure"]["memory"]["total"]
    return node["thread_pool"]["write"]["rejected"] + total["coordinating_rejections"] + total["primary_rejections"]


class Load:
    """Others who write to the same server as much as it takes, and more."""

    def __init__(self, engine, writers=6):
        self._engine, self._stop = engine, threading.Event()
        row = orjson.dumps({"text": "云岭" * 1500})
        self._rows = [line for n in range(20) for line in (orjson.dumps({"index": {"_index": "others", "_id": str(n)}}), row)]
        self._writers = [threading.Thread(target=self._write) for _ in range(writers)]

    def _write(self):
        while not self._stop.is_set():
            self._engine.client.options(ignore_status=[429, 503]).bulk(operations=self._rows)

    def __enter__(self):
        for writer in self._writers:
            writer.start()

    def __exit__(self, *_):
        self._stop.set()
        for writer in self._writers:
            writer.join(600)


def test_a_server_that_others_overload_is_waited_for_and_nothing_is_lost(records, small):
    before, settled, said = rejected(small), 0, set()
    with Load(small):
        while not small.pauses:  # until a write of ours was turned away; of hundreds on their way at once nearly every one is
            settle(records, settled, settled + 400)
            settled += 400
            try:
                feed(records, small)
            except CannotWork as gave_up:
                said.add("太忙" in str(gave_up))
    assert said <= {True}
    assert rejected(small) > before
    feed(records, small)
    assert records.outbox_size() == 0
    assert companies(small) == settled


def test_a_request_that_is_more_than_the_server_takes_is_given_up_for_this_run(records, small, monkeypatch):
    settle(records, 0, 300)
    monkeypatch.setattr("index.documents.STATUS_WORDS", _Long())
    before = rejected(small)
    with pytest.raises(CannotWork, match="太忙"):
        feed(records, small)
    assert small.pauses[: len(PAUSES)] == list(PAUSES)
    assert rejected(small) > before
    assert records.outbox_size() == 300
    monkeypatch.undo()
    feed(records, small)
    assert companies(small) == 300


class _Long(dict):
    """Labels so long that a batch of documents is larger than the server takes."""

    def __missing__(self, status):
        return status.value + "长" * 900


def blocked(engine):
    index = alias(engine.prefix, Kind.COMPANY)
    (found,) = engine.client.indices.get_settings(index=index, flat_settings=True).values()
    return found["settings"].get("index.blocks.read_only_allow_delete") == "true"


def watermarks(engine, value):
    """What must be free on the disk."""
    marks = {f"cluster.routing.allocation.disk.watermark.{mark}": value for mark in ("low", "high", "flood_stage")}
    engine.client.cluster.put_settings(persistent=marks)


def test_a_disk_that_the_server_finds_full_and_that_gets_room_again(records, small):
    settle(records, 0, 100)
    feed(records, small)
    watermarks(small, "900tb")
    try:
        wait_for(lambda: blocked(small))
        settle(records, 100, 300)
        small.pauses.clear()
        with pytest.raises(CannotWork, match="磁盘已满"):
            feed(records, small)
        assert small.pauses == []
        assert (records.outbox_size(), companies(small)) == (200, 100)
    finally:
        watermarks(small, None)
    wait_for(lambda: not blocked(small))
    feed(records, small)
    assert (records.outbox_size(), companies(small)) == (0, 300)
