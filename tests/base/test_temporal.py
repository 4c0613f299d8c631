"""Dates, times and durations: forms, ranges, arithmetic, zones."""

from __future__ import annotations

import datetime as python

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base import temporal, zones
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time

PYTHON_DATES = st.dates(python.date(2, 1, 1))
ORDINALS = st.integers(-365 * 10**8, 365 * 10**8)


@given(PYTHON_DATES)
def test_calendar_agrees_with_python(day: python.date) -> None:
    ours = Date(day.year, day.month, day.day)
    assert ours.ordinal == day.toordinal() - python.date(1970, 1, 1).toordinal()
    assert ours.weekday == day.isoweekday()
    assert ours.week_of_year == day.isocalendar()[1]
    assert ours.day_of_year == day.timetuple().tm_yday
    assert str(ours) == day.isoformat()


@given(ORDINALS)
def test_days_and_dates_are_one_to_one(days: int) -> None:
    assert Date.from_ordinal(days).ordinal == days
    assert Date.parse(str(Date.from_ordinal(days))).ordinal == days


@pytest.mark.parametrize(
    "text",
    [
        "2020-02-29", "-2021-01-01", "999999999-12-31", "0000-01-01", "10:15:00", "23:59:59.999999999+02:00",
        "10:00:00Z", "10:00:00@Europe/Paris", "11:59:45+02:01:10", "2017-12-31T11:22:33.5-01:35",
        "-999999999-12-31T23:59:59.999999999+02:00", "999999999-12-31T23:59:59.999999999@Europe/Paris",
        "P1DT2H3M4.5S", "-PT1H", "PT0S", "P1Y2M", "-P10M", "P0M",
    ],
)  # fmt: skip
def test_reading_what_was_written(text: str) -> None:
    assert str(temporal.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "foo", "2020-02-30", "998-12-31", "01211-12-31", "+99999-12-01", "1000000000-01-01", "2017-13-01",
        "24:00:01", "25:00:00", "7:20:00", "10:20", "10:00:00+19:00", "10:00:00+5:00", "10:00:00@Nowhere/City",
        "10:00:00+01:00@Europe/Paris", "10:00:00@../etc/passwd", "10:00:00@Europe", "2017-12-31T00:00:61",
        "2017-12-31T",
        "P", "PT", "P1", "P1H", "1Y", "P1Y1D", "P1YT1H", "-P", "P" + "9" * 500 + "D", "P" + "9" * 25 + "Y",
        "٢٠٢٠-٠١-٠١",
    ],
)  # fmt: skip
def test_refusing_what_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        temporal.parse(text)


@pytest.mark.parametrize(
    ("text", "months", "expected"),
    [
        ("2020-01-31", 1, "2020-02-29"),
        ("2021-01-31", 1, "2021-02-28"),
        ("2020-12-31", 2, "2021-02-28"),
        ("-2021-01-01", -1, "-2022-12-01"),
        ("0000-01-01", -1, "-0001-12-01"),
    ],
)
def test_adding_months_keeps_to_the_end_of_the_month(text: str, months: int, expected: str) -> None:
    assert str(Date.parse(text).plus_months(months)) == expected


def test_years_end() -> None:
    with pytest.raises(ValueError):
        Date(999_999_999, 12, 31).plus_days(1)
    with pytest.raises(ValueError):
        DaysDuration(10**40)
    with pytest.raises(ValueError):
        MonthsDuration(10**12)


def test_midnight_at_the_end_of_a_day_is_the_next_days() -> None:
    assert str(DateTime.parse("2021-01-01T24:00:00")) == "2021-01-02T00:00:00"
    assert str(Time.parse("24:00:00")) == "00:00:00"


def test_a_day_of_23_hours() -> None:
    before = DateTime.parse("2021-03-27T12:00:00@Europe/Berlin")
    assert str(before.plus(DaysDuration.parse("P1D"))) == "2021-03-28T13:00:00@Europe/Berlin"
    assert str(before.plus_months(1)) == "2021-04-27T12:00:00@Europe/Berlin"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("2002-04-02T12:00:00-01:00", "2002-04-02T17:00:00+04:00", 0),
        ("2018-02-08T00:00:00+01:00", "2018-02-08T00:00:00@Europe/Paris", 0),
        ("2018-02-08T00:00:00Z", "2018-02-08T00:00:00@Asia/Dhaka", 1),
        ("2018-02-08T00:00:00", "2018-02-08T00:00:00+02:00", 0),
        ("2018-02-08T00:00:01", "2018-02-08T00:00:00@Asia/Dhaka", 1),
        ("12000-07-01T00:00:00@Europe/Paris", "12000-07-01T00:00:00+02:00", 0),
    ],
)
def test_comparing_moments(left: str, right: str, expected: int) -> None:
    assert temporal.compare(DateTime.parse(left), DateTime.parse(right)) == expected


