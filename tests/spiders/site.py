"""A site on loopback that counts: every request in order, how many were under way at once, how many connections stood open."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass
class Reply:
    """What the site answers. ``wait``: seconds before the answer; ``etag``: 304 where the client has it."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    etag: bool = False


@dataclass(frozen=True)
class Seen:
    """A request as it came."""

    at: float
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = Reply | list[Reply] | Callable[[Seen], Reply]


class Site:
    """``site.pages[path]``: a reply, replies one after the other (the last one for ever), or a function of the request."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {"/robots.txt": Reply(status=404)}
        self.seen: list[Seen] = []
        self.at_once = 0
        self.most_at_once = 0
        self.open = 0
        self.most_open = 0
        self._lock = threading.Lock()
        self.let_go = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                with site._lock:
                    site.open += 1
                    site.most_open = max(site.most_open, site.open)

            def finish(self) -> None:
                with site._lock:
                    site.open -= 1
                super().finish()

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                site._answer(self)

            do_POST = do_HEAD = do_GET

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A killed client resets its connection: nothing to print."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order, robots.txt left out."""
        return [one.path for one in self.seen if one.path != "/robots.txt"]

    def count(self, path: str) -> int:
        return sum(one.path == path for one in self.seen)

    def list_page(self, path: str, links: dict[str, str], *, etag: bool = False, more: str = "") -> None:
        """A list of ``links`` (address → title), all of one day."""
        rows = "".join(f'<li><a href="{href}">{title}</a><span>2026-09-15</span></li>' for href, title in links.items())
        self.pages[path] = Reply(f'<html><meta charset="utf-8"><body><ul>{rows}</ul>{more}</body></html>'.encode(), headers=HTML, etag=etag)

    def hold(self, path: str) -> None:
        """Answer ``path`` only once ``let_go`` is set: what happens before that is sure to happen while the crawl is under way."""
        reply = self.pages[path]
        assert isinstance(reply, Reply)

        def held(_: Seen) -> Reply:
            assert self.let_go.wait(600), "nobody let go"
            return reply

        self.pages[path] = held

    def article(self, path: str, text: str = "", **more: Any) -> None:
        body = f"<html><meta charset='utf-8'><title>{path}</title><body><h1>青禾示例公司</h1><p>{text or '示例正文。' * 30}</p></body></html>"
        self.pages[path] = Reply(body.encode(), headers=HTML, **more)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        seen = Seen(time.monotonic(), handler.command, handler.path, dict(handler.headers.items()), handler.rfile.read(length))
        with self._lock:
            self.seen.append(seen)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            answer = self.pages.get(handler.path, Reply(status=404))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
        try:
            reply = answer(seen) if callable(answer) else answer
            time.sleep(reply.wait)
            self._send(handler, reply)
        except OSError:
            handler.close_connection = True
        finally:
            with self._lock:
                self.at_once -= 1

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        status, body, headers = reply.status, reply.body, dict(reply.headers)
        if reply.etag and status == 200:
            headers["ETag"] = f'"{hashlib.md5(body).hexdigest()}"'
            if handler.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


HTML = {"Content-Type": "text/html"}
