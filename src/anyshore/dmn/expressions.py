"""The boxed expressions of DMN 1.5, clause 7 to 10, as plain data. Each knows the XML element it was read from.

Read only: a model is changed in its document, see :mod:`anyshore.dmn.writer`. The field ``compiled`` is the one
exception; it is filled on first use by :mod:`anyshore.dmn.compiling`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from lxml import etree

    from anyshore import feel
    from anyshore.base.errors import DefinitionError

Compiled: TypeAlias = "feel.Expression | DefinitionError"
HitPolicy: TypeAlias = Literal["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation: TypeAlias = Literal["SUM", "COUNT", "MIN", "MAX"]
FunctionKind: TypeAlias = Literal["FEEL", "Java", "PMML"]


@dataclass(slots=True, eq=False)
class InformationItem:
    """A named and typed thing: a variable, a parameter, a column (clause 7.3.4)."""

    name: str
    type_ref: str | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class LiteralExpression:
    """A FEEL expression in a box (7.3.7)."""

    text: str
    type_ref: str | None
    source: etree._Element
    language: str | None = None
    imported: bool = False
    compiled: Compiled | None = field(default=None, repr=False)


@dataclass(slots=True, eq=False)
class UnaryTests:
    """FEEL unary tests: a cell of a table, the allowed values of a type (7.3.3, 8.3.3).

    Attributes:
        input_name: a name that means the value tested, beside ``?``; only Camunda's tables have one.
    """

    text: str
    source: etree._Element
    language: str | None = None
    compiled: Compiled | None = field(default=None, repr=False)
    input_name: str = ""


@dataclass(slots=True, eq=False)
class ContextEntry:
    """An entry of a boxed context; without a variable it is the context's result (10.2.1.4)."""

    variable: InformationItem | None
    value: Expression | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class Context:
    """A boxed context."""

    entries: tuple[ContextEntry, ...]
    type_ref: str | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class Binding:
    """A parameter of a boxed invocation and the expression bound to it."""

    parameter: str
    value: Expression | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class Invocation:
    """A boxed invocation: named parameters only (10.2.1.3)."""

    called: Expression | None
    bindings: tuple[Binding, ...]
    type_ref: str | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class FunctionDefinition:
    """A boxed function definition (10.2.1.7)."""

    parameters: tuple[InformationItem, ...]
    body: Expression | None
    kind: FunctionKind
    type_ref: str | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class Relation:
    """A list of contexts with the same keys, as rows and columns (10.2.1.6)."""

    columns: tuple[InformationItem, ...]
    rows: tuple[tuple[Expression, ...], ...]
    type_ref: str | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class ListExpression:
    """A boxed list (10.2.1.5)."""

    items: tuple[Expression, ...]
    type_ref: str | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class Conditional:
    """A boxed if (10.2.1.8)."""

    condition: Expression | None
    then: Expression | None
    otherwise: Expression | None
    type_ref: str | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class Filter:
    """A boxed filter (10.2.1.9)."""

    collection: Expression | None
    match: Expression | None
    type_ref: str | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class Iterator:
    """A boxed ``for``, ``some`` or ``every`` (10.2.1.10); ``body`` is its return or satisfies part."""

    kind: Literal["for", "some", "every"]
    variable: str
    variable_type: str | None
    collection: Expression | None
    body: Expression | None
    type_ref: str | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class InputClause:
    """An input column: an expression, and the values it may have (8.3.2)."""

    expression: LiteralExpression
    values: UnaryTests | None
    label: str
    source: etree._Element


@dataclass(slots=True, eq=False)
class OutputClause:
    """An output column; ``values`` are in order of priority, the highest first (8.3.2, 8.2.8)."""

    name: str | None
    type_ref: str | None
    values: UnaryTests | None
    default: LiteralExpression | None
    label: str
    source: etree._Element


@dataclass(slots=True, eq=False)
class Rule:
    """A row of a decision table."""

    inputs: tuple[UnaryTests, ...]
    outputs: tuple[LiteralExpression, ...]
    annotations: tuple[str, ...]
    source: etree._Element
    id: str | None = None


@dataclass(slots=True, eq=False)
class DecisionTable:
    """A decision table (clause 8)."""

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    annotations: tuple[str, ...]
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    orientation: str
    type_ref: str | None
    label: str | None
    source: etree._Element
    compiled: object | None = field(default=None, repr=False)


Expression: TypeAlias = (
    LiteralExpression
    | Context
    | Invocation
    | FunctionDefinition
    | Relation
    | ListExpression
    | Conditional
    | Filter
    | Iterator
    | DecisionTable
)


def children(expression: Expression) -> list[Expression]:
    """The boxed expressions directly inside one, in document order (not the cells of a table)."""
    parts: list[Expression | None]
    match expression:
        case Context(entries=entries):
            parts = [entry.value for entry in entries]
        case Invocation(called=called, bindings=bindings):
            parts = [called, *(binding.value for binding in bindings)]
        case FunctionDefinition(body=body):
            parts = [body]
        case Relation(rows=rows):
            parts = [cell for row in rows for cell in row]
        case ListExpression(items=items):
            parts = list(items)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            parts = [condition, then, otherwise]
        case Filter(collection=collection, match=match):
            parts = [collection, match]
        case Iterator(collection=collection, body=body):
            parts = [collection, body]
        case _:
            parts = []
    return [part for part in parts if part is not None]


def walk(expression: Expression | None) -> list[Expression]:
    """An expression and all boxed expressions in it."""
    if expression is None:
        return []
    found = [expression]
    for child in children(expression):
        found += walk(child)
    return found
