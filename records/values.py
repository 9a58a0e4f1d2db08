"""Small frozen values that go in and out of the records besides those of ``qingbao.model``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from qingbao.list_files import ListRow as ListRow  # a row of lists/KIND/NAME.csv; one value for file and records
from qingbao.model import Adverse, Article, BadNews, Company, CompanyText, Investment, Prospect, Relation, Signal, Story

# Days after its first fetch in which an article is asked again (conditionally); later only when its list row changes (DESIGN.md 4.1).
RECHECK_DAYS = 7

# Ranks kept for every run and park in the narrow table for the charts (DESIGN.md 5, score diary).
RANKS_KEPT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask it conditionally."""

    etag: str | None = None
    last_modified: str | None = None  # as sent, HTTP date


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLink:
    """A row of a list page."""

    url: str  # as linked, absolute
    title: str | None = None
    date: str | None = None  # as written
    row: str | None = None  # text of the whole row; a change of it makes a known article due again


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksFound:
    """What a list page brought."""

    new: int
    changed: int  # known articles whose list row changed: waiting again
    known: int


class LinkOutcome(StrEnum):
    """What became of asking for a link. ARCHIVED and UNCHANGED are successes."""

    ARCHIVED = "archived"
    UNCHANGED = "unchanged"  # 304, or 200 with the bytes we have
    NOT_FOUND = "not_found"  # 404, 410
    FORBIDDEN = "forbidden"  # a rule of robots.txt; a host that is closed as a whole leaves its links waiting
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"  # 401, 403, challenge page: stays waiting
    FAILED = "failed"  # stays waiting


# The outcomes after which a link stays waiting for the next run, with one try more.
STILL_WAITING = frozenset({LinkOutcome.BLOCKED, LinkOutcome.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An article's link as the crawl state knows it."""

    url: str  # canonical
    link_url: str  # as linked: what is to be asked
    slug: str
    list_url: str  # the column in which it was found (``column`` of ``found_links``)
    title: str | None = None
    date: str | None = None
    row: str | None = None
    tries: int = 0  # failed ones since it became waiting
    validators: Validators | None = None  # of the last answer; None: never fetched or none given
    content_hash: str | None = None  # of the last archived body
    first_fetched_at: datetime | None = None
    last_asked_at: datetime | None = None


class SourceState(StrEnum):
    """How a source fared in a run."""

    OK = "ok"
    FEW_LINKS = "few_links"  # fewer than Source.at_least on the first list page
    BLOCKED = "blocked"
    CLOSED = "closed"  # robots.txt closes it
    DOWN = "down"
    DISABLED = "disabled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """A source's row in a run. Identity: run + slug."""

    run_id: str
    slug: str
    state: SourceState
    first_page_links: int = 0
    new_links: int = 0
    fetched: int = 0  # pages archived
    unchanged: int = 0
    failed: int = 0
    forbidden: int = 0
    message: str | None = None  # Chinese, for staff
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """A source over its runs (disabled ones not counted as runs)."""

    slug: str
    last: SourceResult
    last_ok_at: datetime | None
    failures_in_a_row: int  # runs since it was OK last
    fetched_7_days: int
    waiting: int  # links found and not yet fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """A further page or an attachment of an archived page: where its bytes lie in the archive."""

    url: str
    offset: int
    length: int
    name: str | None = None  # attachments: as the link calls it
    content_type: str | None = None
    charset_label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """A page of the archive. Identity: ``keys.page_key``; bytes at ``offset`` of ``warc_file`` (a name inside data/archive)."""

    key: str
    url: str  # as linked; stored with its canonical form beside it
    final_url: str
    slug: str
    warc_file: str
    offset: int
    length: int
    status: int
    content_hash: str
    fetched_at: datetime
    content_type: str | None = None
    charset_label: str | None = None
    list_title: str | None = None
    list_date: str | None = None
    list_row: str | None = None
    run_id: str | None = None
    parts: tuple[StoredPart, ...] = ()
    attachments: tuple[StoredPart, ...] = ()
    door: str | None = None  # None: not read yet
    reader_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with all that was read in it."""

    article: Article
    signals: tuple[Signal, ...] = ()
    adverse: tuple[Adverse, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """``old_id`` was merged into ``new_id``."""

    old_id: str
    new_id: str
    why: str | None = None


class RulingKind(StrEnum):
    """What the analyst said of two companies."""

    MERGE = "merge"  # one firm
    SPLIT = "split"  # two firms


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The analyst's word on which names are one firm; settling obeys it in every later night. A later one on the same names counts."""

    id: str
    kind: RulingKind
    keep_id: str  # the company that keeps its id
    other_id: str | None  # merged into it, or split from it; None: the split founds a new company
    keep_names: tuple[str, ...]  # as written
    other_names: tuple[str, ...]
    at: datetime
    actor: str | None = None
    undoes: str | None = None  # id of the ruling that this one takes back


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledRelation:
    """A relation between two companies of the records."""

    subject_id: str
    object_id: str
    relation: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a settling found; only what differs from the records is written.

    ``complete_for``: companies of which this is all there is: their stored investments, bad news and relations that are not in the
    settlement are removed. ``article_keys`` names the articles that were settled.
    """

    companies: tuple[Company, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    mentions: dict[str, str] = field(default_factory=dict)  # key of a signal or adverse report → company id
    stories: tuple[Story, ...] = ()
    investments: tuple[Investment, ...] = ()
    bad_news: tuple[BadNews, ...] = ()
    texts: tuple[CompanyText, ...] = ()
    relations: tuple[SettledRelation, ...] = ()
    complete_for: tuple[str, ...] = ()
    stories_gone: tuple[str, ...] = ()
    companies_gone: tuple[str, ...] = ()  # ids that nothing supports any more (after a reread)
    company_keys: dict[str, tuple[str, ...]] = field(default_factory=dict)  # company id → keys of its names, by which a night finds it
    article_keys: dict[str, tuple[str, ...]] = field(default_factory=dict)  # settled article → keys that its copies share
    reached: tuple[str, ...] = ()  # companies that should have been settled too: to be done again with them, and not stored


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectRow:
    """A page of the score diary: the prospect as it was from ``valid_from`` until ``valid_to`` (None: still)."""

    prospect: Prospect
    valid_from: date
    valid_to: date | None
    from_run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRow:
    """A line of the narrow table: where a company stood in a run."""

    park: str
    run_id: str
    day: date
    company_id: str
    rank: int
    priority: float
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCursor:
    """Up to where a unit has been told: the run, the moment, and what was reported (the digest's own JSON)."""

    unit: str
    at: datetime
    run_id: str | None = None
    snapshot: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A change that the search side has not taken yet. ``version`` only grows for a document."""

    seq: int
    kind: str  # article, company, prospect
    key: str
    action: str  # put, delete
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A document that the search side refused, and why (the search side's own words)."""

    kind: str
    key: str
    version: int
    reason: str
    at: datetime | None = None  # filled in by the records


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDocument:
    """What the search side needs of an article."""

    reading: Reading
    companies: dict[str, str] = field(default_factory=dict)  # id → name of the companies mentioned


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyDocument:
    """What the search side needs of a company."""

    company: Company
    text: CompanyText | None = None
    investments: tuple[Investment, ...] = ()
