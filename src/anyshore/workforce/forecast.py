"""Forecast of arrivals for the coming week, by the method that would have been right most often.

Every method says of an interval what the same interval of the week brought in earlier weeks. Which one is taken is
decided by backtest: each forecasts every past interval from the weeks before it, and is judged by its WAPE. The first
method, the last week again, is the naive peer anything cleverer has to beat (Hyndman and Athanasopoulos 2021, 5.2).
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from anyshore.base.errors import AnyshoreError
from anyshore.workforce import missing
from anyshore.workforce.counts import Counts, summed

WEEKS = 4
"""Earlier weeks an interval of the backtest must have: so every method can show what it is worth."""
MEMORY = 20
"""Weeks looked back."""
SMOOTHING = 0.2
UNTESTED = "mean of four weeks"
"""The method taken where no other one is known to be better."""
_WEEK = timedelta(weeks=1)
_TOLD = 1000

Method = Callable[[Sequence[float]], float]
"""What comes, from what came in the same interval of earlier weeks, newest first."""


def _smoothed(past: Sequence[float]) -> float:
    weights = [(1 - SMOOTHING) ** age for age in range(len(past))]
    return sum(weight * value for weight, value in zip(weights, past, strict=True)) / sum(weights)


METHODS: Mapping[str, Method] = {
    "last week": lambda past: past[0],
    "mean of four weeks": lambda past: statistics.fmean(past[:4]),
    "smoothed": _smoothed,
}
"""Simple on purpose, and all of them weighted means: what they say of the hours of a day adds up to what they say of
the day, and where little comes they do not tend to zero, as a median would. ``smoothed`` weighs each week with 0.8 of
the next one (simple exponential smoothing)."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The arrivals to expect in seven days.

    Attributes:
        first: the first of the seven days.
        minutes: length of an interval.
        values: arrivals by the local start of their interval.
        method: the method taken.
        errors: WAPE of every method over the same past intervals, as a share; empty where the past is too short.
        tested: how many intervals those are.
        judged: their length in minutes.
        filled: past days that lack in the counts and were filled in from the weeks around them.
    """

    first: date
    minutes: int
    values: Mapping[datetime, float]
    method: str
    errors: Mapping[str, float]
    tested: int
    judged: int
    filled: Sequence[date] = ()

    @property
    def error(self) -> float | None:
        """WAPE of the method taken; None where it could not be tested."""
        return self.errors.get(self.method)

    def daily(self) -> dict[date, float]:
        """Arrivals by day."""
        found: dict[date, float] = {}
        for start, value in self.values.items():
            found[start.date()] = found.get(start.date(), 0.0) + value
        return found


def earlier(values: Mapping[datetime, float], at: datetime) -> list[float]:
    """What came in the same interval of up to ``MEMORY`` earlier weeks, newest first; weeks without it are left out."""
    starts = (at - week * _WEEK for week in range(1, MEMORY + 1) if at.toordinal() > 7 * week)
    return [value for start in starts if (value := values.get(start)) is not None]


def backtest(counts: Counts, progress: Callable[[int], None] = lambda _done: None) -> tuple[dict[str, float], int]:
    """WAPE of every method over the past, and over how many intervals it was taken.

    Each interval is forecast from earlier weeks alone. With six weeks or more only intervals count that have
    ``WEEKS`` earlier ones; with less, those that have any.
    """
    actual: list[float] = []
    told: dict[str, list[float]] = {name: [] for name in METHODS}
    values = counts.values
    least = WEEKS if values and max(values) - min(values) >= 5 * _WEEK else 1
    for number, (at, value) in enumerate(values.items(), 1):
        past = earlier(values, at)
        if len(past) >= least:
            actual.append(value)
            for name, method in METHODS.items():
                told[name].append(method(past))
        if number % _TOLD == 0:
            progress(number)
    if not any(actual):
        return {}, 0
    return {name: wape(actual, expected) for name, expected in told.items()}, len(actual)


def best(errors: Mapping[str, float]) -> str:
    """The method with the lowest error; where none was tested, or several are equal, the mean of four weeks."""
    return min(errors, key=lambda name: (errors[name], name != UNTESTED), default=UNTESTED)


def wape(actual: Sequence[float], expected: Sequence[float]) -> float:
    """Weighted absolute percentage error: sum of the misses over the sum of what came, as a share.

    Source: Kolassa and Schütz 2007.

    Raises:
        AnyshoreError: nothing came.
    """
    total = sum(actual)
    if not total:
        raise AnyshoreError("workforce.no-actuals", "There is nothing to compare the forecast with.")
    return sum(abs(a - e) for a, e in zip(actual, expected, strict=True)) / total


def week(
    counts: Counts, first: date | None = None, closed: Collection[date] = (), method: str | None = None,
    judged: int | None = None, progress: Callable[[int], None] = lambda _done: None,
) -> Forecast:  # fmt: skip
    """The arrivals to expect in seven days.

    Args:
        counts: what came.
        first: the first of the seven days; the day after the last count where left out.
        closed: days on which nothing comes, for example holidays; those of the past do not lack.
        method: one of ``METHODS``; the one with the lowest WAPE where left out.
        judged: minutes over which the methods are judged, a multiple of the interval: a day, where it does not matter
            when on a day something comes; the interval itself where left out.
        progress: called with the number of past intervals tested so far.

    Raises:
        AnyshoreError: there is no such method, or nothing is known of the weeks before.
    """
    if method is not None and method not in METHODS:
        hint = f"There are: {', '.join(METHODS)}."
        raise AnyshoreError("workforce.method", f"There is no method {method!r}.", hint=hint)
    if not counts.values:
        raise AnyshoreError("workforce.no-history", "There are no counts to forecast from.")
    judged = judged or counts.minutes
    errors, tested = backtest(summed(counts, judged), progress)
    taken = method or best(errors)
    first = first or max(counts.values).date() + timedelta(days=1)
    whole, filled = missing.filled(counts, closed)
    expected = {at: METHODS[taken](past) for at in _open(whole, first, closed) if (past := earlier(whole.values, at))}
    if not expected:
        message = f"Nothing is known of the weeks before {first}."
        raise AnyshoreError("workforce.no-history", message, hint=f"The counts end on {max(counts.values).date()}.")
    return Forecast(first, counts.minutes, expected, taken, errors, tested, judged, tuple(filled))


def _open(counts: Counts, first: date, closed: Collection[date]) -> Iterator[datetime]:
    """The intervals of seven days that had a count in at least half of the last weeks of the file."""
    last, begin = max(counts.values), min(counts.values)
    at = datetime.combine(first, time())
    for _interval in range(7 * 24 * 60 // counts.minutes):
        weeks = [at - week * _WEEK for week in range(1, MEMORY + 1) if at.toordinal() > 7 * week]
        known = [start in counts.values for start in weeks if begin <= start <= last][:WEEKS]
        if at.date() not in closed and 2 * sum(known) >= max(1, len(known)):
            yield at
        at += timedelta(minutes=counts.minutes)
