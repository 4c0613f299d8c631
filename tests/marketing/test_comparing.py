"""Two versions compared: published figures, and what a plan of a test promises."""

from __future__ import annotations

import math
import random

import pytest

from anyshore.base.errors import DataError
from anyshore.marketing.comparing import Group, boundary, compare, drawn_fairly, sample_size

SWEDEN = (Group(28, 684), Group(18, 676))  # deaths from heart attacks, placebo and aspirin (Agresti 2013, 2.2)


def test_a_published_trial_comes_out_as_printed() -> None:
    found = compare(*SWEDEN)
    assert round(found.risk_ratio, 2) == 1.54
    assert [round(one, 3) for one in found.difference_interval] == [-0.005, 0.033]
    assert round(found.odds_ratio, 2) == 1.56
    assert round(found.p_value, 2) == 0.14


def test_newcombes_example() -> None:
    found = compare(Group(56, 70), Group(48, 80))  # Newcombe 1998, example (a), method 10
    assert [round(one, 4) for one in found.newcombe] == [0.0524, 0.3339]


def test_groups_change_places() -> None:
    there, back = compare(*SWEDEN), compare(*reversed(SWEDEN))
    assert there.chi_square == back.chi_square
    assert there.difference == -back.difference
    assert there.odds_ratio == pytest.approx(1 / back.odds_ratio)


def test_empty_cells_have_honest_intervals() -> None:
    found = compare(Group(0, 50), Group(5, 50))
    assert (found.odds_ratio, found.odds_interval) == (0.0, (0.0, math.inf))
    assert found.newcombe[0] > -0.25
    none = compare(Group(0, 50), Group(0, 50))
    assert (none.chi_square, none.p_value) == (0.0, 1.0)
    assert math.isnan(none.risk_ratio)


@pytest.mark.parametrize("group", [Group(0, 0), Group(3, 2), Group(-1, 2)])
def test_impossible_groups_are_refused(group: Group) -> None:
    with pytest.raises(DataError, match=r"empty|cannot be"):
        compare(group, Group(1, 2))


def test_boundaries_are_those_of_the_tables() -> None:
    # O'Brien-Fleming, two-sided 0.05 (Jennison and Turnbull 2000, table 2.3): 1.977, 2.004, 2.024, 2.040
    for looks, last in ((1, 1.960), (2, 1.977), (3, 2.004), (4, 2.024), (5, 2.040)):
        found = boundary(looks)
        assert found[-1] == pytest.approx(last, abs=0.001)
        assert found[0] == pytest.approx(last * math.sqrt(looks), abs=0.003)


def test_looking_five_times_finds_nothing_more_often_than_promised() -> None:
    chance, edges, wrong = random.Random(7), boundary(5), 0
    for _ in range(20_000):
        total = 0.0
        for number, edge in enumerate(edges, 1):
            total += chance.gauss(0, 1)
            if abs(total) / math.sqrt(number) > edge:
                wrong += 1
                break
    assert wrong / 20_000 == pytest.approx(0.05, abs=0.006)


def test_the_size_told_first_finds_the_lift() -> None:
    size = sample_size(0.1, 0.02)
    assert size == 3_841  # Fleiss, Levin and Paik 2003, formula 4.14
    assert sample_size(0.1, 0.02, looks=3) > size
    assert sample_size(0.1, 0.02, power=0.9) > size
    assert sample_size(0.5, -0.05) == sample_size(0.45, 0.05)


@pytest.mark.parametrize(("base", "lift"), [(0.1, 0), (0, 0.1), (0.95, 0.1), (0.1, -0.2)])
def test_what_cannot_be_found_is_refused(base: float, lift: float) -> None:
    with pytest.raises(DataError):
        sample_size(base, lift)


def test_an_unfair_draw_is_seen() -> None:
    assert drawn_fairly((5_000, 5_040)) > 0.5
    assert drawn_fairly((5_000, 5_500)) < 0.001
    assert drawn_fairly((9_000, 1_000), (0.9, 0.1)) == 1.0
    assert drawn_fairly((0, 0)) == 1.0


@pytest.mark.parametrize("looks", [0, 21])
def test_plans_of_no_or_endless_looks_are_refused(looks: int) -> None:
    with pytest.raises(DataError):
        boundary(looks)
