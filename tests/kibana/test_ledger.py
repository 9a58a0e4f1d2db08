"""The rows that Kibana shows besides the documents of searching, in tables."""

from datetime import UTC, date, datetime

import pytest

from index.ledger import (
    FIELDS,
    RUN_WORDS,
    STATE_WORDS,
    Ledger,
    Names,
    adverse_rows,
    history_rows,
    rank_rows,
    run_rows,
    signal_rows,
    source_rows,
    standing,
)
from qingbao.model import SITE_WORDS, Amount, Place, Run, Site, Stage, Tier
from records.values import ProspectRow, RankRow, SourceHealth, SourceResult, SourceState
from schedules import summary
from tests.records.samples import adverse, prospect, reading, signal

GD = Place(province="广东省", city="东莞市")
HN = Place(province="湖南省", city="长沙市", district="望城区")


def names(*keys):
    return Names(
        mentions=dict.fromkeys(keys, "c1"), companies={"c1": "云岭机电1有限公司", "c2": "甲"},
        standing=standing([prospect(1, units=("zb",)), prospect(1, park="b", industry="材料", units=("zb", "qh"))]),
    )


def rank(day, company, place, *, run="r", tier="乙", park="yl"):
    return RankRow(park=park, run_id=run, day=date(2026, 5, day), company_id=company, rank=place, priority=50.0, tier=tier)


def test_a_signal():
    one = signal(1, amount=Amount(text="5亿元", value_wan=50000.0), place=HN, place_from=GD, stage=Stage.SIGNED, site=Site.LEAVING, product="电机")
    ((key, row),) = signal_rows([reading(1, one, published_at=datetime(2026, 5, 6, 18, tzinfo=UTC))], names(one.key))
    assert key == one.key
    assert row == {
        # Late in the evening of the 6th in UTC is the 7th in Shanghai.
        "day": "2026-05-07T00:00:00+08:00", "source": "zs", "article": "标题1", "quote": "拟投资12亿元", "url": one.article_url, "company": "c1",
        "company_name": "云岭机电1有限公司", "event": "扩产", "stage": "已签约", "site": "迁出", "amount_wan": 50000.0, "place": ["湖南省", "长沙市", "望城区"],
        "origin": ["广东省", "东莞市"], "product": "电机", "park": ["yl", "b"], "industry": ["装备制造", "材料"], "unit": ["zb", "qh"],
    }


def test_what_is_not_known_is_left_out_and_a_name_that_was_not_settled_stays_as_written():
    one = signal(1, "某机电", amount=Amount(text="数亿元", value_wan=None))
    ((_, row),) = signal_rows([reading(1, one)], names())
    assert row["company_name"] == "某机电"
    assert not {"company", "amount_wan", "place", "origin", "stage", "site", "park", "industry", "unit"} & set(row)


def test_bad_news():
    ((key, row),) = adverse_rows([reading(1, bad=(adverse(1),))], names(adverse(1).key))
    assert (key, row["adverse"], row["company"], row["quote"]) == (adverse(1).key, "终止", "c1", "终止")


def page(number, valid_to=None, **more):
    return ProspectRow(prospect=prospect(1, rank=number, **more), valid_from=date(2026, 5, 6), valid_to=valid_to, from_run="r1")


def test_each_change_of_a_prospect():
    held, now = history_rows([page(9, date(2026, 5, 7), rank_before=12, priority_before=40.0, tier_before=Tier.C, units=("zb",)), page(0)])
    one = prospect(1)
    assert held == (f"{one.park}/{one.company_id}/r1", {
        "day": "2026-05-06T00:00:00+08:00", "valid_to": "2026-05-07T00:00:00+08:00", "run_day": "2026-05-06", "run": "r1", "park": one.park,
        "industry": one.industry, "unit": ["zb"], "site": SITE_WORDS[one.site], "sheet": one.sheet.value, "company": one.company_id, "company_name": one.company,
        "tier": one.tier.value, "tier_before": "丙", "rank": 9, "rank_before": 12, "priority": one.priority, "priority_before": 40.0, "fit": one.fit,
        "intent": one.intent, "evidence": one.evidence, **({"headline": one.headline} if one.headline else {}),
    })
    assert not {"valid_to", "rank", "rank_before", "priority_before", "tier_before"} & set(now[1])


