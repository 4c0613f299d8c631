"""A bound on the cost of a roster that is cheap to have: people as a crowd, with the hours and weekends they have."""

from __future__ import annotations

from typing import Any

import numpy as np

from anyshore.workforce.rosters.generation import Tables
from anyshore.workforce.rosters.problem import Problem
from anyshore.workforce.rosters.solver import silent

FAR = 1.0e30
"""What the solver takes for infinite."""
NOTHING, NONE = np.array([], dtype=np.int32), np.array([], dtype=float)


def of_covers(problem: Problem, numbers: Tables) -> int:
    """What missing people, and people too many, cost at least.

    A linear programme with the number of people in every shift of every day: not more than may work it that day, all
    together not more and not less minutes than all people may work, and not more than two days of every weekend
    somebody may work. Wishes are left out, so what they cost comes on top.
    """
    from highspy import HighsModelStatus

    lp = silent()
    _needs(lp, numbers)
    _people(lp, problem, numbers)
    lp.setOptionValue("time_limit", 20.0)
    lp.run()
    if lp.getModelStatus() != HighsModelStatus.kOptimal:
        return 0
    return max(0, int(np.ceil(lp.getInfo().objective_function_value - 1e-4)))


def _needs(lp: Any, numbers: Tables) -> None:
    """Three variables for every shift of every day: people there, missing, too many; and what they add up to."""
    able = np.isfinite(numbers.wishes).sum(axis=0)
    for day, kind in np.ndindex(*numbers.need.shape):
        lp.addCol(0.0, 0.0, float(able[day, kind]), 0, NOTHING, NONE)
        lp.addCol(float(numbers.under[day, kind]), 0.0, FAR, 0, NOTHING, NONE)
        lp.addCol(float(numbers.over[day, kind]), 0.0, FAR, 0, NOTHING, NONE)
    for number, need in enumerate(numbers.need.flat):
        at = np.arange(3 * number, 3 * number + 3, dtype=np.int32)
        lp.addRow(float(need), float(need), 3, at, np.array([1.0, 1.0, -1.0]))


def _people(lp: Any, problem: Problem, numbers: Tables) -> None:
    """What all people together may do: one shift a day, their minutes, their weekends."""
    days, kinds = numbers.need.shape
    every = np.arange(0, 3 * kinds * days, 3, dtype=np.int32)
    present = np.isfinite(numbers.wishes).any(axis=2).sum(axis=0)
    for day in range(days):
        lp.addRow(-FAR, float(present[day]), kinds, every[day * kinds : (day + 1) * kinds], np.ones(kinds))
    minutes = np.tile([float(kind.minutes) for kind in problem.kinds], days)
    least = sum(person.min_minutes for person in problem.people)
    most = sum(person.max_minutes for person in problem.people)
    lp.addRow(float(least), float(most), len(every), every, minutes)
    weekend = np.array([problem.saturday(day) or problem.sunday(day) for day in range(days)])
    if weekend.any():
        at = every[np.repeat(weekend, kinds)]
        weekends = 2 * sum(person.max_weekends for person in problem.people)
        lp.addRow(-FAR, float(weekends), len(at), at, np.ones(len(at)))
