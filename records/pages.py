"""The archive's rows, and the one transaction in which a page leaves by its door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, or_, select, update

from qingbao.keys import canonical_url, content_hash
from records.codec import clean, from_json, to_json
from records.database import Database, chunks, insert_new, pairs, upsert
from records.outbox import note_changes
from records.tables import adverse, articles, pages, relations, signals
from records.values import PageRow, Reading

_READ_AT_ONCE = 200


class PageRecords(Database):
    """Pages: from the archive to their doors."""

    def add_page(self, page: PageRow) -> bool:
        """Keep the row of a page whose bytes are in the archive and synced. False: this very page is there already.

        Where its old bytes were removed from the archive, the row points to the new ones.
        """
        row = {
            "key": page.key, "url": canonical_url(page.url), "slug": page.slug, "warc_file": page.warc_file, "fetched_at": page.fetched_at,
            "run_id": page.run_id, "has_article": False, "value": to_json(replace(page, door=None, reader_version=None)),
        }
        with self._writing() as connection:
            if insert_new(connection, pages, [row], keys=["key"]):
                return True
            moved = {"warc_file": page.warc_file, "fetched_at": page.fetched_at, "removed_at": None, "value": row["value"]}
            connection.execute(update(pages).where(pages.c.key == page.key, pages.c.removed_at.is_not(None)).values(moved))
        return False

    def page(self, key: str) -> PageRow | None:
        """The row of a page."""
        with self._reading() as connection:
            row = connection.execute(select(pages).where(pages.c.key == key)).one_or_none()
        return None if row is None else _page(row)

    def pages_to_read(self, reader_version: int, *, everything: bool = False) -> Iterator[PageRow]:
        """Archived pages that this version of the reader has not read, or all of them, in the order in which they were archived.

        Loaded by and by: pages may be stored as read while this goes on.
        """
        last = 0
        wanted = select(pages).where(pages.c.removed_at.is_(None)).order_by(pages.c.seq).limit(_READ_AT_ONCE)
        if not everything:
            wanted = wanted.where(or_(pages.c.reader_version.is_(None), pages.c.reader_version != reader_version))
        while True:
            with self._reading() as connection:
                rows = connection.execute(wanted.where(pages.c.seq > last)).all()
            if not rows:
                return
            yield from map(_page, rows)
            last = rows[-1].seq

    def store_reading(self, page_key: str, *, door: str, reader_version: int, reading: Reading | None = None) -> None:
        """Let a page leave by ``door``. With a ``reading`` its article, signals, adverse news and relations replace the URL's old ones.

        The newest page of a URL that gave an article holds it: a reread of an older one counts its door and changes nothing else. A page
        that gave the article and gives none any more takes it away. Raises KeyError for a page that is not there.
        """
        with self._writing() as connection:
            page = connection.execute(select(pages.c.seq, pages.c.url).where(pages.c.key == page_key)).one_or_none()
            if page is None:
                raise KeyError(page_key)
            left = {"door": door, "reader_version": reader_version, "has_article": reading is not None}
            connection.execute(update(pages).where(pages.c.key == page_key).values(left))
            newer = select(pages.c.seq).where(pages.c.url == page.url, pages.c.seq > page.seq, pages.c.has_article).limit(1)
            if connection.execute(newer).first() is not None:
                return
            if reading is not None:
                _replace_article(connection, page.url, page_key, reading, self._clock())
            else:
                _take_away(connection, page.url, page_key, self._clock())

    def door_counts(self, run_id: str | None = None) -> dict[str, int]:
        """How many pages (of those that ``run_id`` fetched, or all) left by which door."""
        counted = select(pages.c.door, func.count()).where(pages.c.door.is_not(None)).group_by(pages.c.door)
        if run_id is not None:
            counted = counted.where(pages.c.run_id == run_id)
        with self._reading() as connection:
            return pairs(connection, counted)

    def page_count(self, run_id: str | None = None) -> int:
        """How many pages the archive ever held (those that ``run_id`` fetched, or all): after reading, the sum of the doors."""
        counted = select(func.count()).select_from(pages)
        if run_id is not None:
            counted = counted.where(pages.c.run_id == run_id)
        with self._reading() as connection:
            return connection.execute(counted).scalar_one()

    def archive_pages(self, *, url: str | None = None, before: datetime | None = None) -> list[PageRow]:
        """The pages whose bytes are in the archive: of one URL, or fetched before a moment; for removing them there."""
        wanted = select(pages).where(pages.c.removed_at.is_(None)).order_by(pages.c.seq)
        if url is not None:
            wanted = wanted.where(pages.c.url == clean(canonical_url(url)))
        if before is not None:
            wanted = wanted.where(pages.c.fetched_at < before)
        with self._reading() as connection:
            return [_page(row) for row in connection.execute(wanted)]

    def pages_removed(self, keys: Sequence[str]) -> None:
        """The bytes of these pages are no longer in the archive; what was read of them stays."""
        with self._writing() as connection:
            for some in chunks(keys):
                connection.execute(update(pages).where(pages.c.key.in_(some)).values(removed_at=self._clock()))


def _page(row: Row[Any]) -> PageRow:
    return replace(from_json(PageRow, row.value), door=row.door, reader_version=row.reader_version)


def _replace_article(connection: Connection, url: str, page_key: str, reading: Reading, at: datetime) -> None:
    article = replace(reading.article, url=url, page_key=page_key)
    # What search shows; a new reader version or a second fetch that read the same changes no document.
    shown = replace(reading, article=replace(article, reader_version=0, fetched_at=None, page_key=None))
    digest = content_hash(to_json(shown).encode())
    kept = connection.execute(select(articles.c.digest).where(articles.c.url == url)).scalar_one_or_none()
    row = {
        "url": url, "day_at": article.published_at or article.fetched_at or at, "slug": article.slug, "text_hash": article.text_hash,
        "page_key": page_key, "reader_version": article.reader_version, "digest": digest, "changed_at": at, "value": to_json(article),
    }
    upsert(connection, articles, [row], keys=["url"])
    read: tuple[tuple[Table, Sequence[Any]], ...] = ((signals, reading.signals), (adverse, reading.adverse), (relations, reading.relations))
    for table, values in read:
        connection.execute(delete(table).where(table.c.article_url == url))
        by_key: dict[str, dict[str, Any]] = {}
        for place, value in enumerate(values):
            by_key.setdefault(value.key, {"key": value.key, "article_url": url, "place": place, "value": to_json(value)})
        if by_key:
            connection.execute(insert(table), list(by_key.values()))
    if digest != kept:
        note_changes(connection, "article", [url], "put", at)


def _take_away(connection: Connection, url: str, page_key: str, at: datetime) -> None:
    """Remove the article of ``url`` if ``page_key`` gave it, and let the newest older page that gave one be read again."""
    if connection.execute(delete(articles).where(articles.c.url == url, articles.c.page_key == page_key)).rowcount == 0:
        return
    for table in (signals, adverse, relations):
        connection.execute(delete(table).where(table.c.article_url == url))
    note_changes(connection, "article", [url], "delete", at)
    older = select(func.max(pages.c.seq)).where(pages.c.url == url, pages.c.has_article).scalar_subquery()
    connection.execute(update(pages).where(pages.c.seq == older).values(reader_version=None))
