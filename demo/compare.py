"""What a night made of the demo against its truth: every disagreement as a sentence, by section.

``python -m demo.compare INSTANCE`` prints them; the end-to-end test asks for the same list.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from demo.check import load_truth
from demo.sites import DemoSites
from qingbao.keys import canonical_url
from qingbao.model import EventType, Place, Prospect, Sheet, Signal
from records.store import Records
from records.values import Reading

SAME_AMOUNT = 0.01  # figures agree within 1 %


class Night:
    """The records of a night beside the truth and the addresses of the articles."""

    def __init__(self, records: Records, addresses: Mapping[str, str], park: str = "yunling") -> None:
        self.truth: dict[str, Any] = load_truth()
        self.records = records
        self.url = {article: canonical_url(url) for article, url in addresses.items()}
        self.readings: dict[str, Reading] = {reading.article.url: reading for reading in records.readings(None)}
        self.rows: list[Prospect] = records.prospects(park)
        self.names: dict[str, set[str]] = {key: set(names) for key, names in self.truth["companies"].items()}

    def is_company(self, key: str, names: Sequence[str]) -> bool:
        """Whether one of these names is that company's."""
        return bool(self.names.get(key, {key}) & set(names))

    def row(self, key: str) -> Prospect | None:
        """The company's row on any sheet."""
        return next((row for row in self.rows if self.is_company(key, (row.company, *row.names))), None)

    def article_id(self, url: str) -> str:
        """The id of an article's address."""
        return next((article for article, address in self.url.items() if address == url), url)


def _names(signal: Signal) -> tuple[str, ...]:
    return (signal.mention, *signal.names)


def _place_fits(place: Place | None, wanted: Mapping[str, str] | None) -> bool:
    return wanted is None or (place is not None and all(getattr(place, level) == name for level, name in wanted.items()))


def signal_problems(night: Night) -> Iterator[str]:
    """Signals that are missing, wrong or too many."""
    wanted_of: dict[str, Any] = night.truth["signals"]
    may: dict[str, list[str]] = night.truth["may"]
    for article, url in night.url.items():
        reading = night.readings.get(url)
        there = list(reading.signals) if reading else []
        used: set[str] = set()
        for want in wanted_of.get(article, []):
            own = [s for s in there if night.is_company(want["company"], _names(s))]
            if not own:
                yield f"{article}: no signal of {want['company']}"
                continue
            used |= {s.key for s in own}
            wrong = min((list(_wrong_fields(s, want)) for s in own), key=len)
            for field in wrong:
                yield f"{article}: {want['company']} {field}"
        for signal in there:
            allowed = any(night.is_company(key, _names(signal)) for key in may.get(article, []))
            if signal.key not in used and not allowed:
                yield f"{article}: surplus signal of {signal.mention} ({signal.event_type.value})"


def _wrong_fields(signal: Signal, want: Mapping[str, Any]) -> Iterator[str]:
    events = [EventType(word) for word in (want["event"], *want.get("any", []))]
    if signal.event_type not in events:
        yield f"event {signal.event_type.value} instead of {want['event']}"
    got = signal.amount.value_wan if signal.amount else None
    figures = [want["amount"], *want.get("amount_any", [])]
    if not any(got is figure if figure is None or got is None else abs(got - figure) <= SAME_AMOUNT * figure for figure in figures):
        yield f"amount {got} instead of {want['amount']}"
    if "site" in want and signal.site.value not in [want["site"], *want.get("site_any", [])]:
        yield f"site {signal.site.value} instead of {want['site']}"
    if not _place_fits(signal.place, want.get("place")):
        yield f"place {signal.place} instead of {want['place']}"


def adverse_problems(night: Night) -> Iterator[str]:
    """Bad news that is missing or too much, relations that are missing."""
    for article, want in night.truth["adverse"].items():
        reading = night.readings.get(night.url[article])
        told = [a for a in (reading.adverse if reading else ()) if night.is_company(want["company"], (a.mention, *a.names))]
        if not any(a.kind.value == want["kind"] for a in told):
            yield f"{article}: no {want['kind']} of {want['company']}"
    for want in night.truth["relations"]:
        reading = night.readings.get(night.url[want["article"]])
        if not any(r.kind.value == want["kind"] and night.is_company(want["subject"], (r.subject,)) and night.is_company(want["object"], (r.object,))
                   for r in (reading.relations if reading else ())):
            yield f"{want['article']}: no relation {want['subject']} {want['kind']} of {want['object']}"


def company_problems(night: Night) -> Iterator[str]:
    """Companies of the truth that are split or merged in the records."""
    owner: dict[str, set[str]] = defaultdict(set)
    for company in night.records.companies():
        names = {name.text for name in company.names}
        for key, wanted in night.names.items():
            if names & wanted:
                owner[key].add(company.id)
    holders: dict[str, set[str]] = defaultdict(set)
    for key, ids in owner.items():
        if len(ids) > 1:
            yield f"{key} stands {len(ids)} times in the records"
        for one in ids:
            holders[one].add(key)
    for keys in holders.values():
        if len(keys) > 1:
            yield f"{'、'.join(sorted(keys))} are one company in the records"


