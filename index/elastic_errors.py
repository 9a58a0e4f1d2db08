"""What the Elasticsearch client raises, in Chinese sentences that say what to do. Decided by the error's type, not by its status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import elastic_transport
import elasticsearch

from index.search import SearchLost
from qingbao.errors import CannotWork

# Error types that a pause heals (with 429 or 503). A full disk answers 429 as well, and no pause heals that.
PASSING = frozenset({"es_rejected_execution_exception", "circuit_breaking_exception", "no_shard_available_action_exception",
                     "unavailable_shards_exception", "process_cluster_event_timeout_exception", "cluster_manager_not_discovered_exception",
                     "master_not_discovered_exception", "timeout_exception"})


class Passing(Exception):
    """The server is too busy or not ready for a moment; whoever catches it waits and tries again."""


@contextmanager
def said_plainly(url: str) -> Iterator[None]:
    """Turn what the client raises into CannotWork with a Chinese sentence; ``url`` is named in it, secrets never are.

    A server that is merely busy raises Passing, one whose indices are gone SearchLost.
    """
    try:
        yield
    except elastic_transport.TlsError as error:
        raise CannotWork(
            f"与搜索服务 {url} 的加密连接失败：证书不受信任、主机名不符，或该端口只接受 http。请检查 search.ca_file 或 search.fingerprint。"
        ) from error
    except elastic_transport.ConnectionTimeout as error:
        raise Passing(f"搜索服务 {url} 没有及时回答。") from error
    except elastic_transport.ConnectionError as error:
        raise CannotWork(f"无法连接搜索服务 {url}：服务没有运行，或该端口需要 https。数据保留在数据库中，恢复后会自动补上。") from error
    except elasticsearch.UnsupportedProductError as error:
        raise CannotWork(f"{url} 不是 Elasticsearch（可能是 OpenSearch 或别的服务）。请换用 Elasticsearch 8.19 或 9.x。") from error
    except elasticsearch.ApiError as error:
        raise translate(url, error) from error


def translate(url: str, error: elasticsearch.ApiError) -> Exception:
    """The exception to raise for an answer that is an error."""
    kind = error_type(error.body)
    if kind in PASSING or (error.status_code in (429, 503) and kind != "cluster_block_exception"):
        return Passing(f"搜索服务 {url} 太忙（{kind or error.status_code}）。")
    if kind == "index_not_found_exception" or (error.status_code == 404 and kind is None):
        return SearchLost(f"搜索服务 {url} 上没有本系统的索引。请运行 qingbao index rebuild。")
    return CannotWork(block_sentence(kind, str(reason(error.body))) or _sentence(url, kind, error.status_code))


def block_sentence(kind: str | None, why: str) -> str | None:
    """The sentence for an index that takes no writes; None where ``kind`` is another error."""
    if kind != "cluster_block_exception":
        return None
    if "read-only-allow-delete" in why or "flood" in why:
        return "搜索服务的磁盘已满，索引被锁为只读。请在服务器上腾出空间（几十秒后会自动解锁）。数据保留在数据库中，之后会自动补上。"
    return "搜索服务的索引被设为禁止写入（write block）。请管理员解除。数据保留在数据库中，之后会自动补上。"


def error_type(body: Any) -> str | None:
    """The type of an error answer: of its root cause for a failed search."""
    found = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    if found.get("type") == "search_phase_execution_exception" and found.get("root_cause"):
        found = found["root_cause"][0]
    return found.get("type")


def reason(body: Any) -> str | None:
    """The reason of an error answer."""
    found = body.get("error") if isinstance(body, Mapping) else None
    return found.get("reason") if isinstance(found, Mapping) else None


def _sentence(url: str, kind: str | None, status: int) -> str:
    if status == 401:
        return f"搜索服务 {url} 拒绝登录：用户名、密码或 API key 不对。请检查 search.user 和环境变量。"
    if kind == "security_exception" or status == 403:
        return f"搜索服务 {url} 的账号权限不够。每晚运行需要角色 qingbao_run，建立和重建索引需要 qingbao_setup（见 docs/elasticsearch.md）。"
    if kind == "media_type_header_exception":
        return f"搜索服务 {url} 的版本太旧，与客户端不符。需要 Elasticsearch 8.19 或 9.x。"
    return f"搜索服务 {url} 报错：{kind or '未知错误'}（HTTP {status}）。"
