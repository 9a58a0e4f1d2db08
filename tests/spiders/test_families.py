"""What the families read of list pages: the fixtures are invented, their structure is that of real sites."""

from __future__ import annotations

import json

import pytest

from qingbao.leaves import FAMILIES as NAMED
from qingbao.model import Source
from spiders.families import FAMILIES, Family, ListPage, family_of
from spiders.families.base import MAX_ATTACHMENTS, MAX_PARTS, decode, parse_html
from spiders.families.feed import feed_date


def source(family: str, start: str = "http://h.test/zwxx/gsgg/", **options: str) -> Source:
    return Source(slug="x", name="示例", family=family, start=(start,), hosts=("h.test",), options=options)


def read(family: Family, page: str | bytes, url: str | None = None) -> ListPage:
    request = family.first()[0]
    return family.links(request, url or request.url.partition("#")[0], page.encode() if isinstance(page, str) else page)


def rows(page: ListPage) -> list[tuple[str, str | None, str | None]]:
    return [(row.url, row.title, row.date) for row in page.rows]


def test_the_leaves_and_the_classes_name_the_same_families() -> None:
    assert set(NAMED) == set(FAMILIES)


# TRS

TRS = """<ul class="tab-item"><li><a href="./202609/t20260915_15012345.html" title="示例高新区拟供应工业用地公示">示例高新区拟供应工业…</a><span>2026-09-15</span></li>
<li><a href="../tzgg/202609/t20260910_15010000.html">关于申报技改项目的通知</a></li></ul><a href="/about.html">关于我们的网站</a>
<script>createPageHTML(3, 0, "index", "html");</script>"""


def test_trs_rows_and_second_page() -> None:
    page = read(family_of(source("trs")), TRS)
    assert rows(page) == [
        ("http://h.test/zwxx/gsgg/202609/t20260915_15012345.html", "示例高新区拟供应工业用地公示", "2026-09-15"),
        ("http://h.test/zwxx/tzgg/202609/t20260910_15010000.html", "关于申报技改项目的通知", "2026-09-10"),  # day from the address
    ]
    assert page.next is not None
    assert page.next.url == "http://h.test/zwxx/gsgg/index_1.html"


@pytest.mark.parametrize(("call", "following"), [
    ('createPageHTML(3, 1, "index", "html");', "index_2.html"),
    ("createPage(120, 0, 'list', 'shtml');", "list_1.shtml"),
    ('createPageHTML(\n  3,\n  0,\n  "default",\n  "htm"\n);', "default_1.htm"),
    ('createPageHTML(3, 2, "index", "html");', None),
    ('createPageHTML(1, 0, "index", "html");', None),
    ("createPageHTML('page_div',50,1,'common_list','shtml',1000);", None),  # UCAP's call, another platform
])
def test_trs_next_page(call: str, following: str | None) -> None:
    page = read(family_of(source("trs")), f"<script>{call}</script>")
    assert (page.next.url if page.next else None) == (f"http://h.test/zwxx/gsgg/{following}" if following else None)


def test_trs_stub_at_depth_has_no_rows_and_no_next_page() -> None:
    page = read(family_of(source("trs")), "<html><head><title>x</title></head><body>" + " " * 300 + "</body></html>")
    assert (page.rows, page.next) == ((), None)


# queryList

RECORD = {"source": {
    "id": "1", "title": "广安示例新材料有限公司年产3万吨电解液项目环评拟审批公示", "showTitle": "广安示例…", "pubDate": "2026-09-15 10:00:00",
    "urls": json.dumps({"pc": "/gasrmzfw/c104243/pc/content/content_1967000000000000001.html"}), "metadata": json.dumps({"source": "市生态环境局"}),
    "images": "[]", "content": {"content": ""},
}}
LIST = "https://h.test/gasrmzfw/c104243/pc/list.html"


@pytest.mark.parametrize(("options", "kind", "body"), [
    ({}, "form", "current=1&pageSize=15&webSiteCode%5B%5D=gasrmzfw&channelCode%5B%5D=c104243&notReturnContent=true"),
    ({"variant": "plain"}, "form", "current=1&pageSize=15&webSiteCode=gasrmzfw&channelCode=c104243&notReturnContent=true"),
    ({"channel_id": "1234567890123456789", "page_size": "20"}, "form",
     "current=1&pageSize=20&webSiteCode%5B%5D=gasrmzfw&channelId%5B%5D=1234567890123456789&notReturnContent=true"),
    ({"variant": "json", "channel_code": "c02514"}, "json",
     '{"current": 1, "pageSize": 15, "webSiteCode": ["gasrmzfw"], "channelCode": ["c02514"], "notReturnContent": true}'),
])
def test_querylist_asks_in_the_variant_that_the_site_takes(options: dict[str, str], kind: str, body: str) -> None:
    (request,) = family_of(source("querylist", LIST, **options)).first()
    assert (request.method, request.url.partition("#")[0], request.body) == ("POST", "https://h.test/queryList", body.encode())
    assert kind in request.headers["Content-Type"]


