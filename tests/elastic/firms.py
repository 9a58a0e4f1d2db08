"""Invented companies of every segment of the chains, and thirty parks that want one industry each."""

import random
from functools import cache
from importlib.resources import files

from benchmarks.matching import parks

MAKES = ("公司生产{}", "主营{}的研发、制造与销售", "建有{}生产线", "产品有{}等系列", "从事{}的加工和服务")
TALK = ("位于县城东边，交通便利", "成立十五年，员工三百人", "厂房占地五十亩", "每年参加行业展会", "拥有专利十余项", "产品销往华东和西南", "获得当地政府表彰",
        "与多所高校合作", "通过质量体系认证", "正在建设智能化车间")


@cache
def thirty_parks():
    """Parks with one industry each."""
    return parks()


@cache
def trades():
    """The products of every segment."""
    rows = (files("matcher") / "data" / "concepts.txt").read_text("utf-8").splitlines()
    return [row.partition(":")[2].split() for row in rows if row and not row.startswith("#")]


def firms(count, seed=11):
    """Company id → text: two to seven products of one or two segments; every fiftieth says too little for a number."""
    chance = random.Random(seed)
    out = {}
    for n in range(count):
        words = [word for trade in chance.sample(trades(), chance.choice((1, 1, 2))) for word in trade]
        products = chance.sample(words, min(len(words), chance.randint(2, 7)))
        said = [chance.choice(MAKES).format("、".join(products[i : i + 2])) for i in range(0, len(products), 2)]
        out[f"c{n:05}"] = products[0] if n % 50 == 49 else "，".join([*said, *chance.sample(TALK, 3)]) + "。"
    return out
