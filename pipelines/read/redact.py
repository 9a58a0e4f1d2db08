"""Personal data out of what is stored: telephones, e-mail, identity numbers anywhere; names and addresses on labelled lines and in labelled cells."""

from __future__ import annotations

import re

MASK = "***"

# Not a telephone if a unit follows: 13800000000元 is money.
_NO_UNIT = r"(?!\d|\.\d|\s{0,2}(?:元|万|亿|股|吨|平方|亩|%|％|人|台|套|件|美元|号文|号公告))"
_MOBILE = re.compile(r"(?<![\d.-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}" + _NO_UNIT)
_LANDLINE = re.compile(r"(?<![\d.\-A-Za-z])(?:\+?86[- ]?)?[(（]?0(?:10|2\d|[3-9]\d{2})[)）]?\s?[-—－–―\s]{1,3}\s?[2-9]\d{6,7}(?:[-—－转*＊]\d{1,6})?(?![\d-]|\.\d)|(?<![\d.\-A-Za-z])[(（]0(?:10|2\d|[3-9]\d{2})[)）]\s?[2-9]\d{6,7}(?!\d)|(?<![\d.\-A-Za-z])0(?:10|2\d)[2-9]\d{7}" + _NO_UNIT)
_SERVICE = re.compile(r"(?<![\d.-])\+?86[- ](?:10|2\d|[3-9]\d{2})[- ]?[2-9]\d{6,7}(?![\d-])|(?<![\d.-])[48]00[- ]\d{3,4}[- ]\d{3,4}(?:[- ]\d{2})?(?![\d-])")
_LABELLED_PHONE = re.compile(
    r"((?:电\s{0,4}话|联系方式|手\s{0,4}机(?:号码?)?|传\s{0,4}真|热\s?线|座\s?机|举报电话|咨询|Tel(?:ephone)?|TEL|Phone|Fax|FAX)(?:号码)?(?:及传真|/传真|（传真）|/手机)?\s{0,4}[:：\t]?\s{0,4}(?:[（(][^（()）\d]{0,10}[)）])?)"
    r"((?:[（(]?0\d{2,3}[)）]?[-—－ ]{0,3})?\d{5,8}(?:[-—－转*＊]\d{1,6})?(?:\s{0,3}[、，,;；/／和或]\s{0,3}(?:[（(]?0\d{2,3}[)）]?[-—－ ]{0,3})?\d{4,8}(?:[-—－转*＊]\d{1,6})?){0,6})(?!\d|[年元万亿%])"
)
_EMAIL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._%+-]{0,63}\s?(?:@|＠|\(at\)|#at#)\s?[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_IDENTITY = re.compile(r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])")
_MASKED_IDENTITY = re.compile(r"(?<![\dA-Za-z])[1-9]\d{2,9}[*＊xX×]{4,14}\d{0,4}[\dXx]?(?![\dA-Za-z])")
_LABELLED_IDENTITY = re.compile(r"((?:身份证(?:件)?(?:号码?)?|公民身份号码|证件号码?|护照号码?)\s{0,4}[:：\t]?\s{0,4})[A-Za-z]?[\d*＊Xx]{6,18}")
_ACCOUNT = re.compile(r"((?:微信(?:号|同号)?|QQ(?:号|群)?|qq(?:号|群)?|WeChat|银行卡号|个人账号)\s{0,3}[:：]\s{0,3})[A-Za-z0-9_-]{5,24}")

_PERSON_LABELS = (
    r"(?:项目|业务|采购|招标|报名|技术|现场|企业|单位|公示|公告|咨询|紧急|主要|第[一二]|环评|代理机构|采购人|建设单位|评价单位)?(?:联\s{0,4}系\s{0,4}人(?:员|姓名)?|联络人)|申\s{0,4}请\s{0,4}人(?:姓名)?|经\s?办\s?人|举报人|投诉人|信访人|反映人|来信人|户\s{0,4}主|业\s{0,4}主(?:姓名)?|产权人|权利人|收\s?件\s?人|咨询人|委托人|被委托人|"
    r"代理人|接待人|受理人|承办人|报名人|购房人|买受人|被征收人|当事人|被处罚人|死\s?者|伤\s?者|患\s?者|姓\s{0,4}名|家长|监护人|户名"
)
_NAME = r"(?!联系|电话|手机|传真|地址|邮箱|身份|项目)(?:[\u4e00-\u9fff]{1,2}(?:某{1,2}|[\u4e00-\u9fff]{1,2})(?:·[\u4e00-\u9fff]{2,6})?(?:先生|女士|老师|同志|小姐|科长|主任|经理|工)?|[\u4e00-\u9fff]{2,8}·[\u4e00-\u9fff]{2,8}|[\u4e00-\u9fff](?:先生|女士|老师|同志|小姐|科长|主任|经理|工))"
_PERSON = re.compile(rf"((?:{_PERSON_LABELS})\s{{0,4}}(?:[（(][^（()）]{{0,12}}[)）])?\s{{0,3}}[:：]\s{{0,4}})((?:{_NAME})(?:\s{{0,3}}[、，,/／和及 ]\s{{0,3}}(?:{_NAME})(?=[、，,/／和及\s。；;]|$|\t|\s{{0,3}}(?:电话|联系|手机))){{0,6}})(?=$|[\s、，,。；;：:（(）)/／|\t]|电话|联系|手机|地址|\d|\*)", re.M)
_HOME = re.compile(r"((?:家庭(?:住|地)址|现?住\s{0,4}址|户籍(?:地址|所在地|地)?|居住地(?:址)?|身份证(?:住|地)址|现居住地|家庭住所)\s{0,3}[:：]\s{0,4})([^\n\t，。；;]{2,60})")
_POST = re.compile(r"((?:联系|通讯|通信|邮寄|收件)地址\s{0,3}[:：]\s{0,4})([^\n\t，。；;]{2,60})")
_FIRM = re.compile(r"公司|集团|工厂|局|委员会|中心|政府|学校|大学|学院|医院|银行|合作社|产业园|开发区")
_DWELLING = re.compile(r"小区|花园|公寓|家园|新村|\d+栋|\d+幢|单元|\d+室|村\d*组|\d+组|宿舍|家属院")
# A value that names an organisation is no person, and its place no private address.
_ORGANISATION = re.compile(r"公司|集团|工厂|厂$|局|委员会|中心|政府|学校|大学|学院|医院|银行|合作社|协会|研究院|研究所|院$|所$|部$|处$|科$|股$|办$|办公室|站$|店$|社$|队$|组$|机构|单位|管委会|商会|基金|事务所|园区|街道|村民|大厦")
_OFFICE_COLUMN = re.compile(r"职务|职位|职称|任职|现任|法定代表人|法人代表")
_PERSON_CELL = re.compile(rf"^(?:{_PERSON_LABELS})$")
_SECRET_CELL = re.compile(r"^(?:联系电话|电\s{0,4}话|手机(?:号码?)?|联系方式|电话号码|移动电话|固定电话|传\s{0,4}真|身份证(?:号码?)?|证件号码?|公民身份号码|邮箱|电子邮[箱件]|E-?mail|家庭(?:住|地)址|住\s{0,4}址|现住址|户籍地址?|居住地址?|微信号?|QQ号?)(?:[（(].{0,12}[)）])?$", re.I)
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_identity_number(text: str) -> bool:
    """18 characters with a right check digit (GB 11643): a serial number that looks like one is kept."""
    if len(text) != 18 or not text[:17].isdecimal():
        return False
    return "10X98765432"[sum(int(c) * w for c, w in zip(text, _CHECK_WEIGHTS)) % 11] == text[17].upper()


def redact(text: str) -> str:
    """A text of lines (cells apart by tab) without personal data; what is taken out is ``MASK``.

    Amounts, document numbers, project codes, stock codes and credit codes stay, and so do officials in their function.
    """
    if not text:
        return text
    if "\t" in text:
        text = _tables(text)
    if any(c.isdigit() for c in text):
        text = _IDENTITY.sub(lambda m: MASK if is_identity_number(m.group()) else m.group(), text)
        text = _LABELLED_IDENTITY.sub(rf"\1{MASK}", text)
        text = _MASKED_IDENTITY.sub(MASK, text)
        text = _LABELLED_PHONE.sub(rf"\1{MASK}", text)
        for pattern in (_LANDLINE, _MOBILE, _SERVICE):
            text = pattern.sub(MASK, text)
        text = _ACCOUNT.sub(rf"\1{MASK}", text)
    if "@" in text or "＠" in text or "at" in text:
        text = _EMAIL.sub(MASK, text)
    text = _PERSON.sub(_person, text)
    if "址" in text or "地" in text:
        text = _HOME.sub(lambda m: m.group() if _FIRM.search(m[2]) else m[1] + MASK, text)
        text = _POST.sub(lambda m: m[1] + MASK if _DWELLING.search(m[2]) and not _ORGANISATION.search(m[2]) else m.group(), text)
    return text


def _person(match: re.Match[str]) -> str:
    return match.group() if _ORGANISATION.search(match[2]) else match[1] + MASK


def _tables(text: str) -> str:
    """Cells below a header such as 联系人 or 身份证号, and cells right of such a label."""
    lines = text.split("\n")
    columns: dict[int, str] = {}
    width = 0
    for k, line in enumerate(lines):
        if "\t" not in line:
            columns = {}
            continue
        cells = line.split("\t")
        named = {i: c for i, c in ((i, c.strip().rstrip(":：")) for i, c in enumerate(cells)) if _PERSON_CELL.match(c) or _SECRET_CELL.match(c)}
        header = len(named) >= 1 and all(len(c) <= 14 and not any(ch.isdigit() for ch in c) for c in cells) and not _is_pairs(cells, named)
        if header:
            office = any(_OFFICE_COLUMN.search(c) for c in cells)
            columns = {i: c for i, c in named.items() if not (office and _PERSON_CELL.match(c))}
            width = len(cells)
            continue
        if columns and len(cells) == width:
            for i, name in columns.items():
                if cells[i].strip() and (_SECRET_CELL.match(name) or not _ORGANISATION.search(cells[i])):
                    cells[i] = MASK
        elif named:
            for i, name in named.items():
                value = cells[i + 1].strip() if i + 1 < len(cells) else ""
                if value and i + 1 not in named and (_SECRET_CELL.match(name) or (len(value) <= 12 and not _ORGANISATION.search(value))):
                    cells[i + 1] = MASK
        lines[k] = "\t".join(cells)
    return "\n".join(lines)


def _is_pairs(cells: list[str], named: dict[int, str]) -> bool:
    """A row of labels and values in turn, not a header: a personal label is followed by something that is no label."""
    if any(c.strip().endswith((":", "：")) for c in cells):
        return True
    for i in named:
        if i + 1 >= len(cells):
            return False
        value = cells[i + 1].strip()
        if i % 2 == 0 and len(cells) % 2 == 0 and i + 1 not in named and _PERSON_CELL.match(named[i]) and re.fullmatch(_NAME, value) and len(cells) <= 4 and not re.search(r"[号数期址话]$|名称|单位|时间|金额|备注|性别|年龄|类别|项目|内容|面积|序号|地点|结果|情况|部门|学历|专业|成绩|职务|职位|职称|任职", value):
            return True
    return False
