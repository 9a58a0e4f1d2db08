"""Progress for people: a bar on a terminal, silence in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[int, int | None, str], None]  # done, total (None: not known yet), words


def silent(_done: int, _total: int | None, _words: str) -> None:
    """No progress."""


@contextmanager
def bar(title: str) -> Iterator[Step]:
    """Show the progress of one piece of work on stderr if a person is looking."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[words]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None, words="")

        def step(done: int, total: int | None, words: str) -> None:
            progress.update(task, completed=done, total=total, words=words[:40])

        yield step
