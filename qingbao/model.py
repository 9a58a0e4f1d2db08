"""The values that flow from source to table, frozen: a step returns a new value and edits none.

Unknown is ``None``, never 0, "" or a guess. Money is in 万元 (10,000 CNY) unless a field says otherwise,
land in 亩 (1 亩 = 666.67 m²), times are aware datetimes in UTC, days are days in Shanghai, offsets are Unicode code
points into the stored ``Article.text``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Trust(StrEnum):
    """How much a source's word weighs, strongest first."""

    OFFICIAL_NOTICE = "official_notice"  # EIA, land, registration notices
    FILING = "filing"  # exchange announcements
    GOVERNMENT = "government"
    MEDIA = "media"
    COMPANY = "company"  # a company about itself
    REPOST = "repost"  # portals, anonymous copies, entries made by hand


class Site(StrEnum):
    """Is there still a site to win? A signal knows OPEN, LEAVING, FIXED and NONE; a prospect all but FIXED."""

    OPEN = "open"  # 未定: no place yet, being chosen, several or further sites announced
    LEAVING = "leaving"  # 迁出: moving away, destination open
    FIXED = "fixed"  # tied to a named place (which park's is not yet asked)
    ELSEWHERE = "elsewhere"  # 外地已定, seen from a park
    LOCAL = "local"  # 本地: in the park's own places
    NONE = "none"  # 无: nothing that needs a place


SITE_WORDS = {
    Site.OPEN: "未定", Site.LEAVING: "迁出", Site.FIXED: "已定", Site.ELSEWHERE: "外地已定", Site.LOCAL: "本地", Site.NONE: "无",
}


class EventType(StrEnum):
    """The closed list of what a signal reports; the dictionary stands in docs/events.md."""

    SIGNING = "投资签约"
    NEW_BUILD = "新建"
    EXPANSION = "扩产"
    GROUND_BREAKING = "开工"
    PRODUCTION = "投产"
    LAND = "竞得土地"
    FINANCING = "融资"
    LISTING = "上市"
    SUBSIDIARY = "设立子公司"
    HEADQUARTERS = "总部落户"
    RELOCATION = "产能转移"
    COOPERATION = "战略合作"
    TENDER_WON = "中标"
    EIA = "环评公示"
    RECRUITING = "招聘"
    ACQUISITION = "增资并购"


class AdverseType(StrEnum):
    """Bad news about a company; never among the signals."""

    TERMINATION = "终止"
    DENIAL = "否认"
    CLOSING = "关停"
    LAYOFF = "裁员"
    FINE = "处罚"
    DISPUTE = "纠纷"
    INSOLVENCY = "破产"
    DELISTING = "退市"


class Stage(StrEnum):
    """How far an investment has come."""

    PLANNED = "planned"  # 拟建
    SIGNED = "signed"  # 签约
    APPROVED = "approved"  # 获批 (备案, 环评)
    LAND = "land"  # 供地
    STARTED = "started"  # 开工
    BUILDING = "building"  # 在建
    PRODUCING = "producing"  # 投产
    LANDED = "landed"  # 落户
    COMPLETED = "completed"  # 完成
    RECRUITING = "recruiting"  # 招聘


STAGE_WORDS = {
    Stage.PLANNED: "拟建", Stage.SIGNED: "已签约", Stage.APPROVED: "已获批", Stage.LAND: "已供地", Stage.STARTED: "已开工",
    Stage.BUILDING: "在建", Stage.PRODUCING: "已投产", Stage.LANDED: "已落户", Stage.COMPLETED: "已完成", Stage.RECRUITING: "招聘中",
}


class Bound(StrEnum):
    """What the text says about the exactness of a figure."""

    EXACT = "exact"
    ABOUT = "约"
    AT_MOST = "不超过"
    MORE_THAN = "超"


