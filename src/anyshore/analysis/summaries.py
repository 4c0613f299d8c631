"""Mean, standard deviation and autocorrelation, exactly: data are the digits that were written, sums are ratios.

Rounding happens once, at the root, in fifty digits. Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise

from anyshore.base.errors import DataError

PRECISE = Context(prec=50)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sample is like.

    Attributes:
        count: of values.
        mean: their mean.
        deviation: standard deviation with the divisor n - 1; None for one value.
        autocorrelation: of values one apart, in the order given; None where all are equal.
    """

    count: int
    mean: Decimal
    deviation: Decimal | None
    autocorrelation: Decimal | None


def summary(values: Sequence[Decimal]) -> Summary:
    """Summarises a sample.

    Raises:
        DataError: it is empty, or a value is not finite.
    """
    exact = fractions(values)
    count = len(exact)
    mean = sum(exact, Fraction(0)) / count
    centred = [value - mean for value in exact]
    squares = sum((one * one for one in centred), Fraction(0))
    lagged = sum((a * b for a, b in pairwise(centred)), Fraction(0))
    return Summary(
        count, rounded(mean), root(squares / (count - 1)) if count > 1 else None,
        rounded(lagged / squares) if squares else None,
    )  # fmt: skip


def fractions(values: Sequence[Decimal]) -> list[Fraction]:
    """Values as exact ratios.

    Raises:
        DataError: there are none, or one is not finite.
    """
    if not values:
        raise DataError("analysis.empty", "There are no values.", hint="Give at least one.")
    wrong = next((number for number, value in enumerate(values, 1) if not value.is_finite()), None)
    if wrong is not None:
        raise DataError("analysis.value", f"Value {wrong} is no finite number.", hint="Correct it or leave it out.")
    return [Fraction(value) for value in values]


def rounded(value: Fraction) -> Decimal:
    """A ratio in fifty digits."""
    return PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator))


def root(value: Fraction) -> Decimal:
    """The square root of a ratio in fifty digits."""
    return PRECISE.sqrt(rounded(value))
