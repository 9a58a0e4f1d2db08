"""Is there still a site to win? open, leaving, fixed or none, with the words that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.read.signals.acts import Act
from pipelines.read.signals.entities import Entity
from pipelines.read.signals.scene import Scene
from pipelines.read.signals.where import Spot
from qingbao.model import EventType, Site, Stage

E = EventType
# The place is being chosen, or not said to be chosen.
_OPEN = re.compile(
    r"(?:选址|厂址|新址|落址|落户地|落地城市|建设地点|实施地点|项目地点|地点|具体(?:位置|城市|地址|区域)|落点)[^,。;]{0,16}?(?:未定|待定|尚未|还未|暂未|未确定|未最终|仍在|正在|确定中|比选|考察|洽谈|论证|评估|筛选|遴选|待|将于|尚在|进行中|阶段)"
    r"|(?:尚未|还未|暂未|仍未|未|没有)(?:最终|正式|具体)?(?:确定|敲定|明确|选定|落定|披露|公布)[^,。;]{0,10}?(?:选址|地点|城市|厂址|位置|落户|地址|具体)"
    r"|(?:正在|已|启动|开展|进行|抓紧|着手|开始|展开|多地|全国|重新)[^,。;]{0,12}?(?:选址|择址|寻址|踏勘|比选|物色)(?!在|于|位于|落)"
    r"|寻找[^,。;]{0,14}?(?:场地|厂址|用地|地块|厂房|基地|落户|选址|城市|园区|落脚)|(?:征集|物色|遴选|比选|筛选)[^,。;]{0,14}?(?:地块|场地|厂址|用地|城市|园区|承接地|选址|地点|厂房)"
    r"|(?:考察|走访|接洽|洽谈|对接|调研|踏勘)[^。;]{0,30}?(?:选址|落户|多地|多个(?:省|城市|园区|开发区)|多省|几个城市|[两三四五六七八九十\d]+(?:地|省|市|个城市|座城市|个园区|个省))"
    r"|(?:多地|[两三四五六]地|多个(?:城市|省份|园区)|[两三四五六]个(?:城市|省份|园区))[^,。;]{0,6}(?:比选|考察|洽谈|接洽|竞争|备选|候选|中选|之间)|备选(?:城市|地)|候选(?:城市|地|园区)"
    r"|(?:另行|再|择地|择机|异地)(?:择址|选址|选择)|(?:意向|有意|希望|拟|计划|考虑|打算|准备|将)[^,。;]{0,10}?(?:择地|择址|另选|另觅|另寻)|待选址|拟选址(?!在|于|位于|[一-龥]{2,4}[省市县区])|选址(?:工作|结果|事宜|报告)?(?:正在|尚在|仍在|已启动|启动|将|中)"
)
_LAYOUT = re.compile(
    r"(?:未来|今后|计划|拟|将|三年|五年|\d年|年内|目标|预计)[^。;]{0,24}?(?:建设|新建|布局|建成|投建|设立|打造|兴建|开设|再建|新增)[^,。;]{0,12}?(?:[一二三四五六七八九十两\d]+(?:至[一二三四五六七八九十\d]+|[-~][\d]+|到\d+)?|多|数|若干)(?:个|座|家|处|大)[^,。;]{0,12}?(?:基地|工厂|生产基地|制造基地|中心|产业园|生产线|厂|园区|仓|枢纽|实验室|研发)"
    r"|全国(?:范围|各地|性)?[^,。;]{0,8}?布局[^,。;]{0,12}?(?:基地|工厂|产能|中心)|(?:加快|加速|推进|完善)全国(?:产能|生产|制造|基地)?布局"
)
_REGION = re.compile(r"(?:在|于|向|到|赴|进军|布局|落子|辐射|拓展)?(?:我国|国内|全国)?(?P<region>西南|西北|华东|华南|华中|华北|东北|中部|西部|中西部|东部|南方|北方|长三角|珠三角|京津冀|大湾区|粤港澳大湾区|成渝|川渝|长江经济带|内地|国内|沿海|内陆)(?:地区|区域|省份|城市|一带|市场|腹地)?")
_PLAN = re.compile(r"拟|计划|将|筹划|准备|有意|意向|欲|打算|考虑|规划|筹建|再建|谋划|希望|启动|预计")
_BUILD = re.compile(r"基地|工厂|产线|生产线|产能|新建|扩建|扩产|建厂|设厂|厂房|研发中心|产业园|车间|扩张|项目|智造|量产|总部|中心")
_CAPACITY_USE = re.compile(
    r"(?:用于|投向|投入|投资于|投资|将用|主要用于|资金)[^。;]{0,50}?(?:扩产|扩建|扩能|产能|产线|生产线|基地|工厂|建设|建厂|量产|规模化|项目|产业化|智造|厂房|扩张|扩充|研发中心|新建|制造|新产线|扩大生产)"
)
_WORK_USE = re.compile(r"用于[^。;]{0,30}?(?:偿还|补充流动资金|补流|还贷|置换)(?![^。;]{0,30}(?:项目|建设|产能))")
_NAMED_SITE = re.compile(
    r"(?:在|于|位于|落户|进驻|入驻|落地)(?!全国|国内|多地|其他|各地|海外|西南|西北|华东|华南|华中|华北|东北|中部|西部)[“\"]?[一-龥A-Za-z]{1,14}?(?:科技园|产业园|工业园|园区|开发区|高新区|经开区|新区|工业区|基地|厂区|港区|保税区|创新园|科创园|现有厂区|原厂区|工业集中区|镇|街道|村)"
)
_OWN_SITE = re.compile(r"(?:现有|原有|原|自有|既有|老|公司)(?:厂区|厂房|厂址|场地|生产基地|基地|土地|园区|用地|车间|生产线|产线|总部)|厂区内|原址|利用(?:公司)?(?:现有|已有|原有|闲置)|在原有|预留(?:用地|场地|地块)|[一二三四]期(?:项目|工程|扩建|厂房)")
_LEAVE = re.compile(
    r"(?:须|需|必须|应|要求|将|拟|计划|正在|准备|被|面临|启动|实施|列入|完成|纳入)[^,。;]{0,18}?(?:搬迁|外迁|迁出|搬离|退城|迁建|迁址|异地(?:重建|迁建|搬迁)|整体搬|关改搬转|腾退)|(?:搬迁|外迁|退城(?:进园|入园)?|迁出|搬离|腾退|关改搬转|产能(?:外迁|转移|外移)|拆迁|征收)"
)
_SETTLED = re.compile(r"落户|签约|签署|签订|竞得|摘牌|开工|奠基|投产|竣工|环评|环境影响|备案|迁至|迁入|搬至|迁往|搬迁至|建成|在建|施工|用地")
_OPEN_EVENTS = frozenset({E.NEW_BUILD, E.EXPANSION, E.SUBSIDIARY, E.HEADQUARTERS, E.SIGNING, E.COOPERATION, E.RELOCATION})
_NO_SITE = frozenset({E.TENDER_WON, E.ACQUISITION, E.LISTING})


@dataclass(frozen=True, slots=True)
class SiteFound:
    """The value and the span that decides it (None: nothing in the text does)."""

    site: Site
    sentence: int | None = None
    start: int = 0
    end: int = 0


def choose_site(scene: Scene, entity: Entity, act: Act, to: Spot | None, origin: Spot | None, reported: list[Entity]) -> SiteFound:
    """Decides from the sentences about the firm: what is still being chosen, what it leaves, where it is tied to."""
    window = _window(scene, entity, act, reported)
    opening = _first(scene, window, _OPEN)
    leaving = _first(scene, window, _LEAVE) if act.event is E.RELOCATION or origin else None
    tied = _tied(scene, window, act, to)
    if opening and not _overruled(scene, opening, act, to):
        kind = Site.LEAVING if leaving and act.event is E.RELOCATION else Site.OPEN
        return SiteFound(kind, *opening)
    if act.event is E.RELOCATION:
        if to is not None and (origin is not None or not _same_as_seat(scene, to)):
            return SiteFound(Site.FIXED, to.sentence, to.start, to.end)
        if tied and tied[0] is not None and re.search(r"迁至|迁往|搬至|搬到|迁入|搬迁至|落户|转移至|转移到|签", scene.sentences[tied[0]].text):
            return SiteFound(Site.FIXED, *tied)
        if leaving:
            return SiteFound(Site.LEAVING, *leaving)
    layout = _first(scene, window[:4], _LAYOUT)
    if layout and (to is None or not _near_place(scene, layout, to)) and act.event not in {E.PRODUCTION, E.GROUND_BREAKING, E.EIA, E.LAND}:
        return SiteFound(Site.OPEN, *layout)
    if act.event in {E.FINANCING, E.LISTING}:
        return _of_money(scene, window, to)
    if act.event in _NO_SITE:
        return SiteFound(Site.NONE)
    if tied:
        return SiteFound(Site.FIXED, *tied)
    region = _region(scene, window)
    if act.event in _OPEN_EVENTS and region:
        return SiteFound(Site.OPEN, *region)
    if act.event is E.COOPERATION:
        return SiteFound(Site.NONE)
    if act.event in {E.PRODUCTION, E.GROUND_BREAKING, E.EIA, E.LAND}:
        return SiteFound(Site.FIXED, act.role.mention.sentence, act.trigger.start, act.trigger.end) if _in(scene, act) else SiteFound(Site.FIXED)
    if act.event is E.RECRUITING:
        return SiteFound(Site.NONE)
    return _of_plan(scene, window, act)


def _in(scene: Scene, act: Act) -> bool:
    return scene.sentences[act.role.mention.sentence].text[act.trigger.start : act.trigger.end] == act.trigger.text


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
            if sentence.block != block or any(e is not entity and id(e) in ids for _, e in scene.named[follow]):
                break
            if follow not in out:
                out.append(follow)
    return out[:24]


def _first(scene: Scene, window: list[int], pattern: re.Pattern[str]) -> tuple[int, int, int] | None:
    for index in window:
        match = pattern.search(scene.sentences[index].text)
        if match:
            return index, match.start(), match.end()
    return None


def _tied(scene: Scene, window: list[int], act: Act, to: Spot | None) -> tuple[int, int, int] | None:
    """The words that tie the project to a place: an administrative place, a named park, the firm's own grounds."""
    if to is not None and (to.place.province or to.place.city or to.place.country != "中国"):
        return to.sentence, to.start, to.end
    named = _first(scene, window[:6], _NAMED_SITE)
    if named:
        return named
    if act.event in {E.EXPANSION, E.NEW_BUILD, E.PRODUCTION, E.GROUND_BREAKING}:
        return _first(scene, window[:4], _OWN_SITE)
    return None


