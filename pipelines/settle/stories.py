"""Which articles are the same news. Facts decide; likeness of the text only proposes.

Real copies of a story are less alike than the next project of the same company, so two articles are one story only when
their texts are equal, or when they tell the same step of the same investments within a few days. Articles without any
signal are one story when their texts are nearly equal, figures included.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.settle.origin import day_of, own_name, source_of, stated_origin
from pipelines.settle.reports import Report
from pipelines.settle.same import STORY_DAYS, agreement
from qingbao import keys
from qingbao.clock import shanghai_day
from qingbao.model import Article, Story, Trust
from records.values import Reading

# Share of common character pairs from which a text is taken for a copy.
TEXT_LIKE = 0.6
FIGURES_LIKE = 0.8
COMPARED = 2_000  # characters of a text that are compared
SHINGLE = 13  # characters: long enough that only copies and boilerplate share one
KEYS = 5  # smallest hashes of an article's shingles: copies that are 60 % alike share one of them with 99 %
ROUND_UP = 3  # facts from which an article tells of several firms
SAME_FACTS = 0.5
FIGURES = re.compile(r"\d+(?:\.\d+)?")
TOO_SHORT = 40  # characters; shorter texts are alike by chance


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article tells: which step of which investments."""

    article: Article
    day: date | None
    told: dict[str, tuple[str, Report]]  # investment id → (family of the company, report)

    @property
    def signature(self) -> frozenset[tuple[str, str]]:
        return frozenset((investment, report.step) for investment, (_, report) in self.told.items())

    @property
    def one_event(self) -> bool:
        """Whether all is one event: the same step at the same place (集中签约, 集中开工)."""
        steps = {report.step for _, report in self.told.values()}
        places = {(report.place.city, report.place.district) if report.place else None for _, report in self.told.values()}
        return len(steps) == 1 and len(places) == 1 and None not in places


def pairs(text: str) -> frozenset[str]:
    """Character pairs of a text without blanks."""
    flat = "".join(text.split())
    return frozenset(flat[i:i + 2] for i in range(len(flat) - 1))


def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard share of common pairs, 0–1."""
    return len(a & b) / len(a | b) if a and b else 0.0


def article_keys(article: Article) -> tuple[str, ...]:
    """Keys that equal texts share, and nearly equal ones with high probability: by them an article's copies are found among all articles."""
    flat = "".join(article.text[:COMPARED].split())
    hashes = {zlib.crc32(flat[i:i + SHINGLE].encode("utf-8", "surrogatepass")) for i in range(len(flat) - SHINGLE + 1)} if len(flat) >= TOO_SHORT else set()
    return (f"t{article.text_hash}", *(f"s{value:08x}" for value in sorted(hashes)[:KEYS]))


def _alike(a: Article, b: Article) -> bool:
    one, other = a.text[:COMPARED], b.text[:COMPARED]
    return likeness(pairs(one), pairs(other)) >= TEXT_LIKE


def _same_figures(a: Article, b: Article) -> bool:
    one, other = (frozenset(FIGURES.findall(article.text[:COMPARED])) for article in (a, b))
    return one == other or likeness(one, other) >= FIGURES_LIKE


def _near(a: Facts, b: Facts) -> bool:
    return a.day is None or b.day is None or abs(a.day - b.day) <= timedelta(days=STORY_DAYS)


def _matched(a: Facts, b: Facts) -> int:
    """How many facts two articles share: the same step of one investment, or of a firm and its daughter by agreeing facts."""
    common = 0
    for investment, (family, report) in a.told.items():
        same = b.told.get(investment)
        if same is not None:
            common += same[1].step == report.step
            continue
        common += any(other_family == family and other.step == report.step and agreement(report, other) >= 2 for other_family, other in b.told.values())
    return common


def same_news(a: Facts, b: Facts) -> bool:
    """Whether two articles with facts tell the same news."""
    if not _near(a, b):
        return False
    common, most = _matched(a, b), max(len(a.told), len(b.told))
    if common == 0:
        return False
    if common == most:
        return True
    share = common / (len(a.told) + len(b.told) - common)
    if share < SAME_FACTS:
        return False
    return (most >= ROUND_UP and a.one_event and b.one_event) or _alike(a.article, b.article)


