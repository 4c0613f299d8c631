"""Estimates of three points: how long or how much, and how sure (PERT; Malcolm et al. 1959, Operations Research 7:646).

The mean is (optimistic + 4 likely + pessimistic) / 6, the deviation (pessimistic - optimistic) / 6. Packages one after
the other add means and variances; by the central limit theorem their sum is taken for normal.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from anyshore.base.errors import DataError


@dataclass(frozen=True, slots=True)
class ThreePoint:
    """An estimate.

    Attributes:
        optimistic: if all goes well.
        likely: the mode.
        pessimistic: if most goes wrong.
    """

    optimistic: float
    likely: float
    pessimistic: float

    @property
    def mean(self) -> float:
        """Its expected value."""
        return (self.optimistic + 4 * self.likely + self.pessimistic) / 6

    @property
    def deviation(self) -> float:
        """Its standard deviation."""
        return (self.pessimistic - self.optimistic) / 6


def checked(optimistic: float, likely: float, pessimistic: float, of: str = "") -> ThreePoint:
    """An estimate whose points are in order.

    Raises:
        DataError: they are not, or one is negative or no number.
    """
    points = (optimistic, likely, pessimistic)
    if not all(math.isfinite(one) and one >= 0 for one in points) or not optimistic <= likely <= pessimistic:
        message = f"{of or 'The estimate'}: {optimistic:g}, {likely:g}, {pessimistic:g} are no three points."
        raise DataError("estimate.order", message, hint="Give optimistic, likely and pessimistic, none below the last.")
    return ThreePoint(*points)


@dataclass(frozen=True, slots=True)
class Sum:
    """Several estimates together.

    Attributes:
        mean: expected.
        deviation: standard deviation, of independent parts.
    """

    mean: float
    deviation: float

    def with_confidence(self, share: float) -> float:
        """What is not exceeded with a probability, between 0 and 1; never below 0."""
        if not self.deviation:
            return self.mean
        return max(NormalDist(self.mean, self.deviation).inv_cdf(share), 0.0)


def together(estimates: Iterable[ThreePoint]) -> Sum:
    """Estimates of parts that are done one after the other and do not depend on each other."""
    parts = list(estimates)
    return Sum(math.fsum(one.mean for one in parts), math.sqrt(math.fsum(one.deviation**2 for one in parts)))
