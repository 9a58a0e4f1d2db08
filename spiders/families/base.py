"""What every family of sites can do: read the rows of a list page, name the next one, find an article's parts and attachments."""

from __future__ import annotations

import codecs
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html
from lxml.etree import ParserError

from qingbao.model import Source
from records.values import FoundLink

MAX_PARTS = 20  # further pages of one article (DESIGN.md 3, Page)
MAX_ATTACHMENTS = 5
MAX_ROWS = 500  # rows taken from one list page: the longest list seen has 100
ROW_CHARS = 400
TITLE_CHARS = 300
# What the reading job can open, and the kinds it counts as unreadable rather than never seen.
ATTACHMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|rtf)(?:$|[?&#])", re.I)
NEXT_WORDS = re.compile(r"^[\s\[(（<«‹]*(?:下一?页|后一?页|下页|next(?:\s*page)?)[\s\])）>»›]*$", re.I)
# TRS and its relatives: total pages, current page (0-based), name, extension. May be split over lines.
CREATE_PAGE = re.compile(r"""createPage(?:HTML)?\s{0,9}\(\s{0,9}(\d{1,5})\s{0,9},\s{0,9}(\d{1,5})\s{0,9},\s{0,9}["']([\w-]{1,60})["']\s{0,9},\s{0,9}["'](\w{1,8})["']""")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}["']?\s{0,3}([\w-]{3,20})""", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """How to ask for one page of a list."""

    url: str
    number: int = 1  # first page = 1
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """What a list page says. ``notes`` are Chinese sentences about what is odd with it."""

    rows: tuple[FoundLink, ...]
    next: ListRequest | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentLink:
    """A file that an article page links to."""

    url: str
    name: str


def decode(body: bytes, label: str | None = None) -> str:
    """Text of a list page: BOM, then UTF-8 on trial, then GB 18030; labels only break ties, since they lie (SOURCES.md 2)."""
    for bom, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if body.startswith(bom):
            return body.decode(name, "replace")
    as_utf8 = body.decode("utf-8", "replace")
    wrong = as_utf8.count("\ufffd")
    # A few bad bytes (a cut title) leave it UTF-8; GB text read as UTF-8 is wrong in nearly every character.
    if wrong * 20 <= sum(character > "\x7f" for character in as_utf8):
        return as_utf8
    as_gb = body.decode("gb18030", "replace")
    gb_wrong = as_gb.count("\ufffd")
    if gb_wrong != wrong:
        return as_utf8 if wrong < gb_wrong else as_gb
    declared = label or (found.group(1).decode() if (found := _META_CHARSET.search(body[:2048])) else "")
    return as_utf8 if declared.lower().startswith("utf") else as_gb


def squeeze(text: str | None) -> str:
    """White space of any kind as single blanks."""
    return " ".join((text or "").split())


def parse_html(text: str) -> html.HtmlElement | None:
    """The tree of a page, or None where there is none."""
    # lxml refuses str with an encoding declaration, and NUL ends its text early.
    cleaned = re.sub(r"^\s{0,99}<\?xml[^>]{0,200}\?>", "", text).replace("\x00", "")
    try:
        tree = html.document_fromstring(cleaned)
    except (ParserError, ValueError, AssertionError):
        return None
    return tree if isinstance(tree, html.HtmlElement) else None


def absolute(base: str, href: str | None) -> str | None:
    """The http(s) URL that a link means, without its fragment; None for scripts, mail addresses and nonsense."""
    href = (href or "").strip()
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")) or len(href) > 2000:
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        _ = parts.port
    except ValueError:
        return None
    return url.partition("#")[0]


def base_url(tree: html.HtmlElement, url: str) -> str:
    """The URL against which the page's links are meant (``<base href>``)."""
    for element in tree.iter("base"):
        return absolute(url, element.get("href")) or url
    return url


class Family(ABC):
    """A platform: knows how its lists page and how its articles continue. Holds no state, asks for nothing itself."""

    name: str

    def __init__(self, source: Source) -> None:
        self.source = source

    def first(self) -> tuple[ListRequest, ...]:
        """The first page of each list."""
        return tuple(ListRequest(url=url) for url in self.source.start)

    @abstractmethod
    def links(self, request: ListRequest, url: str, body: bytes, charset: str | None = None) -> ListPage:
        """Rows of the list page that ``request`` brought from ``url`` (after redirects), and how to ask for the next one."""

    def parts(self, url: str, tree: html.HtmlElement, text: str) -> tuple[str, ...]:
        """URLs of the pages that continue this article page, in order; only pages named after it count, never the next article."""
        stem, _, extension = urlsplit(url).path.rpartition("/")[2].rpartition(".")
        found: list[str] = []
        for match in CREATE_PAGE.finditer(text):
            total, _, name, ext = match.groups()
            if name == stem:
                found += [urljoin(url, f"{name}_{k}.{ext}") for k in range(1, min(int(total), MAX_PARTS + 1))]
        if not found and stem:
            continued = re.compile(rf"^{re.escape(stem)}[_-]\d{{1,2}}\.{re.escape(extension)}$")
            for anchor in tree.iter("a"):
                target = absolute(base_url(tree, url), anchor.get("href"))
                if target and continued.match(urlsplit(target).path.rpartition("/")[2]) and target not in found:
                    found.append(target)
        return tuple(one for one in found if one != url)[:MAX_PARTS]

    def attachments(self, url: str, tree: html.HtmlElement) -> tuple[AttachmentLink, ...]:
        """Files that the page links to, by the ending of the address."""
        base = base_url(tree, url)
        found: dict[str, AttachmentLink] = {}
        for anchor in tree.iter("a"):
            target = absolute(base, anchor.get("href"))
            if target and target not in found and ATTACHMENT.search(urlsplit(target).path + "?" + urlsplit(target).query):
                name = squeeze(anchor.text_content()) or unquote(urlsplit(target).path.rpartition("/")[2])
                found[target] = AttachmentLink(url=target, name=name[:TITLE_CHARS])
        return tuple(found.values())[:MAX_ATTACHMENTS]
