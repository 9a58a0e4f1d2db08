"""The forms of a company name that identity rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from qingbao.names import LEGAL_FORMS, abbreviates, core_name, fold_name, has_legal_form
from qingbao.places import find_place, gazetteer, stem
from qingbao.text import simplified

BRACKETS = re.compile(r"\(([^()]*)\)")
# Brackets that say nothing of a place: 某某（集团）有限公司 is 某某集团有限公司.
NO_PLACE = frozenset({"集团", "股份", "控股", "有限合伙"})
BRANCH = re.compile(r"(.*?公司)[^公]{0,16}(?:分公司|分厂|办事处|事业部)$")
STOCK = re.compile(r"股份(?:有限)?公司$|股份$")
# Foreign legal forms that qingbao.names does not know.
FOREIGN = re.compile(r"(?:\b(?:AB|KG|KGaA|SE|Oy|Oyj|B\.?V|A/S|ASA|SpA|S\.p\.A|Co|K\.?K|Company|Group|Holdings|Pte)\.?)$", re.IGNORECASE)
# The same at the end of a folded name, without its blanks; three letters of a name are left at least.
LATIN_FORM = re.compile(r"(?<=[a-zäöüéåø]{3})(?:gmbh|cokg|oyj|oy|ab|ag|se|plc|inc|ltd|llc|corp|spa|bv|nv|asa|kk)$")
GROUP = re.compile(r"(?:集团|控股)$")
DESCRIBED = re.compile(r"^[一-鿿]{2,8}(?:公司|企业|厂商|品牌|龙头|巨头)(?=[一-鿿a-z0-9]{2,8}$)")
PLACE_WITHIN = re.compile(r"中国|亚洲|亚太|大中华|华东|华南|华北|华中|西南|西北|东北")
HAN = re.compile(r"[一-鿿]")


@dataclass(frozen=True, slots=True)
class Form:
    """A full name taken apart: ``core`` without region and legal form, ``region`` in front or in brackets."""

    key: str  # whole name, folded, legal form written one way
    core: str
    region: str  # "" where none is stated
    bracketed: bool  # 某某（重庆）有限公司 is a firm of its own beside 某某有限公司
    stock: bool  # 股份有限公司
    stem: str  # without region and the last legal form: 某某集团 of 江苏某某集团有限公司


def folded_name(name: str) -> str:
    """One form for comparing: one width, simplified characters, no blanks, quotes or hyphens."""
    return fold_name(name) if name.isascii() else fold_name(simplified(name))


def company_part(name: str) -> str:
    """A full name without the branch office behind it: 某某有限公司成都分公司 → 某某有限公司."""
    branch = BRANCH.match(name.strip())
    return branch.group(1) if branch else name


def _own_core(folded: str) -> str:
    """``core_name``, also without a foreign legal form, without a country in front, and without a region where 集团 shows that the two characters left are a brand."""
    core = LATIN_FORM.sub("", core_name(folded)) if folded[:1].isascii() else core_name(folded)
    country = next((word for word in _countries_by_head().get(core[:2], ()) if core.startswith(word) and len(core) - len(word) >= 3), "")
    core = core[len(country):]
    if GROUP.search(STOCK.sub("", re.sub(r"(?:有限公司|公司)$", "", folded))):
        region = next((r for r in _regions_by_head().get(core[:2], ()) if core.startswith(r) and len(core) - len(r) == 2), "")
        if region and not is_tail(core[len(region):], "industry"):
            core = core[len(region):]
    return core


@cache
def _countries_by_head() -> dict[str, tuple[str, ...]]:
    return _by_head({word for word, country in gazetteer().countries.items() if word == country})


@cache
def _regions_by_head() -> dict[str, tuple[str, ...]]:
    return _by_head({form for chain in gazetteer().chains for part in chain[:2] if part for form in (part, stem(part))})


def _by_head(words: set[str]) -> dict[str, tuple[str, ...]]:
    heads: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        heads.setdefault(word[:2], []).append(word)
    return {head: tuple(some) for head, some in heads.items()}


def _stem(flat: str, region: str) -> str:
    for tail in ("股份有限公司", "有限公司", "股份公司", "总公司", "公司", "株式会社", "gmbh"):
        if flat.endswith(tail) and len(flat) - len(tail) >= 2:
            flat = flat[: -len(tail)]
            break
    return flat[len(region):] if region and flat.startswith(region) and len(flat) - len(region) >= 2 else flat


@lru_cache(maxsize=200_000)
def full_form(name: str) -> Form:
    """The form of a full legal name; branch offices are their company."""
    folded = company_part(folded_name(name)).replace("有限责任公司", "有限公司")
    inner = BRACKETS.search(folded)
    bracketed = bool(inner) and inner is not None and inner.group(1) not in NO_PLACE
    flat = folded.replace("(", "").replace(")", "")
    core = _own_core(folded if bracketed else flat)
    if bracketed and inner is not None:
        region = inner.group(1)
    else:
        at = flat.find(core) if core else -1
        region = flat[:at] if at > 0 else ""
    stem = _stem(BRACKETS.sub("", folded) if bracketed else flat, "" if bracketed else region)
    return Form(flat, core, re.sub(r"(省|市|区|县)$", "", region), bracketed, bool(STOCK.search(flat)), stem)


@lru_cache(maxsize=200_000)
def short_key(name: str) -> str:
    """A short name folded, as written: 某某集团 and 某某股份 may be two firms. What describes it in front is cut: 机器人公司某某."""
    return DESCRIBED.sub("", folded_name(name))


@lru_cache(maxsize=200_000)
def loose_key(name: str) -> str:
    """A short name without region, 集团, 股份 and the like."""
    folded = short_key(name)
    return _own_core(folded) or folded


@lru_cache(maxsize=200_000)
def regional_brand(short: str) -> tuple[str, str] | None:
    """(region, brand) of a short name with a region before a brand of two characters, which ``loose_key`` leaves whole: 深圳岚砥."""
    loose = loose_key(short)
    region = next((r for r in _regions_by_head().get(loose[:2], ()) if loose.startswith(r) and len(loose) - len(r) == 2), None)
    return (region, loose[len(region):]) if region else None


def is_full(name: str) -> bool:
    """Whether a name carries a legal form and something before it."""
    plain = name.strip()
    if FOREIGN.search(plain) and " " in plain:
        return True
    core = core_name(plain)
    return has_legal_form(plain) and len(core) >= 2 and core not in LEGAL_FORMS


def is_group(name: str) -> bool:
    """Whether a short name says 集团 or 控股."""
    return bool(GROUP.search(folded_name(name)))


@cache
def well_known() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The well-known groups: (full or usual name, short names that can be read out of it)."""
    lines = resources.files("pipelines").joinpath("lexicon", "well_known.txt").read_text("utf-8").splitlines()
    rows = [line.split("|") for line in lines if line and not line.startswith("#")]
    return tuple((row[0], tuple(name for name in row[1:] if not is_full(name) and (abbreviates(name, row[0]) or name in row[0]))) for row in rows)


