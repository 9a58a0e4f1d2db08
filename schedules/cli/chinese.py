"""Click's own words in Chinese: staff read its help and its complaints too.

Click asks ``gettext``, which wants a compiled catalogue file and an environment set before it is imported; a table put in the
place of its look-up does the same for the few sentences that our commands can raise. A test calls them.
"""

from __future__ import annotations

from importlib import import_module

WORDS = {
    "Usage:": "用法：", "Options": "选项", "Positional arguments": "参数", "Commands": "命令", "Aborted!": "已取消。", "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "运行“{command} {option}”看用法。", "Show the version and exit.": "显示版本", "Show this message and exit.": "显示这份说明",
    "Missing command.": "缺少命令。", "Missing argument": "缺少参数", "Missing option": "缺少选项", "Missing parameter": "缺少参数",
    "Missing {param_type}": "缺少 {param_type}", "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Invalid value: {message}": "值不对：{message}", "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "No such option {name!r}.": "没有选项 {name}。", "No such option: {name}": "没有选项 {name}", "No such command {name!r}.": "没有命令“{name}”。",
    "unknown error": "未知错误", "Could not open file {filename!r}: {message}": "无法打开文件 {filename}：{message}",
    "Option {name!r} does not take a value.": "选项 {name} 不带值。", "default: {default}": "默认 {default}", "required": "必填", "file": "文件", "directory": "目录", "path": "路径",
    "{name} {filename!r} does not exist.": "{name} {filename} 不存在。", "{name} {filename!r} is a file.": "{filename} 是文件，不是目录。",
    "{name} {filename!r} is a directory.": "{filename} 是目录，不是文件。", "{name} {filename!r} is not readable.": "{name} {filename} 无法读取。",
    "{value!r} is not a valid {number_type}.": "“{value}”不是数字（{number_type}）。", "{value} is not in the range {range}.": "{value} 不在范围 {range} 内。",
}
PLURALS = {
    "{value!r} is not {choice}.": "“{value}”不在可选的值之中：{choices}。",
    "Option {name!r} requires an argument.": "选项 {name} 后面要有值。", "Got unexpected extra argument ({args})": "多余的参数：{args}",
    "(Possible options: {possibilities})": "（是否想用：{possibilities}）", "Did you mean {possibility}?": "（是否想用 {possibility}？）",
    "(Did you mean one of: {possibilities}?)": "（是否想用：{possibilities}）", "Did you mean one of: {possibilities}?": "（是否想用：{possibilities}）",
}


def word(message: str) -> str:
    """Click's sentence in Chinese, or as it is where the table has none."""
    return WORDS.get(message, message)


def plural(singular: str, many: str, count: int) -> str:
    """The same for sentences with a count; Chinese has one form."""
    return PLURALS.get(singular) or PLURALS.get(many) or (singular if count == 1 else many)


def speak_chinese() -> None:
    """Put the table in the place of click's look-up."""
    for name in ("core", "decorators", "exceptions", "formatting", "parser", "types"):
        module = import_module(f"click.{name}")
        for look_up, ours in (("_", word), ("ngettext", plural)):
            if hasattr(module, look_up):
                setattr(module, look_up, ours)
