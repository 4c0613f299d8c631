"""Hours of work against a deadline, for work that may wait: back offices, tickets, letters.

Time is business time: what comes while the office is closed counts from the next opening, and a limit runs only while
it is open.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import fmean, median

from anyshore.base.errors import AnyshoreError
from anyshore.workforce import staffing
from anyshore.workforce.shifts import Work, due_hours

LONGEST = 4 * 3600.0
"""Seconds between two completions of a person beyond which they did something else in between."""
FEWEST = 10
"""Times between completions that are needed for an estimate."""


@dataclass(frozen=True, slots=True)
class Done:
    """A work item that was finished.

    Attributes:
        performer: who finished it.
        opened: since when it waited, in seconds.
        completed: when it was finished, in seconds.
        minutes: the work it took as its performer told it; None where nothing was told.
    """

    performer: str
    opened: float
    completed: float
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """Seconds of work per item, of how many items, and whether they were told by people or estimated."""

    seconds: float
    items: int
    told: bool


def handling(done: Iterable[Done]) -> Handling | None:
    """What an item takes; None where that cannot be said.

    The mean of what people told, where anybody told. Otherwise an estimate: the median time between two completions of
    a person, where the second item waited already when the first was finished, and no more than ``LONGEST`` passed.
    Idle time is in it, so it is on the safe side.
    """
    by_person: dict[str, list[Done]] = defaultdict(list)
    told = []
    for item in done:
        by_person[item.performer].append(item)
        if item.minutes is not None:
            told.append(60 * item.minutes)
    if told:
        return Handling(fmean(told), len(told), told=True)
    spans = []
    for items in by_person.values():
        items.sort(key=lambda item: item.completed)
        for before, item in pairwise(items):
            if item.opened <= before.completed and 0 < item.completed - before.completed <= LONGEST:
                spans.append(item.completed - before.completed)
    return Handling(median(spans), len(spans), told=False) if len(spans) >= FEWEST else None


def work(
    arrivals: Mapping[datetime, float], starts: Sequence[datetime], minutes: int, *, handling: float, within: float,
    waiting: Iterable[float] = (), shrinkage: float = 0.0,
) -> Work:  # fmt: skip
    """The hours of work that come and are due in each opening interval.

    Args:
        arrivals: items expected, by the local start of their interval.
        starts: local starts of the opening intervals, in order.
        minutes: length of an opening interval.
        handling: seconds of work per item.
        within: business minutes after its arrival in which an item must be done.
        waiting: for each item that waits at the beginning, the business minutes until it is due; what is late already
            (0 or less) is taken to be due within the limit once more.
        shrinkage: share of paid time away from work, from 0, below 1.

    Raises:
        AnyshoreError: a number is out of range.
    """
    for name, value in (("handling", handling), ("within", within)):
        if not (math.isfinite(value) and value > 0):
            raise AnyshoreError(f"workforce.{name}", f"{name} is {value}; it must be a number above 0.")
    staffing.shrunk(shrinkage)
    hours = [0.0] * len(starts)
    for start, items in arrivals.items():
        index = bisect_left(starts, start - timedelta(minutes=minutes - 1))
        if index < len(hours):
            hours[index] += items * handling / 3600
    open_items = [(left if left > 0 else within, handling / 3600) for left in waiting]
    due = due_hours(hours, minutes, within, open_items)
    return Work(starts, minutes, hours, due, sum(item for _left, item in open_items), shrinkage)


def daily(planned: Work) -> dict[date, tuple[float, float]]:
    """Hours of work that come on each day, and those that must be done by its end, beyond what was due before."""
    found: dict[date, tuple[float, float]] = {}
    before = 0.0
    for start, hours, due in zip(planned.starts, planned.hours, planned.due, strict=True):
        came, needed = found.get(start.date(), (0.0, 0.0))
        found[start.date()] = (came + hours, needed + due - before)
        before = due
    return found
