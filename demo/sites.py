"""Six invented sites on loopback, each a port of its own, served from one process."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from demo.content import SHANGHAI
from demo.pages import SITES, Answer, SitePages, build_site

SLOW_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that a site answered."""

    site: str
    method: str
    path: str
    status: int
    at: float  # time.monotonic()
    user_agent: str
    open_connections: int  # connections to this site that were being answered, this one included


@dataclass(slots=True, kw_only=True)
class DemoSites:
    """What runs: base addresses by site and every request so far."""

    today: date
    bases: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    article_urls: dict[str, str] = field(default_factory=dict)  # article id → its address

    @property
    def ports(self) -> dict[str, int]:
        """Port by site, so that a later run can serve the same addresses."""
        return {site: int(base.rsplit(":", 1)[1]) for site, base in self.bases.items()}


class _Handler(BaseHTTPRequestHandler):
    """Answers from a table; the only moving parts are the page that fails once and conditional requests."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), 65536)
        self._serve(self.rfile.read(length))

    def log_message(self, format: str, *args: object) -> None:
        """Requests are kept in the list, not on stderr."""

    def _serve(self, posted: bytes | None) -> None:
        with self.server.lock:
            self.server.active += 1
            active = self.server.active
        try:
            answer = self._answer(posted)
            self._send(answer, active)
        finally:
            with self.server.lock:
                self.server.active -= 1

    def _answer(self, posted: bytes | None) -> Answer:
        pages, target = self.server.pages, urlsplit(self.path)
        if posted is not None:
            return pages.query(_form(posted, self.headers.get("Content-Type") or "")) if pages.query and target.path == "/queryList" else _NOT_FOUND
        answer = pages.answers.get(self.path) or pages.answers.get(target.path) or _NOT_FOUND
        if answer.behaviour == "slow":
            time.sleep(SLOW_SECONDS)
        if answer.behaviour == "once_503":
            with self.server.lock:
                first = self.path not in self.server.failed_once
                self.server.failed_once.add(self.path)
            if first:
                return Answer(status=503, content_type="text/html", body=b"", headers={"Retry-After": "1"})
        return answer

    def _unchanged(self, answer: Answer) -> bool:
        etags = self.headers.get("If-None-Match")
        if etags is not None:
            return answer.etag in (tag.strip() for tag in etags.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None or answer.modified is None:
            return False
        try:
            return answer.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _send(self, answer: Answer, active: int) -> None:
        status = 304 if answer.status == 200 and self._unchanged(answer) else answer.status
        body = b"" if status == 304 else answer.body
        # Noted before the bytes leave: whoever has read the answer finds its request in the list.
        self.server.note(Request(
            site=self.server.site, method=self.command, path=self.path, status=status, at=time.monotonic(),
            user_agent=self.headers.get("User-Agent") or "", open_connections=active,
        ))
        self.send_response(status)
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        if answer.status == 200:
            self.send_header("ETag", answer.etag)
            if answer.modified is not None:
                self.send_header("Last-Modified", answer.modified_header)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


_NOT_FOUND = Answer(status=404, content_type="text/html; charset=utf-8", body="<html><head><title>404</title></head><body>您访问的页面不存在</body></html>".encode())


def _form(posted: bytes, content_type: str) -> dict[str, str]:
    """The fields of a queryList request: form encoded or JSON, names with or without brackets."""
    if "json" in content_type:
        data: dict[str, Any] = json.loads(posted or b"{}")
        return {name: str(value[0] if isinstance(value, list) else value) for name, value in data.items()}
    return {name.removesuffix("[]"): values[0] for name, values in parse_qs(posted.decode("utf-8", "replace")).items()}


class _Server(ThreadingHTTPServer):
    """One site's server."""

    daemon_threads = True
    block_on_close = False  # a kept-alive connection must not hold up the end of the demo

    def __init__(self, site: str, port: int, sites: DemoSites, log: Path | None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.site, self.sites, self.log = site, sites, log
        self.pages = SitePages(site=site)
        self.lock, self.active, self.failed_once = threading.Lock(), 0, set[str]()

    def note(self, request: Request) -> None:
        self.sites.requests.append(request)
        if self.log is not None:
            line = json.dumps({"site": request.site, "method": request.method, "path": request.path, "status": request.status,
                               "user_agent": request.user_agent, "open": request.open_connections}, ensure_ascii=False)
            with self.lock, self.log.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve(
    *, ports: Mapping[str, int] | None = None, today: date | None = None, second_run: bool = False, log: Path | None = None,
) -> Iterator[DemoSites]:
    """Serve all demo sites on 127.0.0.1 until the block ends.

    ``ports``: port by site (0 or missing: a free one), so that a second run finds the addresses of the first. ``today``: the day from
    which all dates of the pages are counted back (default: today in Shanghai). ``second_run``: with the edited article and the new ones.
    Raises OSError where a wanted port is taken.
    """
    sites = DemoSites(today=today or datetime.now(SHANGHAI).date())
    servers: list[_Server] = []
    try:
        for site in SITES:
            servers.append(_Server(site, (ports or {}).get(site, 0), sites, log))
            sites.bases[site] = f"http://127.0.0.1:{servers[-1].server_address[1]}"
        for server in servers:
            server.pages = build_site(server.site, sites.bases, sites.today, second_run=second_run)
            sites.article_urls.update(server.pages.article_urls)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name=f"demo-{server.site}").start()
        yield sites
    finally:
        for server in servers:
            if server.pages.answers:
                server.shutdown()
            server.server_close()


def main(arguments: list[str] | None = None) -> None:
    """``python -m demo.sites [--port 8731] [--log requests.jsonl] [--second-run]``: serve until interrupted."""
    import argparse

    parser = argparse.ArgumentParser(description="演示站点:在本机上提供六个虚构网站")
    parser.add_argument("--port", type=int, default=0, help="第一个站点的端口,其余依次加一;默认由系统选择")
    parser.add_argument("--log", type=Path, help="把每次访问写入该文件(每行一个 JSON)")
    parser.add_argument("--today", type=date.fromisoformat, help="页面日期的基准日 YYYY-MM-DD;默认今天")
    parser.add_argument("--second-run", action="store_true", help="带上第二次运行时才出现的内容")
    options = parser.parse_args(arguments)
    ports = {site: options.port + place for place, site in enumerate(SITES)} if options.port else None
    with serve(ports=ports, today=options.today, second_run=options.second_run, log=options.log) as sites:
        for site, base in sites.bases.items():
            print(f"{SITES[site].name}\t{base}{SITES[site].entry}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("已停止", flush=True)


if __name__ == "__main__":
    main()
