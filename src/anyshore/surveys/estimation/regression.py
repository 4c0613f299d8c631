"""Linear, logistic and Poisson regression of a sample, with design-based errors (Binder 1983)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from anyshore.base.errors import DataError
from anyshore.surveys.estimation.designs import Design, Flags, Floats
from anyshore.surveys.estimation.estimates import Estimates, indicators, taken

Family: TypeAlias = Literal["gaussian", "binomial", "poisson"]
INTERCEPT = "(Intercept)"
_ROUNDS = 50
_ANYTHING = 1000.0
"""Standard error of an effect nothing is known of."""
_STILL = 1e-8
"""Relative change of the deviance below which R's ``glm`` ends too: errors hang on it in the fifth digit."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model.

    Attributes:
        coefficients: with their covariance; degrees of freedom are those of the design less the slopes.
        fitted: expected value per case; NaN outside.
    """

    coefficients: Estimates
    fitted: Floats

    def tests(self) -> tuple[Floats, Floats]:
        """t values and two-sided p values of the coefficients."""
        with np.errstate(divide="ignore", invalid="ignore"):
            t = self.coefficients.values / self.coefficients.errors
        return t, np.asarray(2 * stats.t.sf(np.abs(t), self.coefficients.freedom))


def fit(
    design: Design, response: ArrayLike, predictors: Mapping[str, ArrayLike], family: Family = "gaussian",
    domain: Flags | None = None, *, intercept: bool = True,
) -> Fit:  # fmt: skip
    """Fits by iteratively reweighted least squares with the canonical link.

    Args:
        design: of the sample.
        response: a number per case; 0 and 1 for ``binomial``.
        predictors: a column per coefficient; see ``contrasts`` for answers by categories.
        family: of the response.
        domain: the cases to fit; those with an absent value are left out.
        intercept: whether a constant is fitted.

    Raises:
        DataError: the predictors depend on each other, there are too few cases, or no maximum exists.
    """
    constant = {INTERCEPT: np.ones(len(design.weights))} if intercept else {}
    names, all_columns, inside = taken(design, {"": response, **constant, **predictors}, domain)
    y, x = all_columns[inside, 0], all_columns[inside, 1:]
    weights = design.weights[inside]
    coefficients, spread = _solved(x, y, weights, family)
    expected, now = _expected(x @ coefficients, family)
    information = (x * (weights * spread)[:, None]).T @ x
    _determined(x, weights, information, family)
    scores = np.zeros((len(design.weights), x.shape[1]))
    residuals = (y - expected) / now * weights * spread
    scores[inside] = np.linalg.solve(information, (x * residuals[:, None]).T).T
    freedom = design.degrees_of_freedom(inside) + 1 - x.shape[1]
    fitted = np.full(len(design.weights), np.nan)
    fitted[inside] = expected
    return Fit(Estimates(names[1:], coefficients, design.covariance(scores), freedom), fitted)


def contrasts(column: ArrayLike, name: str) -> dict[str, Floats]:
    """Columns of 0 and 1 for every value but the first, which is the reference (treatment contrasts)."""
    levels = list(indicators(column).items())
    return {f"{name}{level}": flags for level, flags in levels[1:]}


def difference(design: Design, response: ArrayLike, group: ArrayLike, domain: Flags | None = None) -> Fit:
    """The design-based t test of two groups: the second coefficient is the mean of the later group less the other.

    Raises:
        DataError: there are not two groups.
    """
    columns = contrasts(group, "group ")
    if len(columns) != 1:
        raise DataError("survey.groups", f"The test compares 2 groups, not {len(columns) + 1}.", hint="Join groups.")
    return fit(design, response, columns, domain=domain)


def _solved(x: Floats, y: Floats, weights: Floats, family: Family) -> tuple[Floats, Floats]:
    """Coefficients, and the variances the last round was weighted with."""
    if len(y) < x.shape[1] or np.linalg.matrix_rank(x * np.sqrt(weights)[:, None]) < x.shape[1]:
        said = "The predictors depend on each other, or there are fewer cases than coefficients."
        raise DataError("survey.collinear", said, hint="Leave a predictor out.")
    eta = _start(y, weights / weights.mean(), family)
    before = np.inf
    for _ in range(_ROUNDS):
        expected, spread = _expected(eta, family)
        root = np.sqrt(weights * spread)
        target = eta + (y - expected) / spread
        coefficients = np.linalg.lstsq(x * root[:, None], target * root, rcond=None)[0]
        eta = x @ coefficients
        deviance = _deviance(y, eta, weights / weights.mean(), family)
        if abs(deviance - before) < _STILL * (abs(deviance) + 0.1):
            return np.asarray(coefficients), spread
        before = deviance
    said = f"The {family} model has no maximum within {_ROUNDS} rounds."
    raise DataError("survey.separated", said, hint="A predictor may separate the answers completely; leave it out.")


def _determined(x: Floats, weights: Floats, information: Floats, family: Family) -> None:
    """Refuses a maximum that lies at infinity: over the range of a predictor its effect is anything."""
    errors = np.sqrt(np.diag(np.linalg.inv(information)) * weights.mean())
    if family != "gaussian" and (errors * np.ptp(x, axis=0) > _ANYTHING).any():
        said = f"The {family} model has no maximum."
        raise DataError("survey.separated", said, hint="A predictor separates the answers completely; leave it out.")


def _start(y: Floats, weights: Floats, family: Family) -> Floats:
    if family == "gaussian":
        return y
    if family == "poisson":
        return np.asarray(np.log(y + 0.1))
    if ((y < 0) | (y > 1)).any():
        raise DataError("survey.response", "A response is not between 0 and 1.", hint="Code the answers as 0 and 1.")
    share = (weights * y + 0.5) / (weights + 1)
    return np.asarray(np.log(share / (1 - share)))


def _deviance(y: Floats, eta: Floats, weights: Floats, family: Family) -> float:
    """Twice the distance of the log-likelihood from that of the data themselves."""
    if family == "gaussian":
        return float(weights @ (y - eta) ** 2)
    own = special.xlogy(y, y)
    if family == "poisson":
        return float(2 * weights @ (np.exp(np.clip(eta, -700, 700)) - y * eta + own - y))
    return float(2 * weights @ (np.logaddexp(0, eta) - y * eta + own + special.xlogy(1 - y, 1 - y)))


def _expected(eta: Floats, family: Family) -> tuple[Floats, Floats]:
    """Expected values and their derivative by the linear predictor (the variance, with the canonical link)."""
    if family == "gaussian":
        return eta, np.ones_like(eta)
    if family == "poisson":
        value = np.exp(np.clip(eta, -700, 700))
        return value, np.maximum(value, 1e-300)
    share = 1 / (1 + np.exp(-np.clip(eta, -700, 700)))
    return share, np.maximum(share * (1 - share), 1e-15)
