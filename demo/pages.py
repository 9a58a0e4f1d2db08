"""The demo sites' pages: what each address answers, rendered per CMS family in the site's own charset."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from functools import cached_property, lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo.content import FOLDER, DemoArticle, load_articles

MEDIA_TYPES = {".pdf": "application/pdf", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
SIDE_LINKS = 5  # titles of other articles beside each text: what a reader of pages must not take for the article


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one address answers."""

    status: int = 200
    content_type: str | None = None
    body: bytes = b""
    modified: datetime | None = None  # aware
    headers: Mapping[str, str] = field(default_factory=dict)
    behaviour: str | None = None

    @cached_property
    def etag(self) -> str:
        """A strong validator of the bytes."""
        return f'"{hashlib.sha1(self.body, usedforsecurity=False).hexdigest()[:20]}"'

    @property
    def modified_header(self) -> str:
        """``modified`` as HTTP writes it."""
        return format_datetime(self.modified.astimezone(UTC), usegmt=True) if self.modified else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What makes a site: its family, its charset and how it names it."""

    name: str
    family: str  # trs, querylist, rss, atom, generic
    charset: str
    content_type: str  # the header of its HTML pages
    entry: str  # path of its (first) list
    per_page: int
    columns: Mapping[str, str]  # column key → its name
    robots: str | None  # None: 404


SITES: dict[str, Site] = {
    "yunling": Site(
        name="云岭市人民政府", family="trs", charset="utf-8", content_type="text/html", entry="/xwzx/zwdt/", per_page=12,
        columns={"zwdt": "政务动态", "gsgg": "公示公告"}, robots="User-agent: *\nDisallow: /neibu/\nDisallow: /search/\n",
    ),
    "qinghe": Site(
        name="青禾区人民政府", family="querylist", charset="utf-8", content_type="text/html; charset=UTF-8",
        entry="/qhqrmzf/qhyw/pc/list.html", per_page=8, columns={"qhyw": "青禾要闻"}, robots=None,
    ),
    "xibu": Site(
        name="西部产经网", family="rss", charset="utf-8", content_type="text/html; charset=utf-8", entry="/rss/chanye.xml", per_page=100,
        columns={"main": "产业"}, robots="User-agent: *\nCrawl-delay: 0.1\nDisallow: /vip/\n",
    ),
    "changjiang": Site(
        name="长江产业观察", family="atom", charset="utf-8", content_type="text/html", entry="/feed/atom.xml", per_page=100,
        columns={"main": "公司"}, robots="User-agent: *\nAllow: /\n",
    ),
    "zhuangbei": Site(
        name="华东装备网", family="generic", charset="gb2312", content_type="text/html", entry="/news/", per_page=9,
        columns={"main": "企业动态"}, robots="User-agent: *\nDisallow: /member/\n",
    ),
    "chenbao": Site(
        name="江城晨报数字版", family="generic", charset="gb18030", content_type="text/html", entry="/list.asp?cid=3", per_page=10,
        columns={"main": "财经新闻"}, robots="",
    ),
}


@dataclass(kw_only=True)
class SitePages:
    """Everything a site answers."""

    site: str
    answers: dict[str, Answer] = field(default_factory=dict)
    article_urls: dict[str, str] = field(default_factory=dict)
    query: Callable[[Mapping[str, str]], Answer] | None = None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )


def article_path(article: DemoArticle) -> str:
    """The address of an article's first page, in the manner of its site's platform."""
    day, number = article.published, article.number
    if article.behaviour == "forbidden":
        return {"yunling": f"/neibu/t{day:%Y%m%d}_{number}.html", "xibu": f"/vip/{number}.shtml"}.get(article.site, f"/member/{number}.html")
    return {
        "yunling": f"/{'xwzx' if article.column == 'zwdt' else 'zwgk'}/{article.column}/{day:%Y%m}/t{day:%Y%m%d}_{number}.html",
        "qinghe": f"/qhqrmzf/{article.column}/pc/content/content_199{number:016d}.html",
        "xibu": f"/cj/{day:%Y}/{day:%m-%d}/{number}.shtml",
        "changjiang": f"/article/{hashlib.md5(article.id.encode(), usedforsecurity=False).hexdigest()[:12]}",
        "zhuangbei": f"/news/{day:%Y%m%d}/{number}.html",
        "chenbao": f"/showart.asp?id={number}",
    }[article.site]


def part_path(path: str, part: int) -> str:
    """The address of page ``part`` (1 is the first) of an article."""
    if part == 1:
        return path
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}_{part}{dot}{suffix}" if "?" not in path else f"{path}&page={part}"


def list_path(site: str, column: str, page: int) -> str:
    """The address of page ``page`` (0 is the first) of a list."""
    if site == "yunling":
        folder = f"/{'xwzx' if column == 'zwdt' else 'zwgk'}/{column}/"
        return folder if page == 0 else f"{folder}index_{page}.html"
    if site == "qinghe":
        return f"/qhqrmzf/{column}/pc/list.html"
    if site == "zhuangbei":
        return "/news/" if page == 0 else f"/news/list_{page + 1}.html"
    return "/list.asp?cid=3" if page == 0 else f"/list.asp?cid=3&page={page + 1}"


def _render(site: Site, template: str, **values: Any) -> bytes:
    text = _environment().get_template(template).render(site=site, **values)
    # Old editors write what their charset lacks as a reference; the declared charset stays true.
    return text.encode(site.charset, "xmlcharrefreplace")


def _article_answers(slug: str, article: DemoArticle, around: Sequence[DemoArticle], base: str) -> dict[str, Answer]:
    site, path = SITES[slug], article_path(article)
    # Later articles stay out: the page of an old article must not change with them, so that a second run finds it unchanged.
    side = [(article_path(one), one.title) for one in around if one.id != article.id and one.behaviour is None and not one.added][:SIDE_LINKS]
    answers = {}
    for place, paragraphs in enumerate(article.pages, start=1):
        template = "column.html.j2" if article.body_is_list else f"{slug}_article.html.j2"
        body = _render(
            site, template, article=article, paragraphs=paragraphs, side=side, base=base, column=site.columns[article.column], part=place,
            parts=[part_path(path, number + 1) for number in range(len(article.pages))], attachment=_attachment_name(article),
        )
        answers[part_path(path, place)] = Answer(content_type=site.content_type, body=body, modified=article.published, behaviour=article.behaviour)
    if article.attachment:
        file = FOLDER / "attachments" / article.attachment
        folder = path.rsplit("/", 1)[0]
        answers[f"{folder}/{_attachment_name(article)}"] = Answer(
            content_type=MEDIA_TYPES[file.suffix], body=file.read_bytes(), modified=article.published,
        )
    return answers


def _attachment_name(article: DemoArticle) -> str | None:
    if article.attachment is None:
        return None
    return f"P0{article.published:%Y%m%d}{article.number}.{article.attachment.rsplit('.', 1)[1]}"


def _lists(slug: str, articles: Sequence[DemoArticle], base: str) -> dict[str, Answer]:
    site, answers = SITES[slug], {}
    for column, name in site.columns.items():
        rows = [(article_path(one), one) for one in articles if one.column == column]
        pages = max(1, -(-len(rows) // site.per_page))
        for page in range(pages):
            part = rows[page * site.per_page:(page + 1) * site.per_page]
            body = _render(
                site, f"{slug}_list.html.j2", rows=part, page=page, pages=pages, column=name, base=base, column_key=column,
                paths=[list_path(slug, column, number) for number in range(pages)],
            )
            answers[list_path(slug, column, page)] = Answer(content_type=site.content_type, body=body)
            if slug == "yunling" and page == 0:
                answers[list_path(slug, column, 0) + "index.html"] = answers[list_path(slug, column, 0)]
    return answers


def _feed(slug: str, articles: Sequence[DemoArticle], base: str) -> dict[str, Answer]:
    site = SITES[slug]
    newest = max(one.published for one in articles)
    rows = [(base + article_path(one), one) for one in articles]
    body = _render(site, f"{slug}_feed.xml.j2", rows=rows, base=base, newest=newest, rfc822=format_datetime)
    kind = "application/rss+xml" if site.family == "rss" else "application/atom+xml; charset=utf-8"
    return {site.entry: Answer(content_type=kind, body=body)}


def _query(slug: str, articles: Sequence[DemoArticle]) -> Callable[[Mapping[str, str]], Answer]:
    """The queryList interface: a page of results by channel, an empty list past the end; address and metadata are strings inside JSON."""

    def answer(fields: Mapping[str, str]) -> Answer:
        current, size = int(fields.get("current") or 1), min(int(fields.get("pageSize") or 15), SITES[slug].per_page)
        rows = [one for one in articles if one.column == fields.get("channelCode")]
        results = [
            {"source": {
                "id": f"199{one.number:016d}", "title": one.title, "showTitle": one.title, "pubDate": f"{one.published:%Y-%m-%d %H:%M:%S}",
                "urls": json.dumps({"pc": article_path(one)}), "metadata": json.dumps({"author": "", "source": one.origin or ""}, ensure_ascii=False),
                "images": "[]", "content": {"content": ""},
            }}
            for one in rows[(current - 1) * size:current * size]
        ]
        body = json.dumps({"success": True, "data": {"results": results, "total": len(rows)}}, ensure_ascii=False).encode()
        return Answer(content_type="application/json;charset=UTF-8", body=body)

    return answer


def build_site(slug: str, bases: Mapping[str, str], today: date, *, second_run: bool = False) -> SitePages:
    """All answers of a site; ``bases`` gives the sites' own addresses (absolute links, copies of other sites)."""
    site, base = SITES[slug], bases[slug]
    articles = load_articles(slug, today, second_run=second_run)
    pages = SitePages(site=slug)
    if site.robots is not None:
        pages.answers["/robots.txt"] = Answer(content_type="text/plain", body=site.robots.encode())
    pages.answers["/"] = Answer(content_type=site.content_type, body=_render(site, "home.html.j2", base=base))
    for article in articles:
        pages.article_urls[article.id] = base + article_path(article)
        if article.behaviour != "missing":
            pages.answers.update(_article_answers(slug, article, articles, base))
    if site.family in ("rss", "atom"):
        pages.answers.update(_feed(slug, articles, base))
    else:
        pages.answers.update(_lists(slug, articles, base))
    if site.family == "querylist":
        pages.query = _query(slug, articles)
    return pages
