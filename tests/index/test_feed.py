"""From the records into an engine: nothing lost, nothing doubled, whatever happens in between."""

import pytest

from index import embedded
from index.embedded import EmbeddedSearch
from index.feed import BATCH, feed, find, rebuild
from index.search import Kind, Query, Refused
from qingbao.errors import CannotWork
from records import open_records
from records.values import Settlement
from tests.index.samples import keys
from tests.records.samples import company, company_text, page, prospect, reading, signal, url


@pytest.fixture
def records(tmp_path):
    with open_records(tmp_path / "records.db") as opened:
        yield opened


def read(records, number, text="云岭机电公司拟投资12亿元扩建电机产能。"):
    records.add_page(page(number))
    records.store_reading(f"p{number}.1", door="read", reader_version=1, reading=reading(number, text=text))


def settle(records, **more):
    settled = {"companies": (company(1, "云岭机电有限公司", "云机"),), "texts": (company_text(1),), "mentions": {signal(1).key: "c1"}}
    records.store_settlement(Settlement(**settled | more))


def match(records, *prospects):
    run = records.start_run("run")
    records.store_prospects("yl", run.id, run.started_at.date(), prospects)


def test_all_kinds_arrive_and_the_outbox_is_empty(records, engine):
    read(records, 1)
    settle(records)
    match(records, prospect(1, company="云岭机电有限公司"))
    assert feed(records, engine).put == 3
    assert engine.counts() == {Kind.ARTICLE: 1, Kind.COMPANY: 1, Kind.PROSPECT: 1}
    assert records.outbox_size() == 0
    assert [hit.kind for hit in engine.search(Query(words="云岭机电有限公司", kinds=(Kind.PROSPECT, Kind.COMPANY))).hits]
    assert keys(engine, "云机") == ["c1"]
    assert keys(engine, "减速器") == ["c1"]
    again = feed(records, engine)
    assert (again.put, again.deleted) == (0, 0)


def test_changes_and_removals_follow(records, engine):
    read(records, 1)
    settle(records)
    match(records, prospect(1))
    feed(records, engine)
    records.store_reading("p1.1", door="off topic", reader_version=2)
    settle(records, companies=(company(1, "云岭动力有限公司"),))
    match(records)
    fed = feed(records, engine)
    assert (fed.put, fed.deleted) == (1, 2)
    assert engine.counts() == {Kind.ARTICLE: 0, Kind.COMPANY: 1, Kind.PROSPECT: 0}
    assert keys(engine, "云岭动力") == ["c1"]
    assert keys(engine, "云机") == []


def test_more_changes_than_one_batch(records, engine):
    settle(records, companies=tuple(company(n) for n in range(2 * BATCH + 50)), texts=(), mentions={})
    assert feed(records, engine).put == 2 * BATCH + 50
    assert engine.counts()[Kind.COMPANY] == 2 * BATCH + 50


class Away(EmbeddedSearch):
    """An engine that is away at its n-th call of put."""

    left = 0

    def put(self, documents):
        if self.left == 0:
            raise CannotWork("搜索服务不可用")
        self.left -= 1
        return super().put(documents)


def test_an_engine_that_is_away_loses_nothing(records, tmp_path):
    engine = Away(tmp_path / "search.db")
    engine.rebuild([])
    settle(records, companies=tuple(company(n) for n in range(2 * BATCH + 50)), texts=(), mentions={})
    engine.left = 1
    with pytest.raises(CannotWork):
        feed(records, engine)
    assert records.outbox_size() == BATCH + 50
    engine.left = 9
    assert feed(records, engine).put == BATCH + 50
    assert engine.counts()[Kind.COMPANY] == 2 * BATCH + 50


