"""Ranking inside Elasticsearch against the matcher's own, on a real server."""

import numpy as np
import pytest

from index.elastic import ElasticSearch
from index.elastic_ranking import MOST, ElasticRanking
from matcher import elsewhere
from matcher.calibration import CURVES, points
from matcher.fit import FitModel
from qingbao.errors import CannotWork
from tests.elastic.conftest import SERVER
from tests.elastic.engines import indices, remove, settings
from tests.elastic.firms import firms, thirty_parks
from tests.elastic.test_security import as_user

TOP = 100
TEXTS = firms(2_500)
NEW = "公司新近成立，专门制造谐波减速器、伺服电机和焊接机器人，产品用于汽车零部件工厂，员工一百人。"


class Rankings:
    """A server's rankings by models, and what the matcher says itself."""

    def __init__(self, engine):
        self.engine, self.moment = engine, 1

    def of(self, model):
        return ElasticRanking(self.engine, elsewhere.space_version(model.space), elsewhere.dimensions(model.space))

    def bring(self, model, texts, *, moment=None, watch=lambda ids: ids):
        self.moment += 1

        def vectors(ids):
            return elsewhere.company_vectors(model.space, {one: texts[one] for one in watch(ids)})

        return self.of(model).bring(elsewhere.text_keys(texts), vectors, moment=moment or self.moment)

    def aliased(self):
        return sorted(self.engine.client.indices.get_alias(name=f"{self.engine.prefix}-vectors"))


@pytest.fixture
def rankings():
    engine = ElasticSearch(settings(SERVER, "qingbao-rank"), sleep=lambda _: None)
    remove(engine)
    yield Rankings(engine)
    remove(engine)
    engine.close()


@pytest.fixture(scope="module")
def model():
    return FitModel.build(TEXTS, thirty_parks())


@pytest.fixture(scope="module")
def filled(model):
    """The companies on the server, for tests that change nothing."""
    engine = ElasticSearch(settings(SERVER, "qingbao-ranked"))
    remove(engine)
    made = Rankings(engine)
    made.bring(model, TEXTS)
    yield made
    remove(engine)
    engine.close()


def fit_of(model, raw):
    return points(CURVES[model.space.method].log_odds(raw))


def local(model, texts):
    """Companies by id, whether each has enough text, raw scores companies × industries."""
    field = model.field(texts)
    return list(field.vectors.ids), field.vectors.lengths >= 30, model.raw(field)


def agreement(ranking, model, texts):
    """For each industry the share of the local best hundred that the server names, and by how much its fits differ at most."""
    ids, known, raw = local(model, texts)
    place = {one: row for row, one in enumerate(ids)}
    out = []
    for column, part in enumerate(model.parts):
        order = np.argsort(-np.where(known, raw[:, column], -1.0), kind="stable")[:TOP]
        found = ranking.best(elsewhere.question(model.space, part), TOP)
        own = np.array([raw[place[one], column] for one, _ in found])
        theirs = np.array([score for _, score in found])
        overlap = len({ids[row] for row in order} & {one for one, _ in found}) / TOP
        out.append((part.industry, overlap, np.abs(fit_of(model, theirs) / fit_of(model, own) - 1).max()))
    return out


def test_the_best_hundred_of_every_industry_are_those_of_the_matcher(filled, model):
    rows = agreement(filled.of(model), model, TEXTS)
    assert len(rows) == 30
    assert [row for row in rows if row[1] < 0.95] == []
    assert [row for row in rows if row[2] > 0.01] == []


def test_every_companys_fit_to_every_industry_is_the_matchers(filled, model):
    ids, _, raw = local(model, TEXTS)
    scores = filled.of(model).scores([elsewhere.question(model.space, part) for part in model.parts], ids)
    assert np.abs(fit_of(model, scores) / fit_of(model, raw) - 1).max() < 1e-4


def test_scores_are_in_the_order_in_which_companies_are_asked(filled, model):
    asked = elsewhere.question(model.space, model.parts[0])
    some = ["c00007", "c02000", "c00003"]
    alone = [filled.of(model).scores([asked], [one])[0, 0] for one in some]
    assert filled.of(model).scores([asked], some)[:, 0].tolist() == pytest.approx(alone)
    assert len(set(alone)) == 3


def test_fits_have_a_link_and_reasons_that_sum_to_them(filled, model, tmp_path):
    some = {one: TEXTS[one] for one in sorted(TEXTS)[:100]}
    scores = filled.of(model).scores([elsewhere.question(model.space, part) for part in model.parts], list(some))
    tables = elsewhere.tables(tmp_path, model, some, scores)
    own = model.tables(some)
    assert set(tables) == {park.slug for park in thirty_parks()}
    for slug, table in tables.items():
        for one in some:
            there, here = table[one], own[slug][one]
            assert (there.industry, there.link) == (here.industry, here.link)
            assert (there.fit is None) == (here.fit is None) == (one.endswith("49") or one.endswith("99"))
            if there.fit is not None:
                assert sum(reason.points for reason in there.reasons) == pytest.approx(there.fit, abs=1e-6)
                assert there.fit == pytest.approx(here.fit, rel=0.01)


