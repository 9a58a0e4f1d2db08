"""The words around a firm's mentions: what a linear model learns from them tells partners, customers and lenders from those that act."""

from __future__ import annotations

import re

from pipelines.read.signals import words
from pipelines.read.signals.entities import Entity, Mention
from pipelines.read.signals.scene import Scene

# Mentions looked at, words before and after each, and how many of them count as near; chosen in folds of the corpus.
_MENTIONS = 6
_BEFORE, _AFTER = 12, 15
_NEAR_BEFORE, _NEAR_AFTER = 6, 7
_PLACED = 3
_STOP = frozenset("。;")


def surroundings(scene: Scene, entity: Entity) -> frozenset[str]:
    """Features of what surrounds the first mentions of a firm: single words by side and distance, pairs next to the name. Names, numbers and places are only kinds."""
    out: set[str] = set()
    for mention in entity.mentions[:_MENTIONS]:
        row, own = _row(scene, entity, mention)
        if own is None:
            continue
        before, after = row[max(0, own - _BEFORE) : own][::-1], row[own + 1 : own + 1 + _AFTER]
        out.add("part=" + scene.sentences[mention.sentence].part)
        _side(out, before, "b", _NEAR_BEFORE)
        _side(out, after, "a", _NEAR_AFTER)
        if len(before) > 1:
            out.add(f"b01={before[1]}_{before[0]}")
        if len(after) > 1:
            out.add(f"a01={after[0]}_{after[1]}")
        out.add(f"ba={before[0] if before else '^'}_{after[0] if after else '$'}")
    return frozenset(out)


def _side(out: set[str], side: list[str], mark: str, near: int) -> None:
    for distance, word in enumerate(side):
        if distance < _PLACED:
            out.add(f"{mark}{distance}={word}")
        out.add(f"{mark.upper() * (1 if distance < near else 2)}={word}")
        if word in _STOP:
            break


def _row(scene: Scene, entity: Entity, mention: Mention) -> tuple[list[str], int | None]:
    """The words of the mention's sentence with names as marks, and where the mention stands among them."""
    sentence = scene.sentences[mention.sentence]
    spans = [(m.start, m.end, e is entity) for m, e in scene.named[mention.sentence]]
    row: list[str] = []
    own: int | None = None
    last = -1
    number = 0
    for word in sentence.words:
        while number < len(spans) and spans[number][1] <= word.start:
            number += 1
        span = spans[number] if number < len(spans) and spans[number][0] < word.end else None
        if span is None:
            row.append(_kind(word))
        elif span[0] != last:
            last = span[0]
            row.append("<SELF>" if span[2] else "<ORG>")
            if span[0] == mention.start:
                own, row[-1] = len(row) - 1, "<ME>"
    return row, own


def _kind(word: words.Word) -> str:
    if word.pos == "m" or re.match(r"\d", word.text):
        return "<N>"
    if word.pos == "ns":
        return "<PL>"
    if word.pos in {"nr", "nrt"}:
        return "<NR>"
    return word.text if len(word.text) == 1 or words.usual(word.text) else "<UNK>"
