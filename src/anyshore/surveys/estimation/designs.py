"""How a sample was drawn: weights, and at each stage strata, clusters and the size of the population.

The variance of a total is that of Särndal, Swensson and Wretman, *Model Assisted Survey Sampling* (1992), 4.3: at each
stage the spread of the cluster totals within their stratum, with what was drawn of each stage before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anyshore.base.errors import DataError

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Residuals: TypeAlias = Callable[[Floats], Floats]
"""What calibration leaves of weighted scores (cases × scores)."""
Lonely: TypeAlias = Literal["refuse", "certainty", "centre"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of drawing; every array has a place per case.

    Attributes:
        strata: number of the stratum, unique over the whole sample (a cluster of the stage before is a stratum too).
        clusters: number of the cluster, unique over the whole sample.
        drawn: clusters drawn in the stratum.
        population: clusters in the population of the stratum; infinite where drawn with replacement.
    """

    strata: Integers
    clusters: Integers
    drawn: Floats
    population: Floats


@dataclass(frozen=True, slots=True)
class Design:
    """A sample with its weights.

    Attributes:
        weights: how many of the population a case stands for.
        stages: from the first drawing to the last.
        calibrations: what calibration to known totals takes off the scores, in the order it was done.
        lonely: what a stratum with a single cluster means: an error, a certain draw without variance, or its distance
            from the mean of all clusters.
    """

    weights: Floats
    stages: tuple[Stage, ...]
    calibrations: tuple[Residuals, ...] = ()
    lonely: Lonely = "refuse"

    def covariance(self, scores: Floats) -> Floats:
        """Covariance of the totals of weighted scores.

        Args:
            scores: cases × statistics, each weight times the influence of its case; 0 outside a domain.

        Raises:
            DataError: a stratum has one cluster, and nothing says what that means.
        """
        for left in self.calibrations:
            scores = left(scores)
        return _stage_covariance(scores, self.stages, np.ones(len(scores)), self.lonely)

    def degrees_of_freedom(self, domain: Flags | None = None) -> int:
        """Clusters minus strata of the first stage, counted over the cases of a domain with a weight."""
        inside = self.weights != 0 if domain is None else (self.weights != 0) & domain
        first = self.stages[0]
        return len(np.unique(first.clusters[inside])) - len(np.unique(first.strata[inside]))

    def reweighted(self, weights: Floats, left: Residuals) -> Design:
        """The same sample with calibrated weights."""
        return replace(self, weights=weights, calibrations=(*self.calibrations, left))


def drawn(
    cases: int,
    *,
    weights: ArrayLike | None = None,
    strata: Sequence[ArrayLike] = (),
    clusters: Sequence[ArrayLike] = (),
    populations: Sequence[ArrayLike] = (),
    nested: bool = False,
    lonely: Lonely = "refuse",
) -> Design:
    """A design from the columns of a sample.

    Args:
        cases: how many there are.
        weights: per case; where left out they follow from the populations, else every case counts 1.
        strata: a column per stage, as far as there are strata.
        clusters: a column per stage; none where cases were drawn themselves.
        populations: a column per stage: clusters in the population of the stratum, or the share drawn (up to 1).
        nested: whether cluster numbers begin anew in every stratum.
        lonely: see ``Design``.

    Raises:
        DataError: columns differ in length, a cluster lies in two strata, more were drawn than there are, or a weight
            is negative or no number.
    """
    _same_length(cases, weights, *strata, *clusters, *populations)
    units: Sequence[ArrayLike] = clusters or [np.arange(cases)]
    parent = np.zeros(cases, dtype=np.int64)
    stages = []
    for number, unit in enumerate(units):
        stratum = numbered(parent, strata[number]) if number < len(strata) else parent
        inside = stratum if nested or number else parent
        cluster = numbered(inside, unit)
        _one_stratum(stratum, cluster, number)
        stages.append(_stage(stratum, cluster, populations[number] if number < len(populations) else None))
        parent = cluster
    own = _implied(stages, cases) if weights is None else np.asarray(weights, dtype=float)
    if not np.isfinite(own).all() or (own < 0).any():
        raise DataError(
            "survey.weights", "A weight is negative or no number.", hint="Leave the case out, or weigh it 0."
        )
    return Design(own, tuple(stages), lonely=lonely)


