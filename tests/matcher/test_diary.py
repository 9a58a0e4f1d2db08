"""Why a prospect rose or fell: one sentence from the difference of its reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import THERE, TODAY, bad, fits, investment, news, one, several

from matcher.diary import WORTH_A_WORD, difference, explain
from qingbao.model import BadNews, Investment, Site


def test_the_sentence_names_rule_before_now_and_points() -> None:
    before = one([investment(site=Site.FIXED, place=THERE)])
    now = one([investment(site=Site.OPEN)])
    assert explain(before, now).startswith("优先级 20 → ")
    assert "（乙 → 甲）" in explain(before, now)
    assert "意向 +88（已定在外地，只剩后续期次和配套 → 选址未定，仍可争取）" in explain(before, now)
    assert "下限" not in explain(before, now)


def test_a_rule_that_is_gone_or_new_is_told() -> None:
    before, now = one([investment(wan=None)]), one([investment(wan=120_000)])
    assert "金额12亿元" in explain(before, now)
    assert "不再有“金额12亿元”" in explain(now, before)
    assert "坏消息：公司否认" in explain(now, one([investment()], 60.0, [bad()]))


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [("m1/f1", "m1/f1", ""), ("m1/f1", "m2/f1", "匹配模型已更新"), ("m1/f1", "m1/f2", "评分公式已更新"), ("m1/f1", "m2/f2", "匹配模型已更新；评分公式已更新")],
)
def test_a_new_model_or_formula_is_told_apart(before: str, now: str, said: str) -> None:
    row = one([investment()])
    sentence = explain(replace(row, model_version=before), replace(row, model_version=now))
    assert sentence == f"优先级 {row.priority:.0f} → {row.priority:.0f}：各项理由未变{'；' if said else ''}{said}。"


def test_a_row_that_only_grew_older_says_so() -> None:
    before, now = one([investment(day=TODAY)]), one([investment(day=TODAY - timedelta(days=60))])
    assert "意向 −" in explain(before, now)
    assert "消息已有 60 天" in explain(before, now)


@given(several, fits, news, several, fits, news)
def test_the_changes_of_the_rules_sum_to_the_change_of_the_numbers(
    investments: list[Investment], fit: float | None, bad_news: list[BadNews], later: list[Investment], fit_later: float | None, news_later: list[BadNews],
) -> None:
    before, now = one(investments, fit, bad_news), one(later, fit_later, news_later)
    changes = difference(before, now)
    for word, old, new in (("意向", before.intent, now.intent), ("可信度", before.evidence, now.evidence), ("匹配度", before.fit or 0.0, now.fit or 0.0)):
        told = sum(points for number, _, points in changes if number == word)
        assert told == pytest.approx(new - old, abs=WORTH_A_WORD * 30)
    assert explain(before, now).endswith("。")


@given(several, fits, news, st.booleans())
def test_nothing_changed_is_said_so(investments: list[Investment], fit: float | None, bad_news: list[BadNews], renewed: bool) -> None:
    row = one(investments, fit, bad_news)
    assert difference(row, replace(row, run_id="r2" if renewed else None)) == []
