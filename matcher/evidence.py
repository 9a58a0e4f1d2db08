"""Evidence: how far the record carries, from source trust, independent sources and quotes per field."""

from __future__ import annotations

from collections.abc import Sequence

from matcher import weights as w
from matcher.intent import clip
from qingbao.model import Investment, Reason, Stated, Trust

# Two statements of one investment contradict each other when their totals differ by more than this share.
SAME_AMOUNT = 0.10


def _contradiction(stated: Sequence[Stated]) -> str | None:
    totals = sorted({s.amount.value_wan for s in stated if s.amount and s.amount.value_wan and not s.amount.part})
    if len(totals) > 1 and totals[-1] > totals[0] * (1 + SAME_AMOUNT):
        return "金额"
    cities = {s.place.city for s in stated if s.place and s.place.city}
    return "地点" if len(cities) > 1 else None


def evidence(leading: Investment | None) -> tuple[float, str, tuple[Reason, ...]]:
    """Evidence of the leading investment: 0–100, grade A–D, reasons that sum to it. Without news: 0, D."""
    if leading is None:
        return 0.0, "D", ()
    stated = leading.stated
    order = list(Trust)
    best = min(stated, key=lambda s: order.index(s.trust))
    points, why = w.TRUST_POINTS[best.trust]

    def reason(code: str, value: float, text: str) -> Reason:
        return Reason(number="evidence", points=value, text=text, day=best.day, url=best.article_url, code=f"evidence.{code}")

    reasons = [reason("trust", points, f"来源：{why}")]
    sources = leading.independent_sources
    if sources >= 2:
        reasons.append(reason("second", w.SECOND_SOURCE, f"{sources} 个独立来源"))
    if sources >= 3:
        reasons.append(reason("third", w.THIRD_SOURCE, "三个及以上独立来源"))
    there = {
        "quote": any(s.quote for s in stated), "amount": any(s.amount for s in stated), "place": any(s.place for s in stated),
        "site": leading.site_quote is not None, "day": any(s.day for s in stated),
    }
    reasons += [reason(f"quote.{field}", value, words) for field, value, words in w.QUOTE_POINTS if there[field]]
    if max(s.sure for s in stated) < w.UNSURE:
        reasons.append(reason("unsure", w.UNSURE_POINTS, "企业名称或事件只有弱线索，请先核对原文"))
    odd = _contradiction(stated)
    if odd:
        reasons.append(reason("contradiction", w.CONTRADICTION_POINTS, f"各来源的{odd}说法不一"))
    total = sum(one.points for one in reasons)
    if sources < 2 and best.trust is Trust.REPOST and total > w.LONE_REPOST_LIMIT:
        reasons.append(reason("lone_repost", w.LONE_REPOST_LIMIT - total, "只有一处转载，最高为 C"))
    value, told = clip("evidence", reasons)
    return value, next(grade for grade, cut in w.GRADES if value >= cut), told
