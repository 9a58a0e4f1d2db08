"""Which mention is which company: one only by full name, stock code, a stated short name or a unique list row.

Names are nodes of a graph, and what proves two names to be one firm joins them. A short name that fits several firms
joins nothing: it stays a provisional company of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.settle.forms import Form, full_form, is_full, same_firm_tail, short_key
from qingbao import keys
from qingbao.model import Adverse, Company, CompanyName, NameKind, Signal
from qingbao.names import abbreviates
from records.values import ListRow, Redirect

# A list of this kind only says which names belong together (listed firms); its rows found no companies.
NAMES = "names"
STATED_BEHIND = r"\s*[（(]([^（）()]{2,40})[)）]"


@dataclass(frozen=True, slots=True)
class Entity:
    """One company as one document speaks of it."""

    key: str  # of the signal or adverse report
    article_url: str
    mention: str
    names: tuple[str, ...]
    parent: str | None


@dataclass(frozen=True, slots=True)
class Directory:
    """The companies and who is meant by which mention."""

    companies: tuple[Company, ...]
    mentions: dict[str, str]  # key of signal or adverse report → company id
    redirects: tuple[Redirect, ...]
    rows: dict[str, tuple[tuple[str, ListRow], ...]]  # company id → (list kind, row)


def states(text: str, full: str, short: str) -> bool:
    """Whether a text states ``short`` in brackets right behind ``full``: 某某科技有限公司（品牌名“某”）."""
    if len(short) < 2:
        return False
    return any(short in match.group(1) for match in re.finditer(re.escape(full) + STATED_BEHIND, text))


class _Union:
    def __init__(self) -> None:
        self.above: dict[str, str] = {}

    def find(self, node: str) -> str:
        root = node
        while self.above.setdefault(root, root) != root:
            root = self.above[root]
        while self.above[node] != root:
            self.above[node], node = root, self.above[node]
        return root

    def join(self, a: str, b: str) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        self.above[b] = a


def entities(signals: Iterable[Signal], adverse: Iterable[Adverse]) -> list[Entity]:
    """The mentions of a set of readings, in a stable order."""
    found = [Entity(s.key, s.article_url, s.mention, s.names, s.parent) for s in signals]
    found += [Entity(a.key, a.article_url, a.mention, a.names, None) for a in adverse]
    return sorted(found, key=lambda e: (e.article_url, e.key))


def _full(form: Form) -> str:
    return "F:" + form.key


class _Graph:
    """Names seen, what joins them, and where each name comes from."""

    def __init__(self) -> None:
        self.union = _Union()
        self.forms: dict[str, Form] = {}  # full node → form
        self.aliases: dict[str, set[str]] = defaultdict(set)  # short key → full nodes that it is stated for
        self.written: dict[str, dict[tuple[str, NameKind], str]] = defaultdict(dict)  # node → (text, kind) → source
        self.known: dict[str, set[str]] = defaultdict(set)  # node → ids of known companies
        self.rows: dict[str, list[tuple[str, ListRow]]] = defaultdict(list)

    def full(self, name: str, source: str, kind: NameKind = NameKind.FULL) -> str:
        form = full_form(name)
        node = _full(form)
        self.union.find(node)
        self.forms.setdefault(node, form)
        self.written[node].setdefault((name, kind), source)
        return node

    def short(self, name: str, source: str, kind: NameKind = NameKind.SHORT) -> str:
        node = "S:" + short_key(name)
        self.union.find(node)
        self.written[node].setdefault((name, kind), source)
        return node

    def alias(self, short: str, full_node: str, source: str, kind: NameKind = NameKind.SHORT) -> None:
        self.aliases[short_key(short)].add(full_node)
        self.written[full_node].setdefault((short, kind), source)

    def add_list(self, kind: str, row: ListRow) -> None:
        source = f"list:{kind}/{row.list_name}"
        node = self.full(row.name, source) if is_full(row.name) else self.short(row.name, source)
        if row.short_name:
            self.alias(row.short_name, node, source)
        if row.stock_code:
            self.alias(row.stock_code, node, source, NameKind.STOCK_CODE)
        if kind != NAMES:
            self.rows[node].append((kind, row))

    def add_known(self, company: Company) -> None:
        fulls = [n for n in company.names if n.kind is NameKind.FULL]
        nodes = [self.full(n.text, n.source) for n in fulls]
        if not nodes:
            nodes = [self.short(n.text, n.source, n.kind) for n in company.names if n.kind is not NameKind.STOCK_CODE]
        for node in nodes:
            self.known[node].add(company.id)
            self.union.join(nodes[0], node)
        for name in company.names:
            if fulls and name.kind is not NameKind.FULL:
                self.alias(name.text, nodes[0], name.source, name.kind)

    def add_entity(self, entity: Entity, text: str) -> str | None:
        """Enter the names of an entity; the full node that identifies it, or None where it is named by short names only.

        ``text``: of the article, where a name in brackets behind the full one is a stated short name.
        """
        source = entity.article_url
        others = list(dict.fromkeys(entity.names))
        identity = entity.mention if is_full(entity.mention) else None
        if identity is None:
            identity = next((name for name in sorted(others, key=lambda n: (-len(n), n))
                             if is_full(name) and (abbreviates(entity.mention, name) or states(text, name, entity.mention))), None)
        if identity is None:
            return None
        node = self.full(identity, source)
        for name in (entity.mention, *others):
            if is_full(name):
                continue
            # A short name is the firm's own where it can be read out of the full name or is stated beside it; others count in this document alone.
            if abbreviates(name, identity) or states(text, identity, name):
                self.alias(name, node, source)
        return node

    def join_variants(self) -> None:
        """With and without the region in front: one firm, where the legal form agrees and no other region claims the core."""
        by_core: dict[str, list[str]] = defaultdict(list)
        for node, form in self.forms.items():
            if len(form.core) >= 3 and not form.bracketed:
                by_core[form.core].append(node)
        for nodes in by_core.values():
            regions = {self.forms[node].region for node in nodes} - {""}
            for stock in (True, False):
                same = sorted(node for node in nodes if self.forms[node].stock is stock)
                if len(regions) <= 1:
                    for node in same[1:]:
                        self.union.join(same[0], node)

    def candidates(self, short: str) -> set[str]:
        """Roots of the firms that a short name may mean."""
        key = short_key(short)
        stated = {self.union.find(node) for node in self.aliases.get(key, ())}
        return stated or {self.union.find(node) for node in self.by_core.get(key, ())}

    def index_cores(self) -> None:
        self.by_core: dict[str, set[str]] = defaultdict(set)
        for node, form in self.forms.items():
            self.by_core[form.core].add(node)
            # every short name from which the core differs by a generic tail only
            for cut in range(2, len(form.core)):
                if same_firm_tail(form.core[:cut], form.core):
                    self.by_core[form.core[:cut]].add(node)


def _resolve(graph: _Graph, entity: Entity, identity: str | None) -> str:
    """The node that an entity means."""
    if identity is not None:
        return identity
    options = graph.candidates(entity.mention)
    if len(options) > 1:
        told = {graph.union.find(_full(full_form(name))) for name in entity.names if is_full(name)}
        options = options & told or options
    if len(options) == 1:
        node = next(iter(options))
        graph.written[node].setdefault((entity.mention, NameKind.SHORT), entity.article_url)
        return node
    for name in sorted(entity.names):
        others = set() if is_full(name) else graph.candidates(name)
        if len(others) == 1 and not options:
            return next(iter(others))
    return graph.short(entity.mention, entity.article_url)


def _best_name(names: Sequence[CompanyName]) -> str:
    """The name to show: the longest full name, else the longest short one."""
    order = (NameKind.FULL, NameKind.SHORT, NameKind.ENGLISH, NameKind.FORMER, NameKind.STOCK_CODE)
    return min(names, key=lambda n: (order.index(n.kind), -len(n.text), n.text)).text


def settle_companies(found: Sequence[Entity], known: Sequence[Company], lists: Sequence[tuple[str, ListRow]], texts: Mapping[str, str]) -> Directory:
    """Group mentions, list rows and known companies into companies.

    ``lists``: (kind, row) of all lists; ``texts``: article URL → text. The result does not depend on the order of any input. Known companies keep their
    ids; where two of them turn out to be one, the older proof (a full name, then the smaller id) keeps its id and the other
    becomes a redirect.
    """
    graph = _Graph()
    for kind, row in sorted(lists, key=lambda item: (item[0], item[1].list_name, item[1].name)):
        graph.add_list(kind, row)
    for company in sorted(known, key=lambda c: c.id):
        graph.add_known(company)
    identities = [graph.add_entity(entity, texts.get(entity.article_url, "")) for entity in found]
    graph.join_variants()
    graph.index_cores()
    nodes = [_resolve(graph, entity, identity) for entity, identity in zip(found, identities)]
    for node in sorted(graph.union.above):
        # A provisional company of an earlier night whose short name has found its one firm.
        if node.startswith("S:"):
            options = graph.candidates(node[2:])
            if len(options) == 1:
                graph.union.join(next(iter(options)), node)
    return _companies(graph, found, nodes, known)


def _companies(graph: _Graph, found: Sequence[Entity], nodes: Sequence[str], known: Sequence[Company]) -> Directory:
    by_id = {company.id: company for company in known}
    used = {graph.union.find(node) for node in nodes} | {graph.union.find(n) for n in graph.known} | {graph.union.find(n) for n in graph.rows}
    members: dict[str, list[str]] = defaultdict(list)
    for node in sorted(graph.union.above):
        members[graph.union.find(node)].append(node)
    companies: list[Company] = []
    redirects: list[Redirect] = []
    ids: dict[str, str] = {}
    rows: dict[str, tuple[tuple[str, ListRow], ...]] = {}
    for root in sorted(used):
        group = members[root]
        earlier = sorted({i for node in group for i in graph.known.get(node, ())}, key=lambda i: (by_id[i].provisional, i))
        company_id = earlier[0] if earlier else keys.founded_id("c", min(group))
        redirects += [Redirect(old_id=old, new_id=company_id, why="同一企业") for old in earlier[1:]]
        names: dict[tuple[str, NameKind], str] = {}
        for node in group:
            for name, source in graph.written[node].items():
                names.setdefault(name, source)
        told = tuple(CompanyName(text=text, kind=kind, source=source) for (text, kind), source in sorted(names.items(), key=lambda i: i[0]))
        base = by_id[company_id] if earlier else Company(id=company_id, name="")
        provisional = not any(name.kind is NameKind.FULL for name in told)
        companies.append(replace(base, name=_best_name(told), names=told, provisional=provisional))
        ids[root] = company_id
        listed = [row for node in group for row in graph.rows.get(node, ())]
        if listed:
            rows[company_id] = tuple(sorted(listed, key=lambda item: (item[0], item[1].list_name, item[1].name)))
    mentions = {entity.key: ids[graph.union.find(node)] for entity, node in zip(found, nodes)}
    parents = {}
    for entity in found:
        if entity.parent:
            options = {graph.union.find(_full(full_form(entity.parent)))} if is_full(entity.parent) else graph.candidates(entity.parent)
            options = {ids[root] for root in options if root in ids}
            if len(options) == 1 and (parent := next(iter(options))) != mentions[entity.key]:
                parents[mentions[entity.key]] = parent
    companies = [replace(company, parent_id=parents.get(company.id, company.parent_id)) for company in companies]
    return Directory(tuple(companies), mentions, tuple(redirects), rows)
