"""Commands on one's own files, without an instance: JSON lines in and out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any, TypeVar

import click
import orjson

from qingbao.errors import ConfigError, UsageError
from schedules.cli.options import as_of_option
from schedules.progress import bar

T = TypeVar("T")


class JsonLines:
    """Objects of a JSON-lines file, read when asked for; a bad line is told on stderr and never ends the run.

    ``needs``: keys that every object must have.
    """

    def __init__(self, stream: IO[bytes], needs: Sequence[str] = ()) -> None:
        self.stream = stream
        self.needs = needs
        self.bad = 0
        self._number = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for line in self.stream:
            self._number += 1
            if not line.strip():
                continue
            try:
                value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
            except ValueError:
                self.skip("不是有效的 JSON")
                continue
            if not isinstance(value, dict):
                self.skip("不是 JSON 对象")
            elif missing := [key for key in self.needs if value.get(key) is None]:
                self.skip(f"缺少 {'、'.join(missing)}")
            else:
                yield value

    def each(self, made: Callable[[dict[str, Any]], T]) -> Iterator[T]:
        """What is made of each object; one that cannot be used (``UsageError``, a file that cannot be read) is told and skipped."""
        for value in self:
            try:
                one = made(value)
            except UsageError as error:
                self.skip(str(error))
            except OSError as error:
                self.skip(f"无法读取 {error.filename or ''}（{error.strerror or error}）")
            else:
                yield one

    def skip(self, why: str) -> None:
        """Tell of the line at hand and count it."""
        self.bad += 1
        click.echo(f"{getattr(self.stream, 'name', '-')}:{self._number} {why}，已跳过", err=True)


def write(value: dict[str, Any]) -> None:
    """One object as a line of standard output."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _ended(lines: JsonLines) -> int:
    if lines.bad:
        click.echo(f"共有 {lines.bad} 行未能读取。", err=True)
    return 0


def _folder(stream: IO[bytes]) -> Path:
    name = getattr(stream, "name", None)
    return Path(name).resolve().parent if isinstance(name, str) and name not in {"-", "<stdin>"} else Path.cwd()


@click.command(short_help="从网页文件中读出标题、日期、来源和正文")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[文件]…")
@click.option("--jsonl", "jsonl", type=click.File("rb"), metavar="文件", help="每行一个 {\"id\",\"file\"|\"html\",\"url\"}；- 表示标准输入")
def extract(files: tuple[Path, ...], jsonl: IO[bytes] | None) -> int:
    """从网页文件中读出 {"id","title","published_at","source","text"}，每页一行 JSON，与入库的内容相同。"""
    from pipelines.read.extract_files import extract_line

    if not files and jsonl is None:
        raise UsageError("请给出网页文件，或用 --jsonl 给出列表")
    for path in files:
        try:
            write(extract_line({"id": path.name, "file": str(path.resolve())}, Path.cwd()))
        except OSError as error:
            click.echo(f"{path} {'找不到文件' if isinstance(error, FileNotFoundError) else f'无法读取（{error.strerror or error}）'}，已跳过", err=True)
    if jsonl is None:
        return 0
    folder = _folder(jsonl)

    def read(page: dict[str, Any]) -> dict[str, Any]:
        try:
            return extract_line(page, folder)
        except ValueError as error:
            raise UsageError(str(error)) from error

    lines = JsonLines(jsonl)
    with bar("阅读") as step:
        for done, line in enumerate(lines.each(read), 1):
            write(line)
            step(done, None, str(line["id"]))
    return _ended(lines)


@click.command(short_help="从文字中读出企业的投资动向")
@click.option("--jsonl", "jsonl", type=click.File("rb"), required=True, metavar="文件",
              help="每行一个 {\"id\",\"title\",\"text\",\"published_at\",\"url\"}；- 表示标准输入")
