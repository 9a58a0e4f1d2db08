"""The stated origin of an article: 来源, 信息来源, the newspaper beside the date, at last the author."""

from __future__ import annotations

import re

from pipelines.read.body import Body
from pipelines.read.boilerplate import plain
from pipelines.read.markup import Doc
from qingbao.dates import find_moments

_STOP = r"(?=\s{0,4}(?:作者|发布(?:时间|日期|于|人|单位|机构|\s?[:：])|发表(?:时间|日期|于|\s?[:：])|浏览|点击|阅读|时间\s?[:：]|日期\s?[:：]|字体|字号|编辑\s?[:：]|责任编辑|责编|记者|访问|[)）]|分享|打印|更新|查看|评论|人气|【|\[|\||｜|\d{4}\s?[-年/.]|[(（]\s?(?:记者|作者))|\s{2,}|$)"
_ORIGIN = re.compile(r"(?:信息来源|文章来源|稿件来源|新闻来源|内容来源|本文来源|消息来源|转载自|来自|稿\s?源|来\s{0,3}源于?|出\s?处)\s{0,3}[:：]\s{0,4}(\S.{0,58}?)" + _STOP)
_UNIT = re.compile(r"(?:发布机构|发布单位|发文机关|发布部门|供稿单位|供稿部门|来稿单位|信息提供|公开主体|责任部门|供\s?稿)\s{0,3}[:：]\s{0,4}(\S.{0,58}?)" + _STOP)
_AUTHOR = re.compile(r"(?:作\s?者|文\s?/|撰稿|By)\s{0,3}[:：]?\s{0,4}(\S.{0,40}?)" + _STOP)
_EMPTY_LABEL = re.compile(r"(?:来\s{0,3}源|信息来源|文章来源|稿件来源)\s{0,3}[:：]\s{0,3}$")
_EMPTY_UNIT = re.compile(r"(?:发布机构|发布单位|发文机关|发布部门|公开主体)\s{0,3}[:：]?\s{0,3}$")
_MEDIA = re.compile(r"[\w·《》—-]{0,16}(?:日报|晚报|时报|商报|早报|都市报|晨报|周报|周刊|新闻网?|网|客户端|电视台|新华社|通讯社|融媒体?中心|融媒|发布|报社|杂志|观察|财经|TV|在线)")
_MARK = re.compile(r"(?:^|\s)(?:[\w-]{0,12}[_-])?(?:source|laiyuan|ly|copyfrom|origin|media_?name|nickname|js_name|sourcename|source_?text|comefrom)(?=$|\s)", re.I)
_AGENCY = re.compile(r"(?:社|网|报|台|局|委|办|中心|政府|厅|部|集团|公司|传媒|号)$")
_NAME = re.compile(r"(?=[A-Za-z0-9]{0,15}[\u4e00-\u9fff《])[\u4e00-\u9fff《》·A-Za-z0-9]{2,16}")
_NO_NAME = re.compile(
    r"发布|时间|日期|浏览|点击|阅读|字[体号]|打印|分享|收藏|关闭|来自|作者|编辑|记者|评论|参与|人气|访问|次数|^[大中小\s]+$|[大中小]{2,3}$|^\d|转载|星期|周[一二三四五六日]$|上午|下午|首页|正文|举报|纠错|语音|播报|更新|微信|微博|原创$|查看|放大|缩小|默认|旧版|第\d|当前|关注|上一|下一|往期|发表|参与|互动|摘要|^www|^http|北京时间|无障碍"
)
_SIGNED = re.compile(r"^[\s【\[(（]{0,3}([\u4e00-\u9fff·]{2,14}?(?:日报|晚报|时报|商报|早报|都市报|晨报|报|网|社|客户端|电视台|融媒体?|新闻|发布))(?:[\d月日\s]{0,12}(?:讯|电)|(?:见习|实习|全媒体|首席|特约)?记者|通讯员)")
_LABEL_WORD = re.compile(r"(?:文件编号|发布(?:时间|日期|机构|单位)?|发文(?:字号|日期|机关)|成文日期|索[引取]号|主题分类|信息分类|来源|作者|时间|日期|浏览(?:次数)?|点击(?:数|量)?|字[体号]|打印|分享|有效性|关键词|公开方式|文号|名称|标题|未知|佚名|不详|admin|管理员|无|空|null|undefined|互联网整理|原创|转载)[:：]?", re.I)
_TRIM = " \u3000:：|｜,，;；。-—·[]【】()（）<>"
_AHEAD = 12


