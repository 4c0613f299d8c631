"""RIM weighting: targets of several questions met at once, with caps, and what it costs in precision.

Deming and Stephan (1940, Ann. Math. Stat. 11:427–444); the effective sample is Kish's (1965): (Σw)²/Σw².
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anyshore.base.errors import DataError
from anyshore.surveys.estimation.calibration import margin, off
from anyshore.surveys.estimation.designs import Floats

_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Weighted:
    """Weights with their quality.

    Attributes:
        weights: per case, adding up to the number of cases.
        rounds: of fitting.
        capped: cases at a cap.
        off: largest distance of a share from its target, relative; above 0 where caps stand in the way.
        effective: cases a simple sample of the same precision would have.
        efficiency: that over the number of cases.
        lowest: weight.
        highest: weight.
    """

    weights: Floats
    rounds: int
    capped: int
    off: float
    effective: float
    efficiency: float
    lowest: float
    highest: float


def effective_cases(weights: ArrayLike) -> float:
    """Kish's effective number of cases."""
    own = np.asarray(weights, dtype=float)
    squares = float((own**2).sum())
    return float(own.sum()) ** 2 / squares if squares else 0.0


def rim(
    margins: Sequence[tuple[ArrayLike, Mapping[str, float]]], *, start: ArrayLike | None = None,
    lowest: float = 0.0, highest: float = float("inf"), tolerance: float = 1e-8, within: float = 0.005,
) -> Weighted:  # fmt: skip
    """Weights with the targets of every question.

    Args:
        margins: per question its answers, one per case, and the share or number wanted of each.
        start: design weights; 1 where left out.
        lowest: cap from below, as a multiple of the mean weight.
        highest: cap from above.
        tolerance: relative distance from the targets where the fitting ends.
        within: relative distance from the targets that caps may cost.

    Raises:
        DataError: a target has no case, a case no target, the caps are no range around 1, or the targets cannot be met
            within the caps.
    """
    if not lowest < 1 < highest:
        raise DataError("survey.caps", "The caps are no range around 1.", hint="For example from 0.3 to 3.")
    first = np.asarray(margins[0][0])
    cases = len(first)
    weights = np.ones(cases) if start is None else np.asarray(start, dtype=float) * cases / np.sum(start)
    known = [_scaled_margin(column, targets, cases) for column, targets in margins]
    rounds, apart = 0, np.inf
    for rounds in range(1, _ROUNDS + 1):  # noqa: B007  how many it took is told
        before = weights
        for cells, wanted in known:
            weights = _met(weights, cells, wanted)
        weights = _capped(weights, lowest, highest)
        apart = max(off(weights, cells, wanted) for cells, wanted in known)
        if apart <= tolerance or np.allclose(weights, before, rtol=1e-13, atol=0):
            break
    if apart > max(within, tolerance):
        said = f"The targets are missed by {apart:.1%} after {rounds} rounds."
        raise DataError("survey.raking", said, hint="Widen the caps, or join answers with few cases.")
    effective = effective_cases(weights)
    at_cap = np.isclose(weights, lowest) | np.isclose(weights, highest)
    return Weighted(
        weights, rounds, int(at_cap.sum()), float(apart), effective, effective / cases,
        float(weights.min()), float(weights.max()),
    )  # fmt: skip


def _scaled_margin(
    column: ArrayLike, targets: Mapping[str, float], cases: int
) -> tuple[list[NDArray[np.bool_]], Floats]:
    cells, wanted = margin(column, targets)
    return cells, wanted * cases / wanted.sum()


def _met(weights: Floats, cells: Sequence[NDArray[np.bool_]], wanted: Floats) -> Floats:
    result = weights.copy()
    for cell, target in zip(cells, wanted, strict=True):
        result[cell] *= target / weights[cell].sum()
    return result


def _capped(weights: Floats, lowest: float, highest: float) -> Floats:
    """Weights within the caps, those between them scaled so that the mean stays 1."""
    result = np.clip(weights, lowest, highest)
    for _ in range(50):
        free = (result > lowest) & (result < highest)
        missing = len(result) - result.sum()
        if not free.any() or abs(missing) < 1e-12 * len(result):
            break
        result[free] *= 1 + missing / result[free].sum()
        result = np.clip(result, lowest, highest)
    return result
