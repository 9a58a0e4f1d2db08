"""Intent: will it build, expand or move, and is there still a site to win? A sum of points with their reasons."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from matcher import weights as w
from qingbao.amounts import format_wan
from qingbao.model import STAGE_WORDS, AdverseType, BadNews, EventType, Investment, Park, Reason, Site, Stage
from qingbao.places import within
from qingbao.wording import plan_stage

UPPER_CLIP, LOWER_CLIP = "上限 100 分", "下限 0 分"
# Over several investments of a company (DESIGN.md 3).
SITE_ORDER = (Site.LEAVING, Site.OPEN, Site.ELSEWHERE, Site.LOCAL, Site.NONE)
FORCED_MOVE = re.compile(r"退城[入进]园|退二进三|征收|征迁|拆迁|腾退|限期搬|关停搬|搬迁改造")
BUILDING = frozenset({
    EventType.SIGNING, EventType.NEW_BUILD, EventType.EXPANSION, EventType.GROUND_BREAKING, EventType.PRODUCTION, EventType.LAND, EventType.SUBSIDIARY,
    EventType.HEADQUARTERS, EventType.RELOCATION, EventType.EIA,
})
ENDING = frozenset({AdverseType.TERMINATION, AdverseType.DENIAL})
CAPACITY_MONEY = re.compile(r"扩产|扩建|产能|产线|生产线|基地|建厂|工厂|量产|投建")


@dataclass(frozen=True, slots=True)
class Intent:
    """0–100 with reasons that sum to it; ``site`` over all investments; ``leading``: the investment that speaks most.

    ``ended``: the bad news that takes the leading investment back (终止, 否认), if nothing newer is told of it.
    """

    value: float
    site: Site
    reasons: tuple[Reason, ...]
    leading: Investment | None
    ended: BadNews | None = None


def site_for(investment: Investment, park: Park) -> Site:
    """The site of an investment seen from a park: FIXED becomes LOCAL or ELSEWHERE."""
    if investment.site is not Site.FIXED:
        return investment.site
    if investment.place is not None and within(investment.place, park.own_places):
        return Site.LOCAL
    return Site.ELSEWHERE


def company_site(sites: Sequence[Site]) -> Site:
    """Leaving > open > elsewhere > local > none."""
    return min(sites, key=SITE_ORDER.index, default=Site.NONE)


def _newest_quote(investment: Investment) -> tuple[str | None, str | None]:
    for stated in investment.stated:
        if stated.quote:
            return stated.quote.text, stated.article_url
    return None, None


def investment_points(investment: Investment, park: Park, as_of: date) -> list[Reason]:
    """What one investment says, point by point."""
    site = site_for(investment, park)
    day = investment.last_day
    quote, url = _newest_quote(investment)
    kind = investment.event_type
    points, why = w.EVENT_POINTS[kind]

    def reason(code: str, value: float, text: str, words: str | None = quote, at: str | None = url) -> Reason:
        return Reason(number="intent", points=value, text=text, day=day, quote=words, url=at, code=f"intent.{code}")

    reasons = [reason("event", points, f"{kind.value}：{why}")]
    site_points, site_why = w.SITE_POINTS[site]
    if site_points:
        words = investment.site_quote.text if investment.site_quote else quote
        reasons.append(reason("site", site_points, site_why, words, investment.site_url or url))
    if plan_stage(investment) is Stage.PLANNED and site is not Site.NONE:
        reasons.append(reason("planned", w.PLANNED_POINTS, f"{STAGE_WORDS[Stage.PLANNED]}，尚未签约"))
    if investment.amount and investment.amount.value_wan:
        size = w.SIZE_POINTS * investment.amount.value_wan / (investment.amount.value_wan + w.SIZE_HALF_WAN)
        reasons.append(reason("size", size, f"金额{format_wan(investment.amount.value_wan)}"))
    spoken = " ".join(s.quote.text for s in investment.stated if s.quote)
    if kind is EventType.FINANCING and site in {Site.NONE, Site.OPEN} and CAPACITY_MONEY.search(spoken):
        reasons.append(reason("capacity_money", w.CAPACITY_MONEY_POINTS, "募资明确用于产能"))
    if site in {Site.LEAVING, Site.OPEN} and FORCED_MOVE.search(spoken):
        reasons.append(reason("forced_move", w.FORCED_MOVE_POINTS, "原厂址须搬离"))
    if day is not None:
        age = max(0, (as_of - day).days)
        lost = w.AGE_POINTS * (1 - 0.5 ** (age / w.HALF_LIFE[kind]))
        if lost >= 0.05:
            reasons.append(reason("age", -lost, f"消息已有 {age} 天", None, None))
    return reasons


def _serial(investments: Sequence[Investment]) -> Reason | None:
    """Two or more investments at two or more places. A site still open is a place of its own; money raised is none."""
    built = [one for one in investments if one.event_type in BUILDING]
    places = sorted({place for i in built if i.place and i.site is Site.FIXED and (place := i.place.city or i.place.province)})
    open_ = sum(one.site in {Site.OPEN, Site.LEAVING} for one in built)
    count = len(places) + open_
    if count < 2:
        return None
    words = "、".join([*places, *(["待定的新址"] if open_ else [])])
    return Reason(number="intent", points=w.SERIAL_POINTS, text=f"近期在{words}等 {count} 地投资，连续扩张", code="intent.serial")


def _bad(news: Sequence[BadNews]) -> list[Reason]:
    """The gravest report of each kind counts once: ten papers about one fine are one fine."""
    by_kind: dict[str, BadNews] = {}
    for one in sorted(news, key=lambda n: (n.day or date.min, n.url)):
        by_kind[one.kind.value] = one
    return [
        Reason(number="intent", points=w.BAD_NEWS_POINTS[one.kind][0], text=f"坏消息：{w.BAD_NEWS_POINTS[one.kind][1]}", day=one.day,
               quote=one.quote.text, url=one.url, code=f"intent.bad.{one.kind.value}")
        for one in by_kind.values()
    ]


def clip(number: str, reasons: list[Reason]) -> tuple[float, tuple[Reason, ...]]:
    """The sum of the reasons inside 0–100; what was cut is a reason of its own (下限 / 上限), so that they still add up."""
    total = sum(reason.points for reason in reasons)
    value = min(w.MAX_POINTS, max(0.0, total))
    if value != total:
        word = UPPER_CLIP if total > w.MAX_POINTS else LOWER_CLIP
        reasons = [*reasons, Reason(number=number, points=value - total, text=word, code=f"{number}.clip")]
    return value, tuple(reasons)


def _ending(investment: Investment, bad_news: Sequence[BadNews]) -> BadNews | None:
    """The news that takes this investment back, unless a later report tells of it again."""
    ends = [one for one in bad_news if one.kind in ENDING and one.investment_id == investment.id]
    last = investment.last_day or date.min
    return next((one for one in ends if one.day is None or one.day >= last), None)


def intent(
    investments: Sequence[Investment], bad_news: Sequence[BadNews], park: Park, as_of: date,
    worth: Callable[[float, Investment], float] = lambda value, _: value,
) -> Intent:
    """Intent of a company for a park.

    The investment that is worth most leads (``worth``: from its points inside 0–100, higher with them); further ones count only as
    连续扩张, or a long list of ribbon cuttings would outrank one open plan. So news that lowers one investment never raises
    the company. Bad news is taken off the investment it names, else off whatever leads.
    """
    own = {one.id for one in investments}
    serial = _serial(investments)
    best: tuple[tuple[float, float], Intent] | None = None
    site = company_site([site_for(one, park) for one in investments])
    for one in sorted(investments, key=lambda i: i.id):
        told = [news for news in bad_news if news.investment_id not in own or news.investment_id == one.id]
        reasons = investment_points(one, park, as_of) + ([serial] if serial else []) + _bad(told)
        value, clipped = clip("intent", reasons)
        weight = (worth(value, one) if len(investments) > 1 else 0.0, sum(reason.points for reason in reasons))
        if best is None or weight > best[0]:
            best = weight, Intent(value, site, clipped, one, _ending(one, told))
    if best is not None:
        return best[1]
    value, clipped = clip("intent", _bad(bad_news))
    return Intent(value, site, clipped, None)
