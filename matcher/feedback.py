"""How a statement learns from companies: from the best ones it finds itself, or from those that staff name as good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.concepts import company_segments, concepts
from matcher.space import Floats, Space
from matcher.vectors import ENOUGH_CHARACTERS, TermVectors

# Pseudo-relevance feedback looks at that many companies. 10 to 50 differ by less than the noise on eval/matching.
LOOKS_AT = 20
# … but never at more than one in twenty: of a hundred companies an industry has a handful.
LOOKS_AT_MOST_ONE_IN = 20
# Share of what the best companies teach in the expanded statement. .3 to .7 differ by less than the noise.
PSEUDO_SHARE = 0.6
# Without a projection the centre of a few companies is mostly their chance words: it counts less, needs a field to
# stand out from, and keeps its strongest words only.
PLAIN_SHARE = 0.3
PLAIN_FROM = 60
PLAIN_WORDS = 40
# Examples of staff count before the machine's own guess: n of them take n / (n + 4) of the statement.
EXAMPLES_HALF = 4.0

# Companies scored at a time where only a few are: their words × directions stay in the cache.
FEW = 128

# Weight of the exact-term part beside the projection, so that a rare product name counts.
LATENT_WEIGHT = 0.8
EXACT_WEIGHT = 0.6
# … and of the segments of chains (matcher.concepts). Fitted with the curves of matcher/calibration.py, where .41 (with a
# projection) and .47 (without) came out; .3 to .5 order eval/matching equally well.
SEGMENT_WEIGHT = 0.43


def unit(vector: Floats) -> Floats:
    """The vector at length 1; a zero vector stays zero."""
    norm = float(np.linalg.norm(vector))
    return np.asarray(vector / norm if norm else vector, dtype=np.float32)


def _latent_norms(projection: Floats, matrix: Any) -> Floats:
    """Length of each company in the projection, in slices so that the dense product never stands in memory as a whole."""
    out = np.empty(matrix.shape[0], dtype=np.float32)
    for start in range(0, matrix.shape[0], 8192):
        out[start : start + 8192] = _lengths(matrix[start : start + 8192] @ projection)
    return out


def _lengths(rows: Floats) -> Floats:
    """Length of each row, 1 for an empty one."""
    out = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return np.where(out > 0, out, np.float32(1.0)).astype(np.float32)


def _by_segments(companies: Floats, wanted: Sequence[Wanted]) -> Floats:
    """Scores by segments, companies × industries. Added up one by one: a matrix product rounds a row by how many others there are."""
    out = np.zeros((len(companies), len(wanted)), dtype=np.float32)
    for column, one in enumerate(wanted):
        for segment in np.flatnonzero(one.segments).tolist():
            out[:, column] += companies[:, segment] * (np.float32(SEGMENT_WEIGHT) * one.segments[segment])
    return out


def best_rows(values: NDArray[np.floating[Any]], top: int | None) -> NDArray[np.intp]:
    """Rows of the greatest values, greatest first, equal ones in their order; all rows for None."""
    if top is None or top >= len(values):
        return np.argsort(-values, kind="stable")
    if top <= 0:
        return np.zeros(0, dtype=np.intp)
    least = np.partition(values, -top)[-top]
    rows = np.flatnonzero(values >= least)
    return rows[np.argsort(-values[rows], kind="stable")][:top]


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What an industry asks for, in three spaces."""

    exact: Floats  # weighed words of the statement
    direction: Floats  # the expanded statement, in the projection, or in words without one
    segments: Floats  # the segments of chains it speaks of


