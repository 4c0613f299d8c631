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
from anyshore.kernel import cycles
from anyshore.kernel.counting import Counting, trial
from anyshore.kernel.cycles import ENDLESS, Round

if TYPE_CHECKING:
    from anyshore.feel import Expression
    from anyshore.kernel.turn import Calendars


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
        cycle: which round of a cycle that is; None for a timer that is due once.
    """

    due: int
    cycle: Round | None = None


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
) -> Schedule | None:
    """When a timer is due, seen from now; None for a cycle whose last round was before.

    A date that has passed is due at once. Of a cycle that began before, what was due is left out.

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


def stored(found: Schedule) -> dict[str, Any]:
    """What has to be kept with the wait of a timer, to find its next round."""
    cycle = found.cycle
    if cycle is None:
        return {}
    kept = {"left": cycle.left, "every": cycle.every, "begun": cycle.begun, "round": cycle.number}
    return kept if cycle.until is None else {**kept, "until": cycle.until}


def following(data: dict[str, Any], due: int, counting: Counting) -> Schedule | None:
    """When a cycle is due again; None where it has ended.

    Args:
        data: as ``stored`` gave it.
        due: when it was due, so that a late host does not shift the cycle.
        counting: what it counts by.

    Raises:
        ValueError: its business calendar is gone.
    """
    found = _restored(data, due)
    return _scheduled(cycles.following(counting, found)) if found is not None else None


def upcoming(data: dict[str, Any], due: int, now: int, counting: Counting) -> Schedule | None:
    """When a cycle is due again that nobody attended to; None where it has ended meanwhile.

    Args:
        data: as ``stored`` gave it.
        due: when it was due.
        now: microseconds since 1970 UTC.
        counting: what it counts by.

    Raises:
        ValueError: its business calendar is gone.
    """
    found = _restored(data, due)
    return _scheduled(cycles.upcoming(counting, found, now)) if found is not None else None


def _restored(data: dict[str, Any], due: int) -> Round | None:
    if "every" not in data:
        return None
    # An older wait does not say when its cycle began: it counts from its last round on.
    begun, number = data.get("begun", due), data.get("round", 0)
    return Round(due, begun, number, data["every"], data["left"], data.get("until"))


def _scheduled(found: Round | None) -> Schedule | None:
    return None if found is None else Schedule(found.due, found)


def _schedule(kind: str, value: Any, now: int, counting: Counting) -> Schedule | None:
    if kind == "date":
        return Schedule(counting.opened(_moment(value, counting.zone)))
    if kind == "duration":
        return Schedule(counting.add(now, str(value)))
    return _scheduled(_cycle(str(value), now, counting))


def _moment(value: Any, zone: str) -> int:
    if isinstance(value, Date):
        value = str(value)
    if isinstance(value, str):
        value = iso8601.moment(value)
    if not isinstance(value, DateTime):
        raise ValueError(f"not a date: {value!r}")
    return iso8601.storable(value.to_micros(zone))


def _cycle(text: str, now: int, counting: Counting) -> Round | None:
    match = iso8601.CYCLE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a cycle such as R3/PT10S: {text!r}")
    count = ENDLESS if match[1] in ("", "-1") else int(match[1])
    if count == 0:
        raise ValueError(f"a cycle of no repetition never fires: {text!r}")
    first, second = iso8601.halves(match[2])
    if not second or iso8601.DURATION.fullmatch(first):
        until = _moment(second, counting.zone) if second else None
        return cycles.first(counting, now, first, count, now, number=1, until=until)
    begun = counting.opened(_moment(first, counting.zone))
    every = (
        iso8601.repeated(first, second)
        if iso8601.DURATION.fullmatch(second)
        else _between(begun, _moment(second, counting.zone))
    )
    return cycles.first(counting, begun, every, count, now)


def _between(begin: int, end: int) -> str:
    """The interval from one moment to a later one, as ISO 8601 text."""
    seconds, micros = divmod(max(end - begin, 0), 1_000_000)
    return f"PT{seconds}.{micros:06}S"
