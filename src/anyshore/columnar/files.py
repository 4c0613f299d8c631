"""Files of rows through a process: Parquet in, outcomes and exceptions as Parquet out, a million rows at a time.

So a file of any size takes the same memory. Outcomes stand row by row as the rows were given; exceptions, the rows
that wait for work or go as instances of their own, stand beside with everything they hold.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from anyshore.base.errors import BpmnError
from anyshore.base.locations import Location
from anyshore.base.telling import Part, Sheet
from anyshore.bpmn.model import Process
from anyshore.columnar.flowed import Flowed, Way, flow_by, ways_of
from anyshore.columnar.flows import one_plan
from anyshore.dmn import Model

# Rows held at once.
BATCH = 1 << 20
ELEMENT, PATH, ROW, WHY = "@element", "@path", "@row", "@why"
"""Columns beside variables; no variable of FEEL has such a name."""


@dataclass(slots=True)
class Report:
    """What became of the rows of a file.

    Attributes:
        ways: the ways they can have gone.
        counts: how many rows went each.
        alone: how many go as instances of their own.
    """

    ways: tuple[Way, ...]
    counts: list[int] = field(default_factory=list)
    alone: int = 0

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return sum(self.counts) + self.alone

    def as_dict(self) -> dict[str, object]:
        """The report as plain data."""
        ways = [
            {"element": way.element, "through": way.through, "why": way.why, "path": list(way.path), "rows": count}
            for way, count in zip(self.ways, self.counts, strict=True)
        ]
        return {"rows": self.rows, "alone": self.alone, "ways": ways}

    def parts(self, process: Process) -> Iterator[Part]:
        """The report as a table and a sentence; ways no row went are left out."""
        rows = [
            (process.elements[way.element].label, "through" if way.through else f"waits: {way.why}", f"{count:,}")
            for way, count in zip(self.ways, self.counts, strict=True)
            if count
        ]
        rows += [("(from the start)", "goes as an instance of its own", f"{self.alone:,}")] if self.alone else []
        yield Sheet(process.name or process.id, ("Rests at", "", "Rows"), rows, right=(2,))
        through = sum(count for way, count in zip(self.ways, self.counts, strict=True) if way.through)
        yield f"{through:,} of {self.rows:,} rows are through."


def height(source: Path) -> int:
    """How many rows a Parquet file has.

    Raises:
        BpmnError: it cannot be read.
    """
    return _scanned(source)[1]


def _scanned(source: Path) -> tuple[pl.LazyFrame, int]:
    try:
        given = pl.scan_parquet(source)
        return given, int(given.select(pl.len()).collect().item())
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise _unread(source, problem) from None


def flow_file(
    process: Process, models: Sequence[Model], source: Path, outcomes: Path, exceptions: Path, *,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Report:  # fmt: skip
    """Moves the rows of a Parquet file through a process.

    Args:
        process: the process.
        models: the decision models its business rule tasks call.
        source: the file; its columns are variables.
        outcomes: where a row for each row goes: the element it rests at (null where it goes alone), the path there, and
            the variables elements gave. It appears when it is complete.
        exceptions: where rows go that did not reach an end: their numbers from 0, the element, why, and all variables.
        told: is told how many rows are done, of how many.

    Raises:
        BpmnError: the file cannot be read or written, or the process has no form that suits a file; says why.
    """
    given, most = _scanned(source)
    routes = one_plan(process, models, given.collect_schema())
    ways = tuple(ways_of(routes))
    report = Report(ways, [0] * len(ways))
    with _appearing(outcomes) as outcome, _appearing(exceptions) as exception:
        # A file without rows gives one batch of none, so that what is written has its columns.
        for first in range(0, max(most, 1), BATCH):
            try:
                frame = given.slice(first, BATCH).collect()
            except (OSError, pl.exceptions.PolarsError) as problem:
                raise _unread(source, problem) from None
            flowed = flow_by(routes, frame)
            outcome(_outcomes(flowed))
            exception(_exceptions(flowed, frame, first))
            report.counts = [before + more for before, more in zip(report.counts, flowed.counts, strict=True)]
            report.alone += len(flowed.alone)
            told(report.rows, most)
    return report


def _outcomes(flowed: Flowed) -> pa.Table:
    assert flowed.outcome is not None
    way = flowed.outcome.way.to_arrow()
    columns: dict[str, Any] = {
        ELEMENT: _named(way, [one.element for one in flowed.ways]),
        PATH: _named(way, [" > ".join(one.path) for one in flowed.ways]),
    }
    variables = flowed.outcome.variables.to_arrow()
    return pa.table({**columns, **dict(zip(variables.column_names, variables.columns, strict=True))})


def _named(way: pa.Array, names: list[str]) -> pa.Array:
    """The numbers of ways as names; ways that share one share its code."""
    known = list(dict.fromkeys(names))
    codes = pa.array([known.index(name) for name in names], pa.int32())
    return pa.DictionaryArray.from_arrays(codes.take(way), pa.array(known, pa.string()))


def _exceptions(flowed: Flowed, frame: pl.DataFrame, first: int) -> pa.Table:
    """The rows that did not reach an end, in one shape for all ways."""
    assert flowed.outcome is not None
    waiting = [at for at, one in enumerate(flowed.ways) if not one.through]
    chosen = flowed.outcome.way.is_null() | flowed.outcome.way.is_in(waiting)
    rows = chosen.arg_true()
    way = flowed.outcome.way.gather(rows)
    names = {at: (one.element, one.why) for at, one in enumerate(flowed.ways)}
    found = frame[rows].with_columns(flowed.outcome.variables[rows] if flowed.outcome.variables.width else [])
    told = [
        (rows.cast(pl.UInt64) + first).alias(ROW),
        way.replace_strict({at: one for at, (one, _) in names.items()}, return_dtype=pl.String).alias(ELEMENT),
        way.replace_strict({at: why for at, (_, why) in names.items()}, return_dtype=pl.String).alias(WHY),
    ]
    return pl.DataFrame([*told, *found.get_columns()]).to_arrow()


@contextmanager
def _appearing(path: Path) -> Iterator[Callable[[pa.Table], None]]:
    """A Parquet file that is written beside its place, and put there when nothing failed."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    writers: list[pq.ParquetWriter] = []

    def write(table: pa.Table) -> None:
        if not writers:
            writers.append(_writer(unfinished, table.schema))
        writers[0].write_table(table.cast(writers[0].schema))

    try:
        yield write
        for writer in writers:
            writer.close()
        os.replace(unfinished, path)
    finally:
        for writer in writers:
            with suppress(OSError):
                writer.close()
        unfinished.unlink(missing_ok=True)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Numbers are not looked for in a dictionary: they seldom repeat, and looking costs more than writing."""
    words = [one.name for one in schema if not (pa.types.is_decimal(one.type) or pa.types.is_integer(one.type))]
    return pq.ParquetWriter(path, schema, use_dictionary=words, store_decimal_as_integer=True)


def _unread(path: Path, problem: Exception) -> BpmnError:
    hint = "Give a Parquet file: of a CSV, DuckDB makes one with COPY (SELECT …) TO 'rows.parquet', types named."
    return BpmnError("columnar.file", f"The rows of {path.name} cannot be read: {problem}", Location(str(path)), hint)
