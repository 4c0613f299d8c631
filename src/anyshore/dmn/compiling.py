"""Compiles the FEEL of an element on first use: every expression with the names that are in scope where it stands.

Scope (DMN 1.5, 10.4): what the element requires, by name, things of an import under the import's name; inside it the
parameters, the earlier entries of a context, the variable of an iterator. A fault of one expression is kept in its
place, so that the rest of the model still works; :func:`anyshore.dmn.check` reports them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from anyshore import feel
from anyshore.base.errors import DefinitionError, DmnError
from anyshore.base.locations import Location
from anyshore.dmn.elements import BusinessKnowledgeModel, Decision, Definitions, DrgElement, ItemDefinition
from anyshore.dmn.expressions import (
    Compiled,
    Context,
    DecisionTable,
    Expression,
    Filter,
    FunctionDefinition,
    LiteralExpression,
    Relation,
    UnaryTests,
    children,
    walk,
)
from anyshore.dmn.expressions import Iterator as BoxedIterator
from anyshore.dmn.library import Library
from anyshore.dmn.namespaces import is_feel
from anyshore.dmn.types import Types
from anyshore.feel.builtins.table import BUILTINS
from anyshore.feel.names import normal

_SIMPLE = re.compile(r"[^\W\d]\w*")
# Marks a scope within a filter, where the keys of the elements are names too; no name can be empty.
_FILTERED = ""


class Compiler:
    """Compiles the expressions of a library; keeps what every expression of a file shares."""

    def __init__(self, library: Library, types: Types) -> None:
        self._library = library
        self._types = types
        self._ready: set[int] = set()
        self._members = feel.Members(_keys_of(library), _plain_out(_names_of_elements(library)))
        self._names: dict[tuple[frozenset[str], bool, bool], feel.Names] = {}

    def prepare(self, element: DrgElement) -> None:
        """Compiles everything in a decision or a business knowledge model, once."""
        if id(element) in self._ready:
            return
        self._ready.add(id(element))
        names = self.names(element)
        if isinstance(element, Decision) and element.expression is not None:
            self._walk(element.expression, names, element)
        elif isinstance(element, BusinessKnowledgeModel) and element.logic is not None:
            self._walk(element.logic, names, element)

    def names(self, element: DrgElement) -> frozenset[str]:
        """The names an element sees from outside: what it requires."""
        hrefs: tuple[str, ...] = ()
        if isinstance(element, Decision):
            hrefs = element.required_inputs + element.required_decisions + element.required_knowledge
        elif isinstance(element, BusinessKnowledgeModel):
            hrefs = element.required_knowledge
        names = set()
        for href in hrefs:
            target = self._library.resolve(href, element.owner)
            if target is None:
                continue
            entry = None if target.owner is element.owner else self._library.import_of(element.owner, target.owner)
            if entry is not None and entry.name:
                names.add(entry.name)
            else:
                names.update(names_of(target))
        if isinstance(element, BusinessKnowledgeModel):
            names.update(own_names(element))
        return frozenset(names)

    def constraint(self, tests: UnaryTests, owner: Definitions) -> Compiled:
        """The compiled constraint of a type."""
        if tests.compiled is None:
            tests.compiled = self._tests(tests, frozenset(), owner, "", "")
        return tests.compiled

    def _walk(self, expression: Expression, names: frozenset[str], element: DrgElement) -> None:
        match expression:
            case LiteralExpression():
                expression.compiled = self._literal(expression, names, element.owner, element.name, "")
            case DecisionTable():
                self._table(expression, names, element)
            case Context(entries=entries):
                for entry in entries:
                    if entry.value is not None:
                        self._walk(entry.value, names, element)
                    if entry.variable is not None:
                        names |= {entry.variable.name}
            case FunctionDefinition(parameters=parameters, body=body):
                if body is not None:
                    inner = {p.name for p in parameters} | {p.name.split(".")[0] for p in parameters}
                    self._walk(body, names | inner, element)
            case BoxedIterator(variable=variable, collection=collection, body=body):
                if collection is not None:
                    self._walk(collection, names, element)
                if body is not None:
                    self._walk(body, names | {variable, "partial"}, element)
            case Filter(collection=collection, match=condition):
                if collection is not None:
                    self._walk(collection, names, element)
                if condition is not None:
                    self._walk(condition, names | {"item", _FILTERED}, element)
            case _:
                for child in children(expression):
                    self._walk(child, names, element)

    def _table(self, table: DecisionTable, names: frozenset[str], element: DrgElement) -> None:
        owner, label = element.owner, element.name
        for number, column in enumerate(table.inputs, 1):
            cell = f'input {number} "{column.label}"'
            column.expression.compiled = self._literal(column.expression, names, owner, label, cell)
            if column.values is not None:
                column.values.compiled = self._tests(column.values, names, owner, label, f"{cell}, values")
        for number, output in enumerate(table.outputs, 1):
            cell = f'output {number} "{output.label}"' if output.label else f"output {number}"
            if output.values is not None:
                output.values.compiled = self._tests(output.values, names, owner, label, f"{cell}, values")
            if output.default is not None:
                output.default.compiled = self._literal(output.default, names, owner, label, f"{cell}, default")
        for row, rule in enumerate(table.rules, 1):
            for column, tests in zip(table.inputs, rule.inputs, strict=True):
                tests.compiled = self._tests(tests, names, owner, label, f'rule {row}, input "{column.label}"')
            for number, (output, literal) in enumerate(zip(table.outputs, rule.outputs, strict=True), 1):
                name = output.label or str(number)
                literal.compiled = self._literal(literal, names, owner, label, f'rule {row}, output "{name}"')

    def _known(self, names: frozenset[str], owner: Definitions) -> feel.Names:
        """Names prepared for the parser, once per scope."""
        filtered = _FILTERED in names
        key = (names, filtered, owner.camunda)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = feel.Names(
                names - {_FILTERED}, self._members, filtered=filtered, functions_apart=owner.camunda
            )
        return found

    def _literal(
        self, literal: LiteralExpression, names: frozenset[str], owner: Definitions, label: str, cell: str
    ) -> Compiled:
        place = text_place(owner, literal.source, label, cell)
        if literal.imported:
            return DmnError("dmn.imported-values", "Imported values are not supported.", place, "Write an expression.")
        problem = _language_problem(literal.language, place)
        if problem is not None:
            return problem
        try:
            return feel.compile(
                literal.text if literal.text.strip() else "null",
                names=self._known(names, owner),
                types=self._types.named(owner),
                location=place,
            )
        except DefinitionError as error:
            return error

    def _tests(self, tests: UnaryTests, names: frozenset[str], owner: Definitions, label: str, cell: str) -> Compiled:
        place = text_place(owner, tests.source, label, cell)
        problem = _language_problem(tests.language, place)
        if problem is not None:
            return problem
        try:
            return feel.compile_unary_tests(
                tests.text if tests.text.strip() else "-",
                names=self._known(names | {tests.input_name} if tests.input_name else names, owner),
                types=self._types.named(owner),
                location=place,
                truth_decides=owner.camunda,
            )
        except DefinitionError as error:
            return error


def names_of(element: DrgElement) -> tuple[str, ...]:
    """The names an element's value is known by: its variable's, and its own should they differ."""
    variable = getattr(element, "variable", None)
    if variable is None or variable.name == element.name:
        return (element.name,)
    return (variable.name, element.name)


def own_names(model: BusinessKnowledgeModel) -> tuple[str, ...]:
    """The names by which knowledge calls itself: its own, unless they are those of built-in functions.

    In scope is what an element requires (10.4). That knowledge may call itself without saying so is a custom of tools;
    it must not hide the function that its own logic means.
    """
    return tuple(name for name in names_of(model) if normal(name) not in BUILTINS)


def text_place(owner: Definitions, source: etree._Element, label: str, cell: str) -> Location:
    """Where the text of an expression begins: right after its ``<text>`` tag."""
    text = next((child for child in source.iterchildren(etree.Element) if child.tag.endswith("}text")), None)
    place = owner.locate(source if text is None else text, label or None)
    column = place.column
    if text is not None and place.line is not None and column is not None:
        # The tag as written is its qualified name in brackets; the rare attribute on it shifts the column only.
        column += len(text.prefix or "") + (1 if text.prefix else 0) + len("<text>")
    return Location(place.file, place.element, place.line, column, cell or None)


def _language_problem(language: str | None, place: Location) -> DmnError | None:
    if is_feel(language):
        return None
    return DmnError("dmn.language", f"The expression language {language} is not supported.", place, "Write it in FEEL.")


def _names_of_elements(library: Library) -> Iterator[str]:
    """The names of all elements: behind the name of an import they may follow a dot."""
    for definitions in library.all():
        for element in definitions.by_id.values():
            yield from names_of(element)


def _keys_of(library: Library) -> Iterator[str]:
    """Keys of contexts that are no plain words, so the parser must be told them."""
    for definitions in library.all():
        for item in definitions.items.values():
            yield from _plain_out(_components(item))
        for element in definitions.by_id.values():
            if isinstance(element, Decision):
                yield from _plain_out(_keys(element.expression))
            elif isinstance(element, BusinessKnowledgeModel) and element.logic is not None:
                yield from _plain_out(_keys(element.logic))


def _plain_out(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if not _SIMPLE.fullmatch(name))


def _components(item: ItemDefinition) -> Iterator[str]:
    for component in item.components:
        yield component.name
        yield from _components(component)


def _keys(expression: Expression | None) -> Iterator[str]:
    for part in walk(expression):
        match part:
            case Context(entries=entries):
                yield from (entry.variable.name for entry in entries if entry.variable is not None)
            case Relation(columns=columns):
                yield from (column.name for column in columns)
            case DecisionTable(outputs=outputs):
                yield from (output.name for output in outputs if output.name)
