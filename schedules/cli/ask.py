"""Commands that answer a question and change nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from schedules.cli.options import Day, instance_option
from schedules.instance import instance_folder, opened


@click.command(short_help="检索文章和企业")
@instance_option
@click.argument("words", nargs=-1, required=True, metavar="词…")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 200), metavar="N", help="每类最多显示几条")
def search(instance: Path | None, words: tuple[str, ...], top: int) -> int:
    """检索文章和企业：空格分开的每一部分都要出现；加引号表示整句。命中的字会标出。"""
    from schedules.summary import show_hits

    with opened(instance_folder(instance)) as inst:
        show_hits(inst, " ".join(words), top)
    return 0


@click.command(short_help="一家企业为什么排在这里：分数、理由、原句、链接")
@instance_option
@click.argument("company", metavar="企业名")
@click.option("--since", type=Day(), metavar="日期", help="从这一天以来为什么升降")
def why(instance: Path | None, company: str, since: date | None) -> int:
    """一家企业为什么排在这里：各项分数、每条理由的分值、原句、日期和链接；--since 说明从某天以来的升降。"""
    from schedules.summary import show_why

    with opened(instance_folder(instance)) as inst:
        return show_why(inst, company, since)


@click.command(short_help="以 JSON 行输出读到的文章")
@instance_option
@click.option("--jsonl", "jsonl", is_flag=True, required=True, help="每行一篇")
def articles(instance: Path | None, jsonl: bool) -> int:
    """以 JSON 行输出读到的文章：{"url","title","published_at","source","text","site"}。"""
    from pipelines.read.extract_files import iso
    from schedules.cli.files import write

    with opened(instance_folder(instance)) as inst:
        names = inst.source_names()
        for article in inst.records.articles(None):
            write({"url": article.url, "title": article.title, "published_at": iso(article.published_at, article.minute_known),
                   "source": article.origin, "text": article.text, "site": names.get(article.slug or "", article.slug)})
    return 0


@click.command(short_help="各来源的健康状况")
@instance_option
def sources(instance: Path | None) -> int:
    """各来源的健康状况：最近一次结果、连续失败次数、七天内取得的篇数。"""
    from schedules.summary import show_sources

    with opened(instance_folder(instance)) as inst:
        show_sources(inst)
    return 0
