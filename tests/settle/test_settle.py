"""Companies, investments and stories: tables of cases and the properties of a partition."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.settle.settle import Known, settle
from qingbao import keys
from qingbao.list_files import ListRow
from qingbao.model import (
    Adverse,
    AdverseType,
    Amount,
    Article,
    CompanyStatus,
    EventType,
    Place,
    Quote,
    Signal,
    Site,
    Stage,
    Trust,
)
from records.values import Reading, Settlement

FIRST = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
FULL = "深圳市岚砥电子科技股份有限公司"


def signal(url: str, mention: str, *, names: tuple[str, ...] = (), event: EventType = EventType.NEW_BUILD, wan: float | None = 120_000,
           city: str | None = None, product: str | None = "电机", site: Site = Site.OPEN, parent: str | None = None, stage: Stage | None = None) -> Signal:
    place = Place(province=f"{city}省", city=city) if city else None
    quote = f"{mention}拟建{product}"
    return Signal(key=keys.signal_key(url, mention, quote, event.value, str(wan), city), article_url=url, mention=mention, names=names, event_type=event,
                  quote=Quote(text=quote), site=site, amount=Amount(text="x", value_wan=wan) if wan else None, place=place, product=product, parent=parent,
                  stage=stage)


def reading(url: str, *signals: Signal, day: int = 0, text: str | None = None, title: str = "", origin: str | None = None,
            adverse: tuple[Adverse, ...] = ()) -> Reading:
    body = text or f"{url}的正文，讲了一些别的事情。"
    article = Article(url=url, title=title or url, text=body, text_hash=keys.text_hash(body), published_at=FIRST + timedelta(days=day), origin=origin or url,
                      trust=Trust.MEDIA)
    return Reading(article=article, signals=signals, adverse=adverse)


def ids(done: Settlement) -> dict[str, str]:
    """mention as written → company id (one mention, one company in these cases)."""
    return dict(done.mentions.items())


def companies_of(*mentions: tuple[str, tuple[str, ...]], lists: tuple[tuple[str, ListRow], ...] = ()) -> list[str]:
    """The company id of each mention, told in articles of their own."""
    readings = [reading(f"http://x/{n}", signal(f"http://x/{n}", mention, names=names, product=f"品{n}")) for n, (mention, names) in enumerate(mentions)]
    done = settle(readings, Known(), lists)
    return [done.mentions[r.signals[0].key] for r in readings]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ((FULL, ()), (FULL, ()), True),
        ((FULL, ("岚砥电子",)), ("岚砥电子", ()), True),  # the short name is stated beside the full one
        ((FULL, ()), ("岚砥电子科技", ()), True),  # the core itself
        ((FULL, ()), ("岚砥电子", ()), True),  # core with a generic tail, only one such firm
        ((FULL, ()), ("岚砥电子科技股份有限公司", ()), True),  # without the region
        ((FULL, ()), ("深圳岚砥", ()), True),  # region and brand
        ((FULL, ()), ("重庆岚砥", ()), False),  # of another region
        (("岚砥（集团）有限公司", ()), ("岚砥(集团)有限公司", ()), True),  # width of brackets
        (("岚砥电子有限公司", ()), ("岚砥（重庆）电子有限公司", ()), False),  # a firm of its own in another place
        (("重庆岚砥电子有限公司", ()), ("武汉岚砥电子有限公司", ()), False),
        (("海穹", ()), ("海穹日立", ()), False),  # brand and joint venture
        (("万曜化学集团股份有限公司", ()), ("万曜生态有限公司", ()), False),
        (("岚砥", ()), ("岚砥", ()), True),  # a bare brand founds a provisional company
        (("青棠有限公司", ()), ("青棠有限责任公司", ()), True),
        (("青棠制药有限公司武汉分公司", ()), ("青棠制药有限公司", ()), True),  # branch office
    ],
)
def test_which_names_are_one_company(a: tuple[str, tuple[str, ...]], b: tuple[str, tuple[str, ...]], same: bool) -> None:
    first, second = companies_of(a, b)
    assert (first == second) is same


def test_a_short_name_that_fits_two_firms_stays_apart() -> None:
    one, two, short = companies_of(("江苏青棠新材料有限公司", ("青棠",)), ("广东青棠食品有限公司", ("青棠",)), ("青棠", ()))
    assert len({one, two, short}) == 3


def test_a_list_row_joins_full_name_short_name_and_stock_code() -> None:
    row = ListRow(name=FULL, short_name="岚砥股份", stock_code="009999", list_name="a")
    found = companies_of((FULL, ()), ("岚砥股份", ()), lists=(("targets", row),))
    assert len(set(found)) == 1


def test_a_provisional_company_keeps_its_id_when_its_full_name_comes() -> None:
    night1 = settle([reading("http://x/1", signal("http://x/1", "岚砥电子"))], Known(), ())
    brand = night1.companies[0]
    assert brand.provisional
    both = [reading("http://x/1", signal("http://x/1", "岚砥电子")), reading("http://x/2", signal("http://x/2", FULL, names=("岚砥电子",)), day=1)]
    night2 = settle(both, Known(companies=night1.companies, investments=night1.investments, stories=night1.stories), ())
    assert [c.id for c in night2.companies] == [brand.id]
    assert night2.companies[0].name == FULL
    assert not night2.companies[0].provisional


def test_two_known_companies_that_turn_out_to_be_one_leave_a_redirect() -> None:
    first = settle([reading("http://x/1", signal("http://x/1", "岚砥")), reading("http://x/2", signal("http://x/2", FULL, product="阀"))], Known(), ())
    assert len(first.companies) == 2
    told = settle([reading("http://x/3", signal("http://x/3", FULL, names=("岚砥",)))], Known(companies=first.companies), ())
    assert len(told.companies) == 1
    assert [r.new_id for r in told.redirects] == [told.companies[0].id]


def test_a_subsidiary_is_linked_and_not_merged() -> None:
    done = settle([reading("http://x/1", signal("http://x/1", "岚砥电子有限公司")),
                   reading("http://x/2", signal("http://x/2", "岚砥（重庆）电子有限公司", parent="岚砥电子有限公司"))], Known(), ())
    child = next(c for c in done.companies if "重庆" in c.name)
    assert child.parent_id == next(c.id for c in done.companies if "重庆" not in c.name)


def investments(*signals_with_days: tuple[Signal, int]) -> int:
    readings = [reading(s.article_url, s, day=day) for s, day in signals_with_days]
    return len(settle(readings, Known(), ()).investments)


def at(n: int, **more: object) -> Signal:
    return signal(f"http://x/{n}", FULL, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        (at(1, city="甲"), at(2, city="甲"), 1),  # a reprint
        (at(1, city="甲", site=Site.FIXED), at(2, city="乙", site=Site.FIXED), 2),  # a new place
        (at(1, city="甲"), at(2, city="乙"), 1),  # a search: its places are candidates
        (at(1, product="线需要整体"), at(2, product="伺服阀"), 1),  # the same act and amount within days: products are often read in pieces
        (at(1, city="甲", event=EventType.SIGNING), at(2, city="甲", event=EventType.PRODUCTION), 1),  # progress
        (at(1, city="甲", wan=120_000), at(2, city="甲", wan=150_000), 1),  # re-signed with another amount
        (at(1, city="甲", wan=120_000), at(2, city="甲", wan=50_000, product="减速器"), 2),  # a second project beside it
        (at(1, product="一期电机"), at(2, product="二期电机"), 1),  # phases
        (at(1), at(2, city="甲", site=Site.FIXED), 1),  # the open plan finds its place
        (at(1, event=EventType.FINANCING), at(2, event=EventType.NEW_BUILD), 2),  # money raised is not the plant
        (at(1, wan=None, product="电机"), at(2, wan=None, product="阀门"), 2),
    ],
)
def test_what_is_one_investment(first: Signal, second: Signal, count: int) -> None:
    assert investments((first, 0), (second, 3)) == count


def test_a_later_fixed_place_beats_an_earlier_open_search_of_the_same_product() -> None:
    readings = [reading("http://x/1", at(1), day=0), reading("http://x/2", at(2, city="甲", site=Site.FIXED), day=9),
                reading("http://x/3", at(3, product="减速器", wan=None), day=1)]
    sites = {i.product: i.site for i in settle(readings, Known(), ()).investments}
    assert sites == {"电机": Site.FIXED, "减速器": Site.OPEN}  # never for the company as a whole


def test_reprints_are_one_story_with_its_independent_sources() -> None:
    text = "云岭日报讯：岚砥电子拟投资12亿元建设电机基地。"
    copies = [reading(f"http://{host}/1", signal(f"http://{host}/1", FULL), text=text, origin="云岭日报") for host in ("a", "b", "c")]
    own = reading("http://d/1", signal("http://d/1", FULL), day=1, origin="晨报")
    done = settle([*copies, own], Known(), ())
    assert len(done.stories) == 1
    assert done.stories[0].independent_sources == 2
    assert done.investments[0].independent_sources == 2


def test_the_next_project_with_almost_the_same_text_is_no_reprint() -> None:
    words = "{}在{}投资{}建设电机基地，项目由政府和企业共同推进，双方代表出席签约仪式并讲话。"
    one = reading("http://x/1", signal("http://x/1", FULL, city="甲", site=Site.FIXED), text=words.format("岚砥", "甲", "12亿元"), title="岚砥电机基地签约")
    two = reading("http://x/2", signal("http://x/2", FULL, city="乙", wan=100_000, site=Site.FIXED), text=words.format("岚砥", "乙", "10亿元"), title="岚砥电机基地签约")
    done = settle([one, two], Known(), ())
    assert len(done.stories) == 2
    assert len(done.investments) == 2


def test_lists_give_status_tags_and_seat_and_take_them_back() -> None:
    row = ListRow(name=FULL, seat="广东省深圳市", website="https://x.example", phone="0755-1", list_name="入园", year=2026)
    listed = settle([], Known(), [("residents", row)]).companies[0]
    assert (listed.status, listed.seat.city if listed.seat else None, listed.website) == (CompanyStatus.RESIDENT, "深圳市", "https://x.example")
    again = settle([], Known(companies=[listed]), []).companies[0]
    assert (again.id, again.status, again.tags) == (listed.id, CompanyStatus.OPEN, ())


def test_a_termination_is_bad_news_of_the_only_investment() -> None:
    url = "http://x/9"
    ended = Adverse(key=keys.signal_key(url, FULL, "终止", "终止", None, None), article_url=url, mention=FULL, kind=AdverseType.TERMINATION,
                    quote=Quote(text="公司终止该项目"))
    done = settle([reading("http://x/1", at(1)), reading(url, adverse=(ended,), day=3)], Known(), ())
    assert [(n.kind, n.investment_id) for n in done.bad_news] == [(AdverseType.TERMINATION, done.investments[0].id)]


def test_the_company_text_never_holds_the_rest_of_the_article() -> None:
    text = f"{FULL}主营电机和减速器的研发、生产。另一家食品厂专注于火锅底料。"
    done = settle([reading("http://x/1", at(1), text=text)], Known(), ())
    words = done.texts[0].text
    assert "电机和减速器" in words
    assert "火锅底料" not in words


def partition(pairs: dict[str, str]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for member, group in pairs.items():
        groups[group].add(member)
    return {frozenset(group) for group in groups.values()}


def grouped(done: Settlement) -> tuple[set[frozenset[str]], set[frozenset[str]], set[frozenset[str]]]:
    return (partition(done.mentions), {frozenset(s.signal_key for s in i.stated) for i in done.investments},
            {frozenset(story.article_urls) for story in done.stories})
