"""An instance of records alone, in which nights are settled one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from qingbao.keys import content_hash, page_key
from qingbao.list_files import ListRow
from records import open_records
from records.values import PageRow, Reading
from schedules.instance import Instance
from schedules.jobs.settle import settle_window


class Nights:
    """Records with a clock of their own."""

    def __init__(self, records: Any) -> None:
        self.records = records
        self.now = datetime(2026, 7, 1, tzinfo=UTC)
        config: Any = SimpleNamespace(sources=(), parks=())
        self.instance = Instance(config=config, records=records, clock=lambda: self.now)
        self._read = 0

    def read(self, readings: Sequence[Reading]) -> None:
        """Put readings into the records as the reading job does; an article read again replaces itself."""
        for reading in readings:
            self._read += 1
            url, body = reading.article.url, f"{self._read}".encode()
            key = page_key(url, body)
            self.records.add_page(PageRow(key=key, url=url, final_url=url, slug=reading.article.slug or "x", warc_file="w", offset=self._read, length=1, status=200,
                                          content_hash=content_hash(body), fetched_at=self.now))
            self.records.store_reading(key, door="read", reader_version=1, reading=reading)

    def night(self, day: date, readings: Sequence[Reading], *, everything: bool = False) -> dict[str, int]:
        """Read and settle as of a day."""
        self.now = datetime.combine(day, time(20), UTC) - timedelta(days=1)
        self.read(readings)
        return settle_window(self.instance, everything=everything)

    def lists(self, rows: Sequence[tuple[str, ListRow]]) -> None:
        """Rows of lists of target firms."""
        self.records.replace_list("targets", "own", [row for _, row in rows], self.now.date())

    def partitions(self) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """Companies, investments and stories: member → group."""
        investments = {stated.signal_key: one.id for one in self.records.investments() for stated in one.stated}
        stories = {url: story.id for story in self.records.stories() for url in story.article_urls}
        return self.records.mentions(), investments, stories


@contextmanager
def nights_in(folder: Path) -> Iterator[Nights]:
    """Nights in a folder."""
    nights: list[Nights] = []
    with open_records(folder / "records.db", clock=lambda: nights[0].now if nights else datetime(2026, 7, 1, tzinfo=UTC)) as records:
        nights.append(Nights(records))
        yield nights[0]
