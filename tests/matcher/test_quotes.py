"""The sentence that proves a row: tables of sentences beside each other, the better one first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plans import investment

from matcher.quotes import best_quote
from qingbao.model import Quote, Site, Stated

FIRM = ("岚禾食品有限公司", "岚禾食品")


@pytest.mark.parametrize(
    ("best", "other"),
    [
        ("岚禾食品计划投资6亿元，在川渝地区建一座中央工厂。", "问：地方选好了吗？"),
        ("岚禾食品拟投资6亿元新建工厂，选址尚未确定。", "岚禾食品西南建厂"),
        ("岚禾食品的新厂地点尚未确定，三个园区正在洽谈。", "岚禾食品去年的营收约4亿元，主要客户是连锁餐饮。"),
        ("公司新厂选址未定，正在川渝多地比选厂址。", "公司去年参加了三次行业展会，反响很好。"),
    ],
)
def test_the_sentence_that_shows_more_comes_first(best: str, other: str) -> None:
    for order in ((best, other), (other, best)):
        stated = tuple(Stated(article_url=f"http://x/{n}", day=None, signal_key="s", site=Site.OPEN, quote=Quote(text=text)) for n, text in enumerate(order))
        plan = replace(investment(), stated=stated, site_quote=None, site_url=None)
        assert best_quote(plan, FIRM, Site.OPEN) == (best, f"http://x/{order.index(best)}")


def test_of_equal_sentences_that_of_the_site_then_the_newest_counts() -> None:
    assert best_quote(investment(sources=2), FIRM, Site.OPEN)[1] == "http://x/i1/0"


def test_a_bare_question_loses_even_as_the_quote_of_the_site() -> None:
    plan = investment(quote="岚禾食品计划投资6亿元，在川渝地区建一座中央工厂。")
    plan = replace(plan, site_quote=Quote(text="问：地方选好了吗？"), site_url="http://x/site")
    assert best_quote(plan, FIRM, Site.OPEN)[0] == plan.stated[0].quote.text  # type: ignore[union-attr]


def test_without_sentences_there_is_no_quote() -> None:
    assert best_quote(None, FIRM, Site.NONE) == (None, None)
    bare = replace(investment(), site_quote=None, stated=(replace(investment().stated[0], quote=None),))
    assert best_quote(bare, FIRM, Site.OPEN) == (None, None)
