"""Is there still a site to win? open, leaving, fixed or none, with the words that say so."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.read.signals import words
from pipelines.read.signals.acts import Act
from pipelines.read.signals.entities import Entity
from pipelines.read.signals.scene import Scene
from pipelines.read.signals.where import Spot
from qingbao.model import EventType, Site, Stage

E = EventType
_REGION = re.compile(
    r"(?:西南|西北|华东|华南|华中|华北|东北|中部|西部(?!科学城|陆海|证券|超导|牧业|矿业|材料)|中西部|东部|南方(?!电网|航空)|北方(?!华创|工业|国际)|长三角|珠三角|京津冀|大湾区|成渝|川渝|长江经济带|内地|国内|沿海|内陆|省外|亚洲|东南亚|中国(?!石|银|电|移|联|中|建|航|船|铁|化|黄|铝|核|商|第|一|重|国|区))"
    r"(?:地区|区域|省份|城市|一带|市场|腹地|双城经济圈)?"
)
_PLAN = re.compile(r"拟|计划|将|筹划|准备|有意|意向|欲|打算|考虑|规划|筹建|再建|谋划|希望|启动|预计|同意|决定|要|将在")
_BUILD = re.compile(r"基地|工厂|产线|生产线|产能|新建|扩建|扩产|建厂|设厂|厂|研发中心|产业园|车间|扩张|项目|智造|量产|总部|中心|制造点")
_NO_SITE = frozenset({E.TENDER_WON, E.ACQUISITION, E.LISTING})
_DONE = frozenset({E.PRODUCTION, E.GROUND_BREAKING, E.LAND, E.EIA})
_FURTHER = re.compile(r"其他|亦在|也在|再|另|还|下一|第[二三四五]|新的?|其余|剩余|未来|除[^,。;]{0,16}外")

NAMES = frozenset({"tagger", "full", "alias", "list"})

Span = tuple[int, int, int]  # sentence, start, end


@dataclass(frozen=True, slots=True)
class SiteFound:
    """The value and the span that decides it (None: nothing in the text does)."""

    site: Site
    sentence: int | None = None
    start: int = 0
    end: int = 0


@lru_cache(maxsize=1)
def _cues() -> dict[str, tuple[re.Pattern[str], ...]]:
    found: dict[str, list[re.Pattern[str]]] = {}
    for line in words.lines("site.txt"):
        kind, pattern = line.split("\t")
        found.setdefault(kind, []).append(re.compile(pattern))
    return {kind: tuple(patterns) for kind, patterns in found.items()}

# A contractor's work needs no site of its own.
_FOR_OTHERS = re.compile(r"(?:集团|公司)?(?:承建|施工|总承包|承包|监理|设计)的")


def choose_site(scene: Scene, entity: Entity, act: Act, to: Spot | None, origin: Spot | None, reported: list[Entity]) -> SiteFound:
    """Decides from the sentences about the firm: what is still being chosen, what it leaves, where it is tied to.

    An open search wins over a place that is only named in it; a place that is signed, bought or built on wins over talks.
    """
    window = [index for index in _window(scene, entity, act, reported) if index not in act.apart]
    nothing = _first(scene, [act.role.mention.sentence], "noplan")
    if nothing and nothing[1] <= act.trigger.start < nothing[2]:
        return SiteFound(Site.NONE)
    if _FOR_OTHERS.match(scene.sentences[act.role.mention.sentence].text, act.role.mention.end):
        return SiteFound(Site.NONE)
    opening = _open(scene, entity, window, act, to)
    leaving = _first(scene, window, "leave") if act.event not in {E.PRODUCTION, E.EIA, E.LAND} else None
    moves = act.event is E.RELOCATION or (leaving is not None and act.event in {E.NEW_BUILD, E.SIGNING, E.HEADQUARTERS})
    if opening:
        return SiteFound(Site.LEAVING if leaving and (moves or leaving[0] == opening[0]) else Site.OPEN, *opening)
    tied = _tied(scene, window, act, to)
    if moves and leaving:
        destination = to if to is not None and not _is_seat(scene, to) and _is_reached(scene, to) else None
        if destination is not None:
            return SiteFound(Site.FIXED, destination.sentence, destination.start, destination.end)
        if to is None and tied and (_first(scene, [tied[0]], "settled") or scene.sentences[tied[0]].text[tied[1]] in "搬迁"):
            return SiteFound(Site.FIXED, *tied)
        return SiteFound(Site.LEAVING, *leaving)
    several = _first(scene, window[:5], "several")
    if several and not _is_done(act) and not (to is not None and several[0] == to.sentence and abs(several[1] - to.start) < 30):
        return SiteFound(Site.OPEN, *several)
    if act.event in {E.FINANCING, E.LISTING}:
        return _of_money(scene, window, to)
    if act.event in _NO_SITE:
        works = act.event is E.ACQUISITION and _WORKS_OF_MONEY.search(scene.sentences[window[0]].text)
        return SiteFound(Site.FIXED, to.sentence, to.start, to.end) if works and to else SiteFound(Site.NONE)
    if act.event is E.COOPERATION and not (tied and _BUILD.search(scene.sentences[window[0]].text)):
        wanted = _joint_works(scene, window) if not tied and not act.role.marks & {"partner", "customer"} else None
        return SiteFound(Site.OPEN, *wanted) if wanted else SiteFound(Site.NONE)
    if tied:
        return SiteFound(Site.FIXED, *tied)
    region = _region(scene, window)
    if region and act.event not in _DONE:
        return SiteFound(Site.OPEN, *region)
    if act.event is E.RECRUITING:
        return SiteFound(Site.NONE)
    if act.event is E.SIGNING and "签约" in act.trigger.text:
        return SiteFound(Site.FIXED)  # a ceremony is held with the place where the project goes, named or not
    return _of_plan(scene, window, act)


def _window(scene: Scene, entity: Entity, act: Act, reported: list[Entity]) -> list[int]:
    """Sentences about the firm, the proving one first."""
    home = act.role.mention.sentence
    block = scene.sentences[home].block
    ids = {id(e) for e in reported}
    out = [home]
    mine = sorted({m.sentence for m in entity.mentions if scene.sentences[m.sentence].block == block or scene.sentences[m.sentence].part == "title"})
    for index in [home, *mine]:
        if index not in out:
            out.append(index)
        for follow in range(index + 1, min(index + 4, len(scene.sentences))):
            sentence = scene.sentences[follow]
            if sentence.block != block or any(e is not entity and (id(e) in ids or e.patterns & NAMES) for _, e in scene.named[follow]):
                break  # another firm's turn
            if follow not in out:
                out.append(follow)
    return out[:24]


def _first(scene: Scene, window: list[int], kind: str) -> Span | None:
    """The first cue of a kind in the sentences of a window."""
    for index in window:
        text = scene.sentences[index].text
        for pattern in _cues()[kind]:
            match = pattern.search(text)
            if match:
                return index, match.start(), match.end()
    return None


def _open(scene: Scene, entity: Entity, window: list[int], act: Act, to: Spot | None) -> Span | None:
    """A cue that the place is undecided, unless the text tells the search as over or the project is under way at its place."""
    for index in window:
        text = scene.sentences[index].text
        past = _first(scene, [index], "past")
        if past and not _PLAN.search(text[past[1] : past[2]]):
            continue
        span = _first(scene, [index], "open") or _undecided(scene, index) or _either(scene, index) or _among(scene, entity, index)
        if span is None:
            continue
        clause = text[max(0, span[1] - 40) : span[2] + 20]
        if _is_done(act) and not _FURTHER.search(clause):
            continue
        if _is_others(scene, entity, span):
            continue
        if act.event in _NO_SITE and not _SITE_WORD.search(text):
            continue
        if to is not None and index != act.role.mention.sentence and act.event in {E.SIGNING} and not _FURTHER.search(clause):
            continue
        return span
    return _talks(scene, window, act, to)


def undecided_in(scene: Scene, entity: Entity, index: int) -> Span | None:
    """The words of one sentence that say of this firm's project that its place is open; None where they tell a search as over."""
    past = _first(scene, [index], "past")
    if past and not _PLAN.search(scene.sentences[index].text[past[1] : past[2]]):
        return None
    span = _first(scene, [index], "open") or _undecided(scene, index) or _either(scene, index) or _among(scene, entity, index) or _first(scene, [index], "several") or _region(scene, [index])
    return None if span is None or _is_others(scene, entity, span) else span


