"""Segments of chains: words of the trade are counted longest first, the two ways of counting agree."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.concepts import company_segments, concepts, industry_segments, text_segments
from matcher.vectors import TermVectors
from qingbao.model import ChainLink, Industry

TEXTS = {
    "pcb": "公司主营高等级覆铜板和电子玻璃布的研发与制造，产品用于多层板",
    "brewer": "公司酿造酱油、食醋，经营范围含生物化工产品技术研发",
    "solar": "光伏玻璃和光伏组件生产企业，配套光伏玻璃深加工",
    "none": "本公司坚持以人为本，欢迎各界朋友光临指导",
}


def strongest(vector: np.ndarray) -> str:
    return concepts().names[int(vector.argmax())]


@pytest.mark.parametrize(("one", "segment"), [("pcb", "印制电路板"), ("brewer", "食品加工"), ("solar", "光伏")])
def test_a_text_belongs_to_its_segment(one: str, segment: str) -> None:
    vectors = TermVectors.of(TEXTS)
    assert strongest(company_segments(vectors)[vectors.ids.index(one)]) == segment


def test_a_text_without_words_of_the_trade_has_none() -> None:
    vectors = TermVectors.of(TEXTS)
    assert not company_segments(vectors)[vectors.ids.index("none")].any()


def test_both_ways_of_counting_agree() -> None:
    vectors = TermVectors.of(TEXTS)
    rows = company_segments(vectors)
    for row, one in enumerate(vectors.ids):
        assert rows[row] == pytest.approx(text_segments(TEXTS[one]), abs=1e-6)


def test_an_industry_asks_for_what_it_means() -> None:
    industry = Industry(name="电子信息", text="发展印刷电路板", chain_links=(ChainLink(name="印刷电路板"),))
    vectors = TermVectors.of(TEXTS)
    near = company_segments(vectors) @ industry_segments(industry)
    assert vectors.ids[int(near.argmax())] == "pcb"
    assert near[vectors.ids.index("brewer")] < 0.1


def test_no_word_of_the_table_is_cut_away() -> None:
    assert [word.text for word in concepts().words if not word.tokens] == []
