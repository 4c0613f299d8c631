"""What compiled expressions call: XPath 2.0's comparisons, arithmetic, casts and functions over plain Python values.

An item is a ``Node``, ``Untyped`` (what a node without schema is worth), ``str``, ``bool``, ``int``, ``Decimal``,
``float`` (a double) or ``Day``; a sequence is a list. Whatever XPath calls an error is raised, whatever this does not
say exactly too: the document is then left to the XSLT processor.
"""

from __future__ import annotations

import datetime
import math
import operator
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, Context, Decimal, Inexact, InvalidOperation, localcontext
from typing import Any

from anyshore.activities.einvoice.xpath.nodes import Node

Items = Sequence[Any]

EXACT = Context(prec=400, traps=[Inexact, InvalidOperation])
"""Sums and products of decimals are exact in XSLT processors; what is not exact within this is left to them."""


_DIVIDING = Context(prec=400, traps=[InvalidOperation])


class RuleError(ArithmeticError):
    """What XPath calls an error, or what is not said here."""


class Untyped(str):
    """The value of a node, which takes the type of what it is compared with."""

    __slots__ = ()


class Day(str):
    """A date without time zone, in its canonical text, whose order is that of the days."""

    __slots__ = ()


def atoms(items: Items) -> list[Any]:
    """The values of a sequence."""
    return [Untyped(one.text) if type(one) is Node else one for one in items]


def truth(items: Items) -> bool:
    """The effective boolean value."""
    if not items:
        return False
    first = items[0]
    if type(first) is Node:
        return True
    if len(items) > 1:
        raise RuleError("several values are neither true nor false")
    return truth_of(first)


def truth_of(value: Any) -> bool:
    """The effective boolean value of one value, or of none."""
    if value is None or type(value) is Day:
        if value is None:
            return False
        raise RuleError("a date is neither true nor false")
    return bool(value) and value == value  # a number that is none is false


def text(items: Items) -> str:
    """A sequence where a string or none is expected."""
    if not items:
        return ""
    if len(items) > 1:
        raise RuleError("several values for one string")
    one = items[0]
    if type(one) is Node:
        return one.text
    if isinstance(one, str) and type(one) is not Day:
        return one
    raise RuleError("no string")


def text_needed(items: Items) -> str:
    """A sequence where a string is expected."""
    if not items:
        raise RuleError("no value for a string")
    return text(items)


def written(items: Items) -> str:
    """``string()`` of a sequence."""
    if not items:
        return ""
    if len(items) > 1:
        raise RuleError("several values for one string")
    return written_one(items[0])


def written_one(one: Any) -> str:
    """One item as text."""
    if type(one) is Node:
        return one.text
    if isinstance(one, str):
        return str(one)
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, int):
        return str(one)
    if isinstance(one, Decimal):
        return _plain(one)
    if isinstance(one, float) and one == int(one) and abs(one) < 1_000_000:
        return str(int(one)) if one or math.copysign(1, one) > 0 else "-0"
    raise RuleError("a number whose text is not written here")


def _plain(number: Decimal) -> str:
    found = format(number, "f")
    return (found.rstrip("0").rstrip(".") if "." in found else found) or "0"


def joined(items: Items) -> str:
    """A sequence as ``xsl:value-of`` writes it."""
    return " ".join(written_one(one) for one in items)


_DOUBLE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\Z", re.ASCII)

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)

_INTEGER = re.compile(r"[+-]?\d+\Z", re.ASCII)

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.ASCII)

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

_SPACES = " \t\r\n"


def double(said: str) -> float:
    """A text as ``xs:double``."""
    said = said.strip(_SPACES)
    if _DOUBLE.match(said) is None:
        if said in ("INF", "-INF", "NaN"):
            return float(said.lower())
        raise RuleError(f"{said} is no number")
    return float(said)


def number(items: Items) -> float:
    """``number()``."""
    if not items:
        return math.nan
    if len(items) > 1:
        raise RuleError("several values for a number")
    one = items[0]
    said = one.text if isinstance(one, Node) else one
    if isinstance(said, str):
        try:
            return double(said)
        except RuleError:
            return math.nan
    return float(said)


def decimal(items: Items) -> Decimal | int | None:
    """``xs:decimal()``."""
    one = _one(items)
    if one is None or type(one) is Decimal or type(one) is int:
        return one
    if isinstance(one, float):
        if not math.isfinite(one):
            raise RuleError("no decimal")
        return Decimal(one)
    if isinstance(one, bool):
        return int(one)
    said = one.strip(_SPACES)
    if _DECIMAL.match(said) is None:
        raise RuleError(f"{said} is no decimal")
    return Decimal(said)


def integer(items: Items) -> int | None:
    """``xs:integer()``."""
    one = _one(items)
    if one is None or type(one) is int:
        return one
    if isinstance(one, (float, Decimal)):
        return int(one)
    said = str(one).strip(_SPACES)
    if isinstance(one, bool) or _INTEGER.match(said) is None:
        raise RuleError(f"{said} is no integer")
    return int(said)


def date(items: Items) -> Day | None:
    """``xs:date()``."""
    one = _one(items)
    if one is None or type(one) is Day:
        return one
    if not isinstance(one, str):
        raise RuleError("no date")
    found = _DATE.match(one.strip(_SPACES))
    if found is None:
        raise RuleError("a date that is none, or with a time zone")
    try:
        return Day(datetime.date(int(found[1]), int(found[2]), int(found[3])).isoformat())
    except ValueError as problem:
        raise RuleError("no date") from problem


