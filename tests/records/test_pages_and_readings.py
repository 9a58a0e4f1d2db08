"""Pages leave by their doors; a reading replaces what the URL had."""

import pytest

from records.values import Reading
from tests.records.samples import adverse, article, page, reading, relation, signal, url


def to_read(records, version, **more):
    return [row.key for row in records.pages_to_read(version, **more)]


def store(records, key, read=None, door=None, version=1):
    records.store_reading(key, door=door or ("read" if read else "too short"), reader_version=version, reading=read)


def changes(records):
    """What waits for the search side; taken."""
    rows = records.outbox()
    records.ack_outbox([row.seq for row in rows])
    return [(row.kind, row.key, row.action) for row in rows]


def test_a_page_is_kept_once(records):
    assert records.add_page(page(1))
    assert not records.add_page(page(1, offset=99))
    assert records.page("p1.1") == page(1)
    assert records.page_count() == records.page_count("r1") == 1


def test_pages_are_read_once_by_each_version_of_the_reader(records):
    for number in (3, 1, 2):
        records.add_page(page(number))
    assert to_read(records, 1) == ["p3.1", "p1.1", "p2.1"]
    store(records, "p1.1", reading(1))
    assert to_read(records, 1) == ["p3.1", "p2.1"]
    assert to_read(records, 2) == ["p3.1", "p1.1", "p2.1"]
    assert to_read(records, 1, everything=True) == ["p3.1", "p1.1", "p2.1"]


def test_pages_can_be_stored_while_they_are_listed(records):
    for number in range(450):
        records.add_page(page(number))
    seen = []
    for row in records.pages_to_read(1):
        store(records, row.key)
        seen.append(row.key)
    assert len(seen) == len(set(seen)) == 450


def test_pages_are_the_sum_of_the_doors(records):
    for number, door in enumerate(["read", "too short", "too short", "off topic"]):
        records.add_page(page(number, run_id="r2" if number else "r1"))
        store(records, f"p{number}.1", reading(number) if door == "read" else None, door)
    assert records.door_counts() == {"read": 1, "too short": 2, "off topic": 1}
    assert sum(records.door_counts("r2").values()) == records.page_count("r2") == 3
    store(records, "p1.1", reading(1), "read", version=2)
    assert sum(records.door_counts().values()) == records.page_count() == 4


def test_a_reading_of_an_unknown_page_is_a_mistake(records):
    with pytest.raises(KeyError):
        store(records, "p9.9", reading(9))


def test_a_reading_comes_back_whole(records):
    records.add_page(page(1))
    whole = reading(1, signal(1), signal(1, "岭南动力公司"), bad=(adverse(1),), related=(relation(1),))
    store(records, "p1.1", whole)
    (kept,) = records.readings()
    assert kept == Reading(
        article=article(1, page_key="p1.1"), signals=whole.signals, adverse=whole.adverse, relations=whole.relations
    )
    assert records.reading(url(1)) == kept
    assert records.article(url(1) + "#top") == kept.article
    assert list(records.articles()) == [kept.article]
    assert changes(records) == [("article", url(1), "put")]


def test_a_reread_replaces_signals_and_changes_no_document_that_reads_the_same(records):
    records.add_page(page(1))
    store(records, "p1.1", reading(1, signal(1), signal(1, "岭南动力公司"), bad=(adverse(1),)))
    changes(records)
    store(records, "p1.1", reading(1, signal(1), signal(1, "岭南动力公司"), bad=(adverse(1),), reader_version=2), version=2)
    assert changes(records) == []
    assert records.article(url(1)).reader_version == 2
    store(records, "p1.1", reading(1, signal(1, "岭南动力公司")), version=3)
    kept = records.reading(url(1))
    assert [s.mention for s in kept.signals] == ["岭南动力公司"]
    assert kept.adverse == ()
    assert changes(records) == [("article", url(1), "put")]


def test_two_equal_signals_of_an_article_are_one(records):
    records.add_page(page(1))
    store(records, "p1.1", reading(1, signal(1), signal(1)))
    assert records.reading(url(1)).signals == (signal(1),)


def test_a_page_that_gives_no_article_any_more_takes_it_away(records):
    records.add_page(page(1))
    store(records, "p1.1", reading(1))
    changes(records)
    store(records, "p1.1", version=2)
    assert list(records.readings()) == []
    assert changes(records) == [("article", url(1), "delete")]


def test_the_newest_page_of_an_url_holds_its_article(records):
    records.add_page(page(1, 1))
    records.add_page(page(1, 2))
    store(records, "p1.2", reading(1, text="新文本"))
    store(records, "p1.1", reading(1, text="旧文本"))
    assert records.article(url(1)).text == "新文本"
    assert records.door_counts() == {"read": 2}


def test_an_unreadable_newer_page_leaves_the_article(records):
    records.add_page(page(1, 1))
    store(records, "p1.1", reading(1, text="旧文本"))
    records.add_page(page(1, 2))
    store(records, "p1.2", door="block page")
    assert records.article(url(1)).text == "旧文本"


def test_when_the_newest_page_loses_its_article_the_older_one_is_read_again(records):
    for version, text in ((1, "旧文本"), (2, "新文本")):
        records.add_page(page(1, version))
        store(records, f"p1.{version}", reading(1, text=text))
    store(records, "p1.2", door="off topic", version=1)
    assert records.article(url(1)) is None
    assert to_read(records, 1) == ["p1.1"]
    store(records, "p1.1", reading(1, text="旧文本"))
    assert records.article(url(1)).text == "旧文本"


def test_readings_since_a_moment_go_by_day_of_publication_else_of_fetching(records, clock):
    known, fetched_late, old = article(1), article(2, published_at=None, fetched_at=clock()), article(3)
    for number, value in ((1, known), (2, fetched_late), (3, old)):
        records.add_page(page(number))
        store(records, f"p{number}.1", Reading(article=value))
    assert [a.url for a in records.articles(known.published_at)] == [url(1), url(2), url(3)]
    assert [r.article.url for r in records.readings(clock())] == [url(2)]


def test_many_readings_are_loaded_piece_by_piece(records):
    for number in range(450):
        records.add_page(page(number))
        store(records, f"p{number}.1", reading(number))
    found = [(r.article.url, r.signals[0].article_url) for r in records.readings()]
    assert len(set(found)) == 450
    assert all(a == b for a, b in found)


def test_pages_leave_the_archive_and_what_was_read_stays(records, clock):
    records.add_page(page(1))
    records.add_page(page(2, fetched_at=clock()))
    store(records, "p1.1", reading(1))
    assert [row.key for row in records.archive_pages(before=clock())] == ["p1.1"]
    assert [row.key for row in records.archive_pages(url=url(2))] == ["p2.1"]
    records.pages_removed(["p1.1"])
    assert to_read(records, 1, everything=True) == ["p2.1"]
    assert records.article(url(1)) is not None
    assert sum(records.door_counts().values()) == 1
    assert not records.add_page(page(1, warc_file="b.warc.gz", fetched_at=clock()))
    assert records.page("p1.1").warc_file == "b.warc.gz"
    assert to_read(records, 1, everything=True) == ["p1.1", "p2.1"]
