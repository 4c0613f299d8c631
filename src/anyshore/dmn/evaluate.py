"""The value of a boxed expression: one function per kind, one ``match`` (DMN 1.5, 10.2.1)."""

from __future__ import annotations

from anyshore import feel
from anyshore.dmn import tables
from anyshore.dmn.elements import Definitions
from anyshore.dmn.expressions import (
    Conditional,
    Context,
    DecisionTable,
    Expression,
    Filter,
    FunctionDefinition,
    Invocation,
    Iterator,
    ListExpression,
    LiteralExpression,
    Relation,
    walk,
)
from anyshore.dmn.functions import boxed_function, external_body, external_function, invoke
from anyshore.dmn.results import shown
from anyshore.dmn.run import Run, Scope
from anyshore.feel.types import FunctionType

# A range of whole numbers or dates may be gone over, as in a FEEL loop.
_SPREAD = feel.compile("for x in domain return x")


def evaluate(expression: Expression | None, scope: Scope, run: Run, owner: Definitions) -> object:
    """The value of a boxed expression in a scope, converted to its own ``typeRef`` where it has one."""
    value = _value(expression, scope, run, owner)
    reference = getattr(expression, "type_ref", None)
    if reference is None or value is None or expression is None or isinstance(expression, FunctionDefinition):
        return value
    target = run.model.types.lenient(reference, owner)
    return run.convert(value, target, expression.source, owner, "The value of the expression")


def _value(expression: Expression | None, scope: Scope, run: Run, owner: Definitions) -> object:
    match expression:
        case None:
            return None
        case LiteralExpression(compiled=compiled):
            if external_body(compiled) is not None:
                return external_function(expression, scope, run, owner)
            return run.evaluate(compiled, scope)
        case DecisionTable():
            return tables.evaluate(expression, scope, run, owner)
        case Context():
            return _context(expression, scope, run, owner)
        case Invocation():
            return _invocation(expression, scope, run, owner)
        case FunctionDefinition():
            return boxed_function(expression, scope, run, owner, "")
        case Relation():
            return _relation(expression, scope, run, owner)
        case ListExpression(items=items):
            return [evaluate(item, scope, run, owner) for item in items]
        case Conditional():
            return _conditional(expression, scope, run, owner)
        case Filter():
            return _filter(expression, scope, run, owner)
        case Iterator(kind="for"):
            return _for(expression, scope, run, owner)
        case Iterator():
            return _quantified(expression, scope, run, owner)


def _context(context: Context, scope: Scope, run: Run, owner: Definitions) -> object:
    inner = dict(scope)
    value: dict[str, object] = {}
    for entry in context.entries:
        found = evaluate(entry.value, inner, run, owner)
        if entry.variable is None:
            return found
        target = run.model.types.lenient(entry.variable.type_ref, owner)
        # Tools write the type of a function's result beside it, or the function's own.
        if not isinstance(entry.value, FunctionDefinition) or isinstance(target.feel, FunctionType):
            found = run.convert(found, target, entry.source, owner, f"The entry {entry.variable.name}")
        inner[entry.variable.name] = found
        value[entry.variable.name] = found
    return value


def _invocation(invocation: Invocation, scope: Scope, run: Run, owner: Definitions) -> object:
    function = evaluate(invocation.called, scope, run, owner)
    arguments = {b.parameter: evaluate(b.value, scope, run, owner) for b in invocation.bindings}
    return invoke(function, arguments, invocation, run, owner)


def _relation(relation: Relation, scope: Scope, run: Run, owner: Definitions) -> object:
    rows: list[object] = []
    targets = [run.model.types.lenient(column.type_ref, owner) for column in relation.columns]
    for row in relation.rows:
        cells: dict[str, object] = {}
        for column, target, cell in zip(relation.columns, targets, row, strict=True):
            value = evaluate(cell, scope, run, owner)
            cells[column.name] = run.convert(value, target, cell.source, owner, f"The cell of {column.name}")
        rows.append(cells)
    return rows


