"""Marking what was found: exactly the characters of the phrases, and the best excerpt around them."""

from __future__ import annotations

from collections.abc import Sequence

from index.cut import Piece, pieces
from index.search import EXCERPT_CHARACTERS, Marked

# Characters of context before the first mark of an excerpt, where the sentence does not begin nearer.
_LEAD = 40

Phrase = tuple[str, ...]
Span = tuple[int, int]


def mark(text: str, phrases: Sequence[Phrase]) -> Marked:
    """``text`` (a title, a name) as a whole with all that was found in it."""
    return Marked(text=text, spans=_joined([span for _, spans in _found(text, phrases) for span in spans]))


def excerpt(text: str, phrases: Sequence[Phrase], limit: int = EXCERPT_CHARACTERS) -> Marked | None:
    """The piece of at most ``limit`` characters with the most different phrases, then the most marks; None where none is found."""
    found = _found(text, phrases)
    if not found:
        return None
    start = _begin(text, *_best_window(found, limit), limit)
    end = min(len(text), start + limit)
    inside = [(max(a, start) - start, min(b, end) - start) for _, spans in found for a, b in spans if a < end and b > start]
    shown = text[start:end].translate({10: " ", 9: " "})
    return Marked(text=shown, spans=_joined(inside), before=start > 0, after=end < len(text))


def _found(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, list[Span]]]:
    """(number of the phrase, its characters' spans) for each place where one stands, in the text's order."""
    cut = pieces(text)
    by_first: dict[str, list[int]] = {}
    for number, phrase in enumerate(phrases):
        by_first.setdefault(phrase[0], []).append(number)
    hits = []
    for i, piece in enumerate(cut):
        for number in by_first.get(piece.word, ()):
            phrase = phrases[number]
            if tuple(p.word for p in cut[i : i + len(phrase)]) == phrase:
                hits.append((number, _spans(cut[i : i + len(phrase)])))
    return hits


def _spans(cut: Sequence[Piece]) -> list[Span]:
    """The places of the pieces alone: brackets and blanks between them are not marked."""
    return list(_joined([(piece.start, piece.end) for piece in cut]))


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _best_window(found: Sequence[tuple[int, list[Span]]], limit: int) -> Span:
    """From the first to the last mark of the best window that fits ``limit``; of equal ones the first."""
    best, best_value, last = (0, 0), (0, 0), 0
    for i, (_, spans) in enumerate(found):
        first = spans[0][0]
        last = max(last, i)
        while last + 1 < len(found) and found[last + 1][1][-1][1] - first <= limit:
            last += 1
        value = (len({number for number, _ in found[i : last + 1]}), last - i)
        if value > best_value or i == 0:
            best, best_value = (first, max(s[-1][1] for _, s in found[i : last + 1])), value
    return best


def _begin(text: str, first: int, last: int, limit: int) -> int:
    """Where the excerpt begins: at its sentence's beginning if that is near, and so that all marks fit."""
    earliest = max(0, last - limit)
    wanted = max(earliest, first - _LEAD)
    sentence = max(text.rfind(sign, wanted, first) for sign in "。！？；\n")
    start = sentence + 1 if sentence >= 0 else wanted
    return max(0, min(start, len(text) - limit))  # near the end of the text: the whole of its last piece

