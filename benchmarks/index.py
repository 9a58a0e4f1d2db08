"""Feeding and searching: python -m benchmarks.index [--articles N] [--rounds N] [--elastic URL]. Prints; nothing of it is a test.

Feeding from the records is set against a bare ``streaming_bulk`` of ready documents in the same run, by turns, since a server gets quicker
while it runs; the latency of both engines is measured over the same articles (invented words in the lengths of real notices: 900 characters).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from index.embedded import EmbeddedSearch
from index.feed import feed, rebuild
from index.search import Query, Search
from qingbao.keys import text_hash
from qingbao.model import Article
from records import open_records
from records.store import Records

if TYPE_CHECKING:
    from index.elastic import ElasticSearch

_WORDS = (
    "新能源 汽车 电机 减速器 机器人 芯片 储能 电池 材料 装备 项目 投资 建设 签约 开工 投产 产能 扩建 园区 企业 有限公司 集团 科技 智能 制造 "
    "县 市 省 区 计划 总投资 亿元 年产 万台 的 和 在 与 为 将 是 了 发展 高质量 推进 会议 领导 调研 服务 政策 招商 AI TCL 130 30 2026"
)
WORDS = _WORDS.split()
QUERIES = ("新能源", "新能源汽车", "芯", "AI", "130亿元", "机器人 减速器", "储能电池项目", "的", "招商 园区 企业", "云岭机电")
DAY = datetime(2026, 5, 6, tzinfo=UTC)


def articles(number: int) -> Iterator[Article]:
    """Invented articles."""
    random = Random(4)
    for n in range(number):
        words = random.choices(WORDS, k=450)
        text = "".join(word + ("，" if i % 9 == 8 else "") for i, word in enumerate(words)) + ("云岭机电" if n % 1000 == 7 else "")
        yield Article(
            url=f"https://zs.example.cn/{n}.html", title="".join(random.choices(WORDS, k=8)), text=text, text_hash=text_hash(str(n)),
            published_at=DAY + timedelta(hours=n % 5000), slug="zs",
        )


def fill(records: Records, number: int) -> None:
    """All articles as the reader would have left them, in few transactions: how long reading takes is not what is measured."""
    from sqlalchemy import insert

    from records.codec import to_json
    from records.outbox import note_changes
    from records.tables import articles as table

    invented = articles(number)
    while some := list(islice(invented, 1000)):
        rows = [
            {"url": one.url, "day_at": one.published_at, "slug": one.slug, "text_hash": one.text_hash, "page_key": one.url[-40:], "reader_version": 1,
             "digest": "d", "changed_at": DAY, "value": to_json(one)}
            for one in some
        ]
        with records._writing() as connection:
            connection.execute(insert(table), rows)
            note_changes(connection, "article", [one.url for one in some], "put", DAY)


def latency(engine: Search, rounds: int = 20) -> str:
    """p50 and p95 in ms over the queries, first round left out."""
    took = []
    for round_ in range(rounds + 1):
        for words in QUERIES:
            began = time.perf_counter()
            engine.search(Query(words=words))
            if round_:
                took.append(1000 * (time.perf_counter() - began))
    return f"p50 {statistics.median(took):.0f} ms, p95 {statistics.quantiles(took, n=20)[-1]:.0f} ms"


def measured_feed(name: str, records: Records, engine: Search, number: int) -> float:
    """Documents per second from the waiting outbox to the engine."""
    engine.rebuild([])
    began = time.perf_counter()
    fed = feed(records, engine)
    took = time.perf_counter() - began
    assert fed.put == number, fed
    print(f"{name}: feeding {number / took:,.0f} documents/s")
    return number / took


def let_wait_again(records: Records) -> None:
    """Let every article wait in the outbox."""
    from records.outbox import note_changes

    with records._writing() as connection:
        note_changes(connection, "article", records.document_keys("article"), "put", DAY)


def bare(engine: ElasticSearch, ready: list[dict[str, Any]]) -> float:
    """Documents per second of ready documents through the client's own ``streaming_bulk``."""
    from elasticsearch.helpers import streaming_bulk

    engine.rebuild([])
    began = time.perf_counter()
    done = sum(ok for ok, _ in streaming_bulk(engine.client, ready, chunk_size=500))
    engine.refresh()
    took = time.perf_counter() - began
    assert done == len(ready)
    print(f"elasticsearch: bare streaming_bulk of ready documents {done / took:,.0f} documents/s")
    return done / took


def on_a_server(url: str, records: Records, number: int, rounds: int) -> None:
    """Feed by turns with the bare bulk, then search."""
    from index.elastic import ElasticSearch, Settings
    from index.elastic_query import source
    from index.feed import _everything

    engine = ElasticSearch(Settings(url=url, prefix="qingbao-bench"))
    engine.rebuild([])
    ready = [{"_index": "qingbao-bench-articles", "_id": d.key, "_source": source(d)} for d in _everything(records)]
    most, ours = [], []
    for _ in range(rounds):
        most.append(bare(engine, ready))
        let_wait_again(records)
        ours.append(measured_feed("elasticsearch", records, engine, number))
    print(f"elasticsearch: feeding reaches {100 * statistics.median(ours) / statistics.median(most):.0f} % of the bare bulk (medians of {rounds})")
    print(f"elasticsearch: {latency(engine)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3, help="of the bare bulk and the feeding by turns")
    parser.add_argument("--elastic", help="URL of a server; tests/elastic/run.py starts one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_records(Path(folder, "records.db")) as records:
        fill(records, asked.articles)
        embedded = EmbeddedSearch(Path(folder, "search.db"))
        measured_feed("embedded", records, embedded, asked.articles)
        print(f"embedded: {latency(embedded)}; file {Path(folder, 'search.db').stat().st_size / 1e6:,.0f} MB")
        began = time.perf_counter()
        rebuild(records, embedded)
        print(f"embedded: rebuild {asked.articles / (time.perf_counter() - began):,.0f} documents/s")
        if asked.elastic:
            on_a_server(asked.elastic, records, asked.articles, asked.rounds)
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()
