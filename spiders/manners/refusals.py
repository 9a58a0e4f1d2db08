"""Telling a site that refuses programs from one that is down, and its challenge page from an article. Pure.

A refusal is shown to a person and never worked around (SOURCES.md 2): no script is run, no cookie sent, no identity changed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# 521 is what Chinese shields (加速乐 and its like) answer with their script; 418 is a joke that real sites make.
STATUSES = {401: "要求登录（401）", 403: "禁止访问（403）", 412: "要求运行脚本（412）", 418: "识别为程序（418）", 429: "访问过于频繁（429）", 521: "要求运行脚本（521）"}
# A challenge page is small; an article that merely mentions a captcha is not.
SMALL = 6000  # characters
_COOKIE_SCRIPT = re.compile(r"document\s{0,3}\.\s{0,3}cookie\s{0,3}=|\beval\s?\(|\\x63\\x6f\\x6f\\x6b\\x69\\x65|setCookie|\$_ts\b|__jsl_clearance|acw_sc__v2|_0x[0-9a-f]{4,6}", re.I)
_RELOAD = re.compile(r"location\s{0,3}(?:\.\s{0,3}(?:reload|replace|href|assign))?\s{0,3}[=(]|\blocation\b", re.I)
_WORDS = re.compile(r"频繁访问|访问(?:过于|太过?|太)?频繁|请求(?:过于|太)频繁|请输入验证码|安全验证|人机(?:验证|识别)|滑动(?:滑块|验证)|您的访问被阻断|访问被拒绝|访问已被拦截|请开启\s?JavaScript|正在进行安全检[测查]", re.I)


def _shown(text: str) -> str:
    """What a reader sees of a small page."""
    text = re.sub(r"(?is)<(script|style|noscript)\b.*?</\1\s*>", " ", text)
    return re.sub(r"\s+", "", re.sub(r"<[^<>]*>", " ", text))


def refusal(status: int, text: str) -> str | None:
    """Why this answer is a refusal (Chinese), or None. ``text`` is the decoded body; of large ones only the size is looked at."""
    if status in STATUSES:
        return STATUSES[status]
    if not (200 <= status < 300) or len(text) > SMALL:
        return None
    shown = _shown(text)
    if re.search(r"<script|^\s*\(?function", text, re.I) and len(shown) < 80 and _COOKIE_SCRIPT.search(text) and _RELOAD.search(text):
        return "要求运行脚本并设置 Cookie"
    if status == 202 and len(shown) < 80 and "<script" in text.lower():
        return "要求运行脚本（202）"
    # The words alone on a small page; a short article about safety checks says more around them.
    if len(shown) < 300 and (found := _WORDS.search(shown)):
        return f"提示“{found.group()}”"
    return None


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, either form of it; None where it says nothing."""
    value = (value or "").strip()
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
