"""Reading the office's lists ``lists/KIND/NAME.csv`` as people and Chinese Excel save them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from qingbao.errors import CannotWork, ConfigError

KINDS = ("targets", "residents", "talks", "watch", "profiles")
MAX_BYTES = 64 * 1024 * 1024
MAX_PROBLEMS = 50

# Column → headers that mean it, folded; the first Chinese word is the one that messages use.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("企业名称", "name", "公司名称", "单位名称", "企业", "公司", "公司全称", "企业全称", "company"),
    "short_name": ("简称", "short_name", "企业简称", "公司简称", "证券简称", "股票简称"),
    "stock_code": ("证券代码", "stock_code", "股票代码", "代码"),
    "year": ("年份", "year", "年度"),
    "issuer": ("发布单位", "issuer", "发布机构"),
    "seat": ("所在地", "seat", "注册地", "总部所在地", "地址", "注册地址"),
    "website": ("官网", "website", "网址", "公司网址"),
    "phone": ("公开总机", "phone", "总机"),
    "scope": ("经营范围", "scope"),
    "business": ("主营业务", "business"),
    "intro": ("简介", "intro", "企业简介", "公司简介"),
    "unit": ("单位", "unit", "分派单位", "跟进单位"),
    "since": ("起始", "since", "起始日期", "开始日期"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One company of a list; ``line`` is the file's line where it stands."""

    name: str
    short_name: str | None = None
    stock_code: str | None = None  # as written: leading zeros are kept
    year: int | None = None
    issuer: str | None = None
    seat: str | None = None
    website: str | None = None
    phone: str | None = None
    scope: str | None = None
    business: str | None = None
    intro: str | None = None
    unit: str | None = None
    since: date | None = None
    list_name: str = ""  # the file's name without .csv; filled in by the records
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list as read: ``notices`` are Chinese sentences about what was passed over."""

    path: Path
    rows: tuple[ListRow, ...]
    notices: tuple[str, ...] = ()


def decode_text(data: bytes, where: str) -> str:
    """Text of a file saved as UTF-8 (with or without BOM), UTF-16 with BOM, GBK or GB 18030; else ``ConfigError``."""
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ConfigError([f"{where}: 这是 Excel 工作簿，不是 CSV；请在 Excel 中“另存为”→“CSV UTF-8（逗号分隔）”"])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise ConfigError([f"{where}: 无法识别的编码；请保存为 UTF-8 或 GBK（GB 18030）"])


def guess_separator(text: str) -> str:
    """The separator of the first line that is not empty: comma, semicolon or tab, whichever stands there most often."""
    for line in text.splitlines():
        if line.strip(" \t,;，；"):
            return max(",;\t", key=line.count)
    return ","


def fold_header(text: str) -> str:
    """A header as it is compared: width folded, no white space, lower case, without a remark in brackets."""
    folded = "".join(unicodedata.normalize("NFKC", text).split()).lower().lstrip("\ufeff")
    return folded.partition("(")[0]


def parse_day(text: str) -> date | None:
    """A day as people write it (2026-05-01, 2026/5/1, 2026.5, 2026年5月1日, 20260501); a missing day is the first; None: no day."""
    folded = unicodedata.normalize("NFKC", text).strip()
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?[日月]?(?:[ T]00?:00(?::00)?)?", folded) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", folded
    )
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None


def _columns(header: Sequence[str], where: str) -> tuple[dict[int, str], list[str], list[str]]:
    """Position → column, problems, notices."""
    meaning = {fold_header(word): column for column, words in HEADERS.items() for word in words}
    columns: dict[int, str] = {}
    problems, unknown = [], []
    for position, cell in enumerate(header):
        column = meaning.get(fold_header(cell))
        if column is None:
            if cell.strip():
                unknown.append(cell.strip()[:20])
        elif column in columns.values():
            problems.append(f"{where}，第 {position + 1} 列: “{cell.strip()[:20]}”与前面的列重复；请只保留一列“{HEADERS[column][0]}”")
        else:
            columns[position] = column
    if "name" not in columns.values():
        found = "、".join(cell.strip()[:20] for cell in header if cell.strip()) or "空行"
        problems.append(f"{where}: 缺少“企业名称”列（表头是：{found[:120]}）；第一行应为表头，例如 企业名称,证券代码,年份")
    notices = [f"{where}: 不认识的列未读入：{'、'.join(unknown)[:200]}"] if unknown else []
    return columns, problems, notices


def _cell(column: str, text: str) -> tuple[str | int | date | None, str | None]:
    """The value of one cell and, where it cannot be read, what is expected."""
    if column == "year":
        match = re.fullmatch(r"((?:19|20)\d{2})(?:\.0)?年?(?:度)?", unicodedata.normalize("NFKC", text))
        return (int(match[1]), None) if match else (None, "应为四位年份，例如 2025")
    if column == "since":
        day = parse_day(text)
        return (day, None) if day else (None, "应为日期，例如 2026-05-01")
    if column == "stock_code" and re.search(r"\d[eE]\+?\d", text):
        return None, "代码被 Excel 变成了科学计数；请把该列设为“文本”后重新填写"
    if column == "name" and ("\ufffd" in text or not any(c.isalnum() for c in text)):
        return None, "不是企业名称，或含有乱码"
    return text, None


def read_list(path: Path) -> ListFile:
    """The companies of one list file; all mistakes together as ``ConfigError`` with file, line and column, nothing half read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError([f"{path}: 文件超过 {MAX_BYTES // 1024 // 1024} MB；请拆分"])
        data = path.read_bytes()
    except OSError as error:
        raise CannotWork(f"{path}: 读不了文件（{error.strerror}）") from error
    return parse_list(data, path)


