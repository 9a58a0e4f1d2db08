"""A query of the contract as SQL for the embedded engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.search import FACET_VALUES, WRONG_AFTER, Label, Number, Query, Sort, check
from qingbao.errors import UsageError

# Weights of title, other names and text in bm25. A company whose name is searched for has it once in its title, an article about another
# one may have it ten times in 2,000 characters: below 5 such articles stand above the company (tests/index/relevance.tsv, 别名 and 公司 rows).
TITLE_WEIGHT, NAMES_WEIGHT, TEXT_WEIGHT = 10.0, 10.0, 1.0

_ORDER = {
    Sort.RELEVANCE: "score",
    Sort.NEWEST: "d.day IS NULL, d.day DESC",
    Sort.OLDEST: "d.day IS NULL, d.day",
    Sort.AMOUNT: f"(SELECT value FROM numbers WHERE number = '{Number.AMOUNT}' AND doc = d.id) DESC NULLS LAST",
    Sort.PRIORITY: f"(SELECT value FROM numbers WHERE number = '{Number.PRIORITY}' AND doc = d.id) DESC NULLS LAST",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The SQL of a query: what it comes from, with its parameters, the order, where the page begins."""

    source: str
    parameters: tuple[Any, ...]
    order: str
    score: str
    offset: int

    def count(self) -> tuple[str, tuple[Any, ...]]:
        """How many there are."""
        return f"SELECT COUNT(*) {self.source}", self.parameters

    def page(self, limit: int) -> tuple[str, tuple[Any, ...]]:
        """The rows of the page, with the column ``score``."""
        sql = f"SELECT d.*, {self.score} AS score {self.source} ORDER BY {self.order}, d.kind, d.key LIMIT ? OFFSET ?"
        return sql, (*self.parameters, limit, self.offset)

    def facet(self, label: Label) -> tuple[str, tuple[Any, ...]]:
        """The values of a label and how many hits have each."""
        sql = f"SELECT value, COUNT(*) FROM labels WHERE label = ? AND doc IN (SELECT d.id {self.source}) GROUP BY value ORDER BY 2 DESC, 1 LIMIT ?"
        return sql, (label.value, *self.parameters, FACET_VALUES)


def ask(query: Query, phrases: Sequence[tuple[str, ...]]) -> Asked:
    """The SQL for ``query`` whose words were cut into ``phrases``. Raises UsageError where it asks for the impossible."""
    check(query)
    if query.after is not None and not (query.after.isascii() and query.after.isdigit() and len(query.after) < 16):
        raise UsageError(WRONG_AFTER)
    conditions, parameters = ["d.gone = 0"], list[Any]()
    if phrases:
        source = "FROM found JOIN docs d ON d.id = found.rowid"
        conditions.append("found MATCH ?")
        # The pieces hold letters, digits and dots alone (index/cut.py): nothing in them can end the quotes.
        parameters.append(" AND ".join(f'"{" ".join(phrase)}"' for phrase in phrases))
    else:
        source = "FROM docs d"
    conditions.append(f"d.kind IN ({_marks(query.kinds)})")
    parameters += query.kinds
    for label, values in query.labels.items():
        conditions.append(f"d.id IN (SELECT doc FROM labels WHERE label = ? AND value IN ({_marks(values)}))")
        parameters += [label, *values]
    for number, (low, high) in query.numbers.items():
        conditions.append("d.id IN (SELECT doc FROM numbers WHERE number = ? AND value BETWEEN ? AND ?)")
        parameters += [number, -1e300 if low is None else low, 1e300 if high is None else high]
    for sign, day in zip((">=", "<="), query.days, strict=True):
        if day is not None:
            conditions.append(f"d.day {sign} ?")
            parameters.append(day.isoformat())
    ranked = bool(phrases) and query.sort is Sort.RELEVANCE
    sort = Sort.NEWEST if query.sort is Sort.RELEVANCE and not phrases else query.sort
    return Asked(
        source=f"{source} WHERE {' AND '.join(conditions)}",
        parameters=tuple(p.value if isinstance(p, (Label, Number)) else p for p in parameters),
        order=_ORDER[sort],
        score=f"bm25(found, {TITLE_WEIGHT}, {NAMES_WEIGHT}, {TEXT_WEIGHT})" if ranked else "0.0",
        offset=int(query.after or 0),
    )


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
