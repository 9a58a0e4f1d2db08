"""The night as a job: what it does besides the line from page to table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qingbao.errors import CannotWork
from qingbao.model import Page
from schedules.instance import MANUAL_SLUG, Instance, opened
from schedules.jobs.add import text_page
from schedules.jobs.nightly import nightly
from tests.qingbao.test_config import GOOD, instance

NOW = datetime(2026, 9, 14, 18, 30, tzinfo=UTC)
# Nothing to crawl: the night starts from what is in the archive.
QUIET = GOOD["sources.yaml"] + "    enabled: false\n"


def keep_page(inst: Instance, url: str) -> None:
    from pipelines.archive import ArchiveWriter

    run = inst.records.start_run("add")
    with ArchiveWriter(inst.config.data_dir / "archive", run.id) as archive:
        body = text_page("岚砥电机拟建新厂", "岚砥电机有限公司拟投资8亿元建设电机生产基地，选址未定。" * 3, "2026-06-01")
        inst.records.add_page(archive.add(Page(url=url, final_url=url, status=200, content_type="text/html", charset_label="utf-8", body=body,
                                               slug=MANUAL_SLUG, run_id=run.id, fetched_at=inst.clock())))
    inst.records.finish_run(run.id, "done", {})


@pytest.mark.parametrize(("days", "files"), [(200, 2), (90, 1)])
def test_the_night_removes_raw_pages_older_than_the_office_keeps_and_nothing_that_was_read(tmp_path: Path, days: int, files: int) -> None:
    folder = instance(tmp_path, qingbao_yaml=GOOD["qingbao.yaml"] + f"storage: {{archive_days: {days}}}\n", sources_yaml=QUIET)
    for age, url in ((100, "manual:old"), (80, "manual:new")):
        with opened(folder, clock=lambda age=age: NOW - timedelta(days=age)) as inst:
            keep_page(inst, url)
    with opened(folder, clock=lambda: NOW) as inst:
        result = nightly(inst, send=False)
        assert result.counts["purged"] == 2 - files
        assert len(list((folder / "data" / "archive").glob("*.warc.gz"))) == files
        assert {article.url for article in inst.records.articles(None)} == {"manual:old", "manual:new"}
        assert nightly(inst, send=False).counts["purged"] == 0


def test_a_shared_folder_that_is_not_there_keeps_no_mail_back(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    text = GOOD["qingbao.yaml"] + f"storage: {{publish_dir: {tmp_path / 'file' / 'share'}}}\n"
    with opened(instance(tmp_path / "one", qingbao_yaml=text, sources_yaml=QUIET), clock=lambda: NOW) as inst:
        result = nightly(inst)
        assert any("没有复制到共享文件夹" in message for message in result.messages)
        assert result.digests is not None
        assert [path.name for path in result.digests.files] == ["digest-a.eml"]
        last = inst.records.last_run("run")
        assert last is not None
        assert last.status == "done"


def test_the_days_files_are_copied_into_the_shared_folder(tmp_path: Path) -> None:
    text = GOOD["qingbao.yaml"] + f"storage: {{publish_dir: {tmp_path / 'share'}}}\n"
    with opened(instance(tmp_path / "one", qingbao_yaml=text, sources_yaml=QUIET), clock=lambda: NOW) as inst:
        nightly(inst)
    assert {path.name for path in (tmp_path / "share" / "2026-09-15").iterdir()} == {
        "prospects.xlsx", "prospects.csv", "prospects.html", "overview.html", "digest-a.eml"}


def test_a_run_that_ends_in_an_error_is_finished_as_failed(tmp_path: Path) -> None:
    from schedules.ledger import in_ledger

    def fails(inst: Instance) -> None:
        with in_ledger(inst, "match") as entry:
            entry.count({"prospects": 3})
            raise CannotWork("磁盘已满")

    with opened(instance(tmp_path, sources_yaml=QUIET), clock=lambda: NOW) as inst:
        with pytest.raises(CannotWork):
            fails(inst)
        run = inst.records.last_run("match")
        assert run is not None
        assert (run.status, run.counts, list(run.messages)) == ("failed", {"prospects": 3}, ["磁盘已满"])
        assert inst.records.close_interrupted() == []
