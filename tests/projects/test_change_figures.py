"""Estimates, earned value, change calendar and DORA's four: against numbers worked out by hand and against a count."""

from __future__ import annotations

import random

import pytest

from anyshore.base.errors import DataError
from anyshore.projects.changes import DAY, Delivered, Slot, delivery, met_by, next_free
from anyshore.projects.earned_value import Progress, value
from anyshore.projects.estimates import checked, together


def test_three_points_by_hand() -> None:
    one = checked(2, 5, 14)
    assert (one.mean, one.deviation) == (6.0, 2.0)
    both = together([one, checked(1, 1, 1), checked(3, 6, 15)])
    assert (both.mean, both.deviation) == (14.0, pytest.approx(8**0.5))
    assert both.with_confidence(0.5) == pytest.approx(14.0)
    assert both.with_confidence(0.8) == pytest.approx(14 + 0.8416212 * 8**0.5, abs=1e-6)
    assert together([checked(4, 4, 4)]).with_confidence(0.99) == 4
    assert together([]).mean == 0


def test_the_sum_agrees_with_many_draws_of_the_beta() -> None:
    """PERT takes a beta distribution; the mean of its draws is the formula's."""
    chance = random.Random(0)
    o, m, p = 2.0, 5.0, 14.0
    a, b = 1 + 4 * (m - o) / (p - o), 1 + 4 * (p - m) / (p - o)
    drawn = [o + (p - o) * chance.betavariate(a, b) for _ in range(40_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(checked(o, m, p).mean, abs=0.03)


@pytest.mark.parametrize("points", [(5, 2, 14), (1, 9, 8), (-1, 0, 1), (1, 2, float("inf")), (float("nan"), 1, 2)])
def test_points_out_of_order_are_refused(points: tuple[float, float, float]) -> None:
    with pytest.raises(DataError, match="no three points"):
        checked(*points)


def test_earned_value_by_hand() -> None:
    packages = [Progress(100, 0, 10, 1, 120), Progress(200, 5, 15, 0.25, 40), Progress(50, 20, 20, 0, 0)]
    found = value(packages, 10)
    assert (found.at_completion, found.planned, found.earned, found.actual) == (350, 200, 150, 160)
    assert (found.schedule_variance, found.cost_variance) == (-50, -10)
    assert (found.schedule_index, found.cost_index) == (0.75, 0.9375)
    assert found.estimate_at_completion == pytest.approx(350 / 0.9375)
    assert value(packages, 20).planned == 350
    before = value([Progress(100, 5, 10, 0, 0)], 0)
    assert (before.schedule_index, before.cost_index, before.estimate_at_completion) == (None, None, None)


def test_what_meets_is_what_a_count_by_the_unit_finds() -> None:
    chance = random.Random(1)
    for _ in range(300):
        slots = []
        for number in range(5):
            begin, services = chance.randint(0, 20), frozenset(chance.sample("abc", chance.randint(0, 2)))
            slots.append(Slot(str(number), begin, begin + chance.randint(1, 6), services))
        for one in slots:
            everywhere = frozenset("abc")
            wanted = {
                other.key
                for other in slots
                if other is not one
                and (one.services or everywhere) & (other.services or everywhere)
                and set(range(one.start, one.end)) & set(range(other.start, other.end))
            }
            assert {other.key for other in met_by(one, slots)} == wanted
            free = next_free(one, slots)
            moved = Slot(one.key, free, free + one.end - one.start, one.services)
            assert free >= one.start
            assert met_by(moved, slots) == []


def test_the_four_figures_by_hand() -> None:
    made = [
        Delivered(0, 2 * DAY), Delivered(DAY, 5 * DAY, failed=True, restored=6 * DAY),
        Delivered(0, 9 * DAY, failed=True), Delivered(0, 40 * DAY),
    ]  # fmt: skip
    found = delivery(made, 0, 10 * DAY)
    assert (found.changes, found.per_day, found.lead_time) == (3, 0.3, 4 * DAY)
    assert (found.failure_rate, found.restore_time) == (pytest.approx(2 / 3), DAY)
    none = delivery([], 0, DAY)
    assert (none.lead_time, none.failure_rate, none.restore_time) == (None, None, None)
