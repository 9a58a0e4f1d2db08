"""The score diary: why a prospect rose or fell, in one sentence, from the difference of its reasons."""

from __future__ import annotations

from collections import defaultdict

from qingbao.model import Prospect, Reason

BIG_CHANGE = 5.0  # points of priority from which a move counts as 升 or 降 (DESIGN.md 4.7)
NUMBER_WORDS = {"fit": "匹配度", "intent": "意向", "evidence": "可信度"}


def moved(row: Prospect) -> str | None:
    """新增, 升, 降 or None against the run before."""
    if row.priority_before is None:
        return "新增"
    if row.tier_before is not None and row.tier_before != row.tier:
        return "升" if list(type(row.tier)).index(row.tier) < list(type(row.tier)).index(row.tier_before) else "降"
    if row.priority - row.priority_before >= BIG_CHANGE:
        return "升"
    if row.priority_before - row.priority >= BIG_CHANGE:
        return "降"
    return None


def _by_rule(row: Prospect) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], Reason]]:
    points: dict[tuple[str, str], float] = defaultdict(float)
    last: dict[tuple[str, str], Reason] = {}
    for reason in row.reasons:
        if reason.number in NUMBER_WORDS:
            # Terms of a fit come and go; together they are one rule.
            key = (reason.number, "fit" if reason.number == "fit" else reason.code)
            points[key] += reason.points
            last[key] = reason
    return points, last


def difference(before: Prospect, now: Prospect) -> list[tuple[str, str, float]]:
    """(number, words of the reason, points gained or lost), the largest change first."""
    old, old_reasons = _by_rule(before)
    new, new_reasons = _by_rule(now)
    rows = []
    for key in sorted(set(old) | set(new)):
        change = new.get(key, 0.0) - old.get(key, 0.0)
        if abs(change) >= 0.5:
            reason = new_reasons.get(key) or old_reasons[key]
            text = "企业资料或匹配模型有变" if key[0] == "fit" else reason.text if key in new_reasons else f"不再有“{reason.text}”"
            rows.append((NUMBER_WORDS[key[0]], text, change))
    return sorted(rows, key=lambda row: (-abs(row[2]), row[0], row[1]))


def explain(before: Prospect, now: Prospect) -> str:
    """One sentence: 优先级 54 → 71：意向 +40（选址未定，仍可争取），意向 +6（金额12亿元）。"""
    rows = difference(before, now)
    head = f"优先级 {before.priority:.0f} → {now.priority:.0f}"
    if before.tier != now.tier:
        head += f"（{before.tier.value} → {now.tier.value}）"
    if not rows:
        return f"{head}：各项理由未变。"
    told = "，".join(f"{number} {points:+.0f}（{text}）" for number, text, points in rows[:3])
    model = "；匹配模型或公式已更新" if before.model_version != now.model_version else ""
    return f"{head}：{told}{model}。"
