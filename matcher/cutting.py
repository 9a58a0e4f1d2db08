"""Many texts → counted words as arrays. What was met before, a sentence or a clause, is not cut again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.tokens import clauses, counts_as_word, length, readable_sentences, sentences, telling
from qingbao.text import cut_search

# Sentences and clauses that are remembered while many texts are cut (some 60 MB).
REMEMBERED = 200_000
# Texts cut in one call, and the number of the line break between two of their clauses.
BLOCK = 500
LINE_BREAK = -2

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Cut:
    """A batch of texts as numbers: ``terms[indptr[i]:indptr[i+1]]`` are the words of text i, each once, with ``counts``."""

    words: list[str]
    indptr: NDArray[np.int64]
    terms: Ints
    counts: NDArray[np.uint8]
    lengths: Ints  # characters of readable text without white space
    fresh: float  # share of the sentences that had not been met before, 0–1


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


class _Growing:
    """An array that grows at its end."""

    def __init__(self, dtype: type[np.integer[Any]]) -> None:
        self._room = np.empty(4096, dtype=dtype)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def held(self) -> NDArray[Any]:
        """What was put in."""
        return self._room[: self._size]

    def extend(self, values: NDArray[Any]) -> None:
        """Put values at the end."""
        size = self._size + len(values)
        if size > len(self._room):
            room = np.empty(max(size, 2 * len(self._room)), dtype=self._room.dtype)
            room[: self._size] = self.held
            self._room = room
        self._room[self._size : size] = values
        self._size = size


class _Memory:
    """Pieces of text with the numbers of their words."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}
        self._starts, self._sizes, self._terms = _Growing(np.int64), _Growing(np.int64), _Growing(np.int32)

    def __len__(self) -> int:
        return len(self._place)

    def unmet(self, pieces: Sequence[str]) -> list[str]:
        """Those not held yet, each once."""
        return [piece for piece in dict.fromkeys(pieces) if piece not in self._place]

    def add(self, pieces: Sequence[str], sizes: NDArray[np.int64], terms: Ints) -> None:
        """Hold pieces, ``sizes`` words each, one after the other in ``terms``."""
        self._place.update(zip(pieces, range(len(self._place), len(self._place) + len(pieces))))
        self._starts.extend(len(self._terms) + np.cumsum(sizes) - sizes)
        self._sizes.extend(sizes)
        self._terms.extend(terms)

    def places(self, pieces: Sequence[str]) -> NDArray[np.int64]:
        """Where pieces that are held stand."""
        return np.fromiter(map(self._place.__getitem__, pieces), np.int64, len(pieces))

    def words_of(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], Ints]:
        """How many words each of the pieces has, and all their words one after the other."""
        sizes = self._sizes.held[places]
        ends = np.cumsum(sizes)
        at = np.repeat(self._starts.held[places] - (ends - sizes), sizes) + np.arange(int(sizes.sum()))
        return sizes, self._terms.held[at]


class _Cutter:
    """Cuts sentences and remembers what it has cut."""

    def __init__(self) -> None:
        self.numbering = _Numbering()
        self._forget()

    def _forget(self) -> None:
        self._sentences, self._clauses, self._lengths = _Memory(), _Memory(), _Growing(np.int64)

    def cut(self, pieces: Sequence[str]) -> tuple[NDArray[np.int64], Ints, NDArray[np.int64], int]:
        """Sentences → how many words each has, all their words, their lengths in characters, and how many sentences were new."""
        new = self._sentences.unmet(pieces)
        if len(self._sentences) + len(self._clauses) + len(new) > REMEMBERED:
            self._forget()
            new = self._sentences.unmet(pieces)
        if new:
            clean = readable_sentences(new)
            self._lengths.extend(np.fromiter(map(length, clean), np.int64, len(clean)))
            said = clauses(telling(clean))
            self._cut_clauses([clause for one in said for clause in one])
            held, terms = self._clauses.words_of(self._clauses.places([clause for one in said for clause in one]))
            ends = np.cumsum(np.fromiter(map(len, said), np.int64, len(said)))
            self._sentences.add(new, np.diff(np.concatenate([[0], np.cumsum(held)])[np.concatenate([[0], ends])]), terms)
        places = self._sentences.places(pieces)
        return *self._sentences.words_of(places), self._lengths.held[places], len(new)

    def _cut_clauses(self, said: Sequence[str]) -> None:
        """Clauses not met before are cut as one text joined by line breaks, which end a word as any mark does: the same words, fewer calls."""
        new = self._clauses.unmet(said)
        if not new:
            return
        tokens = cut_search("\n".join(new))
        numbers = np.fromiter(map(self.numbering.__getitem__, tokens), np.int32, len(tokens))
        counted = numbers >= 0
        sizes = np.bincount(np.cumsum(numbers == LINE_BREAK)[counted], minlength=len(new)).astype(np.int64)
        self._clauses.add(new, sizes, numbers[counted])


def cut_texts(texts: Sequence[str]) -> Cut:
    """Cut texts into counted words. The numbering is the batch's own; counts above 255 stay 255.

    A sentence or a clause is cut once, however many texts hold it: registered scopes and news repeat each other.
    """
    cutter = _Cutter()
    lengths, keys, counts = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint8)]
    pieces = fresh = 0
    for start in range(0, len(texts), BLOCK):
        block = [sentences(text) for text in texts[start : start + BLOCK]]
        flat = [one for own in block for one in own]
        sizes, terms, characters, new = cutter.cut(flat)
        row = np.repeat(np.arange(len(block)), np.fromiter(map(len, block), np.int64, len(block)))
        found, times = np.unique(np.repeat(start + row, sizes) << 32 | terms, return_counts=True)
        keys.append(found)
        counts.append(np.minimum(times, 255).astype(np.uint8))
        lengths.append(np.bincount(row, characters, len(block)).astype(np.int32))
        pieces, fresh = pieces + len(flat), fresh + new
    packed = np.concatenate(keys)
    indptr = np.searchsorted(packed, np.arange(len(texts) + 1, dtype=np.int64) << 32).astype(np.int64)
    terms = (packed & 0xFFFFFFFF).astype(np.int32)
    return Cut(cutter.numbering.words, indptr, terms, np.concatenate(counts), np.concatenate(lengths), fresh / max(1, pieces))


def merged(cuts: Sequence[Cut]) -> Cut:
    """Batches one after the other as one, in the numbering of the first one continued."""
    number: dict[str, int] = {}
    terms = []
    for cut in cuts:
        renumber = np.fromiter((number.setdefault(word, len(number)) for word in cut.words), dtype=np.int32, count=len(cut.words))
        terms.append(renumber[cut.terms])
    starts = np.cumsum([0, *(len(cut.terms) for cut in cuts[:-1])])
    indptr = np.concatenate([np.zeros(1, dtype=np.int64), *(cut.indptr[1:] + start for cut, start in zip(cuts, starts))])
    return Cut(
        list(number), indptr, np.concatenate(terms), np.concatenate([cut.counts for cut in cuts]), np.concatenate([cut.lengths for cut in cuts]),
        max(cut.fresh for cut in cuts),
    )
