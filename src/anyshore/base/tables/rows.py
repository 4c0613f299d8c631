"""Rows of typed values, each found by the name of its column; whatever is wrong is noted at its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables import numbers
from anyshore.base.tables.cells import Cell, Covered, Line, Sheet, letters, place
from anyshore.base.tables.headers import Column, Found, expected, match
from anyshore.base.tables.sources import open_sheet
from anyshore.base.tables.values import Reader, Wrong, reader, unit_problem

Value: TypeAlias = "str | Decimal | date | datetime | bool | None"
Unknown = Literal["refuse", "ignore"]

MAX_PROBLEMS = 1_000
"""After so many problems reading stops."""


@dataclass(slots=True)
class Row:
    """One row.

    Attributes:
        values: by the name of the column; None where the cell is empty, could not be read, or has no column here.
        line: of the file on which it begins, from 1; in a workbook the number of the row.
        table: the table, which collects the problems.
        source: the cells as they stand.
        broken: whether something is wrong with it.
        signs: by column the currency beside an amount or in its header, where there is one.
    """

    values: dict[str, Value]
    line: int
    table: Table
    source: Line
    broken: bool = False
    signs: dict[str, str] = field(default_factory=dict)

    def text(self, column: str) -> str | None:
        """The text in a column, without blanks around it; None where there is none."""
        value = self.values[column]
        return value if isinstance(value, str) else None

    def number(self, column: str) -> Decimal | None:
        """The number or amount in a column; None where there is none."""
        value = self.values[column]
        return value if isinstance(value, Decimal) else None

    def day(self, column: str) -> date | None:
        """The date in a column; None where there is none."""
        value = self.values[column]
        return value if isinstance(value, date) and not isinstance(value, datetime) else None

    def moment(self, column: str) -> datetime | None:
        """The date and time in a column, with an offset where one is written; None where there is none."""
        value = self.values[column]
        return value if isinstance(value, datetime) else None

    def flag(self, column: str) -> bool | None:
        """Yes or no in a column; None where there is neither."""
        value = self.values[column]
        return value if isinstance(value, bool) else None

    def required(self, column: str) -> str:
        """The text in a column that must have one in this row; the empty text, and a problem, where it has none."""
        self._miss(column)
        return self.text(column) or ""

    def required_number(self, column: str) -> Decimal:
        """The number in a column that must have one in this row; zero, and a problem, where it has none."""
        self._miss(column)
        return self.number(column) or Decimal(0)

    def currencies(self, column: str) -> tuple[str, ...]:
        """The codes (ISO 4217) that the sign beside an amount may stand for; none where there is no sign."""
        return numbers.currencies(self.signs.get(column, ""))

    def at(self, column: str | None = None) -> Location:
        """Where the row, or its cell in a column, stands."""
        found = self.table.found.get(column or "")
        if found is None:
            return place(self.table.sheet, self.source, header=column or "")
        return place(self.table.sheet, self.source, found.at, found.header)

    def problem(self, column: str | None, code: str, message: str, hint: str) -> None:
        """Notes a problem of a cell, or of the row."""
        self.broken = True
        self.table.note(Diagnostic(code, message, self.at(column), hint))

    def _miss(self, column: str) -> None:
        found = self.table.found.get(column)
        cells = self.source.cells
        # A cell that could not be read has its problem already.
        if self.values[column] is None and (found is None or found.at >= len(cells) or is_empty(cells[found.at])):
            self.problem(column, "tables.empty-cell", f"{column} is empty.", "Fill it in.")


@dataclass(slots=True)
class Table:
    """A table that is read row by row, as often as it is asked for.

    Attributes:
        sheet: its rows of cells.
        columns: those that may be there.
        found: those that are, by name.
        header: the row in which they are named.
        unknown: what is done with columns nobody expects.
        problems: errors so far; those of rows come while they are read.
        warnings: what was taken for granted so far.
    """

    sheet: Sheet
    columns: Sequence[Column]
    found: Mapping[str, Found]
    header: Line
    unknown: Unknown
    problems: list[Diagnostic] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)
    _readers: dict[str, Reader] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    @property
    def file(self) -> str:
        """The file, and of a workbook the sheet."""
        return self.sheet.name

    def __iter__(self) -> Iterator[Row]:
        """The rows that are not empty, in order.

        Reading stops after ``MAX_PROBLEMS`` problems; the last of them says so.

        Raises:
            DataError: the file as a whole cannot be read on.
        """
        self.problems.clear()
        self.warnings.clear()
        self._known.clear()
        self._readers = {name: reader(one, self._told) for name, one in self.found.items()}
        absent = dict.fromkeys(column.name for column in self.columns)
        named = {at for at, cell in enumerate(self.header.cells) if not is_empty(cell)}
        width = max(named) + 1
        for line in self.sheet.lines(self.problems):
            if line.number <= self.header.number or all(map(is_empty, line.cells)):
                continue
            row = Row(dict(absent), line.line, self, line)
            self._check_width(row, named, width)
            for name, one in self._readers.items():
                cell = line.cells[one.found.at] if one.found.at < len(line.cells) else ""
                row.values[name] = self._read(one, cell, row)
            yield row
            if len(self.problems) >= MAX_PROBLEMS:
                message = f"There are more than {len(self.problems) - 1:,} problems; reading stopped here."
                self.note(Diagnostic("tables.too-many-problems", message, row.at(), "Mend these first."))
                break
        self.warnings[:0] = self.sheet.warnings

    def note(self, problem: Diagnostic) -> None:
        """Notes a problem, or a warning."""
        (self.warnings if problem.severity == "warning" else self.problems).append(problem)

    def refuse_if_broken(self) -> None:
        """Raises all problems, in the order of the file.

        Raises:
            DataError: there are problems.
        """
        if self.problems:
            raise DataError.of(sorted(self.problems, key=lambda p: (p.location.line or 0, p.location.column or 0)))

    def _read(self, one: Reader, cell: Cell, row: Row) -> Value:
        try:
            value = one.read(cell, row.line)
        except Wrong as wrong:
            row.problem(one.found.column.name, wrong.code, wrong.message, wrong.hint)
            return None
        for message in one.remarks:
            self.note(Diagnostic("tables.assumed", message, row.at(one.found.column.name), one.remedy, "warning"))
        one.remarks.clear()
        sign = one.sign or (one.found.unit if value is not None else "")
        if sign:
            row.signs[one.found.column.name] = sign
        return value

    def _check_width(self, row: Row, named: set[int], width: int) -> None:
        cells = row.source.cells
        if len(cells) > width and not all(is_empty(cell) for cell in cells[width:]):
            message = f"The row has {len(cells)} cells, the header {width}."
            hint = "Quote cells that hold the separator, or name every column in the first row."
            row.problem(None, "tables.cells", message, hint)
        if self.unknown == "ignore" or len(named) == width:
            return
        for at in range(min(width, len(cells))):
            if at not in named and not is_empty(cells[at]) and letters(at) not in self._known:
                self._known.add(letters(at))
                message = f"Column {letters(at)} has values, and no name in the first row."
                where = place(self.sheet, row.source, at)
                self.note(Diagnostic("tables.unnamed-column", message, where, "Name it, or remove it."))

    def _told(self) -> None:
        """Looks through the whole file once for what tells how each column writes its numbers and dates."""
        readers = [one for one in self._readers.values() if not one.is_text]
        for line in self.sheet.lines([]):
            if line.number > self.header.number:
                for one in readers:
                    if one.found.at < len(line.cells):
                        one.look(line.cells[one.found.at], line.line)
        signs = {one.decimal for one in readers if one.decimal}
        for one in readers:
            one.looked = True
            one.others = next(iter(signs)) if len(signs) == 1 else ""
            one.point_is_usual = not signs and self.sheet.separator == ","


def is_empty(cell: Cell) -> bool:
    """Whether there is nothing in a cell of its own."""
    return isinstance(cell, Covered) or (isinstance(cell, str) and not cell.strip())


def head(sheet: Sheet) -> Line | None:
    """The first row that is not empty, its cells as texts; None where every row is."""
    problems: list[Diagnostic] = []
    for line in sheet.lines(problems):
        if not all(map(is_empty, line.cells)):
            return Line(line.number, line.line, [str(c).strip() if not is_empty(c) else "" for c in line.cells])
        if problems:
            break
    if problems:
        raise DataError.of(problems)
    return None


def open_table(
    source: Path | bytes | Sheet, columns: Sequence[Column], name: str | None = None, *, sheet: str | None = None,
    unknown: Unknown = "refuse",
) -> Table:  # fmt: skip
    """Opens a CSV file or workbook and finds its columns by the first row that is not empty.

    Args:
        source: a path, the content, or a sheet that is open already.
        columns: those that may be there, in any order.
        name: of the file, for messages; its path where left out.
        sheet: of a workbook; the first visible one where none is named.
        unknown: what to do with columns nobody expects: a misspelt one would be lost silently.

    Raises:
        DataError: the file cannot be read, or with every problem of its header.
    """
    by_key = expected(columns)
    opened = open_sheet(source, name, sheet=sheet, expected=by_key) if isinstance(source, Path | bytes) else source
    first = head(opened)
    if first is None:
        hint = f"The first row names the columns: {', '.join(column.name for column in columns)}."
        raise DataError("tables.empty", "The file is empty.", Location(opened.name, line=1), hint)
    where = Location(opened.name, line=first.line, cell=str(first.number))
    found, problems = match([str(cell) for cell in first.cells], columns, where, unknown=unknown)
    problems += [problem for one in found if (problem := _unit(one, where)) is not None]
    if not found and not problems:
        names = ", ".join(column.name for column in columns)
        problems.append(Diagnostic("tables.missing-column", "The file has none of the columns.", where, names))
    if problems:
        raise DataError.of([_bare(problem) for problem in problems])
    return Table(opened, columns, {one.column.name: one for one in found}, first, unknown)


def _bare(problem: Diagnostic) -> Diagnostic:
    """A problem of the header as a whole without the number of its row, which is no cell."""
    at = problem.location
    if at.cell is None or not at.cell.isdigit():
        return problem
    return Diagnostic(problem.code, problem.message, Location(at.file, line=at.line), problem.hint)


def _unit(one: Found, where: Location) -> Diagnostic | None:
    """What is wrong with the unit a header gives."""
    message = unit_problem(one)
    if not message:
        return None
    at = Location(where.file, one.header, where.line, one.at + 1, f"{letters(one.at)}{where.cell}")
    return Diagnostic("tables.unit", message, at, "Convert the column, or correct its header.")
