"""A page parsed once: its elements in document order, its lines of text, its metas and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_MARKUP = 8_000_000  # characters; more is the door "too large"
MAX_TAGS = 200_000  # real pages have a few thousand; more would cost memory beyond the bound of 500 MB

_LONG_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,20})\s[^<>]{2000,}>?")
_LONG_TITLE = 1_000  # characters of a title tag or meta that are looked at
_MAX_ATTRIBUTES = 300  # libxml2 compares every attribute with every other of its tag
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BROKEN_LINE = re.compile(f"(?<=[{_CJK}])[ \t]{{0,200}}[\r\n][ \t\r\n]{{0,200}}(?=[{_CJK}])")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|!|$)", re.I)

_DROPPED_NAMES = "script style noscript template iframe object embed svg canvas select option datalist textarea button input audio video map head link meta title base"
DROPPED = frozenset(_DROPPED_NAMES.split())
_BLOCK_NAMES = (
    "address article aside blockquote body br center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main"
    " menu nav ol p pre section summary table tbody td tfoot th thead tr ul caption"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())


@dataclass(slots=True)
class Line:
    """A run of text between two block borders."""

    text: str
    node: int  # index of the innermost block element around its start
    links: int  # characters inside links
    link_count: int
    hidden: bool = False


@dataclass(slots=True)
class Doc:
    """``nodes`` in document order; ``parent`` and ``last`` (last descendant) are indices into it; ``marks`` is class and id in lower case."""

    nodes: list[Any]
    parent: list[int]
    last: list[int]
    tags: list[str]
    marks: list[str]
    lines: list[Line]
    title_tag: str = ""
    metas: list[tuple[str, str]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    areas: list[tuple[str, str]] = field(default_factory=list)  # (class and id, text) of text areas: some pages carry their article in one
    data_tables: dict[int, bool] = field(default_factory=dict)  # which tables hold data, found when asked

    def meta(self, *names: str) -> str:
        """Content of the first meta among ``names`` (lower case; in the order given) that says something."""
        for name in names:
            for key, value in self.metas:
                if key == name and value:
                    return value
        return ""

    def ancestors(self, node: int) -> Iterator[int]:
        """The element itself, then its parents up to the root."""
        while node >= 0:
            yield node
            node = self.parent[node]

    def inside(self, node: int, outer: int) -> bool:
        """Is ``node`` the element ``outer`` or below it?"""
        return outer <= node <= self.last[outer]

    def text_of(self, node: int) -> str:
        """All text of an element in one line."""
        return squeeze("".join(self.nodes[node].itertext()))


class TooLarge(ValueError):
    """More markup than is parsed."""


def squeeze(text: str) -> str:
    """Collapse white space; a line break between two Chinese characters is layout and vanishes."""
    if "\n" in text or "\r" in text:
        text = _BROKEN_LINE.sub("", text.strip())
    return " ".join(_CONTROL.sub("", text).split())


def _tame(markup: str) -> str:
    """Cut tags with a hostile number of attributes down to their name."""

    def cut(match: re.Match[str]) -> str:
        tag = match.group()
        return f"<{match.group(1)}>" if len(tag.split(None, _MAX_ATTRIBUTES + 1)) > _MAX_ATTRIBUTES else tag

    return _LONG_TAG.sub(cut, markup) if len(markup) > 2000 else markup


def parse(markup: str) -> Doc | None:
    """Parse HTML text. ``None``: there is no element in it. Raises ``TooLarge``."""
    from lxml import etree

    if len(markup) > MAX_MARKUP or markup.count("<") > 2 * MAX_TAGS:
        raise TooLarge
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(_tame(markup).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    return _doc(root)


def _doc(root: Any) -> Doc:
    metas: list[tuple[str, str]] = []
    scripts: list[str] = []
    areas: list[tuple[str, str]] = []
    title = ""
    dropped: list[Any] = []
    for el in root.iter("title", "meta", "script", *sorted(DROPPED - {"title", "meta", "script", "head"})):
        tag = el.tag
        if tag == "meta":
            name = el.get("name") or el.get("property") or el.get("itemprop") or el.get("http-equiv")
            if name:
                metas.append((name.strip().lower(), squeeze((el.get("content") or "")[:_LONG_TITLE])))
        elif tag == "title":
            title = title or squeeze("".join(el.itertext())[:_LONG_TITLE])
        elif tag == "script" and el.text:
            scripts.append(el.text)
        elif tag == "textarea" and el.text:
            areas.append((f"{el.get('class') or ''} {el.get('id') or ''} {el.get('name') or ''}".lower(), el.text))
        dropped.append(el)
    for el in dropped:
        parent = el.getparent()
        if parent is not None:
            _remove(parent, el)
    nodes = [el for el in root.iter() if isinstance(el.tag, str)]
    if len(nodes) > MAX_TAGS:
        raise TooLarge
    index = {el: i for i, el in enumerate(nodes)}
    parent_of = [index.get(el.getparent(), -1) for el in nodes]
    last = list(range(len(nodes)))
    for i in range(len(nodes) - 1, 0, -1):
        p = parent_of[i]
        if p >= 0 and last[i] > last[p]:
            last[p] = last[i]
    marks = [f"{el.get('class') or ''} {el.get('id') or ''}".lower() if el.attrib else "" for el in nodes]
    doc = Doc(nodes, parent_of, last, [el.tag for el in nodes], marks, [], title, metas, scripts, areas)
    doc.lines = list(lines_of(doc, 0))
    return doc


def _remove(parent: Any, el: Any) -> None:
    """Take an element out of the tree and leave its tail where it was."""
    if el.tail:
        before = el.getprevious()
        # lxml reads control characters from a page and refuses to write them back.
        if before is None:
            parent.text = _CONTROL.sub("", (parent.text or "") + el.tail)
        else:
            before.tail = _CONTROL.sub("", (before.tail or "") + el.tail)
    parent.remove(el)


def hidden(doc: Doc, node: int) -> bool:
    """Is the element itself marked as not to be seen?"""
    attributes = doc.nodes[node].attrib
    if not attributes:
        return False
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and _HIDDEN_STYLE.search(style))


def lines_of(doc: Doc, top: int, skip: frozenset[int] = frozenset()) -> Iterator[Line]:
    """The lines of text below an element, without the subtrees in ``skip``."""
    tags, nodes, last = doc.tags, doc.nodes, doc.last
    pieces: list[str] = []
    links = link_count = link_depth = hidden_depth = 0
    any_shown = False
    # open elements: (index, is block, is link, is hidden)
    stack: list[tuple[int, bool, bool, bool]] = []
    block = top
    start_block = top

    def take(text: str | None) -> None:
        nonlocal links, any_shown, start_block
        if not text:
            return
        if not pieces:
            start_block = block
        pieces.append(text)
        if link_depth:
            links += len(text.strip())
        if not hidden_depth and not text.isspace():
            any_shown = True

    def flush() -> Line | None:
        nonlocal links, link_count, any_shown
        if not pieces:
            return None
        text = squeeze("".join(pieces))
        line = Line(text, start_block, min(links, len(text)), link_count, not any_shown) if text else None
        pieces.clear()
        links = link_count = 0
        any_shown = False
        return line

    i, end = top, last[top]
    while True:
        while stack and last[stack[-1][0]] < i:
            j, was_block, was_link, was_hidden = stack.pop()
            if was_block:
                if line := flush():
                    yield line
                block = next((n for n, b, _, _ in reversed(stack) if b), top)
            link_depth -= was_link
            hidden_depth -= was_hidden
            if j != top:
                take(nodes[j].tail)
        if i > end:
            break
        el = nodes[i]
        if i in skip:
            take(el.tail)
            i = last[i] + 1
            continue
        is_block = tags[i] in BLOCKS
        is_link = tags[i] == "a" and "href" in el.attrib
        is_hidden = hidden(doc, i)
        if is_block:
            if line := flush():
                yield line
            block = i
        stack.append((i, is_block, is_link, is_hidden))
        link_depth += is_link
        link_count += is_link
        hidden_depth += is_hidden
        take(el.text)
        i += 1
    if line := flush():
        yield line


def is_data_table(doc: Doc, table: int) -> bool:
    """Does a table hold data in short cells, rather than lay out a page?"""
    known = doc.data_tables.get(table)
    if known is None:
        cells = rows = 0
        nested = False
        for i in range(table + 1, doc.last[table] + 1):
            if doc.tags[i] == "tr":
                rows += 1
            elif doc.tags[i] in {"td", "th"}:
                cells += 1
            elif doc.tags[i] == "table":
                nested = True
        known = not nested and rows >= 1 and cells >= 2 * rows and len(doc.text_of(table)) < 150 * max(cells, 1)
        doc.data_tables[table] = known
    return known
