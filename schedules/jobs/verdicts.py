"""What staff said of prospects: read back from their tables, and what follows for the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qingbao.clock import shanghai_day
from qingbao.errors import UsageError
from qingbao.model import Company, CompanyStatus, Investment, Verdict
from schedules.instance import Instance

FOLLOWED = ("已联系", "在谈")
UNFIT = "不合适"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the verdicts make of the companies: who is followed (with what was said), who is hidden."""

    contacted: dict[str, str]
    hidden: dict[str, str]


def latest(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The latest verdict of each unit on each company, oldest first."""
    newest: dict[tuple[str, str, str | None], Verdict] = {}
    for one in sorted(verdicts, key=lambda v: (v.at, v.id)):
        newest[one.park, one.company_id, one.unit] = one
    return sorted(newest.values(), key=lambda v: (v.at, v.id))


def standing(verdicts: Sequence[Verdict], investments: Sequence[Investment]) -> Standing:
    """A firm that one unit has contacted is followed, whatever others say; 不合适 hides it until it has a new investment."""
    contacted: dict[str, str] = {}
    unfit: dict[str, Verdict] = {}
    for one in latest(verdicts):
        day = shanghai_day(one.at)
        if one.judgement in FOLLOWED:
            contacted[one.company_id] = f"{one.judgement}（{one.unit or one.actor or '未注明单位'}，{day:%Y-%m-%d}）{one.note or ''}"
        elif one.judgement == UNFIT:
            unfit[one.company_id] = one
    newest: dict[str, object] = {}
    for investment in investments:
        if investment.first_day and investment.company_id in unfit and investment.first_day > shanghai_day(unfit[investment.company_id].at):
            newest[investment.company_id] = investment
    hidden = {
        company: f"{UNFIT}（{one.unit or one.actor or '未注明单位'}，{shanghai_day(one.at):%Y-%m-%d}）{one.note or ''}"
        for company, one in unfit.items() if company not in newest
    }
    return Standing(contacted, hidden)


def apply(company: Company, stand: Standing) -> Company:
    """A company with the status that the verdicts give it; lists (resident, in talks) go first."""
    if company.id in stand.hidden and company.status is CompanyStatus.OPEN:
        return replace(company, status=CompanyStatus.HIDDEN, status_note=stand.hidden[company.id])
    return company


def import_verdicts(instance: Instance, path: Path, *, actor: str | None = None, unit: str | None = None) -> tuple[int, list[str]]:
    """Read 判断 and 备注 back from a table: (how many are new, notices).

    ``unit``: slug or name of a unit. Raises ``UsageError`` for an unknown unit, ``ConfigError`` with file, row and column; then
    nothing is taken.
    """
    from reports.verdicts import read_verdicts

    known = {park.slug for park in instance.parks}
    found = read_verdicts(path, at=instance.clock(), actor=actor, unit=_unit_slug(instance, unit))
    verdicts = [one for one in found.verdicts if one.park in known]
    notices = list(found.notices)
    if len(verdicts) < len(found.verdicts):
        notices.append(f"{path.name}：{len(found.verdicts) - len(verdicts)} 行属于其他园区，未读入")
    redirects = instance.records.redirects()
    verdicts = [replace(one, company_id=redirects.get(one.company_id, one.company_id)) for one in verdicts]
    return instance.records.add_verdicts(verdicts), notices


def _unit_slug(instance: Instance, stated: str | None) -> str | None:
    """One unit has one name in the records: the latest verdict of a unit counts."""
    units = instance.config.units
    slug = next((unit.slug for unit in units if stated in {unit.slug, unit.name}), None)
    if stated and slug is None:
        raise UsageError(f"没有单位“{stated}”，qingbao.yaml 中有：{'、'.join(f'{unit.slug}（{unit.name}）' for unit in units)}")
    return slug