@dataclass(frozen=True, eq=False)
class Field:
    """Companies in a space: what industries learn from and what is scored. What costs time is made when first asked for."""

    space: Space
    vectors: TermVectors
    known_norms: Floats | None = None  # ``norms``, where they are kept from an earlier night

    @cached_property
    def matrix(self) -> Any:
        """Sparse, companies × words, rows of length 1."""
        return self.space.weigh(self.vectors)

    @cached_property
    def norms(self) -> Floats:
        """Length of each company in the projection; ones without a projection."""
        if self.known_norms is not None:
            return self.known_norms
        if self.space.projection is None:
            return np.ones(len(self.vectors), dtype=np.float32)
        return _latent_norms(self.space.projection, self.matrix)

    @cached_property
    def middle(self) -> Floats:
        """The middle of all companies in the projection."""
        assert self.space.projection is not None
        middle = (self.matrix.T @ (1.0 / self.norms)) @ self.space.projection / np.float32(max(1, len(self.norms)))
        return np.asarray(middle, dtype=np.float32)

    @cached_property
    def segments(self) -> Floats:
        """Companies × segments of chains, rows of length 1 or 0."""
        return company_segments(self.vectors)

    @cached_property
    def _trade(self) -> NDArray[np.bool_]:
        """Which words of the vectors are a word of the trade or a part of one."""
        tokens = frozenset(concepts().tokens)
        return np.fromiter((word in tokens for word in self.vectors.words), dtype=np.bool_, count=len(self.vectors.words))

    def trade_words(self, few: TermVectors) -> list[dict[str, int]]:
        """Of each company the counts of its words that make up words of the trade."""
        at = np.flatnonzero(self._trade[few.terms])
        out: list[dict[str, int]] = [{} for _ in few.ids]
        rows = np.searchsorted(few.indptr, at, side="right") - 1
        for row, term, count in zip(rows.tolist(), few.terms[at].tolist(), few.counts[at].tolist()):
            out[row][few.words[term]] = count
        return out

    def shares(
        self, few: TermVectors, rows: NDArray[np.intp], wanted: Wanted,
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
        """The words of a few companies (the vectors of ``rows``) and what each adds to its company's score by words: row pointers, words, shares."""
        indptr, terms, weights = self.space.weights(few)
        if self.space.projection is None:
            near = wanted.direction[terms]
        else:
            # Word by word, not as one product: what it gives may then depend on how many companies are asked about.
            distinct, place = np.unique(terms, return_inverse=True)
            along = np.einsum("ij,j->i", self.space.projection[distinct], wanted.direction)
            near = along[place] / np.repeat(self.norms[rows], np.diff(indptr))
        return indptr, terms, (weights * (EXACT_WEIGHT * wanted.exact[terms] + LATENT_WEIGHT * near)).astype(np.float64)

    def scores(self, wanted: Sequence[Wanted]) -> Floats:
        """Raw scores, companies × industries: by words, by direction and by segments, added up."""
        both = self.matrix @ self._columns(wanted)
        out = both[:, : len(wanted)] + both[:, len(wanted) :] / self.norms[:, None] + _by_segments(self.segments, wanted)
        return np.asarray(out, dtype=np.float32)

    def scores_of(self, rows: NDArray[np.intp], wanted: Sequence[Wanted]) -> tuple[Floats, Floats]:
        """``scores`` and ``norms`` of a few companies, without weighing all and without loading what large products need.

        The same but for the last bit, which how many are multiplied at once decides.
        """
        few, columns = self.vectors.take(rows), self._columns(wanted)
        both, norms = np.zeros((len(rows), columns.shape[1]), dtype=np.float32), np.ones(len(rows), dtype=np.float32)
        indptr, terms, weights = self.space.weights(few)
        for start in range(0, len(rows), FEW):
            full = start + np.flatnonzero(np.diff(indptr[start : start + FEW + 1]))
            if not len(full):
                continue
            span = slice(indptr[start], indptr[min(start + FEW, len(rows))])
            at, held = indptr[full] - indptr[start], weights[span, None]
            both[full] = np.add.reduceat(columns[terms[span]] * held, at)
            if self.space.projection is not None:
                norms[full] = _lengths(np.add.reduceat(self.space.projection[terms[span]] * held, at))
        out = both[:, : len(wanted)] + both[:, len(wanted) :] / norms[:, None] + _by_segments(company_segments(few), wanted)
        return np.asarray(out, dtype=np.float32), norms

    def _columns(self, wanted: Sequence[Wanted]) -> Floats:
        """What each word gives to each industry: itself in the first half, along its direction in the second."""
        same = np.stack([np.float32(EXACT_WEIGHT) * one.exact for one in wanted], axis=1)
        directions = np.stack([np.float32(LATENT_WEIGHT) * one.direction for one in wanted], axis=1)
        return np.concatenate([same, directions if self.space.projection is None else self.space.projection @ directions], axis=1)

    def start(self, exact: Floats) -> Floats:
        """The statement itself as a direction: in the projection, or in words without one."""
        return exact if self.space.projection is None else unit(exact @ self.space.projection)

    def centre(self, rows: NDArray[np.intp], weights: Floats) -> Floats:
        """Where some companies lie: in the projection as seen from the middle of all companies, else their strongest words."""
        picked = self.matrix[rows]
        if self.space.projection is None:
            words = np.asarray(picked.T @ weights, dtype=np.float32).ravel()
            if (words > 0).sum() > PLAIN_WORDS:
                words[words < np.partition(words, -PLAIN_WORDS)[-PLAIN_WORDS]] = 0.0
            return unit(words)
        centre = ((picked @ self.space.projection) / self.norms[rows][:, None]).T @ weights
        return unit(np.asarray(unit(centre) - self.middle, dtype=np.float32))


def expanded(field: Field, exact: Floats, segments: Floats, examples: Sequence[int]) -> Wanted:
    """What an industry asks for: its statement moved towards the companies it learns from.

    ``exact``: weighed words of the statement; ``segments``: those it speaks of; ``examples``: rows that staff named.
    """
    direction = field.start(exact)
    if examples:
        rows = np.asarray(sorted(examples), dtype=np.intp)
        share = len(rows) / (len(rows) + EXAMPLES_HALF)
        direction = unit((1.0 - share) * direction + share * field.centre(rows, np.ones(len(rows), dtype=np.float32)))
        segments = unit((1.0 - share) * segments + share * unit(field.segments[rows].sum(axis=0)))
    if field.space.projection is None and len(field.vectors) < PLAIN_FROM:
        return Wanted(exact, direction, segments)
    scores = field.scores([Wanted(exact, direction, segments)])[:, 0]
    raw = np.where(field.vectors.lengths >= ENOUGH_CHARACTERS, scores, 0.0).astype(np.float32)
    rows = best_rows(raw, min(LOOKS_AT, max(1, len(raw) // LOOKS_AT_MOST_ONE_IN)))
    rows = rows[raw[rows] > 0]
    if len(rows):
        share = PLAIN_SHARE if field.space.projection is None else PSEUDO_SHARE
        direction = unit((1.0 - share) * direction + share * field.centre(rows, raw[rows]))
    return Wanted(exact, direction, segments)
