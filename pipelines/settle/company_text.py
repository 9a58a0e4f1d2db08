"""What the matcher may read of a company, assembled here and nowhere else, each part with its source.

Own business sentences, product, industry and capacity words of its own signals, list columns and imported profiles; never
the rest of an article, or a food firm beside a battery firm in one city news would match batteries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from pipelines.settle.book import NAMES
from qingbao.model import Company, CompanyText, Investment, TextPart
from qingbao.names import fold_name
from records.values import ListRow, Reading

PART_LIMIT = 1_500  # characters of one part
TEXT_LIMIT = 6_000  # characters of a company
SENTENCES_LIMIT = 8  # business sentences of a company
LITTLE = 120  # characters; a company of whom less is known is read in every sentence that names it
COMMON = "lexicon:well_known_business"  # general knowledge, not a source that can be quoted
BUSINESS = re.compile(r"是一家|是国内|是全球|是我国|主营|主要从事|专注于|专注|致力于|主要产品|产品包括|产品涵盖|业务涵盖|从事|研发、?生产|设计、?制造|龙头|制造商|供应商|生产商|服务商")
SENTENCE = re.compile(r"[^。！？!?\n；;]{4,300}")


@cache
def known_business() -> dict[str, str]:
    """Name of a well-known group (folded) → what it makes (``lexicon/well_known_business.txt``)."""
    rows = resources.files("pipelines").joinpath("lexicon", "well_known_business.txt").read_text("utf-8").splitlines()
    pairs = (row.split(": ", 1) for row in rows if row and not row.startswith("#"))
    return {fold_name(name): business for business, names in pairs for name in names.split()}


def own_piece(sentence: str, own: Sequence[str], others: Sequence[str]) -> str:
    """What a sentence that names several companies says of one: from its name to the next company's, the whole where it stands alone.

    In a list (甲公司年产…项目、乙公司年产…项目) every company would else be matched by its neighbours' products.
    """
    at = min((place for name in own if (place := sentence.find(name)) >= 0), default=-1)
    ends = [place for name in others if (place := sentence.find(name)) >= 0]
    if at < 0 or len(ends) < 2:
        return sentence
    longest = max((len(name) for name in own if sentence.startswith(name, at)), default=0)
    until = min((end for end in ends if end >= at + longest), default=len(sentence))
    before = max((end for end in ends if end < at), default=None)
    return sentence[at if before is not None else 0:until]


def own_sentences(names: Sequence[str], text: str) -> list[str]:
    """All sentences of a text that name the company."""
    return [sentence for match in SENTENCE.finditer(text) if any(name in (sentence := match.group().strip()) for name in names)]


def business_sentences(names: Sequence[str], text: str) -> list[str]:
    """Sentences of a text that name the company and say what it makes."""
    told = []
    for match in SENTENCE.finditer(text):
        sentence = match.group().strip()
        if any(name in sentence for name in names) and BUSINESS.search(sentence):
            told.append(sentence)
    return told


def assemble(company: Company, investments: Sequence[Investment], rows: Sequence[tuple[str, ListRow]],
             articles: Mapping[str, Reading], signal_words: Mapping[str, Sequence[str]], older: Sequence[CompanyText] = ()) -> CompanyText:
    """The text of one company; equal parts stand once, the strongest kind first, bounded to ``TEXT_LIMIT`` characters.

    ``articles``: readings by URL; ``signal_words``: signal key → its product, capacity, project and industry words; ``older``: the text as
    it was, of which the parts from articles that are not settled now stay.
    """
    parts: list[TextPart] = []
    for kind, row in rows:
        if kind == NAMES:
            continue
        source = f"list:{kind}/{row.list_name}"
        for text, sort in ((row.business, "profile"), (row.intro, "profile"), (row.scope, "scope")):
            if text:
                parts.append(TextPart(text=text[:PART_LIMIT], kind=sort, source=source))
    names = sorted({name.text for name in company.names if len(name.text) >= 2}, key=len, reverse=True)
    common = next((text for name in names if (text := known_business().get(fold_name(name)))), None)
    if common:
        parts.append(TextPart(text=common, kind="known", source=COMMON))
    told: list[TextPart] = []
    named: list[TextPart] = []
    seen_urls: set[str] = set()
    for investment in investments:
        for stated in investment.stated:
            words = " ".join(dict.fromkeys(signal_words.get(stated.signal_key, ())))
            if words:
                parts.append(TextPart(text=words[:PART_LIMIT], kind="signal", source=stated.article_url))
            reading = articles.get(stated.article_url)
            others = [s.mention for s in reading.signals if not any(s.mention in name or name in s.mention for name in names)] if reading else []
            if stated.quote:
                parts.append(TextPart(text=own_piece(stated.quote.text, names, others)[:PART_LIMIT], kind="signal", source=stated.article_url))
            if reading and stated.article_url not in seen_urls:
                seen_urls.add(stated.article_url)
                told += [TextPart(text=sentence, kind="business", source=stated.article_url)
                         for sentence in business_sentences(names, reading.article.text)]
                named += [TextPart(text=own_piece(sentence, names, others), kind="mention", source=stated.article_url)
                          for sentence in own_sentences(names, f"{reading.article.title}\n{reading.article.text}")]
    kept_parts = [part for text in older for part in text.parts if not part.source.startswith(("list:", COMMON)) and part.source not in articles]
    parts += [part for part in kept_parts if part.kind != "business"]
    told += [part for part in kept_parts if part.kind == "business"]
    parts += told[:SENTENCES_LIMIT]
    if sum(len(part.text) for part in parts) < LITTLE:
        parts += named[:SENTENCES_LIMIT]
    kept: list[TextPart] = []
    seen: set[str] = set()
    size = 0
    for part in parts:
        flat = "".join(part.text.split())
        if flat in seen or size + len(part.text) > TEXT_LIMIT:
            continue
        seen.add(flat)
        size += len(part.text)
        kept.append(part)
    return CompanyText(company_id=company.id, parts=tuple(kept))
