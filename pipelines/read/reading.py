"""All reading of one page: extract the article, then its signals. The job around it only loads, calls and stores."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.read.doors import Door
from pipelines.read.extract import READER_VERSION, Extracted, extract
from pipelines.read.signals import LEADS_CUT_OFF, NameLists, SignalReading, read_signals
from qingbao import keys
from qingbao.model import Article, Page, Source, Trust
from records.values import Reading

__all__ = ["READER_VERSION", "PageReading", "read_page", "read_text"]


@dataclass(frozen=True, slots=True)
class PageReading:
    """What became of a page: its one door, and the reading if the door is READ or OFF_TOPIC."""

    door: Door
    reading: Reading | None = None
    warnings: tuple[str, ...] = ()


# An article that speaks of no firm, plant, project or investment at all: kept for searching, counted apart.
BUSINESS = re.compile(r"企业|公司|集团|项目|投资|产业|工厂|园区|开发区|融资|招商|上市|产能|生产线|股份")


def _with_signals(article: Article, lists: NameLists) -> Reading:
    read: SignalReading = read_signals(
        url=article.url, title=article.title, text=article.text, published_at=article.published_at, lists=lists, cut_off=LEADS_CUT_OFF,
    )
    return Reading(article=article, signals=read.signals, adverse=read.adverse, relations=read.relations)


def read_page(page: Page, source: Source | None, lists: NameLists) -> PageReading:
    """Read one archived page."""
    found: Extracted = extract(page, source_name=source.name if source else None)
    if found.door is not Door.READ:
        return PageReading(found.door, None, found.warnings)
    attached = "\n".join(one.text for one in found.attachments if one.text)
    text = found.text if not attached else f"{found.text}\n{attached}"
    url = keys.canonical_url(page.url)
    article = Article(
        url=url, title=found.title or page.list_title or "", text=text, text_hash=keys.text_hash(text), published_at=found.published_at,
        minute_known=found.minute_known, origin=found.origin, attachments=found.attachments, slug=page.slug,
        trust=source.trust if source else Trust.REPOST, fetched_at=page.fetched_at, page_key=keys.page_key(page.url, page.body),
        reader_version=READER_VERSION,
    )
    reading = _with_signals(article, lists)
    speaks = reading.signals or reading.adverse or reading.relations or BUSINESS.search(article.title) or BUSINESS.search(text)
    return PageReading(Door.READ if speaks else Door.OFF_TOPIC, reading, found.warnings)


def read_text(article: Article, lists: NameLists) -> Reading:
    """Read a text that staff entered: there is no page to take apart."""
    return _with_signals(replace(article, reader_version=READER_VERSION), lists)
