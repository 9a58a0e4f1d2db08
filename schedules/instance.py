"""An opened instance: configuration, records and the clock that every job is given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from qingbao import clock as clocks
from qingbao.clock import Clock, shanghai_day
from qingbao.config import Config, load
from qingbao.errors import CannotWork, UsageError
from qingbao.model import Park, Source

if TYPE_CHECKING:
    from records.store import Records

MANUAL_SLUG = "manual"  # entries made by staff: qingbao add


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What a job stands on."""

    config: Config
    records: Records
    clock: Clock
    as_of: date | None = None  # the day to judge from, where it is not the clock's

    @property
    def today(self) -> date:
        """The day in Shanghai, or the day asked for with --as-of."""
        return self.as_of or shanghai_day(self.clock())

    @property
    def parks(self) -> Sequence[Park]:
        """The parks of the instance."""
        return self.config.parks

    def source_names(self) -> dict[str, str]:
        """Slug → name as staff know it."""
        return {source.slug: source.name for source in self.config.sources} | {MANUAL_SLUG: "人工录入"}

    def source(self, slug: str | None) -> Source | None:
        """The source of a slug, if the instance still has it."""
        return next((source for source in self.config.sources if source.slug == slug), None)


def instance_folder(given: Path | None) -> Path:
    """The folder named by --instance or by QINGBAO_INSTANCE. Raises ``UsageError`` if neither is there."""
    folder = given or (Path(os.environ["QINGBAO_INSTANCE"]) if os.environ.get("QINGBAO_INSTANCE") else None)
    if folder is None:
        raise UsageError("请用 --instance 目录 指明实例，或设置环境变量 QINGBAO_INSTANCE。新建实例：qingbao init 目录")
    return folder


def prepare_data(config: Config) -> None:
    """Make the data folders and be sure that they can be written. Raises ``CannotWork``."""
    try:
        for name in ("", "archive", "models", "logs", "out"):
            (config.data_dir / name).mkdir(parents=True, exist_ok=True)
        probe = config.data_dir / f".write-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotWork(f"无法写入数据目录 {config.data_dir}：{error.strerror or error}。请检查权限和磁盘空间。") from error


def learn_places(parks: Sequence[Park]) -> None:
    """Let a county or zone that no table knows be read as a place, where it is a park's own; once a process."""
    from qingbao.places import learn

    for park in parks:
        learn(park.province, park.city, park.own_places)


@contextmanager
def opened(folder: Path, *, clock: Clock = clocks.now, as_of: date | None = None) -> Iterator[Instance]:
    """Load the configuration and open the records."""
    config = load(folder)
    prepare_data(config)
    learn_places(config.parks)
    from records import open_records

    with open_records(config.records_url, clock=clock) as records:
        yield Instance(config=config, records=records, clock=clock, as_of=as_of)
