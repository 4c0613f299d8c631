"""The clocks of a ticket: rounds, pauses, changes read anew, reopening, escalations to the minute."""

from __future__ import annotations

import random

import pytest
from tests.draws import seeds

from anyshore.base.errors import DataError
from anyshore.terms.calendars import Calendar
from anyshore.terms.clocks import HOUR, MINUTE
from anyshore.terms.ticket_clocks import Escalation, Event, Fired, Log, Plan, Reading

MONDAY = 20_423 * 24 * HOUR
"""2025-12-01, 00:00 UTC."""
OFFICE = Calendar(weekly=(((9 * 60, 17 * 60),),) * 5 + ((),) * 2)
PLAN = Plan(
    OFFICE,
    {
        "low": {"first response": 8 * HOUR, "resolution": 16 * HOUR},
        "high": {"first response": HOUR, "update": 2 * HOUR, "resolution": 4 * HOUR},
    },
    {"resolution": frozenset({"waiting"})},
    escalations=(Escalation("resolution", 50, "team lead"), Escalation("resolution", 100, "manager")),
)
AROUND = Plan(Calendar(), PLAN.limits, PLAN.pauses, reopening="restarts", reopen_within=24 * HOUR)


def log(*events: tuple[float, str] | tuple[float, str, str], priority: str = "high", plan: str = "office") -> Log:
    """A log of hours from Monday, and what happened."""
    made = [Event(MONDAY + round(one[0] * HOUR), *one[1:]) for one in events]
    return Log(made, {"office": PLAN, "around": AROUND}, plan=plan, priority=priority)


def of(found: list[Reading], clock: str) -> list[tuple[float, float | None, float, float | None, float | None]]:
    """Start, end, hours used, due and breach of a clock's rounds, in hours from Monday."""
    hours = lambda at: None if at is None else (at - MONDAY) / HOUR  # noqa: E731
    return [
        (hours(one.started), hours(one.ended), one.used / HOUR, hours(one.due), hours(one.breached))
        for one in found
        if one.clock == clock
    ]


def test_three_clocks_run_in_business_hours() -> None:
    found = log((16.5, "opened", "new"), (34, "response")).read(MONDAY + 35 * HOUR)
    assert of(found, "first response") == [(16.5, 34, 1.5, None, 33.5)]
    assert of(found, "update") == [(16.5, 34, 1.5, None, None), (34, None, 1, 36, None)]
    assert of(found, "resolution") == [(16.5, None, 2.5, 36.5, None)]


def test_a_pause_stops_the_clock_it_is_named_for() -> None:
    found = log((9, "opened", "new"), (10, "state", "waiting"), (12, "state", "new")).read(MONDAY + 13 * HOUR)
    assert of(found, "resolution") == [(9, None, 2, 15, None)]
    assert of(found, "first response")[0][2] == 4
    waiting = log((9, "opened", "new"), (10, "state", "waiting")).read(MONDAY + 13 * HOUR)
    assert of(waiting, "resolution") == [(9, None, 1, None, None)]


def test_a_change_of_priority_or_plan_reads_the_history_anew() -> None:
    urgent = log((9, "opened", "new"), (14, "priority", "high"), priority="low")
    assert of(urgent.read(MONDAY + 13 * HOUR), "resolution") == [(9, None, 4, 41, None)]
    assert of(urgent.read(MONDAY + 14 * HOUR), "resolution")[0][4] == 13
    assert of(urgent.read(MONDAY + 13.5 * HOUR), "resolution")[0][4] is None
    moved = log((9, "opened", "new"), (20, "plan", "around")).read(MONDAY + 21 * HOUR)
    assert of(moved, "resolution") == [(9, None, 12, None, 13)]


def test_a_clock_that_stopped_keeps_its_terms() -> None:
    found = log((9, "opened", "new"), (9.5, "response"), (10, "priority", "low")).read(MONDAY + 11 * HOUR)
    assert [one.limit for one in found if one.clock == "first response"] == [HOUR]


