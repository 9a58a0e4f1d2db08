"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from schedules.jobs.report import Written

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day, YYYY-MM-DD."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Parse; a clear message otherwise."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"“{value}”不是日期，应写成 2026-09-15", param, ctx)


def instance_option(command: F) -> F:
    """--instance DIR."""
    return click.option("--instance", "instance", type=click.Path(path_type=Path, file_okay=False), metavar="目录",
                        help="实例目录；默认取环境变量 QINGBAO_INSTANCE")(command)


def as_of_option(command: F) -> F:
    """--as-of DAY."""
    return click.option("--as-of", "as_of", type=Day(), metavar="日期", help="以这一天为“今天”来判断，例如 2026-09-15")(command)


def told_of(written: Iterable[Written], *, paths: bool = False) -> int:
    """Print the files where ``paths``, and on stderr what kept them out of the shared folder; the exit code."""
    code = 0
    for one in written:
        for path in one.paths if paths else ():
            click.echo(str(path))
        if one.trouble:
            click.echo(one.trouble, err=True)
            code = 1
    return code