def facts_of(readings: Sequence[Reading], reports: Mapping[str, tuple[str, Report]], family: Mapping[str, str], mentions: Mapping[str, str]) -> list[Facts]:
    """The facts of each article, oldest first. ``reports``: signal key → (investment id, report); ``family``: company → topmost parent."""
    found = []
    for reading in readings:
        told = {}
        for signal in reading.signals:
            if signal.key in reports:
                investment, report = reports[signal.key]
                company = mentions.get(signal.key, "")
                told[investment] = family.get(company, company), report
        article = reading.article
        day = day_of(article) or (shanghai_day(article.fetched_at) if article.fetched_at else None)
        found.append(Facts(article, day, told))
    return sorted(found, key=lambda f: (f.day or date.min, f.article.url))


class _Groups:
    def __init__(self) -> None:
        self.above: dict[str, str] = {}

    def find(self, url: str) -> str:
        while self.above.setdefault(url, url) != url:
            self.above[url] = self.above[self.above[url]]
            url = self.above[url]
        return url

    def join(self, a: str, b: str) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        self.above[b] = a


def _join_by_facts(facts: Sequence[Facts], groups: _Groups) -> None:
    """Compare each article with the latest one of every set of facts told of the same firms in the days before: linear in the articles."""
    latest: dict[tuple[str, str], dict[frozenset[tuple[str, str]], Facts]] = defaultdict(dict)
    for one in facts:
        buckets = {(family, report.step) for family, report in one.told.values()}
        seen: set[str] = set()
        for bucket in sorted(buckets):
            recent = latest[bucket]
            for signature, other in list(recent.items()):
                if one.day and other.day and one.day - other.day > timedelta(days=STORY_DAYS):
                    del recent[signature]
                elif other.article.url not in seen:
                    seen.add(other.article.url)
                    if same_news(other, one):
                        groups.join(other.article.url, one.article.url)
            recent[one.signature] = one


def _join_copies(facts: Sequence[Facts], groups: _Groups) -> None:
    """Equal texts, and nearly equal ones of which at most one has facts."""
    latest: dict[str, list[Facts]] = defaultdict(list)
    for one in facts:
        text_key, *shingles = article_keys(one.article)
        for other in latest[text_key]:
            groups.join(other.article.url, one.article.url)
        latest[text_key] = [one]
        near = {other.article.url: other for key in shingles for other in latest[key] if not (one.told and other.told)}
        for _, other in sorted(near.items()):
            if _near(one, other) and _alike(one.article, other.article) and _same_figures(one.article, other.article):
                groups.join(other.article.url, one.article.url)
        for key in shingles:
            latest[key] = [*latest[key][-2:], one]


def _best_copy(articles: Sequence[Article], sources: Mapping[str, str]) -> Article:
    """The copy that represents: the one that says it is the origin of others, else of most trust, else the earliest, then the fullest."""
    order = list(Trust)
    named = {origin for article in articles if (origin := stated_origin(article))}

    def rank(article: Article) -> tuple[object, ...]:
        own = stated_origin(article) in {None, own_name(article, sources)}
        return (not (own and own_name(article, sources) in named), not own, order.index(article.trust), article.published_at is None,
                article.published_at.timestamp() if article.published_at else 0.0, -len(article.text), article.url)

    return min(articles, key=rank)


def settle_stories(readings: Sequence[Reading], facts: Sequence[Facts], known: Sequence[Story], sources: Mapping[str, str]) -> tuple[Story, ...]:
    """Group articles into stories; a known story keeps its id, and its articles that are no longer settled."""
    by_url = {reading.article.url: reading.article for reading in readings}
    groups = _Groups()
    _join_by_facts(facts, groups)
    _join_copies(facts, groups)
    members: dict[str, list[str]] = defaultdict(list)
    for url in sorted(by_url):
        members[groups.find(url)].append(url)
    earlier = {url: story for story in sorted(known, key=lambda s: s.id) for url in story.article_urls}
    taken: set[str] = set()
    known_ids = {story.id for story in known}
    stories = []
    for _, urls in sorted(members.items()):
        kept = next((earlier[url] for url in urls if url in earlier and earlier[url].id not in taken), None)
        story_id = kept.id if kept else keys.founded_free("s", taken | known_ids, urls[0])
        taken.add(story_id)
        outside = [url for url in kept.article_urls if url not in by_url] if kept else []
        articles = [by_url[url] for url in urls]
        counted = {source_of(article, sources) for article in articles}
        stories.append(Story(id=story_id, article_urls=tuple(sorted([*urls, *outside])), representative_url=_best_copy(articles, sources).url,
                             independent_sources=max(len(counted), kept.independent_sources if kept and outside else 0)))
    return tuple(stories)
