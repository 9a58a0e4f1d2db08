"""Keys of values that come from pages, and opaque ids of what our own judgement founds. Keys are made here alone.

A change of a key is a migration with its own changelog entry; ``tests/qingbao/test_keys.py`` freezes them.
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Set
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Query parameters that only tell a site where the reader came from.
TRACKING = frozenset({"f", "from", "spm", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "share_token", "isappinstalled"})


def _digest(*parts: str | bytes, size: int = 16) -> str:
    h = hashlib.blake2b(digest_size=size)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        h.update(len(data).to_bytes(8, "big"))
        h.update(data)
    return h.hexdigest()


def canonical_url(url: str) -> str:
    """The URL under which an article is known: no fragment, no tracking, lower-case scheme and host, no default port.

    The case of the path is kept, and http and https stay two: only the site can say that they are one.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    try:
        port = parts.port
    except ValueError:
        port = None
    if port and (parts.scheme.lower(), port) not in {("http", 80), ("https", 443)}:
        host = f"{host}:{port}"
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in TRACKING])
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", query, ""))


def content_hash(body: bytes) -> str:
    """Hash of raw bytes."""
    return _digest(body)


def page_key(url: str, body: bytes) -> str:
    """Identity of a fetched page: canonical URL and content."""
    return _digest(canonical_url(url), content_hash(body))


def text_hash(text: str) -> str:
    """Hash of a text after NFKC and without white space: equal hashes are one text."""
    return _digest("".join(unicodedata.normalize("NFKC", text).split()))


def signal_key(article_url: str, mention: str, quote: str, event: str, amount_text: str | None, place_text: str | None) -> str:
    """Identity of a signal, adverse report or relation inside its article."""
    return _digest(article_url, mention, quote, event, amount_text or "", place_text or "")


def founded_id(kind: str, *founding_facts: str) -> str:
    """An opaque id for a company (``c``), story (``s``) or investment (``i``) from the facts that found it.

    Derived and not random, so that the same nights in any order found the same ids; nobody may read anything out of it.
    """
    return kind + _digest(kind, *founding_facts, size=9)


def founded_free(kind: str, taken: Set[str], *founding_facts: str) -> str:
    """``founded_id``, or where that id is ``taken`` (what it stood for was divided) the next one of the same facts."""
    candidate = founded_id(kind, *founding_facts)
    again = 0
    while candidate in taken:
        again += 1
        candidate = founded_id(kind, *founding_facts, f"again {again}")
    return candidate


def random_id(kind: str) -> str:
    """An opaque id for a run (``r``), delivery (``d``) or verdict (``v``)."""
    return kind + uuid.uuid4().hex[:18]
