"""The instance folder, read once: ``load`` collects every mistake and hands down one frozen ``Config``.

Secrets never stand in the files: ``QINGBAO_SMTP_PASSWORD``, ``QINGBAO_KIBANA_PASSWORD`` (or ``QINGBAO_KIBANA_API_KEY``) and
``QINGBAO_RECORDS_URL`` come from the environment.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from qingbao.errors import ConfigError, UsageError
from qingbao.leaves import read_catalogue, read_leaf
from qingbao.model import ChainLink, Exclusions, Industry, Park, Source
from qingbao.yaml_lines import KeyPath, Located, read_yaml, unfilled, validate

# The packages lie side by side in a checkout and in an installed environment alike.
CATALOGUE = Path(__file__).resolve().parent.parent / "spiders" / "catalogue"
LIST_KINDS = ("targets", "residents", "talks", "watch", "profiles")
TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
EXAMPLE_CONTACT = re.compile(r"example\.|请填写|xxx", re.I)
# A paragraph shorter than this says too little for a match: a name alone brings every company that uses the word.
SHORT_INDUSTRY_TEXT = 30


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def records_address(value: str, *, allow_password: bool) -> str:
    """``sqlite`` or a PostgreSQL URL as stated; ``ValueError`` in Chinese for anything else: a slip would begin an empty database."""
    if value == "sqlite":
        return value
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme.partition("+")[0] != "postgresql" or not parts.path.strip("/"):
        raise ValueError("应写 sqlite，或 PostgreSQL 网址，例如 postgresql://用户名@主机/库名")
    if parts.password and not allow_password:
        raise ValueError("网址里不要写密码，请把整个网址放在环境变量 QINGBAO_RECORDS_URL")
    return value


class StorageConfig(_Strict):
    """Where things are kept."""

    records: str = "sqlite"  # or a PostgreSQL URL without a password
    archive_days: int = Field(default=90, ge=1)
    publish_dir: Path | None = None

    @field_validator("records")
    @classmethod
    def _known(cls, value: str) -> str:
        return records_address(value, allow_password=False)


class SearchConfig(_Strict):
    """Which engine answers searches."""

    engine: Literal["embedded", "elasticsearch"] = "embedded"
    # Of Elasticsearch alone; the password or the API key comes from QINGBAO_SEARCH_PASSWORD or QINGBAO_SEARCH_API_KEY.
    url: str | None = None
    prefix: str = Field(default="qingbao", pattern=r"^[a-z][a-z0-9_-]*$")  # what the names of the indices begin with
    user: str | None = None
    ca_file: Path | None = None  # of an own CA; relative to the instance folder
    fingerprint: str | None = Field(default=None, pattern=r"^[0-9A-Fa-f:]{64,95}$")  # SHA-256 of the server's certificate

    @field_validator("url")
    @classmethod
    def _without_secrets(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s/@?#]+:\d+/?", value):
            raise ValueError("应写成 https://主机:9200，用户名和密码不要写在里面")
        return value

    @property
    def password(self) -> str | None:
        """The password of ``user`` from the environment."""
        return os.environ.get("QINGBAO_SEARCH_PASSWORD")

    @property
    def api_key(self) -> str | None:
        """The API key from the environment; it goes before user and password."""
        return os.environ.get("QINGBAO_SEARCH_API_KEY")


class KibanaConfig(_Strict):
    """The Kibana into which ``qingbao kibana import`` writes."""

    url: str
    space: str = Field(default="qingbao", pattern=r"^[a-z0-9_-]+$")
    user: str | None = None
    ca_file: Path | None = None  # of an own CA; relative to the instance folder

    @field_validator("url")
    @classmethod
    def _without_secrets(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s@?#]*)?", value):
            raise ValueError("应写成 http(s)://主机:端口，用户名和密码不要写在里面")
        return value

    @property
    def password(self) -> str | None:
        """The password of ``user`` from the environment."""
        return os.environ.get("QINGBAO_KIBANA_PASSWORD")

    @property
    def api_key(self) -> str | None:
        """The API key from the environment; it goes before user and password."""
        return os.environ.get("QINGBAO_KIBANA_API_KEY")


class CrawlConfig(_Strict):
    """Who crawls and how much at most."""

    contact: str
    daily_cap: int = Field(default=500, ge=1)  # requests a host and day

    @field_validator("contact")
    @classmethod
    def _reachable(cls, value: str) -> str:
        if EXAMPLE_CONTACT.search(value) or not re.search(r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+", value):
            raise ValueError("请填写真实的联系方式（邮箱或网址）：被访问的网站要能找到您，否则不允许采集")
        return value


class MailConfig(_Strict):
    """How the digest leaves."""

    mode: Literal["file", "smtp"] = "file"
    host: str | None = None
    port: int = Field(default=465, ge=1, le=65535)
    tls: Literal["ssl", "starttls", "none"] = "ssl"
    user: str | None = None
    sender: str = Field(default="qingbao@localhost", alias="from")

    @property
    def password(self) -> str | None:
        """The SMTP password from the environment."""
        return os.environ.get("QINGBAO_SMTP_PASSWORD")


class ScheduleConfig(_Strict):
    """When the night's work starts and when the mails go out (Shanghai time)."""

    run_at: str = "02:30"
    digest_at: str = "08:00"

    @field_validator("run_at", "digest_at")
    @classmethod
    def _clock_time(cls, value: str) -> str:
        if not TIME.match(value):
            raise ValueError("应为 24 小时制时间并加引号，例如 \"02:30\"")
        return value


