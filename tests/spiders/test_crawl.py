"""A crawl from list to archive on a site that counts."""

from __future__ import annotations

from pipelines.archive import load
from records.values import SourceState
from tests.spiders.conftest import Instance
from tests.spiders.site import Reply, Site


def test_new_articles_are_archived_with_their_list_facts(site: Site, instance: Instance) -> None:
    site.list_page("/news/", {f"/a/{n}.html": f"示例公司拟建第{n}个生产基地" for n in range(5)})
    for n in range(5):
        site.article(f"/a/{n}.html", f"正文{n}。" * 30)
    instance.leaf("news", f"{site.url}/news/", at_least=3)
    done = instance.crawl()
    assert done.code == 0, (done.lines, instance.log())
    assert done.results["news"].state is SourceState.OK
    assert (done.results["news"].fetched, done.results["news"].new_links, done.results["news"].first_page_links) == (5, 5, 5)
    assert sorted(done.outcomes("archived")) == [f"{site.url}/a/{n}.html" for n in range(5)]
    with instance.records() as records:
        pages = [load(instance.archive, row) for row in records.pages_to_read(1)]
    assert {page.list_title for page in pages} == {f"示例公司拟建第{n}个生产基地" for n in range(5)}
    assert {page.list_date for page in pages} == {"2026-09-15"}
    assert all(page.slug == "news" and page.run_id == "r1" and page.body == site.pages[page.url.removeprefix(site.url)].body for page in pages)


def test_a_second_run_fetches_only_what_is_new(site: Site, instance: Instance) -> None:
    site.list_page("/news/", {"/a/1.html": "示例公司拟建生产基地", "/a/2.html": "示例公司扩产"}, etag=True)
    site.article("/a/1.html", etag=True)
    site.article("/a/2.html", "第二篇。" * 40)
    instance.leaf("news", f"{site.url}/news/")
    instance.crawl("r1")
    site.seen.clear()
    again = instance.crawl("r2")
    assert again.results["news"].state is SourceState.OK
    # Both articles are younger than a week and asked again: one answers 304, one the same bytes.
    assert (again.results["news"].fetched, again.results["news"].unchanged) == (0, 2)
    assert site.paths == ["/news/", "/a/1.html", "/a/2.html"]
    site.list_page("/news/", {"/a/3.html": "示例公司再建基地", "/a/1.html": "示例公司拟建生产基地", "/a/2.html": "示例公司扩产"}, etag=True)
    site.article("/a/3.html", "第三篇。" * 40)
    third = instance.crawl("r3")
    assert (third.results["news"].new_links, third.results["news"].fetched) == (1, 1)


def test_the_user_agent_is_honest_and_no_cookie_is_sent(site: Site, instance: Instance) -> None:
    site.list_page("/news/", {"/a/1.html": "示例公司拟建生产基地"})
    site.article("/a/1.html")
    site.pages["/news/"].headers = {"Content-Type": "text/html", "Set-Cookie": "who=you; Path=/"}  # type: ignore[union-attr]
    instance.leaf("news", f"{site.url}/news/")
    instance.crawl()
    assert [one.path for one in site.seen] == ["/robots.txt", "/news/", "/a/1.html"]
    for one in site.seen:
        assert one.headers["User-Agent"].startswith("QingbaoBot/")
        assert "mailto:bot@qinghe.gov.test" in one.headers["User-Agent"]
        assert "Cookie" not in one.headers


def test_parts_and_attachments_come_with_the_article(site: Site, instance: Instance) -> None:
    site.list_page("/news/", {"/a/t1.html": "示例公司拟建生产基地公示"})
    site.pages["/a/t1.html"] = Reply('<html><meta charset="utf-8"><body><p>第一页</p><a href="t1_1.html">2</a><a href="../a/t1_1.html">下一页</a>'
                                     '<a href="t2.html">下一篇</a><a href="报告.pdf?v=1">环评报告</a><a href="http://other.test/x.pdf">外站</a></body></html>'.encode(),
                                     headers={"Content-Type": "text/html; charset=utf-8"})
    site.article("/a/t1_1.html", "第二页正文" * 10)
    site.pages["/a/%E6%8A%A5%E5%91%8A.pdf?v=1"] = Reply(b"%PDF-1.4 x", headers={"Content-Type": "application/pdf"})
    instance.leaf("news", f"{site.url}/news/")
    instance.crawl()
    with instance.records() as records:
        (row,) = records.pages_to_read(1)
    page = load(instance.archive, row)
    assert [part.url for part in page.parts] == [f"{site.url}/a/t1_1.html"]
    assert [(one.name, one.body, one.content_type) for one in page.attachments] == [("环评报告", b"%PDF-1.4 x", "application/pdf")]
    assert "/a/t2.html" not in site.paths
