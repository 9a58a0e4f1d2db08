"""The records as one object, composed of its parts."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from qingbao.clock import Clock
from records.articles import ArticleRecords
from records.crawl import CrawlRecords
from records.documents import DocumentRecords
from records.ledger import LedgerRecords
from records.lists import ListRecords
from records.migrations import upgrade
from records.outbox import OutboxRecords
from records.pages import PageRecords
from records.prospects import ProspectRecords
from records.settled import SettledRecords
from records.settling import SettlingRecords


class Records(
    CrawlRecords, PageRecords, ArticleRecords, SettledRecords, SettlingRecords, ListRecords, ProspectRecords, LedgerRecords, DocumentRecords, OutboxRecords
):
    """The truth. Every method is one transaction and may be repeated; values in and out are frozen."""

    def __init__(self, url_or_path: str | Path, *, clock: Clock) -> None:
        super().__init__(url_or_path, clock=clock)
        try:
            with self._said_plainly():
                upgrade(self._engine)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Records:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
