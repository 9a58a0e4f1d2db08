"""One page to one record: title, date, origin, text, attachments; pure, and never raises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.read.attachments import attachment_links
from pipelines.read.body import find_body, is_headline
from pipelines.read.decode import Decoded, decode
from pipelines.read.doors import Door
from pipelines.read.kinds import is_block, is_gone, is_list
from pipelines.read.markup import Doc, TooLarge, parse
from pipelines.read.origin import find_origin
from pipelines.read.published import Published, find_published
from pipelines.read.redact import redact
from pipelines.read.render import fold, render
from pipelines.read.scripted import scripted_doc
from pipelines.read.title import Title, clean_title, find_title
from qingbao.model import Attachment, AttachmentText, Page, Part

# Rises with every change that makes the same page read differently; a reread takes the pages of lower versions.
READER_VERSION = 3

MAX_BYTES = 8_000_000  # of markup
_REFUSED = frozenset({401, 403, 412, 418, 429, 521})
_MISSING = frozenset({404, 410})
_SHORT = 20  # characters below which a text says nothing; flashes of news have 60 and more
_GONE_BELOW = 200
_WEAK = 60.0  # weight of a body below which the scripts are searched for the article
_MANY_BAD = 3
_BESIDE = 8  # lines between title and its date


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a page says, after redaction of personal data.

    ``published_at`` is aware (UTC); with ``minute_known`` False it is midnight in Shanghai of the known day. ``text`` has paragraphs apart by
    "\\n" and table cells by "\\t". ``warnings`` are Chinese sentences for the run's log.
    """

    door: Door
    title: str = ""
    published_at: datetime | None = None
    minute_known: bool = False
    origin: str | None = None
    text: str = ""
    attachments: tuple[AttachmentText, ...] = ()
    warnings: tuple[str, ...] = ()


def extract(page: Page, *, source_name: str | None = None) -> Extracted:
    """Read one fetched page. ``source_name`` is the name of its source, which is never taken for a title. Pure, never raises."""
    try:
        read = _extract(page, source_name)
    # The last line of defence: a page that breaks a rule is counted at its door and does not end a night's reading of all others.
    except Exception as error:  # noqa: BLE001
        return Extracted(door=Door.UNREADABLE, warnings=(f"读取出错（{type(error).__name__}）：{page.url}",))
    return read


def _extract(page: Page, source_name: str | None) -> Extracted:
    from pipelines.read.attachments import kind_of, read_attachment

    files = tuple(read_attachment(attachment) for attachment in page.attachments)
    if page.status in _REFUSED:
        return Extracted(door=Door.BLOCK_PAGE, attachments=files)
    if page.status in _MISSING:
        return Extracted(door=Door.GONE, attachments=files)
    if not page.body.strip():
        return Extracted(door=Door.EMPTY, attachments=files)
    kind = kind_of(page.body)
    if kind not in {"html", "unknown"}:
        return _read_file(page, files)
    if len(page.body) > MAX_BYTES:
        return Extracted(door=Door.TOO_LARGE, attachments=files)
    return _read_markup(page, source_name, files)


def _read_file(page: Page, files: tuple[AttachmentText, ...]) -> Extracted:
    """The page itself is a file: an exchange announcement, a notice linked as PDF."""
    from pipelines.read.attachments import read_attachment
    from pipelines.read.published import listed_or_url

    name = page.list_title or page.final_url.rsplit("/", 1)[-1]
    itself = read_attachment(Attachment(url=page.final_url, name=name, content_type=page.content_type, body=page.body))
    published = listed_or_url(page.list_date, page.final_url)
    text = itself.text or ""
    title = page.list_title or next((line for line in text.split("\n") if len(line) >= 6), name)[:200]
    return Extracted(
        door=Door.READ if len(text) >= _SHORT else Door.UNREADABLE, title=clean_title(title), published_at=published.at, minute_known=published.minute_known, text=text, attachments=files,
        warnings=(itself.note,) if itself.note else (),
    )


