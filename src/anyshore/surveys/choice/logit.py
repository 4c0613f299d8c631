"""The conditional logit model (McFadden 1974), by Newton's method with the exact second derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from anyshore.base.errors import DataError

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
_ROUNDS = 100
_STILL = 1e-10
_ANYTHING = 1000.0
"""Standard error in logits of an effect nothing is known of."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices in long form: a row per alternative of a situation, the rows of a situation together.

    Attributes:
        names: of the attributes.
        x: rows × attributes.
        starts: first row of each situation.
        chosen: row chosen in each situation.
        weights: of each situation.
    """

    names: tuple[str, ...]
    x: Floats
    starts: Integers
    chosen: Integers
    weights: Floats

    @property
    def sizes(self) -> Integers:
        """Alternatives per situation."""
        return np.diff(self.starts, append=len(self.x))

    @property
    def situation(self) -> Integers:
        """Number of the situation of each row."""
        return np.repeat(np.arange(len(self.starts)), self.sizes)


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model.

    Attributes:
        names: of the coefficients.
        coefficients: utilities per unit of each attribute.
        covariance: the inverse of the information, or the sandwich over respondents.
        log_likelihood: at the coefficients.
        log_likelihood_null: with all coefficients 0.
        situations: choices made.
    """

    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    log_likelihood_null: float
    situations: int

    @property
    def errors(self) -> Floats:
        """Standard errors."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def r_squared(self) -> float:
        """McFadden's: the part of the log-likelihood explained."""
        return 1 - self.log_likelihood / self.log_likelihood_null

    def p_values(self) -> Floats:
        """Two-sided, of each coefficient being 0."""
        return np.asarray(2 * stats.norm.sf(np.abs(self.coefficients / self.errors)))

    def place(self, name: str) -> int:
        """Where a coefficient stands.

        Raises:
            DataError: the model has no such coefficient.
        """
        if name not in self.names:
            raise DataError("choice.name", f"No coefficient {name!r}.", hint=f"There are: {', '.join(self.names)}.")
        return self.names.index(name)


def choices(
    columns: Mapping[str, ArrayLike], situations: ArrayLike, chosen: ArrayLike, weights: ArrayLike | None = None
) -> Choices:
    """Choices from columns with a value per alternative.

    Args:
        columns: attributes by name.
        situations: which situation a row belongs to; its rows need not stand together.
        chosen: 1 where the alternative was chosen, else 0.
        weights: of the situation, the same in all its rows; 1 where left out.

    Raises:
        DataError: a situation has not exactly one choice, or a value is absent.
    """
    if not columns or not len(np.asarray(situations)):
        raise DataError("choice.empty", "There are no attributes or no alternatives.", hint="Check the file.")
    _, number = np.unique(np.asarray(situations), return_inverse=True)
    order = np.argsort(number, kind="stable")
    x = np.stack([np.asarray(column, dtype=float) for column in columns.values()], axis=1)[order]
    if not np.isfinite(x).all():
        names = ", ".join(name for name, column in zip(columns, x.T, strict=True) if not np.isfinite(column).all())
        raise DataError("choice.absent", f"A value is absent: {names}.", hint="Leave the alternative out.")
    number, picked = number[order], np.asarray(chosen, dtype=float)[order] == 1
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    if (np.add.reduceat(picked.astype(int), starts) != 1).any():
        raise DataError("choice.one", "A situation has not exactly one choice.", hint="Leave the situation out.")
    own = np.ones(len(starts)) if weights is None else np.asarray(weights, dtype=float)[order][starts]
    return Choices(tuple(columns), x, starts, np.flatnonzero(picked), own)


