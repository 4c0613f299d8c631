from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples
from tests.harness import lines_executed

from anyshore.base.errors import AnyshoreError
from anyshore.terms.calendars import ROUND_THE_CLOCK, Calendar, HolidayRegion, SpecialDay, instant, local_date
from anyshore.terms.clocks import HOUR, MINUTE, Clock, merged

OFFICE_HOURS = (((540, 1020),),) * 5 + ((), ())
BERLIN = Calendar("Europe/Berlin", OFFICE_HOURS, (HolidayRegion("DE", "BE"),))
NIGHTS = Calendar("Europe/Berlin", (((0, 360), (1320, 1440)),) * 7)
SPLIT = Calendar("America/New_York", (((510, 720), (780, 1050)),) * 5 + (((600, 780),), ()), (HolidayRegion("US"),))
KOLKATA = Calendar(
    "Asia/Kolkata", OFFICE_HOURS, (HolidayRegion("IN", "MH"),), (SpecialDay(date(2026, 11, 8), ((600, 720),)),)
)
ALWAYS_BERLIN = Calendar("Europe/Berlin", ROUND_THE_CLOCK, (), (SpecialDay(date(1999, 1, 1)),))
CALENDARS = [BERLIN, NIGHTS, SPLIT, KOLKATA, ALWAYS_BERLIN, Calendar()]


