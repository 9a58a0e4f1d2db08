"""The numbers behind the overview, counted in one place: what a dashboard shows must be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from qingbao.model import STAGE_WORDS, EventType, Park, Place, Prospect, Sheet, Site, Stage, Tier
from qingbao.places import within
from qingbao.wording import plan_stage
from reports.rows import UNKNOWN, main_investment, place_words

OPEN_SITE = "未定"
CONTACTED = frozenset({"已联系", "在谈"})  # judgements by which staff say that they spoke with a firm
MATCHING = 30.0  # fit from which a row says 匹配 (docs/matching.md)


class Ranked(Protocol):
    """A line of the narrow table: where a company stood in a run (``records.values.RankRow`` is one)."""

    @property
    def run_id(self) -> str:
        """The run."""

    @property
    def day(self) -> date:
        """Its day."""

    @property
    def tier(self) -> str:
        """甲, 乙 or 丙."""


@dataclass(frozen=True, slots=True)
class TrendDay:
    """How many companies stood in each tier after a day's last run."""

    day: date
    tiers: dict[str, int]


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link of the chain with its candidates."""

    industry: str
    link: str
    position: str | None
    key: bool
    state: str | None  # 强, 弱, 缺 in the park
    tiers: dict[str, int]
    best: str | None  # the company on top

    @property
    def total(self) -> int:
        """All candidates."""
        return sum(self.tiers.values())


@dataclass(frozen=True, slots=True)
class Move:
    """Companies that leave a city: where to, in which industry."""

    origin: str
    destination: str
    industry: str
    companies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FocusCity:
    """A focus city of the park: matching companies there and those already contacted."""

    city: str
    matching: int
    contacted: int


def standing(prospects: Iterable[Prospect]) -> list[Prospect]:
    """The open prospects: what the charts count."""
    return [prospect for prospect in prospects if prospect.sheet is Sheet.PROSPECTS]


def by_tier(prospects: Iterable[Prospect]) -> dict[str, int]:
    """甲, 乙, 丙, zeros included."""
    counted = Counter(str(prospect.tier) for prospect in prospects)
    return {str(tier): counted[str(tier)] for tier in Tier}


def by_site(prospects: Iterable[Prospect]) -> dict[Site, int]:
    """The kinds of site that occur, best to win first."""
    counted = Counter(prospect.site for prospect in prospects)
    order = (Site.OPEN, Site.LEAVING, Site.ELSEWHERE, Site.LOCAL, Site.FIXED, Site.NONE)
    return {site: counted[site] for site in order if counted[site]}


def by_stage(prospects: Iterable[Prospect]) -> dict[str, int]:
    """Stages of the leading investments in their natural order, 未披露 last."""
    stages = [plan_stage(investment) if (investment := main_investment(p)) else None for p in prospects]
    counted = Counter(stages)
    words = {STAGE_WORDS[stage]: counted[stage] for stage in Stage if counted[stage]}
    return words | ({UNKNOWN: counted[None]} if counted[None] else {})


def by_industry(prospects: Iterable[Prospect]) -> dict[str, dict[str, int]]:
    """Industry → tiers, the largest first, 未披露 for those without."""
    rows: dict[str, list[Prospect]] = {}
    for prospect in prospects:
        rows.setdefault(prospect.industry or UNKNOWN, []).append(prospect)
    return {name: by_tier(found) for name, found in sorted(rows.items(), key=lambda row: (row[0] == UNKNOWN, -len(row[1]), row[0]))}


def trend(rows: Iterable[Ranked], days: int = 30) -> list[TrendDay]:
    """Counts by tier of the last ``days`` days that had a run; of a day with several runs the last one in ``rows`` counts."""
    last: dict[date, str] = {}
    tiers: dict[str, Counter[str]] = {}
    for row in rows:
        last[row.day] = row.run_id
        tiers.setdefault(row.run_id, Counter())[row.tier] += 1
    return [TrendDay(day, {str(t): tiers[last[day]][str(t)] for t in Tier}) for day in sorted(last)[-days:]]


def chain(park: Park, prospects: Sequence[Prospect]) -> list[LinkLine]:
    """Every link of the park's chains with the open prospects that fit it, in the park's own order."""
    lines = []
    for industry in park.industries:
        for link in industry.chain_links:
            found = [p for p in prospects if p.industry == industry.name and p.link == link.name]
            best = found[0].company if found else None
            lines.append(LinkLine(industry.name, link.name, link.position, link.key, link.local_state, by_tier(found), best))
    return lines


def city_words(place: Place | None) -> str | None:
    """The city of a place, or what is known of it."""
    if place is None:
        return None
    return place.city or place.province or (place.country if place.country != "中国" else place_words(place))


def moves(prospects: Iterable[Prospect]) -> list[Move]:
    """Prospects that move away, by origin city (未披露 where no text says it), destination and industry; the largest groups first."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for prospect in prospects:
        investment = main_investment(prospect)
        moving = prospect.site is Site.LEAVING or (investment is not None and (
            investment.event_type is EventType.RELOCATION or investment.place_from is not None))
        origin = city_words((investment.place_from if investment else None) or prospect.origin)
        if moving:
            place = city_words(prospect.destination)
            key = (origin or UNKNOWN, place or OPEN_SITE, prospect.industry or UNKNOWN)
            found.setdefault(key, []).append(prospect.company)
    return [Move(*key, tuple(companies)) for key, companies in sorted(found.items(), key=lambda row: (-len(row[1]), row[0]))]


def focus(park: Park, prospects: Iterable[Prospect], contacted: Iterable[str] = ()) -> list[FocusCity]:
    """For each focus city: companies of any list seated there that match an industry (匹配), and how many of them staff contacted (company ids)."""
    told = set(contacted)
    seated: dict[str, list[Prospect]] = {}
    for prospect in prospects:
        matching = prospect.fit is not None and prospect.fit >= MATCHING
        if matching and prospect.seat and prospect.sheet not in {Sheet.EXCLUDED, Sheet.RESIDENT}:
            for city in park.focus_cities:
                if within(prospect.seat, (city,)):
                    seated.setdefault(city, []).append(prospect)
    return [
        FocusCity(city, len(rows := seated.get(city, [])), sum(p.company_id in told or p.sheet is Sheet.FOLLOWED for p in rows))
        for city in park.focus_cities
    ]
