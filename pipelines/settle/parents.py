"""Which company stands above which: a link, never a merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.settle.book import Book, Entity
from pipelines.settle.forms import is_full, loose_key
from qingbao.model import Relation, RelationType


def parents_of(book: Book, ids: Mapping[str, str], found: Sequence[Entity], mentions: Mapping[str, str], relations: Sequence[Relation]) -> dict[str, str]:
    """Company → the one above it: as a text states it, else the one firm of the same core without a place in brackets. A link, never a merge."""

    def one(name: str) -> str | None:
        options = {book.names.union.find(book.names.node(name))} if is_full(name) else book.names.candidates(name)
        if len(options) > 1:  # of several the group itself: its name is the brand and nothing else
            options = {root for root in options if root in book.names.forms and book.names.forms[root].core == loose_key(name)}
        known = {ids[root] for root in options if root in ids}
        return next(iter(known)) if len(known) == 1 else None

    parents: dict[str, str] = {}
    for node, form in sorted(book.names.forms.items()):
        company_id = ids.get(book.names.union.find(node))
        if form.bracketed and company_id and len(form.core) >= 3 and (above := one(form.core)) and above != company_id:
            parents[company_id] = above
    for relation in sorted(relations, key=lambda r: r.key):
        if relation.kind is RelationType.PARENT:
            above_id, below_id = one(relation.subject), one(relation.object)
            if above_id and below_id and above_id != below_id:
                parents[below_id] = above_id
    for entity in found:
        if entity.parent and (parent := one(entity.parent)) and parent != mentions[entity.key]:
            parents[mentions[entity.key]] = parent
    return _without_rings(parents)


def _without_rings(parents: dict[str, str]) -> dict[str, str]:
    """Two texts may contradict each other: a ring of parents is cut at its smallest id."""
    kept: dict[str, str] = {}
    for child in sorted(parents):
        above, seen = parents[child], {child}
        while above in kept and above not in seen:
            seen.add(above)
            above = kept[above]
        if above not in seen:
            kept[child] = parents[child]
    return kept
