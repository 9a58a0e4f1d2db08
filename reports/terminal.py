"""The best prospects as a table in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qingbao.model import Prospect, Sheet, Site
from reports.cells import one_line
from reports.rows import make_rows

if TYPE_CHECKING:
    from rich.table import Table

TIER_STYLES = {"甲": "bold red", "乙": "yellow", "丙": "dim"}
SITE_STYLES = {Site.OPEN: "green", Site.LEAVING: "green"}


def best_table(prospects: Sequence[Prospect], count: int = 10) -> Table:
    """A rich table of the ``count`` best: score, company, what it plans, where, how much, whether the site is open, why."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"潜在投资者前 {count} 名", header_style="bold", show_lines=True, expand=False)
    for header, width in (("分", 6), ("企业", 20), ("计划", 30), ("地点", 16), ("金额", 12), ("选址", 8), ("为什么", 36)):
        table.add_column(header, max_width=width, overflow="fold")
    # Text objects: what comes from the web must not be read as rich's markup.
    for row in make_rows(prospects, Sheet.PROSPECTS)[:count]:
        table.add_row(
            Text(f"{row.tier} {row.priority}", TIER_STYLES[row.tier]), Text(row.company, "bold"), Text(row.headline), Text(row.place), Text(row.amount),
            Text(row.site, SITE_STYLES.get(row.prospect.site, "")), Text("\n".join(one_line(line, 80) for line in row.why[:3])),
        )
    return table
