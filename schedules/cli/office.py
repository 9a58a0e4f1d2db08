"""Commands around the office's own lists and judgements."""

from __future__ import annotations

from pathlib import Path

import click

from qingbao.config import LIST_KINDS
from schedules.cli.options import instance_option, told_of
from schedules.instance import instance_folder, opened


@click.group(short_help="导入名单（目标企业、入园企业、在谈企业……）")
def lists() -> None:
    """名单：targets 目标企业，residents 入园企业，talks 在谈企业，watch 关注企业，profiles 企业资料。"""


@lists.command("import", short_help="把一个 csv 名单整理后放进实例")
@instance_option
@click.argument("kind", metavar="种类")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
def import_list(instance: Path | None, kind: str, file: Path) -> int:
    """把一个 csv 名单（UTF-8 或 GBK，逗号或分号）整理后放进 lists/种类/；下次运行生效。"""
    from schedules.jobs.lists import import_list as job

    target, count, notices = job(instance_folder(instance), kind, file)
    for notice in notices:
        click.echo(notice, err=True)
    click.echo(f"{count} 家企业已写入 {target}")
    return 0


lists.help = f"{lists.help}\n\n种类：{'、'.join(LIST_KINDS)}"


@click.group(short_help="读回表中填写的判断和备注")
def verdicts() -> None:
    """判断和备注：在 prospects.xlsx 中填写，用 verdicts import 读回。"""


@verdicts.command("import", short_help="读回一份填写过的线索表")
@instance_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="文件")
@click.option("--actor", metavar="姓名", help="谁填写的")
@click.option("--unit", metavar="单位", help="哪个单位填写的（qingbao.yaml 中的 slug 或名称）")
def import_verdicts(instance: Path | None, file: Path, actor: str | None, unit: str | None) -> int:
    """读回一份填写过的线索表（xlsx 或 csv；排过序、筛选过、加过列的也行），名单随之更新。"""
    from schedules.jobs.match import match, standing_list
    from schedules.jobs.report import write_tables_now
    from schedules.jobs.verdicts import import_verdicts as job
    from schedules.ledger import in_ledger
    from schedules.lock import one_at_a_time

    # The lock first: what is read in is in the list when this ends, or nothing is read in.
    with opened(instance_folder(instance)) as inst, one_at_a_time(inst.config.data_dir):
        count, notices = job(inst, file, actor=actor, unit=unit)
        for notice in notices:
            click.echo(notice, err=True)
        click.echo(f"读入 {count} 条新的判断。")
        code = 0
        if count:
            with in_ledger(inst, "match") as ledger:
                matched = match(inst, ledger.id)
                ledger.count({"verdicts": count})
            code = told_of(write_tables_now(inst))
            for park in inst.parks:
                click.echo(f"{park.name}：潜在投资者 {len(standing_list(matched.prospects[park.slug]))} 家，表格已更新。")
    return code


@click.command(short_help="从网页存档中删除一个网址的原文")
@instance_option
@click.argument("url", metavar="网址")
def forget(instance: Path | None, url: str) -> int:
    """从网页存档中删除一个网址的原始网页（对方要求删除时用）；已读出的标题、摘录和链接仍在记录中。"""
    from pipelines.archive_care import purge
    from schedules.lock import one_at_a_time

    with opened(instance_folder(instance)) as inst, one_at_a_time(inst.config.data_dir):
        count = purge(inst.records, inst.config.data_dir / "archive", url=url)
    click.echo(f"已删除 {count} 份存档。" if count else "存档中没有这个网址。")
    return 0 if count else 1
