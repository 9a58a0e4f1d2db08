"""Every weight and cut point of intent, evidence and priority in one table, each with the case that set it.

The table is printed on the formula sheet of the prospect list: what staff read there is what the code uses. The cases stand beside the
weights as pairs (who must stand before whom, all else equal) and are held in tests/matcher/test_weights.py.
"""

from __future__ import annotations

from qingbao.model import AdverseType, EventType, Formula, Site, Trust

# Raise it with every change of a number or rule below: a stored prospect names the version that made it.
FORMULA_VERSION = "2026-11-25.3"

MAX_POINTS = 100.0
UNKNOWN_FIT = 20.0  # what an unknown fit counts as in the formula (DESIGN.md 5)
# Intent decides by its site who can be called at all, fit orders them. Mean P@10, calls and NDCG@20 over three sets of real texts (2026-11-25):
# .6 gave .62/.29/.47, .7 .68/.34/.47, .8 .67/.31/.46.
FIT_SHARE = 0.7
# Below 10 (关联弱) each missing point costs three quarters of a point more: a chain of gyms that looks for sites (fit 4, intent 86) stood above an
# optics maker that fits and has built elsewhere (51, 2).
WEAK_FIT = 10.0
WEAK_FIT_COST = 0.75
BALANCE = 20.0  # priority ≤ min(fit, intent) + 20: a gym chain that looks for sites is no lead, nor is a fitting firm without a plan
TIER_A = 55.0
TIER_B = 20.0  # a firm that fits and has just built elsewhere stands here: a further step or its suppliers may follow
TIER_A_FIT = 30.0  # 甲 needs at least 匹配

# What is reported, before site and age. A plan tells more of what can still be won than a ribbon that was cut.
EVENT_POINTS: dict[EventType, tuple[float, str]] = {
    EventType.RELOCATION: (34, "搬迁必须有去处"),  # a plant that has to leave before one that only wants more room
    EventType.EXPANSION: (32, "产能不足是最直接的动因"),  # orders that no line can fill before a head office
    EventType.NEW_BUILD: (32, "已有建设计划"),  # a plan for a plant before a head office
    EventType.HEADQUARTERS: (28, "区域布局常带产能"),  # a regional base that is wanted before a letterbox firm
    EventType.SIGNING: (28, "已有投资意向并愿意与地方签约"),  # who talks with governments before who has only raised money
    EventType.SUBSIDIARY: (24, "常先于建厂"),  # a firm registered for a plant before a plant that has its land
    EventType.FINANCING: (24, "资金到位，通常用于扩产"),  # fresh money before a plant that has its land
    EventType.LAND: (22, "已拿地，后续配套可争取"),  # land bought before the ribbon cut
    EventType.EIA: (22, "项目已进入审批"),  # a permit asked for before the ribbon cut
    EventType.GROUND_BREAKING: (20, "已动工，后续期次和配套可争取"),  # a plant under way (phases follow) before a frame agreement
    EventType.COOPERATION: (18, "尚无具体项目"),  # a frame agreement before hiring
    EventType.RECRUITING: (16, "说明在扩张"),  # hiring before a plant that has just opened
    EventType.ACQUISITION: (16, "常有产能整合"),  # a bought firm (plants are moved together) before a plant that has just opened
    EventType.LISTING: (16, "募资后可能扩产"),  # money of a listing, use unknown, before a plant that has just opened
    EventType.PRODUCTION: (14, "刚投产，近期再建的可能性较低"),  # the weakest sign of a further plant
    EventType.TENDER_WON: (14, "新订单可能带来产能需求"),  # an order, capacity for it unknown, is no plan
}

# Half-life of news in days: how soon a fact of this kind has lost half of its meaning for a call.
HALF_LIFE: dict[EventType, float] = {
    EventType.RELOCATION: 180, EventType.LISTING: 180,  # moves and the money of a listing take a year: half-year-old news is still worth a call
    EventType.FINANCING: 150,  # a round lasts a year and a half, its use is decided in the first half-year
    EventType.NEW_BUILD: 120, EventType.EXPANSION: 120, EventType.HEADQUARTERS: 120, EventType.SUBSIDIARY: 120,  # a plan finds its site within the year
    EventType.COOPERATION: 90, EventType.SIGNING: 90, EventType.EIA: 90, EventType.LAND: 90, EventType.ACQUISITION: 90,  # the next step follows in months
    EventType.GROUND_BREAKING: 60, EventType.TENDER_WON: 60,  # after two months the suppliers are chosen, the order is placed
    EventType.PRODUCTION: 45, EventType.RECRUITING: 45,  # an opening or a call for staff of the last quarter says nothing of the next plant
}
# What a fact loses once it is very old: (1 − 0.5^(age / half-life)) × 30. A plan of half a year ago, still open, stands before yesterday's project
# elsewhere and behind yesterday's open plan.
AGE_POINTS = 30.0

# Measured on real lists of two parks (2026-11-25): −6 for a project settled elsewhere gave P@10 .50 and NDCG@20 .25, −30 .55 and .39,
# −48 .70 and .44: firms that fit and have just built are no calls.
SITE_POINTS: dict[Site, tuple[float, str]] = {
    Site.LEAVING: (42, "要迁出且去处未定，最值得争取"),  # who must leave before who may stay
    Site.OPEN: (40, "选址未定，仍可争取"),  # the one fact that makes a call worth while: before any sum elsewhere
    Site.ELSEWHERE: (-48, "已定在外地，只剩后续期次和配套"),  # behind firms of which no project is known to need a place
    Site.LOCAL: (-20, "已在本地，归入园企业服务"),  # on a sheet of its own; the number orders that sheet alone
    Site.NONE: (-16, "未涉及用地，没有选址可争取"),  # a round of money or an order behind any open plan, before what is settled elsewhere
}

SIZE_POINTS = 12.0  # saturating: 1 亿元 gives half of it, 20 亿元 nearly all; the largest project must not win by size alone
SIZE_HALF_WAN = 10_000.0
SERIAL_POINTS = 8.0  # two or more investments at two or more places in the window: a serial expander builds again
CAPACITY_MONEY_POINTS = 14.0  # money raised expressly for capacity, no place named
FORCED_MOVE_POINTS = 8.0  # 退城入园, 征收: the old site must be left
PLANNED_POINTS = 5.0  # 拟, 计划: nothing is signed yet

BAD_NEWS_POINTS: dict[AdverseType, tuple[float, str]] = {
    AdverseType.TERMINATION: (-40, "项目终止"),  # takes back what the open site gave: the plan is gone
    AdverseType.DENIAL: (-40, "公司否认"),  # the firm's own word against a report
    AdverseType.INSOLVENCY: (-60, "破产或重整"),  # behind every firm that can still pay
    AdverseType.DELISTING: (-30, "退市风险"),  # cannot raise money: behind a firm that closes one line
    AdverseType.CLOSING: (-25, "关停产线或工厂"),  # may be the old plant of a move: an open plan beside it stays in sight
    AdverseType.LAYOFF: (-20, "裁员"),  # shrinks, or moves: lighter than a closed plant
    AdverseType.DISPUTE: (-10, "纠纷诉讼"),  # every large firm has one: an open plan stays before a round of money
    AdverseType.FINE: (-8, "行政处罚"),  # the same, lighter still; the office sees it and judges
}

# Evidence.
TRUST_POINTS: dict[Trust, tuple[float, str]] = {
    Trust.OFFICIAL_NOTICE: (45, "官方公示"), Trust.FILING: (45, "交易所公告"),  # with quotes B by themselves: whoever lies there is punished
    Trust.GOVERNMENT: (38, "政府网站"),  # B with quotes; it praises its own projects, so below a notice
    Trust.MEDIA: (30, "新闻媒体"),  # B only with most fields quoted, A only with a second source
    Trust.COMPANY: (26, "企业自述"),  # below the paper that checked it
    Trust.REPOST: (14, "转载或人工录入"),  # nobody answers for it: never above C alone
}
SECOND_SOURCE = 15.0  # two papers that do not copy each other weigh more than one government site (30 + 15 > 38)
THIRD_SOURCE = 10.0  # a third tells less that is new than the second
QUOTE_POINTS: tuple[tuple[str, float, str], ...] = (
    ("quote", 8, "有原句"), ("amount", 8, "金额有出处"), ("place", 8, "地点有出处"),  # who, how much, where: a report that says all three before a bare title
    ("site", 6, "选址状态有出处"), ("day", 5, "日期明确"),  # an undated report may be years old
)
CONTRADICTION_POINTS = -10.0  # takes back most of what the second source gave: somebody is wrong
# Below this, the border of what the reader reports by itself, it found the name by a weak sign only; the list is read below that border
# (pipelines.read.signals.choose.LEADS_CUT_OFF), because a lead that is lost costs more than one too many.
UNSURE = 0.5
UNSURE_POINTS = -20.0
# A: a notice with all fields, or a government site confirmed by a second source. B: a paper that says who, how much and since when. C: the rest that
# has quotes. D: a single anonymous text without sum, place or site, or a name found by a weak sign only.
GRADES: tuple[tuple[str, float], ...] = (("A", 75), ("B", 55), ("C", 30), ("D", 0))
# One anonymous repost never gives more than C (issue 9): its points are cut here, below B.
LONE_REPOST_LIMIT = 54.0
# What the formula takes off for weak evidence. D is a single anonymous text without sum, place or site, or a name found by a weak sign
# only: on real lists such rows filled places of the first ten (−12: P@10 .65 and 3 calls of Guang'an's ten, −30: .75 and 4; 2026-11-25).
GRADE_DEDUCTION = {"A": 0.0, "B": 0.0, "C": -2.0, "D": -30.0}


