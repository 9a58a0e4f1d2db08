"""When and by whom an article was published."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from qingbao.clock import shanghai_day
from qingbao.model import Article

OWN_SITE = re.compile(r"^(本站|本网|本报|原创|网站|本网站|本站原创|本网讯)$")


def day_of(article: Article) -> date | None:
    """The day of publication in Shanghai."""
    return shanghai_day(article.published_at) if article.published_at else None


def own_name(article: Article, names: Mapping[str, str]) -> str:
    """The site of an article by its name (``names``: slug → name)."""
    return names.get(article.slug or "") or article.slug or urlsplit(article.url).netloc


def stated_origin(article: Article) -> str | None:
    """来源 as stated, without blanks and in one width; None where the site means itself (本站, 原创)."""
    origin = "".join(unicodedata.normalize("NFKC", article.origin or "").split())
    return None if not origin or OWN_SITE.match(origin) else origin


def source_of(article: Article, names: Mapping[str, str]) -> str:
    """Who is counted as the source: 来源 if stated, else the site by its name."""
    return stated_origin(article) or own_name(article, names)