def test_querylist_reads_strings_inside_json_and_asks_on() -> None:
    family = family_of(source("querylist", LIST))
    page = read(family, json.dumps({"success": True, "data": {"results": [RECORD, {"source": {"title": "无地址"}}, None]}}))
    assert rows(page) == [("https://h.test/gasrmzfw/c104243/pc/content/content_1967000000000000001.html", RECORD["source"]["title"], "2026-09-15 10:00:00")]
    assert "市生态环境局" in (page.rows[0].row or "")
    assert page.next is not None
    assert (page.next.number, b"current=2" in (page.next.body or b""), b"c104243" in (page.next.body or b"")) == (2, True, True)


@pytest.mark.parametrize("answer", ['{"success":true,"data":{"results":[]}}', '{"success":false}', "<html>错误</html>", "", "[]", "null", '{"data":{"results":{}}}'])
def test_querylist_end_and_garbage(answer: str) -> None:
    page = read(family_of(source("querylist", LIST)), answer)
    assert (page.rows, page.next) == ((), None)


def test_querylist_embedded_list() -> None:
    record = {"id": "1", "title": "关于示例项目备案的公告", "pubDate": "2026-09-15 10:00:00", "urls": json.dumps({"pc": "/zgsrmzf/c00145/pc/content/content_1.html"})}
    family = family_of(source("querylist", "https://h.test/zgsrmzf/c00145/pc/list.html", variant="embedded"))
    assert family.first()[0].method == "GET"
    page = read(family, f"<script>var pageData = {{ articleList: [{json.dumps(record, ensure_ascii=False)}], x: [1] }};</script>")
    assert rows(page) == [("https://h.test/zgsrmzf/c00145/pc/content/content_1.html", "关于示例项目备案的公告", "2026-09-15 10:00:00")]


# Feeds

RSS = """<?xml version="1.0" encoding="utf-8"?><?xml-stylesheet type="text/css" href="/rss/rss.css"?>
<rss version="2.0"><channel><title>示例新闻网</title><link>https://news.h.test/finance</link>
<item><title>示例新闻网-财经</title><link>https://news.h.test/finance</link></item>
<item><title>示例集团拟在西部投建生产基地</title><link>https://news.h.test/1.shtml</link><description>　　示例&lt;p&gt;总投资20亿元&lt;/p&gt;</description><pubDate>Tue, 15 Sep 2026 15:58:14 +0800</pubDate></item>
<item><title>示例股份扩产</title><link>http://www.h.test/c.html</link>Tue,15-Sep-2026 03:37:37 GMT<description>摘要</description></item>
<item><title>示例科技完成B轮融资</title><link><![CDATA[https://vc.h.test/p/35?f=rss]]></link><pubDate>2026-09-15 10:00:00  +0800</pubDate></item>
</channel></rss>"""


def test_three_dialects_of_rss() -> None:
    page = read(family_of(source("feed")), RSS)
    assert rows(page) == [
        ("https://news.h.test/1.shtml", "示例集团拟在西部投建生产基地", "2026-09-15 15:58"),
        ("http://www.h.test/c.html", "示例股份扩产", "2026-09-15 11:37"),
        ("https://vc.h.test/p/35?f=rss", "示例科技完成B轮融资", "2026-09-15 10:00"),
    ]
    assert page.notes == ()


