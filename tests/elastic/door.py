"""A door before a real server that knows API keys: the archives on Maven cannot make any, for want of an analysis module."""

import base64
import ssl
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def door(server, keys):
    """The URL of the door, with the server's own certificate. ``keys``: API key → (user, password) whose rights it has.

    A key that is not, or no longer, among them goes to the server as it is: what it answers to that is its own.
    """
    trusted = ssl.create_default_context(cafile=str(server.ca))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
            kind, _, key = self.headers.get("Authorization", "").partition(" ")
            way_in = f"{kind} {key}"
            if kind == "ApiKey" and key in keys:
                way_in = "Basic " + base64.b64encode(":".join(keys[key]).encode()).decode()
            told = {name: value for name, value in self.headers.items() if name.lower() in ("content-type", "accept")}
            request = urllib.request.Request(server.url + self.path, body, told | {"Authorization": way_in}, method=self.command)
            try:
                answer = urllib.request.urlopen(request, context=trusted)
            except urllib.error.HTTPError as refused:
                answer = refused
            with answer:
                said = answer.read()
            self.send_response(answer.status)
            for name in ("Content-Type", "X-elastic-product"):
                if (value := answer.headers.get(name)) is not None:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said)

        do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

        def log_message(self, *_):
            pass

    certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.load_cert_chain(server.ca.with_name("http.crt"), server.ca.with_name("http.key"))
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    listening.socket = certificate.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"https://127.0.0.1:{listening.server_address[1]}"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
