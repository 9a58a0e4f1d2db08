"""The reading of one text: signals, bad news, relations, each with the sentence that proves it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from pipelines.read.signals import choose, features, stops
from pipelines.read.signals.acts import Act, choose_act
from pipelines.read.signals.adverse import BadThing, find_adverse, suppressed
from pipelines.read.signals.candidates import find_candidates
from pipelines.read.signals.entities import Entity, build, resolve
from pipelines.read.signals.facts import find_facts
from pipelines.read.signals.features import Judged
from pipelines.read.signals.further import with_further
from pipelines.read.signals.lists import NameLists
from pipelines.read.signals.money import choose_amount
from pipelines.read.signals.parts import Sentence, cut_document
from pipelines.read.signals.relations import find_relations, parent_of
from pipelines.read.signals.scene import Scene, look
from pipelines.read.signals.site import choose_site
from pipelines.read.signals.tagger import tagger
from pipelines.read.signals.where import Spot, choose_place
from qingbao import keys
from qingbao.model import Adverse, Place, Quote, Relation, Signal, Site

# A quote longer than this is cut at commas around the name.
_QUOTE_LIMIT = 400


@dataclass(frozen=True, slots=True)
class SignalReading:
    """What one text says. The order is that of the text."""

    signals: tuple[Signal, ...] = ()
    adverse: tuple[Adverse, ...] = ()
    relations: tuple[Relation, ...] = ()


def read_signals(
    *, url: str, title: str, text: str, published_at: datetime | None, lists: NameLists, cut_off: float = choose.CUT_OFF
) -> SignalReading:
    """Reads one text. Offsets of quotes are code points into ``text``; a quote from the title has none.

    Any text of any length is read, in time linear in its length, of the first 40,000 characters. ``cut_off`` is the user's dial: higher reports fewer and surer firms.
    """
    document = cut_document(title, text)
    if not document.sentences:
        return SignalReading()
    entities = build(document, resolve(document, find_candidates(document, lists, tagger())))
    scene = look(document, entities)
    judged = [features.judge(scene, entity) for entity in entities]
    sure = [(j, choose.probability(j)) for j in judged]
    bad = find_adverse(scene, [j.entity for j, _ in sure if _may_be_bad(j)])
    chosen = _chosen(sure, cut_off)
    pieces = _acts(scene, chosen, bad)
    reported = [j.entity for j, _, _ in pieces]
    signals = [_signal(scene, url, published_at, j, p, act, reported) for j, p, act in pieces]
    return SignalReading(_distinct(signals), _adverse(scene, url, bad), _relations(scene, url))


# How much lower the border lies where a lead lost costs more than one too many, and how much higher where less is known.
_SEARCHING, _ALONE, _UNTIED, _BESIDE = 0.15, 0.15, 0.1, 0.2


def _chosen(sure: list[tuple[Judged, float]], cut_off: float) -> list[tuple[Judged, float]]:
    """The firms to report: those above the border; it is lower for a firm that looks for a site, higher for one to which no act is tied.

    Where nobody reaches it, the surest firm of the text counts if it comes near.
    """
    out = []
    room = max(0.0, min(1.0, (1.0 - cut_off) / 0.4))  # a dial turned to the end leaves no allowance
    for judged, probability in sure:
        f = judged.features
        border = cut_off + (_UNTIED if f["no_act"] else 0.0) - (_SEARCHING * room if f["open_talk"] and f["tagger"] and not f["no_act"] and not f["negated"] else 0.0)
        if probability >= border and not _is_bystander(judged):
            out.append((judged, probability))
    if any(j.features["title"] for j, _ in out):  # who is named only beside the firm of the headline is mostly its partner, customer or target
        out = [(j, p) for j, p in out if j.features["title"] or p >= cut_off + _BESIDE * room]
    if out:
        return out
    likely = [(j, p) for j, p in sure if p >= cut_off - _ALONE * room and not _is_bystander(j) and not j.features["no_act"] and not j.features["negated"]]
    return [max(likely, key=lambda pair: pair[1])] if likely else []


def _is_bystander(judged: Judged) -> bool:
    """The hard stops of context, whatever the selection says: who reports, gives the money, writes the notice, lends."""
    f = judged.features
    if f["title_act"] and not (f["media"] or f["consult"]):
        return False
    if (f["target"] >= 0.7 or f["customer"] >= 0.7) and not f["label"]:
        return True
    return f["media"] >= 0.5 or f["consult"] >= 0.5 or f["venture"] >= 0.5 or f["lender"] > 0 or f["fund"] >= 1.0


def _may_be_bad(judged: Judged) -> bool:
    f = judged.features
    name = judged.entity.best_name
    if not judged.entity.patterns & {"full", "list", "alias", "tagger", "brand", "group", "label", "named", "quoted"}:
        return False
    return not (f["media"] or f["consult"] or f["lender"] or f["venture"]) and not (f["only_subject"] and f["everyday"]) and not stops.is_lender(name)


def _acts(scene: Scene, chosen: list[tuple[Judged, float]], bad: list[BadThing]) -> list[tuple[Judged, float, Act]]:
    """The act of each firm, one per item of a round-up; children told together with their parent are left to the parent."""
    out: list[tuple[Judged, float, Act]] = []
    taken: list[Entity] = [j.entity for j, _ in chosen]
    for judged, probability in chosen:
        blocks: list[int | None] = [None]
        if scene.document.blocks > 1:
            told = [scene.sentences[m.sentence] for m in judged.entity.mentions]
            blocks = [*dict.fromkeys(s.block for s in told if s.part == "text"), None][:6]
            blocks = blocks[:-1] if len(blocks) > 1 and blocks[-1] is None else blocks
        for block in blocks:
            act = choose_act(scene, judged, block)
            if act is None or suppressed(scene, judged.entity, bad, act.role.mention.sentence, act.trigger.start, act.trigger.end):
                continue
            if _is_rumour(scene, act):
                continue
            if block is not None and len(blocks) > 1 and features.role_value(act.role) < 0.8:
                continue
            if _is_told_with_parent(scene, judged, act, taken):
                continue
            out += [(judged, probability, one) for one in with_further(scene, judged.entity, act)]
    return sorted(out, key=lambda item: (item[2].role.mention.sentence, item[2].role.mention.start))


_RUMOUR = re.compile(r"传闻|据传|网传|盛传|消息称|消息人士|知情人士|市场消息|坊间|爆料")
_UNCONFIRMED = re.compile(r"不予置评|不予回应|拒绝置评|未予置评|未置评|以(?:公司)?公告为准|(?:未|没有)(?:得到|获得?)?(?:官方)?(?:证实|确认|任何官方)|无法(?:核实|证实)|暂无回应|尚未(?:回应|证实)|不清楚|不了解")


def _is_rumour(scene: Scene, act: Act) -> bool:
    """What is only said to be said, and what the firm does not confirm."""
    sentence = scene.sentences[act.role.mention.sentence]
    told = sentence.text if sentence.part == "text" else sentence.text + "".join(s.text for s in scene.sentences[:3])
    if not _RUMOUR.search(told):
        return False
    around = "".join(s.text for s in scene.sentences[max(0, sentence.index - 1) : sentence.index + 5])
    return bool(_UNCONFIRMED.search(around)) or act.trigger.hearsay


def _is_told_with_parent(scene: Scene, judged: Judged, act: Act, taken: list[Entity]) -> bool:
    """One lead, both names shown: a new or subsidiary company beside its reported parent is the parent's project company."""
    if "child" not in act.role.marks and judged.features["child"] < 0.5:
        return False
    index = act.role.mention.sentence
    return any(e is not judged.entity and any(e is t for t in taken) and m.end <= act.role.mention.start for m, e in scene.named[index])


