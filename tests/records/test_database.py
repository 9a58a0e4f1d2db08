"""Transactions under several processes, and what happens when the machine does not play along."""

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import event, text

from qingbao.errors import CannotWork
from records import open_records
from records.values import FoundLink, LinkOutcome

ROOT = Path(__file__).parents[2]
LINK = FoundLink(url="https://zs.example.cn/1.html")

COUNT_UP = """
import sys
from records import open_records
from records.values import LinkOutcome
with open_records(sys.argv[1]) as records:
    for _ in range(200):
        records.link_outcome("https://zs.example.cn/1.html", LinkOutcome.FAILED)
"""

# Reads before it writes in one transaction, as most of our writers do: begun DEFERRED, four of them lose 480 of 800 updates.
READ_THEN_WRITE = """
import sys
from sqlalchemy import text
from records import open_records
with open_records(sys.argv[1]) as records:
    for _ in range(200):
        with records._writing() as connection:
            tries = connection.execute(text("SELECT tries FROM links")).scalar_one()
            connection.execute(text("UPDATE links SET tries = :tries"), {"tries": tries + 1})
"""


def start(code, *arguments):
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stderr=subprocess.PIPE, text=True)


def finish(processes):
    for process in processes:
        _, errors = process.communicate(timeout=6000)
        assert process.returncode == 0, errors


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "records.db"


@pytest.mark.parametrize("code", [COUNT_UP, READ_THEN_WRITE], ids=["update", "read then write"])
def test_four_processes_lose_no_update(records, code):
    records.found_links(slug="zs", list_url="l", links=[LINK])
    place = records.path or records._url.render_as_string(hide_password=False)
    finish([start(code, place) for _ in range(4)])
    assert records.link(LINK.url).tries == 800


def test_processes_that_open_a_new_file_at_once_make_it_once(path):
    finish([start("import sys; from records import open_records; open_records(sys.argv[1]).close()", path) for _ in range(4)])
    with open_records(path) as records:
        assert records.runs() == []


def test_readers_see_the_state_before_while_a_writer_writes(path):
    with open_records(path) as records, open_records(path) as other:
        records.found_links(slug="zs", list_url="l", links=[LINK])
        with records._writing() as connection:
            connection.execute(text("UPDATE links SET tries = 5"))
            seen = []
            readers = [threading.Thread(target=lambda: seen.append(other.link(LINK.url).tries)) for _ in range(4)]
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join(120)
            assert seen == [0, 0, 0, 0]
        assert other.link(LINK.url).tries == 5


def test_a_transaction_that_fails_leaves_nothing(path):
    with open_records(path) as records:
        records.found_links(slug="zs", list_url="l", links=[LINK])
        with pytest.raises(CannotWork), records._writing() as connection:  # noqa: PT012
            connection.execute(text("DELETE FROM links"))
            raise CannotWork
        assert records.link(LINK.url) is not None


def test_a_kill_inside_a_transaction_leaves_nothing(path):
    with open_records(path) as records:
        records.found_links(slug="zs", list_url="l", links=[LINK])
    code = (
        "import os, sys\nfrom sqlalchemy import text\nfrom records import open_records\n"
        "with open_records(sys.argv[1])._writing() as connection:\n"
        "    connection.execute(text('DELETE FROM links'))\n    os.kill(os.getpid(), 9)\n"
    )
    process = start(code, path)
    process.communicate(timeout=600)
    assert process.returncode == -9
    with open_records(path) as records:
        assert records.link(LINK.url) is not None
        records.link_outcome(LINK.url, LinkOutcome.FAILED)


def test_a_full_disk_is_said_plainly_and_leaves_what_was_there(path):
    with open_records(path) as records:
        records.found_links(slug="zs", list_url="l", links=[LINK])
        records._engine.dispose()
        event.listen(records._engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count = 1"))
        with pytest.raises(CannotWork, match="磁盘已满"):
            records.found_links(slug="zs", list_url="l", links=[FoundLink(url=f"https://zs.example.cn/{n}") for n in range(5000)])
        assert len(records.waiting_links("zs", 10)) == 1
    with open_records(path) as records:
        assert records.found_links(slug="zs", list_url="l", links=[FoundLink(url="https://zs.example.cn/2")]).new == 1


def test_a_read_only_database_is_said_plainly(path):
    with open_records(path) as records:
        event.listen(records._engine, "connect", lambda raw, _: raw.execute("PRAGMA query_only = ON"))
        records._engine.dispose()
        with pytest.raises(CannotWork, match="只读"):
            records.start_run("run")


def as_one_who_may_not_write(path):
    """What a user hears who may read ``path`` but not write (root may write everywhere, so root becomes nobody for it)."""
    reader, writer, words = *os.pipe(), ""
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            open_records(path).start_run("run")
            words = "it could be written"
        except CannotWork as error:
            words = str(error)
        finally:
            os.write(writer, words.encode())
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as answer:
        return answer.read()


@pytest.mark.parametrize("there_already", [False, True])
def test_a_read_only_folder_is_said_plainly(there_already):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "records.db")
        if there_already:
            open_records(path).close()
        Path(folder).chmod(0o555)
        words = as_one_who_may_not_write(path)
        Path(folder).chmod(0o755)
    assert re.fullmatch("数据库.*只读.*权限。|无法打开数据库.*可写。", words)


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWork, match="无法建立数据文件夹"):
        open_records(tmp_path / "file" / "records.db")


def test_a_folder_in_the_place_of_the_file(tmp_path):
    with pytest.raises(CannotWork, match="无法打开数据库"):
        open_records(tmp_path)


def test_a_file_that_is_no_database(path):
    path.parent.mkdir()
    path.write_bytes(b"x" * 5000)
    with pytest.raises(CannotWork, match="不是数据库文件"):
        open_records(path)
    assert path.read_bytes() == b"x" * 5000


def test_a_database_that_another_process_holds_for_too_long(path, monkeypatch):
    with open_records(path):
        pass
    monkeypatch.setattr("records.database.BUSY_SECONDS", 0.05)
    with open_records(path) as records:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(CannotWork, match="占用"):
            records.start_run("run")
        holder.close()
        records.start_run("run")


def test_a_mistake_of_ours_stays_what_it_is(path):
    from sqlalchemy.exc import IntegrityError

    with open_records(path) as records, pytest.raises(IntegrityError), records._writing() as connection:
        connection.execute(text("INSERT INTO links (url) VALUES ('x')"))


def test_a_path_with_signs_that_mean_something_in_urls(tmp_path):
    path = tmp_path / "园区 100%?#" / "records.db"
    with open_records(path) as records:
        records.start_run("run")
    assert path.exists()


@pytest.mark.parametrize("url", ["oracle+nodriver://x/y", "mysql+nosuchdriver://x/y"])
def test_a_server_without_its_driver_is_said_plainly(url):
    with pytest.raises(CannotWork, match="驱动"):
        open_records(url)


def test_a_database_url_of_sqlite_works_like_a_path(path):
    with open_records(f"sqlite:///{path}") as records:
        records.start_run("run")
    with open_records(path) as records:
        assert len(records.runs()) == 1
