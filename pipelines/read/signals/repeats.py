"""Runs of characters that a text says more than once: the name of a firm mostly is one of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pipelines.read.signals import words

_RUN = re.compile(r"[一-龥A-Za-z0-9]{2,}")
# Names of firms that have to be told from their surroundings are brands and short forms; longer ones have a legal form.
LONGEST = 8
_NO_MARKS: tuple[str, ...] = ()


class Repeats:
    """The repeated runs of one document, 2 to 8 characters long, that no longer repeated run holds and that are no everyday words."""

    def __init__(self, texts: Iterable[str]) -> None:
        runs = [run for text in texts for run in _RUN.findall(text)]
        self._counts: dict[str, int] = {}
        alive: set[str] = set()
        for size in range(2, LONGEST + 2):  # one more than the longest: to know whether a run goes on
            found: Counter[str] = Counter()
            for run in runs:
                for i in range(len(run) - size + 1):
                    gram = run[i : i + size]
                    if size == 2 or (gram[:-1] in alive and gram[1:] in alive):
                        found[gram] += 1
            alive = {gram for gram, count in found.items() if count > 1}
            self._counts |= {gram: found[gram] for gram in alive}
            if not alive:
                break

    def marks(self, text: str) -> Sequence[Sequence[str]]:
        """For each character of a sentence of the document: whether a repeated run starts here (``rs``, length), ends here (``re``), how often it stands there (``rc``)."""
        starts, ends, times = [0] * len(text), [0] * len(text), [0] * len(text)
        count_of = self._counts.get
        for i in range(len(text) - 1):
            size = next((n for n in range(min(LONGEST, len(text) - i), 1, -1) if text[i : i + n] in self._counts), 0)
            if not size:
                continue
            run = text[i : i + size]
            count = self._counts[run]
            goes_on = count_of(text[i : i + size + 1], 0) >= count or (i > 0 and count_of(text[i - 1 : i + size], 0) >= count)
            if goes_on or words.usual(run):
                continue
            last = i + size - 1
            starts[i], ends[last] = max(starts[i], size), max(ends[last], size)
            for k in range(i, last + 1):
                times[k] = max(times[k], min(count, 4))
        return [
            (*((f"rs{min(a, 5)}",) if a else _NO_MARKS), *((f"re{min(b, 5)}",) if b else _NO_MARKS), *((f"rc{c}",) if c else _NO_MARKS))
            for a, b, c in zip(starts, ends, times)
        ]
