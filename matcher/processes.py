"""Cutting many texts with several processes; what passes between them are arrays."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from matcher.cutting import Cut, Cutter, cut_texts, merged

# Texts handed over at a time, and the number of texts below which starting a process costs more than it saves.
BATCH = 2000
WORTH_A_PROCESS = 20_000


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread: its products are small here, and threads that wait for each other on a busy machine take minutes."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1, user_api="blas"):
        yield


@cache
def _cutter() -> Cutter:
    """The one of a process that was started to cut: it remembers from batch to batch."""
    return Cutter()


def _cut_there(texts: Sequence[str]) -> tuple[int, list[str], Cut]:
    """In a started process: which one it is, the words it met for the first time, and the batch without its words."""
    cutter = _cutter()
    known = cutter.met
    cut = cutter.cut(texts)
    return os.getpid(), cut.words[known:], replace(cut, words=[])


def cut_in_processes(texts: Sequence[str], processes: int) -> Cut:
    """``cut_texts`` of all texts by up to ``processes`` processes, this one among them."""
    if processes < 2 or len(texts) < WORTH_A_PROCESS:
        return cut_texts(texts)
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    here: list[Cut] = []
    cutter = Cutter()
    # spawn and not fork: the caller may hold threads (a scheduler's, a database's).
    with ProcessPoolExecutor(processes - 1, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(_cut_there, batch) for batch in batches]
        # This process takes batches from the far end until it meets the others.
        while waiting and waiting[-1].cancel():
            waiting.pop()
            here.append(cutter.cut(batches[len(waiting)]))
        words: dict[int, list[str]] = {}
        there = []
        for one in waiting:
            process, new, cut = one.result()
            words.setdefault(process, []).extend(new)
            there.append(replace(cut, words=words[process]))
    return merged([*there, *reversed(here)])
