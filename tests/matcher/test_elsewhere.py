"""Vectors for a ranking elsewhere: their products are the matcher's own raw scores, and fits made from these are the matcher's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from invented import BATTERY, ROBOTS, UNRELATED, companies

from matcher import elsewhere, processes
from matcher.fit import FitModel
from matcher.store import match_stored
from matcher.vectors import is_enough

PARKS = [ROBOTS, BATTERY]
TEXTS = companies(560) | {"empty": "——", "short": "茶", "other": "".join(UNRELATED[:3])}


@pytest.fixture(scope="module", params=[560, 100], ids=["projection", "words alone"])
def model(request: pytest.FixtureRequest) -> FitModel:
    return FitModel.build(companies(request.param), PARKS)


def product(model: FitModel, asked: elsewhere.Question, vector: elsewhere.CompanyVector) -> float:
    words = np.zeros(len(model.space.words))
    words[asked.terms] = asked.weights
    return float(vector.weights @ words[vector.terms] + asked.scale * (vector.dense @ asked.dense))


def test_products_of_vectors_are_the_raw_scores(model: FitModel) -> None:
    raw = model.raw(TEXTS)
    vectors = list(elsewhere.company_vectors(model.space, TEXTS))
    assert [vector.id for vector in vectors] == sorted(TEXTS)
    for column, part in enumerate(model.parts):
        asked = elsewhere.question(model.space, part)
        assert [product(model, asked, vector) for vector in vectors] == pytest.approx(raw[:, column].tolist(), abs=2e-6)
    assert raw.max() > 0.5 > 0.1 > raw.min()


def test_vectors_are_what_an_index_takes(model: FitModel) -> None:
    for vector in elsewhere.company_vectors(model.space, TEXTS):
        assert np.linalg.norm(vector.dense) == pytest.approx(1.0, abs=1e-5)
        assert len(vector.dense) == elsewhere.dimensions(model.space)
        assert (vector.weights > 0).all()
        assert vector.known == is_enough(TEXTS[vector.id])
    for part in model.parts:
        asked = elsewhere.question(model.space, part)
        assert np.linalg.norm(asked.dense) == pytest.approx(1.0, abs=1e-5)
        assert (asked.weights > 0).all()
        assert asked.scale > 0


def test_batches_change_nothing(model: FitModel, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(elsewhere.company_vectors(model.space, TEXTS))
    monkeypatch.setattr(elsewhere, "BATCH", 100)
    for one, other in zip(whole, elsewhere.company_vectors(model.space, TEXTS), strict=True):
        assert (one.id, one.key, one.known, one.terms.tolist()) == (other.id, other.key, other.known, other.terms.tolist())
        assert one.dense == pytest.approx(other.dense, abs=1e-6)


def test_the_key_of_the_space_knows_companies_and_no_parks(model: FitModel) -> None:
    fewer = model.with_parks([ROBOTS], companies(100), {("robots", "智能机器人"): ["c0000"]})
    assert fewer.version != model.version
    assert elsewhere.space_version(fewer.space) == elsewhere.space_version(model.space)
    other = FitModel.build(companies(570, seed=8), PARKS)
    assert elsewhere.space_version(other.space) != elsewhere.space_version(model.space)


def test_fits_from_scores_made_elsewhere_are_the_matchers(model: FitModel, tmp_path: Path) -> None:
    own = model.tables(TEXTS)
    some = {one: TEXTS[one] for one in ("c0000", "c0001", "c0007", "short")}
    raw = model.raw(some)
    for _ in range(2):  # the second time with the words of the first
        tables = elsewhere.tables(tmp_path, model, some, raw)
        for slug, table in tables.items():
            assert dict(table) == {one: own[slug][one] for one in some}


def test_a_night_without_anything_new_reads_the_model_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = companies(560)
    first = elsewhere.kept_model(tmp_path, texts, PARKS)
    assert (first.rebuilt, first.version) == (True, match_stored(tmp_path, texts, PARKS).version)

    def never(*_: object) -> None:
        raise AssertionError("nothing had to be cut")

    monkeypatch.setattr(processes, "cut_in_processes", never)
    again = elsewhere.kept_model(tmp_path, texts | {"new": TEXTS["other"]}, PARKS)
    assert (again.version, again.rebuilt, again.parts_changed) == (first.version, False, ())


@pytest.mark.parametrize("change", ["refit", "statement", "companies", "damage"])
def test_what_is_to_be_learned_is_learned_here(tmp_path: Path, change: str) -> None:
    texts = companies(560)
    elsewhere.kept_model(tmp_path, texts, [ROBOTS])
    parks = PARKS if change == "statement" else [ROBOTS]
    if change == "companies":
        texts |= {f"new{n:03}": text for n, text in enumerate(companies(60, seed=9).values())}
    if change == "damage":
        for file in tmp_path.iterdir():
            file.write_bytes(b"x")
    kept = elsewhere.kept_model(tmp_path, texts, parks, refit=change == "refit")
    assert kept.rebuilt == (change != "statement")
    assert kept.parts_changed == ((("battery", "动力电池"),) if change == "statement" else ())
    assert {part.park for part in kept.model.parts} == {park.slug for park in parks}
