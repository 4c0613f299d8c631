"""Equality and order of values. Source: DMN 1.5, 10.3.2.13, tables 50 to 53."""

from __future__ import annotations

from decimal import Decimal

from anyshore.base import temporal
from anyshore.base.temporal import NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel.values import Range

# Kinds whose Python equality is FEEL's.
PLAIN_EQUAL = frozenset((Decimal, str, bool, Date, DaysDuration, MonthsDuration))
# Kinds whose Python order is FEEL's.
PLAIN_ORDER = frozenset((Decimal, str, Date, DaysDuration, MonthsDuration))


def equal(left: object, right: object) -> bool | None:
    """``left = right``; None where the two are of different kinds."""
    kind = type(left)
    if kind is type(right):
        if kind in PLAIN_EQUAL:
            return left == right
        match left, right:
            case list(), list():
                return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
            case dict(), dict():
                return left.keys() == right.keys() and all(equal(value, right[key]) for key, value in left.items())
            case DateTime() | Time(), DateTime() | Time():
                return _same_moment(left, right)
            case Range(), Range():
                return _same_range(left, right)
        return left is right
    return False if left is None or right is None else None


def _same_moment(left: DateTime | Time, right: DateTime | Time) -> bool:
    # Equality looks at whole seconds: the value of a time is made of hour, minute, second and offset (10.3.2.3.5).
    return left.is_local == right.is_local and left.instant // NANOS == right.instant // NANOS


def _same_range(left: Range, right: Range) -> bool:
    return (
        left.operator == right.operator
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and equal(left.start, right.start) is True
        and equal(left.end, right.end) is True
    )


def order(left: object, right: object) -> int | None:
    """Negative, zero or positive as left is below, at or above right; None where the two cannot be compared."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in PLAIN_ORDER:
        return (left > right) - (left < right)  # type: ignore[operator, no-any-return]
    if isinstance(left, (DateTime, Time)) and isinstance(right, (DateTime, Time)):
        return temporal.compare(left, right)
    return None


def within(value: object, bounds: Range) -> bool | None:
    """``value in bounds``; None where they cannot be compared."""
    if bounds.operator in ("=", "!="):
        same = equal(value, bounds.start)
        return same if same is None or bounds.operator == "=" else not same
    if bounds.start is not None:
        low = order(value, bounds.start)
        if low is None:
            return None
        if low < 0 or (low == 0 and not bounds.start_included):
            # Still null if the other end is of another kind: a range has one kind of ends, so it is not.
            return False
    if bounds.end is not None:
        high = order(value, bounds.end)
        if high is None:
            return None
        return high < 0 or (high == 0 and bounds.end_included)
    return bounds.start is not None or None


def matches(value: object, test: object) -> bool | None:
    """``value in test`` for a test that is a value: within a range, in a list, or equal (10.3.2.13, table 55)."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return within(value, test)
    if isinstance(test, list):
        for item in test:
            if isinstance(item, Range) and within(value, item) is True:
                return True
            if equal(value, item) is True:
                return True
        return equal(value, test) is True
    return equal(value, test)
