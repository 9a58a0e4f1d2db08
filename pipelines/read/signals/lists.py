"""Lists of names that a reading may lean on: the shipped one of well-known groups, and the user's own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.read.signals import words
from qingbao.errors import UsageError

NAME_COLUMNS = ("name", "企业名称", "公司名称", "单位名称", "公司全称", "证券全称", "全称", "名称", "full_name", "company")
SHORT_COLUMNS = ("short_name", "简称", "证券简称", "股票简称", "公司简称", "short")


@dataclass(frozen=True)
class NameLists:
    """Known names by their first two characters. ``full_of`` gives the full name of a short one where a list row states it."""

    heads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    full_of: dict[str, str] = field(default_factory=dict)
    common: frozenset[str] = frozenset()  # listed names that are everyday words too (机器人): only with a stock code or as a headline's subject

    @classmethod
    def load(cls, csv_paths: Sequence[Path] = ()) -> NameLists:
        """The shipped list and every name column of the given files; headers may be Chinese or English.

        Raises ``UsageError`` with the file's name if it cannot be read or has no column of names.
        """
        pairs = list(_shipped())
        for path in csv_paths:
            pairs += _rows_of(Path(path))
        return cls.of(pairs)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> NameLists:
        """From (full name, short name) pairs; either may be empty."""
        names: set[str] = set()
        everyday: set[str] = set()
        full_of: dict[str, str] = {}
        shipped = set(_shipped())
        for full, short in pairs:
            is_shipped = (full, short) in shipped
            full, short = full.strip().replace("（", "(").replace("）", ")"), short.strip()
            for name in (full, short):
                plain = re.sub(r"^\*?(?:ST|XD|XR|DR|N|C)(?=[一-龥])|-[A-Z]{1,2}$", "", name)
                if len(plain) >= 2:
                    names.add(plain)
                if len(plain) == 2 and words.known(plain) and not is_shipped:
                    everyday.add(plain)
            if full and short and full != short:
                full_of[short] = full
        common = everyday | {n for n in names if len(n) <= 4 and words.usual(n) and not re.search(r"[A-Za-z]", n)}
        heads: dict[str, list[str]] = {}
        for name in sorted(names, key=lambda n: (-len(n), n)):
            heads.setdefault(name[:2], []).append(name)
        return cls({h: tuple(v) for h, v in heads.items()}, full_of, frozenset(common))

    def plus(self, names: Iterable[str]) -> NameLists:
        """These lists and further names."""
        heads = {h: list(v) for h, v in self.heads.items()}
        for name in names:
            if len(name) >= 2 and name not in heads.get(name[:2], ()):
                heads.setdefault(name[:2], []).append(name)
        return NameLists({h: tuple(sorted(v, key=lambda n: (-len(n), n))) for h, v in heads.items()}, self.full_of, self.common)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Known names in a text, the longest at each place, without overlaps."""
        position, last = 0, len(text) - 1
        while position < last:
            for name in self.heads.get(text[position : position + 2], ()):
                if text.startswith(name, position):
                    yield position, position + len(name), name
                    position += len(name) - 1
                    break
            position += 1

    def __contains__(self, name: str) -> bool:
        return name in self.heads.get(name[:2], ())


def _shipped() -> Iterator[tuple[str, str]]:
    for line in words.lines("well_known.txt"):
        for name in line.split("|"):  # names of one group, some of different firms in it: they are never merged for standing in one row
            yield "", name


def _rows_of(path: Path) -> list[tuple[str, str]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}：读不了这个名单文件（{error.strerror}）") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UsageError(f"{path}：不是 UTF-8 或 GBK 编码的文本")
    reader = csv.DictReader(io.StringIO(text))
    header = [h.strip() for h in reader.fieldnames or []]
    name_column = next((h for h in NAME_COLUMNS if h in header), None)
    short_column = next((h for h in SHORT_COLUMNS if h in header), None)
    if name_column is None and short_column is None:
        raise UsageError(f"{path}：没有名称列（需要“企业名称”或“name”，简称列“简称”或“short_name”）")
    out = []
    for row in reader:
        clean_row = {(k or "").strip(): (v or "") if isinstance(v, str) else "" for k, v in row.items()}
        out.append((clean_row.get(name_column or "", ""), clean_row.get(short_column or "", "")))
    return out
