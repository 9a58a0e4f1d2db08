"""Where a project goes, and where it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.read.signals.acts import Act
from pipelines.read.signals.entities import Entity
from pipelines.read.signals.pairs import paired_place
from pipelines.read.signals.scene import DATELINE, Scene
from qingbao.model import EventType, Place
from qingbao.names import has_legal_form
from qingbao.places import MUNICIPALITIES, FoundPlace, depth, gazetteer

E = EventType
_HERE = re.compile(r"(?:在|位于|落户|坐落于|坐落在|选址|选址在|落地|落子|入驻|进驻|布局|设在|建在|建于|扎根|座落于|地处|地点[::]?|地址[::]?|项目所在地[::]?|投资|迁至|迁往|迁移至|迁移到|转往|搬入|迁回|选在|定在|放在|变更至|变更为|搬至|搬到|迁入|搬迁至|转移至|转移到|赴|到|至|于|来到|签约|携手|牵手|与|和|建设)(?:了|于|在|的|我国|国内)?[“\"]?$")
_STRONG = re.compile(r"(?:位于|落户|坐落于|坐落在|选址|选址在|落地|设在|建在|(?:建设)?地点(?:位于|为)?[::]?\s*|项目所在地[::]?|迁至|迁往|迁移至|迁移到|转往|搬入|迁回|选在|定在|放在|变更至|变更为|搬至|搬到|迁入|搬迁至|转移至|转移到|签约落户|坐落|项目地址[::]?|土地(?:位置|坐落)[::]?|宗地(?:位置|坐落)[::]?)(?:了|于|在)?[“\"]?$")
_ADDRESS = re.compile(r"(?<!环评单位)(?<!评价单位)(?<!评价机构)(?<!编制单位)地址[::]?$")
_GOVERNMENT = re.compile(r"^(?:[^,。;、]{0,12}?)(?:工业城|产业城|物流园|汽开区|人民政府|政府|管委会|管理委员会|市委|招商局|投促局|开发区|高新区|经开区|工业园|产业园|园区|新区|新城|港区|保税区|工厂|基地|项目|厂区|分厂|签约|举行|正式)")
_SEAT = re.compile(r"(?:(?<![一-龥])原|总部(?:位于|设在|在)|注册(?:地址?|于|地为|在)(?:为|[::])?|成立于|来自|起源于|发源于|办公地(?:址|点)?[::]?|住所[::]?|地址[::]?|原位于|公司位于|企业位于|籍)[^,。;]{0,8}$")
_OF_FIRM = re.compile(r"^[^,。;、在与和的]{2,8}(?:厂|矿)(?![区房业产商山石])|^[^,。;、在与和]{0,12}?(?:公司|集团|股份|企业(?!家)|籍|总部|商会|证监局|交易所|证券|银行|(?:资本|创投|基金|投资)(?=[、,和以与及领跟]))")
_DATELINE_AFTER = re.compile(r"^\s*(?:\d{1,2}月\d{1,2}日)?(?:消息|电|讯|报道)(?=[,:( )]|$)")
_LEFT = re.compile(r"(?:关停|关闭|退出|撤出|出售|剥离|拆除)(?:了|位于|在|其)?$")
_VENUE_AFTER = re.compile(r"^[^,。;]{0,6}?(?:举[行办]|召开|开幕|参加|出席)(?:的)?[^,。;]{0,24}?(?:论坛|大会|峰会|年会|会议|博览会|展会|展览会|发布会|研讨会|推介会|交易会|高交会|业绩说明会|股东会|会(?=上|[,。]|期间))")
_EXCHANGE_AFTER = re.compile(r"^(?:的)?(?:联交所|联合交易所|证券|交易所|股票|主板|创业板|科创|资本市场|(?:成功|正式|挂牌|首次公开|公开|发行|二次|双重|H股|IPO){0,3}(?:上市|挂牌|招股|敲钟|IPO|股)|[^,。;]{0,6}(?:证监|交易所|联交所|证监局))")
_FAIR_AFTER = re.compile(r"^(?:世博|奥运|世园|亚运|进博|广交会|高交会|车展|博览会|证交所|油田)")
_PARK = re.compile(r"(?:产业园|工业园|园区|开发区|高新区|经开区|新区|科技园|示范区|集聚区)$")
_FROM = re.compile(r"(?:从|由|自|离开|撤离|搬离|迁出)[^,。;]{0,6}$")
_FROM_AFTER = re.compile(r"^[^,。;]{0,14}?(?:转来|迁来|搬来|变更(?:至|为|到)|改(?:至|到|为)|迁往|迁至|迁入|搬至|搬到|搬迁至|转移至|转移到|迁到|搬往|转移|整体搬迁|外迁|搬迁)")
_AID = re.compile(r"^(?:市|省)?(?:对口|援建|援疆|支援|帮扶|援藏)")
_ROUTE = re.compile(r"^(?:[市县]?)(?:至|到|—|-|~)|(?:至|—)$")
_ANYWHERE = frozenset({"海外", "境外", "国外", "欧洲", "东南亚", "北美", "南美", "拉美", "非洲", "中东"})
_NO_FALLBACK = frozenset({E.FINANCING, E.LISTING, E.TENDER_WON, E.ACQUISITION, E.COOPERATION})


@dataclass(frozen=True, slots=True)
class Spot:
    """A chosen place with the sentence that names it."""

    place: Place
    sentence: int
    start: int
    end: int
    region: str | None = None
    sure: bool = True


def choose_place(scene: Scene, entity: Entity, act: Act, reported: list[Entity]) -> tuple[Spot | None, Spot | None]:
    """(to, from). ``to`` may be a country abroad; None where the text names no place for the project."""
    home = act.role.mention.sentence
    pair = paired_place(scene, entity, home)
    if pair is not None:
        return Spot(pair.place, home, pair.start, pair.end), None
    scored: list[tuple[float, int, FoundPlace]] = []
    origin: Spot | None = None
    for index, nearness in _window(scene, entity, act, reported):
        if index in act.apart:
            continue
        text = scene.sentences[index].text
        for hit in scene.places[index]:
            if hit.region or hit.place.text in _ANYWHERE:
                continue
            before, after = text[max(0, hit.start - 14) : hit.start], text[hit.end : hit.end + 24]
            if (_FROM.search(before) and _FROM_AFTER.match(after)) or (act.event is E.RELOCATION and _seat_of_mover(before, after)):
                origin = origin or Spot(hit.place, index, hit.start, hit.end)
                continue
            value = _score(scene, entity, act, index, hit, reported)
            if value > -1.0:
                scored.append((value + nearness, index, hit))
    top = max(scored, key=lambda s: (round(s[0], 3), -s[1], -s[2].start), default=None)
    if top is None or top[0] < 0.9:
        return _by_letter(scene, home) or _of_name(scene, entity, act), origin
    return _deepened(top, scored), origin


_LETTER = re.compile(r"(?:在|赴|入|援|驻|来|落户)([京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇陕甘青宁新])(?=[,。、投建设签落布开举正首打新扩]|$|地区|项目)")
_NAME_EVENTS = frozenset({E.EIA, E.LAND, E.EXPANSION, E.PRODUCTION, E.RECRUITING, E.GROUND_BREAKING, E.NEW_BUILD})


def _by_letter(scene: Scene, index: int) -> Spot | None:
    """A province by its one letter: 央企入桂, 在津签约."""
    match = _LETTER.search(scene.sentences[index].text)
    if not match:
        return None
    province = gazetteer().abbr[match[1]]
    place = Place(province=province, city=province if province in MUNICIPALITIES else None, text=match[1])
    return Spot(place, index, match.start(1), match.end(1))


def _of_name(scene: Scene, entity: Entity, act: Act) -> Spot | None:
    """The place in the firm's own full name, for what is built where the firm is and the text names no place: 某某电子(惠州)有限公司扩建."""
    if act.event not in _NAME_EVENTS:
        return None
    for mention in entity.mentions:
        if not has_legal_form(mention.name):
            continue
        for hit in scene.places[mention.sentence]:
            if mention.start <= hit.start and hit.end <= mention.end and hit.place.city and hit.place.country == "中国":
                bracketed = scene.sentences[mention.sentence].text[hit.start - 1 : hit.start] == "("
                if bracketed or (hit.start == mention.start and act.event not in {E.NEW_BUILD, E.GROUND_BREAKING}):
                    return Spot(hit.place, mention.sentence, hit.start, hit.end, sure=False)
    return None


