"""The chosen part of a page as text: paragraphs by line break, cells by tab, head and tail lines cut."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.read.body import Body, is_digest, talk_lines
from pipelines.read.boilerplate import (
    DECLARATION,
    DROP_LINE,
    EDITOR_LINE,
    ENGLISH_HEAD,
    FOOTER_LINE,
    INDEX_LABEL,
    INFO_LINE,
    TAIL_START,
    TRAILING,
    plain,
)
from pipelines.read.markup import Doc, Line, is_data_table, lines_of
from qingbao.dates import find_moments

_MAX_TEXT = 400_000  # characters kept of one article
_LABEL_LENGTH = 400  # characters of a line that may hold a label
_HEAD = 30  # lines in which a head is looked for
_INFO_HEAD = 12  # lines in which a line of date and origin may stand
_ENOUGH = 40  # characters of article before an editor's name or a declaration can be its end
_PARAGRAPH = 25  # characters of a line that is text
_ALLOWANCE = 200  # characters of declaration or digests that may follow even a flash
_ATTACHED = re.compile(r"附件|附表|附图|\.(?:pdf|docx?|xlsx?|wps|zip|rar|ofd|pptx?)\b", re.I)
_HEAD_MARK = re.compile(r"tit|bt|head|info|meta|time|date|source|author|sub|path|crumb", re.I)


def fold(text: str) -> str:
    """Letters and digits only, for comparing lines."""
    return "".join(c for c in text.lower() if c.isalnum())


def render(doc: Doc, body: Body, title: str) -> str:
    """Text of the body."""
    lines = _once(list(table_lines(doc, body)))
    lines = cut_head(doc, body, lines, title)
    return "\n".join(cut_tail(lines))[:_MAX_TEXT]


def _once(lines: list[Line]) -> list[Line]:
    """Without paragraphs that were there before: bodies for desktop and telephone stand in one page."""
    seen: set[str] = set()
    kept: list[Line] = []
    for line in lines:
        folded = fold(line.text)
        if len(folded) >= 20 and "\t" not in line.text:
            if folded in seen:
                continue
            seen.add(folded)
        kept.append(line)
    return kept


def table_lines(doc: Doc, body: Body) -> Iterable[Line]:
    """Lines of the body, the cells of a row in one line."""
    row_of: dict[int, int | None] = {}
    held: list[Line] = []
    held_row: int | None = None

    def joined(row: int | None) -> Line:
        # Empty cells are kept: without them the values below a header would stand in the wrong column.
        cells: dict[int, list[str]] = {i: [] for i in range(row or 0, doc.last[row or 0] + 1) if doc.tags[i] in {"td", "th"}} if row else {}
        for line in held:
            cells.setdefault(_cell(doc, line.node), []).append(line.text)
        text = "\t".join(" ".join(parts) for parts in cells.values()).rstrip("\t")
        return Line(text, held[0].node, sum(x.links for x in held), sum(x.link_count for x in held))

    for line in lines_of(doc, body.node, body.skip):
        if line.node not in row_of:
            row_of[line.node] = _data_row(doc, line.node, body.node)
        row = row_of[line.node]
        if held and row != held_row:
            yield joined(held_row)
            held = []
        if row is None:
            yield line
        else:
            held.append(line)
            held_row = row
    if held:
        yield joined(held_row)


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
            return row if row is not None and is_data_table(doc, i) else None
    return row


def cut_head(doc: Doc, body: Body, lines: list[Line], title: str) -> list[Line]:
    """Drop what stands between the top of the container and the first paragraph: path, repeated title, line of date and origin, index table."""
    wanted = fold(title)
    start = 0
    label_open = False
    for i, line in enumerate(lines[:_HEAD]):
        text = line.text
        folded = fold(text)
        plain = doc.tags[line.node] == "p" and not _marked(doc, line.node, body.node)
        if wanted and folded == wanted:
            start = i if plain and start == i else i + 1
            if not plain:
                continue
            break
        if INDEX_LABEL.search(text) and len(text) < 300:
            label_open = _only_labels(text.split("\t"))
            if i == start or "\t" in text or label_open:
                start = i + 1
                continue
        if label_open and "。" not in text and (len(text) < 60 or ("\t" in text and len(text) < 300)):
            label_open = False
            start = i + 1
            continue
        if (i < _INFO_HEAD and _is_info(text, line)) or (start == i and i and len(text) <= 12 and (line.links or doc.tags[line.node] not in {"p", "h2", "h3", "h4"}) and text[-1] not in "。！？："):
            start = i + 1
        elif len(text) >= 40 or (plain and len(text) > 12):
            break
    return lines[start:]


def _only_labels(cells: list[str]) -> bool:
    """A lone label, or a row of labels whose values stand in the next one."""
    return all(len(cell) < 12 for cell in cells) and 5 * sum(bool(INDEX_LABEL.match(cell)) for cell in cells) >= 4 * len(cells)


def _is_info(text: str, line: Line) -> bool:
    if len(text) >= 160 or text.endswith("。"):
        return False
    if INFO_LINE.search(plain(text)) or ENGLISH_HEAD.match(text):
        return True
    moment = next(find_moments(text), None) if "20" in text or "19" in text else None
    return (moment is not None and len(text) - (moment.end - moment.start) <= (50 if moment.minute_known else 30)) or (line.links > 0.6 * len(text) and len(text) < 60 and ">" in text)


def _marked(doc: Doc, node: int, top: int) -> bool:
    """Has the line's element, or one between it and the body, a class that tells it from running text?"""
    for i in doc.ancestors(node):
        if i <= top:
            return False
        if doc.tags[i] in {"h1", "h2", "h3", "h4"} or _HEAD_MARK.search(doc.marks[i]):
            return True
    return False


