"""One question to a site and what came of it: redirects followed, a failure tried once more, a refusal told from a failure."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from qingbao.crawling import is_loopback
from qingbao.model import Source, Trust
from records.values import Validators
from spiders.families.base import decode
from spiders.manners.lanes import Lanes
from spiders.manners.refusals import SMALL, refusal, retry_after
from spiders.manners.refused import DayIsFull, ForeignHost, HostResting, RobotsClosed, RobotsForbid
from spiders.manners.wire import FAILURES, words

logger = logging.getLogger(__name__)

TRIES = 2  # of one page in one run
MAX_REDIRECTS = 5
PAGE_BYTES = 16 * 1024 * 1024  # decoded; the largest real article page seen has 3 MB, pictures inlined
LIST_BYTES = 4 * 1024 * 1024  # a list page is looked at link by link
ATTACHMENT_BYTES = 20 * 1024 * 1024  # DESIGN.md 3, Page
DELAY = 3.0  # seconds
GOVERNMENT_DELAY = 5.0
# Where a 429 or 503 says nothing about when to come back.
BACK_OFF = 10.0


class Came(StrEnum):
    """What a question brought."""

    PAGE = "page"
    UNCHANGED = "unchanged"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"  # by a rule of robots.txt, or leads to a foreign host
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"
    FAILED = "failed"
    CLOSED = "closed"  # the whole host, by its robots.txt
    LATER = "later"  # the day is full, or the host wants rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a question. ``why`` is Chinese, empty for a page; the fields below it are those of a page."""

    came: Came
    why: str = ""
    status: int = 0
    url: str = ""  # after redirects
    body: bytes = b""
    content_type: str | None = None
    charset: str | None = None
    validators: Validators = field(default_factory=Validators)


def delay_of(source: Source) -> float:
    """Seconds between requests: the leaf's, but never under 3 s (governments 5 s) unless the source is this machine."""
    if all(is_loopback(host) for host in source.hosts):
        return source.delay or 0.0
    government = source.trust in (Trust.GOVERNMENT, Trust.OFFICIAL_NOTICE) or any(re.search(r"\.gov\.cn(?::\d+)?$", host) for host in source.hosts)
    return max(source.delay or 0.0, GOVERNMENT_DELAY if government else DELAY)


class Asker:
    """Asks for one source. Manners are the middlewares' matter; this decides what an answer means."""

    def __init__(self, crawler: Crawler, source: Source, lanes: Lanes) -> None:
        self.crawler = crawler
        self.source = source
        self.lanes = lanes
        self.delay = delay_of(source)

    async def ask(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        validators: Validators | None = None,
        most: int = PAGE_BYTES,
    ) -> Answer:
        """Ask for ``url``, conditionally where ``validators`` are given, and take at most ``most`` decoded bytes."""
        sent = dict(headers or {})
        if validators and validators.etag:
            sent["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            sent["If-Modified-Since"] = validators.last_modified
        meta = {"hosts": self.source.hosts, "delay": self.delay, "download_maxsize": most, "download_warnsize": 0}
        answer = Answer(came=Came.FAILED, why="未询问")
        for _ in range(TRIES):
            try:
                answer, again = await self._follow(Request(url, method=method, body=body, headers=sent, meta=meta, dont_filter=True))
            except ForeignHost as error:
                return Answer(came=Came.FORBIDDEN, why=f"指向来源以外的地址：{error}")
            except RobotsForbid as error:
                return Answer(came=Came.FORBIDDEN, why=str(error))
            except RobotsClosed as error:
                return Answer(came=Came.CLOSED, why=str(error))
            except (DayIsFull, HostResting) as error:
                return Answer(came=Came.LATER, why=str(error))
            except DownloadCancelledError:
                return Answer(came=Came.TOO_LARGE, why=f"超过 {most // 1024 // 1024} MB")
            except IgnoreRequest:
                # What is left of Scrapy's own: a body that unpacks to more than its limit.
                return Answer(came=Came.TOO_LARGE, why=f"解压后超过 {most // 1024 // 1024} MB")
            except FAILURES as error:
                answer, again = Answer(came=Came.FAILED, why=words(error, url)), True
            if not again:
                return answer
        return answer

    async def _follow(self, request: Request) -> tuple[Answer, bool]:
        """The answer after redirects, and whether asking once more may bring another one."""
        response = await self.crawler.engine.download_async(request)
        for hop in range(MAX_REDIRECTS + 1):
            location = (response.headers.get("Location") or b"").decode("utf-8", "replace").strip()
            if response.status not in {301, 302, 303, 307, 308} or not location:
                return self._judge(response)
            if hop == MAX_REDIRECTS:
                break
            try:
                target = urljoin(response.url, location).partition("#")[0]
                _ = urlsplit(target).port
            except ValueError:
                return Answer(came=Came.FAILED, why="跳转到无效的网址", status=response.status), False
            if target == request.url and response.headers.get("Set-Cookie"):
                return Answer(came=Came.BLOCKED, why="要求先设置 Cookie 再访问", status=response.status), False
            # A form that was sent is not sent again elsewhere, unless the server insists (307, 308).
            keep = response.status in {307, 308}
            request = request.replace(url=target) if keep or request.method == "GET" else request.replace(url=target, method="GET", body=b"")
            response = await self.crawler.engine.download_async(request)
        return Answer(came=Came.FAILED, why="跳转次数过多", status=response.status), False

    def _judge(self, response: Response) -> tuple[Answer, bool]:
        status = response.status
        media, _, parameters = (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", parameters, re.I)
        if status == 304:
            return Answer(came=Came.UNCHANGED, status=status, url=response.url), False
        if status in {404, 410}:
            return Answer(came=Came.NOT_FOUND, why=f"页面不存在（{status}）", status=status), False
        # Decoding costs; a challenge page is small.
        text = decode(response.body) if len(response.body) <= 3 * SMALL else " " * (SMALL + 1)
        if refused := refusal(status, text):
            return Answer(came=Came.BLOCKED, why=refused, status=status), status == 429 and self._rest(response)
        if 200 <= status < 300:
            validators = Validators(etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified"))
            return Answer(
                came=Came.PAGE, status=status, url=response.url, body=response.body, content_type=media.strip().lower() or None,
                charset=charset.group(1) if charset else None, validators=validators,
            ), False
        again = (status == 503 and self._rest(response)) or status in {500, 502, 504, 408}
        return Answer(came=Came.FAILED, why=f"服务器返回 {status}", status=status), again

    def _rest(self, response: Response) -> bool:
        """Let the host rest as it asks. False: for longer than this run waits."""
        stated = retry_after(_header(response, "Retry-After"), datetime.now(UTC))
        return self.lanes.lane(response.url).rest(stated if stated is not None else max(BACK_OFF if self.delay else 0.0, self.delay))


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1").strip()[:500] or None if value else None
