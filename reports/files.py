"""Files that are whole or not there: written beside, synced, renamed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from qingbao.errors import CannotWork

_REASONS = {
    errno.ENOSPC: "磁盘空间不足；请清理后重新运行，原有文件未改动",
    errno.EDQUOT: "磁盘配额已满；请清理后重新运行，原有文件未改动",
    errno.EFBIG: "文件超过系统允许的大小",
    errno.EACCES: "没有写入权限；请检查文件夹的权限，或文件是否正被打开",
    errno.EPERM: "没有写入权限；请检查文件夹的权限，或文件是否正被打开",
    errno.EBUSY: "文件正被其他程序打开；请关闭后重新运行",
    errno.ETXTBSY: "文件正被其他程序打开；请关闭后重新运行",
    errno.EROFS: "磁盘是只读的；请换一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOENT: "文件夹不存在（共享文件夹是否已挂载？）",
    errno.ENAMETOOLONG: "文件名太长",
}


def cannot_write(path: Path, error: OSError) -> CannotWork:
    """The error for people: which file could not be written, why, and what to do."""
    reason = _REASONS.get(error.errno or 0) or f"系统错误：{error.strerror or error}"
    return CannotWork(f"无法写入 {path}：{reason}")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; on leaving it takes the name, on an error it is removed and ``path`` stays as it was."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        yield beside
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        try:
            beside.unlink(missing_ok=True)
        except OSError:  # what failed to be written may also fail to be removed; the first error is the one to tell
            pass


def _sweep(path: Path) -> None:
    """Remove what processes that were killed while they wrote this file have left beside it."""
    for left in path.parent.glob(f".{escape(path.name)}.*.part"):
        writer = left.suffixes[-2].lstrip(".")
        if writer.isdigit() and not _runs(int(writer)):
            left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def write_bytes(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, whole or not at all."""
    with replacing(path) as beside:
        beside.write_bytes(data)


def write_with(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a file beside ``path``, then rename it."""
    with replacing(path) as beside:
        write(beside)


def publish(files: Iterable[Path], folder: Path) -> list[Path]:
    """Copy files into a shared folder, each whole or not at all; returns the copies."""
    copies = []
    for file in files:
        target = folder / file.name
        with replacing(target) as beside:
            shutil.copyfile(file, beside)
        copies.append(target)
    return copies
