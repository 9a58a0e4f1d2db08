"""Sums of money as Chinese texts write them: finding, reading, printing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from qingbao.model import Amount, Bound

# Nominal rates to CNY, so that the same text gives the same figure every day; the original amount is kept beside it.
RATES = {
    "CNY": 1.0, "USD": 7.0, "EUR": 7.8, "JPY": 0.055, "HKD": 0.9, "GBP": 9.0, "KRW": 0.0053, "TWD": 0.22, "SGD": 5.3, "AUD": 4.7, "CAD": 5.2,
    "CHF": 7.9, "RUB": 0.08, "THB": 0.2, "INR": 0.085, "VND": 0.00028, "MYR": 1.6, "BRL": 1.3,
}
_CURRENCY = {
    "人民币元": "CNY", "人民币": "CNY", "元人民币": "CNY", "元": "CNY", "块钱": "CNY", "美元": "USD", "美金": "USD", "欧元": "EUR", "日元": "JPY", "日圆": "JPY",
    "港元": "HKD", "港币": "HKD", "英镑": "GBP", "韩元": "KRW", "韩币": "KRW", "新台币": "TWD", "台币": "TWD", "新加坡元": "SGD", "新元": "SGD", "澳元": "AUD",
    "加元": "CAD", "瑞士法郎": "CHF", "卢布": "RUB", "泰铢": "THB", "卢比": "INR", "越南盾": "VND", "令吉": "MYR", "林吉特": "MYR", "雷亚尔": "BRL",
}
_UNIT = {"万亿": 1e8, "千亿": 1e7, "百亿": 1e6, "十亿": 1e5, "亿": 1e4, "千万": 1e3, "百万": 100.0, "十万": 10.0, "万": 1.0, "千": 0.1, "": 1e-4}
_MONEY = "|".join(sorted(_CURRENCY, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN = r"[零〇一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?"
_NUMBER = rf"(?:{_DIGITS}|{_HAN})"
_SCALE = r"万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千"
_LEAD = r"(?:人民币|RMB|US\$|HK\$|USD|CNY|EUR|[¥$€£])"
_BOUND = (
    (Bound.AT_MOST, r"不超过|不超|不高于|至多|最多|最高|上限为?|以内"),
    (Bound.MORE_THAN, r"超过|超出|超|逾|不低于|不少于|至少|高于|突破|多于|达到?逾|以上"),
    (Bound.ABOUT, r"大约|约为|约|近|将近|预计|左右|接近|上下"),
)
_BOUND_WORD = "|".join(words for _, words in _BOUND)
_SUM = re.compile(
    rf"(?P<lead>{_LEAD})?(?:(?P<low>{_NUMBER})(?P<lowunit>{_SCALE})?(?:{_MONEY})?(?:[-~—–～至到]|——)(?:{_LEAD})?)?"
    rf"(?P<number>{_NUMBER}|数十|数百|数千|数|几十|几百|几|上百|上千|上|近百|近千|百|千|)"
    rf"(?P<more>余|多|来|几)?个?(?:(?<=\d)[ \u00a0]{{1,2}}(?=[百千]?[万亿]))?(?P<unit>{_SCALE})?(?:(?<=亿)(?P<rest>{_NUMBER})(?P<restunit>千万|百万|万))?(?P<more2>余|多)?(?P<money>{_MONEY})?"
    r"(?P<tail>以上|以内|左右|人民币)?"
)
_VAGUE = re.compile(r"^(?:数|几|近百|近千|上百|上千)")
_NOT_MONEY = re.compile(r"吨|千瓦|度|立方|平方|人|辆|台|套|件|只|片|颗|亩|公里|米|瓦|次|户|头|部|股|份|粒|支|米|升|公斤|块|条|张|羽|枚|倍|个|家|箱|桶|瓶|千伏|像素|参数|Tokens?|t/|GW|MW|kW|Ah|股")
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_START = re.compile(rf"[\d零〇一二两三四五六七八九十百千数几上近¥$€£]|{_LEAD}|(?<=[超逾过近])(?:[十百千]?亿|千万)")


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """A sum in a text: ``start``–``end`` spans number, unit and currency; ``low_wan`` is the lower end of a range, whose upper end is the value.

    ``bare`` marks a sum without the word for the currency (12亿), which is money only where the words before it say so.
    """

    start: int
    end: int
    amount: Amount
    low_wan: float | None = None
    bare: bool = False


def parse_number(word: str) -> float | None:
    """A plain number in digits or Chinese numerals: 3,580.6 → 3580.6, 十二点五 → 12.5, 两千三百 → 2300; None if it is none."""
    word = word.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", word):
        return float(word)
    whole, _, fraction = word.partition("点")
    total, digit, seen = 0, 0, False
    for char in whole:
        if char in _DIGIT:
            digit, seen = _DIGIT[char], True
        elif char in "十百千":
            scale = {"十": 10, "百": 100, "千": 1000}[char]
            total += (digit if digit or seen else 1) * scale
            digit, seen = 0, False
        else:
            return None
    if not whole:
        return None
    value = float(total + digit)
    for place, char in enumerate(fraction, 1):
        if char not in _DIGIT:
            return None
        value += _DIGIT[char] * 10.0**-place
    return round(value, 6)


def _fold(text: str) -> str:
    """Full-width digits, points and signs as plain ones, one for one, so that offsets stay."""
    out = []
    for char in text:
        folded = unicodedata.normalize("NFKC", char) if char > "\u007f" else char
        out.append(folded if len(folded) == 1 else char)
    return re.sub(r"(?<=\d)[．。·](?=\d+(?:万|亿))", ".", "".join(out)).replace("，", ",")


def parse_amounts(text: str) -> list[FoundAmount]:
    """All sums of money of a text, in order, in linear time. Output figures and totals are here too: what a sum is for, the reader of signals decides.

    Ranges give the upper end (8亿元至10亿元 → 10亿元). 数亿元 and 近百亿元 have no value. 超亿元 is 1亿元, more than.
    """
    folded = _fold(text)
    found: list[FoundAmount] = []
    position = 0
    while (start := _START.search(folded, position)) is not None:
        match = _SUM.match(folded, start.start())
        hit = _read(text, folded, match) if match else None
        if hit is None:
            position = start.start() + 1
            # A run of digits that is no money is passed as a whole, so that a long one costs no more than its length.
            if folded[start.start()].isdigit():
                while position < len(folded) and folded[position].isdigit():
                    position += 1
            continue
        found.append(hit)
        position = max(hit.end, start.start() + 1)
    return found


def _read(raw: str, text: str, match: re.Match[str]) -> FoundAmount | None:
    number, unit, money = match["number"], match["unit"] or "", match["money"]
    if not money and not match["lead"] and unit not in {"万亿", "千亿", "百亿", "十亿", "亿", "千万", "万"}:
        return None
    if money is None and match["lead"] is None and (_NOT_MONEY.match(text, match.end()) or (unit in {"万", "千万"} and not number[:1].isdigit())):
        return None
    if text[match.end() : match.end() + 1] == "/":  # a price: 76.65元/股
        return None
    if (not number and not unit.endswith("亿") and unit != "千万") or (number in {"百", "千"} and not unit):
        return None
    if not number and not re.search(r"(?:超|逾|上|近|过)$", text[max(0, match.start() - 2) : match.start()]):
        return None
    if money is None and match["lead"] is None and unit == "万" and text[match.end() : match.end() + 1] not in {"的", ",", ""}:
        return None
    currency = _CURRENCY[money] if money else {"US$": "USD", "USD": "USD", "$": "USD", "HK$": "HKD", "€": "EUR", "EUR": "EUR", "£": "GBP"}.get(match["lead"] or "", "CNY")
    if match["lead"] == "人民币" or match["tail"] == "人民币":
        currency = "CNY"
    before = text[max(0, match.start() - 6) : match.start()]
    original = _value(number, unit, before)
    if original is not None and match["rest"]:
        original += (parse_number(match["rest"]) or 0.0) * _UNIT[match["restunit"]]
    low = None
    if match["low"] is not None:
        low_number = parse_number(match["low"])
        low = None if low_number is None else low_number * _UNIT[match["lowunit"] or unit] * RATES[currency]
    bound = _bound(before, match["tail"] or "", bool(match["more"] or match["more2"]) or not number or number == "上")
    rounded = None if original is None else round(original, 6)
    amount = Amount(
        text=raw[match.start() : match.end()], value_wan=None if rounded is None else round(rounded * RATES[currency], 6),
        currency=currency, original_wan=rounded, bound=bound,
    )
    return FoundAmount(match.start(), match.end(), amount, None if low is None else round(low, 6), money is None and match["lead"] is None)


def _value(number: str, unit: str, before: str) -> float | None:
    if number in {"", "上"}:
        return None if before.endswith("近") and unit != "亿" else _UNIT[unit]
    if _VAGUE.match(number) or (number in {"十", "百", "千"} and not re.search(r"[超逾过]$", before)):
        return None
    plain = parse_number(number)
    if plain is None or plain > 1e9:
        return None
    return plain * _UNIT[unit]


def _bound(before: str, tail: str, more: bool) -> Bound:
    for bound, words in _BOUND:
        if re.search(rf"(?:{words})(?:人民币|为|达|是)?$", before) or (tail and re.fullmatch(words, tail)):
            return bound
    return Bound.MORE_THAN if more else Bound.EXACT


def format_wan(value: float | None) -> str:
    """万元 as people write it: 120000 → "12亿元", 3580.6 → "3580.6万元"; unknown is an empty string."""
    if value is None:
        return ""
    if abs(value) >= 1e4:
        return f"{_plain(value / 1e4)}亿元"
    return f"{_plain(value)}万元"


def _plain(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
