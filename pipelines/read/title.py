"""The headline of an article: what stands as a heading on the page and in the title tag, never the name of a site or column."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from pipelines.read.boilerplate import INFO_LINE
from pipelines.read.markup import Doc, squeeze
from pipelines.read.render import fold
from qingbao.dates import find_moments

_TAGS = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_DATED = re.compile(r"\s{0,3}[（(\[]\s{0,2}20\d{2}[-/.]\d{1,2}[-/.]\d{1,2}\s{0,2}[)）\]]$")
_HEADING_MARK = re.compile(r"(?:^|[\s_-])(?:\w{0,12}title\w{0,8}|\w{0,8}tit|\w{0,8}titl|bt|biaoti|headline\w{0,8}|h1|arti?c?l?e?-?h\d|xl_tit\w{0,4}|wzbt|post-?title|entry-title|subject)(?=$|[\s_-])", re.I)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
# A separator of the title tag; a hyphen between digits (1-9月) or Latin letters (V2X-Chip) is none.
_SEPARATOR = re.compile(r"\s{0,3}(?:[_|｜┃»›>]+|::|--+|—{1,2}|–|·|•)\s{0,3}|\s{1,3}[-－]\s{1,3}|(?<![0-9A-Za-z])\s?-\s?|\s?-\s?(?![0-9A-Za-z])|\s?-\s?(?=[A-Za-z])")
_SITE_WORDS = re.compile(
    r"(?:网|新闻|政府|门户|门户网站|频道|客户端|日报|晚报|时报|商报|都市报|早报|周刊|报|中心|公司|集团|大学|学院|医院|局|委员会|委|厅|办公室|官网|官方网站|网站|首页|资讯|在线|之窗|财经|热线|信息网|协会|平台|栏目|"
    r"栏|要闻|动态|公告|公示|通知公告|公开|号|论坛|博客|News|Times|Post|Online|\.com|\.cn|\.net|\.org)$|^(?:https?://)?[\w-]{1,30}(?:\.[\w-]{1,30}){1,4}/?$",
    re.I,
)
_CUT_SHORT = re.compile(r"^(.{6,80}?)(?:…|\.{3})")  # a title tag that the CMS cut
_BEFORE_BODY = 12  # lines between headline and text: date, origin, tools, a lead
_SITE_NAME = re.compile(r"(?:网|网站|门户|政府|频道|首页|客户端|日报|晚报|时报|委员会|管委会|厅|局|官网|大学|公司|集团|News|Online|\.com|\.cn)$", re.I)
_ONLY_SITE = re.compile(r"(?:网站|门户|人民政府|政府网|官网|首页|频道|客户端|日报|晚报|(?<!互联)(?<!物联)(?<![电管路组天织])网)$")
_NOT_A_TITLE = re.compile(r"^(?:首页|正文|详情|详情页|新闻|新闻中心|新闻详情|新闻动态|通知公告|政务公开|信息公开|文章|内容|内容页|无标题.{0,4}|文章内容|信息详情|当前位置|相关.{2,4}|热点.{0,4}|untitled.{0,10}|loading.*|index|null|undefined)$", re.I)


@dataclass(frozen=True, slots=True)
class Title:
    """``text`` and the number of the line in which it stands, if it does."""

    text: str
    line: int | None


def clean_title(text: str) -> str:
    """Lines joined, tags and entities resolved, outer marks of tools dropped."""
    for _ in range(2):
        if "&" in text:
            text = html.unescape(text)
    text = _DATED.sub("", squeeze(_TAGS.sub("", text)))
    return text.strip(" \u3000·|_-—>»").strip()


def cut_title(text: str, known: frozenset[str] = frozenset()) -> str:
    """The title tag without the names of site and column at its end. ``known``: folded texts that are certainly names."""
    text = clean_title(text)
    while True:
        marks = list(_SEPARATOR.finditer(text))
        if not marks:
            return text
        last = marks[-1]
        head, tail = text[: last.start()].strip(), text[last.end():].strip()
        sign = last.group().strip()
        if not tail:
            text = head
            continue
        site = fold(tail) in known or (_SITE_WORDS.search(tail) is not None and len(tail) <= 24)
        if len(fold(head)) < 4:
            return text
        if (sign[:1] in {"_", "|", "｜", "»", ">"} and len(tail) <= 30 and (site or sign[:1] == "_" or len(tail) < len(head))) or (site and len(tail) < 2 * len(head)):
            text = head
        else:
            return text


def _headings(doc: Doc) -> list[tuple[int, str, float]]:
    """Elements that may be the headline: (node, text, prior)."""
    found: list[tuple[int, str, float]] = []
    lines_at: dict[int, list[str]] = {}
    for line in doc.lines:
        lines_at.setdefault(line.node, []).append(line.text)
    for i, tag in enumerate(doc.tags):
        prior = 0.0
        if tag in _HEADINGS:
            prior = 3.0 if tag == "h1" else 2.0 if tag == "h2" else 1.0
        if doc.marks[i] and _HEADING_MARK.search(doc.marks[i]):
            prior += 1.5
        if not prior or doc.last[i] - i > 40:
            continue
        inside = [text for k in range(i, doc.last[i] + 1) for text in lines_at.get(k, ())]
        text = " ".join(inside) or doc.text_of(i)
        if _is_info(text):
            # A box around headline and date: its first line alone.
            text = inside[0] if inside else ""
            if _is_info(text):
                continue
        text = clean_title(text)
        if 4 <= len(text) <= 200 and not _NOT_A_TITLE.match(text):
            found.append((i, text, prior))
    return found


def _is_info(text: str) -> bool:
    """A line with a day or a label of the info line is no headline."""
    if len(text) > 400 or (INFO_LINE.search(text) and ("：" in text or ":" in text)):
        return True
    return ("20" in text or "19" in text) and len(text) < 80 and any(m.minute_known or m.end - m.start > 0.4 * len(text) for m in find_moments(text))


def site_names(doc: Doc, source_name: str | None) -> frozenset[str]:
    """Folded names of the site and its columns, from metas and the source's own name."""
    names = {source_name or "", doc.meta("sitename"), doc.meta("og:site_name"), doc.meta("columnname"), doc.meta("application-name")}
    return frozenset(f for f in map(fold, names) if len(f) >= 2)


