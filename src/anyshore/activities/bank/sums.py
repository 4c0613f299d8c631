"""Which of several amounts add up to one: all answers up to two, under a bound and a budget, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST_PARTS = 12
"""Most items of one sum."""
BUDGET = 20_000
"""Most steps of one search; a search that needs more has no answer, which is not the answer that there is none."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The answer of a search.

    Attributes:
        found: places of the amounts that add up, at most two different sets: two are as good as a hundred.
        whole: whether the search looked at everything within its bound.
    """

    found: tuple[tuple[int, ...], ...]
    whole: bool


def adding_up(amounts: Sequence[Decimal], target: Decimal, most: int = MOST_PARTS, budget: int = BUDGET) -> Sums:
    """The sets of at least two amounts whose sum is the target.

    Args:
        amounts: of either sign, in whole numbers of a smallest unit or with decimals.
        target: what they have to add up to.
        most: parts of a sum.
        budget: steps of the search.
    """
    places = max((-_exponent(amount) for amount in (*amounts, target)), default=0)
    units = [int(amount.scaleb(max(places, 0))) for amount in amounts]
    goal = int(target.scaleb(max(places, 0)))
    order = sorted(range(len(units)), key=lambda place: -abs(units[place]))
    search = _Search([units[place] for place in order], most, budget)
    search.look(0, goal, ())
    found = tuple(tuple(sorted(order[place] for place in chosen)) for chosen in search.found)
    return Sums(found, search.whole)


def _exponent(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


class _Search:
    """Depth first over the amounts, the largest first; a branch whose rest can no longer reach the goal is cut."""

    __slots__ = ("above", "below", "budget", "found", "most", "units", "whole")

    def __init__(self, units: Sequence[int], most: int, budget: int) -> None:
        self.units = units
        self.most = most
        self.budget = budget
        self.found: list[tuple[int, ...]] = []
        self.whole = True
        self.above = [0] * (len(units) + 1)
        self.below = [0] * (len(units) + 1)
        for place in range(len(units) - 1, -1, -1):
            self.above[place] = self.above[place + 1] + max(units[place], 0)
            self.below[place] = self.below[place + 1] + min(units[place], 0)

    def look(self, start: int, goal: int, chosen: tuple[int, ...]) -> None:
        """Adds what begins with the chosen ones to ``found``, until two are found or the budget is spent."""
        if goal == 0 and len(chosen) > 1:
            self.found.append(chosen)
            if len(self.found) > 1:
                return
        if len(chosen) == self.most:
            return
        for place in range(start, len(self.units)):
            if len(self.found) > 1 or not self.below[place] <= goal <= self.above[place]:
                return
            self.budget -= 1
            if self.budget < 0:
                self.whole = False
                return
            self.look(place + 1, goal - self.units[place], (*chosen, place))
