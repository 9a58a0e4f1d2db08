"""The space in which companies and industries are compared: vocabulary weights and, with enough companies, a projection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matcher.calibration import Method
from matcher.vectors import ENOUGH_CHARACTERS, TermVectors

# LSA is fitted on the instance's own companies from this many on; fitted on foreign texts it makes the order worse.
LSA_FROM = 500
# Latent directions. 50 and 200 lose 0.02–0.03 NDCG@100 on eval/matching against 100.
DIMENSIONS = 100
# The projection of a larger instance is fitted on that many companies, drawn by their ids.
LSA_SAMPLE = 20_000
# How many companies the general word frequencies of jieba's idf table weigh in the document frequencies: an instance of
# ten companies does not know by itself that 生产 is common and 减速器 is not.
PRIOR_COMPANIES = 200

Floats = NDArray[np.float32]


@cache
def _general_frequency() -> dict[str, float]:
    """Word → share of documents that hold it, from the idf table that jieba ships."""
    from importlib.resources import files

    rows = (files("jieba") / "analyse" / "idf.txt").read_text("utf-8").splitlines()
    pairs = (row.rsplit(" ", 1) for row in rows)
    return {word: float(np.exp(-float(idf))) for word, idf in pairs}


def inverse_frequency(vectors: TermVectors) -> Floats:
    """IDF of each word: log((1 + n) / (1 + df)) + 1 with general frequencies mixed in as ``PRIOR_COMPANIES`` companies."""
    df = np.bincount(vectors.terms, minlength=len(vectors.words)).astype(np.float64)
    general = _general_frequency()
    prior = np.fromiter((general.get(word, 0.0) for word in vectors.words), dtype=np.float64, count=len(vectors.words))
    n = len(vectors) + PRIOR_COMPANIES
    return np.asarray(np.log((1 + n) / (1 + df + PRIOR_COMPANIES * prior)) + 1, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Space:
    """Frozen weights. ``projection`` (words × directions) is None below ``LSA_FROM`` companies."""

    words: tuple[str, ...]
    idf: Floats
    projection: Floats | None
    companies: int  # on which it was fitted

    @cached_property
    def number(self) -> dict[str, int]:
        """Word → its number."""
        return {word: i for i, word in enumerate(self.words)}

    @property
    def method(self) -> Method:
        """The method whose calibration holds here."""
        return Method.TFIDF if self.projection is None else Method.LSA

    @classmethod
    def fit(cls, vectors: TermVectors) -> Self:
        """Weights of the words and, with enough companies, the projection. The same for any order of the companies."""
        enough = np.flatnonzero(vectors.lengths >= ENOUGH_CHARACTERS)
        plain = cls(vectors.words, inverse_frequency(vectors), None, len(vectors))
        if len(enough) < LSA_FROM:
            return plain
        if len(enough) > LSA_SAMPLE:
            enough = np.sort(np.random.default_rng(0).permutation(enough)[:LSA_SAMPLE])
        return cls(plain.words, plain.idf, _projection(plain.weigh(vectors.take(enough))), plain.companies)

    def weights(self, vectors: TermVectors) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats]:
        """Sublinear TF-IDF as row pointers, words and weights, rows of length 1. Words the space does not know are left out."""
        if vectors.words[: len(self.words)] != self.words:
            raise ValueError("these vectors were not made with this space's vocabulary")
        terms, indptr, counts = vectors.terms, vectors.indptr, vectors.counts
        if len(vectors.words) > len(self.words):
            known = terms < len(self.words)
            indptr = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(known)])[indptr]
            terms, counts = terms[known], counts[known]
        weights = _SUBLINEAR[counts] * self.idf[terms]
        return indptr, terms, np.asarray(weights / np.repeat(_row_norms(weights, indptr), np.diff(indptr)), dtype=np.float32)

    def weigh(self, vectors: TermVectors) -> Any:
        """``weights`` as a sparse matrix (companies × words)."""
        from scipy.sparse import csr_matrix

        indptr, terms, weights = self.weights(vectors)
        return csr_matrix((weights, terms, indptr), shape=(len(vectors), len(self.words)))

    def weigh_words(self, importance: Mapping[str, float], single: Collection[str] = ()) -> Floats:
        """Dense vector (words) of length 1 (or 0) for a statement's words, their importance taken as counts.

        Short compounds that end in one of the ``single`` characters count half as much as the character (茶 → 红茶).
        """
        out = np.zeros(len(self.words), dtype=np.float32)
        for word, count in importance.items():
            if (number := self.number.get(word)) is not None:
                out[number] = np.log2(1.0 + count) * self.idf[number]
        for character in single:
            alone = out[self.number[character]] if character in self.number else 0.0
            for i, word in enumerate(self.words):
                if 1 < len(word) <= 3 and word.endswith(character) and not out[i]:
                    out[i] = 0.5 * alone
        norm = float(np.linalg.norm(out))
        return out / np.float32(norm) if norm else out


_SUBLINEAR = np.concatenate([[0.0], 1.0 + np.log(np.arange(1, 256))]).astype(np.float32)


def _row_norms(weights: Floats, indptr: NDArray[np.int64]) -> Floats:
    """Length of each row, of it alone: a running total over all rows would let its neighbours round it."""
    out = np.ones(len(indptr) - 1, dtype=np.float32)
    full = np.flatnonzero(np.diff(indptr))
    if len(full):
        out[full] = np.sqrt(np.add.reduceat(np.square(weights, dtype=np.float64), indptr[full]))
    return np.where(out > 0, out, np.float32(1.0)).astype(np.float32)


def _projection(matrix: Any) -> Floats:
    """Right singular vectors (words × directions), strongest first, each with its largest entry positive."""
    from scipy.sparse.linalg import svds

    k = min(DIMENSIONS, matrix.shape[0] // 5, min(matrix.shape) - 1)
    # A fixed start vector: arpack's own is random, and the same companies shall give the same model.
    start = np.full(min(matrix.shape), 1.0 / np.sqrt(min(matrix.shape)))
    _, strength, right = svds(matrix.astype(np.float64), k=k, v0=start, solver="arpack")
    right = right[np.argsort(-strength, kind="stable")]
    largest = right[np.arange(len(right)), np.abs(right).argmax(axis=1)]
    return np.ascontiguousarray((right * np.sign(largest)[:, None]).T, dtype=np.float32)
