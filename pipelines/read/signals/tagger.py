"""The character tagger that learned from ``corpus/`` what a firm's name looks like: one more generator of candidates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from pipelines.read.signals import words
from pipelines.read.signals.repeats import Repeats
from qingbao.places import gazetteer

MODEL_FILE = "names.crfsuite"
# Longer pieces are tagged in windows, so that one line of 100 kB costs what its length costs.
WINDOW = 400


def _kind(char: str) -> str:
    if "一" <= char <= "龥" or "㐀" <= char <= "䶿":
        return "h"
    if char.isdigit():
        return "d"
    if char.isascii() and char.isalpha():
        return "A" if char.isupper() else "a"
    return char if char in ",。、:;()“”\"「」【】《》·-&!?" else "o"


# What firms do, to tell the tagger how far the next or last act of the clause is.
_ACT = re.compile(r"投资|签约|签订|签署|开工|奠基|投产|竣工|扩产|扩建|新建|建设|融资|中标|竞得|摘牌|收购|增资|设立|成立|搬迁|选址|考察|落户|入驻|投建|拟|计划|宣布|公告|表示|募资|上市|招聘|合作")
_CLAUSE_OPENS = frozenset(",。;:!?、“「（(")
_AHEAD, _BEHIND = 20, 12


def features(text: str, repeated: Sequence[Sequence[str]]) -> list[list[str]]:
    """The features of each character: those of its surroundings, of its clause, and of what the document says more than once (``repeated``: ``Repeats.marks``)."""
    out = _near(text)
    for i, (row, clause) in enumerate(zip(out, _clause(text))):
        row += clause
        row += repeated[i]
        if i + 1 < len(text):
            row += [">" + mark for mark in repeated[i + 1]]
        if i:
            row += ["<" + mark for mark in repeated[i - 1]]
    return out


def _clause(text: str) -> list[list[str]]:
    """For each character: how far into its clause, which act comes next and how far, which one was last."""
    acts = [(m.start(), m.end(), m[0]) for m in _ACT.finditer(text)]
    out: list[list[str]] = []
    start = following = 0
    stop = re.search("[。;]", text)
    for i in range(len(text)):
        if i and text[i - 1] in _CLAUSE_OPENS:
            start = i
        while following < len(acts) and acts[following][0] < i:
            following += 1
        if stop is not None and stop.start() < i:
            stop = re.compile("[。;]").search(text, i)
        row = [f"cs{min(i - start, 6)}"]
        if following < len(acts):
            gap = acts[following][0] - i
            if gap <= _AHEAD and (stop is None or stop.start() >= acts[following][0]):
                row += [f"na{gap // 3}", f"nw{acts[following][2]}{gap // 5}"]
        last = next((act for act in acts[max(0, following - 2) : following + 1][::-1] if act[1] <= i), None)
        if last is not None and i - last[1] <= _BEHIND and not re.search("[。;]", text[last[1] : i]):
            row.append(f"pw{last[2]}{(i - last[1]) // 4}")
        out.append(row)
    return out


def _near(text: str) -> list[list[str]]:
    """The neighbours of each character, its kind, the word that the general dictionary sees there, word lists."""
    tails = words.word_set("firm_words.txt")
    edges = words.word_set("edges.txt")
    places = gazetteer().forms
    cut = words.cut(text)
    word_of: list[tuple[int, int]] = []
    told: list[list[str]] = []
    for number, word in enumerate(cut):
        size = word.end - word.start
        everyday = "u" if words.usual(word.text) else "n"
        marks = [f"p={word.pos[:2]}", f"e={everyday}{min(size, 4)}"]
        if word.text in tails:
            marks.append("tail")
        if word.text in edges:
            marks.append("edge")
        if word.text in places:
            marks.append("place")
        told.append(marks)
        word_of += [(number, i) for i in range(size)]
    kinds = [_kind(c) for c in text]
    last = len(text) - 1
    out: list[list[str]] = []
    for i, char in enumerate(text):
        number, inside = word_of[i]
        size = cut[number].end - cut[number].start
        position = "S" if size == 1 else "B" if inside == 0 else "E" if inside == size - 1 else "M"
        before = text[i - 1] if i else "^"
        after = text[i + 1] if i < last else "$"
        before2 = text[i - 2] if i > 1 else "^"
        after2 = text[i + 2] if i < last - 1 else "$"
        row = [
            "c=" + char, "-1" + before, "+1" + after, "-2" + before2, "+2" + after2, "b" + before + char, "a" + char + after, "bb" + before2 + before,
            "aa" + after + after2, "t" + before + char + after,
            "k" + kinds[i], "kk" + (kinds[i - 1] if i else "^") + kinds[i] + (kinds[i + 1] if i < last else "$"), "w" + position,
            "W" + position + cut[number].text,
        ]
        row += [position + mark for mark in told[number]]
        if number:
            row += ["<" + mark for mark in told[number - 1]]
            row.append("<W" + cut[number - 1].text)
        if number + 1 < len(cut):
            row += [">" + mark for mark in told[number + 1]]
            row.append(">W" + cut[number + 1].text)
        if number + 2 < len(cut):
            row += [">>" + mark for mark in told[number + 2]]
        out.append(row)
    return out


def labels(length: int, spans: list[tuple[int, int]]) -> list[str]:
    """B, I, E, S, O for each character."""
    out = ["O"] * length
    for start, end in spans:
        if end - start == 1:
            out[start] = "S"
            continue
        out[start] = "B"
        out[end - 1] = "E"
        for i in range(start + 1, end - 1):
            out[i] = "I"
    return out


def spans(tags: list[str]) -> list[tuple[int, int]]:
    """The spans that a row of labels means; broken ones are left out."""
    out, start = [], None
    for i, tag in enumerate(tags):
        if tag == "B":
            start = i
        elif tag == "E" and start is not None:
            out.append((start, i + 1))
            start = None
        elif tag != "I":
            start = None
    return out


class Tagger:
    """A loaded model."""

    def __init__(self, path: str) -> None:
        import pycrfsuite

        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open(path)

    def find(self, text: str, repeats: Repeats) -> list[tuple[int, int, float]]:
        """Spans of names in one sentence of the document that ``repeats`` knows, with how sure the model is of their edges (0-1)."""
        found: list[tuple[int, int, float]] = []
        for start in range(0, len(text), WINDOW):
            piece = text[start : start + WINDOW]
            for a, b in spans(self._tagger.tag(features(piece, repeats.marks(piece)))):
                sure = min(self._tagger.marginal("B", a), self._tagger.marginal("E", b - 1)) if b - a > 1 else 0.0
                found.append((a + start, b + start, float(sure)))
        return found


@lru_cache(maxsize=1)
def tagger() -> Tagger | None:
    """The shipped model, or None where there is none."""
    file = resources.files("pipelines").joinpath("models", MODEL_FILE)
    if not file.is_file():
        return None
    with resources.as_file(file) as path:
        return Tagger(str(path))
