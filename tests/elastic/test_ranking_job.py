"""``qingbao match --engine elastic``: the same list as on one machine, and plain words where it cannot be."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from demo.build import write_instance
from demo.sites import serve
from index.elastic import ElasticSearch
from qingbao.errors import CannotWork, UsageError
from qingbao.model import CompanyText, EventType, Site, TextPart
from records.values import Settlement
from schedules.cli import cli
from schedules.instance import opened
from schedules.jobs.index import rebuild
from schedules.jobs.match import match
from schedules.jobs.nightly import nightly
from schedules.ledger import in_ledger
from tests.elastic.conftest import SERVER
from tests.elastic.engines import indices, remove, settings
from tests.elastic.firms import firms, thirty_parks
from tests.elastic.server import free_port
from tests.matcher.plans import TODAY, company, investment
from tests.qingbao.test_config import GOOD
from tests.qingbao.test_config import instance as write_files

PREFIX = "qingbao-job"
FIRMS = firms(2_400, seed=21)
WITH_NEWS = sorted(FIRMS)[::3]
SITES = (Site.OPEN, Site.NONE, Site.LEAVING)
INDUSTRIES = [park.industries[0] for park in thirty_parks()[:6]]


def served_by(url):
    return f"search:\n  engine: elasticsearch\n  url: {url}\n  prefix: {PREFIX}\n"


@pytest.fixture
def server():
    """What this module leaves on the server goes."""
    engine = ElasticSearch(settings(SERVER, PREFIX))
    remove(engine)
    yield engine
    remove(engine)
    engine.close()


@pytest.fixture
def folder(tmp_path):
    """An instance of a park with six industries, its records filled with companies of which a third have news."""
    park = yaml.safe_load(GOOD["parks/p.yaml"])
    park["industries"] = [
        {"name": one.name, "text": one.text, "chain_links": [{"name": link.name} for link in one.chain_links]} for one in INDUSTRIES
    ]
    write_files(tmp_path, qingbao_yaml=GOOD["qingbao.yaml"] + served_by(SERVER), parks__p_yaml=yaml.safe_dump(park, allow_unicode=True))
    store(tmp_path, FIRMS, WITH_NEWS)
    return tmp_path


def store(folder, texts, with_news):
    plans = [investment(one, ident=f"i{one}", site=SITES[n % 3], kind=list(EventType)[n % 5]) for n, one in enumerate(with_news)]
    with opened(folder) as instance:
        instance.records.store_settlement(Settlement(
            companies=tuple(company(one) for one in texts), investments=tuple(plans),
            texts=tuple(CompanyText(company_id=one, parts=(TextPart(text=text, kind="profile", source="x"),)) for one, text in texts.items()),
        ))


def matched(folder, engine, **more):
    """The park's list and the messages."""
    with opened(folder, clock=lambda: datetime.now(UTC), as_of=TODAY) as instance, in_ledger(instance, "match") as ledger:
        made = match(instance, ledger.id, engine=engine, **more)
    return made.prospects["p"], made.messages


def same_list(here, there):
    assert len(here) == len(there)
    assert [(p.company_id, p.tier, p.industry, p.link) for p in here] == [(p.company_id, p.tier, p.industry, p.link) for p in there]
    for a, b in zip(here, there, strict=True):
        assert (a.fit is None) == (b.fit is None)
        assert b.fit == (None if a.fit is None else pytest.approx(a.fit, rel=0.01))
        assert sum(r.points for r in b.reasons if r.number == "fit") == pytest.approx(b.fit or 0.0, abs=1e-6)


def test_both_engines_end_with_the_same_list(folder, server):
    here, _ = matched(folder, "local")
    there, messages = matched(folder, "elastic")
    assert len(here) == len(WITH_NEWS)
    assert messages == ("在 Elasticsearch 中匹配：2400 家企业，新建向量索引，写入 2400 家，删除 0 家",)
    assert here[0].model_version == there[0].model_version
    same_list(sorted(here, key=lambda p: p.company_id), sorted(there, key=lambda p: p.company_id))
    assert len({p.company_id for p in here[:100]} & {p.company_id for p in there[:100]}) >= 95


