"""One form of text for comparing: tables of what folds to what, and the two cutters side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingbao.text import cut, cut_search, fold, fold_all, jieba_cutter, one_width, simplified

SAMPLE = [
    "公司制造机器人用行星减速器和谐波减速器，建有齿轮热处理、磨齿和总装检测三个车间，年产减速器四万台。",
    "专注5G通信、AIoT与MiniLED背光，ISO9001:2015认证，产品出口30多个国家/地区",
    "本社有茶山三千亩，春天采茶，夏天炒茶，秋天卖茶，自建厂房做红茶、绿茶、黑茶。",
    "LED照明 C++ 软件\t换行\n第二段　全角空格；50%股权；A&B公司",
    "鑫淼犇羴🍵㎡①②龘靐",
    "",
]


@pytest.mark.parametrize(("text", "folded"), [
    ("ＬＥＤ照明，Ａ＆Ｂ", "led照明,a&b"),
    ("年产１２万吨", "年产12万吨"),
    ("（不含危险化学品）", "(不含危险化学品)"),
    ("積體電路封裝測試", "集成电路封装测试"),
    ("本公司專業從事工具機與塑膠射出", "本公司专业从事机床与塑料射出"),
    # One traditional character in a mainland text brings no regional terms: opencc would make 内核 of 核心.
    ("核心技术应用於新能源整合", "核心技术应用于新能源整合"),
    ("主要产品为积体电路和感测器", "主要产品为集成电路和传感器"),
    ("软体机器人与软体家具", "软体机器人与软体家具"),
    ("", ""),
])
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.lists(st.text(alphabet=st.sampled_from("於積體電路机器人，（Ａa１㎡\x1e\n 茶"), max_size=12), max_size=6))
def test_folding_many_is_folding_each(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


@given(st.text())
def test_folding_twice_changes_no_width(text: str) -> None:
    assert one_width(one_width(text)) == one_width(text)


def test_a_traditional_text_gets_the_mainland_words() -> None:
    assert simplified("半導體與軟體產業") == "半导体与软件产业"


@pytest.mark.parametrize("text", SAMPLE)
def test_rjieba_cuts_as_jieba_does(text: str) -> None:
    jieba_cut, jieba_search = jieba_cutter()
    assert cut(text) == jieba_cut(text)
    assert cut_search(text) == jieba_search(text)


@pytest.mark.parametrize("text", SAMPLE)
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(cut(text)) == text


def test_jieba_leaves_nothing_in_the_shared_temp_folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    jieba_cutter()
    assert list(tmp_path.iterdir()) == []


def test_without_rjieba_jieba_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from qingbao import text as module

    expected = cut_search(SAMPLE[0])
    module._cutters.cache_clear()
    monkeypatch.setitem(sys.modules, "rjieba", None)
    try:
        assert cut_search(SAMPLE[0]) == expected
    finally:
        module._cutters.cache_clear()
