"""The conversation with Kibana that writes the bundle: state, space, import. Every answer becomes a clear Chinese sentence."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from index.kibana.bundle import read_ndjson
from qingbao.errors import CannotWork

# An answer longer than this is not Kibana's: ours name some dozens of objects.
ANSWER_BYTES = 8_000_000
# Characters of Kibana's own message that are shown.
MESSAGE_CHARACTERS = 300
FILE_NAME = "qingbao.ndjson"  # any other ending is refused
OLDEST, FIRST_UNKNOWN = (8, 19), (10, 0)

TYPE_WORDS = {
    "index-pattern": "数据视图", "search": "搜索", "lens": "图表", "dashboard": "仪表板", "tag": "标签", "links": "链接", "visualization": "可视化", "map": "地图",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where Kibana is and who we are there. Secrets are in no ``repr``."""

    url: str  # with port and base path, where there is one
    space: str = "default"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What Kibana said: status and body (JSON, or what there was of it)."""

    status: int
    body: Any

    @property
    def message(self) -> str:
        """Kibana's own words, if it said any."""
        said = self.body.get("message", "") if isinstance(self.body, Mapping) else ""
        return str(said)[:MESSAGE_CHARACTERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of an import. Complete only if nothing failed and as much was written as was sent."""

    written: tuple[str, ...]  # 种类“标题”
    failed: tuple[str, ...]  # with the reason
    warnings: tuple[str, ...] = ()
    nothing: bool = False  # Kibana wrote nothing at all


class Kibana:
    """A Kibana. One connection a request; nothing is asked before the first call."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
            raise CannotWork("kibana.url 应写成 http(s)://主机:端口，用户名和密码不要写在里面。")
        self._settings, self._secure = settings, parts.scheme == "https"
        self._host, self._port, self._base = parts.hostname, parts.port or (443 if self._secure else 5601), parts.path.rstrip("/")
        self._context = _context(settings.ca_file) if self._secure else None

    def ready(self) -> str | None:
        """The version, None where it is not told to us. Raises CannotWork while Kibana starts, and for a version that the bundle is not for."""
        answer = self._ask("GET", "/api/status")
        if answer.status == 503:
            raise self._starting()
        self._refuse(answer)
        level = _dig(answer.body, "status", "overall", "level")
        if level == "unavailable":
            raise self._starting()
        if level is None:
            raise CannotWork(f"{self._settings.url} 不是 Kibana（/api/status 的回答不对）。请检查 kibana.url 的地址、端口和路径。")
        version = _dig(answer.body, "version", "number")
        if not isinstance(version, str):
            return None
        try:
            major, minor = (int(part) for part in version.split(".")[:2])
        except ValueError:
            return version
        if not OLDEST <= (major, minor) < FIRST_UNKNOWN:
            raise CannotWork(f"Kibana 的版本是 {version}，本系统的对象适用于 8.19 和 9.x。没有写入任何内容。")
        return version

    def prepare_space(self, name: str, *, create: bool) -> bool:
        """Be sure that the space is there; whether it was made now. Raises CannotWork where it is missing and not to be made."""
        space = self._settings.space
        if space == "default":
            return False
        answer = self._ask("GET", f"/api/spaces/space/{space}")
        if answer.status == 403:  # who may not look at spaces may still import into one: the import says more
            return False
        if answer.status != 404:
            self._refuse(answer)
            return False
        if not create:
            raise CannotWork(f"Kibana 中没有空间“{space}”。请加 --create-space 新建，或改 qingbao.yaml 中的 kibana.space。")
        made = self._ask("POST", "/api/spaces/space", json.dumps({"id": space, "name": name}, ensure_ascii=False).encode(), "application/json")
        if made.status == 409:  # somebody else made it meanwhile
            return False
        self._refuse(made, "新建空间需要管理空间的权限。")
        return True

    def send(self, data: bytes, *, overwrite: bool = True) -> Imported:
        """Import a bundle. What Kibana refuses object by object stands in the answer; it raises CannotWork where it refused the whole."""
        boundary = "qingbao-bundle-boundary"
        body = b"".join([
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{FILE_NAME}"\r\nContent-Type: application/ndjson\r\n\r\n'.encode(),
            data, f"\r\n--{boundary}--\r\n".encode(),
        ])
        query = urlencode({"overwrite": "true"}) if overwrite else ""
        answer = self._ask("POST", f"{self._space_path()}/api/saved_objects/_import?{query}".rstrip("?"), body, f"multipart/form-data; boundary={boundary}")
        if answer.status == 404:
            raise CannotWork(f"Kibana 中没有空间“{self._settings.space}”，或该地址不是 Kibana。请加 --create-space，或检查 kibana.url 和 kibana.space。")
        if answer.status == 400:
            raise CannotWork(f"Kibana 不接受这个文件：{answer.message or '没有说明原因'}。没有写入任何内容。")
        if answer.status == 413:
            raise CannotWork("Kibana 或其前面的代理嫌文件太大（HTTP 413）。请调大代理的请求体上限（例如 nginx 的 client_max_body_size 2m）。")
        if answer.status == 422:
            raise CannotWork(f"Kibana 的版本太旧，不认识其中的对象：{answer.message}。需要 8.19 或 9.x。没有写入任何内容。")
        self._refuse(answer, "导入需要该空间 Saved Objects Management 的 All 权限。")
        return read_import(data, answer.body)

    def _space_path(self) -> str:
        return "" if self._settings.space == "default" else f"/s/{self._settings.space}"

    def _starting(self) -> CannotWork:
        return CannotWork(f"Kibana {self._settings.url} 还在启动或暂不可用（503）。请等一两分钟再试；一直如此请查看 Kibana 的日志。")

    def _refuse(self, answer: Answer, rights: str = "") -> None:
        """Raise for an answer that is no success."""
        url, status, message = self._settings.url, answer.status, answer.message
        if 200 <= status < 300:
            return
        if status == 401:
            raise CannotWork(f"Kibana {url} 拒绝登录：用户名、密码或 API key 不对。请检查 kibana.user 和环境变量。")
        if status == 403:
            raise CannotWork(f"Kibana {url} 的账号权限不够。{rights or '请检查账号在该空间的权限。'}")
        if status == 503:
            raise self._starting()
        if status == 400 and "kbn-xsrf" in message:
            raise CannotWork(f"Kibana {url} 没有收到 kbn-xsrf 请求头，多半被中间的代理去掉了。请让代理转发它。")
        if 300 <= status < 400:
            raise CannotWork(f"Kibana {url} 要求转到别处（HTTP {status}）。请把 kibana.url 写成最终地址（协议、端口和路径）。")
        raise CannotWork(f"Kibana {url} 报错（HTTP {status}）：{message or '没有说明原因'}")

    def _ask(self, method: str, path: str, body: bytes | None = None, content: str | None = None) -> Answer:
        headers = {"kbn-xsrf": "qingbao", "Accept": "application/json"}
        if content:
            headers["Content-Type"] = content
        if self._settings.api_key:
            headers["Authorization"] = f"ApiKey {self._settings.api_key}"
        elif self._settings.user:
            secret = f"{self._settings.user}:{self._settings.password or ''}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(secret).decode()}"
        connection = self._connection()
        try:
            connection.request(method, self._base + path, body, headers)
            response = connection.getresponse()
            data = response.read(ANSWER_BYTES)
        except ssl.SSLError as error:
            raise CannotWork(f"与 Kibana {self._settings.url} 的加密连接失败：证书不受信任、主机名不符，或该端口只接受 http。请检查 kibana.ca_file。") from error
        except TimeoutError as error:
            raise CannotWork(f"Kibana {self._settings.url} 在 {self._settings.timeout:g} 秒内没有回答。") from error
        except (OSError, http.client.HTTPException, socket.gaierror) as error:
            raise CannotWork(f"无法连接 Kibana {self._settings.url}：服务没有运行、地址不对，或该端口需要 https。") from error
        finally:
            connection.close()
        if response.status == 400 and b"kbn-xsrf" in data:
            self._refuse(Answer(400, {"message": "kbn-xsrf"}))
        return Answer(response.status, _json(data))

    def _connection(self) -> http.client.HTTPConnection:
        if self._context is not None:
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._settings.timeout, context=self._context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._settings.timeout)


