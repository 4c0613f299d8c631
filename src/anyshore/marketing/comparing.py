"""Two versions sent to two groups: how many it takes, whether the draw was fair, and what the answers show.

Sources: Agresti, *Categorical Data Analysis*, 3rd ed., 2013, 2.2 and 3.1 (difference, risk and odds ratio, Wald
intervals, Pearson's chi-square); Newcombe, Statistics in Medicine 17, 1998 (interval of a difference, method 10);
Fleiss, Levin, Paik, *Statistical Methods for Rates and Proportions*, 2003, 4.3 (sample size); O'Brien and Fleming,
Biometrics 35, 1979 (looking before the end).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from anyshore.base.errors import DataError

_NORMAL = NormalDist()
Interval = tuple[float, float]
RATIO_ALARM = 0.001
"""p-value of the draw below which a test is not evaluated: the groups are not what was drawn."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a test.

    Attributes:
        events: who did what the test asks about.
        size: who were in it.
    """

    events: int
    size: int

    @property
    def share(self) -> float:
        """Events by size."""
        return self.events / self.size


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two groups show.

    Attributes:
        chi_square: Pearson's statistic, one degree of freedom, without Yates' correction.
        p_value: of it, two-sided.
        difference: share of the first less share of the second.
        difference_interval: Wald's, as printed in most reports.
        newcombe: a better interval of the difference where groups are small or shares near 0 or 1.
        risk_ratio: share of the first by share of the second; infinite where that is 0.
        odds_ratio: odds of the first by odds of the second; infinite or 0 where a cell is empty.
        odds_interval: of the odds ratio, on its logarithm; from 0 to infinity where a cell is empty.
    """

    chi_square: float
    p_value: float
    difference: float
    difference_interval: Interval
    newcombe: Interval
    risk_ratio: float
    odds_ratio: float
    odds_interval: Interval


def compare(first: Group, second: Group, confidence: float = 0.95) -> Comparison:
    """What two independent groups show.

    Args:
        first: a group.
        second: the other.
        confidence: of the intervals, between 0 and 1.

    Raises:
        DataError: a group is empty, or has more events than people.
    """
    for group in (first, second):
        _sound(group)
    z = _NORMAL.inv_cdf(0.5 + confidence / 2)
    difference = first.share - second.share
    spread = z * math.sqrt(_variance(first) + _variance(second))
    chi_square = _pearson(first, second)
    ratio, odds = _risk_ratio(first, second), _odds_ratio(first, second)
    return Comparison(
        chi_square, math.erfc(math.sqrt(chi_square / 2)), difference, (difference - spread, difference + spread),
        _newcombe(first, second, z), ratio, odds, _odds_interval(first, second, odds, z),
    )  # fmt: skip


def _sound(group: Group) -> None:
    if group.size < 1:
        raise DataError("ab-test.empty", "A group is empty.", hint="Compare groups that were written to.")
    if not 0 <= group.events <= group.size:
        message = f"{group.events:,} events among {group.size:,} people cannot be."
        raise DataError("ab-test.events", message, hint="Count people, not clicks: each at most once.")


def _variance(group: Group) -> float:
    return group.share * (1 - group.share) / group.size


def _pearson(first: Group, second: Group) -> float:
    events, people = first.events + second.events, first.size + second.size
    if events in (0, people):
        return 0.0
    crossed = first.events * (second.size - second.events) - second.events * (first.size - first.events)
    return crossed**2 * people / (first.size * second.size * events * (people - events))


def _risk_ratio(first: Group, second: Group) -> float:
    if second.events:
        return first.share / second.share
    return math.inf if first.events else math.nan


def _odds_ratio(first: Group, second: Group) -> float:
    above = first.events * (second.size - second.events)
    below = second.events * (first.size - first.events)
    if below:
        return above / below
    return math.inf if above else math.nan


def _odds_interval(first: Group, second: Group, odds: float, z: float) -> Interval:
    cells = (first.events, first.size - first.events, second.events, second.size - second.events)
    if not all(cells):
        return 0.0, math.inf
    spread = z * math.sqrt(sum(1 / cell for cell in cells))
    return odds * math.exp(-spread), odds * math.exp(spread)


