"""A quantity as far as it is known: fixed, between two ends, with a likeliest value, or around a mean.

Each names where it is from and of which year; a figure without a source is an opinion, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError

Array = NDArray[np.float64]
KINDS = {"fixed": 1, "uniform": 2, "triangular": 3, "normal": 2, "lognormal": 2}
"""Kinds with the number of their parameters: value; low, high; low, mode, high; mean, deviation; median, factor."""
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is known of a quantity.

    Attributes:
        kind: one of ``KINDS``.
        parameters: as many as the kind has. Of ``lognormal`` the factor says: in two of three cases between median /
            factor and median × factor.
        source: where it is from.
        year: of which year; None where that does not matter.
    """

    kind: str
    parameters: tuple[float, ...]
    source: str = ""
    year: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DataError("business.distribution", f"There is no distribution {self.kind!r}.", hint=", ".join(KINDS))
        if len(self.parameters) != KINDS[self.kind] or not all(np.isfinite(self.parameters)):
            message = f"{self.kind} has {KINDS[self.kind]} numbers, here are {len(self.parameters)}."
            raise DataError("business.distribution", message, hint="Fill in low, mode and high as the kind needs them.")
        if not _FITS[self.kind](self.parameters):
            message = f"{self.kind} of {', '.join(f'{one:g}' for one in self.parameters)} is none."
            raise DataError(
                "business.distribution", message, hint="Lowest first; deviations are 0 or more, factors 1 or more."
            )

    @property
    def is_known(self) -> bool:
        """Whether there is nothing to draw."""
        return self.quantile(0.1) == self.quantile(0.9)

    def quantile(self, share: float) -> float:
        """The value below which a share of draws lies, 0 < share < 1."""
        match self.kind, self.parameters:
            case "uniform", (low, high):
                return low + share * (high - low)
            case "triangular", (low, mode, high):
                return _triangular(share, low, mode, high)
            case "normal", (mean, deviation):
                return mean + deviation * _NORMAL.inv_cdf(share)
            case "lognormal", (median, factor):
                return median * exp(log(factor) * _NORMAL.inv_cdf(share))
            case _:
                return self.parameters[0]

    @property
    def median(self) -> float:
        """The middle of the draws."""
        return self.quantile(0.5)

    def draw(self, chance: np.random.Generator, size: tuple[int, ...]) -> Array:
        """Draws; a known one takes no chance, so that the others stay as they are."""
        match self.kind, self.parameters:
            case "uniform", (low, high) if low < high:
                return chance.uniform(low, high, size)
            case "triangular", (low, mode, high) if low < high:
                return chance.triangular(low, mode, high, size)
            case "normal", (mean, deviation) if deviation:
                return chance.normal(mean, deviation, size)
            case "lognormal", (median, factor) if factor > 1 and median:
                return np.asarray(median * np.exp(log(factor) * chance.standard_normal(size)))
            case _:
                return np.full(size, self.median)


def fixed(value: float, source: str = "", year: int | None = None) -> Distribution:
    """A quantity that is known."""
    return Distribution("fixed", (value,), source, year)


_FITS: dict[str, Callable[[tuple[float, ...]], bool]] = {
    "fixed": lambda p: True,
    "uniform": lambda p: p[0] <= p[1],
    "triangular": lambda p: p[0] <= p[1] <= p[2],
    "normal": lambda p: p[1] >= 0,
    "lognormal": lambda p: p[0] >= 0 and p[1] >= 1,
}


def _triangular(share: float, low: float, mode: float, high: float) -> float:
    if low == high:
        return low
    if share <= (mode - low) / (high - low):
        return low + sqrt(share * (high - low) * (mode - low))
    return high - sqrt((1 - share) * (high - low) * (high - mode))
