"""Which sentence of the articles proves a row best."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qingbao.model import Investment, Site

# Words by which a sentence says that the site can be won.
SITE_TOLD = re.compile(r"选址|厂址|新址|地点|落户|未定|没有?定|待定|尚未|未确定|洽谈|比选|考察|搬迁|搬离|迁出")
MONEY_TOLD = re.compile(r"\d[\d.]*(?:万|亿)|[数上几][十百千万亿]+元")
NOT_THE_SUM = re.compile(r"营收|营业收入|销售额|产值|利润|市值|税收")
QUESTION = re.compile(r"[?？]$|^问[:：]")
SHORT = 16  # characters; shorter ones rarely say who, what and where
LONG = 200  # what people see of it (DESIGN.md 4)


def _shows(text: str, names: Sequence[str], site: Site, of_site: bool) -> int:
    """How much of a row a sentence proves: the firm, the money, the open site."""
    points = 2 * any(name in text for name in names) + 2 * (bool(MONEY_TOLD.search(text)) and not NOT_THE_SUM.search(text))
    if site in {Site.OPEN, Site.LEAVING}:
        points += 3 * bool(SITE_TOLD.search(text)) + 2 * of_site
    return points - 6 * bool(QUESTION.search(text.strip())) - (len(text) < SHORT) - (len(text) > LONG)


def best_quote(investment: Investment | None, names: Sequence[str], site: Site) -> tuple[str | None, str | None]:
    """(sentence, URL) of the sentence that shows most, the newest of equal ones; (None, None) where there is none.

    ``names``: of the firm; ``site``: of this investment.
    """
    if investment is None:
        return None, None
    told = [(one.quote.text, one.article_url, False) for one in investment.stated if one.quote]
    if investment.site_quote and investment.site_url:
        told.insert(0, (investment.site_quote.text, investment.site_url, True))
    known = [name for name in names if len(name) >= 2]
    best = max(told, key=lambda one: _shows(one[0], known, site, one[2]), default=None)
    return (best[0], best[1]) if best else (None, None)
