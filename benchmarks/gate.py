"""Floors of reading that never sink: pages and signals on texts that belong to the project. CI runs it; exit code 1 if a figure fell below its floor.

    python benchmarks/gate.py [--allow-regression | --raise-floors]

Pages: share of ``tests/pages`` whose title and text are read as recorded. Signals: the corpus (the models were trained on it, so these figures only
show that nothing got worse; ``python -m corpus.train --measure`` gives them in folds) and the table ``tests/signals/sites.tsv`` (not trained on).
``floors.json`` holds the floors; ``--raise-floors`` lifts them to what was measured less one hundredth, never lowers one.
"""

from __future__ import annotations

import argparse
import collections
import csv
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FLOORS = Path(__file__).with_name("floors.json")
MARGIN = 0.01  # noise of a retrained model that is no loss


def same(a: str, b: str) -> bool:
    """Equal cores, or one inside the other: at least three characters and half the longer one."""
    from qingbao.names import core_name

    short, long = sorted((core_name(a), core_name(b)), key=len)
    return bool(short) and (short == long or (len(short) >= 3 and short in long and 2 * len(short) >= len(long)))


def f1(right: int, found: int, wanted: int) -> float:
    """F1 of counts; 0 where nothing is found and nothing wanted."""
    return 2 * right / (found + wanted) if found + wanted else 0.0


def signal_figures(items: list[dict[str, Any]]) -> dict[str, float]:
    """Company F1 and precision, and the share of right events, amounts, cities and sites among the firms found."""
    from pipelines.read.signals import NameLists
    from pipelines.read.signals_files import signals_line

    lists = NameLists.load([])
    count: collections.Counter[str] = collections.Counter()
    for item in items:
        got = signals_line(item, lists)["signals"]
        truth: dict[str, list[dict[str, Any]]] = {}
        for signal in item["signals"]:
            truth.setdefault(signal["company"], []).append(signal)
        ignored = [*item["companies_optional"], *(n for s in item["signals"] for n in s["company_alt"])]
        used: set[int] = set()
        for name, signals in truth.items():
            names = [name, *signals[0]["company_short"], *signals[0]["company_alt"]]
            mine = [(i, s) for i, s in enumerate(got) if any(same(a, b) for a in names for b in [s["company"], *s["names"]])]
            used |= {i for i, _ in mine}
            count["wanted"] += 1
            count["right"] += bool(mine)
            for wanted in signals if mine else ():
                _fields(count, wanted, [s for _, s in mine])
        count["wrong"] += sum(i not in used and not any(same(s["company"], o) for o in ignored) for i, s in enumerate(got))
    found = count["right"] + count["wrong"]
    figures = {"company_f1": f1(count["right"], found, count["wanted"]), "company_precision": count["right"] / max(1, found)}
    for field in ("event", "amount", "city", "site"):
        figures[field] = count[field] / max(1, count[field + "_of"])
    return {name: round(value, 3) for name, value in figures.items()}


def _fields(count: collections.Counter[str], wanted: dict[str, Any], got: list[dict[str, Any]]) -> None:
    count["event_of"] += 1
    count["event"] += any(s["event_type"] in {wanted["event_type"], *wanted["event_type_alt"]} for s in got)
    if wanted["amount_cny_wan"] is not None and (wanted["currency"] or "CNY") == "CNY":
        right = [wanted["amount_cny_wan"], *wanted["amount_alt_wan"]]
        count["amount_of"] += 1
        count["amount"] += any(s["amount_cny_wan"] is not None and any(abs(s["amount_cny_wan"] - r) <= 0.01 * r for r in right) for s in got)
    if wanted["place"]["city"]:
        count["city_of"] += 1
        count["city"] += any(s["place"]["city"] == wanted["place"]["city"] for s in got)
    count["site_of"] += 1
    count["site"] += any(s["site"] == wanted["site"] for s in got)


def site_figures() -> dict[str, float]:
    """Recall of each site value in the table, among the firms found; ``found`` is the share of firms found that have a place to win."""
    from pipelines.read.signals import NameLists
    from pipelines.read.signals_files import signals_line

    lists = NameLists.load([])
    count: collections.Counter[tuple[str, str]] = collections.Counter()
    with (ROOT / "tests" / "signals" / "sites.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            got = [s["site"] for s in signals_line({"id": 1, "text": row["sentence"]}, lists)["signals"] if any(same(n, row["company"]) for n in [s["company"], *s["names"]])]
            count[row["site"], row["site"] if row["site"] in got else got[0] if got else "-"] += 1
    figures = {}
    for value in ("open", "leaving", "fixed"):
        found = sum(n for (w, g), n in count.items() if w == value and g != "-")
        figures[f"site_{value}"] = round(count[value, value] / max(1, found), 3)
    asked = sum(n for (w, _), n in count.items() if w != "none")
    figures["site_found"] = round(sum(n for (w, g), n in count.items() if w != "none" and g != "-") / max(1, asked), 3)
    return figures


def page_figures() -> dict[str, float]:
    """Share of recorded pages whose title, and whose text, are read exactly as recorded."""
    from tests.pages.draft import record

    pages = sorted((ROOT / "tests" / "pages").glob("*/*.html"))
    titles = texts = 0
    for page in pages:
        wanted = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
        got = record(page.read_bytes(), wanted["url"])
        titles += got.get("title") == wanted.get("title")
        texts += got.get("text") == wanted.get("text")
    return {"page_title": round(titles / max(1, len(pages)), 3), "page_text": round(texts / max(1, len(pages)), 3)}


def measured() -> dict[str, float]:
    """All figures of the gate by name, 0-1."""
    items = [json.loads(line) for name in ("sentences.jsonl", "documents.jsonl") for line in (ROOT / "corpus" / name).read_text(encoding="utf-8").splitlines() if line.strip()]
    return page_figures() | signal_figures(items) | site_figures()


def main() -> int:
    """Print figures beside their floors; 1 if one fell below its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--allow-regression", action="store_true", help="report, but do not fail (to be explained in the commit)")
    parser.add_argument("--raise-floors", action="store_true")
    args = parser.parse_args()
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    figures = measured()
    fallen = [name for name, floor in floors.items() if figures.get(name, 0.0) < floor]
    for name, value in figures.items():
        print(f"{name:18s} {value:6.3f}   floor {floors.get(name, 0.0):6.3f}{'   FELL' if name in fallen else ''}")
    if args.raise_floors:
        lifted = {name: max(floors.get(name, 0.0), round(value - MARGIN, 3)) for name, value in figures.items()}
        FLOORS.write_text(json.dumps(lifted, indent=1) + "\n", encoding="utf-8")
    return 1 if fallen and not args.allow_regression else 0


if __name__ == "__main__":
    sys.exit(main())
