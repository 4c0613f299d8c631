"""Quiet hours where the person lives."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from anyshore.base.errors import DataError
from anyshore.marketing.quiet import QuietHours, open_from

NIGHT = QuietHours(time(21), time(8))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("now", "zone", "opens"),
    [
        ("2026-03-02T12:00", "Europe/Berlin", "2026-03-02T12:00"),
        ("2026-03-02T20:30", "Europe/Berlin", "2026-03-03T07:00"),
        ("2026-03-02T03:00", "Europe/Berlin", "2026-03-02T07:00"),
        ("2026-03-02T20:30", "America/New_York", "2026-03-02T20:30"),
        ("2026-03-29T00:30", "Europe/Berlin", "2026-03-29T06:00"),  # the clock goes forward in that night
        ("2026-10-25T00:30", "Europe/Berlin", "2026-10-25T07:00"),  # and back in this one
        ("2026-03-02T18:30", "Asia/Kolkata", "2026-03-03T02:30"),
    ],
)
def test_nights_are_those_of_the_person(now: str, zone: str, opens: str) -> None:
    assert open_from([NIGHT], at(now), zone, "email") == at(opens)


def test_days_are_quiet_as_a_whole() -> None:
    sunday = QuietHours(time(22), time(7), days=frozenset({5, 6}))
    assert open_from([sunday], at("2026-03-07T10:00"), "Europe/Berlin", "email") == at("2026-03-09T06:00")


def test_several_rules_follow_each_other() -> None:
    lunch = QuietHours(time(8), time(10))
    assert open_from([NIGHT, lunch], at("2026-03-02T03:00"), "Europe/Berlin", "email") == at("2026-03-02T09:00")


def test_a_channel_may_have_its_own() -> None:
    calls = QuietHours(time(20), time(9), channels=frozenset({"call"}))
    assert open_from([calls], at("2026-03-02T20:30"), "Europe/Berlin", "email") == at("2026-03-02T20:30")
    assert open_from([calls], at("2026-03-02T20:30"), "Europe/Berlin", "call") == at("2026-03-03T08:00")


def test_rules_that_leave_no_time_are_refused() -> None:
    with pytest.raises(DataError):
        QuietHours(time(8), time(8))
    with pytest.raises(DataError):
        QuietHours(time(8), time(9), days=frozenset(range(7)))
    always = [QuietHours(time(8), time(20)), QuietHours(time(20), time(8))]
    with pytest.raises(DataError, match="week"):
        open_from(always, at("2026-03-02T20:30"), "Europe/Berlin", "email")


def test_an_unknown_zone_is_told() -> None:
    with pytest.raises(DataError, match="Mars"):
        open_from([NIGHT], at("2026-03-02T20:30"), "Mars/Base", "email")
