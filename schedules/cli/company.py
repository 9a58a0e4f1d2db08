"""Commands with which the analyst says which names are one company."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schedules.cli.options import instance_option, told_of
from schedules.instance import Instance, instance_folder, opened

if TYPE_CHECKING:
    from schedules.jobs.companies import Ruled


@click.group(short_help="两家企业合并为一家，或把一家拆成两家；可撤销")
def company() -> None:
    """企业的合并与拆分。以后每晚归并都照此办理；判断、送达记录和历史随企业走。企业可写名称或编号。"""


def _ruled(folder: Path | None, rule: Callable[[Instance], Ruled]) -> Ruled:
    """Carry out a ruling under the lock; list and tables follow."""
    from schedules.jobs.match import match
    from schedules.jobs.report import write_tables_now
    from schedules.ledger import in_ledger
    from schedules.lock import one_at_a_time

    with opened(instance_folder(folder)) as inst, one_at_a_time(inst.config.data_dir):
        with in_ledger(inst, "match") as ledger:
            done = rule(inst)
            match(inst, ledger.id)
            ledger.count({"rulings": 1})
        told_of(write_tables_now(inst))
    return done


def _tell(done: Ruled) -> int:
    if done.other is None:
        click.echo(f"已合并为“{done.keep.name}”（{done.keep.id}）。")
    else:
        click.echo(f"现在是两家：“{done.keep.name}”（{done.keep.id}），“{done.other.name}”（{done.other.id}）。")
    click.echo(f"撤销：qingbao company undo {done.ruling.id}" if done.ruling.undoes is None else "撤销完成。")
    return 0


@company.command(short_help="两家是同一家企业：后者并入前者")
@instance_option
@click.argument("keep", metavar="保留的企业")
@click.argument("other", metavar="并入的企业")
@click.option("--actor", metavar="姓名", help="谁决定的")
def merge(instance: Path | None, keep: str, other: str, actor: str | None) -> int:
    """后一家并入前一家；前一家的编号不变，后一家的编号以后指向前一家。"""
    from schedules.jobs import companies

    return _tell(_ruled(instance, lambda inst: companies.merge(inst, companies.find(inst, keep), companies.find(inst, other), actor=actor)))


@company.command(short_help="一家其实是两家：列出的名称属于另一家")
@instance_option
@click.argument("whole", metavar="企业")
@click.argument("names", nargs=-1, required=True, metavar="名称…")
@click.option("--actor", metavar="姓名", help="谁决定的")
def split(instance: Path | None, whole: str, names: tuple[str, ...], actor: str | None) -> int:
    """列出的名称另立一家企业，以后的文章也不再混在一起。"""
    from schedules.jobs import companies

    return _tell(_ruled(instance, lambda inst: companies.split(inst, companies.find(inst, whole), names, actor=actor)))


@company.command(short_help="撤销一次合并或拆分")
@instance_option
@click.argument("ruling", required=False, metavar="[编号]")
@click.option("--actor", metavar="姓名", help="谁决定的")
def undo(instance: Path | None, ruling: str | None, actor: str | None) -> int:
    """撤销一次合并或拆分（不写编号：最近一次）；企业恢复原来的编号。"""
    from schedules.jobs import companies

    return _tell(_ruled(instance, lambda inst: companies.undo(inst, ruling, actor=actor)))


@company.command(short_help="一家企业的名称、来源和上级")
@instance_option
@click.argument("words", metavar="企业")
def show(instance: Path | None, words: str) -> int:
    """名称及其来源、上级企业；简称对应多家时列出可能的企业。"""
    from schedules.jobs import companies

    with opened(instance_folder(instance)) as inst:
        found = companies.find(inst, words)
        click.echo(f"{found.name}（{found.id}）{'，尚未见全称' if found.provisional else ''}")
        for name in found.names:
            click.echo(f"  {name.text}  {name.kind.value}  {name.source}")
        above = inst.records.company(found.parent_id) if found.parent_id else None
        if above:
            click.echo(f"  上级：{above.name}（{above.id}）")
        for candidate in found.candidates:
            meant = inst.records.company(candidate)
            if meant:
                click.echo(f"  可能是：{meant.name}（{meant.id}）")
    return 0
