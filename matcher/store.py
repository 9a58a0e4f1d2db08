"""The model, the term vectors and the scores of an instance between two nights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.fit import Examples, FitModel, FitTable
from matcher.model_file import array_lines, array_text, lines_array, read_arrays, text_array, write_arrays
from matcher.processes import one_thread
from matcher.space import Floats
from matcher.vectors import TermVectors
from qingbao.errors import CannotWork
from qingbao.model import Park

# The model is made anew when more than this share of the companies is new, changed or gone since it was made (issue 8).
REFIT_SHARE = 0.05


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
    with one_thread():
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
        write_arrays(folder / "made_of.npz", {"ids": lines_array(vectors.ids), "keys": vectors.keys})
        changed: tuple[tuple[str, str], ...] = ()
    else:
        model = old.with_parks(parks, vectors, examples)
        keys = {(part.park, part.industry): part.key for part in old.parts}
        changed = tuple((part.park, part.industry) for part in model.parts if keys.get((part.park, part.industry)) != part.key)
    version = model.version
    if old is None or version != old.version:
        model.save(folder / "fit.npz")
    raw = _raw(folder, model, version, vectors, kept)
    vectors.save(folder / "vectors.npz")
    write_arrays(folder / "scores.npz", {"version": text_array(version), "raw": raw}, sure=False)
    return Matched(model, version, model.tables(vectors, raw), model.space is not (old and old.space), changed, share)


def changed_share(folder: Path, ids: Sequence[str], keys: NDArray[np.int64]) -> float:
    """Share of the companies (ids, sorted, with the keys of their texts) that are new, changed or gone since the model in ``folder`` was made.

    1 if that is not known.
    """
    try:
        arrays = read_arrays(folder / "made_of.npz", "匹配模型的企业清单")
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
        model = FitModel.load(folder / "fit.npz")
    except CannotWork:
        model = None
    try:
        vectors = TermVectors.load(folder / "vectors.npz")
    except CannotWork:
        vectors = TermVectors.of({})
    return model, vectors


def _raw(folder: Path, model: FitModel, version: str, vectors: TermVectors, kept: NDArray[np.int64]) -> Floats:
    """Raw scores of all companies: stored ones where model and text are those of the night before (``kept`` rows)."""
    fresh = np.flatnonzero(kept < 0)
    if len(fresh) > REFIT_SHARE * len(kept):
        return model.raw(vectors)
    try:
        arrays = read_arrays(folder / "scores.npz", "匹配分")
        stored: Floats = arrays["raw"]
        usable = array_text(arrays["version"]) == version and stored.shape[0] > int(kept.max()) and stored.shape[1] == len(model.parts)
    except (CannotWork, KeyError):
        usable = False
    if not usable:
        return model.raw(vectors)
    raw = stored[np.maximum(kept, 0)]
    raw[fresh] = model.raw(vectors, fresh)
    return raw
