"""Shifts that cover what is needed with the fewest paid hours: an integer programme, solved to its proven optimum.

Dantzig 1954 ("A comment on Edie's traffic delays at toll booths") for people needed by interval. Where nobody waits at
the line, work may be done later: then all work that is due must be done by then, and none before it came.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.counts import HALF_HOUR
from anyshore.workforce.staffing import EXACT

SECONDS = 60.0
"""Most time the solver may take."""
_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """A shift that can be worked every day: from and to, in minutes of the day; beyond 1440: until the next morning."""

    begin: int
    end: int

    @property
    def minutes(self) -> int:
        """Paid minutes."""
        return self.end - self.begin

    def __str__(self) -> str:
        begin, end = (f"{at // 60 % 24:02}:{at % 60:02}" for at in (self.begin, self.end))
        return f"{begin}-{'24:00' if self.end == 1440 else end}"


@dataclass(frozen=True, slots=True)
class Crew:
    """People in a shift on a day."""

    day: date
    shift: Shift
    people: int

    @property
    def hours(self) -> float:
        """Paid hours."""
        return self.people * self.shift.minutes / 60


def parse(text: str) -> Shift:
    """A shift from text like ``07:00-15:30``; one that ends before it begins goes on until the next morning.

    Raises:
        AnyshoreError: it is written otherwise.
    """
    found = _SPAN.fullmatch(text.strip())
    begin, end = (60 * int(found[1]) + int(found[2]), 60 * int(found[3]) + int(found[4])) if found else (0, 1441)
    if end > 1440:
        raise AnyshoreError("workforce.shift", f"{text!r} is no shift.", hint="Write 07:00-15:30.")
    return Shift(begin, end if end > begin else end + 1440)


def covering(starts: Sequence[datetime], minutes: int, needed: Sequence[int], shifts: Sequence[Shift]) -> list[Crew]:
    """The crews that give every interval the people it needs.

    Args:
        starts: local starts of the intervals.
        minutes: their length.
        needed: people to be paid for in each, shrinkage included.
        shifts: the shifts that can be worked.

    Raises:
        AnyshoreError: no shift covers an interval in which somebody is needed.
    """
    options = _options(starts, minutes, shifts)
    covered = {index for _day, _shift, indexes in options for index in indexes}
    open_ones = [start for index, start in enumerate(starts) if needed[index] and index not in covered]
    if open_ones:
        message = f"No shift covers {open_ones[0]:%Y-%m-%d %H:%M}, where people are needed"
        message += f", and {len(open_ones) - 1} more intervals." if len(open_ones) > 1 else "."
        raise AnyshoreError("workforce.uncovered", message, hint="Add a shift that is there then.")
    rows = [(_column(options, index, 1.0), float(needed[index]), math.inf) for index in sorted(covered)]
    return _crews(options, _cheapest([shift.minutes for _day, shift, _indexes in options], rows))


def present(crews: Iterable[Crew], starts: Sequence[datetime], minutes: int) -> dict[datetime, float]:
    """The people of some crews who are there throughout each interval."""
    found = dict.fromkeys(starts, 0.0)
    for crew in crews:
        midnight = datetime.combine(crew.day, time())
        for start in starts:
            at = (start - midnight) // timedelta(minutes=1)
            if crew.shift.begin <= at and at + minutes <= crew.shift.end:
                found[start] += crew.people
    return found


@dataclass(frozen=True, slots=True)
class Work:
    """Work that may wait a while, by opening interval.

    Attributes:
        starts: local starts of the intervals in which somebody may be at work, in order.
        minutes: their length.
        hours: hours of work that come in each.
        due: hours of work that must be done by the end of each, those of earlier ones included.
        waiting: hours of work that wait at the beginning.
        shrinkage: share of paid time away from work, 0 to 1.
    """

    starts: Sequence[datetime]
    minutes: int
    hours: Sequence[float]
    due: Sequence[float]
    waiting: float = 0.0
    shrinkage: float = 0.0


def clearing(work: Work, shifts: Sequence[Shift] = ()) -> list[Crew]:
    """The crews that do all work by the time it is due and leave no more open than there was at the beginning.

    Args:
        work: the work of some days.
        shifts: the shifts that can be worked; where none are given, a day has one, from its opening to its closing.

    Raises:
        AnyshoreError: no shift is there in time for something that is due.
    """
    options = _options(work.starts, work.minutes, shifts) if shifts else _whole_days(work.starts, work.minutes)
    if not options and sum(work.hours) + work.waiting > 0:
        raise _impossible()
    capacity = work.minutes / 60 * (1 - work.shrinkage)
    came, rows, done = work.waiting, [], []
    coming = sum(work.hours)
    for index, due in enumerate(work.due):
        came += work.hours[index]
        least = max(due, coming) if index == len(work.due) - 1 else due
        done.append((min(least, came) * (1 - EXACT), came))
        amount = {len(options) + index: 1.0} | ({len(options) + index - 1: -1.0} if index else {})
        rows.append((amount, 0.0, math.inf))
        rows.append((amount | _column(options, index, -capacity), -math.inf, 0.0))
    return _crews(options, _cheapest([shift.minutes for _day, shift, _indexes in options], rows, done))


def due_hours(
    hours: Sequence[float], minutes: int, within: float, waiting: Iterable[tuple[float, float]]
) -> list[float]:
    """The hours of work that must be done by the end of each opening interval.

    Args:
        hours: work that comes in each.
        minutes: length of an interval.
        within: business minutes after its arrival in which work must be done; work counts from the beginning of the
            interval it came in, and may always take until that interval's end.
        waiting: what waits at the beginning: business minutes until it is due, and hours of work.
    """
    due = [0.0] * len(hours)
    arriving = ((index * minutes + within, work) for index, work in enumerate(hours))
    for index, (at, work) in enumerate(arriving):
        _enter(due, max(int(at // minutes) - 1, index), work)
    for at, work in waiting:
        _enter(due, max(int(at // minutes) - 1, 0), work)
    total = 0.0
    for index, work in enumerate(due):
        total += work
        due[index] = total
    return due


def _enter(due: list[float], index: int, work: float) -> None:
    if index < len(due):
        due[index] += work


Option = tuple[date, Shift, frozenset[int]]
"""A shift on a day, and the intervals it covers whole."""


def _options(starts: Sequence[datetime], minutes: int, shifts: Sequence[Shift]) -> list[Option]:
    days = sorted({start.date() for start in starts})
    days = [days[0] - timedelta(days=1), *days] if days else []
    found = []
    for day in days:
        midnight = datetime.combine(day, time())
        into = [(start - midnight) // timedelta(minutes=1) for start in starts]
        for shift in sorted(set(shifts)):
            covers = frozenset(i for i, at in enumerate(into) if shift.begin <= at and at + minutes <= shift.end)
            if covers:
                found.append((day, shift, covers))
    return found


def _whole_days(starts: Sequence[datetime], minutes: int) -> list[Option]:
    found = []
    for day in sorted({start.date() for start in starts}):
        covers = {i: 60 * start.hour + start.minute for i, start in enumerate(starts) if start.date() == day}
        found.append((day, Shift(min(covers.values()), max(covers.values()) + minutes), frozenset(covers)))
    return found


def _column(options: Sequence[Option], index: int, factor: float) -> dict[int, float]:
    return {number: factor for number, (_day, _shift, indexes) in enumerate(options) if index in indexes}


def _crews(options: Sequence[Option], people: Sequence[int]) -> list[Crew]:
    return [Crew(day, shift, many) for (day, shift, _indexes), many in zip(options, people, strict=False) if many]


Row = tuple[dict[int, float], float, float]
"""Factors by variable, and the bounds of their sum."""


def _cheapest(minutes: Sequence[int], rows: Sequence[Row], amounts: Sequence[tuple[float, float]] = ()) -> list[int]:
    """People per option, of a plan with the fewest paid minutes and, of those, the smallest largest crew.

    The variables are people per option, integers, and then real amounts with the bounds given.
    """
    if not minutes:
        return []
    people = len(minutes)
    cost: list[float] = [*minutes, *[0.0] * len(amounts)]
    bounds = [*[(0.0, math.inf)] * people, *amounts]
    found = _solved(cost, people, bounds, rows)
    paid = sum(many * each for many, each in zip(found, minutes, strict=True))
    largest = len(cost)
    more: list[Row] = [({number: float(each) for number, each in enumerate(minutes)}, 0.0, paid + 0.5)]
    more += [({number: 1.0, largest: -1.0}, -math.inf, 0.0) for number in range(people)]
    return _solved([0.0] * largest + [1.0], people, [*bounds, (0.0, math.inf)], [*rows, *more])


def _solved(
    cost: Sequence[float], integers: int, bounds: Sequence[tuple[float, float]], rows: Sequence[Row]
) -> list[int]:
    """The integers of the cheapest solution; HiGHS proves that there is no cheaper one."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    places = [(number, column, value) for number, (row, _l, _h) in enumerate(rows) for column, value in row.items()]
    where: Any = ([place[0] for place in places], [place[1] for place in places])
    matrix = csr_array(([place[2] for place in places], where), shape=(len(rows), len(cost)))
    found = milp(
        cost,
        integrality=[int(number < integers) for number in range(len(cost))],
        bounds=Bounds([low for low, _h in bounds], [high for _l, high in bounds]),
        constraints=LinearConstraint(matrix, [low for _r, low, _h in rows], [high for _r, _l, high in rows]),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if found.status == 2:
        raise _impossible()
    if found.status != 0:
        message = f"No plan was proven to be the best within {SECONDS:.0f} s."
        raise AnyshoreError("workforce.solver", message, hint="Take fewer shifts or longer intervals.")
    return [round(value) for value in found.x[:integers]]


def _impossible() -> AnyshoreError:
    hint = "Add a shift that is there in time."
    return AnyshoreError("workforce.uncovered", "The shifts are not there when work is due.", hint=hint)


def business_hours(first: date, worked: Sequence[Shift], closed: Sequence[date], *, weekends: bool) -> list[datetime]:
    """The half hours of seven days in which some shift is there."""
    starts = set()
    for day in (first + timedelta(days=number) for number in range(7)):
        if day not in closed and (weekends or day.weekday() < 5):
            for one in worked:
                whole = range(-(-one.begin // HALF_HOUR), one.end // HALF_HOUR)
                starts |= {datetime.combine(day, time()) + timedelta(minutes=HALF_HOUR * half) for half in whole}
    return sorted(starts)
