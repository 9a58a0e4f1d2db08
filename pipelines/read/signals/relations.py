"""Who supplies, buys from, owns or joins whom, only where one sentence states it."""

from __future__ import annotations

import itertools
import re

from pipelines.read.signals.entities import Entity, Mention
from pipelines.read.signals.scene import Scene
from qingbao.model import RelationType

R = RelationType
_SUPPLIER_OF = re.compile(r"^(?:公司)?(?:是|系|为|成为|作为|已成为|正式成为)[^,。;]{0,10}$")
_SUPPLIER_WORD = re.compile(r"^(?:公司|集团|等[^,。;]{0,8})?(?:的)?[^,。;]{0,12}?(?:供应商|配套商|代工厂|代工企业)")
_SUPPLIES = re.compile(r"^(?:长期|主要|已|将|正式)?(?:为|向|给)[^,。;]{0,4}$")
_SUPPLIES_WORD = re.compile(r"^[^,。;]{0,14}?(?:供货|配套|供应|提供[^,。;]{1,16}(?:产品|零部件|部件|材料|服务|设备))")
_IS_CUSTOMER = re.compile(r"^(?:公司|集团)?的?(?:最大|主要|核心|重要|长期|战略|第一大|前五大|首家|唯一){0,2}(?:的)?(?:客户|买家|采购方|用户)(?!群|之一的供)")
_BUYS = re.compile(r"^(?:拟|将|计划|长期)?向[^,。;]{0,4}$")
_CUSTOMER_WORD = re.compile(r"^[^,。;]{0,6}?采购")
_CHILD_AFTER = re.compile(r"^(?:\(.{0,16}\))?(?:的|旗下|下属)?(?:间接)?(?:全资|控股|非全资)(?:子公司|附属公司|孙公司)[“\"]?$")
_IS_CHILD = re.compile(r"^(?:是|系|为)[^,。;]{0,4}$")
_CHILD_WORD = re.compile(r"^(?:公司|集团)?(?:的)?(?:全资|控股)?(?:子公司|孙公司|附属公司|旗下企业|旗下公司)")
_OWNED = re.compile(r"^由$|^[^,。;]{0,12}由$")
_OWNED_WORD = re.compile(r"^(?:\d+(?:\.\d+)?%)?(?:控股|全资(?:控股|持有|设立|拥有)|100%(?:控股|持股|持有))")
_TOGETHER = re.compile(r"^(?:拟|将|计划|公司)?(?:与|和|同|携手|联合|、)[^,。;]{0,2}$")
_JOINT_WORD = re.compile(r"^[^。;]{0,40}?(?:合资|共同出资|共同投资(?:设立|成立)|共同设立|合作设立)")


def find_relations(scene: Scene) -> list[tuple[RelationType, Mention, Mention]]:
    """(kind, subject, object) for neighbouring names of one sentence; each pair and kind once."""
    found: dict[tuple[RelationType, int, int], tuple[RelationType, Mention, Mention]] = {}
    for sentence in scene.sentences:
        named = scene.named[sentence.index]
        for (a, first), (b, second) in itertools.pairwise(named):
            if first is second:
                continue
            kind = _between(sentence.text, a, b)
            if kind is None:
                continue
            relation, swap = kind
            subject, obj = ((b, second), (a, first)) if swap else ((a, first), (b, second))
            found.setdefault((relation, id(subject[1]), id(obj[1])), (relation, subject[0], obj[0]))
            if len(found) >= 60:
                return list(found.values())
    return list(found.values())


def _between(text: str, a: Mention, b: Mention) -> tuple[RelationType, bool] | None:
    """The relation of two neighbours and whether the second one is its subject."""
    middle, after = text[a.end : b.start], text[b.end : b.end + 50]
    if _CHILD_AFTER.match(middle):
        return R.PARENT, False
    if _IS_CHILD.match(middle) and _CHILD_WORD.match(after):
        return R.PARENT, True
    if _OWNED.match(middle) and _OWNED_WORD.match(after):
        return R.PARENT, True
    if (_SUPPLIER_OF.match(middle) and _SUPPLIER_WORD.match(after)) or (_SUPPLIES.match(middle) and _SUPPLIES_WORD.match(after)):
        return R.SUPPLIER, False
    if _SUPPLIER_OF.match(middle) and _IS_CUSTOMER.match(after):
        return R.CUSTOMER, False
    if _BUYS.match(middle) and _CUSTOMER_WORD.match(after):
        return R.CUSTOMER, False
    if _TOGETHER.match(middle) and _JOINT_WORD.match(after):
        return R.JOINT_VENTURE, False
    return None


def parent_of(scene: Scene, entity: Entity) -> Entity | None:
    """The firm that a sentence states as the parent of this one."""
    for sentence in scene.sentences:
        named = scene.named[sentence.index]
        for (a, first), (b, second) in itertools.pairwise(named):
            if first is second or entity not in (first, second):
                continue
            kind = _between(sentence.text, a, b)
            if kind and kind[0] is R.PARENT:
                parent, child = (second, first) if kind[1] else (first, second)
                if child is entity:
                    return parent
    return None