def _read_markup(page: Page, source_name: str | None, files: tuple[AttachmentText, ...]) -> Extracted:
    decoded = decode(page.body, page.charset_label)
    if _is_binary(decoded):
        return Extracted(door=Door.UNREADABLE, attachments=files)
    try:
        doc = parse(decoded.text)
    except TooLarge:
        return Extracted(door=Door.TOO_LARGE, attachments=files)
    if doc is None or not (doc.lines or doc.scripts or doc.areas):
        return Extracted(door=Door.EMPTY, attachments=files)
    if is_block(doc):
        return Extracted(door=Door.BLOCK_PAGE, title=clean_title(doc.title_tag), attachments=files)
    body = find_body(doc, find_title(doc, None, source_name, page.list_title).line)
    text_doc, scripted_title = doc, ""
    if body is None or body.weight < _WEAK:
        scripted = scripted_doc(doc)
        inner = find_body(scripted[1]) if scripted else None
        if scripted and inner and inner.weight > (body.weight if body else 0):
            scripted_title, text_doc = scripted
    title = find_title(doc, body.node if body else None, source_name, page.list_title)
    if text_doc is not doc and (not title.text or title.line is None) and scripted_title:
        title = Title(clean_title(scripted_title), None)
    published = find_published(doc, title.line, body, url=page.final_url, list_date=page.list_date)
    text_body = find_body(text_doc) if text_doc is not doc else body
    text = render(text_doc, text_body, title.text) if text_body else ""
    warnings: list[str] = [f"有{decoded.bad}处字节无法解码"] if decoded.bad > _MANY_BAD else []
    links = attachment_links(doc, body, page.final_url)
    start = text.split("\n", 1)[0][:40]
    first = next((k for k, line in enumerate(doc.lines) if start and start in line.text), None)
    door = _door(doc, text, first, published, title, bool(links or files))
    if door in {Door.LIST_PAGE, Door.GONE}:
        return Extracted(door=door, title=title.text, attachments=files)
    for part in page.parts:
        text = _with_part(text, part, title.text, warnings)
    fetched = {file.url for file in files}
    names = tuple(AttachmentText(url=url, name=redact(name), note="未下载") for url, name in links if url not in fetched)
    return Extracted(
        door=door, title=redact(title.text), published_at=published.at, minute_known=published.minute_known, origin=find_origin(doc, title.line, published.line, body), text=redact(text),
        attachments=files + names, warnings=tuple(warnings),
    )


def _is_binary(decoded: Decoded) -> bool:
    """Neither markup nor text: a picture, an archive, noise."""
    sample = decoded.text[:4000]
    strange = sum((c < " " and c not in "\t\r\n\f") or "\x7f" <= c < "\xa0" or "\ue000" <= c < "\uf900" for c in sample)
    return strange > 0.05 * len(sample) + 5 or decoded.bad > 0.2 * len(decoded.text) + 20


def _door(doc: Doc, text: str, first: int | None, published: Published, title: Title, has_files: bool) -> Door:
    dated = _is_dated(doc, published, title)
    if is_list(doc, text, first, dated=dated):
        return Door.LIST_PAGE
    if len(text) < _GONE_BELOW and is_gone(doc):
        return Door.GONE
    if not text.strip():
        return Door.READ if has_files and title.text else Door.EMPTY
    if len(text) < _SHORT and not has_files:
        return Door.TOO_SHORT
    return Door.READ


def _is_dated(doc: Doc, published: Published, title: Title) -> bool:
    """Does the day stand by the title itself? The day of a list's first entry stands near the list's heading too, below a linked headline."""
    if published.line is None or title.line is None or abs(published.line - title.line) > _BESIDE:
        return False
    return not any(is_headline(doc.lines[k]) for k in range(title.line + 1, published.line))


def _with_part(text: str, part: Part, title: str, warnings: list[str]) -> str:
    """The article's text with a further page of it; paragraphs that every page repeats are taken once."""
    decoded = decode(part.body[:MAX_BYTES], part.charset_label)
    try:
        doc = None if _is_binary(decoded) else parse(decoded.text)
    except TooLarge:
        doc = None
    body = find_body(doc) if doc is not None else None
    further = render(doc, body, title) if doc is not None and body is not None else ""
    if not further:
        warnings.append(f"分页无法读取：{part.url}")
        return text
    seen = {fold(line) for line in text.split("\n")}
    more = [line for line in further.split("\n") if len(line) < 20 or fold(line) not in seen]
    return "\n".join([text, *more]) if text else "\n".join(more)
