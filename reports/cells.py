"""Text from the web made fit for a cell, a line or a mail header."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# What no cell may hold: control characters, lone surrogates, non-characters, and marks that turn the writing direction
# (a name could show itself backwards).
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]")
MAX_URL = 2000  # Excel takes 2,079 characters, mail programs and browsers about 2,000


def plain(text: str | None, limit: int = 2000) -> str:
    """``text`` without characters that a file format or a reader stumbles over, at most ``limit`` characters long."""
    if not text:
        return ""
    cleaned = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def one_line(text: str | None, limit: int = 300) -> str:
    """Like ``plain`` with every run of white space as one blank: for names, headers and csv cells."""
    return plain(" ".join(plain(text, limit * 4).split()), limit)


def header_text(text: str | None, limit: int = 150) -> str:
    """Text for a mail header. ``=?`` loses its meaning: the mail library would decode it, line breaks hidden in it included."""
    return one_line(text, limit).replace("=?", "=？")


def web_url(url: str | None) -> str | None:
    """``url`` where it is one of http or https that a reader may click; else None."""
    if not url:
        return None
    candidate = url.strip()
    if len(candidate) > MAX_URL or _UNPRINTABLE.search(candidate) or re.search(r"[\s\"'<>\\^`{|}]", candidate):
        return None
    try:
        parts = urlsplit(candidate)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return None
    return candidate
