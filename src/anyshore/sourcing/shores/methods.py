"""Ranking alternatives by several criteria: weighted sum, weighted product, TOPSIS, PROMETHEE II and VIKOR.

All take a matrix (alternatives × criteria, float), weights (one per criterion, as given: they are not made to sum to 1)
and senses (1 where more is better, -1 where less is). Scaling is a step of its own, because a published example names
its scaling: ``topsis(vector(matrix), …)`` is the book's, ``topsis(minmax(matrix, senses), …)`` another.

Sources: Fishburn 1967 (weighted sum); Bridgman 1922, Miller & Starr 1969 (weighted product); Hwang & Yoon 1981
(TOPSIS); Brans & Vincke 1985 and Brans, Vincke & Mareschal 1986 (PROMETHEE); Opricovic & Tzeng 2004 (VIKOR).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError

Array = NDArray[np.float64]


def checked(matrix: object, weights: object, senses: object) -> tuple[Array, Array, Array]:
    """The problem as arrays.

    Raises:
        DataError: shapes do not fit, a number is none, or a sense is neither 1 nor -1.
    """
    table, importance, direction = (np.asarray(one, dtype=np.float64) for one in (matrix, weights, senses))
    if table.ndim != 2 or not table.size:
        raise DataError("mcda.shape", "A matrix of alternatives by criteria is needed.", hint="One row each.")
    if importance.shape != (table.shape[1],) or direction.shape != (table.shape[1],):
        message = f"{table.shape[1]} criteria, {importance.size} weights and {direction.size} senses."
        raise DataError("mcda.shape", message, hint="Give one weight and one sense per criterion.")
    if not (np.isfinite(table).all() and np.isfinite(importance).all() and (importance >= 0).all()):
        raise DataError("mcda.number", "A score is no number, or a weight is none or below zero.")
    if not np.isin(direction, (-1.0, 1.0)).all():
        raise DataError("mcda.sense", "A sense is 1 (more is better) or -1 (less is better).")
    return table, importance, direction


def minmax(matrix: Array, senses: Array) -> Array:
    """Each criterion from 0 (worst of these alternatives) to 1 (best); 1 where all are equal."""
    low, span = matrix.min(axis=0), np.ptp(matrix, axis=0)
    flat = span == 0
    part = (matrix - low) / np.where(flat, 1.0, span)
    return np.where(flat, 1.0, np.where(senses > 0, part, 1.0 - part))


def share(matrix: Array, senses: Array) -> Array:
    """Each criterion as a share of its sum; of the sum of reciprocals where less is better."""
    _needs_positive(matrix[:, senses < 0])
    turned = np.where(senses > 0, matrix, 1.0 / np.where(senses > 0, 1.0, matrix))
    return np.asarray(turned / turned.sum(axis=0))


def ratio(matrix: Array, senses: Array) -> Array:
    """Each criterion against the best: x / max where more is better, min / x where less is."""
    _needs_positive(matrix[:, senses < 0])
    up, down = matrix / matrix.max(axis=0), matrix.min(axis=0) / np.where(senses > 0, 1.0, matrix)
    return np.asarray(np.where(senses > 0, up, down))


def vector(matrix: Array) -> Array:
    """Each criterion divided by its Euclidean length; senses stay as they are (Hwang & Yoon 1981)."""
    length = np.sqrt((matrix**2).sum(axis=0))
    return np.asarray(matrix / np.where(length == 0, 1.0, length))


def weighted_sum(scaled: Array, weights: Array) -> Array:
    """The weighted sum of scores in which more is better."""
    return scaled @ weights


def weighted_product(scaled: Array, weights: Array) -> Array:
    """The product of scores to the power of their weights; scores are 0 or more, and more is better."""
    if (scaled < 0).any():
        raise DataError("mcda.number", "The weighted product needs scores of 0 or more.")
    return np.asarray(np.prod(scaled**weights, axis=1))


def topsis(scaled: Array, weights: Array, senses: Array) -> Array:
    """Relative closeness to the ideal: 1 the ideal, 0 the anti-ideal; 0.5 where the two are one point."""
    weighted = scaled * weights
    best = np.where(senses > 0, weighted.max(axis=0), weighted.min(axis=0))
    worst = np.where(senses > 0, weighted.min(axis=0), weighted.max(axis=0))
    near = np.sqrt(((weighted - best) ** 2).sum(axis=1))
    far = np.sqrt(((weighted - worst) ** 2).sum(axis=1))
    total = near + far
    return np.where(total == 0, 0.5, far / np.where(total == 0, 1.0, total))


@dataclass(frozen=True, slots=True)
class Vikor:
    """What VIKOR finds; in all three less is better.

    Attributes:
        utility: S, the weighted distance from the best over all criteria.
        regret: R, the largest weighted distance in one criterion.
        compromise: Q, both between the best (0) and the worst (1) of the alternatives.
    """

    utility: Array
    regret: Array
    compromise: Array

    def accepted(self) -> list[int]:
        """The compromise set: the best, and those it has no acceptable advantage or stability over.

        Source: Opricovic & Tzeng 2004, section 2.2, conditions C1 and C2.
        """
        order = np.argsort(self.compromise, kind="stable")
        best = int(order[0])
        if len(order) == 1:
            return [best]
        margin = 1 / (len(order) - 1)
        if self.compromise[order[1]] - self.compromise[best] < margin:
            return [int(one) for one in order if self.compromise[one] - self.compromise[best] < margin]
        stable = self.utility[best] == self.utility.min() or self.regret[best] == self.regret.min()
        return [best] if stable else [best, int(order[1])]


def vikor(matrix: Array, weights: Array, senses: Array, strategy: float = 0.5) -> Vikor:
    """VIKOR; ``strategy`` is v, the weight of the many (S) against the worst off (R).

    A criterion in which all are equal tells nothing apart and adds nothing.
    """
    best = np.where(senses > 0, matrix.max(axis=0), matrix.min(axis=0))
    span = np.ptp(matrix, axis=0)
    lost = weights * np.abs(best - matrix) / np.where(span == 0, 1.0, span)
    utility, regret = lost.sum(axis=1), lost.max(axis=1)
    return Vikor(utility, regret, strategy * _unit(utility) + (1 - strategy) * _unit(regret))


def promethee_ii(
    matrix: Array, weights: Array, senses: Array, preference: str = "usual", indifference: object = 0.0,
    threshold: object = 0.0,
) -> Array:  # fmt: skip
    """Net outranking flows, from -1 to 1 where the weights sum to 1.

    Args:
        matrix: alternatives by criteria.
        weights: of the criteria.
        senses: of the criteria.
        preference: ``usual``, ``ushape``, ``vshape``, ``level`` or ``linear`` (V-shape with indifference).
        indifference: q, one number or one per criterion: smaller differences count nothing.
        threshold: p, likewise: from this difference on preference is full.

    Raises:
        DataError: there is no such preference function.
    """
    difference = (matrix[:, None, :] - matrix[None, :, :]) * senses
    q = np.broadcast_to(np.asarray(indifference, dtype=np.float64), senses.shape)
    p = np.broadcast_to(np.asarray(threshold, dtype=np.float64), senses.shape)
    flow = (_preferred(difference, preference, q, p) * weights).sum(axis=2)
    others = max(len(matrix) - 1, 1)
    return np.asarray((flow.sum(axis=1) - flow.sum(axis=0)) / others)


def _preferred(difference: Array, preference: str, q: Array, p: Array) -> Array:
    """Preference of one over another by criterion, 0 to 1 (Brans, Vincke & Mareschal 1986, table 1)."""
    full = (difference > p).astype(np.float64)
    if preference == "usual":
        return (difference > 0).astype(np.float64)
    if preference == "ushape":
        return (difference > q).astype(np.float64)
    if preference == "vshape":
        return np.where((difference > 0) & (difference <= p), difference / np.where(p == 0, 1.0, p), full)
    if preference == "level":
        return np.where((difference > q) & (difference <= p), 0.5, full)
    if preference == "linear":
        return np.where((difference > q) & (difference <= p), (difference - q) / np.where(p == q, 1.0, p - q), full)
    known = "usual, ushape, vshape, level, linear"
    raise DataError("mcda.preference", f"There is no preference function {preference!r}.", hint=f"There are: {known}.")


def ranks(scores: Array, *, less_is_better: bool = False) -> list[int]:
    """Ranks from 1; equal scores share one, and the next follows without a gap.

    Scores closer than one part in 10¹² are equal: the order of a sum must not decide who wins.
    """
    signed = np.asarray(scores if less_is_better else -scores, dtype=np.float64)
    order = np.argsort(signed, kind="stable")
    found = np.ones(len(signed), dtype=np.int64)
    for before, here in pairwise(order):
        apart = signed[here] - signed[before] > 1e-12 * max(1.0, abs(float(signed[here])))
        found[here] = found[before] + int(apart)
    return [int(one) for one in found]


def _unit(values: Array) -> Array:
    span = float(np.ptp(values))
    return np.asarray((values - values.min()) / span if span else np.zeros_like(values))


def _needs_positive(matrix: Array) -> None:
    if (matrix <= 0).any():
        message = "Where less is better, this scaling divides by the score, and one is zero or below."
        raise DataError("mcda.number", message, hint="Use minmax, or state the criterion the other way round.")
