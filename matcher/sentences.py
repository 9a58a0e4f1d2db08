"""The one sentence of a row in plain Chinese: what it plans, whether the site is open, which link it meets."""

from __future__ import annotations

import re
from collections.abc import Callable

from matcher.intent import Intent, site_for
from qingbao.model import AdverseType, EventType, Investment, Park, Site, Stage
from qingbao.text import cut
from qingbao.wording import amount_words, place_words, plan_stage, wanted_place

# What is read as product is sometimes only a stump of the sentence: such words say nothing to staff and are left out.
STUMP = re.compile(
    r"^(?:的|和|及|与|为|是|其|该|在|等|并|或|能|两座|一座|三大|第[一二三四五]|西南|西部|华东|华南|华中|华北|东北|西北|中原|项目|基地|产能|建设|智能$|约|近|超|采用|经营)"
    r"|(?:第[一二三四五]|[东西南北华]{1,2}[部区]?|三大|两大|量产|智能|开工|投产|举行|推进|建设|销售|运营|影响|团队|产生|需要|整体|步伐|空白|的|和|及|等|为|基地|项目|区域|中心|一体化)$"
    r"|某|仪式|影响|占地|投资")
MAX_PLAN = 24  # characters
# A capacity without its product (年新增产能12万台) is told in brackets: one cannot build it.
CAPACITY = re.compile(r"^(?:年|月|日)\S*\d[\d.万亿余多]*(?:吨|台|套|件|片|只|支|辆|米|升|个|份|箱|瓶|GWh|MW|GW|千瓦|平方米|立方米|万?千升)+(?:/年)?(?:以上|左右)?$")
# What is a plant already needs no 项目 behind it.
A_PLANT = re.compile(r"(?:项目|工程|厂|基地|线|中心|装置|园|总部|大楼|产能|二期|三期)$")
A_CHANGE = re.compile(r"扩产|扩建|扩能|改造|技改|升级|搬迁")
MEASURES = frozenset("万亿吨张台套件只片颗支个条辆艘块米升")
VAGUE_SUM = re.compile(r"^(?:数|上|近|超|逾|几)\S{0,7}元$")
# With these acts a plan without a site cannot have begun, whatever the stage says.
OF_A_SITE = frozenset({EventType.NEW_BUILD, EventType.EXPANSION, EventType.RELOCATION, EventType.HEADQUARTERS})
PLANNED_ACTS = OF_A_SITE | {EventType.FINANCING, EventType.SUBSIDIARY, EventType.SIGNING, EventType.ACQUISITION}
ENDED_WORDS = {AdverseType.TERMINATION: "该项目已终止", AdverseType.DENIAL: "公司已否认"}
MATCHES, RELATED = 30, 10  # fit from which the sentence says 匹配, 相关 (docs/matching.md)


def _whole(words: str, investment: Investment) -> bool:
    """Whether the words begin and end where words of the quoted sentences do: 能规划 is a piece of 产能规划."""
    found = False
    for quote in [one.quote.text for one in investment.stated if one.quote]:
        start = quote.find(words)
        if start >= 0:
            found = True
            borders, at = {0}, 0
            for token in cut(quote):
                at += len(token)
                borders.add(at)
            if start in borders and start + len(words) in borders:
                return True
    return not found


def _without_measure(words: str) -> str:
    """万张高等级覆铜板 was cut behind the figure: the measure word that is left over goes."""
    tokens = cut(words)
    return words[1:] if len(tokens) > 1 and tokens[0] in MEASURES else words


def plan_phrase(investment: Investment) -> str:
    """Product or plan in a few words, or "" where what was read is only a stump."""
    for told in (investment.product, investment.plan_words):
        words = _without_measure((told or "").removeprefix("生产"))
        if 2 <= len(words) <= MAX_PLAN and not STUMP.search(words) and _whole(words, investment):
            return words
    return ""


def _money(investment: Investment) -> str:
    """The sum inside a sentence; of sums that no figure states only short ones (数千万元)."""
    amount = investment.amount
    if amount is None or (not amount.value_wan and not amount.original_wan and not VAGUE_SUM.match(amount.text)):
        return ""
    return amount_words(amount) or ""


def _aside(*parts: str) -> str:
    """Parts in one pair of brackets, or ""."""
    told = [part.replace("（", "，").replace("）", "") for part in parts if part]
    return f"（{'，'.join(told)}）" if told else ""


def _build(verb: str) -> Callable[[str, str], str]:
    """投资12亿元建设电机项目."""
    def said(money: str, what: str) -> str:
        if CAPACITY.match(what):
            return f"{verb}{money}建设{_thing('')}{_aside(what)}"
        return f"{verb}{money}建设{_thing(what)}"
    return said


