"""Segments of industrial chains as a second space: what a text makes or wants, whatever words it uses for it.

News says 覆铜板 where a plan says 印刷电路板, and 生物 in 生物基材料 is no reason to bring a brewery. ``data/concepts.txt`` names
75 segments with the products, processes and materials that make them up; a company and an industry are compared by the
segments whose words they use. On eval/matching this adds .02 NDCG@20 and .03 MAP to whole texts, .04 and .04 to their middle 80
characters (docs/matching.md).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log

import numpy as np
from numpy.typing import NDArray

from matcher.statement import LINK_IMPORTANCE, TEXT_IMPORTANCE
from matcher.tokens import counts_as_word, listed, readable
from matcher.vectors import TermVectors
from qingbao.model import Industry
from qingbao.text import cut_search, fold_all

# The name of an industry against the name of a link.
NAME_IMPORTANCE = 1.5

# What a word that every firm says of itself (data/everyday_words.txt) counts against a word of its trade alone.
EVERYDAY = 0.35

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the trade: the tokens into which a text that uses it is cut, the segments it belongs to, the longer words around it."""

    text: str
    tokens: tuple[str, ...]
    segments: tuple[int, ...]
    around: tuple[str, ...]
    share: float  # what one use gives to each of its segments


@dataclass(frozen=True, slots=True)
class Concepts:
    """All segments; ``words`` longest first, so that 光伏玻璃 is counted before 光伏."""

    names: tuple[str, ...]
    words: tuple[Word, ...]
    tokens: tuple[str, ...]  # of all words
    by_token: dict[str, tuple[int, ...]]  # token → places of the words whose longest token it is


@cache
def _rows() -> tuple[str, ...]:
    return tuple(row for row in (files("matcher") / "data" / "concepts.txt").read_text("utf-8").splitlines() if row and not row.startswith("#"))


@cache
def table_key() -> str:
    """Changes with the table. Known before any word is cut."""
    return hashlib.blake2b("\n".join([*_rows(), *sorted(listed("everyday_words.txt"))]).encode(), digest_size=8).hexdigest()


@cache
def concepts() -> Concepts:
    """The table, read once."""
    of: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(fold_all([row.partition(":")[2] for row in _rows()])):
        for word in dict.fromkeys(line.split()):
            of[word].append(number)
    ordered = sorted(of, key=lambda word: (-len(word), word))
    around: dict[str, list[str]] = defaultdict(list)
    for longer in ordered:
        for word in {longer[a:b] for a in range(len(longer)) for b in range(a + 1, len(longer) + 1)} & of.keys():
            if word != longer:
                around[word].append(longer)
    tokens: list[list[str]] = [[]]
    for token in cut_search("\n".join(ordered)):  # all at once
        if token == "\n":
            tokens.append([])
        elif counts_as_word(token):
            tokens[-1].append(token)
    everyday = listed("everyday_words.txt")
    words = tuple(
        Word(word, tuple(dict.fromkeys(own)), tuple(of[word]), tuple(around[word]), (EVERYDAY if word in everyday else 1.0) / len(of[word]))
        for word, own in zip(ordered, tokens, strict=True)
    )
    by_token: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(words):
        by_token[max(one.tokens, key=len)].append(place)
    return Concepts(tuple(row.partition(":")[0] for row in _rows()), words, tuple(dict.fromkeys(token for one in words for token in one.tokens)),
                    {token: tuple(places) for token, places in by_token.items()})


def _unit(vector: Floats) -> Floats:
    norms = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.where(norms > 0, norms, 1.0), dtype=np.float32)


def words_used(counts: Mapping[str, int]) -> list[tuple[Word, int]]:
    """Words of the trade that a text with these token counts uses, longest first, and how often.

    A word inside a longer one is not used by itself: 光伏玻璃 is no 光伏.
    """
    table = concepts()
    left: dict[str, int] = {}
    out = []
    for place in sorted({place for token in counts for place in table.by_token.get(token, ())}):
        word = table.words[place]
        used = 255
        for token in word.tokens:
            if not (times := counts.get(token, 0)):
                used = 0
                break
            used = min(used, times)
        for longer in word.around if used else ():
            used -= left.get(longer, 0)
        if used > 0:
            left[word.text] = used
            out.append((word, used))
    return out


