"""Commands that do the night's work or a part of it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from qingbao.clock import shanghai_day
from qingbao.errors import UsageError
from schedules.cli.options import Day, as_of_option, instance_option, told_of
from schedules.instance import instance_folder, opened
from schedules.ledger import in_ledger
from schedules.lock import one_at_a_time
from schedules.progress import Step, bar, silent

if TYPE_CHECKING:
    from schedules.jobs.fits import Engine


class Steps:
    """Names each step on the terminal, with a bar where there is something to count."""

    def __init__(self) -> None:
        self._open: object = None

    def __call__(self, title: str) -> Step:
        self.close()
        if not sys.stderr.isatty():
            return silent
        shown = bar(title)
        self._open = shown
        return shown.__enter__()

    def close(self) -> None:
        """End the bar that is shown."""
        if self._open is not None:
            self._open.__exit__(None, None, None)  # type: ignore[attr-defined]
            self._open = None


@click.command(short_help="完整运行一次：采集、阅读、归并、匹配、索引、出表")
@instance_option
@as_of_option
@click.option("--no-digest", is_flag=True, help="不生成简报")
def run(instance: Path | None, as_of: date | None, no_digest: bool) -> int:
    """完整运行一次：采集、阅读、归并、匹配、索引、写出线索表和各单位的简报。

    同一天再次运行只取新的和变了的，表格重写，简报不重发。
    """
    from schedules.jobs.nightly import nightly
    from schedules.summary import show_night

    steps = Steps()
    with opened(instance_folder(instance), as_of=as_of) as inst:
        try:
            result = nightly(inst, show=steps, send=not no_digest)
        finally:
            steps.close()
        show_night(inst, result)
    return 1 if result.sources_failed or (result.digests is not None and result.digests.failed) else 0


@click.command(short_help="只采集（可指定来源）")
@instance_option
@click.argument("sources", nargs=-1, metavar="[来源]…")
def crawl(instance: Path | None, sources: tuple[str, ...]) -> int:
    """只采集并存档，不阅读。不写来源时采集全部已启用的来源。"""
    from schedules.jobs.crawl import crawl as crawl_job
    from schedules.summary import show_crawl

    with opened(instance_folder(instance)) as inst:
        known = {source.slug for source in inst.config.sources}
        unknown = [slug for slug in sources if slug not in known]
        if unknown:
            raise UsageError(f"没有来源 {'、'.join(unknown)}，现有：{'、'.join(sorted(known))}")
        with one_at_a_time(inst.config.data_dir) as lock, bar("采集") as step:
            inst.records.close_interrupted()
            with in_ledger(inst, "crawl") as ledger:
                code = crawl_job(inst, ledger.id, lock=lock, only=sources, step=step)
                ledger.status = "partial" if code else "done"
        show_crawl(inst, ledger.id)
    return code


@click.command(short_help="用现在的规则重读已存档的网页，不访问网络")
@instance_option
@click.option("--new", "only_new", is_flag=True, help="只读还没有读过的网页")
def reread(instance: Path | None, only_new: bool) -> int:
    """用现在的规则重读已存档的网页，不访问网络；之后请运行 qingbao match。"""
    from schedules.jobs.read import read_new
    from schedules.summary import show_doors

    with opened(instance_folder(instance)) as inst, one_at_a_time(inst.config.data_dir):
        with in_ledger(inst, "reread") as ledger, bar("阅读") as step:
            result = read_new(inst, everything=not only_new, step=step)
            ledger.count({f"door.{door}": n for door, n in result.doors.items()})
            ledger.messages += result.messages
        show_doors(result.doors, result.messages)
    return 0


@click.command(short_help="重新归并、匹配并排序")
@instance_option
@as_of_option
@click.option("--refit", is_flag=True, help="重建匹配模型")
@click.option("--examples", type=click.File("rb"), metavar="文件",
              help="每行一个 {\"query_id\",\"company_id\"}：认为合适的企业（园区/产业，企业全称或编号）；以后每次匹配都参照，空文件为取消")
@click.option("--engine", type=click.Choice(["local", "elastic"]), default="local", show_default=True, help="在哪里匹配：本机，或 Elasticsearch 内（企业极多时）")
def match(instance: Path | None, as_of: date | None, refit: bool, examples: IO[bytes] | None, engine: Engine) -> int:
    """重新归并企业与投资、匹配并排序，然后重写线索表。"""
    from schedules.cli.files import JsonLines
    from schedules.jobs.examples import take_examples
    from schedules.jobs.fits import check_engine
    from schedules.jobs.index import feed_or_say
    from schedules.jobs.lists import take_lists
    from schedules.jobs.match import match as match_job
    from schedules.jobs.match import standing_list
    from schedules.jobs.report import write_tables_now
    from schedules.jobs.settle import settle_window

    with opened(instance_folder(instance), as_of=as_of) as inst, one_at_a_time(inst.config.data_dir):
        check_engine(inst, engine)
        said = take_examples(inst, JsonLines(examples, ("query_id", "company_id"))) if examples is not None else []
        with in_ledger(inst, "match") as ledger:
            ledger.messages += [*said, *take_lists(inst)]
            ledger.count(settle_window(inst))
            matched = match_job(inst, ledger.id, refit=refit, engine=engine)
            indexed, trouble = feed_or_say(inst)
            ledger.count({"indexed": indexed})
            ledger.messages += [*matched.messages, *([trouble] if trouble else [])]
        for message in ledger.messages:
            click.echo(message)
        for park in inst.parks:
            click.echo(f"{park.name}：潜在投资者 {len(standing_list(matched.prospects[park.slug]))} 家")
        return told_of(write_tables_now(inst), paths=True)


@click.command(short_help="重新写出线索表（xlsx、csv、html）")
@instance_option
@click.option("--as-of", "as_of", type=Day(), metavar="日期", help="写出这一天收工时的名单（取自记录，不重新排序）")
def table(instance: Path | None, as_of: date | None) -> int:
    """按记录中的名单重新写出线索表（xlsx、csv、html）。

    --as-of 写出过去某天的名单，放在当天的文件旁边；要以那一天为“今天”重新判断，请用 qingbao match --as-of。
    """
    from schedules.jobs.report import write_tables_now, write_tables_of

    with opened(instance_folder(instance), as_of=as_of) as inst:
        if as_of is None:
            return told_of(write_tables_now(inst), paths=True)
        if as_of > shanghai_day(inst.clock()):
            raise UsageError(f"--as-of 不能晚于今天：{as_of} 的名单还没有产生")
        return told_of(write_tables_of(inst, as_of), paths=True)


@click.command(short_help="各单位的简报：预览、发送或测试")
@instance_option
@click.option("--print", "mode", flag_value="print", default=True, help="在终端预览，不发送（默认）")
@click.option("--send", "mode", flag_value="send", help="发送今天还没有发的简报")
@click.option("--test", "address", metavar="邮箱", help="向这个邮箱发一封测试邮件")
def digest(instance: Path | None, mode: str, address: str | None) -> int:
    """各单位的简报：预览、发送，或发一封测试邮件检查邮箱设置。"""
    from schedules.jobs.digest import digest as send_digests
    from schedules.jobs.digest import preview, send_test

    with opened(instance_folder(instance)) as inst:
        if address:
            click.echo(send_test(inst, address))
            return 0
        if mode == "send":
            with one_at_a_time(inst.config.data_dir):
                result = send_digests(inst)
            for line in (*result.messages, *(str(path) for path in result.files)):
                click.echo(line)
            return 1 if result.failed else 0
        for text in preview(inst):
            click.echo(text)
    return 0


@click.command(short_help="按时自动运行，直到按 Ctrl-C")
@instance_option
def schedule(instance: Path | None) -> int:
    """按 qingbao.yaml 中的时间自动运行：每天夜间运行，工作日早晨发简报；错过的会补上一次。"""
    import logging

    from schedules.runner import serve

    logging.getLogger().setLevel(logging.INFO)
    folder = instance_folder(instance)
    with opened(folder) as inst:
        at = inst.config.schedule
        click.echo(f"每天 {at.run_at} 运行，工作日 {at.digest_at} 发简报（北京时间）。按 Ctrl-C 结束。", err=True)
    serve(folder)
    return 0


@click.command(short_help="加入自己找到的网页或文字")
@instance_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="[文件]…")
@click.option("--jsonl", "jsonl", type=click.File("rb"), metavar="文件", help="每行一个 {\"title\",\"text\",\"url\",\"published_at\"}；- 表示标准输入")
@click.option("--url", "url", metavar="网址", help="取一个网页（先看该网站的 robots.txt，不许访问就不取）")
def add(instance: Path | None, files: tuple[Path, ...], jsonl: object, url: str | None) -> int:
    """加入自己找到的网页（html）或文字（txt），来源记为“人工录入”；随后重新归并、匹配。"""
    from schedules.jobs.add import add_all

    if not files and jsonl is None and not url:
        raise UsageError("请给出文件、--jsonl 或 --url 之一")
    with opened(instance_folder(instance)) as inst, one_at_a_time(inst.config.data_dir) as lock:
        result = add_all(inst, files, jsonl, url, lock=lock)  # type: ignore[arg-type]
        for message in (*result.notes, *result.messages):
            click.echo(message, err=True)
        click.echo(f"加入 {result.added} 篇（其中 {result.read} 篇可读），名单已更新。")
    return 1 if result.messages else 0
