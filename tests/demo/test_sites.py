"""The demo's sites: families, charsets, conditional requests, the page that fails once, and dates that move with the day."""

import http.client
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from demo.content import load_articles
from demo.pages import SITES, article_path
from demo.sites import DemoSites, serve

DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def sites() -> Iterator[DemoSites]:
    with serve(today=DAY) as running:
        yield running


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()


def ask(url: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body,
                           {name.replace("_", "-"): value for name, value in headers.items()})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def listed(sites: DemoSites, site: str) -> list[str]:
    """Every article address that the site's lists give, in the manner of its family."""
    base, family = sites.bases[site], SITES[site].family
    if family in ("rss", "atom"):
        root = ET.fromstring(ask(base + SITES[site].entry).body)
        if family == "rss":
            return [link.text.split("?f=")[0] for item in root.iter("item") if (link := item.find("link")) is not None and link.text and link.text != base + "/"]
        return [link.attrib["href"] for link in root.iterfind("{*}entry/{*}link")]
    if family == "querylist":
        found: list[str] = []
        for current in range(1, 9):
            fields = {"current": current, "pageSize": 15, "webSiteCode[]": "qhqrmzf", "channelCode[]": "qhyw"}
            answer = ask(base + "/queryList", method="POST", body=urlencode(fields), Content_Type="application/x-www-form-urlencoded")
            results = json.loads(answer.body)["data"]["results"]
            found += [base + json.loads(one["source"]["urls"])["pc"] for one in results]
            if not results:
                return found
        raise AssertionError("the list never ends")
    entries = [base + SITES[site].entry] + ([base + "/zwgk/gsgg/"] if family == "trs" else [])
    return [link for entry in entries for link in html_list(entry, SITES[site].charset)]


def html_list(url: str, charset: str) -> list[str]:
    links, seen = [], set()
    while url and url not in seen:
        seen.add(url)
        text = ask(url).body.decode(charset)
        links += [urljoin(url, href) for href in re.findall(r'<a href="([^"]*(?:\d{6,}\.html|showart\.asp\?id=\d+))"', text)]
        more = re.search(r'<a href="([^"]+)">下一页</a>', text)
        paged = re.search(r'createPageHTML\((\d+), (\d+), "index"', text)
        if paged and int(paged[2]) + 1 < int(paged[1]):
            url = urljoin(url, f"index_{int(paged[2]) + 1}.html")
        else:
            url = urljoin(url, more[1].replace("&amp;", "&")) if more else ""
    return links


@pytest.mark.parametrize("site", SITES)
def test_lists_lead_to_every_article(sites: DemoSites, site: str) -> None:
    wanted = {sites.bases[site] + article_path(one) for one in load_articles(site, DAY)}
    links = listed(sites, site)
    assert set(links) == wanted
    assert len(links) == len(wanted)


def test_there_are_enough_pages_over_six_sites() -> None:
    assert len(SITES) == 6
    assert sum(len(load_articles(site, DAY)) for site in SITES) >= 120
    ids = [one.id for site in SITES for one in load_articles(site, DAY, second_run=True)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("article", "charset", "declared", "word"),
    [
        ("x-lingxi-open", "utf-8", "utf-8", "凌犀传动"),
        ("z-taiqi-produce", "gb2312", "gb2312", "台骐泵业"),
        ("b-haizhe-gear", "gb18030", None, "徐镕"),  # 镕 is not in GB2312: guessing that charset loses it
        ("b-jingxin-short", "gb18030", None, "璟芯"),
    ],
)
def test_charsets(sites: DemoSites, article: str, charset: str, declared: str | None, word: str) -> None:
    body = ask(sites.article_urls[article]).body
    assert word in body.decode(charset)
    found = re.search(rb"charset=[\"']?([\w-]+)", body)
    assert (found[1].decode() if found else None) == (declared if found else None)
    if declared is None:
        assert found is None
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")
        with pytest.raises(UnicodeDecodeError):
            body.decode("gb2312")


