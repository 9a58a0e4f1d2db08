"""Kibana's query language as far as our objects use it: a small parser, strict about everything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Is:
    """``field: value``; without a field: anywhere. ``quoted``: a phrase; ``*``: there is a value."""

    field: str | None
    value: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """``field >= value``; ``sign``: gt, gte, lt or lte."""

    field: str
    sign: str
    value: str


@dataclass(frozen=True, slots=True)
class Both:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """An empty query."""


Node = Is | Compare | Both | Either | Not | All

# White space is only that: the ideographic blank is an ordinary character, as are full-width brackets and quotes.
_TOKEN = re.compile(r'[ \t\r\n\xa0]*(?:"((?:[^"\\]|\\.)*)"|(<=|>=|<|>|:|\(|\))|([^ \t\r\n\xa0"<>:(){}\\]+))')
_SIGNS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_WORDS = {"and", "or", "not"}


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    kind: str  # quoted, sign, bare


def parse(query: str) -> Node:
    """The tree of a query. Raises ValueError for what is not in the language, or not in the part of it that we use."""
    tokens = []
    at, text = 0, query.strip(" \t\r\n\xa0")
    while at < len(text):
        hit = _TOKEN.match(text, at)
        if hit is None:
            raise ValueError(f"KQL: {text[at:at + 20]!r} in {query!r}")
        quoted, sign, bare = hit.groups()
        tokens.append(_Token(re.sub(r"\\(.)", r"\1", quoted), "quoted") if quoted is not None else _Token(sign or bare, "sign" if sign else "bare"))
        at = hit.end()
    if not tokens:
        return All()
    reader = _Reader(tokens)
    node = reader.either()
    if reader.tokens:
        raise ValueError(f"KQL: {reader.tokens[0].text!r} is too much in {query!r}")
    return node


def fields(node: Node) -> Iterator[str]:
    """All fields that a query names, once for each place."""
    match node:
        case Is(field=str(field)) | Compare(field=field):
            yield field
        case Both(parts) | Either(parts):
            for part in parts:
                yield from fields(part)
        case Not(part):
            yield from fields(part)


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens

    def either(self, field: str | None = None) -> Node:
        parts = [self.both(field)]
        while self._take_word("or"):
            parts.append(self.both(field))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self, field: str | None) -> Node:
        parts = [self.one(field)]
        while self._take_word("and"):
            parts.append(self.one(field))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def one(self, field: str | None) -> Node:
        if self._take_word("not"):
            return Not(self.one(field))
        if self._take_sign("("):
            node = self.either(field)
            if not self._take_sign(")"):
                raise ValueError("KQL: a bracket is not closed")
            return node
        value = self._value()
        if field is not None or value.kind == "quoted" or not self.tokens or self.tokens[0].kind != "sign" or self.tokens[0].text == ")":
            return Is(field, value.text, value.kind == "quoted")
        sign = self.tokens.pop(0).text
        if sign in _SIGNS:
            return Compare(value.text, _SIGNS[sign], self._value().text)
        if sign != ":":
            raise ValueError(f"KQL: {sign!r} after {value.text!r}")
        if self.tokens and self.tokens[0].text == "(":
            return self.one(value.text)
        found = self._value()
        return Is(value.text, found.text, found.kind == "quoted")

    def _value(self) -> _Token:
        if not self.tokens or self.tokens[0].kind == "sign" or (self.tokens[0].kind == "bare" and self.tokens[0].text.lower() in _WORDS):
            raise ValueError("KQL: a word is missing")
        return self.tokens.pop(0)

    def _take_word(self, word: str) -> bool:
        if self.tokens and self.tokens[0].kind == "bare" and self.tokens[0].text.lower() == word:
            self.tokens.pop(0)
            return True
        return False

    def _take_sign(self, sign: str) -> bool:
        if self.tokens and self.tokens[0] == _Token(sign, "sign"):
            self.tokens.pop(0)
            return True
        return False
