"""Names of firms: comparing them, and what their parts say."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Longest first: a form is cut as a whole (集团股份有限公司 before 有限公司).
LEGAL_FORMS = (
    "集团股份有限公司", "集团有限责任公司", "股份有限责任公司", "集团有限公司", "股份有限公司", "有限责任公司", "有限合伙企业", "有限公司", "集团总公司", "集团公司",
    "责任公司", "总公司", "分公司", "股份公司", "控股公司", "株式会社", "集团股份", "集团控股", "公司", "集团", "股份", "控股", "总厂",
)
_FULL_END = re.compile(
    r"(?:公司|合伙企业(?:\(有限合伙\))?|株式会社|会社|Inc\.?|Ltd\.?|LLC|Corp\.?|Corporation|Limited|GmbH|AG|S\.?A\.?|PLC|N\.?V\.?|\(有限合伙\))$", re.IGNORECASE
)
_QUOTES = re.compile(r"[\s“”\"'‘’《》「」『』【】·•．.,，、\-－—_&]")
_BRACKETED = re.compile(r"\([^()]*\)")
_KIND_OF_FIRM = re.compile(r"(股份|有限责任|有限|集团|合伙)")


def fold_name(name: str) -> str:
    """One form for comparing: NFKC, lower case, no blanks, quotes, dots or hyphens."""
    plain = _QUOTES.sub("", unicodedata.normalize("NFKC", name or "").lower())
    return plain if plain.isascii() else _QUOTES.sub("", unicodedata.normalize("NFKC", plain))


@lru_cache(maxsize=1)
def _regions() -> tuple[str, ...]:
    from qingbao.places import gazetteer, stem

    short = {stem(part) for chain in gazetteer().chains for part in chain[:2] if part}
    full = {part for chain in gazetteer().chains for part in chain if part}
    return tuple(sorted(short | full | {"中国"}, key=len, reverse=True))


@lru_cache(maxsize=1)
def _regions_by_head() -> dict[str, tuple[str, ...]]:
    heads: dict[str, list[str]] = {}
    for region in _regions():
        heads.setdefault(region[:2], []).append(region)
    return {head: tuple(regions) for head, regions in heads.items()}


@lru_cache(maxsize=20000)
def core_name(name: str) -> str:
    """The folded name without brackets, legal form and leading region: 江苏某某（集团）股份有限公司 → 某某; 青岛啤酒 keeps 青岛."""
    folded = fold_name(name)
    core = _BRACKETED.sub("", folded) or folded
    cut = True
    while cut:
        cut = False
        for form in LEGAL_FORMS:
            if core.endswith(form) and len(core) - len(form) >= 2:
                core, cut = core[: -len(form)], True
                break
    for region in _regions_by_head().get(core[:2], ()):
        if core.startswith(region) and len(core) - len(region) >= 3:
            return core[len(region) :]
    return core


def has_legal_form(name: str) -> bool:
    """Whether it is a full name (…公司, GmbH, Ltd.), against a brand, a group or a stock's short name."""
    return bool(_FULL_END.search(unicodedata.normalize("NFKC", name).strip()))


def legal_form(name: str) -> str | None:
    """The legal form at the end of a full name (股份有限公司), or None."""
    folded = fold_name(name)
    return next((form for form in LEGAL_FORMS if folded.endswith(form) and len(folded) > len(form) + 1), None)


def same_firm_form(a: str, b: str) -> bool:
    """Whether two full names can be one firm by their legal form: 股份有限公司 and 有限公司 are two, a missing form fits all."""
    kinds = [frozenset(_KIND_OF_FIRM.findall(legal_form(name) or "")) - {"集团"} for name in (a, b)]
    return not kinds[0] or not kinds[1] or ("股份" in kinds[0]) == ("股份" in kinds[1])


def is_latin(name: str) -> bool:
    """Whether the name is written in Latin letters."""
    return bool(re.fullmatch(r"[A-Za-z0-9 .,&'\-()]+", name)) and any(c.isalpha() for c in name)


def abbreviates(short: str, long: str) -> bool:
    """Whether the characters of ``short`` stand in ``long`` in order, beginning with its first character or with the first one behind a region (中石油, 中国石油天然气)."""
    short, long = fold_name(short), fold_name(long)
    if not 2 <= len(short) < len(long) or has_legal_form(short):
        return False
    position = -1
    for char in short:
        position = long.find(char, position + 1)
        if position < 0:
            return False
    # A region of two or three characters may stand before the part that is abbreviated.
    return long.find(short[0]) in {0, 2, 3} or core_name(long).startswith(short[0])
