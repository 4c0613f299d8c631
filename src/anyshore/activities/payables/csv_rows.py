"""Reads tables of reference data from CSV, with every problem at its line and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location

_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


@dataclass(slots=True)
class Row:
    """One row, by column name.

    Attributes:
        cells: text without surrounding white space.
        line: line of the file on which the row starts, from 1.
        table: the table, which collects the problems.
    """

    cells: dict[str, str]
    line: int
    table: Table

    def text(self, column: str) -> str | None:
        """The text of a cell; none where empty."""
        return self.cells.get(column) or None

    def required(self, column: str) -> str:
        """The text of a cell that must not be empty."""
        if not self.cells.get(column):
            self.problem(column, "csv.empty", "The cell is empty.", "Fill it in.")
        return self.cells.get(column, "")

    def decimal(self, column: str) -> Decimal | None:
        """The number of a cell; none where empty."""
        text = self.cells.get(column, "")
        if not text:
            return None
        if not _DECIMAL.fullmatch(text) or len(text) > 34:
            hint = "Write digits with a decimal point and no thousands separator, for example 1234.50."
            self.problem(column, "csv.not-a-number", f"{text!r} is not a number.", hint)
            return None
        return Decimal(text)

    def problem(self, column: str | None, code: str, message: str, hint: str) -> None:
        """Notes a problem of a cell, or of the row."""
        cell = f"column {column!r}" if column else None
        self.table.problems.append(
            Diagnostic(code, message, Location(self.table.file, None, self.line, cell=cell), hint)
        )


@dataclass(slots=True)
class Table:
    """A table that is being read.

    Attributes:
        file: name for messages.
        rows: in order.
        problems: so far.
    """

    file: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    def refuse_if_broken(self) -> None:
        """Raises all problems.

        Raises:
            DataError: there are problems.
        """
        if self.problems:
            raise DataError.of(sorted(self.problems, key=lambda p: p.location.line or 0))


def read_table(source: bytes | Path, columns: Sequence[str], file: str | None = None) -> Table:
    """Reads UTF-8 CSV with a header, separated by comma or semicolon.

    Args:
        source: a path, or the content.
        columns: the columns there must be; others are refused, as a misspelt one would be lost silently.
        file: the name to show in messages.

    Raises:
        DataError: the file cannot be read, is no UTF-8, or its header is wrong.
    """
    name = file or (str(source) if isinstance(source, Path) else "<table>")
    lines = _rows(_text(source, name), name)
    header_line, header = next(lines, (1, []))
    _check_header(header, header_line, columns, name)
    table = Table(name)
    for line, cells in lines:
        if any(cells):
            row = Row(dict(zip(header, cells, strict=False)), line, table)
            table.rows.append(row)
            if len(cells) != len(header):
                message = f"The row has {len(cells)} cells, the header {len(header)}."
                row.problem(None, "csv.ragged", message, "Quote cells that hold a separator.")
    return table


def _text(source: bytes | Path, name: str) -> str:
    try:
        content = source if isinstance(source, bytes) else source.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as problem:
        message = f"Cannot read the file: {problem.strerror}."
        raise DataError("file.unreadable", message, Location(name), "Check path and rights.") from problem
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise DataError(
            "csv.not-utf-8", "The file is not UTF-8.", Location(name, line=line), "Save it as UTF-8."
        ) from (problem)


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as problem:
            message = f"The row cannot be read: {problem}."
            raise DataError("csv.malformed", message, Location(name, line=line), "Check the quotes.") from problem


def _check_header(header: list[str], line: int, columns: Sequence[str], name: str) -> None:
    missing = [column for column in columns if column not in header]
    unknown = [column for column in header if column not in columns]
    twice = {column for column in header if header.count(column) > 1}
    findings = (("missing", missing), ("unknown", unknown), ("twice", sorted(twice)))
    wrong = [f"{what}: {', '.join(map(repr, found))}" for what, found in findings if found]
    if wrong:
        message = f"The header does not fit; {'; '.join(wrong)}."
        raise DataError("csv.header", message, Location(name, line=line), f"Expected is {','.join(columns)}.")
