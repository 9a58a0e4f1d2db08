"""Input and output lines of ``qingbao extract``."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from pipelines.read.extract_files import extract_line
from tests.read.pages import html, paragraphs

PAGE = html(f"<h1>云岭经开区集中签约</h1><div>发布时间：2026-03-19 09:12　来源：云岭日报</div><div>{paragraphs()}</div>", title="云岭经开区集中签约_云岭日报")


def test_file_string_and_bytes_give_the_same_record(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE.encode("gb18030"))
    lines = [extract_line(given, tmp_path) for given in ({"id": 1, "file": "a.html"}, {"id": 1, "html": PAGE}, {"id": 1, "bytes_b64": base64.b64encode(PAGE.encode()).decode()})]
    assert lines[0] == lines[1] == lines[2]
    assert {key: lines[0][key] for key in ("id", "title", "published_at", "source", "door")} == {
        "id": 1, "title": "云岭经开区集中签约", "published_at": "2026-03-19T09:12:00+08:00", "source": "云岭日报", "door": "read",
    }


def test_a_day_without_a_time_is_written_as_a_day(tmp_path: Path) -> None:
    assert extract_line({"id": 2, "html": PAGE.replace(" 09:12", "")}, tmp_path)["published_at"] == "2026-03-19"


def test_the_address_helps_and_none_is_needed(tmp_path: Path) -> None:
    bare = PAGE.replace("发布时间：2026-03-19 09:12　", "")
    assert extract_line({"id": 3, "html": bare}, tmp_path)["published_at"] is None
    assert extract_line({"id": 3, "html": bare, "url": "http://www.yunling.example/202603/t20260319_7.html"}, tmp_path)["published_at"] == "2026-03-19"


def test_a_line_that_names_no_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="缺少"):
        extract_line({"id": 4}, tmp_path)
    with pytest.raises(OSError):
        extract_line({"id": 4, "file": "missing.html"}, tmp_path)
