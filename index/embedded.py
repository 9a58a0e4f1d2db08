"""The embedded engine: SQLite FTS5 in one file, over text cut into single characters; each part of a query is a phrase."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path

from index.cut import BREAK, cut_text, cut_version, phrases
from index.embedded_query import ask
from index.highlight import Phrase, excerpt, mark
from index.search import Document, Found, Health, Hit, Kind, Label, Marked, Number, Query, Rebuilt, Refused, Removal, SearchLost
from qingbao.errors import CannotWork
from records.trouble import trouble

# Bumped when the tables change: a file of another version is emptied and filled anew from the records.
SCHEMA_VERSION = 1

BUSY_SECONDS = 60.0

# ``found`` holds no texts (content = ''), which halves the file; what is to be taken out of it is cut again from ``docs``, by the same rules:
# a file that was filled under other rules is never written to.
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE docs (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, gone INTEGER NOT NULL, title TEXT NOT NULL,
    names TEXT NOT NULL, text BLOB NOT NULL, url TEXT, day TEXT, labels TEXT NOT NULL, numbers TEXT NOT NULL, UNIQUE (kind, key)
);
CREATE INDEX docs_day ON docs (day);
CREATE TABLE labels (doc INTEGER NOT NULL, label TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (label, value, doc)) WITHOUT ROWID;
CREATE INDEX labels_doc ON labels (doc);
CREATE TABLE numbers (doc INTEGER NOT NULL, number TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (number, doc)) WITHOUT ROWID;
CREATE INDEX numbers_doc ON numbers (doc);
CREATE VIRTUAL TABLE found USING fts5 (title, names, text, content = '', tokenize = "ascii tokenchars '.'")
"""

NEW = "搜索文件是新的，将从数据库填入内容"
OTHER_VERSION = "搜索文件由其他版本的程序建立，将从数据库重建"
BROKEN = "搜索文件已损坏，将从数据库重建"


# What SQLite says of a broken file, or of one that somebody removed while we worked.
_LOST = ("malformed", "not a database", "corrupt", "no such table", "vtable constructor failed", "decompressing")


class EmbeddedSearch:
    """Search in the file ``path``. A file that is broken or of another version is emptied and asks to be filled (``rebuild_reason``).

    Nothing is held open between calls; readers see the last committed state while a writer writes.
    """

    name = "embedded"

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWork(f"无法建立数据文件夹 {path.parent}：{error.strerror}。请检查权限和磁盘空间。") from error
        with suppress(SearchLost):  # a broken file: by now it is made anew
            self._prepare(NEW)

    def close(self) -> None:
        """Nothing is open."""

    def put(self, documents: Sequence[Document]) -> list[Refused]:
        """Keep ``documents``, each if it is at least as new as what is there. None is ever refused."""
        with self._transaction("IMMEDIATE") as db:
            for document in documents:
                _put(db, document)
        return []

    def delete(self, removals: Sequence[Removal]) -> None:
        """Forget documents; their versions are remembered, so that an older put does not bring them back."""
        with self._transaction("IMMEDIATE") as db:
            for removal in removals:
                if _take_out(db, removal.kind, removal.key, removal.version):
                    _insert(db, Document(kind=removal.kind, key=removal.key, version=removal.version, title=""), gone=True)

    def refresh(self) -> None:
        """Nothing to do: what is kept is found."""

    def search(self, query: Query) -> Found:
        """Answer ``query``; all of its answer is of one state."""
        wanted = phrases(query.words)
        asked = ask(query, wanted)
        if query.words.strip() and not wanted:
            return Found(total=0, hits=())
        with self._transaction("DEFERRED") as db:
            (total,) = db.execute(*asked.count()).fetchone()
            hits = tuple(_hit(row, wanted) for row in db.execute(*asked.page(query.limit)))
            facets = {label: tuple((value, count) for value, count in db.execute(*asked.facet(label))) for label in query.facets}
        more = asked.offset + len(hits)
        return Found(total=total, hits=hits, next=str(more) if hits and more < total else None, facets=facets)

    def counts(self) -> dict[Kind, int]:
        """How many documents of each kind there are."""
        with self._transaction("DEFERRED") as db:
            counted = dict(db.execute("SELECT kind, COUNT(*) FROM docs WHERE gone = 0 GROUP BY kind").fetchall())
        return {kind: counted.get(kind.value, 0) for kind in Kind}

    def health(self) -> Health:
        """How the file is. One that is to be filled is usable: whoever searches fills it first (``feed.find``)."""
        try:
            counts, reason = self.counts(), self.rebuild_reason()
        except CannotWork as error:
            return Health(engine=self.name, usable=False, message=str(error))
        return Health(engine=self.name, usable=True, message=None if reason == NEW else reason, counts=counts)

    def rebuild_reason(self) -> str | None:
        """Why the file must be filled (Chinese); None: it need not."""
        with self._transaction("DEFERRED") as db:
            (reason,) = db.execute("SELECT value FROM meta WHERE name = 'reason'").fetchone()
        return str(reason) or None

    def rebuild(self, documents: Iterable[Document]) -> Rebuilt:
        """Replace all by ``documents`` in one transaction: searches see the old state until it ends, a kill leaves the old state."""
        with self._transaction("IMMEDIATE") as db:
            for table in ("docs", "labels", "numbers"):
                db.execute(f"DELETE FROM {table}")
            db.execute("INSERT INTO found (found) VALUES ('delete-all')")
            for document in documents:
                _put(db, document)
            db.execute("UPDATE meta SET value = '' WHERE name = 'reason'")
            (count,) = db.execute("SELECT COUNT(*) FROM docs WHERE gone = 0").fetchone()
        return Rebuilt(count=count)

    def _prepare(self, reason: str) -> None:
        """Make the tables where there are none, or others. Several processes may come at once: one makes them."""
        version = f"{SCHEMA_VERSION}.{cut_version()}"
        with self._connected() as db:
            db.execute("PRAGMA journal_mode = WAL")
        with self._transaction("IMMEDIATE") as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "meta" in tables:
                made_by = db.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
                if made_by is not None and made_by[0] == version:
                    return
                reason = OTHER_VERSION
            for name in ("found", *sorted(tables)):  # the virtual table first, it takes its own tables with it
                db.execute(f'DROP TABLE IF EXISTS "{name}"')
            for statement in _TABLES.split(";"):
                db.execute(statement)
            db.executemany("INSERT INTO meta VALUES (?, ?)", [("version", version), ("reason", reason)])

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[sqlite3.Connection]:
        with self._connected() as db:
            db.execute(f"BEGIN {kind}")
            try:
                yield db
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)) as db:
                db.row_factory = sqlite3.Row
                # With NORMAL a power cut may lose the last changes, which the outbox has let go of by then.
                db.execute("PRAGMA synchronous = FULL")
                yield db
        except (sqlite3.DatabaseError, zlib.error) as error:
            words_ = str(error)
            if any(sign in words_ for sign in _LOST):
                self._make_anew()
                raise SearchLost("搜索文件已损坏，已换成空的；请再运行一次，内容会从数据库重建。") from error
            sentence = trouble(words_, self._path, "搜索文件")
            if sentence is None and not isinstance(error, sqlite3.OperationalError):
                raise
            raise CannotWork(sentence or f"搜索文件 {self._path} 不能工作：{error}") from error

    def _make_anew(self) -> None:
        """Put an empty file in the place of the broken one."""
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        self._prepare(BROKEN)