def _is_done(act: Act) -> bool:
    """The project is under way at its place; an act that is only announced (计划明年开工) is not."""
    return act.event in _DONE and not (act.trigger.future and act.event in {E.PRODUCTION, E.GROUND_BREAKING})


_LISTED = re.compile(r"^[^,。;]{0,12}(?:、|和|与|及|以及|等)[^,。;]{0,12}$")
_SOMEBODY = re.compile(r"(?:也有|还有|另[一两三]家|其他|其它|部分|一些|多家|另有|不少)(?:的)?(?:企业|公司|厂家|项目|客商)?[^,。;]{0,6}$")


def _is_others(scene: Scene, entity: Entity, span: Span) -> bool:
    """The words are told of another firm: one that is named behind this one and before them, or one of 其他企业."""
    text = scene.sentences[span[0]].text
    if _SOMEBODY.search(text[max(0, span[1] - 14) : span[1]]) and "地" not in text[span[1] : span[2]]:
        return True
    before = [(m, e) for m, e in scene.named[span[0]] if m.end <= span[1] and (e is entity or e.patterns & NAMES)]
    if not before or before[-1][1] is entity:
        return False
    last, own = before[-1][0], next((m for m, e in reversed(before) if e is entity), None)
    return own is None or not _LISTED.match(text[own.end : last.start])


