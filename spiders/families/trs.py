"""TRS WCM (拓尔思): articles named tYYYYMMDD_ID.html, pages index.html, index_1.html … named by createPageHTML."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from lxml import html

from records.values import FoundLink
from spiders.families.base import CREATE_PAGE, ListRequest
from spiders.families.generic import Generic

ARTICLE = re.compile(r"/t(20\d\d)(\d\d)(\d\d)_\d+\.s?html?$")


class Trs(Generic):
    """Rows are links to t-date addresses, and what else stands beside a date: lists also link to other platforms."""

    name = "trs"

    def rows(self, tree: html.HtmlElement, url: str) -> tuple[FoundLink, ...]:
        """See ``Generic.rows``; the day in the address stands in where the row shows none."""
        return tuple(
            FoundLink(url=row.url, title=row.title, date=row.date or "-".join(day.groups()) if (day := ARTICLE.search(row.url)) else row.date, row=row.row)
            for row in super().rows(tree, url)
        )

    def _is_article(self, url: str) -> bool | None:
        stated = super()._is_article(url)
        return stated if stated is not None else bool(ARTICLE.search(url)) or None

    def next(self, tree: html.HtmlElement, text: str, request: ListRequest, url: str) -> ListRequest | None:
        """Page k (0-based) is name_k.ext; the call in the page says how many there are."""
        if "next" not in self.source.options and (call := CREATE_PAGE.search(text)):
            total, current, name, extension = call.groups()
            k = int(current) + 1
            return ListRequest(url=urljoin(url, f"{name}_{k}.{extension}"), number=request.number + 1) if k < int(total) else None
        return super().next(tree, text, request, url)