def formula() -> Formula:
    """The table above in words, for the formula sheet."""
    rows: list[tuple[str, str, str]] = [
        ("匹配度未知时按", f"{UNKNOWN_FIT:g} 分", "企业资料不足 30 字，级别最高为乙"),
        ("甲级", f"优先级 ≥ {TIER_A:g}", f"且选址未定或要迁出、匹配度 ≥ {TIER_A_FIT:g}，项目未被终止或否认"),
        ("乙级", f"优先级 ≥ {TIER_B:g}", "值得关注"),
        ("丙级", "其余", "留作参考"),
        ("一家企业有多项投资", "取优先级最高的一项", "其余只计“连续扩张”；坏消息记在所指的项目上，未指明的记在这一项上"),
    ]
    rows += [(f"意向·{kind.value}", f"{points:+g}", why) for kind, (points, why) in EVENT_POINTS.items()]
    rows += [(f"意向·{kind.value} 的半衰期", f"{days:g} 天", f"越旧扣分越多，最多扣 {AGE_POINTS:g} 分") for kind, days in HALF_LIFE.items()]
    names = {Site.LEAVING: "迁出", Site.OPEN: "未定", Site.ELSEWHERE: "外地已定", Site.LOCAL: "本地", Site.NONE: "无"}
    rows += [(f"意向·选址{names[site]}", f"{points:+g}", why) for site, (points, why) in SITE_POINTS.items()]
    rows += [
        ("意向·规模", f"最多 +{SIZE_POINTS:g}", f"{SIZE_HALF_WAN / 10_000:g} 亿元得一半，越大增加越慢"),
        ("意向·连续扩张", f"+{SERIAL_POINTS:g}", "近期在两处及以上投资，选址未定的另算一处"),
        ("意向·为扩产募资", f"+{CAPACITY_MONEY_POINTS:g}", "募资明确用于产能且未定地点"),
        ("意向·被动搬迁", f"+{FORCED_MOVE_POINTS:g}", "退城入园、征收等"),
        ("意向·尚在计划", f"+{PLANNED_POINTS:g}", "尚未签约"),
    ]
    rows += [(f"意向·坏消息·{kind.value}", f"{points:+g}", why) for kind, (points, why) in BAD_NEWS_POINTS.items()]
    rows += [(f"可信度·{why}", f"{points:+g}", "按最可靠的来源计") for points, why in TRUST_POINTS.values()]
    rows += [("可信度·第二个独立来源", f"+{SECOND_SOURCE:g}", "转载只算一个来源"), ("可信度·第三个及以上", f"+{THIRD_SOURCE:g}", "")]
    rows += [(f"可信度·{why}", f"+{points:g}", "") for _, points, why in QUOTE_POINTS]
    rows += [("可信度·识别把握不足", f"{UNSURE_POINTS:+g}", "企业名称或事件只有弱线索")]
    rows += [("可信度·说法矛盾", f"{CONTRADICTION_POINTS:+g}", "金额或地点互相矛盾")]
    rows += [(f"可信度 {grade}", f"≥ {cut:g}", f"优先级 {GRADE_DEDUCTION[grade]:+g}") for grade, cut in GRADES]
    words = (f"优先级 = {FIT_SHARE:g} × 匹配度 + {1 - FIT_SHARE:g} × 意向 + 可信度扣分 − 匹配度不足 {WEAK_FIT:g} 的部分 × {WEAK_FIT_COST:g}，且不超过 匹配度与意向中较低者 + {BALANCE:g}，限于 0–100")
    return Formula(version=FORMULA_VERSION, priority=words, rows=tuple(rows))
