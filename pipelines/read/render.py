"""The chosen part of a page as text: paragraphs by line break, cells by tab, head and tail lines cut."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.read.body import Body
from pipelines.read.boilerplate import DROP_LINE, FOOTER_LINE, INFO_LINE, TAIL_START
from pipelines.read.markup import Doc, Line, lines_of

_MAX_TEXT = 400_000  # characters kept of one article


def fold(text: str) -> str:
    """Letters and digits only, for comparing lines."""
    return "".join(c for c in text.lower() if c.isalnum())


def render(doc: Doc, body: Body, title: str) -> str:
    """Text of the body."""
    lines = list(table_lines(doc, body))
    texts = cut_head([line.text for line in lines], title)
    texts = cut_tail(texts)
    return "\n".join(texts)[:_MAX_TEXT]


def table_lines(doc: Doc, body: Body) -> Iterable[Line]:
    """Lines of the body, the cells of a row in one line."""
    row_of: dict[int, int | None] = {}
    held: list[Line] = []
    held_row: int | None = None

    def joined() -> Line:
        cells: list[tuple[int, list[str]]] = []
        for line in held:
            cell = _cell(doc, line.node)
            if cells and cells[-1][0] == cell:
                cells[-1][1].append(line.text)
            else:
                cells.append((cell, [line.text]))
        return Line("\t".join(" ".join(parts) for _, parts in cells), held[0].node, sum(x.links for x in held), sum(x.link_count for x in held))

    for line in lines_of(doc, body.node, body.skip):
        if line.node not in row_of:
            row_of[line.node] = _data_row(doc, line.node, body.node)
        row = row_of[line.node]
        if held and row != held_row:
            yield joined()
            held = []
        if row is None:
            yield line
        else:
            held.append(line)
            held_row = row
    if held:
        yield joined()


def _cell(doc: Doc, node: int) -> int:
    return next((i for i in doc.ancestors(node) if doc.tags[i] in {"td", "th"}), node)


def _data_row(doc: Doc, node: int, top: int) -> int | None:
    """The row of a data table in which a line stands; ``None`` outside tables and in tables that only lay out a page."""
    row: int | None = None
    for i in doc.ancestors(node):
        if i < top:
            return None
        if doc.tags[i] == "tr" and row is None:
            row = i
        elif doc.tags[i] == "table":
            return row if row is not None and _is_data(doc, i) else None
    return row


def _is_data(doc: Doc, table: int) -> bool:
    cached = doc.data_tables.get(table)
    if cached is None:
        cells = rows = 0
        nested = False
        for i in range(table + 1, doc.last[table] + 1):
            if doc.tags[i] == "tr":
                rows += 1
            elif doc.tags[i] in {"td", "th"}:
                cells += 1
            elif doc.tags[i] == "table":
                nested = True
        text = len(doc.text_of(table))
        cached = not nested and rows >= 1 and cells >= 2 * rows and text < 150 * max(cells, 1)
        doc.data_tables[table] = cached
    return cached


def cut_head(texts: list[str], title: str) -> list[str]:
    """Drop the repeated title and the line of date and origin that stand before the first paragraph."""
    wanted = fold(title)
    start = 0
    for i, text in enumerate(texts[:6]):
        folded = fold(text)
        if wanted and folded and (folded == wanted or len(folded) >= 8 and folded in wanted):
            start = i + 1
        elif len(text) < 160 and len(INFO_LINE.findall(text)) >= 1 and not text.endswith("。"):
            start = i + 1
        elif len(text) >= 40:
            break
    return texts[start:]


def cut_tail(texts: list[str]) -> list[str]:
    """Drop the page's tools, the imprint and everything from the first heading of a list of other articles on."""
    total = sum(map(len, texts))
    seen = 0
    kept: list[str] = []
    for text in texts:
        if TAIL_START.search(text) and len(text) < 400 and (seen > 0.5 * total or len(text) < 40 and seen > 0.3 * total):
            break
        seen += len(text)
        if DROP_LINE.search(text) and len(text) < 120:
            continue
        if FOOTER_LINE.search(text) and len(text) < 200 and seen > 0.6 * total:
            continue
        kept.append(text)
    return kept
