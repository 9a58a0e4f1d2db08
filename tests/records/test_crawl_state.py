"""Links that wait, lists with validators, outcomes, health."""

from datetime import timedelta

import pytest

from records.values import FoundLink, LinkOutcome, LinksFound, SourceResult, SourceState, Validators

LIST = "https://zs.example.cn/list.html"


def link(number, title="标题", **more):
    return FoundLink(url=f"https://zs.example.cn/a/{number}.html", title=title, **more)


def find(records, *links, slug="zs", **more):
    return records.found_links(slug=slug, list_url=LIST, links=links, **more)


def waiting(records, slug="zs"):
    return [found.url.rpartition("/")[2] for found in records.waiting_links(slug, 100)]


def test_new_links_wait_in_the_order_of_the_list(records):
    assert find(records, link(3), link(1), link(2)) == LinksFound(new=3, changed=0, known=0)
    assert waiting(records) == ["3.html", "1.html", "2.html"]
    assert find(records, link(1), link(4)) == LinksFound(new=1, changed=0, known=1)
    assert waiting(records) == ["3.html", "1.html", "2.html", "4.html"]
    assert [found.url for found in records.waiting_links("zs", 1)] == ["https://zs.example.cn/a/3.html"]
    assert waiting(records, "other") == []


def test_a_link_is_known_by_its_canonical_url_and_asked_as_linked(records):
    find(records, FoundLink(url="https://ZS.example.cn/a/1.html?spm=7#top"), link(1))
    (found,) = records.waiting_links("zs", 10)
    assert (found.url, found.link_url) == ("https://zs.example.cn/a/1.html", "https://ZS.example.cn/a/1.html?spm=7#top")


def test_a_list_that_answers_304_after_a_kill_has_lost_no_link(records, monkeypatch):
    """Links and validators are one transaction: if one cannot be kept, the list is asked in full again."""

    def killed(*_, **__):
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("records.crawl.upsert", killed)
        with pytest.raises(RuntimeError, match="killed"):
            find(records, link(1), validators=Validators(etag='"1"'))
    assert records.list_validators(LIST) is None
    assert waiting(records) == []
    find(records, link(1), validators=Validators(etag='"1"', last_modified="Wed, 06 May 2026 01:00:00 GMT"))
    assert records.list_validators(LIST) == Validators(etag='"1"', last_modified="Wed, 06 May 2026 01:00:00 GMT")
    find(records, link(2))
    assert records.list_validators(LIST).etag == '"1"'
    find(records, validators=Validators())
    assert records.list_validators(LIST) is None


@pytest.mark.parametrize("outcome", [o for o in LinkOutcome if o not in (LinkOutcome.BLOCKED, LinkOutcome.FAILED)])
def test_an_outcome_ends_the_waiting(records, outcome):
    find(records, link(1), link(2))
    records.link_outcome(link(1).url, outcome, run_id="r1")
    assert waiting(records) == ["2.html"]
    assert records.outcome_counts("r1") == {outcome: 1}


@pytest.mark.parametrize("outcome", [LinkOutcome.BLOCKED, LinkOutcome.FAILED])
def test_a_failure_waits_behind_the_untried(records, outcome):
    find(records, link(1), link(2))
    records.link_outcome(link(1).url, outcome, run_id="r1", message="超时")
    assert waiting(records) == ["2.html", "1.html"]
    assert records.link(link(1).url).tries == 1


def test_an_outcome_of_a_link_that_was_never_found_is_a_mistake(records):
    with pytest.raises(KeyError):
        records.link_outcome(link(1).url, LinkOutcome.ARCHIVED)


