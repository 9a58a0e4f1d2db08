"""A Kibana on loopback that answers as the documentation and the sources of 8.19 and 9.x say; it keeps objects by space."""

import base64
import email.parser
import email.policy
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# The newest shapes that a release knows.
KNOWN = {
    "8.19.16": {"index-pattern": (8, 0, 0), "tag": (8, 0, 0), "search": (10, 5, 0), "lens": (8, 9, 0), "dashboard": (10, 3, 0)},
    "9.5.0": {"index-pattern": (8, 0, 0), "tag": (8, 0, 0), "search": (10, 18, 0), "lens": (10, 2, 0), "dashboard": (10, 4, 0)},
}
PASSWORD, KEY = "geheim-kib", "a2V5OnNlY3JldA=="


class FakeKibana:
    """What it holds and how it is disposed; ``asked`` is what came in."""

    def __init__(self, version="8.19.16"):
        self.version = version
        self.spaces = {"default": {}}
        self.asked = []
        self.secured = False
        self.user = "qb"
        self.roles = {}
        self.starting = False
        self.forbid = ()  # paths that answer 403
        self.broken = {}  # (type, id) → error of an object
        self.instead = None  # (status, body, headers) for every import
        self.strip_xsrf = False  # a proxy that drops the header
        self.base = ""

    def objects(self, space="qingbao"):
        return self.spaces.get(space, {})

    def answer(self, method, target, headers, body):
        url = urlsplit(target)
        path = url.path.removeprefix(self.base)
        self.asked.append((method, path, url.query))
        if self.starting:
            return 503, {"message": "Kibana server is not ready yet"} if path != "/api/status" else {"status": {"overall": {"level": "unavailable"}}}
        if self.secured and not self._may(headers):
            if path == "/api/status":
                return 200, {"status": {"overall": {"level": "available"}}}
            return 401, {"statusCode": 401, "error": "Unauthorized", "message": "Unauthorized"}
        if any(path.endswith(end) for end in self.forbid):
            return 403, {"statusCode": 403, "error": "Forbidden", "message": "Forbidden"}
        if path == "/api/status":
            return 200, {"version": {"number": self.version}, "status": {"overall": {"level": "available"}}}
        if method != "GET" and (self.strip_xsrf or not headers.get("kbn-xsrf")):
            return 400, {"statusCode": 400, "error": "Bad Request", "message": "Request must contain a kbn-xsrf header."}
        if path.startswith("/api/security/role/"):
            self.roles[path.rsplit("/", 1)[1]] = json.loads(body)
            return 204, b""
        if path.startswith("/api/spaces/space"):
            return self._space(method, path, body)
        space = "default"
        if path.startswith("/s/"):
            _, _, space, path = path.split("/", 3)
            path = f"/{path}"
        if space not in self.spaces or path != "/api/saved_objects/_import":
            return 404, {"statusCode": 404, "error": "Not Found", "message": "Not Found"}
        return self.instead or self._import(self.spaces[space], parse_qs(url.query), headers, body)

    def _may(self, headers):
        said = headers.get("Authorization", "")
        return said in (f"ApiKey {KEY}", "Basic " + base64.b64encode(f"{self.user}:{PASSWORD}".encode()).decode())

    def _space(self, method, path, body):
        if method == "GET":
            name = path.rsplit("/", 1)[1]
            return (200, {"id": name}) if name in self.spaces else (404, {"statusCode": 404, "message": "Not Found"})
        name = json.loads(body)["id"]
        if name in self.spaces:
            return 409, {"statusCode": 409, "message": f"space {name} already exists"}
        self.spaces[name] = {}
        return 200, {"id": name}

    def _import(self, kept, query, headers, body):
        raw = b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body
        parts = list(email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(raw).iter_parts())
        part = next(p for p in parts if p.get_param("name", header="content-disposition") == "file")
        if not (part.get_filename() or "").endswith(".ndjson"):
            return 400, {"statusCode": 400, "error": "Bad Request", "message": f"Invalid file extension {part.get_filename()}"}
        try:
            lines = [json.loads(line) for line in part.get_payload(decode=True).decode().split("\n") if line.strip()]
        except ValueError:
            return 400, {"statusCode": 400, "error": "Bad Request", "message": "Unexpected token in JSON"}
        keys = [(one["type"], one["id"]) for one in lines]
        if len(set(keys)) < len(keys):
            return 400, {"statusCode": 400, "error": "Bad Request", "message": "Non-unique import objects detected"}
        if any("attributes" not in one for one in lines):
            return 500, {"statusCode": 500, "error": "Internal Server Error", "message": "An internal server error occurred"}
        for one in lines:
            newest = KNOWN[self.version].get(one["type"])
            if newest and tuple(map(int, one["typeMigrationVersion"].split("."))) > newest:
                return 422, {"statusCode": 422, "error": "Unprocessable Entity",
                             "message": f'Document "{one["id"]}" belongs to a more recent version of Kibana'}
        return self._keep(kept, query, lines)

    def _keep(self, kept, query, lines):
        overwrite = query.get("overwrite") == ["true"]
        sent, errors, good = {(one["type"], one["id"]) for one in lines}, [], []
        for one in lines:
            key = (one["type"], one["id"])
            meta = {"title": one["attributes"].get("title") or one["attributes"].get("name"), "icon": "x"}
            lost = [{"type": r["type"], "id": r["id"]} for r in one["references"] if r["type"] in {"index-pattern", "search"}
                    and (r["type"], r["id"]) not in sent | set(kept)]
            error = self.broken.get(key)
            if one["type"] not in KNOWN[self.version]:
                error = {"type": "unsupported_type"}
            elif lost:
                error = {"type": "missing_references", "references": lost}
            elif key in kept and not overwrite:
                error = {"type": "conflict"}
            if error:
                errors.append({"type": one["type"], "id": one["id"], "meta": meta, "error": error})
            else:
                good.append((key, one, {"type": one["type"], "id": one["id"], "meta": meta, "managed": False}))
        if not any(error["error"]["type"] in {"conflict", "ambiguous_conflict", "missing_references"} for error in errors):
            kept.update({key: one for key, one, _ in good})
        body = {"success": not errors, "successCount": len(good), "warnings": []}
        if good:
            body["successResults"] = [told for _, _, told in good]
        if errors:
            body["errors"] = errors
        return 200, body


@contextmanager
def serving(kibana, context=None):
    """The address at which it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said, *more = kibana.answer(self.command, self.path, self.headers, body)
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_PUT = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http{'s' if context else ''}://127.0.0.1:{server.server_address[1]}{kibana.base}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
