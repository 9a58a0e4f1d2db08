"""The demo's instance folder: complete, valid, kept as the user left it, and put right when the sites move."""

from datetime import date
from pathlib import Path

import pytest

from demo.build import MEMORY, move_addresses, read_memory, write_instance
from demo.pages import SITES
from qingbao import config

DAY = date(2026, 3, 2)
BASES = {site: f"http://127.0.0.1:{9000 + place}" for place, site in enumerate(SITES)}


def test_the_instance_loads_without_a_complaint(tmp_path: Path) -> None:
    assert write_instance(tmp_path, BASES, day=DAY)
    loaded = config.load(tmp_path)
    assert {source.start[0].split("/")[2] for source in loaded.sources} == {base.split("//")[1] for base in BASES.values()}
    assert [len(industry.chain_links) >= 5 for industry in loaded.parks[0].industries] == [True] * 4
    assert sum(unit.default for unit in loaded.units) == 1
    assert {kind for kind, _ in loaded.list_files} == {"targets", "residents", "talks", "watch", "profiles"}


def test_a_second_writing_keeps_the_users_changes(tmp_path: Path) -> None:
    write_instance(tmp_path, BASES, day=DAY)
    park = tmp_path / "parks" / "yunling.yaml"
    park.write_text(park.read_text("utf-8") + "# 我的备注\n", "utf-8")
    sources = tmp_path / "sources.yaml"
    sources.write_text(sources.read_text("utf-8") + "# 我的来源\n", "utf-8")
    moved = {**BASES, "yunling": BASES["qinghe"], "qinghe": BASES["yunling"]}  # two sites change places
    assert not write_instance(tmp_path, moved)
    assert park.read_text("utf-8").endswith("# 我的备注\n")
    text = sources.read_text("utf-8")
    assert text.endswith("# 我的来源\n")
    assert f'start: ["{moved["yunling"]}/xwzx/zwdt/"]' in text
    assert f'start: ["{moved["qinghe"]}/qhqrmzf/qhyw/pc/list.html"]' in text
    memory = read_memory(tmp_path)
    assert memory is not None
    assert memory.day == DAY
    assert memory.ports["yunling"] == 9001


def test_a_new_instance_needs_a_day(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="day"):
        write_instance(tmp_path, BASES)
    assert not (tmp_path / MEMORY).exists()


def test_move_addresses_leaves_other_numbers_alone() -> None:
    assert move_addresses("http://127.0.0.1:80/a?9000 127.0.0.1:9000", {"a": 9000}, {"a": 1}) == "http://127.0.0.1:80/a?9000 127.0.0.1:1"