def test_killed_between_commit_and_acknowledgement_doubles_nothing(records, engine, monkeypatch):
    read(records, 1)
    with monkeypatch.context() as patched:
        patched.setattr(records, "ack_outbox", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            feed(records, engine)
    assert records.outbox_size() == 1
    feed(records, engine)
    assert engine.counts()[Kind.ARTICLE] == 1
    assert records.outbox_size() == 0


def test_a_change_during_the_feeding_is_fed_too(records, engine, monkeypatch):
    read(records, 1)
    load = records.documents

    def changed_after_loading(kind, asked):
        loaded = load(kind, asked)
        monkeypatch.setattr(records, "documents", load)
        records.store_reading("p1.1", door="read", reader_version=2, reading=reading(1, text="改为建设减速器工厂"))
        return loaded

    monkeypatch.setattr(records, "documents", changed_after_loading)
    feed(records, engine)
    assert keys(engine, "减速器工厂") == [url(1)]
    assert records.outbox_size() == 0


def test_an_engine_that_lost_its_data_is_filled_from_the_records(records, tmp_path):
    engine = EmbeddedSearch(tmp_path / "search.db")
    read(records, 1)
    assert feed(records, engine).rebuilt == embedded.NEW
    read(records, 2)
    feed(records, engine)
    (tmp_path / "search.db").write_bytes(b"x" * 9000)
    fed = feed(records, EmbeddedSearch(tmp_path / "search.db"))
    assert (fed.put, fed.rebuilt) == (2, embedded.BROKEN)
    assert engine.counts()[Kind.ARTICLE] == 2
    assert feed(records, engine).rebuilt is None


def test_a_search_in_a_broken_file_answers_after_a_rebuild(records, tmp_path):
    engine = EmbeddedSearch(tmp_path / "search.db")
    read(records, 1)
    feed(records, engine)
    for end in ("-wal", "-shm"):
        (tmp_path / f"search.db{end}").unlink(missing_ok=True)
    (tmp_path / "search.db").write_bytes(b"x" * 9000)
    assert find(records, engine, Query(words="云岭机电")).total == 1


def test_a_rebuild_takes_what_changes_while_it_runs(records, engine, monkeypatch):
    for number in (1, 2):
        read(records, number)
    feed(records, engine)
    made = engine.rebuild

    def changed_meanwhile(documents):
        count = made(documents)
        records.store_reading("p1.1", door="read", reader_version=2, reading=reading(1, text="改为建设减速器工厂"))
        records.store_reading("p2.1", door="off topic", reader_version=2)
        return count

    monkeypatch.setattr(engine, "rebuild", changed_meanwhile)
    assert rebuild(records, engine).count == 2
    feed(records, engine)
    assert keys(engine) == [url(1)]
    assert keys(engine, "减速器工厂") == [url(1)]


def test_a_refused_document_is_a_dead_letter_and_the_others_arrive(records, engine, monkeypatch):
    for number in (1, 2):
        read(records, number)
    put = engine.put

    def picky(documents):
        bad = [d for d in documents if d.key == url(1)]
        put([d for d in documents if d not in bad])
        return [Refused(kind=d.kind, key=d.key, version=d.version, reason="mapping") for d in bad]

    with monkeypatch.context() as patched:
        patched.setattr(engine, "put", picky)
        assert [r.key for r in feed(records, engine).refused] == [url(1)]
    assert keys(engine) == [url(2)]
    assert [letter.key for letter in records.dead_letters()] == [url(1)]
    records.retry_dead_letters()
    feed(records, engine)
    assert sorted(keys(engine)) == [url(1), url(2)]
    assert records.dead_letters() == []


def test_a_rebuild_gives_refused_documents_another_chance(records, engine, monkeypatch):
    read(records, 1)
    letter = Refused(kind=Kind.ARTICLE, key=url(1), version=1, reason="mapping")
    with monkeypatch.context() as patched:
        patched.setattr(engine, "put", lambda _: [letter])
        feed(records, engine)
        assert [one.reason for one in records.dead_letters()] == ["mapping"]
    rebuild(records, engine)
    assert records.dead_letters() == []
    feed(records, engine)
    assert (keys(engine), records.outbox_size(), records.dead_letters()) == ([url(1)], 0, [])
