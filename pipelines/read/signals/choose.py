"""Which firms of a document are reported: the learned selection where a model is there, else the hand-made score."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from pipelines.read.signals.features import Judged

# Border of the blended probability; higher reports fewer firms and surer ones (the dial that users turn).
CUT_OFF = 0.55

# Border for the list of prospects: a lead that is lost costs more than one too many, and the list marks what is less sure than CUT_OFF.
# Real texts, share of firms worth watching that are found: .64 at .5, .69 at .35; at .3 no more of them and more wrong names.
LEADS_CUT_OFF = 0.35

# Name of the feature that the words around a firm make.
AROUND = "around"


@dataclass(frozen=True, slots=True)
class _Tree:
    feature: list[int]
    threshold: list[float]
    left: list[int]
    right: list[int]
    value: list[float]

    def score(self, row: list[float]) -> float:
        node = 0
        while self.left[node] >= 0:
            node = self.left[node] if row[self.feature[node]] <= self.threshold[node] else self.right[node]
        return self.value[node]


@dataclass(frozen=True, slots=True)
class Selection:
    """Logistic regression and boosted trees over named features, as exported by the training command.

    One of the features is what a linear model makes of the words around the firm (``around``: weight of each word, ``around_bias``).
    """

    version: str
    names: tuple[str, ...]
    mean: list[float]
    scale: list[float]
    weights: list[float]
    intercept: float
    base: float
    rate: float
    trees: tuple[_Tree, ...]
    rule: tuple[float, float]  # slope and intercept that make a probability of the hand-made score
    around: dict[str, float]
    around_bias: float

    def probability(self, judged: Judged) -> float:
        """The blend: mean of regression, trees and the squashed hand-made score."""
        rule_score = judged.rule_score
        given = {**judged.features, "rule_score": rule_score, AROUND: weigh_around(judged.around, self.around, self.around_bias)}
        row = [given.get(name, 0.0) for name in self.names]
        linear = self.intercept + sum(w * (x - m) / s for w, x, m, s in zip(self.weights, row, self.mean, self.scale))
        boosted = self.base + self.rate * sum(tree.score(row) for tree in self.trees)
        return (_squash(linear) + _squash(boosted) + _squash(self.rule[0] * rule_score + self.rule[1])) / 3


def weigh_around(found: frozenset[str], weights: Mapping[str, float], bias: float) -> float:
    """What the linear model of surrounding words says of a firm; above 0 it rather acts. Exact, so that the order of the words does not matter."""
    return bias + math.fsum(weights.get(word, 0.0) for word in found)


def _squash(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


@lru_cache(maxsize=1)
def selection() -> Selection | None:
    """The shipped model, or None where there is none."""
    file = resources.files("pipelines").joinpath("models", "selection.json")
    if not file.is_file():
        return None
    return from_data(json.loads(file.read_text(encoding="utf-8")))


def from_data(data: dict[str, Any]) -> Selection:
    """A model from what the training command wrote."""
    trees = tuple(_Tree(t["feature"], t["threshold"], t["left"], t["right"], t["value"]) for t in data["trees"])
    return Selection(
        data["version"], tuple(data["features"]), data["mean"], data["scale"], data["weights"], data["intercept"], data["base"], data["rate"], trees,
        (data["rule"][0], data["rule"][1]), data["around"], data["around_bias"],
    )


def probability(judged: Judged) -> float:
    """How sure the reader is that the firm acts, 0-1."""
    model = selection()
    if model is None:
        return _squash(1.2 * (judged.rule_score - 1.0))
    return model.probability(judged)
