"""Faults of a real server: equal counts at the end, nothing lost, nothing doubled."""

import os

import pytest

from index.elastic import PAUSES, ElasticSearch
from index.elastic_mapping import alias
from index.feed import feed, rebuild
from index.search import Kind, Query
from qingbao.errors import CannotWork
from records import open_records
from records.values import Settlement
from tests.elastic.engines import Shown, indices, settings
from tests.elastic.server import free_port
from tests.index.samples import doc, keys
from tests.records.samples import company


@pytest.fixture
def records(tmp_path):
    with open_records(tmp_path / "records.db") as opened:
        yield opened


def settle(records, first, last):
    records.store_settlement(Settlement(companies=tuple(company(n) for n in range(first, last))))


def companies(engine):
    return engine.search(Query(kinds=(Kind.COMPANY,))).total


def block(engine, name, value):
    engine.client.indices.put_settings(index=alias(engine._settings.prefix, Kind.COMPANY), settings={f"index.blocks.{name}": value})


@pytest.mark.parametrize(("name", "sentence"), [("read_only_allow_delete", "磁盘已满"), ("write", "禁止写入")])
def test_a_block_is_told_at_once_without_a_pause_and_lifted_nothing_is_lost(records, engine, name, sentence):
    settle(records, 0, 300)
    block(engine, name, True)
    with pytest.raises(CannotWork, match=sentence):
        feed(records, engine)
    assert engine.pauses == []
    assert records.outbox_size() == 300
    block(engine, name, None)
    feed(records, engine)
    assert companies(engine) == 300
    assert records.outbox_size() == 0


