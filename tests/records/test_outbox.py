"""What waits for the search side."""

from records.outbox import note_changes
from records.values import DeadLetter


def note(records, *keys, action="put", kind="article"):
    with records._writing() as connection:
        note_changes(connection, kind, keys, action, records._clock())


def test_a_document_waits_once_under_its_newest_number(records):
    note(records, "a", "b", "a")
    first = records.outbox()
    assert [(row.key, row.action) for row in first] == [("a", "put"), ("b", "put")]
    note(records, "a", action="delete")
    second = records.outbox()
    assert [(row.key, row.action) for row in second] == [("b", "put"), ("a", "delete")]
    assert second[1].version > max(row.version for row in first)
    assert records.outbox_size() == 2
    note(records, "a", kind="company")
    assert records.outbox_size() == 3


def test_what_changed_since_it_was_taken_stays(records):
    note(records, "a", "b")
    taken = records.outbox()
    note(records, "a")
    records.ack_outbox([row.seq for row in taken])
    assert [row.key for row in records.outbox()] == ["a"]


def test_numbers_grow_after_the_outbox_was_emptied(records):
    note(records, "a")
    (before,) = records.outbox()
    records.ack_outbox([before.seq])
    note(records, "a")
    (after,) = records.outbox()
    assert after.version > before.version


def test_the_oldest_come_first_a_limited_number_at_a_time(records):
    note(records, *(f"{n:04}" for n in range(1500)))
    assert [row.key for row in records.outbox(2)] == ["0000", "0001"]
    records.ack_outbox([row.seq for row in records.outbox(1499)])
    assert [row.key for row in records.outbox()] == ["1499"]


def letter(key, version, reason="mapping"):
    return DeadLetter(kind="article", key=key, version=version, reason=reason)


def test_what_was_refused_is_kept_with_its_reason_until_it_is_taken(records, clock):
    note(records, "a", "b")
    rows = records.outbox()
    records.ack_outbox([row.seq for row in rows], [letter("b", rows[1].version)])
    (kept,) = records.dead_letters()
    assert (kept.key, kept.reason, kept.at) == ("b", "mapping", clock())
    note(records, "b")
    (row,) = records.outbox()
    records.ack_outbox([row.seq], [letter("b", row.version, "again")])
    assert [kept.reason for kept in records.dead_letters()] == ["again"]
    assert records.retry_dead_letters() == 1
    assert records.dead_letters() == []
    (row,) = records.outbox()
    assert row.key == "b"
    records.ack_outbox([row.seq])
    assert records.dead_letters() == []
    assert records.retry_dead_letters() == 0


def test_a_document_that_is_taken_later_is_dead_no_more(records):
    note(records, "a")
    (row,) = records.outbox()
    records.ack_outbox([row.seq], [letter("a", row.version)])
    note(records, "a")
    (row,) = records.outbox()
    records.ack_outbox([row.seq])
    assert records.dead_letters() == []
