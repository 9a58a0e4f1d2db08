"""The demo's night with Elasticsearch instead of the embedded engine ends with the same table."""

import csv
import os
import re
from contextlib import ExitStack

from demo.build import write_instance
from demo.sites import serve
from index.search import Kind, Query
from schedules.instance import opened
from schedules.jobs.index import find, rebuild, search_engine
from schedules.jobs.nightly import nightly

SERVER = os.environ.get("QINGBAO_TEST_ELASTIC")


def night(folder, sites, *, elastic):
    """One night of the demo; the rows of its table."""
    write_instance(folder, sites.bases, day=sites.today)
    if elastic:
        settings = folder / "qingbao.yaml"
        text = settings.read_text("utf-8")
        changed = re.sub(r"engine: embedded", f"engine: elasticsearch\n  url: {SERVER}\n  prefix: qingbao-night", text)
        assert changed != text
        settings.write_text(changed, "utf-8")
    with opened(folder) as instance:
        if elastic:
            rebuild(instance)
        result = nightly(instance)
        assert not [m for m in result.messages if "检索" in m]
        found = find(instance, Query(words="电机", kinds=(Kind.COMPANY,), limit=100))
        with search_engine(instance) as engine:
            health = engine.health()
        assert health.usable
        assert (instance.records.outbox_size(), instance.records.dead_letters()) == (0, [])
    (table,) = folder.glob("data/out/*/prospects.csv")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return rows, sorted(hit.title.text for hit in found.hits), health.counts


def test_the_night_ends_with_the_same_table(tmp_path):
    with ExitStack() as stack:
        sites = stack.enter_context(serve())
        plain = night(tmp_path / "embedded", sites, elastic=False)
    with ExitStack() as stack:
        sites = stack.enter_context(serve(ports=sites.ports, today=sites.today))
        served = night(tmp_path / "elastic", sites, elastic=True)
    assert len(plain[0]) > 10
    assert _without_ids(plain[0]) == _without_ids(served[0])
    assert plain[1] == served[1] != []
    assert plain[2] == served[2]


def _without_ids(rows):
    """The table without the ids of its run, which differ from night to night."""
    return [[re.sub(r"\br[0-9a-f]{18}\b", "run", cell) for cell in row] for row in rows]
