"""Earned value: what was planned to be done by a day, what was done, and what it cost (ISO 21508:2018; PMI's standard).

All in one unit, hours or money. A package earns its budget as it is done; one that is planned over a span is planned
evenly within it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """A package on a day.

    Attributes:
        budget: planned for the whole of it.
        start: planned first moment, in units of time.
        end: planned end; a package without length is planned as a whole at its start.
        done: share that is done, 0 to 1.
        actual: spent on it so far.
    """

    budget: float
    start: float
    end: float
    done: float
    actual: float

    def planned(self, now: float) -> float:
        """What should have been earned by now."""
        if self.end <= self.start:
            return self.budget if now >= self.start else 0.0
        return self.budget * min(max((now - self.start) / (self.end - self.start), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """A plan on a day.

    Attributes:
        at_completion: budget of all (BAC).
        planned: planned value (PV, BCWS).
        earned: earned value (EV, BCWP).
        actual: actual cost (AC, ACWP).
    """

    at_completion: float
    planned: float
    earned: float
    actual: float

    @property
    def schedule_variance(self) -> float:
        """EV - PV; negative is late."""
        return self.earned - self.planned

    @property
    def cost_variance(self) -> float:
        """EV - AC; negative is over budget."""
        return self.earned - self.actual

    @property
    def schedule_index(self) -> float | None:
        """SPI, EV / PV; none while nothing was planned."""
        return self.earned / self.planned if self.planned else None

    @property
    def cost_index(self) -> float | None:
        """CPI, EV / AC; none while nothing was spent."""
        return self.earned / self.actual if self.actual else None

    @property
    def estimate_at_completion(self) -> float | None:
        """EAC, BAC / CPI: what it will cost if it goes on as so far; none while that cannot be told."""
        index = self.cost_index
        return self.at_completion / index if index else None


def value(packages: Sequence[Progress], now: float) -> EarnedValue:
    """Earned value of packages on a day.

    Args:
        packages: with their plan and what became of them.
        now: the day, in the unit of ``start`` and ``end``.
    """
    return EarnedValue(
        math.fsum(one.budget for one in packages), math.fsum(one.planned(now) for one in packages),
        math.fsum(one.budget * min(max(one.done, 0.0), 1.0) for one in packages),
        math.fsum(one.actual for one in packages),
    )  # fmt: skip
