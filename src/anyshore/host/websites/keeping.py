"""Looks at a site, kept as rows of a table for whoever measures a month."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables.writing import write_csv
from anyshore.website.checks.availability import Look

HEADINGS = ("site", "at", "up", "probe", "seconds", "reason")


def append(file: Path, site: str, looks: Iterable[Look]) -> None:
    """Adds rows to a table of looks, as the service takes it; a new file gets its headings.

    Args:
        file: the table, CSV.
        site: its name in the terms.
        looks: to be added.

    Raises:
        DataError: it cannot be written.
    """
    rows = [
        (site, one.at.isoformat(timespec="seconds"), "yes" if one.up else "no", one.probe or "here",
         "" if one.seconds is None else f"{one.seconds:.3f}", one.reason)
        for one in looks
    ]  # fmt: skip
    try:
        with file.open("a", encoding="utf-8", newline="") as stream:
            stream.write(write_csv(rows if stream.tell() else [HEADINGS, *rows]))
    except OSError as problem:
        message = f"The table cannot be written: {problem.strerror}."
        raise DataError("website.looks", message, Location(str(file)), "Check path and rights.") from problem
