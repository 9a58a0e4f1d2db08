"""The night's work once: lists, crawl, read, settle, match, index, report, digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from qingbao.clock import SHANGHAI
from qingbao.errors import QingbaoError
from qingbao.model import Prospect
from records.values import SourceState
from schedules.instance import Instance
from schedules.jobs.archive import purge_old
from schedules.jobs.crawl import crawl
from schedules.jobs.digest import DigestResult, digest
from schedules.jobs.index import feed_or_say
from schedules.jobs.lists import take_lists
from schedules.jobs.match import match, standing_list
from schedules.jobs.read import read_new
from schedules.jobs.report import write_table
from schedules.jobs.settle import settle_window
from schedules.ledger import in_ledger
from schedules.lock import one_at_a_time
from schedules.progress import Step, silent

# Shows a named step of the work; returns the step function for its progress.
Show = Callable[[str], Step]


@dataclass(slots=True)
class NightResult:
    """What a night brought, for the terminal and the ledger."""

    run_id: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    best: dict[str, list[Prospect]] = field(default_factory=dict)  # park slug → standing list
    files: list[str] = field(default_factory=list)
    digests: DigestResult | None = None
    sources_failed: bool = False


def _crawl(instance: Instance, result: NightResult, lock: int, step: Step) -> None:
    result.sources_failed = crawl(instance, result.run_id, lock=lock, step=step) != 0
    names = instance.source_names()
    for one in instance.records.source_results(result.run_id):
        result.counts["new_links"] = result.counts.get("new_links", 0) + one.new_links
        result.counts["fetched"] = result.counts.get("fetched", 0) + one.fetched
        if one.message and one.state is not SourceState.DISABLED:
            result.messages.append(f"来源“{names.get(one.slug, one.slug)}”：{one.message}")


def _work(instance: Instance, result: NightResult, lock: int, show: Show, send: bool) -> None:
    result.messages += take_lists(instance)
    _crawl(instance, result, lock, show("采集"))
    read = read_new(instance, step=show("阅读"))
    result.messages += read.messages
    result.counts |= {"pages": read.pages, **{f"door.{door}": n for door, n in sorted(read.doors.items())}}
    try:
        result.counts["purged"] = purge_old(instance)
    except QingbaoError as error:
        result.messages.append(str(error))
    show("归并")
    result.counts |= settle_window(instance)
    show("匹配")
    matched = match(instance, result.run_id)
    result.messages += matched.messages
    result.best = {slug: standing_list(rows) for slug, rows in matched.prospects.items()}
    result.counts["prospects"] = sum(len(rows) for rows in result.best.values())
    show("索引")
    result.counts["indexed"], trouble = feed_or_say(instance)
    result.messages += [trouble] if trouble else []
    show("报表")
    for park in instance.parks:
        written = write_table(instance, park, matched.prospects[park.slug])
        result.files += [str(path) for path in written.paths]
        result.messages += [written.trouble] if written.trouble else []
    if send:
        show("邮件")
        result.digests = digest(instance, result.run_id)
        result.files += [str(path) for path in result.digests.files]
        result.messages += result.digests.messages


def nightly(instance: Instance, *, show: Show = lambda _: silent, send: bool = True) -> NightResult:
    """Run the night's work once, under the lock and with a row in the ledger.

    A source that fails ends nothing; a step that cannot work ends the run as ``failed`` and says why. ``send`` False leaves
    the mails to the digest job. Raises ``CannotWork`` if another run goes on.
    """
    result = NightResult()
    with one_at_a_time(instance.config.data_dir) as lock:
        for lost in instance.records.close_interrupted():
            result.messages.append(f"上次任务（{lost.started_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 开始）被中断，这次接着做。")
        with in_ledger(instance, "run") as entry:
            result.run_id = entry.id
            entry.counts, entry.messages = result.counts, result.messages  # the same objects: a crash tells how far it came
            _work(instance, result, lock, show, send)
            entry.status = "partial" if result.sources_failed else "done"
    return result
