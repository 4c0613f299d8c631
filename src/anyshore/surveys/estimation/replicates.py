"""Errors by replicate weights: jackknife, balanced halves (Fay), bootstrap, or weights that came with the data.

Wolter, *Introduction to Variance Estimation* (2007), chapters 3 and 4; Rao and Wu (1988, JASA 83:231–241).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from anyshore.base.errors import DataError
from anyshore.surveys.estimation.designs import Design, Floats

Statistic = Callable[[Floats], ArrayLike]
"""Statistics of a sample as a function of its weights."""


@dataclass(frozen=True, slots=True)
class Replicates:
    """A sample with replicate weights.

    Attributes:
        weights: of the whole sample.
        replicates: cases × replicates: the weights of each.
        scale: factor of the whole sum of squares.
        scales: factor of each replicate.
    """

    weights: Floats
    replicates: Floats
    scale: float
    scales: Floats

    def estimate(self, statistic: Statistic, *, around_estimate: bool = False) -> tuple[Floats, Floats]:
        """Values and covariance of statistics.

        Args:
            statistic: computes them from weights.
            around_estimate: whether squares are taken around the estimate of the whole sample (MSE), not the mean of
                the replicates.
        """
        value = np.atleast_1d(np.asarray(statistic(self.weights), dtype=float))
        drawn = np.stack([np.atleast_1d(np.asarray(statistic(w), dtype=float)) for w in self.replicates.T])
        # A replicate without a factor says nothing of the centre either.
        used = self.scales > 0
        centre = value if around_estimate or not used.any() else drawn[used].mean(axis=0)
        apart = drawn - centre
        return value, self.scale * (apart * self.scales[:, None]).T @ apart


def jackknife(design: Design) -> Replicates:
    """One replicate per cluster of the first stage: without it, the rest of its stratum standing in (JK1, JKn)."""
    first = design.stages[0]
    clusters, where = np.unique(first.clusters, return_index=True)
    replicates = np.repeat(design.weights[:, None], len(clusters), axis=1)
    scales = np.empty(len(clusters))
    for number, (cluster, place) in enumerate(zip(clusters, where, strict=True)):
        many = first.drawn[place]
        if many < 2:
            raise DataError("survey.lonely", "A stratum has a single cluster.", hint="Join it with a similar one.")
        replicates[first.strata == first.strata[place], number] *= many / (many - 1)
        replicates[first.clusters == cluster, number] = 0
        scales[number] = (many - 1) / many * (1 - many / first.population[place])
    return Replicates(design.weights, replicates, 1.0, scales)


def balanced_halves(design: Design, fay: float = 0.0) -> Replicates:
    """Balanced repeated replication for two clusters per stratum; with ``fay`` above 0, Fay's form of it.

    Raises:
        DataError: a stratum has not two clusters, or ``fay`` is not in [0, 1).
    """
    first = design.stages[0]
    if (first.drawn != 2).any() or not 0 <= fay < 1:
        raise DataError("survey.halves", "Balanced halves need 2 clusters in each stratum.", hint="Use the jackknife.")
    strata = int(first.strata.max()) + 1
    signs = linalg.hadamard(1 << strata.bit_length())[:, 1 : strata + 1]
    lower = np.full(strata, np.iinfo(np.int64).max)
    np.minimum.at(lower, first.strata, first.clusters)
    side = np.where(first.clusters == lower[first.strata], 1, -1)
    kept = signs[:, first.strata].T * side[:, None] > 0
    replicates = design.weights[:, None] * np.where(kept, 2 - fay, fay)
    many = replicates.shape[1]
    return Replicates(design.weights, replicates, 1 / (many * (1 - fay) ** 2), np.ones(many))


def bootstrap(design: Design, replicates: int, *, seed: int) -> Replicates:
    """Rao and Wu's bootstrap: in each stratum one cluster fewer than there are is drawn with replacement."""
    first = design.stages[0]
    clusters, where = np.unique(first.clusters, return_index=True)
    strata, chance = first.strata[where], np.random.default_rng(seed)
    factors = np.ones((len(clusters), replicates))
    for stratum in np.unique(strata):
        inside = np.flatnonzero(strata == stratum)
        many = len(inside)
        if many > 1:
            draws = chance.multinomial(many - 1, np.full(many, 1 / many), replicates).T
            factors[inside] = draws * many / (many - 1)
    weights = design.weights[:, None] * factors[first.clusters]
    return Replicates(design.weights, weights, 1 / (replicates - 1), np.ones(replicates))
