"""Invented documents, queries, and what must be found: the same for every engine."""

from pathlib import Path

import pytest

from index.search import Kind, Query
from tests.index.samples import doc

ARTICLES = {
    "a1": ("云岭机电股份有限公司总投资130亿元扩产", "云岭机电股份有限公司拟在青禾区建设新能源汽车电驱动基地。"),
    "a2": ("新能源材料项目签约", "总投资30亿元，建设正极材料生产线。"),
    "a3": ("阳新县能源局召开会议", "时代的宁德，能源消耗。汽车零部件企业参会。"),
    "a4": ("機器人產業園動工", "園區將引進減速器與伺服電機企業，服務汽車製造。"),
    "a5": ("云岭发布AI芯片", "该企业的AI芯片流片。"),
    "a6": ("工厂用上 AI", "数控系统和机床配减速器，称为 smart motor。"),
    "a7": ("AIGC平台上线", "负责人 said 平台免费。"),
    "a8": ("岭南动力搬迁", "岭南动力拟整体搬迁至云岭，投资3.5亿元。"),
    "a9": ("阳光（云岭）新能源签约", "年产12GWh储能电池，能源基地落户。"),
    "a10": ("ＴＣＬ与园区洽谈", "ＴＣＬ考察团到访。"),
    "a11": ("青禾微電子擴建積體電路產線", "青禾微宣布，積體電路用「芯」材料投產。"),
    "a12": ("蟠龙科技搬迁", "企业将搬迁。"),
    "a13": ("数控机床项目用地1,200亩", "云岭推进高质量发展新。能够落地的项目优先。"),
    "a14": ("C919大飞机配套", "新能源与汽车两个产业都有需求。"),
    "a15": ("华东电缆䶮分公司开业", "华东电缆称产能翻番。"),
}
COMPANIES = {
    "c1": ("云岭机电股份有限公司", ("云机", "Yunling Motor Co., Ltd."), "减速器与电机的研发制造"),
    "c2": ("TCL样本有限公司", (), "显示面板"),
    "c3": ("青禾微电子有限公司", ("青禾微",), "集成电路与芯材"),
    "c4": ("蟠龙科技有限公司", (), "润滑材料"),
    "c5": ("岭南动力有限公司", ("岭南动力",), "发动机，客户在云岭"),
    "c6": ("华东电缆有限公司", (), "电缆"),
}


def rows():
    for line in (Path(__file__).parent / "relevance.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            query, order, found, missing, why = (line.split("\t") + [""] * 4)[:5]
            yield pytest.param(query, order, found.split(), missing.split(), id=f"{query}-{why or order}")


def put_all(engine):
    """All documents of the set into an empty engine."""
    articles = [doc(key, title, text) for key, (title, text) in ARTICLES.items()]
    companies = [doc(key, title, text, names=names, kind=Kind.COMPANY) for key, (title, names, text) in COMPANIES.items()]
    assert engine.put(articles + companies) == []


@pytest.fixture(scope="module")
def filled(module_engine):
    put_all(module_engine)
    return module_engine


@pytest.mark.parametrize(("query", "order", "found", "missing"), list(rows()))
def test_relevance(filled, query, order, found, missing):
    hits = [hit.key for hit in filled.search(Query(words=query, limit=50)).hits]
    assert sorted(hits) == sorted(found)
    assert not set(hits) & set(missing)
    if order == ">":
        assert hits[0] == found[0]


def test_the_set_is_large_enough_and_knows_its_documents():
    queries = [row.values for row in rows()]
    assert len(queries) >= 40
    known = ARTICLES.keys() | COMPANIES.keys()
    assert all(set(found) | set(missing) <= known for _, _, found, missing in queries)
