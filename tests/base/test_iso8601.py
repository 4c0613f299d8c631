"""Durations and repeating intervals of ISO 8601 on the calendar of a zone."""

from __future__ import annotations

import pytest

from anyshore.base import iso8601
from anyshore.base.temporal import DateTime


def at(text: str, zone: str = "Europe/Berlin") -> int:
    return DateTime.parse(text).to_micros(zone)


@pytest.mark.parametrize(
    ("begin", "duration", "end"),
    [
        ("2026-01-31T10:00:00", "P1M", "2026-02-28T10:00:00"),
        ("2026-03-28T02:30:00", "P1D", "2026-03-29T03:30:00"),  # the clock goes forward over that hour
        ("2026-03-28T12:00:00", "P1W", "2026-04-04T12:00:00"),
        ("2026-03-28T12:00:00", "P1D", "2026-03-29T12:00:00"),
        ("2026-03-28T12:00:00", "PT24H", "2026-03-29T13:00:00"),
        ("2026-03-28T12:00:00", "P1DT1H", "2026-03-29T13:00:00"),
        ("2026-10-24T12:00:00", "P1D", "2026-10-25T12:00:00"),
        ("2026-03-30T12:00:00", "-P2D", "2026-03-28T12:00:00"),
        ("2026-01-01T00:00:00", "P1Y2M1W3DT4H", "2027-03-11T04:00:00"),
        ("2026-01-08T00:00:00", "-P1W", "2026-01-01T00:00:00"),
        ("2026-01-01T00:00:00", "PT0.5S", "2026-01-01T00:00:00.5"),
    ],
)
def test_a_moment_plus_a_duration(begin: str, duration: str, end: str) -> None:
    assert iso8601.later(at(begin), duration, "Europe/Berlin") == at(end)


@pytest.mark.parametrize("text", ["", "P", "PT", "P1", "1D", "P1DT", "P1H", "P999999Y", "P99999999999999D"])
def test_what_is_no_duration_or_too_far_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        iso8601.later(0, text, "UTC")


def test_an_interval_that_takes_no_time_never_ends() -> None:
    assert iso8601.after(5, iso8601.later(5, "PT1S", "UTC"), "PT1S") == 1_000_005
    with pytest.raises(ValueError, match="would never end"):
        iso8601.after(5, iso8601.later(5, "PT0S", "UTC"), "PT0S")


@pytest.mark.parametrize("text", ["R/PT1H", "R3/PT1H", "R-1/PT1H", "R3/2026-01-01T00:00:00/PT1H"])
def test_repeating_intervals(text: str) -> None:
    assert iso8601.CYCLE.fullmatch(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2036-11-15", "2036-11-15T00:00:00"),
        ("2036-11-15T11Z", "2036-11-15T11:00:00Z"),
        ("2036-11-15T11:00Z", "2036-11-15T11:00:00Z"),
        ("2036-11-15T11:00", "2036-11-15T11:00:00"),
        ("2036-11-15T24:00", "2036-11-16T00:00:00"),
        ("2036-11-15T11:00:00+01", "2036-11-15T11:00:00+01:00"),
        ("2036-11-15T11:00:00-0330", "2036-11-15T11:00:00-03:30"),
        ("2036-11-15T11:00:00+01:00:30", "2036-11-15T11:00:00+01:00:30"),
        ("2036-11-15T11:00:00,25Z", "2036-11-15T11:00:00.25Z"),
        ("2036-11-15T11:00.5Z", "2036-11-15T11:00:30Z"),
        ("2036-11-15T11,5Z", "2036-11-15T11:30:00Z"),
        ("20361115T110000Z", "2036-11-15T11:00:00Z"),
        ("20361115T1100+0100", "2036-11-15T11:00:00+01:00"),
        ("2036-11-15T11:00@Europe/Berlin", "2036-11-15T11:00:00@Europe/Berlin"),
        ("2036-11-15T11:00[Europe/Berlin]", "2036-11-15T11:00:00@Europe/Berlin"),
        ("2036-01-01T10:00:00+01:00[Europe/Berlin]", "2036-01-01T10:00:00@Europe/Berlin"),
        # The offset tells the instant, as in Java: the clock of the zone shows another hour.
        ("2036-07-01T10:00:00+01:00[Europe/Berlin]", "2036-07-01T11:00:00@Europe/Berlin"),
        ("2036-10-26T02:30:00+01:00[Europe/Berlin]", "2036-10-26T02:30:00+01:00"),
    ],
)
def test_moments_in_the_forms_of_iso_8601(written: str, meant: str) -> None:
    assert iso8601.moment(written) == DateTime.parse(meant)


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("tomorrow", "no date"), ("2036-11-15 11:00", "' 11:00'"), ("2036-11-15T1:00", "'T1:00'"),
        ("2036-11-15T11:00+1", r"'\+1'"), ("2036-11-15T11:00Zulu", "'ulu'"), ("2036-13-15T11:00", "no such month"),
        ("2036-02-30", "has no day 30"), ("2036-11-15T25:00", "25"), ("2036-11-15T11:00+0160", r"\+0160"),
        ("2036-11-15T11:00+01:00[Europe/Berln]", "Europe/Berln"), ("2036-11-15T11:00+19", "18 hours"),
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused_by_its_part(written: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        iso8601.moment(written)


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("PT0.5H", "PT30M"), ("PT1,5H", "PT90M"), ("P0.5D", "PT720M"), ("P1.5W", "P10DT720M"), ("PT1.5M", "PT1M30S"),
        ("PT1H0.5M", "PT1H0M30S"), ("P1DT0,5H", "P1DT30M"), ("-PT0.5H", "-PT30M"), ("PT1,25S", "PT1.25S"),
        ("P1M0.5D", "P1MT720M"), ("P1Y2M3DT4H5M6.5S", "P1Y2M3DT4H5M6.5S"), ("PT0.001H", "PT3.6S"),
    ],
)  # fmt: skip
def test_a_fraction_of_a_part_is_written_in_smaller_ones(written: str, whole: str) -> None:
    assert iso8601.whole(written) == whole
    assert iso8601.later(at("2026-01-01"), written, "UTC") == iso8601.later(at("2026-01-01"), whole, "UTC")


