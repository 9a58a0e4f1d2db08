import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingbao.amounts import format_wan, parse_amounts, parse_number
from qingbao.model import Bound

YI = 10_000.0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("总投资3580.6万元2.3建设地点", 3580.6),  # the number of the next paragraph is glued behind
        ("项目总投资为16.437285亿元", 164372.85),  # many decimals
        ("投资8亿元至10亿元", 10 * YI),  # a range gives its upper end
        ("投资规模预计50-60亿元", 60 * YI),
        ("2亿元—4亿元", 4 * YI),
        ("总投资12亿的项目", 12 * YI),  # no word for the currency
        ("投资3．26亿元", 3.26 * YI),  # full-width point
        ("人民币428,650,000元", 42865.0),
        ("１２．５亿元", 12.5 * YI),
        ("十二亿五千万元", 12.5 * YI),
        ("1亿5000万元", 1.5 * YI),
        ("三千万元", 3000.0),
        ("10多亿元", 10 * YI),
        ("超亿元", 1 * YI),
        ("投资均过亿", 1 * YI),
        ("超百亿元", 100 * YI),
        ("1.12万亿元", 11200 * YI),
        ("1个亿", 1 * YI),
        ("5000万元人民币", 5000.0),
        ("投入数十亿元", None),  # vague: no number is made up
        ("数千万元", None),
        ("近百亿元", None),
    ],
)
def test_one_amount(text: str, value: float | None) -> None:
    (hit,) = parse_amounts(text)
    assert hit.amount.value_wan == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize("text", ["年产12亿吨", "1,763.05万股", "发行价76.65元/股", "5万台", "占地300亩", "20万千瓦", "第三十万零一次", "2026年6月"])
def test_no_money(text: str) -> None:
    assert parse_amounts(text) == []


@pytest.mark.parametrize(
    ("text", "currency", "original"), [("30000万美元", "USD", 30000.0), ("4500万欧元", "EUR", 4500.0), ("500亿日元", "JPY", 500 * YI), ("2亿港元", "HKD", 2 * YI)]
)
def test_foreign_money_keeps_its_own_figure(text: str, currency: str, original: float) -> None:
    (hit,) = parse_amounts(text)
    assert (hit.amount.currency, hit.amount.original_wan) == (currency, original)
    assert hit.amount.value_wan is not None
    assert hit.amount.value_wan != original


@pytest.mark.parametrize(
    ("text", "bound"),
    [("不超过12亿元", Bound.AT_MOST), ("约4.2亿元", Bound.ABOUT), ("超过1000亿元", Bound.MORE_THAN), ("总投资7亿元", Bound.EXACT), ("投资10亿元左右", Bound.ABOUT)],
)
def test_bound(text: str, bound: Bound) -> None:
    (hit,) = parse_amounts(text)
    assert hit.amount.bound is bound


def test_several_in_order_with_offsets() -> None:
    text = "投资分别是3．26亿元、2．99亿元和3．03亿元"
    hits = parse_amounts(text)
    assert [h.amount.value_wan for h in hits] == [32600.0, 29900.0, 30300.0]
    assert [text[h.start : h.end] for h in hits] == ["3．26亿元", "2．99亿元", "3．03亿元"]
    assert all(h.amount.text == text[h.start : h.end] for h in hits)


@pytest.mark.parametrize(("word", "value"), [("3,580.6", 3580.6), ("十二点五", 12.5), ("两千三百", 2300), ("十", 10), ("百", 100), ("亿", None), ("", None)])
def test_numbers(word: str, value: float | None) -> None:
    assert parse_number(word) == value


@pytest.mark.parametrize(("value", "words"), [(120000, "12亿元"), (3580.6, "3580.6万元"), (164372.85, "16.4373亿元"), (None, "")])
def test_printing(value: float | None, words: str) -> None:
    assert format_wan(value) == words


@given(st.floats(min_value=1, max_value=9e7))
def test_what_is_printed_is_read_again(value: float) -> None:
    (hit,) = parse_amounts("总投资" + format_wan(value))
    assert hit.amount.value_wan == pytest.approx(value, rel=1e-4, abs=1e-4)


@given(st.text(alphabet="0123456789.,，．亿万千百十数余元美人民币超近约至-—￥$HK一二两三 的年", max_size=60))
def test_anything_is_read_without_an_error(text: str) -> None:
    for hit in parse_amounts(text):
        assert 0 <= hit.start < hit.end <= len(text)
