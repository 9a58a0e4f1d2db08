"""判断 and 备注 read back from a table: the workbook or a csv saved by Excel, also sorted, filtered or extended."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from qingbao.errors import CannotWork, ConfigError
from qingbao.keys import random_id
from qingbao.list_files import decode_text, fold_header, guess_separator
from qingbao.model import Verdict
from reports.cells import one_line, plain
from reports.columns import JUDGEMENT_HEADER, JUDGEMENTS, NOTE_HEADER
from reports.csv_file import ID_HEADER
from reports.rows import filled_mark, parse_row_id

MAX_BYTES = 64 * 1024 * 1024
MAX_UNPACKED = 512 * 1024 * 1024
MAX_ROWS = 200_000
MAX_PROBLEMS = 50
MAX_NOTE = 2000
HEADER_ROWS = 20  # staff may write a title above the header
# What staff write instead of the word of the list.
SYNONYMS = {"联系": "已联系", "已对接": "已联系", "洽谈": "在谈", "在洽谈": "在谈", "洽谈中": "在谈", "在谈中": "在谈", "不合格": "不合适", "不适合": "不合适"}
_HOW = "请使用系统生成的 xlsx 或 csv，并保留“系统编号”“判断”“备注”三列（系统编号在 xlsx 中是隐藏列）"


@dataclass(frozen=True, slots=True)
class VerdictFile:
    """What a table says: verdicts in its order, and notices for people."""

    verdicts: tuple[Verdict, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    where: str  # file and sheet
    rows: Iterable[tuple[int, Sequence[str]]]  # number as people count, cells


@dataclass(frozen=True, slots=True)
class _Line:
    where: str
    park: str
    company_id: str
    run_id: str | None
    judgement: str | None
    note: str | None


def read_verdicts(path: Path, *, at: datetime, actor: str | None = None, unit: str | None = None) -> VerdictFile:
    """The verdicts of a table; rows whose two cells stand as the system wrote them are no statement.

    ``at`` is the moment of reading (aware). A row twice in a file with the same words counts once, with different ones it is a mistake.
    Raises ``ConfigError`` with every mistake (file, row, column); then nothing is taken.
    """
    problems: list[str] = []
    notices: list[str] = []
    lines: dict[tuple[str, str], _Line] = {}
    found = 0
    for table in _tables(path):
        header = _header(table, path)
        if header is None:
            continue
        found += 1
        for line in _lines(header[0], header[1], problems, notices):
            before = lines.setdefault((line.park, line.company_id), line)
            if (before.judgement, before.note) != (line.judgement, line.note):
                problems.append(f"{line.where}: 与 {before.where} 是同一家企业，但判断或备注不同；请只保留一行")
    if not found:
        raise ConfigError([f"{path}: 没有找到带“{ID_HEADER}”和“{JUDGEMENT_HEADER}”列的表；{_HOW}"])
    if problems:
        more = len(problems) - MAX_PROBLEMS
        raise ConfigError(problems[:MAX_PROBLEMS] + ([f"{path}: 另有 {more} 处错误"] if more > 0 else []))
    return VerdictFile(tuple(_verdict(line, path, at, actor, unit) for line in lines.values()), tuple(notices))


def _verdict(line: _Line, path: Path, at: datetime, actor: str | None, unit: str | None) -> Verdict:
    return Verdict(
        id=random_id("v"), park=line.park, company_id=line.company_id, judgement=line.judgement, note=line.note, actor=actor, unit=unit,
        at=at, source_file=path.name, run_id=line.run_id,
    )


def _tables(path: Path) -> Iterator[_Table]:
    try:
        size = path.stat().st_size
        head = path.read_bytes()[:8] if size <= MAX_BYTES else b""
    except OSError as error:
        raise CannotWork(f"{path}: 读不了文件（{error.strerror}）") from error
    if size > MAX_BYTES:
        raise ConfigError([f"{path}: 文件超过 {MAX_BYTES // 1024 // 1024} MB"])
    if head.startswith(b"PK\x03\x04"):
        yield from _workbook(path)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ConfigError([f"{path}: 是旧版 .xls 或加了密码的工作簿；请去掉密码，另存为 .xlsx 或 CSV"])
    else:
        text = decode_text(path.read_bytes(), str(path))
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=guess_separator(text))
        yield _Table(str(path), _csv_rows(reader, path))


def _csv_rows(reader: Iterator[list[str]], path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        raise ConfigError([f"{path}: 不是有效的 CSV（{error}）；请检查引号是否成对"]) from error


def _workbook(path: Path) -> Iterator[_Table]:
    from openpyxl import load_workbook

    with _readable(path):
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > MAX_UNPACKED:
            raise ConfigError([f"{path}: 工作簿展开后过大（{unpacked // 1024 // 1024} MB）"])
        book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            # Some programs write a wrong extent; without it all rows are read.
            sheet.reset_dimensions()
            yield _Table(f"{path} 表“{sheet.title}”", _sheet_rows(sheet, path))
    finally:
        book.close()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """A broken workbook makes openpyxl raise whatever it stumbles over: for people it is one mistake."""
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:
        raise ConfigError([f"{path}: 打不开这个工作簿（{one_line(str(error), 80)}）；请用 Excel 打开后另存一份再试"]) from error


def _sheet_rows(sheet: Any, path: Path) -> list[tuple[int, Sequence[str]]]:
    with _readable(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of data bars and other ornaments that it leaves out
        return [(number, [_words(cell) for cell in cells]) for number, cells in enumerate(sheet.iter_rows(values_only=True, max_row=MAX_ROWS), 1)]


def _words(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _header(table: _Table, path: Path) -> tuple[_Table, dict[str, int]] | None:
    """The rows below the header and where its columns stand; None for a sheet that is no list of ours (坏消息, 说明 …)."""
    rows = iter(table.rows)
    wanted = {fold_header(ID_HEADER): ID_HEADER, fold_header(JUDGEMENT_HEADER): JUDGEMENT_HEADER, fold_header(NOTE_HEADER): NOTE_HEADER,
              "企业名称": "企业名称"}
    for _, (number, cells) in zip(range(HEADER_ROWS), rows):
        columns: dict[str, int] = {}
        for position, cell in enumerate(cells):
            name = wanted.get(fold_header(cell))
            if name is not None:
                columns.setdefault(name, position)
        if JUDGEMENT_HEADER in columns:
            if ID_HEADER not in columns:
                raise ConfigError([f"{table.where} 第 {number} 行: 缺少“{ID_HEADER}”列，无法知道是哪家企业；{_HOW}"])
            return _Table(table.where, rows), columns
    return None


def _lines(table: _Table, columns: dict[str, int], problems: list[str], notices: list[str]) -> Iterator[_Line]:
    for number, cells in table.rows:
        def cell(header: str, cells: Sequence[str] = cells) -> str:
            position = columns.get(header)
            text = cells[position].strip() if position is not None and position < len(cells) else ""
            return text[1:] if text[:2] in {"'=", "'+", "'-", "'@"} else text

        judgement, note, row_id = one_line(cell(JUDGEMENT_HEADER), 40), plain(cell(NOTE_HEADER), MAX_NOTE), cell(ID_HEADER)
        where = f"{table.where} 第 {number} 行"
        company = one_line(cell("企业名称"), 40)
        if not row_id:
            # A row that staff added themselves. Without words it says nothing; with words they would be lost silently.
            if judgement or note:
                problems.append(f"{where}: {company or '这一行'}有判断或备注，但没有“{ID_HEADER}”；自己添加的企业请写入 lists/ 中的名单，"
                                "或从原表复制整行")
            continue
        known = parse_row_id(row_id)
        if known is None:
            problems.append(f"{where}，“{ID_HEADER}”列: “{one_line(row_id, 40)}”已被改动；请从原表恢复这一格")
            continue
        word = SYNONYMS.get(judgement, judgement)
        if word and word not in JUDGEMENTS:
            problems.append(f"{where}，“{JUDGEMENT_HEADER}”列: “{one_line(judgement, 20)}”不是可选的判断；应为 {'、'.join(JUDGEMENTS)} 或留空")
            continue
        if filled_mark(word, note) != known[3]:
            yield _Line(where, known[0], known[1], known[2], word or None, note or None)
