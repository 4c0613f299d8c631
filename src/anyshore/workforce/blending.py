"""Work that may wait, done between calls: what the people at the line have time for, and what is left for others.

Who waits for a call takes up a letter or a ticket, and puts it down when a call comes (preemptive resume): calls are
then answered as if there were nothing else, and the work gets the time that is free, up to the share of the time people
may be busy at all (Bhulai and Koole 2003, 'A queueing model for call blending in call centers').
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.staffing import Goal, Need, shrunk

FULL = 0.95
"""Share of the time people may be busy where the goal sets no limit below 1: nobody works every second."""


@dataclass(frozen=True, slots=True)
class Blend:
    """What becomes of work that may wait.

    Attributes:
        hours: hours of work there are.
        free: hours that are free between calls, up to the limit.
        limit: share of the time people may be busy with both, 0 to 1.
        paid: paid hours of further people for what is left, with shrinkage and the same limit.
        at: free hours by interval, as the needs stand.
    """

    hours: float
    free: float
    limit: float
    paid: float
    at: tuple[float, ...]

    @property
    def between(self) -> float:
        """Hours done between calls."""
        return min(self.hours, self.free)

    @property
    def left(self) -> float:
        """Hours that are left for others."""
        return max(0.0, self.hours - self.free)


def blend(needs: Sequence[Need], minutes: int, goal: Goal, hours: float) -> Blend:
    """Puts work that may wait between the calls of the people an interval needs.

    Args:
        needs: the people needed for calls, by interval.
        minutes: length of an interval.
        goal: what they were found by; its ``max_occupancy`` holds for calls and work together.
        hours: hours of work that may wait until the end of these intervals.

    Raises:
        AnyshoreError: the hours are no number from 0 on, or the shrinkage is out of range.
    """
    if not (math.isfinite(hours) and hours >= 0):
        hint = "Give the hours of work of the week, as 120."
        raise AnyshoreError("workforce.beside", f"{hours} is no number of hours from 0 on.", hint=hint)
    limit = goal.max_occupancy if goal.max_occupancy < 1 else FULL
    at = tuple(
        max(0.0, limit - need.staffing.occupancy) * need.agents * minutes / 60 if need.staffing else 0.0
        for need in needs
    )
    free = sum(at)
    return Blend(hours, free, limit, max(0.0, hours - free) / limit / shrunk(goal.shrinkage), at)
