"""The best prospects as a table in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qingbao.model import Prospect, Sheet, Site
from reports.cells import one_line
from reports.rows import best_reasons, make_rows, signed

if TYPE_CHECKING:
    from rich.table import Table

TIER_STYLES = {"甲": "bold red", "乙": "yellow", "丙": "dim"}
SITE_STYLES = {Site.OPEN: "green", Site.LEAVING: "green"}


def best_table(prospects: Sequence[Prospect], count: int = 10) -> Table:
    """A rich table of the ``count`` best: score, company, what it plans, where, how much, whether the site is open, why."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"潜在投资者前 {count} 名", header_style="bold", show_lines=True)
    for header, narrow, wide in (("分", 5, 5), ("企业", 10, 24), ("计划", 14, 34), ("选址/地点/金额", 14, 26), ("为什么", 14, 48)):
        table.add_column(header, min_width=narrow, max_width=wide, overflow="fold")
    # Text objects: what comes from the web must not be read as rich's markup.
    for row in make_rows(prospects, Sheet.PROSPECTS)[:count]:
        where = Text(row.site, SITE_STYLES.get(row.prospect.site, ""))
        where.append("".join(f"\n{words}" for words in (row.place, row.amount) if words not in {row.site, "未披露"}), "default")
        # No blank: rich takes a Chinese sentence for one word and would leave the points on a line of their own.
        why = (f"{signed(r.points)}·{one_line(r.text, 40)}" for r in best_reasons(row.prospect.reasons, 3))
        table.add_row(
            Text(f"{row.tier} {row.priority}", TIER_STYLES[row.tier]), Text(row.company, "bold"), Text(row.headline.partition("；")[0]), where,
            Text("\n".join(why)),
        )
    return table
