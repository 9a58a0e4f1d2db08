"""The digest job: one a day and unit, whatever crashes; what changed since the last one that arrived."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from qingbao.model import AdverseType, BadNews, Prospect, Quote, Sheet, Site, Tier, Verdict
from schedules.instance import Instance, opened
from schedules.jobs.changes import changes
from schedules.jobs.digest import digest, preview, send_test
from tests.qingbao.test_config import GOOD, instance
from tests.smtp import FreePort

MORNING = datetime(2026, 9, 15, 0, 30, tzinfo=UTC)


def prospect(ident: str = "c1", priority: float = 60.0, **more: Any) -> Prospect:
    return Prospect(park="p", company_id=ident, company=f"岚砥{ident}有限公司", names=(f"岚砥{ident}有限公司",), sheet=Sheet.PROSPECTS, tier=Tier.A,
                    priority=priority, fit=60.0, intent=60.0, evidence=60.0, evidence_grade="B", site=Site.OPEN, industry="电机", headline="拟建电机",
                    units=("a",), best_quote="拟建电机基地，选址未定。", quote_url="http://127.0.0.1:1/1", last_day=date(2026, 9, 14), rank=1, **more)


class Office:
    """An instance whose clock the test moves."""

    def __init__(self, folder: Path, smtp_port: int | None = None) -> None:
        text = GOOD["qingbao.yaml"].replace("recipients: [a@yunling.gov]", "recipients: [a@yunling.gov, b@yunling.gov]")
        if smtp_port:
            text += f"mail: {{mode: smtp, host: 127.0.0.1, port: {smtp_port}, tls: none, from: x@yunling.gov}}\n"
        self.folder = instance(folder, qingbao_yaml=text)
        self.now = MORNING

    @contextmanager
    def open(self) -> Iterator[Instance]:
        with opened(self.folder, clock=lambda: self.now) as inst:
            yield inst

    def night(self, *rows: Prospect) -> None:
        with self.open() as inst:
            run = inst.records.start_run("run")
            inst.records.store_prospects("p", run.id, inst.today, rows)
            inst.records.finish_run(run.id, "done", {})

    def morning(self) -> Any:
        with self.open() as inst:
            return digest(inst)

    def mail(self) -> str:
        day = (self.now + timedelta(hours=8)).date().isoformat()
        message = BytesParser(policy=policy.default).parsebytes((self.folder / "data" / "out" / day / "digest-a.eml").read_bytes())
        return str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_the_first_digest_brings_the_list_and_the_second_only_what_changed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.night(prospect("c1"), prospect("c2", 50.0))
    assert office.morning().new == {"a": 2}
    assert "岚砥c1有限公司" in office.mail()
    office.now += timedelta(days=1)
    office.night(prospect("c1"), prospect("c2", 58.0), prospect("c3", 40.0))
    assert office.morning().new == {"a": 2}
    assert "岚砥c1有限公司" not in office.mail().split("名单")[0]
    office.now += timedelta(days=1)
    office.night(prospect("c1"), prospect("c2", 58.0), prospect("c3", 40.0))
    assert office.morning().new == {"a": 0}
    assert "今日无新增" in office.mail()


def test_a_second_run_of_the_day_leaves_the_mail_alone_and_counts_for_the_next(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.night(prospect("c1"))
    office.morning()
    before = office.mail()
    office.night(prospect("c1"), prospect("c2"))
    again = office.morning()
    assert (again.new, again.waiting) == ({}, {"a": 1})
    assert office.mail() == before
    office.now += timedelta(days=1)
    assert office.morning().new == {"a": 1}


def test_a_failed_night_or_weekend_loses_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.night(prospect("c1"))
    office.morning()
    office.now += timedelta(days=1)
    office.night(prospect("c1"), prospect("c2"))  # no digest that day
    office.now += timedelta(days=2)
    office.night(prospect("c1"), prospect("c2"), prospect("c3"))
    assert office.morning().new == {"a": 2}


class Server:
    """A mail server that keeps what it took and refuses some recipients."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, ...]] = []
        self.refused: set[str] = set()
        self.crash = threading.Event()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, _: Any) -> str:
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(tuple(envelope.rcpt_tos))
        return "250 OK"


@pytest.fixture
def smtp() -> Iterator[tuple[Server, int]]:
    server = Server()
    controller = FreePort(server)
    controller.start()
    yield server, controller.port
    controller.stop()


