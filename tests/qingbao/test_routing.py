"""Every unit whose rule a prospect meets takes it, the rest goes to the default unit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingbao.model import Amount, EventType, Investment, Place, Prospect, Sheet, Site, Tier
from qingbao.routing import meets, route


@dataclass(frozen=True, kw_only=True)
class Takes:
    industries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    amount_min_wan: float | None = None


@dataclass(frozen=True, kw_only=True)
class Unit:
    slug: str
    name: str
    recipients: tuple[str, ...] = ()
    takes: Takes = Takes()
    default: bool = False


def _prospect(**fields: object) -> Prospect:
    given_fields = {
        "park": "yunling", "company_id": "c1", "company": "天衡电机有限公司", "names": ("天衡电机",), "sheet": Sheet.PROSPECTS, "tier": Tier.A,
        "priority": 80.0, "fit": 70.0, "intent": 75.0, "evidence": 60.0, "evidence_grade": "B", "site": Site.OPEN, "industry": "装备制造",
    }
    return Prospect(**{**given_fields, **fields})  # type: ignore[arg-type]


def _investment(wan: float | None, place: Place | None = None) -> Investment:
    amount = Amount(text="投资", value_wan=wan)
    return Investment(id="i1", company_id="c1", event_type=EventType.EXPANSION, stated=(), amount=amount, place=place)


SUZHOU = Place(province="江苏省", city="苏州市", district="张家港市")


@pytest.mark.parametrize(("fields", "takes", "met"), [
    ({}, Takes(), True),
    ({}, Takes(industries=("装备制造",)), True),
    ({}, Takes(industries=("装备 制造 ", "化工")), True),
    ({}, Takes(industries=("化工",)), False),
    ({"industry": None}, Takes(industries=("化工",)), False),
    ({"seat": SUZHOU}, Takes(places=("苏州",)), True),
    ({"seat": SUZHOU}, Takes(places=("苏州市",)), True),
    ({"seat": SUZHOU}, Takes(places=("长三角",)), True),
    ({"origin": SUZHOU}, Takes(places=("江苏省",)), True),
    ({"seat": SUZHOU}, Takes(places=("成都", "张家港市")), True),
    ({"seat": SUZHOU}, Takes(places=("成都市",)), False),
    ({}, Takes(places=("成都市",)), False),
    ({"investments": (_investment(None, SUZHOU),)}, Takes(places=("苏州市",)), True),
    # 北区 must not become 北, which would be equal to a stem of nothing
    ({"seat": Place(province="山东省", city="青岛市", district="市北区")}, Takes(places=("北区",)), False),
    ({"investments": (_investment(100000.0),)}, Takes(amount_min_wan=50000), True),
    ({"investments": (_investment(50000.0),)}, Takes(amount_min_wan=50000), True),
    ({"investments": (_investment(49999.0), _investment(60000.0))}, Takes(amount_min_wan=50000), True),
    ({"investments": (_investment(49999.0),)}, Takes(amount_min_wan=50000), False),
    ({"investments": (_investment(None),)}, Takes(amount_min_wan=1), False),
    ({"seat": SUZHOU}, Takes(industries=("化工",), places=("苏州市",)), False),
])
def test_rule(fields: dict[str, object], takes: Takes, met: bool) -> None:
    assert meets(_prospect(**fields), takes) is met


MACHINES = Unit(slug="machines", name="装备组", takes=Takes(industries=("装备制造",)))
CHEMISTRY = Unit(slug="chemistry", name="化工组", takes=Takes(industries=("化工",)))
HEAD = Unit(slug="head", name="局领导")
OFFICE = Unit(slug="office", name="综合科", default=True)


def test_every_unit_whose_rule_is_met() -> None:
    assert route(_prospect(), (MACHINES, CHEMISTRY, HEAD)) == ("machines", "head")


def test_rest_goes_to_the_default_unit_only() -> None:
    units = (MACHINES, CHEMISTRY, OFFICE)
    assert route(_prospect(industry="食品"), units) == ("office",)
    assert route(_prospect(), units) == ("machines",)


def test_default_unit_with_a_rule_gets_its_own_and_the_rest() -> None:
    both = replace(CHEMISTRY, default=True)
    assert route(_prospect(industry="化工"), (MACHINES, both)) == ("chemistry",)
    assert route(_prospect(industry="食品"), (MACHINES, both)) == ("chemistry",)


def test_without_a_default_the_first_unit_loses_nothing() -> None:
    assert route(_prospect(industry=None), (CHEMISTRY, MACHINES)) == ("chemistry",)
    assert route(_prospect(), ()) == ()


@given(st.lists(st.sampled_from([MACHINES, CHEMISTRY, HEAD, OFFICE]), min_size=1, unique=True), st.sampled_from(["装备制造", "化工", "食品", None]))
def test_nothing_is_lost(units: list[Unit], industry: str | None) -> None:
    assert route(_prospect(industry=industry), units)
