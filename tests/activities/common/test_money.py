from decimal import Decimal, Inexact
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.activities.common import money

amounts = st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**20), max_value=10**20)


@given(st.lists(amounts, max_size=5))
def test_sums_are_exact(parts: list[Decimal]) -> None:
    assert Fraction(money.add(*parts)) == sum(map(Fraction, parts))


@given(amounts, amounts)
def test_products_and_differences_are_exact(left: Decimal, right: Decimal) -> None:
    assert Fraction(money.multiply(left, right)) == Fraction(left) * Fraction(right)
    assert Fraction(money.subtract(left, right)) == Fraction(left) - Fraction(right)


def test_what_cannot_be_exact_is_an_error() -> None:
    with pytest.raises(Inexact):
        money.add(Decimal("1e300"), Decimal("1e-300"))


def test_quotients_round_half_up() -> None:
    assert money.divide(Decimal(1), Decimal(8), 2) == Decimal("0.13")
    assert money.divide(Decimal(-1), Decimal(8), 2) == Decimal("-0.13")
    assert money.divide(Decimal(1), Decimal(0), 2) is None
    assert money.percent(Decimal(-5), Decimal(-200)) == Decimal("-2.5000")
