"""Evaluating a decision table (DMN 1.5, clause 8 and 10.3.2.10): inputs, matching rules, hit policy.

Rules are found through an index per column. A cell only FEEL can evaluate, and a value of a kind the column does not
speak of, are tested rule by rule, but only for the rules the other columns left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from anyshore import feel
from anyshore.base.errors import DefinitionError
from anyshore.base.locations import Location
from anyshore.dmn.cells import ANY, UNKNOWN, Cell
from anyshore.dmn.constants import CONVERSIONS, constant_of
from anyshore.dmn.elements import Definitions
from anyshore.dmn.expressions import DecisionTable, LiteralExpression, UnaryTests
from anyshore.dmn.hit_policies import AGGREGATIONS, POLICIES, Hits, Outputs
from anyshore.dmn.index import ColumnIndex, build, members
from anyshore.dmn.normal_forms import normal_form
from anyshore.dmn.results import FiredRule, TableTrace, shown
from anyshore.dmn.run import Run, Scope
from anyshore.dmn.types import Type, Types
from anyshore.feel import nodes


@dataclass(slots=True)
class Plan:
    """What is prepared of a table once.

    Attributes:
        columns: the index of each input column.
        cells: the normal forms, by column and rule.
        input_types: what an input expression is converted to.
        output_types: what an output is converted to.
        priorities: the values each output column lists, the highest priority first.
        everything: the set of all rules.
    """

    columns: list[ColumnIndex]
    cells: list[list[Cell]]
    input_types: list[Type]
    output_types: list[Type]
    priorities: list[Sequence[object]]
    everything: int
    names: list[str] = field(default_factory=list)


def plan_of(table: DecisionTable, types: Types, owner: Definitions) -> Plan:
    """The plan of a table, made on first use."""
    plan = table.compiled
    if not isinstance(plan, Plan):
        plan = table.compiled = _prepare(table, types, owner)
    return plan


def _prepare(table: DecisionTable, types: Types, owner: Definitions) -> Plan:
    cells = [[cell_of(rule.inputs[column]) for rule in table.rules] for column in range(len(table.inputs))]
    return Plan(
        [build(column) for column in cells],
        cells,
        [types.lenient(column.expression.type_ref, owner) for column in table.inputs],
        [types.lenient(output.type_ref, owner) for output in table.outputs],
        [() if output.values is None else listed_values(output.values) for output in table.outputs],
        (1 << len(table.rules)) - 1,
        [output.name or output.label or str(number) for number, output in enumerate(table.outputs, 1)],
    )


def cell_of(tests: UnaryTests) -> Cell:
    """The normal form of a compiled cell; unknown where only FEEL can evaluate it."""
    text = tests.text.strip()
    if text in ("", "-"):
        return ANY
    compiled = tests.compiled
    if not isinstance(compiled, feel.Expression) or compiled.free_names & CONVERSIONS:
        return UNKNOWN
    tree = compiled.tree
    return normal_form(tree, constant_of) if isinstance(tree, nodes.UnaryTests) else UNKNOWN


def listed_values(tests: UnaryTests) -> Sequence[object]:
    """The constants a list of allowed values names, in order."""
    compiled = tests.compiled
    if compiled is None or isinstance(compiled, DefinitionError):
        return ()
    tree = compiled.tree
    if not isinstance(tree, nodes.UnaryTests) or tree.negated:
        return ()
    found = [constant_of(test) for test in tree.tests]
    return [value for known, value in found if known]


def evaluate(table: DecisionTable, scope: Scope, run: Run, owner: Definitions) -> object:
    """The value of a table in a scope."""
    plan = plan_of(table, run.model.types, owner)
    values = _inputs(table, plan, scope, run, owner)
    trace = None
    if run.trace is not None:
        seen = [(column.label, value) for column, value in zip(table.inputs, values, strict=True)]
        trace = TableTrace(table.label or run.trace[-1].element, table.hit_policy, seen)
        run.trace[-1].tables.append(trace)
    return decide(table, plan, members(match(table, plan, values, scope, run)), scope, run, owner, trace)


def match(table: DecisionTable, plan: Plan, values: Sequence[object], scope: Scope, run: Run) -> int:
    """The set of rules that match, through the index."""
    rules = plan.everything
    tested: list[tuple[int, int]] = []
    for column, (index, value) in enumerate(zip(plan.columns, values, strict=True)):
        found = index.lookup(value)
        if found is None:
            tested.append((column, plan.everything))
            continue
        rules &= found
        if not rules:
            return rules
        if index.residual:
            tested.append((column, index.residual))
    for column, doubtful in tested:
        for rule in members(rules & doubtful):
            if not holds(table.rules[rule].inputs[column], values[column], scope, run):
                rules ^= 1 << rule
    return rules


def holds(tests: UnaryTests, value: object, scope: Scope, run: Run) -> bool:
    """Whether a cell lets a value through; an empty one and ``-`` let everything."""
    if tests.text.strip() in ("", "-"):
        return True
    inner = {**scope, "?": value}
    if tests.input_name:
        inner[tests.input_name] = value
    return run.evaluate(tests.compiled, inner) is True


def _inputs(table: DecisionTable, plan: Plan, scope: Scope, run: Run, owner: Definitions) -> list[object]:
    """The values of the input expressions; one that is not among the values its column allows is null (8.3.3)."""
    values: list[object] = []
    for column, target in zip(table.inputs, plan.input_types, strict=True):
        literal = column.expression
        value = run.evaluate(literal.compiled, scope)
        if literal.type_ref is not None:
            value = run.convert(value, target, literal.source, owner, f"The input {column.label}")
        if value is not None and column.values is not None and not holds(column.values, value, scope, run):
            allowed = " ".join(column.values.text.split())
            message = f"The input {column.label} became null: it is {shown(value)}; the column allows only {allowed}."
            hint = "Give a value that is allowed, or let the column allow it."
            run.report("dmn.input-value", message, owner.locate(column.source), hint)
            value = None
        values.append(value)
    return values


def decide(
    table: DecisionTable,
    plan: Plan,
    rules: Sequence[int],
    scope: Scope,
    run: Run,
    owner: Definitions,
    trace: TableTrace | None = None,
) -> object:
    """What the hit policy makes of the rules that match."""
    if not rules:
        return _default(table, plan, scope, run, owner)

    def report(code: str, message: str) -> None:
        run.report(code, message, _table_place(table, owner))

    if table.hit_policy == "FIRST":
        rules = rules[:1]  # the others have no say
    outputs = [_outputs(table, plan, rule, scope, run, owner) for rule in rules]
    chosen = POLICIES[table.hit_policy](Hits(rules, outputs, plan.priorities, report))
    if chosen is None:
        value: object = None
    elif table.hit_policy == "COLLECT" and table.aggregation is not None:
        aggregate = AGGREGATIONS[table.aggregation]
        value = _shape(plan, tuple(aggregate(column, report) for column in zip(*chosen, strict=True)))
    elif isinstance(chosen, list):
        value = [_shape(plan, one) for one in chosen]
    else:
        value = _shape(plan, chosen)
    if trace is not None:
        trace.rules = [
            FiredRule(rule + 1, table.rules[rule].id, output, table.rules[rule].annotations)
            for rule, output in zip(rules, outputs, strict=True)
        ]
        trace.value = value
    return value


def _outputs(table: DecisionTable, plan: Plan, rule: int, scope: Scope, run: Run, owner: Definitions) -> Outputs:
    return tuple(
        _output(literal, target, scope, run, owner, f"The output of rule {rule + 1}")
        for literal, target in zip(table.rules[rule].outputs, plan.output_types, strict=True)
    )


def _output(literal: LiteralExpression, target: Type, scope: Scope, run: Run, owner: Definitions, what: str) -> object:
    value = run.evaluate(literal.compiled, scope)
    if literal.type_ref is not None:
        value = run.convert(value, run.model.types.lenient(literal.type_ref, owner), literal.source, owner, what)
    return run.convert(value, target, literal.source, owner, what)


def _default(table: DecisionTable, plan: Plan, scope: Scope, run: Run, owner: Definitions) -> object:
    """The default output where no rule matches; without one null, whatever the aggregation (10.3.2.10)."""
    if any(output.default is not None for output in table.outputs):
        values = tuple(
            None
            if output.default is None
            else _output(output.default, target, scope, run, owner, f"The default of output {name}")
            for output, target, name in zip(table.outputs, plan.output_types, plan.names, strict=True)
        )
        return _shape(plan, values)
    return None


def _shape(plan: Plan, outputs: Outputs) -> object:
    """One output is its value, several are a context."""
    return outputs[0] if len(outputs) == 1 else dict(zip(plan.names, outputs, strict=True))


def _table_place(table: DecisionTable, owner: Definitions) -> Location:
    return owner.locate(table.source)
