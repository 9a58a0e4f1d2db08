"""The schedule: APScheduler only knows when; what is done is a job that the command line runs too."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from qingbao.clock import SHANGHAI, Clock, now
from qingbao.config import Config, load
from qingbao.errors import QingbaoError
from schedules.calendar import is_working_day
from schedules.instance import Instance, opened

logger = logging.getLogger(__name__)

# A machine that was asleep or busy at the minute still does the night's work within this time; longer gaps are made up at the start.
GRACE_SECONDS = 6 * 3600
DONE = ("done", "partial")


def _clock_time(words: str) -> time:
    hour, minute = words.split(":")
    return time(int(hour), int(minute))


def missed_run(instance: Instance, moment: datetime) -> bool:
    """Whether today's run was due before ``moment`` and none has been done since then: after days off, one run, not three."""
    local = moment.astimezone(SHANGHAI)
    due = datetime.combine(local.date(), _clock_time(instance.config.schedule.run_at), SHANGHAI)
    if local < due:
        return False
    last = instance.records.last_run("run", DONE)
    return last is None or last.started_at < due


def digest_due(instance: Instance, moment: datetime) -> bool:
    """Whether today's digest is due: a working day, past its time. Who has it already is the deliveries' matter."""
    local = moment.astimezone(SHANGHAI)
    return is_working_day(local.date()) and local.time() >= _clock_time(instance.config.schedule.digest_at)


def run_job(folder: Path, *, clock: Clock = now) -> None:
    """The nightly run, mails left to the digest job. Trouble is logged, the schedule goes on.

    A night that another schedule has done already is not done twice.
    """
    from schedules.jobs.nightly import nightly

    try:
        with opened(folder, clock=clock) as instance:
            if not missed_run(instance, clock()):
                logger.info("the run of today is done already")
                return
            result = nightly(instance, send=False)
            logger.info("run %s: %s", result.run_id, result.counts)
            for message in result.messages:
                logger.warning("%s", message)
    except (QingbaoError, OSError) as error:
        logger.error("本次运行未完成：%s", error)


def digest_job(folder: Path, *, clock: Clock = now) -> None:
    """The digests of the day, on working days."""
    from schedules.jobs.digest import digest

    try:
        with opened(folder, clock=clock) as instance:
            if not digest_due(instance, clock()):
                return
            result = digest(instance)
            for message in result.messages:
                logger.warning("%s", message)
    except (QingbaoError, OSError) as error:
        logger.error("今日简报未发出：%s", error)


def catch_up(folder: Path, *, clock: Clock = now, run: Callable[..., None] = run_job, send: Callable[..., None] = digest_job) -> bool:
    """Make up at the start what was missed while the machine was off; whether a run was made up."""
    with opened(folder, clock=clock) as instance:
        missed = missed_run(instance, clock())
        due = digest_due(instance, clock())
    if missed:
        logger.warning("错过了今天 %s 的运行，现在补上一次。", load(folder).schedule.run_at)
        run(folder, clock=clock)
    if due:
        send(folder, clock=clock)
    return missed


def build(folder: Path, config: Config) -> BlockingScheduler:
    """The scheduler with its two jobs in Shanghai's time."""
    scheduler = BlockingScheduler(timezone=SHANGHAI)
    for job, words, name in ((run_job, config.schedule.run_at, "run"), (digest_job, config.schedule.digest_at, "digest")):
        at = _clock_time(words)
        scheduler.add_job(job, CronTrigger(hour=at.hour, minute=at.minute, timezone=SHANGHAI), args=[folder], id=name, coalesce=True, max_instances=1,
                          misfire_grace_time=GRACE_SECONDS)
    return scheduler


def serve(folder: Path) -> None:
    """Catch up, then run until SIGTERM or Ctrl-C."""
    scheduler = build(folder, load(folder))

    def stop(*_: object) -> None:
        if not scheduler.running:
            raise KeyboardInterrupt  # while a missed night is made up: its crawl is stopped as by Ctrl-C
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    catch_up(folder)
    try:
        scheduler.start()
    except KeyboardInterrupt:
        logger.info("schedule stopped")
