"""Every field that an object uses is in the mapping and good for it; a field taken away is seen, wherever it is used."""

import dataclasses
import json

import pytest

from index.elastic_mapping import properties
from index.kibana.check import COUNT, FIND, SHOW, SORT, SUM, TIME, missing, uses
from index.kibana.fields import DATE, NUMBER, WORD, Field, fields_of, told_by_server
from index.kibana.sources import read_sources
from index.ledger import Ledger
from tests.kibana.samples import objects


def known():
    return {f"qb-view-{name}": fields_of(view.index[0]) for name, view in read_sources().views.items()}


def test_all_fields_are_in_the_mapping_with_a_fitting_type():
    assert missing(objects(), known()) == []


def test_all_uses_are_looked_at():
    found = list(uses(objects()))
    assert {use.need for use in found} == {SHOW, FIND, SORT, COUNT, TIME, SUM}
    assert {use.view for use in found} == set(known())
    assert len(found) > 300


@pytest.mark.parametrize("use", sorted({(use.view, use.field) for use in uses(objects())}), ids=str)
def test_a_field_that_is_gone_is_told(use):
    view, name = use
    without = known()
    del without[view][name]
    assert any(name in sentence for sentence in missing(objects(), without))


@pytest.mark.parametrize(
    ("view", "name", "field"),
    [
        ("qb-view-prospects", "tier", Field(WORD, True, False)),  # counted by
        ("qb-view-prospects", "priority", Field(WORD, True, True)),  # a maximum of it is shown
        ("qb-view-prospects", "day", Field(WORD, True, True)),  # the time
        ("qb-view-prospects", "sheet", Field(WORD, False, True)),  # in a query
        ("qb-view-sources", "failures", Field(NUMBER, True, False)),  # sorted by
        ("qb-view-ranks", "day", Field(NUMBER, True, True)),
    ],
)
def test_a_field_of_another_kind_is_told(view, name, field):
    changed = known()
    changed[view][name] = field
    assert any(name in sentence for sentence in missing(objects(), changed))


def test_every_field_has_a_chinese_label_or_is_hidden():
    for name, view in read_sources().views.items():
        assert set(view.labels) | set(view.hidden) == set(fields_of(view.index[0])), name
        assert not set(view.labels) & set(view.hidden)
        assert set(view.formats) <= set(view.labels)


def test_a_view_over_several_indices_is_of_one_mapping():
    for view in read_sources().views.values():
        assert len({json.dumps({name: dataclasses.astuple(facts) for name, facts in fields_of(index).items()}, sort_keys=True) for index in view.index}) == 1


def test_kinds_of_our_mapping():
    found = fields_of("prospects")
    assert set(found) == set(properties())
    assert (found["day"].kind, found["priority"].kind, found["tier"].kind) == (DATE, NUMBER, WORD)
    assert found["url"] == Field(WORD, False, False)
    assert not found["body"].counted
    assert not found["search_text"].counted
    assert found["search_text"].found
    assert {index for view in read_sources().views.values() for index in view.index} == {"prospects", "articles", "companies", *(k.value for k in Ledger)}


def test_what_the_server_tells():
    keyword = {"type": "keyword", "searchable": True, "aggregatable": True, "metadata_field": False}
    answer = {"fields": {
        "tier": {"keyword": keyword}, "_id": {"_id": keyword | {"metadata_field": True}},
        "rank": {"long": keyword | {"type": "long"}, "unmapped": {"type": "unmapped", "searchable": False, "aggregatable": False}},
        "two": {"keyword": keyword, "date": keyword | {"type": "date"}},
    }}
    told = told_by_server(answer)
    assert told == {"tier": Field(WORD, True, True), "rank": Field(NUMBER, True, True), "two": Field("other", False, False)}
