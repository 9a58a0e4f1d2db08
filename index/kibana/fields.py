"""Which fields stand behind a data view, and what each is good for: from our own mappings, or as the server tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.elastic_mapping import properties
from index.ledger import FIELDS, Ledger

DATE, NUMBER, WORD, OTHER = "date", "number", "word", "other"
_CLASSES = {"date": DATE, "long": NUMBER, "double": NUMBER, "integer": NUMBER, "float": NUMBER, "keyword": WORD}


@dataclass(frozen=True, slots=True)
class Field:
    """A field: ``kind`` is DATE, NUMBER, WORD or OTHER; ``found``: queries may name it; ``counted``: it can be sorted by and counted by."""

    kind: str
    found: bool
    counted: bool


def fields_of(index: str) -> dict[str, Field]:
    """The fields of one of our indices (its name without prefix), from the mapping that the program writes."""
    if index in set(Ledger):
        declared: Mapping[str, Mapping[str, Any]] = FIELDS[Ledger(index)]
        return {name: _field(facts) for name, facts in declared.items()} | {"written": Field(WORD, True, True)}
    return {name: _field(facts) for name, facts in properties().items()}


def told_by_server(capabilities: Mapping[str, Any]) -> dict[str, Field]:
    """The fields of an answer of ``_field_caps``; a field that has two types in two indices is OTHER and good for nothing."""
    found = {}
    for name, types in capabilities["fields"].items():
        real = {kind: facts for kind, facts in types.items() if kind != "unmapped" and not facts.get("metadata_field")}
        if len(real) == 1:
            ((kind, facts),) = real.items()
            found[name] = Field(_CLASSES.get(kind, OTHER), bool(facts["searchable"]), bool(facts["aggregatable"]))
        elif real:
            found[name] = Field(OTHER, False, False)
    return found


def _field(facts: Mapping[str, Any]) -> Field:
    kind = facts["type"]
    return Field(_CLASSES.get(kind, OTHER), facts.get("index", kind != "binary"), facts.get("doc_values", kind not in {"binary", "text"}))
