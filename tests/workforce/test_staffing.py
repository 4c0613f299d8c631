"""People needed by interval."""

from __future__ import annotations

from datetime import datetime

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.staffing import Goal, needs, scheduled

NINE, TEN = datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10)


def test_a_hundred_calls_in_half_an_hour_need_fourteen_and_twenty_paid() -> None:
    """100 calls of 3 minutes in 30, 80 % within 20 s, 30 % shrinkage: the example most tools print."""
    (found,) = needs({NINE: 100.0}, 30, Goal(180, shrinkage=0.3))
    assert (found.agents, found.scheduled) == (14, 20)


def test_where_nothing_is_expected_nobody_is_needed() -> None:
    found = needs({NINE: 0.0, TEN: 0.01}, 60, Goal(180))
    assert [(one.agents, one.scheduled) for one in found] == [(0, 0), (1, 1)]


def test_a_limit_on_occupancy_and_impatience_count() -> None:
    plain, eased, impatient = (
        needs({NINE: 3000.0}, 30, goal)[0].agents
        for goal in (Goal(180), Goal(180, max_occupancy=0.85), Goal(180, patience=60.0))
    )
    assert impatient < plain < eased
    assert eased == 353  # 300 erlangs / 0.85


@pytest.mark.parametrize(("people", "shrinkage", "paid"), [(7, 0.3, 10), (9, 0.1, 10), (0, 0.5, 0), (1, 0.0, 1)])
def test_shrinkage_rounds_up_and_not_beyond(people: int, shrinkage: float, paid: int) -> None:
    assert scheduled(people, shrinkage) == paid


@pytest.mark.parametrize("shrinkage", [-0.1, 1.0, float("nan"), 30.0])
def test_a_shrinkage_is_a_share(shrinkage: float) -> None:
    with pytest.raises(AnyshoreError) as refused:
        scheduled(1, shrinkage)
    assert refused.value.code == "workforce.shrinkage"
