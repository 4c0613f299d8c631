"""The filer's own sums, computed again. Source: XBRL 2.1, 5.2.5.2; Calculations 1.1 (2023-02-22), 5.

A summation binds where the total and at least one child have a value about the same thing (entity, period, dimensions,
unit). It holds where some number in the interval of the total is a sum of numbers in those of the children, each
interval being half a unit of the value's last right place to both sides. A child without a value adds nothing, and is
named: most sums that do not hold lack one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from anyshore.base.decimals import CONTEXT
from anyshore.filings.accuracy import Interval, agreement, interval
from anyshore.filings.filing import Filing
from anyshore.filings.model import Aspects, Fact
from anyshore.filings.taxonomy import Arc


@dataclass(frozen=True, slots=True)
class Addend:
    """A child of a sum.

    Attributes:
        concept: its name.
        weight: with which it adds.
        fact: what was reported; None where it is absent, nil or contradicts itself.
    """

    concept: str
    weight: Decimal
    fact: Fact | None


@dataclass(frozen=True, slots=True)
class Sum:
    """A total beside what its children come to.

    Attributes:
        role: of the network it stands in.
        total: the total reported.
        children: all of them, in the filer's order.
        computed: what the values of the children come to.
        tolerance: how far total and computed may be apart by their accuracy.
        holds: whether they are no further apart than that.
        contradicted: whether the filing gives values of one of them that cannot both be right.
    """

    role: str
    total: Fact
    children: tuple[Addend, ...]
    computed: Decimal
    tolerance: Decimal
    holds: bool
    contradicted: bool = False

    @property
    def difference(self) -> Decimal:
        """The total less what the children come to."""
        return CONTEXT.subtract(self.total.value or Decimal(0), self.computed)

    @property
    def missing(self) -> tuple[str, ...]:
        """The children that have no value here."""
        return tuple(one.concept for one in self.children if one.fact is None)


_Key = tuple[Aspects, tuple[tuple[str, ...], tuple[str, ...]]]


def check(filing: Filing, *, dimensions: bool = False) -> list[Sum]:
    """Every sum that binds, in the order of the filing's networks.

    Args:
        filing: with its calculations.
        dimensions: whether facts about parts of the entity are looked at as well.
    """
    values = _values(filing.facts, dimensions=dimensions)
    found = []
    for role, arcs in filing.calculations.items():
        below: dict[str, list[Arc]] = {}
        for arc in arcs:
            below.setdefault(arc.parent, []).append(arc)
        for parent, children in below.items():
            for key, totals in values.get(parent, {}).items():
                one = _checked(role, totals, children, key, values)
                if one is not None:
                    found.append(one)
    return found


def _values(facts: Iterable[Fact], *, dimensions: bool) -> Mapping[str, Mapping[_Key, list[Fact]]]:
    values: dict[str, dict[_Key, list[Fact]]] = {}
    for fact in facts:
        if fact.value is not None and fact.unit is not None and (dimensions or fact.aspects.plain):
            values.setdefault(fact.concept, {}).setdefault((fact.aspects, fact.unit.measures), []).append(fact)
    return values


def _checked(
    role: str, totals: list[Fact], arcs: list[Arc], key: _Key, values: Mapping[str, Mapping[_Key, list[Fact]]]
) -> Sum | None:
    children = []
    contradicted = _contradicts(totals)
    computed, span = Decimal(0), Interval(Decimal(0), Decimal(0))
    for arc in arcs:
        facts = values.get(arc.child, {}).get(key, [])
        contradicted = contradicted or _contradicts(facts)
        children.append(Addend(arc.child, arc.weight, _best(facts) if facts else None))
        if facts:
            best = _best(facts)
            computed = CONTEXT.add(computed, CONTEXT.multiply(best.value or Decimal(0), arc.weight))
            span = span.plus(interval(best), arc.weight)
    if all(child.fact is None for child in children):
        return None
    total = _best(totals)
    mine = interval(total)
    tolerance = CONTEXT.add(mine.high - (total.value or 0), span.high - computed)
    return Sum(role, total, tuple(children), computed, tolerance, mine.meets(span) and not contradicted, contradicted)


def _contradicts(facts: list[Fact]) -> bool:
    return len(facts) > 1 and agreement(facts) == "inconsistent"


def _best(facts: list[Fact]) -> Fact:
    """The most exact of the values of one thing, the first of equals."""
    return max(facts, key=lambda fact: (_places(fact), -fact.order)) if len(facts) > 1 else facts[0]


def _places(fact: Fact) -> float:
    if fact.decimals == "INF":
        return float("inf")
    return float("-inf") if fact.decimals is None else fact.decimals
