"""Care of the archive: torn tails are cut at the next start, old pages and single addresses removed."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote
from uuid import uuid4

from pipelines.archive import SUFFIX, WHOLE, cannot, note_whole
from qingbao.clock import shanghai_day
from records.values import PageRow, StoredPart

if TYPE_CHECKING:
    from records.store import Records

_CHUNK = 1 << 20
_MAGIC = b"\x1f\x8b\x08"
_STORED_BLOCK = 65535


@dataclass(frozen=True, slots=True)
class Damage:
    """A record that is not whole. ``cut``: it was the file's tail and is gone; otherwise it stays and others follow it."""

    file: str
    offset: int
    url: str | None
    cut: bool

    def __str__(self) -> str:
        which = f"（{self.url}）" if self.url else ""
        return f"存档 {self.file} 第 {self.offset} 字节处的记录{which}不完整，{'已截去' if self.cut else '已跳过'}；其余记录不受影响"


def mend(folder: Path) -> list[Damage]:
    """Look at the files that were not closed whole, or have changed since, and cut what a crash left half-written.

    Files that another process is writing are left alone. Raises ``CannotWork`` where the folder cannot be used.
    """
    try:
        return _mend(folder)
    except OSError as error:
        raise cannot(folder, error) from error


def _mend(folder: Path) -> list[Damage]:
    known = _whole(folder)
    found: list[Damage] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if known.get(path.name) == path.stat().st_size:
            continue
        with path.open("r+b") as file, _alone(file) as alone:
            if alone:
                damages = list(_damages(file, path.name))
                if damages and damages[-1].cut:
                    file.truncate(damages[-1].offset)
                    os.fsync(file.fileno())
                found += damages
                note_whole(folder, path.name, path.stat().st_size)
    return found


def _whole(folder: Path) -> dict[str, int]:
    try:
        lines = (folder / WHOLE).read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    return {name: int(size) for name, _, size in (line.partition("\t") for line in lines) if size.isdigit()}


@contextmanager
def _alone(file: IO[bytes]) -> Iterator[bool]:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
        return
    try:
        yield True
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _damages(file: IO[bytes], name: str) -> Iterator[Damage]:
    """Walk the members of a gzip file. A damaged one followed by a whole one is skipped, a damaged last one is to be cut."""
    size = file.seek(0, os.SEEK_END)
    start = 0
    while start < size:
        end, head = _member(file, start)
        if end is None:
            following = _next_record(file, start + 1)
            yield Damage(name, start, _target(head), following is None)
            if following is None:
                return
            end = following
        start = end


def _member(file: IO[bytes], start: int) -> tuple[int | None, bytes]:
    """Where the gzip member at ``start`` ends (None: it does not), and the beginning of what is in it."""
    file.seek(start)
    unpacker = zlib.decompressobj(31)
    head, position = b"", start
    try:
        while chunk := file.read(_CHUNK):
            position += len(chunk)
            data = unpacker.decompress(chunk, _CHUNK)
            head = head or data[:4096]
            while unpacker.unconsumed_tail and not unpacker.eof:
                unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
            if unpacker.eof:
                return position - len(unpacker.unused_data), head
    except zlib.error:
        pass
    return None, head


def _next_record(file: IO[bytes], start: int) -> int | None:
    """Where after ``start`` the next WARC record begins that can be read to its end."""
    file.seek(start)
    data = file.read()
    at = data.find(_MAGIC)
    while at >= 0:
        end, head = _member(file, start + at)
        if end is not None and head.startswith(b"WARC/"):
            return start + at
        at = data.find(_MAGIC, at + 1)
    return None


def _target(head: bytes) -> str | None:
    found = re.search(rb"WARC-Target-URI: ?<?([^\s>]{1,2000})", head)
    return unquote(found.group(1).decode("utf-8", "replace")) if found else None


def forget(records: Records, damages: list[Damage]) -> int:
    """Tell the records which pages are no longer whole in the archive; returns how many. What was read of them stays."""
    if not damages:
        return 0
    lost = [row.key for row in records.archive_pages() if any(_hits(damage, row) for damage in damages)]
    records.pages_removed(lost)
    return len(lost)


def _hits(damage: Damage, row: PageRow) -> bool:
    pieces: list[PageRow | StoredPart] = [row, *row.parts, *row.attachments]
    return damage.file == row.warc_file and any(
        piece.offset + piece.length > damage.offset if damage.cut else piece.offset == damage.offset for piece in pieces
    )


def purge(records: Records, folder: Path, *, before: datetime | None = None, url: str | None = None) -> int:
    """Remove pages fetched before a moment, or all pages of one address, from the archive; returns how many.

    What was read of them stays in the records. By age whole files are deleted, those that a run began at least a day before; by
    address single records are overwritten in place, so that the offsets of their neighbours stay true.
    """
    if (before is None) == (url is None):
        raise ValueError("either by age or by address")
    rows = records.archive_pages(url=url, before=before)
    if before is not None:
        # A run that begins before midnight goes on after it.
        oldest = (shanghai_day(before) - timedelta(days=1)).isoformat()
        for path in folder.glob(f"????-??-??-*{SUFFIX}"):
            if path.name[:10] < oldest:
                path.unlink()
        rows = [row for row in rows if not (folder / row.warc_file).exists()]
    for row in rows:
        if (folder / row.warc_file).exists():
            overwrite(folder, row)
    records.pages_removed([row.key for row in rows])
    return len(rows)


def overwrite(folder: Path, row: PageRow) -> None:
    """Put empty records of the same length in the place of a page, its parts and its attachments."""
    with (folder / row.warc_file).open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        pieces: list[PageRow | StoredPart] = [row, *row.parts, *row.attachments]
        for piece in pieces:
            if piece.offset + piece.length <= size:
                file.seek(piece.offset)
                file.write(_filler(piece.length))
        file.flush()
        os.fsync(file.fileno())


def _filler(length: int) -> bytes:
    """A gzip member of exactly ``length`` bytes that holds a WARC record of blanks."""
    # Header and trailer of gzip take 18 bytes, each stored block 5; the number of blocks is chosen so that every length can be had.
    blocks = -(-(length - 18) // (_STORED_BLOCK + 5))
    total = length - 18 - 5 * blocks
    head = (f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\nWARC-Date: 1970-01-01T00:00:00Z\r\nContent-Length: ").encode()
    blanks = total - len(head) - 14 - 4
    if blanks < 0:
        raise ValueError(f"a record of {length} bytes is too short to be overwritten")
    data = head + f"{blanks:010}".encode() + b"\r\n\r\n" + b" " * blanks + b"\r\n\r\n"
    packed = _MAGIC + b"\0\0\0\0\0\0\xff"
    for number in range(blocks):
        # The last one may be empty.
        block = data[number * _STORED_BLOCK : (number + 1) * _STORED_BLOCK]
        packed += struct.pack("<BHH", number == blocks - 1, len(block), len(block) ^ 0xFFFF) + block
    return packed + struct.pack("<II", zlib.crc32(data), total & 0xFFFFFFFF)
