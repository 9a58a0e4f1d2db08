"""The tables of the records: key columns to ask by, and the value itself as JSON (records/codec.py)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeDecorator

from records.codec import clean

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

# SQLite gives row numbers by itself only to a column that is exactly INTEGER.
Serial = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware moment as text in UTC of fixed width, which sorts like time. SQLite's own type drops the zone."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """The text to keep; raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be kept: {value}")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        """The moment that was kept."""
        return None if value is None else datetime.fromisoformat(value)


class Words(TypeDecorator[str]):
    """Text from outside, without what a database refuses (``codec.clean``)."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """The text to keep."""
        return None if value is None else clean(value)


def _column(name: str, kind: Any, *, key: bool = False, null: bool = False) -> Column[Any]:
    return Column(name, kind, primary_key=key, nullable=null)


# --- crawl state

list_states = Table(
    "list_states", metadata,
    _column("url", Words, key=True), _column("slug", Words), _column("etag", Words, null=True), _column("last_modified", Words, null=True),
    _column("run_id", Words, null=True), _column("checked_at", Moment),
)

links = Table(
    "links", metadata,
    _column("url", Words, key=True), _column("seq", Serial), _column("link_url", Words), _column("slug", Words), _column("list_url", Words),
    _column("title", Words, null=True), _column("date", Words, null=True), _column("row", Words, null=True), _column("waiting", Boolean),
    _column("tries", Integer), _column("outcome", Words, null=True), _column("message", Words, null=True), _column("etag", Words, null=True),
    _column("last_modified", Words, null=True), _column("content_hash", Words, null=True), _column("found_at", Moment),
    _column("found_run", Words, null=True), _column("first_fetched_at", Moment, null=True), _column("last_asked_at", Moment, null=True),
    _column("last_run", Words, null=True),
)
Index(None, links.c.slug, links.c.waiting)
Index(None, links.c.first_fetched_at)
Index(None, links.c.last_run)

source_results = Table(
    "source_results", metadata,
    _column("run_id", Words, key=True), _column("slug", Words, key=True), _column("state", Words), _column("fetched", Integer),
    _column("at", Moment), _column("value", Words),
)
Index(None, source_results.c.slug, source_results.c.at)

# --- pages and readings

pages = Table(
    "pages", metadata,
    _column("seq", Serial, key=True), _column("key", Words), _column("url", Words), _column("slug", Words), _column("warc_file", Words),
    _column("fetched_at", Moment), _column("run_id", Words, null=True), _column("removed_at", Moment, null=True),
    _column("reader_version", Integer, null=True), _column("door", Words, null=True), _column("has_article", Boolean), _column("value", Words),
    UniqueConstraint("key"), sqlite_autoincrement=True,
)
Index(None, pages.c.url)
Index(None, pages.c.run_id)
Index(None, pages.c.reader_version)
Index(None, pages.c.fetched_at)

articles = Table(
    "articles", metadata,
    _column("url", Words, key=True), _column("day_at", Moment), _column("slug", Words, null=True), _column("text_hash", Words),
    _column("page_key", Words, null=True), _column("reader_version", Integer), _column("digest", Words), _column("changed_at", Moment),
    _column("value", Words),
)
Index(None, articles.c.day_at)


def _of_article(name: str) -> Table:
    table = Table(
        name, metadata,
        _column("key", Words, key=True), _column("article_url", Words), _column("place", Integer), _column("value", Words),
    )
    Index(None, table.c.article_url)
    return table


signals = _of_article("signals")
adverse = _of_article("adverse")
relations = _of_article("relations")

# --- what settling found

companies = Table(
    "companies", metadata,
    _column("id", Words, key=True), _column("name", Words), _column("status", Words), _column("digest", Words), _column("changed_at", Moment),
    _column("value", Words),
)

company_names = Table(
    "company_names", metadata,
    _column("company_id", Words, key=True), _column("folded", Words, key=True),
)
Index(None, company_names.c.folded)

redirects = Table(
    "redirects", metadata,
    _column("old_id", Words, key=True), _column("new_id", Words), _column("why", Words, null=True), _column("at", Moment),
)

mentions = Table(
    "mentions", metadata,
    _column("signal_key", Words, key=True), _column("company_id", Words),
)
Index(None, mentions.c.company_id)

company_texts = Table(
    "company_texts", metadata,
    _column("company_id", Words, key=True), _column("digest", Words), _column("changed_at", Moment), _column("value", Words),
)

# Stories, investments, bad news and relations between companies: one table, for they are written, compared and removed alike.
settled = Table(
    "settled", metadata,
    _column("kind", Words, key=True), _column("id", Words, key=True), _column("company_id", Words, null=True), _column("digest", Words),
    _column("changed_at", Moment), _column("value", Words),
)
Index(None, settled.c.company_id)

# Keys by which a night finds what its new articles touch: companies by keys of names, articles by keys that copies share, stories by URL.
settle_keys = Table(
    "settle_keys", metadata,
    _column("kind", Words, key=True), _column("key", Words, key=True), _column("id", Words, key=True),
)
Index(None, settle_keys.c.kind, settle_keys.c.id)

# Articles as they were when they were settled last: one whose digest differs is to be settled.
settled_articles = Table(
    "settled_articles", metadata,
    _column("url", Words, key=True), _column("digest", Words),
)

# One row: under which rules and lists everything was settled last.
settle_stamp = Table(
    "settle_stamp", metadata,
    _column("one", Integer, key=True), _column("stamp", Words),
)

rulings = Table(
    "rulings", metadata,
    _column("seq", Serial, key=True), _column("id", Words), _column("value", Words), UniqueConstraint("id"), sqlite_autoincrement=True,
)

# --- lists

list_rows = Table(
    "list_rows", metadata,
    _column("seq", Serial, key=True), _column("kind", Words), _column("name", Words), _column("place", Integer), _column("digest", Words),
    _column("valid_from", Date), _column("valid_to", Date, null=True), _column("value", Words), sqlite_autoincrement=True,
)
Index(None, list_rows.c.kind, list_rows.c.name)

# --- prospects

prospects_now = Table(
    "prospects_now", metadata,
    _column("park", Words, key=True), _column("company_id", Words, key=True), _column("rank", Integer), _column("digest", Words), _column("value", Words),
)

# The run that ``prospects_now`` stands for: so a prospect that stayed as it was needs no writing.
park_states = Table(
    "park_states", metadata,
    _column("park", Words, key=True), _column("run_id", Words), _column("day", Date),
)

prospect_rows = Table(
    "prospect_rows", metadata,
    _column("seq", Serial, key=True), _column("park", Words), _column("company_id", Words), _column("from_run", Words),
    _column("valid_from", Date), _column("valid_to", Date, null=True), _column("to_run", Words, null=True), _column("value", Words),
    sqlite_autoincrement=True,
)
Index(None, prospect_rows.c.park, prospect_rows.c.company_id)

rank_rows = Table(
    "rank_rows", metadata,
    _column("park", Words, key=True), _column("run_id", Words, key=True), _column("company_id", Words, key=True), _column("day", Date),
    _column("rank", Integer), _column("priority", Float), _column("tier", Words),
)

# --- ledger

runs = Table(
    "runs", metadata,
    _column("seq", Serial, key=True), _column("id", Words), _column("job", Words), _column("started_at", Moment),
    _column("finished_at", Moment, null=True), _column("status", Words), _column("counts", Words), _column("messages", Words),
    UniqueConstraint("id"), sqlite_autoincrement=True,
)
Index(None, runs.c.job, runs.c.status)

deliveries = Table(
    "deliveries", metadata,
    _column("id", Words, key=True), _column("day", Date), _column("unit", Words), _column("recipient", Words), _column("channel", Words),
    _column("state", Words), _column("content_hash", Words, null=True), _column("changed_at", Moment), _column("message", Words, null=True),
    UniqueConstraint("day", "unit", "recipient", "channel"),
)

unit_cursors = Table(
    "unit_cursors", metadata,
    _column("unit", Words, key=True), _column("at", Moment), _column("run_id", Words, null=True), _column("snapshot", Words),
)

verdicts = Table(
    "verdicts", metadata,
    _column("seq", Serial, key=True), _column("id", Words), _column("park", Words), _column("company_id", Words), _column("unit", Words, null=True),
    _column("at", Moment), _column("value", Words), UniqueConstraint("id"), sqlite_autoincrement=True,
)
Index(None, verdicts.c.park, verdicts.c.company_id)

# --- what the search side has not taken yet; AUTOINCREMENT, for a number must never come again: it is the document's version

outbox = Table(
    "outbox", metadata,
    _column("seq", Serial, key=True), _column("kind", Words), _column("key", Words), _column("action", Words), _column("at", Moment),
    UniqueConstraint("kind", "key"), sqlite_autoincrement=True,
)

# Documents that the search side refused, with its reason; a later version that it takes removes the row.
dead_letters = Table(
    "dead_letters", metadata,
    _column("kind", Words, key=True), _column("key", Words, key=True), _column("version", Serial), _column("reason", Words), _column("at", Moment),
)
