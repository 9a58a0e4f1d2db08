"""Files beside an article: links with their names, and the text of fetched PDF, Word and Excel notices, all bounded."""

from __future__ import annotations

import io
import logging
import re
import time
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from pipelines.read.body import Body
from pipelines.read.markup import Doc, squeeze
from pipelines.read.redact import redact
from qingbao.model import Attachment, AttachmentText

MAX_BYTES = 20_000_000
MAX_TEXT = 200_000  # characters kept of one file
MAX_PAGES = 80  # of a PDF
MAX_ROWS = 5_000  # of a sheet
MAX_UNPACKED = 40_000_000  # bytes a zip container may unpack to; a tree of it in memory takes ten times as much
MAX_SECONDS = 8.0  # after which no further page of a PDF is begun
MAX_LINKS = 50
_EXTENSION = re.compile(r"\.(pdf|docx?|xlsx?|wps|et|ofd|pptx?|zip|rar|7z|csv)(?:$|[?#])", re.I)
_DOWNLOAD = re.compile(r"downfile\.jsp|download\.jsp|/download/|DownloadServlet|/files/|downloadFile|attach(?:ment)?/", re.I)
_NAMED = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|pptx?|zip|rar)\b|^附件", re.I)


def attachment_links(doc: Doc, body: Body | None, base: str) -> list[tuple[str, str]]:
    """(address, name) of the files that the page offers, those in and after the body; at most ``MAX_LINKS``."""
    found: dict[str, str] = {}
    start = body.node if body is not None else 0
    for i in range(start, len(doc.nodes)):
        if doc.tags[i] != "a" or len(found) >= MAX_LINKS:
            continue
        href = (doc.nodes[i].get("href") or "").strip()
        if not href or href.lower().startswith(("javascript:", "mailto:", "data:", "#")) or len(href) > 2000:
            continue
        text = squeeze("".join(doc.nodes[i].itertext()))[:200]
        if not (_EXTENSION.search(href) or (_NAMED.search(text) and _DOWNLOAD.search(href))):
            continue
        try:
            url = urljoin(base, href)
            name = text or squeeze(doc.nodes[i].get("title") or "") or unquote(urlsplit(url).path.rsplit("/", 1)[-1])
        except ValueError:
            continue
        found.setdefault(url, name)
    return list(found.items())


def kind_of(body: bytes) -> str:
    """pdf, docx, xlsx, ole (old Word and Excel), zip, html or unknown, by the first bytes: names lie."""
    head = body[:1024].lstrip()
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                names = archive.namelist()
                if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED or len(names) > 10_000:
                    return "bomb"
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return "unknown"
        if any(name.startswith("word/") for name in names):
            return "docx"
        return "xlsx" if any(name.startswith("xl/") for name in names) else "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if head[:1] == b"<" and re.search(rb"<(?:!doctype\s+html|html|head|body|script)", head, re.I):
        return "html"
    return "unknown"


def read_attachment(attachment: Attachment) -> AttachmentText:
    """Text of one fetched file, redacted; where there is none, a Chinese note says why. Never raises."""
    body = attachment.body
    text: str | None = None
    note: str | None = None
    if not body:
        note = "文件为空（0字节）"
    elif len(body) > MAX_BYTES:
        note = "文件超过20MB，未读取"
    else:
        text, note = _read(kind_of(body), body)
    return AttachmentText(url=attachment.url, name=attachment.name, text=redact(text) if text else None, note=note)


_NOTES = {
    "ole": "旧版Office格式（doc/xls），未读取", "zip": "压缩包，未展开", "bomb": "压缩文件展开后过大，未读取", "html": "下载到的是网页，不是文件", "unknown": "无法识别的文件格式",
}


def _read(kind: str, body: bytes) -> tuple[str | None, str | None]:
    if kind in _NOTES:
        return None, _NOTES[kind]
    readers = {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx}
    try:
        return readers[kind](body)
    # Three libraries meet hostile files: whatever they raise (RecursionError and struct.error included), the page must still be read.
    except Exception as error:  # noqa: BLE001
        return None, f"文件损坏，无法读取（{type(error).__name__}）"


def _bounded(lines: Iterator[str]) -> str:
    kept: list[str] = []
    size = 0
    for line in lines:
        line = line.strip()
        if line:
            kept.append(line)
            size += len(line) + 1
            if size >= MAX_TEXT:
                break
    return "\n".join(kept)[:MAX_TEXT]


def _pdf(body: bytes) -> tuple[str | None, str | None]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        return None, "文件已加密，无法读取"
    count = len(reader.pages)

    def lines() -> Iterator[str]:
        started = time.monotonic()
        for page in reader.pages[:MAX_PAGES]:
            if time.monotonic() - started > MAX_SECONDS:
                break
            yield from (page.extract_text() or "").split("\n")

    text = _joined(_bounded(lines()))
    if len(re.sub(r"\s", "", text)) < 8 * min(count, MAX_PAGES):
        return None, f"扫描件（{count}页），没有文字层"
    return text, f"共{count}页，只读取前{MAX_PAGES}页" if count > MAX_PAGES else None


def _joined(text: str) -> str:
    """Lines of a PDF are lines of paper: join those that end in the middle of a sentence."""
    lines = text.split("\n")
    width = max((len(line) for line in lines), default=0)
    out: list[str] = []
    for line in lines:
        if out and len(out[-1].rsplit("\n", 1)[-1]) >= 0.7 * width and out[-1][-1] not in "。！？；：:;" and line[:1] > "\u2e80" and out[-1][-1] > "\u2e80":
            out[-1] += line
        else:
            out.append(line)
    return "\n".join(out)


def _docx(body: bytes) -> tuple[str | None, str | None]:
    from docx import Document
    from docx.table import Table

    def lines() -> Iterator[str]:
        for block in Document(io.BytesIO(body)).iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    cells: list[str] = []
                    for cell in row.cells:
                        text = " ".join(cell.text.split())
                        if not cells or cells[-1] != text:  # a merged cell is given once for each column
                            cells.append(text)
                    yield "\t".join(cells)
            else:
                yield block.text

    text = _bounded(lines())
    return (text, None) if text else (None, "文件没有文字")


def _xlsx(body: bytes) -> tuple[str | None, str | None]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)

    def lines() -> Iterator[str]:
        for sheet in book.worksheets[:20]:
            for row in sheet.iter_rows(max_row=MAX_ROWS, max_col=60, values_only=True):
                cells = ["" if value is None else " ".join(str(value).split()) for value in row]
                if any(cells):
                    yield "\t".join(cells).rstrip("\t")

    try:
        text = _bounded(lines())
    finally:
        book.close()
    return (text, None) if text else (None, "文件没有文字")
