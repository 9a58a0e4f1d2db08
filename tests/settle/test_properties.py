"""Properties of the partition: order, repetition, splitting into nights, ids of other names."""

from __future__ import annotations

import itertools
import random
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.settle.settle import Known, settle
from qingbao.model import Adverse, AdverseType, EventType, Quote, Site
from records.values import Reading, Settlement
from tests.settle.nightly import nights_in
from tests.settle.test_settle import grouped, partition, reading, signal

NAMES = ("岚砥", "岚砥电子", "岚砥集团", "深圳市岚砥电子科技股份有限公司", "岚砥电子（重庆）有限公司", "青棠有限公司", "青棠", "江苏青棠新材料有限公司", "广东青棠食品有限公司",
         "霁芯半导体有限公司", "霁芯半导体", "中石油", "中国石油")
DAYS = 12

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def articles(draw: st.DrawFn) -> list[Reading]:
    made = []
    for n in range(draw(st.integers(2, 9))):
        url = f"http://x/{n}"
        mention, other = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
        stated = draw(st.booleans())
        site = draw(st.sampled_from([Site.OPEN, Site.FIXED, Site.NONE]))
        told = signal(url, mention, names=(other,) if other != mention else (), event=draw(st.sampled_from([EventType.NEW_BUILD, EventType.SIGNING, EventType.FINANCING])),
                      wan=draw(st.sampled_from([None, 50_000.0, 120_000.0])), city=draw(st.sampled_from([None, "甲", "乙"])),
                      product=draw(st.sampled_from([None, "电机", "阀门"])), site=site)
        ended = Adverse(key=f"a{n}", article_url=url, mention=mention, kind=AdverseType.TERMINATION, quote=Quote(text="终止该项目"))
        text = f"{mention}（{other}）第{n}条消息，内容各不相同，共{n}段。" if stated else f"{mention}与{other}，第{n}条。"
        made.append(reading(url, told, day=draw(st.integers(0, DAYS)), text=text, adverse=(ended,) if draw(st.integers(0, 5)) == 0 else ()))
    return made


def known(done: Settlement) -> Known:
    return Known(companies=done.companies, stories=done.stories, investments=done.investments, bad_news=done.bad_news, relations=done.relations, texts=done.texts)


@calm
@given(articles(), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_settlement(readings: list[Reading], chance: random.Random) -> None:
    first = settle(readings, Known(), ())
    chance.shuffle(readings)
    assert settle(readings, Known(), ()) == first


@calm
@given(articles())
def test_settling_again_changes_nothing(readings: list[Reading]) -> None:
    first = settle(readings, Known(), ())
    again = settle(readings, known(first), ())
    assert again == first


@calm
@given(articles(), st.integers(1, DAYS))
def test_two_nights_give_what_one_gives(readings: list[Reading], cut: int) -> None:
    first = [one for one in readings if one.signals[0].key and one.article.published_at and one.article.published_at.day <= cut]
    evening = settle(first, Known(), ())
    assert grouped(settle(readings, known(evening), ())) == grouped(settle(readings, Known(), ()))


@calm
@given(articles())
def test_ids_are_only_names(readings: list[Reading]) -> None:
    first = settle(readings, Known(), ())
    other = {company.id: f"c{n:03}" for n, company in enumerate(reversed(first.companies))}
    companies = [replace(company, id=other[company.id], parent_id=other.get(company.parent_id or "")) for company in first.companies]
    investments = [replace(one, id=f"i{n:03}", company_id=other[one.company_id]) for n, one in enumerate(reversed(first.investments))]
    again = settle(readings, Known(companies=companies, investments=investments), ())
    assert grouped(again) == grouped(first)
    assert {company.id for company in again.companies} == set(other.values())
    assert again.redirects == ()


@settings(calm, max_examples=30)
@given(articles(), st.lists(st.integers(1, DAYS), min_size=1, max_size=3, unique=True))
def test_nights_in_the_records_give_what_all_at_once_give(readings: list[Reading], cuts: list[int]) -> None:
    """Each night settles only what its articles touch; the partition is that of everything at once."""
    wanted = grouped(settle(readings, Known(), ()))
    with tempfile.TemporaryDirectory() as folder, nights_in(Path(folder)) as nights:
        bounds = [0, *sorted(cuts), DAYS + 1]
        for low, high in itertools.pairwise(bounds):
            part = [one for one in readings if one.article.published_at and low < one.article.published_at.day <= high]
            nights.night(date(2026, 9, 1) + timedelta(days=high), part)
        companies, investments, stories = (partition(found) for found in nights.partitions())
    assert (companies, investments, stories) == wanted
