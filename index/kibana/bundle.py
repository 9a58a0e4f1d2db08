"""The saved objects of the bundle as lines of NDJSON, the same bytes for the same instance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from index.kibana.boards import board
from index.kibana.lens import lens
from index.kibana.saved import SavedObject, saved
from index.kibana.sources import Sources, read_sources
from index.kibana.views import saved_search, tag, view


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What slugs are called, as staff know it: shown instead of the slug wherever it stands."""

    parks: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def of(self, what: str) -> Mapping[str, str]:
        """The names of ``parks``, ``units`` or ``sources``."""
        return {"parks": self.parks, "units": self.units, "sources": self.sources}[what]


def bundle(names: Names, *, prefix: str = "qingbao", sources: Sources | None = None) -> list[SavedObject]:
    """All objects, those that are referred to first."""
    read = sources or read_sources()
    objects = [tag()]
    objects += [view(one, names, prefix) for one in read.views.values()]
    for search in read.searches.values():
        objects += saved_search(search, names)
    objects += [lens(chart) for chart in read.charts.values()]
    objects += [board(one, read) for one in read.boards.values()]
    return objects


def ndjson(objects: list[SavedObject]) -> bytes:
    """One compact object a line, no empty line, no newline at the end, as Kibana exports them."""
    return "\n".join(json.dumps(saved(one), ensure_ascii=False, sort_keys=True, separators=(",", ":")) for one in objects).encode()


def read_ndjson(data: bytes) -> list[dict[str, Any]]:
    """The objects of a file."""
    return [json.loads(line) for line in data.decode().split("\n") if line.strip()]
