"""What every engine promises."""

import pytest

from index.search import EXCERPT_CHARACTERS, Kind, Label, Marked, Number, Query, Sort
from qingbao.errors import UsageError
from tests.index.samples import day, doc, gone, keys


def test_what_was_put_is_found_and_counted(engine):
    assert engine.put([doc("a", "云岭机电扩产"), doc("c1", "云岭机电有限公司", kind=Kind.COMPANY)]) == []
    assert sorted(keys(engine, "云岭机电")) == ["a", "c1"]
    assert keys(engine, "云岭机电", kinds=(Kind.COMPANY,)) == ["c1"]
    assert engine.counts() == {Kind.ARTICLE: 1, Kind.COMPANY: 1, Kind.PROSPECT: 0}
    assert engine.health().usable
    assert engine.health().message is None


def test_a_document_is_found_by_title_names_and_text(engine):
    engine.put([doc("a", "标题甲", "正文乙", names=("别名丙", "别名丁"))])
    for words in ("标题甲", "正文乙", "别名丁", "甲 乙 丙"):
        assert keys(engine, words) == ["a"]
    assert keys(engine, "甲 戊") == []


def test_a_newer_version_replaces_and_an_older_one_does_not(engine):
    engine.put([doc("a", "第二", version=2)])
    engine.put([doc("a", "第一", version=1)])
    assert keys(engine, "第二") == ["a"]
    engine.put([doc("a", "第三", version=3)])
    assert keys(engine, "第二") == []
    assert keys(engine, "第三") == ["a"]
    engine.put([doc("a", "第三又", version=3)])
    assert keys(engine, "第三又") == ["a"]
    assert engine.counts()[Kind.ARTICLE] == 1


def test_the_newest_of_one_batch_counts(engine):
    engine.put([doc("a", "第二", version=2), doc("a", "第一", version=1)])
    assert keys(engine, "第二") == ["a"]
    assert engine.counts()[Kind.ARTICLE] == 1


def test_what_is_gone_stays_gone_for_older_writers(engine):
    engine.put([doc("a", "甲", version=2)])
    engine.delete([gone("a", 1)])
    assert keys(engine, "甲") == ["a"]
    engine.delete([gone("a", 3)])
    assert keys(engine, "甲") == keys(engine) == []
    engine.put([doc("a", "甲", version=2)])
    assert keys(engine, "甲") == []
    engine.put([doc("a", "甲", version=4)])
    assert keys(engine, "甲") == ["a"]
    engine.delete([gone("never", 1)])
    assert engine.counts()[Kind.ARTICLE] == 1


def test_a_key_may_be_long(engine):
    """Addresses of real sites are: nine bytes for each Chinese character."""
    long = "https://zs.example.cn/" + "%E6%8B%9B" * 200
    assert engine.put([doc("a", "甲"), doc(long, "甲", version=2), doc("b", "甲")]) == []
    assert sorted(keys(engine, "甲")) == sorted(["a", "b", long])
    engine.put([doc(long, "旧", version=1)])
    assert engine.rebuild([doc(long, "乙", version=3)]).count == 1
    assert keys(engine, "乙") == [long]
    engine.delete([gone(long, 4)])
    assert keys(engine) == []


def test_an_article_and_a_company_of_one_key_are_two(engine):
    engine.put([doc("a", "甲"), doc("a", "甲", kind=Kind.COMPANY)])
    engine.delete([gone("a", 2)])
    assert [hit.kind for hit in engine.search(Query(words="甲")).hits] == [Kind.COMPANY]


LABELLED = [
    doc("a", "扩产", labels={Label.PLACE: ("四川省", "云岭市"), Label.EVENT: ("扩产",)}, numbers={Number.AMOUNT: 120000.0}, day=day(3)),
    doc("b", "扩产", labels={Label.PLACE: ("四川省",), Label.EVENT: ("开工",)}, numbers={Number.AMOUNT: 5000.0}, day=day(5)),
    doc("c", "扩产", labels={Label.PLACE: ("重庆市",), Label.EVENT: ("扩产", "开工")}, day=day(1)),
    doc("d", "扩产"),
]


@pytest.mark.parametrize("words", ["", "扩产"])
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "abcd"),
        ({"labels": {Label.PLACE: ("四川省",)}}, "ab"),
        ({"labels": {Label.PLACE: ("云岭市", "重庆市")}}, "ac"),
        ({"labels": {Label.PLACE: ("四川省",), Label.EVENT: ("扩产",)}}, "a"),
        ({"labels": {Label.TIER: ("甲",)}}, ""),
        ({"numbers": {Number.AMOUNT: (5000.0, None)}}, "ab"),
        ({"numbers": {Number.AMOUNT: (5000.1, 120000.0)}}, "a"),
        ({"numbers": {Number.AMOUNT: (None, 6000)}}, "b"),
        ({"days": (day(3), None)}, "ab"),
        ({"days": (None, day(3))}, "ac"),
        ({"days": (day(2), day(4))}, "a"),
    ],
)
def test_filters(engine, words, asked, found):
    engine.put(LABELLED)
    answer = engine.search(Query(words=words, **asked))
    assert sorted(hit.key for hit in answer.hits) == list(found)
    assert answer.total == len(found)


@pytest.mark.parametrize("words", ["", "扩产"])
@pytest.mark.parametrize(
    ("sort", "order"), [(Sort.NEWEST, "bacd"), (Sort.OLDEST, "cabd"), (Sort.AMOUNT, "abcd"), (Sort.PRIORITY, "abcd")], ids=lambda v: str(v)
)
def test_orders(engine, words, sort, order):
    engine.put(LABELLED[::-1])
    assert "".join(keys(engine, words, sort=sort)) == order