def cut_tail(lines: list[Line]) -> list[str]:
    """Drop the page's tools, the imprint and everything from the first heading of a list of other articles on."""
    total = sum(len(line.text) for line in lines)
    seen = 0
    kept: list[str] = []
    for i, line in enumerate(lines):
        text = line.text
        label = plain(text[:_LABEL_LENGTH])
        if (DECLARATION.search(label) and _is_end(lines, i, seen)) or (len(text) < 400 and TAIL_START.search(label) and (seen > 0.5 * total or (len(text) < 40 and seen > 0.3 * total))):
            break
        if i < _INFO_HEAD and len(text) < 120 and ENGLISH_HEAD.match(text):
            continue
        if len(text) < 60 and EDITOR_LINE.match(label) and _is_end(lines, i, seen):
            break
        seen += len(text)
        if len(text) < 120 and DROP_LINE.search(label) and not ("原标题" in text[:6] and i > 3):
            continue
        if len(text) < 200 and seen > 0.6 * total and FOOTER_LINE.search(label):
            continue
        if line.links >= 0.8 * len(text) and 6 <= len(text) < 80 and "\t" not in text and not _ATTACHED.search(text) and not (line.links == len(text) and _inside_list(lines, i)):
            continue
        text = TRAILING.sub("", text)
        if text:
            kept.append(text)
    return kept


def _is_end(lines: list[Line], i: int, seen: int) -> bool:
    """Can an editor's name or a declaration end the article here? Not before there was text, nor before far more of it."""
    talk = talk_lines(lines)
    after = sum(
        len(lines[k].text)
        for k in range(i + 1, len(lines))
        if len(lines[k].text) >= _PARAGRAPH and lines[k].links < 0.3 * len(lines[k].text) and not (is_digest(lines, k) or k + 1 in talk or k + 2 in talk)
    )
    return seen >= _ENOUGH and after <= 2 * seen + _ALLOWANCE


def _inside_list(lines: list[Line], i: int) -> bool:
    """Is a line that is one link among unlinked text lines on both sides, a linked subheading or name?"""
    around = lines[max(0, i - 1): i] + lines[i + 1: i + 2]
    return len(around) == 2 and all(line.links < 0.3 * len(line.text) and len(line.text) > 30 for line in around)
