"""The database behind the records: one engine, transactions for reading and writing, errors in words of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, Select, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, OperationalError

from qingbao.clock import Clock
from qingbao.errors import CannotWork
from records.trouble import trouble

# How long a writer waits for another one before it gives up. The longest transaction of ours (a settling of 100,000 companies) takes seconds.
BUSY_SECONDS = 60.0

# Values in one statement: SQLite takes 32,766 at most, older builds 999.
CHUNK = 400

T = TypeVar("T")


class Database:
    """What all parts of the records stand on. Closed with ``close`` or by leaving its ``with`` block."""

    def __init__(self, url_or_path: str | Path, *, clock: Clock) -> None:
        self._clock = clock
        self._url = make_url(str(url_or_path)) if "://" in str(url_or_path) else None
        self.path = Path(url_or_path) if self._url is None else None
        if self.path is None and self._url is not None and self._url.get_backend_name() == "sqlite" and self._url.database:
            self.path = Path(self._url.database)
        self._engine = self._open()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _open(self) -> Engine:
        if self.path is None:
            assert self._url is not None
            return _open_server(self._url)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWork(f"无法建立数据文件夹 {self.path.parent}：{error.strerror}。请检查权限和磁盘空间。") from error
        engine = create_engine(URL.create("sqlite", database=str(self.path)), connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One consistent view; on SQLite readers neither wait for a writer nor hold it up."""
        with self._said_plainly(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction that is written as a whole or not at all."""
        with self._said_plainly(), self._engine.connect() as connection:
            connection = connection.execution_options(qingbao_writes=True)
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    # One writer at a time, as on SQLite: what a transaction read before it wrote is still so when it writes.
                    connection.execute(text("SELECT pg_advisory_xact_lock(7143)"))
                yield connection

    @contextmanager
    def _said_plainly(self) -> Iterator[None]:
        """Turn what the database says into an error with a Chinese sentence; mistakes of ours stay what they are."""
        try:
            yield
        except DBAPIError as error:
            sentence = trouble(str(error.orig), self.path)
            if sentence is None and not isinstance(error, OperationalError):
                raise
            raise CannotWork(sentence or f"数据库不能工作：{error.orig}") from error


def _open_server(url: URL) -> Engine:
    """The engine of a database server; ``postgresql://`` means the driver psycopg."""
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        return create_engine(url, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError) as error:
        raise CannotWork(f"数据库 {url.drivername} 需要另装驱动（PostgreSQL: pip install 'psycopg[binary]'）：{error}") from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: it begins them DEFERRED, and concurrent updates get lost without an error.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: a delivery is written before its mail is sent, and must outlive a power cut.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("qingbao_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str]) -> None:
    """Insert ``rows`` (all with the same columns); where ``keys`` are there already, overwrite the other columns."""
    if rows:
        statement = _insert(connection, table)
        others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=others), list(rows))


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str]) -> int:
    """Insert those of ``rows`` whose ``keys`` are not there yet; how many they were."""
    # One by one: of many at once PostgreSQL's driver does not tell how many were inserted.
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=list(keys)).inline().execution_options(preserve_rowcount=True)
    return sum(connection.execute(statement, row).rowcount for row in rows)


def _insert(connection: Connection, table: Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def pairs(connection: Connection, wanted: Select[Any]) -> dict[Any, Any]:
    """First column → second column."""
    return {row[0]: row[1] for row in connection.execute(wanted)}


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """``items`` in lists of at most ``size``."""
    some: list[T] = []
    for item in items:
        some.append(item)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
