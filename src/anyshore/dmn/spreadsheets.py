"""Decision tables in Excel and CSV files, out and in; the layout is that of :mod:`anyshore.dmn.grids`."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyshore import feel
from anyshore.base.errors import Diagnostic, DmnError
from anyshore.base.locations import Location
from anyshore.dmn import csv_files
from anyshore.dmn.elements import Decision
from anyshore.dmn.grids import Grid, Table, from_grid, letters, tables_in, to_grid, to_xml

DEFAULT_NAMESPACE = "https://anyshore.org/dmn/"
_HEAD_ROWS = 6


def write_excel(decisions: Iterable[Decision], path: Path) -> None:
    """Writes a workbook, one sheet per decision.

    Raises:
        DmnError: a decision has no table, or the optional package ``openpyxl`` is missing.
    """
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    book.remove(book.active)
    for decision in decisions:
        sheet = book.create_sheet(_sheet_name(decision.name, book.sheetnames))
        for row, cells in enumerate(to_grid(decision), 1):
            for column, text in enumerate(cells, 1):
                cell = sheet.cell(row, column)
                # As text always: a cell that begins with "=" must not become a formula.
                cell.value, cell.data_type = (text, "s") if text else (None, "n")
                cell.alignment = openpyxl.styles.Alignment(wrap_text=row > _HEAD_ROWS, vertical="top")
                if row <= _HEAD_ROWS or column == 1:
                    cell.font = openpyxl.styles.Font(bold=row == 3 or row == 1, color="FF444444")
        sheet.freeze_panes = sheet.cell(_HEAD_ROWS + 1, 2)
        for column in range(sheet.max_column):
            sheet.column_dimensions[letters(column)].width = 24 if column else 12
    book.save(path)


def write_csv(decision: Decision) -> str:
    """The table of a decision as CSV text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(to_grid(decision))
    return out.getvalue()


def read_tables(path: Path) -> list[Table]:
    """The tables of a workbook (``.xlsx``, every visible sheet, one or several in each) or of a CSV file. A table
    stands where a cell says ``Decision``; a sheet of a workbook without one is left out.

    Raises:
        DmnError: the file cannot be read, or a table has not the layout; every problem at once.
    """
    grids = _csv_grid(path) if path.suffix.lower() == ".csv" else _excel_grids(path)
    tables: list[Table] = []
    problems: list[Diagnostic] = []
    for name, grid in grids:
        blocks = tables_in(grid)
        if not blocks and len(grids) == 1:
            blocks = [(0, 0, grid)]  # for its message
        for row, column, block in blocks:
            try:
                tables.append(from_grid(block, name, row, column))
            except DmnError as error:
                problems += error.diagnostics
    names = [table.decision for table in tables]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        message = f"{names.count(name)} tables decide {name}."
        problems.append(Diagnostic("dmn.sheet", message, Location(str(path)), "Give each a name of its own."))
    if problems:
        raise DmnError.of(problems)
    if not tables:
        raise DmnError("dmn.sheet", "The file holds no decision table.", Location(str(path)))
    return tables


def to_dmn(path: Path, name: str | None = None) -> bytes:
    """A DMN 1.5 file made of the tables of a workbook or CSV file."""
    title = name or path.stem
    return to_xml(read_tables(path), title, DEFAULT_NAMESPACE + re.sub(r"[^\w.-]", "-", title))


def _csv_grid(path: Path) -> list[tuple[str, Grid]]:
    rows, commas = csv_files.read_rows(path)
    return [(str(path), _with_points(rows, path) if commas else rows)]