def _either(scene: Scene, index: int) -> Span | None:
    """One of two places: 选址湖北或安徽, 去江苏还是安徽."""
    text = scene.sentences[index].text
    places = [p for p in scene.places[index] if not p.region]
    for a, b in itertools.pairwise(places):
        if re.fullmatch(r"[^,。;、]{0,8}?(?:或者?|还是|或是)(?:在|去|到)?", text[a.end : b.start]):
            return index, a.start, b.end
    return None


_WEIGHS = re.compile(
    r"看地|看过|看了|去看|考察|比较|比选|对比|之间|择|挑|选址|候选|备选|方向|洽谈|在谈|商谈|谈过|接触|来过|提交方案|争取|考虑|评估|倾向|都可以|都(?:在|有)|都去|竞争|抛|邀请|不排除|排在前|意向地|还没|尚未|未定|定论|揭晓|公布|也在看|有望"
)
_COMMA_LIST = re.compile(r"[^,。;、]{0,6}?(?:、|与|和|或者?|以及|及|还是|,)[^,。;、]{0,6}?")


def _among(scene: Scene, entity: Entity, index: int) -> Span | None:
    """Two or more cities side by side between which the firm of this sentence weighs: 正在甲、乙、丙看地, 甲与乙是两个主要方向."""
    text = scene.sentences[index].text
    if not any(e is entity for _, e in scene.named[index]):
        return None
    places = [p for p in scene.places[index] if not p.region and p.place.country == "中国"]
    for a, b in itertools.pairwise(places):
        apart = (a.place.province, a.place.city) != (b.place.province, b.place.city) or (a.place.district != b.place.district and a.place.district and b.place.district)
        if apart and _COMMA_LIST.fullmatch(text[a.end : b.start]):
            around = text[max(0, a.start - 24) : b.end + 24]
            if _WEIGHS.search(around) and not _TOLD_DONE.search(around):
                return index, a.start, b.end
    return None


_TOLD_DONE = re.compile(r"已(?:在|建成|投产)|建有|设有|拥有|分别(?:在|位于)|分布|先后在|投产|举行|参加|出席|赴|召开|公司、|有的")
_SITE_WORD = re.compile(r"选址|[个座][县市]|去处|制造点|产线|建厂|地点|厂址|城市|落户|基地|工厂|新厂|厂房|地方|哪|去向|新址|园区|位置|区县|县市|地块|建在|放在|落在|候选|[两三四]地")
_OTHER_WORD = re.compile(r"(?:比例|金额|估值|时间|价格|规模|方案|投资额|股权|产品|细节|条款|资金|日期|主体)[^,。;]{0,6}$")


def _undecided(scene: Scene, index: int) -> Span | None:
    """尚未确定 about a place, not about shares, prices or days."""
    span = _first(scene, [index], "undecided")
    if span is None:
        return None
    text = scene.sentences[index].text
    before = text[max(0, span[1] - 10) : span[1]]
    if (_OTHER_WORD.search(before) and not re.search(r"(?:地点|选址|地址|厂址|位置)(?:与|和|及|以及|、)", text[max(0, span[1] - 20) : span[1]])) or not _SITE_WORD.search(text[max(0, span[1] - 30) : span[2] + 16]):
        return None
    return span


def _talks(scene: Scene, window: list[int], act: Act, to: Spot | None) -> Span | None:
    """Talks with places, while nothing is signed: open."""
    if act.event in _DONE or act.event in _NO_SITE or act.event is E.FINANCING:
        return None
    index = window[0]
    span = _first(scene, [index], "maybe")
    if span is None or _first(scene, window[:3], "settled") or (to is not None and act.event is E.SIGNING):
        return None
    text = scene.sentences[index].text
    near = text[max(0, span[1] - 20) : span[2] + 30]
    if not re.search(r"选址|建厂|设厂|基地|工厂|厂|项目|落户|园区|新址|地块|产线", near):
        return None
    places = len([p for p in scene.places[index] if not p.region])
    word = text[span[1] : span[2]]
    return span if places != 1 or re.search(r"接触|谈判|洽谈|商谈|到访|考察", word) else None


