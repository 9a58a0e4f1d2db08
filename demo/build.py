"""The demo's instance folder: written from the template where it is missing, its site addresses refreshed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from demo.content import FOLDER

TEMPLATE = FOLDER / "instance"
MEMORY = "demo.json"  # beside qingbao.yaml: the day and the ports with which the instance was made
_PLACEHOLDER = re.compile(r"\{(base|host):(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMemory:
    """What a later run needs to serve the same pages at the same addresses."""

    day: date
    ports: Mapping[str, int]


def read_memory(folder: Path) -> DemoMemory | None:
    """The day and ports of an instance made before, or None. Pass them to ``sites.serve``, so that a second run sees known addresses."""
    file = folder / MEMORY
    if not file.exists():
        return None
    data = json.loads(file.read_text("utf-8"))
    return DemoMemory(day=date.fromisoformat(data["day"]), ports={site: int(port) for site, port in data["ports"].items()})


def fill_bases(text: str, bases: Mapping[str, str]) -> str:
    """Put the addresses of running sites into ``{base:SITE}`` (http://127.0.0.1:1234) and ``{host:SITE}`` (127.0.0.1:1234)."""
    return _PLACEHOLDER.sub(lambda match: bases[match[2]] if match[1] == "base" else bases[match[2]].split("//", 1)[1], text)


def move_addresses(text: str, before: Mapping[str, int], now: Mapping[str, int]) -> str:
    """Replace the ports of moved sites, all in one pass: two sites may have changed places."""
    moved = {str(port): str(now[site]) for site, port in before.items()}
    return re.sub(r"(?<=127\.0\.0\.1:)\d+", lambda match: moved.get(match[0], match[0]), text)


def write_instance(folder: Path, bases: Mapping[str, str], *, day: date | None = None) -> bool:
    """Write the demo instance into ``folder`` and say whether it was new.

    Files that exist are kept as the user left them; only the addresses in ``sources.yaml`` are put right where the sites moved. ``day`` (the day from which the pages' dates count back) is remembered with the ports.
    """
    new = not (folder / "qingbao.yaml").exists()
    before = read_memory(folder)
    ports = {site: int(base.rsplit(":", 1)[1]) for site, base in bases.items()}
    for file in sorted(path for path in TEMPLATE.rglob("*") if path.is_file()):
        target = folder / file.relative_to(TEMPLATE)
        if target.exists():
            if file.name == "sources.yaml" and before is not None and dict(before.ports) != ports:
                target.write_text(move_addresses(target.read_text("utf-8"), before.ports, ports), "utf-8")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".yaml":
            target.write_text(fill_bases(file.read_text("utf-8"), bases), "utf-8")
        else:
            shutil.copyfile(file, target)
    if before is None or dict(before.ports) != ports:
        remembered = day or (before.day if before else None)
        if remembered is None:
            raise ValueError("write_instance: a new instance needs the day of its pages")
        memory = {"day": remembered.isoformat(), "ports": ports}
        (folder / MEMORY).write_text(json.dumps(memory, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return new