def weights_of(used: Iterable[tuple[Word, int]]) -> Floats:
    """What each segment gets from these words of the trade."""
    out = [0.0] * len(concepts().names)
    for word, times in used:
        share = (1 + log(times)) * word.share
        for segment in word.segments:
            out[segment] += share
    return np.asarray(out, dtype=np.float32)


def segments_of(used: Iterable[tuple[Word, int]]) -> Floats:
    """What a text with these words of the trade speaks of: a vector over segments of length 1, or 0 without any."""
    weights = weights_of(used)
    return weights / (np.sqrt(weights @ weights) or np.float32(1.0))


def text_segments(text: str) -> Floats:
    """What a text speaks of: a vector over segments of length 1, or 0 where it uses no word of the trade."""
    return segments_of(words_used(Counter(cut_search(readable(text)))))


def industry_segments(industry: Industry) -> Floats:
    """What an industry asks for: a vector over segments of length 1, or 0 where the statement uses no word of the trade."""
    parts = [(industry.name, NAME_IMPORTANCE), (industry.text, TEXT_IMPORTANCE), *((link.name, LINK_IMPORTANCE) for link in industry.chain_links)]
    total = sum((importance * weights_of(words_used(Counter(cut_search(readable(text))))) for text, importance in parts), np.zeros(len(concepts().names), dtype=np.float32))
    return _unit(np.asarray(total, dtype=np.float32))


def link_segments(industry: Industry) -> Floats:
    """What each chain link of an industry speaks of: links × segments, rows of length 1 or 0."""
    rows = [text_segments(link.name) for link in industry.chain_links]
    return np.stack(rows) if rows else np.zeros((0, len(concepts().names)), dtype=np.float32)


def company_segments(vectors: TermVectors) -> Floats:
    """Companies × segments, rows of length 1, or 0 where a text uses no word of the trade.

    Goes by word and not by company: of each word only the companies that have its tokens are looked at.
    """
    table = concepts()
    column = {token: i for i, token in enumerate(table.tokens)}
    columns = np.fromiter((column.get(word, -1) for word in vectors.words), dtype=np.int32, count=len(vectors.words))
    held = np.flatnonzero(columns[vectors.terms] >= 0)
    token = columns[vectors.terms[held]]
    order = np.argsort(token, kind="stable")
    company = np.repeat(np.arange(len(vectors)), np.diff(vectors.indptr))[held][order]
    counts = vectors.counts[held][order].astype(np.int32)
    starts = np.searchsorted(token[order], np.arange(len(column) + 1)).tolist()
    out = np.zeros((len(vectors), len(table.names)), dtype=np.float32)
    beside = np.zeros(len(vectors), dtype=np.int32)  # all zero between two uses
    left: dict[str, tuple[NDArray[np.intp], NDArray[np.int32]]] = {}
    for word in table.words:
        spans = sorted((slice(starts[column[one]], starts[column[one] + 1]) for one in word.tokens), key=lambda span: span.stop - span.start)
        rows, used = company[spans[0]], counts[spans[0]]
        for span in spans[1:]:
            beside[company[span]] = counts[span]
            used = np.minimum(used, beside[rows])
            beside[company[span]] = 0
        for longer in word.around:
            if longer in left:
                beside[left[longer][0]] = left[longer][1]
                used = used - beside[rows]
                beside[left[longer][0]] = 0
        rows, used = rows[used > 0], used[used > 0]
        if len(rows):
            left[word.text] = rows, used
            for segment in word.segments:
                out[rows, segment] += (1 + np.log(used)) * word.share
    return _unit(out)
