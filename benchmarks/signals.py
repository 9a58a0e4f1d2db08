"""Reading signals against jieba's own ``posseg`` pass over the same texts, each in a process of its own with loading included.

    python benchmarks/signals.py [--docs FILE.jsonl …] [--times N]        (or EVAL=FILE.jsonl)

Each line of a file is ``{"title", "text"}``; without one, the project's own corpus. Prints documents a second, the ratio of the times and the
reader's peak memory. Aims: at most 1.5 times jieba's time, at most 250 MB.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FILES = [ROOT / "corpus" / "documents.jsonl"]


def reader(docs: list[tuple[str, str]]) -> None:
    """Read the signals of all documents (title, text)."""
    from pipelines.read.signals import NameLists, read_signals

    lists = NameLists.load([])
    for number, (title, text) in enumerate(docs):
        read_signals(url=f"http://a.example/{number}", title=title, text=text, published_at=None, lists=lists)


def posseg(docs: list[tuple[str, str]]) -> None:
    """jieba's own pass over the same documents."""
    import jieba
    import jieba.posseg

    jieba.setLogLevel(60)
    for title, text in docs:
        for _ in jieba.posseg.cut(f"{title}\n{text}"):
            pass


def measured(work: Callable[[list[tuple[str, str]]], None], docs: list[tuple[str, str]]) -> tuple[float, float]:
    """Seconds of CPU and peak megabytes of a fresh process that does the work, imports included."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_child, args=(work, docs, queue))
    process.start()
    seconds, megabytes = queue.get()
    process.join()
    return seconds, megabytes


def _child(work: Callable[[list[tuple[str, str]]], None], docs: list[tuple[str, str]], queue: multiprocessing.Queue[tuple[float, float]]) -> None:
    started = time.process_time()
    work(docs)
    queue.put((time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> None:
    """Run both in processes of their own and print the ratio of their times and their memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", nargs="+", type=Path, default=[Path(os.environ["EVAL"])] if "EVAL" in os.environ else FILES)
    parser.add_argument("--times", type=int, default=1, help="read the documents N times")
    args = parser.parse_args()
    rows = [json.loads(line) for path in args.docs for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    docs = [(row.get("title") or "", row.get("text") or "") for row in rows] * args.times
    characters = sum(len(t) + len(x) for t, x in docs)
    ours, memory = measured(reader, docs)
    theirs, _ = measured(posseg, docs)
    print(f"{len(docs)} documents, {characters / max(1, len(docs)):.0f} characters each")
    print(f"reading signals   {ours:6.2f} s   {len(docs) / ours:6.1f} documents/s   {memory:.0f} MB")
    print(f"jieba posseg      {theirs:6.2f} s   {len(docs) / theirs:6.1f} documents/s")
    print(f"ratio             {ours / theirs:6.2f}   (aim: at most 1.5)")


if __name__ == "__main__":
    main()
