"""Files of Camunda's modeller (dmn-js): what they leave unsaid is said, so that they decide as they do there.

Such a table reads its inputs by name and requires none, its types are those of Java, and a required decision is known
by its id or by the name of its output. The document itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from anyshore import feel
from anyshore.base.errors import FeelError
from anyshore.dmn.elements import Decision, Definitions, InputData, ItemDefinition
from anyshore.dmn.expressions import (
    DecisionTable,
    InformationItem,
    LiteralExpression,
    OutputClause,
    UnaryTests,
    walk,
)
from anyshore.dmn.namespaces import is_feel

CAMUNDA = "http://camunda.org/schema/1.0/dmn"
_EXPORTERS = ("Camunda", "dmn-js")
_TYPES = {"integer": "number", "long": "number", "double": "number"}


def is_camunda(root: etree._Element) -> bool:
    """Whether a file was drawn with the modeller of Camunda."""
    exporter = root.get("exporter") or ""
    return CAMUNDA in (root.get("namespace"), *root.nsmap.values()) or exporter.startswith(_EXPORTERS)


def complete(definitions: Definitions, typed: Iterable[InformationItem | LiteralExpression | OutputClause]) -> None:
    """Adds what a file of Camunda leaves unsaid; ``typed`` is everything in it that names a type."""
    every: list[InformationItem | LiteralExpression | OutputClause | ItemDefinition] = [*typed]
    every += definitions.items.values()
    for one in every:
        if one.type_ref in _TYPES and one.type_ref not in definitions.items:
            one.type_ref = _TYPES[one.type_ref]
    decisions = [one for one in definitions.by_id.values() if isinstance(one, Decision)]
    for decision in decisions:
        _inputs(decision, definitions)


def _inputs(decision: Decision, definitions: Definitions) -> None:
    """What a decision reads and does not require: a required decision by another of its names, else input data."""
    required = [
        definitions.by_id.get(href.rpartition("#")[2])
        for href in (*decision.required_inputs, *decision.required_decisions, *decision.required_knowledge)
    ]
    known = {name for one in required if one is not None for name in (one.name, _variable(one))}
    for name, clause in _read(decision, known).items():
        if name in known:
            continue
        meant = next((one for one in required if isinstance(one, Decision) and name in _other_names(one)), None)
        if meant is not None:
            if meant.variable is None:
                meant.variable = InformationItem(name, None, meant.source)
            continue
        key = f"inputData:{name}"
        if key not in definitions.by_id:
            variable = InformationItem(name, clause.type_ref, clause.source)
            definitions.by_id[key] = InputData(key, name, variable, clause.source, definitions)
            definitions.by_name.setdefault(name, definitions.by_id[key])
        decision.required_inputs += (f"#{key}",)


def _variable(element: object) -> str:
    variable = getattr(element, "variable", None)
    return variable.name if variable is not None else ""


def _other_names(decision: Decision) -> list[str]:
    """The id of a decision, and the name of its only output."""
    table = decision.expression
    outputs = table.outputs if isinstance(table, DecisionTable) else ()
    return [decision.id, *(one.name for one in outputs if len(outputs) == 1 and one.name)]


def _read(decision: Decision, known: set[str]) -> dict[str, LiteralExpression]:
    """The names that a table or a literal expression reads, with the first input or expression that does."""
    found: dict[str, LiteralExpression] = {}
    for part in walk(decision.expression):
        if isinstance(part, LiteralExpression):
            for name in _names(part, known):
                found.setdefault(name, part)
        elif isinstance(part, DecisionTable):
            for column in part.inputs:
                for name in _names(column.expression, known):
                    plain = column.expression.text.strip() == name
                    if plain or name not in found:
                        found[name] = column.expression
            for rule in part.rules:
                for cell, column in zip(rule.inputs, part.inputs, strict=False):
                    for name in _names(cell, known):
                        found.setdefault(name, _untyped(column.expression))
                for output in rule.outputs:
                    for name in _names(output, known):
                        found.setdefault(name, _untyped(output))
    return found


def _untyped(literal: LiteralExpression) -> LiteralExpression:
    return LiteralExpression("", None, literal.source)


def _names(part: LiteralExpression | UnaryTests, known: set[str]) -> Iterator[str]:
    text = part.text.strip()
    if not text or text == "-" or not is_feel(part.language):
        return
    try:
        compiler = feel.compile_unary_tests if isinstance(part, UnaryTests) else feel.compile
        yield from (name for name, _ in compiler(text, names=known).unknown_names)
    except FeelError:
        return  # the check tells
