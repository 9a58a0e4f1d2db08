"""Where the article's text stands in a page, and which of it is article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.read.boilerplate import FOOTER_LINE, INFO_LINE, JUNK_MARK, JUNK_TAGS, NOTICE_LINE, TALK_MARK
from pipelines.read.markup import BLOCKS, Doc, Line, hidden, is_data_table

# Containers of the CMS families and of the common news templates, as whole ids or classes in lower case.
_KNOWN_NAMES = (
    "ucap-content trs_editor_view trs_ueditor trs_editor zoomcon zoom vsb_content vsb_content_2 vsb_content_4 vsb_content_500 v_news_content bt-content artile_zw main-txt article-content"
    " article-body newscon content_con conttext news_cont_d_wrap detail-news ozoom js_content rich_media_content artibody article_content post_body articlecontent mainconts endtext"
    " main_content articletext js_article_content pages_content view_content artical_content article_body newstext entry-content td-post-content story-body articlebody post-content"
    " article__body caas-body zoomtext nr_content conzt detailcontent detail-content news_content newscontent newscontents content_txt contenttxt text-content rm_txt_con show_text left_zw"
)
KNOWN = frozenset(_KNOWN_NAMES.split())
_PUNCTUATION = re.compile(r"[，。；！？：、,;!?]|[.](?=\s|$)")
_SAID_AT = re.compile(r"20\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[:：]\d{2}|\d{1,3}\s?(?:小时|分钟|天)前|刚刚|回复|举报|点赞|\d{1,4}\s?楼|\bReply\b|\bago\b")
_SHORT_LINE = 30
_TALKERS = 5
_CONTACT = re.compile(r"^(?:(?:联系)?电话|手机|传真|邮箱|地址|邮编|网址|服务热线|全国(?:统一)?(?:服务)?热线|联系人|E-?mail|Tel|您?(?:的|现在|当前)?(?:所在)?(?:的)?位置)\s{0,4}[:：]", re.I)
_CAPTION = re.compile(r"(?:^|[\s_-])(?:wp-caption-text|caption|photo-?credit|image-?credit|img-?caption)(?=$|[\s_-])")
_MANY_LINKS = 0.55
# One level further out joins other parts of the page: it must bring more than this share to be better.
_DECAY = 0.8
_WEAK = 60.0  # weight below which what is found may be no article
_DIGEST = 0.2  # what the digest of another article counts
_LONG_MENU = 4_000  # characters; more than that in links is a text that is made of links
_INLINE = frozenset({"p", "span", "a", "strong", "b", "font", "em"})
_AN_ARTICLE = 150.0  # weight of other text beside which comments are never the article
_FIRST_CJK = "\u2e80"
_ROWS = frozenset({"table", "tbody", "thead", "tr"})  # in a table of data these only order its cells
_LEAVES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "blockquote", "pre", "li", "dd", "dt", "tr", "tbody", "thead", "ul", "ol", "dl"})
_AHEAD = 16  # lines between headline and text: date, origin, tools
_FAVOUR = 1.0  # what beginning right at the headline adds
_MIN_SIBLING = 25.0  # weight of a further container of the same article
_MIN_KNOWN = 60  # characters in a known container before it is believed


@dataclass(frozen=True, slots=True)
class Body:
    """The chosen element and the elements below it that are left out."""

    node: int
    skip: frozenset[int]
    weight: float


def weigh(line: Line) -> float:
    """How much a line looks like running text (positive) or like navigation (negative)."""
    text = line.text
    n = len(text)
    own = n - line.links
    if max(text) < _FIRST_CJK:
        # A Latin word says about as much as two or three Chinese characters.
        n //= 2
        own //= 2
    if n < 300 and FOOTER_LINE.search(text):
        return -20.0
    if n < 200 and NOTICE_LINE.search(text):
        return 0.0
    if n < 60 and "。" not in text and (INFO_LINE.search(text) or _CONTACT.match(text)):
        return 0.0
    if own < (1 - _MANY_LINKS) * n:
        return -min(n, 15) * 0.4 if n < 60 else 0.0
    marks = len(_PUNCTUATION.findall(text))
    if marks and n >= 12:
        return own + 4.0 * min(marks, n // 8 + 1)
    if n >= 25:
        return float(own)
    return own * 0.25


def weights(doc: Doc, *, hidden_too: bool = False) -> tuple[list[float], list[float], list[float]]:
    """For each element: the lines directly in it, all lines below it, and the decayed score that picks the body."""
    own = [0.0] * len(doc.nodes)
    talk = talk_lines(doc.lines)
    for k, line in enumerate(doc.lines):
        value = weigh(line) if hidden_too or not line.hidden else 0.0
        if value > 0 and (is_digest(doc.lines, k) or k + 1 in talk or k + 2 in talk):
            value *= _DIGEST
        own[line.node] += value
    total = own[:]
    positive = [max(v, 0.0) for v in own]
    for i in range(len(own) - 1, 0, -1):
        p = doc.parent[i]
        if p >= 0:
            total[p] += total[i]
            positive[p] += positive[i]
    everything = max(positive[0], 1.0)
    score = own[:]
    sums = [0.0] * len(own)
    kids = [0] * len(own)
    for i in range(len(own) - 1, -1, -1):
        if kids[i]:
            if (kids[i] == 1 and own[i] == 0) or (doc.tags[i] in _ROWS and _is_order(doc, i)):
                score[i] = own[i] + sums[i]
            else:
                score[i] = own[i] + sums[i] * _DECAY
        # What is marked as a side part gives nothing to its parents, unless it holds most of the page.
        if score[i] > 0 and ((positive[i] < 0.5 * everything and is_junk(doc, i)) or (everything - positive[i] >= _AN_ARTICLE and is_talk(doc, i))):
            score[i] = 0.0
        p = doc.parent[i]
        if p >= 0 and score[i] != 0:
            sums[p] += score[i]
            kids[p] += 1
    return own, total, score


def talk_lines(lines: list[Line]) -> frozenset[int]:
    """Short lines with a moment or 回复, 举报 as stand below what readers say; a few alone mean nothing."""
    found = {k for k, line in enumerate(lines) if len(line.text) <= _SHORT_LINE and _SAID_AT.search(line.text)}
    return frozenset(found) if len(found) >= _TALKERS else frozenset()


def _is_order(doc: Doc, node: int) -> bool:
    """Is it a part of a table of data? Tables that lay out a page are levels like any other."""
    return any(is_data_table(doc, i) for i in doc.ancestors(node) if doc.tags[i] == "table")


def is_digest(lines: list[Line], k: int) -> bool:
    """A few sentences between two linked headlines: an entry of a list of other articles."""
    if k == 0 or not is_headline(lines[k - 1]):
        return False
    return any(is_headline(line) for line in [*lines[max(0, k - 4): k - 1], *lines[k + 1: k + 4]])


def is_headline(line: Line) -> bool:
    """A line that is a link to another article."""
    return line.links >= 8 and line.links >= 0.7 * len(line.text)


def is_junk(doc: Doc, node: int) -> bool:
    """Does tag, class or id say that the element stands around an article?"""
    return doc.tags[node] in JUNK_TAGS or bool(doc.marks[node].strip() and JUNK_MARK.search(doc.marks[node]))


def is_talk(doc: Doc, node: int) -> bool:
    """Is it what readers say, which may be longer than the article?"""
    return bool(doc.marks[node].strip() and TALK_MARK.search(doc.marks[node])) and not any(doc.tags[i] == "h1" for i in range(node, doc.last[node] + 1))


def is_known(doc: Doc, node: int) -> bool:
    """Is it a container of a known family?"""
    marks = doc.marks[node]
    return len(marks) > 1 and not KNOWN.isdisjoint(marks.split())


def find_body(doc: Doc, anchor: int | None = None) -> Body | None:
    """The element with the article, known containers first; ``None`` where nothing looks like text.

    ``anchor``: the number of the line with the headline, if it is known: the article begins soon after it.
    """
    found = _find(doc, anchor, hidden_too=False)
    if (found is None or found.weight < _WEAK) and any(line.hidden for line in doc.lines):
        # Some pages show their text by script: it is hidden until then.
        shown_later = _find(doc, anchor, hidden_too=True)
        if shown_later is not None and (found is None or shown_later.weight > 2 * found.weight):
            return shown_later
    return found


def _find(doc: Doc, anchor: int | None, *, hidden_too: bool) -> Body | None:
    _, total, weight = weights(doc, hidden_too=hidden_too)
    score = weight if anchor is None else _favoured(doc, anchor, weight)
    best = _container(doc, max(range(len(score)), key=lambda i: (score[i], i)))
    known = [i for i in range(len(score)) if total[i] >= _MIN_KNOWN and is_known(doc, i) and not _in_junk(doc, i)]
    if known:
        top = max(known, key=lambda i: (score[i], i))
        if score[top] >= 0.35 * score[best] and not (doc.inside(best, top) and score[best] > 1.5 * score[top]):
            best = _outermost(doc, top, known, total)
    if weight[best] <= 0 or (weight[best] < _AN_ARTICLE and not known and (_is_empty(doc, best) or _only_digests(doc, best))):
        return None
    joined = _same_siblings(doc, best, weight)
    if joined:
        parent = doc.parent[best]
        others = frozenset(_children(doc, parent)) - joined
        inner = [_skipped(doc, i, total) for i in joined]
        return Body(parent, others.union(*inner), sum(weight[i] for i in joined))
    return Body(best, _skipped(doc, best, total), weight[best])


def _container(doc: Doc, node: int) -> int:
    """The element around a paragraph: one long paragraph may outweigh all others together, and is still not the article alone."""
    while doc.parent[node] > 0 and (doc.tags[node] in _LEAVES or _is_one_of_many(doc, node)):
        node = doc.parent[node]
    return node


def _is_one_of_many(doc: Doc, node: int) -> bool:
    """A box without blocks in it beside others of its kind: a paragraph by another name."""
    if doc.tags[node] not in {"div", "section", "td"} or any(doc.tags[i] in BLOCKS for i in range(node + 1, doc.last[node] + 1)):
        return False
    return sum(doc.tags[i] == doc.tags[node] and doc.marks[i] == doc.marks[node] for i in _children(doc, doc.parent[node])) > 1


def _favoured(doc: Doc, anchor: int, weight: list[float]) -> list[float]:
    """Weights with a rise for the elements that begin soon after the headline: long comments at the page's end are no article."""
    first: dict[int, int] = {}
    for k, line in enumerate(doc.lines):
        for i in doc.ancestors(line.node):
            if i in first:
                break
            first[i] = k
    near = {i: 1 + _FAVOUR * (1 - max(k - anchor, 0) / _AHEAD) for i, k in first.items() if anchor - 1 <= k < anchor + _AHEAD}
    return [w * near.get(i, 1.0) if w > 0 else w for i, w in enumerate(weight)]


