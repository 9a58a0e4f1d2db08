"""Asking each configured host for its robots.txt once, for ``qingbao check --connect``; nothing else is fetched."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import urlsplit

from qingbao import __version__
from qingbao.crawling import user_agent
from qingbao.model import Source
from spiders.manners.rules import rules

TIMEOUT = 20.0  # seconds
MOST = 500 * 1024  # bytes that are read of a robots.txt (RFC 9309)


class _Crawl(Protocol):
    @property
    def contact(self) -> str: ...


class _Config(Protocol):
    @property
    def sources(self) -> tuple[Source, ...]: ...
    @property
    def crawl(self) -> _Crawl: ...


def _ask(scheme: str, host: str, agent: str) -> tuple[int, str, bytes]:
    """Status, content type and body of one host's robots.txt; redirects are not followed, they are told."""
    if scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(host, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, timeout=TIMEOUT)
    try:
        connection.request("GET", "/robots.txt", headers={"User-Agent": agent, "Accept": "text/plain"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type") or "", answer.read(MOST)
    finally:
        connection.close()


def robots_lines(config: _Config) -> Iterator[tuple[bool, str]]:
    """(good, Chinese sentence) for every host of every enabled source."""
    agent = user_agent(__version__, config.crawl.contact)
    asked: set[tuple[str, str]] = set()
    for source in config.sources:
        if not source.enabled:
            continue
        for start in source.start:
            parts = urlsplit(start)
            if (parts.scheme, parts.netloc) in asked:
                continue
            asked.add((parts.scheme, parts.netloc))
            where = f"{source.name}（{parts.netloc}）"
            try:
                status, kind, body = _ask(parts.scheme, parts.netloc, agent)
            except (OSError, http.client.HTTPException) as error:
                yield False, f"{where}：robots.txt 无法取得（{error}），视为不允许访问"
                continue
            if 300 <= status < 400:
                yield True, f"{where}：robots.txt 跳转到别处（{status}），采集时再跟随核对"
                continue
            found = rules(status, kind, body)
            closed = [url for one in config.sources if one.enabled for url in one.start if urlsplit(url).netloc == parts.netloc and not found.allows(url)]
            if found.closed:
                yield False, f"{where}：{found.closed}"
            elif closed:
                yield False, f"{where}：robots.txt 不允许访问 {'、'.join(closed)}"
            else:
                yield True, f"{where}：robots.txt 允许访问（{status}）" + (f"，间隔 {found.delay:g} 秒" if found.delay else "")
