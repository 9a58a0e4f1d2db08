"""The demo's truth fits its articles, and the check that says so can fail."""

import copy
import re
from datetime import date

import pytest

from demo import check
from demo.content import fill_days


def test_truth_and_articles_agree() -> None:
    assert check.problems() == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda truth: truth["signals"]["x-lingxi-open"][0].update(amount=70000), "70000万元 does not occur"),
        (lambda truth: truth["signals"]["x-lingxi-open"][0].update(company="澜拓电机"), "no name of 澜拓电机 occurs"),
        (lambda truth: truth["signals"]["x-lingxi-open"][0].update(event="搬家"), "unknown event 搬家"),
        (lambda truth: truth["signals"]["x-xingli-zhuzhou"][0]["place"].update(city="岳阳市"), "place 岳阳市 does not occur"),
        (lambda truth: truth["companies"]["昕岚"].append("凌犀传动"), "凌犀传动 belongs to"),
        (lambda truth: truth["companies"]["昕岚"].append("无此公司"), "无此公司 occurs nowhere"),
        (lambda truth: truth["order"].append(["臻砺数控", "凌犀传动", "错"]), "stands above itself"),
        (lambda truth: truth["doors"].update(nothing=["read"]), "doors: no article nothing"),
        (lambda truth: truth["tiers"].update(无此公司=["甲"]), "tiers: unknown company 无此公司"),
        (lambda truth: truth["adverse"]["x-daique-stop"].update(company="冀珩制药"), "x-daique-stop does not name"),
    ],
)
def test_the_check_finds(monkeypatch, change, complaint) -> None:
    truth = copy.deepcopy(check.load_truth())
    change(truth)
    monkeypatch.setattr(check, "load_truth", lambda: truth)
    assert any(complaint in problem for problem in check.problems())


def test_there_are_forty_companies() -> None:
    truth = check.load_truth()
    assert len(truth["companies"]) >= 40


def test_bait_stands_only_where_robots_forbid() -> None:
    truth, articles = check.load_truth(), check.all_articles(second_run=True)
    for name in truth["never"]["companies"][:3]:
        assert {one.behaviour for one in articles.values() if name in one.text} == {"forbidden"}
    assert set(truth["outcomes"]) == {one.id for one in articles.values() if one.behaviour in ("forbidden", "missing")}


def test_every_signal_page_has_a_full_text() -> None:
    truth, articles = check.load_truth(), check.all_articles(second_run=True)
    assert {one: len(articles[one].text) for one in truth["signals"] if len(articles[one].text) < 115} == {}


def test_no_placeholder_is_left_and_no_year_is_written_by_hand() -> None:
    for article in check.all_articles(second_run=True, today=date(2031, 5, 5)).values():
        assert "{" not in article.title + article.text, article.id
        years = {int(year) for year in re.findall(r"(20[23]\d)年(?!度)", article.text)}
        assert not years & {2025, 2026, 2027}, (article.id, years)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{day:0}", "1月1日"), ("{day:-1}", "12月31日"), ("{date:-1}", "2026年12月31日"), ("{month:-1}", "12月"), ("{month:1}", "2月"),
        ("{year:1}", "2028年"), ("{year:0}6月", "2027年6月"),
    ],
)
def test_days_are_counted_from_the_page(text: str, filled: str) -> None:
    assert fill_days(text, date(2027, 1, 1)) == filled
