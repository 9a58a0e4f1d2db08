"""Which words of a company met which words of an industry, as points that sum to the fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.concepts import Word, concepts, weights_of, words_used
from matcher.feedback import SEGMENT_WEIGHT, Field, Wanted
from matcher.space import Floats, Space
from qingbao.model import Reason

# That many words stand in a reason, and that many segments are named.
WORDS_IN_REASON = 4
SEGMENTS_NAMED = 2
# Words of a company that are looked at for reasons, those with most points first.
LOOKED_AT = 16
# A link is met when that much of its name is (by weight: 电池 alone does not meet 电池回收), or when the segments of the
# company lie that near to those of the link (cosine).
MET_BY_WORDS = 0.6
MET_BY_SEGMENTS = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class LinkWords:
    """The chain links of an industry in the numbering of a space."""

    industry: str
    names: tuple[str, ...]
    words: tuple[dict[int, float], ...]  # of each link: word → its share of the link's weight
    segments: Floats  # links × segments of chains, rows of length 1 or 0
    all: NDArray[np.int32]  # words of any link

    @classmethod
    def of(cls, space: Space, industry: str, links: Sequence[tuple[str, tuple[str, ...]]], segments: Floats) -> Self:
        """Links as name and words, and their segments."""
        words = []
        for _, own in links:
            # A word the model never saw still belongs to the name; it weighs as much as the rarest.
            weights = {word: float(space.idf[space.number[word]]) if word in space.number else float(space.idf.max(initial=1.0)) for word in own}
            total = sum(weight**2 for weight in weights.values())
            words.append({space.number[word]: weight**2 / total for word, weight in weights.items() if word in space.number})
        every = np.asarray(sorted({word for own in words for word in own}), dtype=np.int32)
        return cls(industry, tuple(name for name, _ in links), tuple(words), segments, every)

    def met(self, own: Collection[int], near: Sequence[float]) -> dict[int, float]:
        """Numbers of the links that a company meets that has these of their words and lies that near to their segments, with how well (0–2)."""
        out = {}
        for i, words in enumerate(self.words):
            by_words = sum(words[word] for word in words if word in own)
            if by_words >= MET_BY_WORDS or near[i] >= MET_BY_SEGMENTS:
                out[i] = by_words + near[i]
        return out


Explained = tuple[str | None, tuple[Reason, ...]]


def explain(field: Field, wanted: Wanted, links: LinkWords, rows: NDArray[np.intp], fits: Sequence[float]) -> list[Explained]:
    """Of each company in ``rows`` the link that it suits best (None: no link) and the reasons, whose points sum to its fit.

    All that adds to the raw score is scaled to the fit. Many companies at once cost little more than one.
    """
    few = field.vectors.take(rows)
    indptr, terms, shares = field.shares(few, rows, wanted)
    row = np.repeat(np.arange(len(rows)), np.diff(indptr))
    used = [words_used(counts) for counts in field.trade_words(few)]
    own = np.stack([weights_of(words) for words in used]) if used else np.zeros((0, len(wanted.segments)), dtype=np.float32)
    own /= np.maximum(np.sqrt(np.square(own).sum(axis=1, keepdims=True)), np.float32(1e-12))
    by_segment = SEGMENT_WEIGHT * own.astype(np.float64) * wanted.segments
    totals = (np.bincount(row, shares, len(rows)) + by_segment.sum(axis=1)).tolist()
    near = np.stack([(own * link).sum(axis=1) for link in links.segments], axis=1).tolist() if len(links.segments) else [[] for _ in rows]
    linked = np.flatnonzero(np.isin(terms, links.all))
    met: list[set[int]] = [set() for _ in rows]
    for place, term in zip(row[linked].tolist(), terms[linked].tolist()):
        met[place].add(term)
    best = np.lexsort((-shares, row))
    terms, shares = terms[best], shares[best]
    segments = np.argsort(-by_segment, axis=1, kind="stable")[:, :SEGMENTS_NAMED]
    first = zip(segments.tolist(), np.take_along_axis(by_segment, segments, axis=1).tolist())
    out: list[Explained] = []
    for i, (fit, total, (numbers, points)) in enumerate(zip(fits, totals, first)):
        found = links.met(met[i], near[i])
        link = links.names[max(found, key=lambda link: (found[link], -link))] if found else None
        if total <= 1e-6:
            text = f"用词与“{links.industry}”几乎没有交集"
            out.append((link, (Reason(number="fit", points=fit, code="fit.none", text=text),)))
            continue
        scale = fit / total
        span = slice(indptr[i], min(indptr[i] + LOOKED_AT, indptr[i + 1]))
        strongest = zip(terms[span].tolist(), (shares[span] * scale).tolist())
        reasons = _by_segments(used[i], zip(numbers, points), scale) + _by_words(field.space, links, found, strongest)
        rest = fit - sum(reason.points for reason in reasons)
        if abs(rest) > 1e-9:
            reasons.append(Reason(number="fit", points=rest, code="fit.rest", text="其余用词" if rest > 0 else "与该产业无关的用词"))
        out.append((link, tuple(reasons)))
    return out


def _by_segments(used: Sequence[tuple[Word, int]], best: Iterable[tuple[int, float]], scale: float) -> list[Reason]:
    """One reason for each of the segments with most points, with the company's words that belong to it."""
    out = []
    for segment, points in best:
        if points > 0 and (words := sorted((-times, _said(word)) for word, times in used if segment in word.segments)):
            said = dict.fromkeys(one for _, word in words for one in word)
            text = f"“{'、'.join(_shown(list(said)))}”属于“{concepts().names[segment]}”"
            out.append(Reason(number="fit", points=points * scale, code="fit.segment", text=text))
    return out


def _said(word: Word) -> tuple[str, ...]:
    """The word, or its parts where nothing shows that the text has them side by side."""
    return (word.text,) if word.text in word.tokens else word.tokens


def _by_words(space: Space, links: LinkWords, met: dict[int, float], strongest: Iterable[tuple[int, float]]) -> list[Reason]:
    """One reason for each met link with the words it shares with the company, one for the industry as a whole."""
    of = {term: link for link in sorted(met, key=lambda link: (met[link], -link)) for term in links.words[link]}
    words: dict[int, list[str]] = {}
    sums: dict[int, float] = {}
    for term, share in strongest:
        if share <= 0:
            break
        link = of.get(term, -1)
        words.setdefault(link, []).append(space.words[term])
        sums[link] = sums.get(link, 0.0) + share
    return [
        Reason(number="fit", points=sums[link], code="fit.words", text=f"“{'、'.join(_shown(words[link]))}”"
               + (f"对应环节“{links.names[link]}”" if link >= 0 else f"与“{links.industry}”的用词相近"))
        for link in sorted(sums, key=lambda link: -sums[link])
    ]


def _shown(words: Sequence[str]) -> list[str]:
    """The words worth showing: no single characters beside longer words, and none that another one holds."""
    long = [word for word in words if len(word) > 1 or word.isascii()]
    together = "\n".join(long)
    return list(islice((word for word in long if together.count(word) == 1), WORDS_IN_REASON)) or list(words[:WORDS_IN_REASON])
