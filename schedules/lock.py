"""One run at a time: a lock on an open file, which the system lets go when the last process that holds it is gone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qingbao.errors import CannotWork


@contextmanager
def one_at_a_time(data_dir: Path) -> Iterator[int]:
    """Hold the instance's lock; yields its descriptor, which a child inherits so that it outlives a killed parent.

    Raises ``CannotWork`` if another process holds it.
    """
    path = data_dir / "run.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "未知"
            raise CannotWork(f"另一个任务正在运行（进程 {holder}），请等它结束后再试。") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        os.set_inheritable(descriptor, True)
        yield descriptor
    finally:
        os.close(descriptor)
