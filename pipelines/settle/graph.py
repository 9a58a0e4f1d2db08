"""Names as nodes of a graph: what proves two names to be one firm joins them, what the analyst split stays apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.settle.forms import Form, famous, full_form, is_full, is_tail, likeness_rank, loose_key, regional_brand, short_key
from records.values import Ruling, RulingKind


class Union:
    """Disjoint sets of nodes; ``keep_apart`` forbids joins. The smallest node stands for its set."""

    def __init__(self) -> None:
        self.above: dict[str, str] = {}
        self.apart: dict[str, set[str]] = defaultdict(set)  # root → nodes it must never hold

    def find(self, node: str) -> str:
        """The node that stands for the set of ``node``; a new node is a set of its own."""
        root = node
        while self.above.setdefault(root, root) != root:
            root = self.above[root]
        while self.above[node] != root:
            self.above[node], node = root, self.above[node]
        return root

    def keep_apart(self, left: Iterable[str], right: Iterable[str]) -> None:
        """From now on no join brings a node of ``left`` and one of ``right`` together."""
        left, right = set(left), set(right)
        for one in left:
            self.apart[self.find(one)] |= right - left
        for one in right:
            self.apart[self.find(one)] |= left - right

    def join(self, a: str, b: str) -> bool:
        """Make one set of two; False where they must stay apart."""
        a, b = sorted((self.find(a), self.find(b)))
        if a == b:
            return True
        if {self.find(node) for node in self.apart.get(a, ())} & {b} or {self.find(node) for node in self.apart.get(b, ())} & {a}:
            return False
        self.above[b] = a
        if b in self.apart:
            self.apart[a] |= self.apart.pop(b)
        return True


def standing(rulings: Sequence[Ruling]) -> list[Ruling]:
    """The rulings that count: of several on the same names the last one."""
    last: dict[frozenset[frozenset[str]], Ruling] = {}
    for ruling in rulings:
        sides = frozenset((frozenset(ruling.other_names), frozenset(ruling.keep_names)))
        last.pop(sides, None)
        last[sides] = ruling
    return list(last.values())


@dataclass(slots=True)
class Names:
    """The full and short names seen so far and which firms a short name may mean."""

    union: Union = field(default_factory=Union)
    forms: dict[str, Form] = field(default_factory=dict)  # full node → form
    aliases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # short key → nodes that it is stated for
    listed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # short key → nodes for which a list has it
    used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # short key → nodes for which a document uses it
    forced: dict[str, str | None] = field(default_factory=dict)  # short key → node by the analyst's word; None: nobody else's
    by_brand: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # first two characters of a core → full nodes
    by_stem: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def full(self, name: str) -> str:
        """The node of a full name."""
        form = full_form(name)
        node = self._known("F:" + form.key)
        if node not in self.forms:
            self.forms[node] = form
            self.by_brand[form.core[:2]].add(node)
            self.by_stem[form.stem].add(node)
        return node

    def short(self, name: str) -> str:
        """The node of a short name that stands for itself."""
        return self._known("S:" + short_key(name))

    def _known(self, node: str) -> str:
        self.union.find(node)
        return node

    def node(self, name: str) -> str:
        """The node of a name of either kind."""
        return self.full(name) if is_full(name) else self.short(name)

    def rule(self, rulings: Sequence[Ruling]) -> None:
        """Obey the analyst's rulings (``standing``)."""
        for ruling in rulings:
            sides_nodes = []
            for names in (ruling.other_names, ruling.keep_names):
                fulls = [self.full(name) for name in names if is_full(name)]
                nodes = fulls or [self.short(name) for name in names]
                for name in names:
                    if not is_full(name):
                        self.forced[short_key(name)] = fulls[0] if fulls else nodes[0]
                sides_nodes.append(nodes)
            if ruling.kind is RulingKind.SPLIT:
                self.union.keep_apart(*sides_nodes)
            for nodes in sides_nodes if ruling.kind is RulingKind.SPLIT else [[*sides_nodes[0], *sides_nodes[1]]]:
                for node in nodes[1:]:
                    self.union.join(nodes[0], node)

    def join_variants(self) -> None:
        """With and without the region in front, or the region's bracket elsewhere: one firm where the legal form agrees and no other region claims the core."""
        plain: dict[tuple[str, bool], list[str]] = defaultdict(list)
        bracketed: dict[tuple[str, bool, str], list[str]] = defaultdict(list)
        for node, form in self.forms.items():
            if form.bracketed:
                bracketed[form.core, form.stock, form.region].append(node)
            elif len(form.core) >= 3:
                plain[form.core, form.stock].append(node)
        regions: dict[str, set[str]] = defaultdict(set)
        for (core, _), nodes in plain.items():
            regions[core] |= {self.forms[node].region for node in nodes} - {""}
        for (core, _), nodes in plain.items():
            if len(regions[core]) <= 1:
                self._join_all(nodes)
        for nodes in bracketed.values():
            self._join_all(nodes)

    def _join_all(self, nodes: Sequence[str]) -> None:
        ordered = sorted(nodes)
        for node in ordered[1:]:
            self.union.join(ordered[0], node)

    def roots(self, nodes: Iterable[str]) -> set[str]:
        """The sets that nodes belong to."""
        return {self.union.find(node) for node in nodes}

    def candidates(self, short: str) -> set[str]:
        """The firms (roots) that a short name may mean; exactly one: it is meant.

        Best proof first: the analyst's word, a statement, the name without its legal form, then likeness. A bare brand of two or three
        characters that other firms' names begin with is not the one whose core it equals.
        """
        key = short_key(short)
        if key in self.forced:
            node = self.forced[key]
            return self.roots([node]) if node else set()
        if key in self.listed:
            return self.roots(self.listed[key])
        if key in self.aliases:
            # Another firm for which a document uses the very name makes it ambiguous; a daughter with a place in brackets does not.
            return self.roots(self.aliases[key]) | (self.roots(self.used.get(key, ())) - self._bracketed(self.used.get(key, ())))
        loose = loose_key(short)
        stem = self.roots(self.by_stem.get(key, ()))
        if key != loose and len(stem) == 1:
            return stem  # 某某集团 is 某某集团有限公司
        if loose != key and (loose in self.listed or loose in self.aliases):
            found = self.roots(self.listed.get(loose) or self.aliases[loose])
            if len(found) == 1:
                return found
        return self._alike(loose, self.roots([*self.used.get(key, ()), *self.used.get(loose, ())]))

    def _alike(self, loose: str, used: set[str]) -> set[str]:
        family = self.by_brand.get(loose[:2], set())
        ranked: dict[int, set[str]] = defaultdict(set)
        plain: dict[int, set[str]] = defaultdict(set)
        for node in family:
            form = self.forms[node]
            rank = likeness_rank(loose, form.core)
            if rank is not None and (rank == 0 or loose not in famous()) and (rank < 3 or not form.region or is_tail(loose[2:], "industry")):
                ranked[rank].add(self.union.find(node))
                if not form.bracketed:
                    plain[rank].add(self.union.find(node))
        begins = self.roots(node for node in family if self.forms[node].core.startswith(loose))
        if used:
            return used | (begins - self._daughters(family, loose) if len(loose) <= 3 else set())
        regional = regional_brand(loose)
        if not ranked and regional and regional[1] not in famous():
            # 深圳岚砥: the firm of that brand that is named after the same region.
            same = {node for node in self.by_brand.get(regional[1], ()) if self.forms[node].region == regional[0]}
            return self.roots(node for node in same if likeness_rank(regional[1], self.forms[node].core) is not None)
        if not ranked:
            return begins if len(begins) > 1 else set()
        best = min(ranked)
        # 某某（重庆）有限公司 is a daughter of the firm without the bracket, which the bare name means.
        found = plain[best] or ranked[best]
        if len(loose) <= 3 and len(begins - self._daughters(family, loose)) > 1:
            return begins
        return found

    def _daughters(self, nodes: Iterable[str], loose: str) -> set[str]:
        """Those with a place in brackets behind a name that another firm, or the short name itself, has without it."""
        nodes = list(nodes)
        plain = {self.forms[node].core for node in nodes if not self.forms[node].bracketed} | {loose}
        return self.roots(node for node in nodes if self.forms[node].bracketed and self.forms[node].core in plain)

    def _bracketed(self, nodes: Iterable[str]) -> set[str]:
        return self.roots(node for node in nodes if node in self.forms and self.forms[node].bracketed)
