"""The leaves of the catalogue are whole, honest about what was checked, and polite."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from qingbao.config import CATALOGUE
from qingbao.crawling import is_loopback
from qingbao.leaves import read_catalogue
from qingbao.model import Source, Trust
from spiders.asking import GOVERNMENT_DELAY, delay_of
from spiders.families import family_of
from spiders.manners.addresses import refusal

SOURCES, PROBLEMS = read_catalogue(CATALOGUE)


def test_every_leaf_can_be_read() -> None:
    assert PROBLEMS == []
    assert {source.family for source in SOURCES.values()} == {"trs", "querylist", "feed", "generic"}
    assert len({url for source in SOURCES.values() for url in source.start}) == sum(len(source.start) for source in SOURCES.values())


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_a_leaf(source: Source) -> None:
    # Nothing is switched on that no person has looked at, and each says in Chinese what was checked and what was not.
    assert not source.enabled or source.terms_checked_on is not None
    assert re.search(r"核对", source.checked_note or "")
    assert source.at_least >= 1
    assert source.kind in {"news", "eia", "land", "tender", "registration", "announcement"}
    assert source.rhythm in {"hourly", "daily", "weekly", "monthly"}
    for request in family_of(source).first():
        assert refusal(request.url.partition("#")[0], source.hosts) is None
    assert not any(is_loopback(host) for host in source.hosts)
    government = any(urlsplit(url).netloc.endswith(".gov.cn") for url in source.start)
    assert not government or source.trust in (Trust.GOVERNMENT, Trust.OFFICIAL_NOTICE)
    assert not government or delay_of(source) >= GOVERNMENT_DELAY
    assert Path(CATALOGUE / f"{source.slug}.yaml").read_text("utf-8").startswith("# ")
