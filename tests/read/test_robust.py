"""Whatever bytes come: no exception, one door, bounded memory."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.read.doors import DOOR_WORDS, Door
from pipelines.read.extract import MAX_BYTES, extract
from qingbao.model import Attachment, Part
from tests.read.pages import FOOT, NAV, P1, html, page, paragraphs, read

WHOLE = html(
    f"{NAV}<h1>云岭经开区集中签约</h1><div class='info'>发布时间：2026-03-19 09:12　来源：云岭日报</div><div id='zoom'>{paragraphs()}<table><tr><td>联系人</td><td>林晓</td></tr></table><p>附件：<a href='a.pdf'>名单.pdf</a></p></div>{FOOT}",
    title="云岭经开区集中签约_云岭日报", head='<meta name="PubDate" content="2026-03-19 09:12"><script>var a="x";</script>',
)
TAGS = ["<div>", "</div>", "<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "<a href='/x'>", "</a>", "<br>", "<h1>", "</h1>", "<script>", "</script>", "<!--", "-->", "<meta name='PubDate' content='2026-13-99'>", "<title>", "</title>", "<![CDATA[", "<?php", "&#x1F600;", "&#0;",
        "&amp;", "<div id='zoom'>", "<span style='display:none'>", "<ul>", "<li>", "<iframe>", "<svg>", "<math>", "<template>", "<form>", "<select>", "<style>", "</html>", "<body>"]
WORDS = [P1, "发布时间：2026-03-19 09:12", "来源：云岭日报", "联系人：林晓", "责任编辑：周岚", "相关阅读", "下一页", "，13912345678，", "\x00", "\ud800", "𠮷", "e\u0301", "2026-02-30", "　　", "｜_-—", "\t\n"]


def check(body: bytes, **more: object) -> None:
    got = extract(page(body, **more))  # type: ignore[arg-type]
    assert isinstance(got.door, Door)
    assert not any("读取出错" in warning for warning in got.warnings)
    assert "13912345678" not in got.text
    assert (got.published_at is None) or got.published_at.tzinfo is not None
    got.text.encode("utf-8")
    got.title.encode("utf-8")


@given(st.lists(st.sampled_from(TAGS + WORDS), max_size=60))
@settings(deadline=None)
def test_soup(pieces: list[str]) -> None:
    check("".join(pieces).encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=4000))
@settings(deadline=None)
def test_random_bytes(body: bytes) -> None:
    check(body)


@given(st.integers(min_value=0, max_value=len(WHOLE.encode())))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_truncated_anywhere(length: int) -> None:
    check(WHOLE.encode()[:length])


@given(st.randoms(use_true_random=False))
@settings(deadline=None)
def test_mutated(rng: random.Random) -> None:
    body = bytearray(WHOLE.encode())
    for _ in range(rng.randint(1, 40)):
        at = rng.randrange(len(body))
        kind = rng.randrange(4)
        if kind == 0:
            body[at] = rng.randrange(256)
        elif kind == 1:
            del body[at : at + rng.randint(1, 60)]
        elif kind == 2:
            body[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 20)))
        else:
            body[at:at] = body[at : at + rng.randint(1, 200)]
        if not body:
            break
    check(bytes(body))


@given(st.text(alphabet=st.sampled_from(list("abc \"'=<>/&\u4e91x-")), max_size=200))
@settings(deadline=None)
def test_hostile_attributes(text: str) -> None:
    check(f"<div class=\"{text}\" id={text} style='{text}'><a href='{text}' title=\"{text}\">x.pdf</a><p>{P1}</p></div>".encode())


LARGE = {
    "nested": b"<div>" * 10_000 + P1.encode(),
    "one long tag": b"<div " + b" ".join(b"a%d=1" % i for i in range(300_000)) + b"><p>" + P1.encode(),
    "one text": "云岭，".encode() * 400_000,
    "links": b"<a href='/x'>yyyyyyyyyyyy</a>" * 60_000,
    "cells": b"<table>" + "<tr><td>姓名</td><td>电话</td></tr>".encode() * 10_000,
    "script": b"<script>" + b'"content":"' * 100_000,
    "title": b"<title>" + b"a - b_ " * 200_000 + b"</title>",
    "dates": b"<p>2026-03-19</p>" * 20_000,
    "opening": b"<" * 1_000_000,
}


@pytest.mark.parametrize("name", LARGE)
def test_large(name: str) -> None:
    check(LARGE[name])


def test_more_than_eight_megabytes_is_too_large() -> None:
    assert read(b"<p>" + b"a" * MAX_BYTES).door is Door.TOO_LARGE
    assert read(b"<a href=x>y</a>" * 1_000_000).door is Door.TOO_LARGE
    assert read(b"<i>" * 450_000).door is Door.TOO_LARGE


def test_memory_stays_below_half_a_gigabyte() -> None:
    program = (
        "import re\n"
        "from tests.read.pages import read\n"
        "read('<p>云岭经开区，签约。'.encode() * 199_000)\n"
        "read('云岭'.encode() * 1_300_000)\n"
        "read(b'<a href=\"x\">yyyyyyyyyyyy</a>' * 199_000)\n"
        # Not ru_maxrss: it survives exec and would tell the size of the test run that started this process.
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 500_000


@pytest.mark.parametrize("status", [403, 412, 418, 429, 521])
def test_refusals(status: int) -> None:
    assert read(WHOLE, status=status).door is Door.BLOCK_PAGE


@pytest.mark.parametrize("status", [404, 410])
def test_missing(status: int) -> None:
    assert read(WHOLE, status=status).door is Door.GONE


def test_noise_is_unreadable() -> None:
    assert read(random.Random(7).randbytes(20_000)).door is Door.UNREADABLE
    assert read(b"\x89PNG\r\n\x1a\n" + random.Random(8).randbytes(9_000)).door is Door.UNREADABLE


def test_broken_parts_and_attachments_do_not_cost_the_page() -> None:
    part = Part(url="http://www.yunling.example/x/1_2.html", content_type=None, charset_label=None, body=random.Random(9).randbytes(5_000))
    file = Attachment(url="http://www.yunling.example/a.pdf", name="名单.pdf", content_type="application/pdf", body=b"%PDF-1.7\nbroken")
    got = extract(page(WHOLE, parts=(part,), attachments=(file,)))
    assert got.door is Door.READ
    assert "明年投产" in got.text
    assert got.attachments[0].text is None
    assert "损坏" in (got.attachments[0].note or "")
    assert got.warnings


def test_every_door_has_a_chinese_word() -> None:
    assert set(DOOR_WORDS) == set(Door)
    assert len(set(DOOR_WORDS.values())) == len(Door)