def _only_digests(doc: Doc, best: int) -> bool:
    """Is all that reads like text a digest of another article?"""
    texts = [k for k, line in enumerate(doc.lines) if doc.inside(line.node, best) and not line.hidden and weigh(line) > _MIN_SIBLING]
    return bool(texts) and all(is_digest(doc.lines, k) for k in texts)


def _is_empty(doc: Doc, best: int) -> bool:
    """Is there a container of a known family without text, while what was found stands elsewhere? Then the article has no text."""
    containers = [i for i in range(len(doc.nodes)) if is_known(doc, i) and not _in_junk(doc, i)]
    return bool(containers) and not any(doc.inside(best, i) or doc.inside(i, best) for i in containers)


def _children(doc: Doc, node: int) -> list[int]:
    found: list[int] = []
    i = node + 1
    while i <= doc.last[node]:
        found.append(i)
        i = doc.last[i] + 1
    return found


def _same_siblings(doc: Doc, best: int, score: list[float]) -> frozenset[int]:
    """The body and the elements beside it with the same tag and class that hold text too: an article in several containers."""
    parent = doc.parent[best]
    if parent < 0 or not doc.marks[best].strip() or doc.tags[best] in {"p", "li", "td", "tr", "article"}:
        return frozenset()
    same = {i for i in _children(doc, parent) if doc.tags[i] == doc.tags[best] and doc.marks[i] == doc.marks[best] and score[i] >= _MIN_SIBLING}
    return frozenset(same) if len(same) > 1 else frozenset()


