"""Work packages: what is wrong with them and with a plan, and when they could be."""

from __future__ import annotations

import pytest

from anyshore.base.errors import DataError
from anyshore.projects.packages import Package, faults, project, windows

HOUSE = [
    Package("dig", 2, needs={"digger": 1}),
    Package("wall", 4, ("dig",), {"mason": 2}),
    Package("roof", 3, ("wall",), {"mason": 1}),
    Package("garden", 2, ("dig",), {"digger": 1}),
    Package("done", 0, ("roof", "garden")),
]
TEAMS = {"digger": 1, "mason": 2}


def test_windows_are_those_of_the_critical_path() -> None:
    found = windows(project(HOUSE, TEAMS))
    assert {key: (one.earliest, one.slack) for key, one in found.items()} == {
        "dig": (0, 0), "wall": (2, 0), "roof": (6, 0), "garden": (2, 5), "done": (9, 0),
    }  # fmt: skip
    assert windows(project(HOUSE, TEAMS), end=12)["dig"].slack == 3


def test_what_cannot_begin_earlier_moves_what_waits_for_it() -> None:
    late = [Package("a", 1, not_before=5), Package("b", 1, ("a",))]
    assert windows(project(late, {}))["b"].earliest == 6


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Package("dig", 1), "twice"), (Package("x", -1), "duration"), (Package("x", 1, ("none",)), "after"),
        (Package("x", 1, needs={"crane": 1}), "team"), (Package("x", 1, needs={"mason": 3}), "scarce"),
        (Package("x", 1, ("x",)), "circle"), (Package("x", 1, not_before=-2), "duration"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(change: Package, code: str) -> None:
    with pytest.raises(DataError) as error:
        project([*HOUSE, change], TEAMS)
    assert f"project.{code}" in [one.code for one in error.value.diagnostics]
    assert all(one.hint for one in error.value.diagnostics)


def test_all_problems_come_at_once() -> None:
    with pytest.raises(DataError) as error:
        project([Package("a", -1, ("b",)), Package("c", 1, needs={"x": 1})], {"y": -1})
    assert len(error.value.diagnostics) == 4


@pytest.mark.parametrize(
    ("starts", "code"),
    [
        ({"dig": 0, "wall": 1, "roof": 6, "garden": 2, "done": 9}, "order"),
        ({"dig": 0, "wall": 2, "roof": 6, "garden": 2}, "unplanned"),
    ],
)
def test_a_plan_that_breaks_a_rule_says_which(starts: dict[str, int], code: str) -> None:
    assert [one.code for one in faults(project(HOUSE, TEAMS), starts)] == [f"project.{code}"]


def test_a_team_in_two_places_is_found() -> None:
    both = project([Package("a", 3, needs={"mason": 2}), Package("b", 1, needs={"mason": 1})], TEAMS)
    (problem,) = faults(both, {"a": 0, "b": 2})
    assert "From 2 on 3 of mason" in problem.message
    assert faults(both, {"a": 0, "b": 3}) == [], "who ends at 3 is free at 3"
