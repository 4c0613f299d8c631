"""What an analyst assumes, as a table that travels with the filing: every assumption is a cell with its source.

``assumptions.csv`` in the zip of a coverage request, with columns name, value, unit and source. A share is 0.08, not 8.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from decimal import Decimal

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables import Column, open_table

FILE = "assumptions.csv"
COLUMNS = (
    Column("name", required=True), Column("value", "number", required=True, decimal="."), Column("unit"),
    Column("source", aliases=("note", "Quelle"), required=True),
)  # fmt: skip
MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumption.

    Attributes:
        value: the number.
        unit: of it.
        source: where the analyst has it from.
        cell: where it stands.
    """

    value: Decimal
    unit: str
    source: str
    cell: str


def read(content: bytes, name: str) -> dict[str, Assumption]:
    """The assumptions of a coverage request by their name.

    Args:
        content: the zip, or the table alone.
        name: of the document, for messages.

    Raises:
        DataError: there is no such table, or with every problem of it.
    """
    table = open_table(_table(content, name), COLUMNS, FILE)
    found: dict[str, Assumption] = {}
    for row in table:
        key = row.required("name")
        if key in found:
            row.problem("name", "valuation.twice", f"{key!r} stands twice.", "Keep one of them.")
        cell = f"{FILE}, row {row.line}, value"
        found[key] = Assumption(row.required_number("value"), row.text("unit") or "", row.required("source"), cell)
    table.refuse_if_broken()
    return found


def held(content: bytes, name: str) -> dict[str, Decimal]:
    """What the table says, by cell; empty where there is none."""
    try:
        return {one.cell: one.value for one in read(content, name).values()}
    except DataError:
        return {}


def _table(content: bytes, name: str) -> bytes:
    if content[:2] != b"PK":
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            member = archive.getinfo(FILE)
            if member.file_size > MOST_BYTES:
                raise DataError("valuation.assumptions", "The assumptions are too long.", Location(name))
            return archive.read(member)
    except (KeyError, zipfile.BadZipFile) as problem:
        hint = f"Put {FILE} with name, value, unit and source beside the filing."
        raise DataError("valuation.assumptions", "There are no assumptions.", Location(name), hint) from problem
