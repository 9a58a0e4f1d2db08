"""The bundle by itself: its bytes, its references, its strings, its versions, and what went wrong elsewhere with such files."""

import json
import re

import pytest

from index.kibana.bundle import bundle, ndjson, read_ndjson
from index.kibana.saved import CORE_VERSION
from index.kibana.sources import read_sources
from tests.kibana.samples import NAMES, data, objects

# By hand, so that a change of the program's own table is seen here.
DECLARED = {"index-pattern": "8.0.0", "tag": "8.0.0", "search": "10.5.0", "lens": "8.9.0", "dashboard": "10.2.0"}

# Attributes that each type must have, and those that it may have (search forbids all others).
MUST = {
    "index-pattern": {"title", "name", "fieldAttrs", "fieldFormatMap", "runtimeFieldMap", "sourceFilters"},
    "tag": {"name", "description", "color"},
    "search": {"title", "description", "columns", "sort", "grid", "hideChart", "isTextBasedQuery", "usesAdHocDataView", "kibanaSavedObjectMeta", "timeRestore"},
    "lens": {"title", "description", "visualizationType", "state"},
    "dashboard": {"title", "description", "panelsJSON", "optionsJSON", "kibanaSavedObjectMeta", "timeRestore", "timeFrom", "timeTo", "refreshInterval",
                  "controlGroupInput", "version"},
}
MAY = {
    "index-pattern": {"timeFieldName", "allowNoIndex"}, "tag": set(), "lens": set(), "dashboard": set(),
    "search": {"timeRange", "refreshInterval", "rowHeight", "rowsPerPage", "headerRowHeight", "sampleSize", "breakdownField", "viewMode", "density"},
}
# Paths of JSON inside strings → what must be in it.
STRINGS = {
    "index-pattern": {("fieldAttrs",): dict, ("fieldFormatMap",): dict, ("runtimeFieldMap",): dict, ("sourceFilters",): list},
    "search": {("kibanaSavedObjectMeta", "searchSourceJSON"): dict},
    "dashboard": {("panelsJSON",): list, ("optionsJSON",): dict, ("kibanaSavedObjectMeta", "searchSourceJSON"): dict,
                  ("controlGroupInput", "panelsJSON"): dict, ("controlGroupInput", "ignoreParentSettingsJSON"): dict},
}


@pytest.fixture(scope="module")
def lines():
    return read_ndjson(data())


def inner(one):
    """The JSON strings of an object, decoded."""
    for path, kind in STRINGS.get(one["type"], {}).items():
        value = one["attributes"]
        for step in path:
            value = value[step]
        yield path, value, kind


def panels(lines):
    for one in lines:
        if one["type"] == "dashboard":
            for panel in json.loads(one["attributes"]["panelsJSON"]):
                yield one, panel


def all_keys(value):
    if isinstance(value, dict):
        for name, below in value.items():
            yield name
            yield from all_keys(below)
    elif isinstance(value, list):
        for below in value:
            yield from all_keys(below)


def names_wanted(one):
    """All reference names that the texts of an object ask for."""
    attributes = one["attributes"]
    if one["type"] == "search":
        yield json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["indexRefName"]
    elif one["type"] == "lens":
        yield from (f"indexpattern-datasource-layer-{layer}" for layer in attributes["state"]["datasourceStates"]["formBased"]["layers"])
    elif one["type"] == "dashboard":
        for panel in json.loads(attributes["panelsJSON"]):
            key, config = panel["panelIndex"], panel["embeddableConfig"]
            if "panelRefName" in panel:
                yield f"{key}:{panel['panelRefName']}"
            for event in config.get("enhancements", {}).get("dynamicActions", {}).get("events", []):
                yield f"{key}:drilldown:DASHBOARD_TO_DASHBOARD_DRILLDOWN:{event['eventId']}:dashboardId"
            for link in config.get("attributes", {}).get("links", []):
                yield f"{key}:{link['destinationRefName']}"
        for key, control in json.loads(attributes["controlGroupInput"]["panelsJSON"]).items():
            if control["type"] == "optionsListControl":
                yield f"controlGroup_{key}:optionsListDataView"


def test_made_twice_it_is_the_same_bytes():
    assert data() == ndjson(bundle(NAMES, sources=read_sources()))


def test_what_the_issue_asks_for_is_in_it(lines):
    titles = {(one["type"], one["attributes"].get("title") or one["attributes"]["name"]) for one in lines}
    for title in ("今日新线索", "甲级线索", "选址未定", "我的产业 · 综合科", "产能转移与搬迁", "本周升降", "坏消息", "采集异常", "搜索全部"):
        assert ("search", title) in titles
    for title in ("招商线索总览", "产业链", "外迁动向", "来源与采集"):
        assert ("dashboard", title) in titles
    views = {one["attributes"]["title"] for one in lines if one["type"] == "index-pattern"}
    assert {f"qingbao-{name}" for name in ("prospects", "signals", "adverse", "articles", "companies", "runs", "sources")} <= views


