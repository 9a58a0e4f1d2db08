"""The feed: from the records' outbox into an engine, acknowledged after the engine has taken it. Pure of any engine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from index.documents import make_document
from index.search import Document, Found, Kind, Query, Rebuilt, Refused, Removal, Search, SearchLost
from qingbao.model import Prospect
from records.values import ArticleDocument, CompanyDocument, DeadLetter, OutboxRow

# Changes taken at once: so many documents are in memory (an article has 2,000 characters; the largest tables 200,000).
BATCH = 500

# Batches on their way at once: while the server works on one, the next is cut and packed.
IN_FLIGHT = 2


class Source(Protocol):
    """What the feed asks of the records."""

    def outbox(self, limit: int = ..., *, after: int = ...) -> list[OutboxRow]:
        """The oldest changes that wait, with numbers larger than ``after``."""
        ...

    def outbox_mark(self) -> int:
        """A number larger than those of all changes so far, smaller than those of all to come."""
        ...

    def outbox_size(self) -> int:
        """How many changes wait."""
        ...

    def ack_outbox(self, seqs: Sequence[int], refused: Sequence[DeadLetter] = ...) -> None:
        """The changes were taken, but for the refused ones."""
        ...

    def retry_dead_letters(self) -> int:
        """Let all refused documents wait again."""
        ...

    def documents(self, kind: str, keys: list[str]) -> Mapping[str, ArticleDocument | CompanyDocument | Prospect]:
        """Values by key, those that are there."""
        ...

    def document_keys(self, kind: str) -> Iterator[str]:
        """All keys of a kind."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What a feeding did. ``rebuilt``: the engine was filled anew, and why (Chinese)."""

    put: int = 0
    deleted: int = 0
    refused: tuple[Refused, ...] = ()
    rebuilt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    seqs: list[int]
    documents: list[Document]
    removals: list[Removal]


def feed(records: Source, engine: Search) -> Fed:
    """Bring ``engine`` up to date. An engine that lost its data or has another version is filled anew first.

    A change is acknowledged after the engine has committed it: killed in between, it is put again, which changes nothing.
    Raises CannotWork where the engine is away; what was not taken waits in the outbox.
    """
    reason = engine.rebuild_reason()
    put, deleted = 0, 0
    refused: list[Refused] = []
    if reason is not None:
        made = rebuild(records, engine)
        put, refused = made.count, [*made.refused]
    for batch, not_taken in _sent(records, engine):
        records.ack_outbox(batch.seqs, [_letter(r) for r in not_taken])
        refused += not_taken
        put += len(batch.documents) if reason is None else 0
        deleted += len(batch.removals)
    if put or deleted:
        engine.refresh()
    return Fed(put=put, deleted=deleted, refused=tuple(refused), rebuilt=reason)


def _sent(records: Source, engine: Search) -> Iterator[tuple[_Batch, list[Refused]]]:
    """The batches that the engine has taken, each with what it refused. While one is on its way the next is made.

    A document that changes meanwhile may be on its way twice: its versions tell which one stays.
    """
    flying: deque[tuple[_Batch, Future[list[Refused]]]] = deque()
    after = 0
    with ThreadPoolExecutor(IN_FLIGHT) as senders:
        while (rows := records.outbox(BATCH, after=after)) or flying:
            if rows:
                after = rows[-1].seq
                batch = _load(records, rows)
                flying.append((batch, senders.submit(_send, engine, batch)))
            if len(flying) > IN_FLIGHT or not rows:
                batch, sending = flying.popleft()
                yield batch, sending.result()


def _send(engine: Search, batch: _Batch) -> list[Refused]:
    refused = engine.put(batch.documents)
    engine.delete(batch.removals)
    return refused


def rebuild(records: Source, engine: Search) -> Rebuilt:
    """Fill ``engine`` anew with all that the records hold. Searches see the old state until it is whole.

    What was refused before has had its new chance with it: it waits again, and is told again only if it is refused again.
    """
    made = engine.rebuild(_everything(records))
    records.retry_dead_letters()
    records.ack_outbox([], [_letter(r) for r in made.refused])
    return made


def find(records: Source, engine: Search, query: Query) -> Found:
    """Search; an engine that lost its data is filled from the records and asked once more."""
    try:
        if engine.rebuild_reason() is None:
            return engine.search(query)
    except SearchLost:
        pass
    rebuild(records, engine)
    return engine.search(query)


def _letter(refused: Refused) -> DeadLetter:
    return DeadLetter(kind=refused.kind.value, key=refused.key, version=refused.version, reason=refused.reason)


def _load(records: Source, rows: Sequence[OutboxRow]) -> _Batch:
    by_kind: dict[str, dict[str, OutboxRow]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, {})[row.key] = row
    documents: list[Document] = []
    removals: list[Removal] = []
    for kind, wanted in by_kind.items():
        # The action is not asked: a document that was put and is gone by now is a removal, and the other way round.
        there = records.documents(kind, list(wanted))
        documents += [make_document(value, wanted[key].version) for key, value in there.items()]
        removals += [Removal(kind=Kind(kind), key=key, version=row.version) for key, row in wanted.items() if key not in there]
    return _Batch(seqs=[row.seq for row in rows], documents=documents, removals=removals)


def _everything(records: Source) -> Iterator[Document]:
    # Taken before the first document is read: what changes while this goes on gets larger numbers and is put again by the feed.
    version = records.outbox_mark()
    for kind in Kind:
        keys: list[str] = []
        for key in records.document_keys(kind):
            keys.append(key)
            if len(keys) == BATCH:
                yield from _made(records, kind, keys, version)
                keys = []
        yield from _made(records, kind, keys, version)


def _made(records: Source, kind: Kind, keys: list[str], version: int) -> Iterator[Document]:
    return (make_document(value, version) for value in records.documents(kind, keys).values())
