"""Which companies a night's names may touch: keys under which they are found without looking at all that are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.settle.companies import Entity
from pipelines.settle.forms import full_form, is_full, loose_key, short_key
from qingbao.model import Company
from records.values import ListRow, Reading


def name_keys(name: str) -> frozenset[str]:
    """The keys of a name. Two names that settling might compare share one: the name itself, its core, or the brand (first two characters of the core)."""
    if is_full(name):
        form = full_form(name)
        return frozenset({f"n{form.key}", f"n{form.stem}", f"b{form.core[:2]}"})
    return frozenset({f"n{short_key(name)}", f"n{loose_key(name)}", f"b{loose_key(name)[:2]}"})


def keys_of(names: Iterable[str]) -> set[str]:
    """The keys of several names."""
    return {key for name in set(names) for key in name_keys(name)}


def company_keys(company: Company) -> tuple[str, ...]:
    """The keys under which a company is found."""
    return tuple(sorted(keys_of({company.name, *(name.text for name in company.names)})))


def names_in(readings: Iterable[Reading]) -> set[str]:
    """All names of firms that readings hold."""
    found: set[str] = set()
    for reading in readings:
        for signal in reading.signals:
            found |= {signal.mention, *signal.names, *([signal.parent] if signal.parent else [])}
        for news in reading.adverse:
            found |= {news.mention, *news.names}
        for relation in reading.relations:
            found |= {relation.subject, relation.object}
    return found


def rows_for(rows: Sequence[tuple[str, ListRow]], keys: set[str]) -> list[tuple[str, ListRow]]:
    """The list rows whose names share a key."""
    return [(kind, row) for kind, row in rows if keys & keys_of(filter(None, (row.name, row.short_name, row.stock_code)))]


def touched(entity: Entity, keys: set[str]) -> bool:
    """Whether an entity's own name shares a key."""
    return bool(name_keys(entity.mention) & keys)
