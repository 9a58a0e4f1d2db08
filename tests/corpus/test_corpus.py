"""The corpus says only what its texts say."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SITE_TABLE = ROOT / "tests" / "signals" / "sites.tsv"


def _load_check() -> ModuleType:
    # corpus/ is data, no package: its checker is loaded by path
    spec = importlib.util.spec_from_file_location("corpus_check", ROOT / "corpus" / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check = _load_check()


def _record() -> dict[str, Any]:
    text = "6月3日，澄川重工与宜宾市签约，总投资12亿元建设轴承基地。"
    record: dict[str, Any] = {
        "id": "x1", "title": "", "text": text, "is_signal_doc": True, "adverse": [],
        "companies_optional": [], "companies_other": [], "orgs_not_investor": [],
        "signals": [{
            "company": "澄川重工", "company_short": [], "company_alt": [], "event_type": "投资签约", "event_type_alt": ["新建"],
            "amount_cny_wan": 120000.0, "amount_text": "总投资12亿元", "amount_unit": None, "currency": "CNY", "amount_orig_wan": 120000.0,
            "place": {"province": "四川省", "city": "宜宾市", "district": None}, "country": "中国", "stage": "signed",
            "evidence": text, "site": "fixed", "site_text": "与宜宾市签约",
        }],
    }
    record["title_mentions"] = []
    record["mentions"] = [{"start": 5, "end": 9, "role": "investor"}]
    return record


def test_corpus_has_no_faults() -> None:
    found, counts = check.check()
    assert found == []
    assert counts["signals"] > 100


def test_sound_record_passes() -> None:
    assert list(check.faults(_record())) == []


def _set(field: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(record: dict[str, Any]) -> None:
        record["signals"][0][field] = value
    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("company", "澄江重工"),
        _set("event_type", "签约"),
        _set("event_type_alt", ["建厂"]),
        _set("amount_cny_wan", 12.0),
        _set("amount_text", "总投资13亿元"),
        _set("amount_unit", "万元"),
        _set("evidence", "与宜宾市签订"),
        _set("site", "elsewhere"),
        _set("site", "none"),
        _set("site_text", "落户宜宾"),
        _set("stage", "done"),
        _set("place", {"province": None, "city": "宜宾市", "district": None}),
        _set("place", {"province": "四川", "city": "宜宾市", "district": None}),
        _set("country", "越南"),
        lambda record: record.update(is_signal_doc=False),
        lambda record: record.update(mentions=[]),
        lambda record: record.update(orgs_not_investor=["澄川重工"]),
        lambda record: record.update(companies_other=["远方公司"]),
        lambda record: record.update(adverse=[{"company": "澄川重工", "company_short": [], "kind": "坏消息", "evidence": "签约"}]),
    ],
)
def test_each_fault_is_found(change: Callable[[dict[str, Any]], None]) -> None:
    record = _record()
    change(record)
    assert list(check.faults(record)) != []


@pytest.mark.parametrize(
    ("words", "value", "currency"),
    [
        ("总投资约3.5亿元", 35000.0, "CNY"),
        ("12,000万元", 12000.0, "CNY"),
        ("１２亿元", 120000.0, "CNY"),
        ("超亿元", 10000.0, "CNY"),
        ("百亿元", 1000000.0, "CNY"),
        ("8亿元至10亿元", 100000.0, "CNY"),
        ("三十亿元", 300000.0, "CNY"),
        ("五点六亿元", 56000.0, "CNY"),
        ("1.2亿美元", 81600.0, "USD"),
        ("38亿日元", 22800.0, "JPY"),
        ("总投资（万元）：15800", 15800.0, "CNY"),
        ("数亿元", None, "CNY"),
        ("近百亿元", None, "CNY"),
    ],
)
def test_amount_of(words: str, value: float | None, currency: str) -> None:
    assert check.amount_of(words)[:2] == (value, currency)


def test_longest_name_is_the_mention() -> None:
    names = {"海澄": "other", "海澄电气": "investor"}
    found = check.find_mentions("海澄电气与海澄", names)
    assert found == [{"start": 0, "end": 4, "role": "investor"}, {"start": 5, "end": 7, "role": "other"}]


def test_site_table_is_sound() -> None:
    with SITE_TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) >= 120
    assert {row["site"] for row in rows} == set(check.SITES)
    assert len({row["sentence"] for row in rows}) == len(rows)
    for row in rows:
        assert row["company"] in row["sentence"], row
