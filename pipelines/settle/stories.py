"""Which articles are the same news. Facts decide; likeness of the text only proposes.

Real copies of a story are less alike than the next project of the same company, so two articles are one story only when
their texts are equal, or when they tell the same facts of the same company within a few days.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from qingbao import keys
from qingbao.clock import shanghai_day
from qingbao.model import Article, Story, Trust
from records.values import Reading

OWN_SITE = re.compile(r"^(本站|本网|本报|原创|网站|本网站|本站原创|本网讯)$")
STORY_DAYS = 5  # a reprint comes within days; later news of the same facts is a new story
# Shares of common character pairs from which titles or texts propose a reprint of an article without signals.
TITLE_LIKE = 0.75
TEXT_LIKE = 0.6


def day_of(article: Article) -> date | None:
    """The day of publication in Shanghai."""
    return shanghai_day(article.published_at) if article.published_at else None


def source_of(article: Article, names: Mapping[str, str]) -> str:
    """Who is counted as the source: 来源 if stated, else the site by its name (``names``: slug → name).

    本站 and 原创 are the site itself; blanks and width make no other source.
    """
    site = names.get(article.slug or "") or article.slug or urlsplit(article.url).netloc
    origin = "".join(unicodedata.normalize("NFKC", article.origin or "").split())
    return site if not origin or OWN_SITE.match(origin) else origin


def pairs(text: str) -> frozenset[str]:
    """Character pairs of a text without blanks."""
    flat = "".join(text.split())
    return frozenset(flat[i:i + 2] for i in range(len(flat) - 1))


def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard share of common pairs, 0–1."""
    return len(a & b) / len(a | b) if a and b else 0.0


def _near(a: Article, b: Article) -> bool:
    first, second = day_of(a), day_of(b)
    return first is None or second is None or abs(first - second) <= timedelta(days=STORY_DAYS)


def _best_copy(articles: Sequence[Article]) -> Article:
    order = list(Trust)
    return min(articles, key=lambda a: (order.index(a.trust), a.published_at is None, a.published_at or 0, -len(a.text), a.url))


def settle_stories(readings: Sequence[Reading], investment_of: Mapping[str, str], known: Sequence[Story],
                   sources: Mapping[str, str]) -> tuple[Story, ...]:
    """Group articles into stories.

    ``investment_of``: signal key → investment id, as ``settle_investments`` decided: the facts have been compared there.
    """
    by_url = {reading.article.url: reading for reading in readings}
    urls = sorted(by_url)
    above = {url: url for url in urls}

    def find(url: str) -> str:
        while above[url] != url:
            url = above[url]
        return url

    def join(a: str, b: str) -> None:
        a, b = sorted((find(a), find(b)))
        above[b] = a

    def facts(url: str) -> frozenset[tuple[str, str]]:
        return frozenset((investment_of[s.key], s.event_type.value) for s in by_url[url].signals if s.key in investment_of)

    buckets: dict[tuple[str, object], list[str]] = defaultdict(list)
    for url in urls:
        reading = by_url[url]
        buckets["text", reading.article.text_hash].append(url)
        told = facts(url)
        if told:
            buckets["facts", told].append(url)
        elif reading.article.title:
            buckets["title", "".join(reading.article.title.split())[:6]].append(url)
    for (why, _), group in sorted(buckets.items(), key=lambda item: str(item[0])):
        for first, second in pairwise(group):
            a, b = by_url[first].article, by_url[second].article
            if why == "text" or (why == "facts" and _near(a, b)) or (why == "title" and _near(a, b) and likeness(pairs(a.title), pairs(b.title)) >= TITLE_LIKE \
                    and likeness(pairs(a.text[:2000]), pairs(b.text[:2000])) >= TEXT_LIKE):
                join(first, second)
    groups: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        groups[find(url)].append(url)
    earlier = {url: story.id for story in sorted(known, key=lambda s: s.id) for url in story.article_urls}
    taken: set[str] = set()
    stories = []
    for _, group in sorted(groups.items()):
        articles = [by_url[url].article for url in group]
        story_id = next((earlier[url] for url in group if url in earlier and earlier[url] not in taken), None) or keys.founded_id("s", group[0])
        taken.add(story_id)
        stories.append(Story(id=story_id, article_urls=tuple(group), representative_url=_best_copy(articles).url,
                             independent_sources=len({source_of(a, sources) for a in articles})))
    return tuple(stories)
