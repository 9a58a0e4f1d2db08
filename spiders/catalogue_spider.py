"""The one spider: every source of an instance gets its round, all rounds run side by side, hosts are shared through their lanes."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TextIO

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from qingbao import __version__, config
from qingbao.clock import Clock, now
from qingbao.crawling import Fetched, user_agent
from qingbao.errors import CannotWork, QingbaoError, UsageError
from qingbao.keys import random_id
from qingbao.model import Source, Trust
from records import open_records
from records.values import SourceResult, SourceState
from spiders.asking import Asker
from spiders.families import family_of
from spiders.manners.addresses import netloc_of, refusal
from spiders.manners.lanes import Lanes
from spiders.manners.ledger import Ledger
from spiders.round import Round


class CatalogueSpider(Spider):
    """``scrapy crawl catalogue -a instance=DIR [-a source=SLUG,SLUG] [-a url=URL] [-a run=RUN_ID]``; the nightly job uses ``spiders.crawl``."""

    name = "catalogue"

    def __init__(
        self,
        instance: str | Path | None = None,
        source: str | None = None,
        run: str | None = None,
        url: str | None = None,
        clock: Clock = now,
        progress: TextIO | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not instance:
            raise UsageError("请指明实例目录：-a instance=目录")
        self.config = config.load(Path(instance))
        self.clock = clock
        self.run_id = run or random_id("r")
        self.url = url or None
        self.sources, self.disabled = chosen(self.config.sources, [slug for slug in (source or "").split(",") if slug])
        if self.url:
            self.sources, self.disabled = [by_hand(self.url)], []
        self.archive_dir = self.config.data_dir / "archive"
        self.lanes = Lanes(Ledger(self.config.data_dir / "logs", cap=self.config.crawl.daily_cap, clock=clock))
        self.records = open_records(self.config.records_url, clock=clock)
        self._health = {one.slug: one for one in self.records.source_health()}
        self.results: list[SourceResult] = []
        self.fatal: Exception | None = None
        self._stream = progress if progress is not None else sys.stderr
        self._items: asyncio.Queue[Fetched | None] = asyncio.Queue()
        self._kept: dict[str, asyncio.Future[bool]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> CatalogueSpider:
        """Called by Scrapy."""
        spider: CatalogueSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.settings.set("USER_AGENT", user_agent(__version__, spider.config.crawl.contact), priority="spider")
        crawler.signals.connect(spider.item_kept, signals.item_scraped)
        crawler.signals.connect(spider.item_lost, signals.item_error)
        crawler.signals.connect(spider.shut, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Fetched]:
        """Pages as they come, for the item pipelines."""
        rounds = asyncio.ensure_future(self._all_rounds())
        try:
            while (item := await self._items.get()) is not None:
                yield item
            await rounds
        finally:
            rounds.cancel()

    async def _all_rounds(self) -> None:
        try:
            for source in self.disabled:
                moment = self.clock()
                self.records.source_result(SourceResult(
                    run_id=self.run_id, slug=source.slug, state=SourceState.DISABLED, message=source.checked_note, started_at=moment, finished_at=moment,
                ))
            async with asyncio.TaskGroup() as group:
                for source in self.sources:
                    group.create_task(self._one_round(source))
        except ExceptionGroup as errors:
            self.fatal = self.fatal or errors.exceptions[0]
        except (OSError, QingbaoError) as error:
            self.fatal = self.fatal or error
        finally:
            self._items.put_nowait(None)

    async def _one_round(self, source: Source) -> None:
        asker = Asker(self.crawler, source, self.lanes)
        one = Round(
            source=source, family=family_of(source), asker=asker, records=self.records, run_id=self.run_id, clock=self.clock,
            deliver=self._deliver, progress=self._progress,
        )
        result = await (one.run_one(self.url) if self.url else one.run(self._health.get(source.slug)))
        self.results.append(result)
        self._say(slug=source.slug, state=result.state.value, fetched=result.fetched, new=result.new_links, message=result.message)

    async def _deliver(self, item: Fetched) -> bool:
        """Hand a page to the pipelines and wait until it is kept: what is fetched and not kept would be lost by a kill."""
        self._kept[item.page.url] = asyncio.get_running_loop().create_future()
        self._items.put_nowait(item)
        return await self._kept[item.page.url]

    def item_kept(self, item: Fetched) -> None:
        """The last pipeline is done with a page."""
        self._kept.pop(item.page.url).set_result(True)

    def item_lost(self, item: Fetched, failure: Failure) -> None:
        """A pipeline failed: the disk or the database, so that the crawl as a whole cannot go on."""
        error = failure.value
        self.fatal = self.fatal or (error if isinstance(error, (OSError, QingbaoError)) else CannotWork(f"网页无法存档：{error}"))
        self._kept.pop(item.page.url).set_exception(self.fatal)

    def _progress(self, slug: str, url: str, outcome: str, why: str) -> None:
        self._say(slug=slug, url=url, outcome=outcome, why=why or None)

    def _say(self, **facts: object) -> None:
        try:
            self._stream.write(json.dumps({key: value for key, value in facts.items() if value is not None}, ensure_ascii=False) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            # The parent that listened is gone; the crawl goes on to its end.
            pass

    def shut(self) -> None:
        """Let go of the records."""
        self.records.close()


def by_hand(url: str) -> Source:
    """The source of a page that staff name by its address: its host alone, with the manners of any other."""
    try:
        host = netloc_of(url)
    except ValueError:
        host = ""
    if why := refusal(url, (host,)):
        raise UsageError(f"“{url}”不能采集：{why}")
    return Source(slug="manual", name="人工录入", family="generic", start=(url,), hosts=(host,), trust=Trust.REPOST)


def chosen(sources: tuple[Source, ...], slugs: list[str]) -> tuple[list[Source], list[Source]]:
    """The sources to crawl and the disabled ones that are only noted. Raises ``UsageError`` for an unknown or disabled slug."""
    known = {source.slug: source for source in sources}
    for slug in slugs:
        if slug not in known:
            raise UsageError(f"没有来源“{slug}”，现有：{'、'.join(known)}")
        if not known[slug].enabled:
            raise UsageError(f"来源“{slug}”未启用：{known[slug].checked_note or '请先核对，再改为 enabled: true'}")
    wanted = [known[slug] for slug in dict.fromkeys(slugs)] or [source for source in sources if source.enabled]
    for source in wanted:
        family_of(source)
    return wanted, [] if slugs else [source for source in sources if not source.enabled]
