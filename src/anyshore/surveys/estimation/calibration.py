"""Weights that meet known totals of the population: post-stratification, raking and regression (GREG).

Deville and Särndal (1992, JASA 87:376–382). Each method leaves in the design what it takes off the scores, so that
errors of estimates after it are those of the residuals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from anyshore.base.errors import DataError
from anyshore.surveys.estimation.designs import Design, Flags, Floats, Residuals
from anyshore.surveys.estimation.estimates import categories

Targets = Mapping[str, float]
"""Population per answer."""
_ROUNDS = 1000


def post_stratified(design: Design, column: ArrayLike, targets: Targets) -> Design:
    """Weights with the population of every answer of one question.

    Raises:
        DataError: a target has no case, or a case has no target.
    """
    cells, wanted = margin(column, targets)
    weights = _scaled(design.weights, cells, wanted)
    return design.reweighted(weights, _within(cells, design.weights, weights))


def raked(design: Design, margins: Sequence[tuple[ArrayLike, Targets]], *, tolerance: float = 1e-10) -> Design:
    """Weights with the population of every answer of several questions, by iterative proportional fitting.

    Args:
        design: of the sample.
        margins: per question its answers, a value per case, and its targets.
        tolerance: largest relative distance from a target where the fitting ends.

    Raises:
        DataError: a target has no case, a case no target, or the targets cannot all be met.
    """
    known = [margin(column, targets) for column, targets in margins]
    weights = design.weights
    for _ in range(_ROUNDS):
        for cells, wanted in known:
            weights = _scaled(weights, cells, wanted)
        if max(off(weights, cells, wanted) for cells, wanted in known) <= tolerance:
            break
    else:
        raise DataError(
            "survey.raking", f"The targets are not met within {_ROUNDS} rounds.",
            hint="The totals of the questions may differ, or answers exclude each other; join answers.",
        )  # fmt: skip
    projections = [_within(cells, np.ones(len(weights)), weights) for cells, _ in known]

    def left(scores: Floats) -> Floats:
        for _ in range(10):  # alternate projections, as often as it takes to stand still in practice
            for projection in projections:
                scores = projection(scores)
        return scores

    return design.reweighted(weights, left)


def regressed(design: Design, columns: Mapping[str, ArrayLike], totals: Mapping[str, float]) -> Design:
    """Weights that meet totals of columns, changed linearly in them (generalised regression estimator).

    Args:
        design: of the sample.
        columns: auxiliary values per case; a constant is a column of ones.
        totals: what the population has of each.

    Raises:
        DataError: a total is missing, a value is absent, or the columns depend on each other.
    """
    if set(columns) != set(totals):
        raise DataError("survey.totals", "Columns and totals have different names.", hint="Give a total per column.")
    x = np.stack([np.asarray(column, dtype=float) for column in columns.values()], axis=1)
    if np.isnan(x).any():
        raise DataError("survey.totals", "An auxiliary value is absent.", hint="Fill it in, or leave the case out.")
    start = design.weights
    root = np.sqrt(start)
    if np.linalg.matrix_rank(x * root[:, None]) < x.shape[1]:
        raise DataError("survey.collinear", "The auxiliary columns depend on each other.", hint="Leave one out.")
    short = np.array([totals[name] for name in columns]) - start @ x
    factors = 1 + x @ np.linalg.solve((x * start[:, None]).T @ x, short)
    weights = start * factors
    basis = np.linalg.qr(x * root[:, None])[0]

    def left(scores: Floats) -> Floats:
        scale = (factors * root)[:, None]
        plain = np.divide(scores, scale, out=np.zeros_like(scores), where=scale != 0)
        return np.asarray((plain - basis @ (basis.T @ plain)) * scale)

    return design.reweighted(weights, left)


def margin(column: ArrayLike, targets: Targets) -> tuple[list[Flags], Floats]:
    """Which cases each target counts, and how many are wanted.

    Raises:
        DataError: a target is not above 0 or has no case, or a case has no target.
    """
    found = categories(column)
    if odd := sorted(set(targets) ^ set(found)):
        kind = "has no case" if odd[0] in targets else "has no target"
        said = f"The answer {odd[0]!r} {kind}."
        raise DataError("survey.targets", said, hint="Join answers, or leave the question out.")
    if not np.any(list(found.values()), axis=0).all():
        raise DataError("survey.targets", "A case has no answer.", hint="Give those without an answer a target.")
    if any(not target > 0 for target in targets.values()):
        raise DataError("survey.targets", "A target is not above 0.", hint="Leave the answer out, with its cases.")
    return list(found.values()), np.array([float(targets[answer]) for answer in found])


def off(weights: Floats, cells: Sequence[Flags], wanted: Floats) -> float:
    """The largest relative distance of a margin from its targets."""
    return max(abs(float(weights[cell].sum()) / float(target) - 1) for cell, target in zip(cells, wanted, strict=True))


def _scaled(weights: Floats, cells: Sequence[Flags], wanted: Floats) -> Floats:
    result = weights.copy()
    for cell, target in zip(cells, wanted, strict=True):
        have = weights[cell].sum()
        if have <= 0:
            raise DataError("survey.targets", "The cases of a target all weigh 0.", hint="Join answers.")
        result[cell] *= target / have
    return result


def _within(cells: Sequence[Flags], start: Floats, weights: Floats) -> Residuals:
    """Takes off each cell's mean, weighted by the weights before."""

    def left(scores: Floats) -> Floats:
        result = scores.copy()
        for cell in cells:
            w = weights[cell][:, None]
            plain = np.divide(scores[cell], w, out=np.zeros_like(scores[cell]), where=w != 0)
            result[cell] = (plain - start[cell] @ plain / start[cell].sum()) * w
        return result

    return left
