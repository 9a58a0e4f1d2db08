"""Every request on file, a line each in data/logs/requests-DAY.tsv; from it the day's requests to a host are counted over all runs."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from qingbao.clock import SHANGHAI, Clock, shanghai_day
from qingbao.errors import CannotWork

KEPT_DAYS = 30


class Ledger:
    """Requests of the day by host. ``cap``: how many a host may get in one Shanghai day, robots.txt included."""

    def __init__(self, folder: Path, *, cap: int, clock: Clock) -> None:
        self.folder = folder
        self.cap = cap
        self._clock = clock
        self._day = shanghai_day(clock())
        self._counts = self._read()
        self._forget()

    def _path(self) -> Path:
        return self.folder / f"requests-{self._day}.tsv"

    def _read(self) -> Counter[str]:
        try:
            lines = self._path().read_text("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return Counter()
        return Counter(line.split("\t")[1] for line in lines if line.count("\t") >= 2)

    def _forget(self) -> None:
        oldest = f"requests-{self._day - timedelta(days=KEPT_DAYS)}.tsv"
        for path in self.folder.glob("requests-????-??-??.tsv"):
            if path.name < oldest:
                path.unlink(missing_ok=True)

    def is_full(self, host: str) -> bool:
        """Are the day's requests to ``host`` used up?"""
        today = shanghai_day(self._clock())
        if today != self._day:
            self._day = today
            self._counts = self._read()
        return self._counts[host] >= self.cap

    def note(self, host: str, method: str, url: str) -> None:
        """Keep one request, before it is sent: one that a kill cuts off has been sent all the same. Raises ``CannotWork``."""
        self._counts[host] += 1
        moment = self._clock().astimezone(SHANGHAI).isoformat(timespec="seconds")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._path().open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"{moment}\t{host}\t{method}\t{url}\n")
        except OSError as error:
            # Not an error of the site, for which it would be taken further up.
            raise CannotWork(f"请求记录无法写入 {self._path()}：{error.strerror or error}。请检查磁盘空间和权限。") from error
