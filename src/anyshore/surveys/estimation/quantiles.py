"""Weighted quantiles with Woodruff's interval (1952, JASA 47:635–646)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from anyshore.base.errors import DataError
from anyshore.surveys.estimation.designs import Design, Flags, Floats
from anyshore.surveys.estimation.estimates import mean, taken

_TIE = 1e-12
"""Cumulated shares closer than this are the same: sums of weights in another order are."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile with its interval.

    Attributes:
        share: of the population below or at it.
        value: the smallest value at which the cumulated share reaches it (definition 1 of Hyndman and Fan 1996).
        low: lower end of the interval; NaN where the interval of the share goes below 0.
        high: upper end; NaN where it goes above 1.
        error: length of the interval over twice the t quantile.
    """

    share: float
    value: float
    low: float
    high: float
    error: float


def quantiles(
    design: Design, column: ArrayLike, shares: Sequence[float], domain: Flags | None = None, *, confidence: float = 0.95
) -> list[Quantile]:
    """Quantiles of a column: the interval of the share below a quantile, turned back into values.

    Raises:
        DataError: no case of the domain has a value and a weight.
    """
    _, x, inside = taken(design, {"x": column}, domain)
    values, weights = x[inside, 0], design.weights[inside]
    values, weights = values[weights > 0], weights[weights > 0]
    if not len(values):
        raise DataError("survey.empty", "No case of the domain has a weight and a value.", hint="Widen the domain.")
    order = np.argsort(values, kind="stable")
    values, cumulated = values[order], np.cumsum(weights[order])
    freedom = design.degrees_of_freedom(inside)
    quantile = float(stats.t.ppf((1 + confidence) / 2, freedom))
    found = []
    for share in shares:
        point = _reached(values, cumulated, share)
        below = mean(design, {"below": x[:, 0] <= point}, inside)
        half = quantile * float(below.errors[0])
        low, high = float(below.values[0]) - half, float(below.values[0]) + half
        ends = (
            np.nan if low < 0 else _reached(values, cumulated, low),
            np.nan if high > 1 else _reached(values, cumulated, high),
        )
        found.append(Quantile(share, point, *ends, (ends[1] - ends[0]) / (2 * quantile)))
    return found


def _reached(values: Floats, cumulated: Floats, share: float) -> float:
    place = int(np.searchsorted(cumulated, share * cumulated[-1] * (1 - _TIE), side="left"))
    return float(values[min(place, len(values) - 1)])
