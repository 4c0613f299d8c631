"""Timers in all the forms that ISO 8601 and Camunda 8 write."""

from __future__ import annotations

import pytest

from anyshore.base.temporal import DateTime
from anyshore.bpmn import timers
from anyshore.bpmn.timers import Timer
from anyshore.kernel.counting import Counting
from anyshore.kernel.turn import NoCalendars

NOW = DateTime.parse("2036-01-01T00:00:00Z").to_micros()


def dues(kind: str, text: str, zone: str = "UTC") -> list[str]:
    """When a timer is due, all its times, in UTC."""
    assert timers.is_literal(text)
    assert timers.problem(kind, text) is None

    def nothing(_expression: object) -> None:
        raise AssertionError("it is no expression")

    found = timers.schedule(Timer(kind, text), NOW, zone, NoCalendars(), nothing)
    times = []
    while found is not None:
        times.append(str(DateTime.from_micros(found.due)))
        found = timers.following(timers.stored(found), found.due, Counting(zone))
    return times


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("date", "2036-11-15T11:00Z", ["2036-11-15T11:00:00Z"]),
        ("date", "2036-11-15T12:00+01", ["2036-11-15T11:00:00Z"]),
        ("date", "2036-11-15T12:00:00,5+0100", ["2036-11-15T11:00:00.5Z"]),
        ("date", "20361115T120000+01", ["2036-11-15T11:00:00Z"]),
        ("date", "2036-11-15T12:00:00+01:00[Europe/Berlin]", ["2036-11-15T11:00:00Z"]),
        ("duration", "PT0.5H", ["2036-01-01T00:30:00Z"]),
        ("duration", "P0,5D", ["2036-01-01T12:00:00Z"]),
        ("cycle", "R2/2036-03-11T12:13+01/PT5M", ["2036-03-11T11:13:00Z", "2036-03-11T11:18:00Z"]),
        ("cycle", "R2/PT1,5M", ["2036-01-01T00:01:30Z", "2036-01-01T00:03:00Z"]),
        (
            "cycle",
            "R2/2036-01-01T10:00:00+01:00[Europe/Berlin]/P1D",
            ["2036-01-01T09:00:00Z", "2036-01-02T09:00:00Z"],
        ),
        # Its days are those of the zone it names, also where the clock goes forward there.
        (
            "cycle",
            "R2/2036-03-29T10:00:00+01:00[Europe/Berlin]/P1D",
            ["2036-03-29T09:00:00Z", "2036-03-30T08:00:00Z"],
        ),
    ],
)
def test_a_timer_is_due(kind: str, text: str, expected: list[str]) -> None:
    assert dues(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text", "part"),
    [
        ("date", "2036-11-15T12:00+1", "'+1'"),
        ("date", "2036-11-15T12:00[Europe/Berln]", "Europe/Berln"),
        ("cycle", "R2/2036-01-01T10:00:00+01:00[Europe/Berln]/P1D", "Europe/Berln"),
        ("duration", "P0.5M", "0.5M"),
    ],
)
def test_what_is_wrong_with_a_timer_is_named_by_its_part(kind: str, text: str, part: str) -> None:
    assert part in (timers.problem(kind, text) or "")
