"""The comparison of a run with the truth: an empty run differs in every part that wants something, and single fields are seen."""

from datetime import UTC, datetime

import pytest

from demo import compare
from demo.check import load_truth
from qingbao.model import Amount, Article, EventType, Place, Quote, Signal, Site
from records import open_records
from records.values import Reading

URL = "http://127.0.0.1:1/a"


@pytest.fixture
def records(tmp_path):
    with open_records(str(tmp_path / "records.db")) as opened:
        yield opened


def outcome(records, signals=(), text="正文"):
    article = Article(url=URL, title="题目", text=text, text_hash="x", published_at=datetime(2026, 3, 2, tzinfo=UTC))
    return compare.Outcome(
        truth=load_truth(), urls={"x-xingli-zhuzhou": URL}, readings={"x-xingli-zhuzhou": Reading(article=article, signals=tuple(signals))},
        prospects=[], records=records,
    )


def signal(**changes):
    fields = {
        "key": "k", "article_url": URL, "mention": "星砾激光", "event_type": EventType.SIGNING, "quote": Quote(text="签订投资协议"), "site": Site.FIXED,
        "amount": Amount(text="10亿元", value_wan=100000.0), "place": Place(province="湖南省", city="株洲市"),
    }
    return Signal(**{**fields, **changes})


def test_the_right_signal_is_no_difference(records) -> None:
    assert list(compare.signals(outcome(records, [signal()]))) == []


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ([], "no signal of 星砾激光"),
        ([signal(event_type=EventType.PRODUCTION)], "event 投产, wanted 投资签约"),
        ([signal(amount=None)], "amount None, wanted 100000"),
        ([signal(site=Site.OPEN)], "site open, wanted fixed"),
        ([signal(place=Place(province="湖南省", city="长沙市"))], "city 长沙市, wanted 株洲市"),
        ([signal(place=None)], "province None, wanted 湖南省"),
        ([signal(), signal(mention="别的公司")], "surplus signal of 别的公司"),
    ],
)
def test_each_field_is_compared(records, found, line) -> None:
    assert any(line in one for one in compare.signals(outcome(records, found)))


def test_a_second_signal_of_the_same_company_is_no_difference(records) -> None:
    assert list(compare.signals(outcome(records, [signal(amount=None), signal()]))) == []


def test_stored_personal_data_and_totals_are_seen(records) -> None:
    wrong = list(compare.never(outcome(records, [signal(amount=Amount(text="265亿元", value_wan=2650000.0))], text="联系电话：13800001234")))
    assert len(wrong) == 2


def test_an_empty_run_differs(records) -> None:
    found = compare.differences(outcome(records))
    assert {"signals", "adverse", "relations", "companies", "stories", "investments", "sheets", "judgements", "order", "units"} <= set(found)
