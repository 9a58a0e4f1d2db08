"""Commands of the first hour: make an instance and check it."""

from __future__ import annotations

from importlib import resources
from importlib.abc import Traversable
from pathlib import Path

import click

from qingbao.errors import ConfigError, UsageError
from schedules.cli.options import instance_option
from schedules.instance import instance_folder


def _copy(source: Traversable, target: Path) -> None:
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            target.mkdir(parents=True, exist_ok=True)
            (target / entry.name).write_bytes(entry.read_bytes())


@click.command(short_help="新建一个实例目录，文件中带有中文说明")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="目录")
def init(folder: Path) -> int:
    """新建一个实例目录：配置、园区档案、来源、名单，文件中带有中文说明。已有的目录不会被改动。"""
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} 不是空目录，未作改动。请换一个目录。")
    _copy(resources.files("schedules") / "templates" / "instance", folder)
    for kind in ("targets", "residents", "talks", "watch", "profiles"):
        (folder / "lists" / kind).mkdir(parents=True, exist_ok=True)
    click.echo(f"已新建 {folder}。接下来：\n"
               f"  1. 填写 {folder / 'qingbao.yaml'}、{folder / 'parks' / 'park.yaml'}、{folder / 'sources.yaml'}（文件中有说明）\n"
               f"  2. qingbao check --instance {folder}\n"
               f"  3. qingbao run --instance {folder}")
    return 0


@click.command(short_help="检查配置：缺什么、错什么，一次说清")
@instance_option
@click.option("--connect", is_flag=True, help="同时检查各网站的 robots.txt、邮箱登录和检索")
def check(instance: Path | None, connect: bool) -> int:
    """检查配置和安装：所有错误一次列出，每条写明文件、行和键；--connect 再检查网络。"""
    from schedules.jobs.check import check_connections, check_instance

    try:
        found = check_instance(instance_folder(instance))
    except ConfigError as error:
        click.echo(f"发现 {len(error.problems)} 处错误：", err=True)
        for problem in error.problems:
            click.echo(f"  ✗ {problem}", err=True)
        return 2
    for notice in found.notices:
        click.echo(f"  ! {notice}")
    failed = 0
    if connect:
        for line in check_connections(found):
            click.echo(f"  {'✓' if line.good else '✗'} {line.text}")
            failed += not line.good
    click.echo("配置正确。" if not failed else f"配置正确，但有 {failed} 项连接不通。")
    return 1 if failed else 0
