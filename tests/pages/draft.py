"""Write the draft record of a page: ``python -m tests.pages.draft PAGE.html [URL]``. A draft fails its test until somebody has read it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pipelines.read.extract import extract
from qingbao.clock import SHANGHAI
from qingbao.model import Page


def record(body: bytes, url: str) -> dict[str, Any]:
    """What reading makes of a page, as its record file holds it."""
    got = extract(Page(url=url, final_url=url, status=200, content_type="text/html", charset_label=None, body=body))
    at = got.published_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M" if got.minute_known else "%Y-%m-%d") if got.published_at else None
    return {
        "url": url, "door": got.door.value, "title": got.title, "published_at": at, "origin": got.origin, "attachments": [[file.url, file.name] for file in got.attachments], "text": got.text.split("\n"),
    }


def main(arguments: list[str]) -> None:
    """Write ``PAGE.json`` beside the page, marked as unread."""
    path = Path(arguments[0])
    url = arguments[1] if len(arguments) > 1 else f"http://www.yunling.example/{path.parent.name}/{path.stem}.html"
    draft = {"read_to_the_last_line": False, **record(path.read_bytes(), url)}
    path.with_suffix(".json").write_text(json.dumps(draft, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
