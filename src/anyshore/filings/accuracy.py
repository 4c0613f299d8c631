"""How exact a reported number is, and whether two reports of the same thing agree.

Source: XBRL 2.1, 4.6.3 to 4.6.7; Calculations 1.1 (2023-02-22), 4 and 5; Technical Considerations for the use of XBRL
dimensions, duplicates: Handling Duplicate Facts (working group note 2019-02-27).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.base.decimals import CONTEXT
from anyshore.filings.model import Decimals, Fact

Agreement = Literal["complete", "consistent", "inconsistent"]
_HALF = Decimal("0.5")
_MOST = 400
"""Decimal places beyond which a filer's ``decimals`` says nothing more."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers a rounded value may stand for, both ends included."""

    low: Decimal
    high: Decimal

    def plus(self, other: Interval, weight: Decimal) -> Interval:
        """This interval and another, times a weight."""
        ends = (CONTEXT.multiply(other.low, weight), CONTEXT.multiply(other.high, weight))
        return Interval(CONTEXT.add(self.low, min(ends)), CONTEXT.add(self.high, max(ends)))

    def meets(self, other: Interval) -> bool:
        """Whether some number is in both."""
        return self.low <= other.high and other.low <= self.high


def half_unit(decimals: Decimals) -> Decimal:
    """Half a unit of the last place that is right: 0.5 × 10^-decimals; 0 where exact or not said."""
    if decimals is None or decimals == "INF":
        return Decimal(0)
    return _HALF.scaleb(-max(-_MOST, min(_MOST, decimals)), CONTEXT)


def interval(fact: Fact) -> Interval:
    """The numbers a fact with a value may stand for."""
    value = fact.value or Decimal(0)
    half = half_unit(fact.decimals)
    return Interval(CONTEXT.subtract(value, half), CONTEXT.add(value, half))


def decimals_of(text: str | None, precision: str | None, value: Decimal | None) -> Decimals:
    """How exact a value is, from the filer's ``decimals`` or, inferred, from ``precision`` (XBRL 2.1, 4.6.6).

    Raises:
        ValueError: an attribute is neither an integer nor ``INF``.
    """
    if text is not None:
        return "INF" if text.strip() == "INF" else int(text)
    if precision is None or value is None:
        return None
    if precision.strip() == "INF":
        return "INF"
    digits = int(precision)
    if digits == 0:
        return None  # nothing is known of its accuracy
    return "INF" if not value else digits - value.adjusted() - 1


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Facts that say the same thing twice: same concept, entity, period, dimensions, unit and language.

    Attributes:
        facts: in the filing's order.
        agreement: ``complete`` where they say exactly the same, ``consistent`` where a number lies in the intervals of
            all, else ``inconsistent``.
    """

    facts: tuple[Fact, ...]
    agreement: Agreement

    @property
    def best(self) -> Fact:
        """The most exact of them, the first of equals."""
        return max(self.facts, key=lambda fact: (_exactness(fact.decimals), -fact.order))


def duplicates(facts: Iterable[Fact]) -> list[Duplicates]:
    """Every group of facts that duplicate each other, in the filing's order."""
    groups: dict[object, list[Fact]] = {}
    for fact in facts:
        unit = fact.unit.measures if fact.unit else None
        key = (fact.concept, fact.aspects, unit, fact.tuples, "" if fact.unit else fact.language)
        groups.setdefault(key, []).append(fact)
    return [Duplicates(tuple(group), agreement(group)) for group in groups.values() if len(group) > 1]


def agreement(facts: Sequence[Fact]) -> Agreement:
    """Whether facts about the same thing agree."""
    if len({fact.nil for fact in facts}) > 1:
        return "inconsistent"
    if not facts[0].numeric:
        return "complete" if len({fact.text for fact in facts}) == 1 else "inconsistent"
    if len({(fact.value, fact.decimals) for fact in facts}) == 1:
        return "complete"
    spans = [interval(fact) for fact in facts]
    return "consistent" if max(one.low for one in spans) <= min(one.high for one in spans) else "inconsistent"


def _exactness(decimals: Decimals) -> float:
    if decimals == "INF":
        return float("inf")
    return float("-inf") if decimals is None else decimals
