"""Arithmetic of XPath 2.0 over plain Python values: integers, decimals and doubles, or none."""

from __future__ import annotations

import math
from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, Context, Decimal, InvalidOperation, localcontext
from typing import Any

from anyshore.activities.einvoice.xpath.nodes import Node
from anyshore.activities.einvoice.xpath.values import Items, RuleError, Untyped, at_most_one, double

_DIVIDING = Context(prec=400, traps=[InvalidOperation])


def operand(items: Items) -> Any:
    """A sequence as an operand of arithmetic: none, or a number."""
    one = at_most_one(items)
    if type(one) is Untyped:
        return double(one)
    if one is not None and (isinstance(one, (str, bool))):
        raise RuleError("no number")
    return one


def calculate(sign: str, left: Any, right: Any) -> Any:  # one operator each
    """Arithmetic of two numbers or none."""
    if left is None or right is None:
        return None
    if type(left) is float or type(right) is float:
        left, right = float(left), float(right)
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "div":
            return _divided(left, right)
    if not right:
        raise RuleError("divided by zero")
    if type(left) is float:
        if not (math.isfinite(left) and math.isfinite(right)):
            raise RuleError("no finite number")
        return math.fmod(left, right) if sign == "mod" else int(left / right)
    whole = int(_whole(left, right))
    return left - right * whole if sign == "mod" else whole


def _whole(left: Any, right: Any) -> Any:
    whole = abs(left) // abs(right)
    return whole if (left < 0) == (right < 0) else -whole


def _divided(left: Any, right: Any) -> Any:
    if type(left) is float:
        if not right:
            raise RuleError("divided by zero")
        return left / right
    if not right:
        raise RuleError("divided by zero")
    left, right = Decimal(left), Decimal(right)
    places = max(18, -_exponent(left), -_exponent(right))
    with localcontext(_DIVIDING):
        return (left / right).quantize(Decimal(1).scaleb(-places), ROUND_HALF_DOWN).normalize()


def _exponent(value: Decimal) -> int:
    return int(value.as_tuple().exponent)


def negated(value: Any, sign: int) -> Any:
    """A sign before a number or none."""
    return None if value is None else value if sign > 0 else -value


def rounded(value: Any) -> Any:
    """``round()``: half goes up."""
    if value is None or type(value) is int:
        return value
    if type(value) is float:
        if not math.isfinite(value):
            return value
        return float(_half_up(Decimal(value)))
    return _half_up(value)


def _half_up(value: Decimal) -> Decimal:
    return (value + Decimal("0.5")).to_integral_value(ROUND_FLOOR)


def absolute(value: Any) -> Any:
    """``abs()``."""
    return None if value is None else abs(value)


def floored(value: Any) -> Any:
    """``floor()``."""
    return None if value is None else type(value)(math.floor(value))


def raised(value: Any) -> Any:
    """``ceiling()``."""
    return None if value is None else type(value)(math.ceil(value))


def total(items: Items) -> Any:
    """``sum()``."""
    found: Any = 0
    for one in items:
        kind = type(one)
        value = double(one.text) if kind is Node else double(one) if kind is Untyped else one
        if isinstance(value, (str, bool)):
            raise RuleError("no number")
        if type(found) is float or type(value) is float:
            found, value = float(found), float(value)
        found = found + value
    return found