def at(text: str, zone: str = "Europe/Berlin") -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round((moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


BETWEEN = [
    ("inside a day", "2026-01-05T10:00", "2026-01-05T12:30", 2.5),
    ("opening and closing", "2026-01-05T09:00", "2026-01-05T17:00", 8),
    ("before opening", "2026-01-05T03:00", "2026-01-05T10:00", 1),
    ("over night", "2026-01-05T16:00", "2026-01-06T10:00", 2),
    ("over a weekend", "2026-01-09T16:00", "2026-01-12T10:00", 2),
    ("only weekend", "2026-01-10T00:00", "2026-01-11T23:59", 0),
    ("Women's Day in Berlin is a Sunday in 2026", "2026-03-06T16:00", "2026-03-09T10:00", 2),
    ("Good Friday and Easter Monday", "2026-04-02T16:00", "2026-04-07T10:00", 2),
    ("German Unity Day is a Saturday in 2026", "2026-10-02T16:00", "2026-10-05T10:00", 2),
    ("Christmas and New Year", "2026-12-24T16:00", "2026-12-28T10:00", 2),
    ("a week over the change to summer time", "2026-03-27T09:00", "2026-03-30T09:00", 8),
    ("a week over the change to winter time", "2026-10-23T09:00", "2026-10-26T09:00", 8),
    ("backwards", "2026-01-05T12:00", "2026-01-05T10:00", -2),
    ("nothing", "2026-01-05T12:00", "2026-01-05T12:00", 0),
]  # fmt: skip


@pytest.mark.parametrize(("case", "start", "end", "hours"), BETWEEN, ids=[row[0] for row in BETWEEN])
def test_business_time_in_a_berlin_office(case: str, start: str, end: str, hours: float) -> None:
    assert Clock(BERLIN).business_time_between(at(start), at(end)) == hours * HOUR


NIGHT_HOURS = [("2026-03-28", 8), ("2026-03-29", 7), ("2026-10-24", 8), ("2026-10-25", 9)]


@pytest.mark.parametrize(("day", "hours"), NIGHT_HOURS)
def test_night_shift_over_the_change_of_clocks(day: str, hours: int) -> None:
    midnight = at(f"{day}T00:00")
    next_midnight = instant(ZoneInfo("Europe/Berlin"), date.fromisoformat(day), 1440)
    assert Clock(NIGHTS).business_time_between(midnight, next_midnight) == hours * HOUR


def test_round_the_clock_is_elapsed_time_over_the_change_of_clocks() -> None:
    start, end = at("2026-03-28T12:00"), at("2026-03-30T12:00")
    assert Clock(ALWAYS_BERLIN).business_time_between(start, end) == end - start == 47 * HOUR


def test_an_opening_time_that_never_happens_is_the_moment_clocks_go_forward() -> None:
    zone, day = ZoneInfo("Europe/Berlin"), date(2026, 3, 29)
    assert (
        instant(zone, day, 150) == instant(zone, day, 120) == instant(zone, day, 180) == at("2026-03-29T01:00", "UTC")
    )


def test_a_local_day_that_never_happened() -> None:
    zone = ZoneInfo("Pacific/Apia")
    assert instant(zone, date(2011, 12, 30), 600) == instant(zone, date(2011, 12, 31), 0)
    assert Calendar("Pacific/Apia").open_spans(2011)[0][1] == instant(zone, date(2011, 12, 31), 1440)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Tehran", "Africa/Casablanca"]
)
def test_rising_local_times_give_instants_that_never_fall(zone: str) -> None:
    info = ZoneInfo(zone)
    for day in (date(2018, 1, 1) + timedelta(days=n) for n in range(365)):
        instants = [instant(info, day, minutes) for minutes in range(0, 1441, 30)]
        assert instants == sorted(instants)


def test_special_days_win_over_holidays_and_weekdays() -> None:
    calendar = Calendar("Europe/Berlin", OFFICE_HOURS, (HolidayRegion("DE", "BE"),), (
        SpecialDay(date(2026, 12, 25), ((600, 720),), "open for the year's end"),
        SpecialDay(date(2026, 12, 24), (), "company holiday"),
    ))  # fmt: skip
    clock = Clock(calendar)
    assert clock.business_time_between(at("2026-12-24T00:00"), at("2026-12-25T00:00")) == 0
    assert clock.business_time_between(at("2026-12-25T00:00"), at("2026-12-26T00:00")) == 2 * HOUR
    assert list(calendar.closed_days(date(2026, 12, 1), date(2026, 12, 31))) == [date(2026, 12, 24)]


def test_holidays_differ_by_subdivision() -> None:
    berlin = BERLIN.holidays(2027)
    bavaria = Calendar("Europe/Berlin", OFFICE_HOURS, (HolidayRegion("DE", "BY"),)).holidays(2027)
    assert date(2027, 3, 8) in berlin
    assert date(2027, 3, 8) not in bavaria
    assert date(2027, 1, 6) in bavaria
    both = Calendar(regions=(HolidayRegion("DE", "BE"), HolidayRegion("PL"))).holidays(2027)
    assert {date(2027, 3, 8), date(2027, 11, 11)} <= both.keys()


DEADLINES = [
    ("2026-01-05T09:00", 8, "2026-01-05T17:00", "2026-01-06T09:00"),
    ("2026-01-05T10:00", 8, "2026-01-06T10:00", "2026-01-06T10:00"),
    ("2026-01-09T16:00", 2, "2026-01-12T10:00", "2026-01-12T10:00"),
    ("2026-01-10T12:00", 0, "2026-01-10T12:00", "2026-01-12T09:00"),
    ("2026-12-30T09:00", 16, "2026-12-31T17:00", "2027-01-04T09:00"),
    ("2026-01-05T12:00", 0, "2026-01-05T12:00", "2026-01-05T12:00"),
]


@pytest.mark.parametrize(("start", "hours", "early", "late"), DEADLINES)
def test_deadlines(start: str, hours: int, early: str, late: str) -> None:
    clock = Clock(BERLIN)
    assert clock.add_business_time(at(start), hours * HOUR) == at(early)
    assert clock.add_business_time(at(start), hours * HOUR, late=True) == at(late)


def test_a_long_duration_grows_the_table() -> None:
    clock = Clock(BERLIN)
    start = at("2026-01-05T09:00")
    end = clock.add_business_time(start, 20_000 * HOUR)
    assert clock.business_time_between(start, end) == 20_000 * HOUR
    assert local_date("Europe/Berlin", end).year in (2035, 2036)


def test_pauses_may_overlap_and_stick_out() -> None:
    clock = Clock(BERLIN)
    start, end = at("2026-01-05T09:00"), at("2026-01-06T17:00")
    pauses = [
        (at("2026-01-01T00:00"), at("2026-01-05T10:00")),
        (at("2026-01-05T12:00"), at("2026-01-05T14:00")),
        (at("2026-01-05T13:00"), at("2026-01-05T15:00")),
        (at("2026-01-05T20:00"), at("2026-01-06T03:00")),
        (at("2026-01-06T16:30"), at("2026-02-01T00:00")),
    ]
    assert clock.elapsed(start, end, pauses) == (16 - 1 - 3) * HOUR - 30 * MINUTE


def test_instants_outside_the_table() -> None:
    with pytest.raises(AnyshoreError, match="1900 to 2199"):
        Clock(BERLIN).business_time_between(0, 10**19)
    with pytest.raises(AnyshoreError, match="cannot be negative"):
        Clock(BERLIN).add_business_time(0, -1)
    with pytest.raises(AnyshoreError, match="too few hours"):
        Clock(Calendar(weekly=((),) * 7, special=(SpecialDay(date(2026, 1, 1), ((0, 60),)),))).add_business_time(
            0, 2 * HOUR
        )


instants = st.integers(at("2009-12-20T00:00"), at("2031-01-10T00:00"))
calendars = st.sampled_from(CALENDARS)


@settings(max_examples=examples(300))
@given(calendars, instants, instants, instants)
def test_additivity(calendar: Calendar, a: int, b: int, c: int) -> None:
    clock = Clock(calendar) if a % 7 == 0 else SHARED[calendar]
    between = clock.business_time_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)


