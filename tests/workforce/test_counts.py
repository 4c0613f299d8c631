"""Counts from files of any shape; every slip is told where it stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.workforce import counts
from anyshore.workforce.counts import Counts, read

LONG = "start,calls\n2026-03-02 09:00,3\n2026-03-02 09:30,4\n2026-03-02 10:00,5\n"
NINE = datetime(2026, 3, 2, 9)
HALF = timedelta(minutes=30)


def told(text: str, **options: object) -> list[tuple[str, int | None, int | None]]:
    """The problems of a file: code, line, column."""
    with pytest.raises(DataError) as refused:
        read(text.encode(), "calls.csv", **options)
    return [(one.code, one.location.line, one.location.column) for one in refused.value.diagnostics]


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        LONG.replace(",", ";").replace(" 09", "T09"),
        LONG.replace(",", "\t").replace("\n", "\r\n"),
        "date,time,calls\n2026-03-02,09:00,3\n2026-03-02,09:30,4\n2026-03-02,10:00,5\n",
        "date,09:00,09:30,10:00\n2026-03-02,3,4,5\n",
        "Uhrzeit;02.03.2026\n9:00;3\n9:30;4\n10:00;5\n",
        "Beginn;Anrufe\n02.03.2026 9:00;3,0\n02.03.2026 9:30;4\n02.03.2026 10:00;5\n",
        "\ufeff" + LONG,
        LONG.replace("start", "début"),
    ],
)
def test_long_and_wide_files_say_the_same(text: str) -> None:
    encoded = text.encode("cp1252" if "é" in text else "utf-8")
    assert read(encoded, "calls.csv") == Counts(30, {NINE: 3.0, NINE + HALF: 4.0, NINE + 2 * HALF: 5.0})


def test_short_intervals_are_added_up_to_half_hours() -> None:
    lines = [f"2026-03-02 09:{minute:02},{minute}" for minute in range(0, 60, 5)]
    text = "\n".join(["start,calls", *lines]).encode()
    assert read(text, "").values == {NINE: 75.0, NINE + HALF: 255.0}
    assert read(text, "", interval=60).values == {NINE: 330.0}
    assert len(read(text, "", interval=5).values) == 12


def test_one_of_several_columns_is_named() -> None:
    text = "start,calls,mails\n2026-03-02 09:00,3,1\n2026-03-02 10:00,4,2\n"
    assert list(read(text.encode(), "", column="mails").values.values()) == [1.0, 2.0]
    assert told(text) == [("workforce.header", 1, None)]
    assert told(text, column="faxes") == [("workforce.header", 1, None)]


def test_days_are_counts_too() -> None:
    assert read(b"day,letters\n2026-03-02,9\n2026-03-03,8\n", "") == Counts(
        1440, {datetime(2026, 3, 2): 9.0, datetime(2026, 3, 3): 8.0}
    )
    text = "day,time,calls,mails\n2026-03-02,9:00,1,2\n2026-03-02,9:30,3,4\n"
    assert read(text.encode(), "", column="mails").values == {NINE: 2.0, NINE + HALF: 4.0}


def test_all_slips_come_back_at_once_with_their_places() -> None:
    rows = ["2026-03-02 09:00,-1", "2026-03-02 09:30,many", "yesterday,3", "2026-03-02 10:30,", "2026-03-02 11:00,4",
            "2026-03-02 11:00,5", "2026-03-02 11:30,1e12"]  # fmt: skip
    assert told("start,calls\n" + "\n".join(rows)) == [
        ("workforce.count", 2, 2),
        ("workforce.count", 3, 2),
        ("workforce.start", 4, 1),
        ("workforce.count", 5, 2),
        ("workforce.twice", 7, 2),
        ("workforce.count", 8, 2),
    ]


@pytest.mark.parametrize("count", ["1.000", "12,500"])
def test_thousands_are_not_taken_for_ones(count: str) -> None:
    """Where commas may be decimal, as in German files, a point may group thousands."""
    assert told(f"day;calls\n2026-03-02;{count}\n") == [("workforce.count", 2, 2)]
    assert read(b"day,calls\n2026-03-02,1.000\n", "").values == {datetime(2026, 3, 2): 1.0}
    assert read(b"day;calls\n2026-03-02;0,125\n", "").values == {datetime(2026, 3, 2): 0.125}


def test_wide_slips_name_the_cell() -> None:
    assert told("day,09:00,09:30\n2026-03-02,1,x\n2026-03-03,1,2,3\n") == [
        ("workforce.count", 2, 3), ("workforce.cells", 3, None),
    ]  # fmt: skip


def weekly(weeks: int, missing: set[datetime] = frozenset()) -> str:
    starts = [NINE + timedelta(days=day, minutes=30 * half) for day in range(7 * weeks) for half in range(4)]
    return "start,calls\n" + "".join(f"{start},2\n" for start in starts if start not in missing)


def test_a_gap_is_an_error_unknown_or_zero_as_asked() -> None:
    gap = NINE + timedelta(days=8, minutes=30)
    text = weekly(3, {gap})
    assert told(text) == [("workforce.gap", 35, None)]
    assert gap not in read(text.encode(), "", gaps="skip").values
    assert gap.replace(minute=0) not in read(text.encode(), "", gaps="skip", interval=60).values
    assert read(text.encode(), "", gaps="zero").values[gap] == 0


def test_closed_days_closed_ends_and_regular_breaks_are_no_gaps() -> None:
    holiday = {NINE + timedelta(days=9, minutes=30 * half) for half in range(4)}
    early = {NINE + timedelta(days=10, minutes=30 * half) for half in (2, 3)}
    lunch = {NINE + timedelta(days=day, minutes=60) for day in range(21)}
    found = read(weekly(3, holiday | early | lunch).encode(), "")
    assert len(found.values) == 7 * 3 * 4 - len(holiday | early | lunch)


def test_the_hour_the_clock_shows_twice_needs_its_zone() -> None:
    rows = ["2026-10-25 01:00,1", "2026-10-25 02:00,2", "2026-10-25 02:00,4", "2026-10-25 03:00,5"]
    text = "start,calls\n" + "\n".join(rows)
    assert told(text) == [("workforce.twice", 4, 2)]
    found = read(text.encode(), "", zone="Europe/Berlin")
    assert found.values[datetime(2026, 10, 25, 2)] == 3  # the mean of both hours
    assert told(text + "\n2026-10-25 02:00,9", zone="Europe/Berlin") == [("workforce.twice", 6, 2)]


def test_the_hour_the_clock_skips_is_no_gap_and_no_count() -> None:
    days = ["2026-03-22", "2026-03-29", "2026-04-05"]
    hours = [f"{day} 0{hour}:00,1" for day in days for hour in range(1, 5) if (day, hour) != ("2026-03-29", 2)]
    text = "start,calls\n" + "\n".join(hours)
    assert told(text) == [("workforce.gap", 7, None)]
    assert len(read(text.encode(), "", zone="Europe/Berlin").values) == 11
    assert told(text + "\n2026-03-29 02:00,1", zone="Europe/Berlin") == [("workforce.skipped", 13, 1)]


def test_times_with_an_offset_are_shown_on_the_clock_of_the_zone() -> None:
    rows = ["2026-10-25T00:00Z,1", "2026-10-25T01:00Z,3", "2026-10-25T02:00Z,5"]
    text = "start,calls\n" + "\n".join(rows)
    assert {code for code, _line, _column in told(text)} == {"workforce.offset"}
    found = read(text.encode(), "", zone="Europe/Berlin")
    assert found.values == {datetime(2026, 10, 25, 2): 2.0, datetime(2026, 10, 25, 3): 5.0}
    twice = text + "\n2026-10-25T01:00Z,3"
    assert told(twice, zone="Europe/Berlin") == [("workforce.twice", 5, 2)]


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("", {}, "workforce.header"),
        ("start,calls\n", {}, "workforce.empty"),
        (LONG, {"zone": "Europe/Atlantis"}, "workforce.zone"),
        (LONG, {"interval": 45}, "workforce.interval"),
        (LONG, {"interval": 50}, "workforce.interval"),
        (LONG, {"interval": 0}, "workforce.interval"),
        (LONG.replace("09:30", "09:37"), {}, "workforce.off-beat"),
        (LONG + "2026-03-02 10:40,1\n", {}, "workforce.off-beat"),
        ("start,calls\n2026-03-02 00:00:10,1\n2026-03-02 00:00:20,1\n", {}, "workforce.off-beat"),
        ('start,calls\n"2026-03-02 09:00,1\n' + "x" * 200_000, {}, "tables.quotes"),
        ("start,calls\n" + "x,1\n" * 1000, {}, "workforce.start"),
    ],
)
def test_what_cannot_be_used_is_refused(text: str, options: dict[str, object], code: str) -> None:
    found = told(text, **options)
    assert found[0][0] == code
    assert len(found) <= counts.MAX_PROBLEMS


CELL = st.sampled_from(
    ["2026-03-02 09:00", "2026-03-02T09:30Z", "02.03.2026", "09:00", "24:00", "9999-12-31 23:30", "0001-01-01 00:00",
     "1", "-1", "1,5", "1e5", "1e999", "nan", "start", "", '"', "\x00", "é", "2026-02-30 09:00", "2026-10-25 02:30",
     "٣"]
)  # fmt: skip
FILE = st.lists(st.lists(CELL, max_size=4), max_size=12).flatmap(
    lambda rows: st.sampled_from(",;\t").map(lambda by: "\n".join(by.join(row) for row in rows).encode())
)
ZONES = st.sampled_from([None, "Europe/Berlin", "America/St_Johns", "UTC"])


def answer(content: bytes, zone: str | None, gaps: counts.Gaps, interval: int | None) -> Counts | DataError:
    try:
        return read(content, "any.csv", zone=zone, gaps=gaps, interval=interval)
    except DataError as refused:
        return refused


@given(FILE | st.binary(max_size=200), ZONES, st.sampled_from(["refuse", "skip", "zero"]), st.sampled_from([None, 60]))
def test_any_bytes_are_counts_or_a_typed_refusal(
    content: bytes, zone: str | None, gaps: counts.Gaps, interval: int | None
) -> None:
    found = answer(content, zone, gaps, interval)
    if isinstance(found, Counts):
        assert found.values
        assert all(value >= 0 for value in found.values.values())
        assert 1440 % found.minutes == 0
    else:
        assert all(one.code.startswith(("workforce.", "tables.", "file.")) and one.message for one in found.diagnostics)


@given(st.dictionaries(st.integers(0, 600), st.integers(0, 10_000), min_size=1), st.booleans())
def test_what_is_written_is_read_again_and_nothing_is_lost(arrived: dict[int, int], wide: bool) -> None:
    values = {datetime(2026, 1, 1) + number * HALF: float(value) for number, value in sorted(arrived.items())}
    if wide:
        days, times = sorted({at.date() for at in values}), [f"{half // 2:02}:{half % 2 * 30:02}" for half in range(48)]
        rows = [
            [f"{day}", *(f"{values.get(datetime.fromisoformat(f'{day} {at}'), '')}" for at in times)] for day in days
        ]
        text = "\n".join(",".join(row) for row in [["day", *times], *rows])
    else:
        text = "start,calls\n" + "".join(f"{at},{value}\n" for at, value in values.items())
    found = read(text.encode(), "", gaps="zero", interval=1440)
    assert sum(found.values.values()) == sum(values.values())


def test_single_arrivals_are_counted_by_the_local_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    moments = [datetime(2026, 3, 2, 9, 10, tzinfo=berlin), datetime(2026, 3, 2, 9, 29, 59, tzinfo=berlin),
               datetime(2026, 3, 4, 9, tzinfo=berlin)]  # fmt: skip
    found = counts.binned(moments, 30, date(2026, 3, 2), date(2026, 3, 3))
    assert (len(found.values), found.values[NINE], sum(found.values.values())) == (96, 2.0, 2.0)
    twice = [datetime(2026, 10, 25, 2, 15, tzinfo=berlin, fold=fold) for fold in (0, 1, 1)]
    found = counts.binned(twice, 60, date(2026, 10, 25), date(2026, 10, 25))
    assert found.values[datetime(2026, 10, 25, 2)] == 1.5  # per hour


def test_the_five_minutes_of_a_bank(data_dir: Path) -> None:
    found = read((data_dir / "calls" / "bank_calls.csv").read_bytes(), "bank_calls.csv")
    assert (found.minutes, len(found.values), len({at.date() for at in found.values})) == (30, 4756, 164)
