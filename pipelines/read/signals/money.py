"""Which sum of a text is the firm's: what the words to its left say it is for, and who stands between."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.read.signals.acts import Act
from pipelines.read.signals.entities import Entity
from pipelines.read.signals.pairs import owner_of, paired_amount
from pipelines.read.signals.scene import Scene
from qingbao.amounts import FoundAmount
from qingbao.model import Amount, EventType

E = EventType
_INVEST = re.compile(r"总投资|投资总额|总投资额|投资额|投资|斥资|耗资|投入|总造价|投建|计划投|建设资金|启动资金|增资|追加|加码|砸|豪掷|项目总额|(?:要|得|需|需要|预计|大概)花")
_RAISE = re.compile(r"募资|募集|融资|定增|增发|发行|私募|筹资|轮|认购")
_CAPITAL = re.compile(r"注册资本|注册资金|出资|认缴|注资")
_CONTRACT = re.compile(r"中标|合同|订单|采购|金额|供货|销售|交易|报价|标的|总价|成交")
_PRICE = re.compile(r"成交|总价|竞得|拍得|摘得|对价|代价|作价|收购|购买|受让|转让|土地|竞拍|竞买|出让|价款|涉资|斥资|以|起价|价格")
_TOTAL = re.compile(r"总投资|投资总额|总投资额|总额|总价|合计|共计")
_PART = re.compile(r"(?:一期|首期|二期|三期|其中|固定资产|首批|第一期|设备|第一阶段|自有资金|前期|年内|今年|本年度)[^,。;]{0,14}$")
_NO = re.compile(
    r"(?:产值|销售(?:收入|额|规模)?|营收|营业收入|收入|税收|利税|纳税|税|利润|净利|市值|贷款|授信|罚款|罚|补贴|补助|每亩|亩均|投资强度|奖励|奖金|返费|估值|净资产|资产(?:总额|规模|总计)|负债|债务|债|GDP|生产总值|出口|进口|"
    r"回购|股价|每股|工资|薪|造价|成本|费用|贡献|创造|效益|亏损|规模(?:达|将达|突破|超)|市场|用电|增加值|损失|募得后|价值|产业规模|达产后|年销|年营|手续费|保证金|赔偿|欠款|违约金|还款|余额|(?:销售)?目标|完成(?:固定资产)?投资|工业总产值|产出)"
    r"[^,。;]{0,16}$"
)
_NO_AFTER = re.compile(r"^(?:的)?(?:产值|销售|营收|收入|税收|利税|税|利润|市值|贷款|授信|罚款|补贴|奖|债|产业(?:集群|规模)|市场|出口|估值|销售额|营业额|规模的|级产业|基金|产能|的规模|GDP|工业产值)")
_RAISED = re.compile(r"^(?:增加|提高|上调|调整|调增|增|追加|变更)(?:至|到|为)")
_MANY = re.compile(
    r"(?:\d+|[一二三四五六七八九十百两]+|多|数)\s*(?:余|多)?(?:个|项|宗|批|家|大)(?!月|季度|亿|工作日|标段|百分点|小时|国家|省|城市|股|期|交易日|自然日)[^,。;]{0,14}?(?:项目|工程|企业|签约|协议)|项目\s*(?:共|数|总数|有|为|达|计)*\d+\s*[个项]|项目\d+[个项]|\d+项"
)
_PUBLIC = re.compile(r"(?:全市|全省|全县|全区|全国|我市|我省|我县|我区|全年|累计|今年以来|该县|该市|园区|开发区|年度(?:计划|投资)|“?十[一二三四]五”?(?:期间)?|未来[三五十两\d]+年|五年|合计|共计|集中(?:签约|开工))[^,。;]{0,24}$")
_OWN_PLAN = re.compile(r"未来|五年")  # a firm's own plan may say so too


@dataclass(frozen=True, slots=True)
class Sum:
    """A chosen sum and where it stands."""

    amount: Amount
    sentence: int
    start: int
    end: int


def choose_amount(scene: Scene, entity: Entity, act: Act, reported: list[Entity]) -> Sum | None:
    """The sum of the firm's own project, or None; a vague sum (数亿元) comes back without a value."""
    best: tuple[float, Sum] | None = None
    others = _without_partners(scene, entity, act, reported)
    for index, nearness in _window(scene, entity, act, reported):
        if index in act.apart:
            continue
        sentence = scene.sentences[index]
        pair = paired_amount(scene, entity, index)
        if pair is not None and nearness >= 0.6:
            return Sum(_refined(pair, sentence.text), index, pair.start, pair.end)
        for found in scene.amounts[index]:
            owner = owner_of(scene, index, found, reported)
            if owner is not None and owner is not entity:
                continue
            value = _score(scene, entity, act, index, found, others)
            if value is None:
                continue
            value += nearness
            if best is None or value > best[0] + 1e-9:
                best = (value, Sum(_refined(found, sentence.text), index, found.start, found.end))
    return best[1] if best and best[0] > 0.4 else None


