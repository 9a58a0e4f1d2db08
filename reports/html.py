"""The table as one HTML file that needs no server and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from qingbao.model import Formula, Park, Prospect, Reason, Sheet, Site, Tier
from reports.cells import one_line
from reports.columns import SHEETS
from reports.rows import NUMBER_WORDS, BadNewsRow, Row, best_reasons, points, signed

if TYPE_CHECKING:
    import jinja2

SHEET_SLUGS = {
    Sheet.PROSPECTS: "prospects", Sheet.FOLLOWED: "followed", Sheet.IN_TALKS: "talks", Sheet.RESIDENT: "residents", Sheet.TARGETS: "targets",
    Sheet.HIDDEN: "hidden-firms", Sheet.EXCLUDED: "excluded",
}
TIER_STYLES = {Tier.A: "a", Tier.B: "b", Tier.C: "c"}
SITE_STYLES = {Site.OPEN: "open", Site.LEAVING: "leaving"}
MARK_STYLES = {"新增": "new", "升": "up", "有新动向": "new", "平移": "new", "有坏消息": "bad"}
MAX_CARDS = 500  # of one list: phones choke on more (5,000 are 15 MB); the workbook has them all
MAX_REASONS = 8  # of one number; the workbook's sheet 评分明细 has them all
WEEKDAYS = "一二三四五六日"


@cache
def environment() -> jinja2.Environment:
    """Jinja with everything escaped, templates from this package."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("reports"), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False, keep_trailing_newline=True,
    )


def day_words(day: date) -> str:
    """2026年11月25日 星期三."""
    return f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def asset(name: str) -> Any:
    """A file of the package, marked as safe: ours alone, never text from the web."""
    from markupsafe import Markup

    return Markup(files("reports").joinpath("templates", name).read_text("utf-8"))


def _places(prospect: Prospect) -> list[str]:
    """Provinces and cities that a reader may filter by: seat, origin and destinations."""
    places = [prospect.seat, prospect.origin, prospect.destination, *(i.place for i in prospect.investments)]
    named = [level for place in places if place for level in (place.province, place.city) if level]
    return list(dict.fromkeys(one_line(name, 30).replace("|", "") for name in named))


def _line(reason: Reason) -> dict[str, Any]:
    return {"points": signed(reason.points), "minus": reason.points < 0, "text": one_line(reason.text, 200)}


def _why(prospect: Prospect) -> list[dict[str, Any]]:
    """Reasons by number, heaviest first; what is left out is one line, so that the points still add up."""
    totals = {"intent": prospect.intent, "fit": prospect.fit, "evidence": prospect.evidence, "priority": prospect.priority}
    groups = []
    for number, total in totals.items():
        reasons = sorted((r for r in prospect.reasons if r.number == number), key=lambda r: -abs(r.points))
        lines = [_line(reason) for reason in reasons[:MAX_REASONS]]
        if len(reasons) > MAX_REASONS:
            rest = sum(r.points for r in reasons[MAX_REASONS:])
            lines.append({"points": signed(rest), "minus": rest < 0, "text": f"其余 {len(reasons) - MAX_REASONS} 项"})
        if lines:
            groups.append({"label": NUMBER_WORDS[number], "total": "未知" if total is None else points(total), "reasons": lines})
    return groups


def _find(parts: Iterable[str]) -> str:
    """What the search box looks through: width and case folded as the page's script folds its words."""
    return unicodedata.normalize("NFKC", " ".join(part for part in parts if part)).lower()


def _card(row: Row) -> dict[str, Any]:
    prospect = row.prospect
    names = [one_line(name, 60) for name in prospect.names[:10]]
    return {
        "row": row, "tier_style": TIER_STYLES[prospect.tier] if prospect.sheet is not Sheet.TARGETS else "c",
        "industry": one_line(prospect.industry, 40).replace("|", ""), "site_style": SITE_STYLES.get(prospect.site, ""),
        "places": "|".join(_places(prospect)), "why": _why(prospect),
        "best": [_line(reason) for reason in best_reasons(prospect.reasons)],
        "find": _find([row.company, *names, row.headline, row.industry, row.place, row.seat, row.quote, row.source, row.units, row.remark, *row.marks]),
    }


def _filters(cards: Sequence[Mapping[str, Any]], rows: Sequence[Row]) -> list[dict[str, Any]]:
    places: dict[str, int] = {}
    for card in cards:
        for place in filter(None, card["places"].split("|")):
            places[place] = places.get(place, 0) + 1
    return [
        {"key": "tier", "label": "级别", "options": [str(tier) for tier in Tier]},
        {"key": "industry", "label": "产业", "options": sorted({card["industry"] for card in cards if card["industry"]})},
        {"key": "site", "label": "选址", "options": list(dict.fromkeys(row.site for row in sorted(rows, key=lambda r: list(Site).index(r.prospect.site))))},
        {"key": "place", "label": "地点", "options": sorted(places, key=lambda name: (-places[name], name))[:200]},
    ]


def page(
    rows: Mapping[Sheet, Sequence[Row]], *, park: Park, formula: Formula, day: date, bad_news: Sequence[BadNewsRow] = (),
) -> str:
    """The page as text; every value is escaped, links are http or https only, the script runs under a hash."""
    groups = [
        {"slug": SHEET_SLUGS[sheet], "name": str(sheet), "about": about, "rows": [_card(row) for row in rows.get(sheet, ())[:MAX_CARDS]],
         "count": len(rows.get(sheet, ())), "left": max(0, len(rows.get(sheet, ())) - MAX_CARDS), "news": sheet is not Sheet.TARGETS}
        for sheet, _, about in SHEETS
    ]
    standing = list(rows.get(Sheet.PROSPECTS, ()))
    told = [row for sheet, sheet_rows in rows.items() if sheet is not Sheet.TARGETS for row in sheet_rows]
    script = asset("table.js")
    digest = base64.b64encode(hashlib.sha256(str(script).encode()).digest()).decode()
    tiles = [
        {"count": sum(r.prospect.tier is Tier.A for r in standing), "label": "甲级", "style": "a"},
        {"count": sum(r.prospect.tier is Tier.B for r in standing), "label": "乙级", "style": ""},
        {"count": sum(r.prospect.tier is Tier.C for r in standing), "label": "丙级", "style": ""},
        {"count": sum(r.prospect.site in {Site.OPEN, Site.LEAVING} for r in standing), "label": "选址可争取", "style": "open"},
        {"count": sum("新增" in r.marks for r in standing), "label": "新增", "style": ""},
        {"count": sum("升" in r.marks for r in standing), "label": "上升", "style": ""},
    ]
    cards = [card for group in groups for card in group["rows"]]  # type: ignore[attr-defined]
    return environment().get_template("table.html.j2").render(
        park={"name": one_line(park.name, 80)}, day=day.isoformat(), day_words=day_words(day), css=asset("table.css"), script=script,
        script_hash=f"sha256-{digest}", tiles=tiles, groups=groups, filters=_filters(cards, told), formula=formula, mark_styles=MARK_STYLES,
        bad_news=[{"row": row, "find": _find([row.company, row.kind, row.quote])} for row in bad_news],
    )
