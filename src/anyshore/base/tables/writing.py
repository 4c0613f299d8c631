"""Writing rows of text and numbers: CSV, and Excel workbooks that show them as they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables.cells import letters

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_PLAIN = re.compile(r"-|[+-]?[0-9]+([.,][0-9]+)*")

_BAD_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


Cell: TypeAlias = str | Decimal
"""What stands in a cell: a text, or a number that a workbook may add up."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet to write.

    Attributes:
        title: shortened and numbered where a workbook does not take it.
        rows: its cells.
        heads: so many rows stay in view, not wrapped.
        bold: numbers of the rows in bold.
        widths: of the first column and of the others, in characters.
    """

    title: str
    rows: Sequence[Sequence[Cell]]
    heads: int = 1
    bold: tuple[int, ...] = (1,)
    widths: tuple[int, int] = (24, 24)


def write_csv(rows: Iterable[Sequence[object]], delimiter: str = ",", *, for_people: bool = False) -> str:
    """Rows as CSV.

    Args:
        rows: their cells; what is no text is written as ``str`` writes it.
        delimiter: a semicolon for files that Excel opens where the comma parts decimals.
        for_people: somebody may open it in a spreadsheet: a text that one would take for a formula (CWE-1236) begins
            with a space, which our readers do not count. Numbers and a lone dash stay as they are.
    """
    out = io.StringIO()
    shown = ([_harmless(cell) for cell in row] for row in rows) if for_people else rows
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(shown)
    return out.getvalue()


def _harmless(cell: object) -> object:
    told = isinstance(cell, str) and cell.startswith(_FORMULA) and not _PLAIN.fullmatch(cell)
    return f" {cell}" if told else cell


def write_workbook(sheets: Iterable[Written], path: Path) -> None:
    """Writes a workbook.

    Raises:
        DataError: the optional package ``openpyxl`` is missing, or the file cannot be written.
    """
    styles, book = _openpyxl()
    book.remove(book.active)
    for one in sheets:
        sheet = book.create_sheet(_title(one.title, book.sheetnames))
        for row, cells in enumerate(one.rows, 1):
            for column, told in enumerate(cells, 1):
                cell = sheet.cell(row, column)
                if isinstance(told, Decimal):
                    cell.value, cell.number_format = told, _format(told)
                else:  # as text always: a cell that begins with "=" must not become a formula
                    cell.value, cell.data_type = (told, "s") if told else (None, "n")
                cell.alignment = styles.Alignment(wrap_text=row > one.heads, vertical="top")
                if row <= one.heads or column == 1:
                    cell.font = styles.Font(bold=row in one.bold, color="FF444444")
        sheet.freeze_panes = sheet.cell(one.heads + 1, 2)
        for column in range(sheet.max_column):
            sheet.column_dimensions[letters(column)].width = one.widths[min(column, 1)]
    try:
        book.save(path)
    except OSError as problem:
        message = f"Cannot write the workbook: {problem.strerror}."
        raise DataError("file.unwritable", message, Location(str(path)), "Check path and rights.") from problem


def _format(value: Decimal) -> str:
    """How a workbook shows a number: with the decimals it is given with."""
    places = max(0, -int(value.as_tuple().exponent))
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _title(name: str, taken: Sequence[str]) -> str:
    base = name.translate(_BAD_TITLE)[:31] or "Table"
    candidate, number = base, 1
    while candidate in taken:
        number += 1
        candidate = f"{base[:27]} ({number})"
    return candidate


def _openpyxl() -> tuple[Any, Any]:
    """Its styles, and a new workbook."""
    try:
        import openpyxl
        import openpyxl.styles
    except ImportError as problem:
        raise DataError(
            "tables.openpyxl", "Writing Excel files needs the package openpyxl.", hint="pip install 'anyshore[tables]'"
        ) from problem
    return openpyxl.styles, openpyxl.Workbook()
