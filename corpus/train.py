"""Trains the tagger and the selection from the corpus: ``python -m corpus.train [--folds 5] [--measure]``, a minute on one core.

Writes ``pipelines/models/names.crfsuite``, ``selection.json`` and ``models.json`` (version, sizes, figures of the run). The selection learns from
firms that a tagger found which had not seen their document: the tagger is trained once per fold for that, and once on everything to be shipped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from pathlib import Path
from typing import Any

from corpus.selection import Row, fit_selection, folds_of, labelled, with_surroundings
from pipelines.read.signals import NameLists, candidates, choose, entities, features, parts, scene, tagger
from pipelines.read.signals.repeats import Repeats
from qingbao.names import core_name, fold_name

HERE = Path(__file__).resolve().parent
MODELS = HERE.parent / "pipelines" / "models"
FILES = ("sentences.jsonl", "documents.jsonl", *sorted(path.name for path in HERE.glob("s[0-9]*-documents.jsonl")))
SEED = 6
# C1, C2 and iterations of the tagger; names found in unseen folds (F1): 1.0 and 60 gave .728, 0.1 and 100 give .750 with a smaller file.
SPARSE, REGULAR, ITERATIONS = 0.05, 0.1, 100


def load() -> list[dict[str, Any]]:
    """All annotated texts."""
    return [json.loads(line) for name in FILES for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def rows_of(item: dict[str, Any]) -> list[tuple[str, list[tuple[int, int]]]]:
    """(sentence, spans of names) of one text, cut as the reader cuts it."""
    document = parts.cut_document(item["title"], item["text"])
    out = []
    for sentence in document.sentences:
        source = document.clean_of(sentence)
        marks = item["title_mentions"] if sentence.part == "title" else item["mentions"]
        back = {raw: clean for clean, raw in reversed(list(enumerate(source.at)))}
        spans = []
        for mark in marks:
            start, last = back.get(mark["start"]), back.get(mark["end"] - 1)
            if start is not None and last is not None and sentence.start <= start and last < sentence.end:
                spans.append((start - sentence.start, last + 1 - sentence.start))
        out.append((sentence.text, spans))
    return out


def train_tagger(items: list[dict[str, Any]], path: Path) -> None:
    """Fits the character tagger and writes it to ``path``."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for item in items:
        rows = rows_of(item)
        repeats = Repeats(text for text, _ in rows)
        for text, spans in rows:
            trainer.append(tagger.features(text, repeats.marks(text)), tagger.labels(len(text), spans))
    trainer.set_params({"c1": SPARSE, "c2": REGULAR, "max_iterations": ITERATIONS, "feature.minfreq": 1, "feature.possible_transitions": True})
    trainer.train(str(path))


def listed(item: dict[str, Any], chance: random.Random) -> list[str]:
    """Some of the names of a text, as if a list held them: the corpus is invented, and no real list knows its firms."""
    names = {n for s in item["signals"] for n in [s["company"], *s["company_short"]]} | {*item["companies_optional"], *item["companies_other"]}
    names |= {n for a in item["adverse"] for n in [a["company"], *a["company_short"]]}
    return [n for n in sorted(names) if chance.random() < 0.6]


def judged(item: dict[str, Any], lists: NameLists, learned: tagger.Tagger | None) -> list[tuple[features.Judged, int | None]]:
    """The firms that the reader sees in a text, each with 1 (has a signal), 0 (has none), None (either is right)."""
    document = parts.cut_document(item["title"], item["text"])
    found = entities.build(document, entities.resolve(document, candidates.find_candidates(document, lists, learned)))
    view = scene.look(document, found)
    out = []
    for entity in found:
        names = list(entity.names)
        truth = {n for s in item["signals"] for n in [s["company"], *s["company_short"]]}
        alternative = {n for s in item["signals"] for n in s["company_alt"]} | set(item["companies_optional"])
        label: int | None = 1 if _same(names, truth) else None if _same(names, alternative) else 0
        out.append((features.judge(view, entity), label))
    return out


def _same(names: list[str], truth: set[str]) -> bool:
    """Equal, or one core inside the other, the shorter of three characters and half the longer: a slip of the edge is no wrong firm."""
    folded = {fold_name(n) for n in truth} | {core_name(n) for n in truth}
    return any(fold_name(n) in folded or any(_inside(core_name(n), t) for t in folded) for n in names)


