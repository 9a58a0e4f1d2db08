"""The analyst's word on companies: these two are one, this one is two; kept, obeyed in every later night, and undone by one command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qingbao.errors import UsageError
from qingbao.keys import random_id
from qingbao.model import Company, NameKind
from records.values import Ruling, RulingKind
from schedules.instance import Instance

SHOWN = 10  # companies named where a name fits several


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling and the companies that came of it."""

    ruling: Ruling
    keep: Company
    other: Company | None  # None: merged


def find(instance: Instance, words: str) -> Company:
    """The company of an id or a name. Raises ``UsageError`` where none or several fit."""
    company = instance.records.company(words)
    if company is not None:
        return company
    found = instance.records.find_companies(words)
    if not found:
        raise UsageError(f"没有名为“{words}”的企业；可先用 qingbao search 查找")
    exact = [one for one in found if one.name == words]
    if len(found) > 1 and len(exact) != 1:
        named = "、".join(f"{one.name}（{one.id}）" for one in found[:SHOWN])
        raise UsageError(f"“{words}”对应多家企业，请写编号：{named}")
    return (exact or found)[0]


def own_names(company: Company) -> tuple[str, ...]:
    """The names by which a ruling knows a company: those that something proves, else all."""
    from pipelines.settle.book import INFERRED

    written = [name for name in company.names if name.kind is not NameKind.STOCK_CODE]
    proven = [name.text for name in written if not name.source.startswith(INFERRED)]
    return tuple(dict.fromkeys(proven or [name.text for name in written] or [company.name]))


def merge(instance: Instance, keep: Company, other: Company, *, actor: str | None = None) -> Ruled:
    """``other`` is the firm ``keep``: its articles, verdicts and history follow. Raises ``UsageError`` for one and the same company."""
    if keep.id == other.id:
        raise UsageError(f"“{keep.name}”和“{other.name}”已经是同一家企业（{keep.id}）")
    return _rule(instance, Ruling(id=random_id("m"), kind=RulingKind.MERGE, keep_id=keep.id, other_id=other.id, keep_names=own_names(keep),
                                  other_names=own_names(other), at=instance.clock(), actor=actor))


def split(instance: Instance, company: Company, names: Sequence[str], *, actor: str | None = None) -> Ruled:
    """``names`` are another firm, which gets an id of its own. Raises ``UsageError`` for names that the company has not, or all it has."""
    known = {name.text for name in company.names}
    strange = [name for name in names if name not in known]
    if strange:
        raise UsageError(f"“{company.name}”没有名称“{'、'.join(strange)}”；它的名称有：{'、'.join(sorted(known))}")
    rest = tuple(name for name in own_names(company) if name not in names)
    if not rest:
        raise UsageError(f"拆分后“{company.name}”没有名称可留；请只写另一家企业的名称")
    return _rule(instance, Ruling(id=random_id("m"), kind=RulingKind.SPLIT, keep_id=company.id, other_id=None, keep_names=rest,
                                  other_names=tuple(dict.fromkeys(names)), at=instance.clock(), actor=actor))


def undo(instance: Instance, ruling_id: str | None = None, *, actor: str | None = None) -> Ruled:
    """Take a ruling back (without an id: the last one that stands). Raises ``UsageError`` where there is none."""
    rulings = instance.records.rulings()
    undone = {ruling.undoes for ruling in rulings}
    open_ = [ruling for ruling in rulings if ruling.undoes is None and ruling.id not in undone]
    chosen = next((ruling for ruling in reversed(open_) if ruling_id in {None, ruling.id}), None)
    if chosen is None:
        raise UsageError(f"没有可撤销的合并或拆分{'：' + ruling_id if ruling_id else ''}")
    if chosen.kind is RulingKind.MERGE:
        kind, other_id = RulingKind.SPLIT, chosen.other_id
    else:
        kind, other_id = RulingKind.MERGE, _company_of(instance, chosen.other_names, chosen.keep_id)
    return _rule(instance, Ruling(id=random_id("m"), kind=kind, keep_id=chosen.keep_id, other_id=other_id, keep_names=chosen.keep_names,
                                  other_names=chosen.other_names, at=instance.clock(), actor=actor, undoes=chosen.id))


def _company_of(instance: Instance, names: Sequence[str], besides: str) -> str | None:
    """The company, other than ``besides``, that has one of these names."""
    final = instance.records.redirects().get(besides, besides)
    found = [one for name in names for one in instance.records.find_companies(name) if any(told.text == name for told in one.names) and one.id != final]
    return found[0].id if found else None


def _rule(instance: Instance, ruling: Ruling) -> Ruled:
    from schedules.jobs.settle import settle_ruled

    records = instance.records
    records.add_ruling(ruling)
    settle_ruled(instance, ruling)
    keep = records.company(ruling.keep_id)
    assert keep is not None  # a ruling's company is never removed
    if ruling.kind is RulingKind.MERGE:
        return Ruled(ruling, keep, None)
    other_id = ruling.other_id or _company_of(instance, ruling.other_names, keep.id)
    return Ruled(ruling, keep, records.company(other_id) if other_id else None)
