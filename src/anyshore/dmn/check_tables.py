"""Checks of one decision table: gaps, overlaps, rules that never match, values no column allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from anyshore import feel
from anyshore.base.errors import Diagnostic, Severity
from anyshore.base.locations import Location
from anyshore.dmn.cells import KIND_OF_TYPE, Cell
from anyshore.dmn.check_cells import written
from anyshore.dmn.constants import scalar
from anyshore.dmn.elements import Definitions
from anyshore.dmn.expressions import DecisionTable
from anyshore.dmn.hit_policies import MULTIPLE_HIT, rank
from anyshore.dmn.index import bits
from anyshore.dmn.linked import Linked
from anyshore.dmn.table_regions import ANYTHING, Search, Space, space_of
from anyshore.dmn.tables import cell_of, listed_values, plan_of
from anyshore.dmn.types import Type
from anyshore.feel.comparison import equal
from anyshore.feel.types import ANY, has_type

MOST = 20


def check_table(
    table: DecisionTable, label: str, owner: Definitions, linked: Linked, input_types: Sequence[Type]
) -> Iterator[Diagnostic]:
    """The problems of a compiled table.

    Args:
        table: the table.
        label: what to call the element it stands in.
        owner: its file.
        linked: the model.
        input_types: what is known of the type of each input expression.
    """
    plan = plan_of(table, linked.types, owner)
    yield from _outputs(table, label, owner, plan.output_types)
    yield from _policy(table, label, owner)
    columns = []
    for clause, cells, type_ in zip(table.inputs, plan.cells, input_types, strict=True):
        allowed = [] if clause.values is None else [cell_of(clause.values)]
        allowed += _allowed(type_, linked)
        subject = " ".join(clause.expression.text.split())
        columns.append((subject, cells, [cell for cell in allowed if cell.known], KIND_OF_TYPE.get(type_.feel)))
    if table.inputs and table.rules:
        space = space_of(columns, len(table.rules))
        yield from _regions(table, label, owner, space)
        yield from _hidden(table, label, owner, space, plan.priorities)


def _allowed(type_: Type, linked: Linked) -> list[Cell]:
    found = []
    at: Type | None = type_
    while at is not None:
        for tests in (at.allowed, at.constraint):
            if tests is not None and at.owner is not None:
                linked.compiler.constraint(tests, at.owner)
                found.append(cell_of(tests))
        at = at.base
    return found


def _regions(table: DecisionTable, label: str, owner: Definitions, space: Space) -> Iterator[Diagnostic]:
    def told(example: Sequence[object]) -> str:
        seen = zip(space.subjects, example, strict=True)
        return ", ".join(f"{name} = {feel.format(v)}" for name, v in seen if v is not ANYTHING) or "any input"

    for rule, subject in space.never():
        message = f"Rule {rule + 1} never matches: its cells for {subject} let no value through that is allowed."
        yield Diagnostic(
            "dmn.rule-unreachable", message, _rule_place(table, rule, label, owner), "Mend or remove the rule."
        )
    if table.hit_policy in ("UNIQUE", "ANY"):
        pairs = (p for p in space.overlaps() if table.hit_policy == "UNIQUE" or _differ(table, p[0], p[1]))
        for one, other, example in islice(pairs, MOST):
            message = f"Rules {one + 1} and {other + 1} both match {told(example)}"
            why = "UNIQUE allows one" if table.hit_policy == "UNIQUE" else "ANY wants equal outputs"
            hint = "Make them disjoint or choose another hit policy."
            yield Diagnostic("dmn.rules-overlap", f"{message}; {why}.", _rule_place(table, other, label, owner), hint)
    if table.hit_policy not in MULTIPLE_HIT and not any(output.default for output in table.outputs):
        search = Search()
        for example in islice(space.gaps(search), MOST):
            yield Diagnostic(
                "dmn.gap",
                f"No rule matches {told(example)}.",
                owner.locate(table.source, label),
                "Add a rule or a default output.",
                "warning",
            )
        if not search.whole:
            yield _partly("gaps", table, label, owner)


def _hidden(
    table: DecisionTable, label: str, owner: Definitions, space: Space, priorities: Sequence[Sequence[object]]
) -> Iterator[Diagnostic]:
    """Rules that match, but never have a say."""
    if table.hit_policy == "FIRST":
        stronger = [(1 << rule) - 1 for rule in range(len(table.rules))]
    elif table.hit_policy == "PRIORITY" and any(priorities):
        stronger = _prior(table, priorities)
    else:
        return
    search = Search()
    for rule, other in space.hidden(stronger, search):
        why = "stronger rules do" if other is None else f"rule {other + 1} does"
        message = f"Rule {rule + 1} never decides: wherever it matches, {why}."
        hint = (
            "Move it up or remove it." if table.hit_policy == "FIRST" else "Narrow the other rule or remove this one."
        )
        yield Diagnostic("dmn.rule-unreachable", message, _rule_place(table, rule, label, owner), hint)
    if not search.whole:
        yield _partly("rules hidden behind several others", table, label, owner)


def _prior(table: DecisionTable, priorities: Sequence[Sequence[object]]) -> list[int]:
    """For each rule those whose outputs, all constants, surely come before its own."""
    ranks = []
    for rule in table.rules:
        outputs = [scalar(literal.compiled) for literal in rule.outputs]
        known = all(known for known, _ in outputs)
        ranks.append(rank(tuple(value for _, value in outputs), priorities) if known else None)
    return [
        0 if own is None else bits(n for n, other in enumerate(ranks) if other is not None and other < own)
        for own in ranks
    ]


def _partly(what: str, table: DecisionTable, label: str, owner: Definitions) -> Diagnostic:
    message = f"The table is too large to be searched whole for {what}: what is told here is true, but may not be all."
    hint = "Split the table by one of its inputs."
    return Diagnostic("dmn.check-partly", message, owner.locate(table.source, label), hint, "info")


def _rule_place(table: DecisionTable, rule: int, label: str, owner: Definitions) -> Location:
    where = owner.locate(table.rules[rule].source, label)
    return Location(where.file, where.element, where.line, where.column, f"rule {rule + 1}")


def _differ(table: DecisionTable, one: int, other: int) -> bool:
    """Whether two rules surely have different outputs."""
    for a, b in zip(table.rules[one].outputs, table.rules[other].outputs, strict=True):
        (known_a, value_a), (known_b, value_b) = scalar(a.compiled), scalar(b.compiled)
        if known_a and known_b and equal(value_a, value_b) is not True and (value_a, value_b) != (None, None):
            return True
    return False


def _outputs(table: DecisionTable, label: str, owner: Definitions, types: Sequence[Type]) -> Iterator[Diagnostic]:
    for position, (output, type_) in enumerate(zip(table.outputs, types, strict=True)):
        listed = listed_values(output.values) if output.values is not None else ()
        entries = [(rule.outputs[position], f"rule {n}") for n, rule in enumerate(table.rules, 1)]
        if output.default is not None:
            entries.append((output.default, "default"))
        for literal, name in entries:
            known, value = scalar(literal.compiled)
            if not known or value is None:
                continue
            where = owner.locate(literal.source, label)
            cell = f'{name}, output "{output.label or position + 1}"'
            place = Location(where.file, label, where.line, where.column, cell)
            if type_.feel is not ANY and not has_type(value, type_.feel):
                message = f"{feel.format(value)} is no {type_.feel}; the output becomes null."
                yield Diagnostic("dmn.output-type", message, place, written(type_.feel))
            elif listed and not any(equal(value, one) is True for one in listed):
                message = f"{feel.format(value)} is not among the values the output lists."
                severity: Severity = "warning"
                yield Diagnostic("dmn.output-value", message, place, "Add it to the list or mend it.", severity)


def _policy(table: DecisionTable, label: str, owner: Definitions) -> Iterator[Diagnostic]:
    place = owner.locate(table.source, label)
    if table.hit_policy in ("PRIORITY", "OUTPUT ORDER") and not any(o.values for o in table.outputs):
        message = (
            f"The hit policy {table.hit_policy} goes by the order of output values, but no output lists its values."
        )
        yield Diagnostic("dmn.no-priorities", message, place, "List them in outputValues, the highest first.")
    if table.aggregation is not None and table.hit_policy != "COLLECT":
        message = f"The aggregation {table.aggregation} means nothing with the hit policy {table.hit_policy}."
        yield Diagnostic("dmn.aggregation", message, place, "Only COLLECT aggregates.", "warning")
