"""SMAA-2: how often each alternative takes each rank, when weights and scores are known only in part.

Weights are drawn evenly from all that are possible (non-negative, sum 1, and, where an order is given, in that order);
scores from the interval of each. Of each alternative it tells the *rank acceptability* (share of draws on each rank),
the *central weight* (mean of the weights that put it first) and the *confidence* (how often it is first with those).

Source: Lahdelma & Salminen, SMAA-2: stochastic multicriteria acceptability analysis for group decision making,
Operations Research 49(3), 2001; even draws from the simplex: Rubinstein 1982; in an order: Tervonen & Lahdelma 2007.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError

Array = NDArray[np.float64]
_CHUNK = 4096
"""Draws at a time: their scores (30 × 12) stay inside the cache of a core."""


@dataclass(frozen=True, slots=True)
class Acceptability:
    """What the draws say.

    Attributes:
        ranks: alternatives × ranks, the share of draws; each row sums to 1.
        central: alternatives × criteria, the mean weight that puts it first; NaN where none does.
        confidence: per alternative, how often it is first with its central weight; NaN where it has none.
        draws: how many.
        seed: of the draws.
    """

    ranks: Array
    central: Array
    confidence: Array
    draws: int
    seed: int

    @property
    def error(self) -> Array:
        """Standard error of the rank acceptabilities: sqrt(p (1 - p) / draws)."""
        return np.asarray(np.sqrt(self.ranks * (1 - self.ranks) / self.draws))


def smaa(
    low: object, high: object, *, draws: int, seed: int, order: Sequence[int] | None = None
) -> Acceptability:  # fmt: skip
    """Draws weights and scores.

    Args:
        low: alternatives × criteria, the lowest utility each may have, 0 to 1 and more is better.
        high: likewise the highest; equal to ``low`` where the score is known.
        draws: how many; 100,000 tell an acceptability to 0.2 percentage points.
        seed: of PCG64; the same seed gives the same figures.
        order: numbers of criteria, the most important first; those not named come after them in any order.

    Raises:
        DataError: shapes do not fit, an interval is upside down, or an order names a criterion twice or none.
    """
    lowest, highest = _checked(low, high, draws, order)
    found, central = _first_pass(lowest, highest, draws, seed, order)
    won = found[:, :1]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = central / won
    return Acceptability(found / draws, means, _confidence(lowest, highest, means, draws, seed), draws, seed)


def _checked(low: object, high: object, draws: int, order: Sequence[int] | None) -> tuple[Array, Array]:
    lowest, highest = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if lowest.ndim != 2 or not lowest.size or lowest.shape != highest.shape:
        raise DataError("mcda.shape", "Lowest and highest scores need the same shape, alternatives by criteria.")
    if not (np.isfinite(lowest).all() and np.isfinite(highest).all()) or (lowest > highest).any():
        raise DataError("mcda.number", "A score is no number, or its lowest is above its highest.")
    if draws < 1:
        raise DataError("mcda.draws", "At least one draw is needed.", hint="Use 10,000 or more.")
    if order is not None and (len(set(order)) != len(order) or not set(order) <= set(range(lowest.shape[1]))):
        raise DataError("mcda.order", "The order names a criterion twice, or one there is not.", hint="Number from 0.")
    return lowest, highest


def _first_pass(
    low: Array, high: Array, draws: int, seed: int, order: Sequence[int] | None
) -> tuple[Array, Array]:  # fmt: skip
    """Counts of ranks, and sums of the weights that put each first."""
    alternatives, criteria = low.shape
    counts = np.zeros(alternatives * alternatives, dtype=np.int64)
    sums, twins = np.zeros_like(low), _twins(low, high)
    columns = np.arange(alternatives)
    for weights, scores in _drawn(low, high, draws, seed, order):
        utility = weights @ low.T if scores is None else np.einsum("dac,dc->da", scores, weights.astype(np.float32))
        by_rank = np.argsort(-utility, axis=1)
        if twins:
            position = np.argsort(by_rank, axis=1)
            for twin in twins:
                position[:, twin] = position[:, twin].min(axis=1, keepdims=True)
            counts += np.bincount((columns * alternatives + position).ravel(), minlength=alternatives**2)
            sums += (position == 0).T.astype(np.float64) @ weights
            continue
        counts += np.bincount((by_rank * alternatives + columns).ravel(), minlength=alternatives**2)
        first = by_rank[:, 0]
        sums += np.stack([np.bincount(first, weights[:, k], alternatives) for k in range(criteria)], axis=1)
    return counts.reshape(alternatives, alternatives).astype(np.float64), sums


def _twins(low: Array, high: Array) -> list[list[int]]:
    """Alternatives with the same known scores: they share the better rank, whatever their order."""
    groups: dict[bytes, list[int]] = {}
    for number, (lowest, highest) in enumerate(zip(low, high, strict=True)):
        if (lowest == highest).all():
            groups.setdefault(lowest.tobytes(), []).append(number)
    return [group for group in groups.values() if len(group) > 1]


def _drawn(
    low: Array, high: Array, draws: int, seed: int, order: Sequence[int] | None
) -> Iterator[tuple[Array, Array | None]]:  # fmt: skip
    """Weights (draws × criteria) and scores (draws × alternatives × criteria; None where all are known)."""
    chance, uncertain = np.random.Generator(np.random.PCG64(seed)), bool((high > low).any())
    for start in range(0, draws, _CHUNK):
        size = min(_CHUNK, draws - start)
        weights = simplex(chance, size, low.shape[1], order)
        yield weights, _scores(chance, low, high, size) if uncertain else None


def simplex(chance: np.random.Generator, size: int, criteria: int, order: Sequence[int] | None = None) -> Array:
    """Weights drawn evenly: exponential spacings over their sum; the largest go to those an order names."""
    spacings = chance.standard_exponential((size, criteria))
    weights = spacings / spacings.sum(axis=1, keepdims=True)
    if order is None:
        return np.asarray(weights)
    falling = np.sort(weights, axis=1)[:, ::-1]
    rest = [number for number in range(criteria) if number not in order]
    placed: Array = np.empty((size, criteria))
    placed[:, list(order)] = falling[:, : len(order)]
    placed[:, rest] = chance.permuted(falling[:, len(order) :], axis=1)
    return placed


def mean_weights(criteria: int, order: Sequence[int]) -> Array:
    """The mean of the weights an order allows: rank order centroids (Barron & Barrett 1996); the rest share evenly."""
    centroids = np.cumsum((1 / np.arange(1, criteria + 1))[::-1])[::-1] / criteria
    found = np.full(criteria, centroids[len(order) :].mean() if len(order) < criteria else 0.0)
    found[list(order)] = centroids[: len(order)]
    return found


def _scores(chance: np.random.Generator, low: Array, high: Array, size: int) -> Array:
    scores = chance.random((size, *low.shape), dtype=np.float32)
    scores *= (high - low).astype(np.float32)
    scores += low.astype(np.float32)
    return np.asarray(scores)


def _confidence(low: Array, high: Array, central: Array, draws: int, seed: int) -> Array:
    """How often each is first with its own central weight, over scores drawn anew."""
    known = np.isfinite(central[:, 0])
    found = np.full(len(low), np.nan)
    if not known.any():
        return found
    weights = central[known].T
    if not (high > low).any():
        utility = low @ weights
        own = utility[np.flatnonzero(known), np.arange(utility.shape[1])]
        found[known] = (own >= utility.max(axis=0)).astype(np.float64)
        return found
    chance = np.random.Generator(np.random.PCG64([seed, 1]))
    won = np.zeros(int(known.sum()), dtype=np.int64)
    narrow, numbers = weights.astype(np.float32), np.flatnonzero(known)
    for start in range(0, draws, _CHUNK):
        scores = _scores(chance, low, high, min(_CHUNK, draws - start))
        utility = (scores.reshape(-1, low.shape[1]) @ narrow).reshape(len(scores), len(low), -1)
        won += (utility.argmax(axis=1) == numbers).sum(axis=0)
    found[known] = won / draws
    return found
