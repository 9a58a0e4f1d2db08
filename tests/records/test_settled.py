"""Companies, merges, texts, stories, investments: only what differs is written."""

from dataclasses import replace

import pytest

from qingbao.model import CompanyStatus, Story
from records.values import ArticleDocument, CompanyDocument, Redirect, Settlement
from tests.records.samples import adverse, company, company_text, investment, page, reading, signal, url


def read(records, number, *signals, **more):
    records.add_page(page(number))
    records.store_reading(f"p{number}.1", door="read", reader_version=1, reading=reading(number, *signals, **more))


def changes(records):
    rows = records.outbox()
    records.ack_outbox([row.seq for row in rows])
    return {(row.kind, row.key, row.action) for row in rows}


def story(number, *article_numbers):
    urls = tuple(url(n) for n in article_numbers)
    return Story(id=f"s{number}", article_urls=urls, representative_url=urls[0], independent_sources=len(urls))


WHOLE = Settlement(
    companies=(company(1), company(2, "岭南动力有限公司", "岭南动力")), texts=(company_text(1),), stories=(story(1, 1, 2),),
    investments=(investment(1, 1, 1, 2),), mentions={signal(1).key: "c1"},
)


def test_what_was_settled_comes_back(records):
    records.store_settlement(WHOLE)
    assert list(records.companies()) == list(WHOLE.companies)
    assert list(records.company_texts()) == list(WHOLE.texts)
    assert records.company_text("c1") == company_text(1)
    assert records.stories() == list(WHOLE.stories)
    assert records.investments() == records.investments("c1") == list(WHOLE.investments)
    assert records.investments("c2") == []


def test_settling_the_same_twice_changes_nothing(records):
    read(records, 1)
    records.store_settlement(WHOLE)
    assert changes(records) == {("article", url(1), "put"), ("company", "c1", "put"), ("company", "c2", "put")}
    records.store_settlement(WHOLE)
    assert changes(records) == set()


@pytest.mark.parametrize(
    "more",
    [
        {"companies": (company(1, status=CompanyStatus.RESIDENT),)},
        {"texts": (company_text(1, "生产伺服电机"),)},
        {"investments": (investment(1, 1, 1, 2, product="伺服电机"),)},
        {"investments": (investment(2, 1, 1),)},
    ],
    ids=["company", "text", "investment", "new investment"],
)
def test_a_change_touches_the_company_concerned_alone(records, more):
    records.store_settlement(WHOLE)
    changes(records)
    records.store_settlement(replace(WHOLE, **more))
    assert changes(records) == {("company", "c1", "put")}


def test_a_new_name_of_a_company_changes_the_articles_that_mention_it(records):
    read(records, 1)
    read(records, 2)
    records.store_settlement(WHOLE)
    changes(records)
    records.store_settlement(replace(WHOLE, companies=(company(1, "云岭机电集团"),)))
    assert changes(records) == {("company", "c1", "put"), ("article", url(1), "put")}
    document = records.document("article", url(1))
    assert isinstance(document, ArticleDocument)
    assert document.companies == {"c1": "云岭机电集团"}


def test_an_investment_that_moves_to_another_company_touches_both(records):
    records.store_settlement(WHOLE)
    changes(records)
    records.store_settlement(replace(WHOLE, investments=(investment(1, 2, 1, 2),)))
    assert changes(records) == {("company", "c1", "put"), ("company", "c2", "put")}
    assert records.document("company", "c2") == CompanyDocument(company=WHOLE.companies[1], investments=(investment(1, 2, 1, 2),))


def test_a_merge_leaves_a_redirect(records):
    records.store_settlement(WHOLE)
    records.store_settlement(Settlement(companies=(company(3),), redirects=(Redirect(old_id="c1", new_id="c2"),)))
    records.store_settlement(Settlement(redirects=(Redirect(old_id="c2", new_id="c3", why="简称"),)))
    assert [c.id for c in records.companies()] == ["c3"]
    assert records.company("c1") == records.company("c2") == company(3)
    assert records.redirects() == {"c1": "c3", "c2": "c3"}
    assert ("company", "c1", "delete") in changes(records)
    assert records.document("company", "c1") is None
    assert records.company("c9") is None


def test_a_ring_of_redirects_does_not_hang(records):
    records.store_settlement(Settlement(redirects=(Redirect(old_id="a", new_id="b"), Redirect(old_id="b", new_id="a"))))
    assert records.company("a") is None


def test_what_is_not_found_again_of_a_company_settled_completely_goes(records):
    records.store_settlement(replace(WHOLE, investments=(investment(1, 1, 1, 2), investment(2, 2, 3)), stories=(story(1, 1, 2), story(2, 3))))
    changes(records)
    records.store_settlement(Settlement(complete_for=("c1",), stories_gone=("s1",)))
    assert [i.id for i in records.investments()] == ["i2"]
    assert [s.id for s in records.stories()] == ["s2"]
    assert changes(records) == {("company", "c1", "put")}
    records.store_settlement(Settlement())
    assert [i.id for i in records.investments()] == ["i2"]


def test_a_company_that_nothing_supports_goes(records):
    records.store_settlement(WHOLE)
    changes(records)
    records.store_settlement(Settlement(companies_gone=("c2",)))
    assert [c.id for c in records.companies()] == ["c1"]
    assert changes(records) == {("company", "c2", "delete")}
    assert records.find_companies("岭南动力") == []


def test_mentions_of_signals_that_are_gone_go(records):
    read(records, 1, signal(1), bad=(adverse(1),))
    records.store_settlement(replace(WHOLE, mentions={signal(1).key: "c1", adverse(1).key: "c1", "never": "c2"}, complete_for=("c1", "c2")))
    assert records.mentions() == {signal(1).key: "c1", adverse(1).key: "c1"}
    records.store_reading("p1.1", door="off topic", reader_version=2)
    assert records.companies_without_their_signals() == {"c1"}
    records.store_settlement(Settlement(complete_for=("c1",)))
    assert records.mentions() == {}


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("岭南动力有限公司", ["c2"]),
        ("岭南动力", ["c2"]),
        ("嶺南動力", ["c2"]),
        (" 岭南 动力 ", ["c2"]),
        ("TCL", ["c3"]),
        ("ＴＣＬ", ["c3"]),
        ("机电", ["c1"]),
        ("有限公司", ["c3", "c2", "c1"]),
        ("100%", []),
        ("_", []),
        ("  ", []),
    ],
)
def test_companies_are_found_by_name_then_by_a_piece_of_it(records, name, ids):
    records.store_settlement(replace(WHOLE, companies=(*WHOLE.companies, company(3, "青禾有限公司", "tcl"))))
    assert [c.id for c in records.find_companies(name)] == ids


def test_a_company_that_lost_a_name_is_not_found_by_it(records):
    records.store_settlement(WHOLE)
    records.store_settlement(replace(WHOLE, companies=(company(2, "岭北动力有限公司"),)))
    assert records.find_companies("岭南动力") == []
