"""What the objects of a bundle use of the indices, and whether it is there: read from the finished objects, not from their sources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.kibana.fields import DATE, NUMBER, WORD, Field
from index.kibana.kql import fields, parse
from index.kibana.saved import SavedObject

SHOW, FIND, SORT, COUNT, TIME, SUM = "显示", "查询", "排序", "分组", "时间", "计算"


@dataclass(frozen=True, slots=True)
class Use:
    """A field that an object uses: in which data view, for what."""

    title: str  # of the object
    view: str  # its id
    field: str
    need: str


def uses(objects: Sequence[SavedObject]) -> Iterator[Use]:
    """Every field in every column, query, sort, filter, Lens column, control and label."""
    for one in objects:
        title = str(one.attributes.get("title") or one.attributes.get("name"))
        match one.type:
            case "index-pattern":
                yield from _of_view(one)
            case "search":
                view = _views(one)[0]
                source = json.loads(one.attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
                yield from _of_query(title, view, source["query"]["query"])
                yield from (Use(title, view, name, SHOW) for name in one.attributes["columns"])
                yield from (Use(title, view, name, SORT) for name, _ in one.attributes["sort"])
            case "lens":
                yield from _of_lens(title, _views(one)[0], one.attributes["state"])
            case "dashboard":
                yield from _of_controls(title, one)


def missing(objects: Sequence[SavedObject], known: Mapping[str, Mapping[str, Field]]) -> list[str]:
    """Chinese sentences about what is not there or of the wrong kind. ``known``: data view id → its fields."""
    problems: dict[str, None] = {}
    for use in uses(objects):
        found = known[use.view].get(use.field)
        if found is None:
            problems[f"“{use.title}”用到字段 {use.field}（{use.need}），索引中没有"] = None
        elif not _fits(found, use.need):
            problems[f"“{use.title}”用到字段 {use.field}（{use.need}），其类型不能这样用"] = None
    return list(problems)


def _fits(found: Field, need: str) -> bool:
    return {
        SHOW: True, FIND: found.found, SORT: found.counted, COUNT: found.counted and found.kind == WORD, TIME: found.counted and found.kind == DATE,
        SUM: found.counted and found.kind == NUMBER,
    }[need]


def _views(one: SavedObject) -> list[str]:
    return [reference.id for reference in one.references if reference.type == "index-pattern"]


def _of_view(one: SavedObject) -> Iterator[Use]:
    title = one.attributes["name"]
    named = [*json.loads(one.attributes["fieldAttrs"]), *json.loads(one.attributes["fieldFormatMap"])]
    named += [hidden["value"] for hidden in json.loads(one.attributes["sourceFilters"])]
    yield from (Use(title, one.id, name, SHOW) for name in named)
    if "timeFieldName" in one.attributes:
        yield Use(title, one.id, one.attributes["timeFieldName"], TIME)


def _of_query(title: str, view: str, query: str) -> Iterator[Use]:
    yield from (Use(title, view, name, FIND) for name in fields(parse(query)))


def _of_lens(title: str, view: str, state: Mapping[str, Any]) -> Iterator[Use]:
    yield from _of_query(title, view, state["query"]["query"])
    needs = {"terms": COUNT, "date_histogram": TIME, "unique_count": COUNT}
    for layer in state["datasourceStates"]["formBased"]["layers"].values():
        for column in layer["columns"].values():
            if column["sourceField"] != "___records___":
                yield Use(title, view, column["sourceField"], needs.get(column["operationType"], SUM))
            if "filter" in column:
                yield from _of_query(title, view, column["filter"]["query"])


def _of_controls(title: str, one: SavedObject) -> Iterator[Use]:
    where = {reference.name: reference.id for reference in one.references}
    for key, control in json.loads(one.attributes["controlGroupInput"]["panelsJSON"]).items():
        if control["type"] == "optionsListControl":
            yield Use(title, where[f"controlGroup_{key}:optionsListDataView"], control["explicitInput"]["fieldName"], COUNT)


