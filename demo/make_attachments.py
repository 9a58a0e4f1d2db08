"""Write the demo's two attachments (a text PDF and a docx): ``python -m demo.make_attachments``; their files are committed."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent / "attachments"

EIA_LINES = (
    "年产1万吨电机壳体铸件项目环境影响报告表（摘要）",
    "建设单位：云岭骁冶精密铸造有限公司",
    "建设地点：云岭经济技术开发区智造大道南段",
    "项目总投资1.8亿元，用地46亩，劳动定员160人。",
    "主要产品为伺服电机、驱动电机壳体铸件。",
    "联系人：陈某志　联系电话：13800001234",
)
LAND_ROWS = (
    ("地块编号", "位置", "面积（亩）", "用途"),
    ("YL-26-17", "云岭经济技术开发区", "52.3", "工业"),
    ("YL-26-18", "云岭经济技术开发区", "101.6", "工业"),
    ("YL-26-19", "青禾区物流园", "33.0", "仓储"),
    ("YL-26-20", "青禾区高桥镇", "27.8", "工业"),
)


def text_pdf(lines: Sequence[str]) -> bytes:
    """A one-page PDF with a text layer: a font that every reader knows, characters as UCS-2, and the map back to Unicode."""
    shown = b"".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -26 Td ".encode() for line in lines)
    content = zlib.compress(b"BT /F1 13 Tf 60 780 Td " + shown + b"ET")
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Demo def /CMapType 2 def "
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange "
        b"endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] /ToUnicode 8 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        b"/FontDescriptor 7 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 "
        b"/CapHeight 880 /StemV 93 >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(to_unicode), to_unicode),
    ]
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def table_docx(rows: Sequence[Sequence[str]]) -> bytes:
    """A docx with a heading line and one table."""
    from docx import Document

    document = Document()
    document.add_paragraph("附件：挂牌出让地块一览表")
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def main() -> None:
    """Write both files."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "eia-xiaoye.pdf").write_bytes(text_pdf(EIA_LINES))
    (FOLDER / "land-notice.docx").write_bytes(table_docx(LAND_ROWS))


if __name__ == "__main__":
    main()
