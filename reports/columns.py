"""The columns of the workbook's sheets: header, width, how a row fills it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from qingbao.model import Sheet
from reports.csv_file import ID_HEADER
from reports.rows import UNKNOWN, Row

Value = str | int | float | date | None

JUDGEMENTS = ("已联系", "在谈", "有效", "不合适")
JUDGEMENT_HEADER = "判断"
NOTE_HEADER = "备注"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``width`` in characters of Excel, ``style`` names a cell format, ``printed`` columns come first and go on paper."""

    header: str
    width: float
    value: Callable[[Row], Value]
    style: str = "text"
    printed: bool = True


def _fit(row: Row) -> Value:
    return "未知" if row.fit is None else row.fit


NUMBER = Column("序号", 4.5, lambda r: r.number, "center")
TIER = Column("级别", 5, lambda r: r.tier, "tier")
PRIORITY = Column("优先级", 6.5, lambda r: r.priority, "priority")
COMPANY = Column("企业名称", 19, lambda r: r.company, "company")
MARKS = Column("标记", 8.5, lambda r: "\n".join(r.marks), "marks")
HEADLINE = Column("拟投项目/计划", 31, lambda r: r.headline)
SITE = Column("选址状态", 8.5, lambda r: r.site, "site")
AMOUNT = Column("金额", 12, lambda r: r.amount)
PLACE = Column("地点（拟/已）", 12, lambda r: r.place)
INDUSTRY = Column("产业/环节", 15, lambda r: r.industry)
SEAT = Column("所在地", 13, lambda r: r.seat)
FIT = Column("匹配度", 6, _fit, "center")
INTENT = Column("意向", 6, lambda r: r.intent, "center")
EVIDENCE = Column("可信度", 6, lambda r: r.grade, "center")
DAY = Column("日期", 10.5, lambda r: r.day or UNKNOWN, "day")
REMARK = Column("说明", 18, lambda r: r.remark)
JUDGEMENT = Column(JUDGEMENT_HEADER, 8, lambda r: r.judgement, "input")
NOTE = Column(NOTE_HEADER, 12, lambda r: r.note, "input")
# Wide, so that a row stays three lines high: rows are as high on paper as on the screen.
WHY = Column("理由", 80, lambda r: "；".join(r.why), printed=False)
QUOTE = Column("原文摘录", 90, lambda r: r.quote or UNKNOWN, "quote", printed=False)
SOURCE = Column("来源", 16, lambda r: r.source or UNKNOWN, printed=False)
LINK = Column("原文链接", 30, lambda r: r.url or UNKNOWN, "link", printed=False)
STAGE = Column("阶段", 8, lambda r: r.stage, "center", printed=False)
WEBSITE = Column("官网", 24, lambda r: r.website or UNKNOWN, "link", printed=False)
PHONE = Column("公开总机", 16, lambda r: r.phone or UNKNOWN, printed=False)
UNITS = Column("分派单位", 16, lambda r: r.units, printed=False)
TAGS = Column("名单", 24, lambda r: "、".join(r.prospect.tags), printed=False)
ROW_ID = Column(ID_HEADER, 12, lambda r: r.row_id, "id", printed=False)

# For a person in a hurry from left to right: whom to call, what they plan, what can be won, what it rests on. What is printed fills
# one screen and one A4 page in a size that can be read; proofs and addresses stand right of it.
_NUMBERS = (FIT, INTENT, EVIDENCE)
_REST = (WHY, QUOTE, SOURCE, LINK, STAGE, WEBSITE, PHONE, UNITS, TAGS, ROW_ID)

FULL = (NUMBER, TIER, PRIORITY, COMPANY, MARKS, HEADLINE, SITE, AMOUNT, PLACE, INDUSTRY, SEAT, *_NUMBERS, DAY, JUDGEMENT, NOTE, *_REST)
WITH_REMARK = (NUMBER, TIER, PRIORITY, COMPANY, MARKS, REMARK, HEADLINE, SITE, AMOUNT, PLACE, *_NUMBERS, DAY, JUDGEMENT, NOTE,
               *(replace(column, printed=False) for column in (INDUSTRY, SEAT)), *_REST)
WITHOUT_NEWS = (NUMBER, COMPANY, MARKS, FIT, INDUSTRY, SEAT, replace(WHY, width=58, printed=True), JUDGEMENT, NOTE, WEBSITE, PHONE, UNITS, TAGS, ROW_ID)

SHEETS: tuple[tuple[Sheet, tuple[Column, ...], str], ...] = (
    (Sheet.PROSPECTS, FULL, "近 180 天有消息、尚未联系的企业，优先级高的在前"),
    (Sheet.FOLLOWED, WITH_REMARK, "已联系的企业，不再进入邮件"),
    (Sheet.IN_TALKS, WITH_REMARK, "在谈企业名单中的企业"),
    (Sheet.RESIDENT, WITH_REMARK, "已入园或项目已在本地的企业；有新项目时标“有新动向”"),
    (Sheet.TARGETS, WITHOUT_NEWS, "目标名单中近 180 天没有消息的企业，按匹配度排列"),
    (Sheet.HIDDEN, WITH_REMARK, "判断为“不合适”的企业；有新投资时回到潜在投资者"),
    (Sheet.EXCLUDED, WITH_REMARK, "按园区规则排除的企业；“说明”列写明是哪条规则"),
)