class RelationType(StrEnum):
    """What one sentence states between two companies: subject is … of object."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    PARENT = "parent"
    JOINT_VENTURE = "joint_venture"


class NameKind(StrEnum):
    """What kind of name of a company this is."""

    FULL = "full"  # with legal form
    SHORT = "short"
    FORMER = "former"
    ENGLISH = "english"
    STOCK_CODE = "stock_code"


class CompanyStatus(StrEnum):
    """Where a company stands with the office."""

    OPEN = "open"
    IN_TALKS = "in_talks"  # 跟进中 / 在谈
    RESIDENT = "resident"  # 已入园
    EXCLUDED = "excluded"
    HIDDEN = "hidden"  # judged 不合适 until it has a new investment


class Sheet(StrEnum):
    """The sheet of the table on which a prospect stands."""

    PROSPECTS = "潜在投资者"
    FOLLOWED = "跟进中"
    RESIDENT = "已入园企业"
    IN_TALKS = "在谈企业"
    EXCLUDED = "已排除"
    TARGETS = "目标企业库"
    HIDDEN = "暂不合适"


class Tier(StrEnum):
    """甲: call now. 乙: worth watching. 丙: the rest."""

    A = "甲"
    B = "乙"
    C = "丙"


class ChainAction(StrEnum):
    """What the company would do for the park's chain: fill a gap, strengthen, add to a strong one, extend."""

    BUILD = "建"  # the link is missing in the park (缺) and is a key link
    FILL = "补"  # the link is missing (缺)
    STRENGTHEN = "强"  # the link is weak (弱)
    EXTEND = "延"  # the link is strong (强): extend it


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A leaf of the catalogue: one site column set that is crawled. Identity: ``slug``."""

    slug: str
    name: str  # Chinese, as staff know it
    family: str  # the class in spiders/families that knows the platform
    start: tuple[str, ...]  # entry URLs of the lists
    hosts: tuple[str, ...]  # host[:port] that may be asked; links to others are refused
    region: str | None = None  # "四川省/广安市"
    kind: str = "news"  # what it mostly brings: news, eia, land, tender, registration, announcement
    trust: Trust = Trust.MEDIA
    at_least: int = 1  # fewer links than this on the first list page is a failure, not a quiet day
    max_pages: int = 5  # list pages a night at most
    rhythm: str = "daily"  # expected update rhythm: hourly, daily, weekly, monthly
    delay: float | None = None  # seconds between requests; None: 3 s, governments 5 s
    terms_checked_on: date | None = None  # the day a person read the site's terms and robots
    checked_note: str | None = None  # what was checked and what was not (Chinese)
    enabled: bool = True
    options: dict[str, str] = field(default_factory=dict)  # what the family needs: codes, selectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A further page of the same article (第2页)."""

    url: str
    content_type: str | None
    charset_label: str | None
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file fetched with an article page; ``body`` at most 20 MB."""

    url: str
    name: str  # as the link calls it
    content_type: str | None
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was fetched for one article. Identity: canonical URL + content hash (``keys.page_key``)."""

    url: str  # as linked
    final_url: str  # after redirects
    status: int
    content_type: str | None  # the Content-Type header's media type
    charset_label: str | None  # the header's charset, a hint only
    body: bytes  # decoded from any Content-Encoding
    parts: tuple[Part, ...] = ()  # at most 20
    attachments: tuple[Attachment, ...] = ()  # at most 5
    slug: str | None = None  # source
    list_title: str | None = None
    list_date: str | None = None  # as written in the list row
    list_row: str | None = None  # text of the whole row
    run_id: str | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentText:
    """What was read of an attachment: ``text`` is None where ``note`` says why (扫描件, 过大 …)."""

    url: str
    name: str
    text: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page as read: text after redaction. Identity: canonical URL."""

    url: str  # canonical
    title: str
    text: str  # body; paragraphs apart by "\n", table cells by "\t"
    text_hash: str  # keys.text_hash(text)
    published_at: datetime | None = None  # aware, UTC
    minute_known: bool = False  # False: only the day is known and published_at is midnight in Shanghai
    origin: str | None = None  # 来源 as stated on the page
    attachments: tuple[AttachmentText, ...] = ()
    slug: str | None = None
    trust: Trust = Trust.REPOST
    fetched_at: datetime | None = None
    page_key: str | None = None
    reader_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A piece of ``Article.text`` (or of the title: then both offsets are None)."""

    text: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum of money as the text states it."""

    text: str  # exact words: 总投资约12亿元
    value_wan: float | None  # 万元 CNY; None: vague (数亿元)
    currency: str = "CNY"  # ISO code
    original_wan: float | None = None  # in 万 of that currency
    bound: Bound = Bound.EXACT
    part: bool = False  # a part of the project (一期, 自有, 固定资产) and not its total


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An administrative place with canonical suffixes, upper levels filled in where they follow."""

    province: str | None = None  # 四川省, 重庆市
    city: str | None = None  # 广安市; a municipality repeats itself: 重庆市
    district: str | None = None  # 前锋区, 邻水县, 江阴市
    zone: str | None = None  # 广安经济技术开发区
    country: str = "中国"
    text: str | None = None  # as written


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One company's one project as one article tells it. Identity: ``keys.signal_key``."""

    key: str
    article_url: str
    mention: str  # the name as written; which company it is, settle says later
    event_type: EventType
    quote: Quote  # the sentence that proves company and act
    site: Site = Site.NONE  # OPEN, LEAVING, FIXED or NONE
    names: tuple[str, ...] = ()  # other names of the same entity in the document
    parent: str | None = None  # group the document puts above it (…的全资子公司)
    stage: Stage | None = None
    amount: Amount | None = None
    amount_quote: Quote | None = None
    land_mu: float | None = None
    capacity: str | None = None  # 年产5万台
    jobs: int | None = None
    place: Place | None = None  # where to
    place_quote: Quote | None = None
    place_from: Place | None = None
    site_quote: Quote | None = None
    industry_words: tuple[str, ...] = ()
    product: str | None = None
    project: str | None = None  # name of the project as written
    event_date: date | None = None
    score: float = 1.0  # how sure the reader is that this is a signal, 0–1
    found_by: tuple[str, ...] = ()  # title, 简称, 签约 …


