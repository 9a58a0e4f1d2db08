"""What a database says, in a Chinese sentence that tells what to do."""

from __future__ import annotations

from pathlib import Path


def trouble(words: str, path: Path | None, what: str = "数据库") -> str | None:
    """The sentence for a database's error message; None where it is not the machine's trouble. ``what`` names the file for people."""
    where = f"{what} {path}" if path else what
    for sign, sentence in (
        ("disk is full", f"磁盘已满，{where} 无法写入。请腾出空间后再运行，已写入的内容没有损坏。"),
        ("No space left", f"磁盘已满，{where} 无法写入。请腾出空间后再运行，已写入的内容没有损坏。"),
        ("disk I/O error", f"读写{where} 时磁盘出错（可能已满或损坏）。请检查磁盘后再运行。"),
        ("readonly database", f"{where} 只读，无法写入。请检查文件和文件夹的权限。"),
        ("unable to open database file", f"无法打开{where}。请检查文件夹是否存在、是否可写。"),
        ("database is locked", f"{where} 一直被另一个进程占用。请等它结束后再运行。"),
        ("malformed", f"{where} 已损坏。请从备份恢复该文件。"),
        ("file is not a database", f"{path} 不是数据库文件。请移开它或从备份恢复。"),
        ("no such module: fts5", "本机 Python 的 SQLite 没有全文检索（FTS5）。请换用带 FTS5 的 Python，或改用 elasticsearch。"),
        ("could not connect", f"无法连接{what}服务器。请检查地址、端口和服务是否运行。"),
        ("connection failed", f"无法连接{what}服务器。请检查地址、端口和服务是否运行。"),
    ):
        if sign in words:
            return sentence
    return None
