"""The table of invented sentences over all values of site."""

import collections
import csv
from pathlib import Path

import pytest

from qingbao.model import Site
from qingbao.names import core_name
from tests.signals.conftest import Read

TABLE = Path(__file__).with_name("sites.tsv")
VALUES = ("open", "leaving", "fixed", "none")
# What was measured, rounded down; they only rise. Of the firms that are found; how many are found stands in FOUND.
FLOORS = {"open": 0.97, "leaving": 0.90, "fixed": 0.97, "none": 0.95}
FOUND = 0.70


def confusion(read: Read) -> collections.Counter[tuple[str, str]]:
    """(wanted, got) of every row; a firm that is not found gives "-"."""
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    with TABLE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            wanted = core_name(row["company"])
            mine = [s for s in read(row["sentence"]).signals if any(wanted in core_name(n) or core_name(n) in wanted for n in (s.mention, *s.names))]
            got = [s.site.value for s in mine]
            counts[row["site"], row["site"] if row["site"] in got else got[0] if got else "-"] += 1
    return counts


def test_the_table_holds_all_values() -> None:
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) >= 120
    assert {r["site"] for r in rows} == set(VALUES)


def test_site_of_the_firms_found(read: Read) -> None:
    counts = confusion(read)
    for value, floor in FLOORS.items():
        found = sum(counts[value, got] for got in VALUES)
        assert counts[value, value] >= floor * found, (value, counts)
    places = [(w, g) for w, g in counts.elements() if w != "none"]
    assert sum(g != "-" for _, g in places) >= FOUND * len(places)


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("砺舟机床拟新建第二工厂，正在眉山、内江、资阳看地。", Site.OPEN),
        ("砺舟机床西部工厂选址已缩小到襄阳和自贡。", Site.OPEN),
        ("砺舟机床拟投资3亿元建厂，但具体投资地址目前不便透露。", Site.OPEN),
        ("砺舟机床在眉山、内江、资阳均建有工厂，近日又在眉山市彭山区投资3亿元建设三期项目。", Site.FIXED),
        ("砺舟机床股份有限公司与岳衡新材签署战略合作协议，双方拟在固态电池领域合资建厂。", Site.OPEN),
        ("砺舟机床股份有限公司与岳衡新材签署战略合作协议，约定共享专利，不涉及合资建厂。", Site.NONE),
        ("砺舟机床公告，收到眉山市东坡区政府下发的搬迁通知，公司老厂区列入规划搬迁范围。", Site.LEAVING),
        ("砺舟机床公告，老厂区列入搬迁范围，公司将迁至眉山市彭山区新建厂区。", Site.FIXED),
    ],
)
def test_places_weighed_and_places_reached(read: Read, text: str, site: Site) -> None:
    assert site in {s.site for s in read(text).signals}
