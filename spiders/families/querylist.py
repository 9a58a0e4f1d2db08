"""The queryList cloud (`/pc/list.html`, Guang'an's platform): lists come as JSON by POST, or embedded in the list page."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from qingbao.model import Source
from records.values import FoundLink
from spiders.families.base import MAX_ROWS, ROW_CHARS, TITLE_CHARS, Family, ListPage, ListRequest, absolute, decode, squeeze

LIST_PATH = re.compile(r"^/([\w-]+)/([\w-]+)/(?:pc/)?(?:list|index)\.html$")
VARIANTS = ("brackets", "plain", "json", "embedded")
PAGE_SIZE = 15  # what the sites' own script asks for


class QueryList(Family):
    """Options: ``variant`` (brackets: ``channelCode[]=…``, the default; plain; json; embedded: read from the list page itself),
    ``web_site_code``, ``channel_code``, ``channel_id`` (19 digits, in place of the code), ``page_size``.

    The codes are taken from the list's address unless given.
    """

    name = "querylist"

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.variant = source.options.get("variant", VARIANTS[0])
        if self.variant not in VARIANTS:
            raise ValueError(f"options.variant：应为其中之一：{'、'.join(VARIANTS)}")
        self.page_size = int(source.options.get("page_size", PAGE_SIZE))

    def first(self) -> tuple[ListRequest, ...]:
        """See ``Family.first``."""
        if self.variant == "embedded":
            return super().first()
        return tuple(self._ask(url, 1) for url in self.source.start)

    def _ask(self, list_url: str, number: int) -> ListRequest:
        path = LIST_PATH.match(urlsplit(list_url).path)
        options = self.source.options
        site = options.get("web_site_code") or (path.group(1) if path else "")
        channel = options.get("channel_code") or (path.group(2) if path else "")
        which, value = ("channelId", options["channel_id"]) if "channel_id" in options else ("channelCode", channel)
        headers = {"X-Requested-With": "XMLHttpRequest", "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        if self.variant == "json":
            headers["Content-Type"] = "application/json; charset=UTF-8"
            body = json.dumps({"current": number, "pageSize": self.page_size, "webSiteCode": [site], which: [value], "notReturnContent": True})
        else:
            mark = "[]" if self.variant == "brackets" else ""
            body = urlencode({"current": number, "pageSize": self.page_size, f"webSiteCode{mark}": site, f"{which}{mark}": value, "notReturnContent": "true"})
        # The fragment keeps the lists of one site apart in the crawl state; it never goes over the wire.
        return ListRequest(url=urljoin(list_url, "/queryList") + f"#{urlsplit(list_url).path}", number=number, method="POST", body=body.encode(), headers=headers)

    def links(self, request: ListRequest, url: str, body: bytes, charset: str | None = None) -> ListPage:
        """See ``Family.links``. The name of the total is not known: the end is an empty or a repeated page."""
        text = decode(body, charset)
        if self.variant == "embedded":
            return ListPage(rows=self._rows(_embedded(text), url))
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return ListPage(rows=(), notes=("列表接口返回的不是 JSON",))
        inner = data.get("data") if isinstance(data, dict) else None
        results = inner.get("results") if isinstance(inner, dict) else None
        if not isinstance(results, list):
            return ListPage(rows=(), notes=("列表接口返回的 JSON 中没有 data.results",))
        rows = self._rows([one.get("source") for one in results if isinstance(one, dict)], url)
        list_url = urljoin(url, request.url.partition("#")[2])
        return ListPage(rows=rows, next=self._ask(list_url, request.number + 1) if rows else None)

    def _rows(self, records: list[Any], url: str) -> tuple[FoundLink, ...]:
        rows = []
        for record in records[:MAX_ROWS]:
            if not isinstance(record, dict):
                continue
            target = absolute(url, str(_loaded(record.get("urls")).get("pc") or ""))
            if not target:
                continue
            title = squeeze(str(record.get("title") or record.get("showTitle") or ""))
            day = squeeze(str(record.get("pubDate") or "")) or None
            origin = squeeze(str(_loaded(record.get("metadata")).get("source") or ""))
            rows.append(FoundLink(url=target, title=title[:TITLE_CHARS] or None, date=day, row=" ".join(filter(None, (title, day, origin)))[:ROW_CHARS]))
        return tuple(rows)


def _loaded(value: Any) -> dict[str, Any]:
    """A JSON object that may stand as a string inside JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def _embedded(text: str) -> list[Any]:
    """The ``articleList: […]`` of a list page."""
    if not (start := re.search(r"[\"']?articleList[\"']?\s{0,9}[:=]\s{0,9}(?=\[)", text)):
        return []
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start.end())
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []
