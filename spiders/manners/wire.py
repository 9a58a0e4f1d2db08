"""What can go wrong between us and a server, in Chinese."""

from __future__ import annotations

import zlib
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.internet.error import TimeoutError as TwistedTimeout

from spiders.manners.addresses import private_names

_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "超时未回应"),
    (TwistedTimeout, "超时未回应"),
    (DownloadConnectionRefusedError, "拒绝连接"),
    (CannotResolveHostError, "域名无法解析"),
    (ResponseDataLossError, "传输中断"),
    (DownloadFailedError, "连接中断"),
    (ConnectError, "无法连接"),
    (ConnectionClosed, "连接中断"),
    (zlib.error, "压缩内容损坏"),
    (EOFError, "压缩内容损坏"),
    (OSError, "连接或压缩内容出错"),
)
FAILURES: tuple[type[Exception], ...] = tuple(kind for kind, _ in _WORDS)


def words(error: Exception, url: str) -> str:
    """The Chinese words for one of ``FAILURES`` at ``url``; what somebody must look at is told apart: a bad certificate, a name that
    leads into a private network (Twisted only says that it found nothing)."""
    if why := private_names.get((urlsplit(url).hostname or "").lower()):
        return why
    inner = f"{error!r} {error.__cause__!r} {getattr(error.__cause__, 'reasons', '')!r}".lower()
    if "certificate" in inner or "verificationerror" in inner:
        return "网站证书无效"
    return next((said for kind, said in _WORDS if isinstance(error, kind)), "连接出错")
