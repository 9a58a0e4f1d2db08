import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingbao.names import abbreviates, core_name, fold_name, has_legal_form, is_latin, legal_form, same_firm_form


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("青禾光电股份有限公司", "青禾光电"),
        ("瀚穹（中国）装备技术有限公司", "瀚穹装备技术"),
        ("佑康药业（集团）有限责任公司", "佑康药业"),
        ("江苏青禾光电集团", "青禾光电"),
        ("青岛啤酒", "青岛啤酒"),  # too little would be left
        ("“砺舟动力”", "砺舟动力"),
    ],
)
def test_core(name: str, core: str) -> None:
    assert core_name(name) == core


def test_forms() -> None:
    assert has_legal_form("霁川光学股份有限公司")
    assert has_legal_form("Qinghe Optics GmbH")
    assert not has_legal_form("霁川光学")
    assert not has_legal_form("霁川集团")
    assert legal_form("霁川光学股份有限公司") == "股份有限公司"
    assert legal_form("霁川光学") is None
    assert not same_firm_form("霁川光学股份有限公司", "霁川光学有限公司")
    assert same_firm_form("霁川光学股份有限公司", "霁川光学")


def test_abbreviations() -> None:
    assert abbreviates("磷禾集团", "云岭磷禾新材料集团有限公司")
    assert abbreviates("宝能环", "云岭宝禾能源环境工程有限公司")
    assert not abbreviates("青禾", "霁川光学")
    assert not abbreviates("霁川光学有限公司", "霁川光学仪器股份有限公司")
    assert is_latin("ET Solar")
    assert not is_latin("青禾")


@given(st.text(alphabet="青禾光学（集团）股份有限公司“”·．A-Za é１２ \u3000", max_size=30))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)
    core_name(name)
