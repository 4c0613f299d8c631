"""Column generation inside a window, for some people while the rest of the roster stays: bound, diving, whole plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from anyshore.workforce.rosters.master import EXACT, Column, Master, Need, Relaxed
from anyshore.workforce.rosters.paths import NEVER, Paths, frame, within
from anyshore.workforce.rosters.problem import OFF, Problem, Row

Left = Callable[[], float]
"""Seconds that are left."""


@dataclass(slots=True)
class Tables:
    """Numbers of a problem in arrays.

    Attributes:
        wishes: what it costs, by person, day and kind, to work that; negative where it is wanted, infinite where it may
            not be.
        wanted: what all wishes for shifts cost if none is given.
        need, under, over: by day and kind; 0 where nothing is said.
    """

    wishes: Any
    wanted: int
    need: Any
    under: Any
    over: Any


def tables(problem: Problem) -> Tables:
    """The numbers of a problem in arrays."""
    shape = (problem.days, len(problem.kinds))
    wishes = np.zeros((len(problem.people), *shape))
    wanted = 0
    for wish in problem.wishes:
        sign = -1 if wish.wanted else 1
        wishes[problem.row[wish.person], wish.day, problem.number[wish.kind]] += sign * wish.weight
        wanted += wish.weight * wish.wanted
    for index, person in enumerate(problem.people):
        wishes[index, sorted(day for day in person.away if 0 <= day < problem.days)] = NEVER
        for kind, most in person.most.items():
            if most <= 0:
                wishes[index, :, problem.number[kind]] = NEVER
    need, under, over = np.zeros(shape, int), np.zeros(shape, int), np.zeros(shape, int)
    for cover in problem.covers:
        at = (cover.day, problem.number[cover.kind])
        need[at], under[at], over[at] = cover.people, cover.under, cover.over
    return Tables(wishes, wanted, need, under, over)


def there(problem: Problem, roster: Iterable[Row]) -> Any:
    """How many work each shift of each day."""
    found = np.zeros((problem.days, len(problem.kinds)), int)
    for row in roster:
        for day, kind in enumerate(row):
            if kind != OFF:
                found[day, kind] += 1
    return found


class Generation:
    """The rows of some people in a window are made anew.

    Args:
        problem: the roster asked for.
        numbers: its tables.
        roster: the roster so far, that keeps the rules.
        people: indexes of those whose rows are made anew.
        begin: first day of the window.
        end: the day behind its last.
    """

    def __init__(
        self, problem: Problem, numbers: Tables, roster: Sequence[Row], people: Sequence[int], begin: int, end: int
    ) -> None:
        self.problem, self.numbers, self.people = problem, numbers, list(people)
        self.begin, self.end = begin, end
        others = set(people)
        fixed = there(problem, (row for index, row in enumerate(roster) if index not in others))
        self.needs = [
            Need(day - begin, kind, int(numbers.need[day, kind] - fixed[day, kind]), int(numbers.under[day, kind]),
                 int(numbers.over[day, kind]))
            for day in range(begin, end)
            for kind in range(len(problem.kinds))
            if numbers.under[day, kind] or numbers.over[day, kind]
        ]  # fmt: skip
        self.frames = [frame(problem, index, roster[index], begin, end) for index in self.people]
        self.wishes = numbers.wishes[self.people, begin:end]
        self.paths = Paths(problem, self.frames, begin, end)
        self.master = Master(self.needs, len(self.people))
        self.days = np.array([need.day for need in self.needs], dtype=int)
        self.kinds = np.array([need.kind for need in self.needs], dtype=int)
        self.limits = np.zeros((len(self.people), len(problem.kinds)))
        self.most = np.array([one.most for one in self.frames], dtype=float)
        self.active: list[int] = list(range(len(self.people)))
        self.bound = -NEVER
        for place, index in enumerate(self.people):
            self.add(place, roster[index][begin:end])

    def add(self, place: int, row: Row) -> bool:
        """Adds a row of a person, if it keeps the limits by kind."""
        if not within(self.frames[place], row):
            return False
        cost = sum(self.wishes[place, day, kind] for day, kind in enumerate(row) if kind != OFF)
        return bool(np.isfinite(cost)) and self.master.add(Column(place, row, float(cost)))

    def round(self, left: Left, more: int = 0, gap: float = -EXACT) -> tuple[Relaxed, int] | None:
        """One round: prices, the cheapest rows against them, and how many of these are new.

        Args:
            left: seconds left.
            more: rows of everybody beside the cheapest.
            gap: reduced cost up to which a row is taken.
        """
        relaxed = self.master.solve(left())
        if relaxed is None:
            return None
        costs = self.wishes.copy()
        costs[:, self.days, self.kinds] -= relaxed.prices[None, :]
        costs += self.limits[:, None, :]
        found = self._priced(costs, more)
        new, value = 0, relaxed.value
        for place, rows in found:
            for number, (cost, row) in enumerate(rows):
                counts = [row.count(kind) for kind in range(len(self.problem.kinds))]
                used = np.array(counts, dtype=float)
                reduced = cost - float(self.limits[place] @ used) - relaxed.people[place]
                if number == 0:
                    held = float(self.limits[place] @ np.minimum(self.most[place], 1e9))
                    value += min(0.0, cost - held - relaxed.people[place])
                    self._limit(place, used, abs(cost) + 1)
                if reduced <= gap and (used <= self.most[place]).all():
                    new += self.add(place, row)
        if len(self.active) == len(self.people):
            self.bound = max(self.bound, value)
        return relaxed, new

    def _priced(self, costs: Any, more: int) -> list[tuple[int, list[tuple[float, Row]]]]:
        if len(self.active) == len(self.people):
            return list(enumerate(self.paths.cheapest(costs, more)))
        part = Paths(self.problem, [self.frames[place] for place in self.active], self.begin, self.end)
        return list(zip(self.active, part.cheapest(costs[self.active], more), strict=True))

    def _limit(self, place: int, used: Any, scale: float) -> None:
        """Prices of the limits by kind: up where one is broken, down where it has room."""
        over = used > self.most[place]
        self.limits[place][over] = np.maximum(self.limits[place][over] * 1.5, 1.0) + 0.02 * scale
        roomy = (used < self.most[place]) & (self.limits[place] > 0)
        self.limits[place][roomy] *= 0.6
        self.limits[place][self.limits[place] < 1e-3] = 0.0

    def relax(self, left: Left, stop: float = NEVER, rounds: int = 400, more: int = 0) -> Relaxed | None:
        """Generates columns until no row is worth it, the bound reaches ``stop``, or time or rounds are used up."""
        last: Relaxed | None = None
        idle = 0
        for _round in range(rounds):
            if left() <= 0:
                return last
            found = self.round(left, more)
            if found is None:
                return last
            last, new = found
            idle = 0 if new else idle + 1
            if self.bound >= min(stop, last.value - 1e-4) or idle > 6 or (not new and not self.limits.any()):
                return last
        return last

    def dive(self, left: Left, relaxed: Relaxed, limit: float) -> list[int] | None:
        """A whole plan: the rows that are nearly whole are fixed, and rows are generated for the others; again.

        Args:
            left: seconds left.
            relaxed: the shares to begin with.
            limit: a plan of that value or more is of no use.
        """
        current: Relaxed | None = relaxed
        try:
            while self.active:
                if current is None or current.value >= limit - EXACT or left() <= 0:
                    return None
                self._fix(current)
                if not self.active:
                    break
                for _round in range(8):
                    found = self.round(left)
                    if found is None:
                        return None
                    current, new = found
                    if not new:
                        break
                current = self.master.solve(left())
            last = self.master.solve(left())
            if last is None:
                return None
            return [int(number) for number in np.flatnonzero(last.shares > 0.5)]
        finally:
            self.active = list(range(len(self.people)))
            self.master.free()

    def _fix(self, current: Relaxed) -> None:
        order = sorted(
            (
                number
                for number in np.flatnonzero(current.shares > 0.05)
                if self.master.columns[number].place in self.active
            ),
            key=lambda number: -current.shares[number],
        )
        for count, number in enumerate(order):
            place = self.master.columns[number].place
            if place in self.active and (count == 0 or current.shares[number] > 0.8):
                self.master.fix(int(number))
                self.active.remove(place)

    def rows(self, chosen: Sequence[int]) -> dict[int, Row]:
        """The rows of the window by person."""
        return {self.people[self.master.columns[number].place]: self.master.columns[number].row for number in chosen}

    def worth(self, relaxed: Relaxed, gap: float, most: int = 4000) -> list[int]:
        """The columns that can be in a plan better by at least 1 than one that is ``gap`` above the relaxed value."""
        prices = np.zeros((self.end - self.begin, len(self.problem.kinds)))
        prices[self.days, self.kinds] = relaxed.prices
        reduced = []
        for number, column in enumerate(self.master.columns):
            value = column.cost - relaxed.people[column.place]
            value -= sum(prices[day, kind] for day, kind in enumerate(column.row) if kind != OFF)
            reduced.append((value, number))
        reduced.sort()
        return [number for value, number in reduced if value <= gap][:most]

    @staticmethod
    def least(bound: float) -> int:
        """The smallest whole cost that is not below a bound."""
        return ceil(bound - 1e-4)
