"""A clause model is kept as numbers and words: what is read back judges alike, and a file that is none runs nothing."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tests.knowledge.test_clauses import PLACES, contract, marked

from anyshore.base.errors import DataError
from anyshore.knowledge import clause_files
from anyshore.knowledge.clauses import ClauseModel, train


@pytest.fixture(scope="module")
def model() -> ClauseModel:
    return train([marked(place) for place in PLACES])


def changed(content: bytes, name: str, new: bytes, *, compressed: bool = False) -> bytes:
    """The file with another part in the place of one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for one in before.namelist():
            kind = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            after.writestr(one, new if one == name else before.read(one), kind)
    return out.getvalue()


def npy(array: np.ndarray, **options: bool) -> bytes:
    out = io.BytesIO()
    np.save(out, array, **options)
    return out.getvalue()


def test_what_is_read_back_judges_alike(model: ClauseModel) -> None:
    again = clause_files.loads(clause_files.dumps(model))
    source = contract("Ireland")
    assert again.suggest(source) == model.suggest(source)
    assert again.kinds == model.kinds
    assert np.array_equal(again.thresholds, model.thresholds)


def test_the_same_model_gives_the_same_bytes(model: ClauseModel) -> None:
    content = clause_files.dumps(model)
    assert clause_files.dumps(clause_files.loads(content)) == content


class Runs:
    """Something whose reading would run a program."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.mark,)


def test_nothing_in_a_file_is_run(model: ClauseModel, tmp_path: Path) -> None:
    mark = tmp_path / "was-run"
    content = clause_files.dumps(model)
    evil = npy(np.array([Runs(mark)], dtype=object), allow_pickle=True)
    for file in (pickle.dumps(Runs(mark)), evil, changed(content, "weights.npy", evil)):
        with pytest.raises(DataError) as refused:
            clause_files.loads(file, "clauses.zip")
        assert (refused.value.code, refused.value.location.file) == ("clauses.file", "clauses.zip")
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("weights.npy", npy(np.zeros((1, 1)))),
        ("weights.npy", npy(np.zeros((1, 1), dtype=np.int64))),
        ("thresholds.npy", b""),
        ("idf.npy", npy(np.zeros(0))),
        ("model.json", b"[]"),
        ("model.json", json.dumps({"format": 2, "kinds": [], "terms": []}).encode()),
        ("model.json", json.dumps({"format": 1, "kinds": [1], "terms": ["a"]}).encode()),
        ("model.json", json.dumps({"format": 1, "kinds": ["a"], "terms": ["a", "a"]}).encode()),
        ("model.json", b"\xff"),
    ],
)
def test_parts_that_do_not_fit_are_refused(model: ClauseModel, name: str, new: bytes) -> None:
    with pytest.raises(DataError):
        clause_files.loads(changed(clause_files.dumps(model), name, new))


def test_a_file_that_grows_when_it_is_read_is_refused(model: ClauseModel) -> None:
    content = clause_files.dumps(model)
    with pytest.raises(DataError, match="compressed"):
        clause_files.loads(changed(content, "", b"", compressed=True))
