"""When a timer is due: a date, a duration or a cycle, from ISO 8601 text or a FEEL value.

All arithmetic is on the calendar of the command's time zone, so that a month or a day across a clock change is right.
Where a timer names a business calendar, days are business days, hours and less are business time, and a date that is
closed is the next moment that is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anyshore.base import iso8601
from anyshore.base.temporal import Date, DateTime
from anyshore.kernel.counting import Counting, trial

if TYPE_CHECKING:
    from anyshore.feel import Expression
    from anyshore.kernel.turn import Calendars

ENDLESS = -1
"""Count of a cycle that never ends."""


@dataclass(slots=True, eq=False)
class Timer:
    """A timer as written.

    Attributes:
        kind: ``date``, ``duration`` or ``cycle``.
        text: ISO 8601 text; None where an expression computes it.
        expression: computes the date, duration or cycle.
        calendar: name of the business calendar it counts by; empty for none.
    """

    kind: str
    text: str | None = None
    expression: Expression | None = None
    calendar: str = ""


@dataclass(slots=True)
class Schedule:
    """When a timer is due.

    Attributes:
        due: microseconds since 1970 UTC.
        left: how many times it is due after that; ``ENDLESS`` for ever.
        every: the interval of a cycle as ISO 8601 text.
        until: end of a cycle, microseconds.
    """

    due: int
    left: int = 0
    every: str | None = None
    until: int | None = None


def is_literal(text: str) -> bool:
    """Whether a timer's text is ISO 8601 and no expression."""
    return bool(
        iso8601.CYCLE.fullmatch(text)
        or iso8601.DURATION.fullmatch(text)
        or re.match(r"\d{4}-\d\d-\d\d", text)
        or iso8601.is_moment(text)
    )


def problem(kind: str, text: str, calendar: str = "") -> str | None:
    """What is wrong with a literal timer; None where nothing is."""
    try:
        _schedule(kind, text, 0, trial(calendar))
    except ValueError as error:
        return str(error)
    return None


def schedule(
    timer: Timer, now: int, zone: str, calendars: Calendars, evaluate: Callable[[Expression], Any]
) -> Schedule:
    """When a timer is due, seen from now.

    Args:
        timer: the timer.
        now: microseconds since 1970 UTC.
        zone: IANA zone of dates without an offset.
        calendars: business calendars, by name.
        evaluate: computes an expression.

    Raises:
        ValueError: the value is no date, duration or cycle.
    """
    value = timer.text if timer.expression is None else evaluate(timer.expression)
    return _schedule(timer.kind, value, now, Counting(zone, timer.calendar, calendars))


def following(data: dict[str, Any], due: int, counting: Counting) -> Schedule | None:
    """When a cycle is due again; None where it has ended.

    Args:
        data: ``left``, ``every`` and ``until`` as they were stored with the wait.
        due: when it was due, so that a late host does not shift the cycle.
        counting: what it counts by.

    Raises:
        ValueError: its business calendar is gone.
    """
    left = data.get("left", 0)
    if not left:
        return None
    after = counting.add(due, data["every"])
    until = data.get("until")
    if until is not None and after > until:
        return None
    return Schedule(after, left if left == ENDLESS else left - 1, data["every"], until)


def _schedule(kind: str, value: Any, now: int, counting: Counting) -> Schedule:
    if kind == "date":
        return Schedule(counting.opened(_moment(value, counting.zone)))
    if kind == "duration":
        return Schedule(counting.add(now, str(value)))
    return _cycle(str(value), now, counting)


def _moment(value: Any, zone: str) -> int:
    if isinstance(value, Date):
        value = str(value)
    if isinstance(value, str):
        value = iso8601.moment(value)
    if not isinstance(value, DateTime):
        raise ValueError(f"not a date: {value!r}")
    return iso8601.storable(value.to_micros(zone))


def _cycle(text: str, now: int, counting: Counting) -> Schedule:
    match = iso8601.CYCLE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a cycle such as R3/PT10S: {text!r}")
    count = ENDLESS if match[1] in ("", "-1") else int(match[1])
    if count == 0:
        raise ValueError(f"a cycle of no repetition never fires: {text!r}")
    first, second = iso8601.halves(match[2])
    left = count if count == ENDLESS else count - 1
    if not second:
        return Schedule(counting.again(now, first), left, first)
    if iso8601.DURATION.fullmatch(first):
        return Schedule(counting.again(now, first), left, first, _moment(second, counting.zone))
    begin = counting.opened(_moment(first, counting.zone))
    every = (
        iso8601.repeated(first, second)
        if iso8601.DURATION.fullmatch(second)
        else _between(begin, _moment(second, counting.zone))
    )
    counting.again(begin, every)
    return Schedule(begin, left, every)


def _between(begin: int, end: int) -> str:
    """The interval from one moment to a later one, as ISO 8601 text."""
    seconds, micros = divmod(max(end - begin, 0), 1_000_000)
    return f"PT{seconds}.{micros:06}S"
