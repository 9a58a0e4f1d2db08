"""Small invented pages for the tests of reading."""

from __future__ import annotations

from pipelines.read.extract import Extracted, extract
from qingbao.clock import SHANGHAI
from qingbao.model import Attachment, Page, Part

NAV = '<div class="nav"><a href="/">首页</a><a href="/zw/">政务公开</a><a href="/fw/">办事服务</a><a href="/hd/">互动交流</a><a href="/tz/">投资青禾</a></div>'
FOOT = '<div class="footer"><p>主办单位：云岭市人民政府办公室　<a href="/map">网站地图</a></p><p>蜀ICP备20990009号-1　网站标识码：5199000009</p></div>'
P1 = "　　3月18日，云岭经济技术开发区举行项目集中签约仪式，十二个工业项目落户园区，计划总投资46亿元。"
P2 = "　　其中，岚石传动的减速器项目将建设两条柔性装配线，达产后年产精密减速器8万台。"
P3 = "　　开发区负责人表示，将安排专班跟进，确保项目年内开工、明年投产。"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in (texts or (P1, P2, P3)))


def html(body: str, *, title: str = "", head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'


def page(markup: str | bytes, *, url: str = "http://www.yunling.example/x/1.html", parts: tuple[Part, ...] = (), attachments: tuple[Attachment, ...] = (), **more: object) -> Page:
    body = markup.encode() if isinstance(markup, str) else markup
    fields: dict[str, object] = {"status": 200, "content_type": "text/html", "charset_label": None, **more}
    return Page(url=url, final_url=url, body=body, parts=parts, attachments=attachments, **fields)  # type: ignore[arg-type]


def read(markup: str | bytes, **more: object) -> Extracted:
    return extract(page(markup, **more))  # type: ignore[arg-type]


def moment(got: Extracted) -> str | None:
    """Day, with the time where it is known, in Shanghai."""
    if got.published_at is None:
        return None
    local = got.published_at.astimezone(SHANGHAI)
    return local.strftime("%Y-%m-%d %H:%M" if got.minute_known else "%Y-%m-%d")
