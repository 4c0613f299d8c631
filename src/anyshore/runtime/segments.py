"""Segments of a list of contacts, by a condition in FEEL or a decision of DMN, over columns."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from anyshore import dmn
from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.columnar.conditions import Found, rows_where
from anyshore.columnar.tables import decide_table

_KINDS: dict[str, Any] = {
    r"^(?:0|-?[1-9][0-9]{0,17})$": pl.Int64,
    r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?$": pl.Float64, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": pl.Date,
    r"^(?:true|false)$": pl.Boolean,
}  # fmt: skip
_FEW = 1000
"""Texts of a column that are looked at before all are."""


def read(path: Path) -> pl.DataFrame:
    """A list of contacts; of a CSV file numbers, days and truths are read as such, and an empty cell is null.

    Raises:
        DataError: it cannot be read.
    """
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        texts = pl.read_csv(path, infer_schema=False)
        return texts.with_columns(_typed(texts[name]) for name in texts.columns)
    except (OSError, pl.exceptions.PolarsError) as problem:
        if isinstance(problem, OSError):
            raise files.unreadable(problem, str(path)) from problem
        hint = "A CSV file with a row of names and commas between, or Parquet."
        raise DataError("segment.list", f"The list is no table: {problem}", Location(str(path)), hint) from None


def _typed(texts: pl.Series) -> pl.Series:
    """A column as numbers, days or truths, where all its texts are such; ``01067`` is a text and no number."""
    some = texts.drop_nulls()
    for pattern, kind in _KINDS.items():
        if len(some) and some.head(_FEW).str.contains(pattern).all() and some.str.contains(pattern).all():
            if kind == pl.Date:
                return texts.str.to_date("%Y-%m-%d", strict=False)
            return texts == "true" if kind == pl.Boolean else texts.cast(kind, strict=False)
    return texts


def by_condition(condition: str, frame: pl.DataFrame) -> Found:
    """Of which contacts a condition is true. Raises: see :func:`anyshore.columnar.conditions.rows_where`."""
    return rows_where(condition, frame)


def by_rules(path: Path, decision: str, frame: pl.DataFrame) -> Found:
    """Of which contacts a decision is true.

    Raises:
        DmnError: the file or the decision cannot be used.
    """
    model = dmn.read(path)
    names = [one.name for one in model.decisions]
    name = decision or (names[0] if len(names) == 1 else "")
    decided = decide_table(model, name, frame)
    outcome = decided.data[decided.data.columns[-1]]
    holds = outcome == True if outcome.dtype == pl.Boolean else outcome.cast(pl.String) == "true"  # noqa: E712 - a column
    return Found(
        holds.fill_null(False).rename("holds"), decided.rows_by_row, "" if decided.indexed else decided.remarks[0]
    )


def write(frame: pl.DataFrame, path: Path) -> None:
    """Writes contacts as Parquet, or as CSV where the name ends so.

    Raises:
        DataError: it cannot be written.
    """
    content = BytesIO()
    if path.suffix.lower() == ".csv":
        frame.write_csv(content)
    else:
        frame.write_parquet(content)
    files.write(path, content.getvalue())
