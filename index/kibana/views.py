"""Data views, saved searches and the tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.kibana.saved import TAG, Reference, SavedObject, kql, packed, tagged, view_id
from index.kibana.sources import Search, View

if TYPE_CHECKING:
    from index.kibana.bundle import Names

SEARCH_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"


def tag() -> SavedObject:
    """The tag that all our objects bear."""
    return SavedObject(type="tag", id=TAG, attributes={"name": "招商情报", "description": "由 qingbao kibana import 写入；改动会在下次导入时被覆盖", "color": "#006bb4"})


def view(one: View, names: Names, prefix: str) -> SavedObject:
    """A data view with Chinese labels and formats; technical fields are hidden in Discover. It may exist before its index does."""
    attributes: dict[str, Any] = {
        "title": ",".join(f"{prefix}-{index}" for index in one.index),
        "name": one.title,
        "allowNoIndex": True,
        "fieldAttrs": packed({name: {"customLabel": label} for name, label in one.labels.items()}),
        "fieldFormatMap": packed({name: _format(facts, names) for name, facts in one.formats.items()}),
        "runtimeFieldMap": "{}",
        "sourceFilters": packed([{"value": name} for name in one.hidden]),
    }
    if one.time is not None:
        attributes["timeFieldName"] = one.time
    return SavedObject(type="index-pattern", id=view_id(one.name), attributes=attributes, references=(tagged(),))


def _format(facts: dict[str, Any], names: Names) -> dict[str, Any]:
    ((kind, value),) = facts.items()
    match kind:
        case "number" | "date":
            return {"id": kind, "params": {"pattern": value}}
        case "link":
            return {"id": "url", "params": {"type": "a", "urlTemplate": "{{rawValue}}", "labelTemplate": value, "openLinkInCurrentTab": False}}
        case "words" | "names":
            words = names.of(value) if kind == "names" else value
            return {"id": "static_lookup", "params": {"lookupEntries": [{"key": key, "value": word} for key, word in sorted(words.items())],
                                                      "unknownKeyValue": None}}
        case "colors":
            return {"id": "color", "params": {"fieldType": "string", "colors": [
                {"regex": f"^{word}$", "range": "-Infinity:Infinity", "boolean": "true", "text": color, "background": "#ffffff"}
                for word, color in value.items()
            ]}}
    raise ValueError(f"unknown format {kind}")


def saved_search(one: Search, names: Names) -> list[SavedObject]:
    """A saved search, or one for each unit; with columns, sort and grid always: without them an import passes and breaks later."""
    if one.each is None:
        return [_search(one, f"qb-search-{one.name}", one.title, one.about, one.query)]
    return [
        _search(one, f"qb-search-{one.name}-{slug}", one.title.format(name=name), one.about.format(name=name), one.query.format(slug=slug))
        for slug, name in names.of(one.each).items()
    ]


def _search(one: Search, identity: str, title: str, about: str, query: str) -> SavedObject:
    source = {"query": kql(query), "filter": [], "indexRefName": SEARCH_INDEX}
    attributes: dict[str, Any] = {
        "title": title, "description": about, "columns": one.columns, "sort": one.sort, "grid": {"columns": {name: {"width": width} for name in one.columns
                                                                                                         if (width := _WIDTHS.get(name))}},
        "hideChart": True, "isTextBasedQuery": False, "usesAdHocDataView": False, "kibanaSavedObjectMeta": {"searchSourceJSON": packed(source)},
        "rowHeight": 2, "rowsPerPage": 50, "timeRestore": one.since is not None,
    }
    if one.since is not None:
        attributes["timeRange"] = {"from": one.since, "to": "now"}
    return SavedObject(type="search", id=identity, attributes=attributes, references=(Reference(SEARCH_INDEX, "index-pattern", view_id(one.view)), tagged()))


# Pixels; all others share what is left.
_WIDTHS = {"tier": 60, "priority": 80, "rank": 70, "rise": 110, "url": 90, "site": 90, "amount_wan": 110, "title": 220, "company_name": 220, "headline": 320,
           "quote": 420, "message": 420}
