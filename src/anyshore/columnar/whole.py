"""Arithmetic of decimals on whole numbers: rounding with its mode named, quotients, remainders.

Every division here is of numbers not below zero by numbers above zero, or a floor; so it does not matter how an engine
divides negative numbers, and zero never reaches one.
"""

from __future__ import annotations

from collections.abc import Callable

from anyshore.columnar import plan
from anyshore.columnar.plan import EXACT, NotCompiled, Plan
from anyshore.columnar.typed import Quotient, Typed

ZERO, ONE, TWO = plan.whole(0), plan.whole(1), plan.whole(2)
# A quotient has 34 digits before it is rounded: so many must lie behind the point for the rounding to see no other tie.
_GUARD = 10**33
MODES = ("floor", "ceiling", "up", "down", "half up", "half down", "half even")


def absolute(value: Plan) -> Plan:
    """A number without its sign."""
    return plan.choose(plan.below(value, ZERO), minus(value), value)


def minus(value: Plan) -> Plan:
    """The negative of a number."""
    return plan.subtract(ZERO, value)


def rounded(value: Typed | Quotient, places: int, mode: str) -> Typed:
    """A number or a quotient rounded to some places behind the point (before it, where negative).

    Args:
        value: the number.
        places: at which digit.
        mode: one of `MODES`.

    Raises:
        NotCompiled: an intermediate number can have more than 34 digits.
    """
    if isinstance(value, Quotient):
        return _quotient(value, places, mode)
    if places >= value.scale:
        return value
    found = _divided(value.plan, plan.whole(10 ** (value.scale - places)), mode)
    if places < 0:
        return Typed("number", plan.times(found, 10**-places), 0)
    return Typed("number", found, places)


def _quotient(value: Quotient, places: int, mode: str) -> Typed:
    if not 0 <= places <= 33:
        raise NotCompiled("a quotient is rounded before the point")
    if 2 * value.above.bound * 10**places >= _GUARD:
        raise NotCompiled("a quotient is too large for its rounding to be exact")
    negative = plan.below(value.below, ZERO)
    above = plan.choose(negative, minus(value.above), value.above)
    found = _divided(plan.times(above, 10**places), absolute(value.below), mode)
    there = plan.negate(plan.equals(value.below, ZERO))
    return Typed("number", plan.choose(there, found, plan.nothing("whole")), places)


def _divided(above: Plan, below: Plan, mode: str) -> Plan:
    """``above / below`` as a whole number; ``below`` is above zero."""
    if mode == "floor":
        return plan.floor_divide(above, below)
    if mode == "ceiling":
        return minus(plan.floor_divide(minus(above), below))
    if mode == "half even":
        return _half_even(above, below)
    size = absolute(above)
    found = _SIZES[mode](size, below)
    return plan.choose(plan.below(above, ZERO), minus(found), found)


def _half_even(above: Plan, below: Plan) -> Plan:
    found = plan.floor_divide(above, below)
    rest = plan.multiply(plan.subtract(above, _product(found, below, above.bound + below.bound)), TWO)
    odd = plan.equals(plan.subtract(found, plan.times(plan.floor_divide(found, TWO), 2)), ONE)
    up = plan.either(plan.below(below, rest), plan.both(plan.equals(rest, below), odd))
    return plan.choose(up, plan.add(found, ONE), found)


_SIZES: dict[str, Callable[[Plan, Plan], Plan]] = {
    "down": plan.floor_divide,
    "up": lambda size, below: plan.floor_divide(plan.add(size, plan.subtract(below, ONE)), below),
    "half up": lambda size, below: plan.floor_divide(plan.add(plan.times(size, 2), below), plan.times(below, 2)),
    "half down": lambda size, below: plan.floor_divide(
        plan.subtract(plan.add(plan.times(size, 2), below), ONE), plan.times(below, 2)
    ),
}


def _product(left: Plan, right: Plan, bound: int) -> Plan:
    """A product known to be no larger than a bound, though its factors could make a larger one."""
    if bound >= EXACT:
        raise NotCompiled("a number can have more than 34 digits")
    return Plan("multiply", (left, right), "whole", bound)


def remainder(dividend: Plan, divisor: Plan) -> Plan:
    """``dividend - divisor * floor(dividend / divisor)``, null where the divisor is zero."""
    negative = plan.below(divisor, ZERO)
    size = absolute(divisor)
    turned = plan.choose(negative, minus(dividend), dividend)
    whole = plan.floor_divide(turned, size)
    rest = plan.subtract(turned, _product(whole, size, turned.bound + size.bound))
    rest = plan.bounded(rest, size.bound)
    there = plan.negate(plan.equals(divisor, ZERO))
    return plan.choose(there, plan.choose(negative, minus(rest), rest), plan.nothing("whole"))
