"""A column of data as classes: rows in one class satisfy the same cells of a decision table's column.

The class of a row is a small number, found by array lookups; the rules of a class are those of the table's index. The
last class, ``doubtful``, holds rows whose value only the row-by-row way reads as FEEL does.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anyshore import feel
from anyshore.dmn.cells import Cut
from anyshore.dmn.fast import SLOW, Column, lookup_of

Codes = NDArray[np.int32]
# Whole numbers up to here are looked up directly.
DIRECT = 1 << 16


class NoClasses(Exception):
    """A column of data cannot be put into classes; the argument says why."""


class Classes:
    """The classes of a table's column, fixed before any data are seen.

    Args:
        column: the table's column.

    Attributes:
        rules: the set of rules of each class; nothing for the class of doubtful rows.
    """

    def __init__(self, column: Column) -> None:
        self._column = column
        self._lookup = lookup_of(column)
        self.rules: list[int | None] = []
        self._known: dict[int | None, int] = {}
        lookup = self._lookup
        self._doubtful = self._class_of(SLOW)
        self._null = self._class_of(lookup.null)
        self._regions = np.array([self._class_of(found) for found in lookup.regions], dtype=np.int32)
        self._words = [point for point in lookup.points if isinstance(point, str)]
        of_word = [self._class_of(lookup.points[word]) for word in self._words]
        self._of_word = np.array([*of_word, self._class_of(lookup.other)], dtype=np.int32)
        of_truth = [self._class_of(lookup.points.get(truth, lookup.other)) for truth in (False, True)]
        self._of_truth = np.array(of_truth, dtype=np.int32)

    def _class_of(self, found: Any) -> int:
        rules = None if found is SLOW else int(found)
        if rules not in self._known:
            self._known[rules] = len(self.rules)
            self.rules.append(rules)
        return self._known[rules]

    def codes(self, data: pl.Series) -> Codes:
        """The class of each value of a column of data.

        Raises:
            NoClasses: the type of the data is not that of the cells.
        """
        if data.dtype == pl.Null:
            return np.full(len(data), self._null, dtype=np.int32)
        match self._column.kind:
            case "number":
                codes = self._numbers(data)
            case "string":
                codes = self._strings(data)
            case "boolean":
                codes = self._booleans(data)
            case "date":
                codes = self._dates(data)
            case "days":
                codes = self._durations(data)
            case "moment" | "local moment":
                codes = self._moments(data)
            case "months":
                raise NoClasses(f"the cells of {data.name} test years and months, which no data type holds")
            case _:
                raise NoClasses(f"the cells of {data.name} test times of day")
        if data.null_count():
            codes[data.is_null().to_numpy()] = self._null
        return codes

    def _numbers(self, data: pl.Series) -> Codes:
        if data.dtype.is_integer():
            return self._whole(data)
        if data.dtype.is_float():
            if not self._lookup.floats:
                raise NoClasses(f"the cells of {data.name} have more digits than a float keeps")
            values = _filled(data.cast(pl.Float64), 0.0)
            codes: Codes = self._regions[np.searchsorted(np.array(self._lookup.floats), values, side="right")]
            odd = ~np.isfinite(values)
            if odd.any():
                codes[odd] = self._doubtful
            return codes
        if isinstance(data.dtype, pl.Decimal):
            return self._decimals(data)
        raise NoClasses(f"the cells of {data.name} test numbers, and the data are {data.dtype}")

    def _whole(self, data: pl.Series) -> Codes:
        """Between the cuts for whole numbers; the outer ones lie past 64 bits and are left out."""
        cuts = _int64(self._lookup.integers[1:-1])
        if cuts is None:
            return self._exactly(data)
        narrow = data.cast(pl.Int64, strict=False)
        values = _filled(narrow, 0)
        if not len(values):
            return np.zeros(0, dtype=np.int32)
        low, high = int(values.min()), int(values.max())
        if high - low < DIRECT:
            table = self._regions[1 + np.searchsorted(cuts, np.arange(low, high + 1), side="right")]
            return self._wide(table.take(values - low if low else values), narrow, data)
        return self._wide(self._regions[1 + np.searchsorted(cuts, values, side="right")], narrow, data)

    def _decimals(self, data: pl.Series) -> Codes:
        """Decimals of a fixed scale are whole numbers of their last digit."""
        return self._scaled(data, Fraction(10 ** (getattr(data.dtype, "scale", 0) or 0)))

    def _scaled(self, data: pl.Series, factor: Fraction) -> Codes:
        """Whole numbers that are so many times the values the cells speak of."""
        moved = [(Fraction(key) * factor, after) for key, after in self._cuts()]
        cuts = _int64([math.floor(key) + 1 if after else math.ceil(key) for key, after in moved])
        if cuts is None:
            return self._exactly(data)
        narrow = data.to_physical().cast(pl.Int64, strict=False)
        outer = 1 if self._column.kind == "number" else 0
        codes: Codes = self._regions[outer + np.searchsorted(cuts, _filled(narrow, 0), side="right")]
        return self._wide(codes, narrow, data)

    def _wide(self, codes: Codes, narrow: pl.Series, data: pl.Series) -> Codes:
        """The codes, with those of numbers past 64 bits found one at a time."""
        if narrow.null_count() > data.null_count():
            wide = (narrow.is_null() & data.is_not_null()).to_numpy()
            codes[wide] = self._exactly(data.filter(pl.Series(wide)))
        return codes

    def _exactly(self, data: pl.Series) -> Codes:
        """The classes of numbers one at a time, rounded as FEEL does."""
        if self._column.kind != "number":
            raise NoClasses(f"the cells of {data.name} do not fit 64 bits")
        numbers = map(feel.from_python, data)
        found = [self._doubtful if n is None else self._regions[bisect_right(self._lookup.keys, n)] for n in numbers]
        return np.array(found, dtype=np.int32)

    def _cuts(self) -> list[Cut]:
        cells = [*self._column.cells, *self._column.allowed, *self._column.listed]
        mine = [i for cell in cells if cell.kind == self._column.kind for i in cell.intervals]
        return sorted({cut for interval in mine for cut in interval if cut is not None})

    def _strings(self, data: pl.Series) -> Codes:
        if data.dtype != pl.String and not isinstance(data.dtype, (pl.Categorical, pl.Enum)):
            raise NoClasses(f"the cells of {data.name} test strings, and the data are {data.dtype}")
        known = data.cast(pl.String).cast(pl.Enum(self._words), strict=False).to_physical().cast(pl.UInt32)
        return self._of_word.take(_filled(known, len(self._words)))

    def _booleans(self, data: pl.Series) -> Codes:
        if data.dtype != pl.Boolean:
            raise NoClasses(f"the cells of {data.name} test booleans, and the data are {data.dtype}")
        return self._of_truth.take(_filled(data.cast(pl.UInt8), 0))

    def _dates(self, data: pl.Series) -> Codes:
        if data.dtype != pl.Date:
            raise NoClasses(f"the cells of {data.name} test dates, and the data are {data.dtype}")
        year, month = data.dt.year().cast(pl.Int64), data.dt.month().cast(pl.Int64)
        values = _filled(year * 10_000 + month * 100 + data.dt.day(), 0)
        codes: Codes = self._regions[np.searchsorted(np.array(self._lookup.keys, dtype=np.int64), values, side="right")]
        return codes

    def _moments(self, data: pl.Series) -> Codes:
        """Dates and times are so many parts of a second since 1970: of UTC, or of the clock where there is no zone."""
        kind = data.dtype
        if not isinstance(kind, pl.Datetime) or kind.time_unit == "ns":
            raise NoClasses(f"the cells of {data.name} test dates and times, and the data are {kind}")
        if (kind.time_zone is None) != (self._column.kind == "local moment"):
            raise NoClasses(f"either the cells or the data of {data.name} have a time zone, and the others have none")
        return self._scaled(data, Fraction(1, 1_000 if kind.time_unit == "us" else 1_000_000))

    def _durations(self, data: pl.Series) -> Codes:
        if not isinstance(data.dtype, pl.Duration) or data.dtype.time_unit == "ns":
            raise NoClasses(f"the cells of {data.name} test days and times, and the data are {data.dtype}")
        return self._scaled(data, Fraction(1, 1_000 if data.dtype.time_unit == "us" else 1_000_000))


def _filled(data: pl.Series, value: float) -> NDArray[Any]:
    """The values as an array, with another value in place of null."""
    return (data.fill_null(value) if data.null_count() else data).to_numpy()


def _int64(cuts: list[int]) -> NDArray[np.int64] | None:
    """The cuts as an array; nothing where they do not fit."""
    limit = 1 << 62
    return None if any(abs(cut) > limit for cut in cuts) else np.array(cuts, dtype=np.int64)
