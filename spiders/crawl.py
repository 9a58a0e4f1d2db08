"""The crawl as a child process: ``python -m spiders.crawl --instance DIR --run RUN_ID [--source SLUG …]``.

A child, because Scrapy's reactor starts once a process. It inherits the descriptor of the lock, so that a killed parent lets no
second crawl in. On stderr it writes a JSON line for every page and source; its log goes to data/logs. Exit codes: 0 done, 1 done with
sources failing, 2 wrong use or configuration, 3 cannot work.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qingbao.clock import SHANGHAI, Clock, now
from qingbao.errors import QingbaoError, UsageError
from records.values import SourceState

FAILING = frozenset({SourceState.FEW_LINKS, SourceState.BLOCKED, SourceState.CLOSED, SourceState.DOWN})


def clock_from(stated: str | None) -> Clock:
    """A clock that shows ``stated`` (ISO; without zone: Shanghai) now and runs on from there; without it the real one."""
    if stated is None:
        return now
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        raise UsageError(f"--clock：“{stated}”不是时间，例如 2026-11-25T02:30:00+08:00") from None
    ahead: timedelta = (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC) - now()
    return lambda: now() + ahead


def crawl(*, instance: Path, run_id: str, sources: list[str], url: str | None = None, clock: Clock, timeout: float | None = None) -> int:
    """Crawl (or fetch one page by its ``url``) and return the exit code. Starts Scrapy's reactor: once in a process."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from qingbao import config
    from spiders.catalogue_spider import CatalogueSpider, by_hand, chosen

    # Before the reactor: Scrapy would bury a mistake in its log.
    loaded = config.load(instance)
    chosen(loaded.sources, sources)
    if url:
        by_hand(url)
    logs = loaded.data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    settings = Settings()
    settings.setmodule("qingbao.settings", priority="project")
    settings.set("LOG_FILE", str(logs / f"crawl-{run_id}.log"), priority="cmdline")
    if timeout is not None:
        settings.set("DOWNLOAD_TIMEOUT", timeout, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(CatalogueSpider)
    task = process.crawl(crawler, instance=str(instance), source=",".join(sources), run=run_id, url=url, clock=clock)
    process.start()
    # A component that cannot start (the archive, the database) ends the task, not the process.
    task.result()
    spider = crawler.spider
    assert isinstance(spider, CatalogueSpider)
    if spider.fatal is not None:
        raise spider.fatal
    return 1 if any(result.state in FAILING for result in spider.results) else 0


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; mistakes and troubles end as one JSON line with ``error`` in Chinese."""
    parser = argparse.ArgumentParser(prog="python -m spiders.crawl", description="采集一次（由 qingbao crawl 作为子进程运行）")
    parser.add_argument("--instance", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--source", action="append", default=[], help="只采集这些来源，可重复")
    parser.add_argument("--url", help="只取这一个网页")
    parser.add_argument("--clock", help="从这个时刻起计时（ISO 格式），供测试")
    parser.add_argument("--timeout", type=float, help="每次请求最长等待秒数")
    options = parser.parse_args(arguments)
    try:
        return crawl(
            instance=options.instance, run_id=options.run, sources=options.source, url=options.url, clock=clock_from(options.clock), timeout=options.timeout,
        )
    except QingbaoError as error:
        code, words = error.exit_code, str(error)
    except OSError as error:
        code, words = 3, f"磁盘或系统出错：{error.strerror or error}（{error.filename or ''}）"
    try:
        sys.stderr.write(json.dumps({"error": words}, ensure_ascii=False) + "\n")
    except OSError:
        pass
    return code


if __name__ == "__main__":
    sys.exit(main())
