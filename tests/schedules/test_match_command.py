"""``qingbao match``: what it says of the model, and companies that staff name as good."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.qingbao.test_config import GOOD, instance
from tests.schedules.test_commands import NEWS, QUIET, typed

FIRMS = {
    "岚砥电机有限公司": NEWS,
    "沐砚轴承股份有限公司": "沐砚轴承股份有限公司拟投资3亿元建设精密轴承生产基地，主要生产轴承和齿轮，选址尚未确定，正在比较川渝多地。\n" * 2,
    "屿禾食品有限公司": "屿禾食品有限公司拟投资2亿元建设预制菜生产基地，主要生产预制菜和调味品，选址尚未确定，正在比较川渝多地。\n" * 2,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = instance(tmp_path / "instance", sources_yaml=QUIET)
    for number, (name, text) in enumerate(FIRMS.items()):
        (tmp_path / f"{number}.txt").write_text(f"{name}拟建新厂\n{text}", "utf-8")
        assert typed("add", str(tmp_path / f"{number}.txt"), "--instance", str(made)).code == 0
    assert typed("match", "--instance", str(made)).code == 0
    return made


def matched(folder: Path, *more: str, stdin: str | None = None) -> list[str]:
    done = typed("match", "--instance", str(folder), *more, stdin=stdin)
    assert done.code == 0, done.err
    return [line for line in done.out.splitlines() if not line.startswith("/")]


def fit_of(folder: Path, name: str) -> float:
    line = next(line for line in typed("why", name, "--instance", str(folder)).out.splitlines() if line.strip().startswith("匹配度 "))
    return float(line.split()[1])


def test_a_night_without_changes_says_nothing_of_the_model(folder: Path) -> None:
    assert matched(folder) == ["云岭经开区：潜在投资者 3 家"]


def test_a_new_model_is_told_with_how_far_the_list_moved(folder: Path) -> None:
    said = matched(folder, "--refit")
    assert said[0].startswith("匹配模型已重建（3 家企业，版本 ")
    assert said[1] == "云岭经开区：前 20 名与上次重合 100%"


def test_a_changed_statement_renews_its_part_and_says_so(folder: Path) -> None:
    park = folder / "parks/p.yaml"
    before = fit_of(folder, "屿禾食品有限公司")
    park.write_text(park.read_text("utf-8").replace("发展新能源汽车电机、减速器、轴承和电控", "发展预制菜、调味品和冷链食品"), "utf-8")
    assert matched(folder)[:2] == ["园区档案或示范企业有变，已更新匹配模型：电机", "云岭经开区：前 20 名与上次重合 100%"]
    assert fit_of(folder, "屿禾食品有限公司") > before
    assert len(matched(folder)) == 1


def test_named_companies_move_the_order_until_they_are_taken_back(folder: Path) -> None:
    before = fit_of(folder, "屿禾食品有限公司")
    line = json.dumps({"query_id": "p", "company_id": "屿禾食品有限公司"}, ensure_ascii=False)
    assert matched(folder, "--examples", "-", stdin=line)[:2] == ["示范企业：“电机”1 家", "园区档案或示范企业有变，已更新匹配模型：电机"]
    taught = fit_of(folder, "屿禾食品有限公司")
    assert taught > before + 5
    assert len(matched(folder)) == 1  # the next nights keep them
    assert fit_of(folder, "屿禾食品有限公司") == taught
    assert matched(folder, "--examples", "-", stdin="")[0] == "示范企业：已全部取消"
    assert fit_of(folder, "屿禾食品有限公司") == before


@pytest.mark.parametrize(("query", "company", "words"), [
    ("q", "屿禾食品有限公司", "没有“q”，可写 p、p/电机"), ("p/食品", "屿禾食品有限公司", "没有“p/食品”"), ("p/电机", "没有这家", "没有企业“没有这家”"),
])
def test_unknown_names_are_wrong_use_and_change_nothing(folder: Path, query: str, company: str, words: str) -> None:
    done = typed("match", "--instance", str(folder), "--examples", "-", stdin=json.dumps({"query_id": query, "company_id": company}))
    assert done.code == 2
    assert words in done.err
    assert not (folder / "data/examples.json").exists()


def test_an_industry_that_is_asked_for_no_more_loses_its_examples(folder: Path) -> None:
    matched(folder, "--examples", "-", stdin=json.dumps({"query_id": "p/电机", "company_id": "岚砥电机有限公司"}))
    (folder / "parks/p.yaml").write_text(GOOD["parks/p.yaml"].replace("name: 电机", "name: 食品"), "utf-8")
    assert matched(folder)[-1] == "云岭经开区：潜在投资者 3 家"
