"""Published flow charts of the wage tax as reference data: an XML file, or several in a ZIP archive."""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache

from anyshore.activities.activity import ActivityContext, Values
from anyshore.base.errors import DataError
from anyshore.base.files import BROKEN_ZIP
from anyshore.base.locations import Location
from anyshore.payroll.wagetax import WageTax, read

KIND = "wage-tax-chart"
MOST_BYTES = 4_000_000
"""Of one chart; published ones have 100 kB."""


def rows(content: bytes, file: str) -> list[tuple[str, Values]]:
    """A row per flow chart, key: its name.

    Raises:
        DataError: the archive cannot be read, or is too large.
        WageTaxError: with every problem of a chart.
    """
    found: list[tuple[str, Values]] = []
    for name, text in _files(content, file):
        chart = read(text, name)
        found.append((chart.name, {"name": chart.name, "file": name, "content": text.decode("utf-8-sig")}))
    return found


def known(context: ActivityContext) -> list[WageTax]:
    """The flow charts on record."""
    return [_made(str(row.data["content"]), str(row.data["file"])) for row in context.records(KIND).find()]


@lru_cache(maxsize=24)
def _made(content: str, file: str) -> WageTax:
    return WageTax(read(content.encode(), file))


def _files(content: bytes, file: str) -> list[tuple[str, bytes]]:
    if not content.startswith(b"PK"):
        return [(file, content)]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if one.filename.lower().endswith(".xml")]
            if large := [one.filename for one in entries if one.file_size > MOST_BYTES]:
                message = f"{large[0]} has more than {MOST_BYTES:,} bytes."
                raise DataError("payroll.charts", message, Location(file), "Put flow charts alone into the archive.")
            return [(one.filename.rpartition("/")[2], archive.read(one)) for one in entries]
    except BROKEN_ZIP as problem:
        hint = "Make the ZIP anew, without a password, with the flow charts as XML in it."
        raise DataError("payroll.charts", f"The archive cannot be read: {problem}.", Location(file), hint) from None
