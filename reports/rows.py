"""A prospect as one row in Chinese words: what the table, the page, the mail and the terminal all show."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qingbao import wording
from qingbao.model import (
    SITE_WORDS,
    STAGE_WORDS,
    Amount,
    BadNews,
    Investment,
    Place,
    Prospect,
    Reason,
    Sheet,
    Site,
    Verdict,
)
from reports.cells import one_line, plain, web_url

UNKNOWN = "未披露"
NUMBER_WORDS = {"fit": "匹配度", "intent": "意向", "evidence": "可信度", "priority": "优先级"}
MOVED_POINTS = 5  # fewer points than this are no news (DESIGN.md 4.7)
MAX_QUOTE = 200  # what people may see of an article in one piece (DESIGN.md 4)
BEST_REASONS = 4
_ID_PREFIX = "qb1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Everything a reader sees of a prospect, as text; numbers stay numbers for sorting."""

    number: int  # 序号 on its sheet, from 1
    prospect: Prospect
    tier: str
    priority: int
    marks: tuple[str, ...]
    company: str
    headline: str
    industry: str
    site: str
    stage: str
    amount: str
    amount_wan: float | None
    place: str
    seat: str
    fit: int | None
    intent: int
    evidence: int
    grade: str
    why: tuple[str, ...]  # the weightiest reasons, one line each
    quote: str
    url: str | None
    day: date | None  # of the latest news
    quote_day: date | None  # of the article that the quote and the link belong to
    source: str
    website: str | None
    phone: str
    units: str
    judgement: str
    note: str
    remark: str  # rule of an exclusion, unit of the talks
    row_id: str


def points(value: float) -> int:
    """A number as shown: 0–100 without decimals, halves up (64.5 → 65, never banker's rounding)."""
    return int(value + 0.5)


def amount_words(amount: Amount | None) -> str:
    """An amount with its bound and currency; vague ones in the words of the text, unknown ones as 未披露."""
    return one_line(wording.amount_words(amount), 60) or UNKNOWN


def place_words(place: Place | None) -> str | None:
    """A place from the large to the small; None where nothing is known."""
    return one_line(wording.place_words(place), 60) or None


def main_investment(prospect: Prospect) -> Investment | None:
    """The investment a row tells of; the matcher puts the one that speaks most first."""
    return prospect.investments[0] if prospect.investments else None


def quote_day(prospect: Prospect) -> date | None:
    """The day of the article that is quoted, or that of the latest news where it is not known."""
    days = (one.day for i in prospect.investments for one in i.stated if one.article_url == prospect.quote_url and one.day)
    return next(days, prospect.last_day)


def destination_words(prospect: Prospect) -> str:
    """Where it goes: 拟：… while the site is open, 已定：… once it is not, 未定 with the origin for a move."""
    investment = main_investment(prospect)
    place = place_words(prospect.destination)
    if prospect.site is Site.LEAVING:
        origin = place_words(prospect.origin or (investment.place_from if investment else None))
        # News of a move often names the old site only; as a destination it would read as nonsense.
        towards = f"拟：{place}" if place and place != origin else "未定"
        return f"迁出：{origin or UNKNOWN}；去向{towards}"
    if prospect.site is Site.OPEN:
        return f"拟：{place}" if place else "未定"
    if prospect.site is Site.LOCAL:
        return f"本地：{place}" if place else "本地"
    if place is None:
        return UNKNOWN
    return place if prospect.site is Site.NONE else f"已定：{place}"


def movement(prospect: Prospect) -> str | None:
    """新增, 升 or 降 against the run before; None where nothing moved."""
    if prospect.priority_before is None or prospect.tier_before is None:
        return "新增"
    order = ("丙", "乙", "甲")
    steps = order.index(prospect.tier) - order.index(prospect.tier_before)
    change = prospect.priority - prospect.priority_before
    if steps == 0 and abs(change) < MOVED_POINTS:
        return None
    return "升" if steps > 0 or (steps == 0 and change > 0) else "降"


def reason_words(reason: Reason) -> str:
    """匹配度 +22 与“电机”环节吻合."""
    return f"{NUMBER_WORDS.get(reason.number, reason.number)} {signed(reason.points)} {one_line(reason.text, 160)}"


def signed(value: float) -> str:
    """+22, −8 or 0: points as people read them."""
    rounded = points(abs(value))
    return "0" if rounded == 0 else f"{'+' if value > 0 else '−'}{rounded}"


def best_reasons(reasons: Iterable[Reason], count: int = BEST_REASONS) -> tuple[Reason, ...]:
    """The weightiest reasons of intent and fit, then of evidence; those of the priority and the clips at 0 and 100 only repeat the formula."""
    rank = {"intent": 0, "fit": 0, "evidence": 1}
    told = [r for r in reasons if r.number in rank and points(abs(r.points)) > 0 and r.text.strip() and not r.code.endswith(".clip")]
    return tuple(sorted(told, key=lambda reason: (rank[reason.number], -abs(reason.points)))[:count])


