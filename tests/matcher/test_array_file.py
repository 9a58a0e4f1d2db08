"""Files of arrays: what was written comes back, and anything else is refused with words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from matcher.array_file import MAGIC, array_lines, array_text, lines_array, read_arrays, text_array, write_arrays
from qingbao.errors import CannotWork

ARRAYS = st.dictionaries(
    st.text(max_size=8),
    st.sampled_from([np.int32, np.int64, np.float32, np.uint8]).flatmap(lambda kind: some.arrays(kind, some.array_shapes(min_side=0, max_dims=3))),
    max_size=5,
)


@given(ARRAYS, st.booleans())
@settings(deadline=None)
def test_arrays_come_back(tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, np.ndarray], sure: bool) -> None:
    path = tmp_path_factory.mktemp("arrays") / "a"
    for _ in range(2):
        write_arrays(path, arrays, sure=sure)
    back = read_arrays(path, "数组")
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype
        assert back[name].shape == array.shape
        assert back[name].tobytes() == array.tobytes()
        assert not back[name].flags.writeable
    assert [file.name for file in path.parent.iterdir()] == ["a"]


def test_arrays_that_are_held_stay_when_the_file_is_written_anew(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a", {"x": np.arange(5)})
    held = read_arrays(tmp_path / "a", "数组")["x"]
    write_arrays(tmp_path / "a", {"x": np.zeros(3, dtype=np.int64)}, sure=False)
    assert held.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("damage", [
    lambda data: b"", lambda data: data[:-1], lambda data: data + b"\0", lambda data: data[: len(MAGIC)], lambda data: b"PK\x03\x04" + data,
    lambda data: data.replace(b"<i8", b"|O8"), lambda data: data.replace(b"[5]", b"[-5]"), lambda data: data.replace(b"[5]", b"[9]"),
    lambda data: data.replace(b"[5]", b"[5000000000]"), lambda data: data.replace(b"[5]", b'["5"]'), lambda data: data.replace(b'{"x"', b'["x"'),
    lambda data: data.replace(b", 0]", b", 8]"), lambda data: data.replace(b"[5]", b"null"),
])
def test_a_damaged_file_is_refused_with_words(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_arrays(path, {"x": np.arange(5)})
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert path.read_bytes() != whole
    with pytest.raises(CannotWork, match=r"数组读不出来.*--refit"):
        read_arrays(path, "数组")


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_arrays(tmp_path / "a", {"x": np.arange(5)})

    def full(_: int) -> None:
        raise OSError("no space")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_arrays(tmp_path / "a", {"x": np.arange(9)})
    assert read_arrays(tmp_path / "a", "数组")["x"].tolist() == [0, 1, 2, 3, 4]
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


@given(st.lists(st.text(st.characters(exclude_characters="\n"))))
def test_lines_come_back(lines: list[str]) -> None:
    assert array_lines(lines_array(lines)) == tuple(lines)
    assert array_text(text_array("".join(lines))) == "".join(lines)