def clean_origin(text: str) -> str | None:
    """The name alone; ``None`` if nothing nameable is left."""
    text = re.sub(r"\s{1,20}", " ", text).strip(_TRIM)
    text = re.split(r"\s(?=作者|记者|编辑|责任|发布|参与|我要|评论|查看)", text)[0].strip(_TRIM)
    # 来源：某某观察，不代表本站立场: what follows is the site's own disclaimer.
    text = re.split(r"[，,；;。]\s?(?=不代表|仅供|如有|本[站网]|版权|转载|文责)", text)[0].strip(_TRIM)
    for moment in find_moments(text):
        text = (text[: moment.start] + " " + text[moment.end:]).strip(_TRIM)
        break
    for opening, closing in ("()", "（）"):
        if opening in text and closing not in text:
            text = text.split(opening)[0].strip(_TRIM)
    if text.endswith("》") and text.count("《") < text.count("》"):
        text = "《" + text
    return text if 2 <= len(text) <= 40 and not text.isdecimal() and not _LABEL_WORD.fullmatch(text) else None


def find_origin(doc: Doc, title_line: int | None, date_line: int | None, body: Body | None) -> str | None:
    """Who is stated as the source. Labelled lines near title and date first, then metas, then what stands beside the date."""
    near = _near(doc, title_line, date_line)
    for pattern in (_ORIGIN,):
        for k in near:
            found = _labelled(doc, k, pattern)
            if found:
                return found
    for name in ("contentsource", "source", "og:article:source", "mediaid", "article:source", "copyright-source"):
        found = clean_origin(doc.meta(name))
        if found and not found.startswith("http"):
            return found
    found = _marked(doc, near, title_line)
    if found:
        return found
    for k in near:
        found = _labelled(doc, k, _UNIT)
        if found:
            return found
    if date_line is not None:
        found = _beside(doc, date_line)
        if found:
            return found
    if body is not None:
        inside = [k for k, line in enumerate(doc.lines) if doc.inside(line.node, body.node)]
        for k in [*inside[:2], *reversed(inside[-6:])]:
            found = _labelled(doc, k, _ORIGIN)
            if found:
                return found
        for k in [*inside[:3], *inside[-2:]]:
            found = _signed(doc.lines[k].text)
            if found:
                return found
    for k in near:
        found = _labelled(doc, k, _AUTHOR)
        if found:
            return found
    return clean_origin(doc.meta("author", "article:author", "og:site_name"))


def _marked(doc: Doc, near: list[int], title_line: int | None) -> str | None:
    """The text of an element near title and date whose class or id says that it names the source."""
    nodes = [doc.lines[k].node for k in near if k != title_line]
    if not nodes:
        return None
    for i in range(max(0, min(nodes) - 2), min(len(doc.nodes), max(nodes) + 12)):
        if doc.marks[i] and _MARK.search(doc.marks[i]) and doc.last[i] - i < 8:
            text = doc.text_of(i)
            if 2 <= len(text) <= 60 and not (title_line is not None and text in doc.lines[title_line].text):
                found = clean_origin(text)
                if found:
                    return found
    return None


def _near(doc: Doc, title_line: int | None, date_line: int | None) -> list[int]:
    order: list[int] = []
    for centre, back, ahead in ((date_line, 3, 5), (title_line, 3, _AHEAD)):
        if centre is not None:
            order += [k for k in range(max(0, centre - back), min(len(doc.lines), centre + ahead + 1)) if k not in order and len(doc.lines[k].text) < 400]
    return order


def _labelled(doc: Doc, k: int, pattern: re.Pattern[str]) -> str | None:
    text = doc.lines[k].text
    match = pattern.search(plain(text))
    if match:
        return clean_origin(text[match.start(1): match.end(1)])
    empty = _EMPTY_LABEL if pattern is _ORIGIN else _EMPTY_UNIT if pattern is _UNIT else None
    if empty is not None and empty.search(plain(text)) and k + 1 < len(doc.lines) and len(doc.lines[k + 1].text) <= 40:
        return clean_origin(doc.lines[k + 1].text)
    return None


def _beside(doc: Doc, date_line: int) -> str | None:
    """A name that stands without a label in the line of the date, or alone in the line before or after it."""
    text = doc.lines[date_line].text
    if len(text) > 120:
        return None
    for moment in find_moments(text):
        text = text[: moment.start] + " | " + text[moment.end:]
        break
    match = _MEDIA.search(text)
    if match:
        return clean_origin(match.group())
    for piece in re.split(r"[\s|｜　/]{1,9}", text):
        if _NAME.fullmatch(piece) and not _NO_NAME.search(piece):
            return clean_origin(piece)
    for k in (date_line - 1, date_line + 1):
        if 0 <= k < len(doc.lines) and not doc.lines[k].hidden:
            alone = doc.lines[k].text
            pieces = [p for p in re.split(r"[/|｜]", alone) if p.strip()]
            if len(alone) <= 24 and pieces and all(_NAME.fullmatch(p.strip()) for p in pieces) and not _NO_NAME.search(alone) and (_MEDIA.search(alone) or _AGENCY.search(alone)):
                return clean_origin(next((p for p in pieces if _MEDIA.search(p)), alone))
    return None


def _signed(text: str) -> str | None:
    """The medium that a paragraph names for itself: 某某日报讯, 某某日报记者."""
    match = _SIGNED.search(text[:80])
    return clean_origin(match.group(1)) if match else None
