"""Commands as a person types them: what they take, what they refuse, and how they say it."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.archive import ArchiveWriter, DamagedRecord, load
from qingbao.errors import QingbaoError
from qingbao.keys import page_key
from qingbao.model import Page, Sheet
from schedules.cli import cli
from schedules.cli.office import forget
from schedules.instance import opened
from tests.qingbao.test_config import GOOD, instance
from tests.spiders.site import HTML, Reply, Site

QUIET = GOOD["sources.yaml"] + "    enabled: false\n"
NEWS = "岚砥电机有限公司拟投资8亿元建设新能源汽车电机生产基地，主要生产驱动电机和减速器，选址尚未确定，正在比较川渝多地。\n" * 2


@dataclass
class Typed:
    out: str
    err: str
    code: int


def typed(*words: str, stdin: str | None = None) -> Typed:
    """Run a command in this process; its known troubles become words and a code as in ``main``."""
    done = CliRunner().invoke(cli, list(words), input=stdin, standalone_mode=False)
    if isinstance(done.exception, QingbaoError):
        return Typed(done.stdout, done.stderr + str(done.exception), done.exception.exit_code)
    if done.exception is not None:
        raise done.exception
    return Typed(done.stdout, done.stderr, done.return_value or 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An instance whose list has one firm, found by staff."""
    made = instance(tmp_path / "instance", sources_yaml=QUIET)
    (tmp_path / "news.txt").write_text("岚砥电机拟建新厂\n" + NEWS, "utf-8")
    assert typed("add", str(tmp_path / "news.txt"), "--instance", str(made)).code == 0
    return made


def table(folder: Path) -> Path:
    (path,) = folder.glob("data/out/*/prospects.csv")
    return path


