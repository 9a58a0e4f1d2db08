"""From a raw score to 0–100: one curve per method, so that 60 means six of ten such companies belong to the industry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Method(StrEnum):
    """How raw scores came about; scores of two methods cannot be compared, calibrated ones can."""

    TFIDF = "tfidf"  # fewer than 500 companies
    LSA = "lsa"


@dataclass(frozen=True, slots=True)
class Curve:
    """log-odds = slope · log(raw + shift) + offset, continued as a straight line below raw = 0."""

    slope: float
    offset: float
    shift: float

    def log_odds(self, raw: ArrayLike) -> NDArray[np.float64]:
        """Log-odds that a company with this raw score belongs to the industry; rising everywhere."""
        given = np.asarray(raw, dtype=np.float64)
        bent = np.log(np.maximum(given, 0.0) + self.shift) + np.minimum(given, 0.0) / self.shift
        return np.asarray(self.slope * bent + self.offset)


# Fitted on eval/matching (13 industries, whole texts and their middle 80 characters; grade 2 = belongs) on 2026-11-25 by
#   EVAL=DIR .venv/bin/python -m benchmarks.calibration
# A plain logistic curve of the raw score promised 95 where 73 of 100 belonged; this one is right within .1 (docs/matching.md).
CURVES = {
    Method.TFIDF: Curve(slope=2.224, offset=1.322, shift=0.056),
    Method.LSA: Curve(slope=2.672, offset=0.881, shift=0.089),
}

# What the numbers are called, from the highest down (issue 8).
WORDS = ((60.0, "高度匹配"), (30.0, "匹配"), (10.0, "相关"), (0.0, "关联弱"))


def points(log_odds: ArrayLike) -> NDArray[np.float64]:
    """Fit of log-odds, 0–100."""
    return np.asarray(100.0 / (1.0 + np.exp(-np.asarray(log_odds, dtype=np.float64))))


def log_odds_at(fit: float) -> float:
    """The log-odds of a fit (0 < fit < 100)."""
    return float(np.log(fit / (100.0 - fit)))


def word_for(fit: float | None) -> str:
    """The word for a fit: 高度匹配, 匹配, 相关, 关联弱; 未知 for None."""
    if fit is None:
        return "未知"
    return next(word for least, word in WORDS if fit >= least)
