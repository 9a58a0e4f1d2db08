"""Further facts of a project in the sentences about it: land, capacity, jobs, project name, product, industry words, day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.read.signals import words
from pipelines.read.signals.product import products_of
from qingbao.amounts import parse_number
from qingbao.clock import shanghai_day

MU_PER_SQUARE_METRE = 1 / 666.667  # 1 亩 = 666.67 m²
_NUM = r"(\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十百千]+)"
_LAND = re.compile(
    rf"(?:占地|用地|土地|地块|征地|面积)[^,。;]{{0,14}}?(?:约|为|达|近|超过?|共|:)*\s*{_NUM}\s*(?:余|多)?(万)?\s*(亩|平方米|㎡|m2|平米|公顷|平方公里)|{_NUM}\s*(?:余|多)?(万)?(亩)(?:土地|地块|用地|工业用地)?"
)
_CAPACITY = re.compile(
    r"(?:年|月|日)(?:新增)?(?:产|产能|生产|加工|处理)[^,。;]{0,16}?\d[\d,.]*(?:万|亿|百万|千)?(?:余|多)?(?:吨|台|套|辆|件|只|片|颗|平方米|㎡|立方米|支|块|米|公里|千瓦时|千瓦|GWh|MWh|GW|MW|KWh|kWh|羽|头|瓶|盒|箱|吨级|升|枚|根|条|架|艘|千升|万支|双|组|粒|份)(?:/年)?[^,。;、()\n]{0,16}"
    r"|产能[^,。;\d]{0,10}\d[\d,.]*(?:万|亿)?(?:吨|台|套|辆|件|只|片|颗|平方米|GWh|GW|MW|支|块)(?:/年)?"
)
_JOBS = re.compile(
    r"(?:新增|带动|提供|创造|解决|吸纳|可?安排|容纳)[^,。;]{0,12}?(?:就业|用工|岗位)[^,。;\d]{0,8}?(\d[\d,]*)\s*(?:余|多)?(万)?(?:人|个|名)|(?:新增|带动|提供|创造|解决|吸纳|安排)[^,。;\d]{0,8}?(\d[\d,]*)\s*(?:余|多)?(万)?(?:人|个|名)?(?:以上)?(?:就业|岗位|工作岗位|用工)"
    r"|招(?:聘|工|募|收)[^,。;\d]{0,10}?(\d[\d,]*)\s*(?:余|多)?(万)?(?:人|名)"
)
_PROJECT = re.compile(r"[“《\"]([^”》\"]{4,50}?(?:项目|工程|基地|产业园|生产线|园区))[”》\"]|项目名称\s*[::]\s*([^\n。;,]{4,50})|((?:年产|新建|扩建)[^,。;“”、]{4,36}?项目)")
_NO_TRADE = frozenset({"项目", "基地", "生产", "建设", "公司", "企业", "产品", "研发", "制造", "年产", "相关"})
_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentences say; None where they say nothing."""

    land_mu: float | None = None
    capacity: str | None = None
    jobs: int | None = None
    project: str | None = None
    product: str | None = None
    industry_words: tuple[str, ...] = ()
    day: date | None = None


def find_facts(text: str, first: str, published_at: datetime | None, *, behind: str = "", names: tuple[str, ...] = ()) -> Facts:
    """Facts of ``text`` (the sentences about one project); ``first`` is the proving sentence, whose day is the event's; ``behind`` and ``names`` as for products."""
    text = text[:1600]
    project = _PROJECT.search(text)
    capacity = _CAPACITY.search(text)
    products = products_of(text, behind, names)
    return Facts(
        land_mu=_land(text),
        capacity=capacity[0].strip(" ,、") if capacity else None,
        jobs=_jobs(text),
        project=next((g for g in project.groups() if g), None) if project else None,
        product=products[0] if products else None,
        industry_words=_industry(products),
        day=_day(first, published_at),
    )


def _land(text: str) -> float | None:
    for match in _LAND.finditer(text):
        number, wan, unit = (match[1], match[2], match[3]) if match[3] else (match[4], match[5], match[6])
        value = parse_number(number)
        if value is None or re.search(r"建筑面积[^,。;]{0,8}$", text[: match.start()] + match[0][:10]) or "建筑" in match[0]:
            continue
        value *= 1e4 if wan else 1.0
        factor = {"亩": 1.0, "公顷": 15.0, "平方公里": 1500.0}.get(unit, MU_PER_SQUARE_METRE)
        mu = round(value * factor, 2)
        if 0.5 <= mu <= 200_000:
            return mu
    return None


def _jobs(text: str) -> int | None:
    match = _JOBS.search(text)
    if not match:
        return None
    groups = match.groups()
    for number, wan in zip(groups[::2], groups[1::2]):
        if number:
            return int(float(number.replace(",", "")) * (10_000 if wan else 1))
    return None


def _industry(products: list[str]) -> tuple[str, ...]:
    """The nouns of the product words, for people and for matching; at most eight."""
    out = [w.text for product in products for w in words.cut(product) if len(w.text) >= 2 and w.pos[:1] in {"n", "v", "l", "i", "e", "j"} and w.text not in _NO_TRADE]
    return tuple(dict.fromkeys(out))[:8]


def _day(sentence: str, published_at: datetime | None) -> date | None:
    match = _DAY.search(sentence)
    published = shanghai_day(published_at) if published_at else None
    if not match:
        if published and re.search(r"今日|今天|当日|日前|近日|昨日|昨天", sentence):
            return published if re.search(r"今日|今天", sentence) else None
        return None
    year = int(match[1]) if match[1] else published.year if published else None
    if year is None:
        return None
    try:
        day = date(year, int(match[2]), int(match[3]))
    except ValueError:
        return None
    if not match[1] and published and (day - published).days > 60:  # 12月 told in January is last year's
        day = date(year - 1, day.month, min(day.day, 28))
    return day
