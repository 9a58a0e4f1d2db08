"""The model, the term vectors and the scores of an instance between two nights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.array_file import array_lines, array_text, lines_array, read_arrays, text_array, write_arrays
from matcher.feedback import Field
from matcher.fit import Examples, FitModel, FitTable
from matcher.processes import dictionary_beside, one_thread
from matcher.space import Floats
from matcher.vectors import TermVectors
from qingbao.errors import CannotWork
from qingbao.model import Park

# The model is made anew when more than this share of the companies is new, changed or gone since it was made (issue 8).
REFIT_SHARE = 0.05

# What lies in the folder: the model, the companies it was made of, and the words and raw scores of the last night's companies.
MODEL, MADE_OF, VECTORS, SCORES = "fit.arrays", "made_of.arrays", "vectors.arrays", "scores.arrays"


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """A night's fits: a table for each park, the model that made them, and what happened to it."""

    model: FitModel
    version: str  # of the model
    tables: dict[str, FitTable]
    rebuilt: bool  # the whole model was made anew
    parts_changed: tuple[tuple[str, str], ...]  # (park, industry) learned anew in a model that stayed
    changed_share: float  # companies new, changed or gone since the model was made


def match_stored(
    folder: Path, texts: Mapping[str, str], parks: Sequence[Park], *, refit: bool = False, examples: Examples | None = None, processes: int = 1,
) -> Matched:
    """Fits of all companies to all parks with the model kept in ``folder``, which is made or brought up to date.

    Only new or changed texts are cut into words and scored. A damaged or old file is made anew.
    """
    # A night cuts so little that loading the dictionary takes longer: beside the rest, where there is a second processor.
    beside = dictionary_beside() if processes > 1 and (folder / VECTORS).exists() else nullcontext()
    with one_thread(), beside:
        return _match_stored(folder, texts, parks, refit, examples, processes)


def _match_stored(
    folder: Path, texts: Mapping[str, str], parks: Sequence[Park], refit: bool, examples: Examples | None, processes: int,
) -> Matched:
    old, stored = _loaded(folder)
    vectors, kept = (stored if old is None else old.vectors(stored)).refreshed(texts, processes)
    share = changed_share(folder, vectors.ids, vectors.keys)
    if old is None or refit or share > REFIT_SHARE:
        model, share = FitModel.build(vectors, parks, examples), 0.0
        vectors = model.vectors(vectors)
        write_arrays(folder / MADE_OF, {"ids": lines_array(vectors.ids), "keys": vectors.keys})
        changed: tuple[tuple[str, str], ...] = ()
    else:
        model = old.with_parks(parks, vectors, examples)
        keys = {(part.park, part.industry): part.key for part in old.parts}
        changed = tuple((part.park, part.industry) for part in model.parts if keys.get((part.park, part.industry)) != part.key)
    version = model.version
    if old is None or model.space is not old.space or model.parts != old.parts:
        model.save(folder / MODEL)
    field, raw = _scored(folder, model, version, vectors, kept)
    vectors.save(folder / VECTORS)
    # Industry by industry: a park reads its own only.
    write_arrays(folder / SCORES, {"version": text_array(version), "raw": raw.T, "norms": field.norms}, sure=False)
    return Matched(model, version, model.tables(field, raw), model.space is not (old and old.space), changed, share)


def changed_share(folder: Path, ids: Sequence[str], keys: NDArray[np.int64]) -> float:
    """Share of the companies (ids, sorted, with the keys of their texts) that are new, changed or gone since the model in ``folder`` was made.

    1 if that is not known.
    """
    try:
        arrays = read_arrays(folder / MADE_OF, "匹配模型的企业清单")
        made_ids, made_keys = array_lines(arrays["ids"]), arrays["keys"]
    except (CannotWork, KeyError):
        return 1.0
    if made_ids == tuple(ids):
        return float((made_keys != keys).sum() / max(1, len(ids)))
    made_of = dict(zip(made_ids, made_keys.tolist()))
    same = sum(made_of.get(one) == key for one, key in zip(ids, keys.tolist()))
    gone = len(made_of.keys() - set(ids))
    return float((len(ids) - same + gone) / max(1, len(ids)))


def _loaded(folder: Path) -> tuple[FitModel | None, TermVectors]:
    """What the folder holds: no model and empty vectors where a file is missing, damaged or of another format."""
    try:
        model = FitModel.load(folder / MODEL)
    except CannotWork:
        model = None
    try:
        vectors = TermVectors.load(folder / VECTORS)
    except CannotWork:
        vectors = TermVectors.of({})
    return model, vectors


def _scored(folder: Path, model: FitModel, version: str, vectors: TermVectors, kept: NDArray[np.int64]) -> tuple[Field, Floats]:
    """The companies and their raw scores: stored ones where model and text are those of the night before (``kept`` rows)."""
    field = Field(model.space, vectors)
    fresh = np.flatnonzero(kept < 0)
    if len(fresh) > REFIT_SHARE * len(kept):
        return field, model.raw(field)
    try:
        arrays = read_arrays(folder / SCORES, "匹配分")
        stored, norms = arrays["raw"], arrays["norms"]
        usable = array_text(arrays["version"]) == version and stored.shape == (len(model.parts), len(norms)) and len(norms) > int(kept.max(initial=-1))
    except (CannotWork, KeyError):
        usable = False
    if not usable:
        return field, model.raw(field)
    rows = np.maximum(kept, 0)
    norms, raw = norms[rows], np.take(stored, rows, axis=1).T
    if len(fresh):
        raw[fresh], norms[fresh] = field.scores_of(fresh, [part.wanted for part in model.parts])
        # A text that another company had before keeps that one's scores to the last bit: equal ones stand by id.
        keys = np.unique(vectors.keys[fresh])
        held = np.flatnonzero((kept >= 0) & (keys[np.minimum(np.searchsorted(keys, vectors.keys), len(keys) - 1)] == vectors.keys))
        twin = {key: row for row, key in zip(held.tolist(), vectors.keys[held].tolist())}
        for row, key in zip(fresh.tolist(), vectors.keys[fresh].tolist()):
            if key in twin:
                raw[row], norms[row] = raw[twin[key]], norms[twin[key]]
    return Field(model.space, vectors, norms), raw
