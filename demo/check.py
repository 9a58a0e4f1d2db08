"""Does the demo's truth fit its articles? ``python -m demo.check`` prints every disagreement."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from demo.build import TEMPLATE
from demo.content import FOLDER, DemoArticle, load_articles
from demo.pages import SITES

CHECK_DAY = date(2026, 11, 25)  # any day does: nothing that is compared depends on it
SITE_WORDS = {"open", "leaving", "fixed", "none"}


def load_truth() -> dict[str, Any]:
    """``truth/truth.yaml``."""
    truth: dict[str, Any] = yaml.safe_load((FOLDER / "truth" / "truth.yaml").read_text("utf-8"))
    return truth


def all_articles(*, second_run: bool = False, today: date = CHECK_DAY) -> dict[str, DemoArticle]:
    """Every article of every site by its id."""
    return {article.id: article for site in SITES for article in load_articles(site, today, second_run=second_run)}


def listed_names() -> set[str]:
    """All names in the instance's lists."""
    names = set()
    for file in (TEMPLATE / "lists").rglob("*.csv"):
        for row in csv.DictReader(file.read_text("utf-8").splitlines()):
            names |= {row["企业名称"], row.get("简称") or row["企业名称"]}
    return names


def _signal_problems(truth: Mapping[str, Any], articles: Mapping[str, DemoArticle]) -> Iterator[str]:
    companies, events = truth["companies"], _event_words()
    for article_id, signals in truth["signals"].items():
        if article_id not in articles:
            yield f"signals: no article {article_id}"
            continue
        words = f"{articles[article_id].title}\n{articles[article_id].text}"
        for signal in signals:
            if signal["company"] not in companies:
                yield f"{article_id}: unknown company {signal['company']}"
            elif not any(name in words for name in companies[signal["company"]]):
                yield f"{article_id}: no name of {signal['company']} occurs"
            for event in [signal["event"], *signal.get("any", [])]:
                if event not in events:
                    yield f"{article_id}: unknown event {event}"
            if signal.get("site", "open") not in SITE_WORDS:
                yield f"{article_id}: unknown site {signal['site']}"
            for amount in [signal["amount"], *signal.get("amount_any", [])]:
                if amount is not None and not any(form in words for form in _amount_forms(amount)):
                    yield f"{article_id}: {amount}万元 does not occur"
            yield from (f"{article_id}: place {name} does not occur" for name in _missing_place(signal.get("place"), words))


def _event_words() -> set[str]:
    from qingbao.model import EventType

    return {event.value for event in EventType}


def _amount_forms(wan: float) -> tuple[str, ...]:
    return (f"{wan / 10000:g}亿", f"{wan:g}万")


def _missing_place(place: Mapping[str, str] | None, words: str) -> list[str]:
    """The lowest level must stand in the text, without its suffix at least."""
    if not place:
        return []
    name = place.get("city") or place["province"]
    return [] if name[:-1] in words or name in words else [name]


def _reference_problems(truth: Mapping[str, Any], articles: Mapping[str, DemoArticle]) -> Iterator[str]:
    known = set(truth["companies"]) | listed_names()
    named = {
        "sheets": [one for group in truth["sheets"].values() for one in group],
        "units": [one for group in truth["units"].values() for one in group],
        "order": [one for pair in truth["order"] for one in pair[:2]],
        "investments": [one["company"] for one in truth["investments"]],
        "best": [*truth["best"], *truth["not_in_first_ten"]],
        **{part: list(truth[part]) for part in ("tiers", "sites", "industries", "marks")},
    }
    for part, companies in named.items():
        yield from (f"{part}: unknown company {one}" for one in companies if one not in known)
    ids = {
        "stories": [one for groups in truth["stories"].values() for group in groups for one in group],
        "investments": [one for group in truth["investments"] for one in group["articles"]],
        "second_run": [*truth["second_run"]["new_articles"], *truth["second_run"]["changed_articles"]],
        **{part: list(truth[part]) for part in ("may", "adverse", "doors", "outcomes")},
    }
    for part, articles_named in ids.items():
        yield from (f"{part}: no article {one}" for one in articles_named if one not in articles)
    for article_id, bad in truth["adverse"].items():
        if not any(name in articles[article_id].title + articles[article_id].text for name in truth["companies"][bad["company"]]):
            yield f"adverse: {article_id} does not name {bad['company']}"


def _name_problems(truth: Mapping[str, Any], articles: Mapping[str, DemoArticle]) -> Iterator[str]:
    owner: dict[str, str] = {}
    words = "\n".join(f"{one.title}\n{one.text}" for one in articles.values()) + "\n".join(listed_names())
    for company, names in truth["companies"].items():
        for name in names:
            if name in owner:
                yield f"companies: {name} belongs to {owner[name]} and {company}"
            owner[name] = company
            if name not in words:
                yield f"companies: {name} occurs nowhere"


def problems() -> list[str]:
    """Every disagreement of the truth with the articles and with itself."""
    truth, articles = load_truth(), all_articles(second_run=True)
    return [
        *_name_problems(truth, articles), *_signal_problems(truth, articles), *_reference_problems(truth, articles), *_order_problems(truth),
    ]


def _order_problems(truth: Mapping[str, Any]) -> Iterator[str]:
    """The pairs must not contradict each other."""
    below: dict[str, set[str]] = {}
    for above, under, *_ in truth["order"]:
        below.setdefault(above, set()).add(under)

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(below.get(start, ()))
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting.extend(below.get(one, ()))
        return seen

    yield from (f"order: {company} stands above itself" for company in below if company in reached(company))


if __name__ == "__main__":
    found = problems()
    print("\n".join(found) or "truth and articles agree")
    sys.exit(1 if found else 0)
