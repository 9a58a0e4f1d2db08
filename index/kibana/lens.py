"""Charts as Lens objects: one layer, buckets first, then what is counted."""

from __future__ import annotations

from typing import Any

from index.kibana.saved import Reference, SavedObject, kql, tagged, view_id
from index.kibana.sources import Chart

LAYER = "layer1"
_TYPES = {"metric": "lnsMetric", "table": "lnsDatatable", "donut": "lnsPie", "heatmap": "lnsHeatmap"}
_WORDS = {"max": "最大", "sum": "合计", "average": "平均"}


def chart_id(name: str) -> str:
    """The id of a chart."""
    return f"qb-lens-{name}"


def lens(chart: Chart) -> SavedObject:
    """The Lens object of a chart, over a stored data view."""
    buckets = [f"by{number}" for number in range(len(chart.by))]
    values = [f"value{number}" for number in range(len(chart.values))]
    columns = {name: _bucket(facts) for name, facts in zip(buckets, chart.by, strict=True)}
    columns |= {name: _value(facts) for name, facts in zip(values, chart.values, strict=True)}
    layer = {"columnOrder": buckets + values, "columns": columns, "incompleteColumns": {}, "sampling": 1}
    return SavedObject(
        type="lens", id=chart_id(chart.name),
        attributes={
            "title": chart.title, "description": chart.about, "visualizationType": _TYPES.get(chart.look, "lnsXY"),
            "state": {
                "datasourceStates": {"formBased": {"layers": {LAYER: layer}}}, "visualization": _look(chart, buckets, values), "query": kql(chart.query),
                "filters": [], "internalReferences": [], "adHocDataViews": {},
            },
        },
        references=(Reference(f"indexpattern-datasource-layer-{LAYER}", "index-pattern", view_id(chart.view)), tagged()),
    )


def _bucket(facts: dict[str, Any]) -> dict[str, Any]:
    if "dates" in facts:
        return {
            "label": "日期", "customLabel": True, "dataType": "date", "isBucketed": True, "operationType": "date_histogram", "sourceField": facts["dates"],
            "scale": "interval", "params": {"interval": facts["step"], "includeEmptyRows": False, "dropPartials": False},
        }
    # ``first``: by the first value, largest first; ``name``: by the value itself.
    order: dict[str, Any] = {"type": "alphabetical", "fallback": False} if facts.get("order") == "name" else {"type": "column", "columnId": "value0"}
    return {
        "label": _LABELS[facts["terms"]], "customLabel": True, "dataType": "string", "isBucketed": True, "operationType": "terms", "sourceField": facts["terms"],
        "scale": "ordinal", "params": {
            "size": facts["size"], "orderBy": order, "orderDirection": "asc" if facts.get("order") == "name" else "desc", "otherBucket": False,
            "missingBucket": False, "parentFormat": {"id": "terms"},
        },
    }


def _value(facts: dict[str, Any]) -> dict[str, Any]:
    column: dict[str, Any] = {"dataType": "number", "isBucketed": False, "scale": "ratio", "customLabel": True}
    if "count" in facts:
        column |= {"label": facts["count"], "operationType": "count", "sourceField": "___records___", "params": {"emptyAsNull": False}}
    else:
        operation = next(name for name in _WORDS if name in facts)
        decimals = {"params": {"format": {"id": "number", "params": {"decimals": 0}}, "emptyAsNull": True}}
        column |= {"label": facts["label"], "operationType": operation, "sourceField": facts[operation], **decimals}
    if "where" in facts:
        column["filter"] = kql(facts["where"])
    return column


def _look(chart: Chart, buckets: list[str], values: list[str]) -> dict[str, Any]:
    layer = {"layerId": LAYER, "layerType": "data"}
    match chart.look:
        case "metric":
            return layer | {"metricAccessor": values[0]}
        case "table":
            columns: list[dict[str, Any]] = [{"columnId": name} for name in buckets] + [{"columnId": name, "alignment": "right"} for name in values]
            return layer | {"columns": columns, "sorting": {"columnId": values[0], "direction": "desc"}, "paging": {"size": 20, "enabled": True}}
        case "donut":
            return {"shape": "donut", "layers": [layer | {
                "primaryGroups": buckets, "metrics": values, "numberDisplay": "value", "categoryDisplay": "default", "legendDisplay": "default",
                "nestedLegend": False,
            }]}
        case "heatmap":
            return layer | {
                "shape": "heatmap", "xAccessor": buckets[0], "yAccessor": buckets[1], "valueAccessor": values[0],
                "legend": {"isVisible": True, "position": "right", "type": "heatmap_legend"},
                "gridConfig": {"type": "heatmap_grid", "isCellLabelVisible": True, "isYAxisLabelVisible": True, "isXAxisLabelVisible": True,
                               "isYAxisTitleVisible": False, "isXAxisTitleVisible": False},
            }
    series = layer | {"seriesType": chart.look, "xAccessor": buckets[0], "accessors": values}
    if len(buckets) > 1:
        series["splitAccessor"] = buckets[1]
    return {"preferredSeriesType": chart.look, "legend": {"isVisible": True, "position": "right"}, "valueLabels": "hide", "layers": [series]}


# What a bucket is called on an axis and in a table's head.
_LABELS = {
    "tier": "等级", "industry": "产业", "site": "选址", "stage": "阶段", "unit": "单位", "title": "企业", "link": "链环节", "action": "补链作用", "origin": "迁出地",
    "destination": "目的地", "event": "动向", "source": "来源", "state": "状态", "adverse": "坏消息",
}
