"""Commands around the search side: how it is, filling it anew, what it refused."""

from __future__ import annotations

from pathlib import Path

import click

from schedules.cli.options import instance_option
from schedules.instance import instance_folder, opened


@click.group(short_help="检索一侧：状态、重建、被拒绝的文档")
def index() -> None:
    """检索一侧（自带引擎或 Elasticsearch）：内容都可从记录重建，不会丢失。"""


@index.command(short_help="是否可用，落后多少")
@instance_option
def status(instance: Path | None) -> int:
    """检索是否可用，有多少文档，还有多少变化没有送到。"""
    from schedules.jobs.index import search_engine

    with opened(instance_folder(instance)) as inst, search_engine(inst) as engine:
        health = engine.health()
        click.echo(f"引擎 {health.engine}：{'可用' if health.usable else '不可用'}{f'（{health.message}）' if health.message else ''}")
        for kind, count in health.counts.items():
            click.echo(f"  {kind.value}：{count}")
        click.echo(f"  待送：{inst.records.outbox_size()}，被拒绝：{len(inst.records.dead_letters())}")
    return 0 if health.usable else 1


@index.command(short_help="从记录重建，期间检索照常")
@instance_option
def rebuild(instance: Path | None) -> int:
    """从记录重建检索内容；旧内容在新的建好之前照常可查。"""
    from schedules.jobs.index import rebuild as job
    from schedules.lock import one_at_a_time

    with opened(instance_folder(instance)) as inst, one_at_a_time(inst.config.data_dir):
        made = job(inst)
    click.echo(f"已重建 {made.count} 个文档{f'，{len(made.refused)} 个被拒绝，见 qingbao index refused' if made.refused else ''}。")
    return 0


@index.command(short_help="被检索服务拒绝的文档和原因")
@instance_option
@click.option("--retry", is_flag=True, help="让它们重新排队，下次运行再送")
def refused(instance: Path | None, retry: bool) -> int:
    """被检索服务拒绝的文档，附服务器给出的原因。"""
    with opened(instance_folder(instance)) as inst:
        letters = inst.records.dead_letters()
        for letter in letters:
            click.echo(f"{letter.kind} {letter.key}：{letter.reason}")
        if not letters:
            click.echo("没有被拒绝的文档。")
        if retry:
            click.echo(f"{inst.records.retry_dead_letters()} 个文档已重新排队。")
    return 0
