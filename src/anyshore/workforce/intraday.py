"""A day forecast again while it runs: what came until now corrects what is expected of the rest.

A morning above its forecast is a sign of a busy afternoon, but not of all of it. How much of the surplus stays is
learnt from the days before: the slope of the rest's surplus over the morning's, through the origin, each day weighed by
what its rest was expected to bring (Shen and Huang 2008, 'Interday forecasting and intraday updating of call center
arrivals', with one factor, the level of the day). Without enough days nothing is corrected.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.counts import Counts
from anyshore.workforce.forecast import METHODS, WEEKS, earlier, wape

FEWEST = 10
"""Days from which the slope is learnt, at least."""
Values = Mapping[datetime, float]


@dataclass(frozen=True, slots=True)
class Update:
    """The rest of a day, forecast again.

    Attributes:
        at: from when on it is the rest, on the local clock.
        came: arrivals counted until then.
        expected: arrivals the morning's forecast had for the same intervals.
        learnt: share of a surplus that stays for the rest, as earlier days had it; 0 where there are too few of them.
        days: how many earlier days that is learnt from.
        factor: what the morning's forecast of the rest is multiplied by, from 0.
        morning: what the morning's forecast says of the rest, by the start of the interval.
        values: what is expected of the rest now.
    """

    at: datetime
    came: float
    expected: float
    learnt: float
    days: int
    factor: float
    morning: Values
    values: Values


class Shown(NamedTuple):
    """What one day showed: its surplus until a time and after it, as shares; what its rest was expected to bring."""

    until: float
    rest: float
    weight: float


class Test(NamedTuple):
    """WAPE of the rest of past days, as the morning's forecast had it and as forecast again; over so many days."""

    morning: float
    again: float
    days: int


def update(counts: Counts, at: datetime, method: str, filled: Collection[date] = ()) -> Update:
    """The rest of a day, from the weeks before it and from what came until a time of it.

    Args:
        counts: what came; what it has of the day from ``at`` on, and of later days, is not looked at.
        at: the time, a beginning of an interval; intervals of the day before it that have no count are left out.
        method: one of ``forecast.METHODS``: how the morning's forecast was made.
        filled: days that were not counted but filled in: nothing is learnt from them.

    Raises:
        AnyshoreError: nothing came on the day before that time, or nothing is known of the weeks before.
    """
    known = {start: value for start, value in counts.values.items() if start < at}
    usual = _usual(known, counts.minutes, at.date(), method)
    seen = {start: known[start] for start in usual if start in known}
    if not seen:
        message = f"There is no count of {at:%Y-%m-%d} before {at:%H:%M}, or nothing is known of the weeks before."
        raise AnyshoreError("workforce.no-morning", message, hint="Give the counts of the day so far, too.")
    before = (day for day in _days(known) if day < at.date() and day not in filled)
    shown = [one for day in before if (one := _shown(known, counts.minutes, day, at, method))]
    came, expected, learnt = sum(seen.values()), sum(usual[start] for start in seen), _slope(shown)
    factor = _factor(learnt, came / expected - 1) if expected else 1.0
    rest = {start: value for start, value in usual.items() if start >= at}
    again = {start: value * factor for start, value in rest.items()}
    return Update(at, came, expected, learnt, len(shown), factor, rest, again)


def backtest(counts: Counts, until: time, method: str) -> Test | None:
    """How right the rest of past days was, as the morning had it and as forecast again at a time of day.

    Each day is forecast from the days before it alone; what share of a surplus stays is learnt anew for each. None
    where no day has ``WEEKS`` earlier ones and ``FEWEST`` days to learn from.
    """
    actual: list[float] = []
    morning: list[float] = []
    again: list[float] = []
    shown: list[Shown] = []
    tested = 0
    for day in _days(counts.values):
        usual = _usual(counts.values, counts.minutes, day, method)
        one = _of(counts.values, usual, datetime.combine(day, until))
        if one is None:
            continue
        if len(shown) >= FEWEST:
            factor = _factor(_slope(shown), one.until)
            rest = [start for start in usual if start.time() >= until and start in counts.values]
            actual += [counts.values[start] for start in rest]
            morning += [usual[start] for start in rest]
            again += [usual[start] * factor for start in rest]
            tested += 1
        shown.append(one)
    return Test(wape(actual, morning), wape(actual, again), tested) if any(actual) else None


def _days(values: Values) -> list[date]:
    return list(dict.fromkeys(start.date() for start in values))


def _usual(values: Values, minutes: int, day: date, method: str) -> dict[datetime, float]:
    """The morning's forecast: of each interval that most of the weeks before had, from them alone."""
    found = {}
    for number in range(24 * 60 // minutes):
        hour, minute = divmod(number * minutes, 60)
        past = earlier(values, start := datetime.combine(day, time(hour, minute)))
        if len(past) >= WEEKS:
            found[start] = METHODS[method](past)
    return found


def _shown(values: Values, minutes: int, day: date, at: datetime, method: str) -> Shown | None:
    return _of(values, _usual(values, minutes, day, method), datetime.combine(day, at.time()))


def _of(values: Values, usual: Values, at: datetime) -> Shown | None:
    """What a day showed; None where it lacks one of the halves."""
    known = [start for start in usual if start in values]
    sums = []
    for half in ([start for start in known if start < at], [start for start in known if start >= at]):
        expected = sum(usual[start] for start in half)
        if not expected:
            return None
        sums.append((sum(values[start] for start in half), expected))
    (came, before), (rest, after) = sums
    return Shown(came / before - 1, rest / after - 1, after)


def _factor(learnt: float, surplus: float) -> float:
    return max(0.0, 1 + learnt * surplus)


def _slope(shown: Sequence[Shown]) -> float:
    """The share of a surplus that stayed, by weighted least squares through the origin."""
    moved = sum(one.weight * one.until**2 for one in shown)
    if len(shown) < FEWEST or not moved:
        return 0.0
    return sum(one.weight * one.until * one.rest for one in shown) / moved