@cache
def famous() -> frozenset[str]:
    """Names of well-known groups (``loose_key``): a firm whose name only begins with one is an affiliate, which the bare name does not mean."""
    return frozenset(loose_key(name) for full, shorts in well_known() for name in (full, *shorts))


def may_be_called(full: str, short: str) -> bool:
    """Whether a short name that no text states may be a full name's own, and not the group's brand in the name of an affiliate (某某, 某某新疆公司)."""
    form, loose, key = full_form(full), loose_key(short), short_key(short)
    if loose == form.core:
        return True
    if loose in famous():
        return False
    rest = form.key[len(key):] if form.key.startswith(key) else ""
    return not PLACE_WITHIN.search(rest) and find_place(rest) is None


@cache
def _tails() -> dict[str, re.Pattern[str]]:
    words: dict[str, list[str]] = {"generic": [], "industry": []}
    for line in resources.files("pipelines").joinpath("lexicon", "name_tails.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, row = line.split("\t")
            words[kind] += row.split()
    generic = "|".join(sorted(words["generic"], key=len, reverse=True))
    every = "|".join(sorted({*words["generic"], *words["industry"]}, key=len, reverse=True))
    return {"generic": re.compile(f"(?:{generic})+"), "industry": re.compile(f"(?:{every})+")}


def is_tail(rest: str, kind: str) -> bool:
    """Whether what stands behind a brand is made of words of a kind only (``generic``, or ``industry`` with the generic ones)."""
    return len(rest) <= 20 and bool(_tails()[kind].fullmatch(rest))


@lru_cache(maxsize=200_000)
def likeness_rank(short: str, core: str) -> int | None:
    """How well a short name (``loose_key``) fits the core of a firm: 0 equal, 1 generic tail, 2 brand and trade word, 3 trade tail; None: not.

    海某 is not 海某日立: what follows must be words of trades. Groups with many such affiliates are kept apart by ``famous``.
    """
    if short == core:
        return 0
    if len(short) < 2 or len(core) <= 2:
        return None
    if core.startswith(short):
        rest = core[len(short):]
        if is_tail(rest, "generic"):
            return 1
        return 3 if is_tail(rest, "industry") else None
    # 岚砥电子 → 岚砥汽车电子, 岚砥新材 → 岚砥特种新材料: brand of two characters, and the trade word further on.
    if len(short) >= 4 and core.startswith(short[:2]) and is_tail(short[2:], "industry") and short[2:] in core[2:]:
        return 2
    return None
