"""The crawl state: lists with their validators, links that wait, outcomes, how the sources fared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, literal, select, update

from qingbao.keys import canonical_url
from records.codec import clean, from_json, to_json
from records.database import Database, chunks, pairs, upsert
from records.tables import Moment, links, list_states, source_results
from records.values import (
    RECHECK_DAYS,
    STILL_WAITING,
    FoundLink,
    Link,
    LinkOutcome,
    LinksFound,
    SourceHealth,
    SourceResult,
    SourceState,
    Validators,
)


class CrawlRecords(Database):
    """What the spiders leave for the next run."""

    def list_validators(self, url: str) -> Validators | None:
        """What the list at ``url`` gave when it was read last; None: never, or nothing."""
        with self._reading() as connection:
            row = connection.execute(select(list_states).where(list_states.c.url == url)).one_or_none()
        return None if row is None else _validators(row)

    def found_links(
        self,
        *,
        slug: str,
        list_url: str,
        links: Sequence[FoundLink],
        validators: Validators | None = None,
        run_id: str | None = None,
        column: str | None = None,
    ) -> LinksFound:
        """Keep the links of a list page: new ones wait, a known one whose row changed waits again, all in one transaction.

        ``validators`` of the list are kept in the same transaction, so that a list which answers 304 after a kill has lost no link;
        None leaves those that were kept. Links are told apart by canonical URL; of several rows of one link the first counts.
        ``column`` is what all pages of one list have in common (its first page's URL): rows are compared inside a column alone, for
        two columns show the same article differently every night.
        """
        column = column or list_url
        found: dict[str, FoundLink] = {}
        for link in links:
            found.setdefault(clean(canonical_url(link.url)), link)
        with self._writing() as connection:
            known = _known_rows(connection, list(found))
            new = {url: link for url, link in found.items() if url not in known}
            changed = [url for url, row in known.items() if row.list_url == column and _row_changed(row, found[url])]
            _add_links(connection, new, slug=slug, list_url=column, run_id=run_id, at=self._clock())
            for url in changed:
                _set_row(connection, url, found[url])
            if validators is not None:
                state = {"url": list_url, "slug": slug, "etag": validators.etag, "last_modified": validators.last_modified}
                upsert(connection, list_states, [{**state, "run_id": run_id, "checked_at": self._clock()}], keys=["url"])
        return LinksFound(new=len(new), changed=len(changed), known=len(known) - len(changed))

    def waiting_links(self, slug: str, limit: int) -> list[Link]:
        """Links of a source that wait to be fetched: the least often tried first, then in the order in which they were found."""
        wanted = select(links).where(links.c.slug == slug, links.c.waiting).order_by(links.c.tries, links.c.seq).limit(limit)
        with self._reading() as connection:
            return [_link(row) for row in connection.execute(wanted)]

    def due_again(self, slug: str, now: datetime) -> list[Link]:
        """Articles of a source first fetched less than 7 days before ``now``, to be asked conditionally; oldest first."""
        wanted = (
            select(links)
            .where(links.c.slug == slug, ~links.c.waiting, links.c.first_fetched_at > now - timedelta(days=RECHECK_DAYS))
            .order_by(links.c.first_fetched_at, links.c.seq)
        )
        with self._reading() as connection:
            return [_link(row) for row in connection.execute(wanted)]

    def link_outcome(
        self,
        url: str,
        outcome: LinkOutcome,
        *,
        run_id: str | None = None,
        validators: Validators | None = None,
        content_hash: str | None = None,
        message: str | None = None,
    ) -> None:
        """Keep what became of asking for ``url`` (as linked or canonical). BLOCKED and FAILED leave it waiting, one try more.

        Raises KeyError for a link that was never found.
        """
        now, key = self._clock(), clean(canonical_url(url))
        values: dict[str, Any] = {"outcome": outcome.value, "message": message, "last_asked_at": now, "last_run": run_id}
        if outcome in STILL_WAITING:
            # A recheck that fails keeps its article: only a link that waits already goes on waiting.
            values["tries"] = links.c.tries + 1
        else:
            values |= {"waiting": False, "tries": 0}
        if outcome is LinkOutcome.ARCHIVED:
            values["first_fetched_at"] = func.coalesce(links.c.first_fetched_at, literal(now, Moment()))
        if outcome in (LinkOutcome.ARCHIVED, LinkOutcome.UNCHANGED) and validators is not None:
            values |= {"etag": validators.etag, "last_modified": validators.last_modified}
        if content_hash is not None:
            values["content_hash"] = content_hash
        with self._writing() as connection:
            if connection.execute(update(links).where(links.c.url == key).values(values)).rowcount == 0:
                raise KeyError(url)

    def link(self, url: str) -> Link | None:
        """The crawl state of one link."""
        with self._reading() as connection:
            row = connection.execute(select(links).where(links.c.url == clean(canonical_url(url)))).one_or_none()
        return None if row is None else _link(row)

    def outcome_counts(self, run_id: str) -> dict[str, int]:
        """How many links met which outcome (``LinkOutcome`` values) in a run."""
        counted = select(links.c.outcome, func.count()).where(links.c.last_run == run_id).group_by(links.c.outcome)
        with self._reading() as connection:
            return pairs(connection, counted)

    def source_result(self, result: SourceResult) -> None:
        """Keep how a source fared in a run; a second call for the same run replaces the first."""
        row = {
            "run_id": result.run_id, "slug": result.slug, "state": result.state.value, "fetched": result.fetched,
            "at": result.finished_at or result.started_at or self._clock(), "value": to_json(result),
        }
        with self._writing() as connection:
            upsert(connection, source_results, [row], keys=["run_id", "slug"])

    def source_results(self, run_id: str) -> list[SourceResult]:
        """The sources of a run, by slug."""
        wanted = select(source_results.c.value).where(source_results.c.run_id == run_id).order_by(source_results.c.slug)
        with self._reading() as connection:
            return [from_json(SourceResult, value) for value in connection.execute(wanted).scalars()]

    def source_health(self) -> list[SourceHealth]:
        """Every source that ever ran, by slug."""
        t = source_results
        with self._reading() as connection:
            rows = connection.execute(select(t.c.slug, t.c.state, t.c.fetched, t.c.at, t.c.value).order_by(t.c.slug, t.c.at.desc())).all()
            counted = select(links.c.slug, func.count()).where(links.c.waiting).group_by(links.c.slug)
            waiting = pairs(connection, counted)
        by_slug: dict[str, list[Any]] = {}
        for row in rows:
            by_slug.setdefault(row.slug, []).append(row)
        week_ago = self._clock() - timedelta(days=7)
        return [_health(slug, results, waiting.get(slug, 0), week_ago) for slug, results in by_slug.items()]


def _health(slug: str, results: Sequence[Any], waiting: int, week_ago: datetime) -> SourceHealth:
    ran = [row for row in results if row.state != SourceState.DISABLED]
    failures = next((place for place, row in enumerate(ran) if row.state == SourceState.OK), len(ran))
    return SourceHealth(
        slug=slug, last=from_json(SourceResult, results[0].value),
        last_ok_at=ran[failures].at if failures < len(ran) else None, failures_in_a_row=failures,
        fetched_7_days=sum(row.fetched for row in ran if row.at >= week_ago), waiting=waiting,
    )


def _known_rows(connection: Connection, urls: list[str]) -> dict[str, Row[Any]]:
    return {row.url: row for some in chunks(urls) for row in connection.execute(select(links).where(links.c.url.in_(some)))}


def _row_changed(row: Row[Any], link: FoundLink) -> bool:
    """Whether a list shows a known article differently. A list that shows less (no row text) says nothing."""
    seen, kept = (link.title, link.date, link.row), (row.title, row.date, row.row)
    return any(a is not None and b is not None and clean(a) != b for a, b in zip(seen, kept, strict=True))


def _add_links(connection: Connection, new: dict[str, FoundLink], *, slug: str, list_url: str, run_id: str | None, at: datetime) -> None:
    if not new:
        return
    last = connection.execute(select(func.coalesce(func.max(links.c.seq), 0))).scalar_one()
    rows = [
        {
            "url": url, "seq": last + place, "link_url": link.url, "slug": slug, "list_url": list_url, "title": link.title, "date": link.date,
            "row": link.row, "waiting": True, "tries": 0, "found_at": at, "found_run": run_id,
        }
        for place, (url, link) in enumerate(new.items(), start=1)
    ]
    connection.execute(insert(links), rows)


def _set_row(connection: Connection, url: str, link: FoundLink) -> None:
    values: dict[str, Any] = {"waiting": True, "tries": 0}
    values |= {name: value for name, value in (("title", link.title), ("date", link.date), ("row", link.row)) if value is not None}
    connection.execute(update(links).where(links.c.url == url).values(values))


def _validators(row: Row[Any]) -> Validators | None:
    return Validators(etag=row.etag, last_modified=row.last_modified) if row.etag or row.last_modified else None


def _link(row: Row[Any]) -> Link:
    return Link(
        url=row.url, link_url=row.link_url, slug=row.slug, list_url=row.list_url, title=row.title, date=row.date, row=row.row, tries=row.tries,
        validators=_validators(row), content_hash=row.content_hash, first_fetched_at=row.first_fetched_at, last_asked_at=row.last_asked_at,
    )