def _seat_of_mover(before: str, after: str) -> bool:
    """位于京口区的某某须搬迁: the place that is left."""
    return bool(re.search(r"(?:位于|地处|现址|原址|坐落于)[^,。;]{0,4}$", before) and re.match(r"^[^。;]{0,30}?(?:须|需|必须|将|拟|要|实施|完成|启动|计划).{0,14}(?:搬|迁|转移)", after))


def _window(scene: Scene, entity: Entity, act: Act, reported: list[Entity]) -> list[tuple[int, float]]:
    home = act.role.mention.sentence
    block = scene.sentences[home].block
    mine = {m.sentence for m in entity.mentions if scene.sentences[m.sentence].block == block}
    out: dict[int, float] = {home: 1.5}
    reported_ids = {id(e) for e in reported}
    for index in sorted({home, *mine}):
        out.setdefault(index, 1.0 if home - 2 <= index <= home + 4 else 0.4)  # a long story names more places than the project's
        for step in range(1, 4):
            follow = index + step
            if follow >= len(scene.sentences) or scene.sentences[follow].block != block:
                break
            if any(e is not entity and id(e) in reported_ids for _, e in scene.named[follow]):
                break
            out.setdefault(follow, 0.9 - 0.15 * step if index == home else 0.3)
    single = scene.document.blocks == 1
    near = max(0, home - _FAR)
    for sentence in [*scene.sentences[: min(_LEAD, near)], *scene.sentences[near : home + _FAR]]:
        if sentence.part == "title" and single:
            out.setdefault(sentence.index, 0.9)
        elif sentence.block == block or (not scene.document.heads and single) or act.event is E.EIA:  # a notice is about one project, however it is numbered
            others = any(e is not entity and id(e) in reported_ids for _, e in scene.named[sentence.index])
            if act.event not in _NO_FALLBACK:
                out.setdefault(sentence.index, -1.0 if others else 0.35)
    return sorted(out.items())