def test_atom() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>示例</title><link href="https://h.test/"/><entry><title type="html">示例&amp;lt;b&amp;gt;公司</title>
    <link rel="enclosure" href="/x.mp3"/><link rel="alternate" href="/a/1.html"/><updated>2026-09-14T16:30:00Z</updated></entry></feed>"""
    assert rows(read(family_of(source("feed")), atom)) == [("http://h.test/a/1.html", "示例公司", "2026-09-15 00:30")]


@pytest.mark.parametrize("broken", [
    "示例&nbsp;公司扩产", "示例\x0b公司扩产", "示例&公司扩产", "示例&#11;公司扩产", "示例\\公司扩产", "示例&middot;公司扩产", "示例&foo公司扩产",
])
def test_a_feed_that_is_not_well_formed_keeps_its_items(broken: str) -> None:
    feed = f'<?xml version="1.0" encoding="gb2312"?><rss><channel><item><title>{broken}</title><link>http://h.test/1.html</link></item>' \
           "<item><title>示例乙公司</title><link>http://h.test/2.html</link></item></channel></rss>"
    page = read(family_of(source("feed")), feed.encode("gb18030"))
    assert [row.url for row in page.rows] == ["http://h.test/1.html", "http://h.test/2.html"]
    title = page.rows[0].title or ""
    assert title.startswith("示例")
    assert title.endswith("公司扩产")
    assert bool(page.notes) is (broken != "示例\\公司扩产")


@pytest.mark.parametrize("garbage", ["", "<html>", "不是订阅源", "\x00\x01", "<rss>" * 3000])
def test_garbage_for_a_feed(garbage: str) -> None:
    assert read(family_of(source("feed")), garbage).rows == ()


def test_a_feed_loads_no_entity() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>' \
           "<rss><channel><item><title>示例&b;&x;</title><link>http://h.test/1.html</link></item></channel></rss>"
    (row,) = read(family_of(source("feed")), bomb).rows
    assert "root:" not in (row.title or "")


@pytest.mark.parametrize(("written", "day"), [
    ("Wed, 10 Jun 2026 23:50:00 +0800", "2026-06-10 23:50"),
    ("Wed, 10 Jun 2026 15:50:00 GMT", "2026-06-10 23:50"),
    ("2026-06-10 23:50:00", "2026-06-10 23:50"),  # no zone: Shanghai's
    ("2026-06-10T15:50:00Z", "2026-06-10 23:50"),
    ("2026-06-10T23:50:00.123+08:00", "2026-06-10 23:50"),
    ("2026年6月10日", "2026-06-10"),
    ("2026-09-15 10:00:00  +0800", "2026-09-15 10:00"),  # 36kr: two blanks
    ("Wed,30-Sep-2026 11:37:37 GMT", "2026-09-30 19:37"),  # news.cn
    ("昨天", "昨天"), ("2026-13-45 25:61:00", "2026-13-45 25:61:00"), ("", None), (None, None),
])
def test_feed_dates_in_shanghai(written: str | None, day: str | None) -> None:
    assert feed_date(written) == day


# The generic list

NAV = '<div class="nav"><a href="/">首页</a> <a href="/private/login.html">登录</a> <a href="/calendar/2024/1">日历</a> <a href="/search/?q=招商">搜索</a></div>'


def test_generic_rows_are_the_links_beside_a_date() -> None:
    page = read(family_of(source("generic")), f"""{NAV}<ul><li><a href="a/1.html" title="示例公司拟在西部新建电机基地">示例公司拟在…</a><span>2026-09-15</span></li>
      <li><span>09-14</span><a href="/b.asp?id=2">示例乙</a></li><li><a href="a/1.html#top">示例公司拟在西部新建电机基地</a> 2026-09-15</li></ul><a href="list_2.html">下一页&gt;</a>""")
    assert rows(page) == [
        ("http://h.test/zwxx/gsgg/a/1.html", "示例公司拟在西部新建电机基地", "2026-09-15"),
        ("http://h.test/b.asp?id=2", "示例乙", "09-14"),
    ]
    assert page.next is not None
    assert (page.next.url, page.next.number) == ("http://h.test/zwxx/gsgg/list_2.html", 2)


def test_generic_row_without_a_date_counts_among_its_like() -> None:
    page = read(family_of(source("generic")), f'{NAV}<ul><li><a href="/n/1.html">示例甲</a>浏览：12<i>2026-09-15</i></li><li><a href="/n/2.html">示例乙</a></li><li><a href="/go/x.html">专题</a></li></ul>')
    assert [row.url for row in page.rows] == ["http://h.test/n/1.html", "http://h.test/n/2.html"]
    assert page.rows[0].row == "示例甲 2026-09-15"  # without the counter


def test_generic_table_in_gb18030_and_dates_broken_over_lines() -> None:
    text = f'{NAV}<table><tr><td>·<a href="showart.asp?id=1">示例镕燚公司扩产</a></td><td>[2026-\n09-\n15]</td></tr></table><a href="javascript:go(2)">下一页</a>'
    page = read(family_of(source("generic")), f'<meta charset="gb2312">{text}'.encode("gb18030"))
    assert rows(page) == [("http://h.test/zwxx/gsgg/showart.asp?id=1", "示例镕燚公司扩产", "2026-09-15")]
    assert page.next is None


def test_generic_without_dates_takes_the_links_of_one_shape() -> None:
    links = "".join(f'<li><a href="/zw/content_{n}">示例公司第{n}期项目开工</a></li>' for n in range(4))
    page = read(family_of(source("generic")), f'{NAV}<ul>{links}</ul><a href="/about/us">关于我们网站的说明</a>')
    assert [row.url for row in page.rows] == [f"http://h.test/zw/content_{n}" for n in range(4)]


def test_generic_options() -> None:
    text = f'{NAV}<div class="hot"><a href="/x/9.html">热门</a> 2026-09-15</div><div class="r"><a href="/x/1.html">甲</a></div><div class="r"><a href="/y/1.html">乙</a></div>'
    assert [row.url for row in read(family_of(source("generic", row="div.r")), text).rows] == ["http://h.test/x/1.html", "http://h.test/y/1.html"]
    assert [row.url for row in read(family_of(source("generic", article=r"/x/\d+\.html$")), text).rows] == ["http://h.test/x/9.html", "http://h.test/x/1.html"]
    page = read(family_of(source("generic", start="http://h.test/l.jsp?p=1", next="l.jsp?p={page}")), text)
    assert page.next is not None
    assert page.next.url == "http://h.test/l.jsp?p=2"


@pytest.mark.parametrize("family", ["trs", "generic"])
@pytest.mark.parametrize("garbage", [b"", b"\x00\x01\xff\xfe", b"<", b"<html><body></body></html>", b"<!--", b"<a href='http://[::1'>x</a>", b"<li>" * 5000])
def test_garbage_has_no_rows(family: str, garbage: bytes) -> None:
    assert read(family_of(source(family)), garbage).rows == ()


# Articles that continue

def test_parts_by_name_of_the_page() -> None:
    family = family_of(source("trs"))
    text = '<a href="t20260915_1_1.html">2</a> <a href="t20260916_2.html">下一页</a><script>createPageHTML(3, 0, "t20260915_1", "html");</script>'
    tree = parse_html(text)
    assert tree is not None
    assert family.parts("http://h.test/a/t20260915_1.html", tree, text) == ("http://h.test/a/t20260915_1_1.html", "http://h.test/a/t20260915_1_2.html")
    many = "".join(f'<a href="c_7_{n}.htm">{n}</a><a href="f{n}.docx">附件{n}</a>' for n in range(40))
    tree = parse_html(many)
    assert tree is not None
    assert len(family.parts("http://h.test/a/c_7.htm", tree, many)) == MAX_PARTS
    assert len(family.attachments("http://h.test/a/c_7.htm", tree)) == MAX_ATTACHMENTS


@pytest.mark.parametrize(("body", "text"), [
    ("示例镕燚".encode(), "示例镕燚"), ("示例镕燚".encode("gb18030"), "示例镕燚"), ("\ufeff示例".encode(), "示例"), ("示例".encode("utf-16"), "示例"),
    ("示例".encode() + b"\xff" + "公司".encode() * 20, "示例\ufffd" + "公司" * 20),  # one bad byte does not make it another encoding
])
def test_decoding(body: bytes, text: str) -> None:
    assert decode(body, "gb2312") == text


@pytest.mark.parametrize(("family", "hostile"), [
    ("feed", "<!DOCTYPE a [" * 100_000), ("feed", "<rss><![CDATA[" * 100_000), ("feed", "<rss>" + "&#0" * 300_000), ("feed", "<rss>" + "&a" * 300_000),
    ("generic", "<div>" + "<a href='/x.html'>示例公司</a>" * 60_000 + "</div>"), ("generic", "<div>" + "".join(f"<a href='/{n}.html'>示</a>" for n in range(60_000)) + "</div>"),
    ("generic", "<div>" * 3000 + "<a href='/1.html'>示例公司扩产</a>2026-09-15" + "</div>" * 3000), ("trs", "createPageHTML(" * 100_000), ("trs", "createPage  (1, 0, 'a" * 50_000),
    ("querylist", "[" * 500_000), ("querylist", '{"data":' * 100_000),
])
def test_hostile_pages_come_to_an_end(family: str, hostile: str) -> None:
    page = read(family_of(source(family)), hostile)
    assert all(row.url.startswith(("http://", "https://")) for row in page.rows)
    assert len({row.url for row in page.rows}) == len(page.rows)
