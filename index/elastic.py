"""The Elasticsearch engine: the search contract on a server of version 8.19 or 9.x."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
from elasticsearch import Elasticsearch, OrjsonSerializer

from index.cut import phrases
from index.elastic_errors import PASSING, Passing, block_sentence, said_plainly
from index.elastic_mapping import alias, document_id, made_by, state_index
from index.elastic_query import read_answer, search_body, source
from index.search import Document, Found, Health, Kind, Query, Rebuilt, Refused, Removal, SearchLost
from qingbao.errors import CannotWork

# A request holds at most so many bytes (the server's limit is 100 MB) and documents; the rest of the batch waits in memory as it is.
REQUEST_BYTES = 5_000_000
REQUEST_DOCUMENTS = 500

# Seconds to wait before a busy server is asked again; after the last it is given up for this run.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)

# Characters of the server's reason that are kept: it may quote the value that it refused.
REASON_CHARACTERS = 300

NOT_BUILT = "搜索服务上还没有本系统的索引，需要从数据库建立（qingbao index rebuild）"
OTHER_VERSION = "搜索服务上的索引由其他版本的程序建立，需要从数据库重建（qingbao index rebuild）"

T = TypeVar("T")
Item = tuple[Document | Removal, list[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to reach the server. The secrets come from the environment and are in no ``repr``."""

    url: str  # with port
    prefix: str = "qingbao"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    fingerprint: str | None = None  # of the server's own certificate
    timeout: float = 60.0


