"""What a robots.txt means (RFC 9309, read more strictly: SOURCES.md 10). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from protego import Protego

from qingbao.crawling import PRODUCT

MAX_BYTES = 500 * 1024
MAX_STARS = 4  # of one pattern; more make matching slow, so the rest of the pattern is cut, which forbids more and allows no more


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host allows. ``closed`` is a Chinese reason and forbids everything; ``note`` is worth a line in the log."""

    parsed: Any = None
    closed: str | None = None
    note: str | None = None

    def allows(self, url: str) -> bool:
        """May this address be asked?"""
        return self.closed is None and (self.parsed is None or bool(self.parsed.can_fetch(url, PRODUCT)))

    @property
    def delay(self) -> float:
        """Crawl-delay in seconds, 0 where none is stated."""
        stated = self.parsed.crawl_delay(PRODUCT) if self.parsed is not None else None
        return max(0.0, float(stated)) if stated is not None else 0.0


def rules(status: int, content_type: str, body: bytes) -> Rules:
    """The rules that an answer to /robots.txt gives (redirects followed).

    2xx: obey; 404 and 410: no rules; everything else, 401, 403 and 5xx among it: closed.
    """
    if status in {404, 410}:
        return Rules()
    if not 200 <= status < 300:
        return Rules(closed=f"robots.txt 返回 {status}，视为不允许访问")
    text = body[:MAX_BYTES].decode("utf-8", "replace").lstrip("\ufeff")
    if "html" in content_type.lower() and not re.search(r"^\s*user-agent\s*:", text, re.I | re.M):
        return Rules(note="robots.txt 是网页，视为没有规则")
    if re.match(r"\s*<(?:!doctype|html|head|body|script)\b", text, re.I):
        return Rules(note="robots.txt 是网页，视为没有规则")
    if len(body) > MAX_BYTES:
        # A line cut in the middle would mean something else.
        text = text.rpartition("\n")[0]
    return Rules(parsed=Protego.parse("\n".join(_tamed(line) for line in text.splitlines())))


def _tamed(line: str) -> str:
    name, colon, value = line.partition(":")
    if value.count("*") <= MAX_STARS:
        return line
    if name.strip().lower() == "allow":
        return ""
    return f"{name}{colon}{'*'.join(value.split('*')[: MAX_STARS + 1])}"
