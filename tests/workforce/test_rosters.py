"""Rosters: the cheapest by trying all, every rule told by the checker, long ones begun in windows."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.rosters import start
from anyshore.workforce.rosters.check import broken, cost
from anyshore.workforce.rosters.draw import Draw
from anyshore.workforce.rosters.generation import Generation, tables
from anyshore.workforce.rosters.paths import frame, limited
from anyshore.workforce.rosters.problem import OFF, Cover, Kind, Person, Problem, Row, Wish
from anyshore.workforce.rosters.search import Found, solve

EARLY, LATE = Kind("E", 480), Kind("L", 480, frozenset({"E"}))
NIGHT = Kind("N", 600, frozenset({"E", "L"}))


def clock(calls: int):  # type: ignore[no-untyped-def]
    """Time that is used up by asking for it."""
    left = [calls]

    def seconds() -> float:
        left[0] -= 1
        return max(0.0, left[0] / 10)

    return seconds


@st.composite
def problems(draw: st.DrawFn, days: int = 5, people: int = 2) -> Problem:
    kinds = [EARLY, LATE, NIGHT][: draw(st.integers(1, 3))]
    persons = []
    for number in range(people):
        low = draw(st.integers(0, 3)) * 480
        persons.append(
            Person(
                f"p{number}", {kind.name: draw(st.sampled_from([0, 1, 2, days])) for kind in kinds},
                low + draw(st.integers(0, 4)) * 480, low, draw(st.integers(1, 4)), draw(st.integers(1, 2)),
                draw(st.integers(1, 3)), draw(st.integers(0, 2)),
                draw(st.frozensets(st.integers(0, days - 1), max_size=2)),
            )
        )  # fmt: skip
    covers = [
        Cover(day, kind.name, draw(st.integers(0, 2)), draw(st.sampled_from([5, 100])), draw(st.integers(0, 2)))
        for day in range(days)
        for kind in kinds
    ]
    wishes = draw(
        st.lists(
            st.builds(
                Wish, st.sampled_from([one.name for one in persons]), st.integers(0, days - 1),
                st.sampled_from([kind.name for kind in kinds]), st.integers(1, 3), st.booleans(),
            ),
            max_size=4,
        )
    )  # fmt: skip
    return Problem(days, kinds, persons, covers, wishes, draw(st.integers(0, 6)))


def rows(problem: Problem, index: int) -> list[Row]:
    """All rows that keep the rules of one person."""
    one = Problem(problem.days, problem.kinds, [problem.people[index]], weekday=problem.weekday)
    every = product(range(-1, len(problem.kinds)), repeat=problem.days)
    return [row for row in every if not broken(one, [row])]


@given(problems())
@settings(max_examples=examples(10))
def test_the_cheapest_roster_is_the_one_trying_all_finds(problem: Problem) -> None:
    options = [rows(problem, index) for index in range(len(problem.people))]
    found = solve(problem, clock(4000))
    if not all(options):
        assert found.roster is None
        return
    best = min(cost(problem, roster) for roster in product(*options[:2])) if _few(options) else None
    assert found.roster is not None
    assert not broken(problem, found.roster)
    assert cost(problem, found.roster) == found.cost
    if best is not None:
        assert found.bound <= best <= found.cost
        assert found.cost == best


def _few(options: list[list[Row]]) -> bool:
    return len(options[0]) * len(options[1]) < 3_000


@given(problems(people=1), st.integers(0, 5), st.integers(0, 5))
@settings(max_examples=examples(20))
def test_a_window_goes_on_with_what_stays(problem: Problem, one: int, other: int) -> None:
    begin, end = sorted((min(one, 5), min(other, 5)))
    allowed = rows(problem, 0)
    if not allowed or begin == end:
        return
    row = allowed[one * 37 % len(allowed)]
    numbers = tables(problem)
    made = Generation(problem, numbers, [row], [0], begin, end)
    inside = [
        (sum(numbers.wishes[0][begin + day][kind] for day, kind in enumerate(new[begin:end]) if kind != OFF), new)
        for new in allowed
        if new[:begin] == row[:begin] and new[end:] == row[end:]
    ]
    found = limited(problem, frame(problem, 0, row, begin, end), begin, end, made.wishes[0])
    assert found is not None
    assert not broken(problem, [row[:begin] + found[1] + row[end:]])
    counted_all = all(most in (0, 5) for most in problem.people[0].most.values())
    if counted_all:
        assert found[0] == min(value for value, _new in inside)


def test_a_long_roster_is_begun_in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [Person(f"p{n}", {"N": 6}, 20 * 480, 17 * 480, 5, 2, 2, 3, frozenset({n, n + 1})) for n in range(4)]
    covers = [Cover(day, kind.name, 1, 100, 1) for day in range(42) for kind in (EARLY, LATE)]
    problem = Problem(42, [EARLY, LATE, NIGHT], people, covers)
    monkeypatch.setattr(start, "TABLE", 20_000)
    parts = start.windows(problem)
    assert len(parts) > 1
    assert (parts[0][0], parts[-1][1]) == (0, 42)
    assert all(edge % 7 == 0 for part in parts for edge in part)
    found = solve(problem, clock(120))
    assert found.roster is not None
    assert not broken(problem, found.roster)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("EE..EEE", "away"), ("LE..EE.", "next"), ("EN.NN..", "kind"), ("EEEE.EE", "run"), ("EE.EE..", "rest"),
        (".......", "minutes"), ("EE..E..", "run"), ("..EE..E", "weekends"),
    ],
)  # fmt: skip
def test_the_checker_names_the_rule(row: str, rule: str) -> None:
    person = Person(
        "p", {"N": 1}, 2400, 480, 3, 2, 2, 0 if rule == "weekends" else 1, frozenset({6} if rule == "away" else ())
    )
    problem = Problem(7, [EARLY, LATE, NIGHT], [person])
    roster = [tuple("ELN".find(letter) for letter in row)]
    assert rule in {one.rule for one in broken(problem, roster)}


def test_a_roster_of_another_shape_is_told() -> None:
    problem = Problem(7, [EARLY], [Person("p", {}, 2400)])
    assert [one.rule for one in broken(problem, [])] == ["shape"]


def test_a_stretch_at_the_edge_may_be_short() -> None:
    problem = Problem(7, [EARLY], [Person("p", {}, 2400, 0, 3, 2, 2, 1)])
    assert broken(problem, [(0, -1, -1, 0, 0, -1, 0)]) == [broken(problem, [(0, -1, -1, 0, 0, -1, 0)])[0]]
    assert not broken(problem, [(0, -1, -1, 0, 0, -1, -1)])


def test_nothing_to_roster_is_told() -> None:
    with pytest.raises(AnyshoreError, match="without shifts"):
        solve(Problem(7, [], [Person("p", {}, 2400)]), clock(10))


def test_who_can_keep_no_rule_leaves_the_bound() -> None:
    found = solve(Problem(7, [EARLY], [Person("p", {"E": 1}, 4800, 2400)], [Cover(0, "E", 2, 10, 1)]), clock(100))
    assert found == Found(None, None, 10)
    assert not found.proven
    assert found.gap is None


def test_the_same_seed_draws_the_same() -> None:
    assert Draw(1).some(range(9), 4) == Draw(1).some(range(9), 4) != Draw(2).some(range(9), 4)


def test_time_that_is_up_after_the_first_roster_leaves_it() -> None:
    problem = Problem(7, [EARLY], [Person("p", {}, 2400), Person("q", {}, 2400)], [Cover(2, "E", 1, 10, 1)])
    for calls in range(1, 14):
        found = solve(problem, clock(calls))
        assert found.roster is None or not broken(problem, found.roster)
