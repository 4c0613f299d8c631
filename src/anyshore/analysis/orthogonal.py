"""QR factorisation by Householder reflections, for doubles and for numbers of sixty digits alike.

Columns are scaled to length 1 first: what is called ill-conditioned is then the problem, not its units. Source: Golub
and Van Loan, Matrix Computations, 5.2 and 5.3; Higham, Accuracy and Stability of Numerical Algorithms, 19 and 20.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]
"""Doubles, or objects of more digits."""
Root = Callable[[Any], Any]
EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Factors:
    """A scaled design as Q times R, with what Q makes of the response.

    Attributes:
        r: upper triangle, of the scaled columns; parameters × parameters.
        scales: length of each column.
        rotated: the response in the directions of Q, one per observation; the first are those of the columns.
    """

    r: Matrix
    scales: Matrix
    rotated: Matrix

    @property
    def coefficients(self) -> Matrix:
        """The least squares coefficients."""
        count = len(self.scales)
        found: Matrix = solved(self.r, self.rotated[:count]) / self.scales
        return found

    @property
    def inverse_lengths(self) -> Matrix:
        """Squared standard error of each coefficient, per residual variance: the diagonal of the inverse of XᵀX."""
        count = len(self.scales)
        zero = self.r[0, 0] * 0
        columns = []
        for at in range(count):
            unit = np.array([zero + (1 if row == at else 0) for row in range(count)], dtype=self.r.dtype)
            columns.append(solved(self.r, unit))
        inverse = np.array(columns).T
        found: Matrix = (inverse * inverse).sum(axis=1) / (self.scales * self.scales)
        return found

    @property
    def residual_squares(self) -> Any:
        """The residual sum of squares."""
        rest = self.rotated[len(self.scales) :]
        return (rest * rest).sum() if len(rest) else self.r[0, 0] * 0

    @property
    def condition(self) -> float:
        """Condition of the scaled design, in doubles; infinite where columns depend on each other."""
        values = np.linalg.svd(self.r.astype(np.float64), compute_uv=False)
        return float(values[0] / values[-1]) if values[-1] > 0 else math.inf


def factorised(design: Matrix, response: Matrix, root: Root) -> Factors:
    """Factorises a design.

    Args:
        design: observations × parameters, at least as many observations as parameters.
        response: one per observation.
        root: the square root of that kind of number.

    Returns:
        The factors. A column of zeros keeps its scale 1 and makes the condition infinite.
    """
    scales = np.array([root((column * column).sum()) for column in design.T], dtype=design.dtype)
    scales = np.where(scales == 0, scales + 1, scales)
    with np.errstate(invalid="ignore"):  # slopes that overflowed are seen by their condition
        a, y = design / scales, response.copy()
    count = design.shape[1]
    for at in range(count):
        v = a[at:, at].copy()
        length = root((v * v).sum())
        if length == 0:
            continue
        v[0] = v[0] + length if v[0] >= 0 else v[0] - length
        factor = 2 / (v * v).sum()
        a[at:, at:] = a[at:, at:] - np.outer(v, (v @ a[at:, at:]) * factor)
        y[at:] = y[at:] - v * ((v @ y[at:]) * factor)
    return Factors(np.triu(a[:count]), scales, y)


def solved(r: Matrix, right: Matrix) -> Matrix:
    """The solution of a triangular system.

    Raises:
        ZeroDivisionError: the triangle has a zero on its diagonal.
    """
    found = right.copy()
    for at in range(len(right) - 1, -1, -1):
        if r[at, at] == 0:
            raise ZeroDivisionError("the columns depend on each other")
        found[at] = (found[at] - (r[at, at + 1 :] * found[at + 1 :]).sum()) / r[at, at]
    return found


def safe_digits(factors: Factors) -> float:
    """How many digits of every coefficient and of the residuals doubles are sure to carry.

    By the bound of the perturbation theory of least squares (Golub and Van Loan, 5.3.7): the error of the coefficients
    is at most about ε (2 κ / cos θ + κ² tan θ) of their length, that of the residual ε |y| / |r|, with κ the condition
    of the scaled design and θ the angle between response and fit. A coefficient that is small among the others has
    fewer digits.
    """
    whole = float(np.sqrt(float((factors.rotated * factors.rotated).sum())))
    rest = math.sqrt(float(factors.residual_squares))
    fit = math.sqrt(max(whole * whole - rest * rest, 0.0))
    kappa = factors.condition
    if not fit or not rest or not math.isfinite(kappa):
        return 0.0
    scaled = np.abs(factors.coefficients * factors.scales).astype(np.float64)
    smallest = min((float(one) for one in scaled if one), default=1.0)
    among = float(np.linalg.norm(scaled)) / smallest
    error = EPSILON * max((2 * kappa * whole / fit + kappa * kappa * rest / fit) * among, whole / rest)
    return max(0.0, -math.log10(error))
