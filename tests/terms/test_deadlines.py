"""Due by a business calendar: days, hours, holidays, weekends, clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.terms.calendars import Calendar, HolidayRegion, SpecialDay
from anyshore.terms.deadlines import after

HOUR = 3_600_000_000
WEEK = (((540, 1020),),) * 5 + ((), ())
BERLIN = Calendar("Europe/Berlin", WEEK, (HolidayRegion("DE", "BE"),), (SpecialDay(date(2026, 12, 24), (), "closed"),))
NIGHT = Calendar("Europe/Berlin", (((0, 1440),),) * 7)
NEVER = Calendar("UTC", ((),) * 7)


def due(calendar: Calendar, at: str, days: int, hours: float = 0) -> str:
    start = int(datetime.fromisoformat(at).timestamp() * 1_000_000)
    found = after(calendar, start, days, int(hours * HOUR))
    return datetime.fromtimestamp(found / 1_000_000, UTC).isoformat()[:16]


@pytest.mark.parametrize(
    ("at", "days", "hours", "expected"),
    [
        ("2026-11-25T10:00+01:00", 0, 0, "2026-11-25T09:00"),  # open: now
        ("2026-11-25T20:00+01:00", 0, 0, "2026-11-26T08:00"),  # closed: at the next opening
        ("2026-11-25T10:00+01:00", 0, 8, "2026-11-26T09:00"),  # eight hours go over the night
        ("2026-11-25T09:00+01:00", 0, 8, "2026-11-25T16:00"),  # to the end of the day, not the next opening
        ("2026-11-27T10:00+01:00", 1, 0, "2026-11-30T09:00"),  # over a weekend
        ("2026-11-27T20:00+01:00", 1, 0, "2026-12-01T08:00"),  # Friday evening counts as Monday morning
        ("2026-12-23T10:00+01:00", 1, 0, "2026-12-28T09:00"),  # a special day, two holidays and a weekend
        ("2026-12-23T10:00+01:00", 2, 2.5, "2026-12-29T11:30"),
        ("2026-03-27T10:00+01:00", 1, 0, "2026-03-30T08:00"),  # the clocks went forward: still 10:00 in Berlin
        ("2026-10-23T10:00+02:00", 1, 0, "2026-10-26T09:00"),  # and back
    ],
)
def test_office_hours(at: str, days: int, hours: float, expected: str) -> None:
    assert due(BERLIN, at, days, hours) == expected


@pytest.mark.parametrize(
    ("at", "days", "hours", "expected"),
    [
        ("2026-03-28T02:30+01:00", 1, 0, "2026-03-29T01:00"),  # 02:30 does not happen: when the clocks change
        ("2026-10-24T02:30+02:00", 1, 0, "2026-10-25T00:30"),  # 02:30 happens twice: the first
        ("2026-10-25T02:00+02:00", 0, 2, "2026-10-25T02:00"),  # two hours are two hours
    ],
)
def test_clock_changes_at_night(at: str, days: int, hours: float, expected: str) -> None:
    assert due(NIGHT, at, days, hours) == expected


@pytest.mark.parametrize(("days", "hours"), [(0, 0), (1, 0), (0, 1)])
def test_an_office_that_never_opens_is_told(days: int, hours: int) -> None:
    with pytest.raises(AnyshoreError):
        due(NEVER, "2026-03-28T02:30+01:00", days, hours)
