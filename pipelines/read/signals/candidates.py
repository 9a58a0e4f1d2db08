"""Spans that may be names of firms, each with the pattern that found it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.read.signals import words
from pipelines.read.signals.lists import NameLists
from pipelines.read.signals.parts import Document, Sentence
from pipelines.read.signals.repeats import Repeats
from pipelines.read.signals.tagger import Tagger

_HAN = r"[一-龥䶀-䶿a-zA-Z0-9㐀-䶵]"
_FORM = re.compile(
    r"(?:集团股份|股份|集团|有限)?(?:有限)?(?:责任)?(?<![子孙分母])公司(?!债|章程|法|公告|股票|股份|总部|员工|相关)|集团(?!有限|股份|公司|总公司|控股|化|军|内|总部|在|将|层面|旗下|的)|株式会社|合伙企业(?:\(有限合伙\))?"
    r"|(?:总厂|化工厂|机械厂|酒厂|水泥厂|电厂|煤矿|制造厂|加工厂)(?![区房商])|集团控股(?!有限|股份|公司)|集团股份(?!有限|公司)"
)
_ALIAS = re.compile(r"\((?:以下|下)?(?:简称|下称|统称|又称|并称|合称|股票简称|证券简称|英文名|原名|原)[:: ]?(?:为)?[“\"「']?([^”\"」'()、,。]{2,16}?)[”\"」']?(?:[,,、或](?:[“\"「']([^”\"」'()]{2,16})[”\"」']|[^()]{0,20}))?\)")
_ALIAS_MANY = re.compile(r"[“\"「']([^”\"」']{2,16})[”\"」']")
_HEADER = re.compile(
    r"^\s*(?:【|\d{1,2}[.、]\s*|[一二三四五六七八九十]{1,3}、|[▲■●◆①-⑳]\s*)?((?:\*?ST)?[一-龥㐀-䶵A-Za-z0-9·&-]{2,14}?)\s*(?:\d{1,2}月\d{1,2}日)?(?:晚间|晚|早间|盘后|今日|昨日|日前|近日)?"
    r"(?:发布|披露)?(?:公告|[::](?!\d)|在(?:互动平台|业绩说明会|官微|官网|官方微信|投资者关系)|宣布|官宣)"
)
# 甲电子公告, anywhere a clause begins: listed firms are told so, mostly by names of everyday words.
_ANNOUNCES = re.compile(r"(?:^|[,。;:丨|】\s])((?:\*?ST)?[一-龥㐀-䶵A-Za-z0-9·&-]{3,8}?)(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日)?(?:晚间|早间|盘后|今日|昨日|日前|近日)?(?:发布|披露)?公告(?!栏|编号|日[期后前]|牌)")
_ANNOUNCES_NO = re.compile(r"(?:公司|企业|集团|政府|委员会|管委会|[委局部厅院会署所]|日期?|[年月晚早]间?|多家|公开|有关|相关|招标|中标|出让|拍卖|结果|本次|上述|最新|通知|重大|发布|根据|同日|随后|按照|交易所)$")
_TITLE_BAR = re.compile(r"^[^｜|]{2,12}[｜|]\s*|\s*[｜|][^｜|]{2,10}$")
_QUOTED = re.compile(r"「([^」]{2,14})」|(?:企业|公司|品牌|供应商|服务商|平台|厂商|开发商|独角兽)[“\"]([^”\"]{2,14})[”\"]")
_LABEL = re.compile(
    r"(?:^|[\s。;,\d.、(]|公示|内容)(?:项目)?(?:建设|投资|承建|业主|受让|竞得|中标|中选|成交|用人|招聘|申请|申报|备案|责任|实施|法人|签约|运营|生产)?(?:单位|企业|主体|公司|供应商|人|业主|法人|方)(?:名称|全称)?\s*[::\t ]\s*"
    r"([一-龥㐀-䶵A-Za-z0-9()·&.\- ]{2,40})"
)
_OFFICER = re.compile(r"(?:党委书记、|党组书记、|集团)?(?:董事长|总经理|总裁|副总裁|首席|CEO|CTO|创始人|联合创始人|董秘|董事会秘书|证券部|新闻发言人|发言人|负责人|相关负责人|有关负责人|法定代表人|执行董事|副总经理|副董事长|高管)")
_LATIN = re.compile(r"(?<![A-Za-z0-9])([A-Z][A-Za-z]+(?:[ &.-](?:[A-Z&][A-Za-z]*|of|and))*|[A-Z]{2,8})(?![A-Za-z0-9])")
_LATIN_NO = frozenset(
    ["PCB", "AI", "LED", "IPO", "ETF", "GDP", "CEO", "CFO", "CTO", "COO", "PPP", "EPC", "EOD", "TOD", "LNG", "PX", "PTA", "MDI", "PVC", "PE", "PP", "ABS", "IGBT", "MCU", "GPU", "CPU", "SUV", "MPV", "OLED", "AMOLED", "LCD", "MLED", "Mini", "Micro", "TOPCon", "HJT", "BC", "GW", "MW", "KW", "GWh", "MWh", "kWh", "Wh", "ST", "APP", "VR", "AR", "IT", "IC", "PC", "IDC", "5G", "6G", "SiC", "GaN", "DRAM", "NAND", "HBM", "VC", "PE", "LP", "GP", "CAGR", "ESG", "PVDF", "EVA", "POE", "PBAT", "DSD", "ODM", "OEM", "B", "C", "A", "D", "E", "F", "Pre", "FDA", "NMPA", "ADC", "CAR", "mRNA", "CRO", "CDMO", "BD", "NFT", "IP", "KTV", "WTO", "RCEP", "CIIE", "MOU", "BOT", "MPa", "BIPV", "SMT", "FPC", "OLEDoS", "TWS", "NEV", "PHEV", "BEV", "EV", "UAV", "eVTOL", "NMP", "LFP", "GMP", "ISO", "CNAS", "HK", "SH", "SZ", "US", "UK", "EU", "No", "NO", "Co", "Ltd", "Inc", "Corp", "Pro", "Max", "Plus", "Wi", "Fi", "RFID", "GPS", "BIM", "RNA", "DNA", "PCR", "HPV", "IVD", "SaaS", "PaaS", "IaaS", "ERP", "MES", "OA", "TFT", "CMOS", "MEMS", "LiDAR", "QS"]
)
_ADVERB = (
    r"(?:近日|日前|今日|昨日|当日|近期|今年|去年|明年|目前|\d{1,4}年|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日|公司|方面|董事会|正式|已|将|拟|计划|预计|宣布|表示|称|公告|透露|正|又|再|也|还|首次|成功|成为|作为|与|和|携手|联合|联手|在|于|向|"
    r"总投资|投资|斥资|完成|获|获得|签|落户|入驻|进驻|落地|中标|竞得|摘得|拍得|开工|投产|奠基|竣工|新建|投建|扩建|建设|设立|成立|收购|增资|启动|举行|招|增|打造|布局|牵手|选择|从|通过|以|对|为|项目|工厂|基地|新工厂|研发中心|生产线|产业园|"
    r"(?:拟|将|计划|欲|要|有意|准备|或|已|正|考虑))"
)
_SUBJECT = re.compile(rf"([一-龥㐀-䶵A-Za-z0-9·&-]{{2,12}}?)(?={_ADVERB})")
_BY = re.compile(r"(?:由|系|即)([一-龥㐀-䶵A-Za-z0-9()·&-]{2,24}?)(?:等)?(?:共同|联合|独资|合资|全额|计划|拟|总|自主|负责)?(?:投资|出资|承建|建设|兴建|打造|筹建|实施|运营|开发|负责|研发|控股|合资|与)")
_MAX_PER_SENTENCE = 60
# Sentences without any word of an act, of bad news or of money need no tagging: what is named there is found by its name elsewhere.
_WORTH_TAGGING = re.compile(
    r"[投建产签购资募融标迁聘址园厂地扩停破罚诉裁股司"
    r"落业]"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a sentence that may name a firm. ``pattern`` says what found it; ``alias_of`` is the span that it abbreviates."""

    sentence: int
    start: int
    end: int
    text: str
    pattern: str
    alias_of: tuple[int, int] | None = None
    sure: float = 0.0  # of the tagger, 0-1


