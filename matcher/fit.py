"""How well companies suit a park's industries: one frozen, versioned model, numbers 0–100 with their reasons."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.calibration import CURVES, log_odds_at, points
from matcher.concepts import industry_segments, link_segments
from matcher.feedback import Field, Wanted, best_rows, expanded
from matcher.processes import one_thread
from matcher.reasons import LinkWords, explain
from matcher.space import Floats, Space
from matcher.statement import asked_words, statement, statement_key
from matcher.vectors import ENOUGH_CHARACTERS, TermVectors, grown
from qingbao.model import Industry, Park, Reason

# A company whose text says too little counts as this fit where an order is needed (DESIGN.md 5).
UNKNOWN_FIT = 20.0


# Companies as texts by id, as their vectors, or already weighed.
Texts = Mapping[str, str] | TermVectors | Field
Examples = Mapping[tuple[str, str], Collection[str]]  # (park slug, industry name) → ids of companies named as good


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A company's fit to a park: that of its best industry. The points of ``reasons`` sum to ``fit``."""

    company_id: str
    fit: float | None  # 0–100; None: too little text (未知)
    industry: str | None
    link: str | None
    score: float  # log-odds of the fit, for ordering: it never saturates; capped at those of UNKNOWN_FIT where fit is None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What the model holds of one industry of one park; frozen until its statement or its examples change."""

    park: str
    industry: str
    key: str  # of statement and examples
    wanted: Wanted
    links: tuple[tuple[str, tuple[str, ...]], ...]  # name and words of each chain link
    link_segments: Floats  # links × segments of chains, rows of length 1 or 0


@dataclass(frozen=True, slots=True, eq=False)
class FitModel:
    """Frozen: between two builds a company's fit changes only with its own text or with the park's statement."""

    space: Space
    parts: tuple[Part, ...]

    @classmethod
    def build(cls, texts: Mapping[str, str] | TermVectors, parks: Sequence[Park], examples: Examples | None = None) -> Self:
        """Learn words, projection and expanded statements from the companies' texts (id → text). Order does not matter."""
        vectors = texts if isinstance(texts, TermVectors) else TermVectors.of(texts)
        wanted = asked_words(industry for park in parks for industry in park.industries)
        vectors = replace(vectors, words=grown(vectors.words, wanted))
        with one_thread():
            return cls(Space.fit(vectors), ()).with_parks(parks, vectors, examples)

    @property
    def version(self) -> str:
        """Changes with anything learned: 12 hexadecimal digits."""
        return _digest(self.space, self.parts)

    def vectors(self, texts: Mapping[str, str] | TermVectors) -> TermVectors:
        """Term vectors in this model's numbering, of texts or of vectors made with another vocabulary."""
        return texts.in_numbers_of(self.space.words) if isinstance(texts, TermVectors) else TermVectors.of(texts, self.space.words)

    def field(self, texts: Texts) -> Field:
        """The companies weighed by this model: worth keeping where several parks are asked about."""
        return texts if isinstance(texts, Field) else Field(self.space, self.vectors(texts))

    def with_parks(self, parks: Sequence[Park], texts: Texts, examples: Examples | None = None) -> Self:
        """The model with exactly these parks. What is held of an industry whose statement and examples are the same stays as it is."""
        given = examples or {}
        held = {(part.park, part.industry): part for part in self.parts}
        if missing := self.unlearned(parks, examples):
            field = self.field(texts)
            for park, industry in missing:
                held[(park.slug, industry.name)] = _learn(field, park.slug, industry, given.get((park.slug, industry.name), ()))
        return replace(self, parts=tuple(held[(park.slug, industry.name)] for park in parks for industry in park.industries))

    def unlearned(self, parks: Sequence[Park], examples: Examples | None = None) -> list[tuple[Park, Industry]]:
        """Industries that the model does not hold with their present statement and examples."""
        given = examples or {}
        held = {(part.park, part.industry): part.key for part in self.parts}
        return [
            (park, industry) for park in parks for industry in park.industries
            if held.get((park.slug, industry.name)) != _part_key(industry, given.get((park.slug, industry.name), ()))
        ]

    def raw(self, texts: Texts) -> Floats:
        """Raw scores, companies (by id) × parts."""
        field = self.field(texts)
        return field.scores([part.wanted for part in self.parts]) if self.parts else np.zeros((len(field.vectors), 0), dtype=np.float32)

    def tables(self, texts: Texts, raw: Floats | None = None) -> dict[str, FitTable]:
        """Fits of companies to every park the model holds, by slug. ``raw``: this model's ``raw`` of them, if it is there already."""
        field = self.field(texts)
        scores = self.raw(field) if raw is None else raw
        columns: dict[str, list[int]] = {}
        for column, part in enumerate(self.parts):
            columns.setdefault(part.park, []).append(column)
        return {slug: FitTable.of(field, [self.parts[i] for i in own], scores[:, own]) for slug, own in columns.items()}

    def table(self, park: Park | str, texts: Texts) -> FitTable:
        """Fits of companies to a park the model holds, as a mapping id → Fit that explains one company at a time."""
        slug = park if isinstance(park, str) else park.slug
        parts = tuple(part for part in self.parts if part.park == slug)
        if not parts:
            raise KeyError(f"the model holds no park {slug}")
        return replace(self, parts=parts).tables(texts)[slug]

    def score(self, park: Park | str, texts: Texts) -> list[Fit]:
        """Fits of all companies with their reasons, best first; equal scores by id."""
        return self.table(park, texts).best()

    def save(self, path: Path) -> None:
        """Write the model into one file (``matcher.model_file``), whole or not at all."""
        from matcher.model_file import save

        save(self, path)

    @classmethod
    def load(cls, path: Path) -> FitModel:
        """Read a model; ``CannotWork`` if the file is of another format or damaged."""
        from matcher.model_file import load

        return load(path)


