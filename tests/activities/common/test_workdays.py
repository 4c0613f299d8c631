"""Days on which something can be performed, by place, and days on which euros move."""

from __future__ import annotations

from datetime import date

import pytest

from anyshore.activities.common.workdays import is_open, is_target_day, next_open, next_target_day
from anyshore.base.errors import DataError


@pytest.mark.parametrize(
    ("day", "place", "then"),
    [
        (date(2026, 3, 13), "DE", date(2026, 3, 13)),
        (date(2026, 3, 14), "DE", date(2026, 3, 16)),  # a Saturday
        (date(2026, 3, 15), "DE", date(2026, 3, 16)),  # a Sunday
        (date(2026, 4, 3), "DE", date(2026, 4, 7)),  # Good Friday to the Tuesday after Easter
        (date(2026, 6, 4), "DE", date(2026, 6, 4)),  # Corpus Christi, no holiday of the whole country
        (date(2026, 6, 4), "DE-BY", date(2026, 6, 5)),
        (date(2026, 10, 3), "DE", date(2026, 10, 5)),
        (date(2026, 5, 14), "GB", date(2026, 5, 14)),
    ],
)
def test_a_day_moves_to_the_next_one_that_is_open_there(day: date, place: str, then: date) -> None:
    assert next_open(day, place) == then
    assert is_open(then, place)


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2026, 1, 1), date(2026, 1, 2)),
        (date(2026, 4, 3), date(2026, 4, 7)),
        (date(2026, 5, 1), date(2026, 5, 4)),
        (date(2026, 5, 14), date(2026, 5, 14)),  # Ascension Day is none of TARGET's
        (date(2026, 12, 24), date(2026, 12, 24)),
        (date(2026, 12, 25), date(2026, 12, 28)),
    ],
)
def test_target_has_six_closing_days_and_weekends(day: date, then: date) -> None:
    assert next_target_day(day) == then
    assert is_target_day(then)


@pytest.mark.parametrize("place", ["Bavaria", "DE-XX", "", "XX"])
def test_a_place_nobody_knows_is_refused(place: str) -> None:
    with pytest.raises(DataError) as caught:
        is_open(date(2026, 3, 13), place)
    assert caught.value.code == "calendar.place"
