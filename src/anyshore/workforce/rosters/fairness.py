"""How evenly nights, weekends and refused wishes are spread, and a roster that costs no more and spreads them better.

A fair share follows the hours somebody may work. What two people work in the same days can be exchanged without any
change of what is covered; such exchanges are made as long as each keeps every rule, costs nothing and evens the load
(a soft objective behind the cost, not beside it: nobody's wish is refused to even out another's nights).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from anyshore.workforce.rosters import check
from anyshore.workforce.rosters.problem import OFF, Problem, Row

LONGEST = 14
"""Days that are exchanged at once, at most."""
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody bears of a roster, and what would be their share of it.

    Attributes:
        person: who.
        nights: night shifts.
        weekends: shifts on Saturdays and Sundays.
        refused: wishes that are not met.
        fair: their share of nights, weekends and refused wishes, in this order.
    """

    person: str
    nights: int
    weekends: int
    refused: int
    fair: tuple[float, float, float]

    @property
    def borne(self) -> tuple[int, int, int]:
        """The three together."""
        return self.nights, self.weekends, self.refused


def loads(problem: Problem, roster: Sequence[Row], nights: Collection[str]) -> list[Load]:
    """What everybody bears.

    Args:
        problem: what was asked.
        roster: a row per person.
        nights: names of the kinds that count as nights.
    """
    return _Scale(problem, nights).loads(roster)


def spread(found: Sequence[Load]) -> float:
    """How far the loads are from the fair shares: the sum of squares; 0 is the fairest there can be."""
    return sum((has - due) ** 2 for one in found for has, due in zip(one.borne, one.fair, strict=True))


def evened(problem: Problem, roster: Sequence[Row], nights: Collection[str], left: Callable[[], float]) -> list[Row]:
    """A roster of the same cover and no more cost in which the loads are nearer to the fair shares, or the same one.

    Args:
        problem: what was asked.
        roster: one that keeps every rule.
        nights: names of the kinds that count as nights.
        left: seconds that are left; the caller has the clock.
    """
    scale, rows = _Scale(problem, nights), list(roster)
    better = True
    while better and left() > 0:
        better = False
        for one, other in combinations(range(len(rows)), 2):
            if left() <= 0:
                break
            found = next(_exchanges(problem, scale, rows, one, other), None)
            if found is not None:
                rows[one], rows[other] = found
                better = True
    return rows


def _exchanges(problem: Problem, scale: _Scale, rows: Sequence[Row], one: int, other: int) -> Iterator[tuple[Row, Row]]:
    """The exchanges of days between two people that keep the rules and even their loads."""
    first, second = rows[one], rows[other]
    before = scale.off(one, first) + scale.off(other, second)
    cost = scale.refused_weight(one, first) + scale.refused_weight(other, second)
    for begin in range(problem.days):
        if first[begin] == second[begin]:
            continue
        for end in range(begin + 1, min(begin + LONGEST, problem.days) + 1):
            new = first[:begin] + second[begin:end] + first[end:], second[:begin] + first[begin:end] + second[end:]
            if scale.off(one, new[0]) + scale.off(other, new[1]) > before - _EPSILON:
                continue
            if scale.refused_weight(one, new[0]) + scale.refused_weight(other, new[1]) > cost:
                continue
            people = problem.people[one], problem.people[other]
            if not any(check.broken_by(problem, person, row) for person, row in zip(people, new, strict=True)):
                yield new


class _Scale:
    """What is borne is weighed by: who may do what, and what all of it comes to."""

    def __init__(self, problem: Problem, nights: Collection[str]) -> None:
        self.problem = problem
        self.nights = frozenset(problem.number[name] for name in nights)
        self.weekends = frozenset(day for day in range(problem.days) if problem.saturday(day) or problem.sunday(day))
        self.wishes: list[list[tuple[int, int, int, bool]]] = [[] for _one in problem.people]
        for wish in problem.wishes:
            entry = wish.day, problem.number[wish.kind], wish.weight, wish.wanted
            self.wishes[problem.row[wish.person]].append(entry)
        need = [cover for cover in problem.covers if cover.people]
        nights_due = sum(cover.people for cover in need if problem.number[cover.kind] in self.nights)
        weekends_due = sum(cover.people for cover in need if cover.day in self.weekends)
        hours = [self._hours(one) for one in range(len(problem.people))]
        sums = [sum(night for night, _ in hours) or 1, sum(weekend for _, weekend in hours) or 1]
        self.fair = [(nights_due * night / sums[0], weekends_due * weekend / sums[1]) for night, weekend in hours]
        """Of nights and weekends, the share of each person."""

    def _hours(self, one: int) -> tuple[int, int]:
        """The minutes somebody may work, where they work nights, and where they work weekends."""
        person, kinds = self.problem.people[one], self.problem.kinds
        works_nights = any(person.most.get(kinds[kind].name, 1) for kind in self.nights)
        return person.max_minutes * works_nights, person.max_minutes * (person.max_weekends > 0)

    def borne(self, one: int, row: Row) -> tuple[int, int, int]:
        """Nights, shifts on weekends, and refused wishes."""
        refused = sum((row[day] == kind) != wanted for day, kind, _weight, wanted in self.wishes[one])
        return sum(kind in self.nights for kind in row), sum(row[day] != OFF for day in self.weekends), refused

    def refused_weight(self, one: int, row: Row) -> int:
        """What the refused wishes of somebody cost."""
        return sum(weight for day, kind, weight, wanted in self.wishes[one] if (row[day] == kind) != wanted)

    def off(self, one: int, row: Row) -> float:
        """How far somebody's nights and weekends are from their share; a refused wish is far by itself."""
        night, weekend = self.fair[one]
        nights, weekends, refused = self.borne(one, row)
        return float((nights - night) ** 2 + (weekends - weekend) ** 2 + refused**2)

    def loads(self, roster: Sequence[Row]) -> list[Load]:
        """Of everybody; a share of the refused wishes is as large as that of the wishes told."""
        borne = [self.borne(one, row) for one, row in enumerate(roster)]
        told, refused = sum(map(len, self.wishes)), sum(found[2] for found in borne)
        return [
            Load(person.name, *borne[one], (*self.fair[one], refused * len(self.wishes[one]) / told if told else 0.0))
            for one, person in enumerate(self.problem.people)
        ]
