"""Which words of a company met which words of an industry, as points that sum to the fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.concepts import Word, concepts, segments_of, text_segments
from matcher.feedback import SEGMENT_WEIGHT
from matcher.space import Floats, Space
from qingbao.model import Reason
from qingbao.text import HAN

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

    @classmethod
    def of(cls, space: Space, industry: str, links: Sequence[tuple[str, tuple[str, ...]]]) -> Self:
        """Links as name and words."""
        words = []
        for _, own in links:
            # A word the model never saw still belongs to the name; it weighs as much as the rarest.
            weights = {word: float(space.idf[space.number[word]]) if word in space.number else float(space.idf.max(initial=1.0)) for word in own}
            total = sum(weight**2 for weight in weights.values())
            words.append({space.number[word]: weight**2 / total for word, weight in weights.items() if word in space.number})
        segments = np.stack([text_segments(name) for name, _ in links]) if links else np.zeros((0, len(concepts().names)), dtype=np.float32)
        return cls(industry, tuple(name for name, _ in links), tuple(words), segments)

    def met(self, terms: NDArray[np.int32], segments: Floats) -> dict[int, float]:
        """Numbers of the links that a company with these words and segments meets, with how well (0–2)."""
        own = set(terms.tolist())
        near = (self.segments @ segments).tolist()
        out = {}
        for i, words in enumerate(self.words):
            by_words = sum(words[word] for word in words if word in own)
            if by_words >= MET_BY_WORDS or near[i] >= MET_BY_SEGMENTS:
                out[i] = by_words + near[i]
        return out


def explain(
    space: Space, links: LinkWords, terms: NDArray[np.int32], shares: NDArray[np.float64], used: Sequence[tuple[Word, int]], asked: Floats, fit: float,
) -> tuple[str | None, tuple[Reason, ...]]:
    """The link that a company suits best (None: no link) and the reasons, whose points sum to ``fit``.

    ``shares``: what each word of the company (``terms``) adds to its raw score; ``used``: its words of the trade; ``asked``:
    the segments of chains that the industry speaks of. All that adds to the raw score is scaled to the fit.
    """
    own = segments_of(used)
    by_segment = SEGMENT_WEIGHT * own.astype(np.float64) * asked
    total = float(shares.sum() + by_segment.sum())
    met = links.met(terms, own)
    best = max(met, key=lambda link: (met[link], -link), default=None)
    link = links.names[best] if best is not None else None
    if total <= 1e-6:
        return link, (Reason(number="fit", points=fit, code="fit.none", text=f"用词与“{links.industry}”几乎没有交集"),)
    reasons = _by_segments(used, by_segment * (fit / total)) + _by_words(space, links, met, terms, shares * (fit / total))
    rest = fit - sum(reason.points for reason in reasons)
    if abs(rest) > 1e-9:
        reasons.append(Reason(number="fit", points=rest, code="fit.rest", text="其余用词" if rest > 0 else "与该产业无关的用词"))
    return link, tuple(reasons)


def _by_segments(used: Sequence[tuple[Word, int]], points: NDArray[np.float64]) -> list[Reason]:
    """One reason for each of the segments with most points, with the company's words that belong to it."""
    out = []
    for segment in np.argsort(-points, kind="stable")[:SEGMENTS_NAMED].tolist():
        if points[segment] > 0 and (words := sorted((-times, _said(word)) for word, times in used if segment in word.segments)):
            said = dict.fromkeys(one for _, word in words for one in word)
            text = f"“{'、'.join(_shown(list(said)))}”属于“{concepts().names[segment]}”"
            out.append(Reason(number="fit", points=float(points[segment]), code="fit.segment", text=text))
    return out


def _said(word: Word) -> tuple[str, ...]:
    """The word, or its parts where nothing shows that the text has them side by side."""
    return (word.text,) if word.text in word.tokens else word.tokens


def _by_words(space: Space, links: LinkWords, met: dict[int, float], terms: NDArray[np.int32], points: NDArray[np.float64]) -> list[Reason]:
    """One reason for each met link with the words it shares with the company, one for the industry as a whole."""
    best_first = sorted(met, key=lambda link: -met[link])
    places = np.argsort(-points, kind="stable")[:LOOKED_AT]
    words: dict[int, list[str]] = {}
    sums: dict[int, float] = {}
    for term, share in zip(terms[places].tolist(), points[places].tolist()):
        if share <= 0:
            break
        link = next((link for link in best_first if term in links.words[link]), -1)
        words.setdefault(link, []).append(space.words[term])
        sums[link] = sums.get(link, 0.0) + share
    return [
        Reason(number="fit", points=sums[link], code="fit.words", text=f"“{'、'.join(_shown(words[link]))}”"
               + (f"对应环节“{links.names[link]}”" if link >= 0 else f"与“{links.industry}”的用词相近"))
        for link in sorted(sums, key=lambda link: -sums[link])
    ]


def _shown(words: Sequence[str]) -> list[str]:
    """The words worth showing: no single characters beside longer words, and none that another one holds."""
    long = [word for word in words if len(word) > 1 or not HAN.match(word)]
    together = "\n".join(long)
    return [word for word in long if together.count(word) == 1][:WORDS_IN_REASON] or list(words[:WORDS_IN_REASON])
