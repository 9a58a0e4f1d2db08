"""Quality of fit on labelled companies: whole texts, their middle 80 characters, with examples; beside the plain script.

    EVAL=DIR .venv/bin/python -m benchmarks.fit_quality [--json]

DIR holds companies.jsonl ({"id","name","text"}), parks.jsonl and qrels.tsv (2 same industry, 1 adjacent link). Examples: ten
companies of an industry are named as good, five folds over the companies, three seeds; a company is ranked by a model that
was not told of it. The plain script is ``TfidfVectorizer(tokenizer=jieba.lcut)`` and cosine. Differences to it are paired
by industry, with a 95 % interval of 10,000 bootstrap draws over the industries.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration import MIDDLE, lines, read_grades, texts_of
from matcher.fit import FitModel
from matcher.rank_files import queries_of
from qingbao.model import Park

Grades = dict[str, dict[str, int]]
Scores = NDArray[np.float64]  # companies (by id) × industries
METRICS = ("NDCG@20", "NDCG@100", "MAP", "R@200")
EXAMPLES, FOLDS, SEEDS = 10, 5, 3


def gain(grades: Sequence[int]) -> float:
    """Discounted gain of grades in their order, 2^grade − 1 each."""
    return float(sum((2**grade - 1) / np.log2(place + 2) for place, grade in enumerate(grades)))


def judged(ids: Sequence[str], scores: NDArray[np.float64], grades: dict[str, int]) -> list[float]:
    """The four metrics of one industry; equal scores by id."""
    ranked = [grades.get(ids[i], 0) for i in np.argsort(-scores, kind="stable")]
    ideal = sorted(grades.values(), reverse=True)
    found = np.flatnonzero(np.array(ranked) == 2)
    total = sum(grade == 2 for grade in grades.values())
    precision = [(n + 1) / (place + 1) for n, place in enumerate(found.tolist())]
    return [gain(ranked[:20]) / gain(ideal[:20]), gain(ranked[:100]) / gain(ideal[:100]), sum(precision) / total, float((found < 200).sum() / total)]


def table(texts: dict[str, str], scores: Scores, parks: list[Park], grades: Grades) -> NDArray[np.float64]:
    """Industries × metrics."""
    ids = sorted(texts)
    return np.array([judged(ids, scores[:, i], grades[park.slug]) for i, park in enumerate(parks)])


def ours(texts: dict[str, str], parks: list[Park]) -> Scores:
    """Scores of the program without any examples."""
    model = FitModel.build(texts, parks)
    return model.raw(texts).astype(np.float64)


def taught(texts: dict[str, str], parks: list[Park], grades: Grades, seed: int) -> Scores:
    """Scores with examples, each company's from the fold that does not teach it."""
    rng = np.random.default_rng(seed)
    model = FitModel.build(texts, parks)
    field = model.field(texts)
    ids = np.array(field.vectors.ids)
    fold = rng.permutation(len(ids)) % FOLDS
    out = np.zeros((len(ids), len(parks)))
    for held in range(FOLDS):
        named = {}
        for park in parks:
            good = [one for one in ids[fold != held] if grades[park.slug].get(one) == 2]
            named[(park.slug, park.industries[0].name)] = rng.permutation(good)[:EXAMPLES].tolist()
        out[fold == held] = model.with_parks(parks, field, named).raw(field)[fold == held]
    return out


def script(texts: dict[str, str], rows: list[dict[str, Any]]) -> Scores:
    """What a user would write."""
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_similarity

    jieba.setLogLevel(60)
    with tempfile.TemporaryDirectory(prefix="qingbao-jieba-") as private:
        jieba.dt.tmp_dir = private
        jieba.initialize()
    vectorizer = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    matrix = vectorizer.fit_transform([texts[one] for one in sorted(texts)])
    asked = vectorizer.transform([" ".join([row["industry"], row["text"], *row["chain_links"]]) for row in rows])
    return np.asarray(cosine_similarity(matrix, asked), dtype=np.float64)


def interval(difference: NDArray[np.float64]) -> tuple[float, float]:
    """95 % of the mean over industries drawn with replacement."""
    rng = np.random.default_rng(0)
    means = difference[rng.integers(0, len(difference), (10_000, len(difference)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def measure(folder: Path) -> dict[str, Any]:
    """All runs: means, by industry, and the difference to the script."""
    companies, grades, rows = lines(folder / "companies.jsonl"), read_grades(folder / "qrels.tsv"), lines(folder / "parks.jsonl")
    parks = [park for row in rows for park in queries_of(row)]
    out: dict[str, Any] = {}
    for name, length in (("whole", None), (f"middle {MIDDLE}", MIDDLE)):
        texts = texts_of(companies, length)
        mine, plain = table(texts, ours(texts, parks), parks, grades), table(texts, script(texts, rows), parks, grades)
        out[name] = dict(zip(METRICS, mine.mean(axis=0).tolist()))
        out[f"{name}, script"] = dict(zip(METRICS, plain.mean(axis=0).tolist()))
        out[f"{name}, difference"] = {metric: [float((mine - plain)[:, i].mean()), *interval((mine - plain)[:, i])] for i, metric in enumerate(METRICS)}
        if length is None:
            out["by industry"] = {park.slug: dict(zip(METRICS, mine[i].tolist())) for i, park in enumerate(parks)}
    texts = texts_of(companies, None)
    runs = [table(texts, taught(texts, parks, grades, seed), parks, grades).mean(axis=0) for seed in range(SEEDS)]
    out[f"{EXAMPLES} examples"] = dict(zip(METRICS, np.mean(runs, axis=0).tolist()))
    return out


def main() -> None:
    """Print quality of the order of fit: whole texts, middle 80 characters, with examples, beside the plain script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    result = measure(Path(os.environ.get("EVAL") or sys.exit("EVAL=DIR names the folder with companies.jsonl, parks.jsonl and qrels.tsv")))
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    print(" " * 24 + "".join(f"{metric:>22s}" for metric in METRICS))
    for name, row in {**{k: v for k, v in result.items() if k != "by industry"}, **result["by industry"]}.items():
        cells = [f"{value:.3f}" if isinstance(value, float) else f"{value[0]:+.3f} [{value[1]:+.3f}, {value[2]:+.3f}]" for value in row.values()]
        print(f"{name:24s}" + "".join(f"{cell:>22s}" for cell in cells))


if __name__ == "__main__":
    main()