class ElasticSearch:
    """Search on a server. Nothing is asked of it before the first call."""

    name = "elasticsearch"

    def __init__(self, settings: Settings, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings, self._sleep = settings, sleep
        self.client = connect(settings)

    @property
    def prefix(self) -> str:
        """What the names of all our indices begin with."""
        return self._settings.prefix

    def close(self) -> None:
        """Close all connections."""
        self.client.close()

    def put(self, documents: Sequence[Document]) -> list[Refused]:
        """Keep ``documents``; those that the mapping refuses come back with the server's reason."""
        return self.send((d, lines(d, self._target(d.kind))) for d in documents)

    def delete(self, removals: Sequence[Removal]) -> None:
        """Forget documents; the server remembers their versions for 7 days."""
        self.send((r, lines(r, self._target(r.kind))) for r in removals)

    def refresh(self) -> None:
        """Let searches find what was written before."""
        self.call(self.client.indices.refresh, index=self._targets(tuple(Kind)))

    def search(self, query: Query) -> Found:
        """Answer ``query``; scores are those of one index over all kinds."""
        body = search_body(query)
        if query.words.strip() and not phrases(query.words):
            return Found(total=0, hits=())
        answer = self.call(self.client.search, index=self._targets(query.kinds), search_type="dfs_query_then_fetch", **body)
        return read_answer(query, answer.body)

    def counts(self) -> dict[Kind, int]:
        """How many documents of each kind there are."""
        return {kind: self.call(self.client.count, index=self._target(kind))["count"] for kind in Kind}

    def health(self) -> Health:
        """How the server and our indices are."""
        try:
            state = self.call(self.client.cluster.health, timeout="5s")
            if state["status"] == "red":
                return Health(engine=self.name, usable=False, message="搜索服务状态为 red：有索引的分片不可用。请管理员检查服务器。")
            reason = self.rebuild_reason()
            counts = self.counts() if reason is None else {}
        except CannotWork as error:
            return Health(engine=self.name, usable=False, message=str(error))
        return Health(engine=self.name, usable=reason is None, message=reason, counts=counts)

    def rebuild_reason(self) -> str | None:
        """Why the indices must be made from the records; None: they need not."""
        try:
            state = self.call(self.client.get, index=state_index(self._settings.prefix), id="state")
        except SearchLost:
            return NOT_BUILT
        return None if state["_source"]["made_by"] == made_by() else OTHER_VERSION

    def rebuild(self, documents: Iterable[Document]) -> Rebuilt:
        """Fill new indices beside the old ones, compare, switch all aliases in one call, delete the old ones after it."""
        from index.elastic_rebuild import rebuild

        return rebuild(self, self._settings.prefix, documents, datetime.now(UTC))

    def call(self, ask: Callable[..., T], **what: Any) -> T:
        """Ask the server with a method of ``client``; a busy one is asked again after a pause. Raises CannotWork with a Chinese sentence."""
        for pause in (*PAUSES, None):
            try:
                with said_plainly(self._settings.url):
                    return ask(**what)
            except Passing as busy:
                if pause is None:
                    raise CannotWork(f"{busy}已多次重试。数据保留在数据库中，之后会自动补上。") from busy
                self._sleep(pause)
        raise AssertionError

    def send(self, items: Iterable[Item], *, require_alias: bool = True) -> list[Refused]:
        """Write items in requests of bounded size. What is older than the server's state is passed over: that is as it should be."""
        refused: list[Refused] = []
        for request in _requests(items):
            for pause in (*PAUSES, None):
                request = self._write(request, refused, require_alias)
                if not request:
                    break
                if pause is None:
                    raise CannotWork(f"搜索服务 {self._settings.url} 太忙，已多次重试。数据保留在数据库中，之后会自动补上。")
                self._sleep(pause)
        return refused

    def _write(self, request: list[Item], refused: list[Refused], require_alias: bool) -> list[Item]:
        """Write one request; the items that are to be tried again."""
        body = [line for _, item in request for line in item]
        answer = self.call(self.client.bulk, operations=body, require_alias=require_alias)
        again: list[Item] = []
        for item, result in zip(request, answer["items"], strict=True):
            (outcome,) = result.values()
            error = outcome.get("error")
            if error is None or error["type"] == "version_conflict_engine_exception":
                continue
            if error["type"] in PASSING:
                again.append(item)
                continue
            self._give_up_on_the_whole(outcome["status"], error)
            value = item[0]
            refused.append(Refused(kind=value.kind, key=value.key, version=value.version, reason=_reason(error)))
        return again

    def _give_up_on_the_whole(self, status: int, error: dict[str, Any]) -> None:
        """Raise for an item's error that all others will meet as well."""
        if (sentence := block_sentence(error["type"], error.get("reason", ""))) is not None:
            raise CannotWork(sentence)
        if error["type"] == "index_not_found_exception":
            raise SearchLost(f"搜索服务 {self._settings.url} 上没有本系统的索引。请运行 qingbao index rebuild。")
        if status == 403:
            raise CannotWork(f"搜索服务 {self._settings.url} 的账号没有写入权限。每晚运行需要角色 qingbao_run。")

    def _target(self, kind: Kind) -> str:
        return alias(self._settings.prefix, kind)

    def _targets(self, kinds: Sequence[Kind]) -> list[str]:
        return [self._target(kind) for kind in kinds]


def connect(settings: Settings) -> Elasticsearch:
    """A client that does not retry by itself (its own retries come without pause). Raises CannotWork for a wrong URL or CA file."""
    parts = urlsplit(settings.url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise CannotWork("search.url 应写成 http(s)://主机:端口，用户名和密码不要写在里面。")
    port = parts.port or 9200
    options: dict[str, Any] = {}
    if settings.api_key:
        options["api_key"] = settings.api_key
    elif settings.user:
        options["basic_auth"] = (settings.user, settings.password or "")
    if settings.ca_file is not None:
        if not settings.ca_file.is_file():
            raise CannotWork(f"找不到 CA 证书文件 {settings.ca_file}（search.ca_file）。")
        options["ca_certs"] = str(settings.ca_file)
    if settings.fingerprint:
        options["ssl_assert_fingerprint"] = settings.fingerprint
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Elasticsearch(
        f"{parts.scheme}://{host}:{port}", request_timeout=settings.timeout, max_retries=0, retry_on_timeout=False,
        serializer=OrjsonSerializer(), **options,
    )


def lines(value: Document | Removal, index: str) -> list[bytes]:
    """The lines of a bulk request that put or delete ``value``."""
    head = {"_index": index, "_id": document_id(value.key), "version": value.version, "version_type": "external_gte"}
    if isinstance(value, Removal):
        return [orjson.dumps({"delete": head})]
    return [orjson.dumps({"index": head}), orjson.dumps(source(value))]


def _requests(items: Iterable[Item]) -> Iterator[list[Item]]:
    request: list[Item] = []
    size = 0
    for item in items:
        length = sum(map(len, item[1]))
        if request and (size + length > REQUEST_BYTES or len(request) == REQUEST_DOCUMENTS):
            yield request
            request, size = [], 0
        request.append(item)
        size += length
    if request:
        yield request


def _reason(error: dict[str, Any]) -> str:
    cause = error.get("caused_by", {}).get("reason", "")
    return f"{error['type']}: {error.get('reason', '')} {cause}".strip()[:REASON_CHARACTERS]

