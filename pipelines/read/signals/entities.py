"""From candidate spans to the firms of a document: what is one firm, where it is mentioned."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pipelines.read.signals import stops, words
from pipelines.read.signals.candidates import Candidate
from pipelines.read.signals.parts import Document
from qingbao.names import abbreviates, core_name, has_legal_form

# Who wins where two spans overlap; the tagger's edges win over pattern edges, full names win over the tagger.
_RANK = {
    p: i
    for i, p in enumerate(("full", "named", "label", "alias", "quoted", "code", "tagger", "group", "list", "header", "brand", "officer", "by", "project", "sibling", "subject", "latin"))
}
MAX_ENTITIES = 250


@dataclass(eq=False)
class Mention:
    """One place where a firm is named."""

    sentence: int
    start: int
    end: int
    name: str

    @property
    def stands_for(self) -> bool:
        """Whether it is no name but a word that stands for one (公司)."""
        return self.name in _STANDING


_STANDING = frozenset({"公司", "本公司", "该公司", "企业", "本企业", "该企业", "我们"})


@dataclass(eq=False)
class Entity:
    """A firm of the document with all its names and places."""

    names: Counter[str] = field(default_factory=Counter)
    patterns: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    has_code: bool = False
    sure: float = 0.0  # the tagger's best confidence
    tagged: int = 0  # how often the tagger found it
    spotted: int = 0  # how often any pattern found it

    @property
    def best_name(self) -> str:
        """The longest full name, else the most telling one."""
        full = [n for n in self.names if has_legal_form(n)]
        if full:
            return max(full, key=lambda n: (len(n), n))
        return max(self.names, key=lambda n: (n not in self.aliases, min(len(n), 8), self.names[n], n))


def resolve(document: Document, candidates: list[Candidate]) -> list[Candidate]:
    """Trims spans, drops what is no firm, keeps one of overlapping spans."""
    kept: list[Candidate] = []
    by_sentence: dict[int, list[Candidate]] = {}
    listed = {(c.sentence, c.start): c for c in candidates if c.pattern == "list"}
    for candidate in candidates:
        for piece in _pieces(_without_product(document, candidate), listed):
            left, right = stops.trim(piece.text)
            name = piece.text[left:right]
            behind = document.sentences[piece.sentence].text[piece.start + right : piece.start + right + 14]
            if core_name(name) and not stops.is_no_firm(name, piece.pattern) and not stops.is_head_of_body(name, behind, piece.pattern):
                by_sentence.setdefault(piece.sentence, []).append(
                    Candidate(piece.sentence, piece.start + left, piece.start + right, name, piece.pattern, piece.alias_of, piece.sure)
                )
    for index in sorted(by_sentence):
        taken: list[Candidate] = []
        for candidate in sorted(by_sentence[index], key=lambda c: (_RANK[c.pattern], -(c.end - c.start), c.start)):
            clash = next((t for t in taken if t.start < candidate.end and candidate.start < t.end), None)
            if clash is None or (clash.start, clash.end) == (candidate.start, candidate.end):
                taken.append(candidate)
        kept += taken
    return kept


_PROJECT_NEAR = re.compile(r"^[^,。;、:]{0,16}?(?:项目|工程|基地|生产线|产线|装置|扩产|扩建|技改|[一二三]期|\d|\(|等\d)|^[、。;,]?$")


def _without_product(document: Document, candidate: Candidate) -> Candidate:
    """At the head of a project's name the brand ends where everyday words begin: 青禾手套项目 is 青禾's."""
    if candidate.pattern not in {"tagger", "project", "subject", "brand"} or has_legal_form(candidate.text):
        return candidate
    text = document.sentences[candidate.sentence].text
    if not _PROJECT_NEAR.match(text[candidate.end : candidate.end + 24]):
        return candidate
    tails = words.word_set("firm_words.txt")
    pieces = words.cut(candidate.text)
    end = len(pieces)
    while end > 1 and words.usual(pieces[end - 1].text) and pieces[end - 1].text not in tails and len(pieces[end - 1].text) >= 2:
        end -= 1
    head = pieces[:end]
    if end == len(pieces) or head[-1].end < 2 or all(words.usual(w.text) or w.pos == "ns" for w in head):
        return candidate
    cut = head[-1].end
    return Candidate(candidate.sentence, candidate.start, candidate.start + cut, candidate.text[:cut], candidate.pattern, candidate.alias_of, candidate.sure)


_JOINED = re.compile(r"[和与及同、](?=[一-龥A-Za-z]{2})")


def _pieces(candidate: Candidate, listed: dict[tuple[int, int], Candidate]) -> list[Candidate]:
    """A span that swallowed two names (甲和乙集团) or words behind a known name (甲研发) is cut."""
    if candidate.pattern not in {"tagger", "full", "group", "subject", "brand", "header"}:
        return [candidate]
    known = listed.get((candidate.sentence, candidate.start))
    text = candidate.text
    if known and known.end < candidate.end:
        rest = text[len(known.text) :]
        if candidate.pattern in {"tagger", "subject", "brand"} and not any(rest.startswith(w) for w in words.word_set("firm_words.txt")) and not has_legal_form(text) and not text.endswith("集团"):
            return [Candidate(candidate.sentence, candidate.start, known.end, known.text, "list")]
    for match in _JOINED.finditer(text):
        cut = match.start()
        right_known = listed.get((candidate.sentence, candidate.start + cut + 1))
        left_ends = known is not None and known.end == candidate.start + cut
        if cut >= 2 and (right_known or left_ends or match[0] == "、"):
            left = Candidate(candidate.sentence, candidate.start, candidate.start + cut, text[:cut], "subject" if candidate.pattern == "full" else candidate.pattern)
            right = Candidate(candidate.sentence, candidate.start + cut + 1, candidate.end, text[cut + 1 :], candidate.pattern, candidate.alias_of)
            return [left, *_pieces(right, listed)]
    return [candidate]


def build(document: Document, candidates: list[Candidate]) -> list[Entity]:
    """The firms of a document, in order of their first mention."""
    groups: dict[str, Entity] = {}
    link: dict[str, str] = {}
    ends_at: dict[tuple[int, int], str] = {}
    order: list[str] = []
    for candidate in candidates:
        key = core_name(candidate.text)
        if key not in groups:
            if len(groups) >= MAX_ENTITIES:
                continue
            groups[key] = Entity()
            order.append(key)
        entity = groups[key]
        entity.names[candidate.text] += 1
        entity.patterns.add(candidate.pattern)
        entity.sure = max(entity.sure, candidate.sure)
        entity.tagged += candidate.pattern == "tagger"
        entity.spotted += 1
        ends_at[(candidate.sentence, candidate.end)] = key
    for candidate in candidates:
        key = core_name(candidate.text)
        if candidate.alias_of and key in groups:
            owner = ends_at.get((candidate.sentence, candidate.alias_of[1]))
            if owner and owner != key:
                groups[key].aliases.add(candidate.text)
                link[key] = owner
    _merge(groups, order, link)
    entities = [groups[k] for k in order if k in groups]
    _find_mentions(document, entities)
    _add_pronouns(document, entities)
    return [e for e in entities if e.mentions]


def _merge(groups: dict[str, Entity], order: list[str], link: dict[str, str]) -> None:
    def into(source: str, target: str) -> None:
        while target in link:  # a chain of short forms ends at the full name
            target = link[target]
        if source == target or source not in groups or target not in groups:
            return
        a, b = groups.pop(source), groups[target]
        b.names.update(a.names)
        b.patterns |= a.patterns
        b.aliases |= a.aliases
        b.sure, b.tagged, b.spotted = max(a.sure, b.sure), a.tagged + b.tagged, a.spotted + b.spotted
        link[source] = target

    pairs = list(link.items())
    link.clear()
    for source, target in pairs:
        into(source, target)
    heads: dict[str, list[str]] = {}
    for key in order:
        if key in groups:
            for name in {key, *map(core_name, groups[key].aliases)}:
                heads.setdefault(name[:2], []).append(key)
    for key in sorted(groups, key=len):
        if key not in groups:
            continue
        bigger = [k for k in heads.get(key[:2], ()) if k in groups and len(k) > len(key) and k.startswith(key) and _same_by_prefix(key, k)]
        if len({*bigger}) == 1:
            into(key, bigger[0])
    for key in sorted(groups, key=len, reverse=True):
        if key in groups:
            base = _swallowed(key, groups, heads)
            if base is not None:  # words behind or before a name that another place shows alone: 甲滤波器芯片, 为甲集团
                names = set(groups[key].names)
                into(key, base)
                for name in names - groups[base].aliases:
                    del groups[base].names[name]
    fulls = [k for k in groups if any(has_legal_form(n) for n in groups[k].names)]
    for key in [k for k in groups if k not in fulls]:
        short = min(groups[key].names, key=len)
        if not 2 <= len(short) <= 5:
            continue
        owners = [k for k in fulls if k in groups and any(has_legal_form(n) and abbreviates(short, n) for n in groups[k].names)]
        if len(owners) == 1:
            into(key, owners[0])


def _swallowed(key: str, groups: dict[str, Entity], heads: dict[str, list[str]]) -> str | None:
    if any(has_legal_form(n) for n in groups[key].names):
        return None
    for other in heads.get(key[:2], ()):
        if other in groups and other != key and key.startswith(other) and len(other) >= 3 and groups[other].patterns & {"tagger", "list", "full", "alias", "header", "brand"}:
            rest = key[len(other) :]
            if not any(rest.startswith(w) for w in words.word_set("firm_words.txt")) or words.usual(rest):
                return other
    rest = key[1:]
    if key[0] in words.GLUED and rest in groups and len(rest) >= 2:
        return rest
    return None


def _same_by_prefix(short: str, long: str) -> bool:
    """奇瑞 and 奇瑞汽车, 中科华宇 and 中科华宇科技发展 are one; 中国 and 中国黄金 are not."""
    rest = long[len(short) :]
    if words.usual(short) and len(short) <= 2:
        return False
    return len(short) >= 3 or any(rest.startswith(w) for w in words.word_set("firm_words.txt"))


def _find_mentions(document: Document, entities: list[Entity]) -> None:
    """All places where any name of any firm stands, the longest at each place."""
    heads: dict[str, list[tuple[str, Entity]]] = {}
    for entity in entities:
        for name in entity.names:
            heads.setdefault(name[:2], []).append((name, entity))
    for found in heads.values():
        found.sort(key=lambda pair: -len(pair[0]))
    for sentence in document.sentences:
        text, position = sentence.text, 0
        while position < len(text) - 1:
            for name, entity in heads.get(text[position : position + 2], ()):
                if text.startswith(name, position) and _free(sentence.text, position, position + len(name), name):
                    entity.mentions.append(Mention(sentence.index, position, position + len(name), name))
                    source = document.clean_of(sentence)
                    entity.has_code = entity.has_code or sentence.start + position + len(name) in source.codes
                    position += len(name) - 1
                    break
            position += 1


_COMPANY = re.compile(
    r"(?:^|(?<=[,。;:“\s]))(?:目前|此外|同时|此次|据悉|据介绍|未来|今年|近年来|接下来|下一步)?,?(?P<firm>(?:本|该)?(?:公司|企业)|我们)(?=准备|拟|将|计划|决定|宣布|正|已|还|再|又|在|目前|今年|明年|近期|近日|此前|此次|未来|"
    r"新|投资|斥资|总投资|首|第|二期|三期|现|一期|去年|于|与|位于|董事会|副?总|董事|负责|有|也|即|共|预计|年产|打算|考虑|急)"
)
# Sentences for which 公司 may still mean the firm that was named alone before them.
_STANDS_FOR_SENTENCES = 4


def _add_pronouns(document: Document, entities: list[Entity]) -> None:
    """公司准备…: in sentences that name nobody the word stands for the one firm that the sentences just before them named."""
    telling = {"full", "header", "alias", "code", "list", "label", "tagger", "brand", "quoted"}
    named: dict[int, list[Entity]] = {}
    for entity in entities:
        if entity.patterns & telling:
            for mention in entity.mentions:
                named.setdefault(mention.sentence, []).append(entity)
    current: Entity | None = None
    since = block = 0
    for sentence in document.sentences:
        if sentence.block != block and document.blocks > 1:
            current = None
        block, since = sentence.block, since + 1
        here = named.get(sentence.index)
        if here:
            current, since = (here[0], 0) if all(entity is here[0] for entity in here) else (None, 0)
        elif current is not None and since <= _STANDS_FOR_SENTENCES:
            for match in list(_COMPANY.finditer(sentence.text))[:2]:
                current.mentions.append(Mention(sentence.index, match.start("firm"), match.end("firm"), match["firm"]))


def _free(text: str, start: int, end: int, name: str) -> bool:
    """No piece of a longer Latin word; a brand of two characters is no piece of a word."""
    if re.match(r"[A-Za-z0-9]", name[-1]) and re.match(r"[A-Za-z0-9]", text[end : end + 1]):
        return False
    return not (re.match(r"[A-Za-z0-9]", name[0]) and re.search(r"[A-Za-z0-9]$", text[:start]))
