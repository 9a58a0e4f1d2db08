"""The list of any site: rows are links that stand beside a date, or the largest set of links of one shape."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

from lxml import html

from records.values import FoundLink
from spiders.families.base import (
    MAX_ROWS,
    NEXT_WORDS,
    ROW_CHARS,
    TITLE_CHARS,
    Family,
    ListPage,
    ListRequest,
    absolute,
    base_url,
    decode,
    parse_html,
    squeeze,
)

# A day in a list row. Broken over lines on hanweb sites, so blanks are allowed after the marks.
ROW_DATE = re.compile(r"(?<!\d)(?:20\d\d|19\d\d)\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?|(?<![\d-])\d{1,2}-\d{1,2}(?![\d-])")
# Elements that may be a whole row; the nearest one that holds few links is taken.
ROW_TAGS = frozenset({"li", "tr", "dd", "dt", "dl", "p", "div", "article", "h2", "h3", "h4", "td"})
NO_ROWS = frozenset({"nav", "header", "footer"})
# Counters change every night, and a changed row means a changed article.
VIEWS = re.compile(r"(?:浏览|阅读|点击|访问)(?:量|次数|数|人数)?\s{0,3}[:：]?\s{0,3}\d+\s{0,3}次?")
PAGER_WORDS = re.compile(r"^[\s\[(（<«‹]*(?:首页|尾页|末页|上一?页|前一?页|下一?页|后一?页|\d+|更多|更多[>»›+]*|more|next|prev(?:ious)?|last|first)[\s\])）>»›]*$", re.I)
MAX_ANCHORS = 5000  # a list page has hundreds; each one costs a look around it
# Without dates a title has to look like one; navigation entries are shorter.
UNDATED_TITLE = 8
UNDATED_ROWS = 3


def row_of(anchor: html.HtmlElement) -> html.HtmlElement:
    """The element that holds the link with its date: the highest one around it that belongs to this link alone."""
    target, best = anchor.get("href"), anchor
    for element in anchor.iterancestors():
        if element.tag not in ROW_TAGS and element.tag != "span":
            break
        if any(one.get("href") not in (None, target) for one in element.iter("a")):
            break
        best = element
    return best


class Generic(Family):
    """Options: ``row`` (CSS selector of a row), ``article`` (regular expression that article URLs match), ``next`` (address of
    page n, with ``{page}`` counting from 2)."""

    name = "generic"

    def links(self, request: ListRequest, url: str, body: bytes, charset: str | None = None) -> ListPage:
        """See ``Family.links``."""
        text = decode(body, charset)
        tree = parse_html(text)
        if tree is None:
            return ListPage(rows=(), notes=("列表页不是网页",))
        return ListPage(rows=self.rows(tree, url), next=self.next(tree, text, request, url))

    def rows(self, tree: html.HtmlElement, url: str) -> tuple[FoundLink, ...]:
        """The rows of a list, in the order of the page, each address once."""
        base = base_url(tree, url)
        wanted: dict[str, FoundLink] = {}
        others: dict[str, FoundLink] = {}
        for anchor in self._anchors(tree)[:MAX_ANCHORS]:
            target = absolute(base, anchor.get("href"))
            shown = squeeze(anchor.text_content())
            if not target or target == url or target in wanted or target in others or PAGER_WORDS.match(shown):
                continue
            title = max(squeeze(anchor.get("title")), shown, key=len) if shown else squeeze(anchor.get("title"))
            if not title:
                continue
            row = VIEWS.sub("", squeeze(" ".join(row_of(anchor).itertext())))
            day = ROW_DATE.search(row)
            link = FoundLink(url=target, title=title[:TITLE_CHARS], date=re.sub(r"(?<=[-/.年月])\s", "", day.group()) if day else None, row=row[:ROW_CHARS])
            mine = self._is_article(target)
            (wanted if mine or (mine is None and day) else others).setdefault(target, link)
        return self._with_their_like(wanted, others)[:MAX_ROWS]

    def _anchors(self, tree: html.HtmlElement) -> list[html.HtmlElement]:
        if selector := self.source.options.get("row"):
            return [anchor for row in tree.cssselect(selector) for anchor in ([row] if row.tag == "a" else row.iter("a"))]
        return [a for a in tree.iter("a") if not any(above.tag in NO_ROWS for above in a.iterancestors())]

    def _is_article(self, url: str) -> bool | None:
        """Whether the address alone says that this is an article; None: it says nothing."""
        pattern = self.source.options.get("article")
        return bool(re.search(pattern, url)) if pattern else None

    def _with_their_like(self, wanted: dict[str, FoundLink], others: dict[str, FoundLink]) -> tuple[FoundLink, ...]:
        """The rows that are sure, and those without a date that are of the same kind by the shape of their address."""
        if "article" in self.source.options:
            return tuple(wanted.values())
        if "row" in self.source.options:
            return tuple({**wanted, **others}.values())
        shapes = {_shape(url) for url in wanted}
        if not shapes:
            others = {url: link for url, link in others.items() if len(link.title or "") >= UNDATED_TITLE}
            shapes = {shape for shape, count in Counter(map(_shape, others)).items() if count >= UNDATED_ROWS}
        return tuple(wanted.values()) + tuple(link for url, link in others.items() if url not in wanted and _shape(url) in shapes)

    def next(self, tree: html.HtmlElement, text: str, request: ListRequest, url: str) -> ListRequest | None:
        """How to ask for the following page; None at the end."""
        number = request.number + 1
        if template := self.source.options.get("next"):
            return ListRequest(url=urljoin(request.url if request.number == 1 else self.source.start[0], template.replace("{page}", str(number))), number=number)
        base = base_url(tree, url)
        for anchor in tree.iter("a", "link"):
            words = squeeze(anchor.text_content()) if anchor.tag == "a" else ""
            classes = set((anchor.get("class") or "").split())
            if (words and NEXT_WORDS.match(words)) or "next" in (anchor.get("rel") or "").lower().split() or (anchor.tag == "a" and "next" in classes):
                target = absolute(base, anchor.get("href"))
                if target and target != url:
                    return ListRequest(url=target, number=number)
        return None


def _shape(url: str) -> str:
    parts = urlsplit(url)
    # Numbers, dates and hexadecimal ids say which article it is; the rest says that it is one.
    return parts.netloc + re.sub(r"[0-9a-f]{16,}|\d+", "N", parts.path, flags=re.I) + ("?" if parts.query else "")