def _overruled(scene: Scene, opening: tuple[int, int, int], act: Act, to: Spot | None) -> bool:
    """The search is told as past, or of another firm, or the deal is done: 经过多地考察，最终落户…."""
    index, start, end = opening
    text = scene.sentences[index].text
    if re.search(r"(?:经过|经|历经|曾|此前|先后|最终|最后|决定)[^。;]{0,20}$", text[:start]) or re.search(r"^[^。;]{0,30}?(?:最终|最后)?(?:选择|选定|选中|落户|敲定(?!前)|签约|花落|落定在|决定)", text[end : end + 40]):
        return True
    if to is not None and act.event in {E.GROUND_BREAKING, E.PRODUCTION, E.LAND, E.EIA} and index != act.role.mention.sentence:
        return not re.search(r"(?:再|另|还|下一|第二|新)[^。;]{0,20}", text[:start])
    return False


def _near_place(scene: Scene, layout: tuple[int, int, int], to: Spot) -> bool:
    return layout[0] == to.sentence and abs(layout[1] - to.start) < 40


def _same_as_seat(scene: Scene, to: Spot) -> bool:
    text = scene.sentences[to.sentence].text
    return bool(re.search(r"(?:位于|地处|现有|老厂|原址|目前)[^,。;]{0,6}$", text[max(0, to.start - 10) : to.start]))