def _in_junk(doc: Doc, node: int) -> bool:
    return any(is_junk(doc, i) for i in doc.ancestors(node) if not is_known(doc, i))


def _outermost(doc: Doc, node: int, known: list[int], total: list[float]) -> int:
    """A known container around the best known one that holds clearly more (a page with several editors in one wrapper)."""
    for outer in doc.ancestors(node):
        if outer in known and total[outer] > 1.1 * total[node] and doc.tags[outer] not in {"body", "html"}:
            node = outer
    return node


def _skipped(doc: Doc, top: int, total: list[float]) -> frozenset[int]:
    """Side parts inside the body: hidden, marked as junk, lists of links."""
    skip: set[int] = set()
    whole = max(total[top], 1.0)
    per_node: dict[int, list[Line]] = {}
    for line in doc.lines:
        if doc.inside(line.node, top):
            per_node.setdefault(line.node, []).append(line)
    text, links, count = _sums(doc, top, per_node)
    latin = not any(max(line.text) >= _FIRST_CJK for lines in per_node.values() for line in lines)
    i = top + 1
    while i <= doc.last[top]:
        k = i - top
        beside = total[i] < 0.3 * whole and (hidden(doc, i) or (is_junk(doc, i) and not is_known(doc, i)))
        talk = whole - total[i] >= _AN_ARTICLE and is_talk(doc, i)
        menu = count[k] >= 3 and links[k] > 0.6 * text[k] and text[k] < _LONG_MENU and doc.tags[i] not in _INLINE
        if beside or talk or menu or (latin and _is_caption(doc, i)):
            skip.add(i)
            i = doc.last[i] + 1
        else:
            i += 1
    return frozenset(skip)


def _is_caption(doc: Doc, node: int) -> bool:
    """The caption of a picture: part of a Chinese article as its pages set it, beside the text in English ones."""
    return doc.tags[node] == "figcaption" or (doc.tags[node] in {"p", "div", "span"} and bool(_CAPTION.search(doc.marks[node])))


def _sums(doc: Doc, top: int, per_node: dict[int, list[Line]]) -> tuple[list[int], list[int], list[int]]:
    """Characters, characters in links and number of links below each element of the subtree."""
    size = doc.last[top] - top + 1
    text, links, count = [0] * size, [0] * size, [0] * size
    for node, lines in per_node.items():
        for line in lines:
            text[node - top] += len(line.text)
            links[node - top] += line.links
            count[node - top] += line.link_count
    for k in range(size - 1, 0, -1):
        p = doc.parent[top + k] - top
        text[p] += text[k]
        links[p] += links[k]
        count[p] += count[k]
    return text, links, count
