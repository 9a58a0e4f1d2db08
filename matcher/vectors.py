"""Term vectors of companies, kept between nights: only a new or changed text is cut into words again."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.tokens import length, readable

# Fewer characters of text say too little for a number (DESIGN.md 5).
ENOUGH_CHARACTERS = 30

# Texts whose checksums are made at a time.
BLOCK = 500

Ints = NDArray[np.int32]


def checksums(texts: Sequence[str]) -> NDArray[np.int64]:
    """Of each text 63 bits that tell whether it is still the one that was cut: checksum and length, against chance and not against malice.

    Who forged a text with the old one's key would only keep its old fit; a hundred thousand texts are asked every night.
    """
    keys = np.empty(len(texts), dtype=np.int64)
    for start in range(0, len(texts), BLOCK):
        block = texts[start : start + BLOCK]
        try:
            data = list(map(str.encode, block))
        except UnicodeEncodeError:
            data = [text.encode("utf-8", "surrogatepass") for text in block]
        keys[start : start + BLOCK] = np.fromiter(map(zlib.crc32, data), np.int64, len(data)) << 31 | np.fromiter(map(len, data), np.int64, len(data))
    return keys


def is_enough(text: str) -> bool:
    """Whether a text is long enough for a number, without white space and without what it says it leaves out."""
    return length(readable(text)) >= ENOUGH_CHARACTERS


def grown(words: Sequence[str], new: Iterable[str]) -> tuple[str, ...]:
    """The vocabulary with unknown words of ``new`` added at its end, sorted, so that no order of texts shows in it."""
    known = set(words)
    return (*words, *sorted({word for word in new if word not in known}))


@dataclass(frozen=True, slots=True, eq=False)
class TermVectors:
    """Counted words of companies, sorted by company id. Words are numbers into ``words``, which only grows at its end."""

    words: tuple[str, ...]
    ids: tuple[str, ...]
    keys: NDArray[np.int64]  # checksums of the texts
    lengths: Ints
    indptr: NDArray[np.int64]
    terms: Ints
    counts: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Mapping[str, str], words: Sequence[str] = (), processes: int = 1) -> Self:
        """Cut all texts. ``words`` is the vocabulary to begin with: that of the model whose numbers these shall be."""
        empty = np.zeros(0, dtype=np.int32)
        return cls(tuple(words), (), np.zeros(0, dtype=np.int64), empty, np.zeros(1, dtype=np.int64), empty, np.zeros(0, dtype=np.uint8)).updated(texts, processes)

    def updated(self, texts: Mapping[str, str], processes: int = 1) -> Self:
        """Vectors of exactly these texts; what is stored of an unchanged text is taken as it is."""
        return self.refreshed(texts, processes)[0]

    def refreshed(self, texts: Mapping[str, str], processes: int = 1) -> tuple[Self, NDArray[np.int64]]:
        """``updated`` vectors, and for each of their rows the row here that holds the same text of that company, or -1."""
        from matcher.processes import cut_in_processes

        ids = tuple(sorted(texts))
        keys = checksums([texts[one] for one in ids])
        old = self._rows_of(ids)
        held = old >= 0
        held[held] = self.keys[old[held]] == keys[held]
        old[~held] = -1
        fresh = cut_in_processes([texts[ids[i]] for i in np.flatnonzero(~held)], processes)
        words = grown(self.words, fresh.words) if fresh.words else self.words
        terms, counts = _renumbered(fresh.indptr, fresh.terms, fresh.counts, fresh.words, words)
        # Rows of the old block, then of the fresh one, gathered in the order of the ids.
        row = old.copy()
        row[~held] = len(self.ids) + np.arange(int((~held).sum()))
        both = np.concatenate([self.indptr, self.indptr[-1] + fresh.indptr[1:]])
        indptr, (terms, counts) = _gather(both, row, np.concatenate([self.terms, terms]), np.concatenate([self.counts, counts]))
        return type(self)(words, ids, keys, np.concatenate([self.lengths, fresh.lengths])[row], indptr, terms, counts), old

    def _rows_of(self, ids: tuple[str, ...]) -> NDArray[np.int64]:
        if ids == self.ids:
            return np.arange(len(ids), dtype=np.int64)
        place = {one: i for i, one in enumerate(self.ids)}
        return np.fromiter((place.get(one, -1) for one in ids), dtype=np.int64, count=len(ids))

    def in_numbers_of(self, words: tuple[str, ...]) -> Self:
        """The same vectors with a vocabulary that begins with ``words`` (a model's)."""
        if self.words[: len(words)] == words:
            return replace(self, words=(*words, *self.words[len(words) :]))  # the very same strings are compared faster
        longer = grown(words, self.words)
        terms, counts = _renumbered(self.indptr, self.terms, self.counts, self.words, longer)
        return replace(self, words=longer, terms=terms, counts=counts)

    def __len__(self) -> int:
        return len(self.ids)

    def save(self, path: Path) -> None:
        """Write the vectors into one file, whole or not at all."""
        from matcher.model_file import save_vectors

        save_vectors(self, path)

    @classmethod
    def load(cls, path: Path) -> TermVectors:
        """Read vectors; ``CannotWork`` if the file is of another format or damaged."""
        from matcher.model_file import load_vectors

        return load_vectors(path)

    def take(self, rows: NDArray[np.int64]) -> Self:
        """The vectors of some rows, in that order."""
        indptr, (terms, counts) = _gather(self.indptr, rows, self.terms, self.counts)
        return type(self)(self.words, tuple(self.ids[i] for i in rows), self.keys[rows], self.lengths[rows], indptr, terms, counts)


def _renumbered(
    indptr: NDArray[np.int64], terms: Ints, counts: NDArray[np.uint8], own: Sequence[str], words: Sequence[str],
) -> tuple[Ints, NDArray[np.uint8]]:
    """Words numbered by ``own`` in the numbering of ``words``, each row's in the order of their numbers.

    Sums over a row then never depend on how the texts were batched.
    """
    if not len(terms):
        return terms, counts
    number = {word: i for i, word in enumerate(words)}
    renumber = np.fromiter((number[word] for word in own), dtype=np.int64, count=len(own))
    row = np.repeat(np.arange(len(indptr) - 1, dtype=np.int64), np.diff(indptr))
    packed = np.sort(row << 40 | renumber[terms] << 8 | counts)
    return (packed >> 8 & 0xFFFFFFFF).astype(np.int32), (packed & 0xFF).astype(np.uint8)


def _gather(
    indptr: NDArray[np.int64], rows: NDArray[np.int64], terms: Ints, counts: NDArray[np.uint8],
) -> tuple[NDArray[np.int64], tuple[Ints, NDArray[np.uint8]]]:
    """Row pointers and entries of the chosen rows put one after the other; runs of neighbours are copied as one."""
    out = np.concatenate([[0], np.cumsum(indptr[rows + 1] - indptr[rows])]).astype(np.int64)
    if not len(rows):
        return out, (terms[:0], counts[:0])
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    first, last = rows[np.concatenate([[0], breaks])], rows[np.concatenate([breaks - 1, [len(rows) - 1]])]
    spans = [slice(a, b) for a, b in zip(indptr[first].tolist(), indptr[last + 1].tolist())]
    return out, (np.concatenate([terms[span] for span in spans]), np.concatenate([counts[span] for span in spans]))
