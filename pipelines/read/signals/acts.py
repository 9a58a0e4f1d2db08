"""Which event and stage a reported firm's signal has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.read.signals.entities import Entity
from pipelines.read.signals.features import Judged, role_value
from pipelines.read.signals.roles import Role
from pipelines.read.signals.scene import Scene
from pipelines.read.signals.triggers import Trigger
from qingbao.model import EventType, Stage

E = EventType
# Where several acts are told of one project the more specific one is its label; a general word beside it is no rival.
_SWALLOWS: dict[EventType, frozenset[EventType]] = {
    E.SIGNING: frozenset({E.COOPERATION, E.NEW_BUILD}),
    E.LISTING: frozenset({E.FINANCING}),
    E.TENDER_WON: frozenset({E.COOPERATION, E.NEW_BUILD}),
    E.EIA: frozenset({E.NEW_BUILD, E.EXPANSION, E.LAND}),
    E.LAND: frozenset({E.NEW_BUILD}),
    E.FINANCING: frozenset({E.NEW_BUILD}),
}
_DONE = frozenset({E.PRODUCTION, E.GROUND_BREAKING})


@dataclass(frozen=True, slots=True)
class Act:
    """The chosen event, its stage, and the role (sentence) that proves it."""

    event: EventType
    stage: Stage
    role: Role
    trigger: Trigger
    apart: frozenset[int] = frozenset()  # sentences that tell another project of the firm


def choose_act(scene: Scene, judged: Judged, block: int | None = None) -> Act | None:
    """Weighs the acts near the firm: in its sentences, in the title, in the sentence that follows. ``block`` limits it to one item of a round-up."""
    roles = [r for r in judged.roles if block is None or scene.sentences[r.mention.sentence].block == block]
    proving = [r for r in roles if r.act is not None]
    if not proving:
        return _told_before(scene, roles)
    votes = _votes(scene, judged.entity, roles)
    if not votes:
        return None
    totals: dict[EventType, float] = {}
    for trigger, weight, _ in votes:
        totals[trigger.event] = max(totals.get(trigger.event, 0.0), weight) + 0.1 * min(2.0, weight) * (trigger.event in totals)
    _settle(scene, judged, totals, [t for t, _, _ in votes])
    event = max(totals, key=lambda e: (totals[e], e.value))
    role = _proof(scene, proving, event)
    trigger = next(t for t, _, _ in sorted(votes, key=lambda v: -v[1]) if t.event is event)
    return Act(event, stage_of(event, trigger, scene.sentences[role.mention.sentence].text), role, trigger)


def _told_before(scene: Scene, roles: list[Role]) -> Act | None:
    """A firm in a list or table whose act stands in the heading (新投产的有：…), or is no more than that its project is named."""
    for role in roles[:3]:
        index = role.mention.sentence
        if scene.sentences[index].part == "title":
            continue
        heads = [*range(index, max(-1, index - 4), -1), *(s.index for s in scene.sentences[:2] if s.part == "title")]
        for back in heads:
            if scene.sentences[back].part == "text" and scene.sentences[back].block != scene.sentences[index].block:
                continue  # another item of a round-up
            acts = [t for t in scene.triggers[back] if not t.negated and not (t.future and t.event in _DONE)]
            if acts:
                trigger = max(acts, key=lambda t: t.weight)
                return Act(trigger.event, stage_of(trigger.event, trigger, scene.sentences[back].text), role, trigger)
        for ahead in range(index + 1, min(index + 4, len(scene.sentences))):
            acts = [t for t in scene.triggers[ahead] if not t.negated and not (t.future and t.event in _DONE)]
            if scene.named[ahead] or scene.sentences[ahead].block != scene.sentences[index].block:
                break
            if acts:
                trigger = max(acts, key=lambda t: t.weight)
                return Act(trigger.event, stage_of(trigger.event, trigger, scene.sentences[ahead].text), role, trigger)
        if scene.sentences[index].block in scene.document.heads:
            return None  # an item of a round-up that tells no act
        return Act(E.NEW_BUILD, Stage.PLANNED, role, Trigger(E.NEW_BUILD, Stage.PLANNED, 1.0, role.mention.end, role.mention.end, ""))
    return None


def _votes(scene: Scene, entity: Entity, roles: list[Role]) -> list[tuple[Trigger, float, Role | None]]:
    votes: list[tuple[Trigger, float, Role | None]] = []
    seen: set[int] = set()
    for role in roles[:8]:
        index = role.mention.sentence
        sentence = scene.sentences[index]
        # What a story tells first is its news; what stands deep in it is background.
        depth = index - next((s.index for s in scene.sentences if s.block == sentence.block and s.part == "text"), index)
        mine = 1.25 if sentence.part == "title" else 1.0 / (1.0 + 0.04 * min(12, max(0, depth - 1)))
        for trigger in scene.triggers[index]:
            if trigger.event is E.ACQUISITION and "target" in role.marks:
                continue  # it is what others buy
            weight = trigger.weight * mine * _nearness(scene, entity, role, trigger)
            votes.append((trigger, weight, role))
        if index in seen:
            continue
        seen.add(index)
        following = scene.sentences[index + 1] if index + 1 < len(scene.sentences) else None
        if following and following.block == sentence.block and following.part == sentence.part == "text" and not scene.named[index + 1]:
            votes += [(t, t.weight * 0.6, None) for t in scene.triggers[index + 1]]
    votes += _together(scene, roles)
    alone = len({id(e) for row in scene.named for _, e in row}) <= 2
    if alone or any(n in scene.title for n in entity.names):
        for sentence in scene.sentences:
            if sentence.part == "title":
                votes += [(t, t.weight * 1.1, None) for t in scene.triggers[sentence.index]]
    return [(t, w - _discount(t), r) for t, w, r in votes if not t.negated and w - _discount(t) > 0.1]


_CEREMONY = re.compile(r"(?:集中|集体|同时|同日)(?:开工|签约|竣工|投产|开竣工|落地|奠基)|(?:签约|开工|竣工|投产|奠基)(?:仪式|活动|大会|动员)|(?:开工|竣工|签约|投产)的(?:项目)?有|(?:此次|本次|当日|现场|同时)(?:集中)?(?:签约|开工|竣工|投产)的?")


def _together(scene: Scene, roles: list[Role]) -> list[tuple[Trigger, float, Role | None]]:
    """The act of a ceremony that told its projects one by one in this sentence or the two before it."""
    if not roles:
        return []
    index = roles[0].mention.sentence
    home = scene.sentences[index]
    if home.part == "title" or (roles[0].act and roles[0].act.event not in {E.NEW_BUILD, E.EXPANSION}):
        return []
    titles = [s.index for s in scene.sentences[:2] if s.part == "title"] if scene.document.blocks == 1 else []
    for back in [*range(index, max(-1, index - 3), -1), *titles]:
        sentence = scene.sentences[back]
        match = _CEREMONY.search(sentence.text)
        if match and (sentence.block == home.block or sentence.part == "title"):
            return [(t, t.weight * 0.8, None) for t in scene.triggers[back] if t.start < match.end() and t.end > match.start() and t.event is not E.NEW_BUILD]
    return []


def _discount(trigger: Trigger) -> float:
    """An act that is only announced is not yet the news."""
    if trigger.future and trigger.event in _DONE:
        return 0.6 if trigger.soon else 2.2
    return 0.6 * trigger.hearsay


def _nearness(scene: Scene, entity: Entity, role: Role, trigger: Trigger) -> float:
    mention = role.mention
    others = [m for m, e in scene.named[mention.sentence] if e is not entity]
    if trigger.start >= mention.end:
        between = sum(mention.end <= m.start < trigger.start for m in others)
        gap = trigger.start - mention.end
    else:
        between = sum(trigger.end <= m.start < mention.start for m in others)
        gap = mention.start - trigger.end + 12
    text = scene.sentences[mention.sentence].text
    left, right = sorted((mention.end, trigger.start))
    behind = sum(m.start >= trigger.end for m in others)
    if between and behind and trigger.start >= mention.end:
        between *= 3  # an act amid a list is that of its own item, one behind the list is shared
    crossing = text[left:right].count(",") + 3 * text[left:right].count(";")
    return 1.0 / (1.0 + 0.004 * max(0, gap) + 0.08 * crossing + 0.18 * between)


def _settle(scene: Scene, judged: Judged, totals: dict[EventType, float], triggers: list[Trigger]) -> None:
    text = "".join(scene.sentences[r.mention.sentence].text for r in judged.roles[:3])
    for strong, weak in _SWALLOWS.items():
        if totals.get(strong, 0.0) >= 1.2:
            for event in weak:
                if event in totals and totals[event] < totals[strong] * 1.6:
                    totals[event] *= 0.6
    if E.LAND in totals and E.TENDER_WON in totals and re.search(r"土地|地块|用地", text):
        totals[E.LAND] = max(totals[E.LAND], totals[E.TENDER_WON] + 0.1)
    if E.SIGNING in totals and E.COOPERATION in totals and not re.search(r"投资|落户|入园|建设|项目|基地|产业园", text):
        totals[E.COOPERATION] = totals[E.SIGNING] + 0.1
    if E.ACQUISITION in totals and E.SUBSIDIARY in totals and re.search(r"设立|成立|组建|新设", text) and not re.search(r"收购|股权|并购", text):
        totals[E.SUBSIDIARY] = max(totals[E.SUBSIDIARY], totals[E.ACQUISITION] + 0.1)
    if E.SIGNING in totals and re.search(r"销售|采购|供货|供应|融资租赁|贷款|授信", text) and E.TENDER_WON in totals:
        totals[E.TENDER_WON] = max(totals[E.TENDER_WON], totals[E.SIGNING] + 0.1)
    if E.EXPANSION in totals and re.search(r"现有厂区|原厂区|厂区内|原址|现有厂房|扩产|扩能|技改|扩建", text):
        totals[E.EXPANSION] += 0.5
    if E.EIA in totals and re.search(r"建设单位|公示|征求意见|环境影响报告", text):
        totals[E.EIA] += 1.2


def _proof(scene: Scene, proving: list[Role], event: EventType) -> Role:
    """The mention whose sentence proves the event best; body before title."""

    def value(role: Role) -> float:
        assert role.act is not None
        same = any(t.event is event and not t.negated for t in scene.triggers[role.mention.sentence])
        body = scene.sentences[role.mention.sentence].part == "text"
        # The earlier sentence is the news, the later one its background.
        return role_value(role) + 1.5 * same + 0.8 * body - 0.06 * min(20, role.mention.sentence)

    return max(proving, key=value)


_STAGE_BY_WORD = (
    (Stage.PRODUCING, re.compile(r"投产|量产|投入运营|投入使用|开业|竣工|运营|下线")),
    (Stage.BUILDING, re.compile(r"在建|正在建设|加快建设|建设中|封顶|主体(?:结构|完工)|平整|施工|安装调试")),
    (Stage.STARTED, re.compile(r"开工|奠基|动工|破土")),
    (Stage.LAND, re.compile(r"竞得|摘牌|土地使用权|拿地|供地")),
    (Stage.APPROVED, re.compile(r"获批|核准|备案|环评|批复|批准")),
    (Stage.LANDED, re.compile(r"落户|落地|入驻|进驻")),
    (Stage.SIGNED, re.compile(r"签约|签署|签订|签")),
)
_FIXED_STAGE = {
    E.PRODUCTION: Stage.PRODUCING, E.GROUND_BREAKING: Stage.STARTED, E.LAND: Stage.LAND, E.EIA: Stage.APPROVED, E.SIGNING: Stage.SIGNED, E.RECRUITING: Stage.RECRUITING,
    E.COOPERATION: Stage.SIGNED, E.TENDER_WON: Stage.SIGNED,
}
_PLANNED = re.compile(r"拟|计划|将|筹划|预计|规划|准备|考虑")


def stage_of(event: EventType, trigger: Trigger, text: str) -> Stage:
    """How far the project is: fixed by the event where it says so, else by the words of the sentence."""
    if event in _FIXED_STAGE and not (event is E.PRODUCTION and trigger.future):
        return _FIXED_STAGE[event]
    if event in {E.FINANCING, E.LISTING, E.ACQUISITION, E.SUBSIDIARY}:
        return Stage.PLANNED if _PLANNED.search(text) and not re.search(r"完成|成立于|已成立|正式", text) else Stage.COMPLETED
    for stage, pattern in _STAGE_BY_WORD:
        match = pattern.search(text)
        if match and not _PLANNED.search(text[max(0, match.start() - 10) : match.start()]):
            return stage
    return Stage.PLANNED
