"""The names of firms as they are written: where each comes from, and which known companies and list rows stand on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines.settle.evidence import renamed, stated, used
from pipelines.settle.forms import company_part, is_full, loose_key, short_key
from pipelines.settle.graph import Names
from qingbao import keys
from qingbao.model import Adverse, Company, NameKind, Signal
from qingbao.names import is_latin
from records.values import ListRow

# A list of this kind only says which names belong together (listed firms); its rows found no companies.
NAMES = "names"
# Source of a name that settling itself gave a company because it fits no other; it is no proof in a later night.
INFERRED = "inferred:"
# Source of a short name that a document uses for a firm without stating it: a proof unless other firms' names begin with it too.
USED = "used:"


@dataclass(frozen=True, slots=True)
class Entity:
    """One company as one document speaks of it."""

    key: str  # of the signal or adverse report
    article_url: str
    mention: str
    names: tuple[str, ...]
    parent: str | None


def entities(signals: Iterable[Signal], adverse: Iterable[Adverse]) -> list[Entity]:
    """The mentions of a set of readings, in a stable order."""
    found = [Entity(s.key, s.article_url, s.mention, s.names, s.parent) for s in signals]
    found += [Entity(a.key, a.article_url, a.mention, a.names, None) for a in adverse]
    return sorted(found, key=lambda e: (e.article_url, e.key))


def kind_of(name: str) -> NameKind:
    """Full or short."""
    return NameKind.FULL if is_full(name) else NameKind.SHORT


@dataclass(slots=True)
class Book:
    """The names seen, where each comes from, and which known companies and list rows stand on them."""

    names: Names = field(default_factory=Names)
    written: dict[str, dict[tuple[str, NameKind], str]] = field(default_factory=lambda: defaultdict(dict))  # node → (text, kind) → source
    known: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # node → ids of known companies
    homes: dict[str, str] = field(default_factory=dict)  # known company → the node of its own name
    rows: dict[str, list[tuple[str, ListRow]]] = field(default_factory=lambda: defaultdict(list))

    def enter(self, name: str, source: str, kind: NameKind | None = None) -> str:
        """The node of a name, noted with its source."""
        name = company_part(name)
        node = self.names.node(name)
        self.note(node, name, kind or kind_of(name), source)
        return node

    def note(self, node: str, name: str, kind: NameKind, source: str) -> None:
        """Note a name on a node; a proof is worth more than a name that was inferred."""
        old = self.written[node].get((name, kind))
        if old is None or (old.startswith(INFERRED) and not source.startswith(INFERRED)) or (source < old and old.startswith(INFERRED) == source.startswith(INFERRED)):
            self.written[node][name, kind] = source

    def alias(self, short: str, node: str, source: str, kind: NameKind = NameKind.SHORT) -> None:
        """A short name that is stated for a firm."""
        if self.names.forced.get(short_key(short), node) == node:
            (self.names.listed if source.startswith("list:") else self.names.aliases)[short_key(short)].add(node)
            self.note(node, short, kind, source)

    def add_list(self, kind: str, row: ListRow) -> None:
        """A row of a list."""
        source = f"list:{kind}/{row.list_name}"
        node = self.enter(row.name, source)
        if row.short_name:
            self.alias(row.short_name, node, source)
        if row.stock_code:
            self.alias(row.stock_code, node, source, NameKind.STOCK_CODE)
        if kind != NAMES:
            self.rows[node].append((kind, row))

    def add_known(self, company: Company, texts: Mapping[str, str]) -> list[tuple[str, str]]:
        """A company of earlier nights. What articles of ``texts`` said of its names is found in them again, so only older proofs count here.

        Its further names whose proof is looked for again, as (node, company id): theirs is the id if anybody still writes them.
        """
        fulls = [n for n in company.names if is_full(n.text)]
        own = [n for n in fulls if n.text == company.name] or fulls or [n for n in company.names if n.text == company.name]
        home = self._founding(company) or self.names.node(company_part(own[0].text if own else company.name))
        self.homes[company.id] = home
        self.known[home].add(company.id)
        pending = []
        for name in company.names:
            again = name.source.removeprefix(INFERRED).removeprefix(USED) in texts
            inferred = name.source.startswith(INFERRED)
            if is_full(name.text) or (not fulls and name.kind is not NameKind.STOCK_CODE and not inferred):
                node = self.names.node(company_part(name.text))
                if not again:
                    self.note(node, name.text, name.kind, name.source)
                    if self.names.union.join(home, node):
                        self.known[node].add(company.id)
                else:
                    pending.append((node, company.id))
            elif not again and (inferred or not fulls):
                self.note(home, name.text, name.kind, name.source)
            elif not again and name.source.startswith(USED):
                self.names.used[short_key(name.text)].add(home)
                self.note(home, name.text, name.kind, name.source)
            elif not again:
                self.alias(name.text, home, name.source, name.kind)
        return pending

    def _founding(self, company: Company) -> str | None:
        """The node whose name founded a company without a full name: what it is called may have changed since."""
        if any(is_full(name.text) for name in company.names):
            return None
        nodes = ["S:" + short_key(name.text) for name in company.names]
        nodes += sorted(node for name in company.names for node in self.names.listed.get(short_key(name.text), ()))
        return next((node for node in nodes if keys.founded_id("c", node) == company.id), None)

    def add_entity(self, entity: Entity, text: str) -> str | None:
        """Enter the names of an entity; the full node that identifies it, or None where it is named by short names only."""
        source = entity.article_url
        others = list(dict.fromkeys(entity.names))
        identity = entity.mention if is_full(entity.mention) else None
        if identity is None:
            fulls = sorted((name for name in others if is_full(name)), key=lambda n: (-len(n), n))
            identity = next((name for name in fulls if stated(text, name, entity.mention) or used(text, name, entity.mention)), None)
        if identity is None:
            self._add_shorts(entity, text)
            return None
        node = self.enter(identity, source)
        shorts = dict.fromkeys(name for name in (entity.mention, *others) if not is_full(name))
        kinds = {name: kind for name in shorts if (kind := stated(text, identity, name))}
        # A short form of a stated short name: 布某集团（Brand GmbH）… 布某.
        kinds |= {name: NameKind.SHORT for name in shorts if name not in kinds and any(loose_key(name) == loose_key(told) for told in kinds)}
        for name, kind in kinds.items():
            self.alias(name, node, source, kind)
        for name in shorts:
            if name not in kinds and used(text, identity, name):
                self.names.used[short_key(name)].add(node)
                self.note(node, name, NameKind.SHORT, USED + source)
        for name in others:
            if is_full(name) and name != identity:
                self._add_other_full(node, identity, name, text, source)
        return node

    def _add_other_full(self, node: str, identity: str, name: str, text: str, source: str) -> None:
        """A second full name of an entity: a former or English one where the text says so; else another firm."""
        old, new = (name, identity) if renamed(text, name, identity) else (identity, name) if renamed(text, identity, name) else ("", "")
        if old:
            former, current = self.enter(old, source, NameKind.FORMER), self.enter(new, source)
            self.names.union.join(former, current)
        elif is_latin(name) != is_latin(identity) and stated(text, identity, name):
            self.names.union.join(node, self.enter(name, source, NameKind.ENGLISH if is_latin(name) else NameKind.FULL))

    def _add_shorts(self, entity: Entity, text: str) -> None:
        """A firm without its full name: the Latin and the Chinese name that the text states beside each other are one's."""
        for name in entity.names:
            if not is_full(name) and is_latin(name) != is_latin(entity.mention) and stated(text, entity.mention, name):
                kinds = [NameKind.ENGLISH if is_latin(one) else NameKind.SHORT for one in (entity.mention, name)]
                nodes = [self.enter(one, entity.article_url, kind) for one, kind in zip((entity.mention, name), kinds)]
                self.names.union.join(*nodes)