@settings(max_examples=examples(300))
@given(calendars, instants, instants, instants)
def test_monotony(calendar: Calendar, a: int, b: int, c: int) -> None:
    b, c = sorted((b, c))
    clock = SHARED[calendar]
    assert clock.business_time_between(a, b) <= clock.business_time_between(a, c)
    assert clock.business_time_between(b, c) <= c - b


@settings(max_examples=examples(300))
@given(calendars, instants, st.integers(0, 3000 * HOUR), st.integers(0, 3000 * HOUR))
def test_adding_is_the_inverse_of_measuring(calendar: Calendar, start: int, one: int, other: int) -> None:
    clock = SHARED[calendar]
    early, late = clock.add_business_time(start, one), clock.add_business_time(start, one, late=True)
    assert clock.business_time_between(start, early) == clock.business_time_between(start, late) == one
    assert start <= early <= late
    assert clock.business_time_between(start, late + 1) == one + 1
    assert early in (start, late) or clock.business_time_between(start, early - 1) == one - 1
    assert clock.add_business_time(early, other) == clock.add_business_time(start, one + other) or other == 0


@settings(max_examples=examples(100))
@given(
    calendars,
    instants,
    st.integers(0, 300 * HOUR),
    st.lists(st.tuples(instants, st.integers(0, 999 * HOUR)), max_size=4),
)
def test_time_in_pauses_and_outside_add_up(
    calendar: Calendar, start: int, span: int, raw: list[tuple[int, int]]
) -> None:
    end, clock = start + span, SHARED[calendar]
    pauses = [(start + b % (2 * span + 1) - span // 2, start + b % (2 * span + 1) - span // 2 + n) for b, n in raw]
    paused = sum(clock.business_time_between(b, e) for b, e in merged(pauses, start, end))
    assert clock.elapsed(start, end, pauses) + paused == clock.business_time_between(start, end)
    assert clock.elapsed(start, end, pauses) >= 0


@settings(max_examples=examples(40))
@given(st.sampled_from([BERLIN, SPLIT, NIGHTS]), st.integers(0, 3000), st.integers(0, 20_000))
def test_the_same_as_counting_minute_by_minute(calendar: Calendar, day: int, minutes: int) -> None:
    zone = ZoneInfo(calendar.zone)
    start = at("2020-01-01T00:00", "UTC") + day * 24 * HOUR
    count = 0
    for minute in range(0, minutes, 5):
        local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=start + minute * MINUTE)).astimezone(zone)
        wall = local.hour * 60 + local.minute
        if local.date() not in calendar.holidays(local.year):
            count += any(opens <= wall < closes for opens, closes in calendar.weekly[local.weekday()])
    span = (minutes + 4) // 5 * 5
    assert Clock(calendar).business_time_between(start, start + span * MINUTE) == count * 5 * MINUTE


SHARED = {calendar: Clock(calendar) for calendar in CALENDARS}


def test_a_case_costs_as_much_far_into_the_calendar_as_at_its_beginning() -> None:
    clock = Clock(BERLIN)

    def lines(years: int) -> int:
        start = at(f"{2024 + years}-01-01T00:00")
        clock.business_time_between(start, start + 30 * 24 * HOUR)  # holidays are looked up once per year
        return lines_executed(lambda: clock.business_time_between(start, start + 30 * 24 * HOUR))

    assert lines(9) <= 1.2 * lines(0)
