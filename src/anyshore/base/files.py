"""Reading and writing a file somebody names: the one way, and the one set of errors where that fails."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path

from anyshore.base.errors import DataError, DefinitionError
from anyshore.base.locations import Location

MAX_BYTES = 1 << 30
"""Files beyond this are not read at once, where the caller sets no limit of its own."""

_PDF_WITHIN = 1024
"""Bytes within which a PDF has to begin (ISO 32000-1, annex H.3.4.1)."""

BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What reading a ZIP raises that is damaged, has a password, or is packed in a way nobody knows."""


def is_pdf(content: bytes) -> bool:
    """Whether a content starts like a PDF, or soon: readers pass over what stands before."""
    return b"%PDF-" in content[:_PDF_WITHIN]


def read(
    path: str | Path, *, error: type[DefinitionError] = DataError, most: int = MAX_BYTES, name: str | None = None
) -> bytes:
    """The content of a file.

    Args:
        path: of the file.
        error: the family of errors the file belongs to.
        most: bytes it may have.
        name: what to call it in messages; its path where left out.

    Raises:
        DefinitionError: of the family: there is no such file, it may not be read, or it is too large.
    """
    shown = name or str(path)
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(most + 1)
    except (OSError, ValueError) as problem:  # the latter: a null byte in the path
        raise unreadable(problem, shown, error) from problem
    check_size(len(content), shown, error=error, most=most)
    return content


def read_text(
    source: str | Path | bytes, *, error: type[DefinitionError] = DataError, most: int = MAX_BYTES,
    name: str | None = None,
) -> str:  # fmt: skip
    """The text of a file in UTF-8, with or without a byte order mark.

    Args:
        source: a path, or the content of the file.
        error: the family of errors the file belongs to.
        most: bytes it may have.
        name: what to call it in messages; its path where left out.

    Raises:
        DefinitionError: of the family: it cannot be read, is too large or is no UTF-8; the last with line and column.
    """
    shown = name or (None if isinstance(source, bytes) else str(source))
    content = source if isinstance(source, bytes) else read(source, error=error, most=most, name=name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        # The codec counts from behind the byte order mark.
        before = problem.object[: problem.start].decode("utf-8", "replace")
        place = Location(shown, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
        message = f"The file is not UTF-8: the byte 0x{problem.object[problem.start]:02X} begins no character."
        raise error("file.encoding", message, place, "Save it as UTF-8.") from problem


def write(path: str | Path, content: bytes) -> None:
    """Writes a file.

    Raises:
        DataError: it cannot be written.
    """
    try:
        Path(path).write_bytes(content)
    except OSError as problem:
        message = f"Cannot write the file: {problem.strerror}."
        raise DataError("file.unwritable", message, Location(str(path)), "Check path and rights.") from problem


def unreadable(problem: OSError | ValueError, name: str, error: type[DefinitionError] = DataError) -> DefinitionError:
    """The error for a file that cannot be opened or read, for those who stream it."""
    reason = getattr(problem, "strerror", None) or str(problem)
    hints: dict[type, str] = {IsADirectoryError: "Name a file in it.", FileNotFoundError: "Check how it is written."}
    hint = hints.get(type(problem), "Check path and rights.")
    return error("file.unreadable", f"Cannot read the file: {reason}.", Location(name), hint)


def check_size(size: int, name: str, *, error: type[DefinitionError] = DataError, most: int = MAX_BYTES) -> None:
    """Refuses a file that is larger than what is read.

    Raises:
        DefinitionError: of the family: it has more than so many bytes.
    """
    if size > most:
        hint = f"At most {most:,} bytes are read. Split it, or send a smaller one."
        raise error("file.too-large", "The file is too large.", Location(name), hint)
