"""A swap of two people's shifts by rule: it is allowed where it breaks nothing that was kept before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.params.shapes import nearest
from anyshore.workforce.rosters import check
from anyshore.workforce.rosters.check import Broken
from anyshore.workforce.rosters.problem import OFF, Problem, Row


@dataclass(frozen=True, slots=True)
class Swap:
    """Somebody gives a shift to somebody else, and may get one of theirs for it.

    Attributes:
        giver: whose shift it is.
        day: its day, from 0.
        taker: who gets it.
        back: the day whose shift the giver gets from them; None: none.
    """

    giver: str
    day: int
    taker: str
    back: int | None = None


def swapped(problem: Problem, roster: Sequence[Row], asked: Swap) -> list[Row]:
    """The roster after a swap.

    Raises:
        DataError: somebody is not of the roster, or has no shift on that day, or one already on the day they get one.
    """
    rows = [list(row) for row in roster]
    giver, taker = (_place(problem, name) for name in (asked.giver, asked.taker))
    moves = [(giver, taker, asked.day)] + ([(taker, giver, asked.back)] if asked.back is not None else [])
    given = []
    for one, other, day in moves:
        name = problem.people[one].name
        if not 0 <= day < problem.days or rows[one][day] == OFF:
            raise _refused(f"{name} has no shift on that day.", name, "Name a day on which they work.")
        given.append((other, day, rows[one][day]))
    for one, _other, day in moves:
        rows[one][day] = OFF
    for other, day, kind in given:
        name = problem.people[other].name
        if rows[other][day] != OFF:
            raise _refused(f"{name} works on that day already.", name, "Give it to somebody who is free then.")
        rows[other][day] = kind
    return [tuple(row) for row in rows]


def against(problem: Problem, before: Sequence[Row], after: Sequence[Row]) -> list[Broken]:
    """The rules the roster breaks after a swap and did not before: qualifications, hours, days in a row, rest, away."""
    known = set(check.broken(problem, before))
    return [one for one in check.broken(problem, after) if one not in known]


def _place(problem: Problem, name: str) -> int:
    if name not in problem.row:
        raise _refused(f"There is no {name!r} in the roster.", name, nearest(name, list(problem.row)) or "")
    return problem.row[name]


def _refused(message: str, name: str, hint: str) -> DataError:
    return DataError("roster.swap", message, Location(element=name), hint)
