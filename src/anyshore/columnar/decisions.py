"""Decisions as plans: expressions and tables, with the decisions they require in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from anyshore.base.errors import DefinitionError
from anyshore.columnar import plan
from anyshore.columnar.plan import NotCompiled, Plan, size_of
from anyshore.columnar.readings import Reading, reading
from anyshore.columnar.table_plans import TableValue, table_value
from anyshore.columnar.translate import Bound, Knowledge, Translator
from anyshore.columnar.typed import NULL, Kind, Typed, Value
from anyshore.dmn.compiling import names_of
from anyshore.dmn.elements import BusinessKnowledgeModel, Decision, InputData
from anyshore.dmn.expressions import DecisionTable, LiteralExpression
from anyshore.dmn.linked import Linked
from anyshore.dmn.types import Type
from anyshore.feel.types import ANY, BOOLEAN, DATE, DATE_AND_TIME, DAYS_DURATION, MONTHS_DURATION, NUMBER, STRING

_KINDS: Mapping[object, tuple[Kind, ...]] = {
    NUMBER: ("number",), STRING: ("text",), BOOLEAN: ("truth",), DATE: ("date",),
    DATE_AND_TIME: ("moment", "local moment"), DAYS_DURATION: ("days",), MONTHS_DURATION: ("months",),
}  # fmt: skip
# Whole numbers of columns are taken as they come, else smaller and smaller, until no result has too many digits.
CAPS = (None, 10**15, 10**12, 10**9)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A decision as a plan.

    Attributes:
        value: of the decision.
        doubt: a truth, never null: rows where it holds are decided one by one.
        rule: the number of the rule that fired, counted from 1, null where none did; nothing where there is no table,
            or several rules fire.
        fields: the columns it reads.
    """

    value: Typed
    doubt: Plan
    rule: Plan | None
    fields: tuple[str, ...]


def compile_decision(
    decision: Decision, linked: Linked, columns: Mapping[str, pl.DataType | Typed], cap: int | None = None
) -> Compiled:
    """A decision as a plan.

    Args:
        decision: the decision.
        linked: its model.
        columns: the types of the columns at hand; a value that is computed before stands for itself.
        cap: how large whole numbers of columns may be at most; rows with larger ones are doubtful.

    Raises:
        NotCompiled: it has no columnar form; says why.
    """
    reason: NotCompiled | None = None
    for one in CAPS if cap is None else [cap]:
        try:
            return _Decisions(linked, columns, one).compiled(decision)
        except NotCompiled as found:
            reason = reason or found
            if "digits" not in str(found):
                raise
    assert reason is not None
    raise reason


