"""What is kept between nights: only new texts are cut and scored, and the result is that of a first run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from invented import BATTERY, ROBOTS, companies

from matcher import processes, store
from matcher.cutting import cut_texts, merged
from matcher.fit import Fit, FitModel
from matcher.store import match_stored
from matcher.vectors import TermVectors
from qingbao import text
from qingbao.errors import CannotWork

TEXTS = companies(560)
PARKS = [ROBOTS, BATTERY]


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts were cut, call by call."""
    calls: list[int] = []
    real = processes.cut_in_processes

    def counting(texts, number):
        calls.append(len(texts))
        return real(texts, number)

    monkeypatch.setattr(processes, "cut_in_processes", counting)
    return calls


def same(a: TermVectors, b: TermVectors) -> bool:
    return (a.words, a.ids) == (b.words, b.ids) and all(
        np.array_equal(getattr(a, name), getattr(b, name)) for name in ("keys", "lengths", "indptr", "terms", "counts")
    )


def meaning(vectors: TermVectors) -> dict[str, dict[str, int]]:
    spans = [slice(a, b) for a, b in zip(vectors.indptr, vectors.indptr[1:])]
    return {
        one: {vectors.words[term]: count for term, count in zip(vectors.terms[span].tolist(), vectors.counts[span].tolist())}
        for one, span in zip(vectors.ids, spans)
    }


def test_a_night_cuts_what_is_new_or_changed(cut: list[int]) -> None:
    before = TermVectors.of(TEXTS)
    tonight = {**TEXTS, "c0003": TEXTS["c0003"] + "新增焊接机器人业务。", "new": "公司新近成立，制造磁悬浮压缩机，产品用于制冷站，员工一百人。"}
    del tonight["c0010"]
    cut.clear()
    after, kept = before.refreshed(tonight)
    assert cut == [2]
    assert meaning(after) == meaning(TermVectors.of(tonight))
    assert after.words[: len(before.words)] == before.words
    assert [after.ids[row] for row in np.flatnonzero(kept < 0)] == ["c0003", "new"]
    assert same(after.updated(tonight), after)


def test_batches_change_nothing() -> None:
    texts = list(TEXTS.values())
    whole, parts = cut_texts(texts), merged([cut_texts(texts[:7]), cut_texts(texts[7:300]), cut_texts(texts[300:])])
    assert whole.words == parts.words
    for row in range(len(texts)):
        span, other = slice(whole.indptr[row], whole.indptr[row + 1]), slice(parts.indptr[row], parts.indptr[row + 1])
        assert dict(zip(whole.terms[span], whole.counts[span])) == dict(zip(parts.terms[other], parts.counts[other]))


def test_several_processes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WORTH_A_PROCESS", 10)
    monkeypatch.setattr(processes, "BATCH", 40)
    monkeypatch.setattr(processes, "MOSTLY_KNOWN", 0.0)
    assert same(TermVectors.of(TEXTS, processes=3), TermVectors.of(TEXTS))


def ends_at_once(_: object) -> None:
    os._exit(9)


def ends_after_the_first_batch(parent: Connection) -> None:
    cut = cut_texts(parent.recv())
    parent.send((cut.words, replace(cut, words=[])))
    parent.recv()
    os._exit(9)


