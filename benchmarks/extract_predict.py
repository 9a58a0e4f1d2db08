"""Predictions for a scorer of reading, also with the pages' help taken away.

    python benchmarks/extract_predict.py DIR > predictions.jsonl
    python benchmarks/extract_predict.py DIR --without addresses --without classes --without metas > predictions.jsonl

DIR holds ``truth.jsonl`` with a line for each page, of which only ``id``, ``file`` and ``url`` are read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.read.decode import decode
from pipelines.read.extract_files import extract_line

TAKEN_AWAY: dict[str, Callable[[str], str]] = {
    "addresses": lambda page: page,
    "classes": lambda page: re.sub(r"\s(?:class|id)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", "", page),
    "metas": lambda page: re.sub(r"<meta[^>]*>", "", page, flags=re.I),
    "title": lambda page: re.sub(r"<title>.*?</title>", "", page, flags=re.I | re.S),
    "headings": lambda page: re.sub(r"<(/?)h[1-4]\b", r"<\1div", page, flags=re.I),
    "paragraphs": lambda page: re.sub(r"<(/?)p\b", r"<\1div", page, flags=re.I),
}


def main() -> None:
    """Write the product's reading of a folder of pages as the lines that its scorer reads."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without", action="append", default=[], choices=sorted(TAKEN_AWAY))
    arguments = parser.parse_args()
    for line in (arguments.folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        given = {"id": row["id"], "file": row["file"], "url": row.get("url")}
        if arguments.without:
            page = decode((arguments.folder / row["file"]).read_bytes()).text
            for name in arguments.without:
                page = TAKEN_AWAY[name](page)
            given = {"id": row["id"], "html": page}
        print(json.dumps(extract_line(given, arguments.folder), ensure_ascii=False))


if __name__ == "__main__":
    main()
