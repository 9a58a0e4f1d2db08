"""Which units of the office take a prospect."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Protocol

from qingbao.model import Place, Prospect

# Offices split China by these words; they are not administrative places, so the table of divisions does not know them.
REGIONS = {
    "京津冀": ("北京市", "天津市", "河北省"),
    "长三角": ("上海市", "江苏省", "浙江省", "安徽省"),
    "珠三角": ("广东省",),
    "粤港澳": ("广东省", "香港特别行政区", "澳门特别行政区"),
    "成渝": ("四川省", "重庆市"),
}
_SUFFIXES = ("特别行政区", "自治区", "自治州", "省", "市", "区", "县", "盟", "旗")


class Takes(Protocol):
    """What a unit takes: every kind of condition that is given must hold, one of its values is enough."""

    @property
    def industries(self) -> tuple[str, ...]:
        """Names as in the park's profile."""

    @property
    def places(self) -> tuple[str, ...]:
        """Province, city, district, zone or a region word (长三角): one of the prospect's seat, origin, destinations."""

    @property
    def amount_min_wan(self) -> float | None:
        """万元; a prospect without a known amount does not meet it."""


class Unit(Protocol):
    """A unit of the office that gets a digest of its own (``config.UnitConfig`` is one). Identity: ``slug``."""

    @property
    def slug(self) -> str:
        """Short Latin name."""

    @property
    def name(self) -> str:
        """As staff call it."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Mail addresses."""

    @property
    def takes(self) -> Takes:
        """Its rule."""

    @property
    def default(self) -> bool:
        """Whether it gets what no rule takes."""


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def _stem(name: str) -> str:
    """A place's name without its suffix: 成都市 and 成都 are one; 北区 keeps two characters at least."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name[: -len(suffix)]
    return name


def _levels(places: Iterable[Place | None]) -> set[str]:
    names: set[str] = set()
    for place in places:
        if place is not None:
            names.update(_stem(_fold(name)) for name in (place.province, place.city, place.district, place.zone) if name)
    return names


def _places(prospect: Prospect) -> list[Place | None]:
    found = [prospect.seat, prospect.origin, prospect.destination]
    for investment in prospect.investments:
        found += [investment.place, investment.place_from]
    return found


def largest_amount_wan(prospect: Prospect) -> float | None:
    """The largest amount of one of the prospect's investments in 万元, None where none is known."""
    known = [i.amount.value_wan for i in prospect.investments if i.amount is not None and i.amount.value_wan is not None]
    return max(known, default=None)


def meets(prospect: Prospect, takes: Takes) -> bool:
    """Whether a prospect meets a unit's rule; a rule without conditions takes everything."""
    if takes.industries and (prospect.industry is None or _fold(prospect.industry) not in {_fold(name) for name in takes.industries}):
        return False
    if takes.places:
        wanted = [part for name in takes.places for part in REGIONS.get(name, (name,))]
        if not _levels(_places(prospect)) & {_stem(_fold(name)) for name in wanted}:
            return False
    if takes.amount_min_wan is not None:
        amount = largest_amount_wan(prospect)
        if amount is None or amount < takes.amount_min_wan:
            return False
    return True


def _takes_everything(takes: Takes) -> bool:
    return not takes.industries and not takes.places and takes.amount_min_wan is None


def route(prospect: Prospect, units: Sequence[Unit]) -> tuple[str, ...]:
    """Slugs of the units that take a prospect, in the order of ``units``: all whose rule it meets, else the default ones.

    A default unit without a rule gets the rest only. Where no unit is marked default the first one is, so that nothing is lost.
    """
    taken = [unit.slug for unit in units if not (unit.default and _takes_everything(unit.takes)) and meets(prospect, unit.takes)]
    if taken or not units:
        return tuple(taken)
    return tuple(unit.slug for unit in units if unit.default) or (units[0].slug,)
