"""Term vectors of companies, kept between nights: only a new or changed text is cut into words again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.tokens import counts_as_word, readable, without_left_out
from qingbao.text import cut_search, fold_all

# Fewer characters of text say too little for a number (DESIGN.md 5).
ENOUGH_CHARACTERS = 30

Ints = NDArray[np.int32]


def text_key(text: str) -> int:
    """63 bits that tell whether a text is still the one that was cut."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def is_enough(text: str) -> bool:
    """Whether a text is long enough for a number, without white space and without what it says it leaves out."""
    return len("".join(readable(text).split())) >= ENOUGH_CHARACTERS


# Texts cut in one call, and the number of the line break between two of them.
BLOCK = 500
LINE_BREAK = -2


class _Numbering(dict[str, int]):
    """Token → its number in order of appearance, -1 for what never counts. Decided once per distinct token."""

    def __init__(self) -> None:
        super().__init__({"\n": LINE_BREAK})
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


def cut_texts(texts: Sequence[str]) -> Cut:
    """Cut texts into counted words. The numbering is the batch's own; counts above 255 stay 255.

    Texts are cut in blocks joined by line breaks, which end a word as any mark does: the same words, fewer calls.
    """
    numbering = _Numbering()
    lengths: list[int] = []
    keys, counts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint8)]
    for start in range(0, len(texts), BLOCK):
        clean = [" ".join(without_left_out(text).split()) for text in fold_all(texts[start : start + BLOCK])]
        lengths += [len(text) - text.count(" ") for text in clean]
        numbers = np.array(list(map(numbering.__getitem__, cut_search("\n".join(clean)))), dtype=np.int64)
        row = start + np.cumsum(numbers == LINE_BREAK)
        held = numbers >= 0
        found, times = np.unique(row[held] << 32 | numbers[held], return_counts=True)
        keys.append(found)
        counts.append(np.minimum(times, 255).astype(np.uint8))
    flat = np.concatenate(keys)
    indptr = np.searchsorted(flat, np.arange(len(texts) + 1, dtype=np.int64) << 32)
    return Cut(numbering.words, indptr.astype(np.int64), (flat & 0xFFFFFFFF).astype(np.int32), np.concatenate(counts), np.asarray(lengths, dtype=np.int32))


def merged(cuts: Sequence[Cut]) -> Cut:
    """Batches one after the other as one, in the numbering of the first one continued."""
    number: dict[str, int] = {}
    terms = []
    for cut in cuts:
        renumber = np.fromiter((number.setdefault(word, len(number)) for word in cut.words), dtype=np.int32, count=len(cut.words))
        terms.append(renumber[cut.terms])
    starts = np.cumsum([0, *(len(cut.terms) for cut in cuts[:-1])])
    indptr = np.concatenate([np.zeros(1, dtype=np.int64), *(cut.indptr[1:] + start for cut, start in zip(cuts, starts))])
    return Cut(list(number), indptr, np.concatenate(terms), np.concatenate([cut.counts for cut in cuts]), np.concatenate([cut.lengths for cut in cuts]))


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
    def of(cls, texts: Mapping[str, str], words: Sequence[str] = (), processes: int = 1) -> Self:
        """Cut all texts. ``words`` is the vocabulary to begin with: that of the model whose numbers these shall be."""
        empty = np.zeros(0, dtype=np.int32)
        return cls(tuple(words), (), np.zeros(0, dtype=np.int64), empty, np.zeros(1, dtype=np.int64), empty, np.zeros(0, dtype=np.uint8)).updated(texts, processes)

    def updated(self, texts: Mapping[str, str], processes: int = 1) -> Self:
        """Vectors of exactly these texts; what is stored of an unchanged text is taken as it is."""
        from matcher.processes import cut_in_processes

        ids = tuple(sorted(texts))
        keys = np.fromiter((text_key(texts[one]) for one in ids), dtype=np.int64, count=len(ids))
        place = {one: i for i, one in enumerate(self.ids)}
        old = np.fromiter((place.get(one, -1) for one in ids), dtype=np.int64, count=len(ids))
        known = old >= 0
        known[known] = self.keys[old[known]] == keys[known]
        fresh = cut_in_processes([texts[ids[i]] for i in np.flatnonzero(~known)], processes)
        words = grown(self.words, fresh.words)
        number = {word: i for i, word in enumerate(words)} if fresh.words else {}
        renumber = np.fromiter((number[word] for word in fresh.words), dtype=np.int32, count=len(fresh.words))
        terms, counts = _sorted_rows(fresh.indptr, renumber[fresh.terms], fresh.counts, len(words))
        # Rows of the old block, then of the fresh one, gathered in the order of the ids.
        row = np.where(known, old, 0)
        row[~known] = len(self.ids) + np.arange(int((~known).sum()))
        indptr, picked = _gather(np.concatenate([self.indptr, self.indptr[-1] + fresh.indptr[1:]]), row)
        return type(self)(
            words, ids, keys, np.concatenate([self.lengths, fresh.lengths])[row], indptr,
            np.concatenate([self.terms, terms])[picked], np.concatenate([self.counts, counts])[picked],
        )

    def in_numbers_of(self, words: tuple[str, ...]) -> Self:
        """The same vectors with a vocabulary that begins with ``words`` (a model's)."""
        if self.words[: len(words)] == words:
            return self
        longer = grown(words, self.words)
        number = {word: i for i, word in enumerate(longer)}
        renumber = np.fromiter((number[word] for word in self.words), dtype=np.int32, count=len(self.words))
        terms, counts = _sorted_rows(self.indptr, renumber[self.terms], self.counts, len(longer))
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
        indptr, picked = _gather(self.indptr, rows)
        return type(self)(self.words, tuple(self.ids[i] for i in rows), self.keys[rows], self.lengths[rows], indptr, self.terms[picked], self.counts[picked])


def _sorted_rows(indptr: NDArray[np.int64], terms: Ints, counts: NDArray[np.uint8], width: int) -> tuple[Ints, NDArray[np.uint8]]:
    """Each row's words in the order of their numbers: sums over a row then never depend on how the texts were batched."""
    from scipy.sparse import csr_matrix

    matrix = csr_matrix((counts, terms, indptr), shape=(len(indptr) - 1, max(1, width)))
    matrix.has_sorted_indices = False
    matrix.sort_indices()
    return np.asarray(matrix.indices, dtype=np.int32), np.asarray(matrix.data, dtype=np.uint8)


def _gather(indptr: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row pointers of the chosen rows put one after the other, and the places of their entries."""
    sizes = indptr[rows + 1] - indptr[rows]
    out = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return out, np.repeat(indptr[rows] - out[:-1], sizes) + np.arange(out[-1])
