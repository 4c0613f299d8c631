"""A bound on the cost of a roster that is cheap to have: people as a crowd, with the hours and weekends they have."""

from __future__ import annotations

from typing import Any

import numpy as np

from anyshore.workforce.rosters.generation import Tables
from anyshore.workforce.rosters.problem import Problem


def of_covers(problem: Problem, numbers: Tables) -> int:
    """What missing people, and people too many, cost at least.

    A linear programme with the number of people in every shift of every day: not more than may work it that day, all
    together not more and not less minutes than all people may work, and not more than two days of every weekend
    somebody may work. Wishes are left out, so what they cost comes on top.
    """
    import highspy

    days, kinds = numbers.need.shape
    free = np.isfinite(numbers.wishes)
    able, present = free.sum(axis=0), free.any(axis=2).sum(axis=0)
    lp: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    lp.setOptionValue("output_flag", False)
    lp.setOptionValue("threads", 1)
    lp.setOptionValue("time_limit", 20.0)
    nothing, none = np.array([], dtype=np.int32), np.array([], dtype=float)
    far = 1.0e30
    for day in range(days):
        for kind in range(kinds):
            lp.addCol(0.0, 0.0, float(able[day, kind]), 0, nothing, none)
            lp.addCol(float(numbers.under[day, kind]), 0.0, far, 0, nothing, none)
            lp.addCol(float(numbers.over[day, kind]), 0.0, far, 0, nothing, none)
    for day in range(days):
        base = 3 * kinds * day
        for kind in range(kinds):
            at = np.arange(base + 3 * kind, base + 3 * kind + 3, dtype=np.int32)
            need = float(numbers.need[day, kind])
            lp.addRow(need, need, 3, at, np.array([1.0, 1.0, -1.0]))
        at = np.arange(base, base + 3 * kinds, 3, dtype=np.int32)
        lp.addRow(-far, float(present[day]), kinds, at, np.ones(kinds))
    every = np.arange(0, 3 * kinds * days, 3, dtype=np.int32)
    minutes = np.tile([float(kind.minutes) for kind in problem.kinds], days)
    least = sum(person.min_minutes for person in problem.people)
    most = sum(person.max_minutes for person in problem.people)
    lp.addRow(float(least), float(most), len(every), every, minutes)
    weekend = np.array([problem.saturday(day) or problem.sunday(day) for day in range(days)])
    at = every[np.repeat(weekend, kinds)]
    weekends = 2 * sum(person.max_weekends for person in problem.people)
    if len(at):
        lp.addRow(-far, float(weekends), len(at), at, np.ones(len(at)))
    lp.run()
    if lp.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return 0
    return max(0, int(np.ceil(lp.getInfo().objective_function_value - 1e-4)))
