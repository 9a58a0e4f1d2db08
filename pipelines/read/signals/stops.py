"""What is no investing firm: trimming a span to the name in it, and the hard stops."""

from __future__ import annotations

import itertools
import re

from pipelines.read.signals import words
from qingbao.names import has_legal_form
from qingbao.places import find_places

_LEFT = re.compile(
    r"^(?:[一二三四五六七八九十\d]{1,2}[)、.](?=.{3,})|[一二三四五]是(?=.{3,})|(?:承租|出租|受让|转让|中标|承建|合作|投资|建设|运营|委托|实施)方(?=.{4,})|(?:受让|竞得|中标|承租|采购|招标)人(?=.{4,})|"
    r"(?:业主|建设|施工|项目|用人|申请|投资|运营|责任)(?:单位|主体)(?=.{4,})|[“\"'「『《【(]|(?:[^,]{0,8}?(?:重要|核心|主要)?(?:全资子公司|控股子公司|全资孙公司|参股公司|子公司|孙公司|附属公司|控股股东|实际控制人|关联方|合资公司|项目公司|合作方|投资方|供应商|开发商|运营商|制造商|生产商|服务商))(?=.{2,})"
    r"|(?:全球|国内|中国|国际|世界|知名|著名|领先|行业|大型|老牌|头部|央企|国企|民企|外企|外资|德资|日资|美资|台资|港资|韩资|独角兽|龙头|上市公司|企业|巨头|集团旗下|旗下|下属|所属|业主|客户|记者从|记者|近日|日前|昨日|今日|公司|由|与|和|据|在|从|向|对|系|像|即|以及|及|并|为|成为|作为|还有|已有|另有|有|其|该|原|其中|包括|如|等|继|位于|来自|引进|名为|简称|是)(?=.{2,}))"
)
_RIGHT = re.compile(r"(?:[”\"'」』》】)]|方面|等|的|在|与|和|将|拟|已|正|也|又|及|以及|董事会|董事长|总经理|相关|有关|公告|发布|表示|宣布|称|项目|共同|分别|联合|计划|携手|双方|一期|二期|三期|首次|今年|近日|日前)$")
_GENERIC_FIRM = re.compile(
    r"^(?:该|本|我|各|两|三|多|几|一|某|此|新|老|大|小|全|上述|其他|相关|有关|外地|当地|本地|国内|国外|海外|跨国|外资|民营|国有|私营|家族|中外|合资|合作|独资|投资|项目|目标|标的|控股|参股|关联|上市|母|子|孙|分|总|股份|有限|责任|集团|工程|建设|施工|监理|设计|咨询|"
    r"科技|保险|证券|基金|信托|租赁|担保|物业|房地产|旅行|贸易|运营|管理|服务|代理|评估|平台|能源|电力|汽车|钢铁|化工|石油|石化|医药|食品|电子|通信|供电|自来水|燃气|公交|物流|快递|航空|产业|城投|国资|数十|百余|众多|一批|十余|余|家|个|级|类|型|性|化|央企|国企|企业|上海|北京|中国)*(?:公司|集团|企业|工厂|子公司)$"
)
_CONSULTANT = re.compile(r"(?:环境科技|环保科技|环境技术|环境工程|环境咨询|工程咨询|环评|安全评价|检测技术|招标代理|工程管理|造价|资产评估|会计师|律师|咨询).{0,8}(?:公司|事务所)$")
_FUND = re.compile(r"(?:资本|创投|基金|产投|风投|投资|创新投|创业投资|股权投资|引导基金|产业基金|母基金|国投|城投|资管|资产管理|合伙企业(?:\(有限合伙\))?|创业投资(?:有限)?公司|投资管理(?:有限)?公司|投资基金.{0,8}|国资|投资集团|投资控股|金控|金投)$")
_LENDER = re.compile(r"(?:银行|证券|信托|保险|租赁|期货|信用社|农信|人寿|财险|券商|投行|资信|评级)(?:股份)?(?:有限)?(?:责任)?(?:公司|集团)?(?:.{0,6}(?:分行|支行|总部|分公司))?$")
_PRODUCT = re.compile(
    r"(?:项目|工程|综合治理|整治|基地|产业园|生产线|产线|车间|厂区|厂房|大厦|广场|小区|公路|铁路|高速|大桥|隧道|水库|水电站|电站|机场|码头|港区|港口|航道|地铁|轻轨|管道|管网|系统|平台|模型|芯片|电池|疫苗|手机|汽车城|系列|工厂|分厂|中心|学校|医院|计划|行动|战略|方案|协议|公告|报告|办法|条例|意见|通知|奖|杯|节|展|会|论坛|时代|时期|期间)$"
)


