"""What a decision table makes of the rules that match: one function per hit policy, one table (DMN 1.5, 8.2.8).

A table yields ``null`` where a single-hit table is met by several rules it does not allow; that is a fault of the
table, so it comes with a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from anyshore.base.temporal import DaysDuration, MonthsDuration
from anyshore.dmn.results import shown
from anyshore.feel.arithmetic import OPERATIONS
from anyshore.feel.comparison import equal, order

Outputs: TypeAlias = tuple[object, ...]
Report: TypeAlias = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Hits:
    """The rules that match, in rule order, with what the policies need to choose among them.

    Attributes:
        rules: positions of the matching rules, counted from 0.
        outputs: the output values of each of them, one per output column.
        priorities: the output values a column lists, the highest priority first; empty where it lists none.
        report: takes the code and the wording of a problem.
    """

    rules: Sequence[int]
    outputs: Sequence[Outputs]
    priorities: Sequence[Sequence[object]]
    report: Report


Chosen: TypeAlias = list[Outputs] | Outputs | None


def unique(hits: Hits) -> Chosen:
    """The one rule that matches; two are a fault."""
    if len(hits.rules) > 1:
        hits.report("dmn.not-unique", f"Rules {_names(hits.rules)} match, but the hit policy is UNIQUE.")
        return None
    return hits.outputs[0]


def first(hits: Hits) -> Chosen:
    """The first rule that matches, in rule order."""
    return hits.outputs[0]


def any_rule(hits: Hits) -> Chosen:
    """Any rule that matches; all must give the same output."""
    head = hits.outputs[0]
    for rule, outputs in zip(hits.rules[1:], hits.outputs[1:], strict=True):
        if not all(_same(a, b) for a, b in zip(head, outputs, strict=True)):
            hits.report(
                "dmn.not-any",
                f"Rules {_names((hits.rules[0], rule))} match with different outputs, but the hit policy is ANY.",
            )
            return None
    return head


def priority(hits: Hits) -> Chosen:
    """The matching rule whose output stands first in the list of output values."""
    return _by_priority(hits)[0]


def output_order(hits: Hits) -> Chosen:
    """All matching rules, by decreasing priority of their outputs."""
    return _by_priority(hits)


def rule_order(hits: Hits) -> Chosen:
    """All matching rules, in rule order."""
    return list(hits.outputs)


POLICIES: dict[str, Callable[[Hits], Chosen]] = {
    "UNIQUE": unique,
    "FIRST": first,
    "ANY": any_rule,
    "PRIORITY": priority,
    "OUTPUT ORDER": output_order,
    "RULE ORDER": rule_order,
    # The order of a collection is free (8.2.8); rule order is the one that can be foreseen.
    "COLLECT": rule_order,
}
MULTIPLE_HIT = frozenset({"OUTPUT ORDER", "RULE ORDER", "COLLECT"})

_SUMMED = frozenset((Decimal, DaysDuration, MonthsDuration))


def total(values: Sequence[object], report: Report) -> object:
    """The sum of numbers or of durations of one kind; nothing else can be added up."""
    kind = type(values[0])
    if kind not in _SUMMED:
        report("dmn.aggregation-type", f"The outputs cannot be summed: {shown(values[0])} is no number.")
        return None
    result = values[0]
    for value in values[1:]:
        if type(value) is not kind:
            report("dmn.aggregation-type", f"The outputs cannot be summed: {shown(value)} is of another type.")
            return None
        try:
            result = OPERATIONS["+"][kind, kind](result, value)
        except (ArithmeticError, ValueError):
            report("dmn.aggregation-range", "The sum of the outputs is past FEEL's range.")
            return None
    return result


def count(values: Sequence[object], _report: Report) -> object:
    """How many rules matched."""
    return Decimal(len(values))


def least(values: Sequence[object], report: Report) -> object:
    """The smallest output."""
    return _extreme(values, -1, report)


def greatest(values: Sequence[object], report: Report) -> object:
    """The largest output."""
    return _extreme(values, 1, report)


AGGREGATIONS: dict[str, Callable[[Sequence[object], Report], object]] = {
    "SUM": total,
    "COUNT": count,
    "MIN": least,
    "MAX": greatest,
}


def _extreme(values: Sequence[object], sign: int, report: Report) -> object:
    best = values[0]
    for value in values:
        sign_of = order(value, best)
        if sign_of is None:
            report("dmn.aggregation-type", f"The outputs {shown(best)} and {shown(value)} cannot be compared.")
            return None
        if sign_of * sign > 0:
            best = value
    return best


def rank(outputs: Outputs, priorities: Sequence[Sequence[object]]) -> tuple[int, ...]:
    """Where outputs stand by priority, the highest first; of several the columns decide from left to right (8.2.8)."""
    return tuple(
        next((i for i, allowed in enumerate(values) if _same(allowed, value)), len(values))
        for value, values in zip(outputs, priorities, strict=True)
    )


def _by_priority(hits: Hits) -> list[Outputs]:
    if not any(hits.priorities):
        hits.report(
            "dmn.no-priorities",
            "The hit policy goes by the priority of output values, but no output lists its values.",
        )
    return sorted(hits.outputs, key=lambda outputs: rank(outputs, hits.priorities))


def _same(a: object, b: object) -> bool:
    return (a is None and b is None) or equal(a, b) is True


def _names(rules: Sequence[int]) -> str:
    return " and ".join(str(rule + 1) for rule in rules)
