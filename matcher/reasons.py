"""Which words of a company met which words of an industry, as points that sum to the fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.space import Space
from qingbao.model import Reason

# That many reasons name words; what is left is one reason more.
NAMED = 6
WORDS_IN_REASON = 4
# A word belongs to the link that lies nearest in the projection; below this cosine nearness is chance.
NEAR = 0.35



@dataclass(frozen=True, slots=True, eq=False)
class LinkWords:
    """The chain links of an industry as numbers of words and, with a projection, as directions of length 1."""

    industry: str
    names: tuple[str, ...]
    holders: dict[int, int]  # word → the link that says it; the shortest one where several do
    directions: NDArray[np.float32] | None  # links × directions of the projection

    @classmethod
    def of(cls, space: Space, industry: str, links: Sequence[tuple[str, tuple[str, ...]]]) -> Self:
        """The links (name, words) in a space's numbering."""
        numbers = space.number
        holders: dict[int, int] = {}
        for i in sorted(range(len(links)), key=lambda i: (-len(links[i][1]), i)):
            holders |= {numbers[word]: i for word in links[i][1] if word in numbers}
        directions = None
        if space.projection is not None and links:
            sums = np.stack([space.projection[[numbers[word] for word in words if word in numbers]].sum(axis=0) for _, words in links])
            directions = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        return cls(industry, tuple(name for name, _ in links), holders, directions)

    def nearest(self, space: Space, terms: NDArray[np.int32]) -> list[int]:
        """For each word the number of the link it belongs to, -1 where it belongs to the industry as a whole."""
        if self.directions is None or space.projection is None or not len(terms):
            return [self.holders.get(int(term), -1) for term in terms]
        vectors = space.projection[terms]
        cosines = (vectors @ self.directions.T) / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        near = np.where(cosines.max(axis=1) > NEAR, cosines.argmax(axis=1), -1)
        return [self.holders.get(int(term), int(link)) for term, link in zip(terms, near)]


def explain(
    space: Space, links: LinkWords, terms: NDArray[np.int32], shares: NDArray[np.float64], fit: float,
) -> tuple[str | None, tuple[Reason, ...]]:
    """The link that a company suits best (None: no link) and the reasons. ``shares``: what each word adds to the raw score.

    The points are the shares scaled to the fit; a company whose words add up to nothing has one reason with all points.
    """
    total = float(shares.sum())
    if total <= 1e-6 or not len(terms):
        return None, (Reason(number="fit", points=fit, code="fit.none", text=f"用词与“{links.industry}”几乎没有交集"),)
    scaled = shares * (fit / total)
    named = np.argsort(-scaled, kind="stable")[: NAMED * WORDS_IN_REASON]
    named = named[scaled[named] > 0]
    groups: dict[int, list[int]] = {}
    for place, link in zip(named, links.nearest(space, terms[named])):
        if len(group := groups.setdefault(link, [])) < WORDS_IN_REASON:
            group.append(int(place))
    weight = {link: float(scaled[places].sum()) for link, places in groups.items()}
    chosen = sorted(groups, key=lambda link: (-weight[link], link))[:NAMED]
    reasons = [
        Reason(number="fit", points=weight[link], code="fit.words", text=f"“{'、'.join(space.words[terms[i]] for i in groups[link])}”对应"
               + (f"环节“{links.names[link]}”" if link >= 0 else f"产业“{links.industry}”"))
        for link in chosen
    ]
    rest = fit - sum(reason.points for reason in reasons)
    if abs(rest) > 1e-9:
        reasons.append(Reason(number="fit", points=rest, code="fit.rest", text="其余用词" if rest > 0 else "与该产业无关的用词"))
    return next((links.names[link] for link in chosen if link >= 0), None), tuple(reasons)
