"""Robots, lanes and caps on sites that count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from records.values import SourceState
from spiders.manners.addresses import refusal as address_refusal
from spiders.manners.refusals import refusal, retry_after
from spiders.manners.rules import rules
from tests.spiders.conftest import Instance
from tests.spiders.site import HTML, Reply, Site

ROBOTS = b"User-agent: Googlebot\nDisallow: /\n\nUser-agent: *\nDisallow: /secret/\nAllow: /secret/open/\n"


def filled(site: Site, robots: Reply, **more: object) -> Site:
    """A site with two lists of six articles each, one of them in a forbidden folder."""
    site.pages["/robots.txt"] = robots
    for name in "ab":
        paths = [f"/{name}/{n}.html" for n in range(5)] + [f"/secret/{name}.html"]
        site.list_page(f"/{name}/", {path: f"示例公司{path}扩产" for path in paths})
        for path in paths:
            site.article(path)
    return site


def test_robots_is_answered_and_obeyed_before_the_first_page(new_site: Callable[[], Site], instance: Instance) -> None:
    replies = {
        "rules": Reply(ROBOTS, headers={"Content-Type": "text/plain"}, wait=0.7),
        "e500": Reply(status=500), "e403": Reply(status=403), "e401": Reply(status=401), "silent": Reply(wait=60), "teapot": Reply(status=302, headers={"Location": "/robots.txt"}),
        "e404": Reply(status=404), "e410": Reply(status=410), "html": Reply(b"<!DOCTYPE html><html><body>User-agent: *<br>Disallow: /</body></html>", headers=HTML),
    }
    sites = {name: filled(new_site(), reply) for name, reply in replies.items()}
    for name, site in sites.items():
        instance.leaf(name, [f"{site.url}/a/", f"{site.url}/b/"])
        instance.leaf(f"{name}-2", f"{site.url}/b/")
    done = instance.crawl("r1", "--timeout", "5")
    assert done.code == 1
    for name, site in sites.items():
        # No page is asked for before robots.txt has been answered.
        assert site.seen[0].path == "/robots.txt", name
        pages = site.paths
        if name == "rules":
            assert site.seen[1].at - site.seen[0].at >= 0.7
            assert not [path for path in pages if path.startswith("/secret/")]
            assert len(set(pages)) == 12
            assert (done.results[name].state, done.results[name].fetched + done.results[f"{name}-2"].fetched) == (SourceState.OK, 10)
            assert done.results[name].forbidden + done.results[f"{name}-2"].forbidden == 2
        elif name in {"e404", "e410", "html"}:
            assert len(set(pages)) == 14, name
        else:
            assert pages == [], name
            assert done.results[name].state is SourceState.CLOSED
            assert "robots.txt" in (done.results[name].message or "")
    assert sites["e500"].count("/robots.txt") == 2  # two leaves share one answer; a failure is tried once more
    assert sites["html"].count("/robots.txt") == 1
    assert "500" in (done.results["e500"].message or "")
    assert "超时" in (done.results["silent"].message or "")


def test_one_connection_a_host_over_all_leaves_at_delay_zero(site: Site, instance: Instance) -> None:
    for name in "abc":
        links = {f"/{name}/t20260915_{n}.html": f"示例公司第{n}期扩产" for n in range(6)}
        site.list_page(f"/{name}/", links)
        for path in links:
            site.article(path, wait=0.03)
    site.pages["/feed.xml"] = Reply(("<rss><channel>" + "".join(f"<item><title>示例{n}</title><link>{site.url}/f/{n}.html</link></item>" for n in range(6)) + "</channel></rss>").encode())
    for n in range(6):
        site.article(f"/f/{n}.html", wait=0.03)
    instance.leaf("one", f"{site.url}/a/", family="trs")
    instance.leaf("two", f"{site.url}/b/", family="generic")
    instance.leaf("three", f"{site.url}/c/", family="trs")
    instance.leaf("four", f"{site.url}/feed.xml", family="feed")
    done = instance.crawl()
    assert done.code == 0, done.lines
    assert sum(result.fetched for result in done.results.values()) == 24
    assert (site.most_at_once, site.most_open) == (1, 1)
    assert site.count("/robots.txt") == 1


def test_crawl_delay_holds_between_all_requests_of_a_host(site: Site, instance: Instance) -> None:
    site.pages["/robots.txt"] = Reply(b"User-agent: QingbaoBot\nCrawl-delay: 1.5\n")
    site.list_page("/a/", {"/a/1.html": "示例公司扩产", "/a/2.html": "示例公司新建"})
    site.article("/a/1.html")
    site.article("/a/2.html")
    instance.leaf("one", f"{site.url}/a/")
    instance.leaf("two", f"{site.url}/a/")
    instance.crawl()
    gaps = [after.at - before.at for before, after in zip(site.seen[1:], site.seen[2:])]
    assert len(gaps) == 3
    assert min(gaps) >= 1.2  # as the site saw them; on a busy machine a request may be noticed late, and the next one at once


def test_a_host_that_wants_hours_between_requests_does_not_hold_up_the_night(site: Site, instance: Instance) -> None:
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 7200\n")
    site.list_page("/a/", {"/a/1.html": "示例公司扩产", "/a/2.html": "示例公司新建"})
    instance.leaf("one", f"{site.url}/a/")
    done = instance.crawl()
    assert site.paths == ["/a/"]
    assert (done.code, done.results["one"].state) == (0, SourceState.INTERRUPTED)
    assert "7200 秒" in (done.results["one"].message or "")


def test_the_daily_cap_counts_over_runs_and_leaves_links_waiting(site: Site, instance: Instance) -> None:
    site.list_page("/a/", {f"/a/{n}.html": f"示例公司第{n}期扩产" for n in range(9)})
    for n in range(9):
        site.article(f"/a/{n}.html")
    instance.leaf("one", f"{site.url}/a/")
    instance.cap = 6  # robots.txt, the list, four articles
    first = instance.crawl("r1", "--clock", "2026-11-25T02:30:00+08:00")
    assert (len(site.seen), first.code, first.results["one"].fetched) == (6, 0, 4)
    assert "上限" in (first.results["one"].message or "")
    same_day = instance.crawl("r2", "--clock", "2026-11-25T03:30:00+08:00")
    assert (len(site.seen), same_day.results["one"].fetched) == (6, 0)
    next_day = instance.crawl("r3", "--clock", "2026-11-26T02:30:00+08:00")
    # Links that wait go first; the list did not come to its end last time and is asked without conditions.
    assert (len(site.seen), next_day.results["one"].fetched) == (12, 5)


def test_a_ledger_that_cannot_be_written_is_no_fault_of_the_site(site: Site, instance: Instance) -> None:
    site.list_page("/a/", {"/a/1.html": "示例公司扩产"})
    instance.leaf("one", f"{site.url}/a/")
    (instance.folder / "data" / "logs" / "requests-2026-11-25.tsv").mkdir(parents=True)
    done = instance.crawl("r1", "--clock", "2026-11-25T02:30:00+08:00")
    assert (done.code, site.seen) == (3, [])
    assert "requests-2026-11-25.tsv" in done.lines[-1]["error"]


def test_redirects_stay_inside_the_sources_hosts(site: Site, new_site: Callable[[], Site], instance: Instance) -> None:
    other = new_site()
    other.article("/stolen.html")
    ways = {
        "foreign": f"{other.url}/stolen.html", "private": "http://10.0.0.8/x.html", "metadata": "http://169.254.169.254/latest/", "file": "file:///etc/passwd",
        "user": f"http://a@{site.host}/b/2.html", "loop": "/go/loop", "fine": "/b/1.html", "broken": "http://[::1/x",
    }
    for name, target in ways.items():
        site.pages[f"/go/{name}"] = Reply(status=302, headers={"Location": target})
    for n in range(7):
        site.pages[f"/hop/{n}"] = Reply(status=301, headers={"Location": f"/hop/{n + 1}"})
    site.article("/hop/7")
    site.article("/b/1.html")
    site.list_page("/a/", {
        **{f"/go/{name}": f"示例公司跳转{name}扩产" for name in ways}, "/hop/1": "六次跳转之后", "/hop/2": "五次跳转之后", f"{other.url}/direct.html": "外站链接一条",
    })
    instance.leaf("one", f"{site.url}/a/")
    done = instance.crawl()
    assert other.seen == []
    assert sorted(done.outcomes("archived")) == [f"{site.url}/go/fine", f"{site.url}/hop/2"]
    assert sorted(done.outcomes("forbidden")) == [f"{site.url}/go/{name}" for name in ("file", "foreign", "metadata", "private", "user")]
    assert "1 条链接指向其他网站" in (done.results["one"].message or "")


@pytest.mark.parametrize("address", ["10.0.0.8", "127.0.0.1", "169.254.169.254"])
def test_a_name_that_leads_into_a_private_network_is_not_followed(site: Site, instance: Instance, tmp_path: Path, address: str) -> None:
    port = site.host.rpartition(":")[2]
    (tmp_path / "sitecustomize.py").write_text(f"import socket\nsocket.gethostbyname = lambda name: {address!r}\n")
    instance.leaf("one", f"http://park.test:{port}/a/")
    done = instance.crawl(env={"PYTHONPATH": str(tmp_path)})
    assert site.seen == []
    assert done.results["one"].state is SourceState.CLOSED
    assert f"内网地址 {address}" in (done.results["one"].message or "")


def test_proxies_of_the_environment_are_not_used(site: Site, instance: Instance) -> None:
    site.list_page("/a/", {"/a/1.html": "示例公司扩产"})
    site.article("/a/1.html")
    instance.leaf("one", f"{site.url}/a/")
    proxy = "http://127.0.0.1:9"
    assert instance.crawl(env={"http_proxy": proxy, "HTTP_PROXY": proxy, "ALL_PROXY": proxy}).results["one"].fetched == 1


# The rules behind it

@pytest.mark.parametrize(("url", "hosts", "refused"), [
    ("http://www.h.cn/a", ("www.h.cn",), False), ("https://WWW.H.CN/a", ("www.h.cn",), False), ("https://www.h.cn:443/a", ("www.h.cn",), False),
    ("http://www.h.cn:8080/a", ("www.h.cn",), True), ("http://www.h.cn:8080/a", ("www.h.cn:8080",), False), ("http://h.cn/a", ("www.h.cn",), True),
    ("http://www.h.cn.evil.cn/a", ("www.h.cn",), True), ("http://www.h.cn@evil.cn/", ("www.h.cn",), True), ("http://u:p@www.h.cn/", ("www.h.cn",), True),
    ("ftp://www.h.cn/a", ("www.h.cn",), True), ("http://127.0.0.1:80/a", ("127.0.0.1",), False), ("http://127.0.0.1/a", ("www.h.cn",), True),
    ("http://192.168.1.4/a", ("192.168.1.4",), True), ("http://[fd00::1]/a", ("[fd00::1]",), True), ("http://[::1]:8000/a", ("[::1]:8000",), False),
    ("http://localhost:8000/", ("localhost:8000",), False), ("http://www.h.cn:99999/", ("www.h.cn",), True), ("http:///a", ("",), True),
])
def test_addresses(url: str, hosts: tuple[str, ...], refused: bool) -> None:
    assert bool(address_refusal(url, hosts)) is refused


@pytest.mark.parametrize(("status", "kind", "body", "url", "allowed"), [
    (200, "text/plain", ROBOTS, "http://h/secret/x", False), (200, "text/plain", ROBOTS, "http://h/secret/open/x", True), (200, "text/plain", ROBOTS, "http://h/x", True),
    (200, "text/plain", b"User-agent: qingbaobot\nDisallow: /\n", "http://h/x", False), (200, "text/plain", b"", "http://h/x", True),
    (200, "text/html", b"User-agent: *\nDisallow: /x", "http://h/x", False),  # rules under a wrong label are rules
    (200, "text/plain", b"\xef\xbb\xbfUser-agent: *\nDisallow: /x", "http://h/x", False), (200, "text/plain", b"<html>", "http://h/x", True),
    (200, "text/plain", "User-agent: *\nDisallow: /公示\n".encode(), "http://h/%E5%85%AC%E7%A4%BA/1.html", False),
    (404, "", b"", "http://h/x", True), (410, "", b"", "http://h/x", True), (401, "", b"", "http://h/x", False), (403, "", b"", "http://h/x", False),
    (429, "", b"", "http://h/x", False), (500, "", b"", "http://h/x", False), (503, "", b"", "http://h/x", False), (400, "", b"", "http://h/x", False),
    # Rules beyond 500 KiB are not read; those before the cut are.
    (200, "text/plain", b"User-agent: *\nDisallow: /x\n" + b"# filler\n" * 60000 + b"Disallow: /y\n", "http://h/x", False),
    (200, "text/plain", b"User-agent: *\nDisallow: /x\n" + b"# filler\n" * 60000 + b"Disallow: /y\n", "http://h/y", True),
    # A pattern of many stars would match slowly: it is cut, which forbids more.
    (200, "text/plain", b"User-agent: *\nDisallow: /a" + b"*a" * 40 + b"b\n", "http://h/" + "a" * 5000, False),
])
def test_what_robots_mean(status: int, kind: str, body: bytes, url: str, allowed: bool) -> None:
    assert rules(status, kind, body).allows(url) is allowed


@pytest.mark.parametrize(("body", "seconds"), [
    (b"User-agent: *\nCrawl-delay: 10", 10.0), (b"User-agent: *\nCrawl-delay: 0.5", 0.5), (b"User-agent: other\nCrawl-delay: 10", 0.0), (b"", 0.0),
    (b"User-agent: *\nCrawl-delay: soon", 0.0), (b"User-agent: *\nCrawl-delay: -5", 0.0),
])
def test_crawl_delay(body: bytes, seconds: float) -> None:
    assert rules(200, "text/plain", body).delay == seconds


JSL = "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+'=1';location.href=location.pathname+location.search</script>"


@pytest.mark.parametrize(("status", "text", "refused"), [
    (403, "", True), (412, "", True), (418, "", True), (429, "", True), (521, JSL, True), (401, "", True), (404, "", False), (500, "", False), (503, "", False),
    (200, JSL, True), (202, "<html><head><script>var _$t='abc';</script></head><body></body></html>", True), (202, "示例正文" * 50, False),
    (200, "<html><body>您的访问过于频繁，请稍后再试</body></html>", True), (200, "<div>请输入验证码</div>", True), (200, "", False),
    (200, "<html><script>document.cookie='a=1';location.reload()</script><p>" + "示例公司拟在西部投资建设生产基地，总投资二十亿元。" * 8 + "</p></html>", False),
    (200, "<p>" + "示例公司的验证码产品投产，请输入验证码的步骤从此省去。" * 40 + "</p>", False), (200, "<script>location.href='/index.html'</script>", False),
])
def test_refusals(status: int, text: str, refused: bool) -> None:
    assert bool(refusal(status, text)) is refused


@pytest.mark.parametrize(("value", "seconds"), [
    ("120", 120.0), ("0", 0.0), ("Wed, 25 Nov 2026 00:01:00 GMT", 60.0), ("Wed, 25 Nov 2026 00:00:00 -0000", 0.0), ("Tue, 24 Nov 2026 00:00:00 GMT", 0.0),
    ("soon", None), ("", None), (None, None), ("-5", None), ("9" * 40, None),
])
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 11, 25, tzinfo=UTC)) == seconds
