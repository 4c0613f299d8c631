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
    assert iso8601.next_time(5, "PT1S", "UTC") == 1_000_005
    with pytest.raises(ValueError, match="would never end"):
        iso8601.next_time(5, "PT0S", "UTC")


@pytest.mark.parametrize("text", ["R/PT1H", "R3/PT1H", "R-1/PT1H", "R3/2026-01-01T00:00:00/PT1H"])
def test_repeating_intervals(text: str) -> None:
    assert iso8601.CYCLE.fullmatch(text)
