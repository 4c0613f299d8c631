"""The expressions of a wage-tax flow chart: a small part of Java, from text to a tree.

The German ministry of finance publishes each year's flow chart (Programmablaufplan, § 39b (6) EStG) as XML whose
attributes ``exec``, ``expr``, ``value`` and ``default`` hold Java: calls of ``java.math.BigDecimal``, comparisons,
integers and arrays. Numbers stay the text they are written as, so none ever becomes a binary float.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_DEPTH = 60
"""Levels an expression may nest; published flow charts need ten."""


class SyntaxProblem(Exception):
    """Why a text is none of these expressions."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written: ``0.42``, ``17800``."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string, as ``new BigDecimal("0.16")`` takes one."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, a constant or a class."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A constant of a class: ``BigDecimal.ZERO``."""

    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A method of a value or of a class: ``X.add(Y)``; ``new`` where a value is constructed."""

    of: Node
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """An element of an array: ``TAB1[J]``."""

    of: Node
    index: Node


@dataclass(frozen=True, slots=True)
class Array:
    """The elements of an array: ``{BigDecimal.ZERO, …}``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """``-a`` or ``!a``."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and what stands between them."""

    operator: str
    left: Node
    right: Node


Node = Number | Text | Name | Member | Call | Index | Array | Unary | Binary

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?)[lLdDfF]?(?![A-Za-z0-9_])"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|\"(?P<text>[^\"\\]*)\""
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%!<>(){}\[\],.=]))"
)
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"))


def expression(text: str) -> Node:
    """The tree of an expression.

    Raises:
        SyntaxProblem: it is none, with what stands at the place where reading stopped.
    """
    reader = _Reader(text)
    found = reader.whole()
    reader.end()
    return found


def assignment(text: str) -> tuple[str, Node]:
    """The variable and the tree of ``NAME = expression``.

    Raises:
        SyntaxProblem: it is no assignment.
    """
    reader = _Reader(text.strip().removesuffix(";"))
    name = reader.name()
    reader.expect("=")
    found = reader.whole()
    reader.end()
    return name, found


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def sign(self, *wanted: str) -> str | None:
        kind, word = self.tokens[self.at]
        if kind == "sign" and word in wanted:
            self.at += 1
            return word
        return None

    def expect(self, wanted: str) -> None:
        if self.sign(wanted) is None:
            raise SyntaxProblem(f"expected {wanted!r} {self.here()}")

    def here(self) -> str:
        word = self.tokens[self.at][1]
        return f"before {word!r}" if word else "at the end"

    def name(self) -> str:
        kind, word = self.tokens[self.at]
        if kind != "name":
            raise SyntaxProblem(f"expected a name {self.here()}")
        self.at += 1
        return word

    def end(self) -> None:
        if self.tokens[self.at][0] != "end":
            raise SyntaxProblem(f"nothing more was expected {self.here()}")

    def whole(self, level: int = 0) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH * (len(_LEVELS) + 1):
            raise SyntaxProblem(f"more than {MAX_DEPTH} levels of nesting")
        found = self.unary() if level == len(_LEVELS) else self.binary(level)
        self.depth -= 1
        return found

    def binary(self, level: int) -> Node:
        left = self.whole(level + 1)
        while (operator := self.sign(*_LEVELS[level])) is not None:
            left = Binary(operator, left, self.whole(level + 1))
        return left

    def unary(self) -> Node:
        operator = self.sign("-", "!", "+")
        if operator is None:
            return self.postfix(self.primary())
        operand = self.whole(len(_LEVELS))
        return operand if operator == "+" else Unary(operator, operand)

    def primary(self) -> Node:
        kind, word = self.tokens[self.at]
        if kind in ("number", "text"):
            self.at += 1
            return Number(word) if kind == "number" else Text(word)
        if kind == "name":
            self.at += 1
            return self.new() if word == "new" else Name(word)
        if self.sign("{") is not None:
            return Array(self.listed("}"))
        self.expect("(")
        found = self.whole()
        self.expect(")")
        return found

    def new(self) -> Node:
        of = Name(self.name())
        if self.sign("[") is not None:
            self.expect("]")
            self.expect("{")
            return Array(self.listed("}"))
        self.expect("(")
        return Call(of, "new", self.listed(")"))

    def postfix(self, found: Node) -> Node:
        while True:
            if self.sign(".") is not None:
                name = self.name()
                found = Call(found, name, self.listed(")")) if self.sign("(") is not None else Member(found, name)
            elif self.sign("[") is not None:
                found = Index(found, self.whole())
                self.expect("]")
            else:
                return found

    def listed(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while self.sign(closing) is None:
            if items:
                self.expect(",")
            items.append(self.whole())
        return tuple(items)


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise SyntaxProblem(f"{text[at:].strip()[:10]!r} cannot be read")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return [*found, ("end", "")]
