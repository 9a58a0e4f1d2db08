"""Term vectors of companies, kept between nights: only a new or changed text is cut into words again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.tokens import counts_as_word, readable
from qingbao.text import cut_search

# Fewer characters of text say too little for a number (DESIGN.md 5).
ENOUGH_CHARACTERS = 30

Ints = NDArray[np.int32]


def text_key(text: str) -> int:
    """63 bits that tell whether a text is still the one that was cut."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def is_enough(text: str) -> bool:
    """Whether a text is long enough for a number, without white space and without what it says it leaves out."""
    return len("".join(readable(text).split())) >= ENOUGH_CHARACTERS


class _Numbering(dict[str, int]):
    """Token → its number in order of appearance, -1 for what never counts. Decided once per distinct token."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def __missing__(self, token: str) -> int:
        number = -1
        if counts_as_word(token):
            number = len(self.words)
            self.words.append(token)
        self[token] = number
        return number


@dataclass(frozen=True, slots=True)
class Cut:
    """A batch of texts as numbers: ``terms[indptr[i]:indptr[i+1]]`` are the words of text i, each once, with ``counts``."""

    words: list[str]
    indptr: NDArray[np.int64]
    terms: Ints
    counts: NDArray[np.uint8]
    lengths: Ints  # characters of readable text without white space


def cut_texts(texts: Iterable[str]) -> Cut:
    """Cut texts into counted words. The numbering is the batch's own; counts above 255 stay 255."""
    numbering = _Numbering()
    number = numbering.__getitem__
    rows: list[Ints] = []
    lengths: list[int] = []
    for text in texts:
        clean = readable(text)
        rows.append(np.fromiter(map(number, cut_search(clean)), dtype=np.int32))
        lengths.append(len("".join(clean.split())))
    return _counted(rows, numbering.words, np.asarray(lengths, dtype=np.int32))


def _counted(rows: Sequence[Ints], words: list[str], lengths: Ints) -> Cut:
    width = max(1, len(words))
    sizes = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
    flat = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
    keys = np.repeat(np.arange(len(rows), dtype=np.int64) * width, sizes) + flat
    keys, counts = np.unique(keys[flat >= 0], return_counts=True)
    owner = keys // width
    indptr = np.searchsorted(owner, np.arange(len(rows) + 1))
    return Cut(words, indptr.astype(np.int64), (keys % width).astype(np.int32), np.minimum(counts, 255).astype(np.uint8), lengths)


def grown(words: Sequence[str], new: Iterable[str]) -> tuple[str, ...]:
    """The vocabulary with unknown words of ``new`` added at its end, sorted, so that no order of texts shows in it."""
    known = set(words)
    return (*words, *sorted({word for word in new if word not in known}))


@dataclass(frozen=True, slots=True, eq=False)
class TermVectors:
    """Counted words of companies, sorted by company id. Words are numbers into ``words``, which only grows at its end."""

    words: tuple[str, ...]
    ids: tuple[str, ...]
    keys: NDArray[np.int64]  # text_key of each text
    lengths: Ints
    indptr: NDArray[np.int64]
    terms: Ints
    counts: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Mapping[str, str], words: Sequence[str] = ()) -> Self:
        """Cut all texts. ``words`` is the vocabulary to begin with: that of the model whose numbers these shall be."""
        empty = np.zeros(0, dtype=np.int32)
        return cls(tuple(words), (), np.zeros(0, dtype=np.int64), empty, np.zeros(1, dtype=np.int64), empty, np.zeros(0, dtype=np.uint8)).updated(texts)

    def updated(self, texts: Mapping[str, str]) -> Self:
        """Vectors of exactly these texts; what is stored of an unchanged text is taken as it is."""
        ids = tuple(sorted(texts))
        keys = np.fromiter((text_key(texts[one]) for one in ids), dtype=np.int64, count=len(ids))
        place = {one: i for i, one in enumerate(self.ids)}
        old = np.fromiter((place.get(one, -1) for one in ids), dtype=np.int64, count=len(ids))
        known = old >= 0
        known[known] = self.keys[old[known]] == keys[known]
        fresh = cut_texts(texts[ids[i]] for i in np.flatnonzero(~known))
        words = grown(self.words, fresh.words)
        number = {word: i for i, word in enumerate(words)} if fresh.words else {}
        renumber = np.fromiter((number[word] for word in fresh.words), dtype=np.int32, count=len(fresh.words))
        # Rows of the old block, then of the fresh one, gathered in the order of the ids.
        row = np.where(known, old, 0)
        row[~known] = len(self.ids) + np.arange(int((~known).sum()))
        indptr, picked = _gather(np.concatenate([self.indptr, self.indptr[-1] + fresh.indptr[1:]]), row)
        return type(self)(
            words, ids, keys, np.concatenate([self.lengths, fresh.lengths])[row], indptr,
            np.concatenate([self.terms, renumber[fresh.terms]])[picked], np.concatenate([self.counts, fresh.counts])[picked],
        )

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.int64]) -> Self:
        """The vectors of some rows, in that order."""
        indptr, picked = _gather(self.indptr, rows)
        return type(self)(self.words, tuple(self.ids[i] for i in rows), self.keys[rows], self.lengths[rows], indptr, self.terms[picked], self.counts[picked])


def _gather(indptr: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row pointers of the chosen rows put one after the other, and the places of their entries."""
    sizes = indptr[rows + 1] - indptr[rows]
    out = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return out, np.repeat(indptr[rows] - out[:-1], sizes) + np.arange(out[-1])
