"""Named arrays as one file that is mapped into memory and not read: a night needs a few pages of it."""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from qingbao.errors import CannotWork

# First line of the file; the second one is JSON: name → [type, shape, place]. Then the arrays, at places that suit any type.
MAGIC = b"qingbao arrays 1\n"
ALIGNED = 64
TYPES = frozenset({"<i4", "<i8", "<f4", "|u1"})


def write_arrays(path: Path, arrays: Mapping[str, Any], *, sure: bool = True) -> None:
    """Write named arrays (of one dimension or more) into one file, whole or not at all.

    Not ``sure``: not waited for, and for a moment there may be no file: what is lost can be made anew.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    flat = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    places: dict[str, tuple[str, tuple[int, ...], int]] = {}
    end = 0
    for name, array in flat.items():
        places[name] = array.dtype.str, array.shape, end
        end += array.nbytes + -array.nbytes % ALIGNED
    head = MAGIC + json.dumps(places).encode()
    try:
        with open(beside, "wb") as file:
            file.write(head + b" " * (-(len(head) + 1) % ALIGNED) + b"\n")
            for array in flat.values():
                if array.nbytes:
                    file.write(array.reshape(-1).view(np.uint8).data)
                file.write(bytes(-array.nbytes % ALIGNED))
            if sure:
                file.flush()
                os.fsync(file.fileno())
        if not sure:  # in the place of another file, file systems write it out at once: that takes as long as all the writing
            path.unlink(missing_ok=True)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def read_arrays(path: Path, what: str) -> dict[str, Any]:
    """The named arrays of a file, not to be written to; ``CannotWork`` with a Chinese message where it cannot be read.

    The file is mapped: what is not looked at is not loaded, and another version that takes its place leaves these arrays as they are.
    """
    try:
        with open(path, "rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if held.readline() != MAGIC:
            raise ValueError("not a file of arrays")
        places = json.loads(held.readline())
        start, out, end = held.tell(), {}, 0
        for name, (kind, shape, place) in places.items():
            if kind not in TYPES or place != end or min(shape, default=0) < 0:
                raise ValueError(f"{name} is no array")
            out[name] = np.frombuffer(held, np.dtype(kind), prod(shape), start + place).reshape(shape)
            end += out[name].nbytes + -out[name].nbytes % ALIGNED
        if start + end != len(held):
            raise ValueError("not whole")
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CannotWork(f"{what}读不出来：{path}（{error}）。请运行 qingbao match --refit 重新生成。") from error
    return out


def text_array(text: str) -> Any:
    """A string as bytes in an array."""
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def array_text(array: Any) -> str:
    """The string of ``text_array``."""
    return bytes(array).decode("utf-8", "surrogatepass")


def lines_array(lines: Sequence[str]) -> Any:
    """Strings without line breaks as an array."""
    return text_array("\n".join((*lines, "")))


def array_lines(array: Any) -> tuple[str, ...]:
    """The strings of ``lines_array``."""
    return tuple(array_text(array).split("\n")[:-1])
