"""Invented investments, parks and companies for the tests of priority."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from matcher.rank import Field, rank
from qingbao.model import (
    AdverseType,
    Amount,
    BadNews,
    Company,
    CompanyName,
    EventType,
    Exclusions,
    Industry,
    Investment,
    NameKind,
    Park,
    Place,
    Prospect,
    Quote,
    Reason,
    Site,
    Stage,
    Stated,
    Trust,
)

TODAY = date(2026, 9, 15)
PARK = Park(slug="p", name="云岭经济技术开发区", province="四川省", city="成都市", own_places=("成都市",), neighbours=("德阳市",), focus_cities=("深圳市",),
            industries=(Industry(name="电机", text="电机与减速器"),), exclusions=Exclusions(words=("造纸",)))


class FitStub:
    """A fit without a model."""

    def __init__(self, fit: float | None) -> None:
        self.fit, self.industry, self.link = fit, "电机", None
        self.reasons = (Reason(number="fit", points=fit, text="电机", code="fit.term"),) if fit else ()


def investment(company: str = "c1", *, kind: EventType = EventType.NEW_BUILD, site: Site = Site.OPEN, wan: float | None = 120_000, day: date | None = TODAY,
               place: Place | None = None, stage: Stage | None = None, trust: Trust = Trust.MEDIA, sources: int = 1, ident: str = "i1",
               quote: str = "公司拟新建电机基地，选址待定。") -> Investment:
    amount = Amount(text="12亿元", value_wan=wan) if wan else None
    stated = tuple(
        Stated(article_url=f"http://x/{ident}/{n}", day=day, signal_key=f"{ident}{n}", amount=amount, place=place, site=site, event_type=kind,
               quote=Quote(text=quote), origin=f"源{n}", trust=trust) for n in range(sources)
    )
    return Investment(id=ident, company_id=company, event_type=kind, stated=stated, stage=stage, site=site, site_quote=Quote(text=quote), site_url=stated[0].article_url,
                      amount=amount, place=place, first_day=day, last_day=day, independent_sources=sources)


def company(ident: str = "c1", **more: object) -> Company:
    name = f"企业{ident}"
    return Company(**{"id": ident, "name": name, "names": (CompanyName(text=name, kind=NameKind.FULL, source="x"),), **more})  # type: ignore[arg-type]


def bad(kind: AdverseType = AdverseType.DENIAL, ident: str = "c1") -> BadNews:
    return BadNews(company_id=ident, kind=kind, day=TODAY, quote=Quote(text="公司否认"), url="http://x/bad")


def field(companies: list[Company], investments: list[Investment], bad_news: list[BadNews] | None = None, **more: object) -> Field:
    return Field(companies=companies, investments=investments, bad_news=bad_news or [], texts={}, as_of=TODAY, **more)  # type: ignore[arg-type]


def one(investments: list[Investment], fit: float | None = 60.0, bad_news: list[BadNews] | None = None, **more: object) -> Prospect:
    rows = rank(PARK, field([company(**more)], investments, bad_news), {"c1": FitStub(fit)})
    assert len(rows) == 1
    return rows[0]


HERE = Place(province="四川省", city="成都市")
THERE = Place(province="湖北省", city="武汉市")
FAR = Place(province="广东省", city="深圳市")

sites = st.sampled_from([Site.OPEN, Site.LEAVING, Site.FIXED, Site.NONE])
places = st.sampled_from([None, HERE, THERE, FAR])
plans = st.builds(
    investment, kind=st.sampled_from(list(EventType)), site=sites, wan=st.one_of(st.none(), st.floats(1, 1e8)), place=places,
    stage=st.one_of(st.none(), st.sampled_from(list(Stage))), trust=st.sampled_from(list(Trust)), sources=st.integers(1, 5),
    day=st.dates(date(2026, 4, 1), TODAY),
)
several = st.lists(plans, min_size=1, max_size=3).map(lambda found: [replace(plan, id=f"i{n}") for n, plan in enumerate(found)])
fits = st.one_of(st.none(), st.floats(0, 100))
news = st.lists(
    st.builds(lambda kind, meant: replace(bad(kind), investment_id=meant), st.sampled_from(list(AdverseType)), st.sampled_from([None, "i0", "i1", "gone"])), max_size=3,
)
