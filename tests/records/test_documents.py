"""Documents by kind and key, and all keys of a kind."""

import pytest

from records.values import ArticleDocument, CompanyDocument, Settlement
from tests.records.samples import company, company_text, investment, page, prospect, reading, signal, url


def test_documents_of_every_kind(records):
    records.add_page(page(1))
    records.store_reading("p1.1", door="read", reader_version=1, reading=reading(1))
    records.store_settlement(
        Settlement(companies=(company(1),), texts=(company_text(1),), investments=(investment(1),), mentions={signal(1).key: "c1"})
    )
    run = records.start_run("run")
    records.store_prospects("yl", run.id, run.started_at.date(), [prospect(1)])
    article = records.document("article", url(1))
    assert article == ArticleDocument(reading=records.reading(url(1)), companies={"c1": company(1).name})
    assert records.document("company", "c1") == CompanyDocument(company=company(1), text=company_text(1), investments=(investment(1),))
    assert records.document("prospect", "yl/c1") == records.prospects("yl")[0]
    assert records.documents("company", ["c1", "c9"]).keys() == {"c1"}
    assert [list(records.document_keys(kind)) for kind in ("article", "company", "prospect")] == [[url(1)], ["c1"], ["yl/c1"]]


def test_a_kind_that_is_not_there(records):
    with pytest.raises(KeyError):
        records.document("park", "yl")


def test_all_keys_of_many_companies(records):
    records.store_settlement(Settlement(companies=tuple(company(n) for n in range(1200))))
    assert len(set(records.document_keys("company"))) == 1200
    assert len(list(records.companies())) == 1200
