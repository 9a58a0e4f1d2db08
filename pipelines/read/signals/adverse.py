"""Bad news about firms: what was called off, denied, closed, fined. Never among the signals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.read.signals.entities import Entity, Mention
from pipelines.read.signals.parts import Sentence
from pipelines.read.signals.roles import MEDIA
from pipelines.read.signals.scene import Scene
from qingbao.model import AdverseType

A = AdverseType
_PATTERNS: tuple[tuple[AdverseType, re.Pattern[str]], ...] = (
    (A.INSOLVENCY, re.compile(r"破产(?!企业|资产)|(?:预)?重整(?!旗鼓)|资不抵债|清算(?!价)|失信被执行人|资金链断裂|债务违约|无力偿还|跑路")),
    (A.DELISTING, re.compile(r"(?<!两网及)退市(?!公司|整理)|终止上市|暂停上市|强制摘牌|被摘牌")),
    (A.DENIAL, re.compile(r"否认|不属实|不实(?:信息|传闻|报道)|与事实不符|纯属谣言|系谣言|辟谣|误读|澄清(?=[^,。;]{0,10}(?:传闻|报道|不|未|没有|:))|(?:从未|未曾|并未)(?:与|就|在)[^,。;]{1,30}(?:签|投资|洽谈|合作)")),
    (
        A.TERMINATION,
        re.compile(
            r"(?<!责令)(?:终止|取消|放弃|中止|暂停|撤回|撤销|搁置|解除|停止|叫停|解约|暂缓|不再(?:推进|实施|投资|继续))[^,。;]{0,24}?(?:项目|投资|合作|协议|(?<!劳动)合同|收购|重组|定增|募投|建设|计划|增资|交易|事项|签约|设立|出资|扩产|建厂|工厂)|"
            r"(?:项目|投资|合作|收购|重组|交易|定增|协议|计划|扩产|建厂)[^,。;]{0,12}?(?:终止|告吹|流产|搁浅|夭折|被否|叫停|泡汤|取消|已中止|停摆|烂尾|暂缓|(?:已|现|将|予以|于近日|近日|正式)解除|自动失效|作废)|(?:暂缓|停止)推进"
        ),
    ),
    (
        A.CLOSING,
        re.compile(
            r"(?:关闭|关停|停产(?!改造|搬迁)|停业|歇业|关厂|倒闭|停止生产)(?!率|损失|后复|[^,。;]{0,6}首店)[^,。;]{0,12}|(?:工厂|门店|生产线|产线|基地|炉|窑)[^,。;]{0,8}?(?:关闭|关停|停产(?!改造)|停业|停运)|(?:撤出|退出)(?:中国|[一-龥]{2,6}(?:工厂|市场))(?![^。;]{0,16}(?:迁|搬))|暂停营业|停止运营|注销"
        ),
    ),
    (A.LAYOFF, re.compile(r"裁员|裁减|解雇|遣散|解散员工|人员优化|欠薪|拖欠(?:工资|薪)|降薪")),
    (
        A.FINE,
        re.compile(
            r"(?:被|遭|处以?|收到|开出|因)[^,。;]{0,24}?(?:罚款|处罚|罚单|罚没|立案|责令|通报|警示函|查处|曝光|列入.{0,10}黑名单|停业整顿)|罚款[^,。;]{0,10}(?:万|亿|元)|行政处罚|立案(?:调查|稽查)|(?:不合格|违规|违法)[^,。;]{0,12}?(?:曝光|查处|通报|处罚|产品)|检出不合格|质量不合格|抽检不合格|被查封"
        ),
    ),
    (A.DISPUTE, re.compile(r"诉讼|起诉|被诉|仲裁|纠纷|罢工|索赔|侵权(?!险)|冻结(?:股份|资产|账户)|被冻结|对簿公堂|(?:被|遭)[^,。;]{0,10}(?:投诉|举报|抗议|告上)")),
)
_NOT_BAD = re.compile(r"(?:不会|不存在|避免|防止|无|没有|未|排除|化解|预防|杜绝)[^,。;]{0,8}$")
_NO_PLAN = re.compile(r"(?:没有|并无|暂无|(?<![一-龥])无|未有|不存在)[^,。;]{0,16}?(?:计划|安排|打算|意向)")
_RUMOUR = re.compile(r"传闻|网传|报道|消息|市场传|股吧|回应|误读")
_ROUTINE = re.compile(r"不会(?:停产|停工|裁员|关闭)|企业不会|风险|如(?:果)?|若|否则|或(?:将|可能)|可能(?!被)")


@dataclass(frozen=True, slots=True)
class BadThing:
    """A firm, the kind of bad news, and the mention and words that say so."""

    entity: Entity
    kind: AdverseType
    mention: Mention
    start: int
    end: int


def find_adverse(scene: Scene, likely: list[Entity]) -> list[BadThing]:
    """Bad news per firm and kind. ``likely``: firms worth reporting at all (no media, governments, lenders)."""
    found: dict[tuple[int, AdverseType], BadThing] = {}
    ids = {id(e) for e in likely}
    subject: dict[int, Mention] = {}
    last: tuple[Mention, Entity] | None = None
    for sentence in scene.sentences:
        named = [(m, e) for m, e in scene.named[sentence.index] if id(e) in ids]
        patterns = [*_PATTERNS, (A.DENIAL, _NO_PLAN)] if _RUMOUR.search(sentence.text) or _RUMOUR.search(scene.title) else _PATTERNS
        for kind, pattern in patterns:
            for match in list(pattern.finditer(sentence.text))[:6]:
                if _NOT_BAD.search(sentence.text[max(0, match.start() - 10) : match.start()]) or _ROUTINE.search(sentence.text[max(0, match.start() - 4) : match.end()]):
                    continue
                who = _who(sentence.text, named, match.start(), match.end())
                if who is None and not named and last and last[0].sentence >= sentence.index - 2 and sentence.part == "text":
                    who = last if re.search(r"公司|该|其|项目|双方", sentence.text) else None
                if who is None:
                    continue
                key = (id(who[1]), kind)
                found.setdefault(key, BadThing(who[1], kind, who[0], match.start(), match.end()))
        if named:
            last = named[0]
            subject[sentence.index] = named[0][0]
    return list(found.values())


def _who(text: str, named: list[tuple[Mention, Entity]], start: int, end: int) -> tuple[Mention, Entity] | None:
    """The firm whose bad news it is: the nearest before it in the sentence, else one right behind it."""
    before = [(m, e) for m, e in named if m.end <= start and not MEDIA.match(text[m.end : m.end + 6])]
    if before:
        return before[0] if len(before) > 1 and re.search(r"与|和|对|向|将|终止|就", text[before[0][0].end : before[-1][0].start]) else before[-1]
    inside = [(m, e) for m, e in named if start <= m.start < end]
    if inside:
        return inside[0]
    after = [(m, e) for m, e in named if m.start >= end and m.start - end <= 14 and not re.search(r"[,。;]", text[end : m.start])]
    return after[0] if after else None


# What stands behind such a word is another matter than what is called off or denied before it.
_CONTRAST = re.compile(r"但|不过|然而|另(?!行)|转而|改为|同时|仍(?:将|在|对)|继续|将自建|新址|之后|后(?=表示|,)")

# How the report of an end tells what had once been agreed.
_TOLD_AGAIN = re.compile(r"(?:19|20)\d\d年|此前|(?<![一-龥])曾|原(?:计划|拟|定|先)|当时|根据(?:原|上述)|按照(?:原|上述|合作)")


def suppressed(scene: Scene, entity: Entity, bad: list[BadThing], event_sentence: int, start: int, end: int) -> bool:
    """Whether an act is what the bad news calls off or denies: told in the same sentence or right around it, or headed by a title that says so."""
    act = scene.sentences[event_sentence]
    for thing in bad:
        if thing.entity is not entity or thing.kind not in {A.DENIAL, A.TERMINATION}:
            continue
        told = scene.sentences[thing.mention.sentence]
        if told.index == event_sentence:
            between = act.text[min(end, thing.end) : max(start, thing.start)]
            apart = ";" in between or (re.search(r"同时|另(?!行)", between) if thing.start >= start else _CONTRAST.search(between))
            if not apart:
                return True
        elif _called_off_elsewhere(thing, told, act, event_sentence, start):
            return True
    return False


def _called_off_elsewhere(thing: BadThing, told: Sentence, act: Sentence, event_sentence: int, start: int) -> bool:
    """Whether bad news of another sentence is about this act: a title that says so, a denial that follows, an end whose report tells what had been agreed."""
    if thing.kind is A.TERMINATION and _TOLD_AGAIN.search(act.text, 0, start) and not _CONTRAST.search(act.text, 0, start):
        return True
    if told.block != act.block:
        return False
    if told.part == "title":
        return not _CONTRAST.search(act.text[max(0, start - 30) : start])
    return thing.kind is A.DENIAL and abs(told.index - event_sentence) <= 2 and event_sentence < told.index
