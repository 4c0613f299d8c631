"""Data in and out: Polars frames, Arrow tables and DuckDB relations; values as columns."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anyshore import feel
from anyshore.base.errors import DmnError
from anyshore.base.temporal import Date

MAX_DIGITS = 38


def to_polars(data: Any) -> pl.DataFrame:
    """A Polars frame of the data.

    Raises:
        DmnError: the data are of no kind known.
    """
    if isinstance(data, pl.DataFrame):
        return data
    if isinstance(data, pl.LazyFrame):
        return data.collect()
    module = type(data).__module__.split(".")[0]
    if module == "pyarrow":
        return _frame(pl.from_arrow(data))
    if module in ("duckdb", "_duckdb"):
        return _frame(data.pl())
    raise DmnError("columnar.data", f"{type(data).__name__} is no Polars frame, Arrow table or DuckDB relation.")


def _frame(data: pl.DataFrame | pl.Series) -> pl.DataFrame:
    return data if isinstance(data, pl.DataFrame) else data.to_frame()


def like(frame: pl.DataFrame, data: Any) -> Any:
    """A frame as the kind of thing the data were."""
    module = type(data).__module__.split(".")[0]
    if module == "pyarrow":
        return frame.to_arrow()
    if module in ("duckdb", "_duckdb"):
        import duckdb

        return duckdb.from_arrow(frame.to_arrow())
    return frame


def column_of(name: str, values: Sequence[object], codes: NDArray[np.int32] | None) -> tuple[pl.Series, str]:
    """A column of FEEL values: numbers as decimals, strings, booleans, dates; other and mixed values as FEEL literals.

    Args:
        name: of the column.
        values: the distinct values, or one per row.
        codes: the position of each row's value; nothing where there is one per row.

    Returns:
        The column, and a remark where values became text.
    """
    series, remark = _series(name, values)
    return (series if codes is None else series.gather(pl.Series(codes))), remark


def _series(name: str, values: Sequence[object]) -> tuple[pl.Series, str]:
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pl.Series(name, values, dtype=pl.Null), ""
    if kinds == {Decimal}:
        return _decimals(name, [value if isinstance(value, Decimal) else None for value in values])
    if kinds == {str}:
        return pl.Series(name, values, dtype=pl.String), ""
    if kinds == {bool}:
        return pl.Series(name, values, dtype=pl.Boolean), ""
    if kinds == {Date}:
        days = [feel.to_python(value) for value in values]
        if all(day is None or isinstance(day, datetime.date) for day in days):  # years past 9999 have no column type
            return pl.Series(name, days, dtype=pl.Date), ""
    texts = [None if value is None else feel.format(value) for value in values]
    return pl.Series(name, texts, dtype=pl.String), f"the values of {name} have no column type and are FEEL literals"


def _decimals(name: str, values: list[Decimal | None]) -> tuple[pl.Series, str]:
    known = [value for value in values if value is not None]
    scale = max(max(0, -int(value.as_tuple().exponent)) for value in known)
    whole = max(value.adjusted() for value in known) + 1
    if max(whole, 1) + scale > MAX_DIGITS:
        texts = [None if value is None else feel.format(value) for value in values]
        return pl.Series(name, texts, dtype=pl.String), f"the numbers of {name} have too many digits for a column"
    return pl.Series(name, values, dtype=pl.Decimal(MAX_DIGITS, scale)), ""
