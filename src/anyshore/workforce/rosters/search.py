"""The search: a first roster, column generation over all of it, and then neighbourhoods made anew until time is up.

A neighbourhood is some people in a window; their rows are made anew by column generation and an integer programme over
the columns while all others stay (large-neighbourhood search: Shaw 1998). Where the bound of a neighbourhood says that
it holds nothing better, no integer programme is solved. The draws come from a seed; what is found still depends on the
machine, as time limits do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, isfinite

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.rosters import bounds, check
from anyshore.workforce.rosters.draw import Draw
from anyshore.workforce.rosters.generation import Generation, Left, Tables, tables, there
from anyshore.workforce.rosters.master import Relaxed
from anyshore.workforce.rosters.problem import Problem, Row
from anyshore.workforce.rosters.start import first_roster, weeks, windows

WHOLE = 0.35
"""Share of the time the roster as a whole may take."""
NEAR = 40
"""Rows of everybody that are nearly worth it and may be in a whole plan."""
WEEKS = 4
"""Weeks of a neighbourhood where the roster does not fit as a whole."""
POOL = 150
"""Rows of a person that are taken on from earlier neighbourhoods."""
IDLE = 2000
"""Neighbourhoods in a row without anything better after which the search ends."""
PROGRAMME = 6.0
"""Seconds an integer programme of a neighbourhood may take."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        roster: a row per person; None where none that keeps the rules was found.
        cost: what it costs.
        bound: no roster costs less.
    """

    roster: tuple[Row, ...] | None
    cost: int | None
    bound: int

    @property
    def proven(self) -> bool:
        """Whether no roster is cheaper."""
        return self.cost is not None and self.cost <= self.bound

    @property
    def gap(self) -> float | None:
        """How far the cost is above the bound, as a share of the cost."""
        return None if self.cost is None else (self.cost - self.bound) / max(1, self.cost)


def solve(
    problem: Problem, left: Left, seed: int = 1, enough: float = 0.0,
    told: Callable[[int, int], None] = lambda _cost, _bound: None,
) -> Found:  # fmt: skip
    """The cheapest roster found in the time there is.

    Args:
        problem: what is asked.
        left: seconds that are left; the caller has the clock.
        seed: of the draws.
        enough: gap to the bound at which the search ends.
        told: called with cost and bound whenever one is better.

    Raises:
        AnyshoreError: there are no shifts, no people or no days.
    """
    if not problem.kinds or not problem.people or problem.days < 1:
        message = "A roster without shifts, people or days cannot be made."
        raise AnyshoreError("workforce.no-roster", message, hint="Name at least one of each.")
    return _Search(problem, left, seed, enough, told).run()


class _Search:
    def __init__(
        self, problem: Problem, left: Left, seed: int, enough: float, told: Callable[[int, int], None]
    ) -> None:
        self.problem, self.left, self.enough, self.told = problem, left, enough, told
        self.draw = Draw(seed)
        self.numbers: Tables = tables(problem)
        self.parts, self.mondays = windows(problem), weeks(problem)
        self.bound = bounds.of_covers(problem, self.numbers)
        self.roster: list[Row] = []
        self.cost = 0
        self.total = left()
        self.pool: dict[tuple[int, int], dict[Row, None]] = {}

    def run(self) -> Found:
        """Everything."""
        found = first_roster(self.problem, self.numbers, self.left)
        if found is None:
            return Found(None, None, self.bound)
        self.roster, self.cost = found, check.cost(self.problem, found)
        self.told(self.cost, self.bound)
        if len(self.parts) == 1:
            self._whole()
        self._neighbourhoods()
        return Found(tuple(self.roster), self.cost, self.bound)

    def done(self) -> bool:
        """Whether time is up or nothing can be better."""
        return self.left() <= 0 or self.cost - self.bound <= self.enough * self.cost

    def _whole(self) -> None:
        """Column generation over all people and days: the bound, and a plan by diving and by an integer programme."""
        until = self.total * (1 - WHOLE)
        made = Generation(
            self.problem, self.numbers, self.roster, range(len(self.problem.people)), 0, self.problem.days
        )
        relaxed = made.relax(lambda: self.left() - until, more=2)
        if isfinite(made.bound):
            self.bound = max(self.bound, ceil(made.bound + self.numbers.wanted - 1e-4))
        self.told(self.cost, self.bound)
        if relaxed is None or self.done():
            return
        if self.left() <= until:  # so large that neighbourhoods are worth more than a dive
            return
        later = self.total * (1 - 2 * WHOLE)
        self._take(made, made.dive(lambda: self.left() - later, relaxed, self.cost - self.numbers.wanted))
        if self.done():
            return
        self._programme(made, min(self.left(), max(10.0, 0.1 * self.total)), made.master.solve(self.left()))

    def _programme(self, made: Generation, seconds: float, relaxed: Relaxed | None) -> None:
        """A whole plan over the rows that can be in one that is better, of some people or of all."""
        if relaxed is None:
            return
        start = [number for number in self._now(made) if number is not None]
        gap = self._value(made) - relaxed.value - 1 + 1e-4
        if gap < 0:
            return
        made.round(self.left, NEAR, gap)
        worth = made.worth(relaxed, gap)
        self._remember(made, worth)
        keep = sorted({*worth, *start})
        self._take(made, made.master.whole(min(seconds, self.left()), start, self.draw.below(1 << 30), keep))

    def _remember(self, made: Generation, worth: Sequence[int]) -> None:
        """Keeps rows for later neighbourhoods, the best last."""
        for number in reversed(worth):
            column = made.master.columns[number]
            rows = self.pool.setdefault((made.people[column.place], made.begin), {})
            rows.pop(column.row, None)
            rows[column.row] = None
        for index in made.people:
            rows = self.pool.get((index, made.begin), {})
            for row in list(rows)[: max(0, len(rows) - 2 * POOL)]:
                del rows[row]

    def _now(self, made: Generation) -> list[int | None]:
        at = {(column.place, column.row): number for number, column in enumerate(made.master.columns)}
        rows = ((place, self.roster[index][made.begin : made.end]) for place, index in enumerate(made.people))
        return [at.get(one) for one in rows]

    def _value(self, made: Generation) -> float:
        """What the roster so far costs in the programme of a neighbourhood."""
        shares = [number for number in self._now(made) if number is not None]
        cost = sum(made.master.columns[number].cost for number in shares)
        counts = there(self.problem, self.roster)
        for day in range(made.begin, made.end):
            for kind in range(len(self.problem.kinds)):
                missing = int(self.numbers.need[day, kind] - counts[day, kind])
                cost += self.numbers.under[day, kind] * max(0, missing) + self.numbers.over[day, kind] * max(
                    0, -missing
                )
        return float(cost)

    def _take(self, made: Generation, chosen: Sequence[int] | None) -> bool:
        """Takes a plan if it is better and keeps the rules."""
        if not chosen or len(chosen) != len(made.people):
            return False
        rows = list(self.roster)
        for index, row in made.rows(chosen).items():
            rows[index] = rows[index][: made.begin] + row + rows[index][made.end :]
        cost = check.cost(self.problem, rows)
        if cost >= self.cost or check.broken(self.problem, rows):
            return False
        self.roster, self.cost = rows, cost
        self.told(self.cost, self.bound)
        return True

    def _neighbourhoods(self) -> None:
        everybody = range(len(self.problem.people))
        size, idle = min(5.0, len(everybody)), 0
        while not self.done() and idle < IDLE:
            begin, end = self._window()
            people = sorted(self.draw.some(everybody, round(size)))
            better, settled = self._anew(people, begin, end)
            idle = 0 if better else idle + 1
            # smaller where the programme was not solved in time, larger where nothing is found
            size = max(3.0, size * 0.9) if not settled else size * (1.0 if better else 1.04)
            size = min(size, len(everybody))

    def _window(self) -> tuple[int, int]:
        """All of a roster that fits, otherwise some weeks of it in a row."""
        if len(self.parts) == 1:
            return 0, self.problem.days
        weeks = len(self.mondays) - 1
        first = self.draw.below(max(1, weeks - WEEKS + 1))
        return self.mondays[first], self.mondays[min(first + WEEKS, weeks)]

    def _anew(self, people: Sequence[int], begin: int, end: int) -> tuple[bool, bool]:
        """Makes the rows of some people in a window anew; whether that was better, and whether it was settled."""
        made = Generation(self.problem, self.numbers, self.roster, people, begin, end)
        for place, index in enumerate(people):
            for row in list(self.pool.get((index, begin), ()))[-POOL:]:
                made.add(place, row)
        value = self._value(made)
        relaxed = made.relax(self.left, stop=value - 1 + 1e-3, rounds=60, more=2)
        if relaxed is None or made.bound > value - 1 + 1e-3:
            return False, True
        before, time = self.cost, self.left()
        self._programme(made, PROGRAMME, relaxed)
        return self.cost < before, time - self.left() < 0.8 * PROGRAMME
