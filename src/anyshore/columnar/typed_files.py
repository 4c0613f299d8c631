"""Rows of files for trying models: of a CSV every type is named by the model, none is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.dmn import Model

CHUNK = 1 << 18
_DIGITS = 38


def frames(source: Path, types: Mapping[str, str] | None = None) -> Iterator[pl.DataFrame]:
    """The rows of a file, some at a time.

    Args:
        source: a CSV, Parquet or Arrow file.
        types: of a CSV, by column: ``number``, ``date``, ``boolean``; text where left out.

    Raises:
        DataError: it cannot be read.
    """
    try:
        found = _scanned(source, types or {})
        height = int(found.select(pl.len()).collect().item())
        for first in range(0, max(height, 1), CHUNK):
            yield found.slice(first, CHUNK).collect()
    except (OSError, pl.exceptions.PolarsError) as problem:
        message = f"The rows of {source.name} cannot be read: {problem}"
        hint = "Give a CSV with a head and commas, a Parquet or an Arrow file."
        raise DataError.of([Diagnostic("columnar.rows", message, Location(str(source)), hint)]) from None


def types_of(model: Model) -> dict[str, str]:
    """The types of the inputs of a model, by name."""
    found = {}
    for element in model.inputs:
        if element.variable is not None and element.variable.type_ref is not None:
            found[element.name] = element.variable.type_ref
    return found


def _scanned(source: Path, types: Mapping[str, str]) -> pl.LazyFrame:
    ending = source.suffix.lower()
    if ending in (".arrow", ".ipc", ".feather"):
        return pl.scan_ipc(source)
    if ending != ".csv":
        return pl.scan_parquet(source)
    texts = pl.scan_csv(source, infer_schema=False)
    there = set(texts.collect_schema())
    numbers = [name for name, kind in types.items() if kind == "number" and name in there]
    behind = [pl.col(name).str.strip_chars().str.extract(r"\.(\d+)$").str.len_bytes().max() for name in numbers]
    places = texts.select(behind).collect().row(0) if numbers else ()
    typed = [
        pl.col(name).str.strip_chars().cast(pl.Decimal(_DIGITS, int(scale or 0)))
        for name, scale in zip(numbers, places, strict=True)
    ]
    typed += [pl.col(name).str.to_date() for name, kind in types.items() if kind == "date" and name in there]
    typed += [
        pl.col(name).str.to_lowercase().replace_strict({"true": True, "false": False}, default=None)
        for name, kind in types.items() if kind == "boolean" and name in there
    ]  # fmt: skip
    return texts.with_columns(typed)
