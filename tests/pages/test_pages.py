"""Pages of every family with the record that a person has checked; one comparison of the whole record."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.pages.draft import record

HERE = Path(__file__).parent
PAGES = sorted(HERE.glob("*/*.html"))
FAMILIES = {"trs", "querylist", "ucap", "hanweb", "jpaas", "vsb", "gkmlpt", "govcn", "newspaper", "portal", "media", "wechat", "legacy", "company", "phpcms", "english", "list", "block"}
MOJIBAKE = re.compile("\ufffd|锟斤拷|[\u00c0-\u00ff]{4}|(?:[\u00c3\u00c2\u00e4-\u00e9][\u0080-\u00bf]){2}")


def expected(page: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_page_reads_as_recorded(page: Path) -> None:
    wanted = expected(page)
    assert wanted.pop("read_to_the_last_line") is True, "a draft: read it to the last line, mend it, then set the mark"
    assert record(page.read_bytes(), wanted["url"]) == wanted


def test_every_family_has_a_page() -> None:
    assert {page.parent.name for page in PAGES} == FAMILIES


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_no_record_holds_mojibake(page: Path) -> None:
    assert not MOJIBAKE.search(json.dumps(expected(page), ensure_ascii=False))
