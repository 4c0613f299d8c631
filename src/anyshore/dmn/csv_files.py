"""Decision tables and cases in CSV files: truth values and decimals of any country become FEEL."""

from __future__ import annotations

import re
from pathlib import Path

from anyshore.base.errors import DataError, Diagnostic, DmnError
from anyshore.base.tables import open_sheet

Rows = list[list[str]]

TRUTHS = {"TRUE": "true", "FALSE": "false", "WAHR": "true", "FALSCH": "false", "VRAI": "true", "FAUX": "false"}
_DECIMAL_COMMA = re.compile(r"(?<![\d,.])(-?\d+),(\d+)(?![\d,.])")
_POINT = re.compile(r"\d\.\d")
_STRING = re.compile(r'("(?:[^"\\]|\\.)*")')


def read_rows(path: Path) -> tuple[Rows, bool]:
    """The rows of a CSV file, and whether it may have decimal commas: semicolons or tabs part its cells.

    ``TRUE`` and ``WAHR`` as whole cells are FEEL's ``true``.

    Raises:
        DmnError: the file cannot be read, with every row whose quotes do not fit.
    """
    problems: list[Diagnostic] = []
    try:
        sheet = open_sheet(path)
        rows = [[TRUTHS.get(text, text) for text in map(str, line.cells)] for line in sheet.lines(problems)]
    except DataError as error:
        raise DmnError.of(error.diagnostics) from error
    if problems:
        raise DmnError.of(problems)
    return rows, sheet.separator != ","


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