def string(items: Items) -> str | None:
    """``xs:string()``."""
    return None if not items else written(items)


def boolean(items: Items) -> bool | None:
    """``xs:boolean()`` of a text."""
    one = _one(items)
    if one is None or isinstance(one, bool):
        return one
    found = _BOOLEANS.get(one.strip(_SPACES)) if isinstance(one, str) else None
    if found is None:
        raise RuleError("neither true nor false")
    return found


CASTS: dict[str, Callable[[Items], Any]] = {
    "xs:decimal": decimal, "xs:integer": integer, "xs:date": date, "xs:string": string,
    "xs:boolean": boolean,
    "xs:double": lambda items: None if not items else _cast_double(items),
}  # fmt: skip


def _cast_double(items: Items) -> float:
    one = _one(items)
    return double(one) if isinstance(one, str) else float(one)


def castable(name: str, items: Items, empty: bool) -> bool:  # as XPath's own question mark
    """``castable as``."""
    found = atoms(items)
    if len(found) != 1:
        return empty and not found
    try:
        CASTS[name](found)
    except RuleError:
        if name == "xs:date":
            raise  # one with a time zone would be one
        return False
    return True


def _one(items: Items) -> Any:
    if not items:
        return None
    if len(items) > 1:
        raise RuleError("several values for one")
    one = items[0]
    return Untyped(one.text) if type(one) is Node else one


def operand(items: Items) -> Any:
    """A sequence as an operand of arithmetic: none, or a number."""
    one = _one(items)
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
    if sign == "mod":
        return math.fmod(left, right) if type(left) is float else left - right * int(_whole(left, right))
    return int(_whole(left, right))


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


def compared(sign: str, left: Items, right: Items) -> bool:
    """A general comparison: whether it holds for any pair."""
    return any(_holds(sign, one, other) for one in atoms(left) for other in atoms(right))


def equal_text(nodes: Items, said: str) -> bool:
    """``nodes = 'text'``."""
    return any(node.text == said for node in nodes)


def other_text(nodes: Items, said: str) -> bool:
    """``nodes != 'text'``."""
    return any(node.text != said for node in nodes)


def equal_nodes(nodes: Items, others: Items) -> bool:
    """``nodes = nodes``."""
    if not nodes or not others:
        return False
    texts = {node.text for node in nodes}
    return any(node.text in texts for node in others)


def other_nodes(nodes: Items, others: Items) -> bool:
    """``nodes != nodes``."""
    return any(node.text != other.text for node in nodes for other in others)


def equal_truth(nodes: Items, said: bool) -> bool:  # an operand
    """``nodes = true()``."""
    return any(_as(node.text, True) == said for node in nodes)


def other_truth(nodes: Items, said: bool) -> bool:  # an operand
    """``nodes != true()``."""
    return any(_as(node.text, True) != said for node in nodes)


def compared_numbers(sign: str, left: Any, right: Any) -> bool:
    """A comparison of two numbers or none."""
    if left is None or right is None:
        return False
    if type(left) is float or type(right) is float:
        left, right = float(left), float(right)
    return _HOLDS[sign](left, right)


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

_WORDS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def compared_one(sign: str, left: Items, right: Items) -> bool | None:
    """A value comparison; none where there is nothing to compare."""
    one, other = _one(left), _one(right)
    if one is None or other is None:
        return None
    one = str(one) if type(one) is Untyped else one
    other = str(other) if type(other) is Untyped else other
    return _holds(_WORDS[sign], one, other)


def _holds(sign: str, left: Any, right: Any) -> bool:
    left, right = _alike(left, right)
    return bool(_HOLDS[sign](left, right))


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Two values in one type, as general comparisons make them."""
    if type(left) is Untyped:
        return _as(left, right), right
    if type(right) is Untyped:
        return left, _as(right, left)
    if isinstance(left, bool) and isinstance(right, bool):
        return left, right
    if type(left) is Day or type(right) is Day:
        if type(left) is not type(right):
            raise RuleError("a date beside another type")
        return left, right
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    if isinstance(left, (str, bool)) or isinstance(right, (str, bool)):
        raise RuleError("different types")
    if type(left) is float or type(right) is float:
        return float(left), float(right)
    return left, right


def _as(untyped: str, other: Any) -> Any:
    """An untyped value in the type of another."""
    kind = type(other)
    if kind is Untyped or kind is str:
        return str(untyped)
    if kind is bool:
        found = _BOOLEANS.get(untyped.strip(_SPACES))
        if found is None:
            raise RuleError("neither true nor false")
        return found
    if kind is Day:
        return date([str(untyped)])
    value = double(untyped)
    return value if kind is float else _beside(value, other)


def _beside(value: float, other: Any) -> float:
    """A double compared with a decimal: the decimal becomes a double, so equality is that of doubles."""
    return value if value != float(other) else other


def one_truth(items: Items) -> bool:
    """A sequence where true or false is expected."""
    one = _one(items)
    if not isinstance(one, bool):
        if type(one) is Untyped:
            return bool(_as(one, True))
        raise RuleError("neither true nor false")
    return one


def one_decimal(items: Items) -> Any:
    """A sequence where a decimal is expected."""
    one = _one(items)
    if one is None or isinstance(one, (bool, float)) or (isinstance(one, str) and type(one) is not Untyped):
        raise RuleError("no decimal")
    return decimal([one])


def needed(value: Any) -> Any:
    """A value where there must be one."""
    if value is None:
        raise RuleError("no value")
    return value