def _quote(scene: Scene, sentence: Sentence, start: int, end: int, limit: int = _QUOTE_LIMIT) -> Quote:
    """The sentence (cut at commas around a span where it is too long), as the stored text has it."""
    left, right = 0, len(sentence.text)
    if right > limit:
        left = max([a for a, _ in sentence.clauses if start - limit // 3 <= a <= start] or [max(0, start - limit // 3)], default=0)
        left = min(left, start)
        right = min(right, left + limit)
        right = max([b for _, b in sentence.clauses if end <= b <= right] or [max(end, right)])
    source = scene.document.clean_of(sentence)
    a, b = source.span(sentence.start + left, sentence.start + right)
    if sentence.part == "title":
        return Quote(text=source.raw[a:b])
    return Quote(text=source.raw[a:b], start=a, end=b)


def _written(scene: Scene, sentence: Sentence, start: int, end: int) -> str:
    source = scene.document.clean_of(sentence)
    return source.as_written(sentence.start + start, sentence.start + end)


def _names(scene: Scene, entity: Entity) -> tuple[str, tuple[str, ...]]:
    """The name to show and the others, as written."""
    best = entity.best_name
    written: dict[str, str] = {}
    for mention in (m for m in entity.mentions if m.name in entity.names):
        written.setdefault(mention.name, _written(scene, scene.sentences[mention.sentence], mention.start, mention.end))
    main = written.get(best, best)
    return main, tuple(dict.fromkeys(w for n, w in written.items() if w != main))


def _signal(scene: Scene, url: str, published_at: datetime | None, judged: Judged, probability: float, act: Act, reported: list[Entity]) -> Signal:
    entity, mention = judged.entity, act.role.mention
    sentence = scene.sentences[mention.sentence]
    main, names = _names(scene, entity)
    money = choose_amount(scene, entity, act, reported)
    to, origin = choose_place(scene, entity, act, reported)
    found = choose_site(scene, entity, act, to, origin, reported)
    about = [mention.sentence, *[m.sentence for m in entity.mentions if m.sentence != mention.sentence][:3]]
    facts = find_facts("".join(scene.sentences[i].text for i in dict.fromkeys(_with_next(scene, about))), sentence.text, published_at, behind=sentence.text[mention.end :], names=tuple(sorted(entity.names, key=len, reverse=True)))
    quote = _quote(scene, sentence, mention.start, mention.end)
    parent = parent_of(scene, entity)
    if to and found.site in {Site.OPEN, Site.LEAVING} and not _with_government(scene, to):
        to = None  # what is only one of several, or where the firm is now, is no destination
    place = to.place if to else None
    return Signal(
        key=keys.signal_key(url, main, quote.text, act.event.value, money.amount.text if money else None, place.text if place else None),
        article_url=url, mention=main, event_type=act.event, quote=quote, site=found.site, names=names,
        parent=parent.best_name if parent else None, stage=act.stage,
        amount=money.amount if money else None,
        amount_quote=_quote(scene, scene.sentences[money.sentence], money.start, money.end, 200) if money else None,
        land_mu=facts.land_mu, capacity=facts.capacity, jobs=facts.jobs,
        place=place, place_quote=_quote(scene, scene.sentences[to.sentence], to.start, to.end, 200) if to else None,
        place_from=origin.place if origin else None,
        site_quote=_quote(scene, scene.sentences[found.sentence], found.start, found.end, 200) if found.sentence is not None else None,
        industry_words=facts.industry_words, product=facts.product, project=facts.project, event_date=facts.day,
        score=round(min(1.0, max(0.0, probability)), 3), found_by=features.found_by(judged),
    )


def _with_government(scene: Scene, spot: Spot) -> bool:
    """The place is that of the government with which the firm signs: the town is known, the spot in it is not."""
    text = scene.sentences[spot.sentence].text
    return bool(re.match(r"[^,。;]{0,8}?(?:政府|管委会|管理委员会|达成|签)", text[spot.end : spot.end + 14]) and re.search(r"(?:与|同|和)[^,。;]{0,6}$", text[: spot.start]))


def _with_next(scene: Scene, indexes: list[int]) -> list[int]:
    out = []
    for index in indexes:
        out.append(index)
        follow = index + 1
        if follow < len(scene.sentences) and scene.sentences[follow].block == scene.sentences[index].block and not scene.named[follow]:
            out.append(follow)
    return out


def _distinct(signals: list[Signal]) -> tuple[Signal, ...]:
    return tuple({s.key: s for s in signals}.values())


def _adverse(scene: Scene, url: str, bad: list[BadThing]) -> tuple[Adverse, ...]:
    out: dict[str, Adverse] = {}
    for thing in bad:
        main, names = _names(scene, thing.entity)
        sentence = scene.sentences[thing.mention.sentence]
        quote = _quote(scene, sentence, thing.mention.start, thing.mention.end)
        place: Place | None = next((h.place for h in scene.places[sentence.index] if h.region is None), None)
        key = keys.signal_key(url, main, quote.text, thing.kind.value, None, place.text if place else None)
        out.setdefault(key, Adverse(key=key, article_url=url, mention=main, kind=thing.kind, quote=quote, names=names, place=place))
    return tuple(out.values())


def _relations(scene: Scene, url: str) -> tuple[Relation, ...]:
    out: dict[str, Relation] = {}
    for kind, subject, obj in find_relations(scene):
        sentence = scene.sentences[subject.sentence]
        quote = _quote(scene, sentence, min(subject.start, obj.start), max(subject.end, obj.end))
        a, b = (_written(scene, sentence, m.start, m.end) for m in (subject, obj))
        key = keys.signal_key(url, a, quote.text, kind.value, b, None)
        out.setdefault(key, Relation(key=key, article_url=url, kind=kind, subject=a, object=b, quote=quote))
    return tuple(out.values())
