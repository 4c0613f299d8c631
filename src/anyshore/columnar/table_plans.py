"""Decision tables as plans: cells as truths, the hit policy as choices (DMN 1.5, 8.2.8), the rule that fired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anyshore.base.errors import DefinitionError
from anyshore.columnar import plan
from anyshore.columnar.plan import NotCompiled, Plan
from anyshore.columnar.translate import Translator
from anyshore.columnar.typed import NULL, Typed, Value, choose, equal, of_kinds
from anyshore.dmn.constants import scalar
from anyshore.dmn.elements import Decision
from anyshore.dmn.expressions import DecisionTable, LiteralExpression, UnaryTests
from anyshore.dmn.hit_policies import rank
from anyshore.dmn.linked import Linked
from anyshore.dmn.tables import plan_of
from anyshore.feel import nodes

Converted = Callable[[Typed, str | None, Decision], Typed]
_SINGLE = ("UNIQUE", "FIRST", "ANY", "PRIORITY")


@dataclass(frozen=True, slots=True)
class TableValue:
    """What a table gives, and the number of the rule that fired, counted from 1."""

    value: Value
    rule: Plan | None


def table_value(
    table: DecisionTable, translator: Translator, decision: Decision, linked: Linked, converted: Converted
) -> TableValue:
    """A table with one output as a plan.

    Raises:
        NotCompiled: it has no columnar form.
    """
    if len(table.outputs) != 1:
        raise NotCompiled(f"{decision.name} has several outputs")
    if decision.owner.camunda:
        raise NotCompiled(f"{decision.name} is of a dialect whose cells test otherwise")
    values = [_input(clause, translator, decision, converted) for clause in table.inputs]
    hits = [_hit(rule.inputs, values, translator, decision) for rule in table.rules]
    output = table.outputs[0]

    def out(literal: LiteralExpression) -> Typed:
        value = translator.typed(_tree(literal.compiled, decision))
        return converted(converted(value, literal.type_ref, decision), output.type_ref, decision)

    outs = [out(rule.outputs[0]) for rule in table.rules]
    default = NULL if output.default is None else out(output.default)
    if table.hit_policy == "COLLECT" and table.aggregation is not None:
        return TableValue(_AGGREGATES[table.aggregation](hits, outs, default), None)
    if table.hit_policy not in _SINGLE:
        raise NotCompiled(f"{decision.name} collects the outputs of several rules")
    order = list(range(len(hits)))
    if table.hit_policy == "PRIORITY":
        order = _by_priority(table, decision, linked)
    value, rule = _first([hits[at] for at in order], [outs[at] for at in order], [at + 1 for at in order], default)
    if table.hit_policy in ("UNIQUE", "ANY"):
        clash = _clash(hits, outs if table.hit_policy == "ANY" else None)
        value, rule = choose(clash, NULL, value), plan.choose(clash, plan.nothing("whole"), rule)
    return TableValue(value, rule)


def _input(clause: object, translator: Translator, decision: Decision, converted: Converted) -> Typed:
    expression, values = clause.expression, clause.values  # type: ignore[attr-defined]
    value = translator.typed(_tree(expression.compiled, decision))
    value = converted(value, expression.type_ref, decision)
    if values is None:
        return value
    allowed = plan.is_true(_cell(values, value, translator, decision))
    kept = plan.choose(allowed, value.plan, plan.nothing(value.plan.kind))
    return Typed(value.kind, kept, value.scale)


def _hit(cells: Sequence[UnaryTests], values: Sequence[Typed], translator: Translator, decision: Decision) -> Plan:
    parts = [_cell(cell, value, translator, decision) for cell, value in zip(cells, values, strict=True)]
    return plan.both(*(plan.is_true(part) for part in parts))


def _cell(cell: UnaryTests, value: Typed, translator: Translator, decision: Decision) -> Plan:
    if cell.text.strip() in ("", "-"):
        return plan.TRUE
    tree = _tree(cell.compiled, decision)
    assert isinstance(tree, nodes.UnaryTests)
    names = {cell.input_name: value} if cell.input_name else {}
    with translator.within({"?": value, **names}):
        return translator.unary(value, tree)


def _tree(compiled: object, decision: Decision) -> nodes.Node:
    if compiled is None or isinstance(compiled, DefinitionError):
        raise NotCompiled(f"{decision.name} has a fault")
    tree = compiled.tree  # type: ignore[attr-defined]
    assert isinstance(tree, nodes.Node)
    return tree


def _first(hits: Sequence[Plan], outs: Sequence[Typed], numbers: Sequence[int], default: Typed) -> tuple[Typed, Plan]:
    """The output of the first rule that matches."""
    plans, kind, scale = of_kinds([*outs, default])
    *outputs, value = plans
    rule = plan.nothing("whole")
    for hit, output, number in zip(reversed(hits), reversed(outputs), reversed(numbers), strict=True):
        value = plan.choose(hit, output, value)
        rule = plan.choose(hit, plan.whole(number), rule)
    return Typed(kind, value, scale), rule


def _clash(hits: Sequence[Plan], outs: Sequence[Typed] | None) -> Plan:
    """Whether two rules match; with outputs, only rules whose outputs differ count."""
    if outs is None:
        before, found = plan.FALSE, plan.FALSE
        for hit in hits:
            found = plan.either(found, plan.both(before, hit))
            before = plan.either(before, hit)
        return found
    pairs = []
    for at, hit in enumerate(hits):
        for earlier in range(at):
            differ = plan.negate(plan.is_true(_agree(outs[at], outs[earlier])))
            if differ is not plan.FALSE:
                pairs.append(plan.both(hits[earlier], hit, differ))
    return plan.either(*pairs)


def _agree(a: Typed, b: Typed) -> Plan:
    if a.constant and b.constant and a.kind == b.kind:
        return plan.truth(a.plan.value == b.plan.value and a.scale == b.scale) if a.kind != "number" else equal(a, b)
    return equal(a, b)


def _by_priority(table: DecisionTable, decision: Decision, linked: Linked) -> list[int]:
    priorities = plan_of(table, linked.types, decision.owner).priorities
    constants = [scalar(rule.outputs[0].compiled) for rule in table.rules]
    if not all(known for known, _ in constants):
        raise NotCompiled(f"{decision.name} orders outputs that are computed")
    return sorted(range(len(constants)), key=lambda at: rank((constants[at][1],), priorities))


# ---- aggregations

_ZERO, _ONE = plan.whole(0), plan.whole(1)


def _count(hits: Sequence[Plan], outs: Sequence[Typed], default: Typed) -> Typed:
    total = _ZERO
    for hit in hits:
        total = plan.add(total, plan.choose(hit, _ONE, _ZERO))
    return choose(plan.either(*hits), Typed("number", total), default)


def _sum(hits: Sequence[Plan], outs: Sequence[Typed], default: Typed) -> Typed:
    plans, kind, scale = of_kinds(outs)
    if kind != "number" or any(out.kind == "null" or not out.constant for out in outs):
        raise NotCompiled("outputs that are no constant numbers are summed")
    total = _ZERO
    for hit, one in zip(hits, plans, strict=True):
        total = plan.add(total, plan.choose(hit, one, _ZERO))
    return choose(plan.either(*hits), Typed("number", total, scale), default)


def _extreme(least: bool) -> Callable[[Sequence[Plan], Sequence[Typed], Typed], Typed]:
    def extreme(hits: Sequence[Plan], outs: Sequence[Typed], default: Typed) -> Typed:
        plans, kind, _ = of_kinds(outs)
        if kind != "number" or any(out.kind == "null" or not out.constant for out in outs):
            raise NotCompiled("the least or greatest of outputs that are no constant numbers")
        values = [one.value for one in plans]
        order = sorted(range(len(plans)), key=lambda at: values[at], reverse=not least)  # type: ignore[arg-type,return-value]
        value, _ = _first([hits[at] for at in order], [outs[at] for at in order], order, NULL)
        return choose(plan.either(*hits), value, default)

    return extreme


_AGGREGATES = {"COUNT": _count, "SUM": _sum, "MIN": _extreme(True), "MAX": _extreme(False)}
