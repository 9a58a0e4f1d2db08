"""Companies and statements of a frozen model as vectors for a ranking done elsewhere, and the scores that come back as fits.

A raw score (``matcher.feedback.Field.scores``) is a sum over words plus two products of dense vectors. Here the words stay a sparse
vector, and projection and segments become one dense vector of length 1, so that any index with sparse and dense products gives the same number:
``raw = words · words + scale × (dense · dense)``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.concepts import concepts, table_key
from matcher.feedback import EXACT_WEIGHT, LATENT_WEIGHT, SEGMENT_WEIGHT, Field
from matcher.fit import Examples, FitModel, FitTable, Part
from matcher.processes import one_thread
from matcher.space import Floats, Space
from matcher.store import MODEL, REFIT_SHARE, changed_share, match_stored
from matcher.tokens import TOKENS_VERSION
from matcher.vectors import ENOUGH_CHARACTERS, TermVectors, checksums
from qingbao.errors import CannotWork
from qingbao.model import Park

# Texts cut and weighed at a time: a million companies never stand in memory as vectors.
BATCH = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class CompanyVector:
    """What an index elsewhere holds of a company."""

    id: str
    key: int  # of the text: changes with it
    known: bool  # whether the text is enough for a number
    terms: NDArray[np.int32]  # numbers of its words
    weights: Floats  # of these words, all positive
    dense: Floats  # of length 1


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of the index for one industry."""

    terms: NDArray[np.int32]
    weights: Floats  # all positive
    dense: Floats  # of length 1; all zero where ``scale`` is
    scale: float  # of the dense product


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The frozen model of a night, and what happened to it."""

    model: FitModel
    version: str
    rebuilt: bool
    parts_changed: tuple[tuple[str, str], ...]


def kept_model(
    folder: Path, texts: Mapping[str, str], parks: Sequence[Park], *, refit: bool = False, examples: Examples | None = None, processes: int = 1,
) -> Kept:
    """The model kept in ``folder``. Where something is to be learned (rules of ``match_stored``) that is done here, with all companies at hand."""
    try:
        model = FitModel.load(folder / MODEL)
    except CannotWork:
        model = None
    ids = sorted(texts)
    keys = checksums([texts[one] for one in ids])
    if model is None or refit or model.unlearned(parks, examples) or changed_share(folder, ids, keys) > REFIT_SHARE:
        made = match_stored(folder, texts, parks, refit=refit, examples=examples, processes=processes)
        return Kept(made.model, made.version, made.rebuilt, made.parts_changed)
    model = model.with_parks(parks, {}, examples)
    return Kept(model, model.version, False, ())


def text_keys(texts: Mapping[str, str]) -> dict[str, int]:
    """Company id → key of its text."""
    return dict(zip(texts, checksums(list(texts.values())).tolist()))


def space_version(space: Space) -> str:
    """Changes with anything that a company's vectors are made of: 12 hexadecimal digits. A park's new statement changes none of it."""
    digest = hashlib.blake2b(f"{TOKENS_VERSION} {table_key()}\n".encode(), digest_size=6)
    digest.update("\n".join(space.words).encode("utf-8", "surrogatepass"))
    for array in (space.idf, space.projection):
        if array is not None:
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def dimensions(space: Space) -> int:
    """Of the dense vectors: projection, segments, and one that fills them up to length 1."""
    return (0 if space.projection is None else space.projection.shape[1]) + len(concepts().names) + 1


def company_vectors(space: Space, texts: Mapping[str, str], processes: int = 1) -> Iterator[CompanyVector]:
    """The vectors of companies (id → text), by id."""
    ids = sorted(texts)
    for start in range(0, len(ids), BATCH):
        batch = TermVectors.of({one: texts[one] for one in ids[start : start + BATCH]}, space.words, processes)
        yield from vectors_of(Field(space, batch))


def vectors_of(field: Field) -> Iterator[CompanyVector]:
    """The vectors of companies that are weighed already."""
    indptr, terms, weights = field.space.weights(field.vectors)
    dense = _dense(field)
    known = (field.vectors.lengths >= ENOUGH_CHARACTERS).tolist()
    for row, (one, key) in enumerate(zip(field.vectors.ids, field.vectors.keys.tolist())):
        span = slice(indptr[row], indptr[row + 1])
        yield CompanyVector(one, key, known[row], terms[span], weights[span], dense[row])


def _dense(field: Field) -> Floats:
    """Projection and segments, each of length 1 or 0, over √2, and what is missing to length 1."""
    parts = [field.segments]
    if field.space.projection is not None:
        parts.insert(0, (field.matrix @ field.space.projection) / field.norms[:, None])
    both = np.concatenate(parts, axis=1) / np.sqrt(np.float32(2.0))
    rest = np.sqrt(np.maximum(1.0 - np.einsum("ij,ij->i", both, both), 0.0))
    return np.asarray(np.concatenate([both, rest[:, None]], axis=1), dtype=np.float32)


def question(space: Space, part: Part) -> Question:
    """What an industry of the model asks for."""
    wanted = part.wanted
    words = np.float32(EXACT_WEIGHT) * wanted.exact
    dense = [np.float32(SEGMENT_WEIGHT) * wanted.segments]
    if space.projection is None:
        words = words + np.float32(LATENT_WEIGHT) * wanted.direction
    else:
        dense.insert(0, np.float32(LATENT_WEIGHT) * wanted.direction)
    sides = np.concatenate([*dense, np.zeros(1, dtype=np.float32)])
    length = float(np.linalg.norm(sides))
    terms = np.flatnonzero(words > 0).astype(np.int32)
    direction = np.asarray(sides / np.float32(length or 1.0), dtype=np.float32)
    return Question(terms, words[terms], direction, length * float(np.sqrt(2.0)))


def tables(folder: Path, model: FitModel, texts: Mapping[str, str], raw: Floats, processes: int = 1) -> dict[str, FitTable]:
    """Fits with their reasons from raw scores made elsewhere. ``texts``: the companies asked about; ``raw``: those (by id) × the model's parts.

    Reasons need the companies' words: they are kept in ``folder`` beside the model, and only new and changed texts are cut.
    """
    try:
        before = TermVectors.load(folder / "asked.arrays")
    except CannotWork:
        before = TermVectors.of({}, model.space.words)
    with one_thread():
        vectors = model.vectors(before).updated(texts, processes)
        vectors.save(folder / "asked.arrays")
        return model.tables(vectors, raw)
