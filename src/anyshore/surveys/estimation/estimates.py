"""Totals, means, shares, ratios of a sample with their design-based errors, over all cases or a domain.

Errors by Taylor linearisation (Woodruff 1971, JASA 66:411–414; Binder 1983, Int. Stat. Rev. 51:279–292). A case where a
value is absent (NaN) is outside the domain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from anyshore.base.errors import DataError
from anyshore.surveys.estimation.designs import Design, Flags, Floats


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates with their covariance.

    Attributes:
        names: of the statistics.
        values: the estimates.
        covariance: of the estimates.
        freedom: degrees of freedom of the design.
        effects: design effects: variance over that of a simple random sample of as many cases without replacement;
            NaN where the weights do not add up to a population larger than the sample.
    """

    names: tuple[str, ...]
    values: Floats
    covariance: Floats
    freedom: float
    effects: Floats | None = None

    @property
    def errors(self) -> Floats:
        """Standard errors."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def intervals(self, confidence: float = 0.95, *, normal: bool = False) -> Floats:
        """Lower and upper ends (statistics × 2), by Student's t with the design's degrees of freedom, or the normal."""
        tail = (1 + confidence) / 2
        quantile = float(stats.norm.ppf(tail) if normal else stats.t.ppf(tail, self.freedom))
        half = quantile * self.errors
        return np.stack([self.values - half, self.values + half], axis=1)


def total(design: Design, columns: Mapping[str, ArrayLike], domain: Flags | None = None) -> Estimates:
    """Totals of columns."""
    names, x, inside = taken(design, columns, domain)
    weights = np.where(inside, design.weights, 0.0)
    scores = x * weights[:, None]
    covariance = design.covariance(scores)
    cases, population = int((weights != 0).sum()), float(weights.sum())
    simple = _simple_variance(x, weights) * population**2
    effects = _effects(covariance, simple, cases, population)
    return Estimates(names, scores.sum(axis=0), covariance, design.degrees_of_freedom(inside), effects)


def mean(design: Design, columns: Mapping[str, ArrayLike], domain: Flags | None = None) -> Estimates:
    """Weighted means of columns (Hájek's estimator); of columns of 0 and 1 the shares."""
    names, x, inside = taken(design, columns, domain)
    weights = np.where(inside, design.weights, 0.0)
    population = float(weights.sum())
    if population <= 0:
        raise DataError("survey.empty", "No case of the domain has a weight and a value.", hint="Widen the domain.")
    values = weights @ x / population
    covariance = design.covariance((x - values) * weights[:, None] / population)
    effects = _effects(covariance, _simple_variance(x, weights), int((weights != 0).sum()), population)
    return Estimates(names, values, covariance, design.degrees_of_freedom(inside), effects)


def ratio(
    design: Design, numerator: ArrayLike, denominator: ArrayLike, domain: Flags | None = None, name: str = "ratio"
) -> Estimates:
    """The ratio of two totals over the cases that have both."""
    _, x, inside = taken(design, {"numerator": numerator, "denominator": denominator}, domain)
    weights = np.where(inside, design.weights, 0.0)
    upper, lower = weights @ x
    if lower == 0:
        raise DataError("survey.ratio", "The total of the denominator is 0.", hint="Choose another denominator.")
    value = upper / lower
    scores = (x[:, 0] - value * x[:, 1]) * weights / lower
    covariance = design.covariance(scores[:, None])
    return Estimates((name,), np.array([value]), covariance, design.degrees_of_freedom(inside))


def by_domain(
    design: Design, columns: Mapping[str, ArrayLike], by: ArrayLike, domain: Flags | None = None
) -> dict[str, Estimates]:
    """Means within each value of a column, in the order of the values; cases without a value belong to none."""
    groups = np.asarray(by)
    everywhere = np.ones(len(groups), dtype=bool) if domain is None else domain
    return {level: mean(design, columns, everywhere & flags) for level, flags in categories(groups).items()}


def categories(column: ArrayLike) -> dict[str, Flags]:
    """Which cases have each value of a column, in order of the values; an empty or absent value is none."""
    values = np.asarray(column)
    if values.dtype.kind == "f":
        found = np.unique(values[~np.isnan(values)])
        return {f"{level:g}": values == level for level in found}
    texts = np.array(["" if _absent(value) else str(value) for value in values])
    return {str(level): texts == level for level in np.unique(texts) if level != ""}


def indicators(column: ArrayLike) -> dict[str, Floats]:
    """A column of 0 and 1 per value; NaN in all of them where the value is absent."""
    flags = categories(column)
    known = np.any(np.stack(list(flags.values())), axis=0) if flags else np.zeros(len(np.asarray(column)), dtype=bool)
    return {level: np.where(known, flag.astype(float), np.nan) for level, flag in flags.items()}


def taken(
    design: Design, columns: Mapping[str, ArrayLike], domain: Flags | None
) -> tuple[tuple[str, ...], Floats, Flags]:
    """Names, values (cases × columns, 0 outside) and the cases that are in the domain and have every value.

    Raises:
        DataError: a column has another length than the sample.
    """
    arrays: Sequence[Floats] = [np.asarray(column, dtype=float) for column in columns.values()]
    if any(len(array) != len(design.weights) for array in arrays):
        raise DataError("survey.columns", "A column is not as long as the sample.", hint="Give a value for every case.")
    x = np.stack(arrays, axis=1)
    inside = np.asarray(~np.isnan(x).any(axis=1))
    if domain is not None:
        inside &= domain
    return tuple(columns), np.where(inside[:, None], x, 0.0), inside


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or value == ""


def _simple_variance(x: Floats, weights: Floats) -> Floats:
    """Variance of a mean of a simple random sample, without the correction for a finite population."""
    cases = int((weights != 0).sum())
    if cases < 2:
        return np.full(x.shape[1], np.nan)
    population = weights.sum()
    centre = weights @ x / population
    spread = weights @ (x - centre) ** 2 / population * cases / (cases - 1)
    return np.asarray(spread / cases)


def _effects(covariance: Floats, simple: Floats, cases: int, population: float) -> Floats:
    if population < cases:
        return np.full(len(simple), np.nan)
    left = (population - cases) / population
    return np.asarray(
        np.divide(np.diag(covariance), simple * left, out=np.full(len(simple), np.nan), where=simple * left > 0)
    )
