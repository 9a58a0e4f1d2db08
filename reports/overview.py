"""The overview page: the list in pictures, in one file that needs no server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qingbao.model import SITE_WORDS, Park, Prospect, Site, Tier, Verdict
from reports.cells import one_line, web_url
from reports.charts import PALETTE, Flow, Piece, bars, columns, flows, stacked
from reports.figures import CONTACTED, Move, Ranked, by_industry, by_site, by_stage, by_tier, chain, focus, moves, standing, trend
from reports.files import write_bytes
from reports.html import TIER_STYLES, asset, day_words, environment
from reports.rows import latest_verdicts, make_row

TIER_COLOURS = {"甲": "#c8553d", "乙": "#e0b152", "丙": "#b4c0cd"}
SITE_COLOURS = {Site.OPEN: "#3f8f6b", Site.LEAVING: "#5b76c4", Site.ELSEWHERE: "#b4c0cd", Site.LOCAL: "#5fa3bd", Site.FIXED: "#b4c0cd", Site.NONE: "#d8dfe7"}
STAGE_COLOUR = "#6f93b5"
TOP = 10
MAX_INDUSTRIES = 10
MAX_NODES = 8  # more origins or destinations than this become 其他
OTHER = "其他"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """How a source stands, in the words for people."""

    name: str
    state: str  # 正常, 链接过少, 拒绝访问 …
    good: bool
    last_success: date | None = None
    new_links: int | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What the last run gathered: pages by door (in Chinese), and the sources."""

    doors: Mapping[str, int]
    sources: Sequence[SourceLine] = ()


def overview_page(
    prospects: Sequence[Prospect], *, park: Park, day: date, ranks: Iterable[Ranked] = (), verdicts: Iterable[Verdict] = (),
    collected: Collected | None = None,
) -> str:
    """The page as text. ``prospects`` come ranked; ``ranks`` are the narrow table's rows of earlier runs, oldest first."""
    listed = standing(prospects)
    tiers, sites = by_tier(listed), by_site(listed)
    contacted = [company for (_, company), verdict in latest_verdicts(verdicts).items() if verdict.judgement in CONTACTED]
    moved = moves(prospects)
    return environment().get_template("overview.html.j2").render(
        park=one_line(park.name, 80), day=day.isoformat(), day_words=day_words(day), css=asset("table.css") + asset("overview.css"), total=len(listed),
        tiles=[
            {"count": len(listed), "label": "潜在投资者", "style": ""}, {"count": tiers[str(Tier.A)], "label": "甲级", "style": "a"},
            {"count": sites.get(Site.OPEN, 0) + sites.get(Site.LEAVING, 0), "label": "选址可争取", "style": "open"},
            {"count": sum(len(move.companies) for move in moved), "label": "外迁企业", "style": ""},
        ],
        legend=[{"name": name, "colour": colour} for name, colour in TIER_COLOURS.items()],
        charts=_charts(listed, tiers, sites), trend=_trend(ranks), top=_top(listed), chain=_chain(park, listed), moves=moved, flow=_flow(moved),
        focus=focus(park, prospects, contacted), collected=collected, doors=_doors(collected),
    )


def write_overview(path: Path, page: str) -> None:
    """Write the page, whole or not at all."""
    write_bytes(path, page.encode("utf-8", "replace"))


def _charts(listed: Sequence[Prospect], tiers: Mapping[str, int], sites: Mapping[Site, int]) -> list[dict[str, Any]]:
    industries = list(by_industry(listed).items())
    shown = [(name, _pieces(counts)) for name, counts in industries[:MAX_INDUSTRIES]]
    if len(industries) > MAX_INDUSTRIES:
        rest = {str(tier): sum(counts[str(tier)] for _, counts in industries[MAX_INDUSTRIES:]) for tier in Tier}
        shown.append((OTHER, _pieces(rest)))
    pictures = (
        ("级别", bars([Piece(name, n, TIER_COLOURS[name]) for name, n in tiers.items()], "按级别的企业数")),
        ("选址状态", bars([Piece(SITE_WORDS[site], n, SITE_COLOURS[site]) for site, n in sites.items()], "按选址状态的企业数")),
        ("阶段", bars([Piece(name, n, STAGE_COLOUR) for name, n in by_stage(listed).items()], "按项目阶段的企业数")),
        ("产业", stacked(shown, "按产业和级别的企业数")),
    )
    return [{"title": title, "picture": picture, "stacked": title == "产业"} for title, picture in pictures]


def _pieces(counts: Mapping[str, int]) -> list[Piece]:
    return [Piece(name, counts[name], TIER_COLOURS[name]) for name in TIER_COLOURS]


def _trend(ranks: Iterable[Ranked]) -> Any:
    days = trend(ranks)
    if not days:
        return None
    # 丙 at the bottom would lift the two that matter: 甲 stands on the line.
    return columns([(f"{d.day.month}月{d.day.day}日", _pieces(d.tiers)) for d in days], "每次运行后各级别的企业数")


def _top(listed: Sequence[Prospect]) -> list[dict[str, Any]]:
    rows = [make_row(prospect, number) for number, prospect in enumerate(listed[:TOP], 1)]
    return [{"row": row, "style": TIER_STYLES[row.prospect.tier], "url": web_url(row.prospect.quote_url)} for row in rows]


def _chain(park: Park, listed: Sequence[Prospect]) -> list[dict[str, Any]]:
    lines = chain(park, listed)
    most = max((line.total for line in lines), default=0) or 1
    shares = [
        [{"colour": TIER_COLOURS[name], "width": round(100 * line.tiers[name] / most, 1), "title": f"{name} {line.tiers[name]}"} for name in TIER_COLOURS if line.tiers[name]]
        for line in lines
    ]
    return [{"line": line, "shares": share} for line, share in zip(lines, shares)]


def _largest(names: Sequence[str]) -> set[str]:
    """The names that keep a node of their own: the most frequent ones."""
    counted = {name: names.count(name) for name in names}
    return set(sorted(counted, key=lambda name: (-counted[name], name))[:MAX_NODES])


def _flow(moved: Sequence[Move]) -> dict[str, Any] | None:
    if not moved:
        return None
    origins = _largest([move.origin for move in moved for _ in move.companies])
    targets = _largest([move.destination for move in moved for _ in move.companies])
    merged: dict[tuple[str, str, str], int] = {}
    for move in moved:
        key = (move.origin if move.origin in origins else OTHER, move.destination if move.destination in targets else OTHER, move.industry)
        merged[key] = merged.get(key, 0) + len(move.companies)
    kinds = list(dict.fromkeys(kind for _, _, kind in sorted(merged, key=lambda k: -merged[k])))
    colours = {kind: PALETTE[min(n, len(PALETTE) - 1)] for n, kind in enumerate(kinds)}
    return {
        "picture": flows([Flow(origin, target, value, kind) for (origin, target, kind), value in merged.items()], colours, "迁出地到去向"),
        "legend": [{"name": kind, "colour": colour} for kind, colour in colours.items()],
    }


def _doors(collected: Collected | None) -> Any:
    if collected is None or not collected.doors:
        return None
    rows = sorted(collected.doors.items(), key=lambda row: -row[1])
    return bars([Piece(name, count, STAGE_COLOUR) for name, count in rows], "网页的去向")
