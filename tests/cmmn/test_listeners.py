"""Timers, signals of people, messages (CMMN 1.1, 5.4.2)."""

from __future__ import annotations

import pytest

from anyshore.base.errors import CmmnError, CommandRejected
from anyshore.kernel.commands import Resolve, Retry
from tests.cmmn.cases import HOUR, SECOND, Case


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT1H", HOUR),
        ("P1D", 24 * HOUR),
        ("P1M", 31 * 24 * HOUR),
        ("P2W", 14 * 24 * HOUR),
        ("P1M1DT1H", (32 * 24 + 1) * HOUR),
        ("R2/1970-01-01T05:00:00Z/PT1H", 5 * HOUR),
        ("1970-01-02", 24 * HOUR),
        ("1970-01-01T02:00:00Z", 2 * HOUR),
        ("1970-01-01T02:00:00+01:00", HOUR),
        ("1970-01-01T02:00", 2 * HOUR),
        ("1970-01-01T02:00+01:00", HOUR),
        ('duration("PT30M")', HOUR // 2),
        ("patience", 2 * HOUR),
        ('date("1970-01-02")', 24 * HOUR),
        ('date and time("1970-01-01T03:00:00Z")', 3 * HOUR),
        ('"PT4H"', 4 * HOUR),
    ],
)
def test_a_timer_is_due(text: str, due: int) -> None:
    case = Case(f"items: {{t: {{type: timer, at: '{text}'}}, a: {{type: human, after: t}}}}")
    case.start(patience="PT2H")
    assert case.wait("t", "timer").due == due
    case.do(Resolve(at=due, wait=case.wait("t", "timer").id))
    assert case.open == ["a"]


def test_a_timer_without_a_time_is_an_incident_that_a_repair_mends() -> None:
    case = Case("items: {t: {type: timer, at: patience}, a: {type: human}}")
    case.start()
    assert case.incidents == ["case.timer"]
    assert case.states("t") == ["available"]
    case.do(Retry(at=5, wait=case.wait("t", "incident").id, variables={"patience": "PT1S"}))
    assert case.wait("t", "timer").due == 5 + SECOND
    assert not case.incidents


def test_a_cycle_goes_on_from_when_it_was_due() -> None:
    case = Case("items: {t: {type: timer, at: R3/PT1H}, a: {type: human, after: t, repeat: true}, b: {type: human}}")
    case.start()
    case.do(Resolve(at=HOUR + 600, wait=case.wait("t", "timer").id))
    assert case.wait("t", "timer").due == 2 * HOUR
    case.fire_timers(10 * HOUR)
    assert case.open == ["b", "a", "a", "a"]
    assert case.states("t") == []


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("R3/1970-01-01T02:00:00Z/PT1H", [2, 3, 4]),
        ("R/PT3H/1970-01-01T10:00:00Z", [3, 6, 9]),
        ("R2/PT3H/1970-01-01T10:00:00Z", [3, 6]),
        ("R1/PT3H", [3]),
    ],
)
def test_a_repeating_interval_has_a_beginning_or_an_end(text: str, times: list[int]) -> None:
    case = Case(f"items: {{t: {{type: timer, at: '{text}'}}, m: {{type: milestone, name: M, repeat: true, after: t}}}}")
    case.start()
    seen = []
    while case.waits(kind="timer"):
        wait = case.wait("t", "timer")
        assert wait.due is not None
        seen.append(wait.due // HOUR)
        case.do(Resolve(at=wait.due, wait=wait.id))
        if len(seen) > 5:
            break
    assert seen == times
    assert len(case.milestones) == len(times)


@pytest.mark.parametrize(
    ("text", "days"),
    [("R4/1970-01-31T00:00:00Z/P1M", [30, 58, 89, 119]), ("R3/1969-12-30T00:00:00Z/P1D", [0]), ("R2/P1M", [31, 59])],
)
def test_a_cycle_keeps_the_ends_of_months_and_leaves_out_what_was_before(text: str, days: list[int]) -> None:
    case = Case(f"items: {{t: {{type: timer, at: '{text}'}}, a: {{type: human}}}}")
    case.start()
    seen = []
    while case.waits(kind="timer"):
        wait = case.wait("t", "timer")
        seen.append((wait.due or 0) // (24 * HOUR))
        case.do(Resolve(at=wait.due or 0, wait=wait.id))
    assert seen == days


def test_a_cycle_that_was_over_before_is_an_incident() -> None:
    case = Case("items: {t: {type: timer, at: 'R2/1969-01-01T00:00:00Z/P1D'}, a: {type: human}}")
    case.start()
    assert case.incidents == ["case.timer"]


@pytest.mark.parametrize("text", ["R0/PT1H", "R2/PT1H/PT2H", "R2/soon", "P1", "1970-13-01", "R3/1970-01-01"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(CmmnError, match="is no time"):
        Case(f"items: {{t: {{type: timer, at: '{text}'}}, a: {{type: human}}}}")


def test_a_cycle_without_end_goes_on() -> None:
    case = Case("items: {t: {type: timer, at: R/PT1H}, m: {type: milestone, name: M, repeat: true, after: t}}")
    case.start()
    case.fire_timers(5 * HOUR)
    assert case.milestones == ["M"] * 5
    assert case.states("t") == ["available"]


def test_a_timer_can_count_from_an_event() -> None:
    case = Case("""
        documents: {reply: {}}
        items:
          a: {type: human}
          t: {type: timer, at: PT1H, starts_on: a}
          r: {type: timer, at: PT2H, starts_on: reply}
          b: {type: human, after: t}
    """)
    case.start()
    assert not case.waits(kind="timer")
    case.now = 100
    case.complete("a")
    assert case.wait("t", "timer").due == 100 + HOUR
    case.set(reply="yes")
    assert case.wait("r", "timer").due == 100 + 2 * HOUR


def test_only_its_roles_give_a_signal() -> None:
    case = Case("roles: {boss: Boss, clerk: Clerk}\nitems: {u: {type: user, roles: [boss]}, a: {type: human}}")
    case.start()
    with pytest.raises(CommandRejected, match="boss"):
        case.act("occur", "u", roles=["clerk"])
    case.act("occur", "u", roles=["clerk", "boss"], variables={"said": "yes"})
    assert case.states("u") == []
    assert case.variables["said"] == "yes"


def test_a_message_is_awaited_by_its_key() -> None:
    case = Case("""
        items:
          m: {type: message, message: client.answered, key: reference}
          a: {type: human, after: m}
    """)
    case.start(reference="C-17")
    wait = case.wait("m", "message")
    assert (wait.name, wait.key) == ("client.answered", "C-17")
    case.resolve("m", "message", answer="fine")
    assert case.variables["answer"] == "fine"
    assert case.open == ["a"]


def test_milestones_are_not_reached_by_hand() -> None:
    case = Case("items: {m: {type: milestone, enter: [{if: never}]}}")
    case.start()
    with pytest.raises(CommandRejected, match="criteria"):
        case.act("occur", "m")


def test_a_listener_can_be_ended() -> None:
    case = Case("items: {t: {type: timer, at: PT1H}, a: {type: human}}")
    case.start()
    case.act("terminate", "t")
    assert not case.waits(kind="timer")
    case.complete("a")
    assert case.outcome == "completed"