def _tied(scene: Scene, window: list[int], act: Act, to: Spot | None) -> Span | None:
    """The words that tie the project to a place: an administrative place, a named park, the firm's own grounds, a deed done."""
    if to is not None and (to.place.province or to.place.city or to.place.country != "中国"):
        return to.sentence, to.start, to.end
    ground = _first(scene, window[:6], "ground")
    if ground:
        return ground
    if act.event in {E.EXPANSION, E.NEW_BUILD, E.PRODUCTION, E.GROUND_BREAKING}:
        own = _first(scene, window[:4], "own")
        if own:
            return own
    if act.event in _DONE or act.event is E.SIGNING or act.stage in {Stage.BUILDING, Stage.STARTED, Stage.PRODUCING, Stage.LANDED, Stage.LAND, Stage.APPROVED}:
        return _first(scene, window[:3], "settled")
    return None


_MOVES_TO = re.compile(r"(?:[迁搬移]|转)(?:建|址|移|往|回|入|到|至|进|去|向)*(?:到|至|往|入|进|于|在|去|向)?[^,。;]{0,8}$|(?:落户|落地|落子|签约|选址|新址|新厂|新基地|新建|建设|重建|布局|入驻|进驻|位于|变更[至为]|改[至到为]|竞得|取得|购得|放在|定在|选在|去|往|向|到|至|与|在|和)[^,。;]{0,8}$")
_BUILDS_THERE = re.compile(r"[^,。;]{0,16}?(?:新建|建设|投资|兴建|新厂|新址|新工厂|新基地|重建|落户|落地|签约|签订|签署|竞得|承接|接纳|基地|产业园|工业园|园区|开发区|高新区|经开区)")


def _is_reached(scene: Scene, to: Spot) -> bool:
    """Words at the place say that the firm goes there; a place that is only the firm's own town or its government's is none."""
    text = scene.sentences[to.sentence].text
    before, after = text[max(0, to.start - 16) : to.start], text[to.end : to.end + 30]
    if re.match(r"[^,。;]{0,10}?(?:政府|土地储备|管委会|自然资源|国土|住建|规划|搬迁|中心城区|城区)", after) and not re.search(r"签|落户|迁[至到入往]|搬[至到入往]", before):
        return False
    return bool(_MOVES_TO.search(before) or _BUILDS_THERE.match(after))


def _is_seat(scene: Scene, to: Spot) -> bool:
    """The place is where the firm still is."""
    text = scene.sentences[to.sentence].text
    before, after = text[max(0, to.start - 12) : to.start], text[to.end : to.end + 26]
    if re.search(r"(?:迁至|迁往|搬至|搬到|迁入|搬入|转移至|转移到|迁移至|迁回|落户|迁建至|搬迁至|重建于|签约|去|到|与)[^,。;]{0,6}$", before):
        return False
    return bool(
        re.search(r"(?:位于|地处|现有|老厂|原址|目前|原|从|由|撤离|离开)[^,。;]{0,6}$", before)
        or re.match(r"^[^,。;]{0,14}?(?:的)?[^,。;]{0,12}?(?:须|需|必须|将|拟|因|受|要|限期|收到|被|宣布|停产|租赁)", after)
        or to.start <= 2
    )


def _region(scene: Scene, window: list[int]) -> Span | None:
    for index in window[:6]:
        text = scene.sentences[index].text
        for match in _REGION.finditer(text):
            after = text[match.end() : match.end() + 34]
            before = text[: match.start()]
            if (_PLAN.search(before[-30:] + after[:12]) and _BUILD.search(after)) or re.search(r"(?:布局|建|落子|设)[^,。;]{0,6}$", before):
                return index, match.start(), match.end()
    return None


def _of_money(scene: Scene, window: list[int], to: Spot | None) -> SiteFound:
    """Money raised: for capacity without a place it is open, for a project at a place it is tied there, else there is nothing to win."""
    uses = [use for index in window if (use := _first(scene, [index], "use")) and not _is_working_capital(scene, index)]
    for use in uses:
        if to is not None and to.sentence == use[0] and to.start >= use[1] - 30:
            return SiteFound(Site.FIXED, to.sentence, to.start, to.end)
        ground = _first(scene, [use[0]], "ground")
        if ground:
            return SiteFound(Site.FIXED, *ground)
        text = scene.sentences[use[0]].text
        named = next((p for p in scene.places[use[0]] if p.start >= use[1] and p.place.city and _WORKS.search(text[p.end : p.end + 24])), None)
        if named:
            return SiteFound(Site.FIXED, use[0], named.start, named.end)
    if uses:
        return SiteFound(Site.OPEN, *uses[0])
    built = to is not None and re.search(r"(?:建设|新建|建)[^,。;]{0,24}(?:产线|基地|工厂|项目|中心)", scene.sentences[to.sentence].text[to.start :])
    return SiteFound(Site.FIXED, to.sentence, to.start, to.end) if to is not None and built else SiteFound(Site.NONE)


