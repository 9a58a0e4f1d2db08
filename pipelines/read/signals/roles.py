"""What part a firm plays in a sentence: it acts, it is bought, it lends, it reports, it is a customer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.read.signals.entities import Entity, Mention
from pipelines.read.signals.scene import Scene
from pipelines.read.signals.triggers import Trigger
from qingbao.model import EventType

_JOINER = re.compile(r"^(?:、|和|与|及|以及|,|;|等|\(.{0,24}\)|[”\"」』]|\s)*$")
_GOVERNMENT = re.compile(r"政府|管委会|管理委员会|开发区|高新区|经开区|园区|[市县区省州](?=[,、。与和签就在]|$)|工业园|产业园|新区|新城|镇|委员会|招商局|商务局")
MEDIA = re.compile(r"^(?:记者|讯|报道|消息|网讯|获悉|快讯|电(?=[,\s(])|客户端|APP|数据|显示|报|援引|分析师|研报)")
_BEFORE_MEDIA = re.compile(r"(?:据|来源[::]?|编辑[::]?|转自|通过|根据)$")
_VENTURE = re.compile(r"(?:领投|跟投|参投|财务顾问|独家顾问|投资方|老股东|投资人|资方|投资机构)")
_CONSULT_BEFORE = re.compile(r"(?:评价机构|编制单位|编制机构|评价单位|环评单位|环评机构|报告书?编制|代理机构|招标代理|代理公司|保荐(?:机构|人)|主承销商|承销商|财务顾问|审计机构|评估机构|律师|监理单位|设计单位|施工单位|勘察单位|招标人|采购人|采购单位|招标单位|转让方|出让人|出让方|检测单位|评估单位|编制)(?:名称|为|是|\(.{0,10}\))?\s*[::]?\s*$")
_CONSULT_AFTER = re.compile(r"^(?:\(.{0,20}\))?[^,。;]{0,6}?(?:担任|任|作为)?.{0,6}?(?:保荐|承销|财务顾问|法律顾问|编制(?:了|的|完成)?|承担.{0,8}评价|环评|进行.{0,12}(?:环境影响)?评价|评审|评级)")
# Answers to shareholders' questions tell what is known already.
ANSWER = re.compile(r"互动平台|互动易|e互动|投资者(?:提问|关系平台)")
_SUBSIDY = re.compile(r"(?:补助|奖补|贴息|奖励|补贴)(?:资金|金额)?[\d.]+万|(?:获|获得|享受)[^,。;]{0,10}(?:补助|贴息|奖补|奖励资金)|拟(?:奖励|奖补|补助)")
_TARGET_BEFORE = re.compile(r"(?:收购|并购|购买|受让|认购|入股|参股|持有|转让|出售|控股|要约|吸收合并)(?:了|其|的|对|其持有的|标的公司|目标公司|标的|所持|持有)*[^,。;]{0,10}$")
_TARGET_AFTER = re.compile(r"^(?:[^,。;]{0,6})?(?:\d+(?:\.\d+)?%|全部|部分|控股|少数)?(?:的)?(?:股权|股份|控制权|控股权)")
_CUSTOMER_BEFORE = re.compile(r"(?:为|向|给|供应|供货|配套|服务|客户(?:包括|有|为|如|涵盖)?|包括|满足|等|成为|进入|打入|属于|获得?|收到|与|中标|承接|对标|面向)[^,。;]{0,6}$")
_CUSTOMER_AFTER = re.compile(r"^(?:[^,。;]{0,16})?(?:提供|供货|配套|供应|供应商|供应链|产业链|的?(?:订单|客户|定点|采购|需求|新车|车型|机型|产品(?:线)?需求)|等.{0,6}?(?:客户|品牌|车企|企业.{0,6}(?:提供|配套)))")
_RETRO = re.compile(r"(?:已(?:经)?(?:吸引|引进|引入|落户|入驻|集聚|聚集|汇聚|培育)|先后(?:引进|引入|吸引|落户|入驻|建成)|吸引了?|集聚了?|聚集了?|汇聚了?|拥有|现有|引来|涌现|培育(?:了|出)?|形成(?:了|以)?|以|继|包括|储备|排队|随着)[^,。;]{0,24}$")
_VISIT = re.compile(r"(?:考察|调研|走访|参观|拜访|来到|赴|走进|前往|深入)(?:了|的)?[^,。;]{0,12}$")
_PARENT = re.compile(r"^(?:的|旗下(?:的)?|下属(?:的)?|所属(?:的)?|控股(?:的)?|全资(?:的)?|投资的|\(.{0,20}\))*(?:间接)?(?:全资|控股|非全资)?(?:子公司|孙公司|附属公司|参股公司|分公司|企业)")
_CHILD_BEFORE = re.compile(r"(?:全资子公司|控股子公司|子公司|孙公司|全资孙公司|附属公司|参股公司|设立|成立|组建|合资公司|项目公司|注册)(?:为|[::]|的|了|——|[“\"])*$|(?:设立|成立|组建|新设|注册成立|出资设立)[^,。;]{0,12}$")
_PROJECT_AFTER = re.compile(r"^(?:[^,。;、]{0,28}?)(?:项目|基地|工厂|产业园|生产线|产线|研发中心|总部|装置|工程|新厂|厂区)")
_STEP_OUT = re.compile(r"(?:原|曾|此前|去年|早在|20[01]\d年|过去|历史上|上一轮|当时)[^。;]{0,30}$")


@dataclass(frozen=True, slots=True)
class Role:
    """How one mention stands to the acts of its sentence. ``act`` is the act that it most likely does, ``gap`` the characters between."""

    mention: Mention
    act: Trigger | None
    gap: int
    how: str  # subject, by, partner, project, object, none
    marks: frozenset[str]

    @property
    def trigger_start(self) -> int:
        """Where the act stands in the sentence; the name itself where there is none."""
        return self.act.start if self.act else self.mention.start


def roles_of(scene: Scene, entity: Entity) -> list[Role]:
    """The role of every mention of a firm, at most the first 40."""
    return [_role(scene, entity, mention) for mention in entity.mentions[:40]]


def _role(scene: Scene, entity: Entity, mention: Mention) -> Role:
    sentence = scene.sentences[mention.sentence]
    text = sentence.text
    before, after = text[max(0, mention.start - 44) : mention.start], text[mention.end : mention.end + 60]
    marks = _marks(before, after, text, mention)
    acts = scene.triggers[mention.sentence]
    best: tuple[float, Trigger, int, str] | None = None
    for act in acts:
        if act.start >= mention.end:
            gap = act.start - mention.end
            between = text[mention.end : act.start]
            how = "subject"
            if re.search(r"[。;]", between) or gap > 90:
                continue
            others = [m for m, e in scene.named[mention.sentence] if e is not entity and mention.end <= m.start < act.start]
            cost = gap * 0.03 + between.count(",") * 0.25
            if others:
                free = all(_JOINER.match(text[a:b]) for a, b in zip([mention.end, *(m.end for m in others[:-1])], [m.start for m in others]))
                # 甲与乙签约: both act; 甲为乙建设: only the nearer one is close to the act
                cost += 0.2 if free else 0.9 * min(2, len(others))
            if _PROJECT_AFTER.match(between) and gap > 2:
                how = "project"
                cost += 0.1
            if re.search(r"由[^,。;]{0,4}$|被[^,。;]{0,2}$", before):
                how, cost = "by", cost - 0.4
        elif act.end <= mention.start:
            gap = mention.start - act.end
            if gap > 40 or re.search(r"[。;]", text[act.end : mention.start]):
                continue
            how, cost = "object", 0.8 + gap * 0.05
            if act.event in {EventType.TENDER_WON, EventType.ACQUISITION}:
                cost += 0.8
            if _PROJECT_AFTER.match(after) and act.event not in {EventType.TENDER_WON, EventType.ACQUISITION}:
                how, cost = "project", 0.6 + gap * 0.03
        else:
            continue
        value = act.weight - cost - (2.5 if act.negated else 0.0) - (0.8 if act.hearsay else 0.0)
        if best is None or value > best[0]:
            best = (value, act, gap, how)
    if best is None:
        how = "project" if _PROJECT_AFTER.match(after) else "none"
        return Role(mention, None, 99, how, marks)
    return Role(mention, best[1], best[2], best[3], marks)


def _marks(before: str, after: str, text: str, mention: Mention) -> frozenset[str]:
    marks = set()
    if MEDIA.match(after) or (_BEFORE_MEDIA.search(before) and re.match(r"[^,。;]{0,6}(?:报道|消息|讯|介绍|统计|数据|显示)", after)):
        marks.add("media" if (not re.match(r"介绍", after) and not re.search(r"据$", before)) or MEDIA.match(after) else "source")
    if _VENTURE.search(text) and re.search(r"(?:由|、|和|及|与|,|:|以及|投资方[^,]{0,4}|股东)[^,、。;]{0,6}$", before) and re.match(r"[^。;]{0,60}?(?:领投|跟投|参投|投资(?!建设|设|兴)|顾问|等)", after):
        marks.add("venture")
    if re.search(r"^[^,。;]{0,20}?(?:领投|跟投|参投)", after) or (re.search(r"(?:投资方(?:为|包括|有)|领投方(?:为)?|跟投方|由)[^。;]{0,30}$", before) and _VENTURE.search(text)):
        marks.add("venture")
    if _CONSULT_BEFORE.search(before) or _CONSULT_AFTER.match(after):
        marks.add("consult")
    if ANSWER.search(text):
        marks.add("answer")
    if _SUBSIDY.search(text):
        marks.add("subsidy")
    if _TARGET_BEFORE.search(before) or (_TARGET_AFTER.match(after) and re.search(r"收购|转让|持有|购买|受让|出售|认购|控制权", text)):
        marks.add("target")
    if _CUSTOMER_BEFORE.search(before) and _CUSTOMER_AFTER.match(after):
        marks.add("customer")
    if _RETRO.search(before):
        marks.add("retro")
    if _VISIT.search(before):
        marks.add("visit")
    if _PARENT.match(after):
        marks.add("parent")
    if _CHILD_BEFORE.search(before):
        marks.add("child")
    if re.search(r"(?:与|和|同|跟)[^,。;]{0,8}$", before) and re.match(r"[^。;]{0,40}?(?:签|达成|合作|举行|订立)", after):
        marks.add("partner")
        if _GOVERNMENT.search(text[max(0, mention.start - 30) : mention.start]):
            marks.add("with_government")
    if re.match(r"[^。;]{0,6}?(?:与|和|同)[^,。;]{0,30}", after) and _GOVERNMENT.search(after[:40]):
        marks.add("with_government")
    if re.search(r"引进|招引|引入|迎来|牵手", before[-8:]):
        marks.add("attracted")
    if _STEP_OUT.search(before):
        marks.add("past")
    return frozenset(marks)
