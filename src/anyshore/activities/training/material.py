"""Material of courses: pages and files of a ZIP archive, a folder per course, named by its id."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator

from anyshore.activities.activity import Values
from anyshore.base.errors import DataError, Diagnostic, each
from anyshore.base.files import BROKEN_ZIP
from anyshore.base.locations import Location

KIND = "training-material"
MOST_BYTES = 8_000_000
"""Of one file."""
MOST_ALL = 64_000_000
PAGES = (".md", ".txt")
"""What is shown as a page; everything else is a file."""


def rows(content: bytes, file: str) -> list[tuple[str, Values]]:
    """A row per page or file, key: course and name.

    Raises:
        DataError: with everything that does not fit, by its name in the archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            problems = list(_problems(entries, file))
            if problems:
                raise DataError.of(problems)
            found, problems = each(lambda one: _row(one.filename, archive.read(one), file), entries)
    except BROKEN_ZIP as problem:
        hint = "Make the ZIP anew, without a password: a folder per course, named by its id."
        raise DataError("training.material", f"The archive cannot be read: {problem}.", Location(file), hint) from None
    if problems:
        raise DataError.of(problems)
    return found


def _problems(entries: list[zipfile.ZipInfo], file: str) -> Iterator[Diagnostic]:
    names = set()
    for one in entries:
        parts = one.filename.split("/")
        if len(parts) != 2 or not all(parts) or ".." in parts or "\\" in one.filename:
            yield _problem(one.filename, file, "stands in no folder of a course", "Put it into a folder named by it.")
        if one.file_size > MOST_BYTES:
            yield _problem(one.filename, file, f"has more than {MOST_BYTES:,} bytes", "Link to it from a page.")
        if one.filename in names:
            yield _problem(one.filename, file, "stands there twice", "Keep one of the two.")
        names.add(one.filename)
    if sum(one.file_size for one in entries) > MOST_ALL:
        yield _problem("The archive", file, f"holds more than {MOST_ALL:,} bytes", "Link to large files from a page.")


def _problem(name: str, file: str, what: str, hint: str) -> Diagnostic:
    return Diagnostic("training.material", f"{name} {what}.", Location(file, name), hint)


def _row(path: str, content: bytes, file: str) -> tuple[str, Values]:
    course, _slash, name = path.partition("/")
    data: dict[str, object] = {"course": course, "name": name, "digest": hashlib.sha256(content).hexdigest()}
    if not name.lower().endswith(PAGES):
        return path, {**data, "content": base64.b64encode(content).decode("ascii")}
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError.of([_problem(path, file, "is no text in UTF-8", "Save it as UTF-8.")]) from None
    return path, {**data, "page": text, "title": _title(text, name)}


def _title(text: str, name: str) -> str:
    """The first heading of a page; else its name."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first.lstrip("#").strip() if first.startswith("#") else name.rpartition(".")[0]
