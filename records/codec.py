"""JSON for the frozen dataclasses of the model, both ways, by their type hints."""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import orjson

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def clean(text: str) -> str:
    """``text`` as every database can keep it: lone surrogates and NUL become U+FFFD, one for one, so that offsets stay.

    Feeds bring the first as ``\\ud83d`` without its second half, PostgreSQL refuses the second.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text.replace("\0", "\ufffd")


def to_json(value: Any) -> str:
    """``value`` (a dataclass of the model, or tuples, lists and dicts of such) as compact JSON.

    Fields that are None or empty by default and still are so get no entry. Raises ValueError for a number that is not
    finite and for a naive datetime, TypeError for a type that is not the model's.
    """
    return orjson.dumps(_plain(value)).decode()


def from_json(cls: type[T], text: str | bytes) -> T:
    """The value of type ``cls`` that ``text`` holds. A field that the text lacks gets its default, one it has too much is passed over.

    So rows of an older or newer program can be read. Raises ValueError where a field without default is missing.
    """
    hint: Any = cls
    decoded: T = _decoder(hint)(orjson.loads(text))
    return decoded


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str, Enum)):
        if isinstance(value, Enum):
            return value.value
        return clean(value) if isinstance(value, str) else value
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            raise ValueError(f"not a finite number: {value}")
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be kept: {value}")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        cls: Any = type(value)
        pairs = ((name, empty, getattr(value, name)) for name, empty in _shape(cls))
        return {name: _plain(item) for name, empty, item in pairs if empty is MISSING or item != empty}
    raise TypeError(f"no JSON for {type(value).__name__}")


@cache
def _shape(cls: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass, each with the empty default at which it is left out (MISSING: never left out).

    Only None and emptiness are left out: a default such as ``score = 1.0`` may change one day, and the rows must not.
    """
    return tuple((f.name, default if (default := _default(f)) in (None, (), {}, "") else MISSING) for f in fields(cls))


def _default(f: Field[Any]) -> Any:
    return f.default_factory() if f.default_factory is not MISSING else f.default


@cache
def _decoder(hint: Any) -> Decoder:
    """The function that makes a value of type ``hint`` of parsed JSON."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint in (Any, str, int, bool):
        return _same
    if hint is float:
        return float
    if origin in (types.UnionType, typing.Union):
        (inner,) = [arg for arg in args if arg is not type(None)]
        return _optional(_decoder(inner))
    if origin is tuple:
        return _tuple(tuple(_decoder(arg) for arg in args if arg is not Ellipsis), endless=args[-1] is Ellipsis)
    if origin is dict:
        return _dict(_decoder(args[1]))
    if hint is datetime or hint is date:
        return typing.cast(Decoder, hint.fromisoformat)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if is_dataclass(hint):
        return _dataclass(hint)
    raise TypeError(f"no JSON for {hint}")


def _same(value: Any) -> Any:
    return value


def _optional(inner: Decoder) -> Decoder:
    return lambda value: None if value is None else inner(value)


def _tuple(inner: tuple[Decoder, ...], *, endless: bool) -> Decoder:
    if endless:
        return lambda value: tuple(inner[0](item) for item in value)
    return lambda value: tuple(decode(item) for decode, item in zip(inner, value, strict=True))


def _dict(inner: Decoder) -> Decoder:
    return lambda value: {key: inner(item) for key, item in value.items()}


def _dataclass(cls: Any) -> Decoder:
    hints = typing.get_type_hints(cls)
    decoders = {f.name: _decoder(hints[f.name]) for f in fields(cls)}
    needed = {f.name for f in fields(cls) if _default(f) is MISSING}

    def decode(value: dict[str, Any]) -> Any:
        if missing := needed - value.keys():
            raise ValueError(f"{cls.__name__} without {', '.join(sorted(missing))}")
        return cls(**{name: decoders[name](item) for name, item in value.items() if name in decoders})

    return decode
