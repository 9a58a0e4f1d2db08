"""The lexicon files and the cutting of text into words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its part of speech (jieba's letters) and where it stands in the clean text."""

    text: str
    pos: str
    start: int
    end: int


def lines(name: str) -> Iterator[str]:
    """The lines of a file of ``pipelines/lexicon`` without comments and blanks."""
    text = resources.files("pipelines").joinpath("lexicon", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@lru_cache(maxsize=32)
def word_set(name: str) -> frozenset[str]:
    """A lexicon file of single words."""
    return frozenset(line.strip() for line in lines(name))


@lru_cache(maxsize=32)
def ends_pattern(name: str) -> re.Pattern[str]:
    """A pattern that matches at the end of a text any word of the file; rows that begin with "=" are left out."""
    words = sorted((w for w in word_set(name) if not w.startswith("=")), key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, words)) + ")$")


@lru_cache(maxsize=1)
def _engine() -> Any:
    """rjieba cuts exactly like jieba and an order of magnitude faster; jieba stands in where it has no wheel."""
    try:
        import rjieba
    except ImportError:
        return None
    return rjieba.Jieba()


def known(word: str) -> bool:
    """Whether the general dictionary has the word."""
    engine = _engine()
    if engine is not None:
        return bool(engine.has_word(word))
    import jieba

    jieba.initialize()
    return bool(jieba.dt.FREQ.get(word))


SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)


@lru_cache(maxsize=20000)
def usual(word: str) -> bool:
    """Whether a word is an everyday one: in the dictionary, and not as the name of a firm, person or place."""
    if not known(word):
        return False
    if tag_of(word) in {"nr", "nrt"} and len(word) >= 3 and word[0] not in SURNAMES:
        return True  # the dictionary calls 宿舍楼 and 智能化 persons
    return tag_of(word) not in {"nt", "nz", "nr", "nrt", "ns", "nrfg"}


@lru_cache(maxsize=20000)
def tag_of(word: str) -> str:
    """The part of speech that the dictionary gives a single word; several letters joined by "+" if it is cut further."""
    return "+".join(pos for _, pos in _tag(word))


def _tag(text: str) -> list[tuple[str, str]]:
    engine = _engine()
    if engine is not None:
        return list(engine.tag(text))
    import jieba.posseg

    return [(pair.word, pair.flag) for pair in jieba.posseg.cut(text)]


# Words before a name that the cutter's model for unknown words glues to it: 据岳衡, 由岳衡.
GLUED = frozenset("由据与和向对从在经被让自以为于是将拟及")


def cut(text: str, offset: int = 0) -> list[Word]:
    """The words of a text; ``offset`` is added to their places. A preposition glued to an unknown word is taken off it."""
    out: list[Word] = []
    position = offset
    for word, pos in _tag(text):
        end = position + len(word)
        if 3 <= len(word) <= 6 and word[0] in GLUED and not known(word):
            out.append(Word(word[0], "p", position, position + 1))
            out.append(Word(word[1:], pos, position + 1, end))
        else:
            out.append(Word(word, pos, position, end))
        position = end
    return out
