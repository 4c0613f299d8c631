"""Static checks of a model, all problems at once, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from anyshore import feel
from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.dmn.check_calls import hidden
from anyshore.dmn.check_cells import Cells
from anyshore.dmn.check_tables import check_table
from anyshore.dmn.compiling import names_of
from anyshore.dmn.elements import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    DrgElement,
    InputData,
    ItemDefinition,
    KnowledgeSource,
)
from anyshore.dmn.expressions import (
    Compiled,
    Context,
    DecisionTable,
    Expression,
    Filter,
    FunctionDefinition,
    Invocation,
    LiteralExpression,
    UnaryTests,
    children,
)
from anyshore.dmn.expressions import (
    Iterator as BoxedIterator,
)
from anyshore.dmn.hints import all_hinted
from anyshore.dmn.model import Model
from anyshore.dmn.types import ANY_TYPE, Type, UnknownType
from anyshore.feel import nodes
from anyshore.feel.origin import Origin
from anyshore.feel.types import (
    ANY,
    BOOLEAN,
    NULL,
    SIMPLE_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    conforms,
)

Names = Mapping[str, FeelType]


def check(model: Model) -> list[Diagnostic]:
    """Everything that can be found wrong in a model without running it, in the order of the file.

    Unknown names, types and references, expressions that are not FEEL, results of the wrong type, cycles, inputs
    nobody reads; in tables gaps, overlaps and rules that cannot decide, with an example input for each.
    """
    checker = _Checker(model)
    found: list[Diagnostic] = []
    for definitions in model.library.all():
        found += checker.check_types(definitions)
        for element in definitions.by_id.values():
            found += checker.check_references(element)
            found += checker.check_logic(element)
        found += checker.check_cycles(definitions)
    found += checker.check_unused(model.definitions)
    return sorted(
        all_hinted(found), key=lambda d: (d.location.file or "", d.location.line or 0, d.location.column or 0)
    )


class _Checker:
    def __init__(self, model: Model) -> None:
        self.library = model.library
        self.linked = model.linked
        self.types = model.linked.types

    # ---- types and references

    def check_types(self, owner: Definitions) -> Iterator[Diagnostic]:
        """Types that mean nothing, and constraints that are not FEEL."""
        for item in owner.items.values():
            yield from self._item(item, owner)

    def _item(self, item: ItemDefinition, owner: Definitions) -> Iterator[Diagnostic]:
        if item.type_ref is not None:
            yield from self._type(item.type_ref, owner, item.source)
        for tests in (item.allowed_values, item.type_constraint):
            if tests is not None:
                yield from self._compiled(self.linked.compiler.constraint(tests, owner))
        for component in item.components:
            yield from self._item(component, owner)

    def _type(self, reference: str | None, owner: Definitions, source: object) -> Iterator[Diagnostic]:
        try:
            self.types.resolve(reference, owner)
        except UnknownType as unknown:
            place = owner.locate(source)  # type: ignore[arg-type]
            hint = _nearest(str(unknown.args[0]), [*owner.items, *SIMPLE_TYPES])
            hint = hint or "Define it, or use a type of FEEL such as number, string or date."
            yield Diagnostic("dmn.unknown-type", f"There is no type {unknown.args[0]}.", place, hint)

    def check_references(self, element: DrgElement) -> Iterator[Diagnostic]:
        """References to what is not there, or to something of another kind."""
        wanted: list[tuple[tuple[str, ...], type | tuple[type, ...], str]] = []
        match element:
            case Decision():
                wanted = [
                    (element.required_inputs, InputData, "input data"),
                    (element.required_decisions, Decision, "a decision"),
                    (element.required_knowledge, (BusinessKnowledgeModel, DecisionService), "knowledge"),
                    (element.required_authorities, (KnowledgeSource, Decision, InputData), "an authority"),
                ]
            case BusinessKnowledgeModel():
                wanted = [(element.required_knowledge, (BusinessKnowledgeModel, DecisionService), "knowledge")]
            case DecisionService():
                decisions = element.output_decisions + element.encapsulated_decisions + element.input_decisions
                wanted = [(decisions, Decision, "a decision"), (element.input_data, InputData, "input data")]
        place = element.owner.locate(element.source, element.name)
        for hrefs, kinds, word in wanted:
            for href in hrefs:
                target = self.library.resolve(href, element.owner)
                if target is None:
                    yield Diagnostic("dmn.reference", f"{element.name} refers to {href}, which is not there.", place)
                elif not isinstance(target, kinds):
                    message = f"{element.name} refers to {target.name} as {word}, which it is not."
                    yield Diagnostic("dmn.reference", message, place)
        variable = getattr(element, "variable", None)
        if variable is not None:
            yield from self._type(variable.type_ref, element.owner, variable.source)

    def check_cycles(self, owner: Definitions) -> Iterator[Diagnostic]:
        """Decisions and knowledge that require themselves."""
        done: set[int] = set()
        for element in owner.by_id.values():
            yield from self._cycle(element, [], done)

    def _cycle(self, element: DrgElement, path: list[DrgElement], done: set[int]) -> Iterator[Diagnostic]:
        if element in path:
            names = " → ".join(e.name for e in [*path[path.index(element) :], element])
            place = element.owner.locate(element.source, element.name)
            yield Diagnostic("dmn.cycle", f"{element.name} requires itself: {names}.", place, "Cut one requirement.")
            return
        if id(element) in done:
            return
        hrefs: tuple[str, ...] = ()
        if isinstance(element, Decision):
            hrefs = element.required_decisions + element.required_knowledge
        elif isinstance(element, BusinessKnowledgeModel):
            hrefs = element.required_knowledge
        elif isinstance(element, DecisionService):
            hrefs = element.output_decisions
        for href in hrefs:
            target = self.library.resolve(href, element.owner)
            # Knowledge that calls itself is recursion, not a cycle.
            if target is not None and not (target is element and isinstance(element, BusinessKnowledgeModel)):
                yield from self._cycle(target, [*path, element], done)
        done.add(id(element))

    def check_unused(self, owner: Definitions) -> Iterator[Diagnostic]:
        """Input data nothing requires, and requirements the logic does not read."""
        required = set()
        for element in owner.by_id.values():
            hrefs: tuple[str, ...] = ()
            if isinstance(element, Decision):
                hrefs = element.required_inputs + element.required_authorities
            elif isinstance(element, DecisionService):
                hrefs = element.input_data
            required |= {id(self.library.resolve(href, owner)) for href in hrefs}
        for element in owner.by_id.values():
            if isinstance(element, InputData) and id(element) not in required:
                message = f"Nothing requires the input {element.name}."
                yield self._warning("dmn.unused-input", message, element, "Connect it or remove it.")
            elif isinstance(element, Decision) and element.expression is not None:
                yield from self._unread(element)

    def _unread(self, decision: Decision) -> Iterator[Diagnostic]:
        read = _free_names(decision.expression)
        for href in decision.required_inputs:
            target = self.library.resolve(href, decision.owner)
            if target is not None and target.owner is decision.owner and not read & set(names_of(target)):
                message = f"{decision.name} requires the input {target.name} but does not read it."
                yield self._warning("dmn.unread-input", message, decision, "Remove the requirement.")

    def _warning(self, code: str, message: str, element: DrgElement, hint: str) -> Diagnostic:
        return Diagnostic(code, message, element.owner.locate(element.source, element.name), hint, "warning")

    # ---- logic

    def check_logic(self, element: DrgElement) -> Iterator[Diagnostic]:
        """The expressions of a decision or knowledge: FEEL, names, types, tables."""
        if isinstance(element, Decision):
            expression: Expression | None = element.expression
        elif isinstance(element, BusinessKnowledgeModel):
            expression = element.logic
        else:
            return
        if expression is None:
            yield self._warning("dmn.no-logic", f"{element.name} has no logic.", element, "It is null unless given.")
            return
        self.linked.compiler.prepare(element)
        names = self._scope(element)
        yield from self._expression(expression, names, element)
        if isinstance(element, Decision) and element.variable is not None:
            wanted = self.types.lenient(element.variable.type_ref, element.owner)
            found = self._infer(expression, names, element)
            yield from self._mismatch(found, wanted.feel, element, expression)

    def _mismatch(
        self, found: FeelType, wanted: FeelType, element: DrgElement, expression: Expression
    ) -> Iterator[Diagnostic]:
        if _surely_not(found, wanted):
            place = element.owner.locate(expression.source, element.name)
            message = f"The logic of {element.name} gives a {found}, but its type is {wanted}; the result is null."
            yield Diagnostic("dmn.type-error", message, place, "Mend the logic or the type.")

    def _scope(self, element: Decision | BusinessKnowledgeModel) -> dict[str, FeelType]:
        names: dict[str, FeelType] = dict.fromkeys(self.linked.compiler.names(element), ANY)
        hrefs = element.required_knowledge
        if isinstance(element, Decision):
            hrefs = element.required_inputs + element.required_decisions + hrefs
        for href in hrefs:
            target = self.library.resolve(href, element.owner)
            if target is not None and target.owner is element.owner:
                names.update(dict.fromkeys(names_of(target), self._type_of(target)))
        return names

    def _type_of(self, element: DrgElement) -> FeelType:
        if isinstance(element, (InputData, Decision)) and element.variable is not None:
            return self.types.lenient(element.variable.type_ref, element.owner).feel
        return ANY

    def _compiled(self, compiled: Compiled | None, names: Iterable[str] = ()) -> Iterator[Diagnostic]:
        if isinstance(compiled, DefinitionError):
            yield from compiled.diagnostics
        elif compiled is not None:
            for name, place in compiled.unknown_names:
                hint = _nearest(name, names) or "Require the element of that name, or mend the name."
                if place.cell:
                    hint += f' A text stands in double quotes: "{name}".'
                yield Diagnostic("dmn.unknown-name", f"There is nothing named {name} here.", place, hint)

    def _hidden(self, compiled: Compiled | None, names: Names, element: DrgElement) -> Iterator[Diagnostic]:
        if not element.owner.camunda:  # there, functions have names of their own
            hrefs = element.required_inputs if isinstance(element, Decision) else ()
            data = [one for one in (self.library.resolve(href, element.owner) for href in hrefs) if one is not None]
            yield from hidden(compiled, names, frozenset(name for one in data for name in names_of(one)))

    def _expression(self, expression: Expression, names: Names, element: DrgElement) -> Iterator[Diagnostic]:
        owner = element.owner
        reference = getattr(expression, "type_ref", None)
        yield from self._type(reference, owner, expression.source)
        match expression:
            case LiteralExpression():
                yield from self._compiled(expression.compiled, names)
                yield from self._hidden(expression.compiled, names, element)
                yield from self._operands(expression.compiled, names, element)
                wanted = self.types.lenient(reference, owner).feel
                yield from self._mismatch(self._infer(expression, names, element), wanted, element, expression)
            case DecisionTable():
                yield from self._table(expression, names, element)
            case Context(entries=entries):
                inner = dict(names)
                for entry in entries:
                    if entry.value is not None:
                        yield from self._expression(entry.value, inner, element)
                    if entry.variable is not None:
                        yield from self._type(entry.variable.type_ref, owner, entry.variable.source)
                        inner[entry.variable.name] = self._entry_type(
                            entry.variable.type_ref, entry.value, inner, element
                        )
            case FunctionDefinition(parameters=parameters, body=body):
                inner = dict(names)
                for parameter in parameters:
                    yield from self._type(parameter.type_ref, owner, parameter.source)
                    inner[parameter.name] = self.types.lenient(parameter.type_ref, owner).feel
                    inner.setdefault(parameter.name.split(".")[0], ANY)
                if body is not None and expression.kind == "FEEL":
                    yield from self._expression(body, inner, element)
            case BoxedIterator(variable=variable, collection=collection, body=body):
                if collection is not None:
                    yield from self._expression(collection, names, element)
                if body is not None:
                    yield from self._expression(body, {**names, variable: ANY, "partial": ANY}, element)
            case Filter(collection=collection, match=condition):
                if collection is not None:
                    yield from self._expression(collection, names, element)
                if condition is not None:
                    # Inside, the entries of an item are names too, and cannot be told.
                    yield from self._without_unknown(condition, names, element)
            case Invocation():
                yield from self._invocation(expression, element)
                for child in children(expression):
                    yield from self._expression(child, names, element)
            case _:
                for child in children(expression):
                    yield from self._expression(child, names, element)

    def _operands(self, compiled: Compiled | None, names: Names, element: DrgElement) -> Iterator[Diagnostic]:
        """Arithmetic and comparisons that cannot work on the types of their operands."""
        if not isinstance(compiled, feel.Expression):
            return
        types = self.types.named(element.owner)
        for node in _plain_operations(compiled.tree):
            left, right = (feel.infer(one, names, types=types) for one in (node.left, node.right))
            if ANY in (left, right) or NULL in (left, right):
                continue
            if isinstance(node, nodes.Arithmetic):
                wrong = feel.infer(node, names, types=types) is ANY
            else:
                wrong = _surely_not(left, right) and _surely_not(right, left)
            if wrong:
                place = Origin(compiled.source, compiled.location).locate(node.start)
                message = f"“{node.operator}” does not go with {left} and {right}; the result is null."
                yield Diagnostic("dmn.type-error", message, place)

    def _without_unknown(self, expression: Expression, names: Names, element: DrgElement) -> Iterator[Diagnostic]:
        inner = {**names, "item": ANY}
        found = self._expression(expression, inner, element)
        return (problem for problem in found if problem.code != "dmn.unknown-name")

    def _entry_type(
        self, reference: str | None, value: Expression | None, names: Names, element: DrgElement
    ) -> FeelType:
        if reference:
            return self.types.lenient(reference, element.owner).feel
        return ANY if value is None else self._infer(value, names, element)

    def _infer(self, expression: Expression, names: Names, element: DrgElement) -> FeelType:
        """The type of a boxed expression, as far as it can be told."""
        if isinstance(expression, LiteralExpression) and isinstance(expression.compiled, feel.Expression):
            return feel.infer(expression.compiled.tree, names, types=self.types.named(element.owner))
        return ANY

    def _invocation(self, invocation: Invocation, element: DrgElement) -> Iterator[Diagnostic]:
        """Parameters a called knowledge model does not have, or is not given."""
        called = invocation.called
        compiled = called.compiled if isinstance(called, LiteralExpression) else None
        if not isinstance(compiled, feel.Expression) or not isinstance(compiled.tree, nodes.Name):
            return
        target = element.owner.by_name.get(compiled.tree.name)
        if not isinstance(target, BusinessKnowledgeModel) or target.logic is None:
            return
        wanted = {parameter.name for parameter in target.logic.parameters}
        given = {binding.parameter for binding in invocation.bindings}
        place = element.owner.locate(invocation.source, element.name)
        for name in sorted(given - wanted):
            message = f"{target.name} has no parameter {name}."
            yield Diagnostic("dmn.parameter", message, place, f"It has {', '.join(sorted(wanted)) or 'none'}.")
        for name in sorted(wanted - given):
            yield Diagnostic("dmn.parameter", f"The parameter {name} of {target.name} is not bound.", place)

    def _table(self, table: DecisionTable, names: Names, element: DrgElement) -> Iterator[Diagnostic]:
        owner = element.owner
        before: list[Diagnostic] = []
        for tests in _tests_of(table):
            before += self._compiled(tests.compiled, names)
            before += self._hidden(tests.compiled, names, element)
        for literal in _literals_of(table):
            before += self._compiled(literal.compiled, names)
            before += self._hidden(literal.compiled, names, element)
            before += self._type(literal.type_ref, owner, literal.source)
        for output in table.outputs:
            before += self._type(output.type_ref, owner, output.source)
        yield from before
        input_types = [self._input_type(c.expression, names, element) for c in table.inputs]
        types = self.types.named(owner)
        yield from Cells(table, element.name, owner, names, types).check(input_types)
        yield from check_table(table, element.name, owner, self.linked, input_types)

    def _input_type(self, literal: LiteralExpression, names: Names, element: DrgElement) -> Type:
        """The type of an input column: its own; else that of the input it reads, with its allowed values."""
        own = self.types.lenient(literal.type_ref, element.owner)
        given = None
        if isinstance(literal.compiled, feel.Expression):
            given = self._type_read(literal.compiled.tree, element)
        if given is not None and (own.feel is ANY or (not own.constrained and given.feel is own.feel)):
            return given
        if own is not ANY_TYPE and own.feel is not ANY:
            return own
        return Type(self._infer(literal, names, element))

    def _type_read(self, node: nodes.Node, element: DrgElement) -> Type | None:
        """The type of what a name or a path reads, with its allowed values."""
        if isinstance(node, nodes.Path):
            source = self._type_read(node.source, element)
            return None if source is None else dict(source.components).get(node.name)
        if not isinstance(node, nodes.Name):
            return None
        hrefs: tuple[str, ...] = ()
        if isinstance(element, Decision):
            hrefs = element.required_inputs + element.required_decisions
        elif isinstance(element, BusinessKnowledgeModel) and element.logic is not None:
            for parameter in element.logic.parameters:
                if parameter.name == node.name:
                    return self.types.lenient(parameter.type_ref, element.owner)
        for href in hrefs:
            target = self.library.resolve(href, element.owner)
            if isinstance(target, (InputData, Decision)) and node.name in names_of(target):
                return self.types.lenient(target.variable.type_ref if target.variable else None, target.owner)
        return None


def _nearest(name: str, names: Iterable[str]) -> str:
    """The name that was probably meant, as a hint."""
    near = difflib.get_close_matches(name, list(names), 1)
    return f"Did you mean {near[0]}?" if near else ""


def _surely_not(found: FeelType, wanted: FeelType) -> bool:
    """Whether no value of a type can be made to fit another, neither as it is nor by a conversion."""
    if found in (ANY, NULL) or wanted in (ANY, NULL) or conforms(found, wanted) or conforms(wanted, found):
        return False
    if isinstance(found, (ContextType, FunctionType)) or isinstance(wanted, (ContextType, FunctionType)):
        return isinstance(found, ContextType) and wanted is BOOLEAN
    if isinstance(wanted, ListType):
        return _surely_not(found.element if isinstance(found, ListType) else found, wanted.element)
    if isinstance(found, ListType):
        return _surely_not(found.element, wanted)
    return not (str(found) == "date" and str(wanted) == "date and time")


def _plain_operations(node: nodes.Node) -> Iterator[nodes.Arithmetic | nodes.Comparison]:
    """The operations of a tree that stand where no further name is declared."""
    pending: list[object] = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, (nodes.For, nodes.Quantified, nodes.Filter, nodes.FunctionDefinition, nodes.ContextLiteral)):
            continue
        if isinstance(one, (nodes.Arithmetic, nodes.Comparison)):
            yield one
        if isinstance(one, nodes.Node):
            pending += [getattr(one, name) for name in one.__slots__]
        elif isinstance(one, tuple):
            pending += one


def _tests_of(table: DecisionTable) -> Iterator[UnaryTests]:
    for column in table.inputs:
        if column.values is not None:
            yield column.values
    for output in table.outputs:
        if output.values is not None:
            yield output.values
    for rule in table.rules:
        yield from rule.inputs


def _literals_of(table: DecisionTable) -> Iterator[LiteralExpression]:
    for column in table.inputs:
        yield column.expression
    for output in table.outputs:
        if output.default is not None:
            yield output.default
    for rule in table.rules:
        yield from rule.outputs


def _free_names(expression: Expression | None) -> set[str]:
    """The names an expression reads, anywhere in it."""
    if expression is None:
        return set()
    compiled: list[Compiled | None] = []
    if isinstance(expression, LiteralExpression):
        compiled = [expression.compiled]
    elif isinstance(expression, DecisionTable):
        compiled = [t.compiled for t in _tests_of(expression)] + [x.compiled for x in _literals_of(expression)]
    names: set[str] = set()
    for one in compiled:
        if isinstance(one, feel.Expression):
            names |= one.free_names
    for child in children(expression):
        names |= _free_names(child)
    return names
