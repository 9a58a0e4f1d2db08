"""Rules that are settings or commands: what must not be switched on, and the ways in besides the nightly crawl."""

from __future__ import annotations

import datetime as dt
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import qingbao.settings as scrapy_settings
from qingbao import config
from qingbao.crawling import user_agent
from qingbao.model import Source, Trust
from records.values import SourceState
from spiders.asking import delay_of
from spiders.robots_check import robots_lines
from tests.spiders.conftest import ROOT, Instance
from tests.spiders.site import Reply, Site


def test_manners_are_not_switched_off() -> None:
    on = {"DOWNLOAD_VERIFY_CERTIFICATES"}
    off = {"TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "HTTPPROXY_ENABLED", "RETRY_ENABLED", "REDIRECT_ENABLED", "METAREFRESH_ENABLED"}
    assert {name for name in on | off if getattr(scrapy_settings, name)} == on
    order = scrapy_settings.DOWNLOADER_MIDDLEWARES
    assert order["spiders.manners.addresses.AddressMiddleware"] < order["spiders.manners.robots.RobotsMiddleware"] < order["spiders.manners.lanes.LaneMiddleware"]
    assert order["spiders.manners.lanes.LaneMiddleware"] > 900  # behind all of Scrapy's, nearest to the wire
    assert {value for name in vars(scrapy_settings) if name.isupper() for value in [getattr(scrapy_settings, name)] if callable(value)} == set()


@pytest.mark.parametrize(("host", "trust", "stated", "delay"), [
    ("www.h.cn", Trust.MEDIA, None, 3.0), ("www.h.cn", Trust.MEDIA, 0.0, 3.0), ("www.h.cn", Trust.MEDIA, 1.0, 3.0), ("www.h.cn", Trust.MEDIA, 10.0, 10.0),
    ("www.h.gov.cn", Trust.MEDIA, None, 5.0), ("www.h.cn", Trust.GOVERNMENT, 3.0, 5.0), ("www.h.cn", Trust.OFFICIAL_NOTICE, None, 5.0),
    ("127.0.0.1:80", Trust.GOVERNMENT, None, 0.0), ("127.0.0.1:80", Trust.MEDIA, 0.5, 0.5), ("localhost:1", Trust.MEDIA, None, 0.0),
])
def test_no_leaf_is_faster_than_the_default(host: str, trust: Trust, stated: float | None, delay: float) -> None:
    assert delay_of(Source(slug="x", name="x", family="feed", start=(f"http://{host}/",), hosts=(host,), trust=trust, delay=stated)) == delay


@pytest.mark.parametrize(("contact", "agent"), [
    ("云岭招商 mailto:a.b@qinghe.gov.cn", "QingbaoBot/1 (+mailto:a.b@qinghe.gov.cn)"), ("https://park.cn/bot", "QingbaoBot/1 (+https://park.cn/bot)"),
    ("招商局（https://park.cn/bot；电话略）a@b.cn", "QingbaoBot/1 (+https://park.cn/bot; mailto:a@b.cn)"), ("招商局", "QingbaoBot/1"),
])
def test_the_user_agent_holds_ascii_only(contact: str, agent: str) -> None:
    assert user_agent("1", contact) == agent
    assert agent.isascii()


def test_scrapy_lists_the_one_spider_and_crawls_with_it(site: Site, instance: Instance) -> None:
    def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "scrapy", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=600, check=True)

    assert scrapy("list").stdout.split() == ["catalogue"]
    site.list_page("/a/", {"/a/1.html": "示例公司扩产"})
    site.article("/a/1.html")
    instance.leaf("one", f"{site.url}/a/")
    instance.leaf("two", f"{site.url}/b/")
    instance.write()
    scrapy("crawl", "catalogue", "-a", "source=one", "-a", f"instance={instance.folder}")
    assert site.paths == ["/a/", "/a/1.html"]
    with instance.records() as records:
        assert [row.url for row in records.pages_to_read(1)] == [f"{site.url}/a/1.html"]


def test_one_page_by_its_address(site: Site, new_site: Callable[[], Site], instance: Instance) -> None:
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /secret/\n")
    site.article("/n/1.html")
    site.article("/secret/1.html")
    instance.leaf("other", f"{new_site().url}/a/")
    done = instance.crawl("r1", "--url", f"{site.url}/n/1.html")
    assert (done.code, site.paths, set(done.results)) == (0, ["/n/1.html"], {"manual"})
    with instance.records() as records:
        assert [(row.url, row.slug) for row in records.pages_to_read(1)] == [(f"{site.url}/n/1.html", "manual")]
    assert "没有变化" in (instance.crawl("r2", "--url", f"{site.url}/n/1.html").results["manual"].message or "")
    forbidden = instance.crawl("r3", "--url", f"{site.url}/secret/1.html")
    assert forbidden.code == 1
    assert "robots.txt 不允许" in (forbidden.results["manual"].message or "")
    assert site.count("/secret/1.html") == 0
    for url in ("ftp://h.cn/a", "http://192.168.1.1/", "nonsense"):
        assert instance.crawl("r4", "--url", url).code == 2


def test_check_asks_for_robots_alone(new_site: Callable[[], Site], instance: Instance) -> None:
    fine, closed, forbidden, html, moved = (new_site() for _ in range(5))
    fine.pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 7\n")
    closed.pages["/robots.txt"] = Reply(status=500)
    forbidden.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /a/\n")
    html.pages["/robots.txt"] = Reply(b"<html></html>", headers={"Content-Type": "text/html"})
    moved.pages["/robots.txt"] = Reply(status=302, headers={"Location": f"{fine.url}/robots.txt"})
    sites = {"fine": fine, "closed": closed, "forbidden": forbidden, "html": html, "moved": moved}
    for name, one in sites.items():
        instance.leaf(name, [f"{one.url}/a/", f"{one.url}/b/"])
    instance.leaf("gone", "http://127.0.0.1:9/a/")
    instance.leaf("off", f"{fine.url}/c/", enabled=False)
    instance.write()
    lines = list(robots_lines(config.load(instance.folder)))
    said = {name: [(good, text) for good, text in lines if f"示例来源{name}”" in text] for name in [*sites, "gone", "off"]}
    assert [good for good, _ in said["fine"]] == [True, True]
    assert "7 秒" in said["fine"][0][1]
    assert [good for good, _ in said["closed"]] == [False, False]
    assert [good for good, _ in said["forbidden"]] == [False, True]
    assert [good for good, _ in said["html"]] == [True, True]
    assert [good for good, _ in said["moved"]] == [False, False]
    assert "无法连接" in said["gone"][0][1]
    assert said["off"] == []
    assert all([one.path for one in site.seen] == ["/robots.txt"] for site in sites.values())


@pytest.fixture
def self_signed(tmp_path: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = builder.not_valid_before(today - dt.timedelta(days=1)).not_valid_after(today + dt.timedelta(days=2)).sign(key, hashes.SHA256())
    path = tmp_path / "site.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_that_nobody_vouches_for_is_not_taken(self_signed: Path, instance: Instance) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        instance.leaf("one", f"https://localhost:{server.server_address[1]}/a/")
        done = instance.crawl()
        lines = list(robots_lines(config.load(instance.folder)))
    finally:
        server.shutdown()
        server.server_close()
    assert (done.results["one"].state, asked) == (SourceState.CLOSED, [])
    assert "证书" in (done.results["one"].message or "")
    assert [(good, "证书" in text) for good, text in lines] == [(False, True)]