def _region(scene: Scene, window: list[int]) -> tuple[int, int, int] | None:
    for index in window[:6]:
        text = scene.sentences[index].text
        for match in _REGION.finditer(text):
            if (_PLAN.search(text[: match.start()]) and _BUILD.search(text[match.end() : match.end() + 30])) or re.search(r"(?:布局|建|落子|设)[^,。;]{0,6}$", text[: match.start()]):
                return index, match.start(), match.end()
    return None


def _of_money(scene: Scene, window: list[int], to: Spot | None) -> SiteFound:
    """Money raised: for capacity without a place it is open, for a project at a place it is tied there, else there is nothing to win."""
    use = _first(scene, window, _CAPACITY_USE)
    if use is None:
        title = scene.title
        if re.search(r"用于[^。]{0,30}?(?:项目|扩产|基地|产能|建设)", title):
            use = (window[0], 0, 0)
    if use is None or _WORK_USE.search(scene.sentences[use[0]].text):
        return SiteFound(Site.NONE)
    named = _first(scene, [use[0]], _NAMED_SITE)
    if to is not None and (abs(to.sentence - use[0]) <= 1):
        return SiteFound(Site.FIXED, to.sentence, to.start, to.end)
    if named:
        return SiteFound(Site.FIXED, *named)
    return SiteFound(Site.OPEN, *use) if use[2] > use[1] else SiteFound(Site.OPEN)


def _of_plan(scene: Scene, window: list[int], act: Act) -> SiteFound:
    """A project without any place: open while it is a plan, tied (somewhere) once it is being built."""
    if act.stage in {Stage.BUILDING, Stage.STARTED, Stage.PRODUCING, Stage.LAND, Stage.APPROVED}:
        return SiteFound(Site.FIXED)
    text = scene.sentences[act.role.mention.sentence].text
    if act.event in {E.SUBSIDIARY} and not _BUILD.search(text):
        return SiteFound(Site.NONE)
    if _BUILD.search(text) or act.event in {E.NEW_BUILD, E.EXPANSION, E.SIGNING, E.HEADQUARTERS}:
        found = _first(scene, window[:1], re.compile(act_words(act)))
        return SiteFound(Site.OPEN, *found) if found else SiteFound(Site.OPEN)
    return SiteFound(Site.NONE)


def act_words(act: Act) -> str:
    """The trigger's own words as a pattern."""
    return re.escape(act.trigger.text)
