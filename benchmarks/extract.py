"""Reading pages side by side with trafilatura and readability-lxml on the same pages, in one run.

    python benchmarks/extract.py [--pages DIR] [--rounds N]        (or EVAL=DIR)

DIR is any folder with ``*.html`` below it; without one, the project's own pages (tests/pages). Prints for each tool pages a second of CPU time
(imports and one warm page apart), peak memory of a process of its own that did nothing else, and how many pages gave no text; for ours also the
milliseconds of each step. Where a page has a record beside it (``.json`` with ``title`` and ``text``), titles and texts are compared with it.
"""

from __future__ import annotations

import argparse
import collections
import json
import multiprocessing
import os
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def ours() -> Callable[[bytes], tuple[str, str]]:
    """The product's reader as (bytes) → (title, text)."""
    from pipelines.read.extract import extract
    from qingbao.model import Page

    def run(body: bytes) -> tuple[str, str]:
        got = extract(Page(url="http://a.example/1", final_url="http://a.example/1", status=200, content_type=None, charset_label=None, body=body))
        return got.title, got.text

    return run


def trafilatura_() -> Callable[[bytes], tuple[str, str]]:
    """trafilatura as (bytes) → (title, text)."""
    import trafilatura

    def run(body: bytes) -> tuple[str, str]:
        got = trafilatura.bare_extraction(body, with_metadata=True, include_comments=False)
        return (getattr(got, "title", "") or "", getattr(got, "text", "") or "") if got else ("", "")

    return run


def readability_() -> Callable[[bytes], tuple[str, str]]:
    """readability-lxml as (bytes) → (title, text)."""
    from lxml import html as lxml_html
    from readability import Document

    def run(body: bytes) -> tuple[str, str]:
        # Given the rightly decoded text: its own guess at the encoding would cost it more.
        from pipelines.read.decode import decode

        document = Document(decode(body).text)
        try:
            return document.short_title(), lxml_html.fromstring(document.summary()).text_content()
        except (ValueError, AttributeError, TypeError):
            return "", ""

    return run


TOOLS: dict[str, Callable[[], Callable[[bytes], tuple[str, str]]]] = {"qingbao": ours, "trafilatura": trafilatura_, "readability-lxml": readability_}


def measure(name: str, files: list[str], rounds: int, out: Any) -> None:
    """Run one tool over all pages in a process of its own and put its result."""
    try:
        run = TOOLS[name]()
    except ImportError as error:
        out.put((name, None, str(error)))
        return
    bodies = [Path(file).read_bytes() for file in files]
    run(bodies[0])
    best = float("inf")
    results: list[tuple[str, str]] = []
    for _ in range(rounds):
        start = time.process_time()
        results = []
        for body in bodies:
            try:
                results.append(run(body))
            except Exception as error:  # noqa: BLE001 - another tool's failure is a page without text
                results.append(("", ""))
                print(f"{name}: {type(error).__name__}", file=sys.stderr)
        best = min(best, time.process_time() - start)
    out.put((name, (len(bodies) / best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, results), None))


def tokens(text: str) -> collections.Counter[str]:
    """How often each Chinese character and each other word stands in a text."""
    return collections.Counter(re.findall(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+", text.lower()))


def f1(wanted: str, got: str) -> float:
    """F1 of the tokens of two texts, 0-1."""
    a, b = tokens(wanted), tokens(got)
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values())) if common else float(not a and not b)


def folded(text: str) -> str:
    """The letters and digits of a text alone, to compare titles."""
    return "".join(c for c in text.lower() if c.isalnum())


def quality(files: list[str], results: list[tuple[str, str]]) -> str:
    """Agreement with the records that lie beside the pages."""
    rows = []
    for file, (title, text) in zip(files, results, strict=True):
        record = Path(file).with_suffix(".json")
        if record.exists():
            wanted = json.loads(record.read_text(encoding="utf-8"))
            if wanted.get("door", "read") == "read":
                body = wanted["text"] if isinstance(wanted["text"], str) else "\n".join(wanted["text"])
                rows.append((folded(title) == folded(wanted["title"]), f1(body, text)))
    if not rows:
        return "no records"
    return f"title {100 * sum(t for t, _ in rows) / len(rows):5.1f}  text F1 {100 * sum(f for _, f in rows) / len(rows):5.1f}  ({len(rows)} records)"


def steps(files: list[str]) -> None:
    """Milliseconds of each step of ours, mean over all pages."""
    from pipelines.read.attachments import attachment_links
    from pipelines.read.body import find_body
    from pipelines.read.decode import decode
    from pipelines.read.markup import parse
    from pipelines.read.origin import find_origin
    from pipelines.read.published import find_published
    from pipelines.read.redact import redact
    from pipelines.read.render import render
    from pipelines.read.title import find_title

    spent: dict[str, float] = collections.defaultdict(float)

    def timed(name: str, call: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = call()
        spent[name] += time.process_time() - start
        return result

    for file in files:
        body = Path(file).read_bytes()
        text = timed("decode", lambda body=body: decode(body).text)
        doc = timed("parse", lambda text=text: parse(text))
        if doc is None:
            continue
        found = timed("body", lambda doc=doc: find_body(doc))
        title = timed("title", lambda doc=doc, found=found: find_title(doc, found.node if found else None))
        date = timed("date", lambda doc=doc, found=found, title=title: find_published(doc, title.line, found))
        timed("origin", lambda doc=doc, found=found, title=title, date=date: find_origin(doc, title.line, date.line, found))
        timed("attachments", lambda doc=doc, found=found: attachment_links(doc, found, ""))
        if found:
            rendered = timed("render", lambda doc=doc, found=found, title=title: render(doc, found, title.text))
            timed("redact", lambda rendered=rendered: redact(rendered))
    print("ms a page: " + "  ".join(f"{name} {1000 * seconds / len(files):.2f}" for name, seconds in spent.items()))


def main() -> None:
    """Read all pages with each reader, each in a process of its own, and print quality and speed side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", default=os.environ.get("EVAL") or str(ROOT / "tests" / "pages"))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    files = sorted(str(path) for path in Path(arguments.pages).rglob("*.html"))
    if not files:
        raise SystemExit(f"no *.html below {arguments.pages}")
    size = sum(os.path.getsize(file) for file in files)
    print(f"{len(files)} pages, {size / len(files) / 1024:.0f} KB a page")
    context = multiprocessing.get_context("spawn")
    for name in TOOLS:
        out = context.Queue()
        process = context.Process(target=measure, args=(name, files, arguments.rounds, out))
        process.start()
        name, result, error = out.get()
        process.join()
        if result is None:
            print(f"{name:<18} not installed ({error})")
            continue
        speed, memory, results = result
        print(f"{name:<18} {speed:6.1f} pages/s  peak {memory:4.0f} MB  without text {sum(not text.strip() for _, text in results):3}  {quality(files, results)}")
    steps(files)


if __name__ == "__main__":
    main()
