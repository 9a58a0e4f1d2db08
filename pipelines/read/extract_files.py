"""Lines of ``qingbao extract --jsonl``: one page from a file or a string in, one record out."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.read.extract import extract
from qingbao.clock import SHANGHAI
from qingbao.model import Page


def page_of(obj: dict[str, Any], base_dir: Path) -> Page:
    """The page that an input line describes: ``file`` (relative to ``base_dir``), ``html`` or ``bytes_b64``, with ``url`` and ``charset`` if known.

    Raises ``OSError`` for a file that cannot be read and ``ValueError`` for a line that names no page.
    """
    url = str(obj.get("url") or "")
    if obj.get("file"):
        body = (base_dir / str(obj["file"])).read_bytes()
    elif obj.get("bytes_b64"):
        body = base64.b64decode(obj["bytes_b64"])
    elif isinstance(obj.get("html"), str):
        body = obj["html"].encode("utf-8", "replace")
    else:
        raise ValueError("缺少 file、html 或 bytes_b64")
    return Page(url=url, final_url=url, status=200, content_type=None, charset_label=obj.get("charset"), body=body)


def iso(published_at: datetime | None, minute_known: bool) -> str | None:
    """The moment in Shanghai, with the time of day only where it is known."""
    if published_at is None:
        return None
    local = published_at.astimezone(SHANGHAI)
    return local.isoformat(timespec="seconds") if minute_known else local.date().isoformat()


def extract_line(obj: dict[str, Any], base_dir: Path) -> dict[str, Any]:
    """One input object ``{"id", "file"|"html"|"bytes_b64", "url"}`` to ``{"id", "title", "published_at", "source", "text", "door"}``."""
    read = extract(page_of(obj, base_dir))
    return {"id": obj.get("id"), "title": read.title, "published_at": iso(read.published_at, read.minute_known), "source": read.origin, "text": read.text, "door": read.door.value}