def _is_working_capital(scene: Scene, index: int) -> bool:
    work = _first(scene, [index], "work")
    return work is not None and not re.search(r"项目|产能|工厂|产线|生产线|基地|扩产", scene.sentences[index].text[work[1] : work[2]])


_JOINT_WORKS = re.compile(r"(?:合资|共同|联合|合作)(?:建厂|设厂|投资建设|投建|建设[^,。;]{0,16}?(?:基地|工厂|产线|生产线|项目))|择机扩产|(?:同步|适时|进一步)?扩(?:大产能|产|建)|(?:拟|将|计划|推动|推进|设立)[^,。;]{0,20}?(?:生产基地|工厂|产线|生产线|量产线|中试线|产业化基地)")


def _joint_works(scene: Scene, window: list[int]) -> Span | None:
    """A co-operation that wants works whose place nobody names: 合资建厂, 择机扩产."""
    for index in window[:4]:
        match = _JOINT_WORKS.search(scene.sentences[index].text)
        if match and not re.search(r"不(?:涉及|包括|含|会)[^,。;]{0,8}$", scene.sentences[index].text[: match.start()]):
            return index, match.start(), match.end()
    return None


_VENTURE = re.compile(r"合资公司|目标公司|项目公司|新公司|标的公司")
_PLANS_WORKS = re.compile(r"(?:将|拟|计划)?(?:新建|投资建设|投建|建设)[^,。;]{0,36}?(?:项目|基地|产线|生产线|工厂)")


_HEADING = re.compile(r"(?:新|集中|集体)(?:签约|开工|竣工|投产|落户|引进)(?:的)?(?:重点)?(?:产业)?(?:项目|企业)")
_WORKS = re.compile(r"扩产|扩建|产线|生产线|基地|工厂|车间|项目|[一二三]期|产业园")
_WORKS_OF_MONEY = re.compile(r"增资[^。;]{0,40}(?:项目|产线|生产线|产能)|(?:项目|生产线)[^。;]{0,20}(?:位于|改造)")


def _headed(scene: Scene, index: int) -> Span | None:
    """A heading that says what was done with all that it lists, and where: 翠屏区10月新签约项目."""
    for head in range(min(2, index)):
        sentence = scene.sentences[head]
        match = _HEADING.search(sentence.text)
        if match and sentence.part == "title" and scene.places[head]:
            return head, match.start(), match.end()
    return None


def _venture_builds(scene: Scene, home: int) -> Span | None:
    """The new company is to build works, told in another sentence that names no place: 合资公司将新建…项目."""
    for sentence in scene.in_block(scene.sentences[home].block)[:60]:
        match = _PLANS_WORKS.search(sentence.text)
        near = home < sentence.index <= home + 4 or _VENTURE.search(sentence.text)
        if match and near and not any(p.place.city for p in scene.places[sentence.index]):
            return sentence.index, match.start(), match.end()
    return None


def _of_plan(scene: Scene, window: list[int], act: Act) -> SiteFound:
    """A project without any place: open while it is a plan, tied (somewhere) once it is being built."""
    if act.event in _DONE or act.stage in {Stage.BUILDING, Stage.STARTED, Stage.PRODUCING, Stage.LAND, Stage.APPROVED}:
        return SiteFound(Site.FIXED)
    headed = _headed(scene, window[0])
    if headed:
        return SiteFound(Site.FIXED, *headed)
    text = scene.sentences[window[0]].text
    if act.event is E.SUBSIDIARY and not _BUILD.search(text):
        venture = _venture_builds(scene, window[0])
        if venture:
            return SiteFound(Site.OPEN, *venture)
    if _BUILD.search(text) or act.event in {E.NEW_BUILD, E.EXPANSION, E.SIGNING, E.HEADQUARTERS}:
        start, end = act.trigger.start, act.trigger.end
        return SiteFound(Site.OPEN, window[0], start, end) if text[start:end] == act.trigger.text else SiteFound(Site.OPEN)
    return SiteFound(Site.NONE)
