"""Many texts → counted words as arrays. What was met before, a sentence or a clause, is not cut again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
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

    words: list[str]  # of all that its cutter has cut
    indptr: NDArray[np.int64]
    terms: Ints
    counts: NDArray[np.uint8]
    lengths: Ints  # characters of readable text without white space


class _Numbering(dict[str, int]):
    """Token → its number in order of appearance, -1 for what never counts. Decided once per distinct token, but for long figures: of those there is no end."""

    def __init__(self) -> None:
        super().__init__({"\n": LINE_BREAK})
        self.words: list[str] = []

    def __missing__(self, token: str) -> int:
        number = -1
        if counts_as_word(token):
            number = len(self.words)
            self.words.append(token)
        elif len(token) > 4:
            return number
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

    def places(self, pieces: Sequence[str]) -> NDArray[np.int64]:
        """Where pieces stand, -1 for those that are not held."""
        return np.fromiter(map(self._place.get, pieces, repeat(-1)), np.int64, len(pieces))

    def add(self, pieces: Sequence[str], sizes: NDArray[np.int64], terms: Ints) -> None:
        """Hold pieces, ``sizes`` words each, one after the other in ``terms``."""
        self._place.update(zip(pieces, range(len(self._place), len(self._place) + len(pieces))))
        self._starts.extend(len(self._terms) + np.cumsum(sizes) - sizes)
        self._sizes.extend(sizes)
        self._terms.extend(terms)

    def words_of(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], Ints]:
        """How many words each of the pieces has, and all their words one after the other."""
        sizes = self._sizes.held[places]
        ends = np.cumsum(sizes)
        at = np.repeat(self._starts.held[places] - (ends - sizes), sizes) + np.arange(int(sizes.sum()))
        return sizes, self._terms.held[at]


class Cutter:
    """Cuts texts into counted words and remembers the sentences and clauses it has cut.

    Registered scopes and news repeat each other: what was met before, in whatever text, is not cut again.
    """

    def __init__(self) -> None:
        self._numbering = _Numbering()
        self._asked = self._unmet = 0
        self._forget()

    def _forget(self) -> None:
        self._sentences, self._clauses, self._lengths = _Memory(), _Memory(), _Growing(np.int64)

    @property
    def met(self) -> int:
        """How many words it has met."""
        return len(self._numbering.words)

    @property
    def fresh(self) -> float:
        """Share of the sentences so far that had not been met before, 0–1."""
        return self._unmet / max(1, self._asked)

    def cut(self, texts: Sequence[str]) -> Cut:
        """The words of texts, in the numbering of this cutter, which goes on from call to call. Counts above 255 stay 255."""
        lengths, keys, counts = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint8)]
        for start in range(0, len(texts), BLOCK):
            block = [sentences(text) for text in texts[start : start + BLOCK]]
            places = self._held([one for own in block for one in own])
            sizes, terms = self._sentences.words_of(places)
            row = np.repeat(np.arange(len(block)), np.fromiter(map(len, block), np.int64, len(block)))
            found, times = np.unique(np.repeat(start + row, sizes) << 32 | terms, return_counts=True)
            keys.append(found)
            counts.append(np.minimum(times, 255).astype(np.uint8))
            lengths.append(np.bincount(row, self._lengths.held[places], len(block)).astype(np.int32))
        packed = np.concatenate(keys)
        indptr = np.searchsorted(packed, np.arange(len(texts) + 1, dtype=np.int64) << 32).astype(np.int64)
        terms = (packed & 0xFFFFFFFF).astype(np.int32)
        return Cut(self._numbering.words, indptr, terms, np.concatenate(counts), np.concatenate(lengths))

    def _held(self, pieces: Sequence[str]) -> NDArray[np.int64]:
        """Where sentences stand in the memory, after those not met before were cut."""
        if len(self._sentences) + len(self._clauses) > REMEMBERED:
            self._forget()
        places = self._sentences.places(pieces)
        self._asked += len(pieces)
        missing = np.flatnonzero(places < 0).tolist()
        if not missing:
            return places
        new = list(dict.fromkeys(pieces[i] for i in missing))
        self._unmet += len(new)
        clean = readable_sentences(new)
        said = clauses(telling(clean))
        sizes, terms = self._clauses.words_of(self._cut_clauses([clause for one in said for clause in one]))
        ends = np.cumsum(np.fromiter(map(len, said), np.int64, len(said)))
        self._sentences.add(new, np.diff(np.concatenate([[0], np.cumsum(sizes)])[np.concatenate([[0], ends])]), terms)
        self._lengths.extend(np.fromiter(map(length, clean), np.int64, len(clean)))
        places[missing] = self._sentences.places([pieces[i] for i in missing])
        return places

    def _cut_clauses(self, said: Sequence[str]) -> NDArray[np.int64]:
        """Where clauses stand in the memory, after those not met before were cut.

        They are cut as one text joined by line breaks, which end a word as any mark does: the same words, fewer calls.
        """
        places = self._clauses.places(said)
        missing = np.flatnonzero(places < 0).tolist()
        if not missing:
            return places
        new = list(dict.fromkeys(said[i] for i in missing))
        tokens = cut_search("\n".join(new))
        numbers = np.fromiter(map(self._numbering.__getitem__, tokens), np.int32, len(tokens))
        counted = numbers >= 0
        sizes = np.bincount(np.cumsum(numbers == LINE_BREAK)[counted], minlength=len(new)).astype(np.int64)
        self._clauses.add(new, sizes, numbers[counted])
        places[missing] = self._clauses.places([said[i] for i in missing])
        return places


def cut_texts(texts: Sequence[str]) -> Cut:
    """Cut texts into counted words, with nothing remembered from before."""
    return Cutter().cut(texts)


def merged(cuts: Sequence[Cut]) -> Cut:
    """Batches one after the other as one, in the numbering of the first one continued."""
    number: dict[str, int] = {}
    own: dict[int, Ints] = {}
    for cut in cuts:
        if id(cut.words) not in own:
            own[id(cut.words)] = np.fromiter((number.setdefault(word, len(number)) for word in cut.words), dtype=np.int32, count=len(cut.words))
    starts = np.cumsum([0, *(len(cut.terms) for cut in cuts[:-1])])
    return Cut(
        list(number), np.concatenate([np.zeros(1, dtype=np.int64), *(cut.indptr[1:] + start for cut, start in zip(cuts, starts))]),
        np.concatenate([own[id(cut.words)][cut.terms] for cut in cuts]), np.concatenate([cut.counts for cut in cuts]),
        np.concatenate([cut.lengths for cut in cuts]),
    )
