"""A first roster that keeps every rule: people in turn, each the cheapest row against what is still missing.

A long roster is begun window by window; the minutes, weekends and shifts a person may still be given are spread evenly
over the days they are there, and in the last window all that is left must come true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from anyshore.workforce.rosters.generation import Left, Tables
from anyshore.workforce.rosters.paths import NEVER, Frame, cells, frame, limited
from anyshore.workforce.rosters.problem import OFF, Problem, Row

TABLE = 6_000_000
"""Most cells of one person's table; a roster with more is made in windows."""
AHEAD = ((1.03, False), (1.03, True), (1.2, True))
"""More than an even share of work, and whether the last weekend of a window is free; the first that leads to a row.

Little work can always be made in the end, much cannot; and who is off at the end of a week begins the next one rested.
"""
MISSING = 10.0
"""Cost of a minute less than an even share, in a window that is not the last: less than nobody in a shift."""


def weeks(problem: Problem) -> list[int]:
    """The Mondays of a roster, its first day and the day behind its last."""
    first = (-problem.weekday) % 7
    return [0, *range(first or 7, problem.days, 7), problem.days]


def windows(problem: Problem) -> list[tuple[int, int]]:
    """The windows of a roster, of whole weeks and at most as long as one person's table allows."""
    edges = weeks(problem)
    many = len(edges) - 1
    while many > 1 and not _fits(problem, edges[many]):
        many = -(-many // 2)
    parts = -(-(len(edges) - 1) // many)
    cuts = sorted({edges[round(part * (len(edges) - 1) / parts)] for part in range(parts + 1)})
    return list(pairwise(cuts))


def _fits(problem: Problem, days: int) -> bool:
    whole = (OFF,) * problem.days
    return all(
        cells(problem, frame(problem, index, whole, 0, problem.days), 0, days) <= TABLE
        for index in range(len(problem.people))
    )


def first_roster(problem: Problem, numbers: Tables, left: Left) -> list[Row] | None:
    """A roster that keeps every rule; None where none is found in the time."""
    parts = windows(problem)
    there = np.zeros((problem.days, len(problem.kinds)), int)
    roster: list[Row] = []
    for index in range(len(problem.people)):
        if left() <= 0:
            return None
        marginal = numbers.wishes[index] + np.where(there < numbers.need, -numbers.under, numbers.over)
        row = first_row(problem, index, marginal, parts)
        if row is None:
            return None
        roster.append(row)
        for day, kind in enumerate(row):
            if kind != OFF:
                there[day, kind] += 1
    return roster


def first_row(problem: Problem, index: int, costs: Any, parts: Sequence[tuple[int, int]]) -> Row | None:
    """A row of one person that keeps their rules, cheap against costs by day and kind."""
    if len(parts) == 1:
        found = limited(problem, frame(problem, index, (OFF,) * problem.days, 0, problem.days), 0, problem.days, costs)
        return found[1] if found else None
    rows = (_in_windows(problem, index, costs, parts, *way) for way in AHEAD)
    return next((row for row in rows if row is not None), None)


def _in_windows(
    problem: Problem, index: int, costs: Any, parts: Sequence[tuple[int, int]], ahead: float, free: bool
) -> Row | None:
    row: Row = ()
    for number, (_begin, end) in enumerate(parts):
        # where a window cannot go on, it is made anew together with those before it
        for since in (parts[number - back][0] for back in range(min(number, 3) + 1)):
            one = _share(problem, index, row[:since], since, end, ahead)
            if cells(problem, one, since, end) > 4 * TABLE:
                return None
            prices = np.array(costs[since:end])
            if free and end < problem.days:
                prices[-2:] = NEVER
            found = limited(problem, one, since, end, prices)
            if found is not None:
                row = row[:since] + found[1]
                break
        else:
            return None
    return row


def _share(problem: Problem, index: int, row: Row, begin: int, end: int, ahead: float) -> Frame:
    """The frame of a window that comes next, with an even share of what is left."""
    one = replace(frame(problem, index, row + (OFF,) * (problem.days - begin), begin, end), after=())
    if end == problem.days:
        return one
    there = [day not in problem.people[index].away for day in range(begin, problem.days)]
    share = sum(there[: end - begin]) / max(1, sum(there))
    days, left = end - begin, problem.days - begin
    return replace(
        one, low=int(one.low * share * ahead), high=min(one.high, int(one.high * share * ahead**2) + problem.unit),
        weekends=min(one.weekends, -(-one.weekends * days // left)), most=_spread(problem, index, row, days, left),
        loose=MISSING,
    )  # fmt: skip


def _spread(problem: Problem, index: int, row: Row, days: int, left: int) -> tuple[int, ...]:
    """Shifts of every kind that may be worked in a window: an even share of what is left of them."""
    found = []
    for number, kind in enumerate(problem.kinds):
        rest = max(0, problem.people[index].most.get(kind.name, problem.days) - row.count(number))
        found.append(min(days, rest if rest >= left else -(-rest * days // left)))
    return tuple(found)
