"""What is new for a unit since the last digest that was delivered to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matcher.diary import BIG_CHANGE, explain
from qingbao.model import Change, Prospect, Sheet, Tier
from qingbao.wording import WATCHED

TIERS = tuple(Tier)


def _bad(prospect: Prospect) -> set[tuple[str, str]]:
    return {(news.kind.value, news.url) for news in prospect.bad_news}


def _kind(before: Prospect | None, now: Prospect) -> str | None:
    if before is None or before.sheet is not Sheet.PROSPECTS:
        return "新增"
    if _bad(now) - _bad(before):
        return "坏消息"
    if before.tier != now.tier:
        return "升" if TIERS.index(now.tier) < TIERS.index(before.tier) else "降"
    if abs(now.priority - before.priority) >= BIG_CHANGE:
        return "升" if now.priority > before.priority else "降"
    if {i.id for i in now.investments} - {i.id for i in before.investments} or before.site != now.site:
        return "新动向"
    return None


def _sentence(kind: str, before: Prospect | None, now: Prospect) -> str:
    """What moved it; a new row has its plan, bad news its own sentence."""
    return "" if kind == "新增" or before is None else explain(before, now)


def _watched_alone(row: Prospect) -> bool:
    """A watched firm of which nothing but bad news is known: it stands among the targets."""
    return row.sheet is Sheet.TARGETS and WATCHED in row.marks


def changes(before: Mapping[tuple[str, str], Prospect], now: Sequence[Prospect], unit: str) -> list[Change]:
    """The changes for one unit, in the order of the list.

    ``before``: (park, company id) → the row that was last reported. Firms that are followed, hidden, resident or excluded never
    come back here; a firm that a unit did not take before is new to it. Bad news of a watched firm is told though nothing else is known of it.
    """
    told = []
    for row in now:
        if unit not in row.units or not (row.sheet is Sheet.PROSPECTS or _watched_alone(row)):
            continue
        old = before.get((row.park, row.company_id))
        old = old if old is not None and unit in old.units else None
        if row.sheet is Sheet.PROSPECTS:
            kind = _kind(old, row)
        else:
            kind = "坏消息" if _bad(row) - (_bad(old) if old else set()) else None
        if kind:
            now_words = max(row.bad_news, key=lambda n: (n.day is not None, n.day, n.url)).kind.value if kind == "坏消息" else row.tier.value
            told.append(Change(kind=kind, prospect=row, before=old.tier.value if old else None, now=now_words, sentence=_sentence(kind, old, row)))
    return told
