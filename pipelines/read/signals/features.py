"""What speaks for a firm being one that acts: named features, the hand-made score over them, and what to tell people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.read.signals import stops
from pipelines.read.signals.entities import Entity
from pipelines.read.signals.roles import Role, roles_of
from pipelines.read.signals.scene import Scene
from pipelines.read.signals.surroundings import surroundings
from pipelines.read.signals.triggers import Trigger
from qingbao.names import has_legal_form, is_latin

# The hand-made weights: a score of 0 is the border. Each is the size of the mistake seen without it on own test texts.
WEIGHTS: dict[str, float] = {
    "bias": -1.6,
    "act": 0.75,  # weight of the best act that it does, 0-3
    "gap": -0.9,  # characters between name and act, in hundreds
    "by": 0.8,
    "object": -0.9,  # stands behind the act
    "project": 0.1,
    "title": 0.9,
    "title_act": 1.0,
    "first_named": 0.5,
    "header": 1.0,
    "code": 0.8,
    "full": 0.5,
    "alias": 0.6,
    "label": 2.2,
    "listed": 0.5,
    "brand": 0.3,
    "only_subject": -0.5,
    "only_latin": -0.8,
    "patterns": 0.15,
    "mentions": 0.12,
    "money": 0.5,
    "attracted": 0.8,
    "with_government": 0.9,
    "partner": 0.0,
    "negated": -2.2,
    "no_act": -1.8,
    "hearsay": -1.4,
    "denied_title": -1.5,
    "media": -4.0,
    "venture": -3.5,
    "consult": -4.0,
    "subsidy": -3.0,
    "answer": -1.0,
    "target": -1.6,
    "customer": -1.6,
    "retro": -1.0,
    "visit": -0.5,
    "parent": -0.1,
    "child": -0.8,
    "past": -0.8,
    "fund": -1.5,
    "lender": -2.5,
    "consultant": -2.0,
    "person_like": -0.8,
    "everyday": -0.6,
    "act_density": 0.3,
    "tagger": 1.0,
}
DENIED = re.compile(r"否认|不实|不属实|澄清|辟谣|传闻|终止|取消|裁员|破产|清算|退市|停产|关停|倒闭|亏损|罚|被查|立案|诉讼|仲裁|造假|减持|质押|冻结|欠|违约|回购|涨停|跌停|涨超|跌超|净利|营收|业绩|年报|季报")


@dataclass(frozen=True, slots=True)
class Judged:
    """A firm with its features; ``roles`` best first; ``around``: the words around its mentions."""

    entity: Entity
    features: dict[str, float]
    roles: tuple[Role, ...]
    rule_score: float
    around: frozenset[str]


def judge(scene: Scene, entity: Entity) -> Judged:
    """Features of a firm and the hand-made score."""
    roles = sorted(roles_of(scene, entity), key=lambda r: -role_value(r))
    features = _features(scene, entity, roles)
    score = sum(WEIGHTS.get(name, 0.0) * value for name, value in features.items())
    return Judged(entity, features, tuple(roles), score, surroundings(scene, entity))


def role_value(role: Role) -> float:
    """How strongly one mention speaks for the firm acting."""
    if role.act is None:
        return -1.0
    value = role.act.weight - role.gap * 0.015
    value += {"subject": 0.5, "by": 0.9, "project": 0.1, "object": -0.7}.get(role.how, 0.0)
    value -= 2.5 * role.act.negated + 0.8 * role.act.hearsay + 0.3 * role.mention.stands_for
    value -= sum({"media": 4.0, "venture": 3.0, "consult": 4.0, "subsidy": 2.0, "target": 1.5, "customer": 1.5, "retro": 1.0, "past": 1.0, "child": 0.6}.get(m, 0.0) for m in role.marks)
    value += sum({"attracted": 0.6, "with_government": 0.6}.get(m, 0.0) for m in role.marks)
    return value


def _features(scene: Scene, entity: Entity, roles: list[Role]) -> dict[str, float]:
    best = roles[0] if roles else None
    act: Trigger | None = best.act if best else None
    name = entity.best_name
    patterns = entity.patterns
    count = len(roles) or 1
    in_title = [r for r in roles if scene.sentences[r.mention.sentence].part == "title"]
    shown = bool(in_title) or any(n in scene.title for n in entity.names if len(n) >= 2)
    f: dict[str, float] = {"bias": 1.0}
    f["act"] = act.weight if act else 0.0
    f["gap"] = min(best.gap, 99) / 100 if best and act else 0.0
    for how in ("by", "object", "project"):
        f[how] = float(bool(best and act and best.how == how))
    f["title"] = float(shown)
    f["title_act"] = float(any(r.act and not r.act.negated and r.how in {"subject", "project", "by"} for r in in_title))
    f["first_named"] = float(any(scene.named[r.mention.sentence] and scene.named[r.mention.sentence][0][0] is r.mention for r in roles if r.act))
    f["header"] = float("header" in patterns)
    f["code"] = float(entity.has_code)
    f["full"] = float(any(has_legal_form(n) for n in entity.names))
    f["alias"] = float(bool(entity.aliases) or "named" in patterns)
    f["label"] = float("label" in patterns)
    f["listed"] = float("list" in patterns)
    f["brand"] = float("brand" in patterns or "group" in patterns)
    f["tagger"] = float("tagger" in patterns)
    f["only_subject"] = float(patterns <= {"subject", "officer", "by", "project"})
    f["only_latin"] = float(patterns <= {"latin"} or is_latin(name))
    f["patterns"] = float(min(len(patterns), 5))
    f["mentions"] = float(min(len(entity.mentions), 6))
    f["money"] = float(any(scene.amounts[r.mention.sentence] for r in roles[:3] if r.act))
    for mark in ("attracted", "with_government", "partner", "media", "venture", "consult", "target", "customer", "retro", "visit", "parent", "child", "past", "subsidy", "answer"):
        share = sum(mark in r.marks for r in roles) / count
        f[mark] = 1.0 if mark in {"media", "venture", "consult", "subsidy"} and share > 0.34 else share if not best or mark not in best.marks else max(share, 0.7)
    f["negated"] = float(bool(act and act.negated))
    f["hearsay"] = float(bool(act and act.hearsay))
    f["no_act"] = float(act is None)
    heads = scene.document.heads
    own_head = heads.get(scene.sentences[entity.mentions[0].sentence].block, "") if heads else scene.title
    f["denied_title"] = float(bool((shown or heads) and DENIED.search(own_head)))
    trade = stops.is_registered_fund(name) if has_legal_form(name) else stops.is_fund(name)
    f["fund"] = 0.5 * trade if shown else float(trade)
    f["lender"] = float(stops.is_lender(name))
    f["consultant"] = float(stops.is_consultant(name) and "label" not in patterns)
    f["person_like"] = float(len(name) == 3 and patterns <= {"subject", "by"})
    f["everyday"] = float(_everyday(scene, entity))
    f["act_density"] = sum(bool(r.act and not r.act.negated) for r in roles) / count
    f |= _shape(entity)
    f |= _setting(scene, entity, roles)
    # The rest only feeds the learned selection; the hand-made score does not weigh it.
    f["n_entities"] = min(len(scene.entities), 20) / 20
    f["n_triggers"] = min(sum(map(len, scene.triggers)), 30) / 30
    f["n_negated"] = min(sum(t.negated for row in scene.triggers for t in row), 8) / 8
    f["position"] = entity.mentions[0].sentence / max(1, len(scene.sentences))
    f["length"] = min(len(name), 20) / 20
    f["best"] = role_value(best) / 4 if best else -1.0
    f["blocks"] = float(scene.document.blocks > 1)
    f["stands_for"] = float(bool(best and best.mention.stands_for))
    f["subject"] = float(bool(best and act and best.how == "subject"))
    f["future"] = float(bool(act and act.future))
    return f


_LIST_NEXT = re.compile(r"^[^,。;]{0,14}(?:、|;|等|和|及|\(|项目|,投资|,总投资)")
_OPEN_TALK = re.compile(r"选址|候选|比选|洽谈|接触|考察|找地|看地|求购|租(?:用|赁|下)|搬|迁|扩租|去向|择|物色|意向|接洽|尚未|还没")


def _setting(scene: Scene, entity: Entity, roles: list[Role]) -> dict[str, float]:
    """What stands around its mentions, whether or not an act is tied to it: acts in the sentence and before it, sums, lists, talk of sites."""
    own = sorted({r.mention.sentence for r in roles})[:6]
    acts = [t for i in own for t in scene.triggers[i] if not t.negated]
    before = [t for i in own[:3] for j in range(max(0, i - 2), i) for t in scene.triggers[j] if not t.negated and scene.sentences[j].block == scene.sentences[i].block]
    texts = [scene.sentences[i].text for i in own]
    after = [scene.sentences[r.mention.sentence].text[r.mention.end : r.mention.end + 30] for r in roles[:6]]
    return {
        "sentence_act": max((t.weight for t in acts), default=0.0) / 3,
        "before_act": max((t.weight for t in before), default=0.0) / 3,
        "sentence_acts": min(len(acts), 6) / 6,
        "sentence_money": float(any(scene.amounts[i] for i in own)),
        "sentence_place": float(any(scene.places[i] for i in own)),
        "in_list": float(any(_LIST_NEXT.match(a) for a in after)),
        "starts": float(any(r.mention.start <= 3 for r in roles)),
        "open_talk": float(any(_OPEN_TALK.search(t) for t in texts)),
        "named_beside": min(max((len(scene.named[i]) for i in own), default=0), 10) / 10,
        "denied_near": float(any(DENIED.search(t) for t in texts)),
        "sentence_length": min(max((len(t) for t in texts), default=0), 300) / 300,
        "n_sentences": min(len(scene.sentences), 40) / 40,
    }


_PRODUCT_END = re.compile(r"(?:电池|芯片|疫苗|手机|系统|平台|玻璃|面板|材料|设备|产品|部件|药|车|机|器|油|钢|板|膜|线|管|布|纸|酒|水|电|气|煤|矿|铁路|服务|技术|模型)$")


def _shape(entity: Entity) -> dict[str, float]:
    """What the name itself looks like."""
    from pipelines.read.signals import words

    name = entity.best_name
    pieces = words.cut(name)
    tails = words.word_set("firm_words.txt")
    return {
        "oov": float(any(not words.usual(w.text) and len(w.text) >= 2 and w.pos != "ns" for w in pieces)),
        "place_start": float(bool(pieces) and pieces[0].pos == "ns"),
        "place_end": float(bool(pieces) and pieces[-1].pos == "ns"),
        "tail_end": float(any(name.endswith(t) for t in tails)),
        "product_end": float(bool(_PRODUCT_END.search(name))),
        "pieces": min(len(pieces), 8) / 8,
        "usual_share": sum(len(w.text) for w in pieces if words.usual(w.text) and w.text not in tails) / max(1, len(name)),
        "verb_inside": float(any(w.pos in {"v", "d", "p", "c", "f"} and words.usual(w.text) and w.text not in tails for w in pieces)),
        "tagger_sure": entity.sure,
        "tagged_share": entity.tagged / max(1, entity.spotted),
        "tagged": min(entity.tagged, 5) / 5,
        "sibling": float("sibling" in entity.patterns),
        "project_head": float("project" in entity.patterns),
        "officer": float("officer" in entity.patterns),
        "quoted": float("quoted" in entity.patterns),
        "by_pattern": float("by" in entity.patterns),
        "subject_pattern": float("subject" in entity.patterns),
        "merged": min(len(entity.names), 4) / 4,
    }


def _everyday(scene: Scene, entity: Entity) -> bool:
    """Every name of it is made of everyday words (智能装备, 先进材料)."""
    from pipelines.read.signals import words

    return all(all(words.usual(w.text) for w in words.cut(n) if len(w.text) > 1) for n in entity.names) and not entity.patterns & {"full", "list", "alias"}


_TOLD = {
    "title": "标题", "code": "证券代码", "alias": "简称", "label": "表格项", "header": "公告主体", "listed": "名单", "full": "企业全称", "money": "金额", "with_government": "与政府签约",
    "attracted": "引进", "by": "投资主体",
}


def found_by(judged: Judged) -> tuple[str, ...]:
    """In Chinese, what the firm was found by: 标题, 证券代码, 签约 …"""
    told = [word for name, word in _TOLD.items() if judged.features.get(name, 0.0) >= 1.0]
    if judged.roles and judged.roles[0].act:
        told.append(judged.roles[0].act.text[:12])
    return tuple(told)