def parse_list(data: bytes, path: Path) -> ListFile:
    """Like ``read_list`` for bytes; ``path`` is for the messages."""
    where = str(path)
    text = decode_text(data, where)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=guess_separator(text), strict=False)
    columns: dict[int, str] | None = None
    problems: list[str] = []
    notices: list[str] = []
    rows: list[ListRow] = []
    seen: set[ListRow] = set()
    line = 0
    try:
        for cells in reader:
            first_line, line = line + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns, problems, notices = _columns(cells, f"{where} 第 {first_line} 行")
                if problems:
                    break
                continue
            row = _row(columns, cells, where, first_line, problems)
            if row is not None and row not in seen:
                seen.add(row)
                rows.append(row)
            elif row is not None:
                notices.append(f"{where} 第 {first_line} 行: 与前面的行相同，已略过（{row.name[:30]}）")
    except csv.Error as error:
        problems.append(f"{where} 第 {reader.line_num} 行: 不是有效的 CSV（{error}）；请检查引号是否成对")
    if columns is None and not problems:
        problems.append(f"{where}: 文件是空的；第一行应为表头，例如 企业名称,证券代码,年份")
    if problems:
        more = len(problems) - MAX_PROBLEMS
        raise ConfigError(problems[:MAX_PROBLEMS] + ([f"{where}: 另有 {more} 处同类问题"] if more > 0 else []))
    return ListFile(path, tuple(rows), tuple(notices))


def _row(columns: Mapping[int, str], cells: Sequence[str], where: str, line: int, problems: list[str]) -> ListRow | None:
    values: dict[str, str | int | date | None] = {}
    before = len(problems)
    for position, column in columns.items():
        text = cells[position].strip().lstrip("\ufeff") if position < len(cells) else ""
        # A table exported for Excel carries ' before + - = @, or ="000123" to keep zeros.
        if formula := re.fullmatch(r'="([^"]*)"', text):
            text = formula[1]
        text = text[1:] if re.match(r"'[=+\-@0-9]", text) else text
        if text:
            values[column], expected = _cell(column, text)
            if expected:
                problems.append(f"{where} 第 {line} 行，第 {position + 1} 列“{HEADERS[column][0]}”: “{text[:30]}” {expected}")
    if "name" not in values and len(problems) == before:
        problems.append(f"{where} 第 {line} 行: 缺少企业名称")
    if len(problems) > before:
        return None
    return ListRow(**values, line=line)  # type: ignore[arg-type]
