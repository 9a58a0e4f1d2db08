"""Settling: once per run, deterministic; only what new articles, lists and rulings touch, and everything where the rules or lists changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from qingbao import keys
from qingbao.clock import SHANGHAI
from qingbao.list_files import ListRow
from qingbao.model import Company
from records.values import Reading, Ruling, Settlement
from schedules.instance import Instance
from schedules.jobs.lists import all_rows

# Articles are settled together for this long (issue 7); prospects need news of the last 180 days, which investments keep.
WINDOW_DAYS = 90
# An article that comes late (a source's first crawl) is settled if its news still counts for the list.
LATE_DAYS = 180
# Bumped when the rules of settling change: then the next run settles everything anew.
SETTLE_VERSION = 3
# Names touch names: so many times the companies found are asked for further ones that share a key. Families are small.
ROUNDS = 4


def _window(instance: Instance, days: int = WINDOW_DAYS) -> datetime:
    return datetime.combine(instance.today - timedelta(days=days), time(), SHANGHAI).astimezone(UTC)


def _stamp(instance: Instance, rows: Sequence[tuple[str, ListRow]]) -> str:
    return keys.text_hash(f"{SETTLE_VERSION}\n{sorted(map(repr, rows))}\n{sorted(instance.source_names().items())}")


def settle_window(instance: Instance, *, everything: bool = False) -> dict[str, int]:
    """Settle what is new in the window into the records; how many companies, stories and investments were touched.

    ``everything``: all of the window; so too where lists, names of sources or the rules have changed since the last time.
    """
    records = instance.records
    rows = all_rows(instance)
    stamp = _stamp(instance, rows)
    since = _window(instance)
    settled_under = records.settle_stamp()
    if everything or settled_under != stamp:
        settlement = _everything(instance, rows, since if settled_under else _window(instance, LATE_DAYS))
        records.store_settlement(settlement)
        records.set_settle_stamp(stamp)
        return _counts(settlement)
    urls, reread = records.unsettled_urls(_window(instance, LATE_DAYS))
    seeds = records.companies_without_their_signals() if reread else set()
    if not urls and not seeds:
        return _counts(Settlement())
    return _counts(settle_touched(instance, records.readings_of(urls), seeds, since, rows))


def settle_ruled(instance: Instance, ruling: Ruling) -> Settlement:
    """Settle the companies of a new ruling anew, with all their articles, however old."""
    seeds = {i for i in (ruling.keep_id, ruling.other_id) if i}
    return settle_touched(instance, [], seeds, None, all_rows(instance), [*ruling.keep_names, *ruling.other_names])


def _everything(instance: Instance, rows: Sequence[tuple[str, ListRow]], since: datetime) -> Settlement:
    from pipelines.settle.settle import Known, settle

    records = instance.records
    companies = list(records.companies())
    known = Known(companies=companies, stories=records.stories(), investments=records.investments(), bad_news=records.bad_news(),
                  relations=records.settled_relations(), texts=list(records.company_texts()), rulings=records.rulings(),
                  pinned=frozenset(records.judged_companies()))
    return settle(list(records.readings(since)), known, rows, instance.source_names())


def settle_touched(instance: Instance, fresh: Sequence[Reading], seeds: Iterable[str], since: datetime | None, rows: Sequence[tuple[str, ListRow]],
                   names: Iterable[str] = ()) -> Settlement:
    """Settle new readings with all that they touch: the companies whose names may be meant, their articles since a moment, the stories of those.

    ``seeds``: ids of further companies; ``names``: further names. The settlement is stored and returned.
    """
    from pipelines.settle.neighbourhood import names_in

    new_names = names_in(fresh) | set(names)
    core = set(seeds)
    while True:
        settlement = _settle_around(instance, fresh, core, new_names, since, rows)
        if not settlement.reached:
            instance.records.store_settlement(settlement)
            return settlement
        core |= set(settlement.reached)  # grows in every round, so the rounds end


def _companies_around(instance: Instance, seeds: set[str], new_names: set[str]) -> tuple[list[Company], list[Company]]:
    """The companies to settle, and those of the same brands whose names count besides."""
    from pipelines.settle.neighbourhood import BRAND, IDENTITY, keys_of, names_of, unsure

    records = instance.records
    core = {company.id: company for company in records.companies_by_id(seeds | records.ids_with_keys("company", keys_of(new_names, IDENTITY)))}
    alike = records.companies_by_id(records.ids_with_keys("company", keys_of(new_names, BRAND)) - set(core))
    core |= {company.id: company for company in alike if unsure(company)}
    for _ in range(ROUNDS):
        further = records.ids_with_keys("company", keys_of(names_of(core.values()), IDENTITY)) - set(core)
        if not further:
            break
        core |= {company.id: company for company in records.companies_by_id(further)}
    beside = records.ids_with_keys("company", keys_of(new_names | names_of(core.values()), BRAND)) - set(core)
    return list(core.values()), records.companies_by_id(beside)


def _settle_around(instance: Instance, fresh: Sequence[Reading], seeds: set[str], new_names: set[str], since: datetime | None,
                   rows: Sequence[tuple[str, ListRow]]) -> Settlement:
    from pipelines.settle.neighbourhood import keys_of, names_of, rows_for
    from pipelines.settle.settle import Known, settle
    from pipelines.settle.stories import article_keys

    records = instance.records
    companies, context = _companies_around(instance, seeds, new_names)
    ids = {company.id for company in companies}
    urls = {reading.article.url for reading in fresh} | records.articles_naming(ids, since)
    urls |= records.copies_of({key for reading in fresh for key in article_keys(reading.article)})
    stories = records.stories_by_id(records.ids_with_keys("story", urls))
    urls |= {url for story in stories for url in story.article_urls}
    late = {reading.article.url: reading for reading in fresh}
    readings = [*late.values(), *records.readings_of(urls - set(late), since)]
    others = {key: company for key, company in records.mentions_of(_keys(readings)).items() if company not in ids}
    elsewhere = {stated.signal_key: one.id for one in records.investments_of(set(others.values())) for stated in one.stated if stated.signal_key in others}
    known = Known(
        companies=companies, context=context, stories=stories, investments=records.investments_of(ids), bad_news=records.bad_news_of(ids),
        relations=records.relations_of(ids), texts=records.company_texts_by_id(ids), rulings=records.rulings(), others=others,
        other_investments=elsewhere, pinned=frozenset(records.judged_companies()),
    )
    return settle(readings, known, rows_for(rows, keys_of(new_names | names_of(companies))), instance.source_names())


def _keys(readings: Sequence[Reading]) -> list[str]:
    return [signal.key for reading in readings for signal in reading.signals] + [news.key for reading in readings for news in reading.adverse]


def _counts(settlement: Settlement) -> dict[str, int]:
    return {"companies": len(settlement.companies), "stories": len(settlement.stories), "investments": len(settlement.investments),
            "bad_news": len(settlement.bad_news)}
