"""What the command line shows: the night's result, hits, reasons, sources, in Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from index.ledger import STATE_WORDS
from qingbao.clock import SHANGHAI
from qingbao.model import SITE_WORDS, Prospect
from records.values import ProspectRow, SourceState
from schedules.instance import Instance

if TYPE_CHECKING:
    from rich.text import Text

    from index.search import Marked
    from schedules.jobs.nightly import NightResult

KIND_WORDS = {"news": "新闻", "eia": "环评", "land": "土地", "tender": "招投标", "registration": "备案", "announcement": "公告公示"}
NUMBER_WORDS = {"fit": "匹配度", "intent": "意向", "evidence": "可信度", "priority": "优先级"}
MESSAGES_SHOWN = 12


def _console() -> Any:
    from rich.console import Console

    # A pipe has no width of its own; without this, rich folds at 80 and the table is unreadable.
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=150)


def _plain(console: Any, text: str, style: str | None = None) -> None:
    from rich.text import Text

    console.print(Text(text, style or ""), soft_wrap=True)


def show_doors(doors: Mapping[str, int], messages: Sequence[str] = ()) -> None:
    """Pages by door."""
    from pipelines.read.doors import DOOR_WORDS, Door

    console = _console()
    words = "，".join(f"{DOOR_WORDS.get(Door(door), door)} {count}" for door, count in sorted(doors.items(), key=lambda i: -i[1]))
    _plain(console, f"网页 {sum(doors.values())} 个：{words}" if doors else "没有要读的网页。")
    for message in messages[:MESSAGES_SHOWN]:
        _plain(console, f"  ! {message}", "yellow")


def show_crawl(instance: Instance, run_id: str) -> None:
    """What each source brought in a run."""
    console = _console()
    names = instance.source_names()
    for one in instance.records.source_results(run_id):
        _plain(console, f"{names.get(one.slug, one.slug)}：{STATE_WORDS[one.state]}，新链接 {one.new_links}，取得 {one.fetched}，未变 {one.unchanged}"
                        + (f"（{one.message}）" if one.message else ""))


def show_night(instance: Instance, result: NightResult) -> None:
    """The ten best of each park, what is new, the files, and what a person should know."""
    from reports.terminal import best_table

    console = _console()
    for park in instance.parks:
        best = result.best.get(park.slug, [])
        _plain(console, f"{park.name}：潜在投资者 {len(best)} 家", "bold")
        if best:
            console.print(best_table(best, 10))
    doors = {name.removeprefix("door."): count for name, count in result.counts.items() if name.startswith("door.")}
    _plain(console, f"新链接 {result.counts.get('new_links', 0)}，取得网页 {result.counts.get('fetched', 0)}，"
                    f"企业 {result.counts.get('companies', 0)} 家，投资 {result.counts.get('investments', 0)} 项，"
                    f"坏消息 {result.counts.get('bad_news', 0)} 条")
    show_doors(doors)
    if result.digests is not None:
        _show_digests(console, instance, result)
    for path in result.files:
        _plain(console, f"  {path}")
    for message in result.messages[:MESSAGES_SHOWN]:
        _plain(console, f"  ! {message}", "yellow")
    if len(result.messages) > MESSAGES_SHOWN:
        _plain(console, f"  另有 {len(result.messages) - MESSAGES_SHOWN} 条提示，见 data/logs 和 qingbao sources", "yellow")


def _show_digests(console: Any, instance: Instance, result: NightResult) -> None:
    assert result.digests is not None
    for unit in instance.config.units:
        if unit.slug in result.digests.new:
            count = result.digests.new[unit.slug]
            _plain(console, f"简报·{unit.name}：{f'{count} 条' if count else '今日无新增'}")
        elif unit.slug in result.digests.waiting:
            count = result.digests.waiting[unit.slug]
            _plain(console, f"简报·{unit.name}：今天已出，{f'{count} 条进入下一期' if count else '今日无新增'}")


def show_sources(instance: Instance) -> None:
    """Health of every source."""
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold")
    for header in ("来源", "类型", "地区", "状态", "最近成功", "连续失败", "七天内", "待取", "说明"):
        table.add_column(header, overflow="fold")
    names = instance.source_names()
    health = {one.slug: one for one in instance.records.source_health()}
    for source in instance.config.sources:
        one = health.get(source.slug)
        what = (Text(names[source.slug]), Text(KIND_WORDS.get(source.kind, source.kind)), Text(source.region or ""))
        if one is None:
            table.add_row(*what, "未启用" if not source.enabled else "还没有运行过", "", "", "", "", Text(source.checked_note or ""))
            continue
        ok = one.last_ok_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if one.last_ok_at else "从未"
        style = "green" if one.last.state is SourceState.OK else "red"
        table.add_row(*what, Text(STATE_WORDS[one.last.state], style), ok, str(one.failures_in_a_row), str(one.fetched_7_days),
                      str(one.waiting), Text(one.last.message or ""))
    _console().print(table)


def _show_prospect(console: Any, instance: Instance, row: Prospect) -> None:
    fit = "未知" if row.fit is None else f"{row.fit:.0f}"
    place = f"第 {row.rank} 名，" if row.rank else ""
    _plain(console, f"{row.company}（{row.sheet.value}，{place}{row.tier.value}级）", "bold")
    if row.note:
        _plain(console, f"  {row.note}")
    _plain(console, f"  {row.headline}")
    _plain(console, f"  优先级 {row.priority:.1f}（由匹配度 {fit}、意向 {row.intent:.0f}、可信度 {row.evidence:.0f} 即 {row.evidence_grade} 级算出）；"
                    f"选址{SITE_WORDS[row.site]}；其他名称：{'、'.join(n for n in row.names if n != row.company) or '无'}")
    for number, word in NUMBER_WORDS.items():
        reasons = sorted((reason for reason in row.reasons if reason.number == number), key=lambda r: -abs(r.points))
        if not reasons:
            continue
        _plain(console, f"  {word} {sum(reason.points for reason in reasons):.1f}", "cyan")
        shown: set[str] = set()  # a sentence that proves several points is read once
        for reason in reasons:
            _plain(console, f"    {reason.points:+6.1f}  {reason.text}" + (f"（{reason.day}）" if reason.day else ""))
            for proof in (f"“{reason.quote[:200]}”" if reason.quote else "", reason.url or ""):
                if proof and proof not in shown:
                    shown.add(proof)
                    _plain(console, f"            {proof}", "dim")
    for news in row.bad_news:
        _plain(console, f"  坏消息：{news.kind.value}（{news.day or '日期未披露'}）“{news.quote.text[:200]}” {news.url}", "red")


def _show_since(console: Any, history: Sequence[ProspectRow], row: Prospect | None, since: date) -> None:
    """Why a row moved since a day: one sentence, then the pages of the diary that made it, each with its model and its inputs."""
    from matcher.diary import difference, explain

    if not history:
        _plain(console, f"  {since} 以来没有记录。")
        return
    first, last = history[0], history[-1]
    if row is None:
        _plain(console, f"  {last.valid_to or since} 起不在名单上；此前：{last.prospect.headline}（优先级 {last.prospect.priority:.0f}，{last.prospect.tier.value}级）")
    else:
        began = f"{first.valid_from} 进入名单，此后" if first.valid_from > since else f"{since} 以来"
        still = len(history) == 1 and not difference(first.prospect, row)
        _plain(console, f"  {began}{'没有变化。' if still else f'：{explain(first.prospect, row)}'}", "cyan")
    for before, now in zip([None, *history], history):
        told = explain(before.prospect, now.prospect) if before else f"优先级 {now.prospect.priority:.0f}（{now.prospect.tier.value}级）：{now.prospect.headline}"
        inputs = len({reason.url for reason in now.prospect.reasons if reason.url})
        model, _, formula = now.prospect.model_version.partition("/")
        _plain(console, f"    {now.valid_from}  {told}")
        _plain(console, f"                模型 {model or '无'}，公式 {formula or '无'}，依据 {inputs} 篇，运行 {now.from_run}", "dim")


def show_why(instance: Instance, name: str, since: date | None) -> int:
    """A company's prospect in every park; the exit code (1: nothing known of it)."""
    console = _console()
    companies = instance.records.find_companies(name)
    if not companies:
        _plain(console, f"记录中没有名为“{name}”的企业。可用 qingbao search {name} 检索文章。")
        return 1
    if len(companies) > 1:
        _plain(console, f"“{name}”可能指 {len(companies)} 家企业：{'、'.join(company.name for company in companies[:10])}。以下是第一家。")
    company = companies[0]
    shown = 0
    for park in instance.parks:
        row = next((p for p in instance.records.prospects(park.slug) if p.company_id == company.id), None)
        history = instance.records.prospect_history(park.slug, company.id, since) if since is not None else []
        if row is None and not history:
            continue
        shown += 1
        if len(instance.parks) > 1:
            _plain(console, f"—— {park.name} ——")
        if row is not None:
            _show_prospect(console, instance, row)
        else:
            _plain(console, f"{company.name} 目前不在名单上。", "bold")
        if since is not None:
            _show_since(console, history, row, since)
    if not shown:
        _plain(console, f"{company.name} 在记录中，但目前不在任何园区的名单上（没有近期的投资动向）。用 --since 日期 可查以前的名单。")
    return 0


def show_hits(instance: Instance, words: str, top: int) -> None:
    """Companies and articles that hold the words, best first, the matching place marked."""
    from rich.text import Text

    from index.search import Kind, Query
    from schedules.jobs.index import find

    console = _console()
    for kind, title in ((Kind.COMPANY, "企业"), (Kind.ARTICLE, "文章")):
        found = find(instance, Query(kinds=(kind,), words=words, limit=top))
        _plain(console, f"{title} {found.total} 条", "bold")
        for hit in found.hits:
            console.print(Text.assemble("  ", _marked(hit.title), f"  {hit.day or ''}"), soft_wrap=True)
            for more in (hit.name, hit.excerpt):
                if more is not None:
                    console.print(Text.assemble("    ", _marked(more)), soft_wrap=True)
            if hit.url:
                _plain(console, f"    {hit.url}", "dim")


def _marked(marked: Marked) -> Text:
    """A text with what was found marked; on a terminal without colours by 【】."""
    from rich.text import Text

    words = Text("…" if marked.before else "")
    at = 0
    for start, end in marked.spans:
        words.append(marked.text[at:start])
        words.append(f"【{marked.text[start:end]}】", "bold red")
        at = end
    words.append(marked.text[at:] + ("…" if marked.after else ""))
    return words
