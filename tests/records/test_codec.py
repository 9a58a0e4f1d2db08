"""JSON of the model's values."""

import types
import typing
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingbao import model
from records import values
from records.codec import clean, from_json, to_json

KEPT = [
    cls
    for module in (model, values)
    for cls in vars(module).values()
    if isinstance(cls, type) and is_dataclass(cls) and cls not in (model.Page, model.Part, model.Attachment, values.UnitCursor)
]


def strategy(hint):
    """Any value of a type hint of the model."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return st.one_of(*map(strategy, args))
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(strategy(args[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(strategy, args))
    if origin is dict:
        return st.dictionaries(strategy(args[0]), strategy(args[1]), max_size=2)
    if hint is type(None):
        return st.none()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{f.name: strategy(hints[f.name]) for f in fields(hint)})
    return {
        str: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
        int: st.integers(-(2**40), 2**40),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        date: st.dates(),
        datetime: st.datetimes(timezones=st.just(UTC)),
    }[hint]


@pytest.mark.parametrize("cls", KEPT, ids=lambda cls: cls.__name__)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_what_is_kept_comes_back(cls, data):
    value = data.draw(strategy(cls))
    assert from_json(cls, to_json(value)) == value


@dataclass(frozen=True, kw_only=True)
class Old:
    name: str
    score: float = 1.0


@dataclass(frozen=True, kw_only=True)
class New:
    name: str
    places: tuple[str, ...] = ("all",)
    note: str | None = None
    score: float = 2.0


def test_rows_of_older_and_newer_programs_are_read():
    assert from_json(New, to_json(Old(name="甲", score=1.0))) == New(name="甲", score=1.0)
    assert from_json(Old, to_json(New(name="甲", note="乙", score=3.0))) == Old(name="甲", score=3.0)


def test_a_default_that_says_something_is_written_out():
    """Else a later change of the default would change what was kept."""
    assert '"score":1.0' in to_json(Old(name="甲"))
    assert "note" not in to_json(New(name="甲"))


def test_an_emptied_field_does_not_get_its_default_back():
    assert from_json(New, to_json(New(name="甲", places=()))) == New(name="甲", places=())


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_no_number_is_no_number(score):
    with pytest.raises(ValueError, match="finite"):
        to_json(Old(name="甲", score=score))


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="naive"):
        to_json((datetime(2026, 1, 1),))


def test_a_field_without_default_must_be_there():
    with pytest.raises(ValueError, match="name"):
        from_json(Old, "{}")


def test_broken_characters_keep_the_offsets():
    assert clean("甲\ud83d乙\0丙") == "甲\ufffd乙\ufffd丙"
    assert from_json(Old, to_json(Old(name="半个\ud83d表情"))).name == "半个\ufffd表情"
