"""The instance folder: every mistake at once, each with file, line and key; every key changes something."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qingbao.config import CATALOGUE, load, read_park
from qingbao.errors import ConfigError, UsageError
from qingbao.leaves import FAMILIES, read_catalogue

GOOD = {
    "qingbao.yaml": 'crawl:\n  contact: "云岭招商局 mailto:bot@yunling.gov"\nunits:\n  - slug: a\n    name: 甲组\n    recipients: [a@yunling.gov]\n    default: true\n',
    "parks/p.yaml": "slug: p\nname: 云岭经开区\ncity: 云岭市\nown_places: [云岭市]\nindustries:\n  - name: 电机\n    text: 发展新能源汽车电机、减速器、轴承和电控，承接整车配套，引进上下游企业。\n",
    "sources.yaml": "own:\n  - slug: s\n    name: 云岭网\n    family: generic\n    start: [http://127.0.0.1:1/]\n",
}


def instance(folder: Path, **changed: str) -> Path:
    for name, text in {**GOOD, **{key.replace("__", "/").replace("_yaml", ".yaml"): value for key, value in changed.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder)
    return caught.value.problems


def test_a_good_instance_loads(tmp_path: Path) -> None:
    config = load(instance(tmp_path))
    assert [park.name for park in config.parks] == ["云岭经开区"]
    assert config.sources[0].hosts == ("127.0.0.1:1",)
    assert config.records_url == f"sqlite:///{tmp_path / 'data' / 'records.db'}"
    assert config.notices == ()


def test_all_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    broken = GOOD["qingbao.yaml"].replace("    name: 甲组\n", "    nmae: 甲组\n")
    found = problems(instance(tmp_path, qingbao_yaml=broken, parks__p_yaml="slug: p\nname: x\ncity: y\nindustries: []\n",
                              sources_yaml="own:\n  - slug: s\n    name: n\n    family: nosuch\n    start: [ftp://x]\n"))
    text = "\n".join(found)
    assert "qingbao.yaml:5 units.0.nmae：不认识的项" in text
    assert "units.0.name：缺少此项" in text
    assert "parks/p.yaml:4 industries：至少要写一个产业" in text
    assert "sources.yaml:4 own.0.family：不认识的平台类型“nosuch”" in text
    assert "own.0.start" in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "不是有效的 YAML"), ("a: 1\na: 2\n", "写了两次"), ("\t- x", "不是有效的 YAML"), ("- x", "应为“键: 值”的形式"), ("", "缺少此项"),
    ],
)
def test_broken_yaml_names_file_and_line(tmp_path: Path, text: str, words: str) -> None:
    found = problems(instance(tmp_path, qingbao_yaml=text))
    assert any(words in line and "qingbao.yaml:" in line for line in found), found


@pytest.mark.parametrize("contact", ["请填写单位名称和邮箱", "mailto:a@example.com", "没有邮箱"])
def test_crawling_refuses_an_empty_or_example_contact(tmp_path: Path, contact: str) -> None:
    text = GOOD["qingbao.yaml"].replace("云岭招商局 mailto:bot@yunling.gov", contact)
    assert any("crawl.contact" in line for line in problems(instance(tmp_path, qingbao_yaml=text)))


def test_exactly_one_default_unit(tmp_path: Path) -> None:
    assert any("default: true" in line for line in problems(instance(tmp_path, qingbao_yaml=GOOD["qingbao.yaml"].replace("    default: true\n", ""))))


def test_a_unit_names_only_industries_of_the_park(tmp_path: Path) -> None:
    text = GOOD["qingbao.yaml"] + "    takes: {industries: [食品]}\n"
    assert any("没有产业“食品”" in line for line in problems(instance(tmp_path, qingbao_yaml=text)))


def test_smtp_needs_a_host(tmp_path: Path) -> None:
    assert any("mail.host" in line for line in problems(instance(tmp_path, qingbao_yaml=GOOD["qingbao.yaml"] + "mail: {mode: smtp}\n")))


def test_a_folder_that_is_no_instance_says_what_to_do(tmp_path: Path) -> None:
    assert "qingbao init" in problems(tmp_path)[0]


def test_a_short_industry_text_is_a_notice(tmp_path: Path) -> None:
    config = load(instance(tmp_path, parks__p_yaml="slug: p\nname: x\ncity: y\nindustries: [{name: 电机}]\n"))
    assert "不足 30 字" in config.notices[0]


def test_links_read_short_and_long(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(GOOD["parks/p.yaml"] + "    chain_links: [轴承, {name: 减速器, position: 上游, key: true, state: 缺}]\n", "utf-8")
    park, wrong, _ = read_park(path)
    assert wrong == []
    assert park is not None
    links = park.industries[0].chain_links
    assert [(one.name, one.position, one.key, one.local_state) for one in links] == [("轴承", None, False, None), ("减速器", "上游", True, "缺")]


def test_the_catalogue_is_clean_and_unchecked_leaves_are_off() -> None:
    from qingbao.config import CATALOGUE

    leaves, wrong = read_catalogue(CATALOGUE)
    assert wrong == []
    assert all(leaf.terms_checked_on or not leaf.enabled for leaf in leaves.values())
    assert all(leaf.checked_note for leaf in leaves.values() if not leaf.enabled)


def test_families_named_in_leaves_are_those_that_exist() -> None:
    folder = Path(__file__).resolve().parents[2] / "spiders" / "families"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__", "base"} >= set(FAMILIES)


def test_the_password_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGBAO_SMTP_PASSWORD", "s3cret")
    monkeypatch.setenv("QINGBAO_RECORDS_URL", "postgresql://u:p@h/db")
    config = load(instance(tmp_path))
    assert config.mail.password == "s3cret"
    assert config.records_url == "postgresql://u:p@h/db"
    assert "s3cret" not in repr(config)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("use: guangan-gov\nown: {a: 1}\n", ["sources.yaml:1 use：应为列表", "sources.yaml:2 own：应为列表"]),
        ("- a\n", ["sources.yaml:1 应为“键: 值”的形式"]),
        ("use: [5, {slug: nosuch}, {enabled: true}, {slug: guangan-gov, enable: true}]\n",
         ["use.0：应为“键: 值”的形式", "use.1：目录中没有来源“nosuch”", "use.2.slug：缺少此项", "use.3.enable：不认识的项"]),
        ("own:\n  - {slug: Aa, name: n, family: generic, start: [], max_pages: 0}\n  - 5\n",
         ["own.0.slug：只能用小写英文字母", "own.0.start：至少要有 1 项", "own.0.max_pages：应不小于 1", "sources.yaml:3 own.1：应为“键: 值”的形式"]),
    ],
)
def test_every_wrong_shape_of_the_sources_is_named_in_chinese(tmp_path: Path, text: str, words: list[str]) -> None:
    found = problems(instance(tmp_path, sources_yaml=text))
    assert [word for word in words if not any(word in line for line in found)] == [], found
    assert len(found) == len(words)


def test_wrong_shapes_in_a_park_are_named_once_each(tmp_path: Path) -> None:
    text = "slug: p\nname: 云岭\ncity: 云岭市\nindustries:\n  - 电机\n  - {name: 轴承, chain_links: [{name: 保持架, position: 高}, 5]}\n"
    found = problems(instance(tmp_path, parks__p_yaml=text))
    assert [line.split("p.yaml:")[1] for line in found] == [
        "5 industries.0：应为“键: 值”的形式", "6 industries.1.chain_links.0.position：应为其中之一：上游、中游、下游", "6 industries.1.chain_links.1：应为文字（必要时加引号）",
    ]


def test_a_catalogue_source_that_the_office_has_checked_is_enabled_where_it_is_used(tmp_path: Path) -> None:
    text = "use:\n  - guangan-gov\n  - {slug: mianzhu-gov, enabled: true, terms_checked_on: 2026-12-01, delay: 9}\n"
    catalogue, _ = read_catalogue(CATALOGUE)
    plain, said = load(instance(tmp_path, sources_yaml=text)).sources
    assert plain == catalogue["guangan-gov"]
    assert (said.enabled, said.terms_checked_on, said.delay) == (True, date(2026, 12, 1), 9.0)
    assert said.name == catalogue["mianzhu-gov"].name


@pytest.mark.parametrize(
    ("stated", "words"), [("nonsense", "应写 sqlite"), ("postgresql://u:secret@h/db", "不要写密码"), ("postgresql://h", "应写 sqlite"), ("mysql://h/db", "应写 sqlite")],
)
def test_a_slip_in_the_records_address_begins_no_empty_database(tmp_path: Path, stated: str, words: str) -> None:
    found = problems(instance(tmp_path, qingbao_yaml=GOOD["qingbao.yaml"] + f"storage: {{records: '{stated}'}}\n"))
    assert [words in line and "storage.records" in line for line in found] == [True]


def test_the_environment_names_the_records_with_their_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load(instance(tmp_path))
    monkeypatch.setenv("QINGBAO_RECORDS_URL", "postgresql://u:secret@h/db")
    assert config.records_url == "postgresql://u:secret@h/db"
    monkeypatch.setenv("QINGBAO_RECORDS_URL", "nonsense")
    with pytest.raises(UsageError, match="QINGBAO_RECORDS_URL"):
        load(tmp_path)


def test_a_relative_shared_folder_lies_in_the_instance_and_a_missing_one_is_noticed(tmp_path: Path) -> None:
    config = load(instance(tmp_path, qingbao_yaml=GOOD["qingbao.yaml"] + "storage: {publish_dir: share}\n"))
    assert config.storage.publish_dir == tmp_path / "share"
    assert any("storage.publish_dir" in notice for notice in config.notices)
    (tmp_path / "share").mkdir()
    assert load(tmp_path).notices == ()