def _inside(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) >= 3 and short in long and 2 * len(short) >= len(long))


OTHERS_WEIGHT = 2.0  # real news names three firms for one that acts, the corpus two
DOCUMENT_WEIGHT = 2.0  # whole texts are what is read; single sentences only teach the words


def _weight(whole: bool, label: int | None) -> float:
    return (DOCUMENT_WEIGHT if whole else 1.0) * (OTHERS_WEIGHT if whole and label == 0 else 1.0)


def unseen_rows(items: list[dict[str, Any]], folds: int, lists: NameLists) -> tuple[list[list[Row]], dict[str, float]]:
    """The firms of every text as a reader sees them whose tagger never saw it, and how well those taggers find names."""
    out: list[list[Row]] = [[] for _ in items]
    chance = random.Random(SEED)
    right = found = wanted = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, held in enumerate(folds_of(items, folds)):
            path = Path(folder) / f"{number}.crfsuite"
            apart = set(held)
            train_tagger([item for i, item in enumerate(items) if i not in apart], path)
            learned = tagger.Tagger(str(path))
            for i in held:
                whole = bool(items[i]["source_kind"])
                out[i] = [(j, label, _weight(whole, label)) for j, label in judged(items[i], lists, learned)]
                # Once more with some of its names on a list, half the time without the tagger: well-known names are often not like names.
                with_list = judged(items[i], lists.plus(listed(items[i], chance)), learned if chance.random() < 0.5 else None)
                out[i] += [(j, label, 0.5 * _weight(whole, label)) for j, label in with_list if "list" in j.entity.patterns]
                told = rows_of(items[i])
                repeats = Repeats(text for text, _ in told)
                for text, spans in told:
                    got = {(a, b) for a, b, _ in learned.find(text, repeats)}
                    right, found, wanted = right + len(got & set(spans)), found + len(got), wanted + len(spans)
    precision, recall = right / max(1, found), right / max(1, wanted)
    return out, {"names_precision": round(precision, 3), "names_recall": round(recall, 3)}


def measure_selection(rows: list[list[Row]], items: list[dict[str, Any]], folds: int) -> dict[str, float]:
    """Precision and recall of reported firms in folds by text: what the shipped model should do on texts like these."""
    right = wrong = 0
    wanted = sum(len({s["company"] for s in item["signals"]}) for item in items)
    for held in folds_of(items, folds):
        apart = set(held)
        data = fit_selection(labelled(row for i, row in enumerate(rows) if i not in apart))
        model = choose.from_data({"version": "fold", **data})
        for i in held:
            for j, label, _ in rows[i]:
                if "list" not in j.entity.patterns and label is not None and model.probability(j) >= choose.CUT_OFF:
                    right, wrong = right + label, wrong + 1 - label
    seen = sum(min(len({s["company"] for s in item["signals"]}), sum(label == 1 and "list" not in j.entity.patterns for j, label, _ in row)) for item, row in zip(items, rows))
    return {"candidate_recall": round(seen / max(1, wanted), 3), "company_precision": round(right / max(1, right + wrong), 3), "company_recall": round(right / max(1, wanted), 3)}


def main() -> None:
    """Trains, measures in folds and writes the models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--measure", action="store_true", help="print the figures, write nothing")
    parser.add_argument("--out", type=Path, default=MODELS, help="where the models are written")
    parser.add_argument("--part", type=float, default=1.0, help="use this share of the corpus (for a learning curve)")
    args = parser.parse_args()
    items = load()
    random.Random(SEED).shuffle(items)
    items = items[: int(len(items) * args.part)]
    lists = NameLists.load([])
    rows, figures = unseen_rows(items, args.folds, lists)
    with_surroundings(rows, args.folds)
    figures |= measure_selection(rows, items, args.folds)
    print(json.dumps(figures))
    if args.measure:
        return
    args.out.mkdir(exist_ok=True)
    train_tagger(items, args.out / tagger.MODEL_FILE)
    version = hashlib.sha256("".join(json.dumps(i, ensure_ascii=False, sort_keys=True) for i in items).encode()).hexdigest()[:12]
    data = {"version": version, **fit_selection(labelled(rows))}
    (args.out / "selection.json").write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    about = {"version": version, "texts": len(items), "signals": sum(len(i["signals"]) for i in items), "command": "python -m corpus.train", "in_folds": figures}
    (args.out / "models.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
