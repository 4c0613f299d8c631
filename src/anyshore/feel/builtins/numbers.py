"""Functions of numbers. Source: DMN 1.5, 10.3.4.5."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    InvalidOperation,
)

from anyshore.base.decimals import CONTEXT, MAX_SCALE, MIN_SCALE
from anyshore.base.temporal import DaysDuration, MonthsDuration
from anyshore.feel import types
from anyshore.feel.run import Run
from anyshore.feel.signatures import DURATION, NUMBER, P, Row

# What these take, in turns of a loop.
_LOGARITHM, _EXPONENTIAL, _LONG_REMAINDER = 25, 15, 15
_ZERO = Decimal(0)
_TWO = Decimal(2)


def _rounder(rounding: str) -> Callable[[Run, Decimal, Decimal | None], object]:
    """Round to a number of digits behind the point (none if left out)."""
    context = Context(prec=34, rounding=rounding, Emin=-6143, Emax=6144)

    def rounded(run: Run, n: Decimal, scale: Decimal | None) -> object:
        if scale is None:
            return n.to_integral_value(rounding)
        places = scale.to_integral_value(ROUND_DOWN)
        if not MIN_SCALE <= places <= MAX_SCALE:
            return run.fail("a scale lies from {} to {}, not {}", MIN_SCALE, MAX_SCALE, scale)
        exponent = n.as_tuple().exponent
        if isinstance(exponent, int) and -exponent <= places:
            return n
        if n.adjusted() < -places - 1:
            # All digits lie behind the place; one digit there rounds the same way without running out of precision.
            n = Decimal((n.is_signed(), (1 if n else 0,), int(-places) - 2))
        return n.quantize(Decimal((0, (1,), int(-places))), rounding, context)

    return rounded


def absolute(run: Run, n: Decimal | DaysDuration | MonthsDuration) -> object:
    """``abs(n)`` of a number or duration."""
    if isinstance(n, DaysDuration):
        return DaysDuration(abs(n.nanoseconds))
    return MonthsDuration(abs(n.months)) if isinstance(n, MonthsDuration) else n.copy_abs()


def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> object:
    """The remainder with the divisor's sign: ``dividend - divisor * floor(dividend / divisor)``."""
    if not divisor:
        return run.fail("modulo by zero")
    try:
        remainder = CONTEXT.remainder(dividend, divisor)
    except InvalidOperation:
        run.spend(_LONG_REMAINDER)
        remainder = _remainder_of_long_quotient(dividend, divisor)
    if remainder and remainder.is_signed() != divisor.is_signed():
        remainder = CONTEXT.add(remainder, divisor)
    return remainder


def _remainder_of_long_quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the dividend's sign where the quotient has more digits than a number; it is exact still."""
    sign, digits, exponent = dividend.as_tuple()
    _, divisor_digits, divisor_exponent = divisor.as_tuple()
    assert isinstance(exponent, int)
    assert isinstance(divisor_exponent, int)
    lowest = min(exponent, divisor_exponent)
    modulus = int("".join(map(str, divisor_digits))) * 10 ** (divisor_exponent - lowest)
    left = int("".join(map(str, digits))) * pow(10, exponent - lowest, modulus) % modulus
    return Decimal((sign, tuple(map(int, str(left))), lowest))


def square_root(run: Run, number: Decimal) -> object:
    """``sqrt(number)``; null below zero."""
    return CONTEXT.sqrt(number) if number >= 0 else run.fail("{} has no square root", number)


def logarithm(run: Run, number: Decimal) -> object:
    """The natural logarithm; null at zero and below."""
    run.spend(_LOGARITHM)
    return CONTEXT.ln(number) if number > 0 else run.fail("{} has no logarithm", number)


def exponential(run: Run, number: Decimal) -> object:
    """Euler's number to a power; null past the range of numbers."""
    run.spend(_EXPONENTIAL)
    try:
        return CONTEXT.exp(number)
    except ArithmeticError:
        return run.fail("exp of {} is past FEEL's range", number)


def _parity(run: Run, number: Decimal) -> Decimal:
    return number.remainder_near(_TWO, CONTEXT).copy_abs() if number.adjusted() < 33 else _ZERO


def odd(run: Run, number: Decimal) -> bool:
    """Whether a number is odd."""
    return _parity(run, number) == 1


def even(run: Run, number: Decimal) -> bool:
    """Whether a number is even."""
    return _parity(run, number) == 0


_N = P("n", NUMBER)
_SCALE = P("scale", NUMBER)
_OPTIONAL_SCALE = P("scale", NUMBER, optional=True)
_NUMBER = (P("number", NUMBER),)

ROWS = (
    Row("decimal", (_N, _SCALE), _rounder(ROUND_HALF_EVEN), types.NUMBER),
    Row("floor", (_N, _OPTIONAL_SCALE), _rounder(ROUND_FLOOR), types.NUMBER),
    Row("ceiling", (_N, _OPTIONAL_SCALE), _rounder(ROUND_CEILING), types.NUMBER),
    Row("round up", (_N, _SCALE), _rounder(ROUND_UP), types.NUMBER),
    Row("round down", (_N, _SCALE), _rounder(ROUND_DOWN), types.NUMBER),
    Row("round half up", (_N, _SCALE), _rounder(ROUND_HALF_UP), types.NUMBER),
    Row("round half down", (_N, _SCALE), _rounder(ROUND_HALF_DOWN), types.NUMBER),
    Row("abs", (_N,), absolute, types.NUMBER),
    Row("abs", (P("n", DURATION),), absolute),
    Row("modulo", (P("dividend", NUMBER), P("divisor", NUMBER)), modulo, types.NUMBER),
    Row("sqrt", _NUMBER, square_root, types.NUMBER),
    Row("log", _NUMBER, logarithm, types.NUMBER),
    Row("exp", _NUMBER, exponential, types.NUMBER),
    Row("odd", _NUMBER, odd, types.BOOLEAN),
    Row("even", _NUMBER, even, types.BOOLEAN),
)
