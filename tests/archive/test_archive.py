"""The archive: what goes in comes out, standard tools read it, and a crash spoils nothing."""

from __future__ import annotations

import gzip
import os
import stat
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipelines.archive import ArchiveWriter, DamagedRecord, load
from pipelines.archive_care import _filler, forget, mend, overwrite, purge
from qingbao.errors import CannotWork
from qingbao.model import Attachment, Page, Part
from records import open_records
from records.values import FoundLink, PageRow

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # 02:30 of the 25th in Shanghai


def page(n: int = 1, body: bytes | None = None, **more: object) -> Page:
    facts = {
        "url": f"http://h.test/公示/{n}.html?x=1", "final_url": f"http://h.test/公示/{n}.html", "status": 200, "content_type": "text/html", "charset_label": "gb2312",
        "body": f"<html>示例公司第{n}期</html>".encode("gb18030") * 20 if body is None else body, "slug": "news", "list_title": f"示例公司拟建第{n}个基地",
        "list_date": "2026-11-24", "list_row": "示例 2026-11-24", "run_id": "r1", "fetched_at": NOW + timedelta(minutes=n),
    }
    return Page(**{**facts, **more})  # type: ignore[arg-type]


def written(folder: Path, pages: list[Page], run: str = "r1") -> list[PageRow]:
    with ArchiveWriter(folder, run) as writer:
        return [writer.add(one) for one in pages]


def only_file(folder: Path) -> Path:
    (path,) = folder.glob("*.warc.gz")
    return path


FULL = page(
    7, parts=(Part(url="http://h.test/7_1.html", content_type="text/html", charset_label=None, body=b"second"),),
    attachments=(Attachment(url="http://h.test/附件.pdf", name="附件一", content_type="application/pdf", body=b"%PDF\x00\xff"), Attachment(url="http://h.test/b", name="b", content_type=None, body=b"")),
)


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    by_hand = page(5, url="manual:6f1ed002ab5595859014ebf0951522d9", final_url="manual:6f1ed002ab5595859014ebf0951522d9")
    pages = [page(1), FULL, page(2, b""), page(3, content_type=None, charset_label=None), page(4, status=203, list_title=None), by_hand]
    rows = written(tmp_path / "archive", pages)
    assert [load(tmp_path / "archive", row) for row in rows] == pages


@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=3000), title=st.one_of(st.none(), st.text(max_size=50)), path=st.text(max_size=20))
def test_any_body_title_and_address_come_out(tmp_path_factory: pytest.TempPathFactory, body: bytes, title: str | None, path: str) -> None:
    one = page(1, body, list_title=title, url=f"http://h.test/{path}", final_url=f"http://h.test/{path}")
    folder = tmp_path_factory.mktemp("archive")
    (row,) = written(folder, [one])
    assert load(folder, row) == one


def test_standard_tools_read_it_and_the_list_facts_stand_in_it(tmp_path: Path) -> None:
    rows = written(tmp_path, [page(1), FULL])
    with only_file(tmp_path).open("rb") as file:
        seen = [(record.rec_type, record.rec_headers.get_header("WARC-X-Qingbao-Facts"), record.content_stream().read()) for record in ArchiveIterator(file, check_digests="raise")]
    assert [kind for kind, _, _ in seen] == ["warcinfo", "response", "response", "response", "response", "response"]
    assert seen[1][2] == page(1).body
    assert seen[1][1] is not None
    assert seen[1][1].isascii()
    assert "list_title" in seen[1][1]
    assert rows[0].warc_file == only_file(tmp_path).name


def test_only_the_owner_may_read_it_and_each_writer_has_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    written(folder, [page(1)])
    written(folder, [page(2)])
    written(folder, [page(3)], run="r2")
    files = sorted(folder.glob("*.warc.gz"))
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert all(path.name.startswith("2026-11-25-") for path in files)
    with ArchiveWriter(folder, "r3"):
        pass
    assert len(list(folder.glob("*.warc.gz"))) == 3  # nothing fetched, no file


@pytest.mark.parametrize("cut", [1, 8, 30, 200])
def test_a_torn_tail_is_named_and_cut_and_all_else_is_read(tmp_path: Path, cut: int) -> None:
    rows = written(tmp_path, [page(n, os.urandom(300)) for n in range(1, 6)])
    path = only_file(tmp_path)
    os.truncate(path, path.stat().st_size - cut)
    assert [load(tmp_path, row) for row in rows[:-1]] == [page(n, load(tmp_path, rows[n - 1]).body) for n in range(1, 5)]
    with pytest.raises(DamagedRecord, match=f"{path.name}.*http://h.test/公示/5.html"):
        load(tmp_path, rows[-1])
    (damage,) = mend(tmp_path)
    assert (damage.file, damage.offset, damage.cut) == (path.name, rows[-1].offset, True)
    assert "公示/5.html" in str(damage)
    assert path.stat().st_size == rows[-1].offset
    assert mend(tmp_path) == []
    # A new run writes beside it, never into it.
    written(tmp_path, [page(9)], run="r2")
    assert path.stat().st_size == rows[-1].offset
    with path.open("rb") as file:
        assert len(list(ArchiveIterator(file, check_digests="raise"))) == 5
    with pytest.raises(DamagedRecord):
        load(tmp_path, rows[-1])