def _thing(what: str, unknown: str = "新项目") -> str:
    """What is built: with 项目 unless it is a plant already."""
    return unknown if not what else what if A_PLANT.search(what) else f"{what}项目"


def _step(verb: str) -> Callable[[str, str], str]:
    """电机项目开工（12亿元）."""
    return lambda money, what: f"{_thing('' if CAPACITY.match(what) else what, '项目')}{verb}{_aside(what if CAPACITY.match(what) else '', money)}"


def _expand(money: str, what: str) -> str:
    """投资12亿元扩建电机产能."""
    invest = f"投资{money}" if money else ""
    if not what or CAPACITY.match(what):
        return f"{invest}扩产{_aside(what)}"
    if A_CHANGE.search(what):
        return f"{invest}实施{_thing(what)}"
    return f"{invest}扩建{what if A_PLANT.search(what) else f'{what}产能'}"


def _raise(money: str, what: str) -> str:
    return f"融资{money}{_aside(what)}"


# What the company does, by event: from the sum and the product or plan, both may be "".
ACTS: dict[EventType, Callable[[str, str], str]] = {
    EventType.SIGNING: _build("签约投资"), EventType.NEW_BUILD: _build("投资"), EventType.EXPANSION: _expand, EventType.FINANCING: _raise,
    EventType.GROUND_BREAKING: _step("开工"), EventType.PRODUCTION: _step("投产"), EventType.EIA: _step("环评公示"),
    EventType.LAND: lambda money, what: f"竞得土地{_aside(money)}{f'，建设{_thing(what)}' if what and not CAPACITY.match(what) else ''}",
    EventType.LISTING: lambda money, what: f"上市{_aside(f'募资{money}' if money else '', what)}",
    EventType.SUBSIDIARY: lambda money, what: f"设立子公司{_aside(what, money)}",
    EventType.HEADQUARTERS: lambda money, what: f"布局总部或区域总部{_aside(what, money)}",
    EventType.RELOCATION: lambda money, what: f"搬迁{'' if not what or CAPACITY.match(what) else what}产能{_aside(money)}",
    EventType.COOPERATION: lambda money, what: f"开展战略合作{_aside(what, money)}",
    EventType.TENDER_WON: lambda money, what: f"中标{money}订单{_aside(what)}",
    EventType.RECRUITING: lambda money, what: f"大规模招聘{_aside(what)}",
    EventType.ACQUISITION: lambda money, what: f"增资并购{_aside(what, money)}",
}


def plan_sentence(investment: Investment) -> str:
    """What the company plans, without its name: 拟投资约12亿元扩建电机产能."""
    kind = investment.event_type
    said = ACTS[kind](_money(investment), plan_phrase(investment))
    winnable = investment.site in {Site.OPEN, Site.LEAVING}
    planned = plan_stage(investment) is Stage.PLANNED and kind in PLANNED_ACTS
    return f"拟{said}" if planned or (winnable and kind in OF_A_SITE) else said


def site_sentence(site: Site, investment: Investment | None) -> str:
    """Whether the site can still be won, with the place if one is known."""
    where = place_words(wanted_place(investment)) if investment else None
    if site is Site.OPEN:
        return f"选址未定（意向{where}）" if where else "选址未定"
    if site is Site.LEAVING:
        origin = place_words(investment.place_from) if investment else None
        return f"将迁出{origin}，去处未定" if origin else "将迁出现址，去处未定"
    if site is Site.ELSEWHERE:
        # FIXED without a place: the text says that there is one, and not which.
        return f"已定在{where}" if where else "地点已定但未披露"
    if site is Site.LOCAL:
        return f"在本地（{where}）" if where else "在本地"
    return "未涉及用地"


def headline(wants: Intent, park: Park, industry: str | None, link: str | None, fit: float | None) -> str:
    """The whole sentence of a row: the plan with its own site, what else is open, what took it back, which link it meets."""
    one = wants.leading
    parts = ["暂无动态"]
    if one is not None:
        site = site_for(one, park)
        parts = [f"{plan_sentence(one)}，{site_sentence(site, one)}"]
        if wants.site is not site and wants.site in {Site.OPEN, Site.LEAVING}:
            parts.append("另有项目选址未定" if wants.site is Site.OPEN else "另有产能要迁出")
        if wants.ended is not None:
            parts.append(ENDED_WORDS[wants.ended.kind])
    if fit is None:
        parts.append("企业资料不足，匹配度未知")
    elif link or industry:
        met = f"“{link}”环节" if link else f"{industry}产业"
        parts.append(f"与本园{met}匹配" if fit >= MATCHES else f"与本园{met}相关" if fit >= RELATED else "与本园产业关联弱")
    return "；".join(parts)
