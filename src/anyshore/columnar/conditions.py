"""A condition in FEEL over columns of data: of which rows it is true, as asked row by row.

What has a columnar form is computed over whole columns; rows whose values it does not speak of exactly, and conditions
without such a form, are asked one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from anyshore import feel
from anyshore.columnar import plan
from anyshore.columnar.decisions import CAPS
from anyshore.columnar.dialects.polars import expression
from anyshore.columnar.frames import Data
from anyshore.columnar.plan import NotCompiled, Plan, size_of
from anyshore.columnar.readings import reading
from anyshore.columnar.translate import Bound, Translator
from anyshore.columnar.typed import NULL, Typed, truth_of
from anyshore.feel.expression import Expression


@dataclass(frozen=True, slots=True)
class Found:
    """The rows a condition is true of.

    Attributes:
        holds: a truth for each row, never null.
        by_row: how many rows were asked one by one.
        why: all of them were; empty otherwise.
    """

    holds: pl.Series
    by_row: int
    why: str = ""

    @property
    def count(self) -> int:
        """How many rows it is true of."""
        return int(self.holds.sum())


def rows_where(condition: str, data: Any, *, now: int | None = None, zone: str = "UTC") -> Found:
    """Of which rows of some data a condition is true.

    Args:
        condition: FEEL over the columns by name; a column that is missing is null. Empty: all rows.
        data: a Polars frame, an Arrow table or a DuckDB relation.
        now: the time for ``now()`` and ``today()``, microseconds since 1970 UTC.
        zone: the IANA zone they are told in.

    Raises:
        FeelError: it is no FEEL, or a row uses up the budget.
        DmnError: the data are of no kind known.
    """
    compiled = feel.compile(condition if condition.strip() else "true", names=_names(data))
    given = Data(data, compiled.free_names.__contains__)
    frame = given.frame

    def one(row: dict[str, object]) -> bool:
        values = {name: feel.from_python(row.get(name)) for name in compiled.free_names}
        return compiled.evaluate(values, now=now, zone=zone) is True

    try:
        holds, doubt = _planned(compiled, frame)
    except NotCompiled as reason:
        rows = frame.iter_rows(named=True) if frame.width else ({} for _ in range(given.height))
        return Found(pl.Series("holds", [one(row) for row in rows], pl.Boolean), given.height, str(reason))
    found = frame.select(expression(holds).alias("holds"), expression(doubt).alias("doubt"))
    series = found["holds"]
    alone = found["doubt"].arg_true().to_list()
    if alone:
        series = series.scatter(alone, [one(frame.row(at, named=True)) for at in alone])
    return Found(series, len(alone))


def _names(data: Any) -> list[str]:
    """The names of the columns: one with a blank or an operator in it is read as one name."""
    return list(getattr(data, "columns", None) or getattr(data, "column_names", None) or ())


def _planned(compiled: Expression, frame: pl.DataFrame) -> tuple[Plan, Plan]:
    """Where it is true, and where that is doubtful; both never null.

    Raises:
        NotCompiled: it has no columnar form.
    """
    if not frame.width:
        raise NotCompiled("it reads no column")
    reason: NotCompiled | None = None
    for cap in CAPS:
        try:
            return _capped(compiled, frame, cap)
        except NotCompiled as found:
            reason = reason or found
            if "digits" not in str(found):
                raise
    assert reason is not None
    raise reason


def _capped(compiled: Expression, frame: pl.DataFrame, cap: int | None) -> tuple[Plan, Plan]:
    names: dict[str, Bound] = dict.fromkeys(compiled.free_names, NULL)
    doubts: list[Plan] = []
    for name, kind in frame.schema.items():
        read = reading(name, kind, cap)
        names[name] = read.value
        doubts += [] if read.doubt is None else [read.doubt]
    translator = Translator(names, doubts)
    value = translator.value(compiled.tree)
    if not isinstance(value, Typed):
        raise NotCompiled("its value is a list or an unrounded quotient")
    holds = plan.is_true(truth_of(value)) if value.kind == "truth" else plan.FALSE
    doubt = plan.either(*doubts)
    size_of(holds, doubt)
    return holds, doubt