@dataclass(frozen=True, slots=True, kw_only=True)
class Adverse:
    """Bad news about one company in one article."""

    key: str
    article_url: str
    mention: str
    kind: AdverseType
    quote: Quote
    names: tuple[str, ...] = ()
    amount: Amount | None = None
    place: Place | None = None
    project: str | None = None
    event_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """``subject`` is ``kind`` of ``object``, stated in one sentence."""

    key: str
    article_url: str
    kind: RelationType
    subject: str
    object: str
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyName:
    """A name of a company with where it comes from ("list:a-share", "text:简称", article URL …)."""

    text: str
    kind: NameKind
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Membership in a list."""

    list: str  # A股上市公司
    year: int | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company as settled. ``id`` is opaque and never reused; a merge leaves a redirect."""

    id: str
    name: str  # the best name known
    names: tuple[CompanyName, ...] = ()
    provisional: bool = False  # founded by a bare brand
    parent_id: str | None = None
    seat: Place | None = None
    seat_source: str | None = None  # quote or list row that states the seat
    website: str | None = None  # from a list or from staff only
    phone: str | None = None  # 公开总机, from a list or from staff only
    tags: tuple[Tag, ...] = ()
    status: CompanyStatus = CompanyStatus.OPEN
    status_note: str | None = None  # unit and day of the talks, rule of the exclusion
    status_since: date | None = None
    candidates: tuple[str, ...] = ()  # ids of the firms that an ambiguous short name may mean; nothing was joined


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """A piece of what the matcher may read of a company."""

    text: str
    kind: str  # profile, scope, list, signal, business
    source: str  # article URL, list name


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyText:
    """All that the matcher may read of a company, assembled by ``pipelines.settle.company_text``."""

    company_id: str
    parts: tuple[TextPart, ...] = ()

    @property
    def text(self) -> str:
        """The parts joined by line breaks."""
        return "\n".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The same news in several places."""

    id: str
    article_urls: tuple[str, ...]
    representative_url: str
    independent_sources: int  # by origin (来源) if stated, else by site


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one article says about an investment's amount, place, stage or site."""

    article_url: str
    day: date | None
    signal_key: str
    amount: Amount | None = None
    place: Place | None = None
    stage: Stage | None = None
    site: Site = Site.NONE
    event_type: EventType | None = None
    quote: Quote | None = None
    origin: str | None = None  # who is counted as the source
    trust: Trust = Trust.REPOST
    sure: float = 1.0  # how sure the reader is of the signal, 0–1


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """One investment over reprints, phases and re-signings; contradictions stand side by side in ``stated``."""

    id: str
    company_id: str
    event_type: EventType  # of the latest step
    stated: tuple[Stated, ...]  # newest first
    stage: Stage | None = None
    site: Site = Site.NONE
    site_quote: Quote | None = None
    site_url: str | None = None
    amount: Amount | None = None  # of the latest statement that has one
    place: Place | None = None
    place_from: Place | None = None
    product: str | None = None
    industry_words: tuple[str, ...] = ()
    land_mu: float | None = None
    capacity: str | None = None
    jobs: int | None = None
    first_day: date | None = None
    last_day: date | None = None  # of the latest news
    story_ids: tuple[str, ...] = ()
    independent_sources: int = 1
    plan_words: str | None = None  # what it plans, in a few words: 扩建电机产能


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNews:
    """An adverse report settled to its company."""

    company_id: str
    kind: AdverseType
    day: date | None
    quote: Quote
    url: str
    investment_id: str | None = None  # the investment it ends or denies, where one is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """A link of an industry's chain."""

    name: str
    position: str | None = None  # 上游, 中游, 下游
    key: bool = False
    local_state: str | None = None  # 强, 弱, 缺


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """An industry that the park wants."""

    name: str
    text: str
    chain_links: tuple[ChainLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """What a park does not want: each hit names its rule."""

    words: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    """A park, zone or inner park with what it looks for. Identity: ``slug``."""

    slug: str
    name: str
    province: str | None
    city: str | None
    industries: tuple[Industry, ...]
    own_places: tuple[str, ...] = ()  # 广安市, 前锋区, 广安经济技术开发区: a project there is 本地
    neighbours: tuple[str, ...] = ()  # a move from there is 平移
    focus_cities: tuple[str, ...] = ()
    exclusions: Exclusions = Exclusions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a number is what it is. The points of a number's reasons sum to that number."""

    number: str  # fit, intent, evidence, priority
    points: float
    text: str  # Chinese
    day: date | None = None
    quote: str | None = None
    url: str | None = None
    code: str = ""  # stable name of the rule, by which two nights' reasons are compared: intent.site


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A company seen from a park. Identity: park + company."""

    park: str
    company_id: str
    company: str
    names: tuple[str, ...]
    sheet: Sheet
    tier: Tier
    priority: float  # 0–100
    fit: float | None  # 0–100; None: 未知
    intent: float  # 0–100
    evidence: float  # 0–100
    evidence_grade: str  # A–D
    site: Site
    industry: str | None = None
    link: str | None = None
    chain_action: ChainAction | None = None
    headline: str = ""  # the one sentence in Chinese
    investments: tuple[Investment, ...] = ()
    bad_news: tuple[BadNews, ...] = ()
    origin: Place | None = None  # where it moves from, or its seat
    destination: Place | None = None
    seat: Place | None = None
    website: str | None = None
    phone: str | None = None
    reasons: tuple[Reason, ...] = ()
    best_quote: str | None = None
    quote_url: str | None = None
    source_name: str | None = None
    last_day: date | None = None  # of the latest news
    tags: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()  # 平移, 关注名单, 有新动向, 重点城市 …
    note: str | None = None  # rule of an exclusion, unit of the talks
    units: tuple[str, ...] = ()
    rank: int = 0
    rank_before: int | None = None
    priority_before: float | None = None
    tier_before: Tier | None = None
    first_listed: date | None = None
    model_version: str = ""
    run_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is new for a unit since its last delivered digest."""

    kind: str  # 新增, 升, 降, 新动向, 坏消息
    prospect: Prospect
    before: str | None
    now: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """What made the numbers, for printing: lines of (name, value, why)."""

    version: str
    priority: str  # the formula in words
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A job's ledger row."""

    id: str
    job: str  # run, crawl, reread, match, digest …
    started_at: datetime
    finished_at: datetime | None = None
    status: str = "running"  # running, done, partial, failed, interrupted
    counts: dict[str, int] = field(default_factory=dict)
    messages: tuple[str, ...] = ()

    # the day of a run is the Shanghai day of its start: dates.shanghai_day(run.started_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A digest for one recipient, written before it is sent. Identity: day × unit × recipient × channel."""

    id: str
    day: date
    unit: str
    recipient: str
    channel: str  # smtp, file
    state: str  # writing, sending, delivered, refused, unknown
    content_hash: str | None = None
    changed_at: datetime | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person said of a prospect. All are kept; the latest of a unit counts."""

    id: str
    park: str
    company_id: str
    judgement: str | None  # 已联系, 在谈, 有效, 不合适
    note: str | None
    actor: str | None
    unit: str | None
    at: datetime
    source_file: str
    run_id: str | None = None
