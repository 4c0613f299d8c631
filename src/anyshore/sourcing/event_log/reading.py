"""Reading an event log, whatever it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.sourcing.event_log import tables, xes
from anyshore.sourcing.event_log.log import EventLog

ENDINGS = (".xes", ".xes.gz", ".csv", ".parquet")


def read(
    source: Path | bytes, file: str = "", columns: Mapping[str, str] | None = None, time_format: str = ""
) -> EventLog:
    """Reads a log from XES, CSV or Parquet, told by the ending of its name.

    Args:
        source: a path, or the content.
        file: its name; the path's where left out.
        columns: of a table: ``case``, ``activity``, ``time`` → the name of the column, where it is no usual one.
        time_format: of times that are texts, as ``strptime`` writes it; the usual ones are known.

    Raises:
        DataError: it is none of these, cannot be read, or holds no event of a case.
    """
    name = file or str(source if isinstance(source, Path) else "")
    ending = name.lower()
    if ending.endswith((".xes", ".xes.gz")):
        return xes.read(source, name, time_format)
    if ending.endswith(".csv"):
        return tables.read_csv(source, name, columns or {}, time_format)
    if ending.endswith(".parquet"):
        return tables.read_parquet(source, name, columns or {}, time_format)
    message = "An event log ends in " + ", ".join(ENDINGS) + "."
    raise DataError("event-log.kind", message, Location(name), "Export it as one of these.")
