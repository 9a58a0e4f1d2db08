"""The commands of ``qingbao kibana``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qingbao.config import load
from qingbao.errors import UsageError
from schedules.cli.options import instance_option
from schedules.instance import instance_folder, opened

if TYPE_CHECKING:
    from index.kibana.client import Imported

SHOWN = 30  # problems that are listed


@click.group(short_help="Kibana 的数据视图、搜索和仪表板：导出、导入、核对")
def kibana() -> None:
    """Kibana 的数据视图、搜索和仪表板：导出成文件、导入到 Kibana、与搜索服务上的字段核对。说明见 docs/kibana.md。"""


@kibana.command("export", short_help="写出 NDJSON 文件，可在 Kibana 页面上导入")
@instance_option
@click.option("--out", "out", type=click.Path(path_type=Path, dir_okay=False), default=Path("qingbao.ndjson"), show_default=True, metavar="文件",
              help="写到哪里，文件名以 .ndjson 结尾；- 表示标准输出")
def export(instance: Path | None, out: Path) -> int:
    """写出 NDJSON 文件，可在 Kibana 的“已保存对象”页面上导入（勾选“覆盖”）。同一实例每次写出的内容完全相同。"""
    from schedules.jobs.kibana import export as make
    from schedules.jobs.kibana import index_prefix

    config = load(instance_folder(instance))
    if str(out) != "-" and out.suffix != ".ndjson":
        raise UsageError(f"文件名要以 .ndjson 结尾，Kibana 不接受 {out.name}")
    data = make(config, prefix=index_prefix(config))
    if str(out) == "-":
        sys.stdout.buffer.write(data)
        return 0
    try:
        out.write_bytes(data)
    except OSError as error:
        raise UsageError(f"无法写入 {out}：{error.strerror}") from error
    click.echo(f"已写出 {data.count(10) + 1} 个对象：{out}")
    return 0


@kibana.command("import", short_help="写入 qingbao.yaml 中的 Kibana")
@instance_option
@click.option("--space", "space", metavar="空间", help="写入这个空间，而不是配置中的")
@click.option("--create-space", is_flag=True, help="空间不存在时新建")
@click.option("--keep", is_flag=True, help="不覆盖 Kibana 中已有的对象，有冲突就报告，什么都不写")
def import_(instance: Path | None, space: str | None, create_space: bool, keep: bool) -> int:
    """把全部对象写入 qingbao.yaml 中的 Kibana；可以反复运行，对象编号不变，不会变成两份。

    在 Kibana 中对这些对象的改动会被覆盖；要保留自己的改动，请在 Kibana 中另存一份。
    """
    from schedules.jobs.kibana import index_prefix, send

    config = load(instance_folder(instance))
    sent = send(config, prefix=index_prefix(config), create_space=create_space, overwrite=not keep, space=space)
    if sent.new_space:
        click.echo("已新建空间。")
    return _tell(sent.imported, sent.version)


def _tell(imported: Imported, version: str | None) -> int:
    for warning in imported.warnings:
        click.echo(f"  ! {warning}", err=True)
    if not imported.failed:
        click.echo(f"已写入 Kibana{f' {version}' if version else ''}：{len(imported.written)} 个对象。")
        return 0
    written = "什么都没有写入" if imported.nothing or not imported.written else f"写入了 {len(imported.written)} 个"
    click.echo(f"导入没有成功：{written}，{len(imported.failed)} 个没有写入：", err=True)
    for problem in imported.failed[:SHOWN]:
        click.echo(f"  ✗ {problem}", err=True)
    if len(imported.failed) > SHOWN:
        click.echo(f"  ……还有 {len(imported.failed) - SHOWN} 个", err=True)
    return 3


@kibana.command("check", short_help="核对用到的字段与搜索服务上的索引")
@instance_option
def check(instance: Path | None) -> int:
    """核对每个搜索、图表和筛选框用到的字段：搜索服务的索引里有没有，类型对不对。"""
    from schedules.jobs.index import search_engine
    from schedules.jobs.kibana import compare, elastic_only

    with opened(instance_folder(instance)) as inst, search_engine(inst) as engine:
        problems = compare(elastic_only(engine), inst.config)
    for problem in problems:
        click.echo(f"  ✗ {problem}", err=True)
    click.echo("用到的字段都在索引中，类型相符。" if not problems else f"有 {len(problems)} 处不符。升级后请先运行一次 qingbao run 或 qingbao index rebuild。")
    return 1 if problems else 0