def _put(db: sqlite3.Connection, document: Document) -> None:
    if _take_out(db, document.kind, document.key, document.version):
        _insert(db, document)


def _take_out(db: sqlite3.Connection, kind: Kind, key: str, version: int) -> bool:
    """Take out what is there of a document. False: that is newer than ``version`` and stays."""
    old = db.execute("SELECT * FROM docs WHERE kind = ? AND key = ?", (kind.value, key)).fetchone()
    if old is None:
        return True
    if old["version"] > version:
        return False
    cut = _cut(old["title"], json.loads(old["names"]), _text(old))
    db.execute("INSERT INTO found (found, rowid, title, names, text) VALUES ('delete', ?, ?, ?, ?)", (old["id"], *cut))
    for table, column in (("labels", "doc"), ("numbers", "doc"), ("docs", "id")):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (old["id"],))
    return True


def _insert(db: sqlite3.Connection, document: Document, *, gone: bool = False) -> None:
    row = (
        document.kind.value, document.key, document.version, gone, document.title, json.dumps(document.names, ensure_ascii=False),
        zlib.compress(document.text.encode()), document.url, document.day and document.day.isoformat(),
        json.dumps(dict(document.labels), ensure_ascii=False), json.dumps(dict(document.numbers)),
    )
    columns = "kind, key, version, gone, title, names, text, url, day, labels, numbers"
    doc = db.execute(f"INSERT INTO docs ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row).lastrowid
    cut = _cut(document.title, document.names, document.text)
    db.execute("INSERT INTO found (rowid, title, names, text) VALUES (?, ?, ?, ?)", (doc, *cut))
    labels = [(doc, label.value, value) for label, values in document.labels.items() for value in dict.fromkeys(values)]
    db.executemany("INSERT INTO labels VALUES (?, ?, ?)", labels)
    db.executemany("INSERT INTO numbers VALUES (?, ?, ?)", [(doc, number.value, value) for number, value in document.numbers.items()])


def _cut(title: str, names: Sequence[str], text: str) -> tuple[str, str, str]:
    """The three columns of ``found``."""
    return cut_text(title), f" {BREAK} ".join(map(cut_text, names)), cut_text(text)


def _text(row: sqlite3.Row) -> str:
    return zlib.decompress(row["text"]).decode()


def _hit(row: sqlite3.Row, wanted: Sequence[Phrase]) -> Hit:
    names = (mark(name, wanted) for name in json.loads(row["names"])) if wanted else iter(())
    return Hit(
        kind=Kind(row["kind"]), key=row["key"], score=-row["score"] or 0.0, title=mark(row["title"], wanted),
        name=max((name for name in names if name.spans), key=_marked, default=None), excerpt=excerpt(_text(row), wanted),
        url=row["url"], day=date.fromisoformat(row["day"]) if row["day"] else None,
        labels={Label(label): tuple(values) for label, values in json.loads(row["labels"]).items()},
        numbers={Number(number): value for number, value in json.loads(row["numbers"]).items()},
    )


def _marked(name: Marked) -> int:
    return sum(end - start for start, end in name.spans)
