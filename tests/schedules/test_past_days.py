"""What was on a past day: the list as it stood, and why a firm moved since."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from qingbao.errors import UsageError
from schedules.instance import opened
from schedules.jobs.add import add_all
from schedules.jobs.report import write_tables_of
from schedules.lock import one_at_a_time
from schedules.summary import show_why
from tests.qingbao.test_config import GOOD, instance
from tests.schedules.test_commands import typed

QUIET = GOOD["sources.yaml"] + "    enabled: false\n"
OPEN = "岚砥电机有限公司拟投资8亿元建设新能源汽车电机生产基地，主要生产驱动电机和减速器，选址尚未确定，正在比较川渝多地。"
SIGNED = "岚砥电机有限公司与湖北省武汉市江夏区签订投资协议，拟投资8亿元建设新能源汽车电机生产基地，主要生产驱动电机和减速器。"
FIRST, SECOND = date(2026, 9, 10), date(2026, 9, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An instance that read of an open plan on one day, and of its site ten days later."""
    made = instance(tmp_path / "instance", sources_yaml=QUIET)
    for day, title, text in ((FIRST, "岚砥电机拟建新厂", OPEN), (SECOND, "岚砥电机落户武汉", SIGNED)):
        document = json.dumps({"title": title, "text": text * 2, "published_at": day.isoformat(), "url": f"http://h.test/{day}"}, ensure_ascii=False)
        with opened(made, clock=lambda day=day: datetime(day.year, day.month, day.day, 4, tzinfo=UTC)) as inst, one_at_a_time(inst.config.data_dir) as lock:
            assert add_all(inst, (), BytesIO(document.encode()), None, lock=lock).read == 1
    return made


def sites(folder: Path, day: date) -> list[str]:
    with (folder / f"data/out/{day}/prospects-as-it-stood.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["选址状态"] for row in csv.DictReader(file)]


def test_the_list_of_a_past_day_is_written_as_it_stood(folder: Path) -> None:
    own = (folder / f"data/out/{FIRST}/prospects.csv").read_bytes()
    for day, site in ((FIRST, "未定"), (date(2026, 9, 15), "未定"), (SECOND, "外地已定")):
        done = typed("table", "--as-of", day.isoformat(), "--instance", str(folder))
        assert (done.code, "prospects-as-it-stood.xlsx" in done.out) == (0, True), done
        assert sites(folder, day) == [site]
    assert (folder / f"data/out/{FIRST}/prospects.csv").read_bytes() == own


@pytest.mark.parametrize(("day", "said"), [("2026-09-01", "没有运行过"), ("2099-01-01", "不能晚于今天")])
def test_a_day_without_a_list_is_refused_with_what_to_do(folder: Path, day: str, said: str) -> None:
    done = typed("table", "--as-of", day, "--instance", str(folder))
    assert (done.code, said in done.err) == (2, True), done
    with opened(folder) as inst, pytest.raises(UsageError, match="qingbao match --as-of 2026-09-01"):
        write_tables_of(inst, date(2026, 9, 1))


def test_why_since_a_day_names_reason_points_model_and_inputs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(folder) as inst:
        assert show_why(inst, "岚砥电机", date(2026, 9, 12)) == 0
    said = capsys.readouterr().out
    assert "2026-09-12 以来：优先级" in said
    assert "选址未定，仍可争取 → 已定在外地" in said
    assert "意向 −88" in said
    assert said.count("依据 1 篇") >= 1
    assert "公式 20" in said
    assert said.index(f"    {FIRST}  ") < said.index(f"    {SECOND}  ")


def test_why_of_a_firm_that_came_later_says_when(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(folder) as inst:
        show_why(inst, "岚砥电机", date(2026, 9, 1))
    assert f"{FIRST} 进入名单，此后：优先级" in capsys.readouterr().out


def test_why_of_a_firm_that_left_the_list_tells_what_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("match", "--as-of", "2027-06-01", "--instance", str(folder)).code == 0
    with opened(folder) as inst:
        assert show_why(inst, "岚砥电机", date(2026, 9, 12)) == 0
    said = capsys.readouterr().out
    assert "目前不在名单上" in said
    assert "2027-06-01 起不在名单上；此前：" in said


def test_why_without_a_change_says_so_and_shows_each_sentence_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(folder) as inst:
        show_why(inst, "岚砥电机", SECOND)
    said = capsys.readouterr().out
    reasons = said[said.index("  意向 ") : said.index("  可信度 ")]
    assert reasons.count(SIGNED[:20]) == 1
    assert reasons.count("http://h.test/") == 1
    with opened(folder) as inst:
        show_why(inst, "岚砥电机", date(2026, 9, 25))
    assert "2026-09-25 以来没有变化。" in capsys.readouterr().out
