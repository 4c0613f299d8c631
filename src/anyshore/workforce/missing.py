"""Whole days that lack in counts: an exchange that was down, a sheet that was lost.

A day without any count is taken to be one that lacks where most of the same weekdays around it have counts; else it is
a day on which nothing is open. What lacks is filled in from the weeks on both sides, so that the weeks to come are not
forecast from fewer of them, and is told, so that nobody takes it for counted.
"""

from __future__ import annotations

import statistics
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from anyshore.workforce.counts import DAY, Counts

AROUND = 4
"""Weeks looked at on each side to tell whether a day is usually open."""
TAKEN = 2
"""Weeks with a count on each side whose mean fills an interval."""
_WEEK = timedelta(weeks=1)


def days(counts: Counts, closed: Collection[date] = ()) -> list[date]:
    """The days between the first and the last count that lack, in order.

    Args:
        counts: what came.
        closed: days known to be without work, for example holidays: they do not lack.
    """
    known = {start.date() for start in counts.values}
    if not known:
        return []
    first, last = min(known), max(known)
    every = (first + timedelta(days=number) for number in range((last - first).days))
    return [day for day in every if day not in known and day not in closed and _open(day, known, closed, first, last)]


def _open(day: date, known: Collection[date], closed: Collection[date], first: date, last: date) -> bool:
    around = [day + week * _WEEK for week in range(-AROUND, AROUND + 1) if week and _within(day, week, first, last)]
    asked = [one for one in around if one not in closed]
    return 2 * sum(one in known for one in asked) > len(asked)


def _within(day: date, weeks: int, first: date, last: date) -> bool:
    return first.toordinal() <= day.toordinal() + 7 * weeks <= last.toordinal()


def filled(counts: Counts, closed: Collection[date] = ()) -> tuple[Counts, list[date]]:
    """The counts with the days that lack filled in, and which those are.

    An interval gets the mean of the same interval of the nearest ``TAKEN`` weeks before and after that have one. It
    stays without where fewer than half of the open days of ``AROUND`` weeks on each side have one: it is closed then.
    """
    lacking = days(counts, closed)
    if not lacking:
        return counts, []
    values, known = dict(counts.values), {start.date() for start in counts.values}
    for day in lacking:
        weeks = (day + week * _WEEK for week in range(-AROUND, AROUND + 1))
        open_days = sum(one in known for one in weeks)
        for number in range(DAY // counts.minutes):
            at = datetime.combine(day, time()) + timedelta(minutes=number * counts.minutes)
            value = _between(counts, at, open_days)
            if value is not None:
                values[at] = value
    return Counts(counts.minutes, dict(sorted(values.items()))), lacking


def _between(counts: Counts, at: datetime, open_days: int) -> float | None:
    before, after = (
        [value for week in range(1, AROUND + 1) if (value := counts.values.get(at + side * week * _WEEK)) is not None]
        for side in (-1, 1)
    )
    if 2 * (len(before) + len(after)) < open_days or not (before or after):
        return None
    return statistics.fmean(before[:TAKEN] + after[:TAKEN])
