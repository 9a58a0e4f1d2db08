"""The comparison of a night with the truth: single fields are seen, and a night that found nothing differs in every section."""

from datetime import UTC, datetime

import pytest

from demo import compare
from qingbao.model import Amount, Article, EventType, Place, Quote, Signal, Site
from records import open_records
from records.values import Reading

ARTICLE = "x-xingli-zhuzhou"
URL = "http://127.0.0.1:1/a"


@pytest.fixture
def records(tmp_path):
    with open_records(str(tmp_path / "records.db")) as opened:
        yield opened


def night(records, signals=(), text="正文"):
    article = Article(url=URL, title="题目", text=text, text_hash="x", published_at=datetime(2026, 3, 2, tzinfo=UTC))
    told = compare.Night(records, {ARTICLE: URL})
    told.readings = {URL: Reading(article=article, signals=tuple(signals))}
    return told


def signal(**changes):
    fields = {
        "key": "k", "article_url": URL, "mention": "星砾激光", "event_type": EventType.SIGNING, "quote": Quote(text="签订投资协议"), "site": Site.FIXED,
        "amount": Amount(text="10亿元", value_wan=100000.0), "place": Place(province="湖南省", city="株洲市"),
    }
    return Signal(**{**fields, **changes})


def test_the_right_signal_is_no_difference(records) -> None:
    assert list(compare.signal_problems(night(records, [signal()]))) == []


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ([], "no signal of 星砾激光"),
        ([signal(event_type=EventType.PRODUCTION)], "event 投产 instead of 投资签约"),
        ([signal(amount=None)], "amount None instead of 100000"),
        ([signal(amount=Amount(text="8亿元", value_wan=80000.0))], "amount 80000.0 instead of 100000"),
        ([signal(site=Site.OPEN)], "site open instead of fixed"),
        ([signal(place=Place(province="湖南省", city="长沙市"))], "长沙市"),
        ([signal(place=None)], "place None instead of"),
        ([signal(), signal(key="other", mention="别的公司")], "surplus signal of 别的公司"),
    ],
)
def test_each_field_is_compared(records, found, line) -> None:
    assert any(line in one for one in compare.signal_problems(night(records, found)))


def test_a_second_signal_of_the_same_company_is_no_difference(records) -> None:
    assert list(compare.signal_problems(night(records, [signal(amount=None), signal(key="other")]))) == []


def test_stored_personal_data_and_totals_are_seen(records) -> None:
    wrong = list(compare.never_problems(night(records, [signal(amount=Amount(text="265亿元", value_wan=2650000.0))], text="联系电话：13800001234")))
    assert len(wrong) == 2


def test_a_night_that_found_nothing_differs(records) -> None:
    told = compare.Night(records, {article: f"{URL}/{article}" for article in load_ids()})
    for section in ("signals", "adverse", "settle", "list"):
        assert list(compare.SECTIONS[section](told)), section
    assert list(compare.crawl_problems(told, None))


def load_ids() -> list[str]:
    from demo.check import all_articles

    return list(all_articles(second_run=True))
