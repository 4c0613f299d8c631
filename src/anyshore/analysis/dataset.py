"""A table of texts, as written, and the numbers in it: digits are read as decimals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables import fields

_NUMBER = re.compile(r"[-+]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][-+]?\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table.

    Attributes:
        rows: how many.
        columns: the values of each by its name, as written without spaces around them; empty where there is none.
    """

    rows: int
    columns: Mapping[str, tuple[str, ...]]


def read(text: str, file: str) -> Dataset:
    """A table from CSV with names in the first line.

    Raises:
        DataError: a line has not as many fields as the first, or names are missing or repeated.
    """
    rows = [row for row in fields(text) if row]
    if not rows or len(set(rows[0])) != len(rows[0]) or not all(rows[0]):
        hint = "Write a name for every column, each once."
        raise DataError("dataset.names", "The first line does not name the columns.", Location(file, line=1), hint)
    for place, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            said = f"The line has {len(row)} fields, the first has {len(rows[0])}."
            raise DataError("dataset.fields", said, Location(file, line=place), "Put texts with commas in quotes.")
    names = [name.strip() for name in rows[0]]
    return Dataset(
        len(rows) - 1, {name: tuple(row[place].strip() for row in rows[1:]) for place, name in enumerate(names)}
    )


def number(value: str) -> Decimal | None:
    """A number as its digits were written, with a decimal point; None where it is none."""
    return Decimal(value) if _NUMBER.fullmatch(value) else None
