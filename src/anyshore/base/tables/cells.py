"""What stands in a cell before anybody knows its column: text in a CSV file, more than text in a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol, TypeAlias

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a workbook.

    Attributes:
        value: to 15 significant digits, as the spreadsheet itself computes.
        percent: whether it is shown as a percentage (0.19 as 19 %).
        currency: the sign or code it is shown with, or empty.
        digits: it is shown with leading zeros up to so many digits, as a postcode is.
    """

    value: Decimal
    percent: bool = False
    currency: str = ""
    digits: int = 0

    def __str__(self) -> str:
        text = format(self.value, "f")
        return text.zfill(self.digits) if text.isdigit() else text


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell without a value: an error of a formula, a formula nobody has computed, a date that is none."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Covered:
    """A cell that is merged with another, and the value that stands there."""

    value: Cell
    area: str


Cell: TypeAlias = "str | Figure | bool | date | datetime | time | timedelta | Fault | Covered"
"""An empty cell is the empty text."""


class Line(NamedTuple):
    """A row of a sheet.

    Attributes:
        number: of the row, as a spreadsheet counts.
        line: of the file on which it begins, from 1; in a workbook the number of the row.
        cells: from the first column on; trailing empty ones may be absent.
    """

    number: int
    line: int
    cells: list[Cell]


class Sheet(Protocol):
    """Rows of cells, read as often as they are asked for, never held all at once."""

    @property
    def name(self) -> str:
        """The file, and of a workbook the sheet, for messages."""

    @property
    def separator(self) -> str:
        """What parts the cells; empty in a workbook."""

    @property
    def warnings(self) -> list[Diagnostic]:
        """What was taken for granted so far."""

    def lines(self, problems: list[Diagnostic]) -> Iterator[Line]:
        """The rows in order, empty ones included; what cannot be read is noted among the problems and left out."""


def letters(column: int) -> str:
    """The letters of a column, counted from 0: ``A`` … ``Z``, ``AA``."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def place(sheet: Sheet, line: Line, column: int | None = None, header: str = "") -> Location:
    """Where a row or one of its cells stands; the column counts from 0.

    Args:
        sheet: of the row.
        line: the row.
        column: of the cell, or None for the row as a whole.
        header: what its column is called.
    """
    if column is None:
        return Location(sheet.name, line=line.line)
    cell = f"{letters(column)}{line.number}"
    return Location(sheet.name, header or None, line.line, column + 1, cell)
