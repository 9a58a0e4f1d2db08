"""Check the annotated texts of the corpus: every field must follow from the text itself.

Run as ``python corpus/check.py``: one line for each fault, exit 1 if there is any, else a line of counts.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILES = ("sentences.jsonl", "documents.jsonl", *sorted(path.name for path in HERE.glob("s[0-9]*-documents.jsonl")))

EVENT_TYPES = frozenset(
    [
        "投资签约", "新建", "扩产", "开工", "投产", "竞得土地", "融资", "上市", "设立子公司", "总部落户", "产能转移", "战略合作",
        "中标", "环评公示", "招聘", "增资并购",
    ]
)
ADVERSE_TYPES = frozenset(["终止", "否认", "关停", "裁员", "处罚", "纠纷", "破产", "退市"])
STAGES = frozenset(["planned", "signed", "approved", "land", "started", "building", "producing", "landed", "completed", "recruiting"])
SITES = frozenset({"open", "leaving", "fixed", "none"})
# Nominal rates of the annotation rules (USD, EUR, JPY); the others are of the same kind: one round figure for all years.
RATES = {"CNY": 1.0, "USD": 6.8, "EUR": 8.2, "JPY": 0.06, "HKD": 0.88, "GBP": 8.8, "KRW": 0.0055, "SGD": 5.0, "TWD": 0.22}
CURRENCIES = {
    "美元": "USD", "美金": "USD", "欧元": "EUR", "日元": "JPY", "港元": "HKD", "港币": "HKD", "英镑": "GBP", "韩元": "KRW",
    "新加坡元": "SGD", "新台币": "TWD",
}
# No municipality, but its "city" repeats the province: 上海市/上海市/嘉定区.
MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市")
VAGUE = re.compile(r"数[十百千万亿]|近百亿|近千亿|近十亿|几[十百千万亿]")
RANGE = re.compile(r"[-—~–至到]")
NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?|[零一二两三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?)?(万亿|百亿|千万|百万|亿|万)?")
DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}


def chinese_number(words: str) -> float:
    """Value of a Chinese numeral below 1,000 (三十六, 一点五)."""
    whole, _, decimals = words.partition("点")
    total = digit = 0
    for char in whole:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = DIGITS[char]
    fraction = float("0." + "".join(str(DIGITS[char]) for char in decimals)) if decimals else 0.0
    return total + digit + fraction


def amount_of(words: str) -> tuple[float | None, str, float | None]:
    """What an ``amount_text`` says: (万元 CNY, currency, 万 of that currency); a range counts with its upper end, a vague one is None.

    >>> amount_of("总投资约3.5亿元")
    (35000.0, 'CNY', 35000.0)
    """
    text = unicodedata.normalize("NFKC", words).replace(" ", "")
    currency = next((code for name, code in CURRENCIES.items() if name in text), "CNY")
    if VAGUE.search(text):
        return None, currency, None
    # a labelled cell: 总投资（万元）：15800
    cell = re.search(r"\((亿|万)元?(?:人民币)?\)[^\d]*([\d.,]+)$", text)
    if cell:
        text = cell.group(2) + cell.group(1)
    found = [match for match in NUMBER.finditer(text) if match.group(0)]
    scales = {"万亿": 1e8, "百亿": 1e6, "千万": 1e3, "百万": 100.0, "亿": 1e4, "万": 1.0, None: 1e-4}
    values = []
    for match in found:
        digits, unit = match.groups()
        if digits is None and unit is None:
            continue
        number = 1.0 if digits is None else (
            float(digits.replace(",", "")) if digits[0].isdigit() else chinese_number(digits)
        )
        values.append(number * scales[unit])
    if not values:
        return None, currency, None
    original = round(max(values) if RANGE.search(text) else values[-1], 6)
    return round(original * RATES[currency], 4), currency, original


def names_of(record: Mapping[str, Any]) -> dict[str, str]:
    """Every company name of a record with its role: investor, optional, adverse or other (a business without a signal)."""
    names: dict[str, str] = {}
    groups: list[tuple[str, Sequence[str]]] = []
    for signal in record["signals"]:
        groups.append(("investor", [signal["company"], *signal["company_short"], *signal["company_alt"]]))
    groups.append(("adverse", [name for item in record["adverse"] for name in (item["company"], *item["company_short"])]))
    groups.append(("optional", record["companies_optional"]))
    groups.append(("other", record["companies_other"]))
    for role, group in groups:
        for name in group:
            names.setdefault(name, role)
    return names


def find_mentions(text: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Where the names stand in a text, longest name first, none inside another: ``{start, end, role}`` in code points."""
    taken = [False] * len(text)
    found = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if not any(taken[start:end]):
                taken[start:end] = [True] * len(name)
                found.append({"start": start, "end": end, "role": names[name]})
            start = text.find(name, start + 1)
    return sorted(found, key=lambda item: int(item["start"]))


