"""CSV as the spreadsheets of any country write it: encoding, separator, quotes; row by row, in bounded memory.

RFC 4180 with what is usual beside it: semicolons or tabs in place of commas, ``sep=;`` as the first line, every kind
of line end, UTF-8 with and without its mark, UTF-16 with its mark (Excel's "Unicode text"), Windows-1252.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables.cells import Cell, Line
from anyshore.base.tables.headers import keys

SEPARATORS = (";", "\t", ",")
"""In the order in which they are preferred where two fit alike."""
MAX_LINE = 64 << 20
"""Characters of one line."""
MAX_PROBLEMS = 1_000
"""After so many rows whose quotes do not fit reading stops."""
MAX_ROW = 64 << 20
"""Characters of the lines one row may go over."""
_CHUNK = 1 << 20
_SEP = re.compile(r'"?sep=(.)"?(?:\r\n?|\n)?', re.IGNORECASE | re.DOTALL)
_MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE = "Save it as CSV UTF-8."


@dataclass(slots=True)
class TextSheet:
    """A CSV file.

    Attributes:
        source: a path, or the content.
        name: for messages.
        encoding: as Python names it.
        separator: what parts the cells.
        skipped: lines before the first row: ``sep=;``.
        warnings: what was taken for granted.
    """

    source: Path | bytes
    name: str
    encoding: str
    separator: str = ""
    skipped: int = 0
    warnings: list[Diagnostic] = field(default_factory=list)

    def lines(self, problems: list[Diagnostic]) -> Iterator[Line]:
        """The rows in order, empty ones included; a row whose quotes do not fit is noted, and the next one goes on."""
        with _text(self.source, self.encoding, self.name) as stream:
            reader = _Lines(stream, self.name)
            for _ in range(self.skipped):
                reader.first()
            number = 0
            while (first := reader.first()) is not None:
                number += 1
                at = reader.at
                found = _row(first, self.separator, reader)
                if isinstance(found, str):
                    message = f"Not readable as CSV: {found}."
                    hint = "Check the quotes: a cell in quotes ends with one, and a quote in it is written twice."
                    problems.append(Diagnostic("tables.quotes", message, Location(self.name, line=at), hint))
                    if len(problems) >= MAX_PROBLEMS:
                        return
                    reader.back()
                else:
                    yield Line(number, at, found)


def open_text(source: Path | bytes, name: str, expected: Collection[str] = ()) -> TextSheet:
    """Finds encoding and separator of a CSV file.

    Args:
        source: a path, or the content.
        name: for messages.
        expected: keys of the headers there may be: the separator is the one that finds most of them.

    Raises:
        DataError: it cannot be read, is no text or in an encoding that is not read.
    """
    sheet = TextSheet(source, name, "")
    sheet.encoding = _encoding(source, name, sheet.warnings)
    with _text(source, sheet.encoding, name) as stream:
        reader = _Lines(stream, name)
        first = reader.first()
        told = _SEP.fullmatch(first or "")
        if told:
            sheet.skipped, sheet.separator = 1, told[1]
            return sheet
        while first is not None and not first.strip(' \t\r\n;,"'):
            first = reader.first()
        fits = {}
        for one in SEPARATORS:
            fits[one] = _fits(_row(first or "", one, reader), expected)
            reader.back()
    sheet.separator = max(SEPARATORS, key=fits.__getitem__)
    return sheet


def _fits(row: list[Cell] | str, expected: Collection[str]) -> tuple[int, int]:
    if isinstance(row, str):
        return (0, 0)
    return sum(any(key in expected for key in keys(str(cell))) for cell in row), len(row)


def _binary(source: Path | bytes, name: str) -> IO[bytes]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return source.open("rb")
    except (OSError, ValueError) as problem:
        raise files.unreadable(problem, name) from problem


def _text(source: Path | bytes, encoding: str, name: str) -> IO[str]:
    return io.TextIOWrapper(_binary(source, name), encoding, newline="")


def _encoding(source: Path | bytes, name: str, warnings: list[Diagnostic]) -> str:
    with _binary(source, name) as stream:
        start = stream.read(4)
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    if marked == "":
        raise DataError("file.encoding", "The file is UTF-32.", Location(name), _SAVE)
    wrong = _fault(source, name, marked or "utf-8")
    if wrong is None:
        return marked or "utf-8"
    line, beyond = wrong
    place = Location(name, line=line)
    if marked or beyond:
        message = f"The file is {(marked or 'utf-8').upper().removesuffix('-SIG')}, but not in this line."
        raise DataError("file.encoding", message, place, _SAVE)
    other = _fault(source, name, "cp1252")
    if other is not None:
        message = "The file is neither UTF-8 nor Windows-1252."
        raise DataError("file.encoding", message, Location(name, line=other[0]), _SAVE)
    message = "The file is not UTF-8; it is read as Windows-1252."
    warnings.append(Diagnostic("tables.encoding", message, place, _SAVE, "warning"))
    return "cp1252"


def _fault(source: Path | bytes, name: str, encoding: str) -> tuple[int, bool] | None:
    """The line where the content is no text in an encoding, and whether letters beyond ASCII came before."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, beyond = 1, False
    with _binary(source, name) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            try:
                text = decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as problem:
                before = problem.object[: problem.start].decode(encoding, "replace")
                return line + before.count("\n"), beyond or not before.isascii()
            if "\0" in text:
                place = Location(name, line=line + text.partition("\0")[0].count("\n"))
                raise DataError("tables.binary", "The file is no text.", place, _SAVE)
            if not chunk:
                return None
            line += text.count("\n")
            beyond = beyond or not text.isascii()


