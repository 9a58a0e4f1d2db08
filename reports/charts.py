"""Small charts as inline SVG: drawn once, no script, readable on a phone and on paper."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.cells import one_line

if TYPE_CHECKING:
    from markupsafe import Markup

WIDTH = 360  # user units; a card on a phone is about as wide, so text keeps its size
WIDE = 640
INK = "#1f2a37"
SOFT = "#64748b"
GRID = "#e2e8ef"
PALETTE = ("#3d77a8", "#c08a2b", "#4c9a7a", "#8a6fb0", "#c8553d", "#5f8fa8", "#a3874f", "#7a8594")


@dataclass(frozen=True, slots=True)
class Piece:
    """A labelled count with its colour."""

    label: str
    value: int
    colour: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A ribbon from a left node to a right node."""

    origin: str
    destination: str
    value: int
    kind: str  # what colours it


def _markup(parts: Sequence[str]) -> Markup:
    from markupsafe import Markup

    return Markup("".join(parts))


def _safe(text: str, limit: int = 40) -> str:
    from markupsafe import escape

    return str(escape(one_line(text, limit)))


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: float = 13, colour: str = INK, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" fill="{colour}"{weight}>{_safe(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, colour: str, title: str = "", radius: float = 3) -> str:
    inner = f"<title>{_safe(title, 120)}</title>" if title else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" rx="{radius:g}" fill="{colour}">{inner}</rect>'


def _svg(width: float, height: float, label: str, parts: Sequence[str]) -> Markup:
    head = f'<svg viewBox="0 0 {width:g} {height:.0f}" width="{width:g}" height="{height:.0f}" role="img" aria-label="{_safe(label, 200)}">'
    return _markup([head, *parts, "</svg>"])


def bars(pieces: Sequence[Piece], label: str) -> Markup:
    """Horizontal bars: label, bar, count."""
    largest = max((piece.value for piece in pieces), default=0) or 1
    gutter = 14 + 13 * min(7, max((len(one_line(p.label, 7)) for p in pieces), default=2))
    room = WIDTH - gutter - 44
    parts = []
    for n, piece in enumerate(pieces):
        y = 6 + n * 32
        length = room * piece.value / largest
        parts += [
            _text(gutter - 10, y + 16, one_line(piece.label, 7), anchor="end"),
            _rect(gutter, y, room, 22, "#f1f4f8"),
            _rect(gutter, y, length, 22, piece.colour, f"{piece.label}：{piece.value}") if piece.value else "",
            _text(WIDTH - 4, y + 16, str(piece.value), anchor="end", bold=True),
        ]
    return _svg(WIDTH, 8 + len(pieces) * 32, label, parts)


def stacked(rows: Sequence[tuple[str, Sequence[Piece]]], label: str) -> Markup:
    """One stacked bar a row, its name above it, its sum at the right."""
    largest = max((sum(p.value for p in pieces) for _, pieces in rows), default=0) or 1
    room = WIDTH - 44
    parts = []
    for n, (name, pieces) in enumerate(rows):
        y = 4 + n * 50
        total = sum(piece.value for piece in pieces)
        parts += [_text(0, y + 14, one_line(name, 22)), _rect(0, y + 20, room, 18, "#f1f4f8"), _text(WIDTH - 4, y + 34, str(total), anchor="end", bold=True)]
        x = 0.0
        for piece in pieces:
            if piece.value:
                width = room * piece.value / largest
                parts.append(_rect(x, y + 20, max(width - 1, 1), 18, piece.colour, f"{name} {piece.label}：{piece.value}", 2))
                x += width
    return _svg(WIDTH, 4 + len(rows) * 50, label, parts)


def _step(largest: int) -> int:
    """A round distance of grid lines that gives at most five of them."""
    rough = max(1, math.ceil(largest / 4))
    scale: int = 10 ** (len(str(rough)) - 1)
    scales: list[int] = [factor * scale for factor in (1, 2, 5, 10)]
    return next(size for size in scales if size >= rough)