def numbered(outer: Integers, column: ArrayLike) -> Integers:
    """A number for every pair of an outer number and a value; values that are absent are a value of their own."""
    values = np.asarray(column)
    if values.dtype.kind == "O":
        values = np.array([str(value) for value in values])
    _, inner = np.unique(values, return_inverse=True)
    _, numbers = np.unique(outer * (int(inner.max(initial=0)) + 1) + inner, return_inverse=True)
    return np.asarray(numbers, dtype=np.int64)


def _same_length(cases: int, *columns: ArrayLike | None) -> None:
    for column in columns:
        if column is not None and len(np.asarray(column)) != cases:
            said = f"A column has {len(np.asarray(column))} values for {cases} cases."
            raise DataError("survey.columns", said, hint="Give a value for every case.")


def _one_stratum(strata: Integers, clusters: Integers, stage: int) -> None:
    pairs = np.unique(np.stack([clusters, strata]), axis=1).shape[1]
    if pairs != len(np.unique(clusters)):
        said = f"A cluster of stage {stage + 1} lies in more than one stratum."
        raise DataError("survey.nesting", said, hint="Say that clusters are numbered within strata (nested).")


def _stage(strata: Integers, clusters: Integers, population: ArrayLike | None) -> Stage:
    first = np.unique(clusters, return_index=True)[1]
    counts = np.bincount(strata[first], minlength=int(strata.max(initial=0)) + 1)
    many = counts[strata].astype(float)
    if population is None:
        return Stage(strata, clusters, many, np.full(len(strata), np.inf))
    given = np.asarray(population, dtype=float)
    if (given <= 0).any() or np.isnan(given).any():
        raise DataError("survey.population", "A population is not above 0.", hint="Give its size, or the share drawn.")
    size = many / given if (given <= 1).all() and (many > 1).any() else given
    if (size < many * (1 - 1e-9)).any():
        raise DataError(
            "survey.population",
            "More clusters were drawn than there are.",
            hint="Check the population of each stratum.",
        )
    return Stage(strata, clusters, many, size)


def _implied(stages: Sequence[Stage], cases: int) -> Floats:
    weights = np.ones(cases)
    for stage in stages:
        weights = weights * np.where(np.isinf(stage.population), 1.0, stage.population / stage.drawn)
    return weights


def _stage_covariance(scores: Floats, stages: Sequence[Stage], share: Floats, lonely: Lonely) -> Floats:
    """``share`` is the part of the population that the stages before have drawn, per case."""
    statistics = scores.shape[1]
    covariance = np.zeros((statistics, statistics))
    for stage in stages:
        clusters, first = np.unique(stage.clusters, return_index=True)
        totals = np.zeros((len(clusters), statistics))
        np.add.at(totals, stage.clusters, scores)
        strata, many, left = stage.strata[first], stage.drawn[first], 1 - (stage.drawn / stage.population)[first]
        centred = totals - _stratum_means(totals, strata, many)
        scale = left * share[first] * np.divide(many, many - 1, out=np.ones_like(many), where=many > 1)
        alone = (many == 1) & (left > 1e-7) & (share[first] > 0)
        if alone.any():
            centred[alone] = _alone(totals, alone, lonely)
        covariance += (centred * scale[:, None]).T @ centred
        share = share * np.where(np.isinf(stage.population), 0.0, stage.drawn / stage.population)
        if not share.any():
            break
    return covariance


def _stratum_means(totals: Floats, strata: Integers, many: Floats) -> Floats:
    sums = np.zeros((int(strata.max(initial=0)) + 1, totals.shape[1]))
    np.add.at(sums, strata, totals)
    return np.asarray(sums[strata] / many[:, None])


def _alone(totals: Floats, alone: Flags, lonely: Lonely) -> Any:
    if lonely == "refuse":
        said = f"{int(alone.sum())} strata have a single cluster, which has no spread."
        hint = "Join the stratum with a similar one, or say what it means: certainty or centre."
        raise DataError("survey.lonely", said, hint=hint)
    return 0.0 if lonely == "certainty" else totals[alone] - totals.mean(axis=0)
