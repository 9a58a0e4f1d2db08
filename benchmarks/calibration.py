"""Fit the curves of ``matcher/calibration.py`` and print how reliable they are.

    EVAL=DIR .venv/bin/python -m benchmarks.calibration

DIR holds companies.jsonl, parks.jsonl and qrels.tsv. A curve is judged on industries it was not fitted on (one left out
at a time); a table's row says: promised share, found share, number of pairs.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from matcher.calibration import CURVES, Curve, Method, points
from matcher.fit import FitModel
from matcher.rank_files import queries_of, with_name
from qingbao.model import Park

BINS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
MIDDLE = 80  # characters; news gives no more
SMALL = (30, 100, 200, 450)  # sizes of instances without a projection

Pairs = tuple[NDArray[np.float64], NDArray[np.bool_]]  # raw scores, whether it belongs


def lines(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def read_grades(path: Path) -> dict[str, dict[str, int]]:
    """Query → company → grade."""
    grades: dict[str, dict[str, int]] = {}
    for line in path.read_text("utf-8").splitlines():
        query, company, grade = line.split("\t")
        if query != "query_id":
            grades.setdefault(query, {})[company] = int(grade)
    return grades


def middle(text: str, length: int | None) -> str:
    """The middle ``length`` characters of a text, the whole text for None."""
    start = max(0, (len(text) - length) // 2) if length else 0
    return text[start : start + length] if length else text


def texts_of(companies: list[dict[str, Any]], length: int | None) -> dict[str, str]:
    """Company id → name and text as ``qingbao rank`` reads them."""
    return {one["id"]: with_name(one["name"], middle(one["text"], length)) for one in companies}


def pairs(companies: list[dict[str, Any]], parks: list[Park], grades: dict[str, dict[str, int]], length: int | None) -> list[Pairs]:
    """For each industry the raw scores of all companies and which belong."""
    texts = texts_of(companies, length)
    model = FitModel.build(texts, parks)
    vectors = model.vectors(texts)
    belongs = {park.slug: np.array([grades[park.slug].get(one) == 2 for one in vectors.ids]) for park in parks}
    return [(model.table(park, vectors).raw[:, 0].astype(np.float64), belongs[park.slug]) for park in parks]


def joined(rows: list[Pairs]) -> Pairs:
    """Pairs of several industries or runs as one."""
    return np.concatenate([raw for raw, _ in rows]), np.concatenate([found for _, found in rows])


def fitted(rows: list[Pairs], start: Curve) -> Curve:
    """The curve of greatest likelihood."""
    raw, found = joined(rows)

    def loss(guess: NDArray[np.float64]) -> float:
        share = np.clip(points(Curve(guess[0], guess[1], float(np.exp(guess[2]))).log_odds(raw)) / 100, 1e-6, 1 - 1e-6)
        return float(-np.where(found, np.log(share), np.log(1 - share)).mean())

    best = minimize(loss, [start.slope, start.offset, np.log(start.shift)], method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-9}).x
    return Curve(round(float(best[0]), 3), round(float(best[1]), 3), round(float(np.exp(best[2])), 3))


def report(title: str, rows: list[Pairs], start: Curve) -> None:
    """Print the curve of all industries and the reliability table of the left-out ones."""
    curve = fitted(rows, start)
    promised = [points(fitted(rows[:i] + rows[i + 1 :], curve).log_odds(rows[i][0])) / 100 for i in range(len(rows))]
    share, found = np.concatenate(promised), joined(rows)[1]
    print(f"\n{title}: {curve}\nBrier {((share - found) ** 2).mean():.4f}, share of pairs that belong {found.mean():.4f}")
    print("promised  found   pairs")
    for low, high in itertools.pairwise(BINS):
        held = (share >= low) & (share < high)
        if held.any():
            print(f"{share[held].mean():8.2f} {found[held].mean():6.2f} {held.sum():7d}")


def small_runs(companies: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Draws of few companies, as small instances hold them."""
    for size in SMALL:
        rng = np.random.default_rng(size)
        for _ in range(min(max(2, 1000 // size), 8)):
            yield [companies[i] for i in np.sort(rng.permutation(len(companies))[:size])]


def main() -> None:
    """Print the reliability table of each method on the graded companies of the folder in EVAL."""
    folder = Path(os.environ.get("EVAL") or sys.exit("EVAL=DIR names the folder with companies.jsonl, parks.jsonl and qrels.tsv"))
    companies, grades = lines(folder / "companies.jsonl"), read_grades(folder / "qrels.tsv")
    parks = [park for row in lines(folder / "parks.jsonl") for park in queries_of(row)]
    whole, short = pairs(companies, parks, grades, None), pairs(companies, parks, grades, MIDDLE)
    report("lsa", [joined(list(both)) for both in zip(whole, short)], CURVES[Method.LSA])
    report("lsa, whole texts", whole, CURVES[Method.LSA])
    report("lsa, middle 80 characters", short, CURVES[Method.LSA])
    runs = [pairs(drawn, parks, grades, length) for drawn in small_runs(companies) for length in (None, MIDDLE)]
    report("tfidf", [joined([run[i] for run in runs]) for i in range(len(parks))], CURVES[Method.TFIDF])


if __name__ == "__main__":
    main()
