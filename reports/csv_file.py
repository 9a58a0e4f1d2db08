"""The table as one csv file that Chinese Excel opens with a double click."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from reports.cells import one_line
from reports.files import write_bytes
from reports.rows import UNKNOWN, Row

ID_HEADER = "系统编号"
HEADER = (
    "表", "序号", "级别", "优先级", "企业名称", "标记", "拟投项目/计划", "产业/环节", "选址状态", "阶段", "金额", "金额（万元）", "地点（拟/已）", "所在地",
    "匹配度", "意向", "可信度", "理由", "原文摘录", "日期", "来源", "原文链接", "官网", "公开总机", "分派单位", "说明", "判断", "备注", ID_HEADER,
)


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: ``'`` before = + - @ and their full-width forms."""
    line = one_line(text, 4000)
    return f"'{line}" if line[:1] in {"=", "+", "-", "@", "＝", "＋", "－", "＠"} else line


def csv_line(row: Row) -> list[str]:
    """One row as text cells in the order of ``HEADER``."""
    amount = "" if row.amount_wan is None else f"{row.amount_wan:.2f}".rstrip("0").rstrip(".")
    cells = [
        str(row.prospect.sheet), str(row.number), row.tier, str(row.priority), row.company, " ".join(row.marks), row.headline, row.industry,
        row.site, row.stage, row.amount, amount, row.place, row.seat, "未知" if row.fit is None else str(row.fit), str(row.intent),
        f"{row.grade}（{row.evidence}）", "；".join(row.why), row.quote, row.day.isoformat() if row.day else UNKNOWN, row.source or UNKNOWN,
        row.url or "", row.website or "", row.phone, row.units, row.remark, row.judgement, row.note, row.row_id,
    ]
    return [safe_cell(cell) for cell in cells]


def csv_bytes(rows: Sequence[Row]) -> bytes:
    """UTF-8 with byte order mark (else Excel reads GBK), lines apart by CR LF, every cell on one line."""
    text = io.StringIO(newline="")
    # All quoted: with ; as the local separator a cell such as a;=1+1 would else become two.
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    writer.writerows(csv_line(row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows of all sheets to ``path``."""
    write_bytes(path, csv_bytes(rows))
