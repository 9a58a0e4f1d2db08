"""One source's round in a run: links that wait, then its lists, then what they brought, then known articles asked again."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from qingbao.clock import Clock, shanghai_day
from qingbao.crawling import Fetched
from qingbao.errors import CannotWork
from qingbao.keys import canonical_url, content_hash
from qingbao.model import Attachment, Page, Part, Source
from records.values import FoundLink, Link, LinkOutcome, SourceHealth, SourceResult, SourceState
from spiders.asking import ATTACHMENT_BYTES, LIST_BYTES, PAGE_BYTES, Answer, Asker, Came
from spiders.families import Family, ListRequest
from spiders.families.base import decode, parse_html
from spiders.manners.addresses import refusal as host_refusal
from spiders.tally import Stop, Tally

if TYPE_CHECKING:
    from records.store import Records

logger = logging.getLogger(__name__)

# So many articles refused, or failing one after the other, and the source is left alone for this run.
REFUSALS = 3
FAILURES_IN_A_ROW = 3
# Runs in which a link may fail; then it is given up, or dead links would hold up their source for ever.
TRIES_IN_ALL = 5
# More than a night can fetch from one host at 3 s a request; what is left waits for the next run.
LINKS_A_RUN = 2000

# A person reads a site's terms again at least this often (SOURCES.md 11, item 7).
TERMS_DAYS = 90

OUTCOMES = {
    Came.UNCHANGED: LinkOutcome.UNCHANGED, Came.NOT_FOUND: LinkOutcome.NOT_FOUND, Came.FORBIDDEN: LinkOutcome.FORBIDDEN,
    Came.TOO_LARGE: LinkOutcome.TOO_LARGE, Came.BLOCKED: LinkOutcome.BLOCKED, Came.FAILED: LinkOutcome.FAILED,
}
# What keeps a whole source from going on.
STOPS = {Came.CLOSED: SourceState.CLOSED, Came.LATER: SourceState.INTERRUPTED, Came.BLOCKED: SourceState.BLOCKED, Came.FAILED: SourceState.DOWN}


class Round:
    """Drives one source through a run, one request after the other. ``deliver`` hands a page to the pipelines and says whether it was kept."""

    def __init__(
        self,
        *,
        source: Source,
        family: Family,
        asker: Asker,
        records: Records,
        run_id: str,
        clock: Clock,
        deliver: Callable[[Fetched], Awaitable[bool]],
        progress: Callable[[str, str, str, str], None],
    ) -> None:
        self.source = source
        self.family = family
        self.asker = asker
        self.records = records
        self.run_id = run_id
        self.clock = clock
        self.deliver = deliver
        self.progress = progress
        self.tally = Tally()
        self._asked: set[str] = set()
        self._failed_in_a_row = 0

    async def run(self, health: SourceHealth | None) -> SourceResult:
        """The whole round: waiting links, lists, new links, links due again, failed ones. ``health``: how the source fared before this run."""
        return await self._reported(self._work(health))

    async def run_one(self, url: str) -> SourceResult:
        """One article by its address, new or known."""
        return await self._reported(self._work_on(url))

    async def _work(self, health: SourceHealth | None) -> None:
        # A list may be asked conditionally, and left at its first page of known links, where the last round came to its end.
        settled = health is not None and health.last.state is SourceState.OK
        await self._fetch_waiting()
        for request in self.family.first():
            await self._read_list(request, settled=settled)
        self._look_at_the_calendar(health)
        await self._fetch_waiting()
        await self._fetch_each(self.records.due_again(self.source.slug, self.clock()))
        await self._try_again()

    def _look_at_the_calendar(self, health: SourceHealth | None) -> None:
        """What is no failure and yet worth a person's look."""
        quiet = health is not None and health.last.state is SourceState.OK and not health.fetched_7_days and not self.tally.new_links
        if quiet and self.source.rhythm in {"hourly", "daily"}:
            self.tally.say("七天没有新文章，而预期每天更新：请看栏目是否已搬家")
        checked = self.source.terms_checked_on
        if checked and (days := (shanghai_day(self.clock()) - checked).days) > TERMS_DAYS:
            self.tally.say(f"网站声明和 robots.txt 的核对已过 {days} 天，请重新核对")

    async def _work_on(self, url: str) -> None:
        self.records.found_links(slug=self.source.slug, list_url=url, links=[FoundLink(url=url)], run_id=self.run_id)
        link = self.records.link(url)
        assert link is not None
        answer = await self._fetch(link)
        if self.tally.unchanged:
            self.tally.say("网页已在库中，没有变化")
        elif not self.tally.fetched:
            self.tally.worse(SourceState.BLOCKED if answer.came is Came.BLOCKED else SourceState.DOWN, f"未能加入 {url}：{answer.why}")

    async def _reported(self, work: Coroutine[None, None, None]) -> SourceResult:
        """Do the work and keep its result, at first as interrupted: that is what a killed run leaves."""
        started = self.clock()
        self.records.source_result(replace(self._result(started), state=SourceState.INTERRUPTED))
        try:
            await work
        except Stop as stop:
            self.tally.worse(stop.state, stop.why)
        except (OSError, CannotWork):
            # The disk or the database: no source could go on.
            raise
        except Exception as error:
            # One source must not end the others; the log keeps what happened.
            logger.exception("%s: the round ended by a fault of ours", self.source.slug)
            self.tally.worse(SourceState.DOWN, f"程序出错：{type(error).__name__}: {error}"[:200])
        result = replace(self._result(started), finished_at=self.clock())
        self.records.source_result(result)
        return result

    def _result(self, started: datetime) -> SourceResult:
        return self.tally.result(run_id=self.run_id, slug=self.source.slug, started_at=started)

    # Lists

    async def _read_list(self, first: ListRequest, *, settled: bool) -> None:
        """One list from its first page on, newest first. Links are kept page by page, so that a kill loses none."""
        request: ListRequest | None = first
        seen: set[str] = set()
        while request is not None and request.number <= self.source.max_pages:
            conditional = self.records.list_validators(request.url) if settled and request.number == 1 and request.method == "GET" else None
            answer = await self.asker.ask(
                request.url.partition("#")[0], method=request.method, body=request.body, headers=request.headers, validators=conditional, most=LIST_BYTES,
            )
            self.progress(self.source.slug, request.url, f"list_{answer.came.value}", answer.why)
            if answer.came is Came.UNCHANGED:
                return
            if answer.came is not Came.PAGE:
                self._list_failed(request, answer)
                return
            page = self.family.links(request, answer.url, answer.body, answer.charset)
            for note in page.notes:
                self.tally.say(note)
            rows = [row for row in page.rows if canonical_url(row.url) not in seen and not self._foreign(row.url)]
            seen.update(canonical_url(row.url) for row in rows)
            if request.number == 1:
                self._check_first(request, len(page.rows))
            found = self.records.found_links(
                slug=self.source.slug, list_url=request.url, links=rows, column=first.url, run_id=self.run_id,
                validators=answer.validators if request.method == "GET" else None,
            )
            self.tally.new_links += found.new
            # An empty page is the end; so is a page that shows what was shown before: a list that links to itself.
            if not rows or (settled and not found.new and not found.changed):
                return
            request = page.next

    def _list_failed(self, request: ListRequest, answer: Answer) -> None:
        if answer.came in (Came.CLOSED, Came.LATER, Came.BLOCKED):
            raise Stop(STOPS[answer.came], answer.why)
        if request.number > 1 and answer.came is Came.NOT_FOUND:
            # Lists that announce more pages than they have are common.
            return
        where = f"列表第 {request.number} 页" if request.number > 1 else "列表页"
        state = SourceState.CLOSED if answer.came is Came.FORBIDDEN else SourceState.DOWN
        self.tally.worse(state, f"{where}无法读取：{answer.why}")

    def _check_first(self, request: ListRequest, count: int) -> None:
        self.tally.first_page_links += count
        if count < self.source.at_least:
            self.tally.worse(SourceState.FEW_LINKS, f"列表页只找到 {count} 条链接，应至少 {self.source.at_least} 条（页面可能改版）")

    def _foreign(self, url: str) -> bool:
        if host_refusal(url, self.source.hosts):
            self.tally.foreign += 1
            return True
        return False

    # Articles

    async def _fetch_waiting(self) -> None:
        await self._fetch_each([link for link in self.records.waiting_links(self.source.slug, LINKS_A_RUN) if not link.tries])

    async def _try_again(self) -> None:
        """Links that failed in earlier runs come last: three dead ones say nothing about the source, whose lists were read."""
        if self.tally.state is not SourceState.OK:
            return
        failed = [link for link in self.records.waiting_links(self.source.slug, LINKS_A_RUN) if link.tries]
        try:
            await self._fetch_each(failed)
        except Stop as stop:
            self.tally.say(stop.why)
        # Given up only while other articles can be had: a site that is down or refuses for a week is no reason to lose what it published.
        works = self.tally.fetched or self.tally.unchanged
        for link in self.records.waiting_links(self.source.slug, LINKS_A_RUN):
            if works and link.tries >= TRIES_IN_ALL:
                self.records.link_outcome(link.url, LinkOutcome.NOT_FOUND, run_id=self.run_id, message=f"{link.tries} 次未能取得，已放弃")
                self.progress(self.source.slug, link.url, LinkOutcome.NOT_FOUND.value, "已放弃")

    async def _fetch_each(self, links: list[Link]) -> None:
        """Each link once a run: one that failed waits for the next."""
        for link in links:
            if link.url not in self._asked:
                await self._fetch(link)

    async def _fetch(self, link: Link) -> Answer:
        """Ask for one article and keep what came of it."""
        self._asked.add(link.url)
        answer = await self.asker.ask(link.link_url, validators=link.validators)
        if answer.came in (Came.CLOSED, Came.LATER):
            raise Stop(STOPS[answer.came], answer.why)
        if answer.came is Came.PAGE:
            await self._keep(link, answer)
            return answer
        outcome = OUTCOMES[answer.came]
        self.records.link_outcome(link.url, outcome, run_id=self.run_id, message=answer.why or None)
        self.progress(self.source.slug, link.url, outcome.value, answer.why)
        self._count(answer)
        return answer

    def _count(self, answer: Answer) -> None:
        tally = self.tally
        self._failed_in_a_row = self._failed_in_a_row + 1 if answer.came is Came.FAILED else 0
        tally.unchanged += answer.came is Came.UNCHANGED
        tally.forbidden += answer.came is Came.FORBIDDEN
        tally.failed += answer.came is Came.FAILED
        tally.blocked += answer.came is Came.BLOCKED
        if answer.came in (Came.BLOCKED, Came.FAILED, Came.TOO_LARGE):
            tally.say(f"文章页{answer.why}")
        if tally.blocked >= REFUSALS:
            raise Stop(SourceState.BLOCKED, f"拒绝访问：{answer.why}，本次不再访问")
        if self._failed_in_a_row >= FAILURES_IN_A_ROW:
            raise Stop(SourceState.DOWN, f"连续 {self._failed_in_a_row} 篇无法取得：{answer.why}，本次不再访问")

    async def _keep(self, link: Link, answer: Answer) -> None:
        self._failed_in_a_row = 0
        if link.content_hash == content_hash(answer.body):
            self.records.link_outcome(link.url, LinkOutcome.UNCHANGED, run_id=self.run_id, validators=answer.validators)
            self.tally.unchanged += 1
            self.progress(self.source.slug, link.url, LinkOutcome.UNCHANGED.value, "")
            return
        page = Page(
            url=link.link_url, final_url=answer.url, status=answer.status, content_type=answer.content_type, charset_label=answer.charset,
            body=answer.body, slug=self.source.slug, list_title=link.title, list_date=link.date, list_row=link.row, run_id=self.run_id,
            fetched_at=self.clock(),
        )
        page = await self._with_more(page)
        fetched = Fetched(page=page, etag=answer.validators.etag, last_modified=answer.validators.last_modified)
        if await self.deliver(fetched):
            self.tally.fetched += 1
            self.progress(self.source.slug, link.url, LinkOutcome.ARCHIVED.value, "")

    async def _with_more(self, page: Page) -> Page:
        """The page with its further parts and its attachments. One that cannot be had is left out: the page itself counts."""
        if page.content_type and not ("html" in page.content_type or page.content_type.startswith("text/")):
            return page
        text = decode(page.body, page.charset_label)
        tree = parse_html(text)
        if tree is None:
            return page
        parts, attachments = [], []
        for url in self.family.parts(page.final_url, tree, text):
            answer = await self._ask_more(url)
            if answer is None:
                break
            parts.append(Part(url=url, content_type=answer.content_type, charset_label=answer.charset, body=answer.body))
        for link in self.family.attachments(page.final_url, tree):
            if answer := await self._ask_more(link.url, most=ATTACHMENT_BYTES):
                attachments.append(Attachment(url=link.url, name=link.name, content_type=answer.content_type, body=answer.body))
        return replace(page, parts=tuple(parts), attachments=tuple(attachments))

    async def _ask_more(self, url: str, most: int = PAGE_BYTES) -> Answer | None:
        if host_refusal(url, self.source.hosts):
            return None
        answer = await self.asker.ask(url, most=most)
        if answer.came is Came.PAGE:
            return answer
        self.progress(self.source.slug, url, f"more_{answer.came.value}", answer.why)
        return None


