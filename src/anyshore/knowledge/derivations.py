"""Derivations: the arithmetic by which a figure follows from others, read and computed, never evaluated as code.

The grammar is what people write under a figure: ``+ - * / ×  ÷ ^``, round and square brackets, a sign before a value,
percent behind it, thousands separated by commas, the words thousand, million, billion, and names of other figures. A
number alone in brackets is negative, as in the accounts it is taken from. Values are decimals of 34 digits (IEEE 754
decimal128), so that a sum of amounts is exact.

    derivation = term {("+" | "-") term}
    term       = factor {("*" | "/") factor}
    factor     = ["-" | "+"] power
    power      = operand ["^" factor]
    operand    = (number | name | "(" derivation ")" | "[" derivation "]") {"%" | scale}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Literal

from anyshore.base.decimals import CONTEXT
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.knowledge.stated_numbers import SCALES

MOST_CHARACTERS = 4_000
MOST_DEPTH = 60
Operator = Literal["+", "-", "*", "/", "^"]
_SAME = {"−": "-", "–": "-", "—": "-", "×": "*", "·": "*", "÷": "/", "[": "(", "]": ")", "{": "(", "}": ")"}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)|(?P<name>[^\W\d][\w.:-]*[\w]|[^\W\d])|(?P<sign>[-+*/^()%])"
    r"|(?P<money>[$€£¥]))"
)


@dataclass(frozen=True, slots=True)
class Literal_:
    """A number in a derivation.

    Attributes:
        text: as written.
        value: as written, without sign, percent and scale.
        percent: whether a percent sign follows.
        scale: the word that follows, in small letters; may be empty.
    """

    text: str
    value: Decimal
    percent: bool = False
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """Another figure, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A value with its sign turned."""

    of: Node


@dataclass(frozen=True, slots=True)
class Scaled:
    """A value in brackets with percent or a scale behind it."""

    of: Node
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Operation:
    """Two values and what is done with them."""

    operator: Operator
    left: Node
    right: Node


Node = Literal_ | Name | Negative | Scaled | Operation


@dataclass(frozen=True, slots=True)
class Operand:
    """A number that a derivation takes from somewhere, or a constant of the calculation.

    Attributes:
        value: with the sign written before it, as printed (5 for 5 %).
        percent: whether it is a percent.
        scale: its word; may be empty.
        constant: whether it belongs to the calculation, not to a source: the count of an average, the 1 of a growth
            rate, 100, and powers of ten.
    """

    value: Decimal
    percent: bool
    scale: str
    constant: bool


def parse(text: str) -> Node:
    """Reads a derivation.

    Raises:
        DataError: it is none: the place and what was expected there.
    """
    return _Reader(text).whole()


def compute(node: Node, figures: Mapping[str, Decimal] | None = None) -> Decimal:
    """What a derivation comes to.

    Args:
        node: of a derivation.
        figures: values of the figures it names.

    Raises:
        DataError: a figure is not there, a divisor is zero, or the result is beyond what can be held.
    """
    known = figures or {}
    try:
        return _value(node, known)
    except DecimalException as problem:
        hint = "Look at its divisors and exponents."
        raise DataError("derivation.undefined", f"It has no value: {_reason(problem)}.", hint=hint) from problem


def _reason(problem: DecimalException) -> str:
    return "it divides by zero" if "Division" in type(problem).__name__ else "the result is beyond what can be held"


def _value(node: Node, figures: Mapping[str, Decimal]) -> Decimal:
    match node:
        case Literal_():
            value = CONTEXT.multiply(node.value, SCALES.get(node.scale, Decimal(1)))
            return CONTEXT.divide(value, Decimal(100)) if node.percent else value
        case Name():
            if node.id not in figures:
                hint = "Name a figure of this case."
                raise DataError(
                    "derivation.unknown", f"There is no figure {node.id!r}.", Location(element=node.id), hint
                )
            return figures[node.id]
        case Negative():
            return CONTEXT.minus(_value(node.of, figures))
        case Scaled():
            return CONTEXT.multiply(_value(node.of, figures), node.factor)
        case Operation():
            return _operate(node.operator, _value(node.left, figures), _value(node.right, figures))


def _operate(operator: Operator, left: Decimal, right: Decimal) -> Decimal:
    match operator:
        case "+":
            return CONTEXT.add(left, right)
        case "-":
            return CONTEXT.subtract(left, right)
        case "*":
            return CONTEXT.multiply(left, right)
        case "/":
            return CONTEXT.divide(left, right)
        case "^":
            return CONTEXT.power(left, right)


def names(node: Node) -> tuple[str, ...]:
    """The figures a derivation names, each once, in its order."""
    return tuple(dict.fromkeys(one.id for one in _leaves(node) if isinstance(one, Name)))


def scaled(node: Node) -> bool:
    """Whether a scale is written in a derivation: then it comes to a full amount."""
    return any(isinstance(one, Literal_) and one.scale for one in _leaves(node))


def degree(node: Node) -> int:
    """How often the unit of what is printed is in the result: 0 for a ratio, 1 for a sum, a difference, an average.

    It tells whether percentages were put in, or come out. Years that are subtracted count periods.
    """
    match node:
        case Negative() | Scaled():
            return degree(node.of)
        case Operation(operator="*"):
            return _degree_of(node, node.left, node.right) + _degree_of(node, node.right, node.left)
        case Operation(operator="/"):
            return _degree_of(node, node.left, node.right) - _degree_of(node, node.right, node.left)
        case Operation(operator="+" | "-"):
            if _is_periods(node):
                return 0
            return max(_degree_of(node, node.left, node.right), _degree_of(node, node.right, node.left), key=abs)
        case Operation():
            return degree(node.left)
        case _:
            return 1


def _degree_of(node: Operation, one: Node, other: Node) -> int:
    return 0 if _is_constant(node, one, other) else degree(one)


def _year(node: Node) -> bool:
    return isinstance(node, Literal_) and node.text.isdigit() and 1900 <= node.value <= 2100


def operands(node: Node) -> list[Operand]:
    """The numbers of a derivation in its order, each with whether it is a constant of the calculation."""
    return list(_operands(node, constant=False))


def _operands(node: Node, *, constant: bool, sign: int = 1) -> Iterator[Operand]:
    match node:
        case Literal_():
            yield Operand(sign * node.value, node.percent, node.scale, constant)
        case Negative():
            yield from _operands(node.of, constant=constant, sign=-sign if isinstance(node.of, Literal_) else sign)
        case Scaled():
            yield from _operands(node.of, constant=constant)
        case Operation():
            yield from _operands(node.left, constant=_is_constant(node, node.left, node.right))
            yield from _operands(node.right, constant=_is_constant(node, node.right, node.left))
        case _:
            return


def _is_constant(node: Operation, one: Node, other: Node) -> bool:
    """Whether an operand of an operation belongs to the calculation."""
    if not isinstance(one, Literal_) or one.percent or one.scale or not one.text.isdigit():
        return False
    if node.operator == "^":
        return one is node.right
    if node.operator in ("+", "-"):  # a growth rate, a gross amount (1 - 15 %), periods (2019 - 2017 + 1)
        ratio = isinstance(other, Operation) and other.operator == "/"
        return one.value == 1 and (ratio or _is_percent(other) or _is_periods(other))
    if one.value in (Decimal(100), Decimal(1_000), Decimal(1_000_000)):
        return True
    if one is node.right:  # an average: a sum over the count of what is added, or of its groups
        return node.operator == "/" and 1 < one.value <= _addends(other)
    return node.operator == "/" and one.value == 1


def _is_percent(node: Node) -> bool:
    return isinstance(node, Literal_) and node.percent


def _is_periods(node: Node) -> bool:
    return isinstance(node, Operation) and node.operator == "-" and _year(node.left) and _year(node.right)


def _addends(node: Node) -> int:
    if isinstance(node, Negative):
        return _addends(node.of)
    if isinstance(node, Operation) and node.operator in ("+", "-"):
        return _addends(node.left) + _addends(node.right)
    return 1


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case Operation():
            yield from _leaves(node.left)
            yield from _leaves(node.right)
        case Negative() | Scaled():
            yield from _leaves(node.of)
        case _:
            yield node


class _Reader:
    """Reads a derivation from left to right, an operator of stronger binding further down."""

    def __init__(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise _refused(f"It has {len(text):,} characters", 0, f"Write at most {MOST_CHARACTERS:,}.")
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.sum()
        kind, text, place = self.tokens[self.at]
        if kind != "end":
            raise _refused(f"{text!r} is not expected", place, "Write an operator between two values.")
        return node

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _refused("Brackets stand too deep", self.tokens[self.at][2], "Name parts of it as figures.")
        node = self.product()
        while operator := self.taken("+", "-"):
            node = Operation(operator, node, self.product())
        self.depth -= 1
        return node

    def product(self) -> Node:
        node = self.signed()
        while operator := self.taken("*", "/"):
            node = Operation(operator, node, self.signed())
        return node

    def signed(self) -> Node:
        if sign := self.taken("-", "+"):
            return Negative(self.power()) if sign == "-" else self.power()
        return self.power()

    def power(self) -> Node:
        node = self.operand()
        return Operation("^", node, self.signed()) if self.taken("^") else node

    def operand(self) -> Node:
        kind, text, place = self.tokens[self.at]
        self.at += 1
        node: Node
        if kind == "number":
            node = Literal_(text, Decimal(text.replace(",", "")))
        elif kind == "name":
            node = Name(text)
        elif text == "(":
            node = self.sum()
            if not self.taken(")"):
                raise _refused("A bracket is not closed", place, "Close it.")
            if isinstance(node, Literal_):
                node = Negative(node)
        else:
            found = "the end" if kind == "end" else repr(text)
            raise _refused(f"A value is expected where {found} stands", place, "Write a number or name a figure.")
        return self.with_suffix(node)

    def with_suffix(self, node: Node) -> Node:
        while True:
            kind, text, _place = self.tokens[self.at]
            word = text.lower() if kind == "name" else ""
            if text == "%" or word == "percent":
                node = _percent(node)
            elif word in SCALES:
                node = _with_scale(node, word)
            else:
                return node
            self.at += 1

    def taken(self, *signs: Operator | Literal[")"]) -> Operator | None:
        """The sign that stands here, if it is one of those, taken."""
        kind, text, _place = self.tokens[self.at]
        if kind == "sign" and text in signs:
            self.at += 1
            return text  # type: ignore[return-value]  # one of those asked for
        return None


def _percent(node: Node) -> Node:
    if isinstance(node, Literal_) and not node.percent:
        return Literal_(node.text, node.value, True, node.scale)
    return Scaled(node, Decimal("0.01"))


def _with_scale(node: Node, word: str) -> Node:
    if isinstance(node, Literal_) and not node.scale:
        return Literal_(node.text, node.value, node.percent, word)
    return Scaled(node, SCALES[word])


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """Kind, text and place of each token, and an ``end``; signs of currencies say nothing here."""
    same = "".join(_SAME.get(letter, letter) for letter in text)
    found: list[tuple[str, str, int]] = []
    at = 0
    while same[at:].strip():
        token = _TOKEN.match(same, at)
        if token is None:
            place = at + len(same[at:]) - len(same[at:].lstrip())
            raise _refused(
                f"{same[place]!r} belongs to no derivation", place, "Use numbers, names, + - * / and brackets."
            )
        at = token.end()
        kind = str(token.lastgroup)
        if kind != "money":
            found.append((kind, token[kind], token.start(kind)))
    return [*found, ("end", "", len(same))]


def _refused(what: str, place: int, hint: str) -> DataError:
    return DataError("derivation.syntax", f"{what}.", Location(line=1, column=place + 1), hint)
