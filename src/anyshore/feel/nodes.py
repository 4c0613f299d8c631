"""The syntax tree of FEEL: what the parser builds, and what compilers, checkers and indexes read.

Every node knows its place in the source (``start`` and ``end``, counted from 0). The tree holds no behaviour and never
changes; it is not frozen, because making a frozen node takes three times as long, and parsing makes little else.
Source: DMN 1.5, 10.3.1.2.
"""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.feel.types import FeelType


@dataclass(slots=True, unsafe_hash=True)
class Node:
    """A piece of an expression.

    Attributes:
        start: first character in the source.
        end: one past the last.
    """

    start: int
    end: int


@dataclass(slots=True, unsafe_hash=True)
class Literal(Node):
    """A number, string, boolean, null, or a temporal value written ``@"…"``."""

    value: object


@dataclass(slots=True, unsafe_hash=True)
class InvalidLiteral(Node):
    """A literal of right form without a value, as ``@"foo"`` or ``1e9999``; it evaluates to null."""

    reason: str


@dataclass(slots=True, unsafe_hash=True)
class Name(Node):
    """A variable or function by name, with single spaces."""

    name: str


@dataclass(slots=True, unsafe_hash=True)
class Negation(Node):
    """``-e``."""

    operand: Node


@dataclass(slots=True, unsafe_hash=True)
class Arithmetic(Node):
    """``left op right`` with ``+ - * / **``."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True, unsafe_hash=True)
class Comparison(Node):
    """``left op right`` with ``= != < <= > >=``."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True, unsafe_hash=True)
class Logic(Node):
    """A chain of ``and`` or of ``or``."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(slots=True, unsafe_hash=True)
class Between(Node):
    """``value between low and high``, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(slots=True, unsafe_hash=True)
class In(Node):
    """``value in test`` or ``value in (test, test)``; a test is a `UnaryTest`, an `Interval` or any expression."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(slots=True, unsafe_hash=True)
class InstanceOf(Node):
    """``value instance of type``; a type named by the model is a `NamedType` until compiled."""

    value: Node
    type: FeelType


@dataclass(slots=True, unsafe_hash=True)
class Path(Node):
    """``source.name``."""

    source: Node
    name: str


@dataclass(slots=True, unsafe_hash=True)
class Filter(Node):
    """``source[condition]``."""

    source: Node
    condition: Node


@dataclass(slots=True, unsafe_hash=True)
class Call(Node):
    """A function applied to arguments, all named (``names`` tells them) or all positional (``names`` is None)."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(slots=True, unsafe_hash=True)
class If(Node):
    """``if condition then a else b``."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True, unsafe_hash=True)
class Iterator(Node):
    """``name in domain`` of a loop; with ``to``, the domain is written ``domain..to``."""

    name: str
    domain: Node
    to: Node | None


@dataclass(slots=True, unsafe_hash=True)
class For(Node):
    """``for … return result``."""

    iterators: tuple[Iterator, ...]
    result: Node


@dataclass(slots=True, unsafe_hash=True)
class Quantified(Node):
    """``some … satisfies condition`` or ``every …``."""

    quantifier: str
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(slots=True, unsafe_hash=True)
class ListLiteral(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(slots=True, unsafe_hash=True)
class Entry(Node):
    """``key: value`` of a context; ``named`` if the key was a name and not a string."""

    key: str
    value: Node
    named: bool


@dataclass(slots=True, unsafe_hash=True)
class ContextLiteral(Node):
    """``{a: 1, b: a + 1}``; an entry sees the entries before it."""

    entries: tuple[Entry, ...]


@dataclass(slots=True, unsafe_hash=True)
class Interval(Node):
    """``[a..b]``, with ``(`` or ``]`` for an excluded start and ``)`` or ``[`` for an excluded end."""

    start_included: bool
    low: Node
    high: Node
    end_included: bool


@dataclass(slots=True, unsafe_hash=True)
class UnaryTest(Node):
    """``< a`` and its kin with ``<= > >= = !=``: a test by itself, and in parentheses a range with one end."""

    operator: str
    operand: Node


@dataclass(slots=True, unsafe_hash=True)
class Parameter(Node):
    """A formal parameter of a function, of type Any if none is written."""

    name: str
    type: FeelType


@dataclass(slots=True, unsafe_hash=True)
class FunctionDefinition(Node):
    """``function(a: number) body``; ``external`` if the body says where the function is, in Java or PMML."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool


@dataclass(slots=True, unsafe_hash=True)
class UnaryTests(Node):
    """The tests of a decision table's cell. No tests stand for ``-``: anything goes."""

    tests: tuple[Node, ...]
    negated: bool
