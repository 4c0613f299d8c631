"""Values of one measure together: a share, a mean, a sum, a median or a count, exact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal

KINDS = ("share", "mean", "sum", "median", "count")
"""How the values of a measure come together."""

PLACES = Decimal("0.0001")
"""Means and shares are told to four places."""


@dataclass(slots=True)
class Values:
    """Values that came one after the other, kept so that any kind of figure can be told of them at once.

    Attributes:
        cases: how many there are.
        total: their sum; true counts one.
        true: how many are true.
        each: how often each value came, for the median; equal ones are kept once. None where nobody asks for it.
    """

    cases: int = 0
    total: Decimal = Decimal(0)
    true: int = 0
    each: Counter[Decimal] | None = field(default_factory=Counter)

    def add(self, value: Decimal | bool, times: int = 1) -> None:
        """Takes a value, as often as it came."""
        number = Decimal(value)
        self.cases += times
        self.total += number if times == 1 else number * times
        self.true += times if value is True else 0
        if self.each is not None:
            self.each[number] += times

    def copy(self) -> Values:
        """The same, to which nothing is added any more where this one goes on."""
        return replace(self, each=None if self.each is None else self.each.copy())

    def told(self, kind: str) -> Decimal | None:
        """What they come to; None where there are none. A share is in per cent, told like a mean to four places."""
        if kind == "count":
            return Decimal(self.true)
        if not self.cases:
            return None
        match kind:
            case "share":
                return share(self.true, self.cases)
            case "sum":
                return self.total
            case "median":
                return self._median()
        return (self.total / self.cases).quantize(PLACES)

    def _median(self) -> Decimal:
        """The middle value; the mean of the two in the middle where their number is even."""
        assert self.each is not None
        middle = [(self.cases - 1) // 2, self.cases // 2]
        found: list[Decimal] = []
        passed = 0
        for value, count in sorted(self.each.items()):
            passed += count
            found += [value for place in middle[len(found) :] if place < passed]
        return (found[0] + found[1]) / 2


def share(true: int, cases: int) -> Decimal | None:
    """How many of a hundred; None where there are none."""
    return (100 * Decimal(true) / cases).quantize(PLACES) if cases else None


@dataclass(slots=True)
class Figure:
    """The values of one measure together, and how.

    Attributes:
        kind: one of ``KINDS``.
        values: what came.
    """

    kind: str
    values: Values = field(default_factory=Values)

    @property
    def cases(self) -> int:
        """How many pieces of work it was asked of."""
        return self.values.cases

    @property
    def value(self) -> Decimal | None:
        """What they come to; None where there are none. A share is in per cent."""
        return self.values.told(self.kind)