def test_reopening_continues_or_restarts_by_the_plan() -> None:
    events = ((9, "opened", "new"), (10, "resolved"), (14, "reopened"))
    assert of(log(*events).read(MONDAY + 15 * HOUR), "resolution") == [(9, None, 2, 17, None)]
    again = log(*events, plan="around").read(MONDAY + 15 * HOUR)
    assert of(again, "resolution") == [(9, 10, 1, None, None), (14, None, 1, 18, None)]
    assert AROUND.reopens(MONDAY, MONDAY + 24 * HOUR)
    assert not AROUND.reopens(MONDAY, MONDAY + 24 * HOUR + 1)
    assert PLAN.reopens(0, MONDAY)


def test_escalations_fire_on_the_minute_and_once() -> None:
    opened = log((9, "opened", "new"), (10, "state", "waiting"), (12, "state", "new"))
    assert opened.fired(MONDAY + 12 * HOUR) == []
    assert [(one.at - MONDAY, one.to) for one in opened.fired(MONDAY + 48 * HOUR)] == [
        (13 * HOUR, "team lead"), (15 * HOUR, "manager"),
    ]  # fmt: skip
    assert opened.next_escalation(MONDAY + 12 * HOUR) == Fired(
        MONDAY + 13 * HOUR, "resolution", 50, "team lead", MONDAY + 9 * HOUR
    )


def test_what_a_change_makes_due_fires_with_the_change() -> None:
    found = log((9, "opened", "new"), (14, "priority", "high"), priority="low").fired(MONDAY + 20 * HOUR)
    assert [(one.at - MONDAY, one.percent) for one in found] == [(14 * HOUR, 50), (14 * HOUR, 100)]


def test_a_resolved_ticket_escalates_no_more() -> None:
    assert log((9, "opened", "new"), (10, "resolved")).fired(MONDAY + 100 * HOUR) == []
    assert log((9, "opened", "new"), (10, "resolved")).next_escalation(MONDAY + 11 * HOUR) is None


@pytest.mark.parametrize(
    "events",
    [
        (),
        ((9, "response"),),
        ((9, "opened"), (10, "opened")),
        ((9, "opened"), (10, "plan", "x")),
        ((9, "opened"), (9, "sung")),
    ],
)
def test_a_log_that_is_none_is_refused(events: tuple[tuple[float, str], ...]) -> None:
    with pytest.raises(DataError, match=r"ticket\."):
        log(*events)


@pytest.mark.parametrize("seed", seeds(40))
def test_a_timer_set_to_the_next_escalation_meets_what_fired(seed: int) -> None:
    """Whoever sleeps until the next escalation, from event to event, is woken for each that fires, and at its time."""
    draw = random.Random(seed)
    times = sorted(draw.sample(range(9 * 60, 80 * 60), 6))
    kinds = [draw.choice(["state", "priority", "response"]) for _ in times[1:]]
    values = {"state": ["new", "waiting"], "priority": ["high", "low"], "response": [""]}
    events = [(times[0] / 60, "opened", "new"), *(
        (at / 60, kind, draw.choice(values[kind])) for at, kind in zip(times[1:], kinds, strict=True)
    )]  # fmt: skip
    ticket = log(*events)
    end = MONDAY + 120 * HOUR
    woken = set()
    for at, after in zip(
        [event.at for event in ticket.events], [*(event.at for event in ticket.events[1:]), end], strict=True
    ):
        so_far = Log(
            [event for event in ticket.events if event.at <= at], {"office": PLAN}, plan="office", priority="high"
        )
        woken |= {(one.at, one.percent) for one in so_far.fired(at)}
        now = at
        while (one := so_far.next_escalation(now)) is not None and one.at < after:
            woken.add((one.at, one.percent))
            now = one.at
            assert now % MINUTE == 0
    assert woken >= {(one.at, one.percent) for one in ticket.fired(end)}
