"""Scrapy's item pipelines: a page's bytes into the archive, synced; then its row and its link's outcome into the records."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from scrapy.crawler import Crawler

from pipelines.archive import ArchiveWriter
from pipelines.archive_care import forget, mend
from qingbao.crawling import Fetched
from records.values import LinkOutcome, PageRow, Validators

if TYPE_CHECKING:
    from records.store import Records

logger = logging.getLogger(__name__)


class CrawlingSpider(Protocol):
    """What the pipelines need to know of the spider."""

    archive_dir: Path
    run_id: str
    records: Records


@dataclass(frozen=True, slots=True)
class Archived:
    """A page that is in the archive and not yet in the records."""

    fetched: Fetched
    row: PageRow


class ArchivePipeline:
    """Fetched → Archived."""

    def __init__(self, spider: CrawlingSpider) -> None:
        # A torn tail is cut before anything new is written, and never appended to: a new run has a new file.
        damages = mend(spider.archive_dir)
        for damage in damages:
            logger.warning("%s", damage)
        forget(spider.records, damages)
        self.writer = ArchiveWriter(spider.archive_dir, spider.run_id)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchivePipeline:
        """Called by Scrapy."""
        return cls(cast("CrawlingSpider", crawler.spider))

    def process_item(self, item: Fetched) -> Archived:
        """See ``ArchiveWriter.add``."""
        return Archived(item, self.writer.add(item.page))

    def close_spider(self) -> None:
        """Called by Scrapy."""
        self.writer.close()


class KeepPipeline:
    """Archived → records; gives the page back to the spider that waits for it."""

    def __init__(self, spider: CrawlingSpider) -> None:
        self.records = spider.records
        self.run_id = spider.run_id

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepPipeline:
        """Called by Scrapy."""
        return cls(cast("CrawlingSpider", crawler.spider))

    def process_item(self, item: Archived) -> Fetched:
        """Row first, outcome second: a kill between the two fetches the page once more and finds it there."""
        fetched, row = item.fetched, item.row
        self.records.add_page(row)
        self.records.link_outcome(
            row.url, LinkOutcome.ARCHIVED, run_id=self.run_id, content_hash=row.content_hash,
            validators=Validators(etag=fetched.etag, last_modified=fetched.last_modified),
        )
        return fetched
