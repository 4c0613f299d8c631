"""Clause models as files: numbers and words, from which nothing is ever run.

A file is a ZIP archive, not compressed, of ``model.json`` (the kinds, and the terms in the order of their columns) and
an array of ``float64`` in NumPy's own format per part of the model. The same model gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.knowledge.clauses import ClauseModel, vectorizer

FORMAT = 1
_HEAD = "model.json"
_ARRAYS = ("thresholds", "weights", "offsets", "idf")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def dumps(model: ClauseModel) -> bytes:
    """The model as the content of a file."""
    terms = sorted(model.vectors.vocabulary_, key=model.vectors.vocabulary_.__getitem__)
    head = {"format": FORMAT, "kinds": list(model.kinds), "terms": terms}
    arrays = (model.thresholds, model.weights, model.offsets, model.vectors.idf_)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(_HEAD, _EPOCH), json.dumps(head, ensure_ascii=False))
        for name, array in zip(_ARRAYS, arrays, strict=True):
            part = io.BytesIO()
            np.lib.format.write_array(part, np.ascontiguousarray(array, dtype=np.float64), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), part.getvalue())
    return out.getvalue()


def loads(content: bytes, file: str | None = None) -> ClauseModel:
    """The model in a file.

    Raises:
        DataError: it is no such file, or its parts do not fit together.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(one.compress_type != zipfile.ZIP_STORED for one in archive.infolist()):
                raise ValueError("it is compressed")  # what is not compressed is no larger than its file
            head = json.loads(archive.read(_HEAD))
            arrays = {name: _array(archive.read(f"{name}.npy")) for name in _ARRAYS}
        return _model(head, **arrays)
    except (ValueError, KeyError, TypeError, EOFError, RuntimeError, zipfile.BadZipFile) as problem:
        raise DataError(
            "clauses.file", f"This is no clause model: {problem}.", Location(file), "Train it anew."
        ) from problem


def _array(content: bytes) -> NDArray[np.float64]:
    found = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    if found.dtype != np.float64:
        raise ValueError(f"an array holds {found.dtype}")
    return found


def _model(
    head: dict[str, Any], thresholds: NDArray[np.float64], weights: NDArray[np.float64],
    offsets: NDArray[np.float64], idf: NDArray[np.float64],
) -> ClauseModel:  # fmt: skip
    if head["format"] != FORMAT:
        raise ValueError(f"its format is {head['format']!r}")
    kinds, terms = head["kinds"], head["terms"]
    if not all(isinstance(one, str) for one in (*kinds, *terms)) or len(set(terms)) != len(terms):
        raise ValueError("its kinds and terms are no different texts")
    shapes: dict[str, tuple[int, ...]] = {"thresholds": (len(kinds),), "offsets": (len(kinds),), "idf": (len(terms),)}
    shapes["weights"] = (len(kinds), 3 * len(terms))  # of a passage, and of the ones before and after
    for name, array in (("thresholds", thresholds), ("weights", weights), ("offsets", offsets), ("idf", idf)):
        if array.shape != shapes[name]:
            raise ValueError(f"{name} is of shape {array.shape}, not {shapes[name]}")
    vectors = vectorizer({term: column for column, term in enumerate(terms)})
    vectors.idf_ = idf
    return ClauseModel(tuple(kinds), thresholds, vectors, weights, offsets)
