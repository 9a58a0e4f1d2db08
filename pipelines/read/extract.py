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
    return Extracted(door=Door.UNREADABLE)
