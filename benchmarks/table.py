"""What the list costs: fits, ranking, storing and the files of a park, by companies with news and by parks.

    .venv/bin/python -m benchmarks.table [COMPANIES:PARKS …]        (1000:1 10000:1 10000:5)

Every company has one invented investment and a text drawn as in ``benchmarks.matching``; a park has three of its industries. Each size runs in a
process of its own, twice: what is printed is the second run of the day (the model is there, no text is new). Processor seconds.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from benchmarks.matching import drawn, industries, sentences
from qingbao.model import (
    Amount,
    Company,
    CompanyName,
    CompanyText,
    EventType,
    Investment,
    NameKind,
    Place,
    Quote,
    Site,
    Stated,
    TextPart,
    Trust,
)
from records.values import Settlement
from schedules.instance import opened
from schedules.jobs.match import match
from schedules.jobs.report import write_table
from schedules.ledger import in_ledger

DAY = date(2026, 9, 15)
SIZES = ("1000:1", "10000:1", "10000:5")
INDUSTRIES_OF_A_PARK = 3
SITES = (Site.OPEN, Site.NONE, Site.LEAVING)


@dataclass(slots=True)
class Cost:
    """Of one run."""

    ranked: float
    written: float
    rows: int
    megabytes: float  # of the files


def write_instance(folder: Path, parks: int) -> None:
    """An instance with so many parks."""
    settings = {"crawl": {"contact": "云岭招商局 mailto:bot@yunling.gov"}, "units": [{"slug": "a", "name": "甲组", "recipients": ["a@yunling.gov"], "default": True}]}
    (folder / "qingbao.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")
    (folder / "sources.yaml").write_text("own:\n  - {slug: s, name: 云岭网, family: generic, start: ['http://127.0.0.1:1/']}\n", "utf-8")
    (folder / "parks").mkdir()
    rows = industries()
    for number in range(parks):
        wanted = [rows[(INDUSTRIES_OF_A_PARK * number + n) % len(rows)] for n in range(INDUSTRIES_OF_A_PARK)]
        park = {
            "slug": f"p{number}", "name": f"云岭{number}区", "city": "云岭市", "own_places": ["云岭市"],
            "industries": [{"name": name, "text": text, "chain_links": [{"name": link} for link in links]} for name, text, links in wanted],
        }
        (folder / "parks" / f"p{number}.yaml").write_text(yaml.safe_dump(park, allow_unicode=True), "utf-8")


def known(companies: int) -> Settlement:
    """Companies with a text and one plan each."""
    texts = drawn(sentences(None), 0, companies, 1)
    plans = []
    for number, one in enumerate(texts):
        quote = Quote(text=f"企业{one}拟投资12亿元新建项目，选址待定。")
        stated = Stated(
            article_url=f"http://x/{one}", day=DAY, signal_key=f"s{one}", amount=Amount(text="12亿元", value_wan=120_000), site=SITES[number % 3],
            event_type=EventType.NEW_BUILD, quote=quote, origin="源", trust=Trust.MEDIA,
        )
        plans.append(Investment(
            id=f"i{one}", company_id=one, event_type=EventType.NEW_BUILD, stated=(stated,), site=stated.site, site_quote=quote, site_url=stated.article_url,
            amount=stated.amount, place=Place(province="湖北省", city="武汉市"), first_day=DAY, last_day=DAY, independent_sources=1,
        ))
    return Settlement(
        companies=tuple(Company(id=one, name=f"企业{one}", names=(CompanyName(text=f"企业{one}", kind=NameKind.FULL, source="x"),)) for one in texts),
        texts=tuple(CompanyText(company_id=one, parts=(TextPart(text=text, kind="profile", source="x"),)) for one, text in texts.items()),
        investments=tuple(plans),
    )


def run(folder: Path) -> Cost:
    """Match and write once."""
    with opened(folder, clock=lambda: datetime.now(UTC), as_of=DAY) as instance:
        with in_ledger(instance, "match") as ledger:
            began = time.process_time()
            made = match(instance, ledger.id)
            ranked = time.process_time() - began
        began = time.process_time()
        files = [path for park in instance.parks for path in write_table(instance, park, made.prospects[park.slug]).paths]
        written = time.process_time() - began
    return Cost(ranked, written, sum(map(len, made.prospects.values())), sum(path.stat().st_size for path in files) / 1e6)


def measure(companies: int, parks: int, folder: Path) -> None:
    """Fill an instance, run once; the second run is printed by a new process, so that filling is not in its memory."""
    write_instance(folder, parks)
    with opened(folder, clock=lambda: datetime.now(UTC)) as instance:
        instance.records.store_settlement(known(companies))
    run(folder)
    command = [sys.executable, "-m", "benchmarks.table", "--again", str(folder)]
    cost = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    print(f"| {companies:,} | {parks} | {cost['ranked']:.1f} | {cost['written']:.1f} | {cost['rows']:,} | {cost['megabytes']:.1f} | {cost['memory']:.0f} |", flush=True)


def main() -> None:
    """Print the table, or the second run in a folder."""
    if sys.argv[1:2] == ["--again"]:
        cost = run(Path(sys.argv[2]))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(json.dumps({"ranked": cost.ranked, "written": cost.written, "rows": cost.rows, "megabytes": cost.megabytes, "memory": memory}))
        return
    print("| companies with news | parks | fits, ranking, storing, s | files, s | rows | files, MB | memory, MB |\n| --- | --- | --- | --- | --- | --- | --- |")
    for size in sys.argv[1:] or SIZES:
        companies, _, parks = size.partition(":")
        with tempfile.TemporaryDirectory() as folder:
            measure(int(companies), int(parks), Path(folder))


if __name__ == "__main__":
    main()
