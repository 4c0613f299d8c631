"""One-way analysis of variance, exactly. Source: NIST/SEMATECH e-Handbook of Statistical Methods, 7.4.3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from anyshore.analysis.summaries import fractions, root, rounded
from anyshore.base.errors import DataError


@dataclass(frozen=True, slots=True)
class Variance:
    """The table of an analysis of variance.

    Attributes:
        between_freedom: groups less one.
        between_squares: sum of squares between groups.
        between_mean: per degree of freedom.
        within_freedom: values less groups.
        within_squares: sum of squares within groups.
        within_mean: per degree of freedom.
        f: ratio of the means; None where there is no variation within groups.
        r_squared: share of the squares that lies between groups; None where there is no variation.
        deviation: residual standard deviation.
    """

    between_freedom: int
    between_squares: Decimal
    between_mean: Decimal
    within_freedom: int
    within_squares: Decimal
    within_mean: Decimal
    f: Decimal | None
    r_squared: Decimal | None
    deviation: Decimal


def one_way(groups: Sequence[Sequence[Decimal]]) -> Variance:
    """Analyses how much of the variation lies between groups.

    Args:
        groups: the values of each.

    Raises:
        DataError: there are fewer than two groups, one is empty, none has two values, or a value is not finite.
    """
    exact = [fractions(group) for group in groups]
    count = sum(map(len, exact))
    if len(exact) < 2 or count == len(exact):
        hint = "Give two groups or more, one of them with two values or more."
        raise DataError("analysis.groups", "The groups cannot be compared.", hint=hint)
    grand = sum((sum(group, Fraction(0)) for group in exact), Fraction(0)) / count
    means = [sum(group, Fraction(0)) / len(group) for group in exact]
    between = sum((len(group) * (mean - grand) ** 2 for group, mean in zip(exact, means, strict=True)), Fraction(0))
    within = sum(
        ((value - mean) ** 2 for group, mean in zip(exact, means, strict=True) for value in group), Fraction(0)
    )
    freedom = len(exact) - 1, count - len(exact)
    per_between, per_within = between / freedom[0], within / freedom[1]
    return Variance(
        freedom[0], rounded(between), rounded(per_between), freedom[1], rounded(within), rounded(per_within),
        rounded(per_between / per_within) if per_within else None,
        rounded(between / (between + within)) if between + within else None, root(per_within),
    )  # fmt: skip