@pytest.mark.parametrize("end", [ends_at_once, ends_after_the_first_batch])
def test_a_process_that_is_ended_changes_nothing(end: Callable[[Connection], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WORTH_A_PROCESS", 10)
    monkeypatch.setattr(processes, "BATCH", 4)
    monkeypatch.setattr(processes, "MOSTLY_KNOWN", 0.0)
    monkeypatch.setattr(processes, "_serve", end)
    assert same(TermVectors.of(TEXTS, processes=2), TermVectors.of(TEXTS))


def test_vectors_come_back_from_their_file(tmp_path: Path) -> None:
    vectors = TermVectors.of(TEXTS)
    vectors.save(tmp_path / "v.arrays")
    assert same(TermVectors.load(tmp_path / "v.arrays"), vectors)
    (tmp_path / "v.arrays").write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(CannotWork, match="词向量"):
        TermVectors.load(tmp_path / "v.arrays")


def test_vectors_of_another_vocabulary_are_renumbered() -> None:
    vectors = TermVectors.of(TEXTS)
    model = FitModel.build(dict(reversed(list(TEXTS.items())[:100])), PARKS)
    assert model.score(ROBOTS, vectors) == model.score(ROBOTS, TEXTS)


def table_of(matched: store.Matched) -> dict[str, float | None]:
    table = matched.tables["robots"]
    return {one: table[one].fit for one in table.order(40)}


def test_nights(tmp_path: Path, cut: list[int]) -> None:
    first = match_stored(tmp_path, TEXTS, PARKS)
    assert (first.rebuilt, first.parts_changed, first.changed_share) == (True, (), 0.0)
    tonight = {**TEXTS, "c0001": "公司改做焊接机器人和机器人控制器，原有业务全部转让，现有员工二百人。"}
    cut.clear()
    second = match_stored(tmp_path, tonight, PARKS)
    assert cut == [1]
    assert not second.rebuilt
    assert second.version == first.version
    assert second.changed_share == pytest.approx(1 / 560)
    table = second.tables["robots"]
    fresh = second.model.table("robots", tonight)
    assert table.order() == fresh.order()
    assert [table[one].fit for one in table] == pytest.approx([fresh[one].fit for one in fresh], abs=1e-4)
    before = first.tables["robots"]
    assert [one for one in TEXTS if table[one].fit != before[one].fit] == ["c0001"]


def test_more_than_a_twentieth_changed_makes_the_model_anew(tmp_path: Path) -> None:
    match_stored(tmp_path, TEXTS, PARKS)
    few = {one: text + ("另有仓库。" if i < 28 else "") for i, (one, text) in enumerate(TEXTS.items())}
    many = {one: text + ("另有仓库。" if i < 29 else "") for i, (one, text) in enumerate(TEXTS.items())}
    assert not match_stored(tmp_path, few, PARKS).rebuilt
    assert match_stored(tmp_path, many, PARKS).rebuilt
    assert not match_stored(tmp_path, many, PARKS).rebuilt
    assert match_stored(tmp_path, many, PARKS, refit=True).rebuilt


def test_a_changed_statement_or_examples_renew_one_part(tmp_path: Path) -> None:
    first = match_stored(tmp_path, TEXTS, PARKS)
    other = replace(ROBOTS, industries=(replace(ROBOTS.industries[0], text="引进数控机床制造企业。"),))
    second = match_stored(tmp_path, TEXTS, [other, BATTERY])
    assert (second.rebuilt, second.parts_changed) == (False, (("robots", "智能机器人"),))
    assert second.version != first.version
    taught = match_stored(tmp_path, TEXTS, [other, BATTERY], examples={("battery", "动力电池"): ["c0002"]})
    assert taught.parts_changed == (("battery", "动力电池"),)
    assert match_stored(tmp_path, TEXTS, PARKS).version == first.version


@pytest.mark.parametrize("ended", [False, True])
def test_a_process_that_cuts_beside_changes_nothing(ended: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tonight = {**TEXTS, "c0001": "公司改做焊接机器人\0和机器人控制器，原有业务全部转让，现有员工二百人。"}
    match_stored(tmp_path / "a", TEXTS, PARKS)
    match_stored(tmp_path / "b", TEXTS, PARKS)
    alone = match_stored(tmp_path / "a", tonight, PARKS)
    monkeypatch.delitem(sys.modules, "rjieba")
    asked: list[str] = []
    real = text._cutters
    monkeypatch.setattr(text, "_cutters", lambda: (asked.append("here"), real())[1])
    if ended:
        monkeypatch.setattr(processes, "_CUTTING", "")
    beside = match_stored(tmp_path / "b", tonight, PARKS, processes=2)
    assert bool(asked) is ended
    for slug in alone.tables:
        assert beside.tables[slug].best() == alone.tables[slug].best()


def said(fit: Fit) -> tuple[object, ...]:
    return fit.company_id, fit.industry, fit.link, [(reason.code, reason.text) for reason in fit.reasons]


def test_nights_give_what_a_first_run_of_the_same_model_gives(tmp_path: Path) -> None:
    first = match_stored(tmp_path, TEXTS, PARKS)
    texts = dict(TEXTS)
    for night in range(4):
        for i in range(5):
            texts[f"c{(37 * night + 11 * i) % 560:04d}"] = f"公司第{night}年改做机器人减速器与锂电池{'隔膜' * i}，产品用于{'、'.join(['焊接', '搬运'][: i % 3])}。员工二百人。"
        del texts[f"c{300 + night:04d}"]
        texts[f"n{night}"] = ["", "短", "制造伺服电机和谐波减速器，另有电池回收业务，产品用于机器人和储能电站。", TEXTS["c0002"]][night]
        kept = match_stored(tmp_path, texts, PARKS)
        assert kept.version == first.version
        for slug, fresh in kept.model.tables(texts).items():
            assert kept.tables[slug].order() == fresh.order()
            for a, b in zip(kept.tables[slug].best(), fresh.best(), strict=True):
                assert said(a) == said(b)
                assert [a.score, *(one.points for one in a.reasons)] == pytest.approx([b.score, *(one.points for one in b.reasons)], abs=1e-4)


def test_many_explained_at_once_and_one_by_one_are_the_same() -> None:
    table = FitModel.build(TEXTS, PARKS).table(ROBOTS, TEXTS)
    assert [table[fit.company_id] for fit in table.best()] == table.best()
    assert [fit.company_id for fit in table.best(17)] == table.order()[:17]
    assert table.some(["nobody", "c0009", "c0001", "zz"]) == {one: table[one] for one in ("c0001", "c0009")}
    assert table.some([]) == {}


@pytest.mark.parametrize("name", ["fit.arrays", "vectors.arrays", "scores.arrays", "made_of.arrays"])
@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_a_missing_or_damaged_file_is_made_anew(name: str, content: bytes | None, tmp_path: Path) -> None:
    first = match_stored(tmp_path, TEXTS, PARKS)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    again = match_stored(tmp_path, TEXTS, PARKS)
    assert again.version == first.version
    assert table_of(again) == pytest.approx(table_of(first), abs=1e-4)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["fit.arrays", "made_of.arrays", "scores.arrays", "vectors.arrays"]
