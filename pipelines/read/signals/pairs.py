"""Lists that belong together: firms with sums and places in the same order (分别, 前者 … 后者), and sums tied to the firm beside them."""

from __future__ import annotations

import re

from pipelines.read.signals.entities import Entity, Mention
from pipelines.read.signals.scene import Scene
from qingbao.amounts import FoundAmount
from qingbao.places import FoundPlace

_JOIN = re.compile(r"^(?:\(.{0,24}\)|[^,。;、]{0,10}?(?=[、和与及]))?(?:、|和|与|及|以及|,)$|^[^,。;、]{0,12}(?:、|和|与|及|以及)[^,。;、]{0,4}$")
_SUM_JOIN = re.compile(r"^(?:左右|上下|以上)?(?:、|和|与|及|以及|,)(?:约|近|超|人民币|总投资|投资)?$")
_PLACE_JOIN = re.compile(r"^(?:、|和|与|及|以及)$|^[^,。;、]{0,10}(?:、|和|与|及|以及)$")
_ORIGIN = re.compile(r"(?:来自|原籍|总部在)[^,。;]{0,2}$")
_FORMER = re.compile(r"前者([^;。]{0,60})后者")
_OF = re.compile(r"^(?:人民币|左右|以上)?的[^,。;、]{0,3}$")


def _runs(spans: list[tuple[int, int]], text: str, joiner: re.Pattern[str]) -> list[list[int]]:
    """Groups of neighbours (as indexes) that a joiner connects."""
    runs: list[list[int]] = []
    for i, (start, _) in enumerate(spans):
        if i and joiner.match(text[spans[i - 1][1] : start]):
            runs[-1].append(i)
        else:
            runs.append([i])
    return [run for run in runs if len(run) >= 2]


def _firms(row: list[tuple[Mention, Entity]]) -> list[tuple[Mention, Entity]]:
    """One mention per firm, the first."""
    seen: set[int] = set()
    out = []
    for mention, entity in row:
        if id(entity) not in seen:
            seen.add(id(entity))
            out.append((mention, entity))
    return out


def paired_amount(scene: Scene, entity: Entity, index: int) -> FoundAmount | None:
    """The sum that stands at this firm's place in a list of as many sums."""
    text, amounts = scene.sentences[index].text, scene.amounts[index]
    firms = _firms(scene.named[index])
    former = _FORMER.search(text)
    if former and len(firms) >= 2 and len(amounts) >= 2:
        sums = [a for a in amounts if a.start >= former.start()]
        before = [e for m, e in firms if m.end <= former.start()][-2:]
        if len(sums) == 2 and len(before) == 2 and sums[0].end <= former.end() <= sums[1].start:
            return sums[before.index(entity)] if entity in before else None
    for run in _runs([(a.start, a.end) for a in amounts], text, _SUM_JOIN):
        for names in _runs([(m.start, m.end) for m, _ in firms], text, _JOIN):
            group = [firms[i][1] for i in names]
            if len(group) == len(run) and entity in group:
                return amounts[run[group.index(entity)]]
    return None


def paired_place(scene: Scene, entity: Entity, index: int) -> FoundPlace | None:
    """The place that stands at this firm's place in a list of as many places behind 分别, 依次."""
    text = scene.sentences[index].text
    split = re.search(r"分别|依次|先后|地点", text)
    if not split:
        return None
    firms = _firms(scene.named[index])
    places = [p for p in scene.places[index] if not p.region and not any(m.start <= p.start < m.end for m, _ in firms) and not _ORIGIN.search(text[max(0, p.start - 4) : p.start])]
    for run in _runs([(p.start, p.end) for p in places], text, _PLACE_JOIN):
        for names in _runs([(m.start, m.end) for m, _ in firms], text, _JOIN):
            group = [firms[i][1] for i in names]
            if len(group) == len(run) and entity in group:
                return places[run[group.index(entity)]]
    return None


def owner_of(scene: Scene, index: int, found: FoundAmount, reported: list[Entity]) -> Entity | None:
    """The one firm that the words tie a sum to: 投资3亿元的甲项目, or 甲…投资3亿元 where each firm has a sum of its own; None where several may share it."""
    text = scene.sentences[index].text
    firms = [(m, e) for m, e in scene.named[index] if e in reported]
    if len({id(e) for _, e in firms}) < 2:
        return None
    following = next(((m, e) for m, e in firms if m.start >= found.end), None)
    if following and _OF.match(text[found.end : following[0].start]):
        return following[1]
    if len(scene.amounts[index]) < 2:
        return None
    before = [(m, e) for m, e in firms if m.end <= found.start]
    if not before:
        return None
    last, owner = before[-1]
    if len(before) > 1 and before[-2][1] is not owner and _JOIN.match(text[before[-2][0].end : last.start]) and len(text[before[-2][0].end : last.start]) <= 3:
        return None  # 甲、乙投资3亿元: shared
    return owner if not re.search(r"[。;]", text[last.end : found.start]) else None
