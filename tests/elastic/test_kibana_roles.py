"""The ledger's rows under our roles: setup makes the indices, run writes every night, staff read and look at fields."""

import pytest

from index.elastic import ElasticSearch
from index.elastic_ledger import ledger_index, write_rows
from index.kibana.fields import fields_of, told_by_server
from index.ledger import Ledger
from qingbao.errors import CannotWork
from tests.elastic.engines import settings

ROWS = [("a", {"source": "a", "state": "正常"}), ("b", {"source": "b", "state": "连不上"})]


def as_user(server, role):
    return ElasticSearch(settings(server.url, user=f"qb_{role}", password=f"{role}-password", ca_file=server.ca), sleep=lambda _: None)


def test_three_roles(secure_server):
    setup, run, staff = (as_user(secure_server, role) for role in ("setup", "run", "staff"))
    setup.rebuild([])
    with pytest.raises(CannotWork, match="qingbao_setup"):
        write_rows(run, "qingbao", Ledger.SOURCES, ROWS)
    assert write_rows(setup, "qingbao", Ledger.SOURCES, ROWS) == 2
    assert write_rows(run, "qingbao", Ledger.SOURCES, ROWS[1:]) == 1
    index = ledger_index("qingbao", Ledger.SOURCES)
    found = staff.client.search(index=index)["hits"]["hits"]
    assert [hit["_id"] for hit in found] == ["b"]
    told = told_by_server(staff.client.field_caps(index=index, fields="*").body)
    assert told == fields_of("sources")
    with pytest.raises(CannotWork, match="权限"):
        write_rows(staff, "qingbao", Ledger.SOURCES, ROWS)


def test_a_row_that_the_mapping_refuses_ends_the_feeding(secure_server):
    setup = as_user(secure_server, "setup")
    setup.rebuild([])
    with pytest.raises(CannotWork, match="strict_dynamic_mapping_exception"):
        write_rows(setup, "qingbao", Ledger.SOURCES, [("c", {"not_a_field": 1})])
