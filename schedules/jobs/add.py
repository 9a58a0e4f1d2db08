"""Pages and texts that staff found elsewhere go the same way as crawled ones: archived, read, settled, matched."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from qingbao import keys
from qingbao.errors import UsageError
from qingbao.model import Page
from records.values import SourceState
from schedules.instance import MANUAL_SLUG, Instance
from schedules.ledger import in_ledger

# A page by hand is bounded like a fetched one.
MAX_BYTES = 50 * 1024 * 1024


@dataclass(slots=True)
class Added:
    """How many pages came, how many of them could be read, and what went wrong."""

    added: int = 0
    read: int = 0
    messages: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # worth a word, no failure


def text_page(title: str, text: str, published_at: str | None) -> bytes:
    """A text as the simplest page that the reader knows, so that a reread finds it in the archive like any other."""
    head = f'<meta name="ArticleTitle" content="{html.escape(title, quote=True)}">'
    if published_at:
        head += f'<meta name="PubDate" content="{html.escape(published_at, quote=True)}">'
    body = "".join(f"<p>{html.escape(line.strip())}</p>" for line in text.splitlines() if line.strip())
    return (f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title>{head}</head>'
            f'<body><h1>{html.escape(title)}</h1><div class="TRS_Editor">{body}</div></body></html>').encode()


def _page(instance: Instance, url: str, body: bytes, run_id: str, charset: str | None = None) -> Page:
    return Page(url=url, final_url=url, status=200, content_type="text/html", charset_label=charset, body=body, slug=MANUAL_SLUG, run_id=run_id,
                fetched_at=instance.clock())


def _of_file(instance: Instance, path: Path, run_id: str) -> Page:
    if path.stat().st_size > MAX_BYTES:
        raise UsageError(f"{path}：文件超过 50 MB，未加入")
    data = path.read_bytes()
    if path.suffix.lower() in {".txt", ".md"}:
        from pipelines.read.decode import decode

        words = decode(data, None).text.strip()
        title, _, rest = words.partition("\n")
        return _page(instance, f"manual:{keys.content_hash(data)}", text_page(title.strip()[:200], rest or title, None), run_id, "utf-8")
    return _page(instance, f"manual:{keys.content_hash(data)}", data, run_id)


def _of_document(instance: Instance, document: dict[str, Any], run_id: str) -> Page:
    title, text = str(document.get("title") or ""), str(document.get("text") or "")
    if not text.strip():
        raise UsageError(f"{document.get('id') or title or '（无编号）'}：没有 text，未加入")
    published = str(document["published_at"]) if document.get("published_at") else None
    url = str(document.get("url") or f"manual:{keys.text_hash(title + text)}")
    return _page(instance, url, text_page(title, text, published), run_id, "utf-8")


def _pages(instance: Instance, files: Sequence[Path], jsonl: IO[bytes] | None, run_id: str, result: Added) -> Iterator[Page]:
    from schedules.cli.files import JsonLines

    for path in files:
        try:
            yield _of_file(instance, path, run_id)
        except UsageError as error:
            result.messages.append(str(error))
    if jsonl is not None:
        lines = JsonLines(jsonl)
        for document in lines:
            try:
                yield _of_document(instance, document, run_id)
            except UsageError as error:
                result.messages.append(str(error))
        if lines.bad:
            result.messages.append(f"共有 {lines.bad} 行未能读取")


def add_all(instance: Instance, files: Sequence[Path], jsonl: IO[bytes] | None, url: str | None, *, lock: int) -> Added:
    """Archive, read, settle, match, index; under the caller's lock."""
    from pipelines.archive import ArchiveWriter
    from schedules.jobs.crawl import crawl
    from schedules.jobs.index import feed_or_say
    from schedules.jobs.lists import take_lists
    from schedules.jobs.match import match
    from schedules.jobs.read import read_new
    from schedules.jobs.report import write_tables_now
    from schedules.jobs.settle import settle_window

    result = Added()
    with in_ledger(instance, "add") as ledger:
        with ArchiveWriter(instance.config.data_dir / "archive", ledger.id) as archive:
            for page in _pages(instance, files, jsonl, ledger.id, result):
                result.added += instance.records.add_page(archive.add(page))
        if url:
            before = instance.records.page_count(ledger.id)
            crawl(instance, ledger.id, lock=lock, url=url)
            result.added += instance.records.page_count(ledger.id) - before
            for one in instance.records.source_results(ledger.id):
                if one.message:
                    (result.notes if one.state is SourceState.OK else result.messages).append(one.message)
        read = read_new(instance)
        result.read = read.doors.get("read", 0)
        result.messages += read.messages
        take_lists(instance)
        settle_window(instance)
        match(instance, ledger.id)
        _, trouble = feed_or_say(instance)
        result.messages += [trouble] if trouble else []
        result.messages += [written.trouble for written in write_tables_now(instance) if written.trouble]
        ledger.count({"added": result.added, "read": result.read})
        ledger.messages += [*result.notes, *result.messages]
    return result
