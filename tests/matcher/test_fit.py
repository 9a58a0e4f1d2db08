"""Fit as staff would state it: what decides, what must not, what stays, what is unknown."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from invented import BATTERY, ROBOTS, UNRELATED, companies, park, trade_of

from matcher.calibration import Method
from matcher.fit import UNKNOWN_FIT, FitModel
from matcher.rank_files import rank_lines
from matcher.stream import best_of
from qingbao.errors import CannotWork
from qingbao.model import Park

SMALL, LARGE = companies(80), companies(560)
BOTH = Park(slug="both", name="both", province=None, city=None, industries=(*ROBOTS.industries, *BATTERY.industries))


@pytest.fixture(scope="module", params=["tfidf", "lsa"])
def texts(request: pytest.FixtureRequest) -> dict[str, str]:
    return SMALL if request.param == "tfidf" else LARGE


@pytest.fixture(scope="module")
def model(texts: dict[str, str]) -> FitModel:
    return FitModel.build(texts, [ROBOTS, BATTERY, BOTH])


def fits(model: FitModel, park: Park, texts: dict[str, str]) -> dict[str, float | None]:
    return {fit.company_id: fit.fit for fit in model.score(park, texts)}


def shuffled(texts: dict[str, str]) -> dict[str, str]:
    rows = list(texts.items())
    random.Random(3).shuffle(rows)
    return dict(rows)


def test_the_method_goes_by_the_number_of_companies() -> None:
    assert FitModel.build(SMALL, [ROBOTS]).space.method is Method.TFIDF
    assert FitModel.build(LARGE, [ROBOTS]).space.method is Method.LSA


def test_companies_of_the_trade_stand_first(model: FitModel, texts: dict[str, str]) -> None:
    own = sum(trade_of(one) == "机器人" for one in texts)
    first = model.table(ROBOTS, texts).order(own)
    assert sum(trade_of(one) == "机器人" for one in first) >= 0.9 * own


def test_another_park_another_order(model: FitModel, texts: dict[str, str]) -> None:
    assert model.table(ROBOTS, texts).order(20) != model.table(BATTERY, texts).order(20)


def test_order_of_the_input_changes_nothing(model: FitModel, texts: dict[str, str]) -> None:
    again = FitModel.build(shuffled(texts), [BATTERY, BOTH, ROBOTS])
    assert again.score(ROBOTS, shuffled(texts)) == model.score(ROBOTS, texts)


def test_points_of_reasons_sum_to_the_fit(model: FitModel, texts: dict[str, str]) -> None:
    for fit in model.score(BOTH, texts):
        assert fit.fit is not None
        assert sum(reason.points for reason in fit.reasons) == pytest.approx(fit.fit, abs=1e-6)
        assert all(reason.number == "fit" and reason.text for reason in fit.reasons)


def test_the_best_industry_counts_and_is_named(model: FitModel, texts: dict[str, str]) -> None:
    both, robots, battery = model.table(BOTH, texts), model.table(ROBOTS, texts), model.table(BATTERY, texts)
    for one in texts:
        assert both[one].score == pytest.approx(max(robots[one].score, battery[one].score), abs=1e-5)
    named = {both[one].industry for one in both.order(20)}
    assert named == {"智能机器人", "动力电池"}


def test_equal_companies_stand_by_id() -> None:
    twins = {**SMALL, "z1": SMALL["c0000"], "a1": SMALL["c0000"]}
    order = FitModel.build(twins, [ROBOTS]).table(ROBOTS, twins).order()
    a, b, c = (order.index(one) for one in ("a1", "c0000", "z1"))
    assert (b, c) == (a + 1, a + 2)


@pytest.mark.parametrize("text", ["", "  \n ", "行星减速器", "公司制造机器人用谐波减速器", "（不含机器人、减速器、伺服电机、焊接机器人、搬运机器人的制造）"])
def test_too_little_text_is_unknown(text: str) -> None:
    some = {**SMALL, "x": text}
    table = FitModel.build(some, [ROBOTS]).table(ROBOTS, some)
    fit = table["x"]
    assert fit.fit is None
    assert fit.reasons == ()
    assert np.isnan(table.fits()[table.field.vectors.ids.index("x")])
    assert fit.score <= np.log(UNKNOWN_FIT / (100 - UNKNOWN_FIT)) + 1e-9


def test_an_unrelated_sentence_raises_fit_by_at_most_a_point(model: FitModel, texts: dict[str, str]) -> None:
    rng = random.Random(11)
    ids = [rng.choice(list(texts)) for _ in range(500)]
    longer = {f"{i}": texts[one] + rng.choice(UNRELATED) for i, one in enumerate(ids)}
    for wanted in (ROBOTS, BATTERY):
        before, after = fits(model, wanted, texts), fits(model, wanted, longer)
        raised = max((after[f"{i}"] or 0) - (before[one] or 0) for i, one in enumerate(ids))
        assert raised <= 1.0


def test_other_companies_change_nothing_in_a_frozen_model(model: FitModel, texts: dict[str, str]) -> None:
    changed = {**texts, "c0000": "公司改做焊接机器人和机器人控制器，原有业务全部转让，现有员工二百人。", "new": texts["c0001"] + "另有新业务若干。"}
    before, after = fits(model, ROBOTS, texts), fits(model, ROBOTS, changed)
    assert {one for one in texts if before[one] != pytest.approx(after[one], abs=1e-6)} == {"c0000"}


def test_a_changed_statement_changes_its_own_part_alone(model: FitModel, texts: dict[str, str]) -> None:
    other = replace(ROBOTS, industries=(replace(ROBOTS.industries[0], text="引进数控机床制造企业。"),))
    after = model.with_parks([other, BATTERY, BOTH], texts)
    assert after.version != model.version
    assert [a is b for a, b in zip(after.parts, model.parts)] == [False, True, True, True]
    assert model.with_parks([ROBOTS, BATTERY, BOTH], texts).version == model.version


def test_examples_move_the_order(model: FitModel, texts: dict[str, str]) -> None:
    tea = [one for one in texts if trade_of(one) == "茶"]
    taught = model.with_parks([ROBOTS, BATTERY, BOTH], texts, {("robots", "智能机器人"): tea[:5]})
    places = {one: place for place, one in enumerate(model.table(ROBOTS, texts).order())}
    after = {one: place for place, one in enumerate(taught.table(ROBOTS, texts).order())}
    assert np.mean([after[one] for one in tea[5:]]) < 0.7 * np.mean([places[one] for one in tea[5:]])
    assert taught.table(BATTERY, texts).order() == model.table(BATTERY, texts).order()


def test_a_model_comes_back_from_its_file(model: FitModel, texts: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "models" / "fit.arrays"
    model.save(path)
    again = FitModel.load(path)
    assert again.version == model.version
    assert again.score(BOTH, texts) == model.score(BOTH, texts)
    assert [file.name for file in path.parent.iterdir()] == ["fit.arrays"]


@pytest.mark.parametrize("damage", [lambda data: data[:-100], lambda data: b"", lambda data: b"\x80\x04pickle", lambda data: data.replace(b"tokens", b"tokenz")])
def test_a_damaged_model_says_what_to_do(damage, tmp_path: Path) -> None:
    path = tmp_path / "fit.arrays"
    FitModel.build(SMALL, [ROBOTS]).save(path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CannotWork, match="--refit"):
        FitModel.load(path)


def test_an_unknown_park_is_refused(model: FitModel, texts: dict[str, str]) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        model.table("nowhere", texts)


def test_streaming_finds_the_same_best(model: FitModel, texts: dict[str, str]) -> None:
    rows = list(texts.items())
    batches = [dict(rows[start : start + 30]) for start in range(0, len(rows), 30)]
    best = best_of(model, batches, 12)
    for wanted in (ROBOTS, BOTH):
        table = model.table(wanted, texts)
        assert [fit.company_id for fit in best[wanted.slug]] == table.order(12)
        assert [fit.fit for fit in best[wanted.slug]] == pytest.approx([table[one].fit for one in table.order(12)], abs=1e-5)


TRAPS = [
    # trouble, industry, text, links, the right company, the wrong one
    ("one character", park("p", "茶", "园区以茶为主业，引进种茶、制茶企业，建设精深加工基地，推动产业融合。", "茶", "茶饮"),
     "合作社有茶山两千亩，春天采茶，夏天炒茶，做红茶和绿茶，一年出干茶五百吨。", "公司制作茶几和茶色玻璃柜，建有板材加工基地，推动家居产业融合发展，产品进入家具城。"),
    ("half a compound", park("p", "半导体", "发展半导体材料和半导体器件。", "半导体器件"),
     "公司生产半导体分立器件和功率模块，建有封装线和测试线各一条，产品用于电源。", "公司生产架空导体和母线导体，铜导体与铝导体年产三万吨，产品用于输电线路。"),
    ("what a scope leaves out", park("p", "危险化学品", "引进危险化学品生产与储运企业。", "危险化学品"),
     "危险化学品的生产、储存和道路运输，年储存量二十万吨，自有槽车五十辆，库区占地百亩。", "日用百货、文具、办公用品的零售（不含危险化学品），除危险化学品外的化工原料销售，仓库一处。"),
    ("full width", park("p", "LED照明", "发展LED芯片和LED照明灯具。", "LED芯片"),
     "公司制造ＬＥＤ芯片与ＬＥＤ灯珠，月产芯片十万片，产品用于户外照明和车灯，员工三百人。", "公司制造铝合金门窗与玻璃幕墙，月产门窗十万套，产品用于住宅和车站，员工三百人。"),
    ("traditional characters", park("p", "集成电路", "发展集成电路设计与封装测试。", "封装测试"),
     "本公司為積體電路封裝測試廠，提供晶圓測試與覆晶封裝服務，產品應用於通訊與車用電子。", "公司从事公路工程测试与桥梁设计，提供检测服务，产品应用于交通与市政，员工三百人。"),
    ("mentions everything", park("p", "减速器", "引进减速器制造企业。", "行星减速器", "谐波减速器"),
     "公司制造行星减速器和谐波减速器，建有齿轮磨削和热处理车间，年产减速器四万台。",
     "平台为减速器、机床、电池、光伏、食品、医药、纺织、家电、物流、旅游、教育、金融、汽车、船舶、航空、软件、芯片、建材、化工、农业、环保、钢铁、茶叶等各行各业的企业提供信息发布、"
     "广告推广、会议组织、人才招聘、法律咨询、财务代理、商标注册、办公租赁、员工培训和软件下载等综合性服务，注册会员遍布各地。"),
]


@pytest.mark.parametrize(("wanted", "right", "wrong"), [trap[1:] for trap in TRAPS], ids=[trap[0] for trap in TRAPS])
@pytest.mark.parametrize("background", [0, 80, 560])
def test_traps(wanted: Park, right: str, wrong: str, background: int) -> None:
    some = {**companies(background), "a-wrong": wrong, "b-right": right}
    table = FitModel.build(some, [wanted]).table(wanted, some)
    assert table["b-right"].score > table["a-wrong"].score
    assert (table["a-wrong"].fit or 0) < 60


def test_rank_lines_are_what_scorers_read() -> None:
    query = {"query_id": "q1", "park": "某园", "industry": "智能机器人", "text": "引进减速器、伺服电机制造企业。", "chain_links": ["减速器", {"name": "伺服电机"}]}
    rows = [{"id": one, "name": f"企业{one}", "text": text} for one, text in SMALL.items()] + [{"id": "x", "name": "空", "text": ""}, {"id": "y", "name": "空"}]
    lines = list(rank_lines([query], rows))
    assert [line["rank"] for line in lines] == list(range(1, len(rows) + 1))
    assert all(a["score"] > b["score"] for a, b in pairwise(lines))
    assert all(set(line) == {"query_id", "rank", "company_id", "company", "score", "fit", "reasons"} for line in lines)
    assert {line["company_id"] for line in lines if line["fit"] is None} == {"x", "y"}
    assert all(0 <= line["fit"] <= 100 for line in lines if line["fit"] is not None)
    assert list(rank_lines([query], rows, top=3)) == lines[:3]


def test_rank_lines_of_a_profile_have_a_query_for_each_industry() -> None:
    rows = [{"id": one, "name": "", "text": text} for one, text in SMALL.items()]
    assert [line["query_id"] for line in rank_lines([BOTH], rows, top=1)] == ["both/智能机器人", "both/动力电池"]
    assert list(rank_lines([], rows)) == []
    assert list(rank_lines([ROBOTS], [])) == []


def test_examples_of_a_file_move_the_order() -> None:
    query = {"query_id": "q1", "park": "某园", "industry": "智能机器人", "text": "引进减速器、伺服电机制造企业。", "chain_links": ["减速器"]}
    rows = [{"id": one, "name": "", "text": text} for one, text in SMALL.items()]
    taught = list(rank_lines([query], rows, [{"query_id": "q1", "company_id": "c0002"}, {"query_id": "other", "company_id": "c0000"}]))
    place = {line["company_id"]: line["rank"] for line in taught}
    assert place["c0002"] < next(line["rank"] for line in rank_lines([query], rows) if line["company_id"] == "c0002")
