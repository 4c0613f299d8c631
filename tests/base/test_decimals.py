"""FEEL's numbers: 34 digits, half to even, no silent infinity."""

from __future__ import annotations

from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

import pytest

from anyshore.base.decimals import CONTEXT, MAX_SCALE, MIN_SCALE, plain


def test_numbers_are_decimal128() -> None:
    assert CONTEXT.add(Decimal("1.1"), Decimal("1.3")) == Decimal("2.4")
    assert CONTEXT.divide(Decimal(1), Decimal(3)) == Decimal("0." + "3" * 34)
    assert CONTEXT.plus(Decimal("1" * 33 + "25")) == Decimal("1" * 33 + "2e1"), "half to even"
    assert CONTEXT.plus(Decimal("9.999E6144")) == Decimal("9.999E6144")
    assert (MIN_SCALE, MAX_SCALE) == (-6111, 6176)


def test_what_is_no_number_is_raised_whatever_the_thread_does() -> None:
    with localcontext() as own:
        own.prec, own.traps[InvalidOperation] = 3, False
        assert CONTEXT.add(Decimal("1.2345"), Decimal(1)) == Decimal("2.2345")
        for error, act in (
            (DivisionByZero, lambda: CONTEXT.divide(Decimal(1), Decimal(0))),
            (InvalidOperation, lambda: CONTEXT.divide(Decimal(0), Decimal(0))),
            (Overflow, lambda: CONTEXT.multiply(Decimal("1e6144"), Decimal(10))),
        ):
            with pytest.raises(error):
                act()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"), ("-0", "0"), ("0E+9", "0"), ("1.500", "1.5"), ("1E+3", "1000"), ("1E-7", "0.0000001"),
        ("-12.30", "-12.3"), ("1E+39", "1" + "0" * 39), ("1E+40", "1E+40"), ("1E-40", "1E-40"), ("100", "100"),
    ],
)  # fmt: skip
def test_a_number_in_plain_digits(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
    assert Decimal(text) == Decimal(number)
