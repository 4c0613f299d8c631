"""Tables for people and programs: one line per cell, sheets of a workbook, plain data, bars.

A line of a cell stands once in a file of lines, so that a finding can quote it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anyshore.base import svg
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables.writing import Written
from anyshore.surveys.tabulation.banner import Row, Table
from anyshore.surveys.tabulation.questions import Floats

_PARTS = " | "
_BAR, _LINE, _LABEL = 300, 26, 220
_TEXT: dict[str, str | int] = {"font_size": 13, "fill": "currentColor"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, as its line says it.

    Attributes:
        table: name of the question.
        row: its answer, net or mean.
        column: of the banner.
        value: ``42 %`` or a mean.
        base: cases, not weighted.
        above: letters and labels of the columns it is significantly above.
        line: the words of the line.
    """

    table: str
    row: str
    column: str
    value: str
    base: str
    above: str
    line: str


def lines(tables: Sequence[Table], first: str) -> str:
    """Every cell that is not suppressed, a line each, with the tests and blank columns of each table.

    Args:
        tables: to write.
        first: the first line: how they were made.
    """
    found = [first, ""]
    for table in tables:
        found.append(f"Table {table.name}: {table.label}")
        found.append(table.test)
        found += [
            f"{table.name} is blank for {column}: {cases:.0f} cases"
            for column, cases, out in zip(table.columns, table.cases, table.suppressed, strict=True) if out
        ]  # fmt: skip
        found += [_line(table, row, place) for row in table.rows for place in _shown(table)]
        found.append("")
    return "\n".join(found)


def read(text: str, file: str = "tables") -> list[Cell]:
    """The cells of a file of lines.

    Raises:
        DataError: there is none.
    """
    found = []
    for line in text.splitlines():
        parts = line.split(_PARTS)
        if len(parts) >= 5 and parts[4].startswith("base "):
            above = parts[5].removeprefix("above ") if len(parts) > 5 else ""
            found.append(Cell(parts[0], parts[1], parts[2], parts[3], parts[4].removeprefix("base "), above, line))
    if not found:
        hint = "Make it with: anyshore survey tables … --out tables.txt"
        raise DataError("survey.cells", "The file has no cell of a table.", Location(file), hint)
    return found


def sheets(tables: Sequence[Table]) -> list[Written]:
    """A sheet per table: heads, columns with their letters, bases, rows with letters beside the values, the test."""
    return [Written(table.name, list(_rows(table)), heads=3, bold=(1, 2, 3), widths=(40, 14)) for table in tables]


def plain(tables: Sequence[Table]) -> list[dict[str, object]]:
    """Tables as JSON has them; null where suppressed."""
    return [
        {
            "name": table.name, "label": table.label, "columns": list(table.columns), "heads": list(table.heads),
            "letters": list(table.marks), "cases": [round(one) for one in table.cases],
            "weighted": _numbers(table.weighted), "effective": _numbers(table.effective),
            "suppressed": [bool(one) for one in table.suppressed], "test": table.test,
            "rows": [
                {"kind": row.kind, "label": row.label, "values": _numbers(row.values), "above": list(row.letters)}
                for row in table.rows
            ],
        }
        for table in tables
    ]  # fmt: skip


def bars(table: Table, column: int = 0) -> svg.Svg:
    """The shares of one column as bars, each with its label and percent."""
    rows = [row for row in table.rows if row.kind != "mean" and not math.isnan(row.values[column])]
    drawn = []
    for number, row in enumerate(rows):
        top = number * _LINE
        share = float(row.values[column])
        drawn += [
            svg.element("text", row.label, x=_LABEL - 8, y=top + 17, text_anchor="end", **_TEXT),
            svg.element("rect", x=_LABEL, y=top + 4, width=share * _BAR, height=_LINE - 8, fill="#2b6cb0"),
            svg.element("text", shown(row, column), x=_LABEL + share * _BAR + 6, y=top + 17, **_TEXT),
        ]  # fmt: skip
    label = f"{table.label}: {table.columns[column]}"
    return svg.drawing(_LABEL + _BAR + 60, max(len(rows), 1) * _LINE, label, *drawn)


def shown(row: Row, place: int) -> str:
    """A value for people: whole percents, means with two decimals, a dash where suppressed."""
    value = float(row.values[place])
    if math.isnan(value):
        return "–"
    return f"{value:.2f}" if row.kind == "mean" else f"{math.floor(value * 100 + 0.5)} %"


def _line(table: Table, row: Row, place: int) -> str:
    parts = [table.name, row.label, table.columns[place], shown(row, place), f"base {table.cases[place]:.0f}"]
    above = row.letters[place].split()
    if above:
        names = dict(zip(table.marks, table.columns, strict=True))
        parts.append("above " + ", ".join(f"{names[one.upper()]} ({one})" for one in above))
    return _PARTS.join(parts)


def _shown(table: Table) -> list[int]:
    return [place for place, out in enumerate(table.suppressed) if not out]


def _rows(table: Table) -> Iterator[list[str]]:
    yield [table.label, *("" for _ in table.columns)]
    yield ["", *table.heads]
    yield ["", *(f"{name} {mark}".strip() for name, mark in zip(table.columns, table.marks, strict=True))]
    marked = ["*" if low else "" for low in table.low]
    yield ["Cases", *(f"{one:.0f}{mark}" for one, mark in zip(table.cases, marked, strict=True))]
    yield ["Weighted", *(f"{one:.1f}" for one in table.weighted)]
    yield ["Effective", *(f"{one:.1f}" for one in table.effective)]
    for row in table.rows:
        places = range(len(table.columns))
        yield [row.label, *(f"{shown(row, place)} {row.letters[place]}".strip() for place in places)]
    yield [table.test + (" * low base." if table.low.any() else "")]


def _numbers(values: Floats) -> list[float | None]:
    return [None if math.isnan(one) else round(float(one), 10) for one in values]
