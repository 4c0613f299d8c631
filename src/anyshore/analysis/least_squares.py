"""Linear least squares whose digits are known: in doubles where they carry, else again in sixty digits, and told.

Data are the digits that were written. The first pass factorises the scaled design in doubles; where fewer than
:data:`SAFE` digits of coefficients or residuals are sure, the second does the same with sixty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from anyshore.analysis import orthogonal, sixty
from anyshore.analysis.orthogonal import Factors, Matrix
from anyshore.base.errors import DataError

SAFE = 7.0
"""Digits that must be sure before doubles are believed."""
_EXACT = Decimal("1e-50")
"""Share of all squares below which residuals are none, in sixty digits."""
Exact = Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Fit:
    """A regression.

    Attributes:
        coefficients: in the order of the columns.
        errors: their standard errors; None where there are no degrees of freedom.
        residual_squares: residual sum of squares.
        residual_freedom: observations less coefficients.
        regression_squares: sum of squares the regression explains, about the mean where there is a constant.
        regression_freedom: coefficients, less the constant.
        deviation: residual standard deviation; None without degrees of freedom.
        r_squared: share of the squares explained; None where there are none.
        f: F statistic; None where there is nothing to compare with, infinite where the fit is exact.
        digits: 16 where doubles carried, 60 where the longer arithmetic was used.
        safe_digits: digits of the double arithmetic that were sure.
    """

    coefficients: tuple[Decimal, ...]
    errors: tuple[Decimal, ...] | None
    residual_squares: Decimal
    residual_freedom: int
    regression_squares: Decimal
    regression_freedom: int
    deviation: Decimal | None
    r_squared: Decimal | None
    f: Decimal | None
    digits: int
    safe_digits: float

    @property
    def told(self) -> str:
        """In words, with which arithmetic it was computed, and why."""
        if self.digits == 16:
            return f"computed in doubles, at least {self.safe_digits:.0f} digits are sure"
        return f"computed in {self.digits} digits: doubles are sure of {self.safe_digits:.0f} only"


def linear(columns: Sequence[Sequence[Exact]], response: Sequence[Exact], *, constant: bool = True) -> Fit:
    """Fits a response by columns.

    Args:
        columns: the predictors, each with a value per observation.
        response: what is explained.
        constant: whether a constant comes first.

    Raises:
        DataError: lengths differ, there are fewer observations than coefficients, or columns depend on each other.
    """
    count = len(response)
    if any(len(column) != count for column in columns):
        raise DataError("analysis.length", "The columns have different lengths.", hint="Give a value per observation.")
    whole: list[Sequence[Exact]] = [[Decimal(1)] * count, *columns] if constant else list(columns)
    if not whole or count < len(whole):
        message = f"{count} observations cannot determine {len(whole)} coefficients."
        raise DataError("analysis.observations", message, hint="Give more observations or fewer columns.")
    short = np.array([[float(value) for value in column] for column in whole], dtype=np.float64).T
    factors = orthogonal.factorised(short, np.array([float(value) for value in response]), np.sqrt)
    safe = orthogonal.safe_digits(factors)
    if safe >= SAFE:
        return _fit(factors, constant=constant, digits=16, safe=safe)
    long = np.array([sixty.array(column) for column in whole], dtype=object).T
    factors = orthogonal.factorised(long, sixty.array(response), sixty.LONG.sqrt)
    return _fit(factors, constant=constant, digits=sixty.DIGITS, safe=safe)


def _fit(factors: Factors, *, constant: bool, digits: int, safe: float) -> Fit:
    if not math.isfinite(factors.condition) or factors.condition > 10.0 ** (digits - 4):
        hint = "Leave out a column that the others make up."
        raise DataError("analysis.dependent", "The columns depend on each other.", hint=hint)
    count, parameters = len(factors.rotated), len(factors.scales)
    explained = factors.rotated[1 if constant else 0 : parameters]
    regression = decimal((explained * explained).sum() if len(explained) else factors.r[0, 0] * 0)
    residual = decimal(factors.residual_squares)
    whole = decimal((factors.rotated * factors.rotated).sum())
    if digits > 16 and residual <= whole * _EXACT:
        residual = Decimal(0)
    freedom, used = count - parameters, parameters - constant
    variance = residual / freedom if freedom else None
    f = None
    if variance is not None and used and (regression or variance):
        f = regression / used / variance if variance else Decimal("Infinity")
    return Fit(
        tuple(decimal(value) for value in factors.coefficients), _errors(factors.inverse_lengths, variance), residual,
        freedom, regression, used, None if variance is None else variance.sqrt(),
        regression / (regression + residual) if regression + residual else None, f, digits, safe,
    )  # fmt: skip


def _errors(lengths: Matrix, variance: Decimal | None) -> tuple[Decimal, ...] | None:
    return None if variance is None else tuple((variance * decimal(length)).sqrt() for length in lengths)


def decimal(value: Any) -> Decimal:
    """A double or a long number as decimal: the double's shortest digits, thirty of the long one."""
    return Decimal(repr(float(value))) if isinstance(value, float) else Decimal(sixty.LONG.nstr(value, 30))
