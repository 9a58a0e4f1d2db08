"""Dashboards: panels by reference, controls on top, a help panel, links between the boards, drill to the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.kibana.lens import chart_id
from index.kibana.saved import Reference, SavedObject, kql, packed, tagged, view_id
from index.kibana.sources import Board, Sources

DRILL = "drilldown:DASHBOARD_TO_DASHBOARD_DRILLDOWN"

Panel = tuple[dict[str, Any], list[Reference]]


def board_id(name: str) -> str:
    """The id of a dashboard."""
    return f"qb-board-{name}"


def board(one: Board, sources: Sources) -> SavedObject:
    """A dashboard; the time range with which it opens is its own, since Kibana's fifteen minutes would show nothing."""
    made = [_panel(f"p{number}", facts, sources) for number, facts in enumerate(one.panels)]
    controls, of_controls = _controls(one)
    return SavedObject(
        type="dashboard", id=board_id(one.name),
        attributes={
            "title": one.title, "description": one.about, "version": 1, "panelsJSON": packed([panel for panel, _ in made]),
            "optionsJSON": packed({"useMargins": True, "syncColors": True, "syncCursor": True, "syncTooltips": False, "hidePanelTitles": False}),
            "kibanaSavedObjectMeta": {"searchSourceJSON": packed({"query": kql(""), "filter": []})},
            "timeRestore": True, "timeFrom": one.since, "timeTo": "now", "refreshInterval": {"pause": True, "value": 0}, "controlGroupInput": controls,
        },
        references=(*(reference for _, references in made for reference in references), *of_controls, tagged()),
    )


def _panel(key: str, facts: dict[str, Any], sources: Sources) -> Panel:
    x, y, width, height = facts["at"]
    panel: dict[str, Any] = {"panelIndex": key, "gridData": {"i": key, "x": x, "y": y, "w": width, "h": height}}
    if "help" in facts:
        return panel | {"type": "visualization", "embeddableConfig": {"enhancements": {}, "savedVis": _markdown(sources.usage), "title": "使用说明"}}, []
    if "links" in facts:
        return _links(key, panel, facts["links"], sources)
    if "chart" in facts:
        kind, target, title = "lens", chart_id(facts["chart"]), sources.charts[facts["chart"]].title
    else:
        kind, target, title = "search", f"qb-search-{facts['search']}", sources.searches[facts["search"]].title
    references = [Reference(f"{key}:panel_{key}", kind, target)]
    enhancements: dict[str, Any] = {}
    if "to" in facts:
        enhancements = {"dynamicActions": {"events": [_drill()]}}
        references.append(Reference(f"{key}:{DRILL}:e1:dashboardId", "dashboard", board_id(facts["to"])))
    return panel | {"type": kind, "panelRefName": f"panel_{key}", "embeddableConfig": {"title": title, "enhancements": enhancements}}, references


def _drill() -> dict[str, Any]:
    config = {"useCurrentFilters": True, "useCurrentDateRange": True, "openInNewTab": False}
    return {"eventId": "e1", "triggers": ["FILTER_TRIGGER"],
            "action": {"factoryId": "DASHBOARD_TO_DASHBOARD_DRILLDOWN", "name": "看清单", "config": config}}


def _markdown(text: str) -> dict[str, Any]:
    return {
        "id": "", "type": "markdown", "title": "", "description": "", "uiState": {}, "params": {"fontSize": 12, "openLinksInNewTab": False, "markdown": text},
        "data": {"aggs": [], "searchSource": {"query": kql(""), "filter": []}},
    }


def _links(key: str, panel: dict[str, Any], names: list[str], sources: Sources) -> Panel:
    # No ``enhancements`` here: 9.4 refuses to save a links panel that has them.
    links, references = [], []
    for number, name in enumerate(names):
        where = f"link_l{number}_dashboard"
        links.append({"type": "dashboardLink", "id": f"l{number}", "order": number, "label": sources.boards[name].title, "destinationRefName": where})
        references.append(Reference(f"{key}:{where}", "dashboard", board_id(name)))
    return panel | {"type": "links", "embeddableConfig": {"attributes": {"layout": "horizontal", "links": links}}}, references


def _controls(one: Board) -> tuple[dict[str, Any], list[Reference]]:
    panels: dict[str, Any] = {}
    references: list[Reference] = []
    for number, (key, kind, facts, view) in enumerate(_control_facts(one)):
        panels[key] = {"type": kind, "order": number, "width": "medium", "grow": True, "explicitInput": {"id": key, "enhancements": {}, **facts}}
        if view is not None:
            references.append(Reference(f"controlGroup_{key}:optionsListDataView", "index-pattern", view_id(view)))
    ignore = {"ignoreFilters": False, "ignoreQuery": False, "ignoreTimerange": False, "ignoreValidations": False}
    group = {"chainingSystem": "HIERARCHICAL", "controlStyle": "oneLine", "showApplySelections": False, "ignoreParentSettingsJSON": packed(ignore),
             "panelsJSON": packed(panels)}
    return group, references


def _control_facts(one: Board) -> Iterator[tuple[str, str, dict[str, Any], str | None]]:
    for number, facts in enumerate(one.controls):
        if "slider" in facts:
            yield f"c{number}", "timeSlider", {"title": facts["title"]}, None
        else:
            yield f"c{number}", "optionsListControl", {
                "fieldName": facts["options"], "title": facts["title"], "searchTechnique": "wildcard", "selectedOptions": [], "singleSelect": False,
                "sort": {"by": "_count", "direction": "desc"},
            }, facts["view"]
