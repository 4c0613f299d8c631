"""Intervals written as ranges begin at their first time, or the file is refused with the cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from anyshore.base.errors import DataError
from anyshore.workforce.counts import Counts, read
from anyshore.workforce.intervals import is_range_of_clock, minutes_of, read_range

DAY = "2026-01-05"
EIGHT = datetime(2026, 1, 5, 8)


def table(starts: Sequence[str], head: str = "start;calls") -> bytes:
    return "\n".join([head, *(f"{start};{number}" for number, start in enumerate(starts, 1))]).encode()


def counted(starts: Sequence[str], head: str = "start;calls", zone: str | None = None) -> Counts:
    return read(table(starts, head), "calls.csv", zone=zone)


def refused(starts: Sequence[str], zone: str | None = None) -> list[tuple[str, int | None, int | None]]:
    with pytest.raises(DataError) as error:
        counted(starts, zone=zone)
    return [(one.code, one.location.line, one.location.column) for one in error.value.diagnostics]


@pytest.mark.parametrize(
    "form",
    [
        "2026-01-05 {0:02}:00-{0:02}:30",
        "2026-01-05 {0:02}:00 - {0:02}:30",
        "2026-01-05 {0:02}:00 -{0:02}:30",
        "2026-01-05 {0:02}:00- {0:02}:30",
        "2026-01-05 {0:02}:00–{0:02}:30",
        "2026-01-05 {0:02}:00 – {0:02}:30",
        "2026-01-05 {0:02}:00 — {0:02}:30",
        "2026-01-05 {0:02}:00 – {0:02}:30",
        "2026-01-05 {0:02}:00~{0:02}:30",
        "2026-01-05 {0:02}:00 … {0:02}:30",
        "2026-01-05 {0:02}:00/{0:02}:30",
        "2026-01-05 {0:02}:00:00-{0:02}:30:00",
        "2026-01-05 {0:02}00-{0:02}30",
        "2026-01-05 {0}:00 to {0}:30",
        "2026-01-05 {0}:00 until {0}:30",
        "2026-01-05 {0}h00-{0}h30",
        "2026-01-05 {0}:00 AM - {0}:30 AM",
        "2026-01-05 {0}:00-{0}:30 am",
        "05.01.2026 {0}.00-{0}.30 Uhr",
        "05.01.2026 {0}:00 bis {0}:30 Uhr",
        "05.01.2026 von {0}:00 bis {0}:30",
        "05.01.2026, {0}:00 Uhr - {0}:30 Uhr",
        "05.01.2026 {0}:00 - 05.01.2026 {0}:30",
        "5 Jan 2026 {0}:00 - {0}:30",
        "2026-01-05T{0:02}:00/2026-01-05T{0:02}:30",
        "2026-01-05T{0:02}:00/PT30M",
        "2026-01-05 {0:02}:00-{0:02}:29",
        "2026-01-05 {0:02}:00:00 - {0:02}:29:59",
    ],
)
def test_a_range_begins_at_its_first_time(form: str) -> None:
    hours = [EIGHT + timedelta(hours=number) for number in range(4)]
    starts = [form.format(at.hour) for at in hours]
    assert counted(starts) == Counts(30, {at: float(number) for number, at in enumerate(hours, 1)})


@pytest.mark.parametrize(
    "form", ["{0}-{1}", "{0} - {1}", "{0}–{1} Uhr", "{0}-{1} Uhr", "{0} bis {1} Uhr", "{0} Uhr-{1} Uhr"]
)
def test_whole_hours_need_no_minutes(form: str) -> None:
    starts = [f"{DAY} {form.format(hour, hour + 1)}" for hour in range(8, 12)]
    assert list(counted(starts).values) == [EIGHT + timedelta(hours=number) for number in range(4)]
    assert counted(starts).minutes == 60


def test_a_half_of_the_day_named_once_is_that_of_the_nearer_hour() -> None:
    ranges = ["8-9 am", "11-12 pm", "12-1 pm", "1-2 PM", "10 pm-11 pm", "11-12 am"]
    assert [at.hour for at in counted([f"{DAY} {one}" for one in ranges]).values] == [8, 11, 12, 13, 22, 23]


@pytest.mark.parametrize("last", ["23:30-00:00", "23:30-24:00", "23:30 - 2026-01-06 00:00", "23:30-23:59"])
def test_a_range_may_end_at_midnight_or_behind_it(last: str) -> None:
    found = counted([f"{DAY} 23:00-23:30", f"{DAY} {last}", "2026-01-06 00:00-00:30"])
    assert list(found.values) == [datetime(2026, 1, 5, 23), datetime(2026, 1, 5, 23, 30), datetime(2026, 1, 6)]
    assert counted([f"{DAY} 22:00 – 00:00"]).minutes == 120


def test_day_and_range_may_stand_in_two_columns_or_the_range_in_the_header() -> None:
    for one, other in (("08:00-08:30", "08:30-09:00"), ("8:00 bis 8:30", "8:30 bis 9:00"), ("8:00–8:30", "8:30–9:00")):
        assert is_range_of_clock(one)
        long = read(f"day;time;calls\n{DAY};{one};1\n{DAY};{other};2\n".encode(), "")
        wide = read(f"day;{one};{other}\n{DAY};1;2\n".encode(), "")
        turned = read(f"time;{DAY}\n{one};1\n{other};2\n".encode(), "")
        assert long == wide == turned == Counts(30, {EIGHT: 1.0, EIGHT + timedelta(minutes=30): 2.0})


def test_what_may_be_an_offset_is_told_by_the_other_cells() -> None:
    with_offset = [f"{DAY} {hour:02}:00-08:00" for hour in range(1, 9)]
    assert next(iter(counted(with_offset, zone="America/Los_Angeles").values)).hour == 1
    summer = ["2026-03-08 01:00-08:00", "2026-03-08 03:00-07:00", "2026-03-08 04:00-07:00"]
    assert [at.hour for at in counted(summer, zone="America/Los_Angeles").values] == [1, 3, 4]
    ranges = [f"{DAY} {hour:02}:00-{hour + 1:02}:00" for hour in range(6, 12)]
    assert [at.hour for at in counted(ranges, zone="Europe/Berlin").values] == list(range(6, 12))


def test_what_no_other_cell_tells_is_refused() -> None:
    assert refused([f"{DAY} 07:00-08:00"], zone="America/Los_Angeles") == [("workforce.start", 2, 1)]
    assert counted([f"{DAY} 07:00-08:00", f"{DAY} 12:00 – 13:00"]).minutes == 60
    iso = counted([f"{DAY}T07:00-08:00"], zone="America/Los_Angeles")  # ISO 8601: behind a T it is an offset
    assert list(iso.values) == [datetime(2026, 1, 5, 7)]


def test_ranges_of_another_length_are_refused_with_their_cell() -> None:
    rows = [f"{DAY} 08:00 - 08:30", f"{DAY} 08:30 - 09:00", f"{DAY} 09:00 - 10:30"]
    assert refused(rows) == [("workforce.range", 4, 1)]
    assert refused([f"{DAY} 08:00 - 18:00"]) == [("workforce.range", 2, 1)]
    assert refused([f"{DAY} 09:00 - 2026-01-04 10:00"]) == [("workforce.start", 2, 1)]
    assert refused([f"{DAY} 08:00 - 09:00", f"{DAY} 08:30 - 09:30"]) == [("workforce.off-beat", 3, None)]
    assert refused(["2026-01-05 - 2026-01-11"]) == [("workforce.range", 2, 1)]


def test_the_length_of_the_ranges_is_that_of_the_intervals() -> None:
    assert counted([f"{DAY} 08:00 – 08:15", f"{DAY} 09:00 – 09:15"]) == Counts(
        30, {EIGHT: 1.0, EIGHT.replace(hour=9): 2.0}
    )
    assert counted(["2026-01-05 – 2026-01-05", "2026-01-06 – 2026-01-06"]).minutes == 1440


def test_a_range_over_a_change_of_the_clock_is_as_long_as_the_others() -> None:
    rows = [f"2026-03-29 {one}" for one in ("00:00 – 01:00", "01:00 – 03:00", "03:00 – 04:00")]
    assert [at.hour for at in counted(rows, zone="Europe/Berlin").values] == [0, 1, 3]


@pytest.mark.parametrize("text", ["2026-01-05", "2026-01-05 08:00", "05-01-2026", "2026-01-05T08:00Z", "08:00-08:30",
                                  "2026-01-05 08:00-25:00", "x - y", "2026-01-05 - x", ""])  # fmt: skip
def test_what_is_no_range_with_a_date_is_left_to_the_reader_of_dates(text: str) -> None:
    assert read_range(text) is None


@pytest.mark.parametrize(("minutes", "whole"), [(30, 30), (29, 30), (9, 10), (4, 5), (59, 60), (1439, 1440), (7, 7)])
def test_the_last_minute_may_be_named(minutes: int, whole: int) -> None:
    assert minutes_of(timedelta(minutes=minutes)) == whole
