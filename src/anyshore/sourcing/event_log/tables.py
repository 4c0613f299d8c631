"""Logs from CSV and Parquet: one row per event; columns found by their usual names, or as told."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables.text_files import open_text
from anyshore.sourcing.event_log.log import NO_CASE, EventLog, ordered
from anyshore.sourcing.event_log.moments import read_times

USUAL = {
    "case": (
        "case:concept:name", "case", "case id", "caseid", "case_id", "trace", "ticket", "ticket id", "ticket_id",
        "incident", "number", "order id", "order_id", "vorgang", "vorgangsnummer", "fall", "fallnummer",
    ),
    "activity": (
        "concept:name", "activity", "activity name", "event", "event type", "task", "step", "status", "aktivität",
        "schritt", "ereignis",
    ),
    "time": (
        "time:timestamp", "timestamp", "ts", "time", "datetime", "date", "complete timestamp", "end", "completed",
        "start timestamp", "start", "zeitstempel", "zeit", "datum",
    ),
}  # fmt: skip
"""Names of columns in lower case, the surest first."""
MOST_BYTES = 4 << 30


def read_csv(source: Path | bytes, file: str, columns: Mapping[str, str], form: str = "") -> EventLog:
    """Reads a log from CSV, of any usual encoding and separator.

    Args:
        source: a path, or the content.
        file: for messages.
        columns: ``case``, ``activity`` and ``time`` → the name of the column; found by its usual name where left out.
        form: format of the times, as ``strptime`` writes it.

    Raises:
        DataError: it cannot be read, a column is missing, a time is none.
    """
    content = source if isinstance(source, bytes) else files.read(source, name=file, most=MOST_BYTES)
    sheet = open_text(content, file)
    if sheet.encoding not in ("utf-8", "utf-8-sig"):
        content = content.decode(sheet.encoding).encode()
    try:
        frame = pl.read_csv(
            io.BytesIO(content), separator=sheet.separator or ",", infer_schema=False, skip_rows=sheet.skipped
        )
    except pl.exceptions.PolarsError as problem:
        first = str(problem).splitlines()[0]
        hint = "Save it as CSV with one row of names and as many cells in every row."
        raise DataError("event-log.csv", f"This is no table of events: {first}.", Location(file), hint) from problem
    return _log(frame, file, columns, form, first_row=2 + sheet.skipped, warnings=tuple(sheet.warnings))


def read_parquet(source: Path | bytes, file: str, columns: Mapping[str, str], form: str = "") -> EventLog:
    """Reads a log from Parquet.

    Args:
        source: a path, or the content.
        file: for messages.
        columns: as of ``read_csv``.
        form: format of the times, where they are texts.

    Raises:
        DataError: it cannot be read, a column is missing, a time is none.
    """
    try:
        opened = io.BytesIO(source) if isinstance(source, bytes) else source
        names = pl.read_parquet_schema(opened)
        wanted = _columns(list(names), file, columns)
        frame = pl.read_parquet(opened, columns=list(dict.fromkeys(wanted.values())))
    except (pl.exceptions.PolarsError, OSError) as problem:
        message = f"This is no Parquet file: {str(problem).splitlines()[0]}."
        raise DataError(
            "event-log.parquet", message, Location(file), "Save it as Parquet anew, or as CSV."
        ) from problem
    return _log(frame, file, wanted, form, first_row=1)


def _columns(names: list[str], file: str, told: Mapping[str, str]) -> dict[str, str]:
    """Which column is which."""
    by_key = {name.strip().lower(): name for name in reversed(names)}
    found: dict[str, str] = {}
    for role, usual in USUAL.items():
        wanted = told.get(role)
        if wanted is not None and wanted not in names:
            raise _missing(role, f"There is no column {wanted!r}.", names, file)
        column = wanted or next((by_key[key] for key in usual if key in by_key), None)
        if column is None:
            raise _missing(role, f"No column is called like the {role} of an event.", names, file)
        found[role] = column
    return found


def _missing(role: str, message: str, names: list[str], file: str) -> DataError:
    listed = ", ".join(repr(name) for name in names[:20])
    return DataError("event-log.column", message, Location(file, element=role), f"Say which it is; there are {listed}.")


def _log(
    frame: pl.DataFrame, file: str, columns: Mapping[str, str], form: str, *, first_row: int,
    warnings: tuple[Diagnostic, ...] = (),
) -> EventLog:  # fmt: skip
    named = _columns(frame.columns, file, columns)
    activity, case = (frame[named[role]].cast(pl.String) for role in ("activity", "case"))
    times, zoned = _times(frame[named["time"]], form, file, first_row)
    usable = activity.is_not_null() & times.is_not_null()
    problems = list(warnings)
    if not usable.all():
        left = len(usable) - int(usable.sum())
        row = int((~usable).arg_true()[0]) + first_row
        message = f"{left:,} rows have no activity or no time and are left out; the first is {row}."
        problems.append(Diagnostic("event-log.row", message, Location(file, line=row), severity="warning"))
        activity, case, times = activity.filter(usable), case.filter(usable), times.filter(usable)
    cases, _ = _numbered(case)
    activities, names = _numbered(activity)
    return ordered(cases, activities, times.to_numpy(), names, file=file, zoned=zoned, problems=problems)


def _times(column: pl.Series, form: str, file: str, first_row: int) -> tuple[pl.Series, bool]:
    if isinstance(column.dtype, pl.Datetime):
        return column.dt.timestamp("us"), column.dtype.time_zone is not None
    if column.dtype == pl.Date:
        return column.cast(pl.Datetime("us")).dt.timestamp("us"), False
    if column.dtype == pl.String:
        return read_times(column, form, file, first_row)
    message = f"The times are numbers ({column.dtype}), of which nobody knows the unit."
    raise DataError("event-log.time", message, Location(file, element=column.name), "Give them as dates or texts.")


def _numbered(texts: pl.Series) -> tuple[np.ndarray[tuple[int], np.dtype[np.int32]], list[str]]:
    """Texts as numbers in the order in which they appear, ``NO_CASE`` for none, and the texts by number."""
    names = texts.drop_nulls().unique(maintain_order=True)
    numbers = texts.cast(pl.Enum(names)).to_physical().cast(pl.Int32).fill_null(NO_CASE)
    return numbers.to_numpy(), names.to_list()
