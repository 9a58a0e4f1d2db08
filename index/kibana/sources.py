"""The source files of the bundle, read strictly: an unknown key is an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, TypeVar

import yaml

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A data view. ``index``: names without prefix; ``formats`` by field, see ``index.kibana.views``."""

    name: str
    title: str
    index: list[str]
    labels: dict[str, str]
    formats: dict[str, dict[str, Any]]
    hidden: list[str]
    time: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A saved search. ``each``: one for each of these, ``{slug}`` and ``{name}`` filled in; ``since``: its own time range."""

    name: str
    title: str
    about: str
    view: str
    query: str
    columns: list[str]
    sort: list[list[str]]
    each: str | None = None
    since: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart. ``look`` (``as`` in the file): metric, table, donut, heatmap or a kind of bars; ``by``: what it is divided by; ``values``: what is counted."""

    name: str
    title: str
    view: str
    look: str
    query: str
    values: list[dict[str, Any]]
    about: str = ""
    by: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A dashboard with its controls and panels; ``since``: the time range with which it opens."""

    name: str
    title: str
    about: str
    since: str
    controls: list[dict[str, Any]]
    panels: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All source files, by name."""

    views: dict[str, View]
    searches: dict[str, Search]
    charts: dict[str, Chart]
    boards: dict[str, Board]
    usage: str


def read_sources() -> Sources:
    """All source files, in the order of their names."""
    return Sources(
        views=_all(View, "views"), searches=_all(Search, "searches"), charts=_all(Chart, "charts"), boards=_all(Board, "dashboards"),
        usage=(resources.files("index.kibana") / "objects" / "usage.md").read_text("utf-8"),
    )


def _all(what: Callable[..., T], folder: str) -> dict[str, T]:
    files = (file for file in (resources.files("index.kibana") / "objects" / folder).iterdir() if file.name.endswith(".yaml"))
    found = {}
    for file in sorted(files, key=lambda file: file.name):
        facts = yaml.safe_load(file.read_text("utf-8"))
        if "as" in facts:
            facts["look"] = facts.pop("as")
        name = file.name.removesuffix(".yaml")
        found[name] = what(name=name, **facts)
    return found
