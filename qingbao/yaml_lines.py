"""YAML files read strictly: every mistake becomes a Chinese line with file, line number and key."""

from __future__ import annotations

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
    "bool_type": "应为 true 或 false", "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表（每行以“- ”开头）", "tuple_type": "应为列表（每行以“- ”开头）",
    "dict_type": "应为“键: 值”的形式", "model_type": "应为“键: 值”的形式", "model_attributes_type": "应为“键: 值”的形式",
    "date_from_datetime_parsing": "应为日期，例如 2026-09-15", "date_type": "应为日期，例如 2026-09-15", "date_parsing": "应为日期，例如 2026-09-15",
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
        return None, [f"{path}:{line} 不是有效的 YAML，请检查缩进、冒号后的空格和引号（{getattr(error, 'problem', None) or error}）"]
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
        problems = []
        for item in error.errors():
            key = (*at, *item["loc"])
            expected = EXPECTED.get(item["type"])
            if item["type"] in {"literal_error", "enum"}:
                expected = f"应为其中之一：{item['ctx']['expected'].replace(' or ', '、')}"
            elif item["type"] in {"greater_than_equal", "less_than_equal", "greater_than", "less_than"}:
                expected = f"数值超出范围（{item['msg']}）"
            elif item["type"] == "value_error":
                expected = str(item["ctx"]["error"])
            problems.append(located.problem(key, expected or item["msg"]))
        return None, problems


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
