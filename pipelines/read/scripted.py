"""Articles that a page carries in its scripts and text areas: gkmlpt's _CONFIG.DETAIL, JSON-LD, states of single-page sites."""

from __future__ import annotations

import json
import re

from pipelines.read.markup import Doc, TooLarge, parse

_STRING = r"\"([^\"\\]*(?:\\.[^\"\\]*)*)\""
_CONTENT = re.compile(r"[\"']?\b(?:content|articleBody|contentHtml|content_html|contentText|detailContent|txt|body)[\"']?\s{0,3}:\s{0,3}" + _STRING)
_TITLE = re.compile(r"[\"']?\b(?:title|headline|showTitle)[\"']?\s{0,3}:\s{0,3}\"((?:[^\"\\]|\\.){4,300})\"")
_TAG = re.compile(r"</?(?:p|div|span|br|table|section|article)\b", re.I)
_SHORTEST = 40  # characters of a string that may be an article
_LONGEST = 2_000_000  # characters of one script that are searched


def unescape(text: str) -> str:
    """A JavaScript string literal's value."""
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text).replace('\\"', '"').replace("\\/", "/").replace("\\n", "\n")


def scripted_article(doc: Doc) -> tuple[str, str] | None:
    """(title, markup of the body) of the longest article text that a script holds; title may be empty."""
    best = ""
    title = ""
    for script in doc.scripts:
        if len(script) > _LONGEST:
            continue
        for match in _CONTENT.finditer(script):
            value = match.group(1)
            if len(value) > max(len(best), _SHORTEST):
                text = unescape(value)
                if _TAG.search(text) or sum("\u4e00" <= c <= "\u9fff" for c in text[:400]) > 40 or text.count(". ") > 3:
                    best = value
                    named = list(_TITLE.finditer(script[max(0, match.start() - 20_000): match.start()])) or list(_TITLE.finditer(script[match.end(): match.end() + 20_000]))[:1]
                    title = unescape(named[-1].group(1)) if named else ""
    area = _area_article(doc)
    if area is not None and len(area[1]) > len(best):
        return area
    if not best:
        return None
    markup = unescape(best)
    if not _TAG.search(markup):
        markup = "".join(f"<p>{line}</p>" for line in markup.split("\n"))
    return title, f"<html><body><div>{markup}</div></body></html>"


def _area_article(doc: Doc) -> tuple[str, str] | None:
    """The article that a page keeps in a text area for its script to show."""
    body = max((text for _, text in doc.areas if _TAG.search(text)), key=len, default="")
    if len(body) <= _SHORTEST:
        return None
    title = next((text for mark, text in doc.areas if "title" in mark and len(text) < 300), "")
    return title, f"<html><body><div>{body}</div></body></html>"


def scripted_doc(doc: Doc) -> tuple[str, Doc] | None:
    """Like ``scripted_article``, parsed; metas and title tag are the outer page's."""
    found = scripted_article(doc)
    if found is None:
        return None
    try:
        inner = parse(found[1])
    except TooLarge:
        return None
    if inner is None:
        return None
    inner.title_tag, inner.metas, inner.scripts = doc.title_tag, doc.metas, doc.scripts
    return found[0], inner
