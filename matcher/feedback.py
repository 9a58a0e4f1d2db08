"""How a statement learns from companies: from the best ones it finds itself, or from those that staff name as good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.space import Floats, Space

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

# Weight of the exact-term part beside the projection, so that a rare product name counts.
LATENT_WEIGHT = 0.8
EXACT_WEIGHT = 0.6


def unit(vector: Floats) -> Floats:
    """The vector at length 1; a zero vector stays zero."""
    norm = float(np.linalg.norm(vector))
    return np.asarray(vector / norm if norm else vector, dtype=np.float32)


def latent_norms(space: Space, matrix: Any) -> Floats:
    """Length of each company in the projection, in slices so that the dense product never stands in memory as a whole."""
    assert space.projection is not None
    out = np.empty(matrix.shape[0], dtype=np.float32)
    for start in range(0, matrix.shape[0], 8192):
        part = matrix[start : start + 8192] @ space.projection
        out[start : start + 8192] = np.sqrt(np.einsum("ij,ij->i", part, part))
    return np.where(out > 0, out, np.float32(1.0)).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The companies an industry learns from. ``matrix`` is companies × words with rows of length 1."""

    space: Space
    matrix: Any
    norms: Floats  # lengths in the projection; ones without one

    def start(self, exact: Floats) -> Floats:
        """The statement itself as a direction: in the projection, or in words without one."""
        return exact if self.space.projection is None else unit(exact @ self.space.projection)

    def scores(self, exact: Sequence[Floats], directions: Sequence[Floats]) -> Floats:
        """Raw scores, companies × statements, of weighed words and directions."""
        same = self.matrix @ np.stack(exact, axis=1)
        near = self.matrix @ np.stack([self.words_of(direction) for direction in directions], axis=1)
        return np.asarray(EXACT_WEIGHT * same + LATENT_WEIGHT * near / self.norms[:, None], dtype=np.float32)

    def words_of(self, direction: Floats) -> Floats:
        """What each word contributes to a direction."""
        return direction if self.space.projection is None else np.asarray(self.space.projection @ direction, dtype=np.float32)

    def centre(self, rows: NDArray[np.intp], weights: Floats) -> Floats:
        """Where some companies lie: in the projection as seen from the middle of all companies, else their strongest words."""
        picked = self.matrix[rows]
        if self.space.projection is None:
            words = np.asarray(picked.T @ weights, dtype=np.float32).ravel()
            if (words > 0).sum() > PLAIN_WORDS:
                words[words < np.partition(words, -PLAIN_WORDS)[-PLAIN_WORDS]] = 0.0
            return unit(words)
        middle = (self.matrix.T @ (1.0 / self.norms) / len(self.norms)) @ self.space.projection
        centre = ((picked @ self.space.projection) / self.norms[rows][:, None]).T @ weights
        return unit(np.asarray(unit(centre) - middle, dtype=np.float32))


def expanded(field: Field, exact: Floats, enough: NDArray[np.bool_], examples: Sequence[int]) -> Floats:
    """The direction of an industry: its statement moved towards the companies it learns from.

    ``exact``: weighed words of the statement; ``enough``: which companies have enough text to learn from; ``examples``:
    rows that staff named.
    """
    direction = field.start(exact)
    if examples:
        rows = np.asarray(sorted(examples), dtype=np.intp)
        share = len(rows) / (len(rows) + EXAMPLES_HALF)
        direction = unit((1.0 - share) * direction + share * field.centre(rows, np.ones(len(rows), dtype=np.float32)))
    if field.space.projection is None and len(enough) < PLAIN_FROM:
        return direction
    raw = np.where(enough, field.scores([exact], [direction])[:, 0], 0.0).astype(np.float32)
    rows = np.argsort(-raw, kind="stable")[: min(LOOKS_AT, max(1, len(raw) // LOOKS_AT_MOST_ONE_IN))]
    rows = rows[raw[rows] > 0]
    if not len(rows):
        return direction
    share = PLAIN_SHARE if field.space.projection is None else PSEUDO_SHARE
    return unit((1.0 - share) * direction + share * field.centre(rows, raw[rows]))
