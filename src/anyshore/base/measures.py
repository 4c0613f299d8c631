"""Values of one measure together: a share, a mean, a sum, a median or a count, exact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

KINDS = ("share", "mean", "sum", "median", "count")
"""How the values of a measure come together."""

PLACES = Decimal("0.0001")
"""Means and shares are told to four places."""


@dataclass(slots=True)
class Figure:
    """The values of one measure together. Equal values are kept once, so that a median needs little room.

    Attributes:
        kind: one of ``KINDS``.
        values: how often each value came.
    """

    kind: str
    values: Counter[Decimal | bool] = field(default_factory=Counter)

    @property
    def cases(self) -> int:
        """How many pieces of work it was asked of."""
        return self.values.total()

    @property
    def value(self) -> Decimal | None:
        """What they come to; None where there are none. A share is in per cent."""
        if self.kind == "count":
            return Decimal(self.values[True])
        if not self.cases:
            return None
        match self.kind:
            case "share":
                return (100 * Decimal(self.values[True]) / self.cases).quantize(PLACES)
            case "sum":
                return self._sum()
            case "median":
                return self._median()
        return (self._sum() / self.cases).quantize(PLACES)

    def _sum(self) -> Decimal:
        return sum((Decimal(value) * count for value, count in self.values.items()), Decimal(0))

    def _median(self) -> Decimal:
        """The middle value; the mean of the two in the middle where their number is even."""
        ordered = sorted((Decimal(value), count) for value, count in self.values.items())
        middle = [(self.cases - 1) // 2, self.cases // 2]
        found: list[Decimal] = []
        passed = 0
        for value, count in ordered:
            passed += count
            found += [value for place in middle[len(found) :] if place < passed]
        return (found[0] + found[1]) / 2
