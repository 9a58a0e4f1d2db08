"""Values in the words that staff read: the same in sentence, table, page and mail."""

from __future__ import annotations

from qingbao.amounts import format_wan
from qingbao.model import Amount, Bound, Investment, Place, Site, Stage

CURRENCY_WORDS = {"USD": "美元", "EUR": "欧元", "JPY": "日元", "HKD": "港元", "GBP": "英镑", "KRW": "韩元", "SGD": "新加坡元", "TWD": "新台币"}
_WINNABLE = frozenset({Site.OPEN, Site.LEAVING})
WATCHED = "关注名单"  # the mark of a firm that staff watch: its news reaches the digest whatever its fit
# A plant without a place cannot be under way: such a stage was told of another plant of the firm or misread (量产 for 投产).
_NEEDS_A_PLACE = frozenset({Stage.LAND, Stage.STARTED, Stage.BUILDING, Stage.PRODUCING, Stage.LANDED})


def amount_words(amount: Amount | None) -> str | None:
    """约12亿元, 1亿美元（约合7亿元）, 3亿元（项目一部分）, vague ones in the words of the text; None where no sum is known."""
    if amount is None:
        return None
    if amount.value_wan is None and amount.original_wan is None:
        return amount.text or None
    bound = "" if amount.bound is Bound.EXACT else str(amount.bound)
    if amount.currency != "CNY" and amount.original_wan is not None:
        words = bound + format_wan(amount.original_wan).replace("元", CURRENCY_WORDS.get(amount.currency, amount.currency))
        words += f"（约合{format_wan(amount.value_wan)}）" if amount.value_wan is not None else ""
    else:
        words = bound + format_wan(amount.value_wan)
    return f"{words}（项目一部分）" if amount.part else words


def place_words(place: Place | None) -> str | None:
    """A place from the large to the small, no level told twice (四川省 + 乐山市 + 四川省乐山市高新区); None where nothing is known."""
    if place is None:
        return None
    levels = [level for level in (place.province, place.city, place.district, place.zone) if level]
    if place.country != "中国":
        levels.insert(0, place.country)
    said: list[str] = []
    for level in levels:
        for upper in said:
            level = level.removeprefix(upper)
        if level:
            said.append(level)
    return "".join(said) or place.text or None


def plan_stage(investment: Investment) -> Stage | None:
    """How far the plan has come that a reader can still win: one without a place is 拟建, whatever else was told of the firm's plants."""
    if investment.site in _WINNABLE and investment.stage in _NEEDS_A_PLACE:
        return Stage.PLANNED
    return investment.stage


def wanted_place(investment: Investment) -> Place | None:
    """Where it goes. While the site is open only a place counts that was told together with that: another report's place is where the firm is now."""
    if investment.site not in _WINNABLE:
        return investment.place
    return next((one.place for one in investment.stated if one.place is not None and one.site in _WINNABLE), None)