def test_everybody_gets_it_once_and_refused_ones_are_tried_again_that_day(tmp_path: Path, smtp: tuple[Server, int]) -> None:
    server, port = smtp
    office = Office(tmp_path, port)
    office.night(prospect("c1"))
    server.refused = {"b@yunling.gov"}
    first = office.morning()
    assert first.failed
    assert any("b@yunling.gov" in message for message in first.messages)
    server.refused = set()
    office.morning()
    office.morning()
    assert sorted(address for to in server.taken for address in to) == ["a@yunling.gov", "b@yunling.gov"]


def test_a_server_that_is_down_moves_no_cursor(tmp_path: Path, smtp: tuple[Server, int]) -> None:
    server, port = smtp
    office = Office(tmp_path, port)
    office.night(prospect("c1"))
    (tmp_path / "qingbao.yaml").write_text((tmp_path / "qingbao.yaml").read_text("utf-8").replace(f"port: {port}", "port: 1"), "utf-8")
    assert office.morning().failed
    (tmp_path / "qingbao.yaml").write_text((tmp_path / "qingbao.yaml").read_text("utf-8").replace("port: 1,", f"port: {port},"), "utf-8")
    office.now += timedelta(days=1)
    assert office.morning().new == {"a": 1}
    assert len(server.taken) == 1


def test_a_crash_inside_sending_is_unknown_not_sent_again_that_day_and_comes_marked_next(tmp_path: Path, smtp: tuple[Server, int]) -> None:
    server, port = smtp
    office = Office(tmp_path, port)
    office.night(prospect("c1"))
    with office.open() as inst:
        from schedules.jobs.digest import _open_deliveries

        for delivery in _open_deliveries(inst, inst.config.units[0]):
            inst.records.set_delivery(delivery.id, "sending")  # and the machine went off
    office.morning()
    assert server.taken == []
    with office.open() as inst:
        assert {d.state for d in inst.records.deliveries(unit="a")} == {"unknown"}
    office.now += timedelta(days=1)
    assert office.morning().new == {"a": 1}
    assert len(server.taken) == 1
    assert "上期可能已收到" in office.mail()


def test_preview_writes_nothing_and_a_test_mail_arrives(tmp_path: Path, smtp: tuple[Server, int]) -> None:
    server, port = smtp
    office = Office(tmp_path, port)
    office.night(prospect("c1"))
    with office.open() as inst:
        assert "岚砥c1有限公司" in preview(inst)[0]
        assert inst.records.deliveries(unit="a") == []
        assert "c@yunling.gov" in send_test(inst, "c@yunling.gov")
    assert server.taken == [("c@yunling.gov",)]


BEFORE = prospect("c1")
NEWS = BadNews(company_id="c1", kind=AdverseType.FINE, day=date(2026, 9, 14), quote=Quote(text="被罚款"), url="http://x")


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (BEFORE, None), (replace(BEFORE, priority=64.9), None), (replace(BEFORE, priority=65.0), "升"), (replace(BEFORE, priority=54.0), "降"),
        (replace(BEFORE, tier=Tier.B), "降"), (replace(BEFORE, site=Site.LEAVING), "新动向"), (replace(BEFORE, bad_news=(NEWS,)), "坏消息"),
        (replace(BEFORE, sheet=Sheet.FOLLOWED), None), (replace(BEFORE, units=("b",)), None), (replace(BEFORE, company_id="c9"), "新增"),
    ],
)
def test_what_counts_as_a_change(now: Prospect, kind: str | None) -> None:
    told = changes({("p", "c1"): BEFORE}, [now], "a")
    assert [change.kind for change in told] == ([kind] if kind else [])


def test_precision_counts_judged_rows_of_a_first_ten(tmp_path: Path) -> None:
    from schedules.jobs.digest import _precision

    office = Office(tmp_path)
    office.night(prospect("c1"), replace(prospect("c2"), rank=2), replace(prospect("c3"), rank=11))
    with office.open() as inst:
        run = inst.records.last_run("run")
        assert run is not None
        said = [Verdict(id=f"v{n}", park="p", company_id=f"c{n}", judgement=word, note=None, actor=None, unit="a", at=MORNING, source_file="x", run_id=run.id)
                for n, word in ((1, "有效"), (2, "不合适"), (3, "有效"))]
        inst.records.add_verdicts(said)
        found = _precision(inst)
        assert found is not None
        assert (found.right, found.judged) == (1, 2)
