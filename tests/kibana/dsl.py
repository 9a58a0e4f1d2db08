"""What Kibana sends: KQL as query DSL, time ranges, Lens layers as aggregations. Written after the rules of @kbn/es-query, for these tests."""

import json

from index.kibana.kql import All, Both, Compare, Either, Is, Not, parse

ZONE = "Asia/Shanghai"


def query(text, mapping):
    """The DSL of a KQL query over fields of these types."""
    return clause(parse(text), mapping)


def clause(node, mapping):
    """The DSL of a part of a query."""
    match node:
        case All():
            return {"match_all": {}}
        case Both(parts):
            return {"bool": {"filter": [clause(part, mapping) for part in parts]}}
        case Either(parts):
            return {"bool": {"should": [clause(part, mapping) for part in parts], "minimum_should_match": 1}}
        case Not(part):
            return {"bool": {"must_not": clause(part, mapping)}}
        case Compare(field, sign, value):
            zone = {"time_zone": ZONE} if mapping[field]["type"] == "date" else {}
            return _should({"range": {field: {sign: value} | zone}})
        case Is(None, value, quoted):
            how = {"type": "phrase"} if quoted else {"type": "best_fields"}
            return {"multi_match": {"query": value, "lenient": True} | how}
        case Is(field, "*", False):
            return _should({"exists": {"field": field}})
        case Is(field, value, quoted):
            kind = mapping[field]["type"]
            if not quoted and "*" in value:
                return _should({"wildcard": {field: value}} if kind == "keyword" else {"query_string": {"fields": [field], "query": value}})
            if kind == "keyword":
                return _should({"term": {field: value}})
            return _should({"match_phrase" if quoted else "match": {field: value}})
    raise AssertionError(node)


def _should(one):
    return {"bool": {"should": [one], "minimum_should_match": 1}}


def with_time(asked, field, since):
    """A query and the time picker's range; the picker sends moments, which date maths with the zone makes here."""
    if field is None or since is None:
        return asked
    return {"bool": {"filter": [asked, {"range": {field: {"gte": since, "lte": "now", "time_zone": ZONE, "format": "strict_date_optional_time"}}}]}}


def aggregations(layer, mapping):
    """The aggregations of a Lens layer, nested as its columns stand."""
    buckets = [key for key in layer["columnOrder"] if layer["columns"][key]["isBucketed"]]
    metrics = [key for key in layer["columnOrder"] if key not in buckets]
    inner = {key: agg for key in metrics if (agg := _metric(layer["columns"][key], mapping)) is not None}
    for key in reversed(buckets):
        column = layer["columns"][key]
        inner = {key: _bucket(column, layer["columns"]) | ({"aggs": _sorted_by(column, layer, mapping) | inner} if inner or _sorted_by(column, layer, mapping) else {})}
    return inner


def _metric(column, mapping):
    kind, field = column["operationType"], column["sourceField"]
    agg = None if kind == "count" else {{"average": "avg", "unique_count": "cardinality"}.get(kind, kind): {"field": field}}
    if "filter" not in column:
        return agg
    filtered = {"filter": query(column["filter"]["query"], mapping)}
    return filtered | ({"aggs": {"inner": agg}} if agg else {})


def _bucket(column, columns):
    if column["operationType"] == "date_histogram":
        return {"date_histogram": {"field": column["sourceField"], "calendar_interval": f"1{column['params']['interval']}", "time_zone": ZONE, "min_doc_count": 1}}
    params, order = column["params"], {"_key": column["params"]["orderDirection"]}
    if params["orderBy"]["type"] == "column":
        by = params["orderBy"]["columnId"]
        plain_count = columns[by]["operationType"] == "count" and "filter" not in columns[by]
        order = {"_count" if plain_count else by: params["orderDirection"]}
    return {"terms": {"field": column["sourceField"], "size": params["size"], "order": order, "shard_size": 10_000}}


def _sorted_by(column, layer, mapping):
    """The metric that a terms bucket is ordered by stands beside it on every level."""
    order = column.get("params", {}).get("orderBy", {})
    agg = _metric(layer["columns"][order["columnId"]], mapping) if order.get("type") == "column" else None
    return {order["columnId"]: agg} if agg else {}


def rows(layer, answer):
    """The answer as a table: bucket keys → metrics, in the columns' order."""
    buckets = [key for key in layer["columnOrder"] if layer["columns"][key]["isBucketed"]]
    metrics = {key: layer["columns"][key] for key in layer["columnOrder"] if key not in buckets}

    def below(part, left, path):
        if left:
            for bucket in part[left[0]]["buckets"]:
                key = bucket["key_as_string"][:10] if "key_as_string" in bucket else bucket["key"]
                yield from below(bucket, left[1:], (*path, key))
        else:
            yield path, tuple(_value(part, key, column) for key, column in metrics.items())

    whole = answer.get("aggregations", {})
    return dict(below(whole | {"doc_count": answer["hits"]["total"]["value"]}, buckets, ()))


def _value(part, key, column):
    if column["operationType"] == "count":
        return part[key]["doc_count"] if "filter" in column else part["doc_count"]
    return part[key]["inner"]["value"] if "filter" in column else part[key]["value"]


def layer_of(lens):
    """The one layer of a Lens object."""
    (layer,) = lens.attributes["state"]["datasourceStates"]["formBased"]["layers"].values()
    return layer


def kql_of(search):
    """The query of a saved search."""
    return json.loads(search.attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"]
