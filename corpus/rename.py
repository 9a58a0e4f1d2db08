"""The texts of the corpus with other names in them: what surrounds a name teaches more when many names have stood there."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from pipelines.read.signals import words

# Characters that Chinese brands are commonly made of (general knowledge; two to four of them drawn at random sound like a firm).
BRAND_CHARACTERS = (
    "华信德力天宏泰盛恒新海国中东金安科通达利源丰瑞康福佳美特凯航宇光明星联合创立远大长江河山岳岭鼎正方圆亿万千百顺兴隆昌荣威诺尔士迪奥博雅卓越欧亚太和平永久广智慧锐精诚志成元亨晶晨芯微纳米能动极云图影像网易"
)
_BRAND = re.compile(r"[一-龥]{2,4}")
_MARKS = (("mentions", "text"), ("title_mentions", "title"))
# Shares of drawn brands that are made of brand characters, and that are well-known ones; the rest are those of other texts. Names that stay: one in ten.
MADE, KNOWN, KEPT = 0.45, 0.2, 0.1


def brands_of(item: dict[str, Any]) -> list[str]:
    """The bare brands of a text, those that hold no other one, sorted."""
    named = {item[text][m["start"] : m["end"]] for marks, text in _MARKS for m in item[marks]}
    bare = {name for name in named if _BRAND.fullmatch(name)}
    return sorted(b for b in bare if not any(other != b and other in b for other in bare))


class Renamer:
    """Draws names for texts; the same seed draws the same names."""

    def __init__(self, items: Sequence[dict[str, Any]], seed: int) -> None:
        self._chance = random.Random(seed)
        self._known = sorted({name for line in words.lines("well_known.txt") for name in re.split(r"[\t ,、|]+", line) if _BRAND.fullmatch(name)})
        self._others = [brand for item in items for brand in brands_of(item)]

    def rename(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """The text with other brands of the same lengths, so that all spans stay where they are. None where no bare brand is named."""
        brands = brands_of(item)
        if not brands:
            return None
        new = {brand: self._draw(len(brand)) for brand in brands if self._chance.random() >= KEPT}
        out = dict(item)
        for marks, text in _MARKS:
            characters = list(item[text])
            for mark in item[marks]:
                name = item[text][mark["start"] : mark["end"]]
                inside = next((brand for brand in new if brand in name), None)
                if inside is not None:
                    at = mark["start"] + name.index(inside)
                    characters[at : at + len(inside)] = new[inside]
            out[text] = "".join(characters)
        return out

    def _draw(self, size: int) -> str:
        drawn = self._chance.random()
        if drawn < MADE:
            return "".join(self._chance.choice(BRAND_CHARACTERS) for _ in range(size))
        names = [name for name in (self._known if drawn < MADE + KNOWN else self._others) if len(name) == size]
        return self._chance.choice(names)
