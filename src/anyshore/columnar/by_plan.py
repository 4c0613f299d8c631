"""A decision by its plan: computed over columns, with doubtful rows decided one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from anyshore.base.temporal import Date
from anyshore.columnar.decisions import Compiled
from anyshore.columnar.dialects.polars import expression
from anyshore.columnar.outputs import DIGITS, MOST_DIGITS, Output, column_of
from anyshore.columnar.plan import NotCompiled
from anyshore.columnar.typed import Kind, Typed

One = Callable[[dict[str, object]], object]
_KINDS: dict[Kind, str] = {"text": "string", "truth": "boolean", "date": "date", "null": "unknown", "number": "number"}


@dataclass(slots=True)
class Column:
    """A column of outcomes.

    Attributes:
        series: the column.
        by_row: how many rows were decided one by one.
        remark: where values became text.
    """

    series: pl.Series
    by_row: int
    remark: str


def decide(compiled: Compiled, frame: pl.DataFrame, title: str, one: One) -> Column:
    """The outcomes of the rows of a frame.

    Args:
        compiled: the decision.
        frame: the columns it reads, and others.
        title: the name of the column.
        one: decides a row by itself.
    """
    found = frame.select(compiled.fields).with_columns(
        expression(compiled.value.plan).alias("\x00value"), expression(compiled.doubt).alias("\x00doubt")
    )
    doubtful = np.nonzero(found["\x00doubt"].to_numpy())[0].tolist()
    others = [one(frame.row(at, named=True)) for at in doubtful]
    series, remark = decoded(compiled.value, found["\x00value"].alias(title), doubtful, others)
    return Column(series, len(doubtful), remark)


def output_of(value: Typed, least: int = DIGITS) -> Output:
    """The column of outcomes a plan fills.

    Args:
        value: what it computes.
        least: how many digits a column of numbers has at least.

    Raises:
        NotCompiled: there is no column of that kind.
    """
    kind = _KINDS.get(value.kind)
    if kind is None:
        raise NotCompiled(f"its value is a {value.kind}, which has no column of outcomes")
    if kind != "number":
        return Output("", kind)  # type: ignore[arg-type]
    digits = max(least, len(str(value.plan.bound)), value.scale + 1)
    if digits > MOST_DIGITS:
        raise NotCompiled("its numbers have more digits than a column")
    return Output("", "number", digits, value.scale)


def decoded(
    value: Typed, numbers: pl.Series, doubtful: Sequence[int], others: Sequence[object], least: int = DIGITS
) -> tuple[pl.Series, str]:
    """What a plan computed as a column of outcomes.

    Args:
        value: what was computed.
        numbers: what came out of the engine.
        doubtful: the rows that were decided one by one.
        others: their values.
        least: how many digits a column of numbers has at least.

    Returns:
        The column, and a remark where values became text.
    """
    output = output_of(value, least)
    series = _plain(value, output, numbers)
    if not doubtful:
        return series, ""
    rest, remark = column_of(numbers.name, output, others, None)
    if rest.dtype == series.dtype:
        return series.scatter(list(doubtful), rest), ""
    if rest.dtype == pl.Null:
        return series.scatter(list(doubtful), pl.Series(rest.name, others, dtype=series.dtype)), ""
    # One of the doubtful has no place in the column: all become what they are one by one.
    values = [_feel(value, item) for item in series.to_list()]
    for at, other in zip(doubtful, others, strict=True):
        values[at] = other
    return column_of(numbers.name, output, values, None)[0], remark


def _plain(value: Typed, output: Output, numbers: pl.Series) -> pl.Series:
    if value.kind == "null":
        return pl.Series(numbers.name, [None] * len(numbers), dtype=pl.Null)
    if value.kind == "number":
        return _decimals(numbers, output)
    return numbers.cast(pl.Int32).cast(pl.Date) if value.kind == "date" else numbers


def _decimals(numbers: pl.Series, output: Output) -> pl.Series:
    """Whole numbers of the last digit as decimals: the bits stay, the type moves the point."""
    import pyarrow as pa

    wide = numbers.cast(pl.Int128).cast(pl.Decimal(output.digits, 0)).rechunk().to_arrow()
    moved = pa.Array.from_buffers(
        pa.decimal128(output.digits, output.scale), len(wide), wide.buffers(), wide.null_count, wide.offset
    )
    return pl.Series(numbers.name, pl.from_arrow(moved))


def _feel(value: Typed, item: object) -> object:
    if value.kind == "date" and item is not None:
        return Date.parse(str(item))
    return item
