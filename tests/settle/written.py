"""The written nights as readings, and how a settlement compares with their truth."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from qingbao import keys
from qingbao.list_files import ListRow, read_list
from qingbao.model import Adverse, AdverseType, Amount, Article, EventType, Place, Quote, Signal, Site, Stage, Trust
from records.values import Reading, Settlement

HERE = Path(__file__).parent
Record = dict[str, Any]
Groups = Mapping[str, Hashable]


@dataclass(frozen=True, slots=True)
class Truth:
    """Member → the group it belongs to."""

    companies: dict[str, str]  # key of signal or adverse report → company
    investments: dict[str, str]  # key of a signal → investment
    stories: dict[str, str]  # article URL → story
    candidates: dict[str, tuple[str, ...]]  # key of a mention that stays open → companies that may be meant


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well a partition agrees with the truth."""

    precision: float
    recall: float
    f1: float
    b3_precision: float
    b3_recall: float
    b3_f1: float
    groups: int
    true_groups: int


def records(part: str) -> list[Record]:
    """The articles of a part, ``open`` or ``held_out``, in the order of the nights."""
    paths = sorted((HERE / "nights").glob("*.jsonl")) if part == "open" else [HERE / "held_out.jsonl"]
    found = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(found, key=lambda record: str(record["night"]))


def truth_lines(kind: str, part: str) -> dict[str, Record]:
    """The truth's lines of a kind (company, investment) by id."""
    lines = [json.loads(line) for line in (HERE / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    return {line["id"]: line for line in lines if line["kind"] == kind and line["set"] == part}


def list_rows() -> list[tuple[str, ListRow]]:
    """The written list of listed firms, which only joins names."""
    return [("names", row) for row in read_list(HERE / "lists.csv").rows]


def _place(value: Record | None, country: str | None) -> Place | None:
    return Place(**value, country=country or "中国") if value else None


def _signal(url: str, item: Record) -> Signal:
    amount = Amount(text=item["amount_text"], value_wan=item["amount_wan"]) if item["amount_text"] else None
    key = keys.signal_key(url, item["mention"], item["quote"], item["event_type"], item["amount_text"], str(item["place"]) + str(item["product"]))
    return Signal(
        key=key, article_url=url, mention=item["mention"], event_type=EventType(item["event_type"]), quote=Quote(text=item["quote"]), site=Site(item["site"]),
        names=tuple(item["names"]), parent=item["parent"], stage=Stage(item["stage"]) if item["stage"] else None, amount=amount,
        place=_place(item["place"], item["country"]), place_from=_place(item["place_from"], None), product=item["product"],
    )


def _adverse(url: str, item: Record) -> Adverse:
    key = keys.signal_key(url, item["mention"], item["quote"], item["kind"], None, None)
    return Adverse(key=key, article_url=url, mention=item["mention"], kind=AdverseType(item["kind"]), quote=Quote(text=item["quote"]))


def reading(record: Record) -> Reading:
    """One written article as the reader would give it."""
    url = record["url"]
    article = Article(
        url=url, title=record["title"], text=record["text"], text_hash=keys.text_hash(record["text"]),
        published_at=datetime.fromisoformat(record["published_at"]), origin=record["origin"], slug=record["source"], trust=Trust.MEDIA,
    )
    return Reading(article=article, signals=tuple(_signal(url, item) for item in record["signals"]),
                   adverse=tuple(_adverse(url, item) for item in record["adverse"]))


def truth_of(found: Sequence[Record]) -> Truth:
    """What the written truth says of these articles."""
    companies, investments, candidates = {}, {}, {}
    for record in found:
        read = reading(record)
        for signal, item in zip(read.signals, record["signals"]):
            companies[signal.key], investments[signal.key] = item["company"], item["investment"]
            if item["candidates"]:
                candidates[signal.key] = tuple(item["candidates"])
        for news, item in zip(read.adverse, record["adverse"]):
            companies[news.key] = item["company"]
    return Truth(companies, investments, {record["url"]: record["story"] for record in found}, candidates)


def partitions(done: Settlement) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Companies, investments and stories of a settlement: member → group."""
    investments = {stated.signal_key: one.id for one in done.investments for stated in one.stated}
    return dict(done.mentions), investments, {url: story.id for story in done.stories for url in story.article_urls}


def _pairs(groups: Groups) -> set[tuple[str, str]]:
    members: dict[Hashable, list[str]] = defaultdict(list)
    for member, group in sorted(groups.items()):
        members[group].append(member)
    return {pair for group in members.values() for pair in combinations(group, 2)}


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return _share(2 * precision * recall, precision + recall)


def agreement(found: Groups, truth: Groups) -> Agreement:
    """Pairwise precision, recall, F1 and B³ over the members of the truth."""
    found = {member: found.get(member, f"alone {member}") for member in truth}
    ours, theirs = _pairs(found), _pairs(truth)
    precision, recall = _share(len(ours & theirs), len(ours)), _share(len(ours & theirs), len(theirs))
    by_ours: dict[Hashable, set[str]] = defaultdict(set)
    by_theirs: dict[Hashable, set[str]] = defaultdict(set)
    for member in truth:
        by_ours[found[member]].add(member)
        by_theirs[truth[member]].add(member)
    common = [(len(by_ours[found[m]] & by_theirs[truth[m]]), len(by_ours[found[m]]), len(by_theirs[truth[m]])) for m in sorted(truth)]
    b3_precision, b3_recall = (_share(sum(c[0] / c[n] for c in common), len(common)) for n in (1, 2))
    return Agreement(precision, recall, _f1(precision, recall), b3_precision, b3_recall, _f1(b3_precision, b3_recall), len(by_ours), len(by_theirs))


def differences(found: Groups, truth: Groups) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Pairs that were joined wrongly, and pairs that were not joined."""
    found = {member: found.get(member, f"alone {member}") for member in truth}
    ours, theirs = _pairs(found), _pairs(truth)
    return ours - theirs, theirs - ours
