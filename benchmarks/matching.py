"""Speed of fit, side by side with the script a user would write, in one run.

    .venv/bin/python -m benchmarks.matching [--json] [--companies 100000] [--texts FILE] [--unique] [--processes 2] [--no-growth]

Company texts are sentences drawn anew from corpus/*.jsonl, or from FILE (JSON lines with "text", or plain lines). Every
part runs in a process of its own that first imports its modules and reads the texts; then its clock starts. It includes loading
jieba's dictionary and the model, starting processes, fits of all companies to 30 industries, the reasons of each one's best
100 and writing back what is kept. Beside the ratios of the clock stand those of processor time (``…_cpu_…``): on a machine that
others use they alone say something.
The script: ``TfidfVectorizer(tokenizer=jieba.lcut)``, cosine, sort. A night changes 1 % of the texts; the script has
nothing to keep and does all again. ``--unique`` numbers every sentence, so that none is met twice: a sentence met before is not
cut again, and texts drawn from a corpus repeat theirs more than real ones do. Refit and growth are printed apart. Memory is the sum over a part's processes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TOP = 100
BATCH = 50_000  # texts held at a time while streaming
GROWTH = (10_000, 100_000, 1_000_000)


# ---- the texts

def sentences(source: Path | None) -> list[str]:
    """Sentences of at least eight characters from a file, or from the project's corpus."""
    files = [source] if source else sorted((HERE.parent / "corpus").glob("*.jsonl"))
    texts = []
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            if line.lstrip().startswith("{"):
                row = json.loads(line)
                texts.append(" ".join(str(row.get(key) or "") for key in ("title", "text")))
            else:
                texts.append(line)
    return [part.strip() for text in texts for part in re.split(r"(?<=[。；\n])", text) if len(part.strip()) >= 8]


def drawn(parts: list[str], start: int, stop: int, seed: int, unique: bool = False) -> dict[str, str]:
    """Companies ``start`` to ``stop``: each has two to six sentences (some 160 characters, as introductions have). The same for the same seed whatever the range's split."""
    import numpy as np

    out = {}
    for block in range(start, stop, 1000):
        rng = np.random.default_rng((seed, block))
        for i in range(block, min(block + 1000, stop)):
            chosen = [parts[j] for j in rng.integers(0, len(parts), int(rng.integers(2, 7)))]
            out[f"c{i:07d}"] = "".join(f"{one[:-1]}{seed}{i}{n}{one[-1]}" for n, one in enumerate(chosen)) if unique else "".join(chosen)
    return out


def read_texts(folder: Path, name: str) -> dict[str, str]:
    """Company id → text, from a file of JSON pairs."""
    with open(folder / name, encoding="utf-8") as file:
        return dict(json.loads(line) for line in file)


def industries() -> list[tuple[str, str, list[str]]]:
    """(name, paragraph, chain links) of the invented industries that are matched."""
    rows = [line.split("\t") for line in (HERE / "industries.tsv").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(name, text, links.split("、")) for name, text, links in rows]


