"""Sending to real servers on loopback: each recipient's fate, and what a line too long would do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from prospect_samples import changes
from test_digest import _compose, _long_prospects

from qingbao.errors import CannotWork, UsageError
from reports.mail import MailServer, Sent, envelope_address, mail_bytes, send, try_login, valid_address, write_eml
from tests.smtp import FreePort


class Box:
    """A server's hook: takes what fits the rules and refuses one recipient."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:
        if address.startswith("gone@"):
            return "550 5.1.1 no such user"
        if address.startswith("full@"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        if max(len(line) for line in content.split(b"\r\n")) > 998:
            return "500 5.2.2 line too long"
        self.envelopes.append(envelope)
        return "250 OK"


@contextmanager
def _server(box: Box, **options: Any) -> Iterator[MailServer]:
    controller = FreePort(box, **options)
    controller.start()
    try:
        yield MailServer(host="127.0.0.1", port=controller.port, tls="none", sender="招商情报 <qingbao@park.example>", timeout=60)
    finally:
        controller.stop()


@contextmanager
def _talk(*steps: Callable[[socket.socket], None]) -> Iterator[MailServer]:
    """A server that speaks as the steps say, for one connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            for step in steps:
                step(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield MailServer(host="127.0.0.1", port=listener.getsockname()[1], tls="none", sender="qingbao@park.example", timeout=60)
    finally:
        thread.join(60)
        listener.close()


def _say(words: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(words)


def _hear(until: bytes) -> Callable[[socket.socket], None]:
    def hear(connection: socket.socket) -> None:
        heard = b""
        while until not in heard and (piece := connection.recv(65536)):
            heard += piece

    return hear


GREETING = (_say(b"220 hi\r\n"), _hear(b"\r\n"), _say(b"250 hi\r\n"))


def _mail() -> EmailMessage:
    return _compose(changes())


def test_each_recipient_has_a_result() -> None:
    box = Box()
    with _server(box) as server:
        results = send(_mail(), server, ["wang@park.example", "gone@park.example", "full@park.example", "no address"])
    assert {address: outcome.state for address, outcome in results.items()} == {
        "wang@park.example": Sent.DELIVERED, "gone@park.example": Sent.REFUSED, "full@park.example": Sent.REFUSED, "no address": Sent.REFUSED,
    }
    assert results["gone@park.example"].message == "拒收（550 5.1.1 no such user）"
    assert str(results["full@park.example"].message).startswith("暂时拒收")
    assert "不是有效的邮箱地址" in str(results["no address"].message)
    assert len(box.envelopes) == 1
    assert box.envelopes[0].rcpt_tos == ["wang@park.example"]
    assert box.envelopes[0].mail_from == "qingbao@park.example"


def test_all_refused_sends_nothing() -> None:
    box = Box()
    with _server(box) as server:
        results = send(_mail(), server, ["gone@park.example"])
    assert results["gone@park.example"].state is Sent.REFUSED
    assert box.envelopes == []


def test_long_digest_passes_a_server_that_counts_octets() -> None:
    box = Box()
    message = _compose(_long_prospects())
    with _server(box) as server:
        assert send(message, server, ["wang@park.example"])["wang@park.example"].state is Sent.DELIVERED
    received = message_from_bytes(box.envelopes[0].content, policy=default)  # type: ignore[arg-type]
    for kind in ("plain", "html"):
        sent, came = message.get_body((kind,)), received.get_body((kind,))  # type: ignore[attr-defined]
        assert sent is not None
        assert came.get_content().split() == sent.get_content().split()
        assert "\ufffd" not in came.get_content()


def test_a_line_too_long_never_leaves() -> None:
    message = EmailMessage()
    message["From"] = "a@park.example"
    message.set_content("x" * 2000, cte="8bit")
    with pytest.raises(CannotWork, match="998"):
        mail_bytes(message)


def test_dots_at_line_starts_survive() -> None:
    box = Box()
    message = EmailMessage()
    message["From"] = "a@park.example"
    message.set_content(".\r\n..x\r\nend")
    with _server(box) as server:
        send(message, server, ["wang@park.example"])
    content = box.envelopes[0].content
    assert isinstance(content, bytes)
    assert b"\r\n.\r\n..x\r\nend\r\n" in content


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_login() -> None:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=isinstance(data, LoginPassword) and data.password == b"right", handled=False)

    with _server(Box(), authenticator=check, auth_require_tls=False, auth_required=True) as server:
        right = MailServer(host=server.host, port=server.port, tls="none", user="u", password="right", sender=server.sender, timeout=60)
        try_login(right)
        assert send(_mail(), right, ["wang@park.example"])["wang@park.example"].state is Sent.DELIVERED
        wrong = MailServer(host=server.host, port=server.port, tls="none", user="u", password="wrong", sender=server.sender, timeout=60)
        with pytest.raises(CannotWork, match="授权码"):
            send(_mail(), wrong, ["wang@park.example"])
        with pytest.raises(UsageError, match="QINGBAO_SMTP_PASSWORD"):
            try_login(MailServer(host=server.host, port=server.port, tls="none", user="u", timeout=60))
    assert "right" not in repr(right)


def test_no_starttls_there() -> None:
    with _server(Box()) as server, pytest.raises(CannotWork, match="STARTTLS"):
        try_login(MailServer(host=server.host, port=server.port, tls="starttls", timeout=60))


def test_ssl_where_none_is_spoken() -> None:
    with _server(Box()) as server, pytest.raises(CannotWork, match="465"):
        try_login(MailServer(host=server.host, port=server.port, tls="ssl", timeout=60))


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(CannotWork, match="拒绝连接"):
        send(_mail(), MailServer(host="127.0.0.1", port=port, tls="none", sender="a@park.example"), ["wang@park.example"])


def test_silent_server() -> None:
    with _talk(_hear(b"never")) as server, pytest.raises(CannotWork, match="没有回应"):
        try_login(MailServer(host=server.host, port=server.port, tls="none", timeout=0.2))


def test_sender_refused() -> None:
    with _talk(*GREETING, _hear(b"\r\n"), _say(b"553 not you\r\n"), _hear(b"\r\n")) as server, pytest.raises(CannotWork, match=r"mail\.from"):
        send(_mail(), server, ["wang@park.example"])


@pytest.mark.parametrize(("rest", "state"), [
    # hangs up before the content: certainly not delivered
    ((), Sent.REFUSED),
    ((_say(b"354 go\r\n"), _hear(b"\r\n.\r\n"), _say(b"250 taken\r\n")), Sent.DELIVERED),
    ((_say(b"354 go\r\n"), _hear(b"\r\n.\r\n"), _say(b"554 spam\r\n")), Sent.REFUSED),
    # the content is out and no word came back
    ((_say(b"354 go\r\n"), _hear(b"\r\n.\r\n")), Sent.UNKNOWN),
    ((_say(b"451 later\r\n"),), Sent.REFUSED),
])
def test_connection_breaks(rest: tuple[Callable[[socket.socket], None], ...], state: Sent) -> None:
    steps = (*GREETING, _hear(b"\r\n"), _say(b"250 ok\r\n"), _hear(b"\r\n"), _say(b"250 ok\r\n"), _hear(b"\r\n"), *rest)
    with _talk(*steps) as server:
        outcome = send(_mail(), server, ["wang@park.example"])["wang@park.example"]
    assert outcome.state is state
    assert (outcome.message is None) is (state is Sent.DELIVERED)


def test_wrong_tls_word() -> None:
    with pytest.raises(UsageError, match="starttls"):
        try_login(MailServer(host="127.0.0.1", port=1, tls="tls"))


@pytest.mark.parametrize(("address", "valid"), [
    ("wang@park.example", True), ("wang.li+x@mail.park.example", True), ("a@b\r\nRCPT TO:<x@y>", False), ("a b@c.example", False), ("王@park.example", False),
    ("a@b@c", False), ("", False), ("a@-x", False), ("a@x..example", False), ("<a@b.example>", False), ("a@b.example,c@d.example", False),
])
def test_addresses(address: str, valid: bool) -> None:
    assert valid_address(address) is valid


def test_envelope_address() -> None:
    assert envelope_address("招商情报 <info@park.example>") == "info@park.example"
    with pytest.raises(UsageError, match=r"mail\.from"):
        envelope_address("招商情报")


def test_eml_file(tmp_path: Path) -> None:
    write_eml(tmp_path / "mail" / "machines.eml", _mail())
    read = message_from_bytes((tmp_path / "mail" / "machines.eml").read_bytes(), policy=default)
    assert read["Subject"] == _mail()["Subject"]
    assert [p.name for p in (tmp_path / "mail").iterdir()] == ["machines.eml"]