_PROJECT_END = re.compile(r"(?:项目|工程|综合治理|整治|产业园|生产线|产线|车间|厂区|厂房|大厦|广场|小区|公路|铁路|高速|大桥|隧道|水库|机场|码头|地铁|轻轨|管道|管网|计划|行动|战略|方案|协议|公告|报告|办法|条例|意见|通知|论坛|博览会|期间|路|街|大道|村|社区)$")
def _person(name: str, pattern: str) -> bool:
    """A person that a rule for subjects took for a firm: a surname and two characters, which the cutter takes for a person too."""
    if len(name) != 3 or name[0] not in words.SURNAMES or words.tag_of(name) not in {"nr", "nrt"}:
        return False
    return pattern in {"subject", "by", "officer"} or (pattern == "tagger" and words.known(name))


_KIND = re.compile(r"^([一-龥]{2,8})(?:公司|企业|厂商|独角兽)(?=[一-龥]{2,4}$)")


def trim(text: str) -> tuple[int, int]:
    """How much to cut left and right of a span so that a name remains."""
    left, right = 0, len(text)
    kind = _KIND.match(text)
    if kind and all(words.usual(word.text) for word in words.cut(kind[1])):
        left = kind.end()  # 人形机器人公司元衡
    for _ in range(6):
        match = _LEFT.match(text[left:right])
        if not match or right - left - match.end() < 2:
            break
        # 中国石油, 国际复材: words that stand before names begin names too, when what follows is no name by itself
        if match[0] in {"中国", "国际", "世界", "全球", "原", "领先", "和", "如", "是", "以及", "对", "向", "在", "即", "并", "与", "公司", "及", "继", "其", "等", "由", "系", "像", "从", "据", "为", "有"} and not _may_cut(text[left:right], match[0]):
            break
        left += match.end()
    for _ in range(4):
        match = _RIGHT.search(text[left:right])
        if not match or match.start() < 2:
            break
        if match[0] in {")"} and "(" in text[left:right]:
            break
        if match[0] in {"和", "及", "等", "与", "在", "正", "又", "将"} and words.known(text[left:right]):
            break
        right = left + match.start()
    return left, right


def _may_cut(name: str, head: str) -> bool:
    if head in {"中国", "国际", "世界", "全球", "领先", "原"}:
        return False
    rest = name[len(head) :]
    if head in {"由", "系", "像", "即", "据"} and len(rest) >= 2 and not words.known(name[:2]):
        return True  # the cutter glues them to what follows: 由华 | 沐
    first = words.cut(name[:6])[0].text if name else ""
    return first == head and len(rest) >= 2


_THINGS = frozenset({"芯片", "电池", "玻璃", "疫苗", "面板", "薄膜", "电缆", "塑料", "橡胶", "涂料", "光纤", "视频", "轮胎", "纤维", "陶瓷", "手机", "电源", "机器人", "显示", "激光"})


def _place_and_words(name: str) -> bool:
    """A place or country and everyday words: 丹麦泵业, 临泉光伏, 浙江沿海. Firms of such names are known by lists or tell their legal form."""
    if len(name) > 8 or has_legal_form(name) or name.endswith("集团"):
        return False
    hits = find_places(name, loose=True)
    if not hits or hits[0].start != 0 or hits[0].end >= len(name):
        return False
    rest = words.cut(name[hits[0].end :])
    return all(words.usual(w.text) and len(w.text) > 1 for w in rest)


def _all_usual(name: str) -> bool:
    """Everyday words only, and no industry word at the end (宿舍楼, 智能化): no firm is told from that."""
    technical = re.fullmatch(r"[A-Za-z]+([一-龥]{2,4})", name)
    if technical:  # mRNA疫苗, TOPCon电池; but LG化学
        return words.usual(technical[1]) and (technical[1] not in words.word_set("firm_words.txt") or technical[1] in _THINGS)
    if len(name) > 10 or has_legal_form(name) or re.search(r"[A-Za-z]", name):
        return False
    pieces = words.cut(name)
    if not all(words.usual(w.text) for w in pieces) or any(len(a.text) == len(b.text) == 1 for a, b in itertools.pairwise(pieces)):
        return False  # two characters side by side that form no word are a brand
    return pieces[-1].text not in words.word_set("firm_words.txt") or len(name) >= 5