def read_import(data: bytes, body: Any) -> Imported:
    """What an answer with status 200 says. It is no success by its status: ``success`` must be true and every object must be in it."""
    if not isinstance(body, Mapping) or not isinstance(body.get("success"), bool):
        raise CannotWork("Kibana 对导入的回答看不懂，不能确定写入了什么。请在 Kibana 中查看后再试一次。")
    sent = {(one["type"], one["id"]): str(one["attributes"].get("title") or one["attributes"].get("name") or one["id"]) for one in read_ndjson(data)}
    errors = body.get("errors") or []
    failed = [f"{_called(one, sent)}：{_reason(one.get('error') or {})}" for one in errors]
    # These three make Kibana write nothing at all, although it lists the others as written.
    nothing = any((one.get("error") or {}).get("type") in {"conflict", "ambiguous_conflict", "missing_references"} for one in errors)
    written = [] if nothing else [(one.get("type"), one.get("id")) for one in body.get("successResults") or []]
    if not nothing:
        told = {*written, *((one.get("type"), one.get("id")) for one in errors)}
        failed += [f"{_called({'type': kind, 'id': key}, sent)}：Kibana 没有说它是否写入" for kind, key in sent if (kind, key) not in told]
    if not failed and not body["success"]:
        failed.append("Kibana 说导入没有成功，但没有说明原因")
    warnings = tuple(str(one.get("message", ""))[:MESSAGE_CHARACTERS] for one in body.get("warnings") or [])
    moved = tuple(
        f"{_called(one, sent)} 在这个空间得到了新的编号 {one['destinationId']}：别的空间已有同名编号" for one in body.get("successResults") or []
        if one.get("destinationId") and one["destinationId"] != one.get("id") and not nothing
    )
    return Imported(written=tuple(_called({"type": kind, "id": key}, sent) for kind, key in written), failed=tuple(failed), warnings=warnings + moved,
                    nothing=nothing)


