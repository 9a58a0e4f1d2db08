"""One lane a host: one connection over all leaves, a pause after each answer, a daily cap, rest where a host asks for it.

The slot is ours because Scrapy's does not hold one request at a time while its delay is 0, which is where a demo on loopback runs.
"""

from __future__ import annotations

import asyncio
import random
import time

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from spiders.manners.addresses import netloc_of
from spiders.manners.ledger import Ledger
from spiders.manners.refused import DayIsFull, HostResting

# Upwards only: never sooner than the delay that was promised.
JITTER = 0.3
# The longest rest that a run waits for (Retry-After); a longer one ends the host's run.
LONGEST_REST = 120.0  # seconds


class Lane:
    """A host as all leaves share it."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.robots_delay = 0.0  # seconds, Crawl-delay
        self.free_at = 0.0  # on the monotonic clock
        self.closed: str | None = None  # Chinese: why nothing more is asked in this run

    def rest(self, seconds: float) -> bool:
        """Ask nothing for that long. False: longer than the run can wait, and the lane is closed."""
        if seconds > LONGEST_REST:
            self.closed = f"网站要求 {round(seconds / 60)} 分钟后再来"
            return False
        self.free_at = max(self.free_at, time.monotonic() + seconds)
        return True


class Lanes:
    """All lanes of a crawl, by host[:port]; http and https of one host share theirs."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._lanes: dict[str, Lane] = {}

    def lane(self, url: str) -> Lane:
        """The lane of a URL's host."""
        return self._lanes.setdefault(netloc_of(url), Lane())


def lanes_of(crawler: Crawler) -> Lanes:
    """The lanes of a crawl; the spider makes them, the middlewares share them."""
    lanes: Lanes = crawler.spider.lanes  # type: ignore[union-attr]
    return lanes


class LaneMiddleware:
    """Holds a host's lane from the moment a request is sent until its answer is complete. Must stand nearest to the downloader."""

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LaneMiddleware:
        """Called by Scrapy."""
        return cls(lanes_of(crawler))

    async def process_request(self, request: Request) -> None:
        """Wait for the lane. Raises ``HostResting`` or ``DayIsFull``."""
        lane = self.lanes.lane(request.url)
        host = netloc_of(request.url)
        await lane.lock.acquire()
        try:
            if lane.closed:
                raise HostResting(lane.closed)
            if self.lanes.ledger.is_full(host):
                raise DayIsFull(f"今日对 {host} 的请求已达上限 {self.lanes.ledger.cap} 次")
            # The host may have been asked to rest while this request waited.
            while (wait := lane.free_at - time.monotonic()) > 0:
                if wait > max(LONGEST_REST, request.meta.get("delay", 0.0) * (1.0 + JITTER)):
                    raise HostResting(f"robots.txt 要求间隔 {lane.robots_delay:g} 秒，本次不再等待")
                await asyncio.sleep(wait)
            self.lanes.ledger.note(host, request.method, request.url)
        except BaseException:
            lane.lock.release()
            raise
        request.meta["lane"] = lane

    def process_response(self, request: Request, response: Response) -> Response:
        """Let the next one in, after the pause."""
        self._leave(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """As after an answer; also called for requests that never came as far as the lane."""
        self._leave(request)

    def _leave(self, request: Request) -> None:
        lane: Lane | None = request.meta.pop("lane", None)
        if lane is not None:
            pause = max(request.meta.get("delay", 0.0), lane.robots_delay) * random.uniform(1.0, 1.0 + JITTER)
            lane.free_at = max(lane.free_at, time.monotonic() + pause)
            lane.lock.release()