def judged(source: Path, target: Path, encoding: str) -> Path:
    """A copy of the table as a person leaves it: one firm judged, saved by Excel."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert rows
    rows[0][header.index("判断")] = "已联系"
    with target.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return target


@pytest.mark.parametrize(("encoding", "unit"), [("gbk", "甲组"), ("utf-8-sig", "a")])
def test_a_judged_table_comes_back_under_the_units_one_name(folder: Path, tmp_path: Path, encoding: str, unit: str) -> None:
    copy = judged(table(folder), tmp_path / "copy.csv", encoding)
    done = typed("verdicts", "import", str(copy), "--unit", unit, "--instance", str(folder))
    assert (done.code, "读入 1 条" in done.out) == (0, True), done
    with opened(folder) as inst:
        assert [verdict.unit for verdict in inst.records.verdicts()] == ["a"]
        assert [row.sheet for row in inst.records.prospects("p")] == [Sheet.FOLLOWED]


def test_an_unknown_unit_is_refused_and_nothing_is_read_in(folder: Path, tmp_path: Path) -> None:
    copy = judged(table(folder), tmp_path / "copy.csv", "utf-8")
    done = typed("verdicts", "import", str(copy), "--unit", "乙组", "--instance", str(folder))
    assert done.code == 2
    assert "没有单位“乙组”" in done.err
    assert "a（甲组）" in done.err
    with opened(folder) as inst:
        assert inst.records.verdicts() == []


PAGE = {"id": "1", "html": "<h1>岚砥电机拟建新厂</h1>", "url": "http://h.test/1"}
DOCUMENT = {"id": "1", "title": "岚砥电机拟建新厂", "text": NEWS, "published_at": "2026-09-01", "url": "http://h.test/1"}
PARK = {"park_id": "p", "query_id": "p", "park": "云岭经开区", "city": "云岭市", "industry": "电机", "text": "新能源汽车电机、减速器、轴承和电控", "chain_links": ["电机"],
        "industries": [{"industry": "电机", "text": "新能源汽车电机、减速器、轴承和电控", "chain_links": ["电机"]}]}
FIRM = {"id": "c1", "name": "岚砥电机有限公司", "text": "研发生产新能源汽车驱动电机和电控系统，配套整车厂，年产能三十万台。"}


def lines(path: Path, *objects: object) -> str:
    path.write_text("\ufeff" + "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in objects) + "\n\n", "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("command", "good", "bad"),
    [
        (("extract", "--jsonl", "{pages}"), "pages", [{"id": "2"}, {"id": "3", "file": "nosuch.html"}, {"id": "4", "html": 5}]),
        (("signals", "--jsonl", "{docs}"), "docs", []),
        (("rank", "--parks", "{parks}", "--companies", "{firms}"), "parks", [{"park": "没有编号"}]),
        (("rank", "--parks", "{parks}", "--companies", "{firms}"), "firms", [{"name": "没有编号"}]),
        (("prospects", "--parks", "{parks}", "--docs", "{docs}", "--as-of", "2026-09-15"), "parks", [{"park": "没有编号"}, {"park_id": "x", "industries": ["电机"]}]),
        (("prospects", "--parks", "{parks}", "--docs", "{docs}", "--companies", "{firms}", "--as-of", "2026-09-15"), "firms", [{"name": "没有编号"}]),
    ],
)
def test_one_bad_line_never_ends_the_run(tmp_path: Path, command: tuple[str, ...], good: str, bad: list[object]) -> None:
    objects = {"pages": PAGE, "docs": DOCUMENT, "parks": PARK, "firms": FIRM}
    wrong: list[object] = ["不是 JSON", "[1]", "{\"id\":", *bad]
    names = {name: lines(tmp_path / f"{name}.jsonl", *(wrong if name == good else []), one) for name, one in objects.items()}
    done = typed(*(word.format(**names) for word in command))
    assert done.code == 0
    found = [json.loads(line) for line in done.out.splitlines()]
    assert len(found) == 1
    told = [line for line in done.err.splitlines() if f"{good}.jsonl:" in line]
    assert [line.split(":")[1].split()[0] for line in told] == [str(n + 1) for n in range(len(wrong))]
    assert all("已跳过" in line for line in told)


def test_standard_input_is_a_dash() -> None:
    done = typed("signals", "--jsonl", "-", stdin=json.dumps(DOCUMENT, ensure_ascii=False) + "\n")
    assert json.loads(done.out)["signals"][0]["company"] == "岚砥电机有限公司"


def test_what_staff_add_is_stored_as_they_wrote_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "weather.txt").write_text("青禾区天气\n今天天气很好，游客络绎不绝，酒店预订火爆，旅游配套服务继续完善，节日气氛浓厚。", "utf-8")
    assert typed("add", str(tmp_path / "weather.txt"), "--instance", str(folder)).code == 0
    found = [json.loads(line) for line in typed("articles", "--jsonl", "--instance", str(folder)).out.splitlines()]
    assert {one["title"] for one in found} <= {"岚砥电机拟建新厂", "青禾区天气"}
    again = typed("add", str(tmp_path / "weather.txt"), "--instance", str(folder))
    assert "加入 0 篇" in again.out


def test_a_new_instance_says_what_is_still_to_be_filled_in_and_is_not_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert typed("init", str(folder)).code == 0
    done = typed("check", "--instance", str(folder))
    assert done.code == 2
    for words in ("qingbao.yaml:6 crawl.contact", "parks/park.yaml:3 name：还没有填写", "own_places.1：还没有填写", "industries.0.text：还没有填写",
                  "industries.0.chain_links.0：还没有填写", "没有任何来源"):
        assert words in done.err, words
    before = (folder / "qingbao.yaml").read_bytes()
    assert typed("init", str(folder)).code == 2
    assert (folder / "qingbao.yaml").read_bytes() == before


@pytest.mark.parametrize("url", ["ftp://h.test/1", "http://10.0.0.1/1.html"])
def test_an_address_that_must_not_be_asked_is_wrong_use_and_leaves_no_open_run(folder: Path, url: str) -> None:
    done = typed("add", "--url", url, "--instance", str(folder))
    assert (done.code, "不能采集" in done.err) == (2, True)
    with opened(folder) as inst:
        assert inst.records.close_interrupted() == []


def test_a_page_by_its_address_is_read_once_and_robots_are_obeyed(folder: Path) -> None:
    with Site() as site:
        site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /secret/\n")
        site.article("/n/1.html", NEWS)
        site.article("/secret/1.html", NEWS)
        words = ("--instance", str(folder), "--url")
        first = typed("add", *words, f"{site.url}/n/1.html")
        assert (first.code, "加入 1 篇（其中 1 篇可读）" in first.out) == (0, True), first
        again = typed("add", *words, f"{site.url}/n/1.html")
        assert (again.code, "没有变化" in again.err) == (0, True), again
        refused = typed("add", *words, f"{site.url}/secret/1.html")
        assert (refused.code, "robots.txt 不允许" in refused.err) == (1, True), refused
        assert site.paths == ["/n/1.html", "/n/1.html"]


def test_bad_sources_leave_by_counted_doors_and_the_good_one_goes_on(tmp_path: Path) -> None:
    with Site() as bad, Site() as good:
        links = {"/a/empty.html": "空网页的标题写得很长", "/a/huge.html": "五十兆的网页标题很长", "/a/bomb.html": "压缩炸弹的标题写得很长", "/a/noise.html": "乱码的网页标题写得很长"}
        bad.list_page("/a/", {"/a/": "列表连到它自己的标题", **links})
        bad.pages["/a/empty.html"] = Reply(b"", headers=HTML)
        bad.pages["/a/huge.html"] = Reply(b"<p>" + b"x" * (50 << 20), headers=HTML)
        bad.pages["/a/bomb.html"] = Reply(gzip.compress(b"0" * (80 << 20)), headers={**HTML, "Content-Encoding": "gzip"})
        bad.pages["/a/noise.html"] = Reply(bytes(range(256)) * 40, headers=HTML)
        good.list_page("/n/", {"/n/1.html": "岚砥电机拟建新厂选址未定"})
        good.article("/n/1.html", NEWS)
        leaves = "".join(f"  - {{slug: {slug}, name: {slug}, family: generic, start: ['{url}'], delay: 0}}\n"
                         for slug, url in (("bad", f"{bad.url}/a/"), ("garbage", f"{bad.url}/a/noise.html"), ("good", f"{good.url}/n/")))
        folder = instance(tmp_path, sources_yaml=f"own:\n{leaves}")
        done = typed("run", "--instance", str(folder))
        assert done.code == 1, done.err
        assert "岚砥电机有限公司" in done.out
        assert "garbage" in done.out
        with opened(folder) as inst:
            run = inst.records.last_run("run")
            assert run is not None
            assert run.status == "partial"
            doors = inst.records.door_counts(run.id)
            assert sum(doors.values()) == inst.records.page_count(run.id)
            assert doors["read"] == 1
            assert [row.company for row in inst.records.prospects("p")] == ["岚砥电机有限公司"]
            # The huge and the bomb never became pages.
            assert {row.url.rpartition("/")[2] for row in inst.records.archive_pages()} <= {"empty.html", "noise.html", "1.html", ""}
        asked = len(bad.paths)
        assert asked < 20
        assert typed("run", "--instance", str(folder)).code == 1


def test_a_night_whose_mail_was_not_taken_says_so_and_is_sent_later(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGBAO_SMTP_PASSWORD", "s3cret")
    path = folder / "qingbao.yaml"
    path.write_text(path.read_text("utf-8") + "mail: {mode: smtp, host: 127.0.0.1, port: 1, tls: none, user: u, from: u@yunling.gov}\n", "utf-8")
    done = typed("run", "--instance", str(folder))
    assert (done.code, "邮件未发送" in done.out) == (1, True)
    with opened(folder) as inst:
        assert [delivery.state for delivery in inst.records.deliveries(unit="a")] == ["refused"]
        assert inst.records.unit_cursor("a") is None
    assert not [one for one in folder.rglob("*") if one.is_file() and b"s3cret" in one.read_bytes()]


def test_an_address_can_be_taken_out_of_the_archive(tmp_path: Path) -> None:
    """DESIGN 4.2: the archive is deletable by URL; what was read stays."""
    folder = instance(tmp_path / "office")
    with opened(folder) as inst, ArchiveWriter(inst.config.data_dir / "archive", "r1") as archive:
        page = Page(url="http://127.0.0.1/1", final_url="http://127.0.0.1/1", status=200, content_type="text/html", charset_label=None, body=b"<p>x</p>",
                    slug="s", run_id="r1", fetched_at=inst.clock())
        inst.records.add_page(archive.add(page))
    done = CliRunner().invoke(forget, ["http://127.0.0.1/1", "--instance", str(folder)], standalone_mode=False)
    assert done.return_value == 0
    assert "已删除 1 份" in done.output
    with opened(folder) as inst:
        row = inst.records.page(page_key("http://127.0.0.1/1", b"<p>x</p>"))
        assert row is not None
        with pytest.raises(DamagedRecord):
            load(inst.config.data_dir / "archive", row)
