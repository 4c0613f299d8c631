"""Decision tables in Excel and CSV files, out and in; the layout is that of :mod:`anyshore.dmn.grids`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path

from anyshore import feel
from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic, DmnError
from anyshore.base.locations import Location
from anyshore.base.tables import open_workbook, writing
from anyshore.base.tables.cells import Cell, Covered, Fault, Figure, Sheet, letters, place
from anyshore.base.tables.writing import Written, write_workbook
from anyshore.dmn import csv_files
from anyshore.dmn.elements import Decision
from anyshore.dmn.expressions import DecisionTable
from anyshore.dmn.grids import Grid, Table, from_grid, tables_in, to_grid, to_xml
from anyshore.dmn.model import Model

DEFAULT_NAMESPACE = "https://anyshore.org/dmn/"
_HEAD_ROWS = 6


def write_excel(decisions: Iterable[Decision], path: Path) -> None:
    """Writes a workbook, one sheet per decision.

    Raises:
        DmnError: a decision has no table, the file cannot be written, or the optional package ``openpyxl`` is missing.
    """
    sheets = [Written(one.name, to_grid(one), _HEAD_ROWS, (1, 3), (12, 24)) for one in decisions]
    try:
        write_workbook(sheets, path)
    except DataError as error:
        raise DmnError.of(error.diagnostics) from error


def write_csv(decision: Decision) -> str:
    """The table of a decision as CSV text."""
    return writing.write_csv(to_grid(decision), for_people=True)


def save(model: Model, path: Path, decision: str | None = None) -> int:
    """Writes the decision tables of a model: a workbook with a sheet for each, or one table as CSV.

    Args:
        model: the model.
        path: the file to write; ``.csv`` for CSV.
        decision: id or name of the one that is meant; else all that are tables.

    Returns:
        How many were written.

    Raises:
        DmnError: there is no such table, there are several for a CSV file, or the file cannot be written.
    """
    chosen = [d for d in model.decisions if decision in (None, d.name, d.id)]
    tables = [d for d in chosen if decision or isinstance(d.expression, DecisionTable)]
    if not tables:
        raise DmnError("dmn.no-table", "The model has no such decision table.", hint="See its decisions.")
    if path.suffix.lower() != ".csv":
        write_excel(tables, path)
    elif len(tables) > 1:
        names = ", ".join(d.name for d in tables)
        raise DmnError("dmn.csv", "A CSV file holds one table.", hint=f"Choose with --decision: {names}")
    else:
        files.write(path, write_csv(tables[0]).encode())
    return len(tables)


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
    try:
        book = open_workbook(path)
        grids = [_excel_grid(book.sheet(title, results=False)) for title, visible, _ in book.sheets if visible]
    except DataError as error:
        raise DmnError.of(error.diagnostics) from error
    problems = [problem for _, _, found in grids for problem in found]
    if problems:
        raise DmnError.of(list(dict.fromkeys(problems)))
    return [(name, grid) for name, grid, _ in grids if any(any(row) for row in grid)]


def _excel_grid(sheet: Sheet) -> tuple[str, Grid, list[Diagnostic]]:
    """The name of a sheet, its cells as FEEL, and those that hold none."""
    grid: Grid = []
    problems: list[Diagnostic] = []
    for line in sheet.lines(problems):
        grid += [[] for _ in range(line.number - 1 - len(grid))]
        texts = []
        for column, cell in enumerate(line.cells):
            # People merge the equal cells of neighbouring rules.
            value = cell.value if isinstance(cell, Covered) else cell
            if isinstance(value, Fault):
                problems.append(Diagnostic(value.code, value.message, place(sheet, line, column), value.hint))
            texts.append("" if isinstance(value, Fault) else _text(value))
        grid.append(texts)
    width = max(map(len, grid), default=0)
    return sheet.name, [[*row, *[""] * (width - len(row))] for row in grid], problems


def _text(value: Cell) -> str:
    """A cell as FEEL: what Excel keeps as number, truth value or date becomes its literal."""
    match value:
        case bool():
            return "true" if value else "false"
        case Figure():
            return format(value.value, "f")
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
        case _:
            return str(value)