class Stubborn:
    """A client whose bulk is refused a number of times as a server with a full write queue does."""

    def __init__(self, engine, times, whole):
        self._bulk, self.left, self._whole = engine.client.bulk, times, whole
        engine.client.bulk = self

    def __call__(self, **what):
        if self.left == 0:
            return self._bulk(**what)
        self.left -= 1
        error = {"type": "es_rejected_execution_exception", "reason": "rejected execution of coordinating operation"}
        if self._whole:
            import elastic_transport
            from elasticsearch import ApiError

            meta = elastic_transport.ApiResponseMeta(429, "1.1", elastic_transport.HttpHeaders(), 0.0, None)
            raise ApiError("rejected", meta, {"error": error, "status": 429})
        written = self._bulk(operations=what["operations"][:2], require_alias=what["require_alias"])["items"]
        return {"items": written + [{"index": {"status": 429, "error": error}}] * (len(what["operations"]) // 2 - 1)}


@pytest.mark.parametrize("whole", [True, False], ids=["whole request", "all items but one"])
def test_a_full_write_queue_is_waited_for(records, engine, whole):
    settle(records, 0, 100)
    Stubborn(engine, 3, whole)
    feed(records, engine)
    assert engine.pauses == list(PAUSES[:3])
    assert companies(engine) == 100


def test_a_write_queue_that_stays_full_is_given_up_for_this_run(records, engine):
    settle(records, 0, 100)
    stubborn = Stubborn(engine, 1000, True)
    with pytest.raises(CannotWork, match="太忙"):
        feed(records, engine)
    assert engine.pauses == list(PAUSES)
    assert records.outbox_size() == 100
    stubborn.left = 0
    feed(records, engine)
    assert companies(engine) == 100


@pytest.fixture
def own(own_server):
    """An engine with empty indices on the module's own server."""
    own_server.revive()
    opened = Shown(settings(own_server.url))
    opened.rebuild([])
    yield opened
    opened.close()


def test_stopped_for_three_days_nothing_is_lost(records, own_server, own):
    settle(records, 0, 50)
    feed(records, own)
    own_server.stop()
    for night in (1, 2, 3):
        settle(records, 50 * night, 50 * night + 50)
        with pytest.raises(CannotWork, match="无法连接"):
            feed(records, own)
        assert records.outbox_size() == 50 * night
    assert not own.health().usable
    own_server.start()
    assert feed(records, own).put == 150
    assert companies(own) == 200


def test_killed_during_the_feeding_nothing_is_lost_or_doubled(records, own_server, own, monkeypatch):
    settle(records, 0, 3000)
    real = records.ack_outbox

    def acknowledge(*what):
        """Kill the server after the first batch is acknowledged; the next ones are on their way at that moment."""
        real(*what)
        own_server.kill()

    monkeypatch.setattr(records, "ack_outbox", acknowledge)
    with pytest.raises(CannotWork):
        feed(records, own)
    monkeypatch.undo()
    assert 0 < records.outbox_size() < 3000
    own_server.start()
    feed(records, own)
    assert companies(own) == 3000
    assert records.outbox_size() == 0


def test_killed_after_writing_but_before_the_answer_nothing_is_doubled(records, own_server, own, monkeypatch):
    settle(records, 0, 100)
    real = own.client.bulk

    def bulk(**what):
        real(**what)
        own_server.kill()
        return real(**what)

    monkeypatch.setattr(own.client, "bulk", bulk)
    with pytest.raises(CannotWork):
        feed(records, own)
    monkeypatch.undo()
    assert records.outbox_size() == 100
    own_server.start()
    assert feed(records, own).put == 100
    assert companies(own) == 100


def test_killed_during_a_rebuild_the_old_state_answers(records, own_server, own):
    settle(records, 0, 1000)
    feed(records, own)
    settle(records, 1000, 2000)

    def documents():
        for n in range(3000):
            if n == 1500:
                own_server.kill()
            yield doc(f"{n}", kind=Kind.COMPANY)

    with pytest.raises(CannotWork):
        own.rebuild(documents())
    own_server.start()
    assert companies(own) == 1000
    assert rebuild(records, own).count == 2000
    feed(records, own)
    assert companies(own) == 2000


@pytest.mark.parametrize("moment", ["update_aliases", "delete"])
def test_killed_between_the_steps_of_a_rebuild_all_is_there_in_the_end(records, own_server, own, monkeypatch, moment):
    settle(records, 0, 100)
    feed(records, own)
    settle(records, 100, 150)
    real = getattr(own.client.indices, moment)

    def after_a_power_cut(**what):
        own_server.kill()
        return real(**what)

    monkeypatch.setattr(own.client.indices, moment, after_a_power_cut)
    with pytest.raises(CannotWork):
        rebuild(records, own)
    monkeypatch.undo()
    own_server.start()
    assert companies(own) == (150 if moment == "delete" else 100)  # the old ones go after the switch
    assert rebuild(records, own).count == 150
    assert (feed(records, own).put, companies(own), len(indices(own))) == (50, 150, len(Kind) + 1)


def test_a_server_that_is_not_there():
    engine = ElasticSearch(settings(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(CannotWork, match="无法连接"):
        engine.search(Query(words="甲"))
    assert engine.health().message.startswith("无法连接")


def test_something_else_is_not_taken_for_a_server(httpserver):
    httpserver.expect_request("/qingbao-state/_doc/state").respond_with_json({"_source": {}})
    engine = ElasticSearch(settings(httpserver.url_for("").rstrip("/")))
    with pytest.raises(CannotWork, match="不是 Elasticsearch"):
        engine.rebuild_reason()


def test_a_red_cluster(httpserver):
    answer = {"X-Elastic-Product": "Elasticsearch"}
    httpserver.expect_request("/_cluster/health").respond_with_json({"status": "red"}, headers=answer)
    health = ElasticSearch(settings(httpserver.url_for("").rstrip("/"))).health()
    assert not health.usable
    assert "red" in health.message


@pytest.mark.parametrize("url", ["127.0.0.1:9200", "ftp://x:1", "http://user:secret@x:9200", "http://"])
def test_a_wrong_url_is_told_without_its_secret(url):
    with pytest.raises(CannotWork, match=r"search\.url") as told:
        ElasticSearch(settings(url))
    assert "secret" not in str(told.value)


def test_the_version_under_test(engine):
    versions = {node["version"] for node in engine.client.nodes.info()["nodes"].values()}
    assert versions == {os.environ["QINGBAO_TEST_ELASTIC_VERSION"]}
    engine.put([doc("a", "甲")])
    assert keys(engine, "甲") == ["a"]
