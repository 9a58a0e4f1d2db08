"""What the selection learns from the words around a firm."""

from __future__ import annotations

import pytest

from corpus.selection import Row, fit_surroundings, folds_of, labelled, with_surroundings
from pipelines.read.signals import choose
from pipelines.read.signals.entities import Entity
from pipelines.read.signals.features import Judged


def firm(around: str, label: int | None) -> Row:
    return Judged(entity=Entity(), features={}, roles=(), rule_score=0.0, around=frozenset(around.split())), label, 1.0


@pytest.fixture
def rows() -> list[list[Row]]:
    return [[firm("a0=投资 a1=建设", 1), firm("a0=领投 b0=由", 0), firm("a0=或许", None)] for _ in range(20)]


def test_words_of_those_that_act_weigh_more(rows: list[list[Row]]) -> None:
    around, _ = fit_surroundings(labelled(rows))
    assert around["a0=投资"] > 0 > around["a0=领投"]
    assert "a0=或许" not in around  # of whom it is not known whether he acts


def test_rare_words_are_not_learned() -> None:
    around, _ = fit_surroundings(labelled([[firm("a0=投资", 1), firm("a0=领投", 0)]] * 5 + [[firm("a0=从未", 1)]]))
    assert "a0=从未" not in around


def test_every_firm_is_judged_by_a_model_that_never_saw_its_text(rows: list[list[Row]]) -> None:
    """The odd text says the contrary of all others; a model that had seen it would know its words."""
    rows.append([firm("a0=独此 a0=领投", 1)] * 3)
    with_surroundings(rows, 5)
    assert rows[0][0][0].features[choose.AROUND] > 0 > rows[0][1][0].features[choose.AROUND]
    assert rows[-1][0][0].features[choose.AROUND] < 0


def test_folds_hold_every_text_once() -> None:
    assert sorted(i for fold in folds_of(range(23), 5) for i in fold) == list(range(23))
