"""The office's lists: files are the truth, the records remember from which day a row holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qingbao.config import LIST_KINDS
from qingbao.errors import ConfigError, UsageError
from qingbao.list_files import read_list
from records.values import ListRow
from schedules.instance import Instance


def take_lists(instance: Instance) -> list[str]:
    """Bring ``lists/`` into the records as of today; the notices of the files. Raises ``ConfigError`` with all mistakes of all files."""
    problems: list[str] = []
    notices: list[str] = []
    there: dict[tuple[str, str], list[ListRow]] = {}
    for kind, path in instance.config.list_files:
        try:
            file = read_list(path)
        except ConfigError as error:
            problems += error.problems
            continue
        notices += file.notices
        there[kind, path.stem] = list(file.rows)
    if problems:
        raise ConfigError(problems)
    for kind in LIST_KINDS:
        for name in set(instance.records.list_names(kind)) - {name for k, name in there if k == kind}:
            instance.records.replace_list(kind, name, (), instance.today)
    for (kind, name), rows in sorted(there.items()):
        instance.records.replace_list(kind, name, rows, instance.today)
    return notices


def all_rows(instance: Instance, on: date | None = None) -> list[tuple[str, ListRow]]:
    """(kind, row) of every list that holds."""
    return [(kind, row) for kind in LIST_KINDS for row in instance.records.list_rows(kind, on)]


def import_list(folder: Path, kind: str, source: Path) -> tuple[Path, int, list[str]]:
    """Write a cleaned copy of a file into ``lists/KIND/``: (file, rows, notices). Nothing is written if the file has mistakes."""
    from reports.lists_csv import write_list

    if kind not in LIST_KINDS:
        raise UsageError(f"不认识的名单种类“{kind}”，应为 {'、'.join(LIST_KINDS)}")
    if not source.is_file():
        raise UsageError(f"找不到文件 {source}")
    file = read_list(source)
    target = folder / "lists" / kind / f"{source.stem}.csv"
    write_list(target, file.rows)
    return target, len(file.rows), list(file.notices)