@given(st.datetimes(python.datetime(1971, 1, 1), python.datetime(2100, 1, 1)))
def test_the_engines_clock(moment: python.datetime) -> None:
    micros = int((moment - python.datetime(1970, 1, 1)) / python.timedelta(microseconds=1))
    for zone in ("UTC", "Europe/Berlin", "America/New_York"):
        local = DateTime.from_micros(micros, zone)
        expected = moment.replace(tzinfo=python.UTC).astimezone(zones.find_zone(zone))
        assert (local.time.hour, local.time.minute, local.time.nanosecond) == (
            expected.hour, expected.minute, expected.microsecond * 1000,
        )  # fmt: skip
        assert local.to_micros() == micros


@given(st.integers(-(10**20), 10**20), st.integers(-(10**9), 10**9))
def test_durations_round_trip(nanos: int, months: int) -> None:
    assert DaysDuration.parse(str(DaysDuration(nanos))) == DaysDuration(nanos)
    assert MonthsDuration.parse(str(MonthsDuration(months))) == MonthsDuration(months)


@pytest.mark.parametrize("name", ["localtime", "posixrules", "right/Europe/Paris", "Europe", "../UTC", ""])
def test_what_is_no_zone_of_the_database_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        zones.find_zone(name)


def test_a_local_time_read_in_a_zone() -> None:
    assert (
        DateTime.parse("2021-07-01T12:00:00").to_micros("Europe/Berlin")
        == DateTime.parse("2021-07-01T10:00:00Z").to_micros()
    )


BERLIN = "Europe/Berlin"


def later(text: str, *hours: int) -> DateTime:
    """A moment some hours later, added one after the other."""
    moment = DateTime.parse(text)
    for one in hours:
        moment = moment.plus(DaysDuration.of(hours=one))
    return moment


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        ("2026-10-25T01:30:00@Europe/Berlin", (1,), "2026-10-25T02:30:00@Europe/Berlin"),
        ("2026-10-25T01:30:00@Europe/Berlin", (2,), "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T01:30:00@Europe/Berlin", (1, 1), "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T01:30:00@Europe/Berlin", (3,), "2026-10-25T03:30:00@Europe/Berlin"),
        ("2026-10-25T01:30:00@Europe/Berlin", (1, 1, 1), "2026-10-25T03:30:00+01:00"),
        ("2026-10-25T03:30:00@Europe/Berlin", (-1,), "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T03:30:00@Europe/Berlin", (-2,), "2026-10-25T02:30:00@Europe/Berlin"),
        ("2026-10-24T12:00:00@Europe/Berlin", (24,), "2026-10-25T11:00:00@Europe/Berlin"),
        ("2026-03-29T01:30:00@Europe/Berlin", (1,), "2026-03-29T03:30:00@Europe/Berlin"),
        ("2026-11-01T00:30:00@America/New_York", (2,), "2026-11-01T01:30:00-05:00"),
        ("2026-04-05T01:45:00@Australia/Lord_Howe", (0, 1), "2026-04-05T02:15:00@Australia/Lord_Howe"),
    ],
)
def test_hours_are_added_as_instants_where_a_clock_changes(begin: str, hours: tuple[int, ...], end: str) -> None:
    found = later(begin, *hours)
    assert found.instant == DateTime.parse(end).instant
    assert found.instant - DateTime.parse(begin).instant == sum(hours) * 3600 * temporal.NANOS
    assert found.date == DateTime.parse(end).date
    assert found.time.nanosecond_of_day == DateTime.parse(end).time.nanosecond_of_day


@given(
    st.datetimes(python.datetime(2026, 10, 24), python.datetime(2026, 10, 26)),
    st.lists(st.integers(-(10**14), 10**14), max_size=4),
)
def test_adding_in_steps_is_adding_at_once(begin: python.datetime, steps: list[int]) -> None:
    start = DateTime.parse(f"{begin.isoformat(timespec='microseconds')}@{BERLIN}")
    moment = start
    for step in steps:
        moment = moment.plus(DaysDuration(step))
    assert moment.instant == start.instant + sum(steps)
    assert DateTime.parse(str(moment)) == moment
