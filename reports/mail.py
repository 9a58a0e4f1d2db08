"""Digest mails leave as ``.eml`` files or by SMTP; what became of each recipient is said, crashes are the job's to judge."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path

from qingbao.errors import CannotWork, UsageError
from reports.cells import one_line
from reports.files import write_bytes

MAX_LINE = 998  # octets without CR LF, RFC 5322 2.1.1
TIMEOUT = 30.0  # seconds for each answer of the server
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mails are handed in."""

    host: str
    port: int
    tls: str = "ssl"  # ssl, starttls, none
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str = "qingbao@localhost"
    timeout: float = TIMEOUT  # seconds


class Sent(StrEnum):
    """What became of a mail for one recipient; the words are those of ``Delivery.state``."""

    DELIVERED = "delivered"  # the server took it
    REFUSED = "refused"  # certainly not delivered: may be tried again
    UNKNOWN = "unknown"  # the connection broke after the content was sent: never sent again the same day


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recipient's result with the reason in Chinese where it was not delivered."""

    state: Sent
    message: str | None = None


def valid_address(address: str) -> bool:
    """Whether ``address`` is one plain mail address of ASCII letters: nothing that could add a header or a recipient."""
    return _ADDRESS.fullmatch(address) is not None and ".." not in address


def envelope_address(sender: str) -> str:
    """The bare address of ``sender``, which may carry a name before it (招商情报 <info@park.example>)."""
    address = parseaddr(one_line(sender, 300))[1]
    if not valid_address(address):
        raise UsageError(f"mail.from：“{one_line(sender, 60)}”不是有效的邮箱地址")
    return address


def mail_bytes(message: EmailMessage) -> bytes:
    """The message with CR LF line ends; refused where a line is longer than servers take."""
    data = message.as_bytes(policy=SMTP)
    longest = max((len(line) for line in data.split(b"\r\n")), default=0)
    if longest > MAX_LINE:
        raise CannotWork(f"邮件中有一行长 {longest} 字节，超过 {MAX_LINE}：邮件服务器会拒收，未发送")
    return data


def write_eml(path: Path, message: EmailMessage) -> None:
    """Write the message as a file that mail programs open, whole or not at all."""
    write_bytes(path, mail_bytes(message))


def send(message: EmailMessage, server: MailServer, recipients: Sequence[str]) -> dict[str, Outcome]:
    """Hand the message in for ``recipients``; one result for each of them.

    Raises ``CannotWork`` or ``UsageError`` only where certainly nobody got anything (no connection, TLS, login, sender refused).
    """
    data = mail_bytes(message)
    outcomes = {address: Outcome(Sent.REFUSED, f"“{one_line(address, 60)}”不是有效的邮箱地址") for address in recipients if not valid_address(address)}
    wanted = [address for address in dict.fromkeys(recipients) if address not in outcomes]
    if not wanted:
        return outcomes
    smtp = _connect(server)
    try:
        outcomes.update(_hand_in(smtp, server, wanted, data))
    finally:
        # The mail is handed in or refused by now; a server that hangs up without a farewell changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    return outcomes


def try_login(server: MailServer) -> None:
    """Connect and log in, send nothing: raises as ``send`` does."""
    smtp = _connect(server)
    with suppress(smtplib.SMTPException, OSError):
        smtp.quit()


def _connect(server: MailServer) -> smtplib.SMTP:
    where = f"{server.host}:{server.port}"
    if server.tls not in {"ssl", "starttls", "none"}:
        raise UsageError(f"mail.tls 应为 ssl、starttls 或 none，现为“{one_line(server.tls, 20)}”")
    context = ssl.create_default_context()
    smtp: smtplib.SMTP | None = None
    try:
        if server.tls == "ssl":
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context, local_hostname="localhost")
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout, local_hostname="localhost")
        smtp.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
        if server.user:
            _log_in(smtp, server)
        return smtp
    except (smtplib.SMTPException, OSError) as error:
        if smtp is not None:
            smtp.close()
        raise CannotWork(f"邮件服务器 {where}：{_connection_words(error, server)}；邮件未发送") from error


