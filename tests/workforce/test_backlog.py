"""Hours of work against a deadline, and what an item takes according to those who did it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.backlog import FEWEST, Done, daily, handling, work

OPEN = [datetime(2026, 3, day, hour) for day in (2, 3) for hour in (9, 10)]


def test_what_comes_while_the_office_is_closed_counts_from_the_next_opening() -> None:
    arrivals = {datetime(2026, 3, 1, 20): 1.0, datetime(2026, 3, 2, 9, 30): 2.0, datetime(2026, 3, 2, 11): 4.0,
                datetime(2026, 3, 3, 11): 8.0}  # fmt: skip
    found = work(arrivals, OPEN, 60, handling=3600, within=60)
    assert found.hours == [3.0, 0.0, 4.0, 0.0]  # the last one is next week's


def test_what_waits_is_due_when_its_time_is_up_and_what_is_late_once_more_in_the_limit() -> None:
    found = work({}, OPEN, 60, handling=1800, within=180, waiting=[60.0, 130.0, 0.0, -500.0])
    assert (found.waiting, found.due) == (2.0, [0.5, 1.0, 2.0, 2.0])
    assert daily(found) == {date(2026, 3, 2): (0.0, 1.0), date(2026, 3, 3): (0.0, 1.0)}


@pytest.mark.parametrize("wrong", [{"handling": 0.0}, {"handling": float("inf")}, {"within": -1.0}, {"shrinkage": 1.0}])
def test_numbers_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(AnyshoreError) as refused:
        work({}, OPEN, 60, **({"handling": 60.0, "within": 60.0} | wrong))
    assert refused.value.code == f"workforce.{next(iter(wrong))}"


def test_told_minutes_win_over_times_between_completions() -> None:
    told = [Done("a", 0, 100, 5.0), Done("a", 0, 400, 15.0), Done("b", 0, 500)]
    found = handling(told)
    assert found is not None
    assert (found.seconds, found.items, found.told) == (600.0, 2, True)


def test_times_between_completions_count_only_while_work_waited() -> None:
    steady = [Done("a", 0, 300.0 * number) for number in range(1, FEWEST + 2)]
    found = handling(steady)
    assert found is not None
    assert (found.seconds, found.items, found.told) == (300.0, FEWEST, False)
    night = Done("a", 0, 300.0 * (FEWEST + 1) + 50_000)  # the next morning
    idle = Done("b", 5000, 9000)  # came after b had finished the item before
    assert handling([*steady, night, Done("b", 0, 100), idle]) == found
    assert handling(steady[:5]) is None
    assert handling([]) is None
