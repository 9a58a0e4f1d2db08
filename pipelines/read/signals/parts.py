"""A document cut for reading: title, blocks (items of a round-up), sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.read.signals import words
from pipelines.read.signals.clean import CleanText, clean

# What is read of one text at most. News is shorter by an order of magnitude; the bound keeps time and memory flat on dumps.
MAX_CHARS = 40_000
_SENTENCE_END = re.compile(r"[。!?!?\n]+[”\"」』)]?|;(?=\S)")
_LEAD = re.compile(r"^\s*【([^】]{4,80})】")
_ORIGINAL = re.compile(r"^\s*原标题[::]\s*(.{4,90}?)(?:\s{2,}|来源[::]|\n|$)")
_ITEM_HEAD = re.compile(r"^\s*(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.、)]\s*|[①-⑳]|[(（]\d{1,2}[)）]\s*|▲|■|●|◆)?\s*([^:。;!?\n]{2,20})[::]\s*(\S.{3,70})$")
_FLASH = re.compile(r"【[^】\n]{4,80}】")
_NOISE = re.compile(
    r"^\s*(?:(?:文|图|来源|编辑|作者|责编|责任编辑|记者|校对|审核|监制|摄影|图源)\s*[|丨｜::/].{0,40}|相关报道|相关阅读|延伸阅读|免责声明.*|.{0,6}(?:扫码|二维码|公众号).{0,30}|"
    r"\d+、\d{4}\(第.{1,3}届\).{0,60}评.{0,30})\s*$"
)


@dataclass
class Sentence:
    """A sentence of the clean text of its document part. ``start`` counts from the part's beginning; ``part`` is "title" or "text"."""

    text: str
    start: int
    part: str
    block: int
    index: int = 0
    _clauses: list[tuple[int, int]] | None = field(default=None, repr=False)

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @cached_property
    def words(self) -> list[words.Word]:
        """Its words, with offsets inside the sentence."""
        return words.cut(self.text)

    @cached_property
    def starts(self) -> frozenset[int]:
        """Offsets at which a word begins."""
        return frozenset(w.start for w in self.words)

    @cached_property
    def ends(self) -> frozenset[int]:
        """Offsets at which a word ends."""
        return frozenset(w.end for w in self.words)

    @property
    def clauses(self) -> list[tuple[int, int]]:
        """Spans between commas."""
        if self._clauses is None:
            cuts = [0, *(m.end() for m in re.finditer(r"[,;:](?!\d{3})", self.text)), len(self.text)]
            self._clauses = [(a, b) for a, b in itertools.pairwise(cuts) if b > a]
        return self._clauses

    def clause_at(self, offset: int) -> tuple[int, int]:
        """The clause in which an offset lies."""
        for a, b in self.clauses:
            if a <= offset < b:
                return a, b
        return 0, len(self.text)


@dataclass
class Document:
    """Title and text, cleaned, cut into sentences; ``blocks`` counts the items of a round-up (1 for ordinary news)."""

    title: CleanText
    body: CleanText
    sentences: list[Sentence]
    blocks: int
    heads: dict[int, str]  # block → its own headline

    def clean_of(self, sentence: Sentence) -> CleanText:
        """The part that a sentence belongs to."""
        return self.title if sentence.part == "title" else self.body


def cut_document(title: str, text: str) -> Document:
    """Clean and cut. Sentences of the title come first; every sentence knows its block."""
    clean_title = clean(title[:300].replace("\n", " "))
    body = clean(text[:MAX_CHARS])
    sentences: list[Sentence] = []
    if clean_title.text.strip():
        sentences += [Sentence(piece, start, "title", 0) for start, piece in _split(clean_title.text)]
    heads: dict[int, str] = {}
    block = 0
    rows = _lines(body.text)
    roundup = _roundup_heads(rows)
    started = False
    for number, (start, line) in enumerate(rows):
        if _NOISE.match(line):
            continue
        if number in roundup:
            block = block + 1 if started or block == 0 else block
            started = True
            heads[block] = line.strip()
        for offset, piece in _split(line):
            sentences.append(Sentence(piece, start + offset, "text", block))
        if roundup and number in roundup:
            continue
    for index, sentence in enumerate(sentences):
        sentence.index = index
    return Document(clean_title, body, sentences, block + 1, heads)


def own_title(document: Document) -> str:
    """The title, or what the text itself puts in its place: 【…】, 原标题, else nothing."""
    if document.title.text.strip():
        return document.title.text
    for pattern in (_LEAD, _ORIGINAL):
        match = pattern.match(document.body.text)
        if match:
            return match[1]
    return ""


def _lines(text: str) -> list[tuple[int, str]]:
    """Lines with their places; 【…】 flashes that follow each other in one line are lines of their own."""
    out: list[tuple[int, str]] = []
    position = 0
    for line in text.split("\n"):
        cuts = [m.start() for m in _FLASH.finditer(line) if m.start() > 0]
        edges = [0, *cuts, len(line)]
        for a, b in itertools.pairwise(edges):
            if line[a:b].strip():
                out.append((position + a, line[a:b]))
        position += len(line) + 1
    return out


def _split(line: str) -> list[tuple[int, str]]:
    pieces: list[tuple[int, str]] = []
    position = 0
    for match in _SENTENCE_END.finditer(line):
        if match.end() - position > 1:
            pieces.append((position, line[position : match.end()]))
        position = match.end()
    if position < len(line):
        pieces.append((position, line[position:]))
    out = []
    for start, piece in _short(pieces):
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            out.append((start + lead, piece.strip()))
    return out


# A longer sentence (a table without line ends, a list of a hundred firms) is cut at commas, so that work within sentences stays small.
_LONGEST = 700


def _short(pieces: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for start, piece in pieces:
        while len(piece) > _LONGEST:
            comma = max(piece.rfind(sign, 300, _LONGEST) for sign in ",、 ")
            cut = comma + 1 if comma > 0 else _LONGEST
            yield start, piece[:cut]
            start, piece = start + cut, piece[cut:]
        yield start, piece


def _roundup_heads(rows: list[tuple[int, str]]) -> set[int]:
    """Numbers of lines that head an item: "X:…" whose next line begins with X, or 【…】 flashes, where at least two are there."""
    heads: set[int] = set()
    for number, (_, line) in enumerate(rows):
        following = rows[number + 1][1] if number + 1 < len(rows) else ""
        match = _ITEM_HEAD.match(line)
        if (match and following and len(following) > 20 and match[1][-4:] in following[: len(match[1]) + 40]) or _FLASH.match(line) or (_is_short_head(line) and following and len(following) > 30 and re.match(r"\s*(?:该项目|本项目|项目)", following)):
            heads.add(number)
    return heads if len(heads) >= 2 else set()


def _is_short_head(line: str) -> bool:
    return 3 <= len(line.strip()) <= 30 and not re.search(r"[。,;!?]", line)
