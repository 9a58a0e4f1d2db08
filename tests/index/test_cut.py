"""Cutting texts and queries, and the places of the pieces in the original."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cut import BREAK, clauses, cut_text, phrases, pieces, words


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("新能源", "新 能 源"),
        ("AI芯片", "ai 芯 片"),
        ("ＡＩ", "ai"),
        ("總投資", "总 投 资"),
        ("總投資積體電路", "总 投 资 集 成 电 路"),
        ("30亿元", "30 亿 元"),
        ("3.5亿元", "3.5 亿 元"),
        ("1,200万元", "1200 万 元"),
        ("12,345,678", "12345678"),
        ("2025,120家", f"2025 {BREAK} 120 家"),
        ("C919大飞机", "c 919 大 飞 机"),
        ("5GWh", "5 gwh"),
        ("TCL-A（中国）", "tcl a 中 国"),
        ("新。能源", f"新 {BREAK} 能 源"),
        ("标题\n正文", f"标 题 {BREAK} 正 文"),
        ("新 能 源", "新 能 源"),
        ("naïve Škoda", "naïve škoda"),
        ("𠮷野家", "𠮷 野 家"),
        ("レアアース", "レ ア ア ー ス"),
        ("！？", BREAK),
        ("", ""),
    ],
)
def test_texts_are_cut(text, cut):
    assert " ".join(words(text)) == cut


def alone(clause):
    """As an analyzer takes a clause: every blank ends a word, every common Chinese character is one."""
    return re.sub("([㐀-䶿一-鿿])", r" \1 ", clause).split()


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("新能源汽车，。,1230.AIａ積體電路㎡¦ \n々ア")), max_size=60))
def test_clauses_hold_the_same_words(text):
    expected = [part.split() for part in " ".join(words(text)).split(BREAK) if part.strip()]
    assert [alone(clause) for clause in clauses(text)] == expected
    assert cut_text(text).split() == words(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("云岭AI芯片，投资1,200万元。", ["云岭 ai 芯片", "投资 1200 万元"]), ("2025,120家", ["2025", "120 家"]), ("C919々", ["c 919 々"]), ("。！", []), ("", [])],
)
def test_clauses(text, expected):
    assert clauses(text) == expected


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("新能源 汽车", ["新 能 源", "汽 车"]),
        ("新能源　汽车", ["新 能 源", "汽 车"]),
        ('"electric motor" 广安', ["electric motor", "广 安"]),
        ("“electric motor”", ["electric motor"]),
        ("＂a b＂", ["a b"]),
        ("云岭机电，扩产", ["云 岭 机 电", "扩 产"]),
        ("AI AI ai", ["ai"]),
        ('"没有结尾 的', ["没 有 结 尾", "的"]),
        ("！ 。", []),
        ("", []),
        ("甲" * 3 + " 乙" * 100, ["甲 甲 甲", "乙"]),
    ],
)
def test_queries_are_cut_into_phrases(query, asked):
    assert [" ".join(phrase) for phrase in phrases(query)] == asked


@pytest.mark.parametrize(
    ("text", "word", "original"),
    [
        ("占地㎡面", "m", "㎡"),
        ("占地㎡面", "面", "面"),
        ("①期ＡＢ项", "ab", "ＡＢ"),
        ("先進的積體電路與機器人", "路", "路"),
        ("先進的積體電路與機器人", "器", "器"),
        ("用智慧型手機看", "看", "看"),
        ("共1,200人", "1200", "1,200"),
    ],
)
def test_a_piece_stands_where_it_was_written(text, word, original):
    (piece,) = [p for p in pieces(text) if p.word == word]
    assert text[piece.start : piece.end] == original


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("積體電路㎡①Å１，,ﬁ智慧型手機")), max_size=40))
def test_pieces_lie_in_the_text_in_order(text):
    cut = pieces(text)
    assert [p.word for p in cut] == words(text)
    assert all(0 <= p.start < p.end <= len(text) for p in cut)
    assert all(a.start <= b.start for a, b in pairwise(cut))