@dataclass(frozen=True, eq=False)
class FitTable(Mapping[str, Fit]):
    """Fits of companies to one park. ``raw`` is companies (by id) × industries; a Fit with reasons is made when asked for."""

    field: Field
    parts: tuple[Part, ...]
    raw: Floats
    links: tuple[LinkWords, ...]  # of each part

    @classmethod
    def of(cls, field: Field, parts: Sequence[Part], raw: Floats) -> Self:
        """The table of one park's parts."""
        return cls(field, tuple(parts), raw, tuple(LinkWords.of(field.space, part.industry, part.links, part.link_segments) for part in parts))

    def __iter__(self) -> Iterator[str]:
        return iter(self.field.vectors.ids)

    def __len__(self) -> int:
        return len(self.field.vectors)

    def known(self) -> NDArray[np.bool_]:
        """Which companies have enough text for a number."""
        return np.asarray(self.field.vectors.lengths >= ENOUGH_CHARACTERS, dtype=np.bool_)

    def odds(self, rows: NDArray[np.intp] | slice = slice(None)) -> NDArray[np.float64]:
        """Log-odds of each company's best industry, as if all had enough text."""
        return CURVES[self.field.space.method].log_odds(self.raw[rows].max(axis=1))

    def scores(self, rows: NDArray[np.intp] | slice = slice(None)) -> NDArray[np.float64]:
        """Log-odds of each company's best industry; one without enough text has at most those of ``UNKNOWN_FIT``."""
        odds = self.odds(rows)
        return np.where(self.known()[rows], odds, np.minimum(odds, log_odds_at(UNKNOWN_FIT)))

    def fits(self) -> NDArray[np.float64]:
        """Fit of each company, 0–100, NaN where unknown."""
        return np.where(self.known(), points(self.odds()), np.nan)

    def rows(self, top: int | None = None) -> NDArray[np.intp]:
        """Rows of companies, best first; equal scores by id."""
        if top is None or not 0 < top < len(self):
            return best_rows(self.scores(), top)
        # No company below the best ``top`` known ones in raw score can stand among the best.
        raw = self.raw.max(axis=1)
        least = np.partition(np.where(self.known(), raw, np.float32(-np.inf)), -top)[-top]
        near = np.flatnonzero(raw >= least)
        return near[best_rows(self.scores(near), top)]

    def order(self, top: int | None = None) -> list[str]:
        """Company ids, best first; equal scores by id."""
        return [self.field.vectors.ids[row] for row in self.rows(top).tolist()]

    def best(self, top: int | None = None) -> list[Fit]:
        """The best companies with their reasons."""
        return self.explained(self.rows(top))

    def some(self, company_ids: Iterable[str]) -> dict[str, Fit]:
        """The fits of those of the companies that are here, with their reasons."""
        rows = np.asarray(sorted({row for one in company_ids if (row := self._row(one)) is not None}), dtype=np.intp)
        return {fit.company_id: fit for fit in self.explained(rows)}

    def _row(self, company_id: str) -> int | None:
        ids = self.field.vectors.ids
        row = bisect_left(ids, company_id)
        return row if row < len(ids) and ids[row] == company_id else None

    def __getitem__(self, company_id: str) -> Fit:
        if (row := self._row(company_id)) is None:
            raise KeyError(company_id)
        return self.explained(np.asarray([row]))[0]

    def explained(self, rows: NDArray[np.intp]) -> list[Fit]:
        """The fits of the companies in some rows, with their reasons; many at once cost little more than one."""
        ids, scores, known = self.field.vectors.ids, self.scores(rows).tolist(), self.known()[rows]
        part = np.where(known, self.raw[rows].argmax(axis=1), -1)
        found: list[Fit | None] = [None] * len(rows)
        for number in np.unique(part).tolist():
            places = np.flatnonzero(part == number)
            if number < 0:
                for place in places.tolist():
                    found[place] = Fit(company_id=ids[rows[place]], fit=None, industry=None, link=None, score=scores[place])
                continue
            own = self.parts[number]
            numbers = points([scores[place] for place in places.tolist()]).tolist()
            why = explain(self.field, own.wanted, self.links[number], rows[places], numbers)
            for place, fit, (link, reasons) in zip(places.tolist(), numbers, why):
                found[place] = Fit(company_id=ids[rows[place]], fit=fit, industry=own.industry, link=link, score=scores[place], reasons=reasons)
        return [fit for fit in found if fit is not None]


def _part_key(industry: Industry, examples: Collection[str]) -> str:
    return statement_key(industry, *sorted(examples))


def _learn(field: Field, park: str, industry: Industry, examples: Collection[str]) -> Part:
    """The statement of an industry, expanded by what the companies teach."""
    said = statement(industry)
    exact = field.space.weigh_words(said.importance, said.single)
    named = set(examples)
    rows = [i for i, one in enumerate(field.vectors.ids) if one in named] if named else []
    wanted = expanded(field, exact, industry_segments(industry), rows)
    return Part(park, industry.name, _part_key(industry, examples), wanted, said.links, link_segments(industry))


def _digest(space: Space, parts: Sequence[Part]) -> str:
    digest = hashlib.blake2b(digest_size=6)
    digest.update("\n".join(space.words).encode())
    for array in (space.idf, space.projection, *(array for part in parts for array in (part.wanted.exact, part.wanted.direction, part.wanted.segments))):
        if array is not None:
            digest.update(np.ascontiguousarray(array).tobytes())
    digest.update("\n".join(part.key for part in parts).encode())
    return digest.hexdigest()
