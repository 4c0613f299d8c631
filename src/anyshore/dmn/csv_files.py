"""CSV files as the spreadsheets of any country write them: encoding, separator, truth values and decimals."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from anyshore.base.errors import DmnError
from anyshore.base.locations import Location

Rows = list[list[str]]

TRUTHS = {"TRUE": "true", "FALSE": "false", "WAHR": "true", "FALSCH": "false", "VRAI": "true", "FAUX": "false"}
_DECIMAL_COMMA = re.compile(r"(?<![\d,.])(-?\d+),(\d+)(?![\d,.])")
_POINT = re.compile(r"\d\.\d")
_STRING = re.compile(r'("(?:[^"\\]|\\.)*")')


def read_rows(path: Path) -> tuple[Rows, bool]:
    """The rows of a CSV file, and whether it may have decimal commas: semicolons or tabs part its cells.

    UTF-8 (with or without a mark), UTF-16 with a mark, and else Windows-1252 are understood; the separator is that
    of the first line, which may be ``sep=;``. ``TRUE`` and ``WAHR`` as whole cells are FEEL's ``true``.

    Raises:
        DmnError: the file cannot be read.
    """
    try:
        text = _decoded(path.read_bytes())
        first, _, rest = text.partition("\n")
        if re.fullmatch(r"sep=.\r?", first):
            separator, text = first[4], rest
        else:
            bare = _STRING.sub("", first)
            separator = max(",;\t", key=bare.count)
        rows = [[TRUTHS.get(cell, cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=separator)]
    except (OSError, csv.Error) as problem:
        raise DmnError("file.unreadable", f"Cannot read the file: {problem}.", Location(str(path))) from problem
    return rows, separator != ","


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def is_decimal_comma(text: str) -> bool:
    """Whether a cell holds one number with a decimal comma and nothing else."""
    return _DECIMAL_COMMA.fullmatch(text.strip()) is not None


def has_point(text: str) -> bool:
    """Whether a cell holds a number with a decimal point."""
    return _POINT.search(_STRING.sub("", text)) is not None


def has_comma_between_digits(text: str) -> bool:
    """Whether a cell holds a comma that may be a decimal comma or part two numbers."""
    return _DECIMAL_COMMA.search(_STRING.sub("", text)) is not None


def with_points(text: str) -> str:
    """A cell with points in place of decimal commas; a comma followed by a space parts a list."""
    parts = _STRING.split(text)
    return "".join(part if part.startswith('"') else _DECIMAL_COMMA.sub(r"\1.\2", part) for part in parts)
