"""The score diary: why a prospect rose or fell, in one sentence, from the difference of its reasons."""

from __future__ import annotations

from collections import defaultdict

from matcher.intent import LOWER_CLIP, UPPER_CLIP
from qingbao.model import Prospect, Reason

BIG_CHANGE = 5.0  # points of priority from which a move counts as 升 or 降 (DESIGN.md 4.7)
WORTH_A_WORD = 0.5  # smaller changes of a reason round to nothing
TOLD = 3  # reasons that a sentence names
NUMBER_WORDS = {"fit": "匹配度", "intent": "意向", "evidence": "可信度"}


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
    """(number, words of the reason, points gained or lost), the largest change first. Changes of less than half a point are left out."""
    old, old_reasons = _by_rule(before)
    new, new_reasons = _by_rule(now)
    rows = []
    for key in sorted(set(old) | set(new)):
        change = new.get(key, 0.0) - old.get(key, 0.0)
        if abs(change) >= WORTH_A_WORD:
            rows.append((NUMBER_WORDS[key[0]], _words(old_reasons.get(key), new_reasons.get(key)), change))
    return sorted(rows, key=lambda row: (-abs(row[2]), row[0], row[1]))


def _words(before: Reason | None, now: Reason | None) -> str:
    """What a rule says now, beside what it said before where that differs: 已定在外地 → 选址未定."""
    told = now or before
    assert told is not None  # one of the two has the rule
    if told.number == "fit":
        return "企业资料或匹配模型有变"
    if now is None:
        return f"不再有“{told.text}”"
    return f"{before.text} → {now.text}" if before is not None and before.text != now.text else now.text


def _versions(before: str, now: str) -> list[str]:
    """What was renewed between two versions ``model/formula``."""
    old, new = before.partition("/"), now.partition("/")
    return [word for word, part in (("匹配模型已更新", 0), ("评分公式已更新", 2)) if old[part] != new[part]]


def explain(before: Prospect, now: Prospect) -> str:
    """One sentence: 优先级 54 → 71（乙 → 甲）：意向 +88（已定在外地 → 选址未定，仍可争取），意向 +6（金额12亿元）；评分公式已更新。"""
    # The cut at 0 and 100 only takes back what the others gave.
    rows = [row for row in difference(before, now) if not any(clip in row[1] for clip in (LOWER_CLIP, UPPER_CLIP))]
    head = f"优先级 {before.priority:.0f} → {now.priority:.0f}"
    if before.tier != now.tier:
        head += f"（{before.tier.value} → {now.tier.value}）"
    told = [f"{number} {f'{points:+.0f}'.replace('-', '−')}（{text}）" for number, text, points in rows[:TOLD]]
    words = "，".join(told) if told else "各项理由未变"
    return f"{head}：{'；'.join([words, *_versions(before.model_version, now.model_version)])}。"
