"""A second project of the same firm, still open, told beside one that is tied to its place: 二期投产 … 三期地点未定."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.read.signals.acts import Act
from pipelines.read.signals.entities import Entity, Mention
from pipelines.read.signals.scene import Scene
from pipelines.read.signals.site import NAMES, undecided_in
from pipelines.read.signals.triggers import Trigger
from qingbao.model import EventType, Stage

E = EventType
_BESIDE = frozenset({E.PRODUCTION, E.GROUND_BREAKING, E.LAND, E.SIGNING, E.HEADQUARTERS, E.EXPANSION, E.NEW_BUILD})
_PLANS = frozenset({E.NEW_BUILD, E.EXPANSION})
_ANOTHER = re.compile(
    r"再(?:建|设|布局|投|找|选|开|上)|另(?:外|有|建|[一二两三])|此外|还(?:将|要|计划|拟|有意|打算|会|在)|下一(?:步|座|个|期)|第[二三四五](?:座|个|期)?[^,。;]{0,6}?(?:工厂|基地|厂|车间|产线|项目)"
    r"|[二三四五]期|其余|剩余|不会再|未来[^,。;]{0,8}?(?:建|布局|规划|打造)|新(?:工厂|基地|厂)"
)
_SPEAKER = re.compile(r"公司|集团|企业|负责人|董事长|总经理|总裁|创始人|他|她")
_MAX_SENTENCES = 60


def with_further(scene: Scene, entity: Entity, act: Act) -> list[Act]:
    """The act, and the open plan told beside it if there is one; each then looks only at its own sentences."""
    if act.event not in _BESIDE:
        return [act]
    home = scene.sentences[act.role.mention.sentence]
    if home.part == "title" or undecided_in(scene, entity, home.index):
        return [act]
    block = [s.index for s in scene.in_block(home.block) if s.part == "text"][:_MAX_SENTENCES]
    for index in block:
        if index == home.index or not _tells_another(scene, entity, index, home.index):
            continue
        own = [index]
        while own[-1] + 1 in block and len(own) < 3 and not scene.named[own[-1] + 1]:
            own.append(own[-1] + 1)
        plan = _plan(scene, entity, act, index, frozenset(s.index for s in scene.sentences if s.index not in own))
        titles = [s.index for s in scene.sentences[:3] if s.part == "title" and undecided_in(scene, entity, s.index)]
        return [replace(act, apart=frozenset({*own, *titles})), plan]
    return [act]


def _tells_another(scene: Scene, entity: Entity, index: int, home: int) -> bool:
    """The sentence is about this firm (or its speaker, close behind) and tells a further project whose place is open."""
    text = scene.sentences[index].text
    firms = [e for _, e in scene.named[index] if e is entity or e.patterns & NAMES]
    if firms and any(e is not entity for e in firms):
        return False
    near = any(m.sentence in range(index - 3, index) for m in entity.mentions) or home in range(index - 3, index)
    if not firms and not (near and _SPEAKER.search(text)):
        return False
    return bool(_ANOTHER.search(text)) and undecided_in(scene, entity, index) is not None


def _plan(scene: Scene, entity: Entity, act: Act, index: int, apart: frozenset[int]) -> Act:
    """The plan as an act of its own, proved by the sentence that tells it."""
    text = scene.sentences[index].text
    trigger = next((t for t in scene.triggers[index] if t.event in _PLANS and not t.negated), None)
    own = next((m for m in entity.mentions if m.sentence == index), None)
    if own is None:
        speaker = _SPEAKER.search(text)
        start, end = speaker.span() if speaker else (0, 0)
        own = Mention(index, start, end, act.role.mention.name)
    trigger = trigger or Trigger(E.NEW_BUILD, Stage.PLANNED, 1.0, own.end, own.end, "")
    role = replace(act.role, mention=own, act=trigger, gap=max(0, trigger.start - own.end))
    return Act(E.NEW_BUILD, Stage.PLANNED, role, trigger, apart)
