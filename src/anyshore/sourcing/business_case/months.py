"""Months of work that went out, from CSV or Excel: what was done and what it cost."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables import Column, Row, open_table
from anyshore.sourcing.business_case.tracking import Month

_ZERO = Decimal(0)
COLUMNS = (
    Column("month", aliases=("Monat",), required=True),
    Column("items", "number", aliases=("Stück",), required=True, minimum=_ZERO),
    Column("fees", "number", aliases=("Entgelt",), required=True, minimum=_ZERO),
    Column("credits", "number", aliases=("Gutschriften",), minimum=_ZERO),
    Column("hours", "number", aliases=("Stunden",), minimum=_ZERO),
    Column("exchange", "number", aliases=("Kurs",), minimum=_ZERO),
)
"""What a file of months has: a month as 2027-01, items, fees in the provider's money, credits in the client's."""
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def read(source: bytes | Path, file: str | None = None) -> list[Month]:
    """Reads months.

    Raises:
        DataError: with every problem of the file.
    """
    table = open_table(source, COLUMNS, file)
    found: dict[date, Month] = {}
    for row in table:
        month = None if row.broken else _month(row)
        if month is not None and month.first in found:
            row.problem("month", "business.twice", f"{month.first:%Y-%m} stands there twice.", "Put them together.")
        elif month is not None:
            found[month.first] = month
    table.refuse_if_broken()
    if not found:
        raise DataError("business.months", "The file has no months.", Location(table.file), "Add a row each.")
    return list(found.values())


def _month(row: Row) -> Month | None:
    text = row.text("month") or ""
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12 or match[1] == "0000":
        row.problem("month", "business.month", f"{text!r} is no month.", "Write it as 2027-01.")
        return None
    if row.number("exchange") == 0:
        row.problem(
            "exchange", "business.exchange", "Money that is worth nothing buys nothing.", "Leave it empty for 1."
        )
        return None
    return Month(
        date(int(match[1]), int(match[2]), 1), row.number("items") or _ZERO, row.number("fees") or _ZERO,
        row.number("credits") or _ZERO, row.number("hours"), row.number("exchange") or Decimal(1),
    )  # fmt: skip
