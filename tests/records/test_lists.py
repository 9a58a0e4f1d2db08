"""Lists with their history."""

from datetime import date

from records.values import ListRow

JAN, FEB, MAR = (date(2026, month, 1) for month in (1, 2, 3))


def names(rows):
    return [(row.list_name, row.name) for row in rows]


def test_rows_hold_from_a_day_until_they_are_gone(records):
    assert records.replace_list("targets", "五百强", [ListRow(name="乙", year=2025), ListRow(name="甲")], JAN) == 2
    assert records.replace_list("targets", "五百强", [ListRow(name="甲"), ListRow(name="丙")], FEB) == 2
    assert names(records.list_rows("targets")) == [("五百强", "甲"), ("五百强", "丙")]
    assert names(records.list_rows("targets", on=date(2026, 1, 15))) == [("五百强", "乙"), ("五百强", "甲")]
    assert names(records.list_rows("targets", on=FEB)) == [("五百强", "甲"), ("五百强", "丙")]
    assert records.list_rows("targets", on=date(2025, 12, 31)) == []
    assert records.list_rows("residents") == []


def test_a_changed_row_is_a_new_one_and_the_same_file_changes_nothing(records):
    row = ListRow(name="甲", stock_code="000001", since=date(2025, 5, 1), unit="招商一局")
    records.replace_list("talks", "在谈", [row, row], JAN)
    assert records.replace_list("talks", "在谈", [row], FEB) == 0
    assert records.list_rows("talks")[0].since == date(2025, 5, 1)
    assert records.replace_list("talks", "在谈", [ListRow(name="甲")], MAR) == 2
    assert [r.stock_code for r in records.list_rows("talks", on=FEB)] == ["000001"]
    assert [r.stock_code for r in records.list_rows("talks")] == [None]


def test_a_file_that_is_gone(records):
    for name in ("b", "a"):
        records.replace_list("watch", name, [ListRow(name="甲")], JAN)
    assert records.list_names("watch") == ["a", "b"]
    records.replace_list("watch", "b", [], FEB)
    assert records.list_names("watch") == ["a"]
    assert names(records.list_rows("watch")) == [("a", "甲")]
