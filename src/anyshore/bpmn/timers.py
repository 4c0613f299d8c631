"""When a timer is due: a date, a duration or a cycle, from ISO 8601 text or a FEEL value.

All arithmetic is on the calendar of the command's time zone, so that a month or a day across a clock change is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration

if TYPE_CHECKING:
    from anyshore.feel import Expression

_DURATION = re.compile(
    r"(-?)P(?=.)((?:\d+Y)?(?:\d+M)?)((?:\d+W)?)((?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d*)?S)?)?)"
)
_CYCLE = re.compile(r"R(-1|\d*)/(.+)")
ENDLESS = -1
"""Count of a cycle that never ends."""


@dataclass(slots=True, eq=False)
class Timer:
    """A timer as written.

    Attributes:
        kind: ``date``, ``duration`` or ``cycle``.
        text: ISO 8601 text; None where an expression computes it.
        expression: computes the date, duration or cycle.
    """

    kind: str
    text: str | None = None
    expression: Expression | None = None


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
    return bool(_CYCLE.fullmatch(text) or _DURATION.fullmatch(text) or re.match(r"\d{4}-\d\d-\d\d", text))


def problem(kind: str, text: str) -> str | None:
    """What is wrong with a literal timer; None where nothing is."""
    try:
        _schedule(kind, text, 0, "UTC")
    except ValueError as error:
        return str(error)
    return None


def schedule(timer: Timer, now: int, zone: str, evaluate: Callable[[Expression], Any]) -> Schedule:
    """When a timer is due, seen from now.

    Args:
        timer: the timer.
        now: microseconds since 1970 UTC.
        zone: IANA zone of dates without an offset.
        evaluate: computes an expression.

    Raises:
        ValueError: the value is no date, duration or cycle.
    """
    value = timer.text if timer.expression is None else evaluate(timer.expression)
    return _schedule(timer.kind, value, now, zone)


def following(data: dict[str, Any], due: int, zone: str) -> Schedule | None:
    """When a cycle is due again; None where it has ended.

    Args:
        data: ``left``, ``every`` and ``until`` as they were stored with the wait.
        due: when it was due, so that a late host does not shift the cycle.
        zone: IANA zone of the calendar.
    """
    left = data.get("left", 0)
    if not left:
        return None
    after = add(due, data["every"], zone)
    until = data.get("until")
    if until is not None and after > until:
        return None
    return Schedule(after, left if left == ENDLESS else left - 1, data["every"], until)


def add(at: int, duration: str, zone: str) -> int:
    """A moment plus an ISO 8601 duration, on the calendar of a zone.

    Raises:
        ValueError: the text is no duration.
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise ValueError(f"not a duration: {duration!r}")
    sign, months, weeks, days = match.groups()
    moment = DateTime.from_micros(at, zone)
    if months:
        moment = moment.plus_months(MonthsDuration.parse(f"{sign}P{months}").months)
    if weeks:
        moment = moment.plus_months(0).plus(DaysDuration.of(days=(-7 if sign else 7) * int(weeks[:-1])))
    if days:
        moment = moment.plus(DaysDuration.parse(f"{sign}P{days}"))
    return moment.to_micros(zone)


def _schedule(kind: str, value: Any, now: int, zone: str) -> Schedule:
    if kind == "date":
        return Schedule(_moment(value, zone))
    if kind == "duration":
        return Schedule(add(now, str(value), zone))
    return _cycle(str(value), now, zone)


def _moment(value: Any, zone: str) -> int:
    if isinstance(value, Date):
        value = str(value)
    if isinstance(value, str):
        value = DateTime.parse(value)
    if not isinstance(value, DateTime):
        raise ValueError(f"not a date: {value!r}")
    return value.to_micros(zone)


def _cycle(text: str, now: int, zone: str) -> Schedule:
    match = _CYCLE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a cycle such as R3/PT10S: {text!r}")
    count = ENDLESS if match[1] in ("", "-1") else int(match[1])
    if count == 0:
        raise ValueError(f"a cycle of no repetition never fires: {text!r}")
    first, _, second = match[2].partition("/")
    left = count if count == ENDLESS else count - 1
    if not second:
        return Schedule(add(now, first, zone), left, first)
    if _DURATION.fullmatch(first):
        return Schedule(add(now, first, zone), left, first, _moment(second, zone))
    add(now, second, zone)
    return Schedule(_moment(first, zone), left, second)