class Clock:
    """Seconds on the clock and of the processors, children that have ended included, since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), self._spent()

    def _spent(self) -> float:
        return sum(os.times()[:4])

    def read(self) -> dict[str, float]:
        return {"seconds": time.perf_counter() - self._wall, "cpu": self._spent() - self._cpu}


def parks() -> list[Any]:
    """The same industries as the parks that the product matches."""
    from qingbao.model import ChainLink, Industry, Park

    return [
        Park(slug=f"p{i:02d}", name=name, province=None, city=None,
             industries=(Industry(name=name, text=text, chain_links=tuple(ChainLink(name=link) for link in links)),))
        for i, (name, text, links) in enumerate(industries())
    ]


# ---- the parts, each run in a process of its own: they return what they measured

def script(folder: Path, processes: int) -> dict[str, Any]:
    """What a user would write."""
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_similarity

    texts = read_texts(folder, "day.jsonl")
    clock = Clock()
    jieba.setLogLevel(60)
    jieba.dt.tmp_dir = str(folder)
    vectorizer = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    matrix = vectorizer.fit_transform(texts.values())
    asked = vectorizer.transform([" ".join([name, text, *links]) for name, text, links in industries()])
    order = (-cosine_similarity(asked, matrix)).argsort(axis=1, kind="stable")
    return {**clock.read(), "listed": int(order[:, :TOP].size)}


def _matched(folder: Path, texts: dict[str, str], processes: int) -> dict[str, Any]:
    from matcher.store import match_stored

    wanted = parks()
    clock = Clock()
    matched = match_stored(folder / "models", texts, wanted, processes=processes)
    listed = [fit for table in matched.tables.values() for fit in table.best(TOP)]
    return {**clock.read(), "listed": len(listed), "rebuilt": matched.rebuilt, "method": matched.model.space.method.value}


def refit(folder: Path, processes: int) -> dict[str, Any]:
    """The model made anew, everything learned."""
    return _matched(folder, read_texts(folder, "day.jsonl"), processes)


def cold(folder: Path, processes: int) -> dict[str, Any]:
    """All texts with a model from disk and no stored vectors."""
    (folder / "models" / "vectors.arrays").unlink()
    return _matched(folder, read_texts(folder, "day.jsonl"), processes)


def night(folder: Path, processes: int) -> dict[str, Any]:
    """One text in a hundred changed."""
    return _matched(folder, read_texts(folder, "night.jsonl"), processes)


def new_industry(folder: Path, processes: int) -> dict[str, Any]:
    """A new industry against the stored companies: learned, scored, best 100 in order. Median of nine; loading is apart."""
    from matcher.fit import FitModel
    from matcher.processes import one_thread
    from matcher.vectors import TermVectors
    from qingbao.model import ChainLink, Industry, Park

    start = time.perf_counter()
    model = FitModel.load(folder / "models" / "fit.arrays")
    field = model.field(TermVectors.load(folder / "models" / "vectors.arrays"))
    loaded = time.perf_counter() - start
    industry = Industry(name="激光设备", text="发展激光器、激光切割与焊接设备。", chain_links=(ChainLink(name="激光器"), ChainLink(name="激光切割")))
    park = Park(slug="new", name="new", province=None, city=None, industries=(industry,))
    model.raw(field)  # the companies are weighed when first asked for
    times = []
    for _ in range(9):
        clock = Clock()
        with one_thread():
            model.with_parks([park], field).table(park, field).order(TOP)
        times.append(clock.read())
    return {"seconds": sorted(one["seconds"] for one in times)[4], "cpu": sum(one["cpu"] for one in times) / len(times), "load_seconds": loaded}


def streamed(folder: Path, processes: int, companies: int = 0) -> dict[str, Any]:
    """Many companies in batches, drawing them included in neither time nor memory to keep."""
    from matcher.fit import FitModel
    from matcher.stream import best_of

    parts = json.loads((folder / "sentences.json").read_text("utf-8"))
    spent = 0.0

    def batches() -> Iterator[dict[str, str]]:
        nonlocal spent
        for start in range(0, companies, BATCH):
            began = time.perf_counter()
            texts = drawn(parts, start, min(start + BATCH, companies), 2)
            spent += time.perf_counter() - began
            yield texts

    start = time.perf_counter()
    best = best_of(FitModel.load(folder / "models" / "fit.arrays"), batches(), TOP, processes)
    return {"seconds": time.perf_counter() - start - spent, "listed": sum(map(len, best.values()))}


PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "script": script, "refit": refit, "cold": cold, "night": night, "new": new_industry, "streamed": streamed,
}


# ---- running them

def memory_of(pid: int) -> int:
    """Bytes that a process and its children hold, shared pages counted once (Pss); 0 when it has ended."""
    total = 0
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            total = next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return total + sum(memory_of(int(child)) for child in file.read().split())
    except (OSError, StopIteration):
        return total


def run(part: str, folder: Path, processes: int, *more: str) -> dict[str, Any]:
    """Run a part in its own process; its result with the greatest memory seen."""
    command = [sys.executable, "-m", "benchmarks.matching", "--part", part, "--folder", str(folder), "--processes", str(processes), *more]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = 0
    while child.poll() is None:
        peak = max(peak, memory_of(child.pid))
        time.sleep(0.05)
    out = child.communicate()[0]
    if child.returncode:
        raise SystemExit(f"{part} failed with exit code {child.returncode}")
    return {**json.loads(out), "peak_gb": peak / 1e9}


def write_texts(folder: Path, parts: list[str], companies: int, unique: bool = False) -> None:
    """The companies' texts of a first day and of the next, on which 1 % of them changed."""
    day = drawn(parts, 0, companies, 1, unique)
    changed = drawn(parts, 0, companies, 3, unique)
    for name, texts in (("day", day), ("night", {one: changed[one] if i % 100 == 0 else text for i, (one, text) in enumerate(day.items())})):
        with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in texts.items())
    (folder / "sentences.json").write_text(json.dumps(parts, ensure_ascii=False), "utf-8")


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """Run script, refit, cold match, night and new industry, each in a process of its own; seconds, ratios and memory by name."""
    parts = sentences(args.texts)
    with tempfile.TemporaryDirectory(prefix="qingbao-matching-") as name:
        folder = Path(name)
        write_texts(folder, parts, args.companies, args.unique)
        made = {part: run(part, folder, args.processes) for part in ("refit", "cold", "script", "night", "new")}
        sizes = () if args.no_growth else GROWTH
        growth = [{"companies": n, **run("streamed", folder, args.processes, "--companies", str(n))} for n in sizes]
    ours = ("refit", "cold", "night", "new")
    return {
        "companies": args.companies, "industries": len(industries()), "sentences": len(parts), "unique": args.unique, "processes": args.processes,
        "method": made["cold"]["method"],
        "script_seconds": made["script"]["seconds"], "cold_seconds": made["cold"]["seconds"], "night_seconds": made["night"]["seconds"],
        "cold_ratio": made["script"]["seconds"] / made["cold"]["seconds"], "night_ratio": made["script"]["seconds"] / made["night"]["seconds"],
        "cold_cpu_ratio": made["script"]["cpu"] / made["cold"]["cpu"], "night_cpu_ratio": made["script"]["cpu"] / made["night"]["cpu"],
        "cpu_seconds": {part: round(made[part]["cpu"], 2) for part in ("script", *ours)},
        "new_industry_ms": 1000 * made["new"]["seconds"], "new_industry_cpu_ms": 1000 * made["new"]["cpu"], "refit_seconds": made["refit"]["seconds"],
        "peak_memory_gb": max(made[part]["peak_gb"] for part in ("cold", "night", "new")), "refit_memory_gb": made["refit"]["peak_gb"],
        "memory_gb": {part: made[part]["peak_gb"] for part in (*ours, "script")}, "growth": growth,
    }


def main() -> None:
    """Print the figures as a table or as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--texts", type=Path, help="draw sentences from this file")
    parser.add_argument("--unique", action="store_true", help="no sentence twice")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--no-growth", action="store_true")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        more = {"companies": args.companies} if args.part == "streamed" else {}
        print(json.dumps(PARTS[args.part](args.folder, args.processes, **more)))
        return
    result = measure(args)
    if args.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        if key != "growth":
            print(f"{key:18s} {value:.3f}" if isinstance(value, float) else f"{key:18s} {value}")
    for row in result["growth"]:
        print(f"{row['companies']:9d} companies  {row['seconds']:7.2f} s  {row['peak_gb']:.2f} GB")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main()
