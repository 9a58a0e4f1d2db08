"""Leaves: one source as data, in the catalogue (one YAML file each) or under ``own:`` in an instance's sources.yaml."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from qingbao.model import Source, Trust
from qingbao.yaml_lines import KeyPath, Located, read_yaml, validate

# The classes in spiders/families; a test compares the two.
FAMILIES = ("trs", "querylist", "feed", "generic")


class Leaf(BaseModel):
    """The keys of a leaf; ``model.Source`` explains each."""

    model_config = ConfigDict(extra="forbid")

    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    family: str
    start: list[str] = Field(min_length=1)
    hosts: list[str] = Field(default_factory=list)
    region: str | None = None
    kind: str = "news"
    trust: Trust = Trust.MEDIA
    at_least: int = Field(default=1, ge=0)
    max_pages: int = Field(default=5, ge=1, le=200)
    rhythm: Literal["hourly", "daily", "weekly", "monthly"] = "daily"
    delay: float | None = Field(default=None, ge=0)
    terms_checked_on: date | None = None
    checked_note: str | None = None
    enabled: bool = True
    options: dict[str, str | int | float | bool] = Field(default_factory=dict)

    @field_validator("family")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in FAMILIES:
            raise ValueError(f"不认识的平台类型“{value}”，应为其中之一：{'、'.join(FAMILIES)}")
        return value

    @field_validator("start")
    @classmethod
    def _urls(cls, value: list[str]) -> list[str]:
        for url in value:
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError(f"“{url}”不是网址，应以 http:// 或 https:// 开头")
        return value

    def source(self) -> Source:
        """The leaf as the value that flows."""
        hosts = list(self.hosts) or [urlsplit(url).netloc.lower() for url in self.start]
        data = self.model_dump(exclude={"start", "hosts", "options"})
        options = {key: str(value) for key, value in self.options.items()}
        return Source(**data, start=tuple(self.start), hosts=tuple(dict.fromkeys(hosts)), options=options)


def read_leaf(located: Located, data: Any = None, at: KeyPath = ()) -> tuple[Source | None, list[str]]:
    """One leaf from a document (or from the part ``data`` of it that stands at key ``at``), with its mistakes."""
    leaf, problems = validate(Leaf, located, data, at)
    return (leaf.source() if leaf else None), problems


def read_catalogue(folder: Path) -> tuple[dict[str, Source], list[str]]:
    """All leaves of a catalogue folder by slug, with the mistakes of all files."""
    sources: dict[str, Source] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        located, wrong = read_yaml(path)
        problems += wrong
        if located is None:
            continue
        source, wrong = read_leaf(located)
        problems += wrong
        if source is None:
            continue
        if source.slug != path.stem:
            problems.append(located.problem(("slug",), f"应与文件名相同（{path.stem}）"))
        sources[source.slug] = source
    return sources, problems
