"""The day's table: the standing list as xlsx, csv and html, rewritten by every run of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from qingbao.clock import shanghai_day
from qingbao.errors import CannotWork, UsageError
from qingbao.model import BadNews, Park, Prospect
from schedules.instance import Instance

if TYPE_CHECKING:
    from reports.overview import Collected

AS_IT_STOOD = "-as-it-stood"  # behind the names of files written again for a past day: that day's own files stay


@dataclass(frozen=True, slots=True)
class Written:
    """The files of one park, and what kept them out of the shared folder."""

    paths: tuple[Path, ...]
    trouble: str | None = None


def out_folder(instance: Instance) -> Path:
    """Where today's files go."""
    folder = instance.config.data_dir / "out" / instance.today.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def other_bad_news(instance: Instance, prospects: Sequence[Prospect]) -> list[tuple[str, BadNews]]:
    """Bad news of companies that are no prospects, with their names."""
    shown = {p.company_id for p in prospects}
    names = {company.id: company.name for company in instance.records.companies()}
    known = [one for one in instance.records.bad_news() if one.day is None or one.day <= instance.today]
    return [(names[one.company_id], one) for one in known if one.company_id not in shown and one.company_id in names]


def collected(instance: Instance) -> Collected:
    """Doors and sources, for the overview."""
    from index.ledger import STATE_WORDS
    from pipelines.read.doors import DOOR_WORDS, Door
    from records.values import SourceState
    from reports.overview import Collected, SourceLine

    names = instance.source_names()
    doors = {DOOR_WORDS[Door(door)]: count for door, count in instance.records.door_counts().items()}
    lines = [
        SourceLine(name=names.get(one.slug, one.slug), state=STATE_WORDS[one.last.state], good=one.last.state is SourceState.OK,
                   last_success=shanghai_day(one.last_ok_at) if one.last_ok_at else None, new_links=one.last.new_links, message=one.last.message)
        for one in instance.records.source_health()
    ]
    return Collected(doors=doors, sources=lines)


def write_table(instance: Instance, park: Park, prospects: Sequence[Prospect], *, mark: str = "") -> Written:
    """Write the files of one park, table and overview; with several parks the file names carry the park's slug.

    ``mark`` sets a further word behind the names. A shared folder that cannot be written (not mounted, full, a file open in Excel) is
    told and ends nothing.
    """
    from matcher.rank import order_key
    from matcher.weights import formula
    from reports.overview import overview_page, write_overview
    from reports.table import write_tables

    stem = ("prospects" if len(instance.parks) == 1 else f"prospects-{park.slug}") + mark
    rows = sorted(prospects, key=lambda p: (p.rank == 0, p.rank, order_key(p)))
    verdicts = [one for one in instance.records.verdicts(park.slug) if shanghai_day(one.at) <= instance.today]
    paths = write_tables(
        out_folder(instance), rows, park=park, formula=formula(), day=instance.today, bad_news=other_bad_news(instance, rows),
        verdicts=verdicts, unit_names={unit.slug: unit.name for unit in instance.config.units}, stem=stem,
    )
    overview = out_folder(instance) / f"{stem.replace('prospects', 'overview')}.html"
    ranks = [row for row in instance.records.rank_history(park.slug) if row.day <= instance.today]
    write_overview(overview, overview_page(rows, park=park, day=instance.today, ranks=ranks, verdicts=verdicts, collected=collected(instance)))
    files = (*paths.all(), overview)
    return Written(files, shared_trouble(instance, files) if not mark else None)


def shared_trouble(instance: Instance, files: Sequence[Path]) -> str | None:
    """Copy files into the shared folder of the configuration, if there is one; what kept them out of it."""
    from reports.files import publish

    shared = instance.config.storage.publish_dir
    if shared is None:
        return None
    try:
        publish(files, shared / instance.today.isoformat())
    except CannotWork as error:
        return f"没有复制到共享文件夹：{error}"
    return None


def write_tables_now(instance: Instance) -> list[Written]:
    """The files of every park from the lists in the records."""
    return [write_table(instance, park, instance.records.prospects(park.slug)) for park in instance.parks]


def write_tables_of(instance: Instance, day: date) -> list[Written]:
    """The files of every park as its list stood after the last run up to ``day``, beside that day's own files. Nothing is ranked anew.

    Numbers and reasons are those of the diary, rank and priority of the first 300 those of the run. Raises ``UsageError`` where no run was.
    """
    written = []
    for park in instance.parks:
        run = next((row.run_id for row in reversed(instance.records.rank_history(park.slug)) if row.day <= day), None)
        if run is None:
            raise UsageError(f"{park.name}：{day} 及以前没有运行过，没有名单可写；要以那一天重新判断，请用 qingbao match --as-of {day}")
        written.append(write_table(instance, park, instance.records.prospects(park.slug, at_run=run), mark=AS_IT_STOOD))
    return written
