"""Crews: every interval covered, all work done in time, and no cheaper plan left (small cases are all tried)."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.shifts import Crew, Shift, Work, clearing, covering, due_hours, parse, present

DAY = date(2026, 3, 2)
SIX = [datetime(2026, 3, 2, 8 + hour) for hour in range(6)]
SHIFTS = (Shift(8 * 60, 11 * 60), Shift(9 * 60, 13 * 60), Shift(10 * 60, 14 * 60))
few = settings(max_examples=examples(40))


@pytest.mark.parametrize(
    ("text", "shift"),
    [("07:00-15:30", Shift(420, 930)), ("22:00-6:00", Shift(1320, 1800)), ("00:00-24:00", Shift(0, 1440))],
)
def test_shifts_are_read(text: str, shift: Shift) -> None:
    assert parse(text) == shift
    assert parse(str(shift)) == shift


@pytest.mark.parametrize("text", ["", "7-15", "07:00", "25:00-26:00", "07:00-24:30", "07:60-08:00"])
def test_what_is_no_shift_is_refused(text: str) -> None:
    with pytest.raises(AnyshoreError) as refused:
        parse(text)
    assert refused.value.code == "workforce.shift"


def paid(crews: list[Crew]) -> float:
    return sum(crew.hours for crew in crews)


@few
@given(st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_no_cheaper_crews_cover_the_day(needed: list[int]) -> None:
    found = covering(SIX, 60, needed, SHIFTS)
    there = present(found, SIX, 60)
    assert all(there[start] >= many for start, many in zip(SIX, needed, strict=True))
    cheapest = min(
        paid(crews)
        for people in itertools.product(range(4), repeat=3)
        if (crews := [Crew(DAY, shift, many) for shift, many in zip(SHIFTS, people, strict=True)])
        and all(present(crews, SIX, 60)[start] >= many for start, many in zip(SIX, needed, strict=True))
    )
    assert paid(found) == cheapest


def test_an_interval_no_shift_covers_is_named() -> None:
    with pytest.raises(AnyshoreError) as refused:
        covering(SIX, 60, [1, 0, 0, 0, 0, 1], SHIFTS[:2])
    assert refused.value.code == "workforce.uncovered"
    assert "2026-03-02 13:00" in refused.value.message


def test_a_shift_over_midnight_covers_both_days() -> None:
    night = [datetime(2026, 3, 2, 22) + timedelta(hours=hour) for hour in range(8)]
    assert covering(night, 60, [2] * 8, [parse("22:00-06:00")]) == [Crew(DAY, Shift(1320, 1800), 2)]


def worked(crews: list[Crew], work: Work) -> bool:
    """Whether the crews, always doing the oldest work that is there, keep every deadline and end with no more open."""
    there = present(crews, work.starts, work.minutes)
    came, done = work.waiting, 0.0
    for start, hours, due in zip(work.starts, work.hours, work.due, strict=True):
        came += hours
        done = min(came, done + there[start] * work.minutes / 60 * (1 - work.shrinkage))
        if done < due - 1e-6:
            return False
    return done >= sum(work.hours) - 1e-6


WORK = st.tuples(
    st.lists(st.floats(0, 4), min_size=6, max_size=6), st.sampled_from([60.0, 120.0, 240.0]), st.floats(0, 3)
)


@few
@given(WORK)
def test_no_cheaper_crews_do_the_work_in_time(given_work: tuple[list[float], float, float]) -> None:
    hours, within, waiting = given_work
    work = Work(SIX, 60, hours, due_hours(hours, 60, within, [(120.0, waiting)]), waiting, 0.25)
    if not worked([Crew(DAY, shift, 100) for shift in SHIFTS], work):
        with pytest.raises(AnyshoreError, match="not there when work is due"):
            clearing(work, SHIFTS)
        return
    found = clearing(work, SHIFTS)
    assert worked(found, work)
    cheaper = (
        [Crew(DAY, shift, many) for shift, many in zip(SHIFTS, people, strict=True)]
        for people in itertools.product(range(9), repeat=3)
    )
    assert not any(paid(crews) < paid(found) and worked(crews, work) for crews in cheaper)


def test_of_equally_cheap_crews_the_most_even_are_taken() -> None:
    starts = [datetime(2026, 3, 2 + day, hour) for day in range(5) for hour in range(9, 17)]
    hours = [3.0] * 40
    found = clearing(Work(starts, 60, hours, due_hours(hours, 60, 40 * 60.0, [])))
    assert [crew.people for crew in found] == [3] * 5


def test_a_day_is_a_shift_where_none_is_given() -> None:
    starts = [datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10), datetime(2026, 3, 3, 9)]
    found = clearing(Work(starts, 60, [2.0, 0.0, 1.0], due_hours([2.0, 0.0, 1.0], 60, 120.0, [])))
    assert [(str(crew.shift), crew.people) for crew in found] == [("09:00-11:00", 1), ("09:00-10:00", 1)]


def test_work_without_opening_hours_cannot_be_done() -> None:
    assert clearing(Work([], 60, [], [])) == []
    with pytest.raises(AnyshoreError):
        clearing(Work([], 60, [], [], waiting=1.0))
    with pytest.raises(AnyshoreError):
        clearing(Work(SIX, 60, [1.0] * 6, due_hours([1.0] * 6, 60, 60.0, [])), [Shift(0, 120)])


def test_work_is_due_its_limit_after_the_interval_it_came_in_began() -> None:
    assert due_hours([1.0, 2.0, 4.0], 60, 120.0, []) == [0.0, 1.0, 3.0]
    assert due_hours([1.0, 2.0, 4.0], 60, 30.0, []) == [1.0, 3.0, 7.0]  # never before its interval ends
    assert due_hours([0.0, 0.0], 60, 60.0, [(90.0, 5.0), (1.0, 1.0), (500.0, 9.0)]) == [6.0, 6.0]
