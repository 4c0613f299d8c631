"""Portfolios that are no finished file: typed row by row, or a table whose columns are called otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from anyshore.base.errors import DataError
from anyshore.base.tables import Column, open_sheet
from anyshore.base.tables.headers import keys
from anyshore.base.tables.rows import is_empty
from anyshore.base.tables.values import text_of
from anyshore.base.tables.writing import write_csv
from anyshore.sourcing.portfolio import COLUMNS
from anyshore.web.core.errors import Invalid

TYPED = (
    "activity",
    "client_country",
    "data_class",
    "volume_per_month",
    "handling_minutes",
    "core",
    "driven_by",
    "coordination",
)
"""Columns of a typed portfolio; the others are for a file."""
ROWS, MOST_ROWS = 8, 200
PREVIEW, MOST_LINES = 5, 5_000


@dataclass(frozen=True, slots=True)
class Given:
    """A table as somebody has it.

    Attributes:
        header: names of its columns.
        rows: cells as text, as many as the header.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """As CSV, to be sent along to the next step."""
        return write_csv([self.header, *self.rows])


@dataclass(frozen=True, slots=True)
class Choice:
    """A column of a portfolio, and which column of the table is taken for it.

    Attributes:
        name: of the column.
        required: whether it must have one.
        taken: number of the column of the table, from 0; None for none.
        preview: its first values.
    """

    name: str
    required: bool
    taken: int | None
    preview: tuple[str, ...]


def given(content: bytes, name: str) -> Given:
    """A table from CSV or a workbook, whatever its columns are called.

    Raises:
        Invalid: it cannot be read, is empty, or has more rows than can be sent along.
    """
    problems: list[object] = []
    try:
        sheet = open_sheet(content, name)
        lines = [[_cell(one) for one in line.cells] for line in sheet.lines(problems)]  # type: ignore[arg-type]
    except DataError as error:
        raise Invalid({"file": "\n".join(str(one) for one in error.diagnostics)}) from error
    lines = [line for line in lines if any(line)]
    if problems or not lines:
        raise Invalid({"file": "\n".join(map(str, problems)) or _("The file holds no activities.")})
    if len(lines) > MOST_LINES:
        raise Invalid(
            {"file": _("More than %(most)d rows: name the columns in the file itself.") % {"most": MOST_LINES}}
        )
    width = len(lines[0])
    rows = tuple(tuple((*line, *[""] * width)[:width]) for line in lines[1:])
    return Given(tuple(lines[0]), rows)


def choices(table: Given, taken: Mapping[str, str] | None = None) -> list[Choice]:
    """Which column is taken for which: as chosen, or else by the names that fit."""
    found = []
    for column in COLUMNS:
        number = _guessed(table, column) if taken is None else _chosen(table, taken.get(column.name, ""))
        preview = () if number is None else tuple(row[number] for row in table.rows[:PREVIEW])
        found.append(Choice(column.name, column.required, number, preview))
    return found


def mapped(table: Given, chosen: Sequence[Choice]) -> bytes:
    """The table with the names a portfolio has, as CSV.

    Raises:
        Invalid: a column that must be there is not chosen, or one is chosen twice.
    """
    missing = [one.name for one in chosen if one.required and one.taken is None]
    if missing:
        raise Invalid({"": _("Choose a column for %(names)s.") % {"names": ", ".join(missing)}})
    kept = [one for one in chosen if one.taken is not None]
    numbers = [one.taken for one in kept]
    if len(set(numbers)) < len(numbers):
        raise Invalid({"": _("A column is chosen twice.")})
    rows = [[row[one.taken or 0] for one in kept] for row in table.rows]
    return write_csv([[one.name for one in kept], *rows]).encode()


def typed(fields: Mapping[str, str], rows: int) -> tuple[list[dict[str, str]], bytes]:
    """The rows of a typed portfolio as they were entered, and as CSV without the empty ones.

    Raises:
        Invalid: nothing was typed.
    """
    entered = [{name: fields.get(f"{name}-{row}", "").strip() for name in TYPED} for row in range(rows)]
    filled = [row for row in entered if any(row.values())]
    if not filled:
        raise Invalid({"": _("Type at least one activity.")})
    return entered, write_csv([TYPED, *([row[name] for name in TYPED] for row in filled)]).encode()


def empty(rows: int) -> list[dict[str, str]]:
    """Rows to type into."""
    return [dict.fromkeys(TYPED, "") for _row in range(rows)]


def words(name: str) -> tuple[str, ...]:
    """The words that fit a column; none where any text or number does."""
    column = next(one for one in COLUMNS if one.name == name)
    return ("yes", "no") if column.kind == "yes-no" else tuple(column.codes)


def _cell(cell: object) -> str:
    return "" if is_empty(cell) else text_of(cell).strip()  # type: ignore[arg-type]


def _guessed(table: Given, column: Column) -> int | None:
    wanted = {key for name in (column.name, *column.aliases) for key in keys(name)}
    return next((at for at, header in enumerate(table.header) if wanted & set(keys(header))), None)


def _chosen(table: Given, number: str) -> int | None:
    return int(number) if number.isdecimal() and int(number) < len(table.header) else None


def lines(error: Invalid) -> Iterable[str]:
    """What is wrong, a line each."""
    return [line for text in error.fields.values() for line in text.splitlines()]
