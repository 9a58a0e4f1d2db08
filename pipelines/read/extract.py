"""One page to one record: title, date, origin, text, attachments; pure, and never raises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.read.doors import Door
from qingbao.model import AttachmentText, Page

# Rises with every change that makes the same page read differently; a reread takes the pages of lower versions.
READER_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a page says, after redaction of personal data.

    ``published_at`` is aware (UTC); with ``minute_known`` False it is midnight in Shanghai of the known day. ``text`` has paragraphs apart by
    "\\n" and table cells by "\\t". ``warnings`` are Chinese sentences for the run's log.
    """

    door: Door
    title: str = ""
    published_at: datetime | None = None
    minute_known: bool = False
    origin: str | None = None
    text: str = ""
    attachments: tuple[AttachmentText, ...] = ()
    warnings: tuple[str, ...] = ()


def extract(page: Page, *, source_name: str | None = None) -> Extracted:
    """Read one fetched page. ``source_name`` is the name of its source, which is never taken for a title."""
    from pipelines.read.body import find_body
    from pipelines.read.decode import decode
    from pipelines.read.markup import parse
    from pipelines.read.origin import find_origin
    from pipelines.read.published import find_published
    from pipelines.read.render import render
    from pipelines.read.title import find_title

    decoded = decode(page.body, page.charset_label)
    doc = parse(decoded.text)
    if doc is None:
        return Extracted(door=Door.EMPTY)
    body = find_body(doc)
    title = find_title(doc, body.node if body else None, source_name, page.list_title)
    published = find_published(doc, title.line, body, url=page.final_url, list_date=page.list_date)
    origin = find_origin(doc, title.line, published.line, body)
    text = render(doc, body, title.text) if body else ""
    return Extracted(door=Door.READ if text else Door.EMPTY, title=title.text, published_at=published.at, minute_known=published.minute_known, origin=origin, text=text)
