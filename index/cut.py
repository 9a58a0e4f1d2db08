"""Text cut for searching: folded, single Chinese characters, Latin and digit runs whole; and each piece's place in the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from qingbao.keys import content_hash
from qingbao.text import fold

# Bumped when the rules below, or those of ``qingbao.text.fold``, would cut the same text differently.
RULES_VERSION = 1

# Stands in a cut text where a sentence or a clause ends, so that a phrase does not reach over it (发展新。能源 is no 新能源).
BREAK = "¦"

_HAN = r"々〇ぁ-ヿ㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"

# 1,200 is one number; 2025,120 are two. A decimal is one: 3.5亿 is not found by 5亿. Everything else in brackets, dashes and blanks is passed over.
_ENDS = f"。!?;,:、…\n\t{BREAK}"
_PIECES = rf"[{_HAN}]|\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?:(?![{_HAN}\d])[^\W_])+|[{_ENDS}]+"
_PIECE = re.compile(_PIECES)
_RUN_OR_PIECE = re.compile(rf"[㐀-䶿一-鿿]+|{_PIECES}")
_END = re.compile(f"[{_ENDS}]+")
_THOUSANDS = re.compile(r",(?=\d)")

_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』|([^\s"“「『]+)')

# Parts of a query, and pieces of a part, that are looked at.
PARTS_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a cut text and where it stands in the original."""

    word: str
    start: int
    end: int


@cache
def cut_version() -> str:
    """What a text's cutting depends on; an engine that was filled under another version is filled anew from the records."""
    terms = (files("qingbao") / "data" / "regional_terms.tsv").read_bytes()
    return f"{RULES_VERSION}-opencc{version('opencc')}-{content_hash(terms)[:8]}"


def words(text: str) -> list[str]:
    """``text`` folded and cut."""
    return cut_text(text).split()


def cut_text(text: str) -> str:
    """``text`` folded and cut, its words apart by blanks."""
    # Whole strings at a time: a loop over the words took two thirds of the time that feeding takes.
    return _END.sub(BREAK, _apart(_PIECE, text))


def clauses(text: str) -> list[str]:
    """``text`` folded and cut, clause by clause. Common Chinese characters stand together, for a reader that takes each for a word."""
    return [clause for part in _END.split(_apart(_RUN_OR_PIECE, text)) if (clause := part.strip(" "))]


def _apart(pieces: re.Pattern[str], text: str) -> str:
    apart = " ".join(pieces.findall(fold(text)))
    return _THOUSANDS.sub("", apart) if "," in apart else apart  # between pieces stands a blank: such a comma is inside a number


def pieces(text: str) -> list[Piece]:
    """``text`` folded and cut, each piece with its place in ``text``."""
    folded = fold(text)
    places = _places(text, folded)
    return [Piece(_word(hit[0]), places[hit.start()][0], places[hit.end() - 1][1]) for hit in _PIECE.finditer(folded)]


def phrases(query: str) -> list[tuple[str, ...]]:
    """The phrases that a query asks for: its parts between blanks (or in quotes), cut like texts; a part falls apart at a comma."""
    found: dict[tuple[str, ...], None] = {}
    for hit in list(_QUOTED.finditer(unicodedata.normalize("NFKC", query)))[:PARTS_AT_MOST]:
        part: list[str] = []
        for word in [*words(next(filter(None, hit.groups()), "")), BREAK]:
            if word != BREAK:
                part.append(word)
            elif part:
                found[tuple(part)] = None
                part = []
    return list(found)


def _word(piece: str) -> str:
    if piece[0] in _ENDS:
        return BREAK
    return piece.replace(",", "") if "," in piece else piece


def _places(text: str, folded: str) -> list[tuple[int, int]]:
    """For each character of ``folded`` its place (start, end) in ``text``.

    Nearly always they are equally long, character by character. Where width folding changed the length (㎡ → m2), it is followed
    character by character; where regional terms did (智慧型手機 → 智能手机), inside the run between two signs that stayed.
    """
    if len(text) == len(folded):
        return [(i, i + 1) for i in range(len(text))]
    wide = [(folded_char, i) for i, char in enumerate(text) for folded_char in unicodedata.normalize("NFKC", char)]
    plain = "".join(char for char, _ in wide)
    return [(wide[start][1], wide[end - 1][1] + 1) for start, end in _aligned(plain, folded)]


_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^㐀-䶿一-鿿豈-﫿]+")


def _aligned(old: str, new: str) -> list[tuple[int, int]]:
    """For each character of ``new`` its place in ``old``, of which it is a folded form."""
    if len(old) == len(new):
        return [(i, i + 1) for i in range(len(old))]
    old_runs, new_runs = _RUN.findall(old), _RUN.findall(new)
    if len(old_runs) != len(new_runs):
        return _stretched(len(old), len(new), 0)
    places: list[tuple[int, int]] = []
    at = 0
    for before, after in zip(old_runs, new_runs, strict=True):
        if len(before) == len(after):
            places += [(at + i, at + i + 1) for i in range(len(before))]
        elif len(before) <= 400:
            places += _matched(before, after, at)
        else:
            places += _stretched(len(before), len(after), at)
        at += len(before)
    return places


def _matched(before: str, after: str, at: int) -> list[tuple[int, int]]:
    """Of two unequal runs: what is equal stands where it stood, what was exchanged stands for all that it was exchanged for."""
    places = [(at, at + len(before))] * len(after)
    for what, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for j in range(j1, j2):
            if i2 - i1 == j2 - j1:
                places[j] = (at + i1 + j - j1, at + i1 + j - j1 + 1)
            elif what == "replace":
                places[j] = (at + i1, at + i2)
            else:
                places[j] = (at + min(i1, len(before) - 1), at + min(i1, len(before) - 1) + 1)
    return places


def _stretched(old: int, new: int, at: int) -> list[tuple[int, int]]:
    """Places by proportion, for a text of which nothing better is known."""
    return [(at + i * old // new, at + max((i + 1) * old // new, i * old // new + 1)) for i in range(new)]
