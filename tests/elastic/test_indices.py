"""Rebuild and switch, seen from outside."""

import threading
from enum import StrEnum

import pytest

from index import elastic_mapping
from index.elastic import NOT_BUILT, OTHER_VERSION, ElasticSearch
from index.search import Kind, Query, SearchLost
from qingbao.errors import CannotWork
from tests.elastic.conftest import SERVER
from tests.elastic.engines import indices, remove, settings
from tests.index.samples import doc, gone, keys
from tests.waiting import wait_for


class Unknown(StrEnum):
    FIELD = "not_a_field"


def documents(number, text="云岭机电扩产"):
    return [doc(f"{n:05}", text, "正文" * 20) for n in range(number)]


def test_a_server_without_our_indices_wants_them(engine):
    remove(engine)
    assert engine.rebuild_reason() == NOT_BUILT
    assert not engine.health().usable
    with pytest.raises(SearchLost, match="index rebuild"):
        engine.search(Query(words="扩产"))
    with pytest.raises(SearchLost, match="index rebuild"):
        engine.put(documents(1))
    assert indices(engine) == []
    engine.rebuild(documents(3))
    assert engine.rebuild_reason() is None
    assert engine.health().counts[Kind.ARTICLE] == 3


def test_indices_of_another_version_want_a_rebuild(engine, monkeypatch):
    monkeypatch.setattr(elastic_mapping, "MAPPING_VERSION", 99)
    assert engine.rebuild_reason() == OTHER_VERSION
    engine.rebuild(documents(2))
    assert engine.rebuild_reason() is None
    assert all("-v99-" in name for name in indices(engine) if not name.endswith("-state"))


def test_a_rebuild_leaves_one_index_of_each_kind(engine):
    for _ in range(3):
        engine.rebuild(documents(2))
    assert len(indices(engine)) == len(Kind) + 1


def impatient(_):
    raise AssertionError("the search had to be tried again")


def test_readers_see_no_failure_over_five_rebuilds(engine):
    engine.rebuild(documents(200))
    stop, answers = threading.Event(), []

    def read():
        own = ElasticSearch(settings(SERVER, engine.prefix, timeout=600), sleep=impatient)
        while not stop.is_set():
            try:
                answers.append(own.search(Query(words="云岭机电")).total)
            except BaseException as error:  # noqa: BLE001  whatever it is, it is what the test is about
                answers.append(error)
        own.close()

    def while_they_read():
        """Documents of which the last comes after the readers have searched the half-filled state many times."""
        before = len(answers)
        for number, document in enumerate(documents(200)):
            if number == 199:
                wait_for(lambda: len(answers) > before + 20)
            yield document

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(5):
            engine.rebuild(while_they_read())
    finally:
        stop.set()
        for reader in readers:
            reader.join(600)
    assert len(answers) > 100
    assert set(answers) == {200}


@pytest.mark.parametrize("moment", ["put_index_template", "create", "refresh", "update_aliases", "delete"])
def test_killed_at_any_moment_of_a_rebuild_the_indices_answer(engine, monkeypatch, moment):
    engine.put(documents(5, "旧"))

    def killed(**_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(engine.client.indices, moment, killed)
        with pytest.raises(KeyboardInterrupt):
            engine.rebuild(documents(7, "新"))
    assert engine.search(Query()).total == (7 if moment == "delete" else 5)
    engine.rebuild(documents(7, "新"))
    assert engine.search(Query(words="新")).total == 7
    assert len(indices(engine)) == len(Kind) + 1


def test_new_indices_that_hold_less_are_not_switched_to(engine, monkeypatch):
    engine.put(documents(5, "旧"))
    real = engine.send

    def lossy(items, **more):
        return real((item for number, item in enumerate(items) if number != 3), **more)

    monkeypatch.setattr(engine, "send", lossy)
    with pytest.raises(CannotWork, match="没有切换"):
        engine.rebuild(documents(7, "新"))
    assert engine.search(Query(words="旧")).total == 5


def test_new_indices_with_other_documents_are_not_switched_to(engine, monkeypatch):
    real = engine.client.mget

    def other(**what):
        answer = real(**what).body
        answer["docs"][0]["_source"]["version"] += 1
        return answer

    monkeypatch.setattr(engine.client, "mget", other)
    with pytest.raises(CannotWork, match="没有切换"):
        engine.rebuild(documents(7))


def test_a_document_that_the_mapping_refuses_is_told_and_the_others_are_there(engine):
    bad = doc("bad", "坏", numbers={Unknown.FIELD: 1.0})
    refused = engine.put([doc("a", "好"), bad, doc("b", "好")])
    assert [(r.key, r.version) for r in refused] == [("bad", 1)]
    assert "strict_dynamic_mapping_exception" in refused[0].reason
    assert keys(engine, "好") == ["a", "b"]
    made = engine.rebuild([doc("a", "好"), bad])
    assert (made.count, [r.key for r in made.refused]) == (1, ["bad"])


def test_a_late_writer_never_overwrites_after_a_delete(engine):
    engine.put([doc("a", version=5)])
    engine.delete([gone("a", 7)])
    engine.put([doc("a", version=6)])
    assert keys(engine) == []


def test_paging_beyond_ten_thousand(engine):
    engine.rebuild(doc(f"{n:05}", "扩产") for n in range(10_500))
    seen, after = 0, None
    while True:
        page = engine.search(Query(words="扩产", limit=1000, after=after))
        assert page.total == 10_500
        seen += len(page.hits)
        if page.next is None:
            break
        after = page.next
    assert seen == 10_500
