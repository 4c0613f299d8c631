"""What stands behind the dot of a value that is not a context. Source: DMN 1.5, 10.3.2.15, table 65."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from anyshore.base.decimals import CONTEXT
from anyshore.base.temporal import NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel.values import Range

_BILLION = Decimal(NANOS)


def _seconds(whole: int, nanoseconds: int) -> Decimal:
    return Decimal(whole) if not nanoseconds else CONTEXT.divide(Decimal(whole * NANOS + nanoseconds), _BILLION)


def _offset(value: DateTime | Time) -> DaysDuration | None:
    offset = value.utc_offset
    return None if offset is None else DaysDuration.of(seconds=offset)


def _part(unit: int, modulus: int) -> Callable[[DaysDuration], Decimal]:
    """One part of a duration; all parts of a negative one are negative."""

    def part(value: DaysDuration) -> Decimal:
        amount = abs(value.nanoseconds) // (unit * NANOS) % modulus
        return Decimal(-amount if value.nanoseconds < 0 else amount)

    return part


def _duration_seconds(value: DaysDuration) -> Decimal:
    whole, nanos = divmod(abs(value.nanoseconds), NANOS)
    seconds = _seconds(whole % 60, nanos)
    return -seconds if value.nanoseconds < 0 and seconds else seconds


def _signed(amount: int, months: int) -> Decimal:
    return Decimal(-amount if months < 0 else amount)


_DATE: Mapping[str, Callable[[Any], object]] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}
_TIME: Mapping[str, Callable[[Any], object]] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: _seconds(time.second, time.nanosecond),
    "time offset": _offset,
    "timezone": lambda time: time.zone,
}


def _of(part: str, read: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda value: read(getattr(value, part))


PROPERTIES: Mapping[type, Mapping[str, Callable[[Any], object]]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of("date", read) for name, read in _DATE.items()},
        **{name: _of("time", read) for name, read in _TIME.items()},
        "time offset": _offset,
    },
    DaysDuration: {
        "days": _part(86_400, 10**30),
        "hours": _part(3600, 24),
        "minutes": _part(60, 60),
        "seconds": _duration_seconds,
    },
    MonthsDuration: {
        "years": lambda value: _signed(abs(value.months) // 12, value.months),
        "months": lambda value: _signed(abs(value.months) % 12, value.months),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
