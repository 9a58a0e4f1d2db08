"""What a text states about two names being one firm: short, former and English names beside the full one."""

from __future__ import annotations

import re

from pipelines.settle.forms import may_be_called
from qingbao.model import NameKind
from qingbao.names import abbreviates, is_latin

# In brackets right behind a name: （以下简称“某某”）, （曾用名：某某有限公司）, （Brand & Co GmbH）.
BEHIND = r"\s*[（(]([^（）()]{2,80})[)）]"
FORMERLY = re.compile(r"曾用名|原名|前身|更名前|原[：:]|^原|旧称|由.{2,40}更名")
CALLED = r"[^。；;，,]{0,4}(?:简称|下称|又称|品牌|中文名|英文名|英文名称)[^。；;，,]{0,4}"


def _in_brackets(text: str, outer: str, inner: str) -> str | None:
    """The clause that holds ``inner`` in a bracket behind ``outer``; one that holds it as a whole name goes first."""
    clauses = [clause for match in re.finditer(re.escape(outer) + BEHIND, text) for clause in re.split(r"[，,；;、]", match.group(1))
               if inner.lower() in clause.lower()]
    return min(clauses, key=lambda clause: len(clause.strip("“”\"'「」")), default=None)


def renamed(text: str, old: str, new: str) -> bool:
    """Whether a text states that the firm ``old`` is called ``new`` now."""
    a, b = re.escape(old), re.escape(new)
    if re.search(rf"{a}[^。；;]{{0,20}}(?:更名为|改名为|变更为|更名成)[^。；;]{{0,6}}{b}", text):
        return True
    if re.search(rf"{b}[^。；;]{{0,12}}(?:前身(?:是|为|系)|原名|曾用名)[^。；;]{{0,6}}{a}", text) or re.search(rf"由[^。；;]{{0,6}}{a}[^。；;]{{0,12}}更名", text):
        return True
    bracket = _in_brackets(text, new, old)
    return bool(bracket and FORMERLY.search(bracket))


def daughter(text: str, full: str) -> bool:
    """Whether a text tells that ``full`` is founded by, or belongs to, another firm: then that one's short names stand beside it."""
    return bool(re.search(r"(?:子公司|孙公司|设立|成立|新设|组建|注册)[^。；;，,]{0,8}" + re.escape(full), text))


def stated(text: str, full: str, other: str) -> NameKind | None:
    """What kind of name ``other`` is for the firm ``full`` by what the text states: a bracket behind either name, 简称 and the like; None: nothing."""
    if len(other) < 2 or other == full:
        return None
    bracket = _in_brackets(text, full, other) or _in_brackets(text, other, full)
    if bracket and FORMERLY.search(bracket):
        return NameKind.FORMER
    if bracket:
        return NameKind.ENGLISH if is_latin(other) and not is_latin(full) else NameKind.SHORT
    return NameKind.SHORT if re.search(re.escape(full) + CALLED + re.escape(other), text) else None


def used(text: str, full: str, other: str) -> bool:
    """Whether ``other``, which a document uses for the firm ``full``, can be read out of that name, though nothing states it."""
    return len(other) >= 2 and other != full and abbreviates(other, full) and may_be_called(full, other) and not daughter(text, full)