def _signal_faults(signal: Mapping[str, Any], whole: str, text: str) -> Iterator[str]:
    for name in (signal["company"], *signal["company_short"], *signal["company_alt"]):
        if name not in whole:
            yield f"name not in text: {name}"
    # a Latin name is longer than the Chinese one that says the same
    shorts = [name for name in signal["company_short"] if not name.isascii()]
    if signal["company"] in signal["company_short"] or any(len(name) > len(signal["company"]) for name in shorts):
        yield f"company is not the longest form: {signal['company']}"
    for event in (signal["event_type"], *signal["event_type_alt"]):
        if event not in EVENT_TYPES:
            yield f"unknown event type {event}"
    if signal["stage"] not in STAGES:
        yield f"unknown stage {signal['stage']}"
    if signal["site"] not in SITES:
        yield f"unknown site {signal['site']}"
    if signal["evidence"] not in whole:
        yield f"evidence not in text: {signal['evidence'][:30]}"
    if signal["site_text"] is not None and signal["site_text"] not in whole:
        yield f"site_text not in text: {signal['site_text'][:30]}"
    if (signal["site_text"] is None) != (signal["site"] == "none"):
        yield f"site_text and site {signal['site']} do not agree"
    yield from _amount_faults(signal, whole)
    yield from _place_faults(signal)


def _amount_faults(signal: Mapping[str, Any], whole: str) -> Iterator[str]:
    words = signal["amount_text"]
    if words is None:
        if signal["amount_cny_wan"] is not None:
            yield "amount without its text"
        return
    if words not in whole:
        yield f"amount_text not in text: {words}"
    unit = signal["amount_unit"] or ""  # of a table cell, as its column's head says
    if unit not in whole:
        yield f"amount_unit not in text: {unit}"
    value, currency, original = amount_of(words + unit)
    if (signal["amount_cny_wan"], signal["currency"], signal["amount_orig_wan"]) != (value, currency, original):
        yield f"amount {signal['amount_cny_wan']} is not that of {words}: {value}"


def _place_faults(signal: Mapping[str, Any]) -> Iterator[str]:
    place = signal["place"]
    province, city, district = place["province"], place["city"], place["district"]
    if signal["country"] != "中国" and (province or city or district):
        yield "a place in China, but the country is abroad"
    if (city and not province) or (district and not city):
        yield f"upper level missing: {place}"
    if province and not re.search(r"(省|市|自治区|特别行政区)$", province):
        yield f"province without suffix: {province}"
    if city and not re.search(r"(市|州|盟|地区|县)$", city):
        yield f"city without suffix: {city}"
    if province in MUNICIPALITIES and city != province:
        yield f"municipality: {place}"


def faults(record: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one record, in words."""
    text, whole = record["text"], record["title"] + "\n" + record["text"]
    if record["is_signal_doc"] != bool(record["signals"]):
        yield "is_signal_doc and signals do not agree"
    for signal in record["signals"]:
        yield from _signal_faults(signal, whole, text)
    for item in record["adverse"]:
        if item["kind"] not in ADVERSE_TYPES:
            yield f"unknown adverse kind {item['kind']}"
        if item["company"] not in whole or item["evidence"] not in whole:
            yield f"adverse not in text: {item['company']}"
    for group in ("orgs_not_investor", "companies_optional", "companies_other"):
        for name in record[group]:
            if name not in whole:
                yield f"{group}: not in text: {name}"
    investors = {name for signal in record["signals"] for name in (signal["company"], *signal["company_short"], *signal["company_alt"])}
    for name in investors & set(record["orgs_not_investor"]):
        yield f"investor and not investor: {name}"
    names = names_of(record)
    for where, words in (("title_mentions", record["title"]), ("mentions", text)):
        if record[where] != find_mentions(words, names):
            yield f"{where} are not those of the names"


def read_records(path: Path) -> list[dict[str, Any]]:
    """The records of a file of the corpus."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def check(folder: Path = HERE) -> tuple[list[str], Counter[str]]:
    """All faults of the corpus, and counts of what is in it."""
    found: list[str] = []
    counts: Counter[str] = Counter()
    ids: set[str] = set()
    texts: set[str] = set()
    for name in FILES:
        for record in read_records(folder / name):
            counts[name] += 1
            counts[f"{name} without signal"] += not record["is_signal_doc"]
            if record["id"] in ids:
                found.append(f"{record['id']}: id twice")
            if record["text"] in texts:
                found.append(f"{record['id']}: text twice")
            ids.add(record["id"])
            texts.add(record["text"])
            found += [f"{record['id']}: {fault}" for fault in faults(record)]
            for signal in record["signals"]:
                counts["signals"] += 1
                counts[f"event {signal['event_type']}"] += 1
                counts[f"site {signal['site']}"] += 1
                counts["amounts"] += signal["amount_text"] is not None
            counts["adverse"] += len(record["adverse"])
            counts["mentions"] += len(record["mentions"]) + len(record["title_mentions"])
    return found, counts


if __name__ == "__main__":
    problems, totals = check()
    print("\n".join(problems) or "  ".join(f"{key} {value}" for key, value in totals.items()))
    sys.exit(1 if problems else 0)
