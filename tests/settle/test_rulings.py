"""The analyst's word: merge, split, undo; ids and what hangs on them stay valid in later nights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qingbao.errors import UsageError
from qingbao.model import Verdict
from schedules.jobs import companies
from tests.settle.nightly import Nights, nights_in
from tests.settle.test_settle import reading, signal

BRAND, FULL, OTHER = "岚砥", "深圳市岚砥电子科技股份有限公司", "青棠材料有限公司"
DAY = date(2026, 9, 10)


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with nights_in(tmp_path) as opened:
        yield opened


def told(number: int, mention: str, day: int = 0, **more: object):  # type: ignore[no-untyped-def]
    url = f"http://x/{number}"
    return reading(url, signal(url, mention, **more), day=day)  # type: ignore[arg-type]


def by_name(nights: Nights) -> dict[str, str]:
    return {company.name: company.id for company in nights.records.companies()}


def verdict(nights: Nights, company_id: str) -> None:
    nights.records.add_verdicts([Verdict(id="v1", park="p", company_id=company_id, judgement="已联系", note=None, actor=None, unit="u", at=datetime(2026, 9, 11, tzinfo=UTC),
                                         source_file="x")])


def test_a_merge_moves_all_and_leaves_a_redirect(nights: Nights) -> None:
    nights.night(DAY, [told(1, BRAND, product="阀门"), told(2, FULL)])
    before = by_name(nights)
    verdict(nights, before[BRAND])
    companies.merge(nights.instance, companies.find(nights.instance, FULL), companies.find(nights.instance, BRAND))
    assert by_name(nights) == {FULL: before[FULL]}
    assert nights.records.redirects() == {before[BRAND]: before[FULL]}
    assert [v.company_id for v in nights.records.verdicts()] == [before[FULL]]
    assert {one.company_id for one in nights.records.investments()} == {before[FULL]}
    assert set(nights.records.mentions().values()) == {before[FULL]}


def test_a_merge_keeps_the_name_of_the_firm_that_stays(nights: Nights) -> None:
    nights.night(DAY, [told(1, FULL, product="阀门"), told(2, OTHER)])
    done = companies.merge(nights.instance, companies.find(nights.instance, OTHER), companies.find(nights.instance, FULL))
    assert done.keep.name == OTHER
    assert FULL in {name.text for name in done.keep.names}


def test_later_nights_obey_a_merge(nights: Nights) -> None:
    nights.night(DAY, [told(1, BRAND, product="阀门"), told(2, OTHER)])
    before = by_name(nights)
    companies.merge(nights.instance, companies.find(nights.instance, OTHER), companies.find(nights.instance, BRAND))
    nights.night(date(2026, 9, 12), [told(3, BRAND, day=5), told(4, OTHER, day=5, product="管件")])
    assert by_name(nights) == {OTHER: before[OTHER]}
    nights.night(date(2026, 9, 13), [], everything=True)
    assert by_name(nights) == {OTHER: before[OTHER]}


@pytest.mark.parametrize("later", [False, True])
def test_an_undone_merge_gives_both_their_ids_back(nights: Nights, later: bool) -> None:
    nights.night(DAY, [told(1, BRAND, product="阀门"), told(2, OTHER)])
    before = by_name(nights)
    companies.merge(nights.instance, companies.find(nights.instance, OTHER), companies.find(nights.instance, BRAND))
    if later:
        nights.night(date(2026, 9, 12), [told(3, BRAND, day=5), told(4, OTHER, day=5, product="管件")])
    done = companies.undo(nights.instance)
    assert by_name(nights) == before
    assert nights.records.redirects() == {}
    assert done.other is not None
    assert done.other.id == before[BRAND]
    nights.night(date(2026, 9, 14), [told(5, BRAND, day=6, product="泵")])
    assert by_name(nights) == before


def test_a_split_founds_a_company_of_its_own_and_holds(nights: Nights) -> None:
    nights.night(DAY, [told(1, "岚砥电子", product="阀门"), told(2, FULL)])
    before = by_name(nights)
    assert list(before) == [FULL]
    done = companies.split(nights.instance, companies.find(nights.instance, FULL), ["岚砥电子"])
    assert done.other is not None
    assert done.keep.id == before[FULL]
    after = by_name(nights)
    assert after == {FULL: before[FULL], "岚砥电子": done.other.id}
    nights.night(date(2026, 9, 12), [told(3, "岚砥电子", day=5), told(4, FULL, day=5, names=("岚砥电子",))])
    assert by_name(nights) == after
    mentions = nights.records.mentions()
    assert mentions[told(3, "岚砥电子").signals[0].key] == done.other.id


def test_an_undone_split_joins_again(nights: Nights) -> None:
    nights.night(DAY, [told(1, "岚砥电子", product="阀门"), told(2, FULL)])
    before = by_name(nights)
    other = companies.split(nights.instance, companies.find(nights.instance, FULL), ["岚砥电子"]).other
    companies.undo(nights.instance)
    assert other is not None
    assert by_name(nights) == before
    assert nights.records.redirects() == {other.id: before[FULL]}
    with pytest.raises(UsageError, match="没有可撤销"):
        companies.undo(nights.instance)


def test_a_split_of_full_names(nights: Nights) -> None:
    nights.night(DAY, [told(1, "岚砥电子有限公司", product="阀门"), told(2, "重庆岚砥电子有限公司")])
    assert len(by_name(nights)) == 1
    done = companies.split(nights.instance, companies.find(nights.instance, "岚砥电子"), ["岚砥电子有限公司"])
    assert done.other is not None
    nights.night(date(2026, 9, 12), [told(3, "岚砥电子有限公司", day=5)], everything=True)
    assert nights.records.mentions()[told(3, "岚砥电子有限公司").signals[0].key] == done.other.id
    assert set(by_name(nights)) == {"岚砥电子有限公司", "重庆岚砥电子有限公司"}


def test_old_articles_follow_a_merge(nights: Nights) -> None:
    nights.night(DAY, [told(1, BRAND, product="阀门"), told(2, OTHER)])
    nights.night(date(2027, 3, 1), [told(3, OTHER, day=170, product="管件")])  # the first two have left the window
    companies.merge(nights.instance, companies.find(nights.instance, OTHER), companies.find(nights.instance, BRAND))
    assert set(nights.records.mentions().values()) == {by_name(nights)[OTHER]}
    assert {one.company_id for one in nights.records.investments()} == {by_name(nights)[OTHER]}


@pytest.mark.parametrize(("call", "says"), [
    (lambda i: companies.find(i, "没有这家"), "没有名为"),
    (lambda i: companies.merge(i, companies.find(i, FULL), companies.find(i, FULL)), "已经是同一家"),
    (lambda i: companies.split(i, companies.find(i, FULL), ["别名"]), "没有名称“别名”"),
    (lambda i: companies.split(i, companies.find(i, FULL), [FULL]), "没有名称可留"),
    (lambda i: companies.undo(i, "m0"), "没有可撤销"),
])
def test_what_cannot_be_ruled_is_said(nights: Nights, call, says: str) -> None:  # type: ignore[no-untyped-def]
    nights.night(DAY, [told(2, FULL)])
    with pytest.raises(UsageError, match=says):
        call(nights.instance)
    assert nights.records.rulings() == []


def test_a_name_of_two_firms_must_be_said_by_id(nights: Nights) -> None:
    nights.night(DAY, [told(1, "江苏青棠新材料有限公司"), told(2, "广东青棠食品有限公司")])
    with pytest.raises(UsageError, match="对应多家企业"):
        companies.find(nights.instance, "青棠")