_LEAD, _FAR = 12, 60  # sentences from the beginning, and around the proof, in which a place may stand: the work stays linear
_LISTED = re.compile(r"^[^,。;、]{0,8}(?:、|和|与|及|以及)[^,。;、]{0,2}$")
_PLACE_OF = re.compile(r"^[^,。;、]{0,8}的$")
_SURE = frozenset({"full", "list", "alias", "named"})


def _is_name(entity: Entity, hit: FoundPlace, reported: list[Entity]) -> bool:
    """Whether a span over a place is a name at all: 梅县区投资 that a weak pattern took for one is not."""
    return entity in reported or bool(entity.patterns & _SURE) or (not hit.explicit and "tagger" in entity.patterns)


def _score(scene: Scene, entity: Entity, act: Act, index: int, hit: FoundPlace, reported: list[Entity]) -> float:
    sentence = scene.sentences[index]
    text = sentence.text
    before, after = text[max(0, hit.start - 14) : hit.start], text[hit.end : hit.end + 24]
    value = 0.2 + 0.2 * depth(hit.place) + 0.2 * hit.explicit
    labelled = False
    inside = next((m for m, e in scene.named[index] if m.start <= hit.start and hit.end <= m.end and _is_name(e, hit, reported) and not _PARK.search(text[m.start : m.end])), None)
    if inside is not None:
        value -= 1.6
    elif _STRONG.search(before) or (labelled := act.event is E.EIA and bool(_ADDRESS.search(before))):
        value += 1.6
    elif _HERE.search(before):
        value += 0.9
    elif depth(hit.place) == 1 and sentence.part == "text":
        value -= 0.6  # a province told in passing
    beside = _beside(scene, entity, index, hit, reported) if inside is None else 0.0
    if inside is None and _GOVERNMENT.match(after) and beside >= 0:
        value += 0.7
    if inside is None and hit.start <= 1 and re.match(r"[^,。;、]{0,14}(?::|消息:)", after):
        value += 1.0  # 武冈市产业园:甲新增…
    value += beside
    if _SEAT.search(before) and act.event is not E.EIA and "label" not in entity.patterns:
        value -= 2.0
    if inside is None and _OF_FIRM.match(after) and not labelled:
        value -= 1.0
    if depth(hit.place) == 1 and re.match(r"等(?:地|省)", after):
        value -= 0.8
    if _FAIR_AFTER.match(after) or _DATELINE_AFTER.match(after) or _EXCHANGE_AFTER.match(after) or _LEFT.search(before) or (before[-1:] in {"在", "于"} and _VENUE_AFTER.match(after)):
        value -= 2.0
    if _AID.match(after) or _ROUTE.search(after[:3]) or (before[-1:] in {"至"} and re.search(r"[一-龥]{2}至$", before) and "迁" not in before and "移" not in before):
        value -= 1.0
    if sentence.start == 0 and hit.start < 24:
        line = DATELINE.match(text)
        if line and hit.start < line.end():
            value -= 1.3
    role = act.role
    if index == role.mention.sentence:
        value -= min(0.6, 0.008 * abs(hit.start - role.trigger_start))
        others = [m for m, e in scene.named[index] if e is not entity and min(role.mention.end, hit.start) <= m.start < max(role.mention.end, hit.start)]
        value -= 0.25 * min(2, len(others))
    if hit.place.country != "中国":
        value += 0.8 if inside is None and re.search(r"在|于|赴|往|位于|至|到", before[-4:]) else -0.2 if inside is None else -1.0
        if index != role.mention.sentence and sentence.part != "title":
            value -= 1.0  # a works abroad told in passing
    return value


