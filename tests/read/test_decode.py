"""Bytes to text: the bytes decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.read.decode import decode
from tests.read.pages import P1, P2, P3, html, paragraphs, read

ZH = html(f"<h1>云岭经开区集中签约</h1><div>发布时间：2026-03-19 09:12　来源：云岭日报</div><div>{paragraphs()}</div>", title="云岭经开区集中签约_云岭日报")
BIG5 = "<html><head><title>雲嶺經開區集中簽約</title></head><body><h1>雲嶺經開區集中簽約</h1><p>三月十八日，雲嶺經濟技術開發區舉行項目集中簽約儀式，十二個工業項目落戶園區，計劃總投資四十六億元。</p></body></html>"


@pytest.mark.parametrize(
    ("body", "label", "encoding"),
    [
        (ZH.encode(), None, "utf-8"),
        (ZH.encode(), "gbk", "utf-8"),
        (ZH.replace("utf-8", "gb2312").encode(), None, "utf-8"),
        (b"\xef\xbb\xbf" + ZH.encode(), "gb2312", "utf-8"),
        (ZH.replace("utf-8", "gb2312").encode("gb18030"), None, "gb18030"),
        (ZH.encode("gb18030"), None, "gb18030"),
        (ZH.encode("gb18030"), "utf-8", "gb18030"),
        (ZH.replace('<meta charset="utf-8">', "").encode("gb18030"), "iso-8859-1", "gb18030"),
        (ZH.encode("utf-16"), None, "utf-16-le"),
        (ZH.encode("utf-16-le"), "gb2312", "utf-16-le"),
        (ZH.encode("utf-16-be"), None, "utf-16-be"),
        (BIG5.encode("big5"), None, "big5hkscs"),
        (BIG5.encode("big5"), "big5", "big5hkscs"),
        (BIG5.encode(), "big5", "utf-8"),
        ("<p>Caf\xe9 expansion in Qu\xe9bec, the company said on Monday, will cost more.</p>".encode("cp1252"), None, "cp1252"),
        ("<p>The company said \x93we\x94 \x96 it has</p>".encode("latin-1") + b"x" * 200, "windows-1252", "cp1252"),
        (b"plain ascii", "gbk", "utf-8"),
        (b"", None, "utf-8"),
    ],
)
def test_encoding(body: bytes, label: str | None, encoding: str) -> None:
    got = decode(body, label)
    assert got.encoding == encoding
    assert "\ufffd" not in got.text


def test_rare_characters_of_firms_survive_a_gb2312_label() -> None:
    assert "镕" in decode("<meta charset=gb2312><p>云岭镕燚锂业有限公司与园区签约，总投资三亿元。</p>".encode("gb18030"), "gb2312").text


def test_a_few_bad_bytes_do_not_turn_the_page() -> None:
    body = bytearray(ZH.encode())
    body[ZH.encode().index("柔".encode()) + 1] = 0x20
    got = decode(bytes(body), "gbk")
    assert got.encoding == "utf-8"
    assert "年产精密减速器8万台" in got.text
    assert 1 <= got.bad <= 3


def test_a_character_cut_in_a_gbk_page() -> None:
    cut = "云岭经开区集中签约".encode("gb18030")[:-1]
    body = b'<html><head><meta name="description" content="' + cut + b'"><title>' + "云岭".encode("gb18030") + b"</title></head><body><p>" + P1.encode("gb18030") + b"</p></body></html>"
    got = decode(body, "utf-8")
    assert got.encoding == "gb18030"
    assert P1.strip() in got.text


def test_five_variants_read_alike() -> None:
    gb = ZH.replace("utf-8", "gb2312")
    variants = [ZH.encode(), gb.encode("gb18030"), ZH.encode("gb18030"), gb.encode(), ZH.replace('<meta charset="utf-8">', "").encode("gb18030")]
    records = {(r.title, r.published_at, r.minute_known, r.origin, r.text) for r in map(read, variants)}
    assert len(records) == 1
    assert next(iter(records))[4] == "\n".join(p.strip("　") for p in (P1, P2, P3))


@given(st.binary(max_size=3000), st.sampled_from([None, "gbk", "big5", "utf-8", "nonsense", "utf-16"]))
def test_any_bytes_decode(body: bytes, label: str | None) -> None:
    text = decode(body, label).text
    assert "\ufffd" not in text
    assert "\x00" not in text


@given(st.text(alphabet=st.characters(codec="gb18030", exclude_categories=("Cs", "Cc", "Co")), max_size=400))
def test_utf8_is_always_recognised(text: str) -> None:
    assert decode(text.encode()).text == text.removeprefix("\ufeff").replace("\ufffd", "")
