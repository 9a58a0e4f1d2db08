"""The day's table: the standing list as xlsx, csv and html, rewritten by every run of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qingbao.clock import shanghai_day
from qingbao.errors import CannotWork
from qingbao.model import BadNews, Park, Prospect
from schedules.instance import Instance

if TYPE_CHECKING:
    from reports.overview import Collected


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
    return [(names[one.company_id], one) for one in instance.records.bad_news() if one.company_id not in shown and one.company_id in names]


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


def write_table(instance: Instance, park: Park, prospects: Sequence[Prospect]) -> Written:
    """Write the files of one park, table and overview; with several parks the file names carry the park's slug.

    A shared folder that cannot be written (not mounted, full, a file open in Excel) is told and ends nothing.
    """
    from matcher.rank import order_key
    from matcher.weights import formula
    from reports.files import publish
    from reports.overview import overview_page, write_overview
    from reports.table import write_tables

    stem = "prospects" if len(instance.parks) == 1 else f"prospects-{park.slug}"
    rows = sorted(prospects, key=lambda p: (p.rank == 0, p.rank, order_key(p)))
    paths = write_tables(
        out_folder(instance), rows, park=park, formula=formula(), day=instance.today, bad_news=other_bad_news(instance, rows),
        verdicts=instance.records.verdicts(park.slug), unit_names={unit.slug: unit.name for unit in instance.config.units}, stem=stem,
    )
    overview = out_folder(instance) / f"{stem.replace('prospects', 'overview')}.html"
    write_overview(overview, overview_page(rows, park=park, day=instance.today, ranks=instance.records.rank_history(park.slug),
                                           verdicts=instance.records.verdicts(park.slug), collected=collected(instance)))
    files = (*paths.all(), overview)
    shared = instance.config.storage.publish_dir
    if shared is None:
        return Written(files)
    try:
        publish(files, shared / instance.today.isoformat())
    except CannotWork as error:
        return Written(files, f"没有复制到共享文件夹：{error}")
    return Written(files)


def write_tables_now(instance: Instance) -> list[Written]:
    """The files of every park from the lists in the records."""
    return [write_table(instance, park, instance.records.prospects(park.slug)) for park in instance.parks]