def _window(scene: Scene, entity: Entity, act: Act, reported: list[Entity]) -> list[tuple[int, float]]:
    """Sentences where its sum may stand, with how near they are: its own, those that follow until another firm comes, the title."""
    home = act.role.mention.sentence
    block = scene.sentences[home].block
    out: dict[int, float] = {home: 1.0}
    mine = {m.sentence for m in entity.mentions if scene.sentences[m.sentence].block == block or scene.sentences[m.sentence].part == "title"}
    reported = _without_partners(scene, entity, act, reported)
    alone = all(e is entity for e in reported) or len({id(e) for s in scene.in_block(block) for _, e in scene.named[s.index] if e in reported}) <= 1
    for index in sorted(mine):
        out.setdefault(index, 0.6)
    for index in sorted({home, *mine}):
        for step in range(1, 7 if alone else 4):
            follow = index + step
            if follow >= len(scene.sentences):
                break
            sentence = scene.sentences[follow]
            others = [e for _, e in scene.named[follow] if e is not entity and e in reported]
            if sentence.block != block or sentence.part != scene.sentences[index].part or (others and not alone):
                break
            out.setdefault(follow, 0.7 - 0.12 * step)
    if alone:
        for sentence in scene.sentences:
            if sentence.part == "title" or (sentence.block == block and sentence.index < home):
                out.setdefault(sentence.index, 0.3)
    return sorted(out.items())


_SHARED_ACTS = frozenset({E.SIGNING, E.SUBSIDIARY, E.COOPERATION, E.NEW_BUILD, E.HEADQUARTERS})


def _without_partners(scene: Scene, entity: Entity, act: Act, reported: list[Entity]) -> list[Entity]:
    """The other firms, without those that act together with this one in its sentence (甲与乙签约): they share the sum told later."""
    if act.event not in _SHARED_ACTS:
        return reported
    home = act.role.mention.sentence
    text = scene.sentences[home].text
    mine = [m for m, e in scene.named[home] if e is entity]
    partners = set()
    for mention, other in scene.named[home]:
        if other is entity:
            continue
        nearest = min(mine, key=lambda m: abs(m.start - mention.start), default=None)
        if nearest is None:
            continue
        left, right = sorted((nearest, mention), key=lambda m: m.start)
        if re.search(r"[与和及、同]|携手|联合|联手", text[left.end : right.start]) and not re.search(r"[。;]|分别", text[left.end : right.start]):
            partners.add(id(other))
    return [e for e in reported if id(e) not in partners]


def _score(scene: Scene, entity: Entity, act: Act, index: int, found: FoundAmount, reported: list[Entity]) -> float | None:
    text = scene.sentences[index].text
    left = re.split(r"[。;]", text[max(0, found.start - 40) : found.start])[-1]
    clause = re.split(r"[,::(]", left)[-1]
    right = text[found.end : found.end + 12]
    if _NO.search(clause) and not re.search(r"(?:投资|募资|融资|中标|合同|订单)[^,。;]{0,8}$", clause):
        return None
    if _RAISED.match(right):
        return None  # 由20亿元增加至26亿元: the old figure
    if _NO_AFTER.match(right) or (found.amount.value_wan is not None and found.amount.value_wan < 5):
        return None
    if _is_headline_of_many(scene, index, reported):
        return None
    if (_MANY.search(left) or _MANY.match(right) or re.match(r"[!?,]?的?\d+[个项]", right)) and "其中" not in left[-14:] and not _named_between(scene, index, left, found, reported):
        return None
    public = _PUBLIC.search(left)
    if public and "其中" not in left[-10:] and not _named_between(scene, index, left, found, reported) and not (_OWN_PLAN.match(public[0]) and _is_alone(scene, entity, index, found.start, reported)):
        return None
    value = _fit(act.event, clause, left, found, right)
    if value is None:
        return None
    if _TOTAL.search(clause[-12:]):
        value += 0.5
    if _PART.search(clause) or _PART.search(left[-14:]):
        value -= 0.7
    mine = [m for m, e in scene.named[index] if e is entity]
    others = [m for m, e in scene.named[index] if e is not entity and e in reported]
    if others:
        anchor = max((m.end for m in mine if m.end <= found.start), default=None)
        if anchor is not None:
            value -= 0.9 * sum(anchor <= m.start < found.start and not re.match(r"[、和与及,]*$", text[anchor : m.start]) for m in others)
        elif mine:
            before = [m for m in others if m.end <= found.start]
            value -= 0.9 * (bool(before) and not _shared(text, before[-1].end, found.start))
            if len(text[found.end : mine[0].start]) <= 30 and not re.search(r"[,。;]", text[found.end : mine[0].start]):
                value += 0.9  # 总投资15亿元的岳衡重工产业园
        elif any(m.end <= found.start for m in others):
            value -= 0.8
    if mine:
        gap = min((found.start - m.end if m.end <= found.start else m.start - found.end + 8) for m in mine)
        value -= min(0.5, max(0, gap) * 0.005)
    if found.bare and not (_INVEST.search(clause) or _RAISE.search(clause) or _CONTRACT.search(clause)):
        value -= 0.8
    return value


