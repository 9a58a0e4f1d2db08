"""Small values of the model for the tests of the records and of the search side; all names are invented."""

from datetime import UTC, datetime

from qingbao.keys import signal_key, text_hash
from qingbao.model import (
    Adverse,
    AdverseType,
    Amount,
    Article,
    Company,
    CompanyName,
    CompanyText,
    EventType,
    Investment,
    NameKind,
    Place,
    Prospect,
    Quote,
    Relation,
    RelationType,
    Sheet,
    Signal,
    Site,
    Stated,
    TextPart,
    Tier,
)
from records.values import PageRow, Reading

SITE = "https://zs.example.cn"
DAY = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)


def url(number):
    return f"{SITE}/a/{number}.html"


def page(number, version=1, **more):
    """The row of version ``version`` of page ``number``."""
    facts = {
        "key": f"p{number}.{version}", "url": url(number), "final_url": url(number), "slug": "zs", "warc_file": "a.warc.gz", "offset": 10,
        "length": 20, "status": 200, "content_hash": f"h{version}", "fetched_at": DAY, "run_id": "r1",
    }
    return PageRow(**facts | more)


def article(number=1, text="云岭机电公司拟投资12亿元扩建电机产能。", **more):
    facts = {"url": url(number), "title": f"标题{number}", "text": text, "text_hash": text_hash(text), "published_at": DAY, "slug": "zs"}
    return Article(**facts | more)


def signal(number=1, mention="云岭机电公司", **more):
    key = signal_key(url(number), mention, "q", "e", None, None)
    facts = {"key": key, "article_url": url(number), "mention": mention, "event_type": EventType.EXPANSION, "quote": Quote(text="拟投资12亿元")}
    return Signal(**facts | more)


def adverse(number=1, mention="云岭机电公司"):
    key = signal_key(url(number), mention, "bad", "e", None, None)
    return Adverse(key=key, article_url=url(number), mention=mention, kind=AdverseType.TERMINATION, quote=Quote(text="终止"))


def relation(number=1):
    key = signal_key(url(number), "甲", "rel", "e", None, None)
    return Relation(key=key, article_url=url(number), kind=RelationType.SUPPLIER, subject="甲", object="乙", quote=Quote(text="甲是乙的供应商"))


def reading(number=1, *signals, text="云岭机电公司拟投资12亿元扩建电机产能。", bad=(), related=(), **more):
    return Reading(article=article(number, text, **more), signals=signals or (signal(number),), adverse=bad, relations=related)


def company(number=1, name=None, *others, **more):
    name = name or f"云岭机电{number}有限公司"
    names = (CompanyName(text=name, kind=NameKind.FULL, source="test"), *(CompanyName(text=t, kind=NameKind.SHORT, source="test") for t in others))
    return Company(id=f"c{number}", name=name, names=names, **more)


def company_text(number=1, text="生产电机和减速器"):
    return CompanyText(company_id=f"c{number}", parts=(TextPart(text=text, kind="profile", source="test"),))


def investment(number=1, company_number=1, *article_numbers, **more):
    stated = tuple(Stated(article_url=url(n), day=DAY.date(), signal_key=signal(n).key) for n in article_numbers or (number,))
    facts = {"id": f"i{number}", "company_id": f"c{company_number}", "event_type": EventType.EXPANSION, "stated": stated}
    return Investment(**facts | {"amount": Amount(text="12亿元", value_wan=120000.0), "place": Place(province="四川省")} | more)


def prospect(number=1, priority=60.0, rank=1, **more):
    facts = {
        "park": "yl", "company_id": f"c{number}", "company": f"云岭机电{number}有限公司", "names": (), "sheet": Sheet.PROSPECTS, "tier": Tier.B,
        "priority": priority, "fit": 50.0, "intent": 60.0, "evidence": 70.0, "evidence_grade": "B", "site": Site.OPEN, "industry": "装备制造",
        "rank": rank,
    }
    return Prospect(**facts | more)
