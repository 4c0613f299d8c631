"""The shortest plan of work packages under scarce teams, with the bound that proves it.

The problem (RCPSP: Pritsker, Watters and Wolfe 1969) is solved by CP-SAT as intervals under cumulative limits. The
search is bounded by work, not by the clock, and runs in one thread from a fixed seed: the same project has the same
plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from anyshore.base.errors import HostError
from anyshore.projects import moving
from anyshore.projects.packages import Project, windows

WORK = 60.0
"""Units of work of the solver; about a second each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When each package begins.

    Attributes:
        starts: by key.
        makespan: unit at which the last one ends.
        bound: no plan ends before that.
    """

    starts: dict[str, int]
    makespan: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether no plan is shorter."""
        return self.makespan == self.bound


def schedule(found: Project, work: float = WORK, moved: Mapping[str, int] = MappingProxyType({})) -> Plan:
    """The shortest plan, or the best that so much work finds; its bound says which.

    Args:
        found: the project.
        work: units of work the search may take.
        moved: starts set by hand, by package; the plan is the shortest of those that keep them.

    Raises:
        DataError: what was moved is no package, or no plan has all of it where it was moved to.
        HostError: not even one plan was found within the work allowed.
    """
    moving.check(found, moved)
    from ortools.sat.python import cp_model  # loading it takes a second, and most who import this plan nothing

    model: Any = cp_model.CpModel()
    early = {key: one.earliest for key, one in windows(found).items()}
    latest = _one_by_one(found, early) + max(moved.values(), default=0)
    starts, intervals = {}, {}
    for key, one in found.packages.items():
        begins = moved.get(key)
        first, last = (early[key], latest) if begins is None else (begins, begins)
        starts[key] = model.new_int_var(first, last, key)
        intervals[key] = model.new_fixed_size_interval_var(starts[key], one.duration, key)
        for before in one.after:
            model.add(starts[key] >= starts[before] + found.packages[before].duration)
    for team, size in found.teams.items():
        users = [key for key, one in found.packages.items() if one.needs.get(team) and one.duration]
        if users:
            demands = [found.packages[key].needs[team] for key in users]
            model.add_cumulative([intervals[key] for key in users], demands, size)
    end = model.new_int_var(0, latest, "end")
    for key, one in found.packages.items():
        model.add(end >= starts[key] + one.duration)
    model.minimize(end)
    solver: Any = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = work
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 0  # a linear relaxation says nothing of these, and took four fifths of it
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        raise moving.impossible(moved)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise HostError(
            "project.work", "No plan was found within the work allowed.", hint="Allow more, or plan in parts."
        )
    return Plan(
        {key: int(solver.value(one)) for key, one in starts.items()}, int(solver.objective_value),
        int(solver.best_objective_bound + 0.5),
    )  # fmt: skip


def _one_by_one(found: Project, early: dict[str, int]) -> int:
    """When all is done if packages follow one another: no best plan is longer."""
    begins = max(early.values(), default=0)
    return begins + sum(one.duration for one in found.packages.values())