def _is_headline_of_many(scene: Scene, index: int, reported: list[Entity]) -> bool:
    """Whether a sentence is a headline that names none of the three or more firms that are reported: its sum is their total."""
    return scene.sentences[index].part == "title" and len(reported) >= 3 and not any(e in reported for _, e in scene.named[index])


def _is_alone(scene: Scene, entity: Entity, index: int, before: int, reported: list[Entity]) -> bool:
    """Whether the firm is the only one reported of the sentence, and named before the sum: 甲发布规划:未来两年投资30亿元."""
    named = scene.named[index]
    mine = [m for m, e in named if e is entity]
    return bool(mine) and all(e is entity or e not in reported for _, e in named) and mine[0].end <= before


def _named_between(scene: Scene, index: int, left: str, found: FoundAmount, reported: list[Entity]) -> bool:
    """A firm is named between the count of projects and the sum: then the sum is that firm's."""
    start = found.start - len(left)
    counts = [m.end() for m in _MANY.finditer(left)] + [m.start() for m in _PUBLIC.finditer(left)]
    if not counts:
        return False
    return any(start + max(counts) <= m.start < found.start and e in reported for m, e in scene.named[index])


def _shared(text: str, start: int, end: int) -> bool:
    return bool(re.search(r"共同|合资|联合|双方|各方|三方|等", text[start:end]))


def _fit(event: EventType, clause: str, left: str, found: FoundAmount, right: str) -> float | None:
    """How well the words around suit the event; None where they say that the sum is something else."""
    invest, raised = bool(_INVEST.search(clause)), bool(_RAISE.search(clause))
    capital, contract, price = bool(_CAPITAL.search(clause)), bool(_CONTRACT.search(clause)), bool(_PRICE.search(clause))
    after_invest = bool(re.match(r"(?:人民币)?(?:的)?(?:投资|建设|资金|在|新建|打造|大?项目|扩建|收购|入股|增资|加码|投建|元?建)", right))
    if event is E.FINANCING or event is E.LISTING:
        return 1.5 if raised or re.match(r"(?:的)?[^,。;]{0,8}?(?:融资|轮|定增|可转债|投资)", right) else 0.6 if invest or capital else 0.1
    if event is E.TENDER_WON:
        return 1.4 if contract or re.match(r"[^,。;]{0,16}?(?:订单|合同|大单|项目|标)", right) else 0.3 if price else 0.1
    if event is E.LAND:
        return 1.4 if price and not invest else 0.9 if invest else 0.4
    if event is E.ACQUISITION:
        return 1.3 if price or capital or invest or re.match(r"(?:的价格)?(?:收购|增资|购买|竞得|受让|入股)", right) else 0.3
    if event is E.SUBSIDIARY:
        return 1.4 if invest and not capital else 1.0 if capital else 0.3
    if event is E.RECRUITING:
        return 0.5 if invest else None
    if event is E.COOPERATION:
        return 1.0 if invest or contract else 0.3
    if capital and not re.search(r"(?:拟|将|计划|公司)出资", clause):
        return 0.45  # registered capital counts only where nothing better is there
    if raised and not invest:
        return 0.5
    if invest:
        return 1.6
    return 1.1 if after_invest else 0.6 if re.search(r"(?:以|用|达|约|为|超过?|近|计)$", clause) else 0.3


def _refined(found: FoundAmount, text: str) -> Amount:
    before = text[max(0, found.start - 16) : found.start]
    return replace(found.amount, part=bool(_PART.search(before)))