class _Decisions:
    """Compiles decisions; the value of each is made once and shared."""

    def __init__(self, linked: Linked, columns: Mapping[str, pl.DataType | Typed], cap: int | None) -> None:
        self._linked, self._columns, self._cap = linked, columns, cap
        self._values: dict[int, Value] = {}
        self._open: set[int] = set()
        self._fields: dict[str, Typed] = {}
        self._doubts: list[Plan] = []

    def compiled(self, decision: Decision) -> Compiled:
        found, rule = self._decision(decision)
        if not isinstance(found, Typed):
            raise NotCompiled("its value is a list or an unrounded quotient")
        doubt = plan.either(*self._doubts)
        size_of(found.plan, doubt)
        return Compiled(found, doubt, rule, tuple(self._fields))

    def _decision(self, decision: Decision) -> tuple[Value, Plan | None]:
        if id(decision) in self._open:
            raise NotCompiled(f"{decision.name} requires itself")
        self._open.add(id(decision))
        self._linked.compiler.prepare(decision)
        translator = Translator(self._names(decision), self._doubts)
        rule = None
        match decision.expression:
            case LiteralExpression() as literal:
                value = self._literal(literal, translator, decision)
            case DecisionTable() as table:
                found: TableValue = table_value(table, translator, decision, self._linked, self._converted)
                value, rule = found.value, found.rule
            case _:
                raise NotCompiled(f"{decision.name} is neither an expression nor a table")
        self._open.discard(id(decision))
        if decision.variable is not None and isinstance(value, Typed):
            value = self._converted(value, decision.variable.type_ref, decision)
        return value, rule

    def _literal(self, literal: LiteralExpression, translator: Translator, decision: Decision) -> Value:
        compiled = literal.compiled
        if compiled is None or isinstance(compiled, DefinitionError):
            raise NotCompiled(f"{decision.name} has a fault")
        value = translator.value(compiled.tree)
        if literal.type_ref is not None and isinstance(value, Typed):
            return self._converted(value, literal.type_ref, decision)
        return value

    def _names(self, element: Decision | BusinessKnowledgeModel) -> dict[str, Bound]:
        names: dict[str, Bound] = {}
        inputs: Sequence[str] = element.required_knowledge
        if isinstance(element, Decision):
            inputs = (*element.required_inputs, *element.required_decisions, *inputs)
        for href in inputs:
            target = self._linked.library.resolve(href, element.owner)
            if target is None or target.owner is not element.owner or target.owner is not self._linked.library.root:
                raise NotCompiled(f"{element.name} requires something of another file")
            match target:
                case InputData():
                    bound: Bound = self._input(target)
                case Decision():
                    bound = self._required(target)
                case BusinessKnowledgeModel():
                    bound = self._knowledge(target)
                case _:
                    raise NotCompiled(f"{element.name} requires the service {target.name}")
            names.update(dict.fromkeys(names_of(target), bound))
        return names

    def _required(self, decision: Decision) -> Value:
        if id(decision) not in self._values:
            self._values[id(decision)] = self._decision(decision)[0]
        return self._values[id(decision)]

    def _knowledge(self, model: BusinessKnowledgeModel) -> Knowledge:
        self._linked.compiler.prepare(model)
        body = model.logic.body if model.logic is not None else None
        if not isinstance(body, LiteralExpression) or model.logic is None or body.type_ref is not None:
            raise NotCompiled(f"the knowledge {model.name} is no plain expression")
        typed = any(one.type_ref not in (None, "Any") for one in model.logic.parameters)
        if typed or (model.variable is not None and model.variable.type_ref not in (None, "Any")):
            raise NotCompiled(f"the knowledge {model.name} has types")
        compiled = body.compiled
        if compiled is None or isinstance(compiled, DefinitionError):
            raise NotCompiled(f"the knowledge {model.name} has a fault")
        return Knowledge(tuple(one.name for one in model.logic.parameters), compiled.tree, self._names(model))

    def _input(self, element: InputData) -> Typed:
        name = next((one for one in names_of(element) if one in self._columns), None)
        if name is None:
            raise NotCompiled(f"the data have no column {element.name}")
        if name not in self._fields:
            column = self._columns[name]
            read = Reading(column) if isinstance(column, Typed) else reading(name, column, self._cap)
            if read.doubt is not None:
                self._doubts.append(read.doubt)
            reference = element.variable.type_ref if element.variable is not None else None
            self._fields[name] = self._converted(read.value, reference, element)
        return self._fields[name]

    def _converted(self, value: Typed, reference: str | None, element: Decision | InputData) -> Typed:
        """A value as a type: null where it is of another kind (10.3.2.9.4)."""
        if reference is None:
            return value
        type_ = self._linked.types.lenient(reference, element.owner)
        at: Type | None = type_
        while at is not None:
            if at.constrained or at.allowed is not None or at.constraint is not None:
                raise NotCompiled(f"the type {type_.name or reference} allows some values only")
            at = at.base
        if type_.feel is ANY or value.kind == "null":
            return value
        kinds = _KINDS.get(type_.feel)
        if kinds is None or (type_.feel is DATE_AND_TIME and value.kind == "date"):
            raise NotCompiled(f"a value is converted to {type_.feel}")
        return value if value.kind in kinds else NULL


Converted = Callable[[Typed, str | None, Decision], Typed]