_BODY_INSIDE = re.compile(r"人民政府|管委会|管理委员会|人民法院|检察院|公安局|发改委|证监会|交易所|研究院$|研究所$|大学|协会|商会|学会|新闻联播|上市公司|晚间公告|股民|投资者$")
_SLOGAN = re.compile(r"([一二三两四双])[一-龥]\1[一-龥]|[一-龥]{1,3}[、]?碳[一-龥]{0,2}碳[一-龥]{1,2}|(?:[一二三四五六七八九十两双][一-龥]){2,3}")
_TOWN_ACTS = re.compile(r"[一-龥]{2,6}[市县区镇乡](?:建设|投资|新建|扩建|投建|兴建)")
_SURE = frozenset({"list", "alias", "label", "header", "quoted", "named", "code", "sibling"})


def is_no_firm(name: str, pattern: str) -> bool:
    """The hard stop: governments, parks, media, lenders' bodies, schools, generic words, bare places, projects."""
    plain = name.strip("“”\"'「」《》【】()")
    if len(plain) < 2 or plain in words.word_set("common_names.txt") or "=" + plain in words.word_set("not_firms.txt"):
        return True
    if pattern not in _SURE and (words.usual(plain) or _all_usual(plain) or _place_and_words(plain)):
        return True
    if re.fullmatch(r"[\d.\-&·A-Z]{1,2}|\d+.*|[A-Za-z]", plain) or re.search(r"[\s](?=[一-龥])|[:;,。!?、%]|\d{4}年|\d+月|\d亿|万元|万吨", plain):
        return True
    if re.search(r"(?:上市|合资|目标|项目|参股|关联|标的|母|子|孙|分|外资|国有|民营|跨国|该|本|两家|双方|各)公司$", plain):
        return True
    if _SLOGAN.fullmatch(plain) or _TOWN_ACTS.fullmatch(plain):
        return True
    full = has_legal_form(plain)
    if _GENERIC_FIRM.match(plain) and not (len(plain) >= 6 and full and not words.usual(plain[:2])) and plain not in {"中国电力集团"}:
        return True
    if pattern != "list" and _BODY_INSIDE.search(plain):
        return True
    if not full:
        if words.ends_pattern("not_firms.txt").search(plain) and not re.search(r"[一-龥]{2,}(?:新材|证券时报)$", plain):
            return pattern != "list"
        if _PRODUCT.search(plain) and pattern in {"subject", "by", "project", "officer", "latin"}:
            return True
        if _PROJECT_END.search(plain) and pattern != "list":
            return True
        if _person(plain, pattern):
            return True
        if re.search(r"(?:书记|市长|县长|区长|省长|主任|局长|处长|院士|教授|博士|先生|女士|主席|经理|总裁|董事长|记者|同志|镇长|部长|副总)$", plain):
            return True
    elif re.search(r"(?:供电|电力|自来水|公交|烟草)公司$", plain) or re.search(r"管委会|人民政府|管理委员会|协会|研究院|大学$", plain):
        return True
    return _is_place(plain)


_BODY_BEHIND = re.compile(r"(?:(?![与和及同向在跟由对与])[一-龥]){0,8}?(?:管委会|管理委员会|人民政府|委员会|工作组|领导小组|指挥部|园区管理)")


def is_head_of_body(name: str, behind: str, pattern: str) -> bool:
    """Whether a span is only the first words of a government body's name (皖江江北新兴产业 of …集中区管委会); ``behind``: what follows it."""
    return pattern in {"tagger", "project", "subject", "brand", "quoted", "by"} and not has_legal_form(name) and bool(_BODY_BEHIND.match(behind))


def _is_place(name: str) -> bool:
    if len(name) > 14 or has_legal_form(name):
        return False
    hits = find_places(name, loose=True)
    covered = sum(h.end - h.start for h in hits)
    rest = len(name) - covered
    return bool(hits) and rest <= 0


def is_fund(name: str) -> bool:
    """Investors by trade: they count only where the news is about them."""
    return bool(_FUND.search(name))


def is_registered_fund(name: str) -> bool:
    """A fund or its manager by its full name (…股权投资管理有限公司), against firms that only have 投资 in theirs."""
    return bool(re.search(r"(?:创业投资|股权投资|投资管理|资产管理|投资基金|产业基金|基金管理|资本管理|私募)[^,。]{0,8}(?:公司|企业|\))", name))


def is_lender(name: str) -> bool:
    """Banks, brokers, insurers, lessors."""
    return bool(_LENDER.search(name))


def is_consultant(name: str) -> bool:
    """Offices that write reports for others."""
    return bool(_CONSULTANT.search(name))