def _stated(doc: Doc, names: frozenset[str]) -> str:
    """A title that a meta of the article standard states."""
    for text in (doc.meta("articletitle"), doc.meta("og:title", "twitter:title", "title", "dc.title")):
        text = clean_title(text)
        if len(text) >= 4 and fold(text) not in names and not _NOT_A_TITLE.match(text):
            return text
    return ""


def find_title(doc: Doc, body_node: int | None, source_name: str | None = None, list_title: str | None = None) -> Title:
    """The headline. ``list_title`` is what the list row called it (may be cut with …)."""
    names = site_names(doc, source_name)
    meta = clean_title(doc.meta("articletitle"))
    if meta and (fold(meta) in names or len(fold(meta)) < 4 or _NOT_A_TITLE.match(meta)):
        meta = ""
    stated = meta or _stated(doc, names)
    tag = clean_title(doc.title_tag)
    cut_tag = cut_title(tag, names)
    if len(cut_tag) <= 24 and " " not in cut_tag and _ONLY_SITE.search(cut_tag):
        # The title tag names the site alone: nothing on the page is a headline for agreeing with it.
        names |= {fold(cut_tag)}
        tag = cut_tag = ""
    trimmed = fold(cut_tag)
    starts = (stated, tag, cut_tag, (list_title or "").rstrip(".… "), *(m.group(1) for m in _CUT_SHORT.finditer(tag)))
    references = [f for f in map(fold, starts) if len(f) >= 4 and f not in names]
    whole = fold(tag) if trimmed != fold(tag) else ""
    best, best_score, best_node = _best_heading(doc, body_node, references, names, whole)
    cut_short = bool(re.search(r"(?:…|\.{3})$", meta)) and fold(best).startswith(fold(meta)) and len(best) > len(meta)
    if meta and not cut_short and (not best or fold(best) not in fold(meta) or len(fold(meta)) <= 1.3 * len(fold(best))):
        return Title(meta, _line_of(doc, meta, body_node))
    if best and best_score >= 5:
        return Title(_trimmed(best, names), _line_at(doc, best_node))
    cut, line = _shown_part(doc, (stated, tag), body_node, names)
    if line is None:
        cut = cut_title(stated or tag or doc.title_tag, names)
        line = _line_of(doc, cut, body_node)
        poor = len(fold(cut)) < 4 or fold(cut) in names or _NOT_A_TITLE.match(cut) or (len(cut) <= 20 and _SITE_NAME.search(cut))
        if line is not None and not poor:
            return Title(cut, line)
        if best and (best_score >= 3 or poor):
            return Title(_trimmed(best, names), _line_at(doc, best_node))
        if poor and list_title and len(list_title) >= 4:
            return Title(clean_title(list_title), None)
        if poor:
            alone = _alone_before_body(doc, body_node)
            if alone is not None:
                return Title(clean_title(doc.lines[alone].text), alone)
    return Title(cut, line)


