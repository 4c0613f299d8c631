"""What a turn means outside the instance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.kernel.toy import ToyEngine

from anyshore.kernel.commands import Cancel, Command, Resolve, Resume, Start, Suspend
from anyshore.kernel.records import Entered, Left, Record, Resumed, Sent, Suspended, VariableSet, WaitClosed, WaitOpened
from anyshore.kernel.records import replay as state_of
from anyshore.kernel.state import State
from anyshore.runtime.effects import Effects, Fact, effects

BEGUN: list[Record] = [Entered(1, "p", None, "active"), Entered(2, "check", 1, "active")]


def after(before: list[Record], records: list[Record], command: Command) -> Effects:
    """The effects of a turn with these records, behind a turn with others."""
    return effects(command, records, state_of([*before, *records], ToyEngine(), "test:1"))


def facts(found: Effects) -> list[tuple[str, dict[str, Any]]]:
    return [(fact.type, fact.data) for fact in found.facts]


def test_a_start_and_the_work_it_opens() -> None:
    records = [*BEGUN, WaitOpened(3, 2, "work", "form", data={"role": "client"}), WaitOpened(4, 2, "timer", due=5)]
    found = after([], records, Start(at=0))
    assert [(wait.id, wait.kind, element) for wait, element in found.opened] == [
        (3, "work", "check"),
        (4, "timer", "check"),
    ]
    assert facts(found) == [
        ("instance.started", {}),
        ("work.opened", {"wait": 3, "element": "check", "party": "client"}),
    ]
    assert found.outcome is None


@pytest.mark.parametrize(
    ("variables", "more"),
    [
        ({}, {}),
        ({"minutes": Decimal("7.5")}, {"billing": "hourly", "minutes": Decimal("7.5")}),
        ({"minutes": True}, {}),
        ({"minutes": "7"}, {}),
    ],
)
def test_completed_work_names_who_did_it_and_how_long(variables: dict[str, Any], more: dict[str, Any]) -> None:
    command = Resolve(at=1, by="ada", wait=3, variables=variables)
    found = after([*BEGUN, WaitOpened(3, 2, "work")], [WaitClosed(3, "work")], command)
    assert found.closed == [3]
    assert facts(found) == [("work.completed", {"wait": 3, "performer": "ada", **more})]


def test_work_that_is_taken_back_is_no_performance() -> None:
    found = after([*BEGUN, WaitOpened(3, 2, "work")], [WaitClosed(3, "work")], Resolve(at=1, by="ada", wait=9))
    assert facts(found) == [("work.completed", {"wait": 3, "withdrawn": True})]


@pytest.mark.parametrize("kind", ["work", "incident", "child", "timer"])
def test_what_opens_and_closes_within_a_turn_was_never_there(kind: str) -> None:
    found = after(BEGUN, [WaitOpened(3, 2, kind), WaitClosed(3, kind)], Resolve(at=1, wait=9))
    assert found == Effects()


def test_a_call_that_nobody_waits_for_any_more_is_abandoned_and_a_call_that_came_back_is_not() -> None:
    before = [*BEGUN, WaitOpened(3, 2, "child"), WaitOpened(4, 2, "child")]
    found = after(before, [WaitClosed(3, "child"), WaitClosed(4, "child")], Resolve(at=1, wait=4))
    assert (found.closed, found.abandoned) == ([3, 4], [3])


def test_what_is_started_and_not_waited_for_says_where() -> None:
    began = Sent(2, "start", "process:p")
    gone = after(BEGUN, [began, Left(2, "task", "completed")], Resolve(at=1, wait=9))
    assert gone.begun == [(began, "task")], "as its record says"
    stays = after(BEGUN, [began], Resolve(at=1, wait=9))
    assert stays.begun == [(began, "check")]


def test_mail_is_carried_and_an_announcement_is_a_fact() -> None:
    mail = [Sent(2, kind, "x") for kind in ("message", "signal", "escalation")]
    found = after(BEGUN, [*mail, Sent(2, "milestone", "Signed", data={"id": "m"})], Resolve(at=1, wait=9))
    assert found.sent == mail
    assert found.facts == [Fact("milestone.reached", {"name": "Signed", "id": "m"})]


def test_standing_still_and_going_on() -> None:
    assert after(BEGUN, [Suspended()], Suspend(at=1, by="ada")).suspended is True
    assert after([*BEGUN, Suspended()], [Resumed()], Resume(at=2)).suspended is False
    assert after(BEGUN, [], Resolve(at=1, wait=9)).suspended is None


def test_an_end_tells_the_outcome_the_definition_gave_and_the_shore() -> None:
    end: list[Record] = [Left(2, "check", "done"), Left(1, "p", "completed")]
    found = after(
        BEGUN, [VariableSet(1, "outcome", "booked"), VariableSet(1, "shore", "nearshore"), *end], Resolve(at=1, wait=9)
    )
    assert found.outcome == "completed"
    assert facts(found) == [("instance.completed", {"outcome": "booked", "end": "completed", "shore": "nearshore"})]
    assert facts(after(BEGUN, end, Resolve(at=1, wait=9))) == [
        ("instance.completed", {"outcome": "completed", "end": "completed"})
    ]
    assert facts(after(BEGUN, end, Cancel(at=1, by="ada", reason="why"))) == [
        ("instance.cancelled", {"reason": "why", "by": "ada"})
    ]


def test_nothing_happened() -> None:
    assert effects(Resolve(at=1, wait=9), [], State()) == Effects()