def _log_in(smtp: smtplib.SMTP, server: MailServer) -> None:
    if server.password is None:
        smtp.close()
        raise UsageError("发信需要密码：请设置环境变量 QINGBAO_SMTP_PASSWORD（多数邮箱要用“授权码”而不是登录密码）")
    smtp.login(server.user or "", server.password)


def _connection_words(error: Exception, server: MailServer) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"用户名或密码不对（{error.smtp_code}）；多数邮箱要用“授权码”，密码取自环境变量 QINGBAO_SMTP_PASSWORD"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "服务器不支持 STARTTLS 或登录；请核对 mail.tls 与端口（465 用 ssl，587 用 starttls）"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"证书无法验证（{one_line(error.verify_message, 80)}）；请核对主机名，或请管理员安装单位的 CA 证书"
    if isinstance(error, ssl.SSLError):
        return "加密握手失败；请核对 mail.tls 与端口（465 用 ssl，587 用 starttls）"
    if isinstance(error, socket.gaierror):
        return "找不到这台主机；请核对 mail.host"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # smtplib calls a silent server disconnected
        return f"{server.timeout:g} 秒内没有回应；请核对主机、端口和防火墙"
    if isinstance(error, ConnectionRefusedError):
        return "拒绝连接；请核对端口，或服务器是否在运行"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "连接被服务器断开；请核对 mail.tls 与端口（465 用 ssl，587 用 starttls）"
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return f"连接失败（{one_line(str(error), 120)}）"


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = "暂时拒收，稍后可再试" if 400 <= code < 500 else "拒收"
    return f"{kind}（{code} {one_line(words, 160)}）"


def _hand_in(smtp: smtplib.SMTP, server: MailServer, recipients: Sequence[str], data: bytes) -> dict[str, Outcome]:
    """MAIL, RCPT one by one, DATA: ``smtplib.sendmail`` says too little of a connection that breaks in the middle."""
    outcomes: dict[str, Outcome] = {}
    accepted: list[str] = []
    try:
        code, answer = smtp.mail(envelope_address(server.sender))
        if code != 250:
            raise CannotWork(f"邮件服务器不接受发件人 {one_line(server.sender, 80)}：{_answer(code, answer)}；请核对 mail.from")
        for address in recipients:
            code, answer = smtp.rcpt(address)
            if code in {250, 251}:
                accepted.append(address)
            else:
                outcomes[address] = Outcome(Sent.REFUSED, _answer(code, answer))
        if not accepted:
            return outcomes
        smtp.putcmd("data")
        code, answer = smtp.getreply()
        if code != 354:
            return outcomes | dict.fromkeys(accepted, Outcome(Sent.REFUSED, _answer(code, answer)))
    except (smtplib.SMTPException, OSError) as error:
        lost = Outcome(Sent.REFUSED, f"发送内容之前连接中断（{_connection_words(error, server)}）")
        return {address: outcomes.get(address, lost) for address in recipients}
    return outcomes | dict.fromkeys(accepted, _content(smtp, data))


def _content(smtp: smtplib.SMTP, data: bytes) -> Outcome:
    """Send the content and read the server's word on it: without that word nobody knows whether it arrived."""
    dotted = re.sub(rb"(?m)^\.", b"..", data)
    try:
        smtp.send(dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n")
    except (smtplib.SMTPException, OSError):  # without the closing dot no server takes a mail
        return Outcome(Sent.REFUSED, "发送内容时连接中断，邮件没有送达")
    try:
        smtp.send(b".\r\n")
        code, answer = smtp.getreply()
    except (smtplib.SMTPException, OSError):
        return Outcome(Sent.UNKNOWN, "内容已发出，但没有收到服务器的确认；今天不再重发，内容在下一期标注后再次列出")
    return Outcome(Sent.DELIVERED) if code == 250 else Outcome(Sent.REFUSED, _answer(code, answer))
