"""Comparisons of XPath 2.0 over plain Python values: of any pair of two sequences, and of two values."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from anyshore.activities.einvoice.xpath.values import (
    BOOLEANS,
    SPACES,
    Day,
    Items,
    RuleError,
    Untyped,
    at_most_one,
    atoms,
    date,
    double,
)


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
    one, other = at_most_one(left), at_most_one(right)
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
        found = BOOLEANS.get(untyped.strip(SPACES))
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
    one = at_most_one(items)
    if not isinstance(one, bool):
        if type(one) is Untyped:
            return bool(_as(one, True))
        raise RuleError("neither true nor false")
    return one
