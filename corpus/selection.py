"""Fits the selection: which firms of a text are reported. Every firm of the corpus is one row, as a reader sees it that never saw its text."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from pipelines.read.signals import choose, features

SEED = 6
LR_C = 0.1
TREES, DEPTH, RATE = 80, 3, 0.08
# Strength of the model of surrounding words and how often a word must have been seen; average precision of the selection on unseen real texts: without .77, C .03 .79, .1 .80, .3 .80.
AROUND_C, AROUND_LEAST = 0.3, 3

Row = tuple[features.Judged, int | None, float]  # firm, label (1 acts, 0 does not, None either is right), weight


def folds_of(items: Sequence[Any], folds: int) -> list[list[int]]:
    """Numbers of the texts of each fold, shuffled once."""
    numbers = list(range(len(items)))
    random.Random(SEED).shuffle(numbers)
    return [numbers[i::folds] for i in range(folds)]


def fit_surroundings(rows: Sequence[tuple[features.Judged, int, float]]) -> tuple[dict[str, float], float]:
    """Weight of each surrounding word and the bias of a logistic regression over them."""
    import numpy
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    x = vectorizer.fit_transform([dict.fromkeys(sorted(j.around), 1.0) for j, _, _ in rows])
    often = numpy.flatnonzero(numpy.asarray((x > 0).sum(axis=0)).ravel() >= AROUND_LEAST)
    fitted = LogisticRegression(C=AROUND_C, max_iter=2000).fit(x[:, often], [label for _, label, _ in rows], [weight for *_, weight in rows])
    words = vectorizer.get_feature_names_out()[often]
    return {str(word): float(value) for word, value in zip(words, fitted.coef_[0])}, float(fitted.intercept_[0])


def with_surroundings(rows: list[list[Row]], folds: int) -> None:
    """Give every firm the feature that its surrounding words make, by a model that never saw its text."""
    for held in folds_of(rows, folds):
        apart = set(held)
        around, bias = fit_surroundings(labelled(row for i, row in enumerate(rows) if i not in apart))
        for i in held:
            for judged, _, _ in rows[i]:
                judged.features[choose.AROUND] = choose.weigh_around(judged.around, around, bias)


def labelled(rows: Iterable[list[Row]]) -> list[tuple[features.Judged, int, float]]:
    """The rows of which it is known whether the firm acts."""
    return [(judged, label, weight) for row in rows for judged, label, weight in row if label is not None]


def fit_selection(rows: list[tuple[features.Judged, int, float]]) -> dict[str, Any]:
    """Logistic regression and boosted trees as plain numbers."""
    import numpy
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    names = sorted({n for j, _, _ in rows for n in j.features} | {"rule_score"})  # AROUND among them: see with_surroundings
    x = numpy.array([[j.rule_score if n == "rule_score" else j.features.get(n, 0.0) for n in names] for j, _, _ in rows])
    y = numpy.array([label for _, label, _ in rows])
    weight = numpy.array([w for _, _, w in rows])
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale < 1e-6] = 1.0
    linear = LogisticRegression(C=LR_C, max_iter=2000).fit((x - mean) / scale, y, weight)
    boosted = GradientBoostingClassifier(n_estimators=TREES, max_depth=DEPTH, learning_rate=RATE, subsample=0.7, min_samples_leaf=8, random_state=SEED).fit(x, y, weight)
    prior = float(numpy.average(y, weights=weight))
    rule = LogisticRegression(C=10.0).fit(x[:, [names.index("rule_score")]], y, weight)
    trees = []
    for (one,) in boosted.estimators_:
        tree = one.tree_
        trees.append({
            "feature": [int(v) for v in tree.feature], "threshold": [round(float(v), 6) for v in tree.threshold], "left": [int(v) for v in tree.children_left],
            "right": [int(v) for v in tree.children_right], "value": [round(float(v[0][0]), 5) for v in tree.value],
        })
    around, bias = fit_surroundings(rows)
    return {
        "around": {word: round(value, 3) for word, value in around.items() if abs(value) >= 0.0005}, "around_bias": round(bias, 4),
        "features": names, "mean": [round(float(v), 6) for v in mean], "scale": [round(float(v), 6) for v in scale],
        "weights": [round(float(v), 6) for v in linear.coef_[0]], "intercept": round(float(linear.intercept_[0]), 6),
        "base": round(float(numpy.log(prior / (1 - prior))), 6), "rate": RATE, "trees": trees,
        "rule": [round(float(rule.coef_[0][0]), 6), round(float(rule.intercept_[0]), 6)],
    }
