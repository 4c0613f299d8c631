"""Exact arithmetic with amounts. Nothing is rounded but a quotient, and that is said."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import reduce

# An amount has at most 34 digits (``einvoice.texts.MAX_DIGITS``): sums and products of a few fit, and a result that
# would not is an error instead of a rounded amount.
_EXACT = Context(prec=400, traps=[Inexact, InvalidOperation, Overflow])
_ROUNDED = Context(prec=60, rounding=ROUND_HALF_UP)


def add(*amounts: Decimal) -> Decimal:
    """The exact sum."""
    return reduce(_EXACT.add, amounts, Decimal(0))


def subtract(left: Decimal, right: Decimal) -> Decimal:
    """The exact difference."""
    return _EXACT.subtract(left, right)


def signed(amount: Decimal, *, negative: bool) -> Decimal:
    """The amount with a sign; zero has none."""
    return amount.copy_negate() if negative and amount else amount


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """The exact product."""
    return _EXACT.multiply(left, right)


def divide(left: Decimal, right: Decimal, places: int) -> Decimal | None:
    """The quotient, rounded half up to decimal places; none where the divisor is zero."""
    if not right:
        return None
    return _ROUNDED.divide(left, right).quantize(Decimal(1).scaleb(-places), context=_ROUNDED)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """``part`` in percent of the size of ``whole``, rounded half up to 4 places; none where ``whole`` is zero."""
    return divide(multiply(part, Decimal(100)), abs(whole), 4)