def _with_points(rows: Grid, path: Path) -> Grid:
    """Decimal commas made points, where the outputs tell that the file has them; where nothing tells, it is asked."""
    kinds = next((row for row in rows if row and row[0].strip().lower() == "kind"), [])
    outputs = {position for position, kind in enumerate(kinds) if kind.strip().lower() == "output"}
    commas = any(csv_files.is_decimal_comma(c) for row in rows for p, c in enumerate(row) if p in outputs)
    points = any(csv_files.has_point(cell) for row in rows for cell in row)
    if commas and not points:
        return [[csv_files.with_points(cell) for cell in row] for row in rows]
    problems = []
    for number, row in enumerate(rows, 1):
        for position, cell in enumerate(row):
            if csv_files.has_comma_between_digits(cell) and commas == points:
                place = Location(str(path), line=number, column=position + 1, cell=f"{letters(position)}{number}")
                message = f"The comma in {cell} may be a decimal comma or part two numbers."
                problems.append(Diagnostic("dmn.sheet", message, place, "Write a point, or a space after the comma."))
    if problems:
        raise DmnError.of(problems)
    return rows


def _excel_grids(path: Path) -> list[tuple[str, Grid]]:
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(path)
    except (openpyxl.utils.exceptions.InvalidFileException, KeyError, ValueError, EOFError, OSError) as problem:
        raise DmnError("dmn.sheet", f"Not an Excel workbook: {problem}.", Location(str(path))) from problem
    except Exception as problem:  # openpyxl lets errors of zipfile and of its XML parser through
        raise DmnError("dmn.sheet", f"A broken workbook: {problem}.", Location(str(path))) from problem
    grids: list[tuple[str, Grid]] = []
    problems: list[Diagnostic] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        filled = _merged(sheet)
        grid = []
        for row in sheet.iter_rows():
            texts = []
            for cell in row:
                try:
                    texts.append(_text(filled.get((cell.row, cell.column), cell.value), sheet.title, cell, path))
                except DmnError as error:
                    problems += error.diagnostics
                    texts.append("")
            grid.append(texts)
        if any(any(row) for row in grid):
            grids.append((f"{path} [{sheet.title}]", grid))
    if problems:
        raise DmnError.of(list(dict.fromkeys(problems)))
    return grids


def _merged(sheet: Any) -> dict[tuple[int, int], object]:
    """The value of every cell of a merged area: people merge the equal cells of neighbouring rules."""
    values = {}
    for area in sheet.merged_cells.ranges:
        value = sheet.cell(area.min_row, area.min_col).value
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                values[row, column] = value
    return values


def _text(value: object, sheet: str, cell: Any, path: Path) -> str:
    """A cell as FEEL: what Excel keeps as number, truth value or date becomes its literal."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime.datetime():
            moment = value.replace(microsecond=0)
            if moment.time() == datetime.time():
                return f'date("{moment.date().isoformat()}")'
            return f'date and time("{moment.isoformat()}")'
        case datetime.date():
            return f'date("{value.isoformat()}")'
        case datetime.time():
            return f'time("{value.replace(microsecond=0).isoformat()}")'
        case datetime.timedelta():
            return feel.format(feel.from_python(value))
        case float():
            return repr(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        case str() if value.startswith("=") and len(value) > 1:
            raise DmnError(
                "dmn.sheet",
                f"Cell {cell.coordinate} holds a formula.",
                Location(str(path), element=sheet, cell=cell.coordinate),
                "Write its value or a FEEL expression; a leading = makes Excel calculate.",
            )
        case _ if cell.data_type == "e":
            place = Location(str(path), element=sheet, cell=cell.coordinate)
            raise DmnError("dmn.sheet", f"Cell {cell.coordinate} holds the error {value}.", place, "Mend it in Excel.")
        case _:
            return str(value)


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    base = re.sub(r"[\[\]:*?/\\]", " ", name)[:31] or "Table"
    candidate, number = base, 1
    while candidate in taken:
        number += 1
        candidate = f"{base[:27]} ({number})"
    return candidate


def _openpyxl() -> Any:
    try:
        import openpyxl
        import openpyxl.styles
        import openpyxl.utils.exceptions
    except ImportError as problem:
        raise DmnError(
            "dmn.openpyxl", "Excel files need the package openpyxl.", hint="pip install 'anyshore[tables]'"
        ) from problem
    return openpyxl
