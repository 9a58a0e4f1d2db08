"""robots.txt is asked, answered and obeyed before the first page of a host.

Scrapy's own middleware lets concurrent requests slip through while robots.txt is loading (2.14 and later), looks at no status, allows
everything when the download fails, and knows no Crawl-delay.
"""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from spiders.manners.lanes import lanes_of
from spiders.manners.refused import DayIsFull, HostResting, RobotsClosed, RobotsForbid
from spiders.manners.rules import Rules, rules
from spiders.manners.wire import FAILURES, words

logger = logging.getLogger(__name__)

MAX_REDIRECTS = 5
# Of what comes, 500 KiB are read; an answer larger than this is not taken for a robots.txt at all.
MAX_DOWNLOAD = 4 * 1024 * 1024
TIMEOUT = 20.0  # seconds
TRIES = 2


class RobotsMiddleware:
    """One robots.txt per scheme and host; all who ask for a host wait for the same answer."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.lanes = lanes_of(crawler)
        self.timeout = min(TIMEOUT, crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        self._known: dict[tuple[str, str], asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises ``RobotsClosed`` or ``RobotsForbid``."""
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        key = (parts.scheme, parts.netloc.lower())
        if key not in self._known:
            self._known[key] = asyncio.ensure_future(self._ask(f"{parts.scheme}://{parts.netloc}/robots.txt", request))
        found = await asyncio.shield(self._known[key])
        self.lanes.lane(request.url).robots_delay = found.delay
        if found.closed:
            raise RobotsClosed(found.closed)
        if not found.allows(request.url):
            raise RobotsForbid("robots.txt 不允许访问")

    async def _ask(self, url: str, asked_for: Request) -> Rules:
        found = Rules(closed="robots.txt 无法取得")
        for _ in range(TRIES):
            found, again = await self._try(url, asked_for)
            if not again:
                break
        if found.closed or found.note:
            logger.info("%s: %s", url, found.closed or found.note)
        return found

    async def _try(self, url: str, asked_for: Request) -> tuple[Rules, bool]:
        """The rules, and whether asking once more may help."""
        for _ in range(MAX_REDIRECTS + 1):
            meta = {"robots": True, "hosts": asked_for.meta["hosts"], "delay": asked_for.meta.get("delay", 0.0), "download_maxsize": MAX_DOWNLOAD, "download_timeout": self.timeout}
            try:
                response = await self.crawler.engine.download_async(Request(url, meta=meta, dont_filter=True))
            except (DayIsFull, HostResting):
                raise
            except IgnoreRequest as error:
                return Rules(closed=f"robots.txt 无法取得（{error}）"), False
            except FAILURES as error:
                return Rules(closed=f"robots.txt 无法取得（{words(error, url)}），视为不允许访问"), True
            location = response.headers.get("Location")
            if not (300 <= response.status < 400 and location):
                content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
                return rules(response.status, content_type, response.body), response.status >= 500
            url = urljoin(url, location.decode("latin-1"))
        return Rules(closed="robots.txt 跳转次数过多，视为不允许访问"), False
