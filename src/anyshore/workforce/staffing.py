"""People needed in each interval of a forecast, for work where people wait for an answer.

Each interval is taken by itself, in its steady state, as is usual where handling times are short against the interval
(Green, Kolesar, Soares 2001, "stationary independent period by period").
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from anyshore.base.errors import AnyshoreError
from anyshore.workforce import erlang

EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Goal:
    """What a queue has to reach.

    Attributes:
        handling: mean seconds of work per item.
        level: share of items to be taken up within the target, 0 to 1.
        target: seconds.
        patience: mean seconds after which one who waits gives up; None: nobody does (Erlang C).
        max_occupancy: share of the time people may be busy at most, 0 to 1.
        shrinkage: share of paid time away from work (leave, illness, training, breaks), from 0, below 1.
    """

    handling: float
    level: float = 0.8
    target: float = 20.0
    patience: float | None = None
    max_occupancy: float = 1.0
    shrinkage: float = 0.0


@dataclass(frozen=True, slots=True)
class Need:
    """The people an interval needs.

    Attributes:
        start: its local start.
        arrivals: items expected.
        scheduled: people to be paid for it, with shrinkage.
        staffing: what the people at work among them give; None where nothing is expected.
    """

    start: datetime
    arrivals: float
    scheduled: int
    staffing: erlang.Staffing | None

    @property
    def agents(self) -> int:
        """People at work."""
        return self.staffing.agents if self.staffing else 0


def needs(arrivals: Mapping[datetime, float], minutes: int, goal: Goal) -> list[Need]:
    """The people needed in each interval.

    Args:
        arrivals: items by the local start of their interval.
        minutes: length of an interval.
        goal: what to reach.

    Raises:
        AnyshoreError: a number of the goal is out of range, or more people than ``erlang.MAX_AGENTS`` are needed.
    """
    found = []
    known: dict[float, erlang.Staffing | None] = {0.0: None}
    for start, value in arrivals.items():
        if value not in known:
            known[value] = erlang.agents_needed(
                value * 60 / minutes, goal.handling, level=goal.level, target=goal.target, patience=goal.patience,
                max_occupancy=goal.max_occupancy,
            )  # fmt: skip
        staffing = known[value]
        found.append(Need(start, value, scheduled(staffing.agents if staffing else 0, goal.shrinkage), staffing))
    return found


def scheduled(people: float, shrinkage: float) -> int:
    """The people to be paid for so many at work.

    Raises:
        AnyshoreError: the shrinkage is not from 0 and below 1.
    """
    return math.ceil(people / shrunk(shrinkage) - EXACT)


def shrunk(shrinkage: float) -> float:
    """The share of paid time that is left for work.

    Raises:
        AnyshoreError: the shrinkage is not from 0 and below 1.
    """
    if not 0 <= shrinkage < 1:
        message = f"A shrinkage of {shrinkage} is not from 0 and below 1."
        raise AnyshoreError("workforce.shrinkage", message, hint="Write 0.3 for 30 %.")
    return 1 - shrinkage
