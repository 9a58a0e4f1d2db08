"""The words by which a company and an industry are compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from qingbao.text import cut_search, fold, fold_all

# What a scope states that it leaves out: bracketed (不含危险化学品), a clause to the next mark, or 除…外. Bounded and
# without nesting, so linear.
_LEFT_OUT = re.compile(
    r"[(【\[][^()【】\[\]]{0,20}?(?:不含|不包括|不包含|不得|除外)[^()【】\[\]]{0,200}[)】\]]"
    r"|(?:不含|不包括|不包含|不得从事|不得经营|不从事|不涉及|不生产|不经营|未从事|禁止从事)[^,。;!?:()\n]{1,60}"
    r"|除[^,。;!?()\n]{1,40}?(?:以外|之外|外)(?=[,。;、的)\n]|$)"
    r"|依法须经批准的项目[^。;)\n]{0,60}"
)
# Raised when the same text would be cut differently: models and vectors of another version are made anew.
TOKENS_VERSION = 5

_WORD = re.compile(r"[㐀-䶿一-鿿a-z]")


def listed(name: str) -> frozenset[str]:
    """The folded words of a file in ``data``, one a line, lines with # are remarks."""
    rows = (files("matcher") / "data" / name).read_text("utf-8").splitlines()
    return frozenset(fold(row) for row in rows if row and not row.startswith("#"))


@cache
def stop_words() -> frozenset[str]:
    """Words that never count (``data/stop_words.txt``)."""
    return listed("stop_words.txt")


@cache
def statement_words() -> frozenset[str]:
    """Words that parks use of themselves and that ask for nothing (``data/statement_words.txt``)."""
    return listed("statement_words.txt")


def counts_as_word(token: str) -> bool:
    """Whether a token may count: it has a letter or a Han character and is no stop word. One character is enough (茶)."""
    return _WORD.search(token) is not None and token not in stop_words()


# A text without any of these states nothing that _LEFT_OUT could find; looking for them is much cheaper.
_MAY_LEAVE_OUT = re.compile("不(?:含|包|得|从事|涉及|生产|经营)|未从事|禁止从事|除|依法须")


def without_left_out(folded: str) -> str:
    """A folded text without what a 经营范围 says it leaves out (不含…, 除…外)."""
    return _LEFT_OUT.sub(" ", folded) if _MAY_LEAVE_OUT.search(folded) else folded


def sentences(text: str) -> list[str]:
    """The text between full stops and line breaks, as written. What a sentence says does not depend on its neighbours.

    A carriage return ends one too: joined to a line break it would be one mark with it, and sentences cut together could not be told apart.
    """
    return text.replace("。", "\n").replace("！", "\n").replace("？", "\n").replace("\r", "\n").split("\n")


def readable_sentences(sentences: Sequence[str]) -> list[str]:
    """What of each sentence is compared: folded, without what it leaves out."""
    return [without_left_out(sentence) for sentence in fold_all(sentences)]


def readable(text: str) -> str:
    """What of a text is compared, a line a sentence."""
    return "\n".join(readable_sentences(sentences(text)))


@cache
def _signs() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """What shows that a clause says nothing, and words by first character that show that it says something after all.

    From ``data/idle_words.txt`` and ``data/concepts.txt``.
    """
    rows = [row for row in (files("matcher") / "data" / "idle_words.txt").read_text("utf-8").splitlines() if row and not row.startswith("#")]
    border = next(i for i, row in enumerate(rows) if row.startswith("=="))
    trade = (files("matcher") / "data" / "concepts.txt").read_text("utf-8").splitlines()
    lines = fold_all([row.partition(":")[2] for row in trade if not row.startswith("#")])
    busy: dict[str, list[str]] = {}
    for word in sorted({*rows[border + 1 :], *(word for line in lines for word in line.split())}):
        busy.setdefault(word[0], []).append(word)
    return re.compile("|".join(map(re.escape, rows[:border]))), {first: tuple(words) for first, words in busy.items()}


def _is_idle(clause: str) -> bool:
    idle, busy = _signs()
    if not idle.search(clause):
        return False
    return not any(clause.startswith(busy[first], place) for place, first in enumerate(clause) if first in busy)


def telling(sentences: Sequence[str]) -> list[str]:
    """Readable sentences without the clauses that speak of the firm's site, staff or good name and not of what it does."""
    idle, _ = _signs()
    return [
        ",".join(clause for clause in sentence.split(",") if not _is_idle(clause)) if idle.search(sentence) else sentence for sentence in sentences
    ]


# Marks that no word of the dictionary holds, so that what stands between two of them is cut the same way alone.
_MARKS = "、;:()"


def clauses(sentences: Sequence[str]) -> list[list[str]]:
    """What stands between the marks of each sentence (without line breaks)."""
    whole = "\n".join(sentences)
    for mark in _MARKS:
        whole = whole.replace(mark, ",")
    return [sentence.split(",") for sentence in whole.split("\n")] if sentences else []


def length(readable: str) -> int:
    """Characters of readable text without white space: they decide whether a fit is known."""
    return len("".join(readable.split()))


def words(text: str) -> list[str]:
    """The words of a text in their order, repeated ones repeated."""
    return [token for token in cut_search(readable(text)) if counts_as_word(token)]
