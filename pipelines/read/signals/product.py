"""What a project makes: the products that the sentences name, without ordinals, places, sizes and acts."""

from __future__ import annotations

import re

from pipelines.read.signals import words
from qingbao.places import find_places

_WORD = r"[一-龥A-Za-z0-9+/\-()“”\"]"
_LIST = rf"({_WORD}(?:{_WORD}|[、和与及]){{1,59}}?)"
_STOP = r"(?=等|的(?:研发|生产|制造|企业|公司|供应|厂)|,|。|;|:|$)"
_SIZE = r"(?:约|近|超)?\d[\d,.]*(?:余|多)?(?:万|亿|百万|千)?(?:余|多)?(?:吨|台|套|辆|件|只|片|颗|粒|平方米|平方|立方米|支|块|米|公里|千瓦时|千瓦|GWh|MWh|GW|MW|瓶|盒|箱|升|枚|根|条|架|艘|双|组|份|人份|台套|台\(套\)|万)(?:/年)?"
# In this order: what is said to be made, what a capacity counts, what the works are called.
_SAID = re.compile(rf"(?:主要产品|产品|主营(?:业务)?)(?:为|包括|有|涵盖|是|:){_LIST}{_STOP}|(?:主要|重点|专业|专门|专注|将|从事)(?:生产|研发|制造|从事|经营|研制|织造|加工){_LIST}{_STOP}")
_MAKES = re.compile(rf"(?<!年)(?<!批量)(?:生产|研制)(?!基地|线|能力|厂|制造|经营|许可|装置|要素|总值|成本|企业|效率|环节|车间|规模|项目|建设|单位|所需|和|及|、|加工基地|性|力|商|过程|工艺|设备|销售|任务|运营|计划|正常){_LIST}{_STOP}")
_COUNTED = re.compile(rf"年(?:新增)?(?:产|产能|生产|加工|处理)(?:能力)?(?:达|达到|约)?({_WORD}{{0,12}}?){_SIZE}(?:的)?({_WORD}{{2,20}}?)(?=项目|生产线|产线|基地|工厂|、|和|及|,|。|;|\(|建设|$)|年产({_WORD}{{2,12}}?){_SIZE}")
_WORKS = re.compile(
    rf"(?:建设|新建|打造|扩建|投建|兴建|实施|布局|建|用于|开工|的)(?:年产)?(?:{_SIZE})?({_WORD}{{2,24}}?)(?:生产线|产线|生产基地|制造基地|量产基地|产业基地|量产线|项目|基地|工厂|产业园|生产中心|制造中心|车间|装置|厂(?!房|区|址|商|家))"
)
_OWN = re.compile(rf"^({_WORD}{{2,20}}?)(?:项目|生产线|产线|生产基地|制造基地|基地|工厂|产业园|厂(?!房|区|址|商|家))")
_HEAD = re.compile(
    r"^(?:的|为|了|其|该|本|将|拟|再|又|[一二两三四五六七八九十\d]+(?:座|个|条|家|处|期|大|款|类|种)|第[一二三四五](?:座|个|条)?|首(?:座|个|条|家)|新的?|新型(?=.{4})|一批|全球|全国|国内|世界|最大(?:的)?|大型|现代化|标准化|规模化|智能化|高标准|亿元级|百亿级|总投资|年产|万台级的?|多个|重大|重点|万锭|万头|增[一二两三四五六七八九十\d]+条|万?吨级|系列|各类|各种|用于|面向|和|及|与|、|西南|华中|华东|华南|西部|中部|北方|南方|西北|东北)+"
)
_TAIL = re.compile(r"(?:及?其?(?:配套|延伸)?(?:产业化|智能制造|智造|量产|先进制造|制造|生产|研发|建设|加工|扩产|扩建|技改|总部|产能|规模化|一体化|智能|绿色|高端|产品|系列|业务|核心|新|二期|三期|一期|等|的|及|和|与|、)(?:及|和|与)?)+$")
_NO = re.compile(
    r"在|将|把|被|已|正|并|但|就|说|称|表示|负责|公司|集团|企业|园区|政府|我[市县区省]|签约|开工|投产|竣工|举行|落户|落地|奠基|影响|销售收入|产值|重大|需求|供应商|客户|项目|资金|亿元|万元|募|订单|合同|协议|厂房|用地|资源|经营活动|正常|团队|决定|计划|目标|公告|部分|全部|其中|情况|问题|进度|阶段|布局|区域|总部|基础设施|标准|所需|要求|停产|承诺|落实|退出|公布|随|关于|前身|联合体|成功|竞得|增资|签署|组织|参与|推进|推动|启动|合作|收购|搬|迁|扩能|产能|第[一二三四五]|还是|没有|不"
)
_MAX = 40


def products_of(text: str, behind: str = "", names: tuple[str, ...] = ()) -> list[str]:
    """The products in the words of the text, the surest first, each at most 40 characters; at most four.

    ``behind``: what stands right behind the firm's name in its own sentence (某某阀门项目); ``names``: the firm's names, which are no part of a product.
    """
    found: list[str] = []
    for pattern in (_SAID, _COUNTED, _MAKES, _WORKS):
        for match in list(pattern.finditer(text))[:6]:
            found += [cleaned for group in match.groups() if group and (cleaned := _cleaned(group, names))][:1]
    own = _OWN.match(behind)
    if own and (cleaned := _cleaned(own[1], names)):
        found.append(cleaned)
    return list(dict.fromkeys(found))[:4]


def _cleaned(found: str, names: tuple[str, ...]) -> str | None:
    """A list of products without what surrounds it; None if it is no product."""
    for name in names:
        found = found.removeprefix(name)
    items = [item for part in re.split(r"[、]", found) if (item := _item(part))]
    text = ""
    for item in dict.fromkeys(items):
        if len(text) + len(item) + 1 > _MAX:
            break
        text = f"{text}、{item}" if text else item
    return text or None


def _item(part: str) -> str | None:
    part = part.strip("“”\"()-/ ")
    part = _TAIL.sub("", _HEAD.sub("", part)).strip("“”\"()-/ ")
    if not 2 <= len(part) <= 24 or part in words.word_set("no_products.txt") or _NO.search(part) or part.count("(") != part.count(")"):
        return None
    if any(hit.start == 0 for hit in find_places(part)) or re.fullmatch(r"[\d.A-Za-z%+/\-]{1,3}|\d+", part):
        return None
    last = words.cut(part)[-1]
    return None if last.pos[:1] in {"m", "q", "d", "p", "u", "c", "r", "f", "t"} else part
