"""A saved object and its references: the outer frame that all kinds share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

# The oldest shapes that 8.19 knows: newer releases migrate upward, nothing migrates downward.
VERSIONS = {
    "index-pattern": "8.0.0", "tag": "8.0.0", "search": "10.5.0", "lens": "8.9.0", "dashboard": "10.2.0",
}
CORE_VERSION = "8.8.0"

TAG = "qb-tag"


@dataclass(frozen=True, slots=True)
class Reference:
    """What an object points to: the name is by what its text means it."""

    name: str
    type: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedObject:
    """An object of a type with an id that never changes."""

    type: str
    id: str
    attributes: dict[str, Any]
    references: tuple[Reference, ...] = ()


def saved(one: SavedObject) -> dict[str, Any]:
    """The object as Kibana reads it."""
    return {
        "type": one.type, "id": one.id, "attributes": one.attributes, "coreMigrationVersion": CORE_VERSION, "typeMigrationVersion": VERSIONS[one.type],
        "references": [{"name": r.name, "type": r.type, "id": r.id} for r in one.references],
    }


def packed(value: Any) -> str:
    """JSON inside a string, as several attributes want it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def kql(text: str) -> dict[str, str]:
    """A query in Kibana's own language."""
    return {"query": text, "language": "kuery"}


def tagged() -> Reference:
    """The reference by which an object bears our tag."""
    return Reference(f"tag-ref-{TAG}", "tag", TAG)


def view_id(name: str) -> str:
    """The id of a data view."""
    return f"qb-view-{name}"
