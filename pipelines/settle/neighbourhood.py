"""Which companies a night's names may touch: keys under which they are found without looking at all that are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from pipelines.settle.book import INFERRED, USED
from pipelines.settle.forms import full_form, is_full, loose_key, regional_brand, short_key, well_known
from qingbao.model import Company
from records.values import ListRow, Reading

IDENTITY, BRAND = "n", "b"  # first letter of a key: the name itself or its core; the first two characters of the core


def name_keys(name: str) -> frozenset[str]:
    """The keys of a name. Two names that are one firm by proof share an identity key; those that are alike share the brand."""
    if is_full(name):
        form = full_form(name)
        return frozenset({IDENTITY + form.key, IDENTITY + form.stem, IDENTITY + form.core, BRAND + form.core[:2]})
    loose = loose_key(name)
    regional = regional_brand(name)
    return frozenset({IDENTITY + short_key(name), IDENTITY + loose, BRAND + loose[:2], *([BRAND + regional[1]] if regional else [])})


def keys_of(names: Iterable[str], kinds: str = IDENTITY + BRAND) -> set[str]:
    """The keys of several names, of some kinds only."""
    return {key for name in set(names) for key in name_keys(name) if key[0] in kinds}


def names_of(companies: Iterable[Company]) -> set[str]:
    """All names of companies."""
    return {text for company in companies for text in (company.name, *(name.text for name in company.names))}


def company_keys(company: Company) -> tuple[str, ...]:
    """The keys under which a company is found."""
    return tuple(sorted(keys_of(names_of([company]))))


def unsure(company: Company) -> bool:
    """Whether a company stands on likeness of names: another firm of the brand may change whose its mentions are."""
    return company.provisional or any(name.source.startswith((INFERRED, USED)) for name in company.names)


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    return {name: (full, *shorts) for full, shorts in well_known() for name in (full, *shorts)}


def names_in(readings: Iterable[Reading]) -> set[str]:
    """All names of firms that readings hold, and the other names of well-known groups among them."""
    found: set[str] = set()
    for reading in readings:
        for signal in reading.signals:
            found |= {signal.mention, *signal.names, *([signal.parent] if signal.parent else [])}
        for news in reading.adverse:
            found |= {news.mention, *news.names}
        for relation in reading.relations:
            found |= {relation.subject, relation.object}
    return found | {other for name in found for other in _groups().get(name, ())}


def rows_for(rows: Sequence[tuple[str, ListRow]], keys: set[str]) -> list[tuple[str, ListRow]]:
    """The list rows whose names share a key."""
    return [(kind, row) for kind, row in rows if keys & keys_of(filter(None, (row.name, row.short_name, row.stock_code)))]
