"""The search contract in our words: what every engine takes, answers and promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from qingbao.errors import CannotWork, UsageError

# An excerpt that people see is at most this long (DESIGN.md 4): what was found with some words around it, never the article.
EXCERPT_CHARACTERS = 200

# Longer words to search for than that are a mistake or an attack.
WORDS_AT_MOST = 500

# Values of a facet that are counted at most, and hits of one page.
FACET_VALUES = 100
HITS_AT_MOST = 1000


class Kind(StrEnum):
    """The kinds of documents."""

    ARTICLE = "article"
    COMPANY = "company"
    PROSPECT = "prospect"


class Label(StrEnum):
    """What documents can be filtered by and counted by. Values are Chinese words as staff read them, or ids where it says so."""

    PARK = "park"  # slug
    INDUSTRY = "industry"
    LINK = "link"  # of the industry's chain
    COMPANY = "company"  # id
    COMPANY_NAME = "company_name"
    PLACE = "place"  # every level of a place stands for itself: 四川省, 云岭市, 青禾区
    EVENT = "event"  # EventType
    ADVERSE = "adverse"  # AdverseType
    STAGE = "stage"
    TIER = "tier"
    SITE = "site"
    SOURCE = "source"  # slug
    STATUS = "status"  # CompanyStatus
    SHEET = "sheet"
    UNIT = "unit"  # slug
    TAG = "tag"  # list
    ORIGIN = "origin"  # city that a prospect moves from, or its seat
    DESTINATION = "destination"  # city that it goes to; 未定
    ACTION = "action"  # ChainAction: what it would do for the park's chain
    GRADE = "grade"  # of the evidence, A–D
    CHANGE = "change"  # tier and rank beside the run before: 新上榜, 升, 降


class Number(StrEnum):
    """What documents can be filtered by from–to and sorted by."""

    AMOUNT = "amount_wan"  # 万元, the largest one
    PRIORITY = "priority"
    FIT = "fit"
    INTENT = "intent"
    EVIDENCE = "evidence"
    RANK = "rank"


class Sort(StrEnum):
    """The order of hits; equal ones stand by kind and key."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    AMOUNT = "amount"  # largest first
    PRIORITY = "priority"  # highest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an engine keeps. ``version`` only grows for a document: an engine keeps the newest, in whatever order they come."""

    kind: Kind
    key: str
    version: int
    title: str
    names: tuple[str, ...] = ()  # other names under which it is to be found
    text: str = ""  # all that is searched besides; people see excerpts of it only
    url: str | None = None
    day: date | None = None  # day in Shanghai
    labels: Mapping[Label, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[Number, float] = field(default_factory=dict)
    listed: date | None = None  # a prospect's first day on the list
    headline: str | None = None  # shown where the engine's own pages show documents (Kibana): one sentence
    quote: str | None = None  # and the very sentence that proves it


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A document that is gone since ``version``: an older put that comes later does not bring it back."""

    kind: Kind
    key: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked for.

    ``words`` are split at blanks; each part is a phrase, and all must be found somewhere in the document; blanks inside quotes
    ("…" or “…”) do not split. No words: all documents, by filters alone. ``labels``: one of the values of each label.
    ``numbers`` and ``days``: from–to, both included, None: open. ``after``: ``Found.next`` of the page before.
    """

    words: str = ""
    kinds: tuple[Kind, ...] = tuple(Kind)
    labels: Mapping[Label, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[Number, tuple[float | None, float | None]] = field(default_factory=dict)
    days: tuple[date | None, date | None] = (None, None)
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    after: str | None = None
    facets: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text with the places of what was found in it, as (start, end) in characters. Plain text: whoever shows it escapes it."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    before: bool = False  # the excerpt's text goes on before it
    after: bool = False

    @property
    def found(self) -> tuple[str, ...]:
        """The pieces that were found."""
        return tuple(self.text[start:end] for start, end in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document that was found. ``score`` compares hits of one search only; 0 where nothing was searched for or sorted otherwise."""

    kind: Kind
    key: str
    score: float
    title: Marked
    name: Marked | None  # the other name that was found, if one was
    excerpt: Marked | None  # None where the text holds none of the words
    url: str | None
    day: date | None
    labels: Mapping[Label, tuple[str, ...]]
    numbers: Mapping[Number, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of hits. ``total`` counts all; ``next`` asks for the following page, None: there is none."""

    total: int
    hits: tuple[Hit, ...]
    next: str | None = None
    facets: Mapping[Label, tuple[tuple[str, int], ...]] = field(default_factory=dict)  # values by count, most first


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A document that the engine would not take, with its reason."""

    kind: Kind
    key: str
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild did."""

    count: int  # documents that are there now
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How an engine is. ``usable``: searches answer. ``message``: Chinese, what staff should know; None: all is well."""

    engine: str
    usable: bool
    message: str | None = None
    counts: Mapping[Kind, int] = field(default_factory=dict)


WRONG_AFTER = "翻页标记无效；请从第一页重新搜索。"


def check(query: Query) -> None:
    """Raise UsageError where a query asks for what no engine answers."""
    if len(query.words) > WORDS_AT_MOST:
        raise UsageError(f"搜索词太长（{len(query.words)} 字）；最多 {WORDS_AT_MOST} 字。")
    if not 1 <= query.limit <= HITS_AT_MOST:
        raise UsageError(f"每页条数应为 1 到 {HITS_AT_MOST}，而不是 {query.limit}。")


class SearchLost(CannotWork):
    """The engine's data are broken and were given up; it must be filled from the records."""


class Search(Protocol):
    """An engine. All methods raise CannotWork with a Chinese sentence where it cannot be reached or cannot write."""

    name: str

    def put(self, documents: Sequence[Document]) -> list[Refused]:
        """Keep ``documents``, those at least as new as what is there; safe when this returns. The refused ones, if any."""
        ...

    def delete(self, removals: Sequence[Removal]) -> None:
        """Forget documents, unless a newer version is there."""
        ...

    def refresh(self) -> None:
        """Let searches find what was put and deleted before."""
        ...

    def search(self, query: Query) -> Found:
        """Answer a query. Raises UsageError where it asks for the impossible, SearchLost where the engine lost its data."""
        ...

    def counts(self) -> dict[Kind, int]:
        """How many documents of each kind there are."""
        ...

    def health(self) -> Health:
        """How the engine is; never raises for an engine that is merely away."""
        ...

    def rebuild_reason(self) -> str | None:
        """Why the engine must be filled from the records (Chinese); None: it need not."""
        ...

    def rebuild(self, documents: Iterable[Document]) -> Rebuilt:
        """Replace all by ``documents``; searches see the old state until the new one is whole."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
