"""A unit's mail: parsed back as a mail program reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from openpyxl import load_workbook
from prospect_samples import FORMULA, PARK, changes, many, prospect, standing, verdict

from qingbao.model import Change, Reason, Site, Tier
from reports.digest import Precision, compose, content_hash, first_changes
from reports.mail import mail_bytes

AT = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")


@dataclass(frozen=True, kw_only=True)
class Takes:
    industries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    amount_min_wan: float | None = None


@dataclass(frozen=True, kw_only=True)
class Unit:
    slug: str = "machines"
    name: str = "装备制造组"
    recipients: tuple[str, ...] = ("wang@park.example", "li@park.example")
    takes: Takes = Takes()
    default: bool = False


UNIT = Unit()


def _compose(told: list[Change], unit: Unit = UNIT, **more: object) -> EmailMessage:
    values: dict[str, object] = {"park": PARK, "formula": FORMULA, "at": AT, "sender": "qingbao@park.example", **more}
    prospects = values.pop("prospects", standing())
    return compose(unit, told, prospects, **values)  # type: ignore[arg-type]


def _received(message: EmailMessage) -> EmailMessage:
    return message_from_bytes(mail_bytes(message), policy=default)  # type: ignore[return-value]


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def _words(html: str) -> str:
    return "".join(lxml_html.document_fromstring(html).cssselect("body")[0].text_content().split())


def test_headers() -> None:
    message = _received(_compose(changes()))
    assert message["Subject"] == "【招商情报】11月25日 装备制造组 4 家，甲级 2 家：苏州天衡电机股份有限公司等"
    assert message["From"].addresses[0].addr_spec == "qingbao@park.example"
    assert message["From"].addresses[0].display_name == "云岭经济技术开发区招商情报"
    assert [a.addr_spec for a in message["To"].addresses] == list(UNIT.recipients)
    assert message["Date"].datetime == AT
    assert message["Date"].endswith("+0800")
    assert message["Message-ID"].startswith("<2026-11-25.")
    assert message["Auto-Submitted"] == "auto-generated"


def test_structure_and_attachment_holds_only_this_units_rows() -> None:
    message = _received(_compose(changes(), verdicts=[verdict("c0005", "在谈"), verdict("c0001", "不合适", unit="office")]))
    assert message.get_content_type() == "multipart/mixed"
    attachment = next(message.iter_attachments())
    assert attachment.get_filename() == "招商线索-装备制造组-2026-11-25.xlsx"
    book = load_workbook(BytesIO(attachment.get_content()))
    rows = list(book["潜在投资者"].iter_rows(values_only=True))
    at = {str(h): n for n, h in enumerate(rows[0])}
    assert [r[at["企业名称"]] for r in rows[1:]] == ["苏州天衡电机股份有限公司", "常州澜宇精密传动有限公司", "远川电池材料（重庆）有限公司"]  # 青麦 is the office's
    assert [r[at["标记"]] for r in rows[1:]] == ["新增", "升\n平移\n重点城市", "降"]
    assert [r[at["判断"]] for r in rows[1:]] == [None, None, None]
    followed = list(book["跟进中"].iter_rows(values_only=True))
    assert "在谈" in followed[1]
    assert "已排除" not in book.sheetnames


def test_best_first_with_all_that_proves_it() -> None:
    message = _compose(changes())
    for text in (_part(message, "plain"), _words(_part(message, "html"))):
        squeezed = "".join(text.split())
        order = [squeezed.index(name) for name in ("苏州天衡电机", "常州澜宇精密", "青麦食品", "远川电池材料")]
        assert order == sorted(order)
        for words in ("由乙升为甲", "+52主营业务", "完成腾退", "2026-11-23", "常州市某区人民政府", "未披露", "可信度D", "处罚", "罚款42万元"):
            assert words in squeezed
    assert "https://changzhou.example/zwgk/2.html" in _part(message, "plain")
    links = [a.get("href") for a in lxml_html.document_fromstring(_part(message, "html")).cssselect("a")]
    assert links[:2] == ["https://news.example/a/1.html", "https://changzhou.example/zwgk/2.html"]


def test_styles_are_inline_and_nothing_is_loaded() -> None:
    html = _part(_compose(changes()), "html")
    tree = lxml_html.document_fromstring(html)
    badge = tree.cssselect("span.tier")[0]
    assert "background: #c8553d" in badge.get("style")
    assert not tree.cssselect("link, img, script")
    assert "url(" not in html


def test_nothing_new_is_two_lines_without_attachment() -> None:
    message = _received(_compose([]))
    assert _part(message, "plain").splitlines() == ["今日无新增。", "名单中现有潜在投资者 3 家，其中甲级 2 家，与上一期相同。"]
    assert "今日无新增" in message["Subject"]
    assert list(message.iter_attachments()) == []


def test_precision_line() -> None:
    precision = Precision(right=14, judged=20, random=0.12, since=date(2026, 10, 1))
    line = "前 10 名准确率 70%（依据 2026-10-01 以来 20 条判断，随机名单约 12%）"
    message = _compose(changes(), precision=precision)
    assert line in _part(message, "plain")
    assert line.replace(" ", "") in _words(_part(message, "html"))
    assert line in _part(_compose([], precision=precision), "plain")
    assert "准确率" not in _part(_compose(changes(), precision=Precision(right=0, judged=0)), "plain")


def test_repeated_content_is_marked() -> None:
    message = _compose(changes(), repeated={"c0002"})
    text = _part(message, "plain")
    assert text.count("上期可能已收到") == 1
    assert "（升、平移、重点城市、上期可能已收到）" in text


def test_first_digest_brings_the_best_thirty() -> None:
    prospects = many(60)
    told = first_changes(UNIT, prospects)
    assert len(told) == 30
    assert told[0].prospect.company_id == prospects[0].company_id
    message = _compose(told, prospects=prospects, first=True)
    assert "首期 30 家" in message["Subject"]
    assert _part(message, "plain").count("== ") == 1


def test_too_many_changes_are_told_in_the_attachment() -> None:
    told = [Change(kind="新增", prospect=p, before=None, now="甲", sentence="") for p in many(60)]
    assert "其余 20 条见附件。" in _part(_compose(told, prospects=many(60)), "plain")


def test_composed_twice_is_the_same_file() -> None:
    assert mail_bytes(_compose(changes())) == mail_bytes(_compose(list(reversed(changes()))))
    assert content_hash(changes()) == content_hash(reversed(changes()))
    assert content_hash(changes()) != content_hash(changes()[1:])


def test_a_written_mail_read_again_is_sent_unchanged() -> None:
    data = mail_bytes(_compose(_long_prospects()))
    again = BytesParser(_class=EmailMessage, policy=SMTP).parsebytes(data)
    assert mail_bytes(again) == data  # type: ignore[arg-type]


def _long_prospects() -> list[Change]:
    reasons = tuple(Reason(number="intent", points=20.0 - n, text="很长的理由，" * 50) for n in range(4))
    return [
        Change(kind="新增", prospect=replace(p, company=f"{'云岭' * 60}{n}", headline="计划" * 140, reasons=reasons, best_quote="摘录" * 200, tier=Tier.A, site=Site.OPEN,
                                           quote_url="https://a.example/" + "x" * 1900), before=None, now="甲", sentence="变化" * 150)
        for n, p in enumerate(many(40))
    ]


def test_no_line_is_longer_than_servers_take() -> None:
    message = _compose(_long_prospects(), Unit(name="组" * 300, recipients=tuple(f"a{n}@park.example" for n in range(80))))
    data = mail_bytes(message)
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    for part in message.walk():
        if not part.is_multipart():
            assert part["Content-Transfer-Encoding"] == "base64"
            assert max(len(line) for line in str(part.get_payload()).splitlines()) <= 76
    received = message_from_bytes(data, policy=default)
    assert received["Subject"] == message["Subject"]
    text, page = _part(received, "plain"), _part(received, "html")  # type: ignore[arg-type]
    assert "\ufffd" not in text + page
    name = "云岭" * 60
    assert name[:119] in text
    assert name[:119] in page
    assert len(received["To"].addresses) == 80


@settings(max_examples=60, deadline=None)
@given(st.one_of(
    st.sampled_from(["x\r\nBcc: evil@a.example", "x\n\n<b>", "\x00", "=?utf-8?q?=0d=0aBcc:e@a?=", "\ud800", "\u2028Bcc: x", "\x85Bcc: x", "<script>", "名" * 400, ",;:<>@\"\\"]),
    st.text(st.characters(), max_size=60),
))
def test_no_text_can_add_a_header_or_markup(words: str) -> None:
    hostile = prospect(company=words, headline=words, best_quote=words, source_name=words, quote_url=words, website=words, phone=words, marks=(words,),
                       reasons=(Reason(number="intent", points=79, text=words),), industry=words)
    told = [Change(kind="新增", prospect=hostile, before=words, now=words, sentence=words)]
    park = replace(PARK, name=words or "园区")
    message = _compose(told, Unit(name=words or "组", recipients=("a@park.example", words)), park=park, prospects=[hostile])
    data = mail_bytes(message)
    received = message_from_bytes(data, policy=default)
    assert sorted(k.lower() for k in received) == sorted(
        ["from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"])
    assert received["Bcc"] is None
    assert [a.addr_spec for a in received["To"].addresses] == ["a@park.example"]
    assert received["From"].addresses[0].addr_spec == "qingbao@park.example"
    assert not received.defects
    assert not received["Subject"].defects
    tree = lxml_html.document_fromstring(_part(received, "html"))  # type: ignore[arg-type]
    assert not tree.cssselect("script, img, b b")
    assert all(re.match("https?://", a.get("href")) for a in tree.cssselect("a"))
    _part(received, "plain")  # type: ignore[arg-type]


def test_no_valid_recipient_still_makes_a_file() -> None:
    message = _received(_compose(changes(), Unit(recipients=("not an address",))))
    assert not message["To"] or not message["To"].addresses
    assert "苏州天衡电机" in _part(message, "plain")


def _low(number: int, **more: object) -> Change:
    low = prospect(number, company=f"第{number}号低匹配公司", tier=Tier.C, priority=12.0, fit=3.0, units=("machines",), **more)
    return Change(kind="新增", prospect=low, before=None, now="丙", sentence="")


def test_low_rows_are_told_in_brief_below_and_watched_ones_in_full() -> None:
    told = [_low(31), _low(32, marks=("关注名单",)), *changes()]
    text = _part(_compose(told, prospects=[c.prospect for c in told]), "plain")
    heads = [line.strip("= ") for line in text.splitlines() if line.startswith("== ")]
    assert heads == ["值得联系与关注", "关注名单企业有消息", "下降", "坏消息", "其余新消息（丙级，供参考）"]
    watched, brief = text.partition("第32号")[2].partition("==")[0], text.partition("第31号")[2]
    assert "关注名单" in watched
    assert "选址：" in watched
    assert "选址：" not in brief
    assert "公司拟投资约12亿元" in brief  # the sentence that proves it
    assert "https://news.example/a/1.html" in brief


def test_the_first_digest_holds_what_is_watched_whatever_its_place() -> None:
    prospects = many(60)
    prospects[55] = replace(prospects[55], marks=("关注名单",), tier=Tier.C)
    told = first_changes(UNIT, prospects)
    assert [c.prospect.company_id for c in told[30:]] == [prospects[55].company_id]
    assert prospects[55].company in _part(_compose(told, prospects=prospects, first=True), "plain")