class _Lines:
    """Lines of a text, some of which may be read again: a quote that is never closed must not cost what follows."""

    def __init__(self, stream: IO[str], name: str) -> None:
        self.at = 0
        self._stream = stream
        self._name = name
        self._taken: list[str] = []
        self._waiting: deque[str] = deque()

    def first(self) -> str | None:
        """The line on which a row begins."""
        self._taken.clear()
        return self.next()

    def next(self) -> str | None:
        """A further line, or None at the end."""
        text = self._waiting.popleft() if self._waiting else self._read()
        if not text:
            return None
        self.at += 1
        self._taken.append(text)
        return text

    def back(self) -> None:
        """Goes back behind the line on which the row began."""
        again = self._taken[1:]
        self._waiting.extendleft(reversed(again))
        self.at -= len(again)
        del self._taken[1:]

    def _read(self) -> str:
        try:
            text = self._stream.readline(MAX_LINE)
        except (OSError, UnicodeDecodeError) as problem:  # the latter: it was changed while it was read
            raise files.unreadable(problem, self._name) from problem
        if len(text) >= MAX_LINE:
            place = Location(self._name, line=self.at + 1)
            raise DataError("tables.long-line", f"The line has more than {MAX_LINE:,} characters.", place, _SAVE)
        return text


def _row(line: str, separator: str, reader: _Lines) -> list[Cell] | str:
    """The cells of the row that begins on a line, or what is wrong with it."""
    if '"' not in line:
        return list(line.rstrip("\r\n").split(separator))
    cells: list[Cell] = []
    at = 0
    while True:
        if line.startswith('"', at):
            found = _quoted(line, at + 1, reader)
            if found is None:
                return "a quote is opened and never closed"
            text, line, at = found
            cells.append(text)
            rest = line[at:].lstrip(" ")
            if not rest.strip("\r\n"):
                return cells
            if not rest.startswith(separator):
                return "text stands behind the quote that closes a cell"
            at = len(line) - len(rest) + 1
            continue
        end = line.find(separator, at)
        if end < 0:
            return [*cells, line[at:].rstrip("\r\n")]
        cells.append(line[at:end])
        at = end + 1


def _quoted(line: str, at: int, reader: _Lines) -> tuple[str, str, int] | None:
    """The text of a cell in quotes, the line on which it ends, and where behind the closing quote; None without one."""
    parts = []
    size = 0
    while True:
        end = line.find('"', at)
        parts.append(line[at:] if end < 0 else line[at:end])
        if end < 0:
            size += len(line)
            more = reader.next() if size <= MAX_ROW else None
            if more is None:
                return None
            line, at = more, 0
        elif line.startswith('"', end + 1):
            parts.append('"')
            at = end + 2
        else:
            return "".join(parts), line, end + 1
