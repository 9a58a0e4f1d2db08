"""Which signals are one investment: over reprints, phases, re-signings and the steps from signing to production."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.settle.stories import STORY_DAYS, day_of, source_of
from qingbao import keys
from qingbao.model import Article, EventType, Investment, Place, Signal, Site, Stage, Stated
from records.values import Reading

SAME_AMOUNT = 0.10  # two totals within 10 % are one
MONEY = frozenset({EventType.FINANCING, EventType.LISTING})
ORDERS = frozenset({EventType.TENDER_WON})
LOOSE = frozenset({EventType.COOPERATION, EventType.RECRUITING, EventType.ACQUISITION})
# Without any fact in common two reports are one only when they come together.
LOOSE_DAYS = 30
STAGE_ORDER = (Stage.RECRUITING, Stage.COMPLETED, Stage.PLANNED, Stage.SIGNED, Stage.LANDED, Stage.APPROVED, Stage.LAND, Stage.STARTED,
               Stage.BUILDING, Stage.PRODUCING)
# Among the reports of one day the later step names the event (dictionary of event types, docs/events.md).
EVENT_ORDER = (EventType.COOPERATION, EventType.RECRUITING, EventType.LISTING, EventType.FINANCING, EventType.ACQUISITION, EventType.TENDER_WON,
               EventType.NEW_BUILD, EventType.EXPANSION, EventType.SUBSIDIARY, EventType.RELOCATION, EventType.HEADQUARTERS,
               EventType.SIGNING, EventType.EIA, EventType.LAND, EventType.GROUND_BREAKING, EventType.PRODUCTION)
FILLERS = re.compile(r"项目|基地|生产线|生产|建设|产业园|工程|有限公司|公司|年产|新建|扩建|投资|[一二三]期|\d+|[万亿吨台套件个平方米（）()、，的及和与]")


@dataclass(frozen=True, slots=True)
class Told:
    """A signal with its article."""

    signal: Signal
    article: Article

    @property
    def day(self) -> date | None:
        return day_of(self.article)


def _class(kind: EventType) -> str:
    if kind in MONEY:
        return "money"
    if kind in ORDERS:
        return "order"
    return kind.value if kind in LOOSE else "build"


def _things(signal: Signal) -> frozenset[str]:
    """Character pairs of product, project and capacity without words that every project has."""
    words = " ".join(filter(None, (signal.product, signal.project, signal.capacity)))
    flat = FILLERS.sub(" ", words)
    return frozenset(part[i:i + 2] for part in flat.split() for i in range(len(part) - 1))


def _total(signal: Signal) -> float | None:
    return signal.amount.value_wan if signal.amount and not signal.amount.part else None


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


def _place_of_both(first: Signal, second: Signal) -> bool | None:
    """The places of a search are candidates, not places: they never speak against one investment."""
    place = same_place(first.place, second.place)
    searching = {first.site, second.site} & {Site.OPEN, Site.LEAVING}
    return None if place is False and searching else place


def same_investment(a: Told, b: Told) -> bool:
    """Whether two reports of one company speak of one investment.

    A different place is a different investment; a different product too, unless the amount and the place agree or the
    same act with the same amount is told within days (what is read as product is often only a piece of it). A different
    amount is a re-signing where place and product agree, else another project. Where nothing can be compared, reports of
    the same weeks are one.
    """
    first, second = a.signal, b.signal
    if _class(first.event_type) != _class(second.event_type):
        return False
    place = _place_of_both(first, second)
    if place is False:
        return False
    days = abs((a.day - b.day).days) if a.day and b.day else 0
    amount = same_amount(_total(first), _total(second))
    things, others = _things(first), _things(second)
    product: bool | None = None
    if things and others:
        common = len(things & others)
        product = common >= 2 or common >= 0.5 * min(len(things), len(others))
    if product is False:
        return amount is True and (place is True or (first.event_type is second.event_type and days <= STORY_DAYS))
    if amount is False:
        return product is True and place is True
    if product or amount or (place and first.place and second.place and first.place.district and second.place.district):
        return True
    if place:
        return days <= LOOSE_DAYS
    return days <= LOOSE_DAYS and not things and not others and _total(first) is None and _total(second) is None


def _clusters(told: Sequence[Told]) -> list[list[Told]]:
    """Join each report to the first cluster where it agrees with one member and contradicts none by place."""
    clusters: list[list[Told]] = []
    for one in sorted(told, key=lambda t: (t.day or date.min, t.article.url, t.signal.key)):
        home = None
        for cluster in clusters:
            if any(same_investment(one, other) for other in cluster) and \
                    all(_place_of_both(one.signal, other.signal) is not False for other in cluster):
                home = cluster
                break
        if home is None:
            clusters.append([one])
        else:
            home.append(one)
    return clusters


def _stated(one: Told, sources: Mapping[str, str]) -> Stated:
    signal, article = one.signal, one.article
    return Stated(article_url=article.url, day=one.day, signal_key=signal.key, amount=signal.amount, place=signal.place, stage=signal.stage,
                  site=signal.site, event_type=signal.event_type, quote=signal.quote, origin=source_of(article, sources), trust=article.trust)


def _site(told: Sequence[Told]) -> Told | None:
    """The report that decides the site: of the latest day that says anything; on one day a named place beats an open search."""
    speaking = [one for one in told if one.signal.site is not Site.NONE]
    if not speaking:
        return None
    return max(speaking, key=lambda t: (t.day or date.min, t.signal.site is Site.FIXED and t.signal.place is not None, t.signal.site is Site.LEAVING,
                                        t.signal.site is Site.OPEN, t.signal.key))


def plan_words(signal: Signal) -> str | None:
    """What is planned in a few words: project, product or capacity, as written."""
    for words in (signal.product, signal.project, signal.capacity):
        if words and len(words) <= 30:
            return words
    return None


def _latest(told: Sequence[Told], name: str) -> object:
    for one in reversed(told):
        value = getattr(one.signal, name)
        if value:
            return value
    return None


def _make(company_id: str, cluster: Sequence[Told], investment_id: str, stories: Mapping[str, str], sources: Mapping[str, str]) -> Investment:
    told = sorted(cluster, key=lambda t: (t.day or date.min, EVENT_ORDER.index(t.signal.event_type), t.article.url, t.signal.key))
    last = told[-1]
    site = _site(told)
    days = [one.day for one in told if one.day]
    totals = [one.signal.amount for one in told if one.signal.amount and not one.signal.amount.part and one.signal.amount.value_wan]
    amounts = totals or [one.signal.amount for one in told if one.signal.amount]
    places = [one.signal.place for one in told if one.signal.place]
    stages = [one.signal.stage for one in told if one.signal.stage]
    words: list[str] = []
    for one in reversed(told):
        words += [word for word in one.signal.industry_words if word not in words]
    return Investment(
        id=investment_id, company_id=company_id, event_type=last.signal.event_type, stated=tuple(_stated(one, sources) for one in reversed(told)),
        stage=max(stages, key=STAGE_ORDER.index) if stages else None,
        site=site.signal.site if site else Site.NONE, site_quote=(site.signal.site_quote or site.signal.quote) if site else None,
        site_url=site.article.url if site else None, amount=amounts[-1] if amounts else None,
        place=max(places, key=lambda p: sum(1 for level in (p.province, p.city, p.district, p.zone) if level)) if places else None,
        place_from=_latest(told, "place_from"), product=_latest(told, "product"), industry_words=tuple(words[:20]),  # type: ignore[arg-type]
        land_mu=_latest(told, "land_mu"), capacity=_latest(told, "capacity"), jobs=_latest(told, "jobs"),  # type: ignore[arg-type]
        first_day=min(days, default=None), last_day=max(days, default=None),
        story_ids=tuple(sorted({stories[one.article.url] for one in told if one.article.url in stories})),
        independent_sources=len({source_of(one.article, sources) for one in told}),
        plan_words=next((words_ for one in reversed(told) if (words_ := plan_words(one.signal))), None),
    )


def group_signals(readings: Sequence[Reading], mentions: Mapping[str, str], known: Sequence[Investment]) -> list[tuple[str, str, list[Told]]]:
    """(company id, investment id, reports) for all investments, in a stable order. Known investments keep their ids."""
    by_company: dict[str, list[Told]] = defaultdict(list)
    for reading in readings:
        for signal in reading.signals:
            if signal.key in mentions:
                by_company[mentions[signal.key]].append(Told(signal, reading.article))
    earlier = {stated.signal_key: one.id for one in sorted(known, key=lambda i: i.id) for stated in one.stated}
    groups = []
    taken: set[str] = set()
    for company_id in sorted(by_company):
        for cluster in _clusters(by_company[company_id]):
            signal_keys = sorted(one.signal.key for one in cluster)
            kept = next((earlier[key] for key in signal_keys if key in earlier and earlier[key] not in taken), None)
            investment_id = kept or keys.founded_id("i", company_id, signal_keys[0])
            taken.add(investment_id)
            groups.append((company_id, investment_id, cluster))
    return groups


def settle_investments(groups: Sequence[tuple[str, str, list[Told]]], stories: Mapping[str, str], sources: Mapping[str, str]) -> tuple[Investment, ...]:
    """The investments of ``group_signals``; ``stories``: article URL → story id; ``sources``: slug → name of the source."""
    return tuple(_make(company_id, cluster, investment_id, stories, sources) for company_id, investment_id, cluster in groups)
