"""Which mention is which company: one only by full name, stock code, a stated short name or a unique list row.

Names are nodes of a graph (``graph.py``), and what proves two names to be one firm joins them. A short name that fits
several firms joins nothing: it stays a provisional company of its own, with its candidates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.settle.book import INFERRED, Book, Entity
from pipelines.settle.evidence import stated
from pipelines.settle.forms import HAN, is_full, is_group, likeness_rank, loose_key, short_key, well_known
from pipelines.settle.graph import standing
from pipelines.settle.parents import parents_of
from qingbao import keys
from qingbao.model import Company, CompanyName, NameKind, Relation
from qingbao.names import abbreviates
from records.values import ListRow, Redirect, Ruling, RulingKind


@dataclass(frozen=True, slots=True)
class Directory:
    """The companies and who is meant by which mention."""

    companies: tuple[Company, ...]
    mentions: dict[str, str]  # key of signal or adverse report → company id
    redirects: tuple[Redirect, ...]
    rows: dict[str, tuple[tuple[str, ListRow], ...]]  # company id → (list kind, row)


def _alias_within(book: Book, found: Sequence[Entity], texts: Mapping[str, str]) -> None:
    """Two signals of one article, one by the full name, one by a short name that the article states for it."""
    by_url: dict[str, list[Entity]] = defaultdict(list)
    for entity in found:
        by_url[entity.article_url].append(entity)
    for url, some in by_url.items():
        names = {entity.mention for entity in some}
        shorts = sorted(name for name in names if not is_full(name))
        for full in sorted(names) if shorts else ():
            if is_full(full):
                for short in shorts:
                    if kind := stated(texts.get(url, ""), full, short):
                        book.alias(short, book.enter(full, url), url, kind)


def _alias_by_others(book: Book, found: Iterable[Entity], texts: Mapping[str, str]) -> None:
    """A short name that nobody knows, told in an article beside another one of the same firm that one firm only has: its alias."""
    aliases = []
    for entity in found:
        if book.names.candidates(entity.mention):
            continue
        text = texts.get(entity.article_url, "")
        for name in sorted(entity.names):
            told = not is_full(name) and (stated(text, entity.mention, name) or abbreviates(name, entity.mention) or abbreviates(entity.mention, name))
            options = book.names.candidates(name) if told else set()
            if len(options) == 1:
                aliases.append((entity.mention, next(iter(options)), entity.article_url))
    for short, node, source in aliases:
        book.alias(short, node, source)


def _resolve(book: Book, entity: Entity, identity: str | None) -> str | None:
    """The node that an entity means; None: nobody that is known."""
    if identity is not None:
        return identity
    options = book.names.candidates(entity.mention)
    if len(options) > 1:
        told = book.names.roots("F:" + node[2:] for node in map(book.names.full, sorted(n for n in entity.names if is_full(n))))
        options = options & told or options
    if len(options) == 1:
        return next(iter(options))
    return None


def _join_shorts(book: Book, alone: Iterable[str]) -> None:
    """Short names of which no full one is known: 岚砥 and 岚砥电子 are one where only one firm has the brand."""
    by_brand: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(alone)):
        by_brand[loose_key(name)[:2]].append(name)
    for names in by_brand.values():
        for short in names:
            fitting = {other for other in names if other != short and likeness_rank(loose_key(short), loose_key(other)) is not None
                       and not (is_group(short) != is_group(other) and {"股份"} & {short[-2:], other[-2:]})}
            cores = {loose_key(other) for other in fitting}
            if len(cores) == 1 or (fitting and all(likeness_rank(a, b) is not None or likeness_rank(b, a) is not None for a in cores for b in cores)):
                for other in sorted(fitting):
                    book.names.union.join("S:" + short_key(short), "S:" + short_key(other))


def best_name(names: Sequence[CompanyName]) -> str:
    """The name to show: the longest full Chinese name, else the longest short one, else what there is."""
    order = (NameKind.FULL, NameKind.SHORT, NameKind.ENGLISH, NameKind.FORMER, NameKind.STOCK_CODE)
    proven = [n for n in names if not n.source.startswith(INFERRED)] or list(names)
    return min(proven, key=lambda n: (not HAN.search(n.text), order.index(n.kind), -len(n.text), n.text)).text


def settle_companies(found: Sequence[Entity], known: Sequence[Company], lists: Sequence[tuple[str, ListRow]], texts: Mapping[str, str],
                     rulings: Sequence[Ruling] = (), relations: Sequence[Relation] = ()) -> Directory:
    """Group mentions, list rows and known companies into companies.

    ``lists``: (kind, row) of all lists; ``texts``: article URL → text; ``rulings``: the analyst's, oldest first. The result does not depend on
    the order of the other input. Known companies keep their ids; where two of them turn out to be one, the older proof (a full name, then
    the smaller id) keeps its id and the other becomes a redirect.
    """
    book = Book()
    rulings = standing(rulings)
    book.names.rule(rulings)
    for full, shorts in well_known():
        group = book.names.node(full)
        for short in shorts:
            book.names.listed[short_key(short)].add(group)
    for kind, row in sorted(lists, key=lambda item: (item[0], item[1].list_name, item[1].name)):
        book.add_list(kind, row)
    pending = [one for company in sorted(known, key=lambda c: c.id) for one in book.add_known(company, texts)]
    identities = [book.add_entity(entity, texts.get(entity.article_url, "")) for entity in found]
    _alias_within(book, found, texts)
    book.names.join_variants()
    _alias_by_others(book, [entity for entity, identity in zip(found, identities) if identity is None], texts)
    resolved = [_resolve(book, entity, identity) for entity, identity in zip(found, identities)]
    nodes = [node or "S:" + short_key(entity.mention) for node, entity in zip(resolved, found)]
    alone: set[str] = set()
    for node, entity in zip(resolved, found):
        if node is None:
            book.enter(entity.mention, entity.article_url)
            alone.add(entity.mention)
        elif not is_full(entity.mention):
            book.note(node, entity.mention, NameKind.SHORT, INFERRED + entity.article_url)
    for seen, company_id in pending:
        if book.written[seen]:
            book.known[seen].add(company_id)
    for short in sorted(node for node in book.names.union.above if node.startswith("S:")):
        # A provisional company of an earlier night whose short name has found its one firm.
        options = book.names.candidates(short[2:])
        if len(options) == 1:
            book.names.union.join(next(iter(options)), short)
        elif not options:
            alone |= {name for name, _ in book.written[short] if short_key(name) == short[2:]}
    _join_shorts(book, (name for name in alone if not book.names.candidates(name)))
    return _companies(book, found, nodes, known, rulings, relations)


def _ids(book: Book, members: Mapping[str, Sequence[str]], used: Iterable[str], known: Mapping[str, Company], rulings: Sequence[Ruling]) -> tuple[dict[str, str], list[Redirect]]:
    """The id of each group (root → id), and the redirects of known companies that became one."""
    claims: dict[str, list[str]] = {}  # id → roots that hold a node of that known company
    for root in sorted(used):
        for company_id in {i for node in members[root] for i in book.known.get(node, ())}:
            claims.setdefault(company_id, []).append(root)
    kept = [ruling.keep_id for ruling in rulings]
    split_off = {}
    for ruling in rulings:
        if ruling.kind is RulingKind.SPLIT:
            for name in ruling.other_names:
                if ruling.other_id:
                    split_off[book.names.union.find(book.names.node(name))] = ruling.other_id
    ids: dict[str, str] = {}
    redirects = []
    owner = {}
    for company_id, roots in claims.items():
        # Names of one company that turned out to be two: its own name keeps the id.
        own = book.names.union.find(book.homes[company_id])
        free = [root for root in roots if split_off.get(root, company_id) == company_id]
        owner[company_id] = own if own in free else (free or roots)[0]
    for root in sorted(used):
        earlier = sorted((i for i, home in owner.items() if home == root), key=lambda i: (i not in kept, known[i].provisional, i))
        if root in split_off and split_off[root] not in earlier:
            earlier.insert(0, split_off[root])
        if earlier:
            ids[root] = earlier[0]
            redirects += [Redirect(old_id=old, new_id=earlier[0], why="同一企业") for old in earlier[1:]]
    taken = set(known) | set(ids.values())
    for root in sorted(set(used) - set(ids)):
        ids[root] = keys.founded_free("c", taken, min(members[root]))
        taken.add(ids[root])
    return ids, redirects


def _companies(book: Book, found: Sequence[Entity], nodes: Sequence[str], known: Sequence[Company], rulings: Sequence[Ruling],
               relations: Sequence[Relation]) -> Directory:
    union = book.names.union
    by_id = {company.id: company for company in known}
    used = {union.find(node) for node in nodes} | {union.find(n) for n in book.known} | {union.find(n) for n in book.rows}
    members: dict[str, list[str]] = defaultdict(list)
    for node in sorted(union.above):
        members[union.find(node)].append(node)
    kept = {ruling.keep_id for ruling in rulings if ruling.kind is RulingKind.MERGE}
    ids, redirects = _ids(book, members, used, by_id, rulings)
    companies: list[Company] = []
    rows: dict[str, tuple[tuple[str, ListRow], ...]] = {}
    for root in sorted(used):
        group, company_id = members[root], ids[root]
        names: dict[tuple[str, NameKind], str] = {}
        for node in group:
            for name, source in sorted(book.written[node].items()):
                if name not in names or names[name].startswith(INFERRED):
                    names[name] = source
        former = {text for text, kind in names if kind is NameKind.FORMER}
        told = tuple(CompanyName(text=text, kind=kind, source=source) for (text, kind), source in sorted(names.items(), key=lambda i: i[0])
                     if kind is NameKind.FORMER or text not in former)
        if not told:  # a known company of which no article speaks any more
            told = by_id[company_id].names
        provisional = not any(is_full(name.text) for name in told)
        options: set[str] = set()
        if provisional:
            options = {ids[other] for node in group for other in book.names.candidates(node[2:]) if other in ids and other != root}
        base = by_id.get(company_id) or Company(id=company_id, name="")
        # The analyst merged into a firm with a name: that one stays.
        shown = base.name if company_id in kept and any(n.text == base.name for n in told) else best_name(told)
        companies.append(replace(base, name=shown, names=told, provisional=provisional, candidates=tuple(sorted(options)) if len(options) > 1 else ()))
        listed = [row for node in group for row in book.rows.get(node, ())]
        if listed:
            rows[company_id] = tuple(sorted(listed, key=lambda item: (item[0], item[1].list_name, item[1].name)))
    mentions = {entity.key: ids[union.find(node)] for entity, node in zip(found, nodes)}
    parents = parents_of(book, ids, found, mentions, relations)
    merged = {redirect.old_id: redirect.new_id for redirect in redirects}
    above = {company.id: parents.get(company.id, merged.get(company.parent_id or "", company.parent_id)) for company in companies}
    companies = [replace(company, parent_id=None if above[company.id] == company.id else above[company.id]) for company in companies]
    return Directory(tuple(sorted(companies, key=lambda c: c.id)), mentions, tuple(redirects), rows)