def row_id(prospect: Prospect, judgement: str, note: str) -> str:
    """The hidden cell by which a row is known again; its last part says what 判断 and 备注 were when it was written."""
    return "/".join((_ID_PREFIX, prospect.park, prospect.company_id, prospect.run_id or "", filled_mark(judgement, note)))


def filled_mark(judgement: str, note: str) -> str:
    """A short mark of the two cells' content, so that an untouched row of an old table is no new statement."""
    content = "\n".join((judgement.strip(), " ".join(note.split())))
    return f"{zlib.crc32(content.encode('utf-8', 'replace')):08x}"


def parse_row_id(text: str) -> tuple[str, str, str | None, str] | None:
    """Park, company, run and mark of a hidden cell; None where it is none."""
    parts = text.strip().lstrip("'").split("/")
    if len(parts) != 5 or parts[0] != _ID_PREFIX or not parts[1] or not parts[2]:
        return None
    return parts[1], parts[2], parts[3] or None, parts[4]


Verdicts = Mapping[tuple[str, str], Verdict]  # park, company id


def latest_verdicts(verdicts: Iterable[Verdict], unit: str | None = None) -> dict[tuple[str, str], Verdict]:
    """(park, company) → its latest verdict, of one unit only where it is named."""
    latest: dict[tuple[str, str], Verdict] = {}
    for verdict in sorted(verdicts, key=lambda v: (v.at, v.id)):
        if unit is None or verdict.unit == unit:
            latest[verdict.park, verdict.company_id] = verdict
    return latest


def make_row(prospect: Prospect, number: int, *, verdict: Verdict | None = None, unit_names: Mapping[str, str] | None = None) -> Row:
    """The row of one prospect."""
    investment = main_investment(prospect)
    moved = movement(prospect) if prospect.sheet in {Sheet.PROSPECTS, Sheet.FOLLOWED} else None
    judgement = one_line(verdict.judgement if verdict else None, 20)
    note = plain(verdict.note if verdict else None)
    more = len(prospect.investments) - 1
    stage = wording.plan_stage(investment) if investment else None
    amount = amount_words(investment.amount if investment else None)
    names = unit_names or {}
    return Row(
        number=number, prospect=prospect, tier=str(prospect.tier), priority=points(prospect.priority),
        marks=tuple(dict.fromkeys(([moved] if moved else []) + [one_line(mark, 20) for mark in prospect.marks])),
        company=one_line(prospect.company, 120), headline=one_line(prospect.headline, 300),
        industry=" · ".join(one_line(word, 40) for word in (prospect.industry, prospect.link) if word) + (
            f"（{prospect.chain_action}链）" if prospect.chain_action and prospect.link else "") or UNKNOWN,
        site=SITE_WORDS[prospect.site], stage=STAGE_WORDS[stage] if stage else UNKNOWN,
        amount=f"{amount}，另有{more}项" if more > 0 else amount,
        amount_wan=investment.amount.value_wan if investment and investment.amount else None,
        place=destination_words(prospect), seat=place_words(prospect.seat) or UNKNOWN,
        fit=None if prospect.fit is None else points(prospect.fit), intent=points(prospect.intent), evidence=points(prospect.evidence),
        grade=prospect.evidence_grade, why=tuple(reason_words(reason) for reason in best_reasons(prospect.reasons)),
        quote=one_line(prospect.best_quote, MAX_QUOTE), url=web_url(prospect.quote_url), day=prospect.last_day, quote_day=quote_day(prospect),
        source=one_line(prospect.source_name, 60), website=web_url(prospect.website), phone=one_line(prospect.phone, 40),
        units="、".join(one_line(names.get(slug, slug), 30) for slug in prospect.units),
        judgement=judgement, note=note, remark=one_line(prospect.note, 200), row_id=row_id(prospect, judgement, note),
    )


def make_rows(
    prospects: Sequence[Prospect], sheet: Sheet, *, verdicts: Verdicts | None = None, unit_names: Mapping[str, str] | None = None,
) -> list[Row]:
    """The rows of one sheet in the order of ``prospects``, numbered from 1."""
    chosen = [prospect for prospect in prospects if prospect.sheet is sheet]
    return [make_row(p, n, verdict=(verdicts or {}).get((p.park, p.company_id)), unit_names=unit_names) for n, p in enumerate(chosen, 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNewsRow:
    """A row of the sheet 坏消息."""

    company: str
    kind: str
    day: date | None
    quote: str
    url: str | None


def bad_news_row(company: str, news: BadNews) -> BadNewsRow:
    """One piece of bad news with its company's name."""
    return BadNewsRow(
        company=one_line(company, 120), kind=str(news.kind), day=news.day, quote=one_line(news.quote.text, MAX_QUOTE), url=web_url(news.url),
    )