def test_every_title_is_chinese(lines):
    for one in lines:
        assert re.search("[一-鿿]", one["attributes"].get("name") or one["attributes"]["title"]), one["id"]


# 1 and 2: "more recent version of Kibana"; no version, so that old migrations run
def test_every_line_declares_the_oldest_shape(lines):
    for one in lines:
        assert one["typeMigrationVersion"] == DECLARED[one["type"]]
        assert one["coreMigrationVersion"] == CORE_VERSION == "8.8.0"
        assert set(one) == {"type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion"}


# 3: missing references; 7: a drilldown to a dashboard that is not there
def test_every_reference_is_in_the_file_and_every_name_is_wanted(lines):
    there = {(one["type"], one["id"]) for one in lines}
    for one in lines:
        names = [reference["name"] for reference in one["references"]]
        assert len(names) == len(set(names))
        assert {(r["type"], r["id"]) for r in one["references"]} <= there, one["id"]
        tags = {name for name in names if name.startswith("tag-ref-")}
        assert set(names) - tags == set(names_wanted(one)), one["id"]
        assert tags == (set() if one["type"] == "tag" else {"tag-ref-qb-tag"})


def test_referred_objects_have_the_type_that_is_meant(lines):
    for one, panel in panels(lines):
        if "panelRefName" in panel:
            wanted = next(r for r in one["references"] if r["name"] == f"{panel['panelIndex']}:{panel['panelRefName']}")
            assert wanted["type"] == panel["type"]


# 4: the id of a data view inside a string besides the reference
def test_no_id_stands_in_a_string_besides_its_reference(lines):
    for one in lines:
        text = json.dumps(one["attributes"], ensure_ascii=False)
        assert "qb-view-" not in text
        for _, value, _ in inner(one):
            assert not {"index", "indexPatternId", "dataViewId", "dashboardId", "savedObjectId"} & set(all_keys(json.loads(value)))


# 5: hybrid panels; 8: panels without type
def test_panels_are_by_reference_or_by_value_and_never_both(lines):
    for one, panel in panels(lines):
        config = panel["embeddableConfig"]
        assert panel["type"] in {"lens", "search", "visualization", "links"}
        if panel["type"] in {"lens", "search"}:
            assert set(config) <= {"title", "enhancements", "hidePanelTitles"}
            assert set(panel) == {"type", "panelIndex", "gridData", "panelRefName", "embeddableConfig"}
        else:
            assert "panelRefName" not in panel, one["id"]


# 6
def test_links_panels_have_no_enhancements(lines):
    found = [panel for _, panel in panels(lines) if panel["type"] == "links"]
    assert found
    for panel in found:
        assert set(panel["embeddableConfig"]) == {"attributes"}


# 8: missing attributes and columns
def test_every_attribute_that_must_be_there_is_there_and_no_other(lines):
    for one in lines:
        assert MUST[one["type"]] <= set(one["attributes"]) <= MUST[one["type"]] | MAY[one["type"]], one["id"]


# 9: not one object a line
def test_one_compact_object_a_line():
    text = data().decode()
    assert not text.endswith("\n")
    for line in text.split("\n"):
        one = json.loads(line)
        assert isinstance(one, dict)
        assert line == json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "\\u" not in re.sub(r"\\\\u", "", text)
    assert "\r" not in text