def _conditional(conditional: Conditional, scope: Scope, run: Run, owner: Definitions) -> object:
    condition = evaluate(conditional.condition, scope, run, owner)
    if condition is True:
        return evaluate(conditional.then, scope, run, owner)
    if condition is False or condition is None:
        return evaluate(conditional.otherwise, scope, run, owner)
    return _not_boolean(condition, "The condition of the conditional", conditional, run, owner)


def _filter(filtered: Filter, scope: Scope, run: Run, owner: Definitions) -> object:
    items = _items(filtered.collection, filtered, scope, run, owner)
    if items is None:
        return None
    kept: list[object] = []
    for item in items:
        # The entries of a context are in scope by name, as in a FEEL filter (10.3.2.5).
        inner = {**scope, **item, "item": item} if isinstance(item, dict) else {**scope, "item": item}
        matched = evaluate(filtered.match, inner, run, owner)
        if matched is not None and not isinstance(matched, bool):
            return _not_boolean(matched, "The match of the filter", filtered, run, owner)
        if matched:
            kept.append(item)
    return kept


def _for(loop: Iterator, scope: Scope, run: Run, owner: Definitions) -> object:
    items = _items(loop.collection, loop, scope, run, owner)
    if items is None:
        return None
    found: list[object] = []
    inner = dict(scope)
    partial = _mentions_partial(loop.body)
    for item in items:
        inner[loop.variable] = _typed(item, loop, run, owner)
        if partial:
            # The results so far (10.3.2.14), as a list that does not go on growing.
            run.feel.spend(len(found))
            inner["partial"] = list(found)
        found.append(evaluate(loop.body, dict(inner), run, owner))
    return found


def _mentions_partial(body: Expression | None) -> bool:
    """Whether a loop's body may read its results so far; the cells of a table are not looked through."""
    return any(
        isinstance(part, DecisionTable)
        or (
            isinstance(part, LiteralExpression)
            and isinstance(part.compiled, feel.Expression)
            and "partial" in part.compiled.free_names
        )
        for part in walk(body)
    )


def _quantified(loop: Iterator, scope: Scope, run: Run, owner: Definitions) -> object:
    items = _items(loop.collection, loop, scope, run, owner)
    if items is None:
        return None
    results: list[bool | None] = []
    for item in items:
        found = evaluate(loop.body, {**scope, loop.variable: _typed(item, loop, run, owner)}, run, owner)
        if found is not None and not isinstance(found, bool):
            return _not_boolean(found, f"The condition of the {loop.kind}", loop, run, owner)
        results.append(found)
    decisive = loop.kind == "some"
    if decisive in results:
        return decisive
    return None if None in results else not decisive


def _typed(item: object, loop: Iterator, run: Run, owner: Definitions) -> object:
    if loop.variable_type is None:
        return item
    # The type is that of ``in``, the collection; DMN 1.5 leaves open that tools write the item's type there.
    target = run.model.types.lenient(loop.variable_type, owner)
    return item if target.item is not None else run.convert(item, target, loop.source, owner, loop.variable)


def _items(
    collection: Expression | None, around: Filter | Iterator, scope: Scope, run: Run, owner: Definitions
) -> list[object] | None:
    value = evaluate(collection, scope, run, owner)
    if isinstance(value, feel.Range) and isinstance(around, Iterator):
        value = _SPREAD.evaluate_in(run.feel, {"domain": value})
    if isinstance(value, list):
        run.feel.spend(len(value))
        return value
    place = owner.locate(around.source)
    run.report("dmn.no-list", f"A list is wanted here, not {shown(value)}.", place, "Write it in brackets.")
    return None


def _not_boolean(value: object, what: str, around: Expression, run: Run, owner: Definitions) -> object:
    place = owner.locate(around.source)
    run.report("dmn.no-boolean", f"{what} must be true or false, not {shown(value)}.", place)
    return None