def settle_problems(night: Night) -> Iterator[str]:
    """Stories and investments that are split or swallowed."""
    story_of = {url: story.id for story in night.records.stories() for url in story.article_urls}
    for group in night.truth["stories"]["same"]:
        if len({story_of.get(night.url[article]) for article in group}) != 1:
            yield f"story: {group} are not one"
    for group in night.truth["stories"]["different"]:
        if len({story_of.get(night.url[article]) for article in group}) != len(group):
            yield f"story: {group} are not apart"
    investments = night.records.investments()
    of_company = {c.id: {n.text for n in c.names} for c in night.records.companies()}
    for want in night.truth["investments"]:
        urls = {night.url[article] for article in want["articles"]}
        own = [i for i in investments if night.is_company(want["company"], tuple(of_company.get(i.company_id, ())))]
        holding = [i for i in own if urls & {s.article_url for s in i.stated}]
        whole = [i for i in holding if urls <= {s.article_url for s in i.stated}]
        if not whole:
            yield f"investment: {want['company']} {want['articles']} are not one ({len(holding)})"
            continue
        if "sources" in want and whole[0].independent_sources != want["sources"]:
            yield f"investment: {want['company']} has {whole[0].independent_sources} sources instead of {want['sources']}"
        for amount in want.get("amounts", []):
            if not any(s.amount and s.amount.value_wan == amount for s in whole[0].stated):
                yield f"investment: {want['company']} lost the figure {amount}"


def list_problems(night: Night) -> Iterator[str]:
    """Sheets, marks, sites, industries, tiers, units and the order of the list."""
    truth = night.truth
    for sheet, keys in truth["sheets"].items():
        for key in keys:
            row = night.row(key)
            if row is None or row.sheet is not Sheet(sheet):
                yield f"sheet: {key} stands on {row.sheet.value if row else 'none'} instead of {sheet}"
    for section, read in (("marks", lambda r: r.marks), ("sites", lambda r: (r.site.value,)), ("industries", lambda r: (r.industry,))):
        for key, wanted in truth[section].items():
            row = night.row(key)
            if row is not None and wanted not in read(row):
                yield f"{section}: {key} has {read(row)} instead of {wanted}"
    for key, tiers in truth["tiers"].items():
        row = night.row(key)
        if row is not None and row.tier.value not in tiers:
            yield f"tier: {key} is {row.tier.value} (priority {row.priority:.0f}, fit {row.fit}, intent {row.intent:.0f}) instead of {tiers}"
    for above, below, why in truth["order"]:
        first, second = night.row(above), night.row(below)
        if first is None or (second is not None and second.sheet is Sheet.PROSPECTS and first.rank > second.rank):
            yield f"order: {above} ({first.rank if first else None}) below {below} ({second.rank if second else None}): {why}"
    for key in truth["best"]:
        row = night.row(key)
        if row is None or not 0 < row.rank <= 10:
            yield f"best: {key} is at {row.rank if row else None}"
    for key in truth["not_in_first_ten"]:
        row = night.row(key)
        if row is not None and 0 < row.rank <= 10:
            yield f"not in first ten: {key} is at {row.rank}"
    for unit, keys in truth["units"].items():
        for key in keys:
            row = night.row(key)
            if row is None or unit not in row.units:
                yield f"unit: {key} goes to {row.units if row else ()} and not to {unit}"


def never_problems(night: Night) -> Iterator[str]:
    """What must appear nowhere."""
    never = night.truth["never"]
    company_names = {name.text for company in night.records.companies() for name in company.names}
    for name in never["companies"]:
        if name in company_names:
            yield f"never: {name} is a company of the records"
    figures = {s.amount.value_wan for r in night.readings.values() for s in r.signals if s.amount}
    for amount in never["amounts"]:
        if amount in figures:
            yield f"never: the total {amount} was given to a company"
    for text in never["strings"]:
        if any(text in r.article.text or text in r.article.title for r in night.readings.values()):
            yield f"never: {text} stands in an article"


def crawl_problems(night: Night, sites: DemoSites | None, second_run: bool = False) -> Iterator[str]:
    """Doors, outcomes of links, forbidden paths."""
    missing = set(night.truth["outcomes"]) | set(night.truth["doors"])
    for article, url in night.url.items():
        if article not in night.readings and url not in night.readings and article not in missing and (second_run or article not in night.truth["second_run"]["new_articles"]):
            yield f"crawl: {article} was not read"
    for article, outcome in night.truth["outcomes"].items():
        link = night.records.link(night.url[article])
        if night.url[article] in night.readings:
            yield f"outcome: {article} became a page instead of {outcome}"
        elif link is None:
            yield f"outcome: {article} was never found"
    counts = night.records.door_counts()
    if sum(counts.values()) != night.records.page_count():
        yield f"doors: {counts} do not sum to {night.records.page_count()} pages"
    for door in {door for doors in night.truth["doors"].values() for door in doors[:1]}:
        if not any(counts.get(one) for doors in night.truth["doors"].values() if door in doors for one in doors):
            yield f"doors: none by {door}"
    for request in sites.requests if sites is not None else ():
        if request.path.startswith(tuple(night.truth["forbidden_paths"])):
            yield f"forbidden: {request.path} was fetched"


SECTIONS = {"signals": signal_problems, "adverse": adverse_problems, "companies": company_problems, "settle": settle_problems, "list": list_problems,
            "never": never_problems}


def main() -> None:
    """Print all disagreements of an instance made by ``python -m demo``."""
    from demo.build import read_memory
    from demo.sites import serve
    from records import open_records

    folder = Path(sys.argv[1])
    memory = read_memory(folder)
    assert memory is not None, "not a demo instance"
    with serve(ports=memory.ports, today=memory.day) as sites, open_records(folder / "data" / "records.db") as records:
        night = Night(records, sites.article_urls)
        for name, section in SECTIONS.items():
            problems = list(section(night))
            print(f"== {name}: {len(problems)}")
            for problem in problems:
                print(f"  {problem}")
        problems = list(crawl_problems(night, None))
        print(f"== crawl: {len(problems)}", *problems, sep="\n  ")


if __name__ == "__main__":
    main()
