"""Acts told in a sentence: investment signed, ground broken, money raised …, with negation, denial and hearsay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.read.signals import words
from qingbao.model import EventType, Stage


@dataclass(frozen=True, slots=True)
class Trigger:
    """An act in a sentence. ``negated``: it is denied or called off; ``future``: it is announced for later."""

    event: EventType
    stage: Stage
    weight: float
    start: int
    end: int
    text: str
    negated: bool = False
    future: bool = False
    hearsay: bool = False
    soon: bool = False  # within weeks: 即将, 本月底


@dataclass(frozen=True, slots=True)
class _Rule:
    event: EventType
    stage: Stage
    weight: float
    anchors: tuple[str, ...]
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    out = []
    for line in words.lines("events.txt"):
        event, stage, weight, anchors, pattern = line.split("\t")
        out.append(_Rule(EventType(event), Stage(stage), float(weight), tuple(a for a in anchors.split() if a != "-"), re.compile(pattern)))
    return tuple(out)


_NEGATED = re.compile(
    r"(?:终止|取消|放弃|暂停|中止|撤销|撤回|停止|叫停|搁置|解除|解约|不再|不会|没有|并无|并未|未有|未(?!来|经|名)|(?<![一-龥])无(?![锡人线油机纺缝尘菌偿])|不存在|否认|并非|不予|拒绝|落选|失败|流标|推迟|延期|未能|不涉及|不实|不能|无法|失信|恶意|严禁|不得|禁止)"
    r"[^,。;]{0,10}$"
)
_NEGATED_AFTER = re.compile(r"^[^,。;]{0,14}?(?:传闻|的?(?:报道|消息|说法|信息).{0,6}(?:不实|不属实|与事实不符|失实|不准确)|暂缓|暂停|搁置|推迟|失败|终止|告吹|流产|搁浅|夭折|取消|被否|未果|受阻|计划(?:已)?(?:取消|终止|搁置))")
_NEGATED_IN = re.compile(r"终止|取消|放弃|暂缓|否认|不再|未能|不存在|退市|解除|解约|流标")
_FUTURE = re.compile(r"(?:将|拟|预计|计划|有望|力争|争取|确保|准备|即将|预期|目标|届时|明年|后年|年底|\d{4}年(?:底|末|前|上半年|下半年|\d{1,2}月)?|年内|月底)[^,。;]{0,14}$")
_SOON = re.compile(r"(?:即将|将于(?:本月|近日|近期|下周|今日|明日|月底|日内)|本月底|本周|下月|近日将)[^,。;]{0,6}$")
_HEARSAY = re.compile(r"传闻|据传|有?(?:市场)?消息(?:称|人士)|网传|知情人士|坊间|或将?|有意(?!向)|考虑|可能|疑似|据(?:外媒|媒体)|接近.{0,8}人士|洽谈|商谈|猜测|猜想|不排除")


def find_triggers(text: str, masked: str | None = None) -> list[Trigger]:
    """The acts of one sentence, in order of their places; overlapping acts of different kinds all stay. ``masked``: the same sentence with its names blanked."""
    seen = text if masked is None else masked
    found: list[Trigger] = []
    for rule in _rules():
        if rule.anchors and not any(anchor in seen for anchor in rule.anchors):
            continue
        for match in rule.pattern.finditer(seen):
            before = text[max(0, match.start() - 24) : match.start()]
            after = text[match.end() : match.end() + 30]
            clause = re.split(r"[,。;]", before)[-1]
            found.append(
                Trigger(
                    rule.event, rule.stage, rule.weight, match.start(), match.end(), text[match.start() : match.end()],
                    bool(_NEGATED.search(before) or _NEGATED_AFTER.match(after) or _NEGATED_IN.search(text, match.start(), match.end())),
                    bool(_FUTURE.search(before)), bool(_HEARSAY.search(clause)), bool(_SOON.search(before)),
                )
            )
            if len(found) > 400:
                break
    return sorted(_without_traps(text, found), key=lambda t: (t.start, -t.end))


_BOND = re.compile(r"公司债|短期融资券|融资券|中期票据|融资租赁|融资融券|资产支持证券|债券|票据|债权融资|银团贷款|授信|融资余额|融资规模|回购(?!协议)")
_EQUITY = re.compile(r"定增|增发|股票|股份|轮融资|[A-F]\+*轮|天使轮|IPO|可转债|可转换|战略融资|股权融资")
_OFFICE = re.compile(r"办公(?:地址|场所|地点|楼|室)|注册地址?(?:由|变更|将)")
_BUYING = re.compile(r"(?:配套|补充)(?:募集)?资金|募集配套资金|社会融资|融资(?:成本|难|环境|渠道|服务|平台|担保|客)|发行股份(?:及支付现金)?(?:的方式)?(?:购买|收购)")
_PEOPLE_MOVE = re.compile(r"搬迁(?:安置|户|群众|居民|补偿)|易地(?:扶贫)?搬迁|拆迁|移民搬迁|办公(?:地址|场所|地点)?.{0,6}(?:搬迁|变更|迁址)|搬迁.{0,4}办公|学校|医院.{0,6}搬迁")
_PARTY = re.compile(r"开工率|开工不足|开工时间|复工|停工|开工后|节后开工|开学|公开征求意见|招聘(?:网站|平台|软件|市场|会上)|招商引资|上市公司|拟上市|上市流通|退市|上市以来|分期开工")


_NO_SHARES = re.compile(r"新车|车型|新品|药|疫苗|医疗器械|手机|产品|上市销售|上市许可|临床|适应症|图书|专辑|游戏|楼盘|新机")
_SHARES = re.compile(r"股|IPO|交易所|科创|创业板|北交所|主板|挂牌|敲钟|招股|港交所|上交所|深交所|纳斯达克|新三板|过会|发行")
_WITH_BANK = re.compile(r"银行|授信|信贷|保险公司|券商|保险集团")
_WORKS = re.compile(r"基地|工厂|产业园|园区|落户|投资建设|生产线|产线|新建|研发中心")
# Money put into a fund builds nothing.
_FUND = re.compile(r"(?:设立|成立|组建|发起|认购|认缴|参与投资|共同投资|出资)[^,。;]{0,20}?(?:基金(?!会|港|公司)|合伙企业)")
_PARTNERSHIP = re.compile(r"合伙企业|有限合伙|基金(?!会|港)")
_NO_WORKS = re.compile(r"火箭|发动机试|卫星|域名|网址|新(?:logo|标识|商标|名称)|仪表盘")


def is_of_debt(title: str) -> bool:
    """Whether a headline is about borrowed money and no shares."""
    return bool(_BOND.search(title)) and not _EQUITY.search(title)


def _without_traps(text: str, found: list[Trigger]) -> list[Trigger]:
    """Drops words that only look like acts: bonds as money raised, people moved, listed companies."""
    out = []
    for trigger in found:
        around = text[max(0, trigger.start - 8) : trigger.end + 10]
        if trigger.event is EventType.FINANCING and (_BUYING.search(around) or _BOND.search(around) or (_BOND.search(text) and not _EQUITY.search(text))):
            continue
        if trigger.event is EventType.LISTING and _NO_SHARES.search(text) and not _SHARES.search(text):
            continue
        if trigger.event in {EventType.SIGNING, EventType.COOPERATION} and _WITH_BANK.search(text) and not _WORKS.search(text):
            continue
        if trigger.event in {EventType.SUBSIDIARY, EventType.ACQUISITION, EventType.NEW_BUILD} and (
            _FUND.search(text[max(0, trigger.start - 12) : trigger.end + 14]) or (trigger.text.startswith("出资") and _PARTNERSHIP.search(text))
        ):
            continue
        if trigger.event is EventType.PRODUCTION and _NO_WORKS.search(around):
            continue
        if trigger.event is EventType.RELOCATION and (_PEOPLE_MOVE.search(around) or _OFFICE.search(text)):
            continue
        if trigger.event in {EventType.GROUND_BREAKING, EventType.LISTING, EventType.RECRUITING} and any(
            m.start() < trigger.end and m.end() > trigger.start for m in _PARTY.finditer(text, max(0, trigger.start - 6), trigger.end + 6)
        ):
            continue
        if trigger.event is EventType.TENDER_WON and re.search(r"招标|流标|落标|未中标|采购公告", around) and "中标" not in trigger.text and "中选" not in trigger.text:
            continue
        out.append(trigger)
    return out
