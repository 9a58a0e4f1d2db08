"""Other processes: those that cut many texts and hand back arrays, and one that has the dictionary ready for a few."""

from __future__ import annotations

import importlib.util
import multiprocessing
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from matcher.cutting import Cut, Cutter, cut_texts, merged
from qingbao.text import cut_search, cut_search_by

# Texts handed over at a time, and the number of texts below which starting a process costs more than it saves.
BATCH = 4000
WORTH_A_PROCESS = 20_000
# Where most sentences have been met before, another process takes as long to start and to learn them as cutting takes here: 0.9 s of this
# process against 0.8 s, and twice as long on the clock of a busy machine. Where none has, 4.9 s against 2.8 s.
MOSTLY_KNOWN = 0.5


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread: its products are small here, and threads that wait for each other on a busy machine take minutes."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1, user_api="blas"):
        yield


# What a process does that only cuts: for each text (its size in eight bytes, then itself) the words with NUL between them, likewise.
_CUTTING = """
import sys
sys.path.insert(0, sys.argv[1])
from rjieba import cut_for_search
while size := int.from_bytes(sys.stdin.buffer.read(8), "little"):
    words = "\\0".join(cut_for_search(sys.stdin.buffer.read(size).decode(), False)).encode()
    sys.stdout.buffer.write(len(words).to_bytes(8, "little") + words)
    sys.stdout.buffer.flush()
"""


@contextmanager
def dictionary_beside() -> Iterator[None]:
    """Words are cut in this block by a process that loads the dictionary (a tenth of a second) while this one goes on.

    Where the dictionary is loaded here already, or cannot be, everything stays as it is.
    """
    found = None if "rjieba" in sys.modules else importlib.util.find_spec("rjieba")
    if found is None or not found.origin:
        yield
        return
    # -I and -S: nothing of the caller's environment, and none of the modules that take as long to load as the dictionary.
    command = [sys.executable, "-I", "-S", "-c", _CUTTING, str(Path(found.origin).parent.parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        asked, said = child.stdin, child.stdout

        def cut_there(text: str) -> list[str]:
            data = text.replace("\0", " ").encode()
            if not data:
                return []
            try:
                asked.write(len(data).to_bytes(8, "little") + data)
                asked.flush()
                size = int.from_bytes(said.read(8), "little")
                words = said.read(size)
            except BrokenPipeError:
                size, words = 0, b""
            if size and len(words) == size:
                return words.decode().split("\0")
            with cut_search_by(None):  # it was ended, by whomever: the night goes on without it
                return cut_search(text)

        try:
            with cut_search_by(cut_there):
                yield
        finally:
            child.kill()
            with suppress(BrokenPipeError):  # of what an ended one did not take
                asked.close()


def _serve(parent: Connection) -> None:
    """In a started process: batches of texts in, the words met for the first time and the batch without its words out, until nobody asks."""
    cutter = Cutter()
    while True:
        try:
            texts = parent.recv()
        except EOFError:
            return
        known = cutter.met
        cut = cutter.cut(texts)
        parent.send((cut.words[known:], replace(cut, words=[])))


def _cut_by_another(left: deque[int], batches: Sequence[Sequence[str]], done: dict[int, Cut]) -> None:
    """Have a process of its own cut batches from the near end, until none is left or the process has ended."""
    # spawn and not fork: the caller may hold threads (a scheduler's, a database's).
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    there.close()
    words: list[str] = []
    place = None
    try:
        while left:
            place = left.popleft()
            here.send(batches[place])
            new, cut = here.recv()
            words.extend(new)
            done[place] = replace(cut, words=words)
            place = None
    except (EOFError, OSError, IndexError):  # ended by whomever, or the last batch went to the other end
        if place is not None:
            left.appendleft(place)
    finally:
        here.close()
        process.join()


def cut_in_processes(texts: Sequence[str], processes: int) -> Cut:
    """``cut_texts`` of all texts by up to ``processes`` processes, this one among them."""
    if processes < 2 or len(texts) < WORTH_A_PROCESS:
        return cut_texts(texts)
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    left, cutter = deque(range(1, len(batches))), Cutter()
    with cut_search_by(None):
        done = {0: cutter.cut(batches[0])}
        more = processes - 1 if cutter.fresh >= MOSTLY_KNOWN else 0
        others = [threading.Thread(target=_cut_by_another, args=(left, batches, done)) for _ in range(more)]
        for other in others:
            other.start()
        _cut_here(left, batches, done, cutter)
        for other in others:
            other.join()
        _cut_here(left, batches, done, cutter)  # what one that ended before its time left
    return merged([done[place] for place in range(len(batches))])


def _cut_here(left: deque[int], batches: Sequence[Sequence[str]], done: dict[int, Cut], cutter: Cutter) -> None:
    """Take batches from the far end until the others are met."""
    while True:
        try:
            place = left.pop()
        except IndexError:
            return
        done[place] = cutter.cut(batches[place])
