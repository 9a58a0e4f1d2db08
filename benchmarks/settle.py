"""What a night of settling costs with 1,000, 10,000 and 100,000 companies known.

    .venv/bin/python -m benchmarks.settle [1000 10000 100000]

Invented firms and news; each night 100 articles with three signals: half of known firms, half of new ones. Prints the milliseconds per
new signal of settling and storing (median of three nights), and the seconds of settling everything anew; processor time, so that other
work on the machine does not count.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pipelines.settle.settle import Known, settle
from qingbao import keys
from qingbao.model import Amount, Article, EventType, Place, Quote, Signal, Site, Stage
from records import open_records
from records.values import PageRow, Reading
from schedules.instance import Instance
from schedules.jobs.settle import settle_window

# Characters of brands, the first ones more frequent, as in real names.
BRAND_CHARACTERS = "".join(chr(0x4E00 + 7 * n) for n in range(700))
TRADES = ("电子", "新材料", "精密制造", "生物医药", "食品", "电机", "汽车零部件", "智能装备", "化工", "能源科技")
REGIONS = ("江苏省", "浙江省", "广东省", "四川省", "湖南省", "安徽省", "山东省", "河北省")
CITIES = {"江苏省": "苏州市", "浙江省": "宁波市", "广东省": "佛山市", "四川省": "绵阳市", "湖南省": "长沙市", "安徽省": "合肥市", "山东省": "青岛市", "河北省": "唐山市"}
START = datetime(2026, 8, 1, tzinfo=UTC)
PIECE = 999  # firms settled at once while the records are filled
RECENT = 3_000  # firms whose articles are still in the window
WHOLE_UP_TO = 10_000
NIGHTS = 3
ARTICLES = 100
SIGNALS = 3


def firms(chance: random.Random) -> Iterator[str]:
    """Names of firms without end."""
    weights = [1 / (20 + n) for n in range(len(BRAND_CHARACTERS))]
    while True:
        brand = "".join(chance.choices(BRAND_CHARACTERS, weights, k=2))
        yield f"{chance.choice(REGIONS)[:2]}{brand}{chance.choice(TRADES)}有限公司"


def article(number: int, told: list[str], at: datetime, chance: random.Random) -> Reading:
    """One article about some firms."""
    url = f"https://news.example/{number}"
    sentences = [f"{name}（以下简称“{name[2:-4]}”）投资{chance.randint(1, 90)}亿元建设{chance.choice(TRADES)}项目{number}。" for name in told]
    text = "\n".join(sentences)
    signals = []
    for name, sentence in zip(told, sentences):
        region = chance.choice(REGIONS)
        place = Place(province=region, city=CITIES[region])
        signals.append(Signal(
            key=keys.signal_key(url, name, sentence, "新建", None, None), article_url=url, mention=name, names=(name[2:-4],), event_type=EventType.NEW_BUILD,
            quote=Quote(text=sentence), site=Site.FIXED, stage=Stage.SIGNED, place=place, product=chance.choice(TRADES),
            amount=Amount(text="亿元", value_wan=float(chance.randint(1_000, 900_000))),
        ))
    body = Article(url=url, title=f"消息{number}", text=text, text_hash=keys.text_hash(text), published_at=at, slug="x")
    return Reading(article=body, signals=tuple(signals))


def _read(records: Any, reading: Reading) -> None:
    key = keys.page_key(reading.article.url, b"")
    records.add_page(PageRow(key=key, url=reading.article.url, final_url=reading.article.url, slug="x", warc_file="w", offset=0, length=1, status=200,
                             content_hash="h", fetched_at=START))
    records.store_reading(key, door="read", reader_version=1, reading=reading)


def fill(records: Any, there: list[str], chance: random.Random) -> None:
    """Known companies with their investments, settled piece by piece; the articles of the last ones are in the records, those of the others long gone."""
    for start in range(0, len(there), PIECE):
        piece = there[start:start + PIECE]
        readings = [article(start + n, piece[n:n + SIGNALS], START + timedelta(minutes=(start + n) % 1440), chance) for n in range(0, len(piece), SIGNALS)]
        if start + RECENT >= len(there):
            for reading in readings:
                _read(records, reading)
        records.store_settlement(settle(readings, Known(), ()))


def measure(known: int, folder: Path) -> tuple[float, float | None]:
    """(ms per new signal of a night, seconds of settling everything, where it is not too long) with so many companies known."""
    chance = random.Random(7)
    names = firms(chance)
    there = list(dict.fromkeys(next(names) for _ in range(known)))
    config: Any = SimpleNamespace(sources=(), parks=())
    with open_records(folder / "records.db", clock=lambda: START) as records:
        instance = Instance(config=config, records=records, clock=lambda: START + timedelta(days=10))
        settle_window(instance)  # nothing is there yet: from now on by and by
        fill(records, there, chance)
        nights = []
        for night in range(NIGHTS):
            for number in range(ARTICLES):
                told = [chance.choice(there) if chance.random() < 0.5 else next(names) for _ in range(SIGNALS)]
                _read(records, article(1_000_000 + night * ARTICLES + number, told, START + timedelta(days=night + 1), chance))
            begun = time.process_time()
            settle_window(instance)
            nights.append(time.process_time() - begun)
        whole = None
        if known <= WHOLE_UP_TO:
            begun = time.process_time()
            settle_window(instance, everything=True)
            whole = time.process_time() - begun
    return 1000 * statistics.median(nights) / (ARTICLES * SIGNALS), whole


def main() -> None:
    """Print the table."""
    print("| companies known | ms per new signal | everything anew, s |\n| --- | --- | --- |")
    for known in map(int, sys.argv[1:] or ("1000", "10000", "100000")):
        # In memory where there is such a folder: what is measured is settling, not the disk.
        with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
            cost, whole = measure(known, Path(folder))
        print(f"| {known:,} | {cost:.1f} | {'–' if whole is None else f'{whole:.1f}'} |", flush=True)


if __name__ == "__main__":
    main()
