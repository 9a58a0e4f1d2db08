"""Marks are exactly the characters of the phrases; excerpts are short and hold the most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cut import phrases
from index.highlight import excerpt, mark


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("新能源", "阳新县能源局谈新能源和新能源车", ("新能源", "新能源")),
        ("AI", "AIGC与AI、said", ("AI",)),
        ("30亿元", "130亿元、30亿元", ("30亿元",)),
        ("芯", "芯片与芯", ("芯", "芯")),
        ("tcl", "ＴＣＬ科技", ("ＴＣＬ",)),
        ("集成电路", "發展積體電路產業", ("積體電路",)),
        ("阳光新能源", "阳光（云岭）新能源、阳光（新能源）", ("阳光", "新能源")),
        ("机电 电机", "机电机", ("机电机",)),
        ("甲乙", "甲。乙", ()),
    ],
)
def test_what_is_marked(query, text, found):
    assert mark(text, phrases(query)).found == found


def test_an_excerpt_prefers_the_place_with_all_words():
    text = "机电。" + "无关" * 150 + "。云岭机电拟在青禾区扩产。" + "无关" * 150
    shown = excerpt(text, phrases("机电 扩产"))
    assert shown.found == ("机电", "扩产")
    assert shown.text.startswith("云岭机电拟")


def test_an_excerpt_of_a_short_text_is_the_text():
    shown = excerpt("第一行\n扩产", phrases("扩产"))
    assert (shown.text, shown.found, shown.before, shown.after) == ("第一行 扩产", ("扩产",), False, False)


def test_an_excerpt_at_the_end_of_a_long_text_is_full():
    shown = excerpt("无" * 500 + "扩产", phrases("扩产"))
    assert len(shown.text) == 200
    assert (shown.found, shown.before, shown.after) == (("扩产",), True, False)


def test_no_excerpt_without_a_find():
    assert excerpt("无关", phrases("扩产")) is None


@given(st.text("甲乙。 \n", max_size=300), st.lists(st.text("甲乙", min_size=1, max_size=250), min_size=1, max_size=3), st.integers(1, 60))
def test_an_excerpt_is_a_piece_of_the_text_with_marks_inside(text, asked, limit):
    shown = excerpt(text, phrases(" ".join(asked)), limit)
    if shown is not None:
        assert shown.text in text.replace("\n", " ")
        assert 0 < len(shown.text) <= limit
        assert shown.spans
        assert all(0 <= start < end <= len(shown.text) for start, end in shown.spans)
