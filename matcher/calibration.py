"""From a raw score to 0–100: one curve per method, so that 60 means six of ten such companies belong to the industry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Method(StrEnum):
    """How raw scores came about; scores of two methods cannot be compared, calibrated ones can."""

    TFIDF = "tfidf"  # fewer than 500 companies
    LSA = "lsa"


@dataclass(frozen=True, slots=True)
class Curve:
    """probability = 1 / (1 + exp(-(slope · raw + offset)))."""

    slope: float
    offset: float


CURVES = {
    Method.TFIDF: Curve(slope=18.0, offset=-4.6),
    Method.LSA: Curve(slope=9.0, offset=-5.0),
}

# What the numbers are called, from the highest down (issue 8).
WORDS = ((60.0, "高度匹配"), (30.0, "匹配"), (10.0, "相关"), (0.0, "关联弱"))


def points(raw: NDArray[np.float64], method: Method) -> NDArray[np.float64]:
    """Calibrated fit, 0–100, rising with the raw score."""
    curve = CURVES[method]
    return 100.0 / (1.0 + np.exp(-(curve.slope * raw + curve.offset)))


def raw_at(fit: float, method: Method) -> float:
    """The raw score at which the fit is ``fit`` (0 < fit < 100)."""
    curve = CURVES[method]
    return float((np.log(fit / (100.0 - fit)) - curve.offset) / curve.slope)


def word_for(fit: float | None) -> str:
    """The word for a fit: 高度匹配, 匹配, 相关, 关联弱; 未知 for None."""
    if fit is None:
        return "未知"
    return next(word for least, word in WORDS if fit >= least)
