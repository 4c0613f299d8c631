"""Models written as expressions: read, computed and differentiated, never evaluated as code.

``b1*exp(-b2*x) + b3`` is a tree; its value and its derivative by each parameter come out of one pass (forward
differentiation, by the rules of calculus and not by differences). The numbers may be of any kind that adds and
multiplies: arrays of doubles, of fractions, or of sixty digits; :class:`Functions` says how that kind takes an
exponential.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from anyshore.base.errors import DataError
from anyshore.base.locations import Location

MOST_CHARACTERS = 10_000
MOST_DEPTH = 100
FUNCTIONS = ("exp", "log", "sin", "cos", "arctan", "sqrt")
Number = Any
"""An array of doubles, fractions or longer numbers: what the caller computes with."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[-+*/^()\[\]]))"
)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A parameter or a column of the data."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two values and what is done with them."""

    operator: Literal["+", "-", "*", "/", "^"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a value."""

    function: str
    of: Node


Node = Constant | Variable | Operation | Call


@dataclass(frozen=True, slots=True)
class Functions:
    """How one kind of number is made from digits and taken to functions.

    Attributes:
        number: from its digits.
        exp: e to a power.
        log: the natural logarithm.
        sin: of radians.
        cos: of radians.
        arctan: in radians.
        sqrt: the positive root.
    """

    number: Callable[[str], Number]
    exp: Callable[[Number], Number]
    log: Callable[[Number], Number]
    sin: Callable[[Number], Number]
    cos: Callable[[Number], Number]
    arctan: Callable[[Number], Number]
    sqrt: Callable[[Number], Number]


@dataclass(frozen=True, slots=True)
class Dual:
    """A value and its slopes by parameter; a parameter it does not depend on has none."""

    value: Number
    slopes: Mapping[str, Number]


def parse(text: str) -> Node:
    """Reads an expression of numbers, names, ``+ - * / ** ^``, brackets and the functions of :data:`FUNCTIONS`.

    Raises:
        DataError: it is none: the place and what was expected there.
    """
    return _Reader(text).whole()


def names(node: Node) -> tuple[str, ...]:
    """The names in an expression, each once, in its order."""
    return tuple(dict.fromkeys(_names(node)))


def _names(node: Node) -> list[str]:
    match node:
        case Variable():
            return [node.name]
        case Operation():
            return [*_names(node.left), *_names(node.right)]
        case Call():
            return _names(node.of)
        case _:
            return []


def evaluate(
    node: Node, values: Mapping[str, Number], functions: Functions, parameters: frozenset[str] = frozenset()
) -> Dual:
    """The value of an expression and its slopes.

    Args:
        node: the expression.
        values: of every name in it.
        functions: of that kind of number.
        parameters: the names by which it is differentiated.

    Raises:
        KeyError: a name has no value.
    """
    match node:
        case Constant():
            return Dual(functions.number(node.text), {})
        case Variable():
            slopes = {node.name: functions.number("1")} if node.name in parameters else {}
            return Dual(values[node.name], slopes)
        case Call():
            return _called(node.function, evaluate(node.of, values, functions, parameters), functions)
        case Operation():
            left = evaluate(node.left, values, functions, parameters)
            if node.operator == "^" and isinstance(whole := _whole(node.right), int):
                return _to_whole(left, whole)
            return _operated(node.operator, left, evaluate(node.right, values, functions, parameters), functions)


def _whole(node: Node) -> int | None:
    """The whole number an exponent is; None where it is none."""
    if isinstance(node, Operation) and node.operator == "-" and node.left == Constant("0"):
        inner = _whole(node.right)
        return None if inner is None else -inner
    return int(node.text) if isinstance(node, Constant) and node.text.isdigit() else None


def _to_whole(base: Dual, exponent: int) -> Dual:
    if exponent == 0:
        return Dual(base.value**0, {})
    factor = exponent * base.value ** (exponent - 1)
    return Dual(base.value**exponent, {name: factor * slope for name, slope in base.slopes.items()})


def _operated(operator: str, left: Dual, right: Dual, functions: Functions) -> Dual:
    a, b = left.value, right.value
    match operator:
        case "+":
            return Dual(a + b, _combined(left, 1, right, 1))
        case "-":
            return Dual(a - b, _combined(left, 1, right, -1))
        case "*":
            return Dual(a * b, _combined(left, b, right, a))
        case "/":
            return Dual(a / b, _combined(left, 1 / b, right, -a / (b * b)))
        case _:
            value = a**b
            by_base = b * a ** (b - 1) if left.slopes else 0
            by_exponent = value * functions.log(a) if right.slopes else 0
            return Dual(value, _combined(left, by_base, right, by_exponent))


def _combined(left: Dual, by_left: Number, right: Dual, by_right: Number) -> dict[str, Number]:
    """The chain rule for two parts."""
    found = {name: by_left * slope for name, slope in left.slopes.items()}
    for name, slope in right.slopes.items():
        found[name] = found[name] + by_right * slope if name in found else by_right * slope
    return found


def _called(name: str, of: Dual, functions: Functions) -> Dual:
    x = of.value
    match name:
        case "exp":
            value = functions.exp(x)
            factor = value
        case "log":
            value, factor = functions.log(x), 1 / x
        case "sin":
            value, factor = functions.sin(x), functions.cos(x)
        case "cos":
            value, factor = functions.cos(x), -functions.sin(x)
        case "arctan":
            value, factor = functions.arctan(x), 1 / (1 + x * x)
        case _:
            value = functions.sqrt(x)
            factor = 1 / (2 * value)
    return Dual(value, {parameter: factor * slope for parameter, slope in of.slopes.items()})


class _Reader:
    """Reads an expression from left to right; powers bind to the right and before a sign."""

    def __init__(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise _refused(f"It has {len(text):,} characters", 0, f"Write at most {MOST_CHARACTERS:,}.")
        self.tokens = _tokens(text)
        self.at = self.depth = 0

    def whole(self) -> Node:
        node = self.sum()
        kind, text, place = self.tokens[self.at]
        if kind != "end":
            raise _refused(f"{text!r} is not expected", place, "Write an operator between two values.")
        return node

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _refused("Brackets stand too deep", self.tokens[self.at][2], "Write it flatter.")
        node = self.product()
        while (sign := self.taken("+", "-")) is not None:
            node = Operation("+" if sign == "+" else "-", node, self.product())
        self.depth -= 1
        return node

    def product(self) -> Node:
        node = self.signed()
        while (sign := self.taken("*", "/")) is not None:
            node = Operation("*" if sign == "*" else "/", node, self.signed())
        return node

    def signed(self) -> Node:
        sign = self.taken("-", "+")
        return Operation("-", Constant("0"), self.signed()) if sign == "-" else self.power()

    def power(self) -> Node:
        node = self.operand()
        return Operation("^", node, self.signed()) if self.taken("**", "^") else node

    def operand(self) -> Node:
        kind, text, place = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Constant(text)
        if kind == "name" and self.tokens[self.at][1] in ("(", "["):
            if text not in FUNCTIONS:
                raise _refused(f"{text!r} is no function here", place, f"Use one of {', '.join(FUNCTIONS)}.")
            return Call(text, self.operand())
        if kind == "name":
            return Variable(text)
        if text in ("(", "["):
            node = self.sum()
            if not self.taken(")" if text == "(" else "]"):
                raise _refused("A bracket is not closed", place, "Close it.")
            return node
        found = "the end" if kind == "end" else repr(text)
        raise _refused(f"A value is expected where {found} stands", place, "Write a number or a name.")

    def taken(self, *signs: str) -> str | None:
        """The sign that stands here, if it is one of those, taken."""
        kind, text, _place = self.tokens[self.at]
        if kind == "sign" and text in signs:
            self.at += 1
            return text
        return None


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found: list[tuple[str, str, int]] = []
    at = 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            place = len(text) - len(text[at:].lstrip())
            raise _refused(f"{text[place]!r} belongs to no expression", place, "Use numbers, names and + - * / ** ( ).")
        at = token.end()
        kind = str(token.lastgroup)
        found.append((kind, token[kind], token.start(kind)))
    return [*found, ("end", "", len(text))]


def _refused(what: str, place: int, hint: str) -> DataError:
    return DataError("model.syntax", f"{what}.", Location(line=1, column=place + 1), hint)