@click.option("--list", "lists", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="CSV", help="企业名单，可多次给出")
@click.option("--cut-off", "cut_off", type=click.FloatRange(0.0, 1.0), metavar="0–1", help="把握门槛：越高企业越少越可靠，越低越不易遗漏；默认 0.55")
def signals(jsonl: IO[bytes], lists: tuple[Path, ...], cut_off: float | None) -> int:
    """从文字中读出投资动向、坏消息和企业关系，每篇一行 JSON，每项都有原句。"""
    from pipelines.read.signals import NameLists
    from pipelines.read.signals_files import signals_line

    names = NameLists.load(lists)
    lines = JsonLines(jsonl)
    with bar("阅读") as step:
        for done, document in enumerate(lines, 1):
            write(signals_line(document, names) if cut_off is None else signals_line(document, names, cut_off))
            step(done, None, str(document.get("id", "")))
    return _ended(lines)


@click.command(short_help="把企业按与产业的匹配度排序")
@click.option("--park", "park", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="YAML", help="园区档案 parks/*.yaml")
@click.option("--parks", "parks", type=click.File("rb"), metavar="文件", help="每行一个 {\"query_id\",\"park\",\"industry\",\"text\",\"chain_links\"}")
@click.option("--companies", "companies", type=click.File("rb"), required=True, metavar="文件", help="每行一个 {\"id\",\"name\",\"text\"}")
@click.option("--examples", "examples", type=click.File("rb"), metavar="文件", help="每行一个 {\"query_id\",\"company_id\"}：认为合适的企业")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="每个产业只输出前 N 家；默认全部")
def rank(park: Path | None, parks: IO[bytes] | None, companies: IO[bytes], examples: IO[bytes] | None, top: int | None) -> int:
    """把企业按与产业的匹配度排序，每对一行 JSON，最好的在前。"""
    from matcher.rank_files import rank_lines

    if (park is None) == (parks is None):
        raise UsageError("请给出 --park 或 --parks 之一")
    wanted: Any
    if park is not None:
        from qingbao.config import read_park

        profile, problems, notices = read_park(park)
        if profile is None or problems:
            raise ConfigError(problems)
        for notice in notices:
            click.echo(notice, err=True)
        wanted = [profile]
    else:
        assert parks is not None
        wanted = list(JsonLines(parks, ("query_id",)))
    lines = JsonLines(companies, ("id",))
    for line in rank_lines(wanted, lines, list(JsonLines(examples, ("query_id", "company_id"))) if examples else None, top):
        write(line)
    return _ended(lines)


@click.command(short_help="从文字直接得到潜在投资者名单")
@click.option("--parks", "parks", type=click.File("rb"), required=True, metavar="文件",
              help="每行一个 {\"park_id\",\"park\",\"province\",\"city\",\"industries\",\"focus_cities\"}")
@click.option("--docs", "docs", type=click.File("rb"), required=True, metavar="文件", help="每行一个 {\"id\",\"title\",\"text\",\"published_at\",\"url\"}")
@click.option("--companies", "companies", type=click.File("rb"), metavar="文件", help="企业资料，每行一个 {\"id\",\"name\",\"text\"}")
@click.option("--list", "lists", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="CSV", help="企业名单，可多次给出")
@as_of_option
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="每个园区只输出前 N 家；默认全部")
def prospects(parks: IO[bytes], docs: IO[bytes], companies: IO[bytes] | None, lists: tuple[Path, ...], as_of: date | None, top: int | None) -> int:
    """从文字直接得到每个园区的潜在投资者名单，每家一行 JSON，最好的在前。"""
    from qingbao.clock import now, shanghai_day
    from schedules.prospects_files import park_of, prospect_lines

    lines = JsonLines(docs)
    profiles = list(JsonLines(parks).each(park_of))
    firms = list(JsonLines(companies, ("id",))) if companies else ()
    for line in prospect_lines(profiles, lines, firms, lists, as_of or shanghai_day(now()), top):
        write(line)
    return _ended(lines)
