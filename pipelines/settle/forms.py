"""The forms of a company name that identity rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qingbao.names import core_name, fold_name, has_legal_form

# What may follow a short name without making it another firm: 岚砥电子 and 岚砥电子科技 are one where only one such firm is known.
GENERIC_TAIL = re.compile(r"^(科技|技术|股份|集团|实业|控股|工业|制造|企业|发展|科技集团|科技股份|集团股份|公司|控股集团)+$")
BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")
BRANCH = re.compile(r"(.*?公司)[^公]{0,16}(?:分公司|分厂|办事处|事业部)$")
STOCK = re.compile(r"股份有限公司$|股份$")


@dataclass(frozen=True, slots=True)
class Form:
    """A full name taken apart: ``core`` without region and legal form, ``region`` in front or in brackets."""

    key: str  # whole name, folded, legal form written one way
    core: str
    region: str  # "" where none is stated
    bracketed: bool  # 某某（重庆）有限公司 is a firm of its own beside 某某有限公司
    stock: bool  # 股份有限公司


@lru_cache(maxsize=200_000)
def full_form(name: str) -> Form:
    """The form of a full legal name; branch offices are their company."""
    folded = fold_name(name)
    branch = BRANCH.match(folded)
    if branch:
        folded = branch.group(1)
    inner = BRACKETS.search(folded)
    core = core_name(folded)
    flat = folded.replace("(", "").replace(")", "").replace("有限责任公司", "有限公司")
    if inner:
        region = inner.group(1)
    else:
        at = folded.find(core) if core else -1
        region = folded[:at] if at > 0 else ""
    region = re.sub(r"(省|市|区|县)$", "", region)
    return Form(flat, core, region, bool(inner), bool(STOCK.search(folded)))


@lru_cache(maxsize=200_000)
def short_key(name: str) -> str:
    """A short name folded, without 集团, 股份 and the like."""
    folded = fold_name(name)
    return core_name(folded) or folded


def is_full(name: str) -> bool:
    """Whether a name carries a legal form and something before it."""
    return has_legal_form(name) and len(core_name(name)) >= 2


def same_firm_tail(short: str, core: str) -> bool:
    """Whether ``core`` is ``short`` or ``short`` with a generic tail."""
    return core == short or (len(short) >= 2 and core.startswith(short) and bool(GENERIC_TAIL.match(core[len(short):])))
