"""Elasticsearch indices: their names, what is in them, how text is analysed. Pure; names are built and parsed here alone."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from index.cut import cut_version
from index.search import Kind, Label, Number
from qingbao.keys import content_hash

# Bumped when a field or an analyzer changes. The nightly run then refuses to feed, ``index rebuild`` fills new indices from the records
# beside the old ones and switches the aliases; searches go on meanwhile.
MAPPING_VERSION = 2

_PLURAL = {Kind.ARTICLE: "articles", Kind.COMPANY: "companies", Kind.PROSPECT: "prospects"}

# Pairs of characters and the single ones; a query of one part is a phrase of pairs, a single character stands for itself (measured right
# on all cases of the relevance set, where words cut by a dictionary miss names). Only filters that a server without plugins has.
_ANALYSIS = {
    "filter": {
        "zh_pairs": {"type": "shingle", "min_shingle_size": 2, "max_shingle_size": 2, "token_separator": "", "output_unigrams": True},
        "zh_pairs_query": {
            "type": "shingle", "min_shingle_size": 2, "max_shingle_size": 2, "token_separator": "", "output_unigrams": False,
            "output_unigrams_if_no_shingles": True,
        },
    },
    "analyzer": {
        "zh_index": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "zh_pairs"]},
        "zh_query": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "zh_pairs_query"]},
    },
}

_KEYWORD = {"type": "keyword", "ignore_above": 1000}
_SHOWN = {"type": "keyword", "index": False, "doc_values": False}  # only to look at
_TEXT = {"type": "text", "analyzer": "zh_index", "search_analyzer": "zh_query", "position_increment_gap": 100}

# Values are clauses (``index.cut.clauses``), so that no phrase reaches over an end.
# Not in ``_source``: people see titles, quotes and excerpts, the full text is there to be searched. ``body`` holds it compressed for the
# excerpts that this program makes.
SEARCHED = ("search_title", "search_names", "search_text")
ID_BYTES = 512  # the server's limit
EXACT = "search_exact"  # title and names as a whole, every word apart


def alias(prefix: str, kind: Kind) -> str:
    """The name under which a kind is read and written."""
    return f"{prefix}-{_PLURAL[kind]}"


def state_index(prefix: str) -> str:
    """The index of one document that says what the others were made by."""
    return f"{prefix}-state"


def index_name(prefix: str, kind: Kind, moment: datetime) -> str:
    """A new index behind the alias: qingbao-articles-v2-20261125t023000123456."""
    return f"{alias(prefix, kind)}-v{MAPPING_VERSION}-{moment:%Y%m%dt%H%M%S%f}"


def is_ours(prefix: str, kind: Kind, name: str) -> bool:
    """Whether ``index_name`` of any version made this name."""
    return re.fullmatch(rf"{re.escape(alias(prefix, kind))}-v\d+-\d{{8}}t\d{{12}}", name) is not None


def document_id(key: str) -> str:
    """The server's id of a document; of a long URL its hash, since one id too long makes the server refuse the whole request."""
    body = key.encode()
    return key if len(body) <= ID_BYTES else f"hash:{content_hash(body)}"


def made_by() -> str:
    """What indices are made by: mapping and cutting. Indices made by something else are to be rebuilt."""
    return f"{MAPPING_VERSION}.{cut_version()}"


def template(prefix: str, kind: Kind) -> dict[str, Any]:
    """The composable template of a kind's indices."""
    return {
        "index_patterns": [f"{alias(prefix, kind)}-v*"],
        "priority": 500,
        "template": {
            "settings": {
                "number_of_shards": 1, "number_of_replicas": 0, "auto_expand_replicas": "0-1", "analysis": _ANALYSIS,
                # A document deleted under an external version is remembered so long: an older writer cannot bring it back (60 s by default).
                "gc_deletes": "7d",
                "query.default_field": ["title", *SEARCHED],
            },
            "mappings": {"dynamic": "strict", "_source": {"excludes": [*SEARCHED, EXACT]}, "properties": properties()},
        },
        "_meta": {"made_by": made_by()},
    }


def properties() -> dict[str, Any]:
    """The fields of all kinds."""
    return {
        "id": {"type": "keyword"},
        "kind": {"type": "keyword"},
        "version": {"type": "long"},
        "title": {"type": "keyword", "ignore_above": 1000},
        "names": _KEYWORD,
        "url": _SHOWN,
        "day": {"type": "date"},
        "listed": {"type": "date"},
        "headline": _SHOWN,
        "quote": _SHOWN,
        "body": {"type": "binary"},
        **{label.value: _KEYWORD for label in Label},
        **{number.value: {"type": "double"} for number in Number},
        **dict.fromkeys(SEARCHED, _TEXT),
        EXACT: {"type": "keyword", "ignore_above": 1000},
    }


