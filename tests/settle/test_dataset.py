"""The written nights are sound: what their truth says stands in the texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
Record = dict[str, Any]


def _lines(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


OPEN = [record for path in sorted((HERE / "nights").glob("*.jsonl")) for record in _lines(path)]
HELD_OUT = _lines(HERE / "held_out.jsonl")
TRUTH = _lines(HERE / "truth.jsonl")
EVERY = OPEN + HELD_OUT


def test_size_and_share_of_the_held_out_part() -> None:
    assert len(EVERY) >= 150
    assert len({record["night"] for record in EVERY}) >= 10
    assert sum(len(record["signals"]) for record in EVERY) >= 300
    assert 0.3 <= len(HELD_OUT) / len(EVERY) <= 0.4


def test_nothing_is_shared_with_the_held_out_part() -> None:
    for field in ("company", "investment"):
        both = [{signal[field] for record in part for signal in record["signals"]} for part in (OPEN, HELD_OUT)]
        assert both[0] & both[1] == set()
    assert {record["story"] for record in OPEN} & {record["story"] for record in HELD_OUT} == set()


def test_addresses_are_unique() -> None:
    assert len({record["url"] for record in EVERY}) == len(EVERY)


@pytest.mark.parametrize("record", EVERY, ids=lambda record: record["url"])
def test_article_says_what_its_signals_say(record: Record) -> None:
    whole = record["title"] + "\n" + record["text"]
    companies = {line["id"] for line in TRUTH if line["kind"] == "company"}
    owner = {line["id"]: line["company"] for line in TRUTH if line["kind"] == "investment"}
    for item in (*record["signals"], *record["adverse"]):
        assert item["mention"] in whole
        assert item["quote"] in whole
    for signal in record["signals"]:
        assert all(name in whole for name in signal["names"])
        assert signal["amount_text"] is None or signal["amount_text"] in whole
        assert set(signal["candidates"]) <= companies
        if signal["company"].startswith("?"):
            assert signal["investment"].startswith("?")
        else:
            assert signal["company"] in companies
            assert owner[signal["investment"]] == signal["company"]


def test_parents_are_known() -> None:
    companies = {line["id"] for line in TRUTH if line["kind"] == "company"}
    assert {line["parent"] for line in TRUTH if line["kind"] == "company" and line["parent"]} <= companies