def test_conditional_requests(sites: DemoSites) -> None:
    url = sites.article_urls["x-lingxi-open"]
    first = ask(url)
    assert first.status == 200
    assert ask(url, If_None_Match=first.headers["ETag"]).status == 304
    assert ask(url, If_Modified_Since=first.headers["Last-Modified"]).status == 304
    assert ask(url, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"]).status == 200


def test_one_page_fails_once() -> None:
    with serve(today=DAY) as sites:
        url = sites.article_urls["z-once503-muheng"]
        failed = ask(url)
        assert (failed.status, failed.headers["Retry-After"]) == (503, "1")
        assert "沐衡自动化" in ask(url).body.decode("gb2312")


def test_robots_close_the_areas_that_hold_bait(sites: DemoSites) -> None:
    for article in ("y-forbidden-neibu", "x-vip-forbidden", "z-forbidden-member"):
        parts = urlsplit(sites.article_urls[article])
        robots = ask(f"http://{parts.netloc}/robots.txt").body.decode()
        closed = re.findall(r"Disallow: (\S+)", robots)
        assert any(parts.path.startswith(prefix) for prefix in closed)
    assert ask(sites.bases["qinghe"] + "/robots.txt").status == 404


def test_pages_of_one_article_lead_on(sites: DemoSites) -> None:
    url, texts = sites.article_urls["z-history-multi"], []
    while url:
        text = ask(url).body.decode("gb2312")
        texts.append(text)
        more = re.search(r'<a href="([^"]+)">下一页</a>', text)
        url = urljoin(url, more[1]) if more else ""
    assert len(texts) == 3
    assert "沐衡自动化" in texts[2]
    assert "沐衡自动化" not in texts[0].split('<td valign="top" width="260">')[0]


@pytest.mark.parametrize(("article", "kind", "magic"), [("y-eia-xiaoye", "pdf", b"%PDF-"), ("y-land-notice", "docx", b"PK")])
def test_attachments(sites: DemoSites, article: str, kind: str, magic: bytes) -> None:
    url = sites.article_urls[article]
    link = re.search(rf'href="(\./P0\d+\.{kind})"', ask(url).body.decode())
    assert link is not None
    assert ask(urljoin(url, link[1])).body.startswith(magic)


def test_dates_move_with_the_day() -> None:
    with serve(today=date(2027, 1, 2)) as sites:
        text = ask(sites.article_urls["x-lingxi-open"]).body.decode()
    assert "2027年01月01日" in text
    assert "12月31日的客户交流会" in text
    assert "{" not in text.split("<article>")[1].split("</article>")[0]


def test_a_second_run_meets_the_same_addresses_one_edited_page_and_one_new() -> None:
    with serve(today=DAY) as first:
        before = {article: ask(url).headers["ETag"] for article, url in first.article_urls.items() if article[:2] in ("q-", "x-")}
        ports, urls = first.ports, dict(first.article_urls)
    with serve(today=DAY, ports=ports, second_run=True) as second:
        assert set(second.article_urls) - set(urls) == {"q-added"}
        assert {article: second.article_urls[article] for article in urls} == urls
        assert {article for article, etag in before.items() if ask(urls[article]).headers["ETag"] != etag} == {"q-edited"}


def test_requests_are_logged(tmp_path) -> None:
    with serve(today=DAY, log=tmp_path / "requests.jsonl") as sites:
        ask(sites.bases["xibu"] + "/rss/chanye.xml", User_Agent="someone")
        ask(sites.bases["xibu"] + "/nothing")
        assert [(one.site, one.path, one.status, one.user_agent) for one in sites.requests] == [
            ("xibu", "/rss/chanye.xml", 200, "someone"), ("xibu", "/nothing", 404, ""),
        ]
    assert len((tmp_path / "requests.jsonl").read_text("utf-8").splitlines()) == 2


def test_a_taken_port_is_an_error() -> None:
    with serve(today=DAY) as first, pytest.raises(OSError, match="in use"), serve(today=DAY, ports=first.ports):
        pass
