"""Plans moved by hand, proved again."""

from __future__ import annotations

import pytest

from anyshore.base.errors import DataError
from anyshore.projects.moving import lasting
from anyshore.projects.packages import Package, faults, project
from anyshore.projects.scheduling import schedule

HALL = project(
    [Package("survey", 4, needs={"crew": 1}), Package("cable", 4, ("survey",), {"crew": 2}),
     Package("paint", 3, (), {"crew": 1}), Package("measure", 3, ("cable",), {"crew": 1})],
    {"crew": 2},
)  # fmt: skip


def test_what_is_moved_stays_there_and_the_plan_is_proved_around_it() -> None:
    assert schedule(HALL).makespan == 11
    moved = schedule(HALL, moved={"paint": 2})
    assert (moved.starts["paint"], moved.makespan, moved.proven) == (2, 12, True)  # cabling waits for two people
    assert faults(HALL, moved.starts) == []
    later = schedule(HALL, moved={"survey": 20})
    assert (later.starts["survey"], later.makespan, later.proven) == (20, 31, True)


def test_a_package_may_last_longer() -> None:
    longer = schedule(lasting(HALL, {"survey": 6}))
    assert (longer.makespan, longer.proven) == (13, True)


@pytest.mark.parametrize("moved", [{"cable": 3}, {"roof": 1}, {"cable": 4, "survey": 1}, {"cable": 4, "paint": 6}])
def test_what_no_plan_can_have_is_refused(moved: dict[str, int]) -> None:
    with pytest.raises(DataError) as wrong:
        schedule(HALL, moved=moved)
    assert {one.code for one in wrong.value.diagnostics} == {"project.move"}


def test_only_packages_last_and_none_less_than_nothing() -> None:
    for durations in ({"roof": 1}, {"paint": -1}):
        with pytest.raises(DataError):
            lasting(HALL, durations)