def find_candidates(document: Document, lists: NameLists, learned: Tagger | None) -> list[Candidate]:
    """All candidates of a document, in the order of its sentences. ``learned`` is the tagger, one more generator."""
    found: list[Candidate] = []
    repeats = Repeats(sentence.text for sentence in document.sentences)
    for sentence in document.sentences:
        mine: list[Candidate] = []
        if learned is not None and _WORTH_TAGGING.search(sentence.text):
            mine += [Candidate(sentence.index, a, b, sentence.text[a:b], "tagger", None, p) for a, b, p in learned.find(sentence.text, repeats) if b - a >= 2]
        for start, end, pattern, alias in _in_sentence(document, sentence, lists):
            text = sentence.text[start:end]
            if 2 <= len(text) <= 45 and text.strip():
                mine.append(Candidate(sentence.index, start, end, text, pattern, alias))
            if len(mine) >= _MAX_PER_SENTENCE * (1 + len(sentence.text) // 400):
                break
        found += [*mine, *_siblings(sentence, mine)]
    return found


_Span = tuple[int, int, str, tuple[int, int] | None]


def _in_sentence(document: Document, sentence: Sentence, lists: NameLists) -> Iterator[_Span]:
    text = sentence.text
    full: list[tuple[int, int]] = []
    floor = 0
    for match in _FORM.finditer(text):
        span = _left_edge(sentence, match.start(), match.end(), floor)
        if (match[0].endswith(("公司", "矿", "厂")) and text[match.end() : match.end() + 1] != ")") or re.match(r"[两三四五六七八九十\d的旗下属]", text[match.end() : match.end() + 1]):
            floor = match.end()
        if span:
            full.append(span)
            yield *span, "full" if "公司" in match[0] or "企业" in match[0] else "group", None
    for start, end, name in lists.find(text):
        if name in lists.common:
            continue
        if any(a <= start and end <= b for a, b in full) or _stands_free(sentence, start, end, name):
            yield start, end, "list", None
    yield from _aliases(sentence, full)
    head = _HEADER.match(_TITLE_BAR.sub("", text)) if sentence.part == "title" or sentence.start == 0 or len(document.heads) > 0 or text.startswith("【") else _HEADER.match(text)
    if head:
        at = text.find(head[1])
        yield at, at + len(head[1]), "header", None
    for match in _ANNOUNCES.finditer(text):
        if not _ANNOUNCES_NO.search(match[1]):
            yield match.start(1), match.end(1), "header", None
    yield from _coded(document, sentence)
    for match in _QUOTED.finditer(text):
        group = 1 if match[1] else 2
        yield match.start(group), match.end(group), "quoted", None
    for match in _LABEL.finditer(text):
        value = match[1].rstrip(" .0123456789")
        yield match.start(1), match.start(1) + len(value), "label", None
    yield from _brands(sentence)
    yield from _subjects(sentence)
    yield from _project_owners(sentence)
    for match in _BY.finditer(text):
        yield match.start(1), match.end(1), "by", None
    for match in _OFFICER.finditer(text):
        run = _proper_run_left(sentence, match.start())
        if run is not None:
            yield run, match.start(), "officer", None
    for match in _LATIN.finditer(text):
        if match[1] not in _LATIN_NO and len(match[1]) >= 2:
            yield match.start(1), match.end(1), "latin", None


def _coded(document: Document, sentence: Sentence) -> Iterator[_Span]:
    """The words before a stock code that was taken out: a listed firm's name, even of everyday words (超声电子)."""
    edges = words.word_set("edges.txt")
    codes = document.clean_of(sentence).codes
    for end in range(2, len(sentence.text) + 1) if codes else ():
        if sentence.start + end not in codes:
            continue
        start = end
        for word in reversed(_words_before(sentence, end)):
            piece = sentence.text[word.start : min(word.end, end)]
            if end - word.start > 10 or piece in edges or word.pos in {"p", "c", "uj", "r", "t"} or not re.fullmatch(r"[一-龥㐀-䶵A-Za-z0-9·&*-]+", piece):
                break
            start = word.start
        if end - start >= 2:
            yield start, end, "code", None


def _left_edge(sentence: Sentence, form_start: int, form_end: int, floor: int) -> tuple[int, int] | None:
    """The name that ends in a legal form: to the left word by word until one that cannot be part of a name, never beyond ``floor``."""
    text = sentence.text
    depth = 0
    start = form_start
    for word in reversed(_words_before(sentence, form_start)):
        piece = word.text if word.end <= form_start else word.text[: form_start - word.start]
        if form_start - word.start > 36 or word.start < floor:
            break
        if piece == ")":
            depth += 1
        elif piece == "(":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and _ends_name(word, piece, sentence, start, form_start):
            break
        start = word.start
    while start < form_start and text[start] in ")·.&- ":
        start += 1
    if depth > 0:  # a closing bracket without its opening one: the name begins behind it
        inner = text.rfind(")", start, form_start)
        start = inner + 1 if inner >= 0 else start
    if form_start - start < 2 or (text[form_start:form_end] in {"公司", "集团"} and not _has_brand(text[start:form_start])):
        return None
    return (start, form_end)


_SOFT = frozenset([
    "投资", "建设", "控股", "联合", "合作", "工程", "设立", "合资", "上市", "全", "和", "同", "中", "上", "外", "内", "前", "起", "后", "年", "新", "企业", "共同",
    "协同", "打造", "开工", "商", "业", "名", "第", "日", "月", "都", "正", "约", "近", "所",
])


# 中电, 中石化 …: the groups whose names begin so.
_WITH_MIDDLE = frozenset("电石化建铁车海核航远粮信交冶煤铝船钢材科兵储通创芯微伟航")


def _ends_name(word: words.Word, piece: str, sentence: Sentence, start: int, form_start: int) -> bool:
    """Whether a word cannot be part of a name. Words that names may hold (投资, 和) end it only when what stands behind them is a name by itself."""
    if re.search(r"[,。;:!?、“”\"《》【】\[\]「」<>|~=/%\s]", piece):
        return True
    if word.pos in {"m", "t"} and re.search(r"\d|[年月日]", piece) and not re.search(r"[A-Za-z]", piece):
        return True
    edge = piece in words.word_set("edges.txt") or (word.pos in {"uj", "ul", "p", "c", "r", "ud", "uz"} and len(piece) <= 2)
    if not edge or (piece == "中" and sentence.text[word.end : word.end + 1] in _WITH_MIDDLE):
        return False
    return piece not in _SOFT or _has_brand(sentence.text[start:form_start])


_NAME_VERBS = frozenset({"开发", "发展", "投资", "建设", "控股", "制造", "服务", "运营", "管理"})


def _has_brand(name: str) -> bool:
    """Whether a piece of a name holds more than everyday words and industry words."""
    if len(name) < 2:
        return False
    tails = words.word_set("firm_words.txt")
    pieces = words.cut(name)
    return any((not words.usual(w.text) and w.text not in tails and len(w.text) >= 2) or w.pos in {"ns", "nr", "nz", "nt"} for w in pieces) or (
        len(pieces) >= 2 and len(pieces[0].text) == 1 and len(pieces[1].text) == 1
    )


def _words_before(sentence: Sentence, end: int) -> list[words.Word]:
    """The words that begin before ``end``, at most the last 24."""
    items = sentence.words
    low, high = 0, len(items)
    while low < high:
        middle = (low + high) // 2
        if items[middle].start < end:
            low = middle + 1
        else:
            high = middle
    return items[max(0, low - 24) : low]


def _stands_free(sentence: Sentence, start: int, end: int, name: str) -> bool:
    """Whether a listed name is a name here and no piece of other words (华能 in 中华能源)."""
    if len(name) >= 4:
        return True
    left = start in sentence.starts or start == 0 or not "一" <= sentence.text[start - 1] <= "龥"
    right = end in sentence.ends
    if len(name) == 3:
        return left or right
    if re.match(r"[A-Za-z]", name):
        return not re.match(r"[A-Za-z0-9]", sentence.text[end : end + 1]) and not re.search(r"[A-Za-z0-9]$", sentence.text[:start])
    return left and (right or sentence.text[end : end + 1] in "项投在拟将公集与和、,研生")


def _aliases(sentence: Sentence, full: list[tuple[int, int]]) -> Iterator[_Span]:
    text = sentence.text
    for match in _ALIAS.finditer(text):
        owner = next((span for span in full if span[1] == match.start()), None)
        if owner is None and (match[1] in _LATIN_NO or match[1].isdigit()):
            continue  # 印制电路板(简称"PCB") is a thing
        if owner is None:
            start = _proper_run_left(sentence, match.start())
            owner = (start, match.start()) if start is not None else None
            if owner:
                yield *owner, "named", None
        if owner is None:
            continue
        quoted = list(_ALIAS_MANY.finditer(text, match.start(), match.end()))
        if quoted:
            for one in quoted:
                yield one.start(1), one.end(1), "alias", owner
        else:
            yield match.start(1), match.end(1), "alias", owner


def _proper_run_left(sentence: Sentence, end: int) -> int | None:
    """Where the run of words ends to the left that can be a brand: at most five words, at least one of them no everyday word."""
    edges = words.word_set("edges.txt")
    start, proper, count = None, False, 0
    for word in reversed(_words_before(sentence, end)):
        if word.end > end or word.text in edges or re.search(r"[^一-龥㐀-䶵A-Za-z0-9·&-]", word.text) or count == 5 or word.pos in {"m", "t", "p", "c", "uj", "d"}:
            break
        start, count = word.start, count + 1
        proper = proper or not words.usual(word.text)
    return start if start is not None and proper and 2 <= end - start <= 14 else None


def _brands(sentence: Sentence) -> Iterator[_Span]:
    """Brand and industry word: 青禾光电, 砺舟动力; the brand is no everyday word."""
    tails = words.word_set("firm_words.txt")
    items = sentence.words
    for number, word in enumerate(items):
        tail = _tail_of(word.text, tails)
        if tail is None:
            continue
        if len(word.text) > len(tail):  # brand and tail in one word
            brand = word.text[: -len(tail)]
            if len(brand) >= 2 and not words.usual(word.text):
                yield word.start, word.end, "brand", None
            continue
        if number == 0 or items[number - 1].end != word.start:
            continue
        start = _brand_start(items, number)
        if start is None:
            continue
        last = number
        while last + 1 < len(items) and items[last + 1].text in tails and items[last + 1].text not in {"项目", "建设", "投资", "发展", "制造", "工程", "安全"}:
            last += 1
        yield items[start].start, items[last].end, "brand", None


def _tail_of(word: str, tails: frozenset[str]) -> str | None:
    for size in (4, 3, 2):
        if len(word) >= size and word[-size:] in tails:
            return word[-size:]
    return None


def _brand_start(items: list[words.Word], number: int) -> int | None:
    """Index of the first word of the brand before the industry word ``items[number]``."""
    edges = words.word_set("edges.txt")
    start, length = None, 0
    for back in range(number - 1, max(-1, number - 4), -1):
        word = items[back]
        if not re.fullmatch(r"[一-龥㐀-䶵A-Za-z0-9·&-]+", word.text) or word.text in edges or word.pos in {"m", "t", "p", "c", "uj"} or length + len(word.text) > 6:
            break
        everyday = words.usual(word.text)
        if everyday and len(word.text) >= 2:
            break
        if everyday and len(word.text) == 1 and word.pos in {"d", "v", "r", "f", "q"} and start is not None:
            break
        start, length = back, length + len(word.text)
    return start if start is not None and length >= 2 else None


def _subjects(sentence: Sentence) -> Iterator[_Span]:
    """The words at the beginning of a clause, or of an item of a list, before an adverb or an act: 云岚拟建…, 砺舟与…签约."""
    text = sentence.text
    places = [a for a, _ in sentence.clauses]
    places += [m.end() for m in re.finditer(r"[、“「(【《]|(?:由|与|和|及|引进|包括|其中|如|继)(?=[一-龥A-Z])", text)]
    for place in places[:80]:
        while place < len(text) and text[place] in " \t【“「":
            place += 1
        match = _SUBJECT.match(text, place)
        if not match:
            continue
        span = _brand_like(sentence, match.start(1), match.end(1))
        if span:
            yield *span, "subject", None


_ITEM = re.compile(r"[、,:;“\"(《]|(?:和|以及|及|与|推进|确保|争取|包括|中|有|是|的|其中|加快|实施|新建|引进|签约|开工|投产|总投资[\d.]+[万亿]+元的)")
_ITEM_TAIL = re.compile(r"[^,。;、]{0,26}?(?:项目|工程|基地|工厂|产业园|生产线|产线|装置|总部|研发中心|搬迁|扩产|扩建|技改|[一二三]期|建成|投产|开工|[兆万]瓦|万吨|万台|万套)")


def _project_owners(sentence: Sentence) -> Iterator[_Span]:
    """The brand at the head of a project's name in a list: 青禾200兆瓦组件、砺舟机床扩产项目; it must hold an unknown word."""
    text = sentence.text
    if "项目" not in text and "工程" not in text and "生产线" not in text and "基地" not in text:
        return
    items = sentence.words
    index_at = {w.start: i for i, w in enumerate(items)}
    starts = {0, *(m.end() for m in _ITEM.finditer(text))}
    tails = words.word_set("firm_words.txt")
    for start in sorted(starts)[:120]:
        number = index_at.get(start)
        if number is None:
            continue
        end, length, unknown = number, 0, False
        while end < len(items) and length < 10:
            word = items[end]
            name_part = not words.usual(word.text) and re.fullmatch(r"[一-龥㐀-䶿A-Za-z]+", word.text)
            if not name_part and not (unknown and word.text in tails):
                break
            unknown = unknown or (bool(name_part) and word.pos != "ns")
            length += len(word.text)
            end += 1
        if unknown and 2 <= length <= 10 and end < len(items) and _ITEM_TAIL.match(text, items[end - 1].end):
            yield start, items[end - 1].end, "project", None


_LISTED_PROJECT = re.compile(r"(?:和|以及|及|与)?([一-龥㐀-䶵A-Za-z0-9()·]{2,24}?)(?:项目|工程|基地|产业园|生产线|工厂|总部)(?=[、;,。和及以与等])")
_BETWEEN_ITEMS = re.compile(r"[、;,]?")
# The longest bare name that is taken for one only because its neighbours are names.
_LONGEST_SIBLING = 6


def _siblings(sentence: Sentence, found: list[Candidate]) -> Iterator[Candidate]:
    """In 甲项目、乙项目、丙项目 the bare words of an item are a name when at least half of the items begin with names that are found otherwise."""
    text = sentence.text
    items = list(_LISTED_PROJECT.finditer(text))[:40]
    named = {c.start for c in found if c.pattern in {"tagger", "list", "full", "brand", "project", "quoted"}}
    tails = words.word_set("firm_words.txt")
    row: list[re.Match[str]] = []
    for item in [*items, None]:
        if item is not None and row and _BETWEEN_ITEMS.fullmatch(text, row[-1].end(), item.start()):
            row.append(item)
            continue
        known = sum(one.start(1) in named for one in row)
        if len(row) >= 3 and 2 * known >= len(row):
            for one in row:
                first = words.cut(one[1])[0].text
                if one.start(1) not in named and len(one[1]) <= _LONGEST_SIBLING and first not in tails and not re.match(r"[0-9]|年产", one[1]):
                    yield Candidate(sentence.index, one.start(1), one.end(1), one[1], "sibling")
        row = [item] if item is not None else []


def _brand_like(sentence: Sentence, start: int, end: int) -> tuple[int, int] | None:
    """Trims a span to whole words, and says whether it can be a brand: short, and not made of everyday words only."""
    inside = [w for w in sentence.words if w.start >= start and w.end <= end]
    while inside and (inside[0].text in words.word_set("edges.txt") or inside[0].pos in {"t", "p", "c", "r", "m", "d"}):
        inside = inside[1:]
    if not inside:
        return None
    first, last = inside[0].start, inside[-1].end
    if last != end or not 2 <= last - first <= 10:
        return None
    if any(w.pos in {"uj", "x", "m", "t", "f"} and not re.match(r"[A-Za-z·]", w.text) for w in inside):
        return None
    tails = words.word_set("firm_words.txt")
    if any(w.pos[:1] in {"v", "d", "p", "c", "r"} and w.pos != "vn" and w.text not in tails and w.text not in _NAME_VERBS and words.usual(w.text) and len(w.text) > 1 for w in inside):
        return None
    if len(inside) > 1 and inside[-1].pos == "ns" and words.usual(inside[0].text):
        return None
    if all(words.usual(w.text) for w in inside if len(w.text) > 1) and any(len(w.text) > 1 for w in inside):
        return None
    return first, last
