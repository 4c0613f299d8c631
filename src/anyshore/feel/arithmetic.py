"""Arithmetic on values that are not both numbers, by their kinds. Source: DMN 1.5, 10.3.2.14, tables 57 to 62."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from anyshore.base.decimals import CONTEXT
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time

Operation = Callable[[Any, Any], object]
Operations = Mapping[tuple[type, type], Operation]

_MIDNIGHT = Time(0, 0, 0, 0, 0)
_ONE = Decimal(1)
_MAX_EXPONENT = 999_999_999


class Incompatible(ValueError):
    """Two values of the right kinds that still have no result."""


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """``base ** exponent``, with 1 for ``0 ** 0``; exponents reach ±999,999,999 (table 60)."""
    if not -_MAX_EXPONENT <= exponent <= _MAX_EXPONENT:
        raise Incompatible("an exponent lies between -999,999,999 and 999,999,999")
    if not base and exponent < 0:
        raise ZeroDivisionError("division by zero")
    return CONTEXT.power(base, exponent) if exponent else _ONE


def _difference(left: DateTime, right: DateTime) -> DaysDuration:
    if left.is_local != right.is_local:
        raise Incompatible("only one of the two has a time zone")
    return DaysDuration(left.instant - right.instant)


def _time_difference(left: Time, right: Time) -> DaysDuration:
    if left.is_local != right.is_local:
        raise Incompatible("only one of the two has a time zone")
    return DaysDuration(left.instant - right.instant)


def _plus_days(date: Date, duration: DaysDuration) -> Date:
    # A date counts as its midnight; what remains of the day after adding is dropped (table 58).
    return DateTime(date, _MIDNIGHT).plus(duration).date


def _scaled(amount: int, factor: Decimal) -> int:
    if factor.adjusted() > 40:
        raise Incompatible("the duration is longer than the calendar")
    if factor.adjusted() < -60:
        return 0
    return int(amount * Fraction(factor))


def _divided(amount: int, divisor: Decimal) -> int:
    if not divisor:
        raise ZeroDivisionError("division by zero")
    if divisor.adjusted() < -60:
        raise Incompatible("the duration is longer than the calendar")
    return 0 if divisor.adjusted() > 60 else int(Fraction(amount) / Fraction(divisor))


def _ratio(left: int, right: int) -> Decimal:
    if not right:
        raise ZeroDivisionError("division by zero")
    return CONTEXT.divide(Decimal(left), Decimal(right))


def _negative(duration: DaysDuration) -> DaysDuration:
    return DaysDuration(-duration.nanoseconds)


def _both_ways(operations: dict[tuple[type, type], Operation]) -> Operations:
    """The table with every pair of different kinds the other way round too."""
    turned: dict[tuple[type, type], Operation] = {
        (right, left): (lambda a, b, operation=operation: operation(b, a))  # type: ignore[misc]
        for (left, right), operation in operations.items()
        if left is not right
    }
    return {**turned, **operations}


_ADD = _both_ways({
    (Decimal, Decimal): CONTEXT.add,
    (str, str): lambda a, b: a + b,
    (DateTime, MonthsDuration): lambda a, b: a.plus_months(b.months),
    (DateTime, DaysDuration): lambda a, b: a.plus(b),
    (Date, MonthsDuration): lambda a, b: a.plus_months(b.months),
    (Date, DaysDuration): _plus_days,
    (Time, DaysDuration): lambda a, b: a.plus(b),
    (DaysDuration, DaysDuration): lambda a, b: DaysDuration(a.nanoseconds + b.nanoseconds),
    (MonthsDuration, MonthsDuration): lambda a, b: MonthsDuration(a.months + b.months),
})  # fmt: skip
_SUBTRACT: Operations = {
    (Decimal, Decimal): CONTEXT.subtract,
    (DateTime, DateTime): _difference,
    (Date, DateTime): lambda a, b: _difference(DateTime(a, _MIDNIGHT), b),
    (DateTime, Date): lambda a, b: _difference(a, DateTime(b, _MIDNIGHT)),
    (Date, Date): lambda a, b: DaysDuration.of(days=a.ordinal - b.ordinal),
    (Time, Time): _time_difference,
    (DateTime, MonthsDuration): lambda a, b: a.plus_months(-b.months),
    (DateTime, DaysDuration): lambda a, b: a.plus(_negative(b)),
    (Date, MonthsDuration): lambda a, b: a.plus_months(-b.months),
    (Date, DaysDuration): lambda a, b: _plus_days(a, _negative(b)),
    (Time, DaysDuration): lambda a, b: a.plus(_negative(b)),
    (DaysDuration, DaysDuration): lambda a, b: DaysDuration(a.nanoseconds - b.nanoseconds),
    (MonthsDuration, MonthsDuration): lambda a, b: MonthsDuration(a.months - b.months),
}
_MULTIPLY = _both_ways({
    (Decimal, Decimal): CONTEXT.multiply,
    (DaysDuration, Decimal): lambda a, b: DaysDuration(_scaled(a.nanoseconds, b)),
    (MonthsDuration, Decimal): lambda a, b: MonthsDuration(_scaled(a.months, b)),
})  # fmt: skip
_DIVIDE: Operations = {
    (Decimal, Decimal): CONTEXT.divide,
    (DaysDuration, Decimal): lambda a, b: DaysDuration(_divided(a.nanoseconds, b)),
    (MonthsDuration, Decimal): lambda a, b: MonthsDuration(_divided(a.months, b)),
    (DaysDuration, DaysDuration): lambda a, b: _ratio(a.nanoseconds, b.nanoseconds),
    (MonthsDuration, MonthsDuration): lambda a, b: _ratio(a.months, b.months),
}

OPERATIONS: Mapping[str, Operations] = {
    "+": _ADD,
    "-": _SUBTRACT,
    "*": _MULTIPLY,
    "/": _DIVIDE,
    "**": {(Decimal, Decimal): power},
}
"""Operator → kinds of the operands → what to do. Raises ValueError or ArithmeticError where there is no result."""
