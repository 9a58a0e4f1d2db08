"""The one sentence of a row in plain Chinese: what it plans, whether the site is open, which link it meets."""

from __future__ import annotations

import re

from qingbao.amounts import format_wan
from qingbao.model import Bound, EventType, Investment, Place, Site, Stage

# What the company does, by event; {what} is the product or plan, may be empty.
ACTS: dict[EventType, str] = {
    EventType.SIGNING: "签约投资{money}建设{what}", EventType.NEW_BUILD: "投资{money}建设{what}", EventType.EXPANSION: "投资{money}扩产{what}",
    EventType.GROUND_BREAKING: "{what}开工{money}", EventType.PRODUCTION: "{what}投产{money}", EventType.LAND: "竞得土地{money}建设{what}",
    EventType.FINANCING: "融资{money}{what}", EventType.LISTING: "上市{money}{what}", EventType.SUBSIDIARY: "设立子公司{money}{what}",
    EventType.HEADQUARTERS: "布局总部或区域总部{money}{what}", EventType.RELOCATION: "搬迁产能{money}{what}",
    EventType.COOPERATION: "战略合作{money}{what}", EventType.TENDER_WON: "中标订单{money}{what}", EventType.EIA: "{what}环评公示{money}",
    EventType.RECRUITING: "大规模招聘{what}", EventType.ACQUISITION: "增资并购{money}{what}",
}
BOUND_WORDS = {Bound.EXACT: "", Bound.ABOUT: "约", Bound.AT_MOST: "不超过", Bound.MORE_THAN: "超"}
# What is read as product is sometimes only a stump of the sentence: such words say nothing to staff and are left out.
STUMP = re.compile(r"^(?:的|和|及|与|为|是|其|该|在|等|并|或|两座|一座|三大|第[一二三四五]|西南|西部|华东|华南|华中|华北|东北|西北|中原|项目|基地|产能|生产|建设|智能|约|近|超)"
                   r"|(?:第[一二三四五]|[东西南北华]{1,2}[部区]?|三大|两大|量产|智能|开工|投产|举行|推进|建设|销售|运营|影响|团队|产生|需要|整体|的|和|及|等|为|基地|项目|区域|中心|一体化)$|某|仪式|影响|占地")
MAX_PLAN = 24  # characters
# These read as a verb with its object; for the others the money stands apart in brackets.
MONEY_INSIDE = {EventType.SIGNING, EventType.NEW_BUILD, EventType.EXPANSION, EventType.FINANCING}


def place_words(place: Place | None) -> str:
    """A place as staff say it: 湖北省黄石市阳新县, without repeating a municipality."""
    if place is None:
        return ""
    if place.country != "中国":
        return place.country
    parts = [place.province, place.city if place.city != place.province else None, place.district, place.zone]
    return "".join(part for part in parts if part)


def plan_phrase(investment: Investment) -> str:
    """Product or plan in a few words, or "" where what was read is only a stump."""
    for words in (investment.product, investment.plan_words):
        if words and 2 <= len(words) <= MAX_PLAN and not STUMP.search(words):
            return words
    return ""


def plan_sentence(investment: Investment) -> str:
    """What the company plans, without its name: 拟投资约12亿元扩产电机."""
    kind = investment.event_type
    money = ""
    if investment.amount and investment.amount.value_wan:
        money = BOUND_WORDS[investment.amount.bound] + format_wan(investment.amount.value_wan)
    what = plan_phrase(investment)
    if money and kind not in MONEY_INSIDE:
        money = f"（{money}）"
    if not what:
        what = {EventType.SIGNING: "项目", EventType.NEW_BUILD: "新项目", EventType.GROUND_BREAKING: "项目", EventType.PRODUCTION: "项目",
                EventType.EIA: "项目", EventType.LAND: "项目", EventType.EXPANSION: ""}.get(kind, "")
    elif kind in {EventType.FINANCING, EventType.LISTING, EventType.SUBSIDIARY, EventType.HEADQUARTERS, EventType.RELOCATION,
                  EventType.COOPERATION, EventType.TENDER_WON, EventType.ACQUISITION}:
        what = f"（{what}）"
    said = ACTS[kind].format(money=money, what=what)
    planned = investment.stage is Stage.PLANNED and kind in {EventType.NEW_BUILD, EventType.EXPANSION, EventType.RELOCATION,
                                                             EventType.HEADQUARTERS, EventType.FINANCING, EventType.SUBSIDIARY}
    return ("拟" if planned else "") + said


def site_sentence(site: Site, investment: Investment | None) -> str:
    """Whether the site can still be won, with the place if one is known."""
    where = place_words(investment.place) if investment else ""
    if site is Site.OPEN:
        return f"选址未定（意向{where}）" if where else "选址未定"
    if site is Site.LEAVING:
        origin = place_words(investment.place_from) if investment else ""
        return f"将迁出{origin}，去处未定" if origin else "将迁出现址，去处未定"
    if site is Site.ELSEWHERE:
        return f"项目已定在{where}" if where else "项目已定在外地"
    if site is Site.LOCAL:
        return f"项目在本地（{where}）" if where else "项目在本地"
    return "未涉及用地"


def headline(investment: Investment | None, site: Site, industry: str | None, link: str | None, fit: float | None) -> str:
    """The whole sentence of a row."""
    parts = []
    if investment is not None:
        parts = [f"{plan_sentence(investment)}，{site_sentence(site, investment)}"]
    else:
        parts = ["暂无动态"]
    if fit is None:
        parts.append("企业资料不足，匹配度未知")
    elif link:
        parts.append(f"与本园“{link}”环节匹配" if fit >= 30 else f"与本园“{link}”环节相关" if fit >= 10 else "与本园产业关联弱")
    elif industry:
        parts.append(f"与本园{industry}产业匹配" if fit >= 30 else f"与本园{industry}产业相关" if fit >= 10 else "与本园产业关联弱")
    return "；".join(parts)
