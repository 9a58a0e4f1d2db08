"""What one article reports of one company's investment, made comparable once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.settle.origin import day_of, source_of
from qingbao.model import Article, EventType, Investment, Place, Quote, Signal, Site, Stage, Stated

MONEY = frozenset({EventType.FINANCING, EventType.LISTING})
ORDERS = frozenset({EventType.TENDER_WON})
LOOSE = frozenset({EventType.COOPERATION, EventType.ACQUISITION})
STAGE_ORDER = (Stage.RECRUITING, Stage.COMPLETED, Stage.PLANNED, Stage.SIGNED, Stage.LANDED, Stage.APPROVED, Stage.LAND, Stage.STARTED,
               Stage.BUILDING, Stage.PRODUCING)
# Among the reports of one day the later step names the event (dictionary of event types, docs/events.md).
EVENT_ORDER = (EventType.COOPERATION, EventType.RECRUITING, EventType.LISTING, EventType.FINANCING, EventType.ACQUISITION, EventType.TENDER_WON,
               EventType.NEW_BUILD, EventType.EXPANSION, EventType.SUBSIDIARY, EventType.RELOCATION, EventType.HEADQUARTERS,
               EventType.SIGNING, EventType.EIA, EventType.LAND, EventType.GROUND_BREAKING, EventType.PRODUCTION)
FILLERS = re.compile(r"项目|基地|生产线|生产|建设|产业园|工程|有限公司|公司|年产|新建|扩建|投资|制造|[一二三四]期|\d+(?:\.\d+)?[万亿千百]?(?:吨|台|套|件|个|辆|只|片|米|瓦|GW|MW|GWh)?|平方米|[（）()、，的及和与]")
PHASE = re.compile(r"[一二三四五六1-6]\s*期(?![间限货])|首期")
ROUND = re.compile(r"(?:Pre-?)?([A-HＡ-Ｈ])(\+*)\s*轮|(天使|种子|战略|首轮)轮?", re.IGNORECASE)
STEPS = {EventType.SIGNING: Stage.SIGNED, EventType.EIA: Stage.APPROVED, EventType.LAND: Stage.LAND, EventType.GROUND_BREAKING: Stage.STARTED,
         EventType.PRODUCTION: Stage.PRODUCING, EventType.TENDER_WON: None, EventType.FINANCING: None, EventType.LISTING: None, EventType.RECRUITING: None,
         EventType.COOPERATION: None, EventType.ACQUISITION: None}


@dataclass(frozen=True, slots=True)
class Report:
    """One signal with what is compared between reports of one company; of an older night, what its investment remembers of it."""

    key: str
    stated: Stated
    sort: str  # build, money, order, recruiting … : only reports of one sort can be one investment
    things: frozenset[str]  # character pairs of product, project and capacity without words that every project has
    total: float | None  # 万元; None: unknown, a part, or a land price
    money_round: str | None  # A, B+ …
    phased: bool  # 一期, 二期: the text calls it a part of something larger
    signal: Signal | None  # None: of an older night
    older: Investment | None = None

    @property
    def day(self) -> date | None:
        return self.stated.day

    @property
    def place(self) -> Place | None:
        return self.stated.place

    @property
    def site(self) -> Site:
        return self.stated.site

    @property
    def event(self) -> EventType:
        return self.stated.event_type or EventType.NEW_BUILD

    @property
    def step(self) -> str:
        """What happened, for stories: two words for one act are one step (投资签约, 新建 in stage signed)."""
        step = STEPS.get(self.event, self.stated.stage or Stage.PLANNED)
        if step is Stage.COMPLETED:  # 落成, 建成
            step = Stage.PRODUCING
        return step.value if step else self.sort

    @property
    def order(self) -> tuple[date, int, str, str]:
        """Sorts the reports of an investment: day, then how far the step goes."""
        return self.day or date.min, EVENT_ORDER.index(self.event), self.stated.article_url, self.key


def _sort(kind: EventType) -> str:
    if kind in MONEY:
        return "money"
    if kind in ORDERS:
        return "order"
    if kind is EventType.RECRUITING:
        return "recruiting"
    return kind.value if kind in LOOSE else "build"


def things_of(*words: str | None) -> frozenset[str]:
    """Character pairs of what is to be made."""
    flat = FILLERS.sub(" ", " ".join(filter(None, words)))
    return frozenset(part[i:i + 2] for part in flat.split() for i in range(len(part) - 1))


def _round(text: str) -> str | None:
    match = ROUND.search(text)
    return (match.group(1) or match.group(3)).upper() + (match.group(2) or "") if match else None


def _total(stated: Stated) -> float | None:
    # What was paid for land is not what is invested.
    if stated.amount is None or stated.amount.part or stated.event_type is EventType.LAND:
        return None
    return stated.amount.value_wan


def report_of(signal: Signal, article: Article, sources: Mapping[str, str]) -> Report:
    """A signal of the window."""
    stated = Stated(article_url=article.url, day=day_of(article), signal_key=signal.key, amount=signal.amount, place=signal.place, stage=signal.stage,
                    site=signal.site, event_type=signal.event_type, quote=signal.quote, origin=source_of(article, sources), trust=article.trust, sure=signal.score)
    words = " ".join(filter(None, (signal.quote.text, signal.project, signal.amount.text if signal.amount else None)))
    sort = _sort(signal.event_type)
    return Report(signal.key, stated, sort, things_of(signal.product, signal.project, signal.capacity), _total(stated),
                  _round(article.title + " " + words) if sort == "money" else None, bool(PHASE.search(words)), signal)


def older_reports(investment: Investment, window: frozenset[str] | set[str]) -> list[Report]:
    """The reports of a known investment whose articles are no longer settled (not in ``window``), as far as it remembers them."""
    found = []
    for stated in investment.stated:
        if stated.article_url not in window:
            text = " ".join(filter(None, (stated.quote.text if stated.quote else None, stated.amount.text if stated.amount else None)))
            sort = _sort(stated.event_type or investment.event_type)
            found.append(Report(stated.signal_key, stated, sort, things_of(investment.product, investment.capacity), _total(stated),
                                _round(text) if sort == "money" else None, bool(PHASE.search(text)), None, investment))
    return found


def site_quote(report: Report) -> Quote | None:
    """The sentence that says where."""
    return (report.signal.site_quote if report.signal else None) or report.stated.quote
