"""Checking an instance: configuration, packages, and with the network robots, mail and search."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import qingbao
from qingbao.config import Config, load
from qingbao.errors import ConfigError, QingbaoError
from qingbao.list_files import read_list

PACKAGES = ("qingbao", "records", "spiders", "pipelines", "matcher", "index", "reports", "schedules")


@dataclass(frozen=True, slots=True)
class Checked:
    """A correct instance with what is worth a look."""

    config: Config
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One connection that was tried."""

    good: bool
    text: str


def foreign_packages() -> list[str]:
    """Mistakes where a package that would be loaded is not ours: ``index`` and the like are common names."""
    home = Path(qingbao.__file__).resolve().parent.parent
    problems = []
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        where = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        if where != home:
            problems.append(f"程序包 {name} 取自 {where or '（找不到）'}，应取自 {home}。请把本系统装在单独的虚拟环境里。")
    return problems


def check_instance(folder: Path) -> Checked:
    """Everything that can be known without the network. Raises ``ConfigError`` with all mistakes."""
    problems = foreign_packages()
    notices: list[str] = []
    config: Config | None = None
    try:
        config = load(folder)
        notices += config.notices
        for _, path in config.list_files:
            try:
                notices += read_list(path).notices
            except ConfigError as error:
                problems += error.problems
    except ConfigError as error:
        problems += error.problems
    if problems or config is None:
        raise ConfigError(problems)
    if not any(source.enabled for source in config.sources):
        notices.append("没有启用的来源：运行时不会采集任何网页")
    return Checked(config, tuple(notices))


def check_connections(checked: Checked) -> Iterator[Line]:
    """Try each enabled host's robots.txt, the mail server's login and the search."""
    from spiders.robots_check import robots_lines

    config = checked.config
    for good, text in robots_lines(config):
        yield Line(good, text)
    if config.mail.mode == "smtp":
        yield _mail(config)
    else:
        yield Line(True, "邮件：只写 .eml 文件，不需要邮件服务器")
    yield _search(config)


def _mail(config: Config) -> Line:
    from reports.mail import MailServer, try_login

    mail = config.mail
    try:
        try_login(MailServer(host=mail.host or "", port=mail.port, tls=mail.tls, user=mail.user, password=mail.password, sender=mail.sender))
    except QingbaoError as error:
        return Line(False, str(error))
    return Line(True, f"邮件服务器 {mail.host}:{mail.port} 可以登录")


def _search(config: Config) -> Line:
    from schedules.instance import opened
    from schedules.jobs.index import search_engine

    try:
        with opened(config.folder) as instance, search_engine(instance) as engine:
            health = engine.health()
    except QingbaoError as error:
        return Line(False, str(error))
    return Line(health.usable, f"检索（{health.engine}）：{health.message or f'正常，共 {sum(health.counts.values())} 条'}")
