"""Whether two reports of one company speak of one investment. Rules and their reasons: docs/settling.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.settle.reports import Report
from qingbao.model import EventType, Place, Site, Stage

SAME_AMOUNT = 0.10  # two totals within 10 % are one
RESIGNED = 1.5  # a plan is re-signed or grows by this factor at most; beyond it is another project
STORY_DAYS = 5  # a reprint comes within days; later news of the same facts is a new story
# Without any fact in common two reports are one only when they come together.
LOOSE_DAYS = 30
PROGRESS_DAYS = 180  # from signing to the next step told without any fact but the place
SEARCHING = frozenset({Site.OPEN, Site.LEAVING})
# Who stands here has long had a place: a search told on the same day is for a further one.
PLACED = frozenset({Stage.LAND, Stage.STARTED, Stage.BUILDING, Stage.PRODUCING})
PROGRESS = PLACED | {Stage.APPROVED}
PLANS = frozenset({EventType.EXPANSION, EventType.NEW_BUILD, EventType.SIGNING, EventType.RELOCATION})


def same_amount(a: float | None, b: float | None) -> bool | None:
    """Whether two totals are one; None where one is unknown."""
    if not a or not b:
        return None
    return abs(a - b) <= SAME_AMOUNT * max(a, b)


def same_place(a: Place | None, b: Place | None) -> bool | None:
    """Whether two places may be one: compared level by level; None where they share no known level below the province."""
    if a is None or b is None:
        return None
    if a.country != b.country:
        return False
    known = None
    for level in ("province", "city", "district"):
        one, other = getattr(a, level), getattr(b, level)
        if one and other:
            if one != other:
                return False
            known = True if level != "province" else known
    return known


def same_things(a: frozenset[str], b: frozenset[str]) -> bool | None:
    """Whether what is to be made agrees; None where one side says nothing."""
    if not a or not b:
        return None
    common = len(a & b)
    return common >= 2 or common >= 0.5 * min(len(a), len(b))


def _apart(a: Report, b: Report) -> int:
    return abs((a.day - b.day).days) if a.day and b.day else 0


def _place(a: Report, b: Report) -> bool | None:
    """The places of a search are candidates, not places: they never speak against one investment."""
    place = same_place(a.place, b.place)
    return None if place is False and {a.site, b.site} & SEARCHING else place


def ended_between(a: Report, b: Report, ended: Sequence[date]) -> bool:
    """Whether a plan of the company was called off after the earlier report and not after the later one."""
    days = sorted(day for day in (a.day, b.day) if day)
    return len(days) == 2 and any(days[0] <= day <= days[1] for day in ended)


def contradicts(a: Report, b: Report, ended: Sequence[date]) -> bool:
    """Whether two reports cannot be of one investment: another place, unless the plan was called off there and taken up elsewhere."""
    if _place(a, b) is not False:
        return False
    lifted = ended_between(a, b, ended) and same_things(a.things, b.things) is not False and same_amount(a.total, b.total) is not False
    return not lifted


def _searches_again(a: Report, b: Report) -> bool:
    """Whether one is settled in a place and the other, later, still searches: then it searches for a further site."""
    if {a.site, b.site} & SEARCHING == set() or Site.FIXED not in {a.site, b.site}:
        return False
    fixed, search = (a, b) if a.site is Site.FIXED else (b, a)
    if not fixed.day or not search.day or fixed.day > search.day:
        return False
    return fixed.stated.stage in PLACED or _apart(a, b) > STORY_DAYS


def agreement(a: Report, b: Report, ended: Sequence[date] = ()) -> int:
    """0: not one investment; else how many facts agree, at least 1."""
    if contradicts(a, b, ended):
        return 0
    if a.sort != b.sort:
        return _of_two_sorts(a, b)
    if a.sort == "money":
        return _same_money(a, b)
    if a.sort == "order":
        return _same_order(a, b)
    return _same_build(a, b, ended)


def _facts(a: Report, b: Report) -> tuple[bool | None, bool | None, bool | None]:
    return _place(a, b), same_things(a.things, b.things), same_amount(a.total, b.total)


def _of_two_sorts(a: Report, b: Report) -> int:
    """Recruiting for a plant and the agreement before it belong to it where what is made or where agrees."""
    sorts = {a.sort, b.sort}
    place, product, amount = _facts(a, b)
    if product is False or amount is False or sorts - {"build", "recruiting", EventType.COOPERATION.value}:
        return 0
    if "recruiting" in sorts:
        return int(bool(product)) + int(bool(place))
    return int(bool(product)) + int(bool(amount)) if (amount or (product and place)) else 0


def _same_money(a: Report, b: Report) -> int:
    """Each round is one of its own."""
    if a.money_round and b.money_round and a.money_round != b.money_round:
        return 0
    if (a.event is EventType.LISTING) != (b.event is EventType.LISTING):
        return 0
    amount = same_amount(a.total, b.total)
    if a.money_round and a.money_round == b.money_round:
        return 2
    if amount is None:
        return int(_apart(a, b) <= (LOOSE_DAYS if a.event is EventType.LISTING else STORY_DAYS))
    return 2 * int(amount)


def _same_order(a: Report, b: Report) -> int:
    """Each order is one of its own."""
    _, product, amount = _facts(a, b)
    if amount is False or product is False:
        return 0
    return 2 if amount and _apart(a, b) <= LOOSE_DAYS else int(amount is None and _apart(a, b) <= STORY_DAYS)


def _same_build(a: Report, b: Report, ended: Sequence[date]) -> int:
    place, product, amount = _facts(a, b)
    days = _apart(a, b)
    if place is False:
        return 3 if product and amount else 0  # called off there, taken up here: `contradicts` let it pass
    if _searches_again(a, b) and not ended_between(a, b, ended):
        return 0
    agreeing = sum(1 for fact in (place, product, amount) if fact)
    if product is False:
        # What is read as product is often only a piece of it: the same sum at the same place, or the same act within days, is the same.
        return agreeing if amount and (place or (a.event is b.event and days <= STORY_DAYS)) else 0
    if amount is False:
        return agreeing if product and _grew(a, b, place, days) else 0
    if product or amount or (place and a.place and b.place and a.place.district and b.place.district):
        return agreeing
    if place:
        return int(days <= (PROGRESS_DAYS if _bare_progress(a, b) else LOOSE_DAYS))
    return int(days <= LOOSE_DAYS and not a.things and not b.things and a.total is None and b.total is None)


def _bare_progress(a: Report, b: Report) -> bool:
    """Whether the later report only tells a further step (环评, 开工, 投产 …), without a sum or a product of its own."""
    _, later = sorted((a, b), key=lambda report: report.order)
    return later.stated.stage in PROGRESS and not later.things and later.total is None


def _grew(a: Report, b: Report, place: bool | None, days: int) -> bool:
    """Whether another sum for the same product is the same investment: re-signed, corrected, or a phase of it."""
    first, second = sorted((a, b), key=lambda report: report.order)
    if place:
        # After production starts, a plan with a sum of its own is a new one, unless the text calls it a phase.
        return not (first.stated.stage is Stage.PRODUCING and second.event in PLANS and not second.phased)
    factor = max(a.total or 0, b.total or 0) / max(1.0, min(a.total or 0, b.total or 0))
    return factor <= RESIGNED and (bool({a.site, b.site} & SEARCHING) or days <= LOOSE_DAYS)