def columns(days: Sequence[tuple[str, Sequence[Piece]]], label: str) -> Markup:
    """Stacked columns over time, oldest left, with grid lines and the first, middle and last day named."""
    height, left, bottom = 230.0, 40.0, 28.0
    largest = max((sum(p.value for p in pieces) for _, pieces in days), default=0) or 1
    step = _step(largest)
    top = step * math.ceil(largest / step)
    room_x, room_y = WIDE - left - 8, height - bottom - 12
    parts = []
    for line in range(0, top + 1, step):
        y = 12 + room_y * (1 - line / top)
        parts += [f'<line x1="{left:g}" x2="{WIDE - 8}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GRID}"/>', _text(left - 8, y + 5, str(line), anchor="end", colour=SOFT)]
    slot = room_x / max(len(days), 8)
    width = min(slot * 0.7, 46)
    for n, (name, pieces) in enumerate(days):
        x, y = left + slot * (n + 0.5) - width / 2, 12 + room_y
        for piece in pieces:
            size = room_y * piece.value / top
            y -= size
            if piece.value:
                parts.append(_rect(x, y, width, size, piece.colour, f"{name} {piece.label}：{piece.value}", 1))
        if n in {0, len(days) // 2, len(days) - 1}:
            at_end = n == len(days) - 1 and len(days) > 8
            parts.append(_text(x + width if at_end else x + width / 2, height - 8, name, anchor="end" if at_end else "middle", colour=SOFT))
    return _svg(WIDE, height, label, parts)


def _nodes(names: Sequence[str], sums: Mapping[str, int], unit: float, gap: float) -> dict[str, float]:
    """Where each node starts from above."""
    places, y = {}, 10.0
    for name in names:
        places[name] = y
        y += sums[name] * unit + gap
    return places


def flows(moves: Sequence[Flow], colours: Mapping[str, str], label: str) -> Markup:
    """Ribbons from origins at the left to destinations at the right, as thick as their count."""
    origins: dict[str, int] = {}
    targets: dict[str, int] = {}
    for move in moves:
        origins[move.origin] = origins.get(move.origin, 0) + move.value
        targets[move.destination] = targets.get(move.destination, 0) + move.value
    total, most = sum(origins.values()) or 1, max(len(origins), len(targets), 1)
    gap, unit = 18.0, min(26.0, max(3.0, 240 / total))
    height = 20 + total * unit + gap * most
    left, right = 150.0, WIDE - 150.0
    left_at = _nodes(sorted(origins, key=lambda n: (-origins[n], n)), origins, unit, gap)
    right_at = _nodes(sorted(targets, key=lambda n: (-targets[n], n)), targets, unit, gap)
    parts = []
    for name, y in left_at.items():
        parts += [_rect(left, y, 8, origins[name] * unit, INK, "", 2), _text(left - 8, y + origins[name] * unit / 2 + 5, f"{one_line(name, 8)} {origins[name]}", anchor="end")]
    for name, y in right_at.items():
        parts += [_rect(right - 8, y, 8, targets[name] * unit, INK, "", 2), _text(right + 8, y + targets[name] * unit / 2 + 5, f"{one_line(name, 8)} {targets[name]}")]
    from_y, to_y = dict(left_at), dict(right_at)
    for move in sorted(moves, key=lambda m: (list(left_at).index(m.origin), list(right_at).index(m.destination), m.kind)):
        size = move.value * unit
        a, b, middle = from_y[move.origin], to_y[move.destination], (left + right) / 2
        from_y[move.origin] += size
        to_y[move.destination] += size
        path = (f"M{left + 8:.1f},{a:.1f} C{middle:.1f},{a:.1f} {middle:.1f},{b:.1f} {right - 8:.1f},{b:.1f} L{right - 8:.1f},{b + size:.1f} "
                f"C{middle:.1f},{b + size:.1f} {middle:.1f},{a + size:.1f} {left + 8:.1f},{a + size:.1f} Z")
        title = _safe(f"{move.origin} → {move.destination}（{move.kind}）：{move.value}", 120)
        parts.append(f'<path d="{path}" fill="{colours.get(move.kind, PALETTE[-1])}" fill-opacity=".5"><title>{title}</title></path>')
    return _svg(WIDE, height, label, parts)
