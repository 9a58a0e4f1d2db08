"""The best companies of more texts than memory should hold at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matcher.fit import Fit, FitModel
from matcher.vectors import TermVectors


def best_of(model: FitModel, batches: Iterable[Mapping[str, str]], top: int, processes: int = 1) -> dict[str, list[Fit]]:
    """The ``top`` fits of each park with their reasons, best first, equal scores by id. One batch of texts is held at a time."""
    best: dict[str, list[Fit]] = {part.park: [] for part in model.parts}
    for texts in batches:
        for slug, table in model.tables(TermVectors.of(texts, model.space.words, processes)).items():
            held = best[slug]
            rows = table.rows(top)
            # Reasons are made for those alone that can still enter.
            if len(held) >= top:
                rows = rows[table.scores(rows) >= held[-1].score]
            found = table.explained(rows)
            best[slug] = sorted([*held, *found], key=lambda fit: (-fit.score, fit.company_id))[:top]
    return best