def wilson(group: Group, z: float) -> Interval:
    """Wilson's interval of a share."""
    size, share = group.size, group.share
    middle = share + z * z / (2 * size)
    spread = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, (middle - spread) / (1 + z * z / size)), min(1.0, (middle + spread) / (1 + z * z / size))


def _newcombe(first: Group, second: Group, z: float) -> Interval:
    (low_1, high_1), (low_2, high_2) = wilson(first, z), wilson(second, z)
    difference = first.share - second.share
    below = math.hypot(first.share - low_1, high_2 - second.share)
    above = math.hypot(high_1 - first.share, second.share - low_2)
    return difference - below, difference + above


def sample_size(base: float, lift: float, *, power: float = 0.8, level: float = 0.05, looks: int = 1) -> int:
    """People per group that it takes to find a difference, told before anything is sent.

    Args:
        base: share expected of the version in use, between 0 and 1.
        lift: difference worth finding, in points of the share: 0.01 for one point.
        power: chance to find it.
        level: chance to find one that is not there, two-sided.
        looks: how often the figures are looked at, the end included.

    Raises:
        DataError: the shares are no shares, or the difference is none.
    """
    other = base + lift
    if not (0 < base < 1 and 0 < other < 1 and lift):
        message = f"Shares of {base:g} and {other:g} cannot be told apart by counting."
        raise DataError("ab-test.lift", message, hint="Give shares between 0 and 1 that differ.")
    mean = (base + other) / 2
    chance, found = boundary(looks, level)[-1], _NORMAL.inv_cdf(power)
    root = chance * math.sqrt(2 * mean * (1 - mean)) + found * math.sqrt(base * (1 - base) + other * (1 - other))
    return math.ceil(root**2 / lift**2)


def drawn_fairly(sizes: tuple[int, int], shares: tuple[float, float] = (0.5, 0.5)) -> float:
    """p-value of the sizes of two groups, given the shares they were drawn with (sample ratio check).

    Args:
        sizes: people in each group.
        shares: of the draw, which sum to 1.
    """
    people = sum(sizes)
    if not people:
        return 1.0
    found = sum((size - people * share) ** 2 / (people * share) for size, share in zip(sizes, shares, strict=True))
    return math.erfc(math.sqrt(found / 2))


def boundary(looks: int, level: float = 0.05) -> list[float]:
    """Values of |z| from which a test may be stopped at each of equally spaced looks (O'Brien-Fleming).

    The first look asks for most, the last for little more than a test that is looked at once. The constant is found so
    that all looks together have the level, by integration over the normal steps between looks.

    Args:
        looks: how often the figures are looked at, 1 to 20.
        level: chance to find a difference that is not there, two-sided.

    Raises:
        DataError: the number of looks is none of these.
    """
    if not 1 <= looks <= 20:
        raise DataError("ab-test.looks", f"{looks} looks cannot be planned.", hint="Plan 1 to 20 looks.")
    low, high = _NORMAL.inv_cdf(1 - level / 2), _NORMAL.inv_cdf(1 - level / 2) + 2
    for _ in range(40):
        constant = (low + high) / 2
        if _crossing(constant, looks) > level:
            low = constant
        else:
            high = constant
    return [high * math.sqrt(looks / number) for number in range(1, looks + 1)]


def _crossing(constant: float, looks: int, points: int = 321) -> float:
    """Chance that a driftless walk leaves the boundary ``constant * sqrt(looks)`` of its sum at any of the looks."""
    edge = constant * math.sqrt(looks)
    places = np.linspace(-edge, edge, points)
    weights = np.full(points, 2.0)
    weights[1::2] = 4.0
    weights[[0, -1]] = 1.0  # Simpson's rule
    weights *= (places[1] - places[0]) / 3
    steps = np.exp(-((places[:, None] - places) ** 2) / 2) / math.sqrt(2 * math.pi)
    leaving = np.array([_NORMAL.cdf(-edge - place) + _NORMAL.cdf(place - edge) for place in places])
    density = np.exp(-(places**2) / 2) / math.sqrt(2 * math.pi)
    left = 2 * _NORMAL.cdf(-edge)
    for _ in range(1, looks):
        mass = density * weights
        left += float(mass @ leaving)
        density = steps @ mass
    return left
