"""When timers are due."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from anyshore.bpmn import timers
from anyshore.bpmn.timers import Timer
from anyshore.kernel.commands import Resolve, Start
from anyshore.kernel.counting import Counting
from anyshore.kernel.turn import NoCalendars
from tests.bpmn.models import log, process, run, trace
from tests.harness import Instance

NONE = NoCalendars()


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1_000_000)


NOW = at("2026-03-28T12:00:00+00:00")


def due(kind: str, text: str, zone: str = "UTC") -> str:
    found = timers.schedule(Timer(kind, text), NOW, zone, NONE, lambda _: None)
    assert found is not None
    return datetime.fromtimestamp(found.due / 1_000_000, UTC).isoformat()


@pytest.mark.parametrize(
    ("kind", "text", "zone", "expected"),
    [
        ("duration", "PT5S", "UTC", "2026-03-28T12:00:05+00:00"),
        ("duration", "PT0.5S", "UTC", "2026-03-28T12:00:00.500000+00:00"),
        ("duration", "P1DT2H", "UTC", "2026-03-29T14:00:00+00:00"),
        ("duration", "P1M", "UTC", "2026-04-28T12:00:00+00:00"),
        ("duration", "P1Y2M3DT4H", "UTC", "2027-05-31T16:00:00+00:00"),
        ("duration", "P2W", "UTC", "2026-04-11T12:00:00+00:00"),
        ("duration", "P1M", "Europe/Berlin", "2026-04-28T11:00:00+00:00"),
        ("date", "2026-05-01T10:00:00Z", "UTC", "2026-05-01T10:00:00+00:00"),
        ("date", "2026-05-01T10:00:00+02:00", "UTC", "2026-05-01T08:00:00+00:00"),
        ("date", "2026-05-01T10:00:00", "Europe/Berlin", "2026-05-01T08:00:00+00:00"),
        ("date", "2026-05-01", "Europe/Berlin", "2026-04-30T22:00:00+00:00"),
        ("cycle", "R3/PT10S", "UTC", "2026-03-28T12:00:10+00:00"),
        ("cycle", "R/2026-04-01T00:00:00Z/P1D", "UTC", "2026-04-01T00:00:00+00:00"),
        ("cycle", "R3/2026-04-01T00:00:00Z/2026-04-01T01:30:00Z", "UTC", "2026-04-01T00:00:00+00:00"),
    ],
)
def test_due(kind: str, text: str, zone: str, expected: str) -> None:
    assert due(kind, text, zone) == expected


@pytest.mark.parametrize("text", ["R3/PT10S", "R/PT1H", "R-1/P1D", "PT5S", "P1Y", "2026-01-01", "2026-01-01T00:00:00Z"])
def test_literals_are_told_from_expressions(text: str) -> None:
    assert timers.is_literal(text)


@pytest.mark.parametrize("text", ["deadline", 'duration("PT5S")', "P", "R3", "now() + x", ""])
def test_expressions_are_no_literals(text: str) -> None:
    assert not timers.is_literal(text)


def rounds(timer: Timer, now: int = NOW, zone: str = "UTC", most: int = 100) -> list[int]:
    """When a cycle is due, as far as it goes."""
    times: list[int] = []
    found = timers.schedule(timer, now, zone, NONE, lambda _: None)
    while found is not None and len(times) < most:
        times.append(found.due)
        found = timers.following(timers.stored(found), found.due, Counting(zone, "", NONE))
    return times


def days(text: str, now: str, zone: str = "UTC", most: int = 100) -> list[str]:
    found = rounds(Timer("cycle", text), at(now), zone, most)
    return [datetime.fromtimestamp(time / 1_000_000, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") for time in found]


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("R4/2026-01-31T10:00:00Z/P1M", "2026-01-15T12:00:00Z",
         ["2026-01-31T10:00", "2026-02-28T10:00", "2026-03-31T10:00", "2026-04-30T10:00"]),
        ("R3/P1M", "2026-10-31T08:00:00Z", ["2026-11-30T08:00", "2026-12-31T08:00", "2027-01-31T08:00"]),
        ("R3/2024-02-29T00:00:00Z/P1Y", "2024-01-01T00:00:00Z",
         ["2024-02-29T00:00", "2025-02-28T00:00", "2026-02-28T00:00"]),
        ("R3/2026-01-31T00:00:00Z/P1M1D", "2026-01-01T00:00:00Z",
         ["2026-01-31T00:00", "2026-03-01T00:00", "2026-04-02T00:00"]),
    ],
)  # fmt: skip
def test_the_ends_of_months_stay(text: str, now: str, expected: list[str]) -> None:
    assert days(text, now) == expected


def test_the_hour_of_a_daily_cycle_stays_when_clocks_change() -> None:
    found = days("R4/2026-03-28T02:30:00/P1D", "2026-03-01T00:00:00Z", "Europe/Berlin")
    assert [text[11:] for text in found] == ["02:30", "03:30", "02:30", "02:30"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R/2025-01-01T08:00:00Z/P1D", ["2026-01-16T08:00", "2026-01-17T08:00"]),
        ("R/1970-01-01T00:00:00Z/PT1S", ["2026-01-15T12:00", "2026-01-15T12:00"]),
        ("R/2025-01-15T12:00:00Z/P1Y", ["2026-01-15T12:00", "2027-01-15T12:00"]),
        ("R5/2026-01-12T08:00:00Z/P1D", ["2026-01-16T08:00"]),
        ("R2/2025-01-01T08:00:00Z/P1D", []),
        ("R1/2025-01-01T08:00:00Z/P1D", []),
        ("R/PT1H/2026-01-15T12:30:00Z", []),
    ],
)
def test_what_was_due_before_it_began_is_left_out(text: str, expected: list[str]) -> None:
    assert days(text, "2026-01-15T12:00:00Z", most=2) == expected


REMINDED = (
    '<startEvent id="a"/><userTask id="b"/><boundaryEvent id="x" attachedToRef="b" cancelActivity="false">'
    "<timerEventDefinition><timeCycle>{}</timeCycle></timerEventDefinition></boundaryEvent>" + log("c")
)


def test_a_reminder_whose_times_have_passed_is_not_given() -> None:
    instance = run(REMINDED.format("R2/1969-01-01T00:00:00Z/P1D"), "a -> b\nx -> c")
    assert not instance.waits("b", "timer")
    instance.resolve("b")
    assert trace(instance) == []


def test_what_an_outage_missed_drains_in_order() -> None:
    instance = run(REMINDED.format("R4/1970-01-02T00:00:00Z/P1D"), "a -> b\nx -> c")
    late = at("1970-02-01T00:00:00+00:00")
    due = []
    while instance.waits("b", "timer"):
        due.append(instance.wait("b", "timer").due)
        instance.resolve("b", "timer", at=late)
    assert due == [day * 86_400_000_000 for day in (1, 2, 3, 4)]
    assert trace(instance) == ["c"] * 4


def test_a_cycle_in_the_way_whose_times_have_passed_is_told() -> None:
    instance = run(
        '<startEvent id="a"/><intermediateCatchEvent id="x"><timerEventDefinition><timeCycle>'
        "R2/1969-01-01T00:00:00Z/P1D</timeCycle></timerEventDefinition></intermediateCatchEvent>", "a -> x",
    )  # fmt: skip
    assert "last time was before it began" in instance.wait("p", "incident").data["message"]


def test_cycle_with_an_end() -> None:
    timer = Timer("cycle", "R/PT10S/2026-03-28T12:00:25Z")
    assert [(time - NOW) // 1_000_000 for time in rounds(timer)] == [10, 20]


def test_a_cycle_from_one_moment_to_another_repeats_what_lies_between() -> None:
    timer = Timer("cycle", "R3/2026-04-01T00:00:00Z/2026-04-01T01:30:00Z")
    first, second, third = rounds(timer)
    assert (second - first, third - second) == (90 * 60 * 1_000_000, 90 * 60 * 1_000_000)


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("cycle", "R3/PT0S", "would never end"),
        ("cycle", "R/-PT5S", "would never end"),
        ("cycle", "R3/2026-04-01T01:00:00Z/2026-04-01T00:00:00Z", "would never end"),
        ("duration", "P999999Y", "further away"),
        ("date", "999999-01-01T00:00:00Z", "further away"),
    ],
)
def test_what_no_clock_can_do(kind: str, text: str, why: str) -> None:
    assert why in (timers.problem(kind, text) or "")


def test_a_cycle_of_business_days_takes_time() -> None:
    assert timers.problem("cycle", "R3/P1D", "office") is None


def test_intermediate_cycle_sends_a_token_each_time() -> None:
    instance = run(
        '<startEvent id="a"/><intermediateCatchEvent id="x"><timerEventDefinition><timeCycle>R3/PT1S</timeCycle>'
        "</timerEventDefinition></intermediateCatchEvent>" + log("b"), "a -> x\nx -> b",
    )  # fmt: skip
    for second in (1, 2, 3):
        assert instance.outcome is None
        instance.resolve("x", "timer", at=second * 1_000_000)
        assert len(trace(instance)) == second
    assert instance.outcome == "completed"


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("timeDuration", "wait", 90),
        ("timeDuration", 'duration("PT" + string(n) + "M")', 120),
        ("timeDate", 'date and time("1970-01-01T00:05:00Z")', 300),
        ("timeDate", "now() + wait", 90),
        ("timeCycle", '"R2/PT" + string(n) + "S"', 2),
    ],
)
def test_timers_from_feel(tag: str, text: str, expected: int) -> None:
    instance = run(
        f'<startEvent id="a"/><intermediateCatchEvent id="x"><timerEventDefinition><{tag}>{text}</{tag}>'
        "</timerEventDefinition></intermediateCatchEvent>", "a -> x", n=2, wait=_minute_and_a_half(),
    )  # fmt: skip
    assert instance.wait("x", "timer").due == expected * 1_000_000


def _minute_and_a_half() -> object:
    from anyshore.base.temporal import DaysDuration

    return DaysDuration.of(seconds=90)


def test_a_timer_without_a_date_is_an_incident() -> None:
    instance = run(
        '<startEvent id="a"/><userTask id="b"/><boundaryEvent id="x" attachedToRef="b"><timerEventDefinition>'
        "<timeDate>deadline</timeDate></timerEventDefinition></boundaryEvent>", "a -> b", deadline="soon",
    )  # fmt: skip
    assert instance.wait("b", "incident").name == "bpmn.bad-timer"
    assert instance.wait("b", "work")


def test_dates_are_read_in_the_zone_of_the_command() -> None:
    definition = process(
        '<startEvent id="a"/><intermediateCatchEvent id="x"><timerEventDefinition>'
        "<timeDate>2026-05-01T10:00:00</timeDate></timerEventDefinition></intermediateCatchEvent>", "a -> x",
    )  # fmt: skip
    from anyshore.bpmn import BpmnEngine

    instance = Instance(BpmnEngine(), definition)
    instance.do(Start(at=NOW, zone="America/New_York"))
    wait = instance.wait("x", "timer")
    assert wait.due == at("2026-05-01T14:00:00+00:00")
    instance.do(Resolve(at=wait.due, wait=wait.id))
    assert instance.outcome == "completed"


def test_a_timer_start_tells_when_it_is_due() -> None:
    definition = process(
        '<startEvent id="a"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition></startEvent>'
        + log("b"),
        "a -> b",
    )  # fmt: skip
    (found,) = definition.starts
    assert found.timer is not None
    first = timers.schedule(found.timer, 0, "UTC", NONE, lambda _: None)
    assert first is not None
    assert first.due == 3_600_000_000
