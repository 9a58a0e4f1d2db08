"""Documents that the server refuses, as an administrator sees and mends it: every command as it is typed."""

import os

import pytest
from click.testing import CliRunner

from index.elastic_mapping import alias
from index.search import Kind
from schedules.cli import cli
from schedules.instance import opened
from schedules.jobs.index import feed_or_say, search_engine
from tests.elastic.engines import indices, remove
from tests.elastic.test_faults import settle
from tests.qingbao.test_config import GOOD, instance

SERVER = os.environ.get("QINGBAO_TEST_ELASTIC")


@pytest.fixture
def inst(tmp_path):
    search = f"search:\n  engine: elasticsearch\n  url: {SERVER}\n  prefix: qingbao-refused\n"
    with opened(instance(tmp_path, qingbao_yaml=GOOD["qingbao.yaml"] + search)) as one, search_engine(one) as engine:
        remove(engine)
        yield one
        remove(engine)


def typed(inst, *words):
    result = CliRunner().invoke(cli, ["index", *words, "--instance", str(inst.config.folder)], standalone_mode=False)
    assert result.exception is None, result.exception
    return result.return_value, result.output


def spoil(engine, field):
    """Behind the companies' alias an index in which ``field`` is a number: as if somebody had made it by hand."""
    name = alias(engine.prefix, Kind.COMPANY)
    (old,) = engine.client.indices.get_alias(name=name)
    made = engine.client.indices.get(index=old)[old]
    mappings, new = made["mappings"], f"{old[:-1]}{9 - int(old[-1])}"
    mappings["properties"][field] = {"type": "long"}
    engine.client.indices.create(index=new, mappings=mappings, settings={"analysis": made["settings"]["index"]["analysis"]})
    engine.client.indices.update_aliases(actions=[{"remove": {"index": old, "alias": name}}, {"add": {"index": new, "alias": name}}])


def test_what_is_refused_is_shown_retried_and_mended(inst):
    code, said = typed(inst, "status")
    assert (code, "index rebuild" in said) == (1, True)
    typed(inst, "rebuild")
    assert typed(inst, "refused") == (0, "没有被拒绝的文档。\n")
    with search_engine(inst) as engine:
        spoil(engine, "title")
    settle(inst.records, 0, 3)
    put, trouble = feed_or_say(inst)
    assert (put, trouble) == (3, "检索服务拒绝了 3 个文档；原因见 qingbao index refused。")
    code, said = typed(inst, "refused")
    assert (code, said.count("company c"), said.count("document_parsing_exception")) == (0, 3, 3)
    assert "待送：0，被拒绝：3" in typed(inst, "status")[1]
    assert "3 个文档已重新排队" in typed(inst, "refused", "--retry")[1]
    assert "待送：3，被拒绝：0" in typed(inst, "status")[1]
    feed_or_say(inst)
    assert typed(inst, "refused")[1].count("document_parsing_exception") == 3
    typed(inst, "rebuild")
    assert typed(inst, "refused") == (0, "没有被拒绝的文档。\n")
    assert feed_or_say(inst)[1] is None
    code, said = typed(inst, "status")
    assert (code, "company：3" in said, "待送：0，被拒绝：0" in said) == (0, True, True)
    with search_engine(inst) as engine:
        assert len([name for name in indices(engine) if name.startswith(alias(engine.prefix, Kind.COMPANY))]) == 1
