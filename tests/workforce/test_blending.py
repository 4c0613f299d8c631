"""Work that may wait, done between calls."""

from __future__ import annotations

from datetime import datetime

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.blending import FULL, blend
from anyshore.workforce.staffing import Goal, needs

START = datetime(2026, 3, 2, 9)


def test_free_time_up_to_the_limit_is_used_and_the_rest_paid_for() -> None:
    goal = Goal(180, max_occupancy=0.85, shrinkage=0.25)
    wanted = needs({START: 100.0, START.replace(hour=10): 0.0}, 30, goal)
    busy = wanted[0].staffing
    assert busy is not None
    free = (0.85 - busy.occupancy) * busy.agents / 2
    found = blend(wanted, 30, goal, 10.0)
    assert found.at == (pytest.approx(free), 0.0)
    assert (found.between, found.left) == (pytest.approx(free), pytest.approx(10 - free))
    assert found.paid == pytest.approx((10 - free) / 0.85 / 0.75)


def test_little_work_needs_nobody_more_and_people_are_never_busy_all_the_time() -> None:
    goal = Goal(180)
    found = blend(needs({START: 100.0}, 30, goal), 30, goal, 0.1)
    assert (found.left, found.paid, found.between, found.limit) == (0.0, 0.0, 0.1, FULL)


@pytest.mark.parametrize("hours", [-1.0, float("nan"), float("inf")])
def test_hours_are_a_number(hours: float) -> None:
    with pytest.raises(AnyshoreError) as wrong:
        blend([], 30, Goal(180), hours)
    assert wrong.value.code == "workforce.beside"