# 10: double or missing encoding of strings
def test_json_inside_strings_is_encoded_once(lines):
    seen = 0
    for one in lines:
        for path, value, kind in inner(one):
            assert isinstance(value, str), (one["id"], path)
            assert isinstance(json.loads(value), kind), (one["id"], path)
            assert json.dumps(json.loads(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == value
            seen += 1
    assert seen > 60


# 11
def test_no_object_twice(lines):
    assert len({(one["type"], one["id"]) for one in lines}) == len(lines)


# 12: proxy limits
def test_it_passes_a_proxy():
    assert len(data()) < 1_000_000


# 14
def test_no_panel_of_esql(lines):
    for one in lines:
        if one["type"] == "lens":
            assert set(one["attributes"]["state"]["datasourceStates"]) == {"formBased"}
        if one["type"] == "search":
            assert one["attributes"]["isTextBasedQuery"] is False


# 15: passes the import and breaks when opened
def test_every_column_that_a_chart_names_is_there(lines):
    seen = set()
    for one in lines:
        if one["type"] != "lens":
            continue
        state = one["attributes"]["state"]
        ((name, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
        order, columns = layer["columnOrder"], layer["columns"]
        assert sorted(order) == sorted(columns)
        assert [columns[key]["isBucketed"] for key in order] == sorted((columns[key]["isBucketed"] for key in order), reverse=True)
        for key in order:
            by = columns[key].get("params", {}).get("orderBy", {})
            assert by.get("columnId", order[0]) in columns
        named = set(_accessors(state["visualization"]))
        assert named == set(order), one["id"]
        assert set(_layers(state["visualization"])) == {name}
        assert (state["filters"], state["internalReferences"], state["adHocDataViews"]) == ([], [], {})
        seen.add(one["attributes"]["visualizationType"])
    assert seen == {"lnsXY", "lnsDatatable", "lnsPie", "lnsMetric", "lnsHeatmap"}


def _accessors(look):
    for one in [look, *look.get("layers", [])]:
        for key, value in one.items():
            if key.endswith("Accessor"):
                yield value
            elif key in {"accessors", "primaryGroups", "metrics"}:
                yield from value
            elif key == "columns":
                yield from (column["columnId"] for column in value)


def _layers(look):
    return [one["layerId"] for one in [look, *look.get("layers", [])] if "layerId" in one]


def test_the_grid_has_no_overlaps_and_no_holes_to_the_right(lines):
    for one in lines:
        if one["type"] != "dashboard":
            continue
        taken = set()
        for panel in json.loads(one["attributes"]["panelsJSON"]):
            grid = panel["gridData"]
            assert grid["i"] == panel["panelIndex"]
            cells = {(x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])}
            assert not cells & taken, (one["id"], panel["panelIndex"])
            assert grid["x"] + grid["w"] <= 48
            taken |= cells
        assert len(taken) == 48 * (1 + max(y for _, y in taken)), one["id"]


def test_every_dashboard_has_its_own_time_range_and_controls_in_order(lines):
    for one in lines:
        if one["type"] == "dashboard":
            attributes = one["attributes"]
            assert (attributes["timeRestore"], attributes["timeTo"]) == (True, "now")
            controls = json.loads(attributes["controlGroupInput"]["panelsJSON"])
            assert [control["order"] for control in controls.values()] == list(range(len(controls)))
            assert all(control["explicitInput"]["id"] == key for key, control in controls.items())
            assert [c["type"] for c in controls.values()][-1] == "timeSlider"
    overview = next(one for one in lines if one["id"] == "qb-board-overview")
    fields = [c["explicitInput"].get("fieldName") for c in json.loads(overview["attributes"]["controlGroupInput"]["panelsJSON"]).values()]
    assert fields == ["park", "industry", "unit", "site", None]


def test_a_search_over_a_time_has_its_own_range_and_the_search_of_everything_has_none(lines):
    """Kibana's fifteen minutes would show nothing; a company of which there is no news has no day at all."""
    timed = {one["id"] for one in lines if one["type"] == "index-pattern" and "timeFieldName" in one["attributes"]}
    assert "qb-view-everything" not in timed
    for one in lines:
        if one["type"] == "search":
            view = next(r["id"] for r in one["references"] if r["type"] == "index-pattern")
            assert one["attributes"]["timeRestore"] == ("timeRange" in one["attributes"]) == (view in timed), one["id"]


def test_the_help_says_what_staff_need(lines):
    (help_,) = [panel for _, panel in panels(lines) if panel["type"] == "visualization"]
    text = help_["embeddableConfig"]["savedVis"]["params"]["markdown"]
    for words in ("引号", "`and`", "匹配度", "意向", "可信度", "清单", "打开原文"):
        if words != "`and`":
            assert words in text
    assert "and" in text


def test_slugs_are_shown_by_their_names(lines):
    view = next(one for one in lines if one["id"] == "qb-view-prospects")
    formats = json.loads(view["attributes"]["fieldFormatMap"])
    assert formats["unit"]["params"]["lookupEntries"] == [{"key": "zhuangbei", "value": "招商一局(智能装备)"}, {"key": "zonghe", "value": "综合科"}]
    assert formats["url"]["params"]["urlTemplate"] == "{{rawValue}}"
    assert formats["amount_wan"] == {"id": "number", "params": {"pattern": "0,0.[00]"}}


def test_names_with_marks_stay_inside_their_strings():
    named = bundle(type(NAMES)(parks={"yl": '"}\\n{{'}, units={"zb": 'A"B\\\n<script>'}, sources={}))
    lines = read_ndjson(ndjson(named))
    assert len(lines) == len(named)
    for one in lines:
        for _, value, kind in inner(one):
            assert isinstance(json.loads(value), kind)


def test_another_prefix_changes_the_data_views_alone():
    changed = [a.id for a, b in zip(objects(), bundle(NAMES, prefix="park2"), strict=True) if a != b]
    assert changed == [one.id for one in objects() if one.type == "index-pattern"]