def test_a_night_writes_what_changed_and_keeps_the_model(folder, server):
    matched(folder, "elastic")
    changed = dict.fromkeys(WITH_NEWS[:2], "公司专门制造氢燃料电池电堆、储氢瓶和加氢站设备，员工一百人，产品供应城市公交。") | {"new": "制造光伏组件和逆变器，员工三百人，产品销往各地电站，年产两千万件。"}
    store(folder, changed, ["new"])
    there, messages = matched(folder, "elastic")
    assert messages == ("在 Elasticsearch 中匹配：2401 家企业，写入 3 家，删除 0 家",)
    here, _ = matched(folder, "local")
    assert here[0].model_version == there[0].model_version
    same_list(sorted(here, key=lambda p: p.company_id), sorted(there, key=lambda p: p.company_id))


def test_a_refit_says_so_and_leaves_one_index(folder, server):
    matched(folder, "elastic")
    (before,) = indices(server)
    store(folder, firms(400, seed=22), [])
    there, messages = matched(folder, "elastic", refit=True)
    assert re.fullmatch(r"匹配模型已重建（2400 家企业，版本 [0-9a-f]{12}）", messages[0])
    (after,) = indices(server)
    assert before != after
    here, said = matched(folder, "local")
    assert said == ()
    same_list(sorted(here, key=lambda p: p.company_id), sorted(there, key=lambda p: p.company_id))


def test_a_changed_statement_is_learned_here(folder, server):
    matched(folder, "elastic")
    park = folder / "parks" / "p.yaml"
    park.write_text(park.read_text("utf-8").replace(INDUSTRIES[0].text, INDUSTRIES[1].text), "utf-8")
    there, messages = matched(folder, "elastic")
    assert messages[:2] == (f"园区档案或示范企业有变，已更新匹配模型：{INDUSTRIES[0].name}", "在 Elasticsearch 中匹配：2400 家企业，写入 0 家，删除 0 家")
    here, _ = matched(folder, "local")
    same_list(sorted(here, key=lambda p: p.company_id), sorted(there, key=lambda p: p.company_id))


def test_a_server_that_is_away_stops_it_and_leaves_the_list(folder, server):
    before, _ = matched(folder, "local")
    file = folder / "qingbao.yaml"
    file.write_text(file.read_text("utf-8").replace(SERVER, f"http://127.0.0.1:{free_port()}"), "utf-8")
    with pytest.raises(CannotWork, match=r"名单没有改动：无法连接搜索服务 .*去掉 --engine elastic 可在本机匹配"):
        matched(folder, "elastic")
    with opened(folder) as instance:
        assert instance.records.prospects("p") == before
        assert [run.status for run in instance.records.runs("match", limit=2)] == ["failed", "done"]


def table(folder):
    (file,) = folder.glob("data/out/*/prospects.csv")
    with file.open(encoding="utf-8-sig", newline="") as opened_file:
        return [[re.sub(r"\br[0-9a-f]{18}\b", "run", cell) for cell in row] for row in csv.reader(opened_file)]


def test_the_demo_matched_by_command_has_the_same_table(tmp_path: Path, server):
    with serve() as sites:
        write_instance(tmp_path, sites.bases, day=sites.today)
        with opened(tmp_path) as instance:
            nightly(instance, send=False)
        order = ["match", "--instance", str(tmp_path), "--as-of", str(sites.today)]
        with pytest.raises(UsageError, match=r"search.engine 是 embedded.*去掉 --engine elastic"):
            CliRunner().invoke(cli, [*order, "--engine", "elastic"], catch_exceptions=False)
        file = tmp_path / "qingbao.yaml"
        file.write_text(file.read_text("utf-8").replace("engine: embedded", f"engine: elasticsearch\n  url: {SERVER}\n  prefix: {PREFIX}"), "utf-8")
        with opened(tmp_path) as instance:
            rebuild(instance)
        tables = []
        for engine in ("local", "elastic"):
            done = CliRunner().invoke(cli, [*order, "--engine", engine], catch_exceptions=False)
            assert done.exit_code == 0, done.output
            assert ("在 Elasticsearch 中匹配" in done.output) == (engine == "elastic")
            tables.append(table(tmp_path))
    assert len(tables[0]) > 10
    assert tables[0] == tables[1]