def test_a_word_in_the_title_counts_more_than_one_in_the_text(engine):
    engine.put([doc("text", "某市新闻", "机器人" + "其他内容" * 20), doc("title", "机器人项目", "其他内容" * 20)])
    hits = engine.search(Query(words="机器人")).hits
    assert [hit.key for hit in hits] == ["title", "text"]
    assert hits[0].score > hits[1].score > 0


def test_facets_count_what_was_found(engine):
    engine.put([*LABELLED, doc("e", "别的", labels={Label.PLACE: ("贵州省",)})])
    facets = engine.search(Query(words="扩产", facets=(Label.PLACE, Label.EVENT, Label.TIER), limit=1)).facets
    assert facets == {
        Label.PLACE: (("四川省", 2), ("云岭市", 1), ("重庆市", 1)), Label.EVENT: (("开工", 2), ("扩产", 2)), Label.TIER: (),
    }
    narrowed = engine.search(Query(facets=(Label.EVENT,), labels={Label.PLACE: ("云岭市",)})).facets
    assert narrowed == {Label.EVENT: (("扩产", 1),)}


def test_a_hit_tells_what_people_see(engine):
    known = doc(
        "http://a/1", "云岭机电扩产", "正文", names=("云机",), url="http://a/1", day=day(6), labels={Label.SITE: ("未定",)},
        numbers={Number.AMOUNT: 1.5}
    )
    engine.put([known])
    (hit,) = engine.search(Query(words="机电")).hits
    assert (hit.kind, hit.key, hit.url, hit.day, hit.labels, hit.numbers) == (
        Kind.ARTICLE, "http://a/1", "http://a/1", day(6), {Label.SITE: ("未定",)}, {Number.AMOUNT: 1.5}
    )
    assert hit.title == Marked(text="云岭机电扩产", spans=((2, 4),))
    assert (hit.name, hit.excerpt) == (None, None)
    (hit,) = engine.search(Query(words="云机")).hits
    assert hit.name == Marked(text="云机", spans=((0, 2),))
    (hit,) = engine.search(Query()).hits
    assert hit.title == Marked(text="云岭机电扩产")


def test_an_excerpt_shows_what_was_found_and_never_the_article(engine):
    engine.put([doc("a", text="开头。" + "无关内容，" * 100 + "云岭机电拟扩产。" + "无关内容，" * 100)])
    (hit,) = engine.search(Query(words="云岭机电 扩产")).hits
    assert hit.excerpt.found == ("云岭机电", "扩产")
    assert len(hit.excerpt.text) <= EXCERPT_CHARACTERS
    assert (hit.excerpt.before, hit.excerpt.after) == (True, True)


def test_pages_follow_each_other_without_gap_or_double(engine):
    engine.put([doc(f"{n:03}", f"扩产{n}") for n in range(95)])
    for words in ("扩产", ""):
        seen, after = [], None
        while True:
            page = engine.search(Query(words=words, limit=10, after=after))
            assert page.total == 95
            seen += [hit.key for hit in page.hits]
            if page.next is None:
                break
            after = page.next
        assert len(seen) == len(set(seen)) == 95


def test_words_that_hold_nothing_to_search_find_nothing(engine):
    engine.put([doc("a")])
    for words in ("！！", '""', "“", "\\", "—"):
        assert engine.search(Query(words=words)).total == 0
    assert engine.search(Query(words="   ")).total == 1


@pytest.mark.parametrize("words", ['a" OR "b', "title:甲", "甲 AND 乙", "NEAR(甲 乙)", "*", "甲*", "^甲", "-甲", "{甲}", "甲 OR", "';--", '"'])
def test_the_engines_own_language_means_nothing(engine, words):
    """Words are words: what looks like a query language is text."""
    engine.put([doc("a", "甲")])
    found = keys(engine, words)
    assert found == (["a"] if words in ("甲*", "^甲", "-甲", "{甲}") else [])


@pytest.mark.parametrize("asked", [{"words": "甲" * 501}, {"limit": 0}, {"limit": 1001}, {"after": "x"}, {"after": "-1"}])
def test_the_impossible_is_refused_in_chinese(engine, asked):
    with pytest.raises(UsageError, match="。"):
        engine.search(Query(**asked))


def test_a_rebuild_replaces_all(engine):
    engine.put([doc("old", "旧"), doc("both", "旧旧")])
    assert engine.rebuild(iter([doc("new", "新"), doc("both", "新新")])).count == 2
    assert sorted(keys(engine)) == ["both", "new"]
    assert keys(engine, "旧") == []
    assert engine.rebuild_reason() is None


def test_a_rebuild_that_fails_leaves_the_old_state(engine):
    engine.put([doc("old", "旧")])

    def documents():
        yield doc("new", "新")
        raise RuntimeError("the records are away")

    with pytest.raises(RuntimeError):
        engine.rebuild(documents())
    assert keys(engine) == ["old"]


def test_searches_during_a_rebuild_see_the_old_state(engine):
    engine.put([doc("old", "旧")])
    seen = []

    def documents():
        for n in range(3):
            yield doc(f"new{n}", "新")
            seen.append(keys(engine))

    engine.rebuild(documents())
    assert seen == [["old"]] * 3
    assert len(keys(engine)) == 3
