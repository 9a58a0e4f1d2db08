"""What the office's lists say of a company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qingbao.model import Company, CompanyStatus, Place, Tag
from qingbao.places import find_place
from records.values import ListRow

TAGGED = ("targets", "watch", "residents", "talks")


def _seat(rows: Sequence[tuple[str, ListRow]]) -> tuple[Place, str] | None:
    for kind, row in rows:
        place = find_place(row.seat) if row.seat else None
        if place:
            return place, f"list:{kind}/{row.list_name}"
    return None


def with_rows(company: Company, rows: Sequence[tuple[str, ListRow]]) -> Company:
    """A company with what the lists say of it: tags, status, seat, website, switchboard. The lists are the truth, so what no list says any more is gone."""
    kinds = {kind for kind, _ in rows}
    tags = tuple(dict.fromkeys(Tag(list=row.list_name, year=row.year, issuer=row.issuer) for kind, row in rows if kind in TAGGED))
    status, note, since = CompanyStatus.OPEN, None, None
    if "residents" in kinds:
        row = next(row for kind, row in rows if kind == "residents")
        status, note, since = CompanyStatus.RESIDENT, "已入园", row.since
    elif "talks" in kinds:
        row = next(row for kind, row in rows if kind == "talks")
        status, note, since = CompanyStatus.IN_TALKS, f"在谈：{row.unit or '未注明单位'}", row.since
    seat = _seat(rows)
    website = next((row.website for _, row in rows if row.website), None)
    phone = next((row.phone for _, row in rows if row.phone), None)
    return replace(company, tags=tags, status=status, status_note=note, status_since=since, seat=seat[0] if seat else None,
                   seat_source=seat[1] if seat else None, website=website, phone=phone)
