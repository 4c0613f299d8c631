"""FEEL's numbers: IEEE 754 decimal128, that is 34 digits, half to even. Source: DMN 1.5, 10.3.2.3.1."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow

# Only methods of this object are used (`CONTEXT.add(a, b)`), so the thread's own context never matters.
# A result past the range at either end (a scale over 6176), a division by zero and an undefined result raise; the
# caller makes null of them.
CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow, Underflow],
)
MIN_SCALE, MAX_SCALE = -6111, 6176

_PLAIN_DIGITS = 40


def plain(value: Decimal) -> str:
    """A number without exponent or trailing zeros of its fraction; very large and small ones as ``1E+50``."""
    if not value:
        return "0"
    value = CONTEXT.normalize(value)
    if -_PLAIN_DIGITS < value.adjusted() < _PLAIN_DIGITS:
        return f"{value:f}"
    return str(value)
