"""What a crawl hands to the item pipelines: the page and what its server gave to ask again conditionally."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from qingbao.model import Page

# The token that robots.txt groups are matched on, and the product in the user agent.
PRODUCT = "QingbaoBot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One article as it came over the wire; ``etag`` and ``last_modified`` are the server's validators, as sent."""

    page: Page
    etag: str | None = None
    last_modified: str | None = None


def user_agent(version: str, contact: str) -> str:
    """The honest user agent: product, version and how to reach the people behind it (SOURCES.md 11, item 2).

    A header holds ASCII only, so of ``contact`` the address and the URL are taken.
    """
    found = re.findall(r"https?://[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", contact, re.ASCII)
    ways = [way if "://" in way else f"mailto:{way}" for way in found]
    return f"{PRODUCT}/{version} (+{'; '.join(ways)})" if ways else f"{PRODUCT}/{version}"


def is_loopback(host: str) -> bool:
    """Is this host[:port] the machine itself?"""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
