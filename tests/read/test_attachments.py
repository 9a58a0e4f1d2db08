"""Attached files and further parts of an article."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook

from pipelines.read import attachments
from pipelines.read.attachments import kind_of, read_attachment
from pipelines.read.doors import Door
from pipelines.read.extract import extract
from qingbao.model import Attachment, Part
from tests.read.pages import P1, P2, P3, html, page, paragraphs, read


def docx() -> bytes:
    document = Document()
    document.add_paragraph("云岭市2026年重点技改项目名单")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip([c for row in table.rows for c in row.cells], ["企业名称", "联系人", "总投资", "云岭岚石传动有限公司", "林晓", "3.2亿元"], strict=True):
        cell.text = text
    document.add_paragraph("联系电话：0826-2345678")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["企业名称", "手机", "年产能"], ["云岭禾川电驱有限公司", "13912345678", "20万台"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(*pages: str) -> bytes:
    """A PDF with a text layer of Latin text, one string a page; an empty string is a page without text."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else "0 0 m"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(pages)} >>"
    body = "%PDF-1.4\n"
    offsets = []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return (body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF").encode()


def attached(body: bytes, name: str = "附件.bin") -> Attachment:
    return Attachment(url=f"http://www.yunling.example/{name}", name=name, content_type=None, body=body)


def test_word() -> None:
    got = read_attachment(attached(docx(), "名单.pdf"))
    assert got.text == "云岭市2026年重点技改项目名单\n企业名称\t联系人\t总投资\n云岭岚石传动有限公司\t***\t3.2亿元\n联系电话：***"
    assert got.note is None


def test_excel() -> None:
    assert read_attachment(attached(xlsx())).text == "企业名称\t手机\t年产能\n云岭禾川电驱有限公司\t***\t20万台"


def test_pdf_with_text() -> None:
    got = read_attachment(attached(pdf("Yunling Lanshi Drive Co Ltd plans a new plant", "Total investment 320 million yuan")))
    assert got.text == "Yunling Lanshi Drive Co Ltd plans a new plant\nTotal investment 320 million yuan"


def test_scanned_pdf_is_said_to_be_one() -> None:
    got = read_attachment(attached(pdf("", "", "")))
    assert got.text is None
    assert got.note == "扫描件（3页），没有文字层"


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (b"", "文件为空（0字节）"), (b"<!DOCTYPE html><html><body>404</body></html>", "下载到的是网页，不是文件"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "旧版Office格式（doc/xls），未读取"),
        (b"hello", "无法识别的文件格式"), (b"%PDF-1.4\nrubbish", "损坏"), (b"PK\x03\x04rubbish", "无法识别的文件格式"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, note: str) -> None:
    got = read_attachment(attached(body, "公告.pdf"))
    assert got.text is None
    assert note in (got.note or "")


def test_archives_are_not_opened_and_bombs_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 3_000_000)
    assert kind_of(out.getvalue()) == "docx"
    monkeypatch.setattr(attachments, "MAX_UNPACKED", 2_000_000)
    assert "过大" in (read_attachment(attached(out.getvalue())).note or "")
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", b"0")
    assert read_attachment(attached(plain.getvalue())).note == "压缩包，未展开"


def test_too_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_BYTES", 100)
    assert "20MB" in (read_attachment(attached(docx())).note or "")


def test_text_of_a_file_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_TEXT", 15)
    assert len(read_attachment(attached(docx())).text or "") == 15


def test_links_to_files_are_named() -> None:
    body = "<div id='zoom'>" + paragraphs() + "<p>附件：<a href='./W020260319.pdf'>1.签约项目名单.pdf</a></p></div><ul class='attachment'><li><a href='/module/download/downfile.jsp?f=9'>2.联系表.docx</a></li></ul><a href='javascript:x()'>打印.pdf</a><a href='/app.apk'>下载</a>"
    got = read(html("<h1>云岭经开区集中签约</h1>" + body), url="http://www.yunling.example/zw/202603/t20260319_1.html")
    assert [(file.url, file.name, file.text, file.note) for file in got.attachments] == [
        ("http://www.yunling.example/zw/202603/W020260319.pdf", "1.签约项目名单.pdf", None, "未下载"),
        ("http://www.yunling.example/module/download/downfile.jsp?f=9", "2.联系表.docx", None, "未下载"),
    ]


def test_a_fetched_file_is_not_named_twice() -> None:
    url = "http://www.yunling.example/x/a.docx"
    got = read(html(f"<h1>云岭经开区集中签约</h1><div>{paragraphs()}<a href='a.docx'>名单.docx</a></div>"), attachments=(Attachment(url=url, name="名单.docx", content_type=None, body=docx()),))
    assert [file.url for file in got.attachments] == [url]
    assert got.attachments[0].text is not None


def test_a_page_that_is_a_file() -> None:
    got = extract(page(pdf("Announcement of Yunling Lanshi Drive Co Ltd on building a new plant"), url="http://static.example/finalpage/2026-03-19/1.PDF", list_title="岚石传动：关于投资建设新工厂的公告", list_date="2026-03-19"))
    assert got.door is Door.READ
    assert got.title == "岚石传动：关于投资建设新工厂的公告"
    assert got.text.startswith("Announcement")
    assert got.published_at is not None
    assert extract(page(pdf("", ""))).door is Door.UNREADABLE


def test_parts_are_joined_once() -> None:
    def part(number: int, *texts: str) -> Part:
        body = html(f"<h1>云岭经开区集中签约</h1><div>2026-03-19 09:00　来源：云岭日报</div><div class='con'>{paragraphs(*texts)}<div>[1] [2] [3] 下一页</div></div>").encode()
        return Part(url=f"http://www.yunling.example/x/1_{number}.html", content_type=None, charset_label=None, body=body)

    first = html(f"<h1>云岭经开区集中签约</h1><div>2026-03-19 09:00　来源：云岭日报</div><div class='con'>{paragraphs(P1)}<div>[1] [2] [3] 下一页</div></div>")
    got = extract(page(first, parts=(part(2, P1, P2), part(3, P3))))
    assert got.text.split("\n") == [text.strip("　") for text in (P1, P2, P3)]


def test_an_empty_notice_with_files_is_read() -> None:
    got = read(html("<h1>云岭市重点项目名单公示</h1><div>2026-03-19</div><div id='zoom'><p><a href='a.pdf'>附件：名单.pdf</a></p></div>"))
    assert got.door is Door.READ
    assert got.attachments[0].name == "附件：名单.pdf"
