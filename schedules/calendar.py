"""Working days in China: on which days a digest is due."""

from __future__ import annotations

import logging
from datetime import date
from functools import lru_cache

logger = logging.getLogger(__name__)


@lru_cache(maxsize=16)
def _warn_unknown(year: int) -> None:
    logger.warning("%d 年的法定节假日尚无数据，按周一至周五计。请升级 chinesecalendar。", year)


def is_working_day(day: date) -> bool:
    """Whether the office works on a day: holidays off, make-up Saturdays and Sundays on.

    For a year whose holidays the package does not know yet, Monday to Friday, with one warning a year.
    """
    from chinese_calendar import is_workday

    try:
        return bool(is_workday(day))
    except NotImplementedError:
        _warn_unknown(day.year)
        return day.weekday() < 5
