"""Durations and repeating intervals as ISO 8601 writes them, counted on the calendar of a time zone.

FEEL's durations are of one kind each, days or months; ISO 8601 has weeks, and both kinds in one text. Moments are
microseconds since 1970 UTC.
"""

from __future__ import annotations

import re

from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration

DURATION = re.compile(
    r"(-?)P(?=.)((?:\d+Y)?(?:\d+M)?)((?:\d+W)?)((?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d*)?S)?)?)"
)
"""Groups: the sign; years and months; weeks; days and time."""

CYCLE = re.compile(r"R(-1|[0-9]*)/(.+)")
"""Groups: how often (nothing or -1 for ever); the interval, with a beginning or an end where it has one."""

LATEST = 2**63 - 1
"""The latest moment there is: what every store can hold."""


def later(at: int, duration: str, zone: str) -> int:
    """A moment plus a duration. Months, weeks and days keep the time of day across a clock change; hours are hours.

    Raises:
        ValueError: the text is no duration, or leads past what can be stored.
    """
    match = DURATION.fullmatch(duration)
    if match is None:
        raise ValueError(f"not a duration: {duration!r}")
    sign, months, weeks, rest = match.groups()
    days, _, time = rest.partition("T")
    moment = DateTime.from_micros(at, zone)
    if months:
        moment = moment.plus_months(MonthsDuration.parse(f"{sign}P{months}").months)
    if weeks or days:
        count = 7 * int(weeks[:-1] or 0) + int(days[:-1] or 0)
        moment = DateTime(Date.from_ordinal(moment.date.ordinal + (-count if sign else count)), moment.time)
    if time:
        moment = moment.plus(DaysDuration.parse(f"{sign}PT{time}"))
    return storable(moment.to_micros(zone))


def next_time(at: int, interval: str, zone: str) -> int:
    """The next time of a repeating interval.

    Raises:
        ValueError: as for :func:`later`, or the interval takes no time, so that it would never end.
    """
    return after(at, later(at, interval, zone), interval)


def after(at: int, found: int, interval: str) -> int:
    """The next time found for a repeating interval, which must come later.

    Raises:
        ValueError: it does not.
    """
    if found <= at:
        raise ValueError(f"a cycle that would never end, because its interval {interval!r} takes no time")
    return found


def storable(moment: int) -> int:
    """The moment itself.

    Raises:
        ValueError: no store could hold it.
    """
    if abs(moment) > LATEST:
        raise ValueError("further away than the year 292277")
    return moment