class Takes(_Strict):
    """What a unit takes; every rule that is given must hold."""

    industries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    amount_min_wan: float | None = Field(default=None, ge=0)


class UnitConfig(_Strict):
    """A unit of the office with its recipients."""

    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    recipients: tuple[str, ...] = Field(min_length=1)
    takes: Takes = Takes()
    default: bool = False

    @field_validator("recipients")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            if not re.fullmatch(r"[^\s@<>,;\r\n]+@[^\s@<>,;\r\n]+", address):
                raise ValueError(f"“{address}”不是邮箱地址")
        return value


class InstanceConfig(_Strict):
    """qingbao.yaml."""

    storage: StorageConfig = StorageConfig()
    search: SearchConfig = SearchConfig()
    kibana: KibanaConfig | None = None
    crawl: CrawlConfig
    mail: MailConfig = MailConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    units: tuple[UnitConfig, ...] = Field(min_length=1)


class _Link(_Strict):
    name: str
    position: Literal["上游", "中游", "下游"] | None = None
    key: bool = False
    state: Literal["强", "弱", "缺"] | None = None


class _Industry(_Strict):
    name: str
    text: str = ""
    chain_links: tuple[str | _Link, ...] = ()


class _Exclude(_Strict):
    words: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()


class _Park(_Strict):
    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    province: str | None = None
    city: str | None = None
    own_places: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    focus_cities: tuple[str, ...] = ()
    industries: tuple[_Industry, ...] = Field(min_length=1)
    exclude: _Exclude = _Exclude()

    @field_validator("industries", mode="before")
    @classmethod
    def _some(cls, value: object) -> object:
        if not value:
            raise ValueError("至少要写一个产业，否则无从匹配")
        return value

    def park(self) -> Park:
        industries = tuple(
            Industry(
                name=one.name, text=one.text,
                chain_links=tuple(
                    ChainLink(name=link) if isinstance(link, str)
                    else ChainLink(name=link.name, position=link.position, key=link.key, local_state=link.state)
                    for link in one.chain_links
                ),
            )
            for one in self.industries
        )
        return Park(
            slug=self.slug, name=self.name, province=self.province, city=self.city, industries=industries, own_places=self.own_places,
            neighbours=self.neighbours, focus_cities=self.focus_cities,
            exclusions=Exclusions(words=self.exclude.words, industries=self.exclude.industries, places=self.exclude.places,
                                  companies=self.exclude.companies),
        )