def fit(made: Choices, respondents: ArrayLike | None = None) -> Model:
    """The coefficients of greatest likelihood.

    Args:
        made: the choices.
        respondents: who made each choice; errors then allow for the choices of one person being alike.

    Raises:
        DataError: no maximum exists: attributes depend on each other, or one decides every choice.
    """
    beta = np.zeros(made.x.shape[1])
    value = log_likelihood(made, beta)
    null = value
    for _ in range(_ROUNDS):
        gradient, information = _derivatives(made, beta)
        step = _step(gradient, information)
        if abs(gradient @ step) < _STILL * max(1.0, abs(value)) * 1e-4:
            covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
            _determined(made, covariance)
            if respondents is not None:
                covariance = _sandwich(made, beta, covariance, np.asarray(respondents))
            return Model(made.names, beta, covariance, value, null, len(made.starts))
        beta, value = _uphill(made, beta, step, value)
    said = f"The likelihood has no maximum within {_ROUNDS} rounds."
    raise DataError("choice.separated", said, hint="An attribute may decide every choice; leave it out.")


def log_likelihood(made: Choices, beta: Floats) -> float:
    """Of the choices, given coefficients."""
    utility = made.x @ beta
    highest = np.maximum.reduceat(utility, made.starts)
    sums = np.add.reduceat(np.exp(utility - highest[made.situation]), made.starts)
    return float(made.weights @ (utility[made.chosen] - highest - np.log(sums)))


def probabilities(made: Choices, beta: Floats) -> Floats:
    """Of each alternative within its situation."""
    utility = made.x @ beta
    odds = np.exp(utility - np.maximum.reduceat(utility, made.starts)[made.situation])
    return np.asarray(odds / np.add.reduceat(odds, made.starts)[made.situation])


def _scores(made: Choices, beta: Floats) -> tuple[Floats, Floats, Floats]:
    """Scores per situation, attributes around the expected ones, and probabilities times weights."""
    p = probabilities(made, beta)
    expected = np.add.reduceat(made.x * p[:, None], made.starts)
    scores = (made.x[made.chosen] - expected) * made.weights[:, None]
    return scores, made.x - expected[made.situation], p * made.weights[made.situation]


def _derivatives(made: Choices, beta: Floats) -> tuple[Floats, Floats]:
    scores, apart, weight = _scores(made, beta)
    return scores.sum(axis=0), (apart * weight[:, None]).T @ apart


def _step(gradient: Floats, information: Floats) -> Floats:
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    even = information / np.outer(scale, scale)
    if np.linalg.cond(even) > 1e13:
        said = "The attributes depend on each other, or one decides every choice."
        raise DataError("choice.collinear", said, hint="Leave an attribute or a constant out.")
    return np.asarray(np.linalg.solve(even, gradient / scale) / scale)


def _determined(made: Choices, covariance: Floats) -> None:
    """Refuses a maximum that lies at infinity: over the range of an attribute its effect is anything."""
    if (np.sqrt(np.diag(covariance)) * np.ptp(made.x, axis=0) > _ANYTHING).any():
        said = "The likelihood has no maximum: an attribute decides every choice."
        raise DataError("choice.separated", said, hint="Leave the attribute out, or ask more people.")


def _uphill(made: Choices, beta: Floats, step: Floats, value: float) -> tuple[Floats, float]:
    """The next point, the step halved until it leads up (the likelihood is concave, so it does)."""
    for halving in range(40):
        after = beta + step / 2**halving
        reached = log_likelihood(made, after)
        if reached >= value:
            return after, reached
    return beta, value


def _sandwich(made: Choices, beta: Floats, inverse: Floats, respondents: NDArray[np.generic]) -> Floats:
    if len(respondents) != len(made.starts):
        said = f"{len(respondents)} respondents for {len(made.starts)} choices."
        raise DataError("choice.respondents", said, hint="Name who made each choice.")
    scores = _scores(made, beta)[0]
    _, number = np.unique(respondents, return_inverse=True)
    people = int(number.max()) + 1
    if people < 2:
        raise DataError("choice.respondents", "All choices are one person's.", hint="Leave the respondents out.")
    sums = np.zeros((people, scores.shape[1]))
    np.add.at(sums, number, scores)
    return np.asarray(inverse @ (sums.T @ sums) @ inverse * people / (people - 1))
