"""The morning mail of a unit: what is new for it, best first, each with reasons, quote, link and day."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from qingbao.clock import SHANGHAI, shanghai_day
from qingbao.model import BadNews, Change, Formula, Park, Prospect, Sheet, Site, Tier, Verdict
from qingbao.routing import Unit
from qingbao.wording import WATCHED
from reports.cells import header_text, one_line, plain, web_url
from reports.html import MARK_STYLES, TIER_STYLES, day_words, environment
from reports.mail import envelope_address, valid_address
from reports.rows import MAX_QUOTE, best_reasons, latest_verdicts, make_row, signed
from reports.table import bad_news_rows, sheet_rows
from reports.xlsx import workbook_bytes

FIRST_DIGEST = 30  # the first digest brings the best 30 (DESIGN.md 4.7)
MAX_FULL = 40  # more make the mail so large that mail programs clip it (Gmail at 102 KB)
MAX_BRIEF = 30
SECTIONS = ("值得联系与关注", "关注名单企业有消息", "下降", "坏消息", "其余新消息（丙级，供参考）")
MAX_REASONS = 3
KINDS = ("新增", "升", "新动向", "降", "坏消息")
UNIT_SHEETS = (Sheet.PROSPECTS, Sheet.FOLLOWED, Sheet.IN_TALKS)
XLSX_TYPE = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How often the lists were right by staff's own verdicts: the line that the digest prints."""

    right: int  # of the judged ones in the first ten
    judged: int
    random: float | None = None  # share that a random list would have
    since: date | None = None

    def words(self) -> str:
        """前 10 名准确率 70%（依据 20 条判断 …）."""
        since = f"{self.since.isoformat()} 以来 " if self.since else ""
        chance = f"，随机名单约 {self.random:.0%}" if self.random is not None else ""
        return f"前 10 名准确率 {self.right / self.judged:.0%}（依据 {since}{self.judged} 条判断{chance}）"


def unit_prospects(unit: Unit, prospects: Sequence[Prospect]) -> list[Prospect]:
    """The prospects that ``unit`` takes, in their order."""
    return [prospect for prospect in prospects if unit.slug in prospect.units]


def first_changes(unit: Unit, prospects: Sequence[Prospect]) -> list[Change]:
    """What a unit's first digest brings: its best 30 of the standing list, and what it watches of the rest."""
    standing = [p for p in unit_prospects(unit, prospects) if p.sheet is Sheet.PROSPECTS]
    chosen = [*standing[:FIRST_DIGEST], *(p for p in standing[FIRST_DIGEST:] if WATCHED in p.marks)]
    return [Change(kind="新增", prospect=p, before=None, now=str(p.tier), sentence="") for p in chosen]


def content_hash(changes: Iterable[Change]) -> str:
    """What a digest tells, without its day: equal hashes tell the same."""
    told = sorted("\x1f".join((c.kind, c.prospect.company_id, c.before or "", c.now, c.sentence)) for c in changes)
    return hashlib.blake2b("\x1e".join(told).encode("utf-8", "replace"), digest_size=16).hexdigest()


def compose(
    unit: Unit, changes: Sequence[Change], prospects: Sequence[Prospect], *, park: Park, formula: Formula, at: datetime, sender: str,
    first: bool = False, repeated: Collection[str] = (), precision: Precision | None = None, verdicts: Sequence[Verdict] = (),
    unit_names: Mapping[str, str] | None = None,
) -> EmailMessage:
    """The digest of ``unit`` as a multipart mail: text, HTML with inline CSS, and where something is new the unit's table.

    ``changes`` are those of this unit; ``at`` is the moment of composing (aware); ``repeated`` are ids of companies that an earlier mail
    of unknown fate may have told already: they are marked. Without changes the mail has two lines and no attachment.
    """
    day = shanghai_day(at)
    mine = unit_prospects(unit, prospects)
    ordered = _ordered(changes)
    unit_name = one_line(unit.name, 60)
    sections, more = _sections(ordered, frozenset(repeated))
    counts = _counts(ordered)
    title = "首期名单" if first and ordered else ("今日新线索" if ordered else "今日无新增")
    subject = _subject(park, unit_name, day, ordered, first)
    values: dict[str, Any] = {
        "subject": subject, "park": one_line(park.name, 80), "unit": unit_name, "title": title, "day_words": day_words(day), "counts": counts,
        "precision": precision.words() if precision and precision.judged else None, "sections": sections, "more": more, "attached": bool(ordered),
        "mark_styles": {**MARK_STYLES, "坏消息": "bad"}, "quiet": _quiet(mine),
    }
    message = _envelope(unit, park, day, at, sender, subject, content_hash(changes))
    message.set_content(_text(values), charset="utf-8", cte="base64")
    message.add_alternative(_html(values), subtype="html", charset="utf-8", cte="base64")
    if ordered:
        table = _unit_table(unit, ordered, mine, park=park, formula=formula, day=day, verdicts=verdicts, unit_names=unit_names)
        name = f"招商线索-{_file_words(unit_name)}-{day.isoformat()}.xlsx"
        message.add_attachment(table, maintype=XLSX_TYPE[0], subtype=XLSX_TYPE[1], filename=name)
    _fix_boundaries(message, content_hash(changes))
    return message


