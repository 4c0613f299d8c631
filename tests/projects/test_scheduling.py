"""The shortest plan: feasible, proved, and as long as trying every order says."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import DataError
from anyshore.projects import patterson
from anyshore.projects.packages import Package, Project, faults, project
from anyshore.projects.scheduling import schedule

RCP = b"4 1\n2\n0 0 2 2 3\n3 1 1 4\n2 2 1 4\n0 0 0\n"


@st.composite
def projects(draw: st.DrawFn) -> Project:
    packages = []
    for number in range(draw(st.integers(1, 5))):
        before = draw(st.lists(st.integers(0, number - 1), max_size=2, unique=True)) if number else []
        packages.append(
            Package(f"p{number}", draw(st.integers(0, 4)), tuple(f"p{one}" for one in before),
                    {"team": draw(st.integers(0, 2))}, draw(st.integers(0, 2)))
        )  # fmt: skip
    return project(packages, {"team": 2})


def tried(found: Project) -> int:
    """The best of placing packages in every order, each as early as it fits: one of them is the shortest plan."""
    best = None
    for order in permutations(found.packages):
        starts: dict[str, int] = {}
        for key in order:
            one = found.packages[key]
            if any(before not in starts for before in one.after):
                break
            at = max([one.not_before, *(starts[b] + found.packages[b].duration for b in one.after)])
            while not _fits(found, starts, key, at):
                at += 1
            starts[key] = at
        else:
            end = max(starts[key] + one.duration for key, one in found.packages.items())
            best = end if best is None else min(best, end)
    assert best is not None
    return best


def _fits(found: Project, starts: dict[str, int], key: str, at: int) -> bool:
    one = found.packages[key]
    for unit in range(at, at + one.duration):
        busy = sum(
            found.packages[other].needs.get("team", 0)
            for other, begun in starts.items()
            if begun <= unit < begun + found.packages[other].duration
        )
        if busy + one.needs.get("team", 0) > found.teams["team"]:
            return False
    return True


@settings(max_examples=examples(25))
@given(found=projects())
def test_the_plan_is_as_short_as_any(found: Project) -> None:
    plan = schedule(found)
    assert faults(found, plan.starts) == []
    assert plan.proven
    assert plan.makespan == tried(found)


def test_the_same_project_has_the_same_plan() -> None:
    found = patterson.read(RCP)
    assert schedule(found) == schedule(found)


def test_a_project_in_the_patterson_format_is_read() -> None:
    found = patterson.read(RCP)
    assert found.teams == {"team 1": 2}
    assert found.packages["4"].after == ("2", "3")
    assert found.packages["3"].needs == {"team 1": 2}
    assert schedule(found).makespan == 5


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "ends too early"), (b"2 1\n1\n0 0 1 5\n0 0 0", "no whole number up to"), (RCP[:-4], "ends too early"),
        (RCP + b"9", "behind the last"), (b"x 1", "'x' is no whole number"), (b"1 1\n1\n0 0 1 0", "is none"),
        (b"1 1\n1\n0 5 0", "needs 5 of team 1"), (b"2 0\n0 1 2\n0 1 1", "waits for itself"),
    ],
)  # fmt: skip
def test_what_is_no_project_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(DataError, match=told):
        patterson.read(content, "x.rcp")


@given(st.binary(max_size=60))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    try:
        patterson.read(content)
    except DataError as error:
        assert error.diagnostics  # noqa: PT017 - either is right