def test_an_article_is_asked_again_for_seven_days_with_its_validators(records, clock):
    find(records, link(1))
    records.link_outcome(link(1).url, LinkOutcome.ARCHIVED, validators=Validators(etag='"a"'), content_hash="h1")
    clock.forward(days=3)
    (due,) = records.due_again("zs", clock())
    assert (due.validators, due.content_hash) == (Validators(etag='"a"'), "h1")
    records.link_outcome(link(1).url, LinkOutcome.UNCHANGED)
    (due,) = records.due_again("zs", clock())
    assert due.validators == Validators(etag='"a"')
    assert due.first_fetched_at == clock() - timedelta(days=3)
    records.link_outcome(link(1).url, LinkOutcome.ARCHIVED, content_hash="h2")
    clock.forward(days=4)
    assert records.due_again("zs", clock()) == []


def test_a_failed_recheck_keeps_its_article_out_of_the_waiting(records, clock):
    find(records, link(1))
    records.link_outcome(link(1).url, LinkOutcome.ARCHIVED)
    records.link_outcome(link(1).url, LinkOutcome.FAILED)
    assert waiting(records) == []
    assert len(records.due_again("zs", clock())) == 1


@pytest.mark.parametrize("row", [{"title": "标题（更正）"}, {"date": "2026-05-07"}, {"row": "标题 更正"}])
def test_a_changed_row_makes_an_article_due(records, clock, row):
    seen = {"title": "标题", "date": "2026-05-06", "row": "标题 2026-05-06"}
    find(records, link(1, **seen))
    records.link_outcome(link(1).url, LinkOutcome.ARCHIVED, validators=Validators(etag='"a"'))
    clock.forward(days=30)
    assert find(records, link(1, **seen)) == LinksFound(new=0, changed=0, known=1)
    assert find(records, link(1, **seen | row)) == LinksFound(new=0, changed=1, known=0)
    (due,) = records.waiting_links("zs", 10)
    assert due.validators == Validators(etag='"a"')
    records.link_outcome(link(1).url, LinkOutcome.UNCHANGED)
    assert find(records, link(1, **seen | row)) == LinksFound(new=0, changed=0, known=1)


def test_another_column_that_shows_an_article_differently_changes_nothing(records):
    find(records, link(1, row="标题 05-06"))
    records.link_outcome(link(1).url, LinkOutcome.ARCHIVED)
    other = records.found_links(slug="zs", list_url=LIST + "?2", links=[link(1, row="[要闻] 标题")])
    assert other == LinksFound(new=0, changed=0, known=1)
    next_page = records.found_links(slug="zs", list_url=LIST + "?page=2", column=LIST, links=[link(1, row="标题 05-07")])
    assert next_page == LinksFound(new=0, changed=1, known=0)


def test_a_large_list_is_kept_whole(records):
    assert find(records, *(link(n) for n in range(2500))).new == 2500
    assert find(records, *(link(n) for n in range(2500))).known == 2500


def result(run, state, clock, **more):
    return SourceResult(run_id=run, slug="zs", state=state, finished_at=clock(), **more)


def test_health_counts_the_failures_since_the_last_good_run(records, clock):
    find(records, link(1))
    records.source_result(result("r1", SourceState.OK, clock, fetched=5))
    good = clock()
    for run, state in (("r2", SourceState.DOWN), ("r3", SourceState.DISABLED), ("r4", SourceState.FEW_LINKS)):
        clock.forward(days=3)
        records.source_result(result(run, state, clock, fetched=1, message="少于预期"))
    (health,) = records.source_health()
    assert (health.failures_in_a_row, health.last_ok_at, health.waiting) == (2, good, 1)
    assert health.last.state is SourceState.FEW_LINKS
    assert health.last.message == "少于预期"
    assert health.fetched_7_days == 2  # of r2 and r4; r1 is nine days ago, a disabled source does not run
    records.source_result(result("r4", SourceState.OK, clock))
    assert records.source_health()[0].failures_in_a_row == 0
    assert [r.state for r in records.source_results("r4")] == [SourceState.OK]


def test_a_source_that_was_never_good(records, clock):
    records.source_result(result("r1", SourceState.CLOSED, clock))
    (health,) = records.source_health()
    assert (health.last_ok_at, health.failures_in_a_row) == (None, 1)
