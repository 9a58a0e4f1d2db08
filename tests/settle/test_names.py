"""Names and what texts state of them: tables."""

from __future__ import annotations

import pytest

from pipelines.settle.evidence import daughter, renamed, stated, used
from pipelines.settle.forms import full_form, is_full, likeness_rank, loose_key, may_be_called, short_key
from pipelines.settle.neighbourhood import name_keys, names_in
from qingbao.model import NameKind
from tests.settle.test_settle import reading, signal


@pytest.mark.parametrize(("one", "other"), [
    ("岚砥（集团）有限公司", "岚砥集团有限公司"),
    ("青棠有限责任公司", "青棠有限公司"),
    ("宸澔電子股份有限公司", "宸澔电子股份有限公司"),  # traditional characters
    ("ＴＫＭ精密工业株式会社", "TKM精密工业株式会社"),  # width
    ("青棠制药有限公司武汉分公司", "青棠制药有限公司"),  # a branch office is its company
])
def test_one_full_name(one: str, other: str) -> None:
    assert full_form(one).key == full_form(other).key


@pytest.mark.parametrize(("name", "core", "region", "bracketed"), [
    ("江苏海穹电气股份有限公司", "海穹电气", "江苏", False),
    ("海穹电气（宜宾）有限公司", "海穹电气", "宜宾", True),
    ("澳大利亚里奇山矿业公司", "里奇山矿业", "澳大利亚", False),
    ("江苏雨穹集团有限公司", "雨穹", "江苏", False),  # 集团 shows that two characters are a brand
    ("青岛啤酒集团有限公司", "青岛啤酒", "", False),  # 啤酒 is none
])
def test_full_names_taken_apart(name: str, core: str, region: str, bracketed: bool) -> None:
    form = full_form(name)
    assert (form.core, form.region, form.bracketed) == (core, region, bracketed)


@pytest.mark.parametrize(("name", "full"), [
    ("NyKraft Components AB", True), ("Brückmann & Söhne GmbH", True), ("岚砥电子有限公司", True), ("岚砥电子", False), ("公司", False), ("岚砥集团", False),
])
def test_full_or_short(name: str, full: bool) -> None:
    assert is_full(name) is full


@pytest.mark.parametrize(("short", "core", "rank"), [
    ("岚砥电子", "岚砥电子", 0),
    ("岚砥电子", "岚砥电子科技", 1),
    ("岚砥", "岚砥智能科技", 1),
    ("岚砥电子", "岚砥汽车电子", 2),
    ("岚砥新材", "岚砥特种新材料", 2),
    ("凯穹达", "凯穹达电子", 3),
    ("海穹", "海穹日立", None),  # a joint venture
    ("海穹", "海穹电子", 3),
    ("岚砥电子", "岚砥食品", None),
])
def test_likeness(short: str, core: str, rank: int | None) -> None:
    assert likeness_rank(short, core) == rank


@pytest.mark.parametrize(("name", "key", "loose"), [
    ("南京雨穹集团", "南京雨穹集团", "雨穹"),
    ("德国布吕克", "德国布吕克", "布吕克"),
    ("机器人公司元衡", "元衡", "元衡"),  # what describes the firm is no part of its name
    ("岚砥股份", "岚砥股份", "岚砥"),
])
def test_short_names(name: str, key: str, loose: str) -> None:
    assert (short_key(name), loose_key(name)) == (key, loose)


@pytest.mark.parametrize(("text", "full", "other", "kind"), [
    ("江苏海穹电气股份有限公司（以下简称“海穹电气”）公告", "江苏海穹电气股份有限公司", "海穹电气", NameKind.SHORT),
    ("德国布吕克集团（Brück GmbH）投产", "Brück GmbH", "布吕克集团", NameKind.SHORT),  # the bracket behind the other one
    ("霁芯有限公司（英文名JiChip）宣布", "霁芯有限公司", "JiChip", NameKind.ENGLISH),
    ("锐穹股份有限公司（曾用名：成都锐穹有限公司，以下简称“锐穹”）", "锐穹股份有限公司", "锐穹", NameKind.SHORT),  # each clause for itself
    ("锐穹股份有限公司（曾用名：成都锐穹有限公司，以下简称“锐穹”）", "锐穹股份有限公司", "成都锐穹有限公司", NameKind.FORMER),
    ("岚砥有限公司与青棠签约", "岚砥有限公司", "青棠", None),
    ("岚砥有限公司宣布", "岚砥有限公司", "岚", None),
])
def test_what_a_text_states(text: str, full: str, other: str, kind: NameKind | None) -> None:
    assert stated(text, full, other) is kind


@pytest.mark.parametrize(("text", "old", "new", "is_so"), [
    ("即日起，鲁穹风电有限公司更名为鲁穹新能有限公司。", "鲁穹风电有限公司", "鲁穹新能有限公司", True),
    ("鲁穹新能有限公司（原名鲁穹风电有限公司）", "鲁穹风电有限公司", "鲁穹新能有限公司", True),
    ("鲁穹新能有限公司前身为鲁穹风电有限公司", "鲁穹风电有限公司", "鲁穹新能有限公司", True),
    ("鲁穹风电有限公司与鲁穹新能有限公司签约", "鲁穹风电有限公司", "鲁穹新能有限公司", False),
])
def test_renaming(text: str, old: str, new: str, is_so: bool) -> None:
    assert renamed(text, old, new) is is_so


def test_the_founder_is_not_called_like_its_daughter() -> None:
    text = "雪穹生物公告，拟在上海设立全资子公司上海雪穹生物医药有限公司。"
    assert daughter(text, "上海雪穹生物医药有限公司")
    assert not used(text, "上海雪穹生物医药有限公司", "雪穹生物")
    assert used("上海雪穹生物医药有限公司投产，雪穹生物总经理出席。", "上海雪穹生物医药有限公司", "雪穹生物")


@pytest.mark.parametrize(("full", "short", "may"), [
    ("岚砥新疆公司", "岚砥", False), ("岚砥亚洲有限公司", "岚砥", False), ("岚砥电子有限公司", "岚砥", True),
    ("中石油某某装备有限公司", "中石油", False),  # the brand of a well-known group
])
def test_the_brand_of_a_group_is_not_its_affiliates_name(full: str, short: str, may: bool) -> None:
    assert may_be_called(full, short) is may


@pytest.mark.parametrize(("one", "other"), [
    ("岚砥电子", "深圳市岚砥电子科技股份有限公司"), ("重庆岚砥电子", "岚砥电子有限公司"), ("岚砥集团", "江苏岚砥集团有限公司"), ("岚砥新材", "岚砥特种新材料有限公司"),
])
def test_names_that_are_compared_share_a_key(one: str, other: str) -> None:
    assert name_keys(one) & name_keys(other)


def test_other_names_of_a_well_known_group_are_looked_for_too() -> None:
    assert {"中石油", "中国石油"} <= names_in([reading("http://x/1", signal("http://x/1", "中石油"))])
