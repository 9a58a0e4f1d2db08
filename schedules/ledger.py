"""The ledger of runs: what was started is finished there, whatever ends it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from qingbao.errors import CannotWork
from schedules.instance import Instance

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Entry:
    """A run under way; ``status``, ``counts`` and ``messages`` are what the ledger will say of it."""

    id: str
    status: str = "done"
    counts: dict[str, int] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def count(self, counts: Mapping[str, int]) -> None:
        """Add to the counts."""
        self.counts.update(counts)


@contextmanager
def in_ledger(instance: Instance, job: str) -> Iterator[Entry]:
    """Start a run and finish it: as its ``status`` says, as ``failed`` on an error, as ``interrupted`` on Ctrl-C."""
    entry = Entry(instance.records.start_run(job).id)
    try:
        yield entry
    except BaseException as error:
        try:
            instance.records.finish_run(entry.id, "failed" if isinstance(error, Exception) else "interrupted", entry.counts, [*entry.messages, str(error)])
        except CannotWork as second:
            logger.error("the ledger could not be written either: %s", second)
        raise
    instance.records.finish_run(entry.id, entry.status, entry.counts, entry.messages)
