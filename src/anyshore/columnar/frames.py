"""Data in and out: Polars frames, Arrow tables and DuckDB relations.

Only the columns a decision needs are read; the others stay as they are, whatever their type. A type FEEL or Polars has
no values for is refused before a value is touched, as are values FEEL has no word for: an infinite date, ``24:00:00``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from anyshore.base.errors import DmnError

MAX_DIGITS = 38
# Days and microseconds since 1970 of the first and the last day Python's dates know; FEEL's own calendar is longer.
_DAYS = (-719_162, 2_932_896)
_MICROSECONDS = (_DAYS[0] * 86_400_000_000, (_DAYS[1] + 1) * 86_400_000_000 - 1)
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


class Data:
    """Data of any kind known, of which some columns are read.

    Args:
        given: a Polars frame, an Arrow table or record batch, a DuckDB relation.
        needed: tells of a column's name whether it is read.

    Attributes:
        frame: the columns that are read.

    Raises:
        DmnError: the data are of no kind known, or a column that is read holds what FEEL has no value for.
    """

    def __init__(self, given: Any, needed: Callable[[str], bool]) -> None:
        self._given = given
        self._arrow: Any = None
        if isinstance(given, (pl.DataFrame, pl.LazyFrame)):
            self._whole = given.collect() if isinstance(given, pl.LazyFrame) else given
            self.frame = self._whole.select(name for name in self._whole.columns if needed(name))
            _refuse_values(self.frame)
            return
        module = type(given).__module__.split(".")[0]
        if module in ("duckdb", "_duckdb"):
            _refuse_zoned_times(given)
            self._arrow = given.to_arrow_table()
        elif module == "pyarrow":
            self._arrow = _table(given)
        else:
            raise DmnError(
                "columnar.data", f"{type(given).__name__} is no Polars frame, Arrow table or DuckDB relation."
            )
        self.frame = _from_arrow(self._arrow, needed)
        _refuse_values(self.frame)

    @property
    def height(self) -> int:
        """How many rows there are."""
        return int(self._whole.height if self._arrow is None else self._arrow.num_rows)

    def beside(self, columns: Sequence[pl.Series]) -> Any:
        """The data with further columns (one of the same name is replaced), as the kind of thing they were."""
        if self._arrow is None:
            return self._whole.with_columns(columns)
        table = self._arrow
        for column in columns:
            values = column.to_arrow()
            at = table.schema.get_field_index(column.name)
            if at < 0:
                table = table.append_column(column.name, values)
            else:
                table = table.set_column(at, column.name, values)
        if type(self._given).__module__.split(".")[0] == "pyarrow":
            return table
        import duckdb

        return duckdb.from_arrow(table)


def _table(given: Any) -> Any:
    import pyarrow as pa

    if isinstance(given, pa.Table):
        return given
    if isinstance(given, pa.RecordBatch):
        return pa.Table.from_batches([given])
    raise _no_data(given)


def _refuse_zoned_times(relation: Any) -> None:
    """DuckDB hands times of day with a zone to Arrow without the zone; also a column nobody reads would change."""
    for name, kind in zip(relation.columns, relation.types, strict=True):
        if "TIME WITH TIME ZONE" in str(kind) and "TIMESTAMP" not in str(kind):
            raise _type(name, str(kind), "Cast it to TIME, give a TIMESTAMP WITH TIME ZONE, or leave it out.")


def _from_arrow(table: Any, needed: Callable[[str], bool]) -> pl.DataFrame:
    import pyarrow as pa
    import pyarrow.compute as pc

    columns: list[pl.Series] = []
    for name in table.column_names:
        if not needed(name):
            continue
        column = table.column(name)
        kind = column.type
        if pa.types.is_decimal256(kind):
            if kind.precision > MAX_DIGITS:
                raise _type(name, str(kind), f"Cast it to a decimal of at most {MAX_DIGITS} digits.")
            column = column.cast(pa.decimal128(kind.precision, kind.scale))
        elif not _readable(kind):
            raise _type(name, str(kind), "Cast it to a number, text, date, time or a duration of days and times.")
        if pa.types.is_time(kind) and len(column) > column.null_count:
            last = pc.max(column.cast(pa.int64() if kind.bit_width == 64 else pa.int32())).as_py()
            if last >= 86_400 * _PER_SECOND[kind.unit]:
                raise _value(name, "the time 24:00:00", "Write it as 00:00:00 of the next day.")
        columns.append(pl.Series(name, pl.from_arrow(column)))
    if not columns:
        return pl.DataFrame(height=table.num_rows)
    return pl.DataFrame(columns)


def _readable(kind: Any) -> bool:
    """Whether Polars and FEEL have values for those of an Arrow type, also inside lists and structures."""
    import pyarrow as pa

    of = pa.types
    if of.is_dictionary(kind):
        return _readable(kind.value_type)
    if of.is_list(kind) or of.is_large_list(kind) or of.is_fixed_size_list(kind):
        return _readable(kind.value_type)
    if of.is_struct(kind):
        return all(_readable(kind.field(at).type) for at in range(kind.num_fields))
    plain = (
        of.is_integer, of.is_floating, of.is_decimal128, of.is_boolean, of.is_string, of.is_large_string,
        of.is_string_view, of.is_date, of.is_time, of.is_timestamp, of.is_duration, of.is_null,
    )  # fmt: skip
    return any(test(kind) for test in plain)


def _refuse_values(frame: pl.DataFrame) -> None:
    """Dates without end, and those past the years 1 to 9999, are named; nothing of them is decided."""
    for column in frame:
        kind = column.dtype
        if isinstance(kind, pl.Object):
            raise _type(column.name, str(kind), "Give it as a column of numbers, text, dates or durations.")
        if kind == pl.Date:
            low, high = _DAYS
        elif isinstance(kind, pl.Datetime):
            parts = {"ms": 1_000, "us": 1, "ns": 1}[kind.time_unit]
            low, high = _MICROSECONDS[0] // parts, _MICROSECONDS[1] // parts
        else:
            continue
        if getattr(kind, "time_unit", "") == "ns" or len(column) == column.null_count():
            continue  # nanoseconds, with a zone or without, reach from 1677 to 2262
        numbers = column.to_physical()
        if int(numbers.min()) < low or int(numbers.max()) > high:  # type: ignore[arg-type]
            outside = ((numbers < low) | (numbers > high)).fill_null(False)
            raise _value(
                column.name,
                f"a date before the year 1 or after 9999, or without end, in row {outside.arg_max()} counted from 0",
                "Filter these rows, or put null for “without end” and let a rule say what null means.",
            )


def _no_data(given: Any) -> DmnError:
    return DmnError("columnar.data", f"{type(given).__name__} is no Polars frame, Arrow table or DuckDB relation.")


def _type(column: str, kind: str, hint: str) -> DmnError:
    return DmnError("columnar.type", f"The column {column} is of type {kind}, which FEEL has no values for.", hint=hint)


def _value(column: str, what: str, hint: str) -> DmnError:
    return DmnError("columnar.value", f"The column {column} holds {what}; FEEL has no such value.", hint=hint)