def _called(one: Mapping[str, Any], sent: Mapping[tuple[str, str], str]) -> str:
    kind, key = str(one.get("type")), str(one.get("id"))
    title = sent.get((kind, key)) or _dig(one, "meta", "title") or key
    return f"{TYPE_WORDS.get(kind, kind)}“{title}”"


def _reason(error: Mapping[str, Any]) -> str:
    match error.get("type"):
        case "conflict":
            return "Kibana 中已有同样编号的对象，没有覆盖（去掉 --keep 就会覆盖）"
        case "ambiguous_conflict":
            others = "、".join(str(one.get("title") or one.get("id")) for one in error.get("destinations") or [])
            return f"Kibana 中有几个对象都来自它（{others}），请先在 Kibana 中删去多余的"
        case "missing_references":
            wanted = "、".join(f"{TYPE_WORDS.get(str(one.get('type')), str(one.get('type')))} {one.get('id')}" for one in error.get("references") or [])
            return f"缺少它引用的对象：{wanted}"
        case "unsupported_type":
            return "这个 Kibana 不认识这种对象"
        case "unknown":
            code = error.get("statusCode")
            words = str(error.get("message", ""))[:MESSAGE_CHARACTERS]
            return f"只读，或账号没有权限（403）：{words}" if code == 403 else f"Kibana 拒绝了它：{words}"
        case other:
            return f"Kibana 拒绝了它：{other or '没有说明原因'} {str(error.get('message', ''))[:MESSAGE_CHARACTERS]}".strip()


def _context(ca_file: Path | None) -> ssl.SSLContext:
    if ca_file is not None and not ca_file.is_file():
        raise CannotWork(f"找不到 CA 证书文件 {ca_file}（kibana.ca_file）。")
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except ssl.SSLError as error:
        raise CannotWork(f"{ca_file} 不是 CA 证书文件（kibana.ca_file）。") from error


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def _dig(body: Any, *path: str) -> Any:
    for step in path:
        body = body.get(step) if isinstance(body, Mapping) else None
    return body
