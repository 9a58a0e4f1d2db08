"""One form of a text for reading, with the way back: every character knows where it stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Radicals that texts copied from PDF hold in place of characters and that NFKC does not fold (it folds the block U+2F00 itself).
_RADICALS = str.maketrans(
    "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⺮⻁⻙⻤",
    "母民西见角贝车长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟竹虎韦鬼",
)
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\r")
# Share prices that portals put into names: 某某(76.95,0.81,1.06%)股份.
_STOCK_QUOTE = re.compile(r"\(-?\d[\d.]{0,9},[+-]?\d[\d.]{0,9},[+-]?\d[\d.]{0,9}%\)")
_STOCK_CODE = re.compile(
    r"\((?:(?:证券|股票)代码[::]?)?(?:SH|SZ|BJ|HK|NASDAQ|NYSE|US)?[.::]?\d{3,6}(?:[.,](?:HK|SH|SZ|BJ|SS|US|TW))?\)|\((?:NASDAQ|NYSE|US)[.::][A-Z]{1,5}\)", re.IGNORECASE
)
_TRADITIONAL = frozenset("億資產業園區與電設廠萬擬擴簽約項動開發廣東達輛馬龍長門車貿營創條積體單飛機構債權買賣國際議會")


@dataclass(frozen=True, slots=True)
class CleanText:
    """``text`` is what rules read; ``at[i]`` is where its i-th character stood in ``raw`` (``at[len(text)]`` = len(raw)); ``codes`` are places of stock codes."""

    raw: str
    text: str
    at: list[int]
    codes: frozenset[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in ``raw`` of a piece of ``text``."""
        if end <= start:
            return self.at[start], self.at[start]
        return self.at[start], self.at[end - 1] + 1

    def as_written(self, start: int, end: int) -> str:
        """The characters of the raw text that stand behind a piece, without what was taken out between them."""
        last = -1
        out = []
        for position in self.at[start:end]:
            if position != last:
                out.append(self.raw[position])
            last = position
        return "".join(out)


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=8192)
def _simplified(char: str) -> str:
    out: str = _converter().convert(char)
    return out if len(out) == 1 else char


def clean(raw: str) -> CleanText:
    """Fold width, radicals and traditional characters, one for one where possible, and take share prices and stock codes out of names."""
    chars: list[str] = []
    at: list[int] = []
    traditional = sum(char in _TRADITIONAL for char in raw[:3000]) >= 3
    for position, char in enumerate(raw):
        if char in _INVISIBLE:
            continue
        if char > "\u007f":
            folded = unicodedata.normalize("NFKC", char).translate(_RADICALS)
            if traditional and "一" <= folded <= "鿿":
                folded = _simplified(folded)
            if len(folded) > 4 or "\ud800" <= char <= "\udfff":  # a sign that stands for a sentence (﷽), half a character: no firm is called so
                folded = "?"
        else:
            folded = " " if char < " " and char not in "\t\n" else char
        for one in folded:
            chars.append(one)
            at.append(position)
    text = "".join(chars)
    drop: list[tuple[int, int, bool]] = [(m.start(), m.end(), False) for m in _STOCK_QUOTE.finditer(text)]
    drop += [(m.start(), m.end(), True) for m in _STOCK_CODE.finditer(text)]
    if not drop:
        return CleanText(raw, text, [*at, len(raw)], frozenset())
    return _without(raw, text, at, sorted(drop))


def _without(raw: str, text: str, at: list[int], drop: list[tuple[int, int, bool]]) -> CleanText:
    kept: list[str] = []
    kept_at: list[int] = []
    codes: set[int] = set()
    position = 0
    for start, end, is_code in drop:
        if start < position:
            continue
        kept.append(text[position:start])
        kept_at.extend(at[position:start])
        if is_code:
            codes.add(len(kept_at))
        position = end
    kept.append(text[position:])
    kept_at.extend(at[position:])
    return CleanText(raw, "".join(kept), [*kept_at, len(raw)], frozenset(codes))
