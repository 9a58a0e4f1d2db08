"""Sites on loopback, an instance that names them, and the crawl as the child process that it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from records import open_records
from records.values import SourceResult
from tests.spiders.site import Site

ROOT = Path(__file__).resolve().parents[2]
PARK = {
    "slug": "qinghe", "name": "云岭经济技术开发区", "province": "四川省", "city": "云岭市", "own_places": ["云岭市"],
    "industries": [{"name": "电机", "text": "电机、减速器、控制器及其零部件的研发和生产，服务机器人和新能源汽车两个方向的整机企业"}],
}
UNIT = {"slug": "office", "name": "投资促进局", "recipients": ["a@qinghe.test"], "default": True}


@dataclass
class Crawled:
    """What a crawl left: exit code, its progress lines, its sources' results."""

    code: int
    lines: list[dict[str, Any]]
    results: dict[str, SourceResult]

    def outcomes(self, outcome: str) -> list[str]:
        return [line["url"] for line in self.lines if line.get("outcome") == outcome]


class Instance:
    """An instance folder; ``leaf`` adds a source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.leaves: list[dict[str, Any]] = []
        self.cap = 500
        (folder / "parks").mkdir(parents=True)
        (folder / "parks" / "qinghe.yaml").write_text(yaml.safe_dump(PARK, allow_unicode=True), "utf-8")

    def leaf(self, slug: str, start: str | list[str], **more: Any) -> None:
        self.leaves.append({"slug": slug, "name": f"示例来源{slug}", "family": "generic", "start": [start] if isinstance(start, str) else start, "delay": 0, **more})

    def write(self) -> None:
        crawl = {"contact": "云岭招商 mailto:bot@qinghe.gov.test", "daily_cap": self.cap}
        (self.folder / "qingbao.yaml").write_text(yaml.safe_dump({"crawl": crawl, "units": [UNIT]}, allow_unicode=True), "utf-8")
        (self.folder / "sources.yaml").write_text(yaml.safe_dump({"own": self.leaves}, allow_unicode=True), "utf-8")

    def command(self, run: str, *more: str) -> list[str]:
        self.write()
        return [sys.executable, "-m", "spiders.crawl", "--instance", str(self.folder), "--run", run, *more]

    def crawl(self, run: str = "r1", *more: str, env: dict[str, str] | None = None) -> Crawled:
        done = subprocess.run(self.command(run, *more), cwd=ROOT, capture_output=True, text=True, timeout=600, env={**os.environ, **(env or {})}, check=False)
        lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        noise = [line for line in done.stderr.splitlines() if not line.startswith("{")]
        assert not noise, done.stderr
        results = {}
        if (self.folder / "data" / "records.db").exists():
            with self.records() as records:
                results = {result.slug: result for result in records.source_results(run)}
        return Crawled(done.returncode, lines, results)

    def records(self) -> Any:
        return open_records(self.folder / "data" / "records.db")

    @property
    def archive(self) -> Path:
        return self.folder / "data" / "archive"

    def log(self, run: str = "r1") -> str:
        return (self.folder / "data" / "logs" / f"crawl-{run}.log").read_text("utf-8")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as one:
        yield one


@pytest.fixture
def new_site() -> Iterator[Callable[[], Site]]:
    sites: list[Site] = []

    def make() -> Site:
        sites.append(Site().__enter__())
        return sites[-1]

    yield make
    for one in sites:
        one.__exit__(None, None, None)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "instance")
