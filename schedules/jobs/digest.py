"""The digests: one a day and unit, written down before it is sent, so that nobody gets one twice whatever crashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from qingbao import keys
from qingbao.clock import shanghai_day
from qingbao.config import UnitConfig
from qingbao.errors import CannotWork, QingbaoError, UsageError
from qingbao.model import Change, Delivery, Park, Prospect
from records.values import UnitCursor
from schedules.instance import Instance
from schedules.jobs.changes import changes
from schedules.jobs.report import out_folder, shared_trouble

if TYPE_CHECKING:
    from reports.digest import Precision
    from reports.mail import MailServer

FILE = "file"
SMTP = "smtp"
RIGHT = ("已联系", "在谈", "有效")
FIRST_TEN = 10
# A delivery in one of these states is not tried again that day.
SETTLED = frozenset({"delivered", "unknown"})


@dataclass(slots=True)
class DigestResult:
    """What became of the day's digests."""

    files: list[Path] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    new: dict[str, int] = field(default_factory=dict)  # unit → changes in the digest composed now
    waiting: dict[str, int] = field(default_factory=dict)  # unit → changes that go into the next digest
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _Composed:
    message: EmailMessage
    changes: list[Change]


def _rows(instance: Instance) -> list[Prospect]:
    return [row for park in instance.parks for row in instance.records.prospects(park.slug)]


def _park_of(instance: Instance) -> Park:
    """The park whose name stands in the mail; with several parks, all their names."""
    parks = instance.parks
    return parks[0] if len(parks) == 1 else replace(parks[0], name="、".join(park.name for park in parks))


def _reported(instance: Instance, cursor: UnitCursor | None) -> dict[tuple[str, str], Prospect]:
    if cursor is None or cursor.run_id is None:
        return {}
    told = {}
    redirects = instance.records.redirects()
    for park in instance.parks:
        try:
            rows = instance.records.prospects(park.slug, at_run=cursor.run_id)
        except KeyError:
            continue  # the run is no longer in the ledger: all is new again rather than lost
        told.update({(park.slug, redirects.get(row.company_id, row.company_id)): row for row in rows})
    return told


def _precision(instance: Instance) -> Precision | None:
    """How many of the judged rows of a first ten were right, over all verdicts."""
    from reports.digest import Precision

    right = judged = 0
    since = None
    for park in instance.parks:
        verdicts = [v for v in instance.records.verdicts(park.slug) if v.judgement and v.run_id]
        for run_id in sorted({v.run_id for v in verdicts if v.run_id}):
            ten = {row.company_id for row in instance.records.rank_history(park.slug, run_id) if row.rank <= FIRST_TEN}
            said = {v.company_id: v for v in sorted(verdicts, key=lambda v: v.at) if v.run_id == run_id and v.company_id in ten}
            judged += len(said)
            right += sum(v.judgement in RIGHT for v in said.values())
            since = min([shanghai_day(v.at) for v in said.values()] + ([since] if since else []), default=None)
    return Precision(right=right, judged=judged, since=since) if judged else None


def _unit_changes(instance: Instance, unit: UnitConfig, rows: Sequence[Prospect], cursor: UnitCursor | None) -> list[Change]:
    from reports.digest import first_changes

    if cursor is None:
        return first_changes(unit, rows)
    return changes(_reported(instance, cursor), rows, unit.slug)


def _compose(instance: Instance, unit: UnitConfig, rows: Sequence[Prospect]) -> _Composed:
    from matcher.weights import formula
    from reports.digest import compose

    cursor = instance.records.unit_cursor(unit.slug)
    told = _unit_changes(instance, unit, rows, cursor)
    lost = [d for d in instance.records.deliveries(unit=unit.slug) if d.state == "unknown" and (cursor is None or d.changed_at is None or d.changed_at > cursor.at)]
    repeated = {change.prospect.company_id for change in told} if lost else set()
    message = compose(
        unit, told, rows, park=_park_of(instance), formula=formula(), at=instance.clock(), sender=instance.config.mail.sender, first=cursor is None,
        repeated=repeated, precision=_precision(instance), verdicts=[v for park in instance.parks for v in instance.records.verdicts(park.slug)],
        unit_names={one.slug: one.name for one in instance.config.units},
    )
    return _Composed(message, told)


def mail_server(instance: Instance) -> MailServer:
    """The server of the configuration, the password from the environment."""
    from reports.mail import MailServer

    mail = instance.config.mail
    if mail.mode != SMTP or not mail.host:
        raise UsageError("qingbao.yaml 的 mail.mode 是 file，没有邮件服务器；要发信请改为 smtp 并填写 host")
    return MailServer(host=mail.host, port=mail.port, tls=mail.tls, user=mail.user, password=mail.password, sender=mail.sender)


