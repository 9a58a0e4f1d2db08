"""The day's table: the standing list as xlsx, csv and html, rewritten by every run of the day."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qingbao.model import BadNews, Park, Prospect
from schedules.instance import Instance

if TYPE_CHECKING:
    from reports.table import TablePaths


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


def write_table(instance: Instance, park: Park, prospects: Sequence[Prospect]) -> TablePaths:
    """Write the files of one park; with several parks the file names carry the park's slug."""
    from matcher.rank import order_key
    from matcher.weights import formula
    from reports.files import publish
    from reports.table import write_tables

    stem = "prospects" if len(instance.parks) == 1 else f"prospects-{park.slug}"
    rows = sorted(prospects, key=lambda p: (p.rank == 0, p.rank, order_key(p)))
    paths = write_tables(
        out_folder(instance), rows, park=park, formula=formula(), day=instance.today, bad_news=other_bad_news(instance, rows),
        verdicts=instance.records.verdicts(park.slug), unit_names={unit.slug: unit.name for unit in instance.config.units}, stem=stem,
    )
    if instance.config.storage.publish_dir:
        publish(paths.all(), instance.config.storage.publish_dir / instance.today.isoformat())
    return paths


def write_tables_now(instance: Instance) -> list[TablePaths]:
    """The table of every park from the lists in the records."""
    return [write_table(instance, park, instance.records.prospects(park.slug)) for park in instance.parks]
