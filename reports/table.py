"""The standing list as files: workbook, csv and page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qingbao.model import BadNews, Formula, Park, Prospect, Sheet, Verdict
from reports.columns import SHEETS
from reports.csv_file import write_csv
from reports.files import write_bytes
from reports.html import page
from reports.rows import BadNewsRow, Row, bad_news_row, latest_verdicts, make_rows
from reports.xlsx import workbook_bytes


@dataclass(frozen=True, slots=True)
class TablePaths:
    """The files of one day's table."""

    xlsx: Path
    csv: Path
    html: Path

    def all(self) -> tuple[Path, ...]:
        """In the order in which they are named to people."""
        return (self.xlsx, self.csv, self.html)


def sheet_rows(
    prospects: Sequence[Prospect], *, verdicts: Iterable[Verdict] = (), unit_names: Mapping[str, str] | None = None, unit: str | None = None,
) -> dict[Sheet, list[Row]]:
    """Rows by sheet in the order of ``prospects``; 判断 and 备注 filled from the latest verdict (of ``unit`` alone where it is named)."""
    latest = latest_verdicts(verdicts, unit)
    return {sheet: make_rows(prospects, sheet, verdicts=latest, unit_names=unit_names) for sheet, _, _ in SHEETS}


def bad_news_rows(prospects: Iterable[Prospect], others: Iterable[tuple[str, BadNews]] = ()) -> list[BadNewsRow]:
    """Bad news of all prospects and of further companies (name, news), newest first, each once."""
    rows = {bad_news_row(p.company, news): None for p in prospects for news in p.bad_news}
    rows.update({bad_news_row(company, news): None for company, news in others})
    return sorted(rows, key=lambda row: (-(row.day or date.min).toordinal(), row.company, row.kind, row.quote))


def write_tables(
    folder: Path, prospects: Sequence[Prospect], *, park: Park, formula: Formula, day: date, bad_news: Iterable[tuple[str, BadNews]] = (),
    verdicts: Iterable[Verdict] = (), unit_names: Mapping[str, str] | None = None, stem: str = "prospects",
) -> TablePaths:
    """Write ``stem``.xlsx, .csv and .html into ``folder``, each beside its old self and then renamed.

    ``prospects`` come ranked; ``bad_news`` is (company name, news) of companies that are no prospects; ``unit_names`` slug → name.
    Raises ``CannotWork`` in Chinese where the disk does not let it; files written before stay whole.
    """
    rows = sheet_rows(prospects, verdicts=verdicts, unit_names=unit_names)
    bad = bad_news_rows(prospects, bad_news)
    paths = TablePaths(folder / f"{stem}.xlsx", folder / f"{stem}.csv", folder / f"{stem}.html")
    write_bytes(paths.xlsx, workbook_bytes(rows, park=park, formula=formula, day=day, bad_news=bad))
    write_csv(paths.csv, [row for sheet, _, _ in SHEETS for row in rows[sheet]])
    write_bytes(paths.html, page(rows, park=park, formula=formula, day=day, bad_news=bad).encode("utf-8", "replace"))
    return paths
