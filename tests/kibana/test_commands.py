"""``qingbao kibana`` as it is typed: files, exit codes, Chinese sentences."""

import json

import pytest
from click.testing import CliRunner

from qingbao.config import load
from qingbao.errors import ConfigError, QingbaoError
from schedules.cli import cli
from tests.kibana.fake import KEY, PASSWORD, FakeKibana, serving

YAML = """
crawl: {{contact: "某招商局 mailto:a@yunling.cn"}}
units:
  - {{slug: zonghe, name: 综合科, recipients: [a@yunling.cn], default: true}}
  - {{slug: zb, name: 装备局, recipients: [b@yunling.cn]}}
{more}
"""
PARK = "slug: yl\nname: 云岭经开区\ncity: 云岭市\nindustries: [{name: 智能装备, text: 生产工业机器人、减速器、伺服电机和数控机床的企业以及它们的零部件供应商}]\n"
LEAF = "own: [{slug: chenbao, name: 云岭晨报, family: generic, start: ['http://127.0.0.1:1/'], hosts: ['127.0.0.1:1']}]\n"


@pytest.fixture
def instance(tmp_path):
    def write(more=""):
        (tmp_path / "parks").mkdir(exist_ok=True)
        (tmp_path / "qingbao.yaml").write_text(YAML.format(more=more), "utf-8")
        (tmp_path / "parks" / "yl.yaml").write_text(PARK, "utf-8")
        (tmp_path / "sources.yaml").write_text(LEAF, "utf-8")
        return tmp_path

    return write


def typed(*words, env=None):
    """Exit code and what was said, as ``schedules.cli.main`` gives them."""
    result = CliRunner().invoke(cli, ["kibana", *map(str, words)], env=env or {}, standalone_mode=False)
    if isinstance(result.exception, QingbaoError):
        return result.exception.exit_code, str(result.exception)
    assert result.exception is None, result.exception
    return result.return_value, result.output


def test_export_writes_the_same_file_twice(instance, tmp_path):
    folder, files = instance(), [tmp_path / "a.ndjson", tmp_path / "b.ndjson"]
    for file in files:
        code, said = typed("export", "--instance", folder, "--out", file)
        assert (code, str(file) in said) == (0, True)
    assert files[0].read_bytes() == files[1].read_bytes()
    titles = [json.loads(line)["attributes"].get("title") for line in files[0].read_text("utf-8").split("\n")]
    assert {"我的产业 · 综合科", "我的产业 · 装备局"} <= set(titles)
    assert "云岭晨报" in files[0].read_text("utf-8")


def test_export_refuses_another_ending(instance, tmp_path):
    code, said = typed("export", "--instance", instance(), "--out", tmp_path / "a.json")
    assert (code, ".ndjson" in said) == (2, True)
    assert not (tmp_path / "a.json").exists()


def test_import_by_the_configuration(instance):
    kibana = FakeKibana()
    kibana.secured = True
    with serving(kibana) as url:
        folder = instance(f"kibana: {{url: '{url}', space: invest, user: qb}}")
        env = {"QINGBAO_KIBANA_PASSWORD": PASSWORD}
        assert typed("import", "--instance", folder, env=env) == (3, "Kibana 中没有空间“invest”。请加 --create-space 新建，或改 qingbao.yaml 中的 kibana.space。")
        code, said = typed("import", "--instance", folder, "--create-space", env=env)
        assert code == 0
        assert "已新建空间" in said
        count = len(kibana.objects("invest"))
        assert f"8.19.16：{count} 个对象" in said
        assert typed("import", "--instance", folder, env=env)[0] == 0
        assert len(kibana.objects("invest")) == count
        code, said = typed("import", "--instance", folder, "--keep", env=env)
        assert code == 3
        assert "什么都没有写入" in said
        assert "搜索“今日新线索”" in said
        assert "还有" in said
        assert typed("import", "--instance", folder, "--space", "second", "--create-space", env={"QINGBAO_KIBANA_API_KEY": KEY})[0] == 0
        assert len(kibana.objects("second")) == count
        code, said = typed("import", "--instance", folder)
        assert (code, "拒绝登录" in said) == (3, True)


def test_one_object_that_is_refused_is_not_done(instance):
    kibana = FakeKibana()
    kibana.broken["search", "qb-search-tier-a"] = {"type": "unknown", "message": "m", "statusCode": 400}
    with serving(kibana) as url:
        code, said = typed("import", "--instance", instance(f"kibana: {{url: '{url}'}}"), "--create-space")
    assert code == 3
    assert "搜索“甲级线索”" in said


def test_without_a_kibana_section(instance):
    code, said = typed("import", "--instance", instance())
    assert (code, "kibana" in said) == (2, True)


@pytest.mark.parametrize(("more", "words"), [
    ("kibana: {url: 'http://a:b@x'}", "用户名和密码不要写在里面"), ("kibana: {url: 'http://x', space: 空间}", "space"),
    ("kibana: {url: 'http://x', password: p}", "password"), ("kibana: {space: x}", "url"),
])
def test_mistakes_in_the_section(instance, more, words):
    with pytest.raises(ConfigError) as told:
        load(instance(more))
    assert any(words in problem for problem in told.value.problems)


def test_every_key_of_the_section_changes_something(instance, tmp_path):
    from schedules.jobs.kibana import settings_of

    found = settings_of(load(instance("kibana: {url: 'http://x:1/k', space: s, user: u, ca_file: ca.crt}")))
    assert (found.url, found.space, found.user, found.ca_file) == ("http://x:1/k", "s", "u", tmp_path.resolve() / "ca.crt")


def test_check_needs_the_server(instance):
    code, said = typed("check", "--instance", instance())
    assert (code, "elasticsearch" in said) == (2, True)
