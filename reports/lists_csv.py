"""A list written back as a cleaned csv file: UTF-8 with byte order mark, Chinese headers, only the columns that are filled."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from qingbao.list_files import HEADERS, ListRow
from reports.files import write_bytes


def list_bytes(rows: Sequence[ListRow]) -> bytes:
    """The file's content; ``parse_list`` of it gives the same rows."""
    columns = [column for column in HEADERS if column == "name" or any(getattr(row, column) is not None for row in rows)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADERS[column][0] for column in columns)
    for row in rows:
        writer.writerow(_cell(getattr(row, column)) for column in columns)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: str | int | date | None) -> str:
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def write_list(path: Path, rows: Sequence[ListRow]) -> None:
    """Write ``rows`` to ``path``, whole or not at all."""
    write_bytes(path, list_bytes(rows))
