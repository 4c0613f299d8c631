"""Columns of tables in a pack: of rows that are work, and of reference data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from anyshore import feel
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.tables import Column, columns, open_table
from anyshore.packs.expressions import Reader
from anyshore.params.marked import Path


@dataclass(frozen=True, slots=True)
class RowTable:
    """See ``host.parcels.Table``.

    Attributes:
        columns: in the order of the pack.
    """

    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, by the names their values have."""
        return tuple(column.name for column in self.columns)

    def rows(self, content: bytes, name: str) -> tuple[list[tuple[int, dict[str, object]]], list[Diagnostic]]:
        """The rows of a CSV file or workbook (line, FEEL values by column), and every problem with its line.

        Raises:
            DataError: it cannot be read, or its header does not fit.
        """
        table = open_table(content, self.columns, name)
        found = [
            (row.line, {column: feel.from_python(value) for column, value in row.values.items()})
            for row in table
            if not row.broken
        ]
        whole = [problem for problem in table.problems if problem.location.line is None]
        if whole:
            raise DataError.of(whole)
        return found, list(table.problems)


def read(reader: Reader, path: Path) -> RowTable:
    """The columns at ``columns`` below a path; problems are noted in the reader."""
    said: Mapping[str, Mapping[str, Any]] = reader.value((*path, "columns")) or {}
    try:
        return RowTable(columns([{"name": name, **one} for name, one in said.items()]))
    except DataError as error:
        place = reader.document.at((*path, "columns"))
        reader.problems += [replace(problem, location=place) for problem in error.diagnostics]
        return RowTable(())
