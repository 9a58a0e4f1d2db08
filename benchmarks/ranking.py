"""Ranking inside Elasticsearch against ranking here: overlap of the best hundred, scores, milliseconds, memory.

    .venv/bin/python -m benchmarks.ranking [--companies 100000] [--elastic URL] [--heap 512m]

Without a URL the servers of ``make test-elastic`` are started one after the other. Texts and the thirty industries are those of
``benchmarks.matching``. Each part runs in a process of its own; the model is learned before and is the same for both. Ratios are those of
one run on one machine; what it says in milliseconds holds for that machine. Nothing of it is a test.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.matching import TOP, parks, read_texts, sentences, write_texts

# Companies asked about in a night: those with news and those on lists.
ASKED = 10_000
ROUNDS = 3


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds on the clock, and the result."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def spread(seconds: Iterable[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    ms = sorted(1000 * one for one in seconds)
    return f"p50 {statistics.median(ms):.0f} ms, p95 {ms[int(0.95 * (len(ms) - 1))]:.0f} ms"


def learn(folder: Path, _: str) -> dict[str, Any]:
    """The model and the term vectors on disk."""
    from matcher.store import match_stored

    seconds, made = timed(lambda: match_stored(folder / "models", read_texts(folder, "day.jsonl"), parks(), processes=2))
    return {"seconds": seconds, "method": made.model.space.method.value}


def local(folder: Path, _: str) -> dict[str, Any]:
    """From the files to the best hundred of each industry, here; all scores are kept for the comparison."""
    import numpy as np

    from matcher.feedback import best_rows
    from matcher.fit import FitModel
    from matcher.processes import one_thread
    from matcher.store import MODEL, VECTORS
    from matcher.vectors import ENOUGH_CHARACTERS, TermVectors

    with one_thread():
        began = time.perf_counter()
        model = FitModel.load(folder / "models" / MODEL)
        field = model.field(TermVectors.load(folder / "models" / VECTORS))
        raw = model.raw(field)
        ready = time.perf_counter() - began
        known = field.vectors.lengths >= ENOUGH_CHARACTERS
        took, best = [], []
        for part in model.parts:
            for _round in range(ROUNDS):
                seconds, rows = timed(lambda part=part: best_rows(np.where(known, field.scores([part.wanted])[:, 0], -1.0), TOP))
                took.append(seconds)
            best.append(rows)
    np.savez(folder / "local.npz", raw=raw, best=np.stack(best))
    return {"ready": ready, "took": took, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}


def inside(folder: Path, url: str) -> dict[str, Any]:
    """The same inside the server: vectors brought, the best hundred of each industry, a night's scores."""
    import numpy as np

    from index.elastic import ElasticSearch, Settings
    from index.elastic_ranking import ElasticRanking
    from matcher import elsewhere
    from matcher.calibration import CURVES, points
    from matcher.fit import FitModel
    from matcher.store import MODEL

    model = FitModel.load(folder / "models" / MODEL)
    curve = CURVES[model.space.method]
    engine = ElasticSearch(Settings(url=url, prefix="qingbao-bench"))
    ranking = ElasticRanking(engine, elsewhere.space_version(model.space), elsewhere.dimensions(model.space))

    def bring(name: str, moment: int) -> float:
        texts = read_texts(folder, name)

        def vectors(ids: Iterable[str]) -> Any:
            return elsewhere.company_vectors(model.space, {one: texts[one] for one in ids})

        return timed(lambda: ranking.bring(elsewhere.text_keys(texts), vectors, moment=moment))[0]

    # The changed ones first: after it the index holds what the local part has seen.
    filled, unchanged, changed = bring("night.jsonl", 1), bring("night.jsonl", 2), bring("day.jsonl", 3)
    brought = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    kept = np.load(folder / "local.npz")
    ids = sorted(read_texts(folder, "day.jsonl"))
    place = {one: row for row, one in enumerate(ids)}
    questions = [elsewhere.question(model.space, part) for part in model.parts]
    took, overlap, apart = [], [], []
    for column, asked in enumerate(questions):
        for _round in range(ROUNDS):
            seconds, found = timed(lambda asked=asked: ranking.best(asked, TOP))
            took.append(seconds)
        own = kept["raw"][[place[one] for one, _ in found], column]
        fits = points(curve.log_odds([score for _, score in found])), points(curve.log_odds(own))
        apart.append(float(np.abs(fits[0] / fits[1] - 1).max()))
        overlap.append(len({place[one] for one, _ in found} & set(kept["best"][column].tolist())) / TOP)
    some = ids[:: max(1, len(ids) // ASKED)][:ASKED]
    scored, _ = timed(lambda: ranking.scores(questions, some))
    size = engine.client.indices.stats(index=ranking.index)["_all"]["total"]["store"]["size_in_bytes"] / 1e6
    engine.client.indices.delete(index=ranking.index)
    return {
        "filled": filled, "unchanged": unchanged, "changed": changed, "took": took, "overlap": overlap, "apart": max(apart), "scored": scored,
        "asked": len(some), "size": size, "memory": brought,
    }


PARTS = {"learn": learn, "local": local, "inside": inside}


def run(part: str, folder: Path, url: str = "") -> dict[str, Any]:
    """A part in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.ranking", "--part", part, "--folder", str(folder), "--elastic", url]
    return dict(json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[-1]))


def show(version: str, companies: int, here: dict[str, Any], there: dict[str, Any]) -> None:
    """Print one server against local."""
    ratio = statistics.median(there["took"]) / statistics.median(here["took"])
    print(f"Elasticsearch {version}: {companies:,} vectors brought in {there['filled']:.0f} s, none changed {there['unchanged']:.1f} s, "
          f"1 % changed {there['changed']:.1f} s; index {there['size']:.0f} MB; our process {there['memory']:.0f} MB")
    print(f"  best {TOP} of an industry: {spread(there['took'])}, {ratio:.1f} × the local time; overlap@{TOP} least {min(there['overlap']):.2f}, "
          f"mean {statistics.mean(there['overlap']):.3f}; fits apart at most {100 * there['apart']:.4f} %")
    print(f"  {there['asked']:,} companies × {len(there['overlap'])} industries: {there['scored']:.1f} s")


def main() -> None:
    """Measure and print, or run one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--elastic", default="", help="URL of a server; without it those of make test-elastic are started")
    parser.add_argument("--heap", default="512m")
    parser.add_argument("--part", choices=sorted(PARTS))
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.part:
        print(json.dumps(PARTS[asked.part](asked.folder, asked.elastic)))
        return
    from tests.elastic.run import SERVERS
    from tests.elastic.server import find_java, running

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_texts(folder, sentences(None), asked.companies)
        learned, here = run("learn", folder), run("local", folder)
        print(f"learned in {learned['seconds']:.0f} s ({learned['method']})")
        print(f"local: from the files to all scores {here['ready']:.1f} s; best {TOP} of an industry: {spread(here['took'])}; {here['memory']:.0f} MB")
        if asked.elastic:
            show(asked.elastic, asked.companies, here, run("inside", folder, asked.elastic))
            return
        for version, least in SERVERS:
            java = find_java(least)
            if java is None:
                print(f"Elasticsearch {version}: no JDK ≥ {least}", file=sys.stderr)
                continue
            with running(version, java, heap=asked.heap) as server:
                show(version, asked.companies, here, run("inside", folder, server.url))


if __name__ == "__main__":
    main()
