"""What a park says of an industry, as words with importance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from matcher.tokens import counts_as_word, readable, statement_words
from qingbao.model import Industry
from qingbao.text import HAN, cut, cut_search

# A part of a compound counts this much: 半导体 asks for 半导体, and only a little for 导体.
PART_OF_COMPOUND = 0.5
# The name of the industry and of its links is what the park means; the paragraph around them says it again in passing.
NAME_IMPORTANCE = 3.0
LINK_IMPORTANCE = 1.0
TEXT_IMPORTANCE = 0.6


@dataclass(frozen=True, slots=True)
class Statement:
    """The words of an industry with what each counts. ``links``: name and words of each chain link.

    ``single``: characters that are a whole name or link by themselves (茶): compounds that end in them are meant too.
    """

    importance: dict[str, float]
    single: tuple[str, ...]
    links: tuple[tuple[str, tuple[str, ...]], ...]


def _weighed(text: str, importance: float, into: dict[str, float]) -> None:
    clean = readable(text)
    whole = set(cut(clean))
    for word in cut_search(clean):
        if counts_as_word(word) and word not in statement_words():
            into[word] = into.get(word, 0.0) + importance * (1.0 if word in whole else PART_OF_COMPOUND)


def statement(industry: Industry) -> Statement:
    """Industry name, chain links and paragraph as words with importance."""
    weights: dict[str, float] = {}
    _weighed(industry.name, NAME_IMPORTANCE, weights)
    _weighed(industry.text, TEXT_IMPORTANCE, weights)
    for link in industry.chain_links:
        _weighed(link.name, LINK_IMPORTANCE, weights)
    alone = {words[0] for name in (industry.name, *(link.name for link in industry.chain_links)) if len(set(words := _words(name))) == 1}
    single = tuple(sorted(word for word in alone if HAN.fullmatch(word)))
    links = tuple((link.name, _words(link.name)) for link in industry.chain_links)
    return Statement(weights, single, links)


def statement_key(industry: Industry, *more: str) -> str:
    """Changes when the statement does, or anything named besides."""
    parts = (industry.name, industry.text, *(link.name for link in industry.chain_links))
    said = hashlib.blake2b("\x00".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return hashlib.blake2b("\x00".join((said, *more)).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in cut_search(readable(text)) if counts_as_word(word) and word not in statement_words())


def asked_words(industries: Iterable[Industry]) -> set[str]:
    """All words of some statements: a model's vocabulary holds them even where no company uses them yet."""
    return {word for industry in industries for word in statement(industry).importance}