def _open_deliveries(instance: Instance, unit: UnitConfig) -> list[Delivery]:
    """Today's deliveries of a unit that are still to be made; what a crash left in the middle of sending becomes ``unknown``."""
    records, day = instance.records, instance.today
    channel = instance.config.mail.mode
    recipients = unit.recipients if channel == SMTP else (f"digest-{unit.slug}.eml",)
    for recipient in recipients:
        records.begin_delivery(Delivery(id=keys.random_id("d"), day=day, unit=unit.slug, recipient=recipient, channel=channel, state="writing"))
    todo = []
    for delivery in records.deliveries(day=day, unit=unit.slug):
        if delivery.channel != channel or delivery.recipient not in recipients:
            continue
        if delivery.state == "sending":
            records.set_delivery(delivery.id, "unknown", "发送中断，不知是否送达；今天不再重发，内容在下一期标注后再次列出")
        elif delivery.state not in SETTLED:
            todo.append(delivery)
    return todo


def _deliver_smtp(instance: Instance, unit: UnitConfig, composed: EmailMessage, todo: Sequence[Delivery], result: DigestResult) -> bool:
    """Hand the mail in for every open delivery; whether one server accepted."""
    from reports.mail import send

    records = instance.records
    for delivery in todo:
        records.set_delivery(delivery.id, "sending")
    try:
        outcomes = send(composed, mail_server(instance), [delivery.recipient for delivery in todo])
    except QingbaoError as error:
        for delivery in todo:
            records.set_delivery(delivery.id, "refused", str(error))
        result.messages.append(f"{unit.name}：{error}")
        result.failed = True
        return False
    accepted = False
    for delivery in todo:
        outcome = outcomes[delivery.recipient]
        records.set_delivery(delivery.id, outcome.state.value, outcome.message)
        accepted = accepted or outcome.state.value == "delivered"
        if outcome.message:
            result.messages.append(f"{unit.name}（{delivery.recipient}）：{outcome.message}")
            result.failed = True
    return accepted


def _unit_digest(instance: Instance, unit: UnitConfig, rows: Sequence[Prospect], run_id: str | None, result: DigestResult) -> None:
    from email import policy
    from email.parser import BytesParser

    from reports.mail import write_eml

    todo = _open_deliveries(instance, unit)
    if not todo:
        cursor = instance.records.unit_cursor(unit.slug)
        result.waiting[unit.slug] = len(_unit_changes(instance, unit, rows, cursor)) if cursor else 0
        return
    path = out_folder(instance) / f"digest-{unit.slug}.eml"
    told_already = any(d.state == "delivered" for d in instance.records.deliveries(day=instance.today, unit=unit.slug))
    if told_already and path.is_file():
        # Composed once a day: who was refused gets the mail that the others got, and the cursor has moved with them.
        message = BytesParser(_class=EmailMessage, policy=policy.SMTP).parsebytes(path.read_bytes())
    else:
        composed = _compose(instance, unit, rows)
        message = composed.message
        write_eml(path, message)
        result.new[unit.slug] = len(composed.changes)
    if instance.config.mail.mode == SMTP:
        accepted = _deliver_smtp(instance, unit, message, todo, result)
    else:
        accepted = True
        for delivery in todo:
            instance.records.set_delivery(delivery.id, "delivered")
    result.files.append(path)
    trouble = shared_trouble(instance, [path])
    result.messages += [trouble] if trouble else []
    if accepted and not told_already:
        instance.records.set_unit_cursor(unit.slug, at=instance.clock(), run_id=run_id)


def digest(instance: Instance, run_id: str | None = None) -> DigestResult:
    """Compose and deliver today's digests that are not delivered yet. One unit's trouble does not keep another's mail."""
    result = DigestResult()
    rows = _rows(instance)
    run_id = run_id or next((row.run_id for row in rows if row.run_id), None)
    for unit in instance.config.units:
        try:
            _unit_digest(instance, unit, rows, run_id, result)
        except CannotWork as error:
            result.messages.append(f"{unit.name}：{error}")
            result.failed = True
    return result


def preview(instance: Instance) -> list[str]:
    """The text of each unit's digest as it would be composed now; nothing is written."""
    rows = _rows(instance)
    texts = []
    for unit in instance.config.units:
        message = _compose(instance, unit, rows).message
        part = message.get_body(("plain",))
        texts.append(f"收件：{'、'.join(unit.recipients)}\n主题：{message['Subject']}\n\n{part.get_content() if part else ''}")
    return texts


def send_test(instance: Instance, address: str) -> str:
    """Send one short mail to ``address``; what happened, in Chinese. Raises with a clear message where it could not be handed in."""
    from reports.mail import Sent, envelope_address, send, valid_address

    if not valid_address(address):
        raise UsageError(f"“{address}”不是有效的邮箱地址")
    server = mail_server(instance)
    message = EmailMessage()
    message["From"] = envelope_address(server.sender)
    message["To"] = address
    message["Subject"] = "招商情报分析系统：测试邮件"
    message.set_content("收到这封邮件，说明邮箱设置正确。正式简报会在工作日早晨发出。\n", charset="utf-8", cte="base64")
    outcome = send(message, server, [address])[address]
    if outcome.state is not Sent.DELIVERED:
        raise CannotWork(f"测试邮件没有送达：{outcome.message}")
    return f"测试邮件已交给 {server.host}，请查收 {address}。"