def _best_heading(doc: Doc, body_node: int | None, references: list[str], names: frozenset[str], whole: str) -> tuple[str, float, int]:
    """The heading that agrees best with what is stated elsewhere: (text, score, node). ``whole``: the title tag if it ends in names."""
    best, best_score, best_node = "", 0.0, -1
    # The headline stands before the body's text, or at its very start.
    limit = body_node if body_node is not None else len(doc.nodes)
    lines_before = sorted({line.node for line in doc.lines if line.node < limit})
    near = lines_before[-_BEFORE_BODY] if len(lines_before) >= _BEFORE_BODY else 0
    for node, text, prior in _headings(doc):
        folded = fold(text)
        if folded in names or len(folded) < 4:
            continue
        agreement = max((_agreement(folded, ref) for ref in references), default=0.0)
        if folded == whole:
            agreement -= 2  # the title tag repeated with the site's name, in a box for sharing
        score = prior + agreement
        if not agreement and node < near:
            score -= 2
        if len(text) <= 24 and _SITE_NAME.search(text) and agreement < 9:
            score -= 5 if references and any(ref.startswith(folded) for ref in references) else 9
        if body_node is not None and node > doc.last[body_node]:
            score -= 6
        elif node > limit + 30:
            score -= 1
        if score > best_score + 1e-9 or (score == best_score and len(text) > len(best)):
            best, best_score, best_node = text, score, node
    return best, best_score, best_node


def _shown_part(doc: Doc, texts: tuple[str, ...], body_node: int | None, names: frozenset[str]) -> tuple[str, int | None]:
    """The longest line shortly before the body, or at its start, that is a part of the title tag: whatever its element, it is the headline."""
    if body_node is None:
        return "", None
    first = next((k for k, line in enumerate(doc.lines) if doc.inside(line.node, body_node)), None)
    if first is None:
        return "", None
    wanted = [fold(text) for text in texts if text]
    best: tuple[int, str, int | None] = (0, "", None)
    for k in range(max(0, first - _BEFORE_BODY), min(len(doc.lines), first + 3)):
        line = doc.lines[k]
        folded = fold(line.text)
        if len(folded) < 6 or line.hidden or folded in names or (len(line.text) <= 20 and _SITE_NAME.search(line.text)):
            continue
        if any(folded in ref and len(folded) >= 0.3 * len(ref) for ref in wanted) and len(folded) >= best[0] and not _is_info(line.text):
            best = (len(folded), clean_title(line.text), k)
    return best[1], best[2]


def _alone_before_body(doc: Doc, body_node: int | None) -> int | None:
    """Where title tag and headings say nothing: the line before that of date and origin, or the longest short one before the body."""
    if body_node is None:
        return None
    first = next((k for k, line in enumerate(doc.lines) if doc.inside(line.node, body_node)), None)
    if first is None:
        return None
    near = range(max(0, first - 6), min(len(doc.lines), first + 4))

    def fits(k: int) -> bool:
        line = doc.lines[k]
        return 6 <= len(line.text) <= 80 and not line.hidden and line.links < 0.3 * len(line.text) and line.text[-1] not in "。；，：:" and not _is_info(line.text) and not _SITE_NAME.search(line.text)

    for k in near:
        if k and _is_info(doc.lines[k].text) and fits(k - 1):
            return k - 1
    candidates = [k for k in near if k < first and fits(k)]
    return max(candidates, key=lambda k: len(doc.lines[k].text), default=None)


def _agreement(heading: str, reference: str) -> float:
    if heading == reference:
        return 9.0
    if heading in reference:
        return 2.0 + 6.0 * min(1.0, len(heading) / max(8.0, 0.6 * len(reference)))
    if reference in heading and len(heading) <= 2 * len(reference):
        return 8.0 if heading.startswith(reference) else 6.0
    return 0.0


def _trimmed(text: str, names: frozenset[str]) -> str:
    cut = cut_title(text, names)
    return cut if fold(cut) != fold(text) and fold(text)[len(fold(cut)):] in names else text


def _line_at(doc: Doc, node: int) -> int | None:
    for k, line in enumerate(doc.lines):
        if (line.node >= node and line.node <= doc.last[node]) or (doc.inside(node, line.node) and line.node >= node - 3):
            return k
        if line.node > doc.last[node]:
            return k
    return None


def _line_of(doc: Doc, title: str, body_node: int | None) -> int | None:
    """The line that holds the title: the last one before the body, else the first."""
    wanted = fold(title)
    if len(wanted) < 4:
        return None
    hits = [k for k, line in enumerate(doc.lines) if len(line.text) < 3 * len(title) + 40 and _holds(doc, k, wanted)]
    hits = [k for k in hits if not doc.lines[k].hidden] or hits
    if not hits:
        return None
    if body_node is not None:
        before = [k for k in hits if doc.lines[k].node <= body_node or doc.inside(doc.lines[k].node, body_node)]
        if before:
            return before[-1] if doc.lines[before[-1]].node <= body_node else before[0]
    return hits[0]


def _holds(doc: Doc, k: int, wanted: str) -> bool:
    """Does the line hold the title, or its first part while the next line goes on with it?"""
    folded = fold(doc.lines[k].text)
    if wanted in folded:
        return True
    if len(folded) < 4 or not wanted.startswith(folded) or k + 1 >= len(doc.lines):
        return False
    following = fold(doc.lines[k + 1].text)
    return len(following) >= 2 and wanted[len(folded):].startswith(following)
