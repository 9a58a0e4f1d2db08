"""YAML files read strictly: every mistake becomes a Chinese line with file, line number and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

M = TypeVar("M", bound=BaseModel)
KeyPath = tuple[str | int, ...]

# pydantic error types → what is expected, in Chinese. What is not here is shown with pydantic's own words.
EXPECTED = {
    "missing": "缺少此项，必须填写",
    "extra_forbidden": "不认识的项，请检查拼写或删除",
    "string_type": "应为文字（必要时加引号）",
    "int_type": "应为整数", "int_parsing": "应为整数", "int_from_float": "应为整数",
    "float_type": "应为数字", "float_parsing": "应为数字",
    "string_pattern_mismatch": "只能用小写英文字母、数字和连字符（-），例如 my-city",
    "bool_type": "应为 true 或 false", "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表（每行以“- ”开头）", "tuple_type": "应为列表（每行以“- ”开头）",
    "dict_type": "应为“键: 值”的形式", "model_type": "应为“键: 值”的形式", "model_attributes_type": "应为“键: 值”的形式",
    "date_from_datetime_parsing": "应为日期，例如 2026-09-15", "date_type": "应为日期，例如 2026-09-15", "date_parsing": "应为日期，例如 2026-09-15",
}
BOUNDS = {
    "greater_than_equal": ("不小于", "ge"), "greater_than": ("大于", "gt"), "less_than_equal": ("不大于", "le"), "less_than": ("小于", "lt"),
}


class Located:
    """A YAML document with the line of every key."""

    def __init__(self, path: Path, data: Any, lines: dict[KeyPath, int]) -> None:
        self.path = path
        self.data = data
        self.lines = lines

    def line(self, key: KeyPath) -> int:
        """The line of a key, or of the nearest key above it that exists."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def problem(self, key: KeyPath, message: str) -> str:
        """A mistake as one line: file:line key: what is wrong."""
        words = ".".join(str(part) for part in key if part != "__root__")
        return f"{self.path}:{self.line(key)} {words + '：' if words else ''}{message}"


def _walk(node: Node, path: KeyPath, lines: dict[KeyPath, int], doubled: list[tuple[KeyPath, int]]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        seen: set[str] = set()
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else "?"
            if key in seen:
                doubled.append(((*path, key), key_node.start_mark.line + 1))
            seen.add(key)
            lines[(*path, key)] = key_node.start_mark.line + 1
            _walk(value, (*path, key), lines, doubled)
    elif isinstance(node, SequenceNode):
        for i, value in enumerate(node.value):
            _walk(value, (*path, i), lines, doubled)


def read_yaml(path: Path) -> tuple[Located | None, list[str]]:
    """Read one file. Returns the document (None if it cannot be read at all) and the mistakes found."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return None, [f"{path}:1 找不到文件"]
    except (OSError, UnicodeDecodeError) as error:
        return None, [f"{path}:1 无法读取文件，请用 UTF-8 编码保存（{error}）"]
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        where = f"第 {mark.column + 1} 列附近" if mark is not None else str(error)
        return None, [f"{path}:{line} 不是有效的 YAML，请检查缩进、冒号后的空格、引号和括号（{where}）"]
    except RecursionError:
        return None, [f"{path}:1 嵌套过深，无法读取"]
    lines: dict[KeyPath, int] = {}
    doubled: list[tuple[KeyPath, int]] = []
    if node is not None:
        _walk(node, (), lines, doubled)
    located = Located(path, data, lines)
    return located, [f"{path}:{line} {'.'.join(map(str, key))}：同一项写了两次，请删除一处" for key, line in doubled]


def validate(model: type[M], located: Located, data: Any = None, at: KeyPath = ()) -> tuple[M | None, list[str]]:
    """Check ``data`` (default: the whole document) against a model; every mistake is returned, none raised."""
    try:
        return model.model_validate(located.data if data is None else data), []
    except ValidationError as error:
        return None, [located.problem((*at, *key), words) for key, words in _mistakes(error)]


def _mistakes(error: ValidationError) -> Iterator[tuple[KeyPath, str]]:
    """Key and Chinese words of each mistake."""
    found = error.errors()
    for item in found:
        kind, key, more = item["type"], item["loc"], item.get("ctx", {})
        if kind == "too_short" and any(len(other["loc"]) > len(key) and other["loc"][: len(key)] == key for other in found):
            continue  # the list has entries, and their own mistakes are named
        # Where a value may be a word or a mapping, pydantic tries both and adds their names to the key.
        if key and _shape(key[-1]) and isinstance(item["input"], dict) == (key[-1] == "str"):
            continue
        key = tuple(part for part in key if not _shape(part))
        yield key, _words(kind, more, item["msg"])


def _shape(part: str | int) -> bool:
    return part == "str" or (isinstance(part, str) and part[:1] == "_" and part[1:2].isupper())


def _words(kind: str, more: Mapping[str, Any], message: str) -> str:
    if kind in {"literal_error", "enum"}:
        return f"应为其中之一：{more['expected'].replace(' or ', '、').replace(', ', '、').replace(chr(39), '')}"
    if kind in BOUNDS:
        word, name = BOUNDS[kind]
        return f"应{word} {more[name]}"
    if kind in {"too_short", "string_too_short"}:
        return f"至少要有 {more['min_length']} 项"
    if kind == "value_error":
        return str(more["error"])
    return EXPECTED.get(kind, message)


def unfilled(located: Located, ask: str = "请填写") -> list[str]:
    """A mistake for every value that still is what ``qingbao init`` wrote for people to replace."""
    problems: list[str] = []

    def look(value: Any, key: KeyPath) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                look(inner, (*key, name))
        elif isinstance(value, list):
            for i, inner in enumerate(value):
                look(inner, (*key, i))
        elif isinstance(value, str) and ask in value:
            problems.append(located.problem(key, f"还没有填写（“{value[:20]}”）"))

    look(located.data, ())
    return problems
