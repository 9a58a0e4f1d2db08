"""A key that changes nothing is a defect: every key of an instance is read where the work is done, and some are seen to work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from qingbao import config
from qingbao.leaves import Leaf
from qingbao.list_files import ListRow
from schedules.cli import cli
from tests.qingbao.test_config import GOOD, instance

ROOT = Path(__file__).resolve().parent.parent
# Where keys may be used; config.py, leaves.py and model.py only carry them.
WORK = [path for package in ("schedules", "matcher", "spiders", "pipelines", "reports", "index", "records") for path in sorted((ROOT / package).rglob("*.py"))]
WORK += [ROOT / "qingbao" / name for name in ("routing.py", "crawling.py", "places.py", "config.py")]
TEXT = "\n".join(path.read_text("utf-8") for path in WORK)
# model → how a use of its keys is written; the name of the value differs where a key of the file is called otherwise
USES: dict[type[BaseModel], str] = {
    config.StorageConfig: r"storage\.{key}\b", config.SearchConfig: r"search\.{key}\b", config.KibanaConfig: r"(kibana|where|settings|config|said)\.{key}\b",
    config.CrawlConfig: r"crawl\.{key}\b", config.MailConfig: r"mail\.{key}\b", config.ScheduleConfig: r"(schedule|at)\.{key}\b",
    config.UnitConfig: r"(unit|one)\.{key}\b", config.Takes: r"(takes|rule)\.{key}\b", Leaf: r"source\.{key}\b", config._Park: r"park\.{key}\b",
    config._Exclude: r"rules\.{key}\b", config._Industry: r"(industry|one)\.{key}\b", config._Link: r"(link|node)\.{key}\b",
}
RENAMED = {(config._Park, "exclude"): "exclusions", (config._Link, "state"): "local_state"}


def keys() -> Iterator[tuple[type[BaseModel], str]]:
    for model in USES:
        for name in model.model_fields:
            yield model, name


@pytest.mark.parametrize(("model", "key"), list(keys()), ids=lambda value: value if isinstance(value, str) else value.__name__.strip("_"))
def test_every_key_is_read_where_the_work_is_done(model: type[BaseModel], key: str) -> None:
    written = RENAMED.get((model, key), key)
    assert re.search(USES[model].format(key=written), TEXT), f"nothing reads {model.__name__}.{key}"


@pytest.mark.parametrize("column", [name for name in ListRow.__dataclass_fields__ if name not in {"line", "list_name"}])
def test_every_column_of_a_list_is_read_where_the_work_is_done(column: str) -> None:
    assert re.search(rf"\brow\.{column}\b", TEXT) or re.search(rf"\brow, ?\"{column}\"", TEXT)


def test_the_template_of_a_new_instance_names_every_key_of_the_office() -> None:
    written = (ROOT / "schedules" / "templates" / "instance" / "qingbao.yaml").read_text("utf-8")
    for name, field in config.InstanceConfig.model_fields.items():
        assert re.search(rf"^#? ?{name}:", written, re.M), name
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            for key, one in inner.model_fields.items():
                assert re.search(rf"^[# ]+{one.alias or key}:", written, re.M), (name, key)


def test_kind_and_region_of_a_source_are_shown(tmp_path: Path) -> None:
    folder = instance(tmp_path, sources_yaml=GOOD["sources.yaml"] + "    kind: eia\n    region: 四川省/云岭市\n    enabled: false\n")
    shown = CliRunner().invoke(cli, ["sources", "--instance", str(folder)], standalone_mode=False).stdout
    assert "环评" in shown
    assert "四川省/云岭市" in shown
