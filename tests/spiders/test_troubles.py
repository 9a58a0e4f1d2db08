"""Sites that refuse, fail, answer garbage, and runs that are killed: the others go on, nothing is lost, nothing is asked for ever."""

from __future__ import annotations

import fcntl
import gzip
import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from pipelines.archive import load
from records.values import SourceState
from tests.spiders.conftest import ROOT, Instance
from tests.spiders.site import HTML, Reply, Site

SCRIPT = b"<script>var _0x4f2a=['cookie'];document.cookie='__jsl_clearance=1';location.reload();</script>"


def listed(site: Site, paths: list[str], where: str = "/a/", **more: object) -> None:
    site.list_page(where, {path: f"示例公司{path}扩产项目" for path in paths}, **more)  # type: ignore[arg-type]


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it holds; a test that waits in vain fails."""
    end = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def archived(instance: Instance) -> int:
    """How many pages the crawl has put away so far."""
    with instance.records() as records:
        return len(list(records.pages_to_read(1)))


def test_a_site_that_refuses_is_blocked_and_told_apart_from_one_that_is_down(new_site: Callable[[], Site], instance: Instance) -> None:
    refusing, listless, down, good = (new_site() for _ in range(4))
    answers = {"/a/521.html": Reply(SCRIPT, 521), "/a/412.html": Reply(b"<html></html>", 412), "/a/202.html": Reply(SCRIPT, 202, HTML), "/a/late.html": Reply(SCRIPT, 521)}
    listed(refusing, list(answers))
    refusing.pages.update(answers)
    listless.pages["/a/"] = Reply("<html><body>您访问过于频繁，请稍后再试</body></html>".encode(), headers=HTML)
    for path in ("/a/1.html", "/a/2.html", "/a/3.html", "/a/4.html"):
        down.pages[path] = Reply(status=502)
        good.article(path)
    listed(down, ["/a/1.html", "/a/2.html", "/a/3.html", "/a/4.html"])
    listed(good, ["/a/1.html", "/a/2.html", "/a/3.html", "/a/4.html"])
    for name, site in {"refusing": refusing, "listless": listless, "down": down, "good": good}.items():
        instance.leaf(name, f"{site.url}/a/")
    instance.leaf("gone", "http://127.0.0.1:9/a/")
    done = instance.crawl()
    assert done.code == 1
    states = {slug: result.state for slug, result in done.results.items()}
    assert states == {
        "refusing": SourceState.BLOCKED, "listless": SourceState.BLOCKED, "down": SourceState.DOWN, "gone": SourceState.CLOSED, "good": SourceState.OK,
    }
    assert "521" in (done.results["refusing"].message or "")
    assert "频繁" in (done.results["listless"].message or "")
    assert "502" in (done.results["down"].message or "")
    # Nothing of it becomes a page; no answer of the script is sent; two tries a page at most, and no fourth article after three refusals.
    with instance.records() as records:
        assert {row.slug for row in records.pages_to_read(1)} == {"good"}
        assert records.outcome_counts("r1") == {"archived": 4, "blocked": 3, "failed": 3}
    assert max(map(refusing.count, answers)) <= 2
    assert refusing.count("/a/late.html") == 0
    assert max(down.count(f"/a/{n}.html") for n in range(1, 5)) == 2
    assert down.count("/a/4.html") == 0
    assert not [one for one in refusing.seen if "Cookie" in one.headers]


def test_dead_links_do_not_hold_up_their_source_and_are_given_up(site: Site, instance: Instance) -> None:
    dead = {"/a/500.html": Reply(status=500), "/a/502.html": Reply(status=502), "/a/403.html": Reply(status=403), "/a/412.html": Reply(status=412), "/a/504.html": Reply(status=504)}
    site.pages.update(dead)
    listed(site, ["/a/0.html", *dead])
    site.article("/a/0.html")
    instance.leaf("one", f"{site.url}/a/")
    instance.crawl("r0")
    for run in range(1, 7):
        site.article(f"/a/{run}.html", f"第{run}篇" * 20)
        listed(site, [f"/a/{n}.html" for n in range(run, -1, -1)] + list(dead))
        done = instance.crawl(f"r{run}")
        assert done.outcomes("archived") == [f"{site.url}/a/{run}.html"]
        assert done.results["one"].state is SourceState.OK
    with instance.records() as records:
        assert records.waiting_links("one", 10) == []
    assert all(site.count(path) <= 10 for path in dead)  # two tries a run, five runs


def test_a_week_of_refusals_loses_no_link(site: Site, instance: Instance) -> None:
    paths = [f"/a/{n}.html" for n in range(4)]
    listed(site, paths)
    for path in paths:
        site.pages[path] = Reply(status=403)
    instance.leaf("one", f"{site.url}/a/")
    assert {instance.crawl(f"r{run}").results["one"].state for run in range(6)} == {SourceState.BLOCKED}
    for path in paths:
        site.article(path)
    done = instance.crawl("r7")
    assert (done.results["one"].fetched, done.results["one"].state) == (4, SourceState.OK)


def test_a_503_is_tried_once_more_when_the_server_says(new_site: Callable[[], Site], instance: Instance) -> None:
    once, long, limited = new_site(), new_site(), new_site()
    for site in (once, long, limited):
        listed(site, ["/a/1.html", "/a/2.html"])
        site.article("/a/1.html")
        site.article("/a/2.html")
    fine = once.pages["/a/1.html"]
    assert isinstance(fine, Reply)
    once.pages["/a/1.html"] = [Reply(status=503, headers={"Retry-After": "1"}), fine]
    long.pages["/a/1.html"] = Reply(status=503, headers={"Retry-After": "3600"})
    limited.pages["/a/1.html"] = [Reply(status=429, headers={"Retry-After": "1"}), fine]
    for name, site in {"once": once, "long": long, "limited": limited}.items():
        instance.leaf(name, f"{site.url}/a/")
    done = instance.crawl()
    assert done.results["once"].fetched == 2
    first, second = (one.at for one in once.seen if one.path == "/a/1.html")
    assert second - first >= 1.0
    # An hour is longer than a run waits: the host is left alone, its links wait.
    assert (long.count("/a/1.html"), long.count("/a/2.html"), done.results["long"].fetched) == (1, 0, 0)
    assert "60 分钟" in (done.results["long"].message or "")
    assert done.results["limited"].fetched == 2
    with instance.records() as records:
        assert len(records.waiting_links("long", 10)) == 2


def test_too_much_and_too_little(new_site: Callable[[], Site], instance: Instance) -> None:
    site, garbage = new_site(), new_site()
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    bombed = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(300)) + bomb.flush()
    site.pages.update({
        "/a/huge.html": Reply(b"<html>" + b"x" * 50_000_000, headers=HTML),
        "/a/bomb.html": Reply(bombed, headers={**HTML, "Content-Encoding": "gzip"}),
        "/a/empty.html": Reply(b"", headers=HTML),
        "/a/torn.html": Reply(b"\x1f\x8b\x08 not gzip", headers={**HTML, "Content-Encoding": "gzip"}),
        "/a/zipped.html": Reply(gzip.compress("<html>示例正文</html>".encode()), headers={**HTML, "Content-Encoding": "gzip"}),
        "/a/file.html": Reply(b"\x00\x01\x02" * 50, headers={"Content-Type": "application/octet-stream"}),
    })
    listed(site, [path for path in site.pages if path.startswith("/a/")])
    garbage.pages["/a/"] = Reply(os.urandom(3000), headers=HTML)
    instance.leaf("one", f"{site.url}/a/")
    instance.leaf("garbage", f"{garbage.url}/a/", at_least=1)
    done = instance.crawl()
    assert sorted(done.outcomes("too_large")) == [f"{site.url}/a/bomb.html", f"{site.url}/a/huge.html"]
    assert sorted(done.outcomes("archived")) == [f"{site.url}/a/{name}.html" for name in ("empty", "file", "zipped")]
    assert done.outcomes("failed") == [f"{site.url}/a/torn.html"]
    assert done.results["one"].state is SourceState.OK
    assert (done.results["garbage"].state, done.code) == (SourceState.FEW_LINKS, 1)
    assert "0 条链接" in (done.results["garbage"].message or "")
    with instance.records() as records:
        bodies = {row.url.rpartition("/")[2]: load(instance.archive, row).body for row in records.pages_to_read(1)}
    assert bodies["zipped.html"] == "<html>示例正文</html>".encode()  # kept without its Content-Encoding
    assert bodies["empty.html"] == b""


def test_a_list_that_links_to_itself_comes_to_an_end(site: Site, instance: Instance) -> None:
    listed(site, ["/a/1.html", "/a/2.html"], more='<a href="/a/?page=2">下一页</a>')
    listed(site, ["/a/2.html", "/a/1.html"], where="/a/?page=2", more='<a href="/a/?page=3">下一页</a>')
    site.article("/a/1.html")
    site.article("/a/2.html")
    instance.leaf("one", f"{site.url}/a/", max_pages=50)
    assert instance.crawl().results["one"].fetched == 2
    assert site.paths == ["/a/", "/a/?page=2", "/a/1.html", "/a/2.html"]


def test_paging_ends_at_known_links_only_after_a_round_that_came_to_its_end(site: Site, instance: Instance) -> None:
    for page in range(1, 5):
        listed(site, [f"/a/{page}.html"], where=f"/a/?p={page}", more=f'<a href="/a/?p={page + 1}">下一页</a>' if page < 4 else "")
        site.article(f"/a/{page}.html")
    good = site.pages["/a/?p=3"]
    site.pages["/a/?p=3"] = Reply(status=500)
    instance.leaf("one", f"{site.url}/a/?p=1", max_pages=10)
    first = instance.crawl("r1")
    assert (first.results["one"].state, first.results["one"].fetched) == (SourceState.DOWN, 2)
    site.pages["/a/?p=3"] = good
    second = instance.crawl("r2")
    assert (second.results["one"].state, second.results["one"].fetched) == (SourceState.OK, 2)
    site.seen.clear()
    instance.crawl("r3")
    assert [path for path in site.paths if "?p=" in path] == ["/a/?p=1"]


def test_a_pinned_row_does_not_hide_what_is_new(site: Site, instance: Instance) -> None:
    listed(site, ["/a/old.html", "/a/1.html"])
    for name in ("old", "1", "2"):
        site.article(f"/a/{name}.html", name * 60)
    instance.leaf("one", f"{site.url}/a/")
    instance.crawl("r1")
    listed(site, ["/a/old.html", "/a/2.html", "/a/1.html"])
    assert instance.crawl("r2").results["one"].fetched == 1


def test_an_article_that_its_row_says_was_changed_is_fetched_again_after_weeks(site: Site, instance: Instance) -> None:
    site.list_page("/a/", {"/a/1.html": "示例公司扩产", "/a/2.html": "示例公司新建"}, etag=True)
    site.article("/a/1.html", "旧文。" * 30)
    site.article("/a/2.html", "另一篇。" * 30)
    instance.leaf("one", f"{site.url}/a/")
    instance.crawl("r1", "--clock", "2026-11-01T02:30:00+08:00")
    site.seen.clear()
    site.article("/a/1.html", "新文。" * 30)
    quiet = instance.crawl("r2", "--clock", "2026-11-20T02:30:00+08:00")
    assert site.paths == ["/a/"]  # 304, and nobody is younger than a week
    assert quiet.results["one"].state is SourceState.OK
    site.list_page("/a/", {"/a/1.html": "示例公司扩产（更新）", "/a/2.html": "示例公司新建"}, etag=True)
    assert instance.crawl("r3", "--clock", "2026-11-21T02:30:00+08:00").outcomes("archived") == [f"{site.url}/a/1.html"]
    with instance.records() as records:
        assert len([row for row in records.pages_to_read(1) if row.url.endswith("/1.html")]) == 2  # the old version stays


def test_a_feed_with_quirks_brings_all_its_articles(site: Site, instance: Instance) -> None:
    stated = ["Wed, 10 Jun 2026 23:50:00 +0800", "2026-06-10 23:50:00", "2026年6月10日", ""]
    items = "".join(f"<item><title>示例&nbsp;公司\x0b第{n}条</title><link>{site.url}/n/{n}.html</link><pubDate>{day}</pubDate></item>" for n, day in enumerate(stated))
    site.pages["/feed.xml"] = Reply(f'<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>示例</title>{items}</channel></rss>'.encode("gb18030"),
                                    headers={"Content-Type": "text/xml"})
    for n in range(4):
        site.article(f"/n/{n}.html", f"发布时间：2026-06-10 23:50 正文{n}")
    instance.leaf("feed", f"{site.url}/feed.xml", family="feed")
    done = instance.crawl()
    assert (done.code, done.results["feed"].fetched) == (0, 4)
    assert "格式不规范" in (done.results["feed"].message or "")
    with instance.records() as records:
        rows = list(records.pages_to_read(1))
    assert [row.list_title for row in rows] == [f"示例 公司第{n}条" for n in range(4)]
    assert [row.list_date for row in rows] == ["2026-06-10 23:50", "2026-06-10 23:50", "2026-06-10", None]


def test_querylist_from_post_to_article(site: Site, instance: Instance) -> None:
    import json

    def answer(seen: object) -> Reply:
        body = seen.body  # type: ignore[attr-defined]
        number = 1 if b"current=1&" in body else 2
        found = [{"source": {"title": f"示例项目{n}环评公示", "pubDate": "2026-09-15 10:00:00", "urls": json.dumps({"pc": f"/code/c1/pc/content/content_{n}.html"})}}
                 for n in ({1: (1, 2), 2: (3,)}[number])]
        # One site answers the last page again for every page beyond it.
        return Reply(json.dumps({"data": {"results": found}}).encode(), headers={"Content-Type": "application/json"})

    site.pages["/queryList"] = answer
    for n in (1, 2, 3):
        site.article(f"/code/c1/pc/content/content_{n}.html")
    instance.leaf("city", f"{site.url}/code/c1/pc/list.html", family="querylist")
    done = instance.crawl()
    assert (done.code, done.results["city"].fetched, site.count("/queryList")) == (0, 3, 3)


def test_what_is_worth_a_look_is_said(new_site: Callable[[], Site], instance: Instance) -> None:
    sites = {rhythm: new_site() for rhythm in ("daily", "weekly")}
    for rhythm, site in sites.items():
        listed(site, ["/a/1.html"])
        site.article("/a/1.html")
        instance.leaf(rhythm, f"{site.url}/a/", rhythm=rhythm, terms_checked_on="2026-08-20")
    first = instance.crawl("r1", "--clock", "2026-11-01T02:30:00+08:00")
    assert [result.message for result in first.results.values()] == [None, None]
    assert instance.crawl("r2", "--clock", "2026-11-05T02:30:00+08:00").results["daily"].message is None
    later = {slug: result.message or "" for slug, result in instance.crawl("r3", "--clock", "2026-11-20T02:30:00+08:00").results.items()}
    assert ("七天没有新文章" in later["daily"], "七天没有新文章" in later["weekly"]) == (True, False)
    assert all("已过 92 天" in message for message in later.values())


# Kills

def test_a_killed_crawl_loses_no_link_though_its_list_then_answers_304(site: Site, instance: Instance) -> None:
    paths = [f"/a/{n}.html" for n in range(8)]
    listed(site, paths, etag=True)
    for path in paths:
        site.article(path)
    site.hold(paths[4])
    instance.leaf("one", f"{site.url}/a/")
    child = subprocess.Popen(instance.command("r1"), cwd=ROOT, stderr=subprocess.DEVNULL)
    wait_for(lambda: site.count(paths[4]) == 1 and archived(instance) >= 1)
    child.send_signal(signal.SIGKILL)
    child.wait()
    site.let_go.set()
    with instance.records() as records:
        (left,) = records.source_results("r1")
        kept = [row.url for row in records.pages_to_read(1)]
    assert left.state is SourceState.INTERRUPTED
    assert 1 <= len(kept) < 8
    site.pages["/a/"] = Reply(status=304)
    site.seen.clear()
    done = instance.crawl("r2")
    assert done.results["one"].state is SourceState.OK
    assert site.paths[0] != "/a/"  # links that wait go first
    with instance.records() as records:
        rows = list(records.pages_to_read(1))
    assert sorted(row.url for row in rows) == [f"{site.url}{path}" for path in paths]
    assert all(load(instance.archive, row).body for row in rows)


def test_a_killed_parent_lets_no_second_crawl_in(site: Site, instance: Instance, tmp_path: Path) -> None:
    paths = [f"/a/{n}.html" for n in range(6)]
    listed(site, paths)
    for path in paths:
        site.article(path)
    site.hold(paths[1])
    instance.leaf("one", f"{site.url}/a/")
    lock = tmp_path / "lock"
    parent_script = (
        "import fcntl, subprocess, sys, time\n"
        f"lock = open({str(lock)!r}, 'w'); fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "child = subprocess.Popen(sys.argv[1:], pass_fds=[lock.fileno()], stderr=subprocess.PIPE)\n"
        "print(child.pid, flush=True); time.sleep(3600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", parent_script, *instance.command("r1")], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    parent.stdout.readline()
    wait_for(lambda: site.count(paths[1]) == 1)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    with lock.open("w") as second:

        def free() -> bool:
            try:
                fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        assert not free(), "the child let go of the lock"
        # The pipe it tells its progress to is closed; it goes on to its end all the same.
        site.let_go.set()
        wait_for(free)
    with instance.records() as records:
        (result,) = records.source_results("r1")
    assert (result.state, result.fetched) == (SourceState.OK, 6)


def test_a_stopped_crawl_ends_by_itself_and_keeps_what_it_has(site: Site, instance: Instance) -> None:
    paths = [f"/a/{n}.html" for n in range(40)]
    listed(site, paths)
    for path in paths:
        site.article(path)
    site.hold(paths[4])
    instance.leaf("one", f"{site.url}/a/")
    child = subprocess.Popen(instance.command("r1"), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: site.count(paths[4]) == 1)
    child.send_signal(signal.SIGTERM)
    site.let_go.set()
    _, said = child.communicate(timeout=600)
    assert "Traceback" not in said
    with instance.records() as records:
        (result,) = records.source_results("r1")
        assert result.state is SourceState.INTERRUPTED
        assert all(load(instance.archive, row).body for row in records.pages_to_read(1))
        assert len(records.waiting_links("one", 100)) > 0


# What cannot work, and what is wrong

def test_an_archive_that_cannot_be_written_ends_the_crawl_in_words(site: Site, instance: Instance) -> None:
    listed(site, ["/a/1.html"])
    site.article("/a/1.html")
    instance.leaf("one", f"{site.url}/a/")
    (instance.folder / "data").mkdir()
    instance.archive.write_text("a file where the folder should be")
    done = instance.crawl()
    assert done.code == 3
    assert "存档" in done.lines[-1]["error"]
    assert site.seen == []  # nothing is asked for that could not be kept


def test_a_full_disk_ends_the_crawl_in_words_and_leaves_nothing_half_written(site: Site, instance: Instance) -> None:
    for n in range(3):
        site.pages[f"/a/{n}.html"] = Reply(os.urandom(400_000), headers=HTML)
    listed(site, [f"/a/{n}.html" for n in range(3)])
    instance.leaf("one", f"{site.url}/a/")
    # A limit on the size of files stands for the disk; the database stays below it.
    command = ["bash", "-c", "ulimit -f 800; trap '' XFSZ; exec \"$@\"", "-", *instance.command("r1")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 3, done.stderr
    assert "存档无法写入" in done.stderr
    again = instance.crawl("r2")
    assert again.results["one"].state is SourceState.OK
    with instance.records() as records:
        rows = list(records.pages_to_read(1))
    assert len(rows) == 3
    assert all(len(load(instance.archive, row).body) == 400_000 for row in rows)


def test_wrong_use_is_said_in_words(instance: Instance) -> None:
    instance.leaf("one", "http://127.0.0.1:9/a/")
    instance.leaf("off", "http://127.0.0.1:9/b/", enabled=False, checked_note="未核对栏目")
    unknown = instance.crawl("r1", "--source", "two")
    assert (unknown.code, unknown.lines[-1]["error"]) == (2, "没有来源“two”，现有：one、off")
    disabled = instance.crawl("r1", "--source", "off")
    assert disabled.code == 2
    assert "未核对栏目" in disabled.lines[-1]["error"]
    instance.leaf("bad", "http://127.0.0.1:9/c/", family="querylist", options={"variant": "soap"})
    wrong = instance.crawl("r1")
    assert (wrong.code, "options.variant" in wrong.lines[-1]["error"]) == (2, True)
    instance.leaves[-1]["family"] = "nothing"
    assert instance.crawl("r1").code == 2


def test_only_the_named_sources_are_crawled_and_disabled_ones_are_noted(new_site: Callable[[], Site], instance: Instance) -> None:
    first, second = new_site(), new_site()
    for site in (first, second):
        listed(site, ["/a/1.html"])
        site.article("/a/1.html")
    instance.leaf("one", f"{first.url}/a/")
    instance.leaf("two", f"{second.url}/a/")
    instance.leaf("off", f"{second.url}/b/", enabled=False, checked_note="未核对")
    assert set(instance.crawl("r1", "--source", "one").results) == {"one"}
    assert second.seen == []
    done = instance.crawl("r2")
    assert {slug: result.state for slug, result in done.results.items()} == {"one": SourceState.OK, "two": SourceState.OK, "off": SourceState.DISABLED}
