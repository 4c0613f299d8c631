"""A folder of a stranger: every file of it is a parcel, what cannot be read with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from anyshore.base.errors import DataError
from anyshore.host.intake import folders


def test_every_file_below_in_order_of_path(tmp_path: Path) -> None:
    (tmp_path / "sub" / "folder.xml").mkdir(parents=True)
    for name in ("b.xml", "a.PDF", "sub/c", "sub/readme.txt", "sub/folder.xml/d.xml", ".hidden", "Sellers.CSV"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "gone.xml").symlink_to("nowhere")
    found = list(folders.parcels(tmp_path, leave=folders.names(["sellers.csv"])))
    assert [one.name for one in found] == [
        ".hidden", "a.PDF", "b.xml", "gone.xml", "sub/c", "sub/folder.xml/d.xml", "sub/readme.txt",
    ]  # fmt: skip
    assert [one.content for one in found if one.problem is None] == [b"x"] * 6
    (broken,) = [one for one in found if one.problem is not None]
    assert broken.problem is not None
    assert (broken.name, broken.problem.code) == ("gone.xml", "file.unreadable")


def test_one_file_and_none(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"x")
    assert [one.name for one in folders.parcels(tmp_path / "a.xml")] == ["a.xml"]
    with pytest.raises(DataError, match="no folder or file"):
        list(folders.parcels(tmp_path / "absent"))
    assert list(folders.parcels(_empty(tmp_path))) == []


def _empty(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_BYTES", 10)
    (tmp_path / "a.zip").write_bytes(b"x" * 11)
    (one,) = folders.parcels(tmp_path)
    assert one.problem is not None
    assert (one.content, one.problem.code) == (None, "file.too-large")
