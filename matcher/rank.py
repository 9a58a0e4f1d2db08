"""Companies and park → prospects in order, each with its reasons. Nothing is cut before scoring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Protocol

from matcher import weights as w
from matcher.evidence import evidence
from matcher.intent import Intent, clip, intent, site_for
from matcher.quotes import best_quote
from matcher.sentences import headline
from qingbao.model import (
    BadNews,
    ChainAction,
    Company,
    CompanyStatus,
    EventType,
    Investment,
    Park,
    Prospect,
    Reason,
    Sheet,
    Site,
    Tier,
)
from qingbao.places import within
from qingbao.wording import WATCHED, wanted_place

NEWS_DAYS = 180  # a prospect without news for longer leaves the list (DESIGN.md 4.7)
STATUS_SHEETS = {
    CompanyStatus.EXCLUDED: Sheet.EXCLUDED, CompanyStatus.RESIDENT: Sheet.RESIDENT, CompanyStatus.IN_TALKS: Sheet.IN_TALKS,
    CompanyStatus.HIDDEN: Sheet.HIDDEN,
}


class FitLike(Protocol):
    """What ``matcher.fit`` gives for a company."""

    @property
    def fit(self) -> float | None: ...
    @property
    def industry(self) -> str | None: ...
    @property
    def link(self) -> str | None: ...
    @property
    def reasons(self) -> tuple[Reason, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """All that ranking reads besides the park: what is known on a day."""

    companies: Sequence[Company]
    investments: Sequence[Investment]
    bad_news: Sequence[BadNews]
    texts: Mapping[str, str]  # company id → what the matcher may read
    as_of: date
    watched: frozenset[str] = frozenset()  # company ids on a watch list
    contacted: Mapping[str, str] = field(default_factory=dict)  # company id → what staff said and when
    sources: Mapping[str, str] = field(default_factory=dict)  # article URL → name of the source as staff know it
    previous: Mapping[str, Prospect] = field(default_factory=dict)  # company id → the run before
    model_version: str = ""
    run_id: str | None = None


def priority(fit: float | None, wants: float, grade: str) -> tuple[float, tuple[Reason, ...]]:
    """The printed formula: 0–100 with reasons that sum to it."""
    counted = w.UNKNOWN_FIT if fit is None else fit
    reasons = [
        Reason(number="priority", points=w.FIT_SHARE * counted, code="priority.fit",
               text=f"匹配度 {counted:.0f} × {w.FIT_SHARE:g}" if fit is not None else f"匹配度未知，按 {counted:.0f} × {w.FIT_SHARE:g}"),
        Reason(number="priority", points=(1 - w.FIT_SHARE) * wants, text=f"意向 {wants:.0f} × {1 - w.FIT_SHARE:g}", code="priority.intent"),
    ]
    if w.GRADE_DEDUCTION[grade]:
        reasons.append(Reason(number="priority", points=w.GRADE_DEDUCTION[grade], text=f"可信度 {grade}", code="priority.evidence"))
    total = sum(reason.points for reason in reasons)
    limit = min(counted, wants) + w.BALANCE
    if total > limit:
        reasons.append(Reason(number="priority", points=limit - total, text=f"不超过匹配度与意向中较低者 + {w.BALANCE:g}", code="priority.balance"))
    if counted < w.WEAK_FIT:
        reasons.append(Reason(number="priority", points=-w.WEAK_FIT_COST * (w.WEAK_FIT - counted), text=f"匹配度不足 {w.WEAK_FIT:g}", code="priority.weak_fit"))
    return clip("priority", reasons)


def tier(value: float, fit: float | None, site: Site, ended: bool = False) -> Tier:
    """甲 only with an open or leaving site, a known, sufficient fit and a plan that nobody has taken back (``ended``)."""
    if not ended and value >= w.TIER_A and site in {Site.OPEN, Site.LEAVING} and fit is not None and fit >= w.TIER_A_FIT:
        return Tier.A
    return Tier.B if value >= w.TIER_B else Tier.C


def exclusion_rule(company: Company, text: str, industry: str | None, investments: Sequence[Investment], park: Park) -> str | None:
    """The rule of the park that excludes a company, in words, or None."""
    rules = park.exclusions
    names = [company.name, *(name.text for name in company.names)]
    for listed in rules.companies:
        if any(listed == name or (len(listed) >= 4 and listed in name) for name in names):
            return f"排除企业：{listed}"
    for word in rules.words:
        if any(word in name for name in names) or word in text:
            return f"排除词：{word}"
    for trade in rules.industries:
        # Mostly a trade that the park does not have (房地产开发): then the firm's own text tells it.
        if trade == industry or trade in text or any(trade in name for name in names):
            return f"排除产业：{trade}"
    for place in rules.places:
        if company.seat and within(company.seat, (place,)):
            return f"排除地区：{place}"
        if any(i.place_from and within(i.place_from, (place,)) for i in investments):
            return f"排除地区：{place}"
    return None


def chain_action(park: Park, industry: str | None, link: str | None) -> ChainAction | None:
    """建, 补, 强 or 延, from the state of the link in the park."""
    for one in park.industries:
        for node in one.chain_links:
            if one.name == industry and node.name == link and node.local_state:
                if node.local_state == "缺":
                    return ChainAction.BUILD if node.key else ChainAction.FILL
                return ChainAction.STRENGTHEN if node.local_state == "弱" else ChainAction.EXTEND
    return None


def _sheet(company: Company, site: Site, rule: str | None, has_news: bool, field_: Field) -> tuple[Sheet, str | None]:
    if rule:
        return Sheet.EXCLUDED, rule
    if company.id in field_.contacted:
        return Sheet.FOLLOWED, field_.contacted[company.id]
    if company.status in STATUS_SHEETS:
        return STATUS_SHEETS[company.status], company.status_note
    if not has_news:
        return Sheet.TARGETS, None
    if site is Site.LOCAL:
        return Sheet.RESIDENT, "项目已在本地"
    return Sheet.PROSPECTS, None


def _marks(company: Company, wants: Intent, sheet: Sheet, park: Park, field_: Field, bad: bool) -> tuple[str, ...]:
    marks = []
    leading = wants.leading
    if company.id in field_.watched:
        marks.append(WATCHED)
    if sheet is Sheet.RESIDENT and wants.site in {Site.OPEN, Site.LEAVING}:
        marks.append("有新动向")
    came_from = (leading.place_from if leading else None) or company.seat
    moving = leading is not None and (leading.event_type is EventType.RELOCATION or wants.site is Site.LEAVING)
    if moving and came_from and within(came_from, park.neighbours):
        marks.append("平移")
    if came_from and within(came_from, park.focus_cities):
        marks.append("重点城市")
    if any(reason.code == "intent.serial" for reason in wants.reasons):
        marks.append("连续扩张")
    if bad:
        marks.append("有坏消息")
    return tuple(marks)


def is_listed(company: Company, contacted: Collection[str]) -> bool:
    """Whether a company has a row without any news: on a target list, resident, in talks, excluded, or among the ``contacted`` ids."""
    return bool(company.tags) or company.status in STATUS_SHEETS or company.id in contacted


def prospect(company: Company, investments: Sequence[Investment], bad_news: Sequence[BadNews], fit: FitLike | None, park: Park,
             field_: Field) -> Prospect | None:
    """One company seen from a park; None where nothing makes it worth a row (no news and on no target list)."""
    since = field_.as_of - timedelta(days=NEWS_DAYS)
    # What is told after the day asked for is not known on that day.
    recent = [one for one in investments if one.last_day is None or since <= one.last_day <= field_.as_of]
    bad = [one for one in bad_news if one.day is None or since <= one.day <= field_.as_of]
    if not recent and not is_listed(company, field_.contacted):
        return None
    number = fit.fit if fit else None
    wants = intent(recent, bad, park, field_.as_of, lambda value, one: priority(number, value, evidence(one)[1])[0])
    leading = wants.leading
    worth, grade, why_evidence = evidence(leading)
    industry, link = (fit.industry, fit.link) if fit else (None, None)
    value, why_priority = priority(number, wants.value, grade)
    rule = exclusion_rule(company, field_.texts.get(company.id, ""), industry, recent, park)
    sheet, note = _sheet(company, wants.site, rule, bool(recent), field_)
    names = tuple(dict.fromkeys(name.text for name in company.names))
    quote, url = best_quote(leading, (company.name, *names), site_for(leading, park) if leading else wants.site)
    before = field_.previous.get(company.id)
    return Prospect(
        park=park.slug, company_id=company.id, company=company.name, names=names,
        sheet=sheet, tier=tier(value, number, wants.site, wants.ended is not None), priority=value, fit=number, intent=wants.value, evidence=worth,
        evidence_grade=grade, site=wants.site, industry=industry, link=link, chain_action=chain_action(park, industry, link),
        headline=headline(wants, park, industry, link, number),
        investments=tuple(sorted(recent, key=lambda i: (i is not leading, -(i.last_day or date.min).toordinal(), i.id))),
        bad_news=tuple(bad), origin=(leading.place_from if leading else None) or company.seat, destination=wanted_place(leading) if leading else None,
        seat=company.seat, website=company.website, phone=company.phone,
        reasons=(*(fit.reasons if fit else ()), *wants.reasons, *why_evidence, *why_priority),
        best_quote=quote, quote_url=url, source_name=field_.sources.get(url or ""),
        last_day=max((i.last_day for i in recent if i.last_day), default=None),
        tags=tuple(dict.fromkeys(f"{tag.list}{f'（{tag.year}）' if tag.year else ''}" for tag in company.tags)),
        marks=_marks(company, wants, sheet, park, field_, bool(bad)), note=note,
        rank_before=before.rank if before else None, priority_before=before.priority if before else None,
        tier_before=before.tier if before else None, first_listed=(before.first_listed if before else None) or field_.as_of,
        model_version=f"{field_.model_version}/{w.FORMULA_VERSION}", run_id=field_.run_id,
    )


def order_key(one: Prospect) -> tuple[object, ...]:
    """Best first; ties by fit, intent, then name and id, so that the order never depends on the input's."""
    return (-round(one.priority, 6), -(one.fit if one.fit is not None else -1.0), -one.intent, one.company, one.company_id)


def rank(park: Park, field_: Field, fits: Mapping[str, FitLike], route: Callable[[Prospect], tuple[str, ...]] = lambda _: ()) -> list[Prospect]:
    """All prospects of a park, best first; those of the standing list are numbered from 1, the other sheets' have rank 0.

    ``route`` names the units that take a prospect.
    """
    investments: dict[str, list[Investment]] = defaultdict(list)
    for one in field_.investments:
        investments[one.company_id].append(one)
    bad: dict[str, list[BadNews]] = defaultdict(list)
    for news in field_.bad_news:
        bad[news.company_id].append(news)
    rows = []
    for company in field_.companies:
        row = prospect(company, investments[company.id], bad[company.id], fits.get(company.id), park, field_)
        if row is not None:
            rows.append(replace(row, units=route(row)))
    place = 0
    ranked = []
    for row in sorted(rows, key=order_key):
        place += row.sheet is Sheet.PROSPECTS
        ranked.append(replace(row, rank=place if row.sheet is Sheet.PROSPECTS else 0))
    return ranked
