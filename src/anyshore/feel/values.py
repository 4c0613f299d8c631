"""The values only FEEL has: ranges and functions, and the way between Python's values and FEEL's.

FEEL values are ``None``, ``bool``, ``str``, `decimal.Decimal`, the temporal values, ``list``, ``dict`` with text keys,
`Range` and `Function`.
"""

from __future__ import annotations

import datetime as python
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anyshore.base import sizes
from anyshore.base.decimals import CONTEXT
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time

if TYPE_CHECKING:
    from anyshore.feel.run import Run


@dataclass(frozen=True, slots=True)
class Range(sizes.Composite):
    """Values between two ends; an end that is None is open.

    Attributes:
        start: the lower end.
        end: the upper end.
        start_included: whether the lower end itself is in the range.
        end_included: whether the upper end itself is.
        operator: how it was written if by one end only, as ``<=`` in ``(<= 10)``. Such a range never equals one
            written with two ends (10.3.2.13), and ``!=`` has no other form.
    """

    start: object
    end: object
    start_included: bool
    end_included: bool
    operator: str = ""

    @classmethod
    def by_operator(cls, operator: str, end: object) -> Range:
        """The range of ``(< end)`` and its kin."""
        upwards, both = operator in (">", ">="), operator in ("=", "!=")
        return cls(
            end if upwards or both else None,
            None if upwards else end,
            operator in (">=", "="),
            operator in ("<=", "="),
            operator,
        )

    def parts(self) -> Iterable[object]:
        """Its ends."""
        return (self.start, self.end)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter of a function.

    Attributes:
        name: for named arguments.
        type: a `FeelType` arguments are converted to, or None for any.
    """

    name: str
    type: object = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value. Two functions are equal only if they are the same one.

    Attributes:
        name: for messages, empty for a lambda.
        parameters: in order.
        body: called with the run and one argument per parameter, already converted; returns a FEEL value.
        result: a `FeelType` the result is converted to, or None for any.
        inferred: tells the type of the result where none is written, for ``instance of``.
    """

    name: str
    parameters: Sequence[Parameter]
    body: Callable[[Run, Sequence[object]], object]
    result: object = None
    inferred: Callable[[], object] | None = None


def number(value: object) -> Decimal | None:
    """A number rounded to FEEL's 34 digits, or None if it is past its range or not a number."""
    try:
        result = CONTEXT.create_decimal(repr(value) if isinstance(value, float) else value)  # type: ignore[arg-type]
    except (DecimalException, ValueError):
        return None
    return result if result.is_finite() else None


def from_python(value: object) -> object:
    """The FEEL value of a Python value: numbers become decimals, ``datetime``'s types the temporal values.

    Raises:
        TypeError: FEEL has no such value.
        ValueError: FEEL has no such time, as one with an offset of 20 hours.
        TooLargeError: it is larger than an evaluation may be given.
    """
    if isinstance(value, _HOLDING):
        sizes.check(value, sizes.EVALUATED)
    return _from_python(value)


_HOLDING = (Mapping, list, tuple, set, frozenset)


def _from_python(value: object) -> object:
    match value:
        case (
            None
            | bool()
            | str()
            | Date()
            | Time()
            | DateTime()
            | DaysDuration()
            | MonthsDuration()
            | Range()
            | Function()
        ):
            return value
        case int() | float() | Decimal():
            return number(value)
        case Mapping():
            return {str(key): _from_python(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_from_python(item) for item in value]
        case python.datetime():
            return DateTime(_from_python(value.date()), _time_of(value))  # type: ignore[arg-type]
        case python.date():
            return Date(value.year, value.month, value.day)
        case python.time():
            return _time(value)
        case python.timedelta():
            return DaysDuration((value.days * 86_400 + value.seconds) * 1_000_000_000 + value.microseconds * 1000)
    raise TypeError(f"FEEL has no value for {type(value).__name__}")


def _time_of(value: python.datetime) -> Time:
    """The time of day. A clock shows an hour twice when summer ends, and only the offset can tell the second one."""
    clock = value.timetz()
    if value.fold and value.utcoffset() != value.replace(fold=0).utcoffset():
        clock = clock.replace(tzinfo=python.timezone(value.utcoffset() or python.timedelta()))
    return _time(clock)


def _time(value: python.time) -> Time:
    parts = (value.hour, value.minute, value.second, value.microsecond * 1000)
    key = getattr(value.tzinfo, "key", None)
    if key is not None:
        return Time(*parts, None, key)
    offset = value.utcoffset()
    return Time(*parts, None if offset is None else int(offset.total_seconds()))


def to_python(value: object) -> object:
    """The plain Python value: ``datetime``'s types where they can hold the value, else its ISO 8601 text.

    Whole numbers become ``int``, other numbers stay ``Decimal``; ranges and functions become their text.

    Raises:
        TooLargeError: it is larger than an evaluation may give.
    """
    if isinstance(value, (list, dict, Range)):
        sizes.check(value, sizes.EVALUATED)
    return _to_python(value)


def _to_python(value: object) -> object:
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() and value.adjusted() < 40 else value
        case list():
            return [_to_python(item) for item in value]
        case dict():
            return {key: _to_python(item) for key, item in value.items()}
        case DaysDuration() if value.nanoseconds % 1000 == 0 and abs(value.nanoseconds) < 10**9 * 86_400_000_000_000:
            return python.timedelta(microseconds=value.nanoseconds // 1000)
        case Date() | DateTime() | Time():
            try:
                return _to_datetime(value)
            except ValueError:
                return str(value)
    return str(value)


def _to_datetime(value: Date | DateTime | Time) -> python.date | python.time:
    text = str(value)
    if isinstance(value, Date):
        return python.date.fromisoformat(text)
    time = value if isinstance(value, Time) else value.time
    if time.nanosecond % 1000:
        raise ValueError("Python's times end at microseconds")
    plain = text.partition("@")[0]
    kind = python.time if isinstance(value, Time) else python.datetime
    read: python.time | python.datetime = kind.fromisoformat(plain)
    if time.zone is None:
        return read
    return read.replace(tzinfo=ZoneInfo(time.zone))
