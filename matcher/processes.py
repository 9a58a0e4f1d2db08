"""Cutting many texts with several processes; what passes between them are arrays."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

from matcher.cutting import Cut, cut_texts, merged

# Texts handed over at a time, and the number of texts below which starting a process costs more than it saves.
BATCH = 4000
WORTH_A_PROCESS = 20_000
# Where most sentences have been met before, handing texts over costs more than cutting them here.
MOSTLY_KNOWN = 0.5


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread: its products are small here, and threads that wait for each other on a busy machine take minutes."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def cut_in_processes(texts: Sequence[str], processes: int) -> Cut:
    """``cut_texts`` of all texts by up to ``processes`` processes, this one among them."""
    if processes < 2 or len(texts) < WORTH_A_PROCESS:
        return cut_texts(texts)
    first = cut_texts(texts[:BATCH])
    if first.fresh < MOSTLY_KNOWN:
        return merged([first, cut_texts(texts[BATCH:])])
    batches = [texts[start : start + BATCH] for start in range(BATCH, len(texts), BATCH)]
    done: dict[int, Cut] = {}
    # spawn and not fork: the caller may hold threads (a scheduler's, a database's).
    with ProcessPoolExecutor(processes - 1, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: list[Future[Cut]] = [pool.submit(cut_texts, batch) for batch in batches]
        # This process takes batches from the far end until it meets the others.
        for place in reversed(range(len(batches))):
            if not waiting[place].cancel():
                break
            done[place] = cut_texts(batches[place])
        return merged([first, *(done[place] if place in done else waiting[place].result() for place in range(len(batches)))])
