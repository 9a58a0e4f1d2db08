"""Reading archived pages in several processes, one transaction a page; ``reread`` is the same job over old pages."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qingbao.model import Park, Source
from records.values import PageRow
from schedules.instance import Instance, learn_places
from schedules.progress import Step, silent

if TYPE_CHECKING:
    from pipelines.read.reading import PageReading
    from pipelines.read.signals import NameLists

logger = logging.getLogger(__name__)

# Fewer pages than this are read faster here than two processes start.
ALONE = 12


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """Pages by door, and what a person should know."""

    doors: Counter[str] = field(default_factory=Counter)
    messages: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages were read."""
        return sum(self.doors.values())


class Reader:
    """What reading a page needs, loaded once a process."""

    def __init__(self, archive: Path, sources: Sequence[Source], lists: Sequence[Path], parks: Sequence[Park]) -> None:
        from pipelines.read.signals import NameLists

        learn_places(parks)
        self.archive = archive
        self.sources = {source.slug: source for source in sources}
        self.lists: NameLists = NameLists.load(lists)

    def read(self, row: PageRow) -> PageReading | None:
        """One page of the archive; None where its record is damaged and what was read of it before must stand."""
        from pipelines.archive import DamagedRecord, load
        from pipelines.read.doors import Door
        from pipelines.read.reading import PageReading, read_page

        try:
            page = load(self.archive, row)
        except DamagedRecord as error:
            logger.warning("%s", error)
            return None if row.door is not None else PageReading(Door.UNREADABLE, None, (str(error),))
        return read_page(page, self.sources.get(row.slug), self.lists)


_reader: Reader | None = None


def _start(archive: Path, sources: Sequence[Source], lists: Sequence[Path], parks: Sequence[Park]) -> None:
    global _reader
    _reader = Reader(archive, sources, lists, parks)


def _one(row: PageRow) -> tuple[PageRow, PageReading | None]:
    assert _reader is not None
    return row, _reader.read(row)


def _readings(instance: Instance, rows: Sequence[PageRow]) -> Iterator[tuple[PageRow, PageReading | None]]:
    config = instance.config
    needs = (config.data_dir / "archive", config.sources, [path for _, path in config.list_files], config.parks)
    if len(rows) <= ALONE:
        reader = Reader(*needs)
        yield from ((row, reader.read(row)) for row in rows)
        return
    # spawn: a fork would copy open database connections into the readers
    context = multiprocessing.get_context("spawn")
    with context.Pool(min(4, os.cpu_count() or 1), _start, needs) as pool:
        yield from pool.imap(_one, rows, chunksize=4)


def read_pages(instance: Instance, rows: Iterable[PageRow], *, step: Step = silent) -> ReadingResult:
    """Read pages and let each leave by its one door."""
    from pipelines.read.doors import Door
    from pipelines.read.reading import READER_VERSION

    todo = list(rows)
    doors: Counter[str] = Counter()
    messages: list[str] = []
    for row, read in _readings(instance, todo):
        if read is None:
            messages.append(f"{row.url}：存档记录已损坏，保留以前读到的内容")
            doors[row.door or Door.UNREADABLE.value] += 1
            continue
        instance.records.store_reading(row.key, door=read.door.value, reader_version=READER_VERSION, reading=read.reading)
        doors[read.door.value] += 1
        messages += [f"{row.url}：{warning}" for warning in read.warnings if read.reading is None]
        step(sum(doors.values()), len(todo), row.list_title or row.url)
    return ReadingResult(doors, tuple(messages))


def read_new(instance: Instance, *, everything: bool = False, step: Step = silent) -> ReadingResult:
    """Read what today's reader has not read yet, or everything in the archive."""
    from pipelines.read.reading import READER_VERSION

    return read_pages(instance, instance.records.pages_to_read(READER_VERSION, everything=everything), step=step)
