"""Rows are chosen for people so that shifts are covered: a linear programme over the rows found so far (Dantzig and
Wolfe 1960), whose prices say what a further row would have to cost to be worth it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anyshore.workforce.rosters.problem import OFF, Row

EXACT = 1e-6


@dataclass(frozen=True, slots=True)
class Column:
    """A row that a person can be given.

    Attributes:
        place: which person, counted in the programme.
        row: the days of the window.
        cost: what it costs by itself.
    """

    place: int
    row: Row
    cost: float


@dataclass(frozen=True, slots=True)
class Need:
    """People needed in a shift of a day of the window: those of others are taken off, so it may be below 0."""

    day: int
    kind: int
    people: int
    under: int
    over: int


@dataclass(slots=True)
class Relaxed:
    """What the linear programme gives: its value, prices of needs and of people, and the share of every column."""

    value: float
    prices: Any
    people: Any
    shares: Any = field(repr=False)


class Master:
    """The programme over the columns found so far; it grows by columns and is solved again from where it was."""

    def __init__(self, needs: Sequence[Need], people: int) -> None:
        self.needs, self.people = needs, people
        self.columns: list[Column] = []
        self._known: set[tuple[int, Row]] = set()
        self._at = {(need.day, need.kind): number for number, need in enumerate(needs)}
        self._lp = _empty(needs, people)
        self._fixed: set[int] = set()

    def add(self, column: Column) -> bool:
        """Adds a column; False where it is known."""
        if (column.place, column.row) in self._known:
            return False
        self._known.add((column.place, column.row))
        self.columns.append(column)
        at, value = self._entries(column)
        self._lp.addCol(column.cost, 0.0, 1.0e30, len(at), at, value)
        return True

    def _entries(self, column: Column) -> tuple[Any, Any]:
        at = [
            number
            for day, kind in enumerate(column.row)
            if kind != OFF and (number := self._at.get((day, kind))) is not None
        ]
        at.append(len(self.needs) + column.place)
        return np.array(at, dtype=np.int32), np.ones(len(at))

    def solve(self, seconds: float) -> Relaxed | None:
        """The best shares of the columns; None where it could not be solved in time."""
        import highspy

        self._lp.setOptionValue("time_limit", self._lp.getRunTime() + max(0.05, seconds))
        self._lp.run()
        if self._lp.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._lp.getSolution()
        dual, shares = np.array(solution.row_dual), np.array(solution.col_value)
        many = len(self.needs)
        return Relaxed(self._lp.getInfo().objective_function_value, dual[:many], dual[many:], shares[2 * many :])

    def fix(self, number: int) -> None:
        """Gives a person one column: their others are taken out."""
        place = self.columns[number].place
        for other, column in enumerate(self.columns):
            if column.place == place:
                low = 1.0 if other == number else 0.0
                self._lp.changeColBounds(2 * len(self.needs) + other, low, low)

    def free(self) -> None:
        """Takes back what was fixed."""
        for number in range(len(self.columns)):
            self._lp.changeColBounds(2 * len(self.needs) + number, 0.0, 1.0e30)

    def whole(self, seconds: float, start: Sequence[int], seed: int, keep: Sequence[int]) -> list[int] | None:
        """A column per person, the cheapest plan found.

        Args:
            seconds: the solver's limit.
            start: a column per person to begin from.
            seed: the solver's seed.
            keep: the columns it may take.
        """
        import highspy

        lp = _empty(self.needs, self.people)
        many = 2 * len(self.needs)
        for number in keep:
            at, value = self._entries(self.columns[number])
            lp.addCol(self.columns[number].cost, 0.0, 1.0, len(at), at, value)
        size = len(keep)
        lp.changeColsIntegrality(
            size, np.arange(many, many + size, dtype=np.int32), np.full(size, highspy.HighsVarType.kInteger)
        )
        for name, option in (
            ("time_limit", max(0.05, seconds)),
            ("random_seed", seed),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.99),
        ):
            lp.setOptionValue(name, option)
        taken = set(start)
        begun = np.array([float(number in taken) for number in keep])
        lp.setSolution(size, np.arange(many, many + size, dtype=np.int32), begun)
        lp.run()
        values = np.array(lp.getSolution().col_value)
        if len(values) != many + size:
            return None
        chosen = [keep[int(number)] for number in np.flatnonzero(values[many:] > 0.5)]
        return chosen if len(chosen) == self.people else None


def _empty(needs: Sequence[Need], people: int) -> Any:
    """The programme without columns: ``under`` and ``over`` of every need, and a row per person."""
    import highspy

    lp: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    lp.setOptionValue("output_flag", False)
    lp.setOptionValue("threads", 1)
    nothing, none = np.array([], dtype=np.int32), np.array([], dtype=float)
    for need in needs:
        lp.addRow(float(need.people), float(need.people), 0, nothing, none)
    for _one in range(people):
        lp.addRow(1.0, 1.0, 0, nothing, none)
    for number, need in enumerate(needs):
        at = np.array([number], dtype=np.int32)
        lp.addCol(float(need.under), 0.0, 1.0e30, 1, at, np.array([1.0]))
        lp.addCol(float(need.over), 0.0, 1.0e30, 1, at, np.array([-1.0]))
    return lp
