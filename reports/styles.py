"""Colours and cell formats of the workbook, one calm palette with the page and the mail."""

from __future__ import annotations

from typing import Any

INK = "#1F2A37"
MUTED = "#64748B"
LINE = "#DDE3EA"
HEAD = "#1F4E79"
INPUT = "#FFF8E1"

_BASE: dict[str, Any] = {
    "font_name": "微软雅黑", "font_size": 10.5, "font_color": INK, "valign": "top", "text_wrap": True, "border": 1, "border_color": LINE,
}
_INDENTED: dict[str, Any] = {**_BASE, "align": "left", "indent": 1}  # text does not touch the colour of its neighbour
_HEADER: dict[str, Any] = {
    "font_name": "微软雅黑", "font_size": 10, "bold": True, "font_color": "#FFFFFF", "bg_color": HEAD, "align": "center", "valign": "vcenter",
    "text_wrap": True, "border": 1, "border_color": "#16395A",
}

STYLES: dict[str, dict[str, Any]] = {
    "text": _INDENTED,
    "center": {**_BASE, "align": "center"},
    "points": {**_BASE, "align": "right", "num_format": "+0.0;−0.0;0"},
    "company": {**_INDENTED, "bold": True},
    "tier": {**_BASE, "align": "center", "bold": True},
    "priority": {**_BASE, "align": "center", "bold": True, "num_format": "0"},
    "site": {**_BASE, "align": "center"},
    "marks": {**_BASE, "align": "center"},
    "bad": {**_BASE, "align": "center", "bold": True, "font_color": "#9B2C2C"},
    "day": {**_BASE, "align": "center", "num_format": "yyyy-mm-dd"},
    "quote": {**_INDENTED, "font_color": "#475569"},
    "link": {**_BASE, "font_color": "#1D5FA8", "underline": 1, "font_size": 9, "text_wrap": False},
    # A digit string such as 0010 stays text on every later edit too.
    "input": {**_BASE, "bg_color": INPUT, "num_format": "@", "left": 1, "left_color": "#EADFB8"},
    "id": {**_BASE, "font_color": "#CBD5E1", "font_size": 8, "text_wrap": False, "num_format": "@"},
    "empty": {"font_name": "微软雅黑", "font_size": 10, "font_color": MUTED, "italic": True},
    "header": _HEADER,
    "header_input": {**_HEADER, "bg_color": "#8A6D1B", "border_color": "#6B5415"},
}

TIER_COLOURS: dict[str, dict[str, Any]] = {
    "甲": {"bg_color": "#C8553D", "font_color": "#FFFFFF"},
    "乙": {"bg_color": "#F2D7A0", "font_color": "#6B4A07"},
    "丙": {"bg_color": "#E8ECF1", "font_color": "#475569"},
}
SITE_COLOURS: dict[str, dict[str, Any]] = {
    "未定": {"bg_color": "#D7EFE3", "font_color": "#14603F"},
    "迁出": {"bg_color": "#DDE4F7", "font_color": "#2B3F86"},
    "外地": {"font_color": "#7A8594"},
    "本地": {"bg_color": "#E4F1F6", "font_color": "#1C5B73"},
}
MARK_COLOURS: dict[str, dict[str, Any]] = {
    "有坏消息": {"font_color": "#9B2C2C", "bold": True},
    "新增": {"font_color": "#14603F", "bold": True},
    "升": {"font_color": "#B23A24", "bold": True},
    "降": {"font_color": "#64748B"},
}
TAB_COLOURS = {
    "潜在投资者": "#C8553D", "跟进中": "#2F7F5F", "在谈企业": "#2F7F5F", "已入园企业": "#2A7A99", "目标企业库": "#1F4E79", "暂不合适": "#94A3B8",
    "已排除": "#94A3B8", "坏消息": "#9B2C2C", "外迁动向": "#2B3F86", "重点城市": "#2B3F86", "评分明细": "#64748B", "评分公式": "#64748B", "说明": "#64748B",
}
