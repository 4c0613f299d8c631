"""What became of the rows of a batch: where each came to rest, and what elements gave on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anyshore.columnar.by_plan import output_of
from anyshore.columnar.kernels import Values, kernel
from anyshore.columnar.outputs import Output
from anyshore.columnar.routes import Routes
from anyshore.columnar.typed import Typed

# The number that rows have in the kernel which go as instances of their own.
_ALONE = 255


@dataclass(frozen=True, slots=True)
class Way:
    """A way rows went.

    Attributes:
        element: where it ends; an end event where they are through.
        through: whether they are.
        why: why they stopped, where they did.
        path: the elements they went through, in order, with the last.
        gave: the variables that elements on the way gave.
    """

    element: str
    through: bool
    why: str
    path: tuple[str, ...]
    gave: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stop:
    """Rows that came to rest by one way.

    Attributes:
        way: how and where.
        rows: their numbers in what was given, ascending.
        variables: their variables: the columns given, and what elements gave.
    """

    way: Way
    rows: NDArray[np.int64]
    variables: pl.DataFrame


class Outcome:
    """What a batch came to, a row for each row given; held as narrow as it was computed.

    Attributes:
        way: the number of its way; null where it goes as an instance of its own.
    """

    def __init__(self, way: pl.Series, columns: Callable[[], pl.DataFrame]) -> None:
        self.way, self._columns = way, columns

    @cached_property
    def variables(self) -> pl.DataFrame:
        """What elements gave, by variable; null where a row's way gave nothing. Made when first asked for."""
        return self._columns()


class Flowed:
    """What became of the rows of a batch.

    Attributes:
        ways: the ways rows can have gone.
        counts: how many rows went each.
        alone: the numbers of the rows that go as instances of their own, from the start.
        outcome: the same beside the rows given; nothing where they were moved batch by batch, whose variables have
            types of their own.
    """

    def __init__(
        self, ways: Sequence[Way], counts: Sequence[int], alone: Sequence[int] | NDArray[np.int64],
        stops: Callable[[], Iterable[Stop]], outcome: Outcome | None = None,
    ) -> None:  # fmt: skip
        self.ways, self.counts, self.alone = tuple(ways), tuple(counts), alone
        self.outcome, self._stops = outcome, stops

    @property
    def through(self) -> int:
        """How many rows reached an end."""
        return sum(count for way, count in zip(self.ways, self.counts, strict=True) if way.through)

    @property
    def stops(self) -> list[Stop]:
        """The rows that moved, way by way, with all their variables; made when asked for."""
        return list(self._stops())


def flow_by(routes: Routes, frame: pl.DataFrame) -> Flowed:
    """What becomes of rows whose ways are one plan over columns of their types."""
    computed = kernel(routes.plans, frame)
    numbers = np.empty(frame.height, dtype=np.uint8)
    columns = [_Column(name, value, frame.height) for name, value in routes.variables.items()]
    for rows, (doubt, *found) in computed.chunks():
        _numbered(found[: len(routes.routes)], doubt, numbers[rows])
        for column, values in zip(columns, found[len(routes.routes) :], strict=True):
            column.write(rows, values)
    ways = ways_of(routes)
    *counts, alone = np.bincount(numbers, minlength=_ALONE + 1)[[*range(len(ways)), _ALONE]].tolist()
    way = pl.Series("way", numbers)

    def variables() -> pl.DataFrame:
        there = {column.name: _given(column.name, ways, numbers, alone) for column in columns}
        return pl.DataFrame([column.series(computed.texts, there[column.name]) for column in columns])

    outcome = Outcome(way.set(way == _ALONE, None) if alone else way, variables)

    def stops() -> Iterator[Stop]:
        for at, one in enumerate(ways):
            if not counts[at]:
                continue
            rows = np.flatnonzero(numbers == at)
            given = frame[rows]
            if one.gave:
                given = given.with_columns(outcome.variables[rows].select(sorted(one.gave)))
            yield Stop(one, rows, given)

    return Flowed(ways, counts, np.flatnonzero(numbers == _ALONE), stops, outcome)


def ways_of(routes: Routes) -> list[Way]:
    """The ways of a plan, as rows go them."""
    return [Way(one.element, one.through, one.why, one.path, frozenset(one.variables)) for one in routes.routes]


def _numbered(taken: Sequence[Values], doubt: Values, way: NDArray[np.uint8]) -> None:
    """Writes the numbers of the ways that were taken."""
    way[:] = 0
    for at, one in enumerate(taken[1:], 1):
        np.add(way, np.multiply(one.of, np.uint8(at)), out=way)
    if np.any(doubt.of):
        np.copyto(way, _ALONE, where=doubt.of)


def _given(name: str, ways: Sequence[Way], numbers: NDArray[np.uint8], alone: int) -> NDArray[np.bool_] | None:
    """Which rows were given a variable; nothing where all were."""
    giving = np.zeros(_ALONE + 1, dtype=bool)
    giving[: len(ways)] = [name in way.gave for way in ways]
    return None if not alone and giving[: len(ways)].all() else giving.take(numbers)


class _Column:
    """A column of outcomes being written: numbers as whole numbers of the last digit."""

    def __init__(self, name: str, value: Typed, height: int) -> None:
        self.name, self.value, self.output = name, value, output_of(value, 1)
        narrow = np.int32 if value.plan.bound < 1 << 31 else np.int64
        self.held: NDArray[Any] = np.empty(height, dtype=_HELD.get(value.kind, narrow))

    def write(self, rows: slice, values: Values) -> None:
        """Writes the values of a chunk."""
        self.held[rows] = values.of

    def series(self, texts: Sequence[str], there: NDArray[np.bool_] | None) -> pl.Series:
        """The column, null where there is no value."""
        if self.value.kind == "number":
            return _decimals(self.name, self.held, there, self.output)
        if self.value.kind == "text":
            found = pl.Series(self.name, [*texts, None], dtype=pl.String).gather(self.held)
        else:
            found = pl.Series(self.name, self.held)
            found = found.cast(pl.Int32).cast(pl.Date) if self.value.kind == "date" else found
        return found if there is None else found.set(~pl.Series(there), None)


_HELD: Mapping[str, type] = {"truth": np.bool_, "text": np.int32, "null": np.bool_}


def _decimals(name: str, held: NDArray[Any], there: NDArray[np.bool_] | None, output: Output) -> pl.Series:
    """Whole numbers of the last digit in the 128 bits of a decimal."""
    import pyarrow as pa

    wide = np.empty((len(held), 2), dtype=np.int64)
    wide[:, 0] = held
    np.right_shift(wide[:, 0], 63, out=wide[:, 1])
    valid = None if there is None else pa.py_buffer(np.packbits(there, bitorder="little"))
    kind = pa.decimal128(output.digits, output.scale)
    return pl.Series(name, pl.from_arrow(pa.Array.from_buffers(kind, len(held), [valid, pa.py_buffer(wide)])))
