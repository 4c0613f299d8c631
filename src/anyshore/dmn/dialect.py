"""Files of Camunda's modeller (dmn-js): what they leave unsaid is said, so that they decide as they do there.

Such a table reads its inputs by name and requires none, its types are those of Java, and a required decision is known
by its id or by the name of its output. The document itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from anyshore import feel
from anyshore.base.errors import FeelError
from anyshore.dmn.elements import Decision, Definitions, DrgElement, InputData, ItemDefinition
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
DEFAULT_INPUT_NAME = "cellInput"
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
        for part in walk(decision.expression):
            if isinstance(part, DecisionTable):
                _name_inputs(part)
        _inputs(decision, definitions)


def _name_inputs(table: DecisionTable) -> None:
    """The name by which the cells of a column know their input value: the column says it, or ``cellInput``."""
    for at, column in enumerate(table.inputs):
        name = (column.source.get(f"{{{CAMUNDA}}}inputVariable") or "").strip() or DEFAULT_INPUT_NAME
        for rule in table.rules:
            if at < len(rule.inputs):
                rule.inputs[at].input_name = name


def _inputs(decision: Decision, definitions: Definitions) -> None:
    """What a decision reads and does not require: a required decision by another of its names, else input data."""
    required = [
        definitions.by_id.get(href.rpartition("#")[2])
        for href in (*decision.required_inputs, *decision.required_decisions, *decision.required_knowledge)
    ]
    known = {name for one in required if one is not None for name in (one.name, _variable(one))}
    for name, (clause, in_cell) in _read(decision, known).items():
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
            element = InputData(key, name, variable, clause.source, definitions, "cell")
            definitions.by_id[key] = element
            definitions.by_name.setdefault(name, element)
        if not in_cell:
            # The type a column gives it stands before that of a cell, which gives none.
            _by_column(definitions.by_id[key], clause)
        decision.required_inputs += (f"#{key}",)


def _variable(element: object) -> str:
    variable = getattr(element, "variable", None)
    return variable.name if variable is not None else ""


def _other_names(decision: Decision) -> list[str]:
    """The id of a decision, and the name of its only output."""
    table = decision.expression
    outputs = table.outputs if isinstance(table, DecisionTable) else ()
    return [decision.id, *(one.name for one in outputs if len(outputs) == 1 and one.name)]


def _by_column(element: DrgElement, clause: LiteralExpression) -> None:
    if isinstance(element, InputData) and element.implied != "column":
        element.implied = "column"
        element.variable = InformationItem(element.name, clause.type_ref, clause.source)


def _read(decision: Decision, known: set[str]) -> dict[str, tuple[LiteralExpression, bool]]:
    """The names a table or a literal expression reads, each with what does first, and whether only cells do."""
    found: dict[str, tuple[LiteralExpression, bool]] = {}
    for part in walk(decision.expression):
        if isinstance(part, LiteralExpression):
            for name in _names(part, known):
                found.setdefault(name, (part, False))
        elif isinstance(part, DecisionTable):
            for column in part.inputs:
                for name in _names(column.expression, known):
                    plain = column.expression.text.strip() == name
                    if plain or name not in found:
                        found[name] = column.expression, False
            for rule in part.rules:
                for cell in rule.inputs:
                    for name in _names(cell, known):
                        found.setdefault(name, (_untyped(cell), True))
                for output in rule.outputs:
                    for name in _names(output, known):
                        found.setdefault(name, (_untyped(output), True))
    return found


def _untyped(cell: LiteralExpression | UnaryTests) -> LiteralExpression:
    return LiteralExpression("", None, cell.source)


def _names(part: LiteralExpression | UnaryTests, known: set[str]) -> Iterator[str]:
    text = part.text.strip()
    if not text or text == "-" or not is_feel(part.language):
        return
    try:
        if isinstance(part, UnaryTests):
            compiled = feel.compile_unary_tests(text, names=known | {part.input_name})
        else:
            compiled = feel.compile(text, names=known)
    except FeelError:
        return  # the check tells
    yield from (name for name, _ in compiled.unknown_names)
    # Functions have names of their own there: a name that is read and not called is that of a variable.
    yield from sorted(compiled.functions_read)
