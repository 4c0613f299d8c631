"""Which of the readers a file is for, told by what it holds and never by its name."""

from __future__ import annotations

from anyshore.activities.bank import camt, csv_statements, mt940
from anyshore.activities.bank.csv_statements import Layout
from anyshore.activities.bank.model import Message
from anyshore.base.errors import DataError
from anyshore.base.locations import Location


def read(content: bytes, file: str = "<bytes>", layout: Layout | None = None) -> Message:
    """Reads MT940, MT942, CAMT.052 to .054, or with a layout a table of lines.

    Args:
        content: of the file.
        file: the name to show in messages.
        layout: of a CSV file or workbook; without one such a file is refused.

    Raises:
        DataError: it is none of these, or cannot be read.
    """
    if camt.is_camt(content):
        return camt.read(content, file)
    if mt940.is_mt940(content):
        return mt940.read(content, file)
    if layout is not None:
        return csv_statements.read(content, layout, file)
    message = "It is neither MT940 nor MT942 nor CAMT.052, .053 or .054."
    raise DataError("bank.format", message, Location(file), "A table of lines needs a layout that says its columns.")
