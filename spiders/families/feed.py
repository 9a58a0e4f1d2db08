"""RSS, RDF and Atom feeds in the dialects that Chinese sites speak, well-formed or not."""

from __future__ import annotations

import html as html_words
import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from qingbao.clock import SHANGHAI
from records.values import FoundLink
from spiders.families.base import MAX_ROWS, ROW_CHARS, TITLE_CHARS, Family, ListPage, ListRequest, absolute, decode, squeeze

# Characters that XML 1.0 forbids, raw or as a reference, and lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\\d|3[01]));", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos);)", re.I)
_WHEN = re.compile(r"(20\d\d|19\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|GMT|UTC|[+-]\d{2}:?\d{2})?")
_ITEMS = frozenset({"item", "entry"})
_DATES = ("pubDate", "published", "date", "updated", "issued")


def feed_date(text: str | None) -> str | None:
    """A feed's date as wall time in Shanghai (``YYYY-MM-DD HH:MM``, or the day alone); what cannot be read stays as written.

    A date without zone is taken as Shanghai's: that is what the sites' editors write.
    """
    text = squeeze(text)
    if not text:
        return None
    if found := _WHEN.search(text):
        year, month, day, hour, minute, second, zone = found.groups()
        if hour is None:
            return f"{year}-{int(month):02}-{int(day):02}"
        try:
            moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
            if zone:
                moment = datetime.fromisoformat(moment.isoformat() + ("+00:00" if zone[0] in "ZGU" else zone)).astimezone(SHANGHAI)
        except ValueError:
            return text
        return f"{moment:%Y-%m-%d %H:%M}"
    try:
        # news.cn writes Wed,30-Sep-2026 11:37:37 GMT.
        moment = parsedate_to_datetime(re.sub(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})", r"\1 \2 \3", text.replace(",", ", ")))
        return f"{moment.astimezone(SHANGHAI) if moment.tzinfo else moment:%Y-%m-%d %H:%M}"
    except (ValueError, TypeError, OverflowError):
        return text


def _mend(text: str) -> str:
    """What can be mended without guessing: forbidden characters, HTML's entities, bare ampersands (CDATA stays as it is)."""
    mended = []
    for place, piece in enumerate(_FORBIDDEN.sub("", text).split("<![CDATA[")):
        raw, end, markup = piece.partition("]]>") if place else ("", "", piece)
        if place:
            mended.append(f"<![CDATA[{raw}{end}")
        named = _NAMED.sub(lambda m: m.group() if m.group(1) in {"amp", "lt", "gt", "quot", "apos"} else html_words.unescape(m.group()), markup)
        mended.append(_BARE.sub("&amp;", named))
    return "".join(mended)


def _without_doctype(text: str) -> str:
    """Entities that a stranger defines are not wanted. By searching, not by a pattern: a hostile feed would make one slow."""
    start = text[:2000].upper().find("<!DOCTYPE")
    if start < 0:
        return text
    end, subset = text.find(">", start), text.find("[", start)
    if 0 <= subset < end:
        end = text.find(">", max(text.find("]", subset), subset))
    return text[:start] + text[end + 1 :] if end >= 0 else text[:start]


def _parse(body: bytes, charset: str | None) -> tuple[etree._Element | None, bool]:
    """The tree, and whether the feed was well-formed as sent."""
    text = _without_doctype(_DECLARATION.sub("", decode(body, charset).lstrip("\ufeff \t\r\n")))
    try:
        # No entities, no network, no huge trees: the text is a stranger's.
        return etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True)), True
    except (etree.XMLSyntaxError, ValueError):
        pass
    try:
        return etree.fromstring(_mend(text).encode("utf-8", "replace"), etree.XMLParser(recover=True, resolve_entities=False, no_network=True)), False
    except (etree.XMLSyntaxError, ValueError):
        return None, False


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(item: etree._Element) -> dict[str, etree._Element]:
    found: dict[str, etree._Element] = {}
    for child in item:
        found.setdefault(_local(child), child)
    return found


def _link(item: etree._Element) -> str:
    for child in item:
        if _local(child) == "link" and child.get("rel", "alternate") == "alternate" and (child.get("href") or squeeze(child.text)):
            return child.get("href") or squeeze(child.text)
    guid = _children(item).get("guid")
    return squeeze(guid.text) if guid is not None and guid.get("isPermaLink", "true") == "true" else ""


def _plain(text: str | None) -> str:
    return squeeze(re.sub(r"<[^<>]{0,2000}>", "", html_words.unescape(text or "")))


class Feed(Family):
    """One request, no paging."""

    name = "feed"

    def links(self, request: ListRequest, url: str, body: bytes, charset: str | None = None) -> ListPage:
        """See ``Family.links``; dates come as ``feed_date`` gives them, the row keeps them as written."""
        root, well_formed = _parse(body, charset)
        if root is None:
            return ListPage(rows=(), notes=("订阅源无法解析",))
        notes = () if well_formed else ("订阅源格式不规范，已尽量读取",)
        homes = {squeeze(link.text) for channel in root.iter("{*}channel") for link in channel if _local(link) == "link"}
        rows: dict[str, FoundLink] = {}
        for item in root.iter():
            if _local(item) not in _ITEMS:
                continue
            target = absolute(url, _link(item))
            # A channel that lists itself among its items (chinanews).
            if not target or target in homes:
                continue
            fields = _children(item)
            title = _plain(fields["title"].text if "title" in fields else None)
            stated = next((squeeze(fields[name].text) for name in _DATES if name in fields and squeeze(fields[name].text)), None)
            if stated is None:
                # news.cn writes the date as loose text after the link.
                stated = next((squeeze(child.tail) for child in item if _local(child) == "link" and squeeze(child.tail)), None)
            rows.setdefault(target, FoundLink(url=target, title=title[:TITLE_CHARS] or None, date=feed_date(stated), row=squeeze(f"{title} {stated or ''}")[:ROW_CHARS]))
        return ListPage(rows=tuple(rows.values())[:MAX_ROWS], notes=notes)
