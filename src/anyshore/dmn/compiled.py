"""Decisions compiled for hot use: which tables can become one flat function, and what the others become."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from anyshore.base.errors import DefinitionError
from anyshore.dmn.cells import KIND_OF_TYPE, SCALARS, TYPE_OF, Cell, Kind
from anyshore.dmn.constants import scalar
from anyshore.dmn.elements import Decision, InputData
from anyshore.dmn.expressions import DecisionTable, InputClause, UnaryTests
from anyshore.dmn.fast import MAX_VALUES, UNSEEN, Column, Flat, copied, generate
from anyshore.dmn.hit_policies import MULTIPLE_HIT
from anyshore.dmn.index import main_kind, members
from anyshore.dmn.linked import Linked
from anyshore.dmn.tables import Plan, cell_of
from anyshore.dmn.types import Type
from anyshore.feel import nodes
from anyshore.feel.types import ANY

General = Callable[[dict[str, object]], object]


@dataclass(slots=True)
class CompiledDecision:
    """A decision ready for hot use. Calling it gives what ``decide(...).value`` gives.

    Attributes:
        call: takes the inputs as a mapping by name or, if compiled ``positional``, one by one. Use this attribute in
            a loop; it is the plain function.
        inputs: the names of the inputs, in the order of the table's columns.
        indexed: whether the table became a flat function.
        reason: why not, where it did not.
    """

    call: Callable[..., Any]
    inputs: tuple[str, ...]
    indexed: bool
    reason: str = ""

    def __call__(self, *inputs: Any) -> Any:
        """The value for the inputs."""
        return self.call(*inputs)


class NotFlat(Exception):
    """The decision has no flat form; the argument says why."""


@dataclass(slots=True)
class Shape:
    """A decision table that has a flat form.

    Attributes:
        table: the table.
        names: the inputs it reads.
        columns: its columns.
        copy: whether its values can change and must be copied for each caller.
        constant: for each rule, whether its outputs are constants.
        default_constant: whether the value without a matching rule is a constant.
        doubtful: the rules with a cell only FEEL can evaluate.
    """

    table: DecisionTable
    names: list[str]
    columns: list[Column]
    copy: bool
    constant: list[bool]
    default_constant: bool
    doubtful: int


def compile_decision(
    decision: Decision, linked: Linked, plan: Plan | None, general: General, *, positional: bool
) -> CompiledDecision:
    """A decision for hot use.

    Args:
        decision: what to compile.
        linked: its model.
        plan: the plan of its table, where its logic is one.
        general: the general way, for what the flat function does not know.
        positional: whether the inputs are given one by one.
    """
    try:
        shape = shape_of(decision, linked, plan)
    except NotFlat as reason:
        names = tuple(_required_names(decision, linked))
        if positional:
            return CompiledDecision(
                lambda *values: general(dict(zip(names, values, strict=True))), names, False, str(reason)
            )
        return CompiledDecision(general, names, False, str(reason))
    return CompiledDecision(_flat(shape, general, positional).call, tuple(shape.names), True)


def _flat(shape: Shape, general: General, positional: bool) -> Flat:
    names = shape.names
    flat: Flat
    known: dict[int | None, Any] = {}  # by the set of rules that match

    def slow(*given: Any) -> Any:
        """The general way, once; what it finds is remembered where the rules that match decide it."""
        try:
            key = flat.key(*given)
        except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
            key = None
        rules = flat.rules(key) if type(key) is int else None
        value = known.get(rules, UNSEEN)
        if value is UNSEEN:
            value = general(dict(zip(names, given, strict=True)) if positional else given[0])
            if rules is None or len(known) >= MAX_VALUES or not known_by_rules(shape, members(rules)):
                return value
            known[rules] = value
        flat.values[key] = value
        return copied(value)

    flat = generate(shape.columns, names, len(shape.table.rules), slow, positional=positional, copy=shape.copy)
    return flat


def known_by_rules(shape: Shape, rules: Sequence[int]) -> bool:
    """Whether the matching rules alone decide the value, and it is one that cannot change."""
    if any(shape.doubtful >> rule & 1 for rule in rules):
        return False
    if not rules:
        return shape.default_constant
    return all(shape.constant[rule] for rule in rules)


def shape_of(decision: Decision, linked: Linked, plan: Plan | None) -> Shape:
    """The flat form of a decision.

    Raises:
        NotFlat: it has none.
    """
    table = decision.expression
    if not isinstance(table, DecisionTable) or plan is None:
        raise NotFlat("its logic is no decision table")
    inputs = _inputs(decision, linked)
    names: list[str] = []
    columns: list[Column] = []
    for clause, cells in zip(table.inputs, plan.cells, strict=True):
        name = _plain_name(clause)
        element = inputs.get(name)
        if element is None:
            raise NotFlat(f"its column {clause.label} is not simply an input")
        if name not in names:
            names.append(name)
        columns.append(_column(clause, cells, names.index(name), element, linked, decision))
    doubtful = 0
    for column, index in zip(columns, plan.columns, strict=True):
        # A cell of another kind than its column's is left to FEEL like one without a normal form.
        doubtful |= index.residual
        for rule, cell in enumerate(column.cells):
            if not cell.known or cell.kind not in (None, column.kind) or (column.kind is None and not cell.any):
                doubtful |= 1 << rule
    constant = [all(scalar(literal.compiled)[0] for literal in rule.outputs) for rule in table.rules]
    defaults = [output.default for output in table.outputs if output.default is not None]
    default_constant = all(scalar(default.compiled)[0] for default in defaults)
    return Shape(table, names, columns, _can_change(decision, table, linked), constant, default_constant, doubtful)


def _can_change(decision: Decision, table: DecisionTable, linked: Linked) -> bool:
    """Whether the decision's values are lists or contexts, by the table's form or by the decision's type."""
    if len(table.outputs) > 1 or (table.hit_policy in MULTIPLE_HIT and table.aggregation is None):
        return True
    if decision.variable is None or decision.variable.type_ref is None:
        return False
    target = linked.types.lenient(decision.variable.type_ref, decision.owner).feel
    return target is not ANY and target not in SCALARS