class _Use(_Strict):
    """A source of the catalogue; what is not said stays as its leaf says."""

    slug: str
    enabled: bool = True
    terms_checked_on: date | None = None
    checked_note: str | None = None
    delay: float | None = Field(default=None, ge=0)
    max_pages: int = Field(default=1, ge=1, le=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that an instance says, checked. ``notices`` are worth a look but stop nothing."""

    folder: Path
    storage: StorageConfig
    search: SearchConfig
    crawl: CrawlConfig
    mail: MailConfig
    schedule: ScheduleConfig
    units: tuple[UnitConfig, ...]
    parks: tuple[Park, ...]
    sources: tuple[Source, ...]
    list_files: tuple[tuple[str, Path], ...]  # (kind, file)
    kibana: KibanaConfig | None = None
    notices: tuple[str, ...] = ()

    @property
    def data_dir(self) -> Path:
        """Everything the program writes, lists apart."""
        return self.folder / "data"

    @property
    def records_url(self) -> str:
        """SQLAlchemy URL of the records; the environment wins, since a URL may hold a password."""
        stated = os.environ.get("QINGBAO_RECORDS_URL")
        try:
            stated = records_address(stated, allow_password=True) if stated else self.storage.records
        except ValueError as error:
            raise UsageError(f"环境变量 QINGBAO_RECORDS_URL：{error}") from error
        return f"sqlite:///{self.data_dir / 'records.db'}" if stated == "sqlite" else stated


def read_park(path: Path) -> tuple[Park | None, list[str], list[str]]:
    """One park profile: the park, the mistakes, the notices."""
    located, problems = read_yaml(path)
    if located is None:
        return None, problems, []
    problems += unfilled(located)
    parsed, wrong = validate(_Park, located)
    if parsed is None:
        return None, problems + wrong, []
    notices = [
        located.problem(("industries", i, "text"), f"产业“{one.name}”的说明不足 {SHORT_INDUSTRY_TEXT} 字：只凭名称匹配不准，请写明产品和环节")
        for i, one in enumerate(parsed.industries) if len(one.text.strip()) < SHORT_INDUSTRY_TEXT
    ]
    if not parsed.own_places and not parsed.city:
        problems.append(located.problem(("own_places",), "请写明本园所在的市、区或园区名称，否则本地项目会当成外地项目"))
    return parsed.park(), problems, notices


def _entries(located: Located, data: dict[Any, Any], key: str, problems: list[str]) -> list[Any]:
    entries = data.get(key)
    if entries is None or isinstance(entries, list):
        return entries or []
    problems.append(located.problem((key,), "应为列表（每行以“- ”开头）"))
    return []


def _used(located: Located, entry: object, at: KeyPath, known: dict[str, Source]) -> tuple[Source | None, list[str]]:
    """A source of the catalogue, with what the office says of it instead of the leaf."""
    said, problems = validate(_Use, located, {"slug": entry} if isinstance(entry, str) else entry, at)
    if said is None:
        return None, problems
    if said.slug not in known:
        return None, [located.problem(at, f"目录中没有来源“{said.slug}”")]
    return replace(known[said.slug], **said.model_dump(exclude={"slug"}, exclude_unset=True)), []


def _read_sources(path: Path, catalogue: Path) -> tuple[tuple[Source, ...], list[str], list[str]]:
    known, problems = read_catalogue(catalogue)
    located, wrong = read_yaml(path)
    problems += wrong
    notices: list[str] = []
    chosen: dict[str, Source] = {}
    if located is None:
        return (), problems, notices
    data = located.data if isinstance(located.data, dict) else {}
    if located.data is not None and not isinstance(located.data, dict):
        problems.append(located.problem((), "应为“键: 值”的形式，此处只有 use 和 own"))
    problems += [located.problem((key,), "不认识的项，此处只有 use 和 own") for key in data if key not in {"use", "own"}]
    for i, entry in enumerate(_entries(located, data, "use", problems)):
        source, wrong = _used(located, entry, ("use", i), known)
        problems += wrong
        if source:
            chosen[source.slug] = source
    for i, leaf in enumerate(_entries(located, data, "own", problems)):
        source, wrong = read_leaf(located, leaf, ("own", i))
        problems += wrong
        if source and source.slug in chosen:
            problems.append(located.problem(("own", i, "slug"), f"来源“{source.slug}”写了两次"))
        if source:
            chosen[source.slug] = source
    if not chosen and not problems:
        problems.append(located.problem((), "没有任何来源：请在 use 中列出目录来源，或在 own 中写自己的来源"))
    for source in chosen.values():
        if not source.enabled:
            notices.append(f"来源“{source.name}”（{source.slug}）未启用：{source.checked_note or '尚未核对，核对后改为 enabled: true'}")
    return tuple(chosen.values()), problems, notices


def _cross_checks(located: Located, instance: InstanceConfig, parks: list[Park]) -> list[str]:
    problems = []
    slugs = [unit.slug for unit in instance.units]
    problems += [located.problem(("units",), f"单位“{slug}”写了两次") for slug in sorted({s for s in slugs if slugs.count(s) > 1})]
    defaults = [unit.slug for unit in instance.units if unit.default]
    if len(defaults) != 1:
        problems.append(located.problem(("units",), "要有且只有一个单位写 default: true，接收不属于任何单位的线索"))
    names = {industry.name for park in parks for industry in park.industries}
    for i, unit in enumerate(instance.units):
        for industry in unit.takes.industries:
            if parks and industry not in names:
                problems.append(located.problem(("units", i, "takes", "industries"), f"园区档案中没有产业“{industry}”，现有：{'、'.join(sorted(names))}"))
    if instance.search.engine == "elasticsearch" and not instance.search.url:
        problems.append(located.problem(("search", "url"), "用 elasticsearch 必须填写服务器网址，例如 https://127.0.0.1:9200"))
    if instance.mail.mode == "smtp" and not instance.mail.host:
        problems.append(located.problem(("mail", "host"), "用 smtp 发信必须填写邮件服务器"))
    return problems


def load(folder: Path, *, catalogue: Path = CATALOGUE) -> Config:
    """Read and check an instance folder.

    Raises ``ConfigError`` with every mistake of every file, each with file, line and key.
    """
    folder = folder.resolve()
    if not (folder / "qingbao.yaml").is_file():
        raise ConfigError([f"{folder}：不是实例目录（缺少 qingbao.yaml）。请先运行 qingbao init {folder}"])
    problems: list[str] = []
    notices: list[str] = []
    located, wrong = read_yaml(folder / "qingbao.yaml")
    problems += wrong
    instance: InstanceConfig | None = None
    if located is not None:
        instance, wrong = validate(InstanceConfig, located, located.data if located.data is not None else {})
        problems += wrong
    parks: list[Park] = []
    files = sorted((folder / "parks").glob("*.yaml"))
    if not files:
        problems.append(f"{folder / 'parks'}：没有园区档案，至少要有一个 parks/*.yaml")
    for path in files:
        park, wrong, noted = read_park(path)
        problems += wrong
        notices += noted
        if park and park.slug in {one.slug for one in parks}:
            problems.append(f"{path}:1 slug：“{park.slug}”与另一个园区重复")
        if park:
            parks.append(park)
    sources, wrong, noted = _read_sources(folder / "sources.yaml", catalogue)
    problems += wrong
    notices += noted
    list_files = []
    for path in sorted((folder / "lists").glob("*/*.csv")):
        if path.parent.name in LIST_KINDS:
            list_files.append((path.parent.name, path))
        else:
            problems.append(f"{path}：不认识的名单种类“{path.parent.name}”，应为 {'、'.join(LIST_KINDS)}")
    if instance is not None and located is not None:
        problems += _cross_checks(located, instance, parks)
        shared = _inside(folder, instance.storage.publish_dir)
        if shared is not None and not shared.is_dir():
            notices.append(located.problem(("storage", "publish_dir"), f"文件夹 {shared} 不在（共享文件夹是否已挂载？），表格不会复制过去"))
    if problems or instance is None:
        raise ConfigError(problems)
    config = Config(
        folder=folder, storage=instance.storage.model_copy(update={"publish_dir": _inside(folder, instance.storage.publish_dir)}), search=instance.search, crawl=instance.crawl, mail=instance.mail, schedule=instance.schedule,
        units=instance.units, parks=tuple(parks), sources=sources, list_files=tuple(list_files), kibana=instance.kibana, notices=tuple(notices),
    )
    try:
        _ = config.records_url
    except UsageError as error:
        raise ConfigError([str(error)]) from error
    return config


def _inside(folder: Path, path: Path | None) -> Path | None:
    """A path as stated, a relative one from the instance folder: the schedule's working folder is nobody's choice."""
    return None if path is None else folder / path.expanduser()
