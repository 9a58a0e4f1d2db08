"""The embedded engine's file: broken, of another version, under several processes, on a full disk."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from index import embedded
from index.embedded import EmbeddedSearch
from index.search import Query, SearchLost
from qingbao.errors import CannotWork
from tests.index.samples import doc, keys

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "search.db"


def filled(path, number=3):
    engine = EmbeddedSearch(path)
    engine.rebuild([doc(f"{n:03}", f"扩产{n}", "云岭机电拟扩产。" * 50) for n in range(number)])
    return engine


def test_a_new_file_asks_to_be_filled_until_it_is(path):
    assert EmbeddedSearch(path).rebuild_reason() == embedded.NEW
    assert EmbeddedSearch(path).rebuild_reason() == embedded.NEW
    assert EmbeddedSearch(path).health().message is None
    filled(path)
    assert EmbeddedSearch(path).rebuild_reason() is None


@pytest.mark.parametrize("name", ["SCHEMA_VERSION", "cut_version"])
def test_a_file_of_another_version_is_emptied_and_asks_to_be_filled(path, monkeypatch, name):
    filled(path)
    monkeypatch.setattr(embedded, name, 99 if name == "SCHEMA_VERSION" else lambda: "99")
    engine = EmbeddedSearch(path)
    assert engine.rebuild_reason() == engine.health().message == embedded.OTHER_VERSION
    assert keys(engine) == []
    engine.rebuild([doc("a")])
    assert keys(EmbeddedSearch(path)) == ["a"]


@pytest.mark.parametrize("content", [b"x" * 5000, b"SQLite format 3\0" + b"\xff" * 5000], ids=["garbage", "broken head"])
def test_a_broken_file_is_made_anew_and_asks_to_be_filled(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    engine = EmbeddedSearch(path)
    assert engine.rebuild_reason() == embedded.BROKEN
    assert engine.rebuild([doc("a")]).count == 1


def test_a_file_that_breaks_later_is_given_up_with_a_sentence(path):
    engine = filled(path, 300)
    content = bytearray(path.read_bytes())
    for at in range(3 * 4096, len(content)):
        content[at] = 0xFF
    path.write_bytes(content)
    with pytest.raises(SearchLost, match="已损坏"):
        engine.search(Query(words="云岭"))
    assert engine.rebuild_reason() == embedded.BROKEN
    engine.rebuild([doc("a")])
    assert keys(engine) == ["a"]


def test_a_file_that_somebody_removed_is_made_anew(path):
    engine = filled(path)
    path.unlink()
    with pytest.raises(SearchLost):
        engine.counts()
    assert engine.rebuild_reason() == embedded.BROKEN


def test_a_full_disk_is_said_plainly_and_leaves_what_was_there(path, monkeypatch):
    engine = filled(path)
    real = sqlite3.connect

    def narrow(*arguments, **more):
        opened = real(*arguments, **more)
        opened.execute("PRAGMA max_page_count = 1")
        return opened

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", narrow)
        with pytest.raises(CannotWork, match="磁盘已满"):
            engine.put([doc(f"new{n}", text=f"{n}云岭" * 2000) for n in range(50)])
    assert len(keys(engine)) == 3
    engine.put([doc("new")])
    assert len(keys(engine)) == 4


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWork, match="无法建立数据文件夹"):
        EmbeddedSearch(tmp_path / "file" / "search.db")


def test_a_python_without_full_text_search_is_said_plainly(path, monkeypatch):
    monkeypatch.setattr(embedded, "_TABLES", embedded._TABLES.replace("fts5", "fts5_not_there"))
    monkeypatch.setattr(embedded, "trouble", lambda words, *rest: "FTS5" if "no such module" in words else None)
    with pytest.raises(CannotWork, match="FTS5"):
        EmbeddedSearch(path)


PUT = """
import sys
from pathlib import Path
from index.embedded import EmbeddedSearch
from tests.index.samples import doc
engine = EmbeddedSearch(Path(sys.argv[1]))
for n in range(30):
    engine.put([doc(f"{sys.argv[2]}-{n}", "扩产"), doc("shared", f"扩产{n}", version=n)])
"""


def test_several_processes_put_and_search_at_once(path):
    """The file is new to all of them."""
    putting = [subprocess.Popen([sys.executable, "-c", PUT, path, str(n)], cwd=ROOT, stderr=subprocess.PIPE, text=True) for n in range(3)]
    engine = EmbeddedSearch(path)
    while any(process.poll() is None for process in putting):
        engine.search(Query(words="扩产"))
    for process in putting:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    assert engine.search(Query(words="扩产")).total == 3 * 30 + 1
    assert engine.search(Query(words="扩产29")).total == 1


def test_a_kill_inside_a_rebuild_leaves_the_old_state(path):
    filled(path)
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom index.embedded import EmbeddedSearch\nfrom tests.index.samples import doc\n"
        "def documents():\n    for n in range(500):\n        yield doc(str(n), '新')\n    os.kill(os.getpid(), 9)\n"
        "EmbeddedSearch(Path(sys.argv[1])).rebuild(documents())\n"
    )
    assert subprocess.run([sys.executable, "-c", code, path], cwd=ROOT, check=False).returncode == -9
    engine = EmbeddedSearch(path)
    assert engine.rebuild_reason() is None
    assert keys(engine) == ["000", "001", "002"]


def test_what_is_taken_out_leaves_no_trace_in_the_full_text(path):
    """Else scores and counts drift with every change: the pieces taken out must be the ones that were put in."""
    engine = filled(path)
    for version in range(2, 5):
        engine.put([doc("000", f"㎡ ＡＢ 積體電路 {version}", "發展，3.5 1,200", version=version, names=("甲", "乙"))])
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO found (found) VALUES ('integrity-check')")
        db.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'found', 'row')")
        assert db.execute("SELECT doc FROM temp.vocabulary WHERE term = '积'").fetchone() is None
        assert db.execute("SELECT doc FROM temp.vocabulary WHERE term = '集'").fetchone() == (1,)
