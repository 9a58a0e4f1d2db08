"""Cutting many texts at once gives the words that each sentence has by itself."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import cutting
from matcher.cutting import Cut, cut_texts
from matcher.tokens import counts_as_word, readable_sentences, sentences, telling
from qingbao.text import cut_search

WORDS = ["半导体材料", "光伏玻璃", "茶", "LED", "5G", "3.5亿元", "不含危险化学品", "位于工业园区", "员工三百人", "电机", "積體電路", "1,000", "A-B", "C++", "除外", " "]
MARKS = [*"、，；：（）,;:()。！？.\n\t·/\"“”【】", "", "\x00", "\x1e", "\r\n", "\ud800"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS + MARKS), max_size=25).map("".join), max_size=12)


def counted(cut: Cut) -> list[Counter[str]]:
    spans = [slice(a, b) for a, b in zip(cut.indptr, cut.indptr[1:])]
    return [Counter({cut.words[term]: count for term, count in zip(cut.terms[span].tolist(), cut.counts[span].tolist())}) for span in spans]


def by_itself(text: str) -> Counter[str]:
    clean = [telling(readable_sentences([one]))[0] for one in sentences(text)]
    return Counter(token for one in clean for token in cut_search(one) if counts_as_word(token))


@given(TEXTS)
@settings(deadline=None)
def test_blocks_and_remembered_pieces_change_no_word(texts: list[str]) -> None:
    assert counted(cut_texts(texts)) == [by_itself(text) for text in texts]


def test_a_full_memory_changes_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"公司第{i % 7}条产线制造{WORDS[i % 5]}、轴承（{i % 3}型）；电机，泵。员工{i}人。" for i in range(40)]
    whole = counted(cut_texts(texts))
    monkeypatch.setattr(cutting, "REMEMBERED", 12)
    monkeypatch.setattr(cutting, "BLOCK", 3)
    assert counted(cut_texts(texts)) == whole


@pytest.mark.parametrize(("sentence", "kept"), [
    ("公司位于江苏省苏州市,交通便利,环境优美", ""),
    ("公司位于江苏省苏州市,主营减速器制造", "主营减速器制造"),
    ("公司拥有员工三百人,其中研发茶饮料的四十人", "其中研发茶饮料的四十人"),
    ("厂区占地百亩,建有钛合金车间", "建有钛合金车间"),
    ("厂区占地百亩的钛合金车间", "厂区占地百亩的钛合金车间"),
    ("年产轴承十万套", "年产轴承十万套"),
    ("", ""),
])
def test_clauses_of_site_and_staff_say_nothing(sentence: str, kept: str) -> None:
    assert telling([sentence]) == [kept]
