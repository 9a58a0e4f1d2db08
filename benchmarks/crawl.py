"""Crawl a folder of saved pages served on loopback, and check that all articles come and every manner is kept.

    .venv/bin/python benchmarks/crawl.py FOLDER [--instance DIR] [--enc]

FOLDER holds ``serve.py`` (options ``--port``, ``--log``, ``--manifest``, ``--enc``), which serves the pages as several small sites of one host with a
crawl delay. Takes about two minutes, since the delay is kept. With ``--instance`` the instance stays for ``qingbao reread``, ``articles`` …
"""

from __future__ import annotations

import argparse
import itertools
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import yaml

from records import open_records

LISTS = {
    "gov": "/gov/xwzx/", "hanweb": "/hanweb/col/col1021/index.html", "old": "/old/list.asp", "vsb": "/vsb", "media": "/media", "portal": "/portal",
    "company": "/company",
}
FORBIDDEN = ("/private/", "/search/", "/calendar/")
CRAWL_DELAY = 1.0  # what the site's robots.txt asks for, seconds


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_instance(folder: Path, base: str, lists: dict[str, str]) -> None:
    """An instance that crawls the saved pages under ``base``; ``lists``: name of a source → path of its list page."""
    (folder / "parks").mkdir(parents=True, exist_ok=True)
    park = {"slug": "check", "name": "检查用园区", "province": "四川省", "city": "广安市", "own_places": ["广安市"],
            "industries": [{"name": "装备制造", "text": "电机、减速器、控制器等装备和零部件的研发生产，服务新能源汽车和机器人整机企业"}]}
    unit = {"slug": "office", "name": "招商局", "recipients": ["office@localhost"], "default": True}
    own = [{"slug": slug, "name": slug, "family": "trs" if slug == "gov" else "generic", "start": [base + path], "max_pages": 20} for slug, path in lists.items()]
    for name, data in (("qingbao.yaml", {"crawl": {"contact": "check@localhost.localdomain"}, "units": [unit]}), ("parks/check.yaml", park), ("sources.yaml", {"own": own})):
        (folder / name).write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def report(folder: Path, log: Path, manifest: dict[str, str], run: str) -> list[str]:
    """Print the figures; returns what is wrong."""
    requests = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    with open_records(folder / "data" / "records.db") as records:
        archived = {row.url.partition("#")[0].partition("?from=")[0] for row in records.pages_to_read(0, everything=True)}
        results = records.source_results(run)
        outcomes = records.outcome_counts(run)
    missing = sorted(set(manifest) - archived)
    gaps = [after["t"] - before["t"] for before, after in itertools.pairwise(requests)]
    forbidden = [one["path"] for one in requests if one["path"].startswith(FORBIDDEN)]
    print(f"articles reached      {len(set(manifest) & archived)} of {len(manifest)}")
    print(f"requests              {len(requests)}, by status {dict(Counter(one['status'] for one in requests))}, outcomes {outcomes}")
    print(f"first request         {requests[0]['path']}")
    print(f"forbidden paths       {len(forbidden)}")
    print(f"gaps under {CRAWL_DELAY:g} s        {sum(gap < CRAWL_DELAY for gap in gaps)} between the ends of two answers (behind the slow page one may be shorter)")
    for result in results:
        print(f"  {result.slug:10} {result.state.value:8} fetched {result.fetched:3}  {result.message or ''}")
    wrong = [f"not reached: {url}" for url in missing] + [f"forbidden: {path}" for path in forbidden]
    if requests[0]["path"] != "/robots.txt":
        wrong.append("a page was asked for before robots.txt")
    # The log stands at the end of an answer, so a slow one shortens the gap behind it; the flaky page is one of them.
    if sum(gap < CRAWL_DELAY for gap in gaps) > 1:
        wrong.append(f"{sum(gap < CRAWL_DELAY for gap in gaps)} gaps under {CRAWL_DELAY} s")
    return wrong


def main() -> int:
    """Serve the folder, crawl it with the real spiders and print what came and which manners failed; 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of saved pages with its serve.py")
    parser.add_argument("--instance", type=Path, help="keep the instance here")
    parser.add_argument("--enc", action="store_true", help="the re-encoded pages too")
    options = parser.parse_args()
    port = free_port()
    lists = {**LISTS, **({"enc": "/enc"} if options.enc else {})}
    with tempfile.TemporaryDirectory() as scratch:
        instance, log = options.instance or Path(scratch) / "instance", Path(scratch) / "requests.jsonl"
        serve = [sys.executable, str(options.folder / "serve.py"), "--port", str(port), *(["--enc"] if options.enc else [])]
        manifest = json.loads(subprocess.run([*serve, "--manifest"], capture_output=True, check=True).stdout)
        base = f"http://127.0.0.1:{port}"
        write_instance(instance, base, lists)
        server = subprocess.Popen([*serve, "--log", str(log)], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            server.stdout.readline()
            run, began = f"check{port}", time.monotonic()
            code = subprocess.run([sys.executable, "-m", "spiders.crawl", "--instance", str(instance), "--run", run], stderr=subprocess.DEVNULL, check=False).returncode
            print(f"exit code             {code} after {time.monotonic() - began:.0f} s")
            wrong = report(instance, log, manifest, run)
        finally:
            server.terminate()
            server.wait()
    for line in wrong:
        print("WRONG", line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
