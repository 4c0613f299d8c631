"""Nights, weekends and wishes spread: by hand, and on random small rosters."""

from __future__ import annotations

import random
from itertools import product

import pytest

from anyshore.workforce.rosters.check import broken, cost
from anyshore.workforce.rosters.fairness import evened, loads, spread
from anyshore.workforce.rosters.problem import OFF, Cover, Kind, Person, Problem, Wish
from anyshore.workforce.rosters.search import solve

EARLY, NIGHT = 0, 1
KINDS = [Kind("early", 480), Kind("night", 480, frozenset({"early"}))]


def _week(people: list[Person], wishes: tuple[Wish, ...] = ()) -> Problem:
    covers = [Cover(day, kind, 1, 100, 1) for day in range(7) for kind in ("early", "night")]
    return Problem(7, KINDS, people, covers, wishes)


def test_shares_follow_hours_and_those_who_may() -> None:
    """14 nights and weekends by hand: Cem works no nights, Dana half the hours of the others."""
    people = [
        Person("Ana", {}, 2400),
        Person("Ben", {}, 2400),
        Person("Cem", {"night": 0}, 2400),
        Person("Dana", {}, 1200),
    ]
    rows = [(NIGHT,) * 5 + (OFF,) * 2, (OFF,) * 7, (EARLY,) * 5 + (OFF,) * 2, (OFF,) * 5 + (NIGHT, NIGHT)]
    found = {one.person: one for one in loads(_week(people), rows, {"night"})}
    assert [found[name].borne for name in ("Ana", "Ben", "Cem", "Dana")] == [(5, 0, 0), (0, 0, 0), (0, 0, 0), (2, 2, 0)]
    assert [round(found[name].fair[0], 2) for name in ("Ana", "Ben", "Cem", "Dana")] == [2.8, 2.8, 0, 1.4]
    assert round(found["Dana"].fair[1], 3) == round(
        4 / 7, 3
    )  # two weekend days of two shifts, an hour in seven is hers


def test_nights_are_spread_where_that_costs_nothing() -> None:
    people = [Person(name, {}, 2400, 0, 5) for name in ("Ana", "Ben", "Cem")]
    problem = _week(people, (Wish("Ana", 0, "night", 5),))
    found = solve(problem, lambda: 5.0)
    assert found.roster is not None
    better = evened(problem, found.roster, {"night"}, lambda: 1.0)
    assert broken(problem, better) == []
    assert cost(problem, better) == found.cost
    before, after = (spread(loads(problem, rows, {"night"})) for rows in (found.roster, better))
    assert after <= before
    assert max(one.nights for one in loads(problem, better, {"night"})) <= 3


@pytest.mark.parametrize("seed", range(12))
def test_no_exchange_breaks_a_rule_uncovers_a_shift_or_costs(seed: int) -> None:
    """On random small rosters of two people over three days."""
    draw = random.Random(seed)
    people = [Person(name, {}, 2400, 0, draw.randint(2, 3)) for name in ("Ana", "Ben")]
    covers = [Cover(day, kind, draw.randint(0, 1), 100, 1) for day in range(3) for kind in ("early", "night")]
    wishes = [
        Wish("Ana", draw.randrange(3), "early", 3),
        Wish("Ben", draw.randrange(3), "night", 2, draw.random() < 0.5),
    ]
    problem = Problem(3, KINDS, people, covers, wishes, draw.randrange(7))
    rows = list(product((OFF, EARLY, NIGHT), repeat=3))
    legal = [pair for pair in product(rows, repeat=2) if not broken(problem, pair)]
    roster = draw.choice(legal)
    better = evened(problem, roster, {"night"}, lambda: 1.0)
    assert broken(problem, better) == []
    assert cost(problem, better) <= cost(problem, roster)
    for day in range(3):
        assert sorted(row[day] for row in better) == sorted(row[day] for row in roster)
