"""The crawl as a child process: Scrapy's reactor starts once a process, and a crash there ends no night."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence

from qingbao.errors import CannotWork, UsageError
from schedules.instance import Instance
from schedules.progress import Step, silent

logger = logging.getLogger(__name__)


def crawl(instance: Instance, run_id: str, *, lock: int | None = None, only: Sequence[str] = (), url: str | None = None,
          step: Step = silent) -> int:
    """Crawl all enabled sources, or those named, or one page by its ``url``. Returns 0, or 1 if a source failed.

    The child inherits ``lock``, the descriptor of the run's lock: a killed parent does not let a second crawl in.
    Raises ``UsageError`` for what cannot be asked for, ``CannotWork`` if the child could not work at all.
    """
    command = [sys.executable, "-m", "spiders.crawl", "--instance", str(instance.config.folder), "--run", run_id]
    for slug in only:
        command += ["--source", slug]
    if url:
        command += ["--url", url]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    last: list[str] = []
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True, encoding="utf-8",
                          errors="replace", env=environment, pass_fds=(lock,) if lock is not None else ()) as child:
        assert child.stderr is not None
        done = 0
        try:
            for line in child.stderr:
                try:
                    told = json.loads(line)
                except ValueError:
                    told = None
                if not isinstance(told, dict):
                    last = [*last[-19:], line.rstrip()]
                    logger.debug("crawl: %s", line.rstrip())
                    continue
                if told.get("error"):
                    last = [str(told["error"])]
                    continue
                done += 1
                step(done, None, str(told.get("title") or told.get("url") or ""))
        except KeyboardInterrupt:
            child.terminate()
            raise
    if child.returncode == UsageError.exit_code and last:
        raise UsageError("\n".join(last[-8:]))
    if child.returncode not in (0, 1):
        raise CannotWork("采集没有完成：" + "\n".join(last[-8:] or [f"退出码 {child.returncode}"]))
    return child.returncode
