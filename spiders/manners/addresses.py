"""Only the source's hosts are asked, after redirects too, and never an address inside a private network."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from qingbao.crawling import is_loopback
from spiders.manners.refused import ForeignHost

# Why names were not followed to a private address in this process, for the message.
private_names: dict[str, str] = {}


def netloc_of(url: str) -> str:
    """host[:port] in lower case, without a port that the scheme implies. Raises ValueError for a bad port."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    implied = {"http": 80, "https": 443}.get(parts.scheme)
    return host if parts.port in (None, implied) else f"{host}:{parts.port}"


def refusal(url: str, hosts: tuple[str, ...]) -> str | None:
    """Why ``url`` may not be asked for a source with these ``hosts`` (Chinese), or None."""
    parts = urlsplit(url)
    try:
        netloc = netloc_of(url)
    except ValueError:
        return "网址无效"
    if parts.scheme not in {"http", "https"} or not netloc or parts.username is not None or parts.password is not None:
        return "网址无效"
    if netloc not in {host.lower() for host in hosts}:
        return f"{netloc} 不在来源的主机名单中"
    try:
        address = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return None
    # A loopback address is asked only because the source names it, which was checked above.
    if not address.is_global and not is_loopback(netloc):
        return f"{netloc} 是内网地址"
    return None


def address_refusal(address: str, name: str) -> str | None:
    """Why the address to which ``name`` resolved may not be asked (Chinese), or None."""
    if ipaddress.ip_address(address).is_global or is_loopback(name):
        return None
    return f"{name} 解析到内网地址 {address}"


class AddressMiddleware:
    """Refuses requests to hosts that the source (``meta["hosts"]``) does not name."""

    def process_request(self, request: Request) -> None:
        """Raises ``ForeignHost``."""
        if why := refusal(request.url, request.meta.get("hosts", ())):
            raise ForeignHost(why)


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses only, so that a name cannot lead into the office's own network."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        """The address of a name; fails where it is a private one."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if why := address_refusal(address, name):
            private_names[name.lower()] = why
            # The one failure that Twisted takes for an answer, and does not print.
            raise DNSLookupError(why)
        return address
