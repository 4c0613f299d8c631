"""Equality and order of values. Source: DMN 1.5, 10.3.2.13, tables 50 to 53."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyshore.base import temporal
from anyshore.base.temporal import NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel.run import Run
from anyshore.feel.values import Range

# Kinds whose Python equality is FEEL's.
PLAIN_EQUAL = frozenset((Decimal, str, bool, Date, DaysDuration, MonthsDuration))
_HOLDING = frozenset((list, dict, Range))
# Kinds whose Python order is FEEL's.
PLAIN_ORDER = frozenset((Decimal, str, Date, DaysDuration, MonthsDuration))


def equal(left: object, right: object, run: Run | None = None) -> bool | None:
    """``left = right``; None where the two are of different kinds. What it looks at is taken from a run's budget."""
    kind = type(left)
    if kind is type(right):
        if kind is str:
            return same_text(left, right, run)  # type: ignore[arg-type]
        if kind in PLAIN_EQUAL:
            return left == right
        if kind in _HOLDING:
            return _same_container(left, right, run, set())
        match left, right:
            case DateTime() | Time(), DateTime() | Time():
                if run is not None:
                    run.spend(_MOMENTS)
                return _same_moment(left, right)
        return left is right
    return False if left is None or right is None else None


_LONG = 12
"""Texts are compared 4,096 characters in about the time of a turn of a loop."""


_MOMENTS = 3
"""Turns of a loop that the comparison of two moments takes, as their zones tell their instants."""


def same_text(left: str, right: str, run: Run | None) -> bool:
    """Whether two strings are equal."""
    if run is not None and len(left) == len(right):
        run.spend(len(left) >> _LONG)
    return left == right


def _same_container(left: Any, right: Any, run: Run | None, same: set[tuple[int, int]]) -> bool:
    """Whether two lists, contexts or ranges are equal.

    Pairs found equal are remembered: one value may stand in many places.
    """
    if left is right:
        return True
    if isinstance(left, Range):
        if run is not None:
            run.spend()
        return _same_range(left, right, run, same)
    if run is not None:
        run.spend(len(left))
    if len(left) != len(right):
        return False
    if isinstance(left, dict):
        if left.keys() != right.keys():
            return False
        pairs = [(value, right[key]) for key, value in left.items()]
    else:
        pairs = list(zip(left, right, strict=True))
    return _same_pairs(pairs, run, same)


def _same_pairs(pairs: Iterable[tuple[Any, Any]], run: Run | None, same: set[tuple[int, int]]) -> bool:
    for a, b in pairs:
        kind = type(a)
        if kind not in _HOLDING:
            if equal(a, b, run) is not True:
                return False
            continue
        pair = (id(a), id(b))
        if pair in same:
            continue
        if kind is not type(b) or not _same_container(a, b, run, same):
            return False
        same.add(pair)
    return True


def _same_moment(left: DateTime | Time, right: DateTime | Time) -> bool:
    # Equality looks at whole seconds: the value of a time is made of hour, minute, second and offset (10.3.2.3.5).
    return left.is_local == right.is_local and left.instant // NANOS == right.instant // NANOS


def _same_range(left: Range, right: Range, run: Run | None, same: set[tuple[int, int]]) -> bool:
    return (
        left.operator == right.operator
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and _same_pairs(((left.start, right.start), (left.end, right.end)), run, same)
    )


def order(left: object, right: object, run: Run | None = None) -> int | None:
    """Negative, zero or positive as left is below, at or above right; None where the two cannot be compared.

    Long strings are compared under the budget of a run.
    """
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is str and run is not None:
        run.spend(min(len(left), len(right)) >> _LONG)  # type: ignore[arg-type]
    if kind in PLAIN_ORDER:
        return (left > right) - (left < right)  # type: ignore[operator, no-any-return]
    if isinstance(left, (DateTime, Time)) and isinstance(right, (DateTime, Time)):
        if run is not None:
            run.spend(_MOMENTS)
        return temporal.compare(left, right)
    return None


def within(value: object, bounds: Range, run: Run | None = None) -> bool | None:
    """``value in bounds``; None where they cannot be compared."""
    if bounds.operator in ("=", "!="):
        same = equal(value, bounds.start, run)
        return same if same is None or bounds.operator == "=" else not same
    if not bounds.operator and (bounds.start is None or bounds.end is None):
        return None  # the comparison with an end written as null is null (table 55)
    if bounds.start is not None:
        low = order(value, bounds.start, run)
        if low is None:
            return None
        if low < 0 or (low == 0 and not bounds.start_included):
            # Still null if the other end is of another kind: a range has one kind of ends, so it is not.
            return False
    if bounds.end is not None:
        high = order(value, bounds.end, run)
        if high is None:
            return None
        return high < 0 or (high == 0 and bounds.end_included)
    return bounds.start is not None or None


def matches(value: object, test: object, run: Run | None = None) -> bool | None:
    """``value in test`` for a test that is a value: within a range, in a list, or equal (10.3.2.13, table 55)."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return within(value, test, run)
    if isinstance(test, list):
        for item in test:
            if isinstance(item, Range) and within(value, item, run) is True:
                return True
            if equal(value, item, run) is True:
                return True
        return equal(value, test, run) is True
    return equal(value, test, run)
