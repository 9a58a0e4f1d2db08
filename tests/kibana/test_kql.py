"""The little parser of Kibana's query language, in a table."""

import pytest

from index.kibana.kql import All, Both, Compare, Either, Is, Not, fields, parse


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", All()),
        ("  ", All()),
        ('tier: "甲"', Is("tier", "甲", True)),
        ("tier:甲", Is("tier", "甲", False)),
        ('"智能制造"', Is(None, "智能制造", True)),
        ("智能制造", Is(None, "智能制造", False)),
        ("link: *", Is("link", "*", False)),
        ("listed >= now/d", Compare("listed", "gte", "now/d")),
        ("rise<0", Compare("rise", "lt", "0")),
        ('a: "x" and b: "y" or c: "z"', Either((Both((Is("a", "x", True), Is("b", "y", True))), Is("c", "z", True)))),
        ('a: ("x" or "y")', Either((Is("a", "x", True), Is("a", "y", True)))),
        ('not a: ("x" or y)', Not(Either((Is("a", "x", True), Is("a", "y", False))))),
        ('a: "x" AND (b: "y" OR "z")', Both((Is("a", "x", True), Either((Is("b", "y", True), Is(None, "z", True)))))),
        (r'a: "x \"y\" z"', Is("a", 'x "y" z', True)),
        ("标题：智能", Is(None, "标题：智能", False)),  # a full-width colon is an ordinary character
        ("电机　减速器", Is(None, "电机　减速器", False)),  # so is the ideographic blank
        ('“电机”', Is(None, "“电机”", False)),
    ],
)
def test_trees(query, tree):
    assert parse(query) == tree


@pytest.mark.parametrize("query", ['a: "x', "a: and b", "(a: b", "a: b)", "a: {b: c}", "and", "a >", "a : b c", '"x" > 3 (', "not"])
def test_what_is_not_in_the_language(query):
    with pytest.raises(ValueError, match="KQL"):
        parse(query)


def test_the_fields_of_a_query():
    assert list(fields(parse('a: "x" and not (b >= 3 or c: ("y" or "z")) and "w"'))) == ["a", "b", "c", "c"]
