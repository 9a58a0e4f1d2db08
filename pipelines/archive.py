"""The archive of raw pages: WARC files that standard tools read, one a process and run, written so that a crash spoils nothing.

It is the border: what is in it can be read again by tomorrow's rules without touching the network. It alone holds raw pages, so its
files are for their owner only (0600). Rows in the records say where each page lies; files are never walked for reading.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from qingbao.clock import shanghai_day
from qingbao.errors import CannotWork, QingbaoError
from qingbao.keys import content_hash, page_key
from qingbao.model import Attachment, Page, Part
from records.values import PageRow, StoredPart

SUFFIX = ".warc.gz"
# Names and sizes of the files that were closed whole, a line each: a file of that size needs no look at the next start.
WHOLE = "whole.tsv"


class DamagedRecord(QingbaoError):
    """A record of the archive cannot be read whole."""


@dataclass(frozen=True, slots=True)
class _Piece:
    url: str
    content_type: str | None
    charset_label: str | None
    body: bytes
    status: int = 200


class ArchiveWriter:
    """One WARC file of one process and run, made with its first page. What ``add`` returned is on the disk."""

    def __init__(self, folder: Path, run_id: str) -> None:
        self.folder = folder
        self.run_id = run_id
        self._file: IO[bytes] | None = None
        self._name = ""

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def add(self, page: Page) -> PageRow:
        """Append a page with its parts and attachments, synced; returns its row for the records.

        ``page`` must have ``slug`` and ``fetched_at``. Raises ``CannotWork`` where the disk does not take it; the file then ends with
        its last whole record.
        """
        if page.slug is None or page.fetched_at is None:
            raise ValueError("a page is archived with its source and the time it was fetched")
        file = self._open(page.fetched_at)
        start = file.tell()
        facts = {name: value for name in ("list_title", "list_date", "list_row", "slug", "run_id") if (value := getattr(page, name)) is not None}
        first = _Piece(page.final_url, page.content_type, page.charset_label, page.body, page.status)
        buffer = BytesIO()
        offset, length = _append(buffer, first, page.fetched_at, {"WARC-X-Qingbao-Facts": quote(json.dumps({**facts, "url": page.url}, ensure_ascii=False))})
        parts, attachments = [], []
        for part in page.parts:
            at, size = _append(buffer, _Piece(part.url, part.content_type, part.charset_label, part.body), page.fetched_at, {})
            parts.append(StoredPart(url=part.url, offset=start + at, length=size, content_type=part.content_type, charset_label=part.charset_label))
        for one in page.attachments:
            at, size = _append(buffer, _Piece(one.url, one.content_type, None, one.body), page.fetched_at, {})
            attachments.append(StoredPart(url=one.url, offset=start + at, length=size, name=one.name, content_type=one.content_type))
        self._write(buffer.getbuffer(), start)
        return PageRow(
            key=page_key(page.url, page.body), url=page.url, final_url=page.final_url, slug=page.slug, warc_file=self._name, offset=start + offset,
            length=length, status=page.status, content_hash=content_hash(page.body), fetched_at=page.fetched_at, content_type=page.content_type,
            charset_label=page.charset_label, list_title=page.list_title, list_date=page.list_date, list_row=page.list_row, run_id=page.run_id,
            parts=tuple(parts), attachments=tuple(attachments),
        )

    def close(self) -> None:
        """End the file and note that it is whole."""
        if self._file is None:
            return
        size = self._file.tell()
        self._file.close()
        self._file = None
        note_whole(self.folder, self._name, size)

    def _open(self, moment: datetime) -> IO[bytes]:
        if self._file is None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._file, self._name = _new_file(self.folder, f"{shanghai_day(moment)}-{self.run_id}-{os.getpid()}")
            except OSError as error:
                raise cannot(self.folder, error) from error
            # Held while the file grows, so that nobody takes its last record for a torn one.
            fcntl.flock(self._file, fcntl.LOCK_EX)
            info = BytesIO()
            writer = WARCWriter(info, gzip=True, warc_version="1.1")
            writer.write_record(writer.create_warcinfo_record(self._name, {"software": "qingbao", "isPartOf": self.run_id}))
            self._write(info.getbuffer(), 0)
        return self._file

    def _write(self, data: memoryview, start: int) -> None:
        assert self._file is not None
        try:
            written = 0
            while written < len(data):
                # A disk that fills up takes a part and says so only at the next write.
                written += self._file.write(data[written:])
            os.fsync(self._file.fileno())
        except OSError as error:
            # Half a record would be read as a shorter page by standard tools.
            self._file.truncate(start)
            self._file.seek(start)
            raise cannot(self.folder / self._name, error) from error


def cannot(path: Path, error: OSError) -> CannotWork:
    """The error in words for people."""
    return CannotWork(f"网页存档无法写入 {path}：{error.strerror or error}。请检查磁盘空间和权限。")


def _new_file(folder: Path, stem: str) -> tuple[IO[bytes], str]:
    for number in range(1000):
        name = f"{stem}{f'-{number}' if number else ''}{SUFFIX}"
        try:
            # Unbuffered: what was written and could not be synced must not be written again at closing.
            return os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0), name
        except FileExistsError:
            continue
    raise FileExistsError(0, "存档文件名已用尽", str(folder / stem))


def note_whole(folder: Path, name: str, size: int) -> None:
    """Remember that a file of this size was looked at and is whole."""
    with (folder / WHOLE).open("a", encoding="utf-8") as file:
        file.write(f"{name}\t{size}\n")


def _append(buffer: BytesIO, piece: _Piece, moment: datetime, more: dict[str, str]) -> tuple[int, int]:
    """Write one record; its offset and length in ``buffer``."""
    offset = buffer.tell()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    kind = "; charset=".join(filter(None, (piece.content_type or ("text/html" if piece.charset_label else ""), piece.charset_label)))
    headers = [("Content-Type", kind)] if kind else []
    # The body is stored decoded, so neither Content-Encoding nor the length on the wire would be true.
    headers.append(("Content-Length", str(len(piece.body))))
    # What staff add by hand came by no HTTP: readers look for its headers under http addresses only, and would take them for text.
    fetched = piece.url.lower().startswith(("http:", "https:"))
    record = writer.create_warc_record(
        quote(piece.url, safe="%/:=&?~#+!$,;'@()*[]"), "response" if fetched else "resource", payload=BytesIO(piece.body), length=len(piece.body),
        warc_content_type="" if fetched else kind or "application/octet-stream",
        http_headers=StatusAndHeaders(f"{piece.status} OK", headers, protocol="HTTP/1.1") if fetched else None,
        warc_headers_dict={"WARC-Date": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), **more},
    )
    writer.write_record(record)
    return offset, buffer.tell() - offset


def load(folder: Path, row: PageRow) -> Page:
    """The page of a row, as it was fetched. Raises ``DamagedRecord`` naming file and address."""
    parts = tuple(
        Part(url=one.url, content_type=one.content_type, charset_label=one.charset_label, body=_body(folder, row, one)) for one in row.parts
    )
    attachments = tuple(Attachment(url=one.url, name=one.name or "", content_type=one.content_type, body=_body(folder, row, one)) for one in row.attachments)
    return Page(
        url=row.url, final_url=row.final_url, status=row.status, content_type=row.content_type, charset_label=row.charset_label,
        body=_body(folder, row, row), parts=parts, attachments=attachments, slug=row.slug, list_title=row.list_title, list_date=row.list_date,
        list_row=row.list_row, run_id=row.run_id, fetched_at=row.fetched_at,
    )


def _body(folder: Path, row: PageRow, at: PageRow | StoredPart) -> bytes:
    path = folder / row.warc_file
    where = f"存档 {row.warc_file} 第 {at.offset} 字节处的记录（{at.url}）"
    try:
        with path.open("rb") as file:
            file.seek(at.offset)
            raw = file.read(at.length)
    except FileNotFoundError as error:
        raise DamagedRecord(f"{where}：文件不存在") from error
    # warcio reads a torn record as a shorter page, without an error; zlib knows whether the record came to its end.
    unpacker = zlib.decompressobj(31)
    try:
        unpacker.decompress(raw)
        if len(raw) < at.length or not unpacker.eof or unpacker.unused_data:
            raise DamagedRecord(f"{where}不完整，无法读取")
        record: Any = next(iter(ArchiveIterator(BytesIO(raw))))
        if record.rec_type not in {"response", "resource"}:
            raise DamagedRecord(f"{where}：内容已按要求删除")
        return bytes(record.raw_stream.read())
    except zlib.error as error:
        raise DamagedRecord(f"{where}已损坏：{error}") from error
    except StopIteration as error:
        raise DamagedRecord(f"{where}为空") from error
