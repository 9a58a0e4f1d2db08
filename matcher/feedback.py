"""How a statement learns from companies: from the best ones it finds itself, or from those that staff name as good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from matcher.space import Floats, Space

# Pseudo-relevance feedback looks at that many companies. 10 to 50 differ by less than the noise on eval/matching.
LOOKS_AT = 20
# Share of what is learned in the expanded statement. .3 to .7 differ by less than the noise.
PSEUDO_SHARE = 0.6
# Without a projection the centre of a few companies is mostly their chance words: it counts less, needs a field to
# stand out from, and keeps its strongest words only.
PLAIN_SHARE = 0.3
PLAIN_FROM = 60
PLAIN_WORDS = 40
# Examples of staff are surer than the machine's own guess: n of them take n / (n + 3) of the statement.
EXAMPLES_HALF = 3.0

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


def expanded(space: Space, exact: Floats, matrix: Any, norms: Floats, raw: Floats, examples: Sequence[int]) -> Floats:
    """The direction of an industry: its statement moved towards the companies learned from.

    ``exact``: weighed words of the statement; ``raw``: first scores of all companies; ``examples``: rows that staff named.
    The result has as many numbers as the projection has directions, or as there are words without one.
    """
    start = exact if space.projection is None else unit(exact @ space.projection)
    if examples:
        rows = np.asarray(sorted(examples))
        weights = np.ones(len(rows), dtype=np.float32)
        share = len(rows) / (len(rows) + EXAMPLES_HALF)
    else:
        if space.projection is None and matrix.shape[0] < PLAIN_FROM:
            return start
        rows = np.argsort(-raw, kind="stable")[:LOOKS_AT]
        rows = rows[raw[rows] > 0]
        weights, share = raw[rows], PSEUDO_SHARE if space.projection is not None else PLAIN_SHARE
    if not len(rows):
        return start
    picked = matrix[rows]
    if space.projection is None:
        centre = np.asarray(picked.T @ weights, dtype=np.float32).ravel()
        if not examples and (centre > 0).sum() > PLAIN_WORDS:
            centre[centre < np.partition(centre, -PLAIN_WORDS)[-PLAIN_WORDS]] = 0.0
    else:
        centre = ((picked @ space.projection) / norms[rows][:, None]).T @ weights
    return unit((1.0 - share) * start + share * unit(np.asarray(centre, dtype=np.float32)))
