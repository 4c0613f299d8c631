"""A file that cannot be read is refused by one set of errors, of the family that asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from anyshore.base import files
from anyshore.base.errors import DataError, DefinitionError, TermsError
from anyshore.base.locations import Location


def test_content_and_text_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfGr\xc3\xb6\xc3\x9fe")
    assert files.read(path) == path.read_bytes()
    assert files.read_text(path) == files.read_text(path.read_bytes()) == files.read_text(str(path)) == "Größe"


@pytest.mark.parametrize("name", ["absent.txt", "folder", "nul\0byte"])
def test_what_cannot_be_read_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(TermsError, match="Cannot read the file: ") as caught:
        files.read(tmp_path / name, error=TermsError)
    assert (caught.value.code, caught.value.location) == ("file.unreadable", Location(str(tmp_path / name)))
    assert caught.value.hint


def test_a_limit_is_kept_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    assert files.read(path, most=5) == b"12345"
    with pytest.raises(DataError, match="too large") as caught:
        files.read(path, most=4, name="theirs.txt")
    assert (caught.value.code, caught.value.location.file) == ("file.too-large", "theirs.txt")


@pytest.mark.parametrize(("content", "line", "column"), [
    (b"\xff", 1, 1), (b"a\nb\xf6c", 2, 2), (b"\xef\xbb\xbf\nab\xc3", 2, 3), ("ä\nöx".encode() + b"\xe4", 2, 3),
])  # fmt: skip
def test_text_that_is_no_utf_8_is_located(content: bytes, line: int, column: int) -> None:
    with pytest.raises(DefinitionError, match="not UTF-8") as caught:
        files.read_text(content, name="a.txt")
    assert caught.value.code == "file.encoding"
    assert caught.value.location == Location("a.txt", line=line, column=column)


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DataError) as folder:
        files.read(tmp_path)
    assert folder.value.hint == "Name a file in it."
    with pytest.raises(DataError) as missing:
        files.read(tmp_path / "absent.csv")
    assert missing.value.hint == "Check how it is written."


def test_a_pdf_may_begin_a_little_later() -> None:
    assert files.is_pdf(b"%PDF-1.7")
    assert files.is_pdf(b"\0" * 1019 + b"%PDF-1.7")
    assert not files.is_pdf(b"\0" * 1020 + b"%PDF-1.7")
