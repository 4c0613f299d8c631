"""The cell of a decision table in a normal form that can be indexed and compared: a set of half-open intervals, or a
set of points, over values of one kind.

A bound of an interval is a *cut*: ``(key, 0)`` stands just before the key, ``(key, 1)`` just after it. ``[1..5)`` is
thus the cuts ``(1, 0)`` to ``(5, 0)``, and ``> 3`` runs from ``(3, 1)`` without an end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel.types import (
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NUMBER,
    STRING,
    TIME,
    FeelType,
)

Kind: TypeAlias = Literal[
    "number", "string", "boolean", "date", "days", "months", "moment", "local moment", "time", "local time"
]
"""Dates and times, and times, with an offset or zone are ordered by their instant, those without by their clock; how
one stands to one of the other sort no cut can say (DMN 1.5, 10.3.2.13, table 54), so they are kinds of their own.
"""
Cut: TypeAlias = tuple[Any, int]
Interval: TypeAlias = tuple[Cut | None, Cut | None]

KIND_OF: dict[type, Kind] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    Date: "date",
    DaysDuration: "days",
    MonthsDuration: "months",
}
TYPE_OF: dict[Kind, FeelType] = {
    "number": NUMBER, "string": STRING, "boolean": BOOLEAN, "date": DATE, "days": DAYS_DURATION,
    "months": MONTHS_DURATION, "moment": DATE_AND_TIME, "local moment": DATE_AND_TIME, "time": TIME, "local time": TIME,
}  # fmt: skip
SCALARS = frozenset(TYPE_OF.values())
# The kind of all values of a type, where the type has one.
KIND_OF_TYPE: dict[FeelType, Kind] = {TYPE_OF[kind]: kind for kind in KIND_OF.values()}
# Kinds that have an order, and the key by which it goes.
KEYS: dict[Kind, Callable[[Any], Any]] = {
    "number": lambda value: value,
    "date": lambda value: value.year * 10_000 + value.month * 100 + value.day,
    "days": lambda value: value.nanoseconds,
    "months": lambda value: value.months,
    **dict.fromkeys(("moment", "local moment", "time", "local time"), lambda value: value.instant),
}


def kind_of(value: object) -> Kind | None:
    """The kind of a value; nothing for null, lists and whatever else no cell tests by itself."""
    kind = KIND_OF.get(type(value))
    if kind is None and isinstance(value, (DateTime, Time)):
        kind = "moment" if isinstance(value, DateTime) else "time"
        if value.is_local:
            kind = "local moment" if kind == "moment" else "local time"
    return kind


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell lets through.

    Attributes:
        kind: of the values it tests; nothing for ``-``, for a cell that asks for null alone, and where there is no
            normal form.
        intervals: disjoint and in order, for kinds with an order.
        points: for kinds without.
        inverse: lets through what is *not* among the points; without a kind, everything but null.
        null: whether ``null`` is let through.
        names_null: whether it says ``null``.
        known: false for a cell that only FEEL can evaluate.
    """

    kind: Kind | None = None
    intervals: tuple[Interval, ...] = ()
    points: frozenset[object] = frozenset()
    inverse: bool = False
    null: bool = False
    names_null: bool = False
    known: bool = True

    @property
    def any(self) -> bool:
        """Whether it lets everything through, as ``-`` does."""
        return self.known and self.kind is None and self.inverse and self.null

    def admits(self, value: object) -> bool:
        """Whether a value of the cell's kind, or null, is let through."""
        if value is None:
            return self.null
        if self.kind is None:
            return self.inverse
        if self.kind in KEYS:
            return any(_inside((KEYS[self.kind](value), 0), interval) for interval in self.intervals)
        return (value in self.points) != self.inverse


ANY = Cell(inverse=True, null=True)
UNKNOWN = Cell(known=False)


def _inside(cut: Cut, interval: Interval) -> bool:
    low, high = interval
    return (low is None or low <= cut) and (high is None or cut < high)


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Disjoint, ordered intervals that cover the same values."""
    ordered = sorted(
        (i for i in intervals if i[0] is None or i[1] is None or i[0] < i[1]),
        key=lambda i: (i[0] is not None, i[0] or (0, 0)),
    )
    merged: list[Interval] = []
    for low, high in ordered:
        if merged:
            before_low, before_high = merged[-1]
            if before_high is None:
                break
            if low is None or low <= before_high:
                merged[-1] = (before_low, None if high is None else max(before_high, high))
                continue
        merged.append((low, high))
    return tuple(merged)


def complement(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """What disjoint, ordered intervals leave out."""
    found: list[Interval] = []
    start: Cut | None = None
    open_start = True
    for low, high in intervals:
        if low is not None and (open_start or start is not None):
            found.append((start, low))
        open_start = False
        start = high
        if high is None:
            return tuple(found)
    found.append((start, None))
    return tuple(found)
