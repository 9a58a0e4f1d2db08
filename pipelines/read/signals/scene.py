"""A document seen at once: sentences with their acts, sums, places and the firms named in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.read.signals import words
from pipelines.read.signals.entities import Entity, Mention
from pipelines.read.signals.parts import Document, Sentence, own_title
from pipelines.read.signals.triggers import Trigger, find_triggers, is_of_debt
from qingbao.amounts import FoundAmount, parse_amounts
from qingbao.model import EventType, Place
from qingbao.places import FoundPlace, find_places


@dataclass
class Scene:
    """What the rules look at. Lists are by index of sentence."""

    document: Document
    entities: list[Entity]
    triggers: list[list[Trigger]]
    amounts: list[list[FoundAmount]]
    places: list[list[FoundPlace]]
    named: list[list[tuple[Mention, Entity]]]
    title: str
    near: list[Place] = field(default_factory=list)

    @property
    def sentences(self) -> list[Sentence]:
        """The sentences of the document, those of the title first."""
        return self.document.sentences

    def in_block(self, block: int) -> list[Sentence]:
        """The sentences of one item; the title belongs to the first item only where there is just one."""
        return [s for s in self.sentences if s.block == block and (s.part == "text" or self.document.blocks == 1)]


# A word before a text's body that says where it was written, not where anything is built.
DATELINE = re.compile(
    r"^(?:.{0,10}?(?:讯|(?:网|社|报|联|台|者)[^,。:]{0,8}(?:消息|电|报道))|本报|本站|.{0,12}(?:网|社|报)).{0,6}?[一-龥]{0,6}?(?:\d{1,2}月)?\d{0,2}日?(?:电|讯|消息|报道)|^\(?(?:本报|通讯员|记者)[^)]{0,30}\)?"
)


def look(document: Document, entities: list[Entity]) -> Scene:
    """Finds acts, sums, places and names once for all rules."""
    sentences = document.sentences
    named: list[list[tuple[Mention, Entity]]] = [[] for _ in sentences]
    for entity in entities:
        for mention in entity.mentions:
            named[mention.sentence].append((mention, entity))
    for row in named:
        row.sort(key=lambda pair: pair[0].start)
    near = _near(sentences)
    triggers = [find_triggers(s.text, _masked(s.text, row)) for s, row in zip(sentences, named, strict=True)]
    if is_of_debt(own_title(document)):  # news of a bond speaks of raised money in every sentence
        triggers = [[t for t in row if t.event is not EventType.FINANCING] for row in triggers]
    return Scene(
        document=document,
        entities=entities,
        triggers=triggers,
        amounts=[parse_amounts(s.text) for s in sentences],
        places=[[h for h in find_places(s.text, near=near) if _aligned(s, h)] for s in sentences],
        named=named,
        title=own_title(document),
        near=near,
    )


def _aligned(sentence: Sentence, hit: FoundPlace) -> bool:
    """A short form of two characters is a place only where a word begins or ends with it (迁安 is none in 拆迁安置)."""
    if hit.explicit or hit.end - hit.start > 2:
        return True
    if hit.place.district is None:
        return hit.start in sentence.starts or hit.end in sentence.ends
    return hit.start in sentence.starts and not words.usual(sentence.text[hit.start : hit.end])  # 投资中, 新建 are no counties


def _masked(text: str, row: list[tuple[Mention, Entity]]) -> str:
    """The sentence with its names blanked: 投资 in the name of a firm is no act."""
    for mention, _ in row:
        if mention.end - mention.start >= 4:
            text = text[: mention.start] + "○" * (mention.end - mention.start) + text[mention.end :]
    return text


def _near(sentences: list[Sentence]) -> list[Place]:
    """The places that the document names with their suffix, most often first: they settle short and ambiguous names."""
    count: dict[tuple[str | None, str | None], int] = {}
    for sentence in sentences[:60]:
        for hit in find_places(sentence.text):
            if hit.place.province and hit.place.country == "中国":
                key = (hit.place.province, hit.place.city)
                count[key] = count.get(key, 0) + 1
    ranked = sorted(count.items(), key=lambda item: (-item[1], item[0][1] is None))
    return [Place(province=p, city=c) for (p, c), _ in ranked[:6]]