def test_ranks_day_by_day():
    given = [
        rank(1, "c1", 1, run="a"), rank(1, "c2", 2, run="a"), rank(1, "c1", 2, run="b"), rank(1, "c2", 1, run="b"),  # the later run of a day counts
        rank(3, "c1", 1, run="c", tier="甲"), rank(3, "c3", 2, run="c"), rank(3, "c1", 9, run="d", park="other"),
    ]
    rows = dict(rank_rows(given, names(), {("yl", "c1"): Site.OPEN}))
    told = {key: (row["rank"], row.get("rise"), row["tier"]) for key, row in rows.items()}
    assert told == {
        "yl/2026-05-01/c1": (2, None, "乙"), "yl/2026-05-01/c2": (1, None, "乙"), "yl/2026-05-03/c1": (1, 1, "甲"), "yl/2026-05-03/c3": (2, None, "乙"),
        "other/2026-05-03/c1": (9, None, "乙"),
    }
    assert rows["yl/2026-05-03/c1"]["site"] == "未定"
    assert rows["yl/2026-05-03/c1"]["company_name"] == "云岭机电1有限公司"
    assert "site" not in rows["other/2026-05-03/c1"]


def run(number=1, **more):
    facts = {"id": f"r{number}", "job": "run", "started_at": datetime(2026, 5, 6, 18, 30, tzinfo=UTC), "finished_at": datetime(2026, 5, 6, 19, tzinfo=UTC),
             "status": "partial", "counts": {"fetched": 9, "new_links": 12, "door.read": 5, "door.off_topic": 3, "door.empty": 1, "prospects": 7},
             "messages": ("甲", "乙")}
    return Run(**facts | more)


def test_runs():
    ((key, row),) = run_rows([run(1), run(2, finished_at=None), run(3, job="crawl")])
    assert key == "r1"
    assert (row["day"], row["status"], row["message"]) == ("2026-05-07T00:00:00+08:00", "部分来源失败", "甲\n乙")
    assert (row["fetched"], row["read"], row["off_topic"], row["other_doors"], row["listed_prospects"]) == (9, 5, 3, 1, 7)
    assert row["read"] + row["off_topic"] + row["other_doors"] == sum(n for name, n in run().counts.items() if name.startswith("door."))


def test_sources():
    last = SourceResult(run_id="r", slug="zs", state=SourceState.BLOCKED, first_page_links=3, message="连续三篇被拒绝", finished_at=datetime(2026, 5, 6, tzinfo=UTC))
    ((key, row),) = source_rows([SourceHealth(slug="zs", last=last, last_ok_at=None, failures_in_a_row=2, fetched_7_days=4, waiting=5)])
    assert (key, row["state"], row["failures"], row["message"]) == ("zs", "被拒绝", 2, "连续三篇被拒绝")
    assert "last_ok" not in row


def test_words_are_those_of_the_command_line():
    assert STATE_WORDS == summary.STATE_WORDS
    assert set(RUN_WORDS) == {"running", "done", "partial", "failed", "interrupted"}


@pytest.mark.parametrize("kind", Ledger)
def test_no_row_has_a_field_that_is_not_in_the_mapping(kind):
    last = SourceResult(run_id="r", slug="zs", state=SourceState.OK, message="m", started_at=datetime(2026, 5, 6, tzinfo=UTC))
    one = signal(1, amount=Amount(text="5亿元", value_wan=5.0), place=HN, place_from=GD, stage=Stage.SIGNED, site=Site.OPEN, product="电机")
    rows = {
        Ledger.SIGNALS: signal_rows([reading(1, one)], names(one.key)), Ledger.ADVERSE: adverse_rows([reading(1, bad=(adverse(1),))], names(adverse(1).key)),
        Ledger.RANKS: rank_rows([rank(1, "c1", 1), rank(2, "c1", 2)], names(), {("yl", "c1"): Site.OPEN}), Ledger.RUNS: run_rows([run()]),
        Ledger.HISTORY: history_rows([page(1, date(2026, 5, 7), rank_before=3, priority_before=40.0, tier_before=Tier.C, units=("zb",), headline="拟扩产")]),
        Ledger.SOURCES: source_rows([SourceHealth(slug="zs", last=last, last_ok_at=last.started_at, failures_in_a_row=0, fetched_7_days=4, waiting=5)]),
    }[kind]
    for _, row in rows:
        assert set(row) <= set(FIELDS[kind])
