"""Invented prospects of an invented park, as the matcher hands them over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from qingbao.model import (
    AdverseType,
    Amount,
    BadNews,
    Bound,
    ChainAction,
    ChainLink,
    Change,
    EventType,
    Formula,
    Industry,
    Investment,
    Park,
    Place,
    Prospect,
    Quote,
    Reason,
    Sheet,
    Site,
    Stage,
    Tier,
    Verdict,
)

DAY = date(2026, 11, 25)
RUN = "r0001"
PARK = Park(
    slug="yunling", name="云岭经济技术开发区", province="四川省", city="云岭市",
    industries=(
        Industry(name="装备制造", text="电机、减速器", chain_links=(ChainLink(name="电机", key=True, local_state="缺"), ChainLink(name="减速器"))),
        Industry(name="新能源电池", text="电池材料", chain_links=(ChainLink(name="隔膜"),)),
        Industry(name="绿色食品", text="食品加工"),
    ),
    own_places=("云岭市", "青禾区", "云岭经济技术开发区"), focus_cities=("苏州市",),
)
FORMULA = Formula(
    version="fit-1/2026-11", priority="优先级 = 0.45 × 匹配度 + 0.55 × 意向 + 可信度扣分，且不超过 匹配度与意向中较低者 + 20",
    rows=(
        ("选址未定", "+28", "还有选址可争取的企业才值得联系"), ("迁出", "+32", "必须搬走，去处未定"), ("外地已定", "−30", "已落别处"),
        ("甲级", "≥ 65 且选址未定或迁出，匹配度 ≥ 40", "电话只打给这些"), ("新闻变旧", "半衰期 30–120 天", "按事件类型"),
    ),
)
SUZHOU = Place(province="江苏省", city="苏州市", district="吴江区")
CHANGZHOU = Place(province="江苏省", city="常州市")
CHONGQING = Place(province="重庆市", city="重庆市", district="永川区")


def prospect(number: int = 1, **fields: object) -> Prospect:
    """A prospect that stands 甲 with an open site; ``fields`` replace single values."""
    quote = "公司拟投资约12亿元扩建新能源汽车驱动电机产能，项目选址尚在比选之中。"
    company_id = str(fields.pop("company_id", f"c{number:04d}"))
    investment = Investment(
        id=f"i{number:04d}", company_id=company_id, event_type=EventType.EXPANSION, stated=(), stage=Stage.PLANNED, site=Site.OPEN,
        site_quote=Quote(text=quote), amount=Amount(text="约12亿元", value_wan=120_000.0, bound=Bound.ABOUT), last_day=date(2026, 11, 23),
    )
    values: dict[str, object] = {
        "park": PARK.slug, "company_id": company_id, "company": "苏州天衡电机股份有限公司", "names": ("天衡电机",), "sheet": Sheet.PROSPECTS,
        "tier": Tier.A, "priority": 81.6, "fit": 84.0, "intent": 79.0, "evidence": 72.0, "evidence_grade": "B", "site": Site.OPEN,
        "industry": "装备制造", "link": "电机", "chain_action": ChainAction.BUILD,
        "headline": "拟投资约12亿元扩建电机产能，选址未定；与本园“电机”环节匹配", "investments": (investment,), "seat": SUZHOU, "origin": SUZHOU,
        "reasons": (
            Reason(number="fit", points=52.0, text="主营业务与“电机”环节相同：驱动电机、定子、转子"),
            Reason(number="fit", points=32.0, text="产品词：减速器、电驱总成"),
            Reason(number="intent", points=28.0, text="选址未定，还可争取", day=date(2026, 11, 23), quote=quote, url="https://news.example/a/1.html"),
            Reason(number="intent", points=30.0, text="扩产：要新的厂房与土地", day=date(2026, 11, 23), quote=quote, url="https://news.example/a/1.html"),
            Reason(number="intent", points=14.0, text="拟建，尚未签约"),
            Reason(number="intent", points=9.0, text="金额12亿元"),
            Reason(number="intent", points=-2.0, text="新闻已过 2 天"),
            Reason(number="evidence", points=72.0, text="交易所公告，另有 2 个独立来源"),
            Reason(number="priority", points=37.8, text="匹配度 84 × 0.45"), Reason(number="priority", points=43.8, text="意向 79 × 0.55"),
        ),
        "best_quote": quote, "quote_url": "https://news.example/a/1.html", "source_name": "上海证券交易所公告", "last_day": date(2026, 11, 23),
        "units": ("machines",), "rank": number, "rank_before": number, "priority_before": 80.0, "tier_before": Tier.A, "run_id": RUN,
    }
    return Prospect(**{**values, **fields})  # type: ignore[arg-type]


def _moving() -> Prospect:
    quote = "因城市规划调整，常州本部生产基地将于2027年底前完成腾退，公司正就新址与多地接洽。"
    base = prospect(2)
    investment = replace(base.investments[0], site=Site.LEAVING, event_type=EventType.RELOCATION, amount=None, stage=None, place_from=CHANGZHOU)
    return prospect(
        2, company="常州澜宇精密传动有限公司", names=("澜宇传动",), site=Site.LEAVING, link="减速器", chain_action=ChainAction.STRENGTHEN,
        headline="将迁出江苏省常州市，去处未定；与本园“减速器”环节匹配", investments=(investment,), seat=CHANGZHOU, origin=CHANGZHOU, priority=76.2,
        fit=78.0, intent=77.0, best_quote=quote, quote_url="https://changzhou.example/zwgk/2.html", source_name="常州市某区人民政府", marks=("平移", "重点城市"),
        priority_before=61.0, tier_before=Tier.B, website="https://lanyu.example/", phone="0519-00000000",
        reasons=(
            Reason(number="fit", points=78.0, text="主营业务：精密减速器、齿轮箱，与“减速器”环节相近"), Reason(number="intent", points=32.0, text="要搬离现址，去处未定"),
            Reason(number="intent", points=25.0, text="产能转移：必须有新址"), Reason(number="intent", points=20.0, text="原厂址须搬离"),
            Reason(number="evidence", points=80.0, text="政府网站发布"), Reason(number="priority", points=76.2, text="匹配度与意向合计"),
        ),
    )


def _elsewhere() -> Prospect:
    base = prospect(3)
    investment = replace(base.investments[0], site=Site.FIXED, stage=Stage.SIGNED, event_type=EventType.SIGNING, place=CHONGQING,
                         amount=Amount(text="50亿元", value_wan=500_000.0))
    return prospect(
        3, company="远川电池材料（重庆）有限公司", names=("远川材料",), site=Site.ELSEWHERE, tier=Tier.B, priority=52.3, fit=66.0, intent=41.0, industry="新能源电池",
        link="隔膜", chain_action=ChainAction.EXTEND, evidence=55.0, evidence_grade="C", headline="签约投资50亿元建设湿法隔膜项目，已定重庆市永川区；可关注其配套",
        investments=(investment, replace(investment, id="i9")), seat=None, origin=None, destination=CHONGQING, best_quote="项目总投资50亿元，落户永川区。",
        quote_url="http://yongchuan.example/n?id=3&from=list", source_name="永川区人民政府", last_day=date(2026, 11, 20), priority_before=60.0, tier_before=Tier.B,
        bad_news=(BadNews(company_id="c0003", kind=AdverseType.FINE, day=date(2026, 11, 1), quote=Quote(text="因未批先建被处以罚款42万元。"),
                          url="https://epb.example/f/9.html"),),
    )


def _unknown() -> Prospect:
    return prospect(
        4, company="青麦食品", names=(), site=Site.OPEN, tier=Tier.B, priority=44.0, fit=None, intent=64.0, industry=None, link=None, chain_action=None,
        headline="计划在西南新建第二工厂，选址未定", investments=(replace(prospect(4).investments[0], amount=None, stage=None),), seat=None, origin=None,
        evidence=30.0, evidence_grade="D", source_name=None, quote_url=None, best_quote="青麦食品创始人透露，明年将在西南地区寻找第二工厂。", rank_before=None,
        priority_before=None, tier_before=None, units=("office",), marks=("关注名单",),
        reasons=(Reason(number="intent", points=64.0, text="新建，选址未定"),),
    )


def standing() -> list[Prospect]:
    """A ranked standing list over all sheets."""
    return [
        prospect(1), _moving(), _elsewhere(), _unknown(),
        prospect(5, company="江苏恒拓机电有限公司", sheet=Sheet.FOLLOWED, note="已联系（装备组，2026-11-12）"),
        prospect(6, company="四川锦屏机器人有限公司", sheet=Sheet.RESIDENT, site=Site.OPEN, marks=("有新动向",), note="已入园企业名单"),
        prospect(7, company="成都云驰动力有限公司", sheet=Sheet.IN_TALKS, note="装备组，2026-10-08 起"),
        prospect(8, company="某某化工集团有限公司", sheet=Sheet.EXCLUDED, note="排除产业：化工"),
        prospect(9, company="浙江致远隔膜科技股份有限公司", sheet=Sheet.TARGETS, site=Site.NONE, investments=(), headline="", best_quote=None, quote_url=None,
                 source_name=None, last_day=None, intent=0.0, evidence=0.0, tags=("专精特新小巨人（2025）",), priority_before=None, tier_before=None,
                 reasons=(Reason(number="fit", points=71.0, text="主营业务：锂电池隔膜"),), fit=71.0, industry="新能源电池", link="隔膜"),
    ]


def many(count: int) -> list[Prospect]:
    """A long ranked list of different companies."""
    patterns = [prospect(1), _moving(), _elsewhere(), _unknown()]
    return [
        replace(patterns[n % 4], company_id=f"c{n:04d}", company=f"第{n}号{patterns[n % 4].company}", priority=90 - n * 0.5, rank=n)
        for n in range(1, count + 1)
    ]


def changes() -> list[Change]:
    """What is new for a unit: one of each kind."""
    new, moving, elsewhere, unknown = standing()[:4]
    return [
        Change(kind="新增", prospect=new, before=None, now="甲", sentence="新进名单，甲级：选址未定（+28）"),
        Change(kind="升", prospect=moving, before="乙", now="甲", sentence="由乙升为甲（61 → 76）：政府网站公布腾退期限（+20）"),
        Change(kind="新动向", prospect=unknown, before=None, now="乙", sentence="关注名单企业有新消息"),
        Change(kind="降", prospect=elsewhere, before="60", now="52", sentence="60 → 52：已签约落户永川区（−30）"),
        Change(kind="坏消息", prospect=elsewhere, before=None, now="处罚", sentence="因未批先建被处以罚款42万元"),
    ]


def verdict(company_id: str, judgement: str | None, note: str | None = None, *, unit: str | None = "machines", hour: int = 1) -> Verdict:
    """A verdict given on the morning of ``DAY``."""
    return Verdict(
        id=f"v{company_id}{hour}", park=PARK.slug, company_id=company_id, judgement=judgement, note=note, actor="王", unit=unit,
        at=datetime(2026, 11, 25, hour, tzinfo=UTC), source_file="x.xlsx", run_id=RUN,
    )
