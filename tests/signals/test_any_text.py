"""Any text of any length: never an exception, never more work than its length asks for."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.read.signals import parts
from pipelines.read.signals.clean import clean
from pipelines.read.signals.entities import MAX_ENTITIES
from pipelines.read.signals.triggers import find_triggers
from tests.signals.conftest import Read

WORDS = [
    "青禾光学", "岚川科技有限公司", "与", "和", "、", "，", "。", "；", "\n", "签约", "投资12亿元", "在", "四川省眉山市", "终止", "尚未确定", "选址", "（简称“青禾”）", "(600001)", "【", "】", "：", "建设单位：",
    "项目", "开工", "集团", "公司", "由", "分别", "3亿元、2亿元", "前者", "后者", "搬迁", "融资", "ABC", " ", "\t", "①", "⻓", "億", "產業", "﷽", "\ud800", "\x00", "“", "”", "1.", "中标", "总投资",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.lists(st.sampled_from(WORDS), max_size=6))
def test_words_in_any_order(read: Read, body: list[str], title: list[str]) -> None:
    text = "".join(body)
    reading = read(text, "".join(title))
    for signal in reading.signals:
        for quote in (signal.quote, signal.amount_quote, signal.place_quote, signal.site_quote):
            if quote is not None and quote.start is not None:
                assert quote.text == text[quote.start : quote.end]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120))
def test_any_characters(read: Read, text: str) -> None:
    found = read(text, text[:20])
    assert all(signal.mention and 0 <= signal.score <= 1 for signal in found.signals)


@given(st.text(max_size=80))
def test_clean_text_knows_where_it_stood(text: str) -> None:
    folded = clean(text)
    assert len(folded.at) == len(folded.text) + 1
    assert folded.at == sorted(folded.at)


@pytest.mark.parametrize("piece", ["青禾光学股份有限公司拟投资12亿元在安徽省滁州市建设基地，", "(", "“", "签", "1,", "集团", "选址", "公司", "【", "(简称“"])
def test_one_line_of_100_kb(read: Read, piece: str) -> None:
    assert len(read((piece * 100_000)[:100_000]).signals) <= MAX_ENTITIES


def test_ten_thousand_names_are_bounded(read: Read) -> None:
    text = "\n".join(f"{a}{b}{c}{d}科技有限公司签约投资1亿元。" for a in "青禾岚砺霁瀚启岳堃宸" for b in "川舟光穹穗衡睿芯澜砾" for c in "甲乙丙丁戊己庚辛壬癸" for d in "东南西北中高低上下左")
    assert len(read(text).signals) <= MAX_ENTITIES


def test_sentences_are_short_and_text_is_bounded() -> None:
    document = parts.cut_document("", "项目、" * 60_000)
    assert max(len(s.text) for s in document.sentences) <= 700
    assert sum(len(s.text) for s in document.sentences) <= parts.MAX_CHARS


def test_triggers_of_one_sentence_are_bounded() -> None:
    assert len(find_triggers("签约" * 5000)) <= 4000