def test_companies_with_too_little_text_are_not_among_the_best(filled, model):
    found = filled.of(model).best(elsewhere.question(model.space, model.parts[0]), len(TEXTS))
    assert len(found) == len(TEXTS) - len(TEXTS) // 50
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_a_company_that_is_not_there_is_told(filled, model):
    with pytest.raises(CannotWork, match="缺少 1 家企业"):
        filled.of(model).scores([elsewhere.question(model.space, model.parts[0])], ["c00001", "nobody"])


def test_only_new_changed_and_gone_companies_are_written(rankings, model):
    rankings.bring(model, TEXTS)
    assert rankings.bring(model, TEXTS).put == 0
    cut = []
    tonight = TEXTS | {"c00003": NEW, "c99998": "——", "c99999": NEW}
    del tonight["c00010"]
    brought = rankings.bring(model, tonight, watch=lambda ids: cut.extend(ids) or ids)
    assert sorted(cut) == ["c00003", "c99998", "c99999"]
    assert (brought.put, brought.removed, brought.made) == (3, 1, False)
    rows = agreement(rankings.of(model), model, tonight)
    assert min(row[1] for row in rows) >= 0.95
    assert max(row[2] for row in rows) < 0.01
    robots = next(part for part in model.parts if part.industry == "工业机器人")
    best = [one for one, _ in rankings.of(model).best(elsewhere.question(model.space, robots), 20)]
    assert {"c00003", "c99999"} <= set(best)


def test_an_older_run_overwrites_nothing(rankings, model):
    few = dict(list(TEXTS.items())[:20])
    rankings.bring(model, few, moment=100)
    rankings.bring(model, few | {"c00001": NEW}, moment=200)
    asked = elsewhere.question(model.space, model.parts[4])
    before = rankings.of(model).best(asked, 20)
    with pytest.raises(CannotWork, match="比本次运行更新"):
        rankings.bring(model, few, moment=150)
    assert rankings.of(model).best(asked, 20) == before
    assert rankings.bring(model, few | {"c00001": NEW}, moment=200).put == 0


def test_a_new_statement_moves_no_company(rankings, model):
    rankings.bring(model, TEXTS)
    changed = model.with_parks([*thirty_parks()[:5]], TEXTS, {("p00", thirty_parks()[0].industries[0].name): ["c00001", "c00002"]})
    assert changed.version != model.version
    assert rankings.bring(changed, TEXTS).put == 0
    rows = agreement(rankings.of(changed), changed, TEXTS)
    assert len(rows) == 5
    assert min(row[1] for row in rows) >= 0.95
    assert max(row[2] for row in rows) < 0.01


def test_a_refitted_model_has_an_index_of_its_own_and_the_old_one_goes(rankings, model):
    rankings.bring(model, TEXTS)
    tonight = firms(2_200, seed=12)
    refitted = FitModel.build(tonight, thirty_parks())
    old, new = rankings.of(model).index, rankings.of(refitted).index
    assert old != new
    assert rankings.aliased() == [old]

    def killed(ids):
        yield from elsewhere.company_vectors(refitted.space, {one: tonight[one] for one in ids[:700]})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rankings.of(refitted).bring(elsewhere.text_keys(tonight), killed, moment=50)
    assert rankings.aliased() == [old]
    brought = rankings.bring(refitted, tonight, moment=51)
    assert 1_500 <= brought.put < 2_200
    assert rankings.aliased() == indices(rankings.engine) == [new]
    rows = agreement(rankings.of(refitted), refitted, tonight)
    assert min(row[1] for row in rows) >= 0.95
    assert max(row[2] for row in rows) < 0.01


def test_an_instance_without_a_projection_is_ranked_as_well(rankings):
    few = firms(300, seed=13)
    plain = FitModel.build(few, thirty_parks())
    assert plain.space.projection is None
    rankings.bring(plain, few)
    rows = agreement(rankings.of(plain), plain, few)
    assert min(row[1] for row in rows) >= 0.95
    assert max(row[2] for row in rows) < 0.01


def test_more_companies_than_one_search_returns(rankings):
    many = firms(MOST + 500, seed=14)
    ids, _, raw = local(made := FitModel.build(dict(list(many.items())[:2_000]), thirty_parks()[:2]), many)
    assert rankings.bring(made, many).put == len(many)
    assert rankings.bring(made, many).put == 0
    scores = rankings.of(made).scores([elsewhere.question(made.space, part) for part in made.parts], ids)
    assert np.abs(fit_of(made, scores) / fit_of(made, raw) - 1).max() < 0.01
    rows = agreement(rankings.of(made), made, many)
    assert min(row[1] for row in rows) >= 0.95


def test_the_nightly_account_ranks_and_staff_writes_nothing(secure_server, model):
    few = dict(list(TEXTS.items())[:50])
    run = Rankings(as_user(secure_server, "run", engine=ElasticSearch))
    assert run.bring(model, few).put == 50
    refitted = FitModel.build(few, thirty_parks())
    assert run.bring(refitted, few).made
    assert run.aliased() == [run.of(refitted).index]
    staff = Rankings(as_user(secure_server, "staff", engine=ElasticSearch))
    with pytest.raises(CannotWork, match="权限"):
        staff.bring(refitted, few | {"c00001": NEW})