def _column(
    clause: InputClause, cells: list[Cell], position: int, element: InputData, linked: Linked, decision: Decision
) -> Column:
    listed = [] if clause.values is None else [_known_cell(clause.values, clause.label)]
    reference = element.variable.type_ref if element.variable else None
    types = [linked.types.lenient(named, decision.owner) for named in (reference, clause.expression.type_ref)]
    kind = main_kind([*cells, *listed])
    if kind is None and not all(cell.any for cell in cells):
        kind = next((KIND_OF_TYPE[type_.feel] for type_ in types if type_.feel in KIND_OF_TYPE), None)
    allowed: list[Cell] = []
    if kind is not None:
        for type_ in types:
            _same_kind(type_, kind, clause.label)
            allowed += _constraints(type_, linked, clause.label)
    if any(cell.kind not in (None, kind) for cell in [*allowed, *listed]):
        raise NotFlat(f"the values of its column {clause.label} are of another kind than its cells")
    return Column(position, kind, cells, allowed, listed)


def _constraints(type_: Type, linked: Linked, label: str) -> list[Cell]:
    found: list[Cell] = []
    at: Type | None = type_
    while at is not None:
        for tests in (at.allowed, at.constraint):
            if tests is not None and at.owner is not None:
                linked.compiler.constraint(tests, at.owner)
                found.append(_known_cell(tests, label))
        at = at.base
    return found


def _known_cell(tests: UnaryTests, label: str) -> Cell:
    cell = cell_of(tests)
    if not cell.known:
        raise NotFlat(f"the values of its column {label} are no plain list or range")
    return cell


def _same_kind(type_: Type, kind: Kind, label: str) -> None:
    if type_.feel not in (ANY, TYPE_OF[kind]):
        raise NotFlat(f"its column {label} has the type {type_.feel} and tests values of another")


def _plain_name(clause: InputClause) -> str:
    compiled = clause.expression.compiled
    if compiled is None or isinstance(compiled, DefinitionError):
        raise NotFlat(f"its column {clause.label} has a fault")
    if not isinstance(compiled.tree, nodes.Name):
        raise NotFlat(f"its column {clause.label} is not simply an input")
    return compiled.tree.name


def _inputs(decision: Decision, linked: Linked) -> dict[str, InputData]:
    found = {}
    for href in decision.required_inputs:
        element = linked.library.resolve(href, decision.owner)
        if isinstance(element, InputData) and element.owner is decision.owner is linked.library.root:
            if element.variable is not None and element.variable.name != element.name:
                continue
            found[element.name] = element
    return found


def _required_names(decision: Decision, linked: Linked) -> list[str]:
    """The input data a decision needs, also through other decisions."""
    names: list[str] = []
    seen: set[int] = set()
    pending = [decision]
    while pending:
        one = pending.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        for href in (*one.required_inputs, *one.required_decisions):
            element = linked.library.resolve(href, one.owner)
            if isinstance(element, InputData) and element.name not in names:
                names.append(element.name)
            elif isinstance(element, Decision):
                pending.append(element)
    return names
