"""Segments of industrial chains as a second space: what a text makes or wants, whatever words it uses for it.

News says 覆铜板 where a plan says 印刷电路板, and 生物 in 生物基材料 is no reason to bring a brewery. ``data/concepts.txt`` names
75 segments with the products, processes and materials that make them up; a company and an industry are compared by the
segments whose words they use. On eval/matching this adds .02 NDCG@20 and .03 MAP to whole texts, .04 and .04 to their middle 80
characters (docs/matching.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log

import numpy as np
from numpy.typing import NDArray

from matcher.statement import LINK_IMPORTANCE, TEXT_IMPORTANCE
from matcher.tokens import readable
from matcher.vectors import TermVectors
from qingbao.model import Industry
from qingbao.text import cut_search, fold

# The name of an industry against the name of a link.
NAME_IMPORTANCE = 1.5
ROWS_AT_ONCE = 20_000

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the trade: the tokens into which a text that uses it is cut, the segments it belongs to, the longer words around it."""

    text: str
    tokens: tuple[str, ...]
    segments: tuple[int, ...]
    around: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concepts:
    """All segments; ``words`` longest first, so that 光伏玻璃 is counted before 光伏."""

    names: tuple[str, ...]
    words: tuple[Word, ...]


@cache
def concepts() -> Concepts:
    """The table, read once."""
    rows = [row for row in (files("matcher") / "data" / "concepts.txt").read_text("utf-8").splitlines() if row and not row.startswith("#")]
    of: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for word in dict.fromkeys(fold(one) for one in row.partition(":")[2].split()):
            of[word].append(number)
    ordered = sorted(of, key=lambda word: (-len(word), word))
    words = tuple(
        Word(word, tuple(dict.fromkeys(cut_search(word))), tuple(of[word]), tuple(longer for longer in ordered if len(longer) > len(word) and word in longer))
        for word in ordered
    )
    return Concepts(tuple(row.partition(":")[0] for row in rows), words)


def _unit(vector: Floats) -> Floats:
    norms = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.where(norms > 0, norms, 1.0), dtype=np.float32)


def _segments(counts: Mapping[str, int]) -> Floats:
    """Segment weights of one text from its token counts; not normalised."""
    table = concepts()
    left: dict[str, int] = {}
    out = np.zeros(len(table.names), dtype=np.float32)
    for word in table.words:
        used = min((counts.get(token, 0) for token in word.tokens), default=0)
        if used:
            used -= sum(left.get(longer, 0) for longer in word.around)
        if used > 0:
            left[word.text] = used
            for segment in word.segments:
                out[segment] += (1 + log(used)) / len(word.segments)
    return out


def industry_segments(industry: Industry) -> Floats:
    """What an industry asks for: a vector over segments of length 1, or 0 where the statement uses no word of the trade."""
    parts = [(industry.name, NAME_IMPORTANCE), (industry.text, TEXT_IMPORTANCE), *((link.name, LINK_IMPORTANCE) for link in industry.chain_links)]
    total = sum((importance * _segments(Counter(cut_search(readable(text)))) for text, importance in parts), np.zeros(len(concepts().names), dtype=np.float32))
    return _unit(np.asarray(total, dtype=np.float32))


def company_segments(vectors: TermVectors) -> Floats:
    """Companies × segments, rows of length 1, or 0 where a text uses no word of the trade."""
    from scipy.sparse import csr_matrix

    table = concepts()
    number = {word: i for i, word in enumerate(vectors.words)}
    tokens = sorted({token for word in table.words for token in word.tokens if token in number})
    column = {token: i for i, token in enumerate(tokens)}
    known = [word for word in table.words if all(token in column for token in word.tokens)]
    whole = csr_matrix((vectors.counts.astype(np.int16), vectors.terms, vectors.indptr), shape=(len(vectors), len(vectors.words)))
    picked = whole[:, [number[token] for token in tokens]]
    out = np.zeros((len(vectors), len(table.names)), dtype=np.float32)
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        block = np.asfortranarray(picked[start:start + ROWS_AT_ONCE].toarray())
        left: dict[str, NDArray[np.int16]] = {}
        for word in known:
            used = block[:, [column[token] for token in word.tokens]].min(axis=1)
            for longer in word.around:
                if longer in left:
                    used = used - left[longer]
            rows = np.flatnonzero(used > 0)
            if not len(rows):
                continue
            left[word.text] = np.maximum(used, 0)
            weight = (1 + np.log(used[rows])) / len(word.segments)
            for segment in word.segments:
                out[start + rows, segment] += weight
    return _unit(out)
