"""What a text states about two names being one firm: short, former and English names beside the full one."""

from __future__ import annotations

import re

from qingbao.model import NameKind
from qingbao.names import abbreviates, is_latin

# In brackets right behind a name: （以下简称“某某”）, （曾用名：某某有限公司）, （Brand & Co GmbH）.
BEHIND = r"\s*[（(]([^（）()]{2,80})[)）]"
FORMERLY = re.compile(r"曾用名|原名|前身|更名前|原[：:]|^原|旧称|由.{2,40}更名")
CALLED = r"[^。；;，,]{0,4}(?:简称|下称|又称|品牌|中文名|英文名|英文名称)[^。；;，,]{0,4}"


def _in_brackets(text: str, outer: str, inner: str) -> str | None:
    """The bracket behind ``outer`` that holds ``inner``."""
    for match in re.finditer(re.escape(outer) + BEHIND, text):
        if inner.lower() in match.group(1).lower():
            return match.group(1)
    return None


def renamed(text: str, old: str, new: str) -> bool:
    """Whether a text states that the firm ``old`` is called ``new`` now."""
    a, b = re.escape(old), re.escape(new)
    if re.search(rf"{a}[^。；;]{{0,20}}(?:更名为|改名为|变更为|更名成)[^。；;]{{0,6}}{b}", text):
        return True
    if re.search(rf"{b}[^。；;]{{0,12}}(?:前身(?:是|为|系)|原名|曾用名)[^。；;]{{0,6}}{a}", text) or re.search(rf"由[^。；;]{{0,6}}{a}[^。；;]{{0,12}}更名", text):
        return True
    bracket = _in_brackets(text, new, old)
    return bool(bracket and FORMERLY.search(bracket))


def stated(text: str, full: str, other: str) -> NameKind | None:
    """What kind of name ``other`` is for the firm ``full`` by what the text states; None where it states nothing.

    A bracket behind either name, 简称 and the like; a short name that can be read out of the full one needs no statement.
    """
    if len(other) < 2 or other == full:
        return None
    bracket = _in_brackets(text, full, other) or _in_brackets(text, other, full)
    if bracket and FORMERLY.search(bracket):
        return NameKind.FORMER
    if bracket:
        return NameKind.ENGLISH if is_latin(other) and not is_latin(full) else NameKind.SHORT
    if re.search(re.escape(full) + CALLED + re.escape(other), text):
        return NameKind.SHORT
    return NameKind.SHORT if abbreviates(other, full) else None