def _ordered(changes: Sequence[Change]) -> list[Change]:
    """By kind, then best first; the prospect's own order breaks ties."""
    return sorted(changes, key=lambda c: (KINDS.index(c.kind) if c.kind in KINDS else len(KINDS), -c.prospect.priority, c.prospect.rank, c.prospect.company_id))


def _counts(changes: Sequence[Change]) -> str:
    words = {"新增": "新增 {} 家", "升": "上升 {} 家", "新动向": "新动向 {} 家", "降": "下降 {} 家", "坏消息": "坏消息 {} 条"}
    return " · ".join(form.format(n) for kind, form in words.items() if (n := sum(c.kind == kind for c in changes)))


def _subject(park: Park, unit_name: str, day: date, changes: Sequence[Change], first: bool) -> str:
    if not changes:
        news = "今日无新增"
    else:
        best = max(changes, key=lambda c: (c.kind in {"新增", "升", "新动向"}, c.prospect.priority)).prospect
        calls = len({c.prospect.company_id for c in changes if c.prospect.tier is Tier.A and c.kind != "坏消息"})
        companies = len({c.prospect.company_id for c in changes})
        news = f"{'首期 ' if first else ''}{companies} 家{f'，甲级 {calls} 家' if calls else ''}：{one_line(best.company, 24)}{'等' if companies > 1 else ''}"
    return header_text(f"【招商情报】{day.month}月{day.day}日 {unit_name} {news}")


def _quiet(prospects: Sequence[Prospect]) -> tuple[str, str]:
    standing = [p for p in prospects if p.sheet is Sheet.PROSPECTS]
    calls = sum(p.tier is Tier.A for p in standing)
    return "今日无新增。", f"名单中现有潜在投资者 {len(standing)} 家，其中甲级 {calls} 家，与上一期相同。"


def _sections(changes: Sequence[Change], repeated: frozenset[str]) -> tuple[list[dict[str, Any]], str | None]:
    """Best first: what is worth a call or a look in full, watched firms in full at any tier, the rest in brief.

    Each section is (changes, how many at most, in full, bad news).
    """
    good = sorted((c for c in changes if c.kind not in {"降", "坏消息"}), key=lambda c: (-c.prospect.priority, c.prospect.rank, c.prospect.company_id))
    best = [c for c in good if c.prospect.tier is not Tier.C]
    rest = [c for c in good if c.prospect.tier is Tier.C]
    groups = (
        (best, MAX_FULL, True, False),
        ([c for c in rest if WATCHED in c.prospect.marks], MAX_FULL, True, False),
        ([c for c in changes if c.kind == "降"], MAX_BRIEF, False, False),
        ([c for c in changes if c.kind == "坏消息"], MAX_BRIEF, False, True),
        ([c for c in rest if WATCHED not in c.prospect.marks], MAX_BRIEF, False, False),
    )
    sections = [
        {"name": name, "full": full, "bad": bad, "entries": [_entry(change, repeated, bad) for change in listed[:limit]]}
        for name, (listed, limit, full, bad) in zip(SECTIONS, groups) if listed
    ]
    left = sum(max(0, len(listed) - limit) for listed, limit, _, _ in groups)
    return sections, f"其余 {left} 条见附件。" if left else None


