"""A query of the contract as Elasticsearch's, an answer as the contract's, a document as Elasticsearch's. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from index.cut import BREAK, clauses, phrases, words
from index.highlight import Phrase, excerpt, mark
from index.search import FACET_VALUES, WRONG_AFTER, Document, Found, Hit, Kind, Label, Number, Query, Sort, check
from qingbao.errors import UsageError

# As for the embedded engine (index/embedded_query.py).
_WEIGHTS = {"search_title": 10.0, "search_names": 10.0, "search_text": 1.0}

# More than a phrase in a title scores by BM25 (at most 10 × 2.2 × ln of the number of documents: 250 with 100,000).
_NAME_BONUS = 300.0

_ORDER: dict[Sort, dict[str, Any]] = {
    Sort.RELEVANCE: {"_score": {"order": "desc"}},
    Sort.NEWEST: {"day": {"order": "desc", "missing": "_last"}},
    Sort.OLDEST: {"day": {"order": "asc", "missing": "_last"}},
    Sort.AMOUNT: {Number.AMOUNT.value: {"order": "desc", "missing": "_last"}},
    Sort.PRIORITY: {Number.PRIORITY.value: {"order": "desc", "missing": "_last"}},
}


def search_body(query: Query) -> dict[str, Any]:
    """What to ask for ``query``. Raises UsageError where it asks for the impossible."""
    check(query)
    wanted = phrases(query.words)
    clauses = [_phrase(phrase) for phrase in wanted]
    sort = Sort.NEWEST if query.sort is Sort.RELEVANCE and not wanted else query.sort
    body: dict[str, Any] = {
        "query": {"bool": {"must": clauses, "filter": _filters(query)}},
        "sort": [_ORDER[sort], {"kind": "asc"}, {"id": "asc"}],
        "size": query.limit,
        "track_total_hits": True,
        "aggs": {
            label.value: {"terms": {"field": label.value, "size": FACET_VALUES, "order": [{"_count": "desc"}, {"_key": "asc"}]}}
            for label in query.facets
        },
    }
    if query.after is not None:
        body["search_after"] = _decode_after(query.after)
    return body


def read_answer(query: Query, answer: Mapping[str, Any]) -> Found:
    """The contract's answer."""
    wanted = phrases(query.words)
    rows = answer["hits"]["hits"]
    total = answer["hits"]["total"]["value"]
    facets = {
        label: tuple((bucket["key"], bucket["doc_count"]) for bucket in answer["aggregations"][label.value]["buckets"])
        for label in query.facets
    }
    # A full page may be the last one: then the next page is empty.
    following = _encode_after(rows[-1]["sort"]) if len(rows) == query.limit and len(rows) < total else None
    return Found(total=total, hits=tuple(_hit(row, wanted) for row in rows), next=following, facets=facets)


def source(document: Document) -> dict[str, Any]:
    """The document as Elasticsearch keeps it."""
    names = (document.title, *document.names)
    return {
        "id": document.key, "kind": document.kind.value, "version": document.version, "title": document.title, "names": list(document.names),
        "url": document.url, "day": document.day and _moment(document.day), "listed": document.listed and _moment(document.listed),
        "headline": document.headline, "quote": document.quote,
        "body": base64.b64encode(zlib.compress(document.text.encode(), 1)).decode(),
        **{label.value: list(values) for label, values in document.labels.items()},
        **{number.value: value for number, value in document.numbers.items()},
        "search_title": clauses(document.title), "search_names": [part for name in document.names for part in clauses(name)],
        "search_text": clauses(document.text), "search_exact": [" ".join(word for word in words(name) if word != BREAK) for name in names],
    }


def _phrase(phrase: Phrase) -> dict[str, Any]:
    asked = " ".join(phrase)
    matches = [{"match_phrase": {name: {"query": asked, "boost": boost}}} for name, boost in _WEIGHTS.items()]
    # The best field counts: summed up, an article that says a company's name in title and text stood above the company (relevance.tsv, 华东电缆).
    best = {"dis_max": {"queries": matches, "tie_breaker": 0.1}}
    # A document whose very name is asked for stands first; by BM25 alone the shorter title of an article did (relevance.tsv, 岭南动力).
    named = {"constant_score": {"filter": {"term": {"search_exact": asked}}, "boost": _NAME_BONUS}}
    return {"bool": {"must": best, "should": named}}


def _filters(query: Query) -> list[dict[str, Any]]:
    filters: list[dict[str, Any]] = [{"terms": {"kind": [kind.value for kind in query.kinds]}}]
    filters += [{"terms": {label.value: list(values)}} for label, values in query.labels.items()]
    filters += [{"range": {number.value: _between(low, high)}} for number, (low, high) in query.numbers.items()]
    if query.days != (None, None):
        first, last = (day and _moment(day) for day in query.days)
        filters.append({"range": {"day": _between(first, last)}})
    return filters


def _between(low: Any, high: Any) -> dict[str, Any]:
    return {name: value for name, value in (("gte", low), ("lte", high)) if value is not None}


def _moment(day: date) -> str:
    """A day's beginning in Shanghai: without the zone it would be 08:00 there."""
    return f"{day.isoformat()}T00:00:00+08:00"


def _hit(row: Mapping[str, Any], wanted: Sequence[Phrase]) -> Hit:
    kept = row["_source"]
    names = [named for name in kept.get("names", []) if (named := mark(name, wanted)).spans] if wanted else []
    return Hit(
        kind=Kind(kept["kind"]), key=kept["id"], score=row.get("_score") or 0.0, title=mark(kept["title"], wanted),
        name=max(names, key=lambda name: sum(b - a for a, b in name.spans), default=None),
        excerpt=excerpt(zlib.decompress(base64.b64decode(kept["body"])).decode(), wanted),
        url=kept.get("url"), day=date.fromisoformat(kept["day"][:10]) if kept.get("day") else None,
        labels={label: tuple(kept[label.value]) for label in Label if label.value in kept},
        numbers={number: kept[number.value] for number in Number if number.value in kept},
    )


def _encode_after(sort: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(sort).encode()).decode()


def _decode_after(after: str) -> list[Any]:
    try:
        sort = json.loads(base64.urlsafe_b64decode(after.encode()))
    except (ValueError, binascii.Error) as error:
        raise UsageError(WRONG_AFTER) from error
    if not isinstance(sort, list) or len(sort) != 3:
        raise UsageError(WRONG_AFTER)
    return sort
