"""One form of text for comparing: width, traditional characters and case folded, words cut the same way everywhere."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from pathlib import Path

HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")

# A text is taken for one written in traditional characters if that many of its Han characters change. Mainland texts
# hold single ones (於, 後 from Hong Kong editing): on them the regional terms of opencc would do harm (核心 → 内核, 创建 → 建立).
TRADITIONAL_SHARE = 0.15

_HALF = re.compile("[\ud800-\udfff]")

Cut = Callable[[str], list[str]]


@cache
def _converter(name: str) -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC(name).convert

    def converted(text: str) -> str:
        try:
            return convert(text)
        except UnicodeEncodeError:  # halves of a character, as broken JSON holds them
            return convert(_HALF.sub("\ufffd", text))

    return converted


@cache
def _regional_terms() -> tuple[re.Pattern[str], dict[str, str]]:
    """Industry terms of Taiwan and Hong Kong in simplified characters → mainland terms (``data/regional_terms.tsv``)."""
    rows = (files("qingbao") / "data" / "regional_terms.tsv").read_text("utf-8").splitlines()
    terms = dict(row.split("\t") for row in rows if row and not row.startswith("#"))
    return re.compile("|".join(map(re.escape, sorted(terms, key=len, reverse=True)))), terms


def simplified(text: str) -> str:
    """Simplified characters; regional terms become mainland ones (積體電路 → 集成电路). The length may change."""
    plain = _converter("t2s")(text)
    if plain != text:
        changed = sum(a != b for a, b in zip(text, plain)) if len(plain) == len(text) else len(text)
        if changed >= TRADITIONAL_SHARE * max(1, len(HAN.findall(text))):
            plain = _converter("tw2sp")(text)
    pattern, terms = _regional_terms()
    return pattern.sub(lambda hit: terms[hit.group()], plain)


# Full-width marks of nearly every Chinese text. Replacing them first leaves few texts for the slower normalisation.
_WIDE_MARKS = tuple((wide, unicodedata.normalize("NFKC", wide)) for wide in "，（）；：！？％")
_BETWEEN = "\x1e"


def one_width(text: str) -> str:
    """The text after NFKC: one width, no ligatures. The length may change."""
    if unicodedata.is_normalized("NFKC", text):
        return text
    for wide, narrow in _WIDE_MARKS:
        text = text.replace(wide, narrow)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """The text in one width (NFKC), in simplified characters and mainland terms, in lower case. The length may change.

    For comparing and searching only: what people read and what offsets point into stays as it was written.
    """
    return simplified(one_width(text)).lower()


def fold_all(texts: Sequence[str]) -> list[str]:
    """``fold`` of each text, several times faster for many short ones: they are folded as one string where that is safe."""
    whole = _BETWEEN.join(texts)
    for wide, narrow in _WIDE_MARKS:
        whole = whole.replace(wide, narrow)
    before = [one_width(text) for text in whole.split(_BETWEEN)]
    plain = _converter("t2s")(_BETWEEN.join(before)).split(_BETWEEN)
    if not len(plain) == len(before) == len(texts):
        return [fold(text) for text in texts]
    # How much of a text is traditional decides about regional terms, so what changed is done by itself.
    lines = [line if line == old else simplified(old) for line, old in zip(plain, before)]
    pattern, terms = _regional_terms()
    return pattern.sub(lambda hit: terms[hit.group()], _BETWEEN.join(lines)).lower().split(_BETWEEN)


def jieba_cutter(folder: Path | None = None) -> tuple[Cut, Cut]:
    """jieba's cuts (words, search mode) with a cache in ``folder``; without one, in a private folder of this process.

    jieba would otherwise read a cache of its own name from the shared temp folder, where anybody can put one.
    """
    import jieba

    own = jieba.Tokenizer()
    with tempfile.TemporaryDirectory(prefix="qingbao-jieba-") as private:
        own.tmp_dir = str(folder or private)
        own.initialize()
    return (lambda text: list(own.cut(text, HMM=False))), (lambda text: list(own.cut_for_search(text, HMM=False)))


@cache
def _cutters() -> tuple[Cut, Cut]:
    """rjieba, which gives the same tokens about fourteen times faster; jieba itself where rjieba cannot be loaded."""
    try:
        import rjieba
    except ImportError:
        return jieba_cutter()
    return (lambda text: list(rjieba.cut(text, False))), (lambda text: list(rjieba.cut_for_search(text, False)))


_cut_search_by: ContextVar[Cut | None] = ContextVar("cut_search_by", default=None)


@contextmanager
def cut_search_by(cutter: Cut | None) -> Iterator[None]:
    """``cut_search`` is done by ``cutter`` in this block of this thread: by another process that has the dictionary already; None: here."""
    token = _cut_search_by.set(cutter)
    try:
        yield
    finally:
        _cut_search_by.reset(token)


def cut(text: str) -> list[str]:
    """Words by jieba's dictionary without guessing of new ones (HMM off). Joined they are the text again."""
    return _cutters()[0](text)


def cut_search(text: str) -> list[str]:
    """Words in search mode: a long word is preceded by the dictionary words of two and three characters inside it."""
    return (_cut_search_by.get() or _cutters()[1])(text)
