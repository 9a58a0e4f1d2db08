"""``qingbao check --connect``: can every enabled host be reached, and does its robots.txt allow the lists? Asks for robots.txt alone."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import IO
from urllib.parse import urlsplit

from qingbao import __version__
from qingbao.config import Config
from qingbao.crawling import user_agent
from qingbao.model import Source
from spiders.families import family_of
from spiders.manners.addresses import address_refusal, netloc_of, refusal
from spiders.manners.rules import MAX_BYTES, Rules, rules

TIMEOUT = 20.0  # seconds


class _InsideHosts(urllib.request.HTTPRedirectHandler):
    """Follows up to five redirects, all inside the source's hosts."""

    max_redirections = 5

    def __init__(self, hosts: tuple[str, ...]) -> None:
        self.hosts = hosts

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if why := refusal(newurl, self.hosts):
            raise urllib.error.URLError(f"跳转到来源以外的地址：{why}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def robots_lines(config: Config) -> Iterator[tuple[bool, str]]:
    """For every list address of every enabled source: whether it may be asked, and why not (Chinese). Each robots.txt is asked once."""
    agent = user_agent(__version__, config.crawl.contact)
    known: dict[str, Rules] = {}
    for source in config.sources:
        if not source.enabled:
            continue
        for request in family_of(source).first():
            url = request.url.partition("#")[0]
            root = f"{url.partition('://')[0]}://{netloc_of(url)}/robots.txt"
            if root not in known:
                known[root] = _ask(root, source, agent)
            yield _line(source, url, known[root])


def _line(source: Source, url: str, found: Rules) -> tuple[bool, str]:
    where = f"来源“{source.name}”（{netloc_of(url)}）"
    if found.closed:
        return False, f"{where}：{found.closed}"
    if not found.allows(url):
        return False, f"{where}：robots.txt 不允许访问列表 {url}，请停用该来源"
    said = [found.note or "可以连接，允许访问列表"]
    if found.delay:
        said.append(f"要求间隔 {found.delay:g} 秒")
    return True, f"{where}：{'，'.join(said)}"


def _ask(url: str, source: Source, agent: str) -> Rules:
    if why := refusal(url, source.hosts) or _private(url):
        return Rules(closed=why)
    # No proxy of the environment: it would change who asks.
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), _InsideHosts(source.hosts), urllib.request.HTTPSHandler(context=ssl.create_default_context()),
    )
    try:
        with opener.open(urllib.request.Request(url, headers={"User-Agent": agent}), timeout=TIMEOUT) as answer:
            return rules(answer.status, answer.headers.get("Content-Type", ""), answer.read(MAX_BYTES + 1))
    except urllib.error.HTTPError as error:
        return rules(error.code, "", b"")
    except TimeoutError:
        return Rules(closed="robots.txt 超时未回应，视为不允许访问")
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, ssl.SSLCertVerificationError):
            return Rules(closed="网站证书无效")
        return Rules(closed=f"无法连接（{reason}），robots.txt 取不到，视为不允许访问")


def _private(url: str) -> str | None:
    """Why a host's name must not be followed: it leads into a private network."""
    host = urlsplit(url).hostname or ""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except OSError:
        # The opener says it better.
        return None
    return next((why for address in found if (why := address_refusal(address, host))), None)