def _entry(change: Change, repeated: frozenset[str], bad: bool) -> dict[str, Any]:
    prospect = change.prospect
    row = make_row(prospect, 1)
    marks = [change.kind, *(mark for mark in row.marks if mark not in {"新增", "升", "降"})]
    if prospect.company_id in repeated:
        marks.append("上期可能已收到")
    news = _meant(change) if bad else None
    return {
        "row": row, "style": "bad" if bad else TIER_STYLES[prospect.tier], "marks": [str(news.kind), *marks[1:]] if news else marks,
        "sentence": one_line(change.sentence, 400), "down": change.kind == "降",
        "open": prospect.site in {Site.OPEN, Site.LEAVING},
        "reasons": [{"points": signed(r.points), "minus": r.points < 0, "text": one_line(r.text, 300)} for r in best_reasons(prospect.reasons, MAX_REASONS)],
        "quote": one_line(news.quote.text, MAX_QUOTE) if news else row.quote, "url": web_url(news.url) if news else row.url,
        "day": news.day if news else row.quote_day, "source": "" if news else row.source,
    }


def _meant(change: Change) -> BadNews | None:
    """The bad news a change tells of: of its kind if that is named, the newest first."""
    news = sorted(change.prospect.bad_news, key=lambda n: -(n.day or date.min).toordinal())
    return next((n for n in news if n.kind == change.now), news[0] if news else None)


def _text(values: Mapping[str, Any]) -> str:
    if not values["sections"]:
        lines = [*values["quiet"], *([values["precision"]] if values["precision"] else [])]
        return "\n".join(lines) + "\n"
    # The same template language as the HTML part, without escaping: nothing in a text part can become markup.
    text = environment().overlay(autoescape=False).get_template("digest.txt.j2").render(values)
    return plain(text, 400_000) + "\n"


def _html(values: Mapping[str, Any]) -> str:
    import css_inline

    page = environment().get_template("digest.html.j2").render(values)
    # keep_style_tags: the rule for narrow screens cannot be inlined. Nothing is loaded: no remote and no local style sheet.
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
    return str(inliner.inline(page))


def _unit_table(
    unit: Unit, changes: Sequence[Change], mine: Sequence[Prospect], *, park: Park, formula: Formula, day: date, verdicts: Sequence[Verdict],
    unit_names: Mapping[str, str] | None,
) -> bytes:
    """The workbook of this unit's rows alone, 判断 and 备注 as this unit gave them."""
    rows = sheet_rows(mine, verdicts=latest_verdicts(verdicts, unit.slug).values(), unit_names=unit_names)
    told = {change.prospect.company_id: change.kind for change in changes if change.kind in {"新增", "升", "降", "新动向"}}
    marked = {
        sheet: [replace(row, marks=tuple(dict.fromkeys((told[row.prospect.company_id], *(m for m in row.marks if m not in {"新增", "升", "降"})))))
                if row.prospect.company_id in told else replace(row, marks=tuple(m for m in row.marks if m not in {"新增", "升", "降"})) for row in listed]
        for sheet, listed in rows.items()
    }
    return workbook_bytes(marked, park=park, formula=formula, day=day, bad_news=bad_news_rows(mine), only=UNIT_SHEETS)


def _envelope(unit: Unit, park: Park, day: date, at: datetime, sender: str, subject: str, mark: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    address = envelope_address(sender)
    name = header_text(parseaddr(sender)[0] or f"{park.name}招商情报", 60)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = [Address(addr_spec=recipient) for recipient in unit.recipients if valid_address(recipient)]
    message["Subject"] = subject
    message["Date"] = format_datetime(at.astimezone(SHANGHAI))
    # The same for every try of one day's digest, so that mail programs show a copy once.
    message["Message-ID"] = f"<{day.isoformat()}.{hashlib.blake2b(f'{park.slug}/{unit.slug}/{mark}'.encode(), digest_size=12).hexdigest()}@{address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    return message


def _fix_boundaries(message: EmailMessage, mark: str) -> None:
    """Boundaries from the content and not from chance: the same digest composed twice is the same file. Parts are base64, no line meets one."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_qingbao_{mark[:20]}_{number}")


def _file_words(name: str) -> str:
    return "".join(c for c in name if c.isalnum())[:20] or "名单"
