"""A fit model and term vectors as files of arrays (``matcher.array_file``) with a head in JSON, no pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.array_file import array_lines, array_text, lines_array, read_arrays, text_array, write_arrays
from matcher.concepts import table_key
from matcher.tokens import TOKENS_VERSION
from qingbao.errors import CannotWork

if TYPE_CHECKING:
    from matcher.fit import FitModel
    from matcher.vectors import TermVectors

# Of the file's layout. Another number is refused: the model is made anew with ``qingbao match --refit``.
FORMAT = 4


def save(model: FitModel, path: Path) -> None:
    """Write a model."""
    space, parts = model.space, model.parts
    head = {
        "format": FORMAT, "tokens": TOKENS_VERSION, "companies": space.companies, "segments": table_key(),
        "parts": [{"park": part.park, "industry": part.industry, "key": part.key, "links": part.links} for part in parts],
    }
    arrays: dict[str, Any] = {"head": text_array(json.dumps(head, ensure_ascii=False)), "words": lines_array(space.words), "idf": space.idf}
    if space.projection is not None:
        arrays["projection"] = space.projection
    for i, part in enumerate(parts):
        wanted = part.wanted
        arrays[f"exact{i}"], arrays[f"direction{i}"], arrays[f"segments{i}"] = wanted.exact, wanted.direction, wanted.segments
        arrays[f"links{i}"] = part.link_segments
    write_arrays(path, arrays)


def load(path: Path) -> FitModel:
    """Read a model."""
    from matcher.feedback import Wanted
    from matcher.fit import FitModel, Part
    from matcher.space import Space
    arrays = read_arrays(path, "匹配模型")
    try:
        head = json.loads(array_text(arrays["head"]))
        if head["format"] != FORMAT or head["tokens"] != TOKENS_VERSION or head["segments"] != table_key():
            raise CannotWork(f"匹配模型是另一版本的：{path}。请运行 qingbao match --refit 重新生成。")
        space = Space(array_lines(arrays["words"]), arrays["idf"], arrays.get("projection"), head["companies"])
        parts = tuple(
            Part(one["park"], one["industry"], one["key"], Wanted(arrays[f"exact{i}"], arrays[f"direction{i}"], arrays[f"segments{i}"]),
                 tuple((name, tuple(words)) for name, words in one["links"]), arrays[f"links{i}"])
            for i, one in enumerate(head["parts"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CannotWork(f"匹配模型不完整：{path}（{error}）。请运行 qingbao match --refit 重新生成。") from error
    return FitModel(space, parts)


def save_vectors(vectors: TermVectors, path: Path) -> None:
    """Write term vectors."""
    head = {"format": FORMAT, "tokens": TOKENS_VERSION}
    write_arrays(path, {
        "head": text_array(json.dumps(head, ensure_ascii=False)), "words": lines_array(vectors.words), "ids": lines_array(vectors.ids), "keys": vectors.keys,
        "lengths": vectors.lengths, "indptr": vectors.indptr, "terms": vectors.terms, "counts": vectors.counts,
    }, sure=False)


def load_vectors(path: Path) -> TermVectors:
    """Read term vectors."""
    from matcher.vectors import TermVectors

    arrays = read_arrays(path, "词向量")
    try:
        head = json.loads(array_text(arrays["head"]))
        if head["format"] != FORMAT or head["tokens"] != TOKENS_VERSION:
            raise CannotWork(f"词向量是另一版本的：{path}。请运行 qingbao match --refit 重新生成。")
        return TermVectors(
            array_lines(arrays["words"]), array_lines(arrays["ids"]),
            arrays["keys"], arrays["lengths"], arrays["indptr"], arrays["terms"], arrays["counts"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CannotWork(f"词向量不完整：{path}（{error}）。请运行 qingbao match --refit 重新生成。") from error
