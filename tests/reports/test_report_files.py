"""Files are whole or not there, whatever the disk does."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qingbao.errors import CannotWork
from qingbao.list_files import ListRow, parse_list
from reports.files import publish, replacing, write_bytes, write_with
from reports.lists_csv import list_bytes, write_list


def test_old_file_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_bytes(path, b"old")

    def full_disk(beside: Path) -> None:
        beside.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(CannotWork, match=r"磁盘空间不足.*原有文件未改动"):
        write_with(path, full_disk)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]


def test_real_full_disk(tmp_path: Path) -> None:
    """/dev/full answers every write with "no space left on device"."""
    with pytest.raises(CannotWork, match="磁盘空间不足"), replacing(tmp_path / "a.csv"), open("/dev/full", "wb", buffering=0) as full:
        full.write(b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("code", "words"), [
    (errno.EACCES, "权限"), (errno.EROFS, "只读"), (errno.EBUSY, "关闭"), (errno.ENOENT, "挂载"), (errno.EIO, "系统错误"),
])
def test_reason_in_chinese(tmp_path: Path, code: int, words: str) -> None:
    def fail(beside: Path) -> None:
        raise OSError(code, "x")

    with pytest.raises(CannotWork, match=words) as caught:
        write_with(tmp_path / "a.csv", fail)
    assert "a.csv" in str(caught.value)


def test_other_errors_leave_nothing_half(tmp_path: Path) -> None:
    def fail(beside: Path) -> None:
        beside.write_bytes(b"half")
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        write_with(tmp_path / "a.csv", fail)
    assert list(tmp_path.iterdir()) == []


def test_publish_copies(tmp_path: Path) -> None:
    day = tmp_path / "out" / "2026-11-25"
    write_bytes(day / "prospects.csv", b"x")
    copies = publish([day / "prospects.csv"], tmp_path / "share" / "2026-11-25")
    assert [c.read_bytes() for c in copies] == [b"x"]
    assert copies[0] == tmp_path / "share" / "2026-11-25" / "prospects.csv"


def test_publish_to_nowhere(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a", b"x")
    write_bytes(tmp_path / "share", b"a file and no folder")
    with pytest.raises(CannotWork, match="share"):
        publish([tmp_path / "a"], tmp_path / "share")


def test_list_comes_back_as_written(tmp_path: Path) -> None:
    rows = (
        ListRow(name="天衡电机有限公司", stock_code="000123", year=2025, intro="一\n二,\"三\""),
        ListRow(name="=云岭", phone="+86 28 1234"),
    )
    assert parse_list(list_bytes(rows), Path("x.csv")).rows == rows
    write_list(tmp_path / "a.csv", rows)
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "证券代码" in (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[0]


def test_what_a_killed_writer_left_is_swept_and_a_living_ones_is_not(tmp_path: Path) -> None:
    target = tmp_path / "prospects[1].xlsx"
    kill = f"import os, pathlib\nfrom reports.files import replacing\nwith replacing(pathlib.Path({str(target)!r})) as beside:\n    beside.write_bytes(b'half')\n    os._exit(9)"
    subprocess.run([sys.executable, "-c", kill], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    living = tmp_path / f".{target.name}.{os.getppid()}.part"
    living.write_bytes(b"")
    write_bytes(target, b"whole")
    assert sorted(tmp_path.iterdir()) == sorted([target, living])