@pytest.mark.parametrize(
    ("written", "why"),
    [("P0.5M", "days"), ("P1,5Y", "days"), ("PT0.5H5M", "last part"), ("P1.5W1D", "last part"), ("PH", "PH")],
)
def test_a_fraction_that_has_no_length_is_refused(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        iso8601.whole(written)


@pytest.mark.parametrize(
    ("interval", "halves"),
    [
        ("PT5M", ("PT5M", "")),
        ("2036-03-11T12:13+01/PT5M", ("2036-03-11T12:13+01", "PT5M")),
        ("2036-01-01T10:00:00+01:00[Europe/Berlin]/P1D", ("2036-01-01T10:00:00+01:00[Europe/Berlin]", "P1D")),
        ("2036-01-01T10:00:00@Europe/Berlin/P1D", ("2036-01-01T10:00:00@Europe/Berlin", "P1D")),
        ("P1D/2036-01-01T10:00[America/Argentina/Salta]", ("P1D", "2036-01-01T10:00[America/Argentina/Salta]")),
        ("P1D[Europe/Berlin]/2036-01-01", ("P1D[Europe/Berlin]", "2036-01-01")),
        ("2036-01-01/2036-01-02", ("2036-01-01", "2036-01-02")),
    ],
)
def test_an_interval_is_cut_beside_the_slash_of_a_zone(interval: str, halves: tuple[str, str]) -> None:
    assert iso8601.halves(interval) == halves
    assert iso8601.is_cycle(f"R2/{interval}")


def test_a_cycle_that_begins_in_a_zone_counts_its_days_there() -> None:
    every = iso8601.repeated("2026-03-28T10:00:00+01:00[Europe/Berlin]", "P1D")
    begin = iso8601.moment("2026-03-28T10:00:00+01:00[Europe/Berlin]").to_micros()
    assert iso8601.later(begin, every, "UTC") == at("2026-03-29T10:00:00")
    assert iso8601.later(begin, "P1D", "UTC") == at("2026-03-29T11:00:00")
    assert iso8601.repeated("2026-03-28T10:00:00", "P1D") == "P1D"


@pytest.mark.parametrize(
    ("begin", "duration", "end"),
    [
        ("2026-10-25T00:30:00Z", "PT1H", "2026-10-25T01:30:00Z"),  # both half past two in Berlin
        ("2026-10-25T01:30:00Z", "PT1H", "2026-10-25T02:30:00Z"),
        ("2026-10-25T01:30:00Z", "P1D", "2026-10-26T01:30:00Z"),
        ("2026-10-25T01:30:00Z", "P6M", "2027-04-25T00:30:00Z"),
        ("2026-10-25T01:30:00Z", "P0D", "2026-10-25T01:30:00Z"),
    ],
)
def test_an_hour_shown_twice_is_left(begin: str, duration: str, end: str) -> None:
    assert iso8601.later(at(begin), duration, "Europe/Berlin") == at(end)
