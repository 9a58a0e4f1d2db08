"""When things are done: working days, what was missed, one run at a time."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from qingbao.clock import SHANGHAI
from qingbao.errors import CannotWork
from schedules import calendar
from schedules.calendar import is_working_day
from schedules.instance import opened
from schedules.lock import one_at_a_time
from schedules.runner import build, catch_up, digest_due, missed_run, run_job
from tests.qingbao.test_config import instance


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2025, 9, 28), True),  # a Sunday made up for the National Day
        (date(2025, 10, 1), False),  # National Day
        (date(2025, 9, 27), False),  # a plain Saturday
        (date(2025, 9, 26), True),
    ],
)
def test_holidays_and_made_up_days(day: date, due: bool) -> None:
    assert is_working_day(day) is due


def test_an_unknown_year_falls_back_to_weekdays_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    calendar._warn_unknown.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert is_working_day(date(2093, 1, 5))  # Monday
        assert not is_working_day(date(2093, 1, 4))
    assert len([r for r in caplog.records if "2093" in r.getMessage()]) == 1


def test_a_second_process_is_refused_and_a_crash_leaves_no_lock(tmp_path: Path) -> None:
    with one_at_a_time(tmp_path):
        code = f"from pathlib import Path\nfrom schedules.lock import one_at_a_time\nwith one_at_a_time(Path({str(tmp_path)!r})): pass"
        refused = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "另一个任务正在运行" in refused.stderr
        assert str(os.getpid()) in refused.stderr
    crash = f"import os\nfrom pathlib import Path\nfrom schedules.lock import one_at_a_time\nwith one_at_a_time(Path({str(tmp_path)!r})): os._exit(9)"
    subprocess.run([sys.executable, "-c", crash], check=False)
    with one_at_a_time(tmp_path):
        pass


def test_a_child_that_outlives_its_parent_keeps_the_lock(tmp_path: Path) -> None:
    with one_at_a_time(tmp_path) as lock:
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, pass_fds=(lock,))
    try:
        with pytest.raises(CannotWork), one_at_a_time(tmp_path):
            pass
    finally:
        child.communicate()
    with one_at_a_time(tmp_path):
        pass


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return instance(tmp_path)


def ledger(folder: Path, *moments: datetime) -> None:
    for moment in moments:
        with opened(folder, clock=lambda moment=moment: moment.astimezone(UTC)) as inst:
            inst.records.finish_run(inst.records.start_run("run").id, "done", {})


@pytest.mark.parametrize(
    ("done", "moment", "missed"),
    [
        ([], shanghai(15, 2), False), ([], shanghai(15, 3), True), ([shanghai(15, 2, 31)], shanghai(15, 9), False),
        ([shanghai(12, 2, 31)], shanghai(15, 9), True), ([shanghai(14, 23, 50)], shanghai(15, 2, 40), True),
        ([shanghai(15, 1)], shanghai(15, 2, 40), True),  # by hand, before the time: the night's own is still to come
    ],
)
def test_what_was_missed(folder: Path, done: list[datetime], moment: datetime, missed: bool) -> None:
    ledger(folder, *done)
    with opened(folder) as inst:
        assert missed_run(inst, moment) is missed


def test_after_three_days_off_one_run_is_made_up(folder: Path) -> None:
    ledger(folder, shanghai(11, 2, 30))
    runs: list[Path] = []

    def run(where: Path, **_: Any) -> None:
        runs.append(where)
        ledger(where, shanghai(15, 9))

    clock = lambda: shanghai(15, 9).astimezone(UTC)  # noqa: E731
    assert catch_up(folder, clock=clock, run=run, send=lambda *_, **__: None)
    assert not catch_up(folder, clock=clock, run=run, send=lambda *_, **__: None)
    assert runs == [folder]


def test_two_schedules_do_a_night_once(folder: Path) -> None:
    path = folder / "sources.yaml"
    path.write_text(path.read_text("utf-8") + "    enabled: false\n", "utf-8")
    for minute in (30, 31):
        run_job(folder, clock=lambda minute=minute: shanghai(15, 2, minute).astimezone(UTC))
    with opened(folder) as inst:
        assert len(inst.records.runs("run", limit=9)) == 1


def test_a_digest_is_due_on_working_mornings(folder: Path) -> None:
    with opened(folder) as inst:
        assert digest_due(inst, shanghai(15, 8, 1))
        assert not digest_due(inst, shanghai(15, 7, 59))
        assert not digest_due(inst, shanghai(12, 9))  # Saturday


def test_the_jobs_stand_in_shanghai_time_with_a_grace(folder: Path) -> None:
    from qingbao.config import load

    with time_machine.travel(datetime(2026, 9, 15, 0, 0, tzinfo=UTC), tick=False):
        scheduler = build(folder, load(folder))
        jobs = {job.id: job for job in scheduler.get_jobs()}
        assert set(jobs) == {"run", "digest"}
        assert jobs["run"].misfire_grace_time > 3600
        fires = jobs["run"].trigger.get_next_fire_time(None, datetime.now(UTC))
        assert fires.astimezone(SHANGHAI).strftime("%H:%M") == "02:30"
