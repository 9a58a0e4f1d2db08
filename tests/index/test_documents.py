"""Documents made of the records' values: what can be filtered, counted, sorted."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from index.documents import STATUS_WORDS, make_document
from index.search import Kind, Label, Number
from qingbao.model import Amount, AttachmentText, BadNews, CompanyStatus, Place, Quote, Reason, Site, Stage, Tag, Tier
from records.values import ArticleDocument, CompanyDocument, Reading
from tests.records.samples import adverse, article, company, company_text, investment, prospect, signal, url

PLACE = Place(province="四川省", city="云岭市", district="青禾区")


def test_an_article():
    signals = (
        signal(1, amount=Amount(text="12亿元", value_wan=120000.0), place=PLACE, stage=Stage.SIGNED, site=Site.OPEN),
        signal(1, "乙", amount=Amount(text="数亿元", value_wan=None), place_from=Place(province="重庆市", city="重庆市")),
    )
    # Late in the evening of the 6th in UTC is the 7th in Shanghai.
    read = article(published_at=datetime(2026, 5, 6, 18, tzinfo=UTC), attachments=(AttachmentText(url="u", name="附件", text="附件文字"),))
    document = make_document(ArticleDocument(reading=Reading(article=read, signals=signals, adverse=(adverse(1),)), companies={"c1": "云机"}), 7)
    assert (document.kind, document.key, document.version, document.url, document.day) == (Kind.ARTICLE, url(1), 7, url(1), date(2026, 5, 7))
    assert document.text.endswith("\n附件文字")
    assert document.labels == {
        Label.COMPANY: ("c1",), Label.COMPANY_NAME: ("云机",), Label.PLACE: ("四川省", "云岭市", "青禾区", "重庆市"), Label.EVENT: ("扩产",),
        Label.ADVERSE: ("终止",), Label.STAGE: ("已签约",), Label.SITE: ("未定",), Label.SOURCE: ("zs",),
    }
    assert document.numbers == {Number.AMOUNT: 120000.0}


def test_an_article_without_a_date_has_the_day_of_its_fetching():
    read = article(published_at=None, fetched_at=datetime(2026, 5, 8, tzinfo=UTC))
    assert make_document(ArticleDocument(reading=Reading(article=read)), 1).day == date(2026, 5, 8)
    assert make_document(ArticleDocument(reading=Reading(article=article(published_at=None))), 1).day is None


def test_a_company():
    value = CompanyDocument(
        company=company(1, "云岭机电有限公司", "云机", "云岭机电有限公司", seat=PLACE, status=CompanyStatus.RESIDENT, tags=(Tag(list="五百强"),)),
        text=company_text(1), investments=(investment(1, last_day=date(2026, 5, 1)), investment(2, last_day=date(2026, 5, 3), amount=None)),
    )
    document = make_document(value, 3)
    assert (document.key, document.title, document.names, document.text, document.day) == (
        "c1", "云岭机电有限公司", ("云机",), "生产电机和减速器", date(2026, 5, 3)
    )
    assert document.labels[Label.PLACE] == ("四川省", "云岭市", "青禾区")
    assert (document.labels[Label.STATUS], document.labels[Label.TAG]) == (("已入园",), ("五百强",))
    assert document.numbers == {Number.AMOUNT: 120000.0}


def test_a_company_of_which_little_is_known():
    document = make_document(CompanyDocument(company=company(1)), 1)
    assert (document.text, document.day, document.numbers) == ("", None, {})


def test_a_prospect():
    value = prospect(
        1, headline="拟扩产，选址未定", units=("zb", "qh"), tags=("五百强",), marks=("平移",), destination=PLACE, quote_url=url(1),
        reasons=(Reason(number="intent", points=20.0, text="选址未定"),), investments=(investment(1, plan_words="扩建电机产能"),),
        bad_news=(BadNews(company_id="c1", kind=adverse(1).kind, day=None, quote=Quote(text="q"), url="u"),), fit=None,
    )
    document = make_document(value, 1)
    assert (document.kind, document.key, document.url) == (Kind.PROSPECT, "yl/c1", url(1))
    assert document.text.splitlines() == ["拟扩产，选址未定", "扩建电机产能", "选址未定"]
    assert document.labels[Label.UNIT] == ("zb", "qh")
    assert document.labels[Label.TAG] == ("五百强", "平移")
    assert (document.labels[Label.SITE], document.labels[Label.TIER], document.labels[Label.SHEET]) == (("未定",), ("乙",), ("潜在投资者",))
    assert document.numbers == {
        Number.AMOUNT: 120000.0, Number.PRIORITY: 60.0, Number.INTENT: 60.0, Number.EVIDENCE: 70.0, Number.RANK: 1.0
    }
    assert Number.RANK not in make_document(replace(value, rank=0), 1).numbers


def test_what_kibana_shows_of_a_prospect():
    gz = Place(province="广东省", city="广州市")
    value = prospect(1, origin=gz, destination=None, site=Site.OPEN, headline="拟扩产", best_quote="原句", first_listed=date(2026, 5, 7))
    document = make_document(value, 1)
    assert (document.listed, document.headline, document.quote) == (date(2026, 5, 7), "拟扩产", "原句")
    assert (document.labels[Label.ORIGIN], document.labels[Label.DESTINATION]) == (("广州市",), ("未定",))
    assert make_document(replace(value, destination=PLACE), 1).labels[Label.DESTINATION] == ("云岭市",)
    assert Label.DESTINATION not in make_document(replace(value, site=Site.NONE), 1).labels


@pytest.mark.parametrize(
    ("rank", "rank_before", "tier", "tier_before", "word"),
    [(1, None, "乙", None, "新上榜"), (0, None, "乙", None, None), (3, 5, "乙", "乙", "升"), (5, 3, "乙", "乙", "降"), (3, 3, "乙", "乙", None),
     (9, 3, "甲", "乙", "升"), (3, 9, "丙", "乙", "降"), (0, 9, "乙", "乙", None)],
)
def test_how_a_prospect_moved(rank, rank_before, tier, tier_before, word):
    value = prospect(1, rank=rank, rank_before=rank_before, tier=Tier(tier), tier_before=tier_before and Tier(tier_before))
    assert make_document(value, 1).labels.get(Label.CHANGE) == (word and (word,))


def test_every_status_and_site_has_a_word():
    assert STATUS_WORDS.keys() == set(CompanyStatus)
    for site in Site:
        assert make_document(prospect(1, site=site), 1).labels[Label.SITE]
