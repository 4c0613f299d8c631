"""The rows of a file as Parquet of the types the pack declares: every type is named, none is guessed.

A CSV file or workbook is read by the reader every table is read by, so its rows are those that would have been received
one by one. Parquet and Arrow have types of their own, which must be those declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables import Column, open_table
from anyshore.host.batched.contents import NAMED, Contents, Refused
from anyshore.host.bulk.deciding import scanned
from anyshore.host.intake.parcels import Table

CHUNK = 1 << 16
COLUMNS = (".parquet", ".arrow", ".ipc", ".feather")
"""Endings of files that hold columns."""
_DIGITS = 38
_KINDS: dict[str, Any] = {
    "text": pl.String, "code": pl.String, "number": pl.String, "money": pl.String, "date": pl.Date,
    "datetime": pl.String, "yes-no": pl.Boolean,
}  # fmt: skip


def opened(source: Path, table: Table | None, target: Path) -> tuple[Path, Contents]:
    """A file of rows as Parquet.

    Args:
        source: a CSV file, a workbook, a Parquet or an Arrow file.
        table: the columns the pack declares; None: those the file has, of which there must be Parquet or Arrow.
        target: where Parquet is written, if it is none.

    Returns:
        Where the rows are, and which of them were refused.

    Raises:
        DataError: the file cannot be read, or does not have the columns.
    """
    if source.suffix.lower() in COLUMNS:
        return _fitting(source, table, target), Contents()
    if table is None:
        message = f"Nothing says which columns {source.name} has."
        raise _refused(source, message, "Name them in the pack, under intake: rows, or give a Parquet file.")
    return _typed(source, table.columns, target)


def _fitting(source: Path, table: Table | None, target: Path) -> Path:
    """The file itself, or a copy with the declared columns alone."""
    if table is None:
        return source
    found = scanned(source)
    schema = found.collect_schema()
    problems = []
    for column in table.columns:
        kind = schema.get(column.name)
        if kind is None or not _fits(column, kind):
            said = "is absent" if kind is None else f"holds {kind}"
            place = Location(str(source), column.name)
            message = f"The column {column.name!r} {said}, and the pack declares {column.kind}."
            problems.append(Diagnostic("bulk.column", message, place, "Write it with that type."))
    if problems:
        raise DataError.of(problems)
    if list(schema) == list(table.names):
        return source
    found.select(table.names).sink_parquet(target)
    return target


def _fits(column: Column, kind: pl.DataType) -> bool:
    match column.kind:
        case "number" | "money":
            return kind.is_numeric()
        case "date":
            return kind == pl.Date
        case "datetime":
            return kind.is_temporal()
        case "yes-no":
            return kind == pl.Boolean
        case _:
            return kind in (pl.String, pl.Categorical, pl.Enum)


def _typed(source: Path, declared: Sequence[Column], target: Path) -> tuple[Path, Contents]:
    """The rows of a CSV file or workbook; a column of numbers gets the digits behind the point that its rows need."""
    found = Contents()
    numbers = [one.name for one in declared if one.kind in ("number", "money")]
    places = dict.fromkeys(numbers, 0)
    raw = target.with_suffix(".texts")
    raw.mkdir(exist_ok=True)
    schema = {one.name: _KINDS[one.kind] for one in declared}
    for number, rows in enumerate(_chunks(source, declared, found)):
        for name in numbers:
            places[name] = max(places[name], *(_places(row[name]) for row in rows))
        frame = pl.DataFrame([{k: _plain(v) for k, v in row.items()} for row in rows], schema=schema)
        frame.write_parquet(raw / f"{number:06}.parquet")
    if not any(raw.iterdir()):
        pl.DataFrame(schema=schema).write_parquet(raw / "000000.parquet")
    typed = [pl.col(name).cast(pl.Decimal(_DIGITS, scale)) for name, scale in places.items()]
    moments = [one.name for one in declared if one.kind == "datetime"]
    typed += [pl.col(name).str.to_datetime(time_unit="us") for name in moments]
    try:
        pl.scan_parquet(raw / "*.parquet").with_columns(typed).sink_parquet(target)
    except pl.exceptions.PolarsError as problem:
        raise _refused(source, f"Its values have no columns: {problem}", "Give a Parquet file.") from None
    for one in raw.iterdir():
        one.unlink()
    raw.rmdir()
    return target, found


def _chunks(source: Path, declared: Sequence[Column], found: Contents) -> Iterator[list[dict[str, Any]]]:
    table = open_table(files.read(source, name=str(source)), tuple(declared), source.name)
    sound = (dict(row.values) for row in table if not row.broken)
    while rows := list(islice(sound, CHUNK)):
        yield rows
    whole = [problem for problem in table.problems if problem.location.line is None]
    if whole:
        raise DataError.of(whole)
    lines = {problem.location.line or 0: problem for problem in reversed(table.problems)}
    for line, problem in sorted(lines.items()):
        if len(found.refused) < NAMED:
            found.refused.append(Refused(line, problem.code, problem.message))
        else:
            found.unnamed += 1


def _places(value: object) -> int:
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if hasattr(value, "hour") else value  # type: ignore[attr-defined]


def _refused(source: Path, message: str, hint: str) -> DataError:
    return DataError.of([Diagnostic("bulk.file", message, Location(str(source)), hint)])
