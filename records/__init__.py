"""What is kept, the truth: SQL tables behind one small interface. Importing this package is cheap; SQLAlchemy comes with ``open_records``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qingbao.clock import Clock, now

if TYPE_CHECKING:
    from records.store import Records


def open_records(url_or_path: str | Path, *, clock: Clock = now) -> Records:
    """Open the records of a SQLite file (made if it is not there) or a database URL and bring their tables up to date.

    Use it as a context manager. Raises CannotWork with a Chinese sentence where the disk, the rights or the server do not allow it.
    """
    from records.store import Records

    return Records(url_or_path, clock=clock)