def _beside(scene: Scene, entity: Entity, index: int, hit: FoundPlace, reported: list[Entity]) -> float:
    """What firms right behind the place say: 韩国某某 is where it comes from, 位于甲地的某某工厂 is the place of that firm (or list of firms) and of no other."""
    text = scene.sentences[index].text
    owners: list[Entity] = []
    end = hit.end
    for mention, owner in scene.named[index]:
        if mention.start < end:
            continue
        gap = text[end : mention.start]
        if not owners and not gap:
            return -1.2
        if not (_LISTED if owners else _PLACE_OF).match(gap):
            break
        owners.append(owner)
        end = mention.end
    told = re.search(r"(?:位于|坐落于|落户|设在|建在)[^,。;]{0,3}$", text[max(0, hit.start - 10) : hit.start])
    if any(owner is entity for owner in owners):
        return 1.2 if told else 0.5
    return -1.5 if any(owner in reported for owner in owners) else 0.0


def _deepened(top: tuple[float, int, FoundPlace], scored: list[tuple[float, int, FoundPlace]]) -> Spot:
    """The best place, made more exact by others that lie in it."""
    value, index, hit = top
    place = hit.place
    for other_value, _, other in sorted(scored, key=lambda s: -s[0]):
        candidate = other.place
        if candidate.country != place.country or candidate.province != place.province or other_value < 0.3:
            continue
        if depth(candidate) > depth(place) and (place.city is None or candidate.city == place.city):
            if place.city is None and value - other_value > 2.2:
                continue
            place = replace(candidate, zone=candidate.zone or place.zone)
        elif candidate.zone and not place.zone and candidate.city == place.city:
            place = replace(place, zone=candidate.zone)
    return Spot(place, index, hit.start, hit.end)