def test_a_damage_in_the_middle_costs_one_record(tmp_path: Path) -> None:
    rows = written(tmp_path, [page(n, os.urandom(3000)) for n in range(1, 6)])
    path = only_file(tmp_path)
    data = bytearray(path.read_bytes())
    data[rows[2].offset + 20 : rows[2].offset + 300] = bytes(280)
    path.write_bytes(bytes(data) + b"torn")
    found = mend(tmp_path)
    assert [(damage.offset, damage.cut) for damage in found] == [(rows[2].offset, False), (len(data), True)]
    assert path.stat().st_size == len(data)
    for place, row in enumerate(rows):
        if place == 2:
            with pytest.raises(DamagedRecord):
                load(tmp_path, row)
        else:
            assert len(load(tmp_path, row).body) == 3000


def test_whole_files_are_not_looked_at_twice_and_growing_ones_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, [page(1)])
    looked: list[str] = []
    monkeypatch.setattr("pipelines.archive_care._damages", lambda file, name: looked.append(name) or iter(()))
    assert mend(tmp_path) == []
    assert looked == []
    with ArchiveWriter(tmp_path, "r2") as writer:
        writer.add(page(2))
        assert mend(tmp_path) == []
    assert looked == []


def test_the_records_learn_which_pages_are_no_longer_whole(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    rows = written(folder, [page(1), page(2, os.urandom(500)), page(3), FULL])
    others = written(folder, [page(9)], run="r2")
    path = folder / rows[0].warc_file
    data = bytearray(path.read_bytes())
    data[rows[1].offset + 20 : rows[1].offset + 60] = bytes(40)
    path.write_bytes(data[:-5])  # tears the last attachment
    with open_records(tmp_path / "records.db") as records:
        for row in rows + others:
            records.add_page(row)
        assert forget(records, mend(folder)) == 2
        assert [row.url for row in records.pages_to_read(1)] == [rows[0].url, rows[2].url, others[0].url]
        assert forget(records, mend(folder)) == 0


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    (row,) = written(tmp_path, [page(1)])
    only_file(tmp_path).unlink()
    with pytest.raises(DamagedRecord, match="文件不存在"):
        load(tmp_path, row)


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWork, match="存档"):
        written(tmp_path / "file" / "archive", [page(1)])
    with pytest.raises(CannotWork, match="存档"):
        mend(tmp_path / "file")
    assert mend(tmp_path / "nothing yet") == []


def test_one_address_is_removed_and_its_neighbours_stay(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    rows = written(folder, [page(1), FULL, page(8, os.urandom(200_000)), page(2)])
    with open_records(tmp_path / "records.db") as records:
        for row in rows:
            records.found_links(slug="news", list_url="http://h.test/", links=[FoundLink(url=row.url)])
            records.add_page(row)
        assert purge(records, folder, url=rows[1].url) == 1
        assert purge(records, folder, url=rows[2].url) == 1
        assert purge(records, folder, url="http://h.test/none") == 0
        assert [row.url for row in records.pages_to_read(1)] == [rows[0].url, rows[3].url]
    data = only_file(folder).read_bytes()
    assert b"%PDF" not in gzip.decompress(data)
    assert "示例公司第7期".encode("gb18030") not in gzip.decompress(data)
    assert [load(folder, row) for row in (rows[0], rows[3])] == [page(1), page(2)]
    with pytest.raises(DamagedRecord, match="删除"):
        load(folder, rows[1])
    assert len(list(ArchiveIterator(BytesIO(data)))) == 8
    (folder / "whole.tsv").unlink()
    assert mend(folder) == []


def test_old_pages_go_and_young_ones_stay(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    old = written(folder, [page(1), page(2)], run="r1")
    old_file = only_file(folder)
    young = written(folder, [page(3, fetched_at=NOW + timedelta(days=60))], run="r2")
    with open_records(tmp_path / "records.db") as records:
        for row in old + young:
            records.add_page(row)
        assert purge(records, folder, before=NOW + timedelta(days=30)) == 2
        assert [row.url for row in records.pages_to_read(1)] == [young[0].url]
        with pytest.raises(ValueError, match="either"):
            purge(records, folder)  # it would empty the archive
    assert not old_file.exists()
    assert load(folder, young[0]).body


@pytest.mark.parametrize("length", [260, 261, 1000, 65_553, 65_558, 65_559, 65_560, 131_098, 131_103, 131_104, 200_000])
def test_a_filler_has_exactly_the_length_asked_for(length: int) -> None:
    filler = _filler(length)
    assert len(filler) == length
    (record,) = ArchiveIterator(BytesIO(filler))
    assert record.rec_type == "metadata"
    assert record.content_stream().read().strip() == b""


def test_overwriting_a_record_that_is_torn_does_not_make_the_file_grow(tmp_path: Path) -> None:
    (row,) = written(tmp_path, [page(1)])
    path = only_file(tmp_path)
    os.truncate(path, path.stat().st_size - 5)
    size = path.stat().st_size
    overwrite(tmp_path, row)
    assert path.stat().st_size == size
