"""The command line ``qingbao``: Chinese help, one message for every mistake, exit codes 0, 1, 2 and 3.

Commands are named here and loaded when called, so that ``qingbao --help`` answers in a blink.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from qingbao import __version__
from qingbao.errors import QingbaoError
from schedules.cli.chinese import speak_chinese

speak_chinese()  # before the commands below are made: their help texts are fixed then

# name → (module, function, short help). A test calls each with --help and compares the words.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("schedules.cli.setup", "init", "新建一个实例目录，文件中带有中文说明"),
    "check": ("schedules.cli.setup", "check", "检查配置：缺什么、错什么，一次说清"),
    "run": ("schedules.cli.work", "run", "完整运行一次：采集、阅读、归并、匹配、索引、出表"),
    "crawl": ("schedules.cli.work", "crawl", "只采集（可指定来源）"),
    "reread": ("schedules.cli.work", "reread", "用现在的规则重读已存档的网页，不访问网络"),
    "match": ("schedules.cli.work", "match", "重新归并、匹配并排序"),
    "table": ("schedules.cli.work", "table", "重新写出线索表（xlsx、csv、html）"),
    "digest": ("schedules.cli.work", "digest", "各单位的简报：预览、发送或测试"),
    "schedule": ("schedules.cli.work", "schedule", "按时自动运行，直到按 Ctrl-C"),
    "add": ("schedules.cli.work", "add", "加入自己找到的网页或文字"),
    "search": ("schedules.cli.ask", "search", "检索文章和企业"),
    "why": ("schedules.cli.ask", "why", "一家企业为什么排在这里：分数、理由、原句、链接"),
    "articles": ("schedules.cli.ask", "articles", "以 JSON 行输出读到的文章"),
    "sources": ("schedules.cli.ask", "sources", "各来源的健康状况"),
    "forget": ("schedules.cli.office", "forget", "从网页存档中删除一个网址的原文"),
    "index": ("schedules.cli.search_index", "index", "检索一侧：状态、重建、被拒绝的文档"),
    "kibana": ("schedules.cli.kibana", "kibana", "Kibana 的数据视图、搜索和仪表板：导出、导入、核对"),
    "lists": ("schedules.cli.office", "lists", "导入名单（目标企业、入园企业、在谈企业……）"),
    "verdicts": ("schedules.cli.office", "verdicts", "读回表中填写的判断和备注"),
    "company": ("schedules.cli.company", "company", "两家企业合并为一家，或把一家拆成两家；可撤销"),
    "extract": ("schedules.cli.files", "extract", "从网页文件中读出标题、日期、来源和正文"),
    "signals": ("schedules.cli.files", "signals", "从文字中读出企业的投资动向"),
    "rank": ("schedules.cli.files", "rank", "把企业按与产业的匹配度排序"),
    "prospects": ("schedules.cli.files", "prospects", "从文字直接得到潜在投资者名单"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of a first day with the program."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Load one command."""
        if name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[name]
        command = getattr(importlib.import_module(module), function)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands without loading any."""
        with formatter.section("命令"):
            formatter.write_dl([(name, help_) for name, (_, _, help_) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="qingbao", message="%(prog)s %(version)s", help="显示版本")
def cli() -> None:
    """招商情报分析系统：找出要新建、扩产、搬迁的企业，按与园区的匹配程度排成名单。

    第一次使用：qingbao init 目录，填好目录里的文件，qingbao check --instance 目录，然后 qingbao run --instance 目录。
    """


def main() -> None:
    """Entry of the console script: every known trouble is one Chinese message on stderr and an exit code."""
    import logging

    logging.basicConfig(level=os.environ.get("QINGBAO_LOG", "WARNING").upper(), format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        code = cli.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        click.echo("已取消。", err=True)
        sys.exit(3)
    except click.ClickException as error:
        click.echo(f"用法错误：{error.format_message()}", err=True)
        if isinstance(error, click.UsageError) and error.ctx is not None:
            click.echo(f"{error.ctx.get_usage()}\n运行 {error.ctx.command_path} --help 看说明。", err=True)
        sys.exit(2)
    except QingbaoError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (| head): not our mistake, and Python must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        click.echo(f"磁盘或系统出错：{error.strerror or error}（{error.filename or '未指明文件'}）。请检查磁盘空间和权限后再运行。", err=True)
        sys.exit(3)
    except KeyboardInterrupt:
        click.echo("已中断；下次运行会从这里接着做。", err=True)
        sys.exit(3)
