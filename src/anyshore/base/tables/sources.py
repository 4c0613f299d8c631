"""Opening a file of rows: a CSV file or a workbook, told by its content; what is neither is refused by its name."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables.text_files import TextSheet, open_text
from anyshore.base.tables.workbooks import Workbook, WorkbookSheet

_LOOKED_AT = 4096
_AS_XLSX = "Open it in Excel or LibreOffice, and save it as .xlsx or as CSV UTF-8."
_NOT_TABLES = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a text with formatting (RTF)"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def open_sheet(
    source: Path | bytes, name: str | None = None, *, sheet: str | None = None, expected: Collection[str] = ()
) -> TextSheet | WorkbookSheet:
    """The rows of a file.

    Args:
        source: a path, or the content.
        name: of the file, for messages; its path where left out.
        sheet: of a workbook; the first visible one where none is named.
        expected: keys of the headers there may be (``headers.expected``), by which the separator of a CSV is found.

    Raises:
        DataError: it cannot be read, or is something else; with what it is and what to do.
    """
    shown = name or ("<table>" if isinstance(source, bytes) else str(source))
    start = _start(source, shown)
    if start.startswith(b"PK\x03\x04"):
        return _workbook(source, shown).sheet(sheet)
    other = _other(source, start)
    if other:
        raise DataError("tables.not-a-table", f"The file is {other[0]}.", Location(shown), other[1])
    return open_text(source, shown, expected)


def open_workbook(source: Path | bytes, name: str | None = None) -> Workbook:
    """A workbook, of which several sheets are wanted.

    Raises:
        DataError: it cannot be read, or is something else.
    """
    shown = name or ("<workbook>" if isinstance(source, bytes) else str(source))
    start = _start(source, shown)
    if not start.startswith(b"PK\x03\x04"):
        what, hint = _other(source, start) or ("no Excel workbook", _AS_XLSX)
        raise DataError("tables.not-a-table", f"The file is {what}.", Location(shown), hint)
    return _workbook(source, shown)


def _start(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        return source[:_LOOKED_AT]
    try:
        with source.open("rb") as stream:
            return stream.read(_LOOKED_AT)
    except (OSError, ValueError) as problem:
        raise files.unreadable(problem, name) from problem


def _other(source: Path | bytes, start: bytes) -> tuple[str, str] | None:
    """What a file is that is no table, and what to do."""
    if start.startswith(_OLE):
        content = source if isinstance(source, bytes) else source.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "a workbook with a password", "Remove the password in Excel, and save it again."
        return "a workbook of Excel 97 to 2003 (.xls)", _AS_XLSX
    for mark, what in _NOT_TABLES:
        if start.startswith(mark):
            return what, _AS_XLSX
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        return "a web page (HTML), whatever its ending says", _AS_XLSX
    if head.startswith(b"<?xml"):
        kind = "a workbook in XML (Excel 2003)" if b"office:spreadsheet" in head else "XML"
        return kind, _AS_XLSX
    return None


def _workbook(source: Path | bytes, name: str) -> Workbook:
    book = Workbook(source, name)
    parts = set(book.package.namelist())
    if "xl/workbook.bin" in parts:
        what = "a binary workbook (.xlsb)"
    elif "content.xml" in parts and "mimetype" in parts:
        what = "a document of LibreOffice or OpenOffice (.ods)"
    elif "word/document.xml" in parts:
        what = "a text of Word (.docx)"
    elif "_rels/.rels" not in parts:
        what = "an archive (.zip)"
    else:
        return book
    raise DataError("tables.not-a-table", f"The file is {what}.", Location(name), _AS_XLSX)
