"""When an article was published: the labelled visible date next to the title first, metas and address where nothing visible contradicts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from pipelines.read.body import Body, is_headline, is_junk
from pipelines.read.boilerplate import FOOTER_LINE, plain
from pipelines.read.markup import Doc, Line
from qingbao.clock import SHANGHAI
from qingbao.dates import Moment, day_in_url, find_moments, from_epoch, midnight, month_in_url, parse_moment

_LABEL_STRONG = re.compile(r"(?:发布时间|发布日期|发表时间|发表日期|发布于|发表于|发稿时间|发文时间|公开日期|公开时间|上线时间|刊发时间|录入时间|添加时间|稿件时间|编辑时间|上传时间|提供时间|发帖时间|原创时间|(?<!日期)发布|Published(?: on)?|Posted(?: on)?|Publish(?:ed)? (?:date|time))\W{0,6}$", re.I)
_LABEL = re.compile(r"(?:(?<![\u4e00-\u9fff])(?:时\s{0,2}间|日\s{0,2}期|Date)|来源[:：]\s?\S{2,24})\W{0,6}$", re.I)
_LABEL_WEAK = re.compile(r"(?:更新时间|更新日期|更新于|(?<![\u4e00-\u9fff])更新|修改时间|最后更新|Updated(?: on)?|Last modified)\W{0,6}$", re.I)
_LABEL_WRONG = re.compile(
    r"(?:成文|生成|印发|生效|施行|实施|截至|截止|有效|开始|结束|报名|活动|会议|考试|开标|投标|今天是|现在是|当前时间|北京时间|注册|成立|失效|废止|签发|登记|举办|申报|公示|受理|起止|检查|抽检|拍摄)"
    r"(?:日期|时间|期限|期|于|自|自从)?\W{0,6}$|[\u4e00-\u9fff]{2}(?:时间|日期)\W{0,6}$"
)
_LONE_LABEL = re.compile(r"^\S[^。]{0,12}[:：]$|^\S{2}\s?\S{2}$")
_MARK = re.compile(r"time|date|pub|info|source|meta|author|ly|sub|riqi|shijian|fbsj|byline", re.I)
_JUNK_TEXT = re.compile(r"今天是|现在是|欢迎您|星期[一二三四五六日]\s{0,3}$|农历")
_META_NAMES = (
    "pubdate", "publishdate", "publish_date", "publish-date", "pub_date", "article:published_time", "og:published_time", "bytedance:published_time", "datepublished", "firstpublishedtime",
    "publishtime", "publish_time", "pubtime", "apub:time", "weibo: article:create_at", "weibo:article:create_at", "og:release_date", "og:article:published_time", "parsely-pub-date", "dc.date.issued", "dcterms.created",
    "dc.date", "sailthru.date", "release_date", "others", "date", "createdate", "og:time", "_pubtime", "dateupdate",
)
_SCRIPT_DATE = re.compile(
    r"[\"']?(?:datePublished|pubDate|publishTime|publish_time|pubtime|publishDate|pub_date|publishedAt|ptime|createTime|create_time|oriCreateTime|ct)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T\s]{0,2}[\d:.+Z-]{0,18}|1[0-9]{9}(?:\d{3})?)(?=[\"',;\s}])"
)
_AHEAD = 12  # lines after the title in which the line of date and origin is looked for
_BESIDE = 6  # lines after the title in which nearly any date alone is the article's
_REPRINT_DAYS = 14  # between a source's day and the reprint
_PROSE = 40  # characters of a paragraph
_GOOD = 6.0  # a visible date of this score is believed against any meta
_GOOD_NEAR = 3.5
_FAIR = 2.5
_LAST_RESORT = -2.5  # taken only where nothing else on the page, in its metas or its address states a day


@dataclass(frozen=True, slots=True)
class Published:
    """``at`` aware UTC or None; ``line`` the number of the line that states it."""

    at: datetime | None
    minute_known: bool
    line: int | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    moment: Moment
    line: int


def find_published(doc: Doc, title_line: int | None, body: Body | None, *, url: str = "", list_date: str | None = None) -> Published:
    """The moment of publication as a reader of the page sees it."""
    url_day = day_in_url(url)
    stated = _stated(doc)
    listed = parse_moment(list_date) if list_date else None
    candidates = _visible(doc, title_line, body, url, stated, listed)
    best = max(candidates, key=lambda c: (c.score, -c.line), default=None)
    weak = best if best is not None and best.score >= _LAST_RESORT and _stands_before(doc, best, title_line, body) else None
    if best is not None and best.score < _FAIR:
        best = None
    if best is not None and body is not None:
        best = _own_date(doc, best, candidates, body)
    near = best is not None and title_line is not None and 0 <= best.line - title_line <= _BESIDE
    if best is not None and stated is not None and best.moment.day != stated.day and best.score < (_GOOD_NEAR if near else _GOOD) and (url_day is None or abs((stated.day - url_day).days) <= 1):
        best = None
    if best is not None:
        moment = best.moment
        if not moment.minute_known and stated is not None and stated.minute_known and stated.day == moment.day and not _is_midnight(stated):
            return Published(stated.at, True, best.line)
        return Published(moment.at, moment.minute_known, best.line)
    if stated is not None and (url_day is None or abs((stated.day - url_day).days) <= 3 or listed is None):
        return Published(stated.at, stated.minute_known and not _is_midnight(stated))
    if listed is not None or url_day is not None:
        return listed_or_url(list_date, url)
    if weak is not None:
        return Published(weak.moment.at, weak.moment.minute_known, weak.line)
    return Published(None, False)


def _own_date(doc: Doc, best: _Candidate, candidates: list[_Candidate], body: Body) -> _Candidate:
    """A reprint states its source's day in the text itself; the page's own labelled moment below the text then is the publication."""
    if best.moment.minute_known or not doc.inside(doc.lines[best.line].node, body.node):
        return best
    final = max(k for k, line in enumerate(doc.lines) if doc.inside(line.node, body.node))
    for other in candidates:
        text = plain(doc.lines[other.line].text)
        labelled = _LABEL_STRONG.search(text[: other.moment.start]) or _LABEL_WEAK.search(text[: other.moment.start])
        if labelled and other.moment.minute_known and final < other.line <= final + 4 and 0 <= (other.moment.day - best.moment.day).days <= _REPRINT_DAYS:
            return other
    return best


def _stands_before(doc: Doc, candidate: _Candidate, title_line: int | None, body: Body | None) -> bool:
    """Near the title and not after the text, where other articles have their dates."""
    if body is not None and doc.lines[candidate.line].node > doc.last[body.node]:
        return False
    return title_line is None or abs(candidate.line - title_line) <= _AHEAD


def listed_or_url(list_date: str | None, url: str) -> Published:
    """What list row and address state, for pages that state nothing themselves."""
    listed = parse_moment(list_date) if list_date else None
    if listed is not None:
        return Published(listed.at, listed.minute_known)
    day = day_in_url(url)
    return Published(midnight(day) if day else None, False)


def _is_midnight(moment: Moment) -> bool:
    local = moment.at.astimezone(SHANGHAI)
    return local.hour == local.minute == 0


def _stated(doc: Doc) -> Moment | None:
    """A date that metas, machine-readable elements or scripts state."""
    for name in _META_NAMES:
        value = doc.meta(name)
        moment = parse_moment(value) if value else None
        if moment:
            return moment
    for script in doc.scripts[:60]:
        for match in _SCRIPT_DATE.finditer(script[:200_000]):
            value = match.group(1)
            if value.isdecimal():
                at = from_epoch(int(value))
                if at:
                    return Moment(0, 0, at, True)
            else:
                moment = parse_moment(value)
                if moment:
                    return moment
    for mark, text in doc.areas:
        if "time" in mark and text.strip().isdecimal() and len(text) < 20:
            at = from_epoch(int(text))
            if at:
                return Moment(0, 0, at, True)
    for i, tag in enumerate(doc.tags):
        if tag == "time" and doc.nodes[i].get("datetime"):
            moment = parse_moment(doc.nodes[i].get("datetime"))
            if moment:
                return moment
    return None


def _visible(doc: Doc, title_line: int | None, body: Body | None, url: str, stated: Moment | None, listed: Moment | None) -> list[_Candidate]:
    found: list[_Candidate] = []
    url_day, url_month = day_in_url(url), month_in_url(url)
    body_lines = [k for k, line in enumerate(doc.lines) if body is not None and doc.inside(line.node, body.node)]
    # Where the text itself begins: a wide container begins with title and dateline.
    first = next((k for k in body_lines if len(doc.lines[k].text) >= _PROSE and "。" in doc.lines[k].text), body_lines[0] + 4 if body_lines else None)
    final = body_lines[-1] if body_lines else None
    for k, line in enumerate(doc.lines):
        text = line.text[:300]
        if "20" not in text and "19" not in text and "年" not in text:
            continue
        for moment in find_moments(text):
            label = doc.lines[k - 1].text if moment.start == 0 and k and _LONE_LABEL.match(doc.lines[k - 1].text) else ""
            score = _near(k, title_line, first, final) + _written(text, moment, line, label) + _placed(doc, line)
            if first is not None and k > first and any(k - back != title_line and is_headline(doc.lines[k - back]) for back in (1, 2)):
                score -= 4  # the day of another article, under its linked headline
            if url_day is not None:
                apart = abs((moment.day - url_day).days)
                score += 4 if apart == 0 else 2 if apart == 1 else -2
            elif url_month is not None:
                score += 1.5 if (moment.day.year, moment.day.month) == url_month else -1
            if stated is not None and moment.day == stated.day:
                score += 2
            if listed is not None and moment.day == listed.day:
                score += 2
            found.append(_Candidate(score, moment, k))
    return found


def _near(k: int, title_line: int | None, first: int | None, final: int | None) -> float:
    """Points for where the line stands towards title and body."""
    score = 0.0
    if title_line is not None:
        apart = k - title_line
        if 0 <= apart <= _AHEAD:
            score += 5 - 0.3 * apart
        elif -4 <= apart < 0:
            score += 2
        elif apart < 0:
            score -= 3
    elif first is not None and 0 <= first - k <= 8:
        score += 3
    if first is not None and final is not None:
        if k > final or k > first:
            score -= 4
        elif k >= first and title_line is None:
            score -= 1
    return score


def _written(text: str, moment: Moment, line: Line, label: str) -> float:
    """Points for how the date is written: label (before it, or alone in the line before), time of day, what else stands in the line."""
    before = plain(text[max(0, moment.start - 30): moment.start] or label)
    score = 0.0
    if _LABEL_STRONG.search(before):
        score += 6
    elif _LABEL_WEAK.search(before):
        score -= 1.5
    elif _LABEL_WRONG.search(before):
        score -= 12
    elif _LABEL.search(before):
        score += 4
    if moment.minute_known:
        score += 2.5
    rest = len(line.text) - (moment.end - moment.start)
    score += 2 if rest <= 50 else -2 if rest > 120 else 0
    if _JUNK_TEXT.search(text[: moment.start]) or FOOTER_LINE.search(text):
        score -= 8
    if line.links and rest - line.links < 12 and line.links > 6:
        score -= 5
    if rest > 25 and moment.start > 3 and any(mark in line.text for mark in "。，；"):
        score -= 4
    return score


def _placed(doc: Doc, line: Line) -> float:
    """Points for the elements around the line."""
    score = 0.0
    marked = False
    for depth, i in enumerate(doc.ancestors(line.node)):
        if depth < 3 and not marked and doc.marks[i] and _MARK.search(doc.marks[i]):
            marked = True
            score += 1.5
        if doc.tags[i] == "li" and depth < 4 and any(doc.tags[j] == "a" for j in range(i, min(doc.last[i] + 1, i + 8))):
            score -= 3
        if depth < 8 and is_junk(doc, i):
            score -= 3
            break
    if line.hidden:
        score -= 3
    return score
