"""Pages that are no article: lists, blocks, goodbyes."""

from __future__ import annotations

import re

from pipelines.read.body import is_digest, is_headline
from pipelines.read.markup import Doc
from qingbao.dates import find_moments

_SMALL = 600  # characters of text on a page that says only one thing
_BLOCK_WORDS = re.compile(
    r"频繁访问|访问(?:过于|太过?|过)频繁|操作(?:过于|太)?频繁|请求(?:过于|太)频繁|(?:请|需|须|先).{0,6}(?:输入|获取|拖动|完成|通过|点击).{0,12}(?:验证码|验证)|输入.{0,6}验证码|滑动(?:验证|滑块)|(?:安全|人机|真人)(?:验证|检测|校验)|访问(?:被|已被)?(?:拦截|拒绝|禁止|限制|阻断)|(?:您的|你的)?(?:请求|访问|IP|ip).{0,12}(?:拦截|拒绝|禁止|异常|限制|屏蔽|封禁|黑名单)|"
    r"防火墙|WAF|云盾|安全狗|创宇盾|知道创宇|浏览器.{0,12}(?:检查|检测|校验)|正在(?:检查|验证|进行安全)|请开启\s?(?:JavaScript|Cookie)|(?:启用|开启|允许)\s?(?:JavaScript|Cookie)|请稍[候后].{0,20}(?:跳转|验证|刷新)|"
    r"Access Denied|Just a moment|Checking your browser|Attention Required|Request (?:blocked|rejected)|Too Many Requests|are you a (?:human|robot)|verify (?:that )?you are human|captcha|unusual traffic|enable (?:JavaScript|cookies)|403 Forbidden|DDoS protection",
    re.I,
)
_COOKIE_SCRIPT = re.compile(r"document\s{0,3}[.\[]\s{0,3}[\"']?cookie|__jsl_clearance|acw_sc__v2|\$_ts\s{0,3}=|_\$[a-zA-Z]{2}\(|arg1\s{0,3}=\s{0,3}'[0-9A-F]{20,}|eval\(function\(p,a,c,k|location\s{0,3}[.=\[]|window\.location|setTimeout\(", re.I)
_GONE_WORDS = re.compile(
    r"(?:页面|网页|文章|内容|信息|链接|新闻|稿件|资源|文件|帖子).{0,10}(?:不存在|已(?:被)?删除|已下[线架]|已失效|找不到|未找到|没有找到|已(?:被)?撤[稿销回]|已过期|无法访问|不见了|飞走了|走丢了)|(?:找不到|没有找到|未找到|无法找到).{0,12}(?:页|文章|内容|信息|资源|文件)|404\b.{0,20}(?:错误|Not Found|页面)|"
    r"^404$|Page (?:not found|cannot be found)|Not Found|参数错误|(?:该|此)(?:文章|内容|信息).{0,8}(?:删除|违规)",
    re.I,
)
_MORE = re.compile(r"^(?:\[?详细\]?|更多|查看更多|查看详情|\[?阅读全文\]?|read more|more|阅读更多)\s?>*$", re.I)
_PAGER = re.compile(r"下一页|尾页|末页|共\s?\d{1,6}\s?[页条]|第\s?\d{1,6}\s?/\s?\d{1,6}\s?页|createPageHTML|next page", re.I)
_ROWS = 6  # titles with links and dates that make a list
_FLASH = 150  # characters of prose; a shorter text amid digests is one of them
_DIGESTS = 4  # headlines with a few sentences each that make one
_TITLE_ROW = 8  # characters of a link that is a headline and no menu entry


def is_block(doc: Doc) -> bool:
    """A captcha, a waiting page, a script that only sets a cookie and loads again."""
    size = sum(len(line.text) for line in doc.lines)
    if size > _SMALL:
        return False
    words = " ".join([doc.title_tag, *(line.text for line in doc.lines)])
    if _BLOCK_WORDS.search(words) and not _is_article(doc):
        return True
    scripts = "".join(script[:20_000] for script in doc.scripts[:10])
    return size < 60 and bool(scripts) and bool(_COOKIE_SCRIPT.search(scripts)) and not doc.meta("articletitle")


def _is_article(doc: Doc) -> bool:
    """A short article about captchas or firewalls has sentences and a day, or the metas of the article standard."""
    if doc.meta("articletitle", "pubdate"):
        return True
    texts = [line.text for line in doc.lines]
    sentences = sum(text.count("。") for text in texts)
    moments = [m for text in texts for m in find_moments(text[:200])]
    return bool(moments) and (sentences >= 2 or (sentences == 1 and any(len(text) >= 30 and "。" in text for text in texts)))


def is_gone(doc: Doc) -> bool:
    """Answered 200, says that there is nothing."""
    size = sum(len(line.text) - line.links for line in doc.lines)
    if size > _SMALL // 2:
        return False
    return any(_GONE_WORDS.search(text) for text in (doc.title_tag, *(line.text for line in doc.lines if len(line.text) < 80))) and not _is_article(doc)


def is_list(doc: Doc, text: str, first: int | None, *, dated: bool) -> bool:
    """A column, list or front page: many linked headlines, no running text of its own.

    ``text``: what was rendered of the body; ``first``: the number of its first line; ``dated``: a day of publication stands by a title.
    """
    rows = with_day = digests = 0
    for k, line in enumerate(doc.lines):
        if line.link_count and line.links >= _TITLE_ROW and line.links >= 0.5 * len(line.text):
            rows += 1
            following = doc.lines[k + 1].text if k + 1 < len(doc.lines) else ""
            if _has_day(line.text) or (len(following) <= 24 and _has_day(following)):
                with_day += 1
        elif is_digest(doc.lines, k) or (_MORE.match(line.text) and line.link_count):
            digests += 1
    prose = prose_length(text)
    among = first is not None and any(is_headline(line) for line in doc.lines[max(0, first - 2): first])
    if digests >= _DIGESTS and rows >= _DIGESTS and prose < _FLASH and (among or not dated):
        return True
    if prose >= 400 or rows < _ROWS:
        return False
    pager = any(_PAGER.search(line.text) for line in doc.lines if len(line.text) < 120) or any("createPageHTML" in s or "createPage(" in s for s in doc.scripts)
    if with_day >= _ROWS and prose < 120 and (pager or not dated or prose == 0):
        return True
    return rows >= 3 * _ROWS and prose < 60 and not dated


def _has_day(text: str) -> bool:
    return bool(re.search(r"\b(?:20\d{2}[-/.年])?(?:0?[1-9]|1[0-2])[-/.月](?:[0-2]?\d|3[01])日?\b|20\d{2}年\d", text))


def prose_length(text: str) -> int:
    """Characters in lines that are sentences."""
    return sum(len(line) for line in text.split("\n") if len(line) >= 12 and re.search(r"[，。；！？]|[,.!?]\s|[.!?]$", line))
